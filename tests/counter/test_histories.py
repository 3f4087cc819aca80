"""Hundreds of random histories: rows are their events, every close balances, and two ways of counting agree."""

from __future__ import annotations

import random
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from db.vocabulary import Act
from desk.counter import closing
from desk.daily.model import DailyFile
from desk.rules import tally
from tests.counter.desk_fixture import Desk, open_desk
from tests.counter.history import NOBODY, History, counted, recount

HISTORIES, CHUNK = 500, 25
STARTS = ("2026-03-12T09:00", "2026-04-23T08:00", "2026-08-20T16:30", "2026-12-29T10:00", "2026-03-14T10:00")


def assert_files(history: History) -> None:
    """Check that the sealed files tile the journal and say what the rows showed at their ends."""
    desk = history.desk
    files = desk.files()
    dailies = [closing.daily_of(file) for file in files]
    assert [file.seq for file in files] == list(range(1, len(files) + 1))
    assert not files or files[0].journal_from == 0
    for before, after in pairwise(files):
        assert before.journal_to == after.journal_from <= after.journal_to
        assert before.day <= after.day
        assert before.as_of <= after.as_of
    stock: dict[str, int] = {}
    prev = None
    for file, daily in zip(files, dailies, strict=True):
        assert tally.check(tally.Tally(daily.rows, daily.totals), stock) == ()
        stock = tally.stock_of(daily.rows)
        first, last = (at_seq(history, seq) for seq in (file.journal_from, file.journal_to))
        assert counted(daily.rows) == recount(first, last)
        still_open: dict[str, int] = {}
        for phase, procedure, _way, _verdict in last.values():
            if phase == "open":
                still_open[procedure] = still_open.get(procedure, 0) + 1
        assert stock == still_open
        assert daily.prev == prev
        prev = file.sha256
    assert_report(history, dailies)


def at_seq(history: History, seq: int) -> dict[int, tuple[str, str, str, str]]:
    """Return where every dossier stood after an event; nobody before the centre opened."""
    return history.standings[seq] if seq else {}


def assert_report(history: History, dailies: list[DailyFile]) -> None:
    """Check II.06a over all files, and over any two spans of them."""
    counter = history.desk.counter
    whole = counter.report(date(2025, 1, 1), date(2099, 1, 1))
    assert whole.balanced
    columns = whole.total.columns
    assert columns[0] == sum(columns[1:4]) == columns[4] + columns[8]
    assert columns[4] == sum(columns[5:8])
    assert columns[8] == sum(columns[9:11])
    assert columns[8] == (sum(tally.stock_of(dailies[-1].rows).values()) if dailies else 0)
    if len(dailies) > 1:
        cut = dailies[history.rng.randrange(1, len(dailies))].date
        later = counter.report(cut, date(2099, 1, 1))
        assert later.balanced
        assert later.total.columns[8:] == columns[8:]


def play(folder: Path, seed: int) -> History:
    path = folder / f"{seed}.db"
    rng = random.Random(seed)
    start = rng.choice(STARTS)
    history = History(open_desk(path, now=start, opened=start), rng)
    try:
        history.run(rng.randrange(8, 32))
        history.close()
        history.check()
        assert_files(history)
    except AssertionError as error:
        error.add_note(f"seed {seed}\n" + "\n".join(history.steps))
        raise
    finally:
        history.desk.records.close()
        path.unlink()
    return history


@pytest.mark.parametrize("chunk", range(HISTORIES // CHUNK))
def test_every_history_holds_together(folder: Path, chunk: int) -> None:
    for seed in range(chunk * CHUNK, (chunk + 1) * CHUNK):
        play(folder, seed)


def test_the_dice_reach_every_act_and_most_refusals(folder: Path) -> None:
    """A driver that only ever heard no would prove nothing."""
    steps = [step.split(" ", 2)[2] for seed in range(1000, 1040) for step in play(folder, seed).steps]
    did = {step.split()[0] for step in steps if step.endswith(": done")}
    heard = {step.rsplit(": ", 1)[1] for step in steps}
    assert {act.value for act in Act} - did <= {Act.VARIANT, Act.RESCHEDULE}
    assert len(heard) >= 20, sorted(heard)
    assert any(step.startswith("close") and step.endswith("tuple") for step in steps)


def test_the_plain_recount_sees_a_difference(desk: Desk) -> None:
    here = ("open", "1.004873", "direct", "")
    gone = ("ended", "1.004873", "direct", "early")
    assert recount({}, {1: here}) == {("1.004873", "direct"): 1}
    assert recount({1: here}, {1: gone}) == {("1.004873", "early"): 1}
    assert recount({1: gone}, {1: here}) == {("1.004873", "reopened"): 1}
    assert recount({1: here}, {1: NOBODY}) == {("1.004873", "voided"): 1}
    assert recount({1: here}, {1: here}) == {}
    assert desk.preview().totals == {}
