"""The 15:00 rule of forwarding (NĐ 61/2018 art. 18.2): the same working day, later at the start of the next one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk import reference
from desk.rules import moment
from desk.rules.deadline import effective_start
from desk.rules.terms import forward_by

CAL = reference.calendar()


@pytest.mark.parametrize(
    ("received", "by"),
    [
        ("2026-03-12T07:00", "2026-03-12T17:00"),
        ("2026-03-12T15:00", "2026-03-12T17:00"),
        ("2026-03-12T15:01", "2026-03-13T07:30"),
        ("2026-03-12T17:30", "2026-03-13T07:30"),
        ("2026-03-13T15:01", "2026-03-16T07:30"),
        ("2026-03-14T09:00", "2026-03-16T07:30"),
        ("2025-12-31T16:00", "2026-01-05T07:30"),
        ("2026-01-10T14:59", "2026-01-10T17:00"),
    ],
)
def test_papers_received_after_three_wait_for_the_next_opening(received: str, by: str) -> None:
    assert forward_by(CAL, moment.parse(received)) == moment.parse(by)


@given(st.integers(0, 700 * 24 * 60))
def test_papers_are_forwarded_on_a_working_day_not_before_they_came(minutes: int) -> None:
    received = moment.parse("2025-01-01T00:00") + timedelta(minutes=minutes)
    by = forward_by(CAL, received)
    assert CAL.counts(by.date())
    assert by in {CAL.opening(by.date()), CAL.closing(by.date())}
    # No papers wait longer than their clock needs to start, or than the day on which it starts.
    assert by.date() <= max(effective_start(CAL, received).at.date(), CAL.next_counting(received.date()))
    assert by >= received or received.time() > moment.parse("2025-01-01T17:00").time()
    assert forward_by(CAL, received + timedelta(minutes=1)) >= by


def test_the_calendar_is_the_one_the_cases_speak_of() -> None:
    assert (CAL.counts(date(2026, 1, 2)), CAL.counts(date(2026, 1, 10))) == (False, True)
