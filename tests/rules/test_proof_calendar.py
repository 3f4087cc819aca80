"""Calendars and dates at their edges: the longest rest, what is kept and shown, what is said when wrong."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from desk.rules import calendar, moment
from desk.rules.calendar import (
    LONGEST_GAP,
    Calendar,
    CalendarGapError,
    CalendarRowError,
    DayRule,
    OfficeHours,
    RowFault,
    Session,
    parse_rows,
    parse_sessions,
    write_sessions,
)
from desk.rules.clock import ClockEvent, ClockKind, run
from desk.rules.deadline import Due, Limit, advance, due
from tests.rules.proof_world import FIRST, LAST, ROWS

CAL = Calendar(ROWS, (), FIRST, LAST)


def at(written: str) -> datetime:
    return moment.parse(written)


def resting(days: int) -> Calendar:
    """A calendar in which so many days in a row do not count, from 2026-03-10 on."""
    first = date(2026, 3, 10)
    rows = [DayRule(first + timedelta(days=each), counts=False, open=False) for each in range(days)]
    worked = DayRule(first + timedelta(days=days), counts=True, open=True)
    return Calendar((*rows, worked), (), FIRST, LAST)


def test_a_year_without_a_working_day_is_the_longest_that_can_be() -> None:
    assert LONGEST_GAP == 366
    assert resting(366).next_counting(date(2026, 3, 9)) == date(2026, 3, 10) + timedelta(days=366)
    with pytest.raises(CalendarGapError, match=r"^2026-03-09$") as caught:
        resting(367).next_counting(date(2026, 3, 9))
    assert caught.value.day == date(2026, 3, 9)


def test_a_day_that_counts_ends_a_rest() -> None:
    first = date(2026, 3, 10)
    rows = [DayRule(first + timedelta(days=each), counts=each in {366, 733}, open=False) for each in range(734)]
    assert Calendar(tuple(rows), (), FIRST, LAST).nth_counting(date(2026, 3, 9), 2) == first + timedelta(days=733)


@pytest.mark.parametrize("n", [0, -1])
def test_days_are_counted_from_one(n: int) -> None:
    with pytest.raises(ValueError, match=r"^counting days are counted from 1$"):
        CAL.nth_counting(date(2026, 3, 9), n)


def test_a_calendar_may_cover_one_day_and_says_nothing_it_was_not_told() -> None:
    one = Calendar((), (), FIRST, FIRST)
    assert (one.covers(FIRST), one.covers(FIRST + timedelta(days=1)), one.version) == (True, False, "")
    assert DayRule(FIRST, counts=True, open=True) == DayRule(FIRST, True, True, "", "")


def test_two_calendars_of_the_same_days_are_one_whatever_was_asked_of_them() -> None:
    asked, fresh = Calendar(ROWS, (), FIRST, LAST), Calendar(ROWS[::-1], (), FIRST, LAST)
    asked.nth_counting(FIRST, 20)
    assert (asked == fresh, hash(asked) == hash(fresh)) == (True, True)
    shown = repr(Calendar((), (), FIRST, LAST))
    assert shown == f"Calendar(rows=(), hours=(), first={FIRST!r}, last={LAST!r}, version='')"


def test_what_a_calendar_remembers_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar, "_MOST_KNOWN", 3)
    cal = Calendar(ROWS, (), FIRST, LAST)
    sizes = []
    for n in range(1, 8):
        assert cal.nth_counting(FIRST, n) == CAL.nth_counting(FIRST, n)
        sizes.append(len(cal._nth))
    assert sizes == [1, 2, 3, 1, 2, 3, 1]


@pytest.mark.parametrize(
    ("written", "sessions"),
    [
        ("07:00-11:00 13:00-16:30", (Session(time(7), time(11)), Session(time(13), time(16, 30)))),
        ("  00:00-23:59  ", (Session(time(0), time(23, 59)),)),
        ("08:00-12:00 12:00-16:00", (Session(time(8), time(12)), Session(time(12), time(16)))),
    ],
)
def test_sessions_are_read_and_written(written: str, sessions: tuple[Session, ...]) -> None:
    assert parse_sessions(written) == sessions
    assert write_sessions(sessions) == " ".join(written.split())


@pytest.mark.parametrize(
    "written",
    [
        *("", "07:00", "07:00-", "-11:00", "7:00-11:00", "07:00-11:0", "07:00-24:00", "07:00:00-11:00"),
        *("11:00-07:00", "07:00-07:00", "07:00-11:00 10:59-12:00", "07:00-11:00-12:00", "07:00–11:00", "07h00-11h00"),
        *("0700-1100", "07:00-11:00 08:00-09:00 13:00-14:00", "07:00-08:00 10:00-12:00 11:00-14:00"),
    ],
)
def test_what_is_no_session_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_sessions(written)


@pytest.mark.parametrize("written", ["07:00-11:00", "07:00-09:00 10:00-12:00", "07:00-08:00 09:00-10:00 13:00-16:00"])
def test_a_day_opens_with_its_first_session_and_closes_with_its_last(written: str) -> None:
    day = date(2026, 3, 9)
    cal = Calendar((), (OfficeHours(FIRST, parse_sessions(written)),), FIRST, LAST)
    assert cal.opening(day) == at("2026-03-09T07:00")
    assert cal.closing(day) == at(f"2026-03-09T{written[-5:]}")
    assert cal.minutes(day) == advance_to_close(cal, day)


def advance_to_close(cal: Calendar, day: date) -> int:
    """The most office minutes that end on the day when they start at its opening."""
    minutes = 0
    while advance(cal, cal.opening(day), minutes + 1).date() == day:
        minutes += 1
    return minutes


def test_a_row_may_be_open_and_not_count_or_count_and_be_shut() -> None:
    table = "date,counts,open,note,source\n2026-03-14,0,1,Sáng thứ Bảy,\n2026-03-16,1,0,Mất điện,TB 3\n"
    assert parse_rows(table) == (
        DayRule(date(2026, 3, 14), counts=False, open=True, note="Sáng thứ Bảy"),
        DayRule(date(2026, 3, 16), counts=True, open=False, note="Mất điện", source="TB 3"),
    )


def test_what_no_calendar_can_be_is_said() -> None:
    with pytest.raises(ValueError, match=r"^a session ends after it starts$"):
        Session(time(7), time(7))
    with pytest.raises(ValueError, match=r"^office hours need a session$"):
        OfficeHours(FIRST, ())
    with pytest.raises(ValueError, match=r"^the calendar's coverage ends before it starts$"):
        Calendar((), (), LAST, FIRST)
    for rows, hours in (
        ((ROWS[0], ROWS[0]), ()),
        ((), (OfficeHours(FIRST, (Session(time(7), time(8)),)),) * 2),
    ):
        with pytest.raises(ValueError, match=r"^a date stands twice in the calendar$"):
            Calendar(rows, hours, FIRST, LAST)


def test_one_overlap_is_enough() -> None:
    late, middle, overlapping = (Session(time(8 + each), time(9 + each)) for each in (4, 2, 2))
    with pytest.raises(ValueError, match=r"^sessions follow one another$"):
        OfficeHours(FIRST, (middle, overlapping, late))


def test_what_is_wrong_with_a_table_is_said_with_its_line() -> None:
    assert str(CalendarRowError(RowFault.FLAG, 7)) == "flag in line 7"


def test_a_month_ends_where_it_has_its_day_and_time_does() -> None:
    exact = due(CAL, Limit.parse("1 month"), at("2026-03-30T10:00"))
    months = next(step for step in exact.trace if step.kind == "months")
    assert (months.day, months.why) == (date(2026, 4, 30), None)
    last = due(CAL, Limit.parse("1 month"), at("9999-10-01T10:00"))
    assert last.at == at("9999-11-01T10:00")
    with pytest.raises(CalendarGapError):
        due(CAL, Limit.parse("1 month"), at("9999-12-01T10:00"))


def test_a_date_prints_without_its_steps_and_carries_them_to_json() -> None:
    found = due(CAL, Limit.parse("same_day"), at("2026-03-09T10:00"))
    assert repr(found) == f"Due(at={found.at!r}, provisional=False)"
    told = found.as_json()
    assert (told["at"], told["provisional"]) == ("2026-03-09T17:00+07:00", False)
    assert list(told) == ["at", "provisional", "trace"]
    bare = Due(found.at)
    assert (bare.provisional, bare.trace) == (False, ())
    with pytest.raises(ValueError, match=r"^office minutes run forward$"):
        advance(CAL, found.at, -1)


def test_an_interval_that_carries_a_limit_is_no_variant() -> None:
    received, limit = at("2026-03-09T10:00"), Limit.parse("5 working_day")
    odd = ClockEvent(ClockKind.OBLIGATION, at("2026-03-10T10:00"), limit=Limit.parse("30 working_day"))
    settled = ClockEvent(ClockKind.SETTLED, at("2026-03-11T10:00"))
    assert run(CAL, received, limit, (odd, settled)).at == at("2026-03-17T10:00")
