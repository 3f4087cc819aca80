"""Closing the day: intervals that tile the journal, explicit zeros, figures that agree with everything."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from db import journal, summaries
from db.summaries import SealedFile
from db.vocabulary import Act, Channel
from desk.counter import closing
from desk.daily.model import DailyFile
from desk.daily.sshsig import PublicKey
from desk.daily.verify import KnownKey, Verified, verify_daily
from desk.rules import tally
from tests.counter.desk_fixture import COPIES, LAND, MARITAL, UNIT, UNKNOWN_LIMIT, Desk, at, open_desk, refused

MARCH = {day: date(2026, 3, day) for day in range(1, 32)}


def dailies(desk: Desk) -> list[DailyFile]:
    return [closing.daily_of(file) for file in desk.files()]


def assert_sound(desk: Desk) -> None:
    """Check everything that holds between the sealed files, the journal and the record."""
    files = desk.files()
    with desk.records.reading() as view:
        pair = summaries.signing_key(view.connection)
        assert pair is not None
        key = PublicKey.parse(pair.public_key)
        ends = [journal.head_at(view.connection, file.journal_to) for file in files]
    stock: dict[str, int] = {}
    for file, end in zip(files, ends, strict=True):
        found = verify_daily(file.content, {key.fingerprint: KnownKey(UNIT, key)}, practice=True)
        assert isinstance(found, Verified), found
        daily = found.daily
        assert (daily.seq, daily.date, daily.as_of, daily.created) == (file.seq, file.day, file.as_of, file.created)
        assert daily.journal.head == file.head == end.hash
        assert hashlib.sha256(file.content).hexdigest() == file.sha256
        assert tally.check(tally.Tally(daily.rows, daily.totals), stock) == ()
        stock = tally.stock_of(daily.rows)
    assert [file.seq for file in files] == list(range(1, len(files) + 1))
    assert_tiling(files)
    prevs = [daily.prev for daily in dailies(desk)]
    assert prevs == [None, *(file.sha256 for file in files)][: len(files)]
    report = desk.counter.report(date(2025, 1, 1), date(2099, 1, 1))
    assert report.balanced
    assert report.total.received == report.total.resolved + report.total.open
    assert report.total.open == sum(stock.values())


def assert_tiling(files: Sequence[SealedFile]) -> None:
    assert not files or files[0].journal_from == 0
    for before, after in pairwise(files):
        assert before.journal_to == after.journal_from <= after.journal_to
        assert before.day <= after.day


def test_a_day_is_sealed_with_what_happened_on_it(desk: Desk) -> None:
    desk.clock.set("2026-03-12T16:00")
    desk.receive(COPIES, channel=Channel.POST)
    desk.close()
    desk.clock.set("2026-03-13T16:30")
    desk.act(desk.receive(COPIES).code, Act.FINISH)
    desk.receive(MARITAL, channel=Channel.ONLINE)
    desk.receive(LAND, act=Act.DECLINE, reason="x")
    desk.act(desk.receive(LAND).code, Act.SUPPLEMENT, reason="thiếu")
    desk.act(desk.receive(LAND).code, Act.OBLIGATION)
    desk.act(desk.receive(LAND).code, Act.WITHDRAW)
    desk.act(desk.receive(LAND).code, Act.STOP, reason="x")
    desk.act(desk.receive(LAND).code, Act.REFUSE, reason="x")
    desk.act(desk.receive(LAND).code, Act.VOID, reason="x")
    desk.take_over("2026-02-10T08:30", LAND)
    (sealed,) = desk.close()
    assert sealed.totals == {
        "carried": 1, "online": 1, "direct": 6, "taken_over": 1, "early": 3, "on_time": 1, "open_in_time": 5,
        "immediate": 1, "refused_at_counter": 1, "refused": 1, "stopped": 1, "withdrawn": 1,
        "waiting_supplement": 1, "waiting_obligation": 1, "uncollected": 2,
    }  # fmt: skip
    assert (sealed.day, sealed.seq, sealed.already, sealed.balanced) == (MARCH[13], 2, False, True)
    assert sealed.file.startswith("18229-20260313-000002-")
    assert_sound(desk)


def test_what_is_shown_is_what_is_sealed(desk: Desk) -> None:
    for day in (13, 16, 17, 20):
        desk.clock.set(f"2026-03-{day}T10:00")
        desk.act(desk.receive(COPIES).code, Act.FINISH)
        desk.receive(MARITAL)
        shown = desk.preview()
        with desk.nothing_written():
            assert desk.preview() == shown
        if day != 16:
            sealed = desk.close()
            assert shown.days == tuple(each.day for each in sealed)
            assert (shown.day, shown.seq, shown.totals) == (sealed[-1].day, sealed[-1].seq, sealed[-1].totals)
            file = desk.files()[-1]
            assert (shown.first_event, shown.last_event) == (file.journal_from + 1, file.journal_to)
            assert (shown.balanced, shown.faults, shown.closed) == (True, (), False)
    assert_sound(desk)


def test_late_days_are_sealed_oldest_first_with_explicit_zeros(desk: Desk) -> None:
    desk.receive(MARITAL)
    desk.clock.set("2026-03-16T23:59")
    desk.receive(LAND)
    desk.clock.set("2026-03-19T10:00")
    desk.receive(COPIES)
    sealed = desk.close()
    assert [each.day.day for each in sealed] == [12, 13, 16, 17, 18, 19]
    assert [each.totals.get("direct", 0) for each in sealed] == [0, 1, 1, 0, 0, 1]
    assert [each.totals.get("open_overdue", 0) for each in sealed] == [0, 0, 0, 0, 1, 1]
    assert sealed[0].totals == {}
    assert [file.as_of for file in desk.files()] == [
        at(f"2026-03-{written}") for written in
        ("13T00:00", "16T00:00", "17T00:00", "18T00:00", "19T00:00", "19T10:00")
    ]  # fmt: skip
    assert {file.created for file in desk.files()} == {at("2026-03-19T10:00")}
    assert_sound(desk)


def test_closing_again_says_so_or_seals_what_is_new(desk: Desk) -> None:
    desk.receive(LAND)
    desk.close()
    with desk.nothing_written():
        (again,) = desk.close()
    assert (again.already, again.seq, again.totals["direct"]) == (True, 2, 1)
    assert desk.preview().closed
    desk.counter.reveal(1, 1)
    assert desk.close()[0].already
    desk.clock.set("2026-03-13T17:30")
    desk.receive(COPIES)
    (second,) = desk.close()
    assert (second.already, second.day, second.seq) == (False, MARCH[13], 3)
    assert second.totals == {"carried": 1, "direct": 1, "open_in_time": 2}
    desk.clock.set("2026-03-16T08:00")
    assert [each.day.day for each in desk.close()] == [16]
    assert_sound(desk)


def test_what_is_done_after_closing_belongs_to_the_next_file(desk: Desk) -> None:
    desk.close()
    desk.receive(LAND)
    desk.clock.set("2026-03-14T10:00")
    desk.receive(LAND)
    desk.clock.set("2026-03-16T10:00")
    desk.receive(LAND)
    (monday,) = desk.close()
    assert (monday.day.day, monday.totals["direct"]) == (16, 3)
    assert_sound(desk)


def test_a_day_off_has_a_file_only_if_something_was_done_on_it(desk: Desk) -> None:
    desk.close()
    desk.clock.set("2026-03-14T10:00")
    with desk.nothing_written():
        refused(desk.counter.close(), "nothing_to_close")
        refused(desk.counter.close_preview(), "nothing_to_close")
    desk.receive(LAND)
    assert [(each.day.day, each.totals["direct"]) for each in desk.close()] == [(14, 1)]
    desk.clock.set("2026-03-16T08:00")
    desk.receive(LAND)
    for day in (MARCH[15], date(2026, 3, 8)):
        refused(desk.counter.close(day), "nothing_to_close")
    assert [each.day.day for each in desk.close()] == [16]
    assert [file.day.day for file in desk.files()] == [12, 13, 14, 16]
    assert_sound(desk)


def test_closing_on_a_day_off_seals_the_open_days_before_it(desk: Desk) -> None:
    desk.receive(LAND)
    desk.clock.set("2026-03-15T10:00")
    assert [each.day.day for each in desk.close()] == [12, 13]
    desk.receive(LAND)
    assert [(each.day.day, each.totals["direct"]) for each in desk.close()] == [(15, 1)]
    assert desk.close()[0].already
    assert_sound(desk)


def test_events_of_a_day_off_not_closed_count_before_the_next_open_day(desk: Desk) -> None:
    desk.receive(LAND)
    desk.clock.set("2026-03-14T10:00")
    desk.receive(COPIES)
    desk.clock.set("2026-03-16T08:00")
    sealed = desk.close()
    assert [(each.day.day, each.totals.get("direct", 0)) for each in sealed] == [(12, 0), (13, 2), (16, 0)]
    assert sealed[1].totals["open_in_time"] == 2
    assert_sound(desk)


@pytest.mark.parametrize(
    ("opened", "closed", "days"),
    [
        ("2026-04-24T10:00", "2026-04-28T10:00", ["04-24", "04-28"]),
        ("2026-08-21T10:00", "2026-08-24T10:00", ["08-21", "08-22", "08-24"]),
        ("2026-12-31T10:00", "2027-01-04T10:00", ["12-31", "01-01", "01-04"]),
    ],
)
def test_the_calendar_says_which_days_have_a_file(folder: Path, opened: str, closed: str, days: list[str]) -> None:
    desk = open_desk(folder / "desk.db", opened=opened, now=closed)
    desk.close()
    assert [f"{file.day:%m-%d}" for file in desk.files()] == days
    desk.records.close()


def test_an_earlier_day_is_closed_without_the_days_after_it(desk: Desk) -> None:
    desk.receive(LAND)
    desk.clock.set("2026-03-16T10:00")
    desk.receive(COPIES)
    shown = desk.preview(MARCH[13])
    sealed = desk.close(MARCH[13])
    assert [each.day.day for each in sealed] == [12, 13]
    assert sealed[-1].totals == shown.totals == {"direct": 1, "open_in_time": 1}
    assert [(each.day.day, each.totals["direct"]) for each in desk.close()] == [(16, 1)]
    assert desk.close(MARCH[12])[0].seq == 1
    assert_sound(desk)


def test_a_clock_that_leapt_seals_no_weeks_of_zeros(live: Desk) -> None:
    live.receive(LAND)
    live.close()
    live.clock.set("2026-04-14T10:00")
    with live.nothing_written():
        answer = refused(live.counter.close(), "clock_leapt")
    assert "13/03/2026" in answer.sentence
    assert "14/04/2026" in answer.sentence
    live.receive(LAND)  # work on a wrong day makes it no better
    with live.nothing_written():
        refused(live.counter.close(), "clock_leapt")
    assert [day.day for day in live.close(MARCH[16])] == [MARCH[16]]
    assert live.close(date(2026, 4, 14))[-1].day == date(2026, 4, 14)
    live.receive(LAND)
    assert len(live.close()) == 1


def test_a_month_without_work_is_closed_where_the_day_is_named_or_the_clock_is_played_with(
    live: Desk, desk: Desk
) -> None:
    for each in (live, desk):
        each.clock.set("2026-04-12T07:30")
        assert len(each.close()) > 20  # 31 days are no leap yet
        each.clock.set("2026-06-01T09:00")
    assert len(desk.close()) > 30
    assert len(live.close(date(2026, 6, 1))) > 30


def test_a_day_to_come_is_not_closed(desk: Desk) -> None:
    with desk.nothing_written():
        refused(desk.counter.close(MARCH[14]), "day_to_come")
        refused(desk.counter.close_preview(MARCH[16]), "day_to_come")


def test_a_dossier_undone_within_its_day_was_never_there(desk: Desk) -> None:
    code = desk.receive(UNKNOWN_LIMIT, act=Act.REGISTER).code
    desk.act(code, Act.RECEIVE, to=at("2026-03-20T10:00"))
    desk.act(code, Act.UNDO)
    land = desk.receive(LAND).code
    for act in (Act.FINISH, Act.UNDO, Act.FORWARD):
        desk.act(land, act)
    assert desk.close()[-1].totals == {"direct": 1, "open_in_time": 1}
    assert_sound(desk)


def test_an_acceptance_undone_the_next_day_is_taken_out_again(desk: Desk) -> None:
    code = desk.receive(MARITAL, act=Act.REGISTER, channel=Channel.ONLINE).code
    desk.act(code, Act.RECEIVE)
    assert desk.close()[-1].totals == {"online": 1, "open_in_time": 1}
    desk.clock.set("2026-03-16T08:00")
    desk.act(code, Act.UNDO, reason="nhầm hồ sơ")
    assert desk.close()[-1].totals == {"carried": 1, "voided": 1}
    desk.act(code, Act.RECEIVE)
    assert desk.close()[-1].totals == {"online": 1, "open_in_time": 1}
    assert_sound(desk)


def test_a_clock_set_back_moves_no_event_out_of_its_interval(desk: Desk) -> None:
    desk.clock.set("2026-03-17T10:00")
    desk.receive(LAND)
    desk.clock.set("2026-03-16T09:00")
    desk.receive(LAND)
    assert desk.close()[-1].totals["direct"] == 2
    desk.clock.set("2026-03-17T10:00")
    desk.receive(LAND)
    desk.clock.set("2026-03-13T08:00")
    desk.receive(LAND)
    desk.clock.set("2026-03-18T09:00")
    sealed = desk.close()
    assert sum(each.totals.get("direct", 0) for each in sealed) == 2
    assert_sound(desk)


def test_the_first_file_begins_with_the_journal(desk: Desk) -> None:
    desk.clock.set("2026-03-12T17:00")
    (first,) = desk.close()
    (file,) = desk.files()
    assert (first.seq, file.journal_from, file.journal_to, first.totals) == (1, 0, 1, {})
    event = desk.events()[-1]
    assert (event.kind, event.officer_id) == ("day_closed", 1)
    assert event.data == {"seq": 1, "date": "2026-03-12", "sha256": file.sha256, "to": 1}


def test_a_report_of_days_is_the_sum_of_their_files(desk: Desk) -> None:
    desk.act(desk.receive(COPIES).code, Act.FINISH)
    desk.receive(MARITAL, channel=Channel.ONLINE)
    desk.close()
    desk.clock.set("2026-03-20T10:00")
    desk.act(desk.receive(LAND).code, Act.VOID, reason="x")
    desk.close()
    whole = desk.counter.report(MARCH[1], MARCH[31])
    assert whole.total.columns == (2, 1, 1, 0, 1, 0, 1, 0, 1, 0, 1)
    assert [name for name, _line in whole.rows] == ["Chứng thực", "Hộ tịch"]
    later = desk.counter.report(MARCH[16], MARCH[20])
    assert later.total.columns == (1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1)
    assert desk.counter.report(MARCH[1], MARCH[2]).total.columns == (0,) * 11
