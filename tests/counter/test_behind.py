"""The dossiers behind the figures of II.06a: their shares add up to every figure of every row."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest

from db.vocabulary import Act, Channel
from desk.counter.model import Figure
from desk.counter.service import Counter
from desk.rules.report import FIRST_COLUMN, LAST_COLUMN
from tests.counter.desk_fixture import BIRTH, MARITAL, Desk, open_desk
from tests.counter.history import History
from tests.counter.test_histories import STARTS

EVER = date(2025, 1, 1), date(2099, 1, 1)


def assert_adds_up(counter: Counter, first: date, last: date) -> int:
    """Hold every figure of a report against its dossiers; return how many dossiers were seen."""
    report, seen = counter.report(first, last), 0
    for field, line in (*report.rows, (None, report.total)):
        for column in range(FIRST_COLUMN, LAST_COLUMN + 1):
            found = counter.behind(Figure(first, last, column, field))
            assert found.figure == line.columns[column - FIRST_COLUMN], (field, column)
            seen += len(found.rows)
    return seen


def test_a_figure_names_its_dossiers(desk: Desk) -> None:
    online = desk.receive(MARITAL, "Đỗ Đức Mạnh", channel=Channel.ONLINE)
    desk.receive(BIRTH, "Lê Đức Thọ")
    desk.close()
    desk.clock.set("2026-03-20T09:00")
    desk.act(online.code, Act.FINISH)
    desk.close()
    first, last = date(2026, 3, 1), date(2026, 3, 31)

    def names(column: int, first: date = first) -> list[str]:
        return [row.applicant for row in desk.counter.behind(Figure(first, last, column, "Hộ tịch")).rows]

    assert names(3) == ["Lê Đức Thọ", "Đỗ Đức Mạnh"]
    assert names(4) == ["Đỗ Đức Mạnh"]
    assert names(10) == ["Đỗ Đức Mạnh"]
    assert names(13) == ["Lê Đức Thọ"]
    assert names(6) == []
    # From the second file on, both were there before.
    assert names(6, date(2026, 3, 19)) == ["Lê Đức Thọ", "Đỗ Đức Mạnh"]
    assert desk.counter.behind(Figure(first, last, 3, "Đất đai")).rows == ()
    assert assert_adds_up(desk.counter, first, last) > 0


def test_what_was_corrected_counts_as_often_as_the_report_says(desk: Desk) -> None:
    gone, again = desk.receive(MARITAL, "Trần Thị Bình"), desk.receive(MARITAL, "Lê Đức Thọ")
    desk.act(again.code, Act.FINISH)
    desk.close()
    desk.clock.set("2026-03-16T09:00")
    desk.act(gone.code, Act.VOID, reason="nhập nhầm")
    desk.act(again.code, Act.UNDO, reason="ký nhầm")
    desk.close()
    desk.clock.set("2026-03-17T09:00")
    desk.act(again.code, Act.FINISH)
    desk.close()
    before = desk.counter.behind(Figure(*EVER, 6, "Hộ tịch"))
    assert {row.applicant: before.shares.get(row.id, 1) for row in before.rows} == {
        "Trần Thị Bình": -1,
        "Lê Đức Thọ": 1,
    }
    assert before.figure == 0
    ended = desk.counter.behind(Figure(*EVER, 7, "Hộ tịch"))
    assert ([row.applicant for row in ended.rows], ended.figure) == (["Lê Đức Thọ"], 2)
    assert_adds_up(desk.counter, *EVER)


@pytest.mark.parametrize("seed", range(7000, 7012))
def test_shares_add_up_in_random_histories(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    start = rng.choice(STARTS)
    history = History(open_desk(tmp_path / "desk.db", now=start, opened=start), rng)
    try:
        history.run(24)
        history.close()
        days = [file.day for file in history.desk.files()]
        assert_adds_up(history.desk.counter, *EVER)
        if len(days) > 1:
            assert_adds_up(history.desk.counter, days[1], days[-1])
            assert_adds_up(history.desk.counter, days[0], days[-2])
    finally:
        history.desk.records.close()
