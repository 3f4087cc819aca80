"""Plain working days by numpy's own calendar: a third opinion beside the rules and the map of every minute."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import numpy as np

from db.vocabulary import LimitUnit
from desk.rules.deadline import Limit, due_from, office_minutes
from tests.rules.brute import DAY, HORIZON, ORIGIN, Term, day_of, index_of, instant, number
from tests.rules.proof_world import ROWS, WORLDS, Lives

# Every day of the week works for numpy, and each day that does not count is a holiday: so a make-up Saturday works.
EVERY = [ORIGIN + timedelta(days=each) for each in range((HORIZON - ORIGIN).days)]
SPECIAL = {rule.date: rule.counts for rule in ROWS}
REST = [day for day in EVERY if not SPECIAL.get(day, day.weekday() < 5)]
WEEK = np.busdaycalendar(weekmask="1111111", holidays=np.array(REST, dtype="datetime64[D]"))
HOLIDAYS = np.array([day for day, counts in SPECIAL.items() if not counts], dtype="datetime64[D]")
MADE_UP = [day for day, counts in SPECIAL.items() if counts]


def as_days(days: list[date]) -> np.typing.NDArray[np.datetime64]:
    return np.array(days, dtype="datetime64[D]")


def test_twenty_thousand_working_day_dates_agree_three_ways() -> None:
    cal, brute = WORLDS[0]
    source, rng = Lives(Random("numpy"), brute), Random("limits")
    starts = [brute.start(source.instant()) for _ in range(20_000)]
    values = [rng.randrange(1, 61) for _ in starts]
    begun = as_days([day_of(start // DAY) for start in starts])
    third = np.busday_offset(begun, values, busdaycal=WEEK)
    for start, value, day in zip(starts, values, third.astype(object), strict=True):
        found = due_from(cal, Limit(value, LimitUnit.WORKING_DAY), instant(start))
        assert number(found) == brute.due_from(Term(value, "working_day"), start)
        assert (found.date(), number(found) % DAY) == (day, start % DAY)


def test_plain_weeks_and_holidays_agree_where_no_saturday_is_made_up() -> None:
    cal, brute = WORLDS[0]
    source, rng = Lives(Random("plain"), brute), Random("plain limits")
    compared = 0
    for _ in range(3000):
        start = brute.start(source.instant())
        begun, value = day_of(start // DAY), rng.randrange(1, 31)
        if begun.weekday() > 4:
            continue
        third = np.busday_offset(np.datetime64(begun), value, weekmask="Mon Tue Wed Thu Fri", holidays=HOLIDAYS)
        found = due_from(cal, Limit(value, LimitUnit.WORKING_DAY), instant(start)).date()
        if not any(begun < day <= found for day in MADE_UP):
            assert np.datetime64(found) == third
            compared += 1
    assert compared > 1500


def test_whole_days_of_office_time_are_the_working_days_between() -> None:
    cal, brute = WORLDS[0]
    rng = Random("whole days")
    first = index_of(date(2025, 1, 1))
    pairs = [sorted((first + rng.randrange(1095), first + rng.randrange(1095))) for _ in range(400)]
    counts = np.busday_count(
        as_days([day_of(a) for a, _ in pairs]), as_days([day_of(b) for _, b in pairs]), busdaycal=WEEK
    )
    for (a, b), days in zip(pairs, counts, strict=True):
        assert office_minutes(cal, instant(a * DAY), instant(b * DAY)) == brute.minutes(a * DAY, b * DAY) == 450 * days
