from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk import reference
from desk.rehearsal.hours import Hours, at_night, busy, source_of_chance
from desk.rules.calendar import Calendar
from desk.rules.moment import VN, parse

HOURS = Hours(reference.calendar())
instants = st.datetimes(datetime(2025, 7, 1), datetime(2026, 11, 30), timezones=st.just(VN)).map(  # noqa: DTZ001
    lambda at: at.replace(second=0, microsecond=0)
)


def in_session(calendar: Calendar, at: datetime) -> bool:
    return calendar.counts(at.date()) and any(s.start <= at.time() <= s.end for s in calendar.sessions(at.date()))


@given(instants, st.integers(0, 2000))
def test_work_goes_on_in_office_hours_only(at: datetime, minutes: int) -> None:
    later = HOURS.later(at, minutes)
    assert later >= at
    assert in_session(HOURS.calendar, later)
    assert HOURS.opening_after(later) == later


@given(instants, instants, st.floats(0, 1))
def test_a_share_of_the_way_never_passes_the_end(at: datetime, end: datetime, share: float) -> None:
    found = HOURS.between(at, end, share)
    assert found <= max(end, HOURS.opening_after(at))
    assert found >= at


@given(instants, st.integers(0, 30), st.integers())
def test_days_on_are_counting_days_on(at: datetime, days: int, seed: int) -> None:
    found = HOURS.days_on(Random(seed), at, days)
    assert found >= at
    assert in_session(HOURS.calendar, found)
    if days:
        assert found.date() == HOURS.calendar.nth_counting(at.date(), days)


@given(st.integers())
def test_arrivals_fall_in_sessions_and_filings_at_night(seed: int) -> None:
    day = date(2026, 3, 13)
    assert in_session(HOURS.calendar, HOURS.arrival(Random(seed), day))
    assert not in_session(HOURS.calendar, at_night(Random(seed), day))


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-03-13T10:15", "2026-03-13T10:15"),
        ("2026-03-13T05:00", "2026-03-13T07:30"),
        ("2026-03-13T12:10", "2026-03-13T13:30"),
        ("2026-03-13T20:00", "2026-03-16T07:30"),
        ("2026-03-14T09:00", "2026-03-16T07:30"),
    ],
)
def test_the_office_opens_next(at: str, opens: str) -> None:
    assert HOURS.opening_after(parse(at)) == parse(opens)


def test_open_days_leave_out_weekends_and_holidays() -> None:
    days = HOURS.open_days(date(2026, 4, 24), date(2026, 5, 5))
    assert date(2026, 4, 30) not in days
    assert date(2026, 5, 1) not in days
    assert date(2026, 4, 25) not in days
    assert date(2026, 4, 24) in days


def test_counting_back_and_forth_meet() -> None:
    day = date(2026, 3, 13)
    for days in range(1, 40):
        assert HOURS.calendar.nth_counting(HOURS.counting_before(day, days), days) == day


def test_mondays_are_the_busiest() -> None:
    monday = date(2026, 3, 9)
    totals = [0, *busy([monday + timedelta(days=n) for n in range(5)])]
    shares = [after - before for before, after in pairwise(totals)]
    assert max(shares) == shares[0]


def test_a_named_source_of_chance_repeats_itself() -> None:
    assert source_of_chance(1, "a").random() == source_of_chance(1, "a").random()
    assert source_of_chance(1, "a").random() != source_of_chance(2, "a").random()
