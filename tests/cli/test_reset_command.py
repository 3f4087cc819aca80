"""`desk reset`, `desk province accept-reset` and `refuse-reset`, as they are typed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import CentreAt, Ran

FRIDAY, MONDAY, TUESDAY = "2026-03-13T17:00", "2026-03-16T17:00", "2026-03-17T08:00"


@dataclass
class Sides:
    """A centre that was restored to Friday, and its province, which has Monday."""

    centre: CentreAt
    folder: Path

    def province(self, *words: str) -> Ran:
        return self.centre.run("province", *words, "--data", str(self.folder), "--now", "2026-03-17T18:00")

    def answer(self, *words: str) -> Any:
        ran = self.province(*words, "--json")
        assert (ran.status, ran.err) == (0, ""), ran
        return json.loads(ran.out)


@pytest.fixture
def sides(centre: CentreAt, tmp_path: Path) -> Sides:
    both = Sides(centre, tmp_path / "tinh")
    assert both.province("init", "--practice").status == 0
    key = tmp_path / "18229.pub"
    key.write_text(centre("key", "show").out, encoding="utf-8")
    assert both.province("enrol", "18229", "--key", str(key)).status == 0
    centre.now = "2026-03-13T09:00"
    centre.take()
    centre("close", now=FRIDAY)
    kept = tmp_path / "kept.db"
    shutil.copy(centre.folder / "desk.db", kept)
    centre.now = "2026-03-16T09:00"
    centre.take()
    centre("close", now=MONDAY)
    centre("sync", now=MONDAY)
    both.province("ingest", str(centre.stick))
    for path in centre.folder.glob("desk.db*"):
        path.unlink()
    shutil.copy(kept, centre.folder / "desk.db")
    centre.now = TUESDAY
    return both


def test_what_was_lost_is_said_and_nothing_is_closed(sides: Sides) -> None:
    ran = sides.centre("reset")
    assert ran.status == 1
    assert "còn đến tệp số 2, trong khi đã có đến tệp số 3" in ran.out
    assert "Mất tệp số 3 ngày 16/03/2026" in ran.out
    assert "desk reset --reason" in ran.err
    closed = sides.centre("close", "--json")
    assert (closed.status, json.loads(closed.out)["reason"]) == (1, "reset_needed")


def test_both_sides_name_the_same(sides: Sides) -> None:
    sealed = sides.centre.json("reset", "--reason", "ổ đĩa hỏng")
    assert (sealed["seq"], [each["seq"] for each in sealed["lost"]["files"]]) == (4, [3])
    sides.centre("sync")
    sides.province("ingest", str(sides.centre.stick))
    ran = sides.province("accept-reset", "18229")
    assert ran.status == 1
    assert "xin nối lại từ số 4, lập ngày 17/03/2026: ổ đĩa hỏng" in ran.out
    assert "Chênh lệch tồn: tệp cuối còn 2, đơn vị mang sang 1." in ran.out
    assert "BÁO ĐỘNG: đơn vị xin nối lại từ số 4" in sides.province("status").out
    accepted = sides.answer("accept-reset", "18229", "--yes")
    assert (accepted["status"], accepted["lost_files"]) == ("accepted", sealed["lost"]["files"])
    assert sides.province("accept-reset", "18229", "--yes").status == 1
    sides.province("ingest", str(sides.centre.stick))
    assert [(each["seq"], each["state"]) for each in sides.centre.json("sync")][-1] == (4, "confirmed")
    assert sides.centre("reset").status == 0
    report = sides.answer("report", "--from", "2026-03-12", "--to", "2026-03-17")
    assert [(each["stock_before"], each["stock_after"]) for each in report["resets"]] == [(2, 1)]


def test_the_province_refuses(sides: Sides) -> None:
    sides.centre("reset", "--reason", "ổ đĩa hỏng")
    sides.centre("sync")
    sides.province("ingest", str(sides.centre.stick))
    assert sides.province("refuse-reset", "18229", "--reason", " ").status == 2
    refused = sides.answer("refuse-reset", "18229", "--reason", "hỏi lại")
    assert (refused["status"], refused["note"]) == ("refused", "hỏi lại")


@pytest.mark.parametrize(("pin", "status"), [("270491", 0), ("111222", 1), ("", 1)])
def test_a_pin_is_the_head_s_own(sides: Sides, pin: str, status: int) -> None:
    assert sides.centre("officer", "reset", "1", typed=b"270491\n").status == 0
    assert sides.centre("reset", "--reason", "ổ đĩa hỏng", typed=f"{pin}\n".encode()).status == status


def test_a_whole_record_needs_none(centre: CentreAt) -> None:
    ran = centre("reset")
    assert (ran.status, ran.err) == (0, "")
    assert centre("reset", "--reason", "thử").status == 1
    declared = centre("reset", "--restored")
    assert (declared.status, "0 đã có" in declared.out) == (1, False)
    assert centre("reset", "--reason", "máy mới").status == 0


def test_a_unit_without_a_reset(sides: Sides, desk: Callable[..., Ran]) -> None:  # noqa: ARG001
    assert sides.province("accept-reset", "18229").status == 1
    assert sides.province("accept-reset", "00004").status == 2
