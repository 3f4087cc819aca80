"""From a receipt and a limit to a date: Civil Code 2015 art. 147-148, NĐ 118/2025.

A deadline keeps the clock time of its start, as the receipts in use do; all instants are whole minutes at +07:00.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property

from msgspec import Struct

from db.vocabulary import Judgement, LimitUnit
from desk.rules import moment, trace
from desk.rules.calendar import Calendar, CalendarGapError
from desk.rules.limits import (
    CUTOFF,
    Limit,
    LimitError,
    LimitFault,
    Variant,
    apply_variant,
    parse_variants,
)
from desk.rules.trace import Roll, Step, StepKind

__all__ = [
    "CUTOFF",
    "Due",
    "Limit",
    "LimitError",
    "LimitFault",
    "Start",
    "StartWhy",
    "Variant",
    "advance",
    "apology_by",
    "apply_variant",
    "due",
    "due_from",
    "effective_start",
    "explain_minutes",
    "explain_start",
    "explain_term",
    "is_overdue",
    "is_provisional",
    "judge",
    "office_minutes",
    "parse_variants",
]


class StartWhy(StrEnum):
    """Why the clock starts when it does."""

    RECEIPT = "receipt"
    BEFORE_OPENING = "before_opening"
    AFTER_CLOSING = "after_closing"
    NOT_COUNTING = "not_counting"


class Start(Struct, frozen=True):
    """The instant from which a limit runs, and why it is not the receipt itself."""

    at: datetime
    why: StartWhy


@dataclass(frozen=True)
class Due:
    """A date, whether it leaves the calendar's coverage, and the steps that led to it.

    `steps` is the trace or a function that finds it; the steps are worked out only when they are read.
    """

    at: datetime
    steps: tuple[Step, ...] | Callable[[], tuple[Step, ...]] = field(default=(), repr=False, compare=False)
    provisional: bool = False

    @cached_property
    def trace(self) -> tuple[Step, ...]:
        """The steps from the receipt to the date, the calendar's coverage last."""
        return self.steps if isinstance(self.steps, tuple) else self.steps()

    def as_json(self) -> dict[str, str | bool | list[dict[str, str | int]]]:
        """Return `at`, `provisional` and the trace as plain JSON values."""
        steps = [step.as_json() for step in self.trace]
        return {"at": moment.text(self.at), "provisional": self.provisional, "trace": steps}


def effective_start(cal: Calendar, t: datetime) -> Start:
    """Return the instant from which a receipt at `t` counts: itself from opening to closing, else the next opening."""
    t = moment.minute(t)
    day = t.date()
    if not cal.counts(day):
        return Start(cal.opening(cal.next_counting(day)), StartWhy.NOT_COUNTING)
    opening = cal.opening(day)
    if t < opening:
        return Start(opening, StartWhy.BEFORE_OPENING)
    if t > cal.closing(day):
        return Start(cal.opening(cal.next_counting(day)), StartWhy.AFTER_CLOSING)
    return Start(t, StartWhy.RECEIPT)


def _months_later(day: date, months: int) -> tuple[date, bool]:
    """Return the same day so many months later, and whether it was clamped to the month's last day (art. 148.3)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        raise CalendarGapError(day)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last)), day.day > last


def _target(limit: Limit, start: datetime) -> date:
    if limit.unit is LimitUnit.MONTH:
        return _months_later(start.date(), limit.value)[0]
    try:
        return start.date() + timedelta(days=limit.value)
    except OverflowError as error:
        raise CalendarGapError(start.date()) from error


def due_from(cal: Calendar, limit: Limit, start: datetime) -> datetime:
    """Return the instant at which a limit ends that runs from an effective start."""
    if limit.unit is LimitUnit.WORKING_DAY:
        return datetime.combine(cal.nth_counting(start.date(), limit.value), start.timetz())
    if limit.unit is LimitUnit.WORKING_HOUR:
        return advance(cal, start, limit.value * 60)
    if limit.unit is LimitUnit.SAME_DAY:
        late = start.time() > limit.cutoff
        return cal.closing(cal.next_counting(start.date()) if late else start.date())
    target = _target(limit, start)
    # A period that ends on a day of rest ends at the close of the next working day (art. 148.5).
    return datetime.combine(target, start.timetz()) if cal.counts(target) else cal.closing(cal.next_counting(target))


def is_provisional(cal: Calendar, received: datetime, at: datetime) -> bool:
    """Tell whether a date found from a receipt leaves the calendar's coverage at either end."""
    return received.date() < cal.first or at.date() > cal.last


def due(cal: Calendar, limit: Limit, received: datetime) -> Due:
    """Return the date at which a limit ends that runs from a receipt."""
    received = moment.minute(received)
    start = effective_start(cal, received)
    at = due_from(cal, limit, start.at)
    provisional = is_provisional(cal, received, at)

    def steps() -> tuple[Step, ...]:
        return (
            Step(kind=StepKind.RECEIVED, at=received),
            *explain_start(cal, received),
            *explain_term(cal, limit, start.at),
            Step(kind=StepKind.DUE, at=at),
            trace.coverage(cal, provisional=provisional),
        )

    return Due(at, steps, provisional)


def explain_start(cal: Calendar, t: datetime) -> list[Step]:
    """Return the days that do not count before the effective start of `t`, and the start."""
    start = effective_start(cal, t)
    day = t.date()
    days = [day + timedelta(days=offset) for offset in range((start.at.date() - day).days)]
    skipped = [trace.skipped(cal, day) for day in days if not cal.counts(day)]
    return [*skipped, Step(kind=StepKind.START, at=start.at, why=start.why)]


def explain_term(cal: Calendar, limit: Limit, start: datetime) -> list[Step]:
    """Return the steps of `due_from`: the limit, each day passed, and the roll to a counting day."""
    at = due_from(cal, limit, start)
    named = Step(kind=StepKind.LIMIT, limit=str(limit))
    day = start.date()
    if limit.unit is LimitUnit.WORKING_DAY:
        return [named, *trace.passed(cal, day, at.date(), working=True)]
    if limit.unit is LimitUnit.WORKING_HOUR:
        return [named, *explain_minutes(cal, start, at)]
    if limit.unit is LimitUnit.SAME_DAY:
        why = Roll.SAME_DAY if at.date() == day else Roll.PAST_CUTOFF
        return [named, *trace.rolled(cal, day, at, why)]
    target = _target(limit, start)
    if limit.unit is LimitUnit.MONTH:
        clamped = "clamped" if _months_later(day, limit.value)[1] else None
        steps = [Step(kind=StepKind.MONTHS, day=target, n=limit.value, why=clamped)]
    else:
        steps = trace.passed(cal, day, target, working=False)
    roll = [] if at.date() == target else trace.rolled(cal, target, at, Roll.NOT_COUNTING)
    return [named, *steps, *roll]


def explain_minutes(cal: Calendar, start: datetime, end: datetime) -> list[Step]:
    """Return the office minutes used on each day from one instant to another, and why the other days give none."""
    steps: list[Step] = []
    for offset in range((end.date() - start.date()).days + 1):
        day = start.date() + timedelta(days=offset)
        if cal.counts(day):
            used = _minutes_on(cal, day, start, end)
            if used:
                steps.append(Step(kind=StepKind.HOURS, to=min(end, cal.closing(day)), day=day, n=used))
        else:
            steps.append(trace.skipped(cal, day))
    return steps


def _minutes_on(cal: Calendar, day: date, a: datetime, b: datetime) -> int:
    """Return the office minutes of a counting day between two instants."""
    total = 0
    for session in cal.sessions(day):
        start = max(a, datetime.combine(day, session.start, moment.VN))
        end = min(b, datetime.combine(day, session.end, moment.VN))
        if start < end:
            total += int((end - start).total_seconds()) // 60
    return total


def office_minutes(cal: Calendar, a: datetime, b: datetime) -> int:
    """Return the minutes of office sessions on counting days from `a` to `b`; 0 where `b` is not later."""
    a, b = moment.minute(a), moment.minute(b)
    if b <= a:
        return 0
    first, last = a.date(), b.date()
    total = sum(_minutes_on(cal, day, a, b) for day in {first, last} if cal.counts(day))
    return total if first == last else total + cal.minutes_between(first, last)


def advance(cal: Calendar, start: datetime, minutes: int) -> datetime:
    """Return the instant at which so many office minutes are used up from `start`.

    An end exactly at a session's end stays there; no minutes end at `start` itself.
    """
    start = moment.minute(start)
    if minutes < 0:
        raise ValueError("office minutes run forward")
    if minutes == 0:
        return start
    day = start.date()
    today = _minutes_on(cal, day, start, cal.closing(day)) if cal.counts(day) else 0
    if minutes > today:
        day, minutes = cal.day_of_minute(day, minutes - today)
    for session in cal.sessions(day):
        opens = max(start, datetime.combine(day, session.start, moment.VN))
        left = int((datetime.combine(day, session.end, moment.VN) - opens).total_seconds()) // 60
        if left >= minutes:
            return opens + timedelta(minutes=minutes)
        minutes -= max(left, 0)
    raise AssertionError(day)


def apology_by(cal: Calendar, promise: datetime, limit: Limit | None) -> datetime | None:
    """Return the closing of the last counting day before the promise's date (NĐ 61/2018 art. 19.9).

    None for `same_day` and `working_hour`; a limit of None is a promise typed by the officer.
    """
    if limit is not None and limit.unit in {LimitUnit.SAME_DAY, LimitUnit.WORKING_HOUR}:
        return None
    return cal.closing(cal.previous_counting(moment.minute(promise).date()))


def judge(
    promise: datetime, ended: datetime, *, suspended_since: datetime | None = None, immediate: bool = False
) -> Judgement:
    """Hold the end of the work against a date: the earlier date is early, the same date on time up to the minute.

    Work ended while suspended is judged at the instant the suspension began; an immediate result is on time.
    """
    if immediate:
        return Judgement.ON_TIME
    promise = moment.minute(promise)
    at = moment.minute(ended if suspended_since is None else suspended_since)
    if at.date() < promise.date():
        return Judgement.EARLY
    return Judgement.ON_TIME if at <= promise else Judgement.OVERDUE


def is_overdue(promise: datetime, now: datetime, suspended_since: datetime | None = None) -> bool:
    """Tell whether an open dossier is past its date; one suspended before the date is in time."""
    promise = moment.minute(promise)
    if suspended_since is not None and moment.minute(suspended_since) < promise:
        return False
    return moment.minute(now) > promise
