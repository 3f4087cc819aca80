"""Limits and calendars at their edges: what is read whole, what is kept, what is said when it is wrong."""

from __future__ import annotations

from datetime import date, time

import pytest

from db.vocabulary import LimitUnit
from desk.rules import moment
from desk.rules.calendar import Calendar
from desk.rules.limits import CUTOFF, LARGEST, Limit, LimitError, LimitFault, Variant, parse_variants
from desk.rules.terms import RescheduleFault, reschedule_fault

DAY = LimitUnit.WORKING_DAY


def test_only_the_same_day_keeps_a_cut_off() -> None:
    assert Limit(3, DAY, time(9)) == Limit(3, DAY)
    assert Limit(3, DAY, time(9)).cutoff == CUTOFF == time(15)
    assert Limit(0, LimitUnit.SAME_DAY, time(9)).cutoff == time(9)


@pytest.mark.parametrize(
    "written", ["3 working_day x", "3 working_day\n4", "same_day@16:00x", "same_day (15h) 1", "x 3 month"]
)
def test_a_limit_is_read_whole_or_not_at_all(written: str) -> None:
    with pytest.raises(LimitError) as caught:
        Limit.parse(written)
    assert (caught.value.fault, caught.value.written) == (LimitFault.SYNTAX, written)
    assert str(caught.value) == f"syntax: {written!r}"


def test_a_value_is_at_least_one_and_no_slip_of_the_pen() -> None:
    assert (Limit(1, DAY).value, Limit(LARGEST, DAY).value) == (1, 9999)
    for value in (-1, 0, LARGEST + 1):
        with pytest.raises(LimitError, match=rf"^value: '{value} working_day'$") as caught:
            Limit(value, DAY)
        assert caught.value.written == f"{value} working_day"
    for value in (-1, 1):
        with pytest.raises(LimitError, match=rf"^value: '{value} same_day'$"):
            Limit(value, LimitUnit.SAME_DAY)


def test_variants_are_written_as_they_are_read() -> None:
    written = "a=5 working_day|b=c=+2 month"
    found = parse_variants(written)
    assert found == (Variant("a", "5 working_day"), Variant("b=c", "+2 month"))
    assert "|".join(str(each) for each in found) == written


@pytest.mark.parametrize(
    ("clock", "within"),
    [
        *(("07:29", False), ("07:30", True), ("11:30", True), ("11:31", False)),
        *(("13:29", False), ("13:30", True), ("17:00", True), ("17:01", False)),
    ],
)
def test_a_new_promise_lies_in_a_session_both_ends_included(clock: str, within: bool) -> None:
    cal = Calendar((), (), date(2026, 1, 1), date(2026, 12, 31))
    now, promise = moment.parse("2026-03-13T09:00"), moment.parse("2026-03-16T09:00")
    found = reschedule_fault(cal, promise, moment.parse(f"2026-03-17T{clock}"), now=now)
    assert found is (None if within else RescheduleFault.OUTSIDE_HOURS)
