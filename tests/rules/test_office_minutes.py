"""Office minutes summed by the year, against adding up every day; over several years, empty ones and the last one."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.rules.calendar import Calendar, CalendarGapError, DayRule, OfficeHours, Session
from tests.rules.test_calendar import ROWS

SHORT = OfficeHours(date(2026, 7, 1), (Session(time(8), time(12)),))
CAL = Calendar(ROWS, (SHORT,), date(2025, 1, 1), date(2026, 12, 31))
DAYS = st.dates(date(2024, 12, 1), date(2029, 2, 1))


def year_off(year: int) -> tuple[DayRule, ...]:
    first = date(year, 1, 1)
    days = (first + timedelta(days=number) for number in range((date(year + 1, 1, 1) - first).days))
    return tuple(DayRule(day, counts=False, open=False) for day in days)


@given(DAYS, st.integers(1, 1600))
def test_the_minutes_between_two_dates_are_those_of_each_day(day: date, days: int) -> None:
    between = (day + timedelta(days=number) for number in range(1, days))
    assert CAL.minutes_between(day, day + timedelta(days=days)) == sum(
        CAL.minutes(each) for each in between if CAL.counts(each)
    )


@given(DAYS, st.integers(1, 450 * 800))
def test_a_minute_lies_on_a_counting_day_with_the_others_before_it(day: date, minutes: int) -> None:
    found, place = CAL.day_of_minute(day, minutes)
    assert found > day
    assert CAL.counts(found)
    assert 1 <= place <= CAL.minutes(found)
    assert CAL.minutes_between(day, found) + place == minutes


def test_one_year_without_a_working_day_is_passed_over_and_a_second_is_not() -> None:
    one = Calendar(year_off(2027), (), date(2025, 1, 1), date(2028, 12, 31))
    assert one.day_of_minute(date(2026, 12, 31), 1) == (date(2028, 1, 3), 1)
    apart = Calendar((*year_off(2027), *year_off(2029)), (), date(2025, 1, 1), date(2028, 12, 31))
    assert apart.day_of_minute(date(2026, 12, 31), 450 * 260 + 1) == (date(2030, 1, 1), 1)
    two = Calendar((*year_off(2027), *year_off(2028)), (), date(2025, 1, 1), date(2028, 12, 31))
    with pytest.raises(CalendarGapError):
        two.day_of_minute(date(2026, 12, 31), 1)


def test_a_start_within_a_year_without_a_working_day_leaves_that_year_and_not_the_next_empty_one() -> None:
    one = Calendar(year_off(2027), (), date(2025, 1, 1), date(2028, 12, 31))
    assert one.day_of_minute(date(2027, 5, 4), 1) == (date(2028, 1, 3), 1)
    two = Calendar((*year_off(2027), *year_off(2028)), (), date(2025, 1, 1), date(2028, 12, 31))
    with pytest.raises(CalendarGapError):
        two.day_of_minute(date(2027, 5, 4), 1)


def test_the_last_year_there_is_can_be_used_up() -> None:
    last = date(9999, 12, 30)
    assert CAL.day_of_minute(last, 240) == (date(9999, 12, 31), 240)
    with pytest.raises(CalendarGapError):
        CAL.day_of_minute(last, 241)
