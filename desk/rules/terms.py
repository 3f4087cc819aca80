"""The terms around a clock: asking for papers, waiting for them, giving another date."""

from __future__ import annotations

from datetime import datetime, time
from enum import StrEnum

from db.vocabulary import LimitUnit
from desk.rules import moment
from desk.rules.calendar import Calendar
from desk.rules.deadline import Limit, due

REQUEST_WITHIN = Limit(3, LimitUnit.WORKING_DAY)
"""A request for supplement is due this soon after receipt (NĐ 61/2018 art. 19.4); a later one is warned of."""

APPLICANT_DAYS = 15
"""Counting days an applicant has to complete the papers, where the centre sets no other term."""

FORWARD_CUTOFF = time(15)
"""Papers received up to here are forwarded on the same working day (NĐ 61/2018 art. 18.2); it moves no deadline."""


class RescheduleFault(StrEnum):
    """Why a new promise cannot be given."""

    PASSED = "passed"
    NOT_LATER = "not_later"
    NOT_COUNTING = "not_counting"
    OUTSIDE_HOURS = "outside_hours"


def request_by(cal: Calendar, received: datetime) -> datetime:
    """Return until when a supplement is asked for in time."""
    return due(cal, REQUEST_WITHIN, received).at


def applicant_term(cal: Calendar, asked: datetime, days: int = APPLICANT_DAYS) -> datetime:
    """Return until when the applicant may complete the papers: the close of the last of so many counting days."""
    return cal.closing(cal.nth_counting(moment.minute(asked).date(), days))


def forward_by(cal: Calendar, received: datetime) -> datetime:
    """Return until when papers are forwarded: that day's closing, after 15:00 the next working day's opening."""
    received = moment.minute(received)
    day = received.date()
    if cal.counts(day) and received.time() <= FORWARD_CUTOFF:
        return cal.closing(day)
    return cal.opening(cal.next_counting(day))


def reschedule_fault(cal: Calendar, promise: datetime, to: datetime, *, now: datetime) -> RescheduleFault | None:
    """Return why a promise cannot be moved to `to`; None where it can: in time, later, in office hours.

    A new promise given after `apology_by` is accepted all the same; whoever gives it flags it as late.
    """
    promise, to = moment.minute(promise), moment.minute(to)
    if moment.minute(now) > promise:
        return RescheduleFault.PASSED
    if to <= promise:
        return RescheduleFault.NOT_LATER
    if not cal.counts(to.date()):
        return RescheduleFault.NOT_COUNTING
    if not any(session.start <= to.time() <= session.end for session in cal.sessions(to.date())):
        return RescheduleFault.OUTSIDE_HOURS
    return None
