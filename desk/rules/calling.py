"""Whom to ring: why a dossier wants a call, and when the next try is due after what came of the ones before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from db.vocabulary import OPEN_STATES, CallOutcome, CallReason, State
from desk.rules.calendar import Calendar
from desk.rules.deadline import is_overdue
from desk.rules.moment import minute

RETRY = timedelta(hours=2)
"""Nobody answered: how long to leave them in peace."""

MOST_A_DAY = 3
"""Tries on one day; the next is on the next working day."""

ORDER = (CallReason.LATE, CallReason.APOLOGY, CallReason.SUPPLEMENT, CallReason.READY)
"""Who is owed an explanation comes before who is owed good news."""


class Case(Struct, frozen=True):
    """A dossier as far as a call is concerned; `at_counter`: the citizen fetches the result here."""

    state: State
    accepted: bool
    at_counter: bool
    promise: datetime | None = None
    suspended_since: datetime | None = None
    ended_at: datetime | None = None
    supplements: int = 0
    rescheduled: bool = False


class Wanted(Struct, frozen=True):
    """Why to ring, and the occasion: another result, request or promise is another call."""

    reason: CallReason
    occasion: str


class Call(Struct, frozen=True):
    """A call that was made."""

    at: datetime
    outcome: CallOutcome
    again_at: datetime | None = None


class Turn(StrEnum):
    """What is to be done now."""

    NOW = "now"
    LATER = "later"
    NUMBER = "number"
    DONE = "done"


class Next(Struct, frozen=True):
    """The next step, and from when on it is due; `NUMBER` waits for a number that is right."""

    turn: Turn
    at: datetime | None = None
    tries: int = 0


def wanted(case: Case, now: datetime) -> Wanted | None:
    """Return why somebody is to be rung about a dossier, None if nobody is."""
    if case.state == State.FINISHED:
        told = "" if case.ended_at is None else f"{minute(case.ended_at):%Y-%m-%dT%H:%M}"
        return Wanted(CallReason.READY, told) if case.at_counter else None
    if case.state == State.SUPPLEMENT:
        return Wanted(CallReason.SUPPLEMENT, str(case.supplements))
    if case.state not in OPEN_STATES or not case.accepted or case.promise is None:
        return None
    told = f"{minute(case.promise):%Y-%m-%dT%H:%M}"
    if is_overdue(case.promise, now, case.suspended_since):
        return Wanted(CallReason.LATE, told)
    return Wanted(CallReason.APOLOGY, told) if case.rescheduled else None


def following(cal: Calendar, calls: Sequence[Call], now: datetime) -> Next:
    """Return what is to be done after the calls of one occasion, in their order."""
    if not calls:
        return Next(Turn.NOW)
    last, tries = calls[-1], len(calls)
    if last.outcome in {CallOutcome.REACHED, CallOutcome.CAME}:
        return Next(Turn.DONE, tries=tries)
    if last.outcome is CallOutcome.WRONG_NUMBER:
        return Next(Turn.NUMBER, tries=tries)
    at = again(cal, calls) if last.again_at is None else last.again_at
    return Next(Turn.NOW if at <= now else Turn.LATER, at, tries)


def again(cal: Calendar, calls: Sequence[Call]) -> datetime:
    """Return when to try again where nobody answered."""
    last = minute(calls[-1].at)
    today = [call for call in calls if minute(call.at).date() == last.date()]
    later = last + RETRY
    if len(today) < MOST_A_DAY and later.date() == last.date() and later <= cal.closing(last.date()):
        return later
    return cal.opening(cal.next_counting(last.date()))
