"""`desk outbox` and `desk province acknowledge`: what waits, and the province's word over the phone."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Desk = Callable[..., Any]
FRIDAY = "2026-03-13T17:00"


@pytest.fixture
def closed(centre: Any) -> Any:
    """Return a centre whose Thursday and Friday are closed and wait."""
    centre.now = "2026-03-13T09:00"
    centre.take()
    centre.now = FRIDAY
    centre.json("close")
    return centre


@pytest.fixture
def office(closed: Any, desk: Desk, tmp_path: Path) -> tuple[str, ...]:
    """Return the words that name a province which has both files, and whose key the centre has."""
    words = ("--data", str(tmp_path / "province"), "--now", FRIDAY)
    (tmp_path / "unit.pub").write_text(closed("key", "show").out, encoding="utf-8")
    assert desk("province", "init", "--practice", *words).status == 0
    assert desk("province", "enrol", "18229", "--key", str(tmp_path / "unit.pub"), *words).status == 0
    assert desk("province", "ingest", str(closed.folder / "outbox"), *words).status == 0
    shutil.copy(tmp_path / "province" / "province.pub", closed.folder)
    for receipt in (closed.folder / "outbox").glob("*.receipt"):
        receipt.unlink()
    return words


def test_what_waits_is_listed(closed: Any) -> None:
    found = closed.json("outbox")
    assert [(item["seq"], item["state"], item["tries"], item["heard"]) for item in found] == [
        (2, "sealed", 0, None),
        (1, "sealed", 0, None),
    ]
    assert found[0]["sealed_at"] == "2026-03-13T17:00+07:00"
    page = closed("outbox").out
    assert "Tệp số 2 ngày 13/03/2026" in page
    assert "Lần tới" in page


def test_a_code_goes_from_one_command_to_the_other(closed: Any, desk: Desk, office: tuple[str, ...]) -> None:
    codes = json.loads(desk("province", "acknowledge", "18229", "--json", *office).out)
    assert [(each["seq"], each["status"], each["reason"]) for each in codes] == [
        (1, "merged", None),
        (2, "merged", None),
    ]
    day = desk("province", "acknowledge", "18229", "--date", "2026-03-13", *office)
    assert day.out == f"ngày 13/03/2026 số 2: đã nhận · đọc mã: {codes[1]['code']}\n"
    noted = closed.json("outbox", "--heard", codes[1]["code"].replace(" ", "-"))
    assert noted == {
        "date": "2026-03-13",
        "seq": 2,
        "sha256": codes[1]["receipt_for"],
        "heard": "merged",
        "again": False,
    }
    ran = closed("outbox", "--heard", codes[1]["code"])
    assert (ran.status, "đã nhận tệp số 2" in ran.out) == (0, True)
    (second, first) = closed.json("outbox")
    assert (second["state"], second["heard"], first["heard"]) == ("sealed", "merged", None)
    assert closed.json("journal", "verify") == {"holds": True}


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize(
    ("typed", "reason", "said"),
    [("1234 5678 9012", "misheard", "Nhóm"), ("12", "misheard", "12 số"), ("hai ba", "misheard", "chữ số")],
)
def test_a_code_that_is_none_is_refused_in_one_line(closed: Any, typed: str, reason: str, said: str) -> None:
    ran = closed("outbox", "--heard", typed, "--json")
    assert (ran.status, json.loads(ran.out)["reason"], ran.err.count("\n")) == (1, reason, 1)
    assert said in ran.err


def test_a_code_of_another_file_is_of_none_here(closed: Any) -> None:
    from desk.daily.sshsig import SigningKey
    from desk.rules.spoken import spoken

    key = SigningKey.from_seed(bytes(32)).public.line("province")
    assert json.loads(closed("outbox", "--heard", spoken(7), "--json").out)["reason"] == "no_province_key"
    (closed.folder / "province.pub").write_text(key + "\n")
    assert json.loads(closed("outbox", "--heard", spoken(7), "--json").out)["reason"] == "of_no_file"


def test_the_province_says_what_it_has_not(desk: Desk, office: tuple[str, ...]) -> None:
    ran = desk("province", "acknowledge", "18229", "--date", "2026-03-11", *office)
    assert (ran.status, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert desk("province", "acknowledge", "00004", *office).status == 2
    assert desk("province", "acknowledge", "18229", "--date", "soon", *office).status == 2
