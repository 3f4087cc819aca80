"""Every reason code has its own Vietnamese sentence."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from collections.abc import Callable
from enum import StrEnum
from typing import Any

import pytest

from desk.daily.files import FileFault
from desk.daily.reasons import Refusal
from desk.daily.sentences import fault_sentence, file_sentence, imbalance_sentence, refusal_sentence
from desk.rules.tally import FaultKind, ImbalanceKind


@pytest.mark.parametrize(
    ("reasons", "sentence"),
    [
        (Refusal, refusal_sentence),
        (FileFault, file_sentence),
        (ImbalanceKind, imbalance_sentence),
        (FaultKind, fault_sentence),
    ],
)
def test_each_reason_has_its_own_sentence(reasons: type[StrEnum], sentence: Callable[[Any], str]) -> None:
    said = [sentence(reason) for reason in reasons]
    assert len(set(said)) == len(said)
    for text in said:
        assert text.endswith(".")
        assert unicodedata.is_normalized("NFC", text)


def test_reading_the_package_loads_nothing_heavy() -> None:
    code = (
        "import sys, desk.daily.build, desk.daily.receipt, desk.daily.files, desk.daily.sentences\n"
        "heavy = {'cryptography', 'fastjsonschema', 'rfc8785', 'sqlmodel', 'sqlalchemy', 'textual', 'rich'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "[]"
