"""The command, driven in this process and as a process of its own."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest

from desk.__main__ import main


@dataclass(frozen=True)
class Ran:
    """How a run of the command ended and what it printed."""

    status: int
    out: str
    err: str


@pytest.fixture
def desk(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Return a function that runs the command in this process; `typed` is what stands on its standard input."""

    def run(*words: str, typed: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed), encoding="utf-8"))
        capsys.readouterr()
        status = main(words)
        printed = capsys.readouterr()
        return Ran(status, printed.out, printed.err)

    return run


@pytest.fixture
def desk_process() -> Callable[..., Ran]:
    """Return a function that runs the command as a process of its own, its output always read as UTF-8."""

    def run(*words: str, typed: bytes = b"", environment: Mapping[str, str] | None = None) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "desk", *words],
            input=typed,
            capture_output=True,
            env={**os.environ, **(environment or {})},
            check=False,
        )
        return Ran(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))

    return run
