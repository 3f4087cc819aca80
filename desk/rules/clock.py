"""A clock: one start and one limit, and the events that carry its date.

Three dates run on the same events and are never merged: the legal deadline, the first promise, the current promise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from db.vocabulary import SupplementMode
from desk.rules import moment, trace
from desk.rules.calendar import Calendar
from desk.rules.deadline import (
    Due,
    Limit,
    advance,
    due_from,
    effective_start,
    explain_minutes,
    explain_start,
    explain_term,
    is_provisional,
    office_minutes,
)
from desk.rules.trace import Roll, Step, StepKind, Unmoved


class ClockKind(StrEnum):
    """What can happen to a clock."""

    SUPPLEMENT = "supplement"
    SUPPLEMENTED = "supplemented"
    OBLIGATION = "obligation"
    SETTLED = "settled"
    VARIANT = "variant"
    RESCHEDULE = "reschedule"


class ClockFault(StrEnum):
    """Why events cannot have happened to one clock."""

    NO_LIMIT = "no_limit"
    NO_DATE = "no_date"
    BEFORE_START = "before_start"
    ALREADY_OPEN = "already_open"
    NOT_OPEN = "not_open"
    SECOND_VARIANT = "second_variant"
    VARIANT_AFTER_RESCHEDULE = "variant_after_reschedule"
    SECOND_RESCHEDULE = "second_reschedule"


class ClockError(ValueError):
    """The events contradict each other; `fault` says how, `at` names the event."""

    def __init__(self, fault: ClockFault, at: datetime) -> None:
        super().__init__(f"{fault} at {at.isoformat()}")
        self.fault = fault
        self.at = at


class ClockEvent(Struct, frozen=True):
    """One event: its instant, a variant's `limit` (and `local`, where the centre promises less), a new date in `to`.

    `told` is the promise given to the citizen after the event. Where it is known it stands for the current promise,
    because a calendar changed since moves legal deadlines and never a promise.
    """

    kind: ClockKind
    at: datetime
    limit: Limit | None = None
    to: datetime | None = None
    local: Limit | None = None
    told: datetime | None = None

    def __post_init__(self) -> None:
        if self.kind is ClockKind.VARIANT and self.limit is None:
            raise ClockError(ClockFault.NO_LIMIT, self.at)
        if self.kind is ClockKind.RESCHEDULE and self.to is None:
            raise ClockError(ClockFault.NO_DATE, self.at)


class PromiseDates(Struct, frozen=True):
    """The promises on a clock, and since when it is suspended."""

    first: Due
    current: Due
    suspended_since: datetime | None
    rescheduled: bool


class ThreeDates(Struct, frozen=True):
    """The legal deadline and both promises on one clock, and since when it is suspended."""

    legal: Due
    first: Due
    current: Due
    suspended_since: datetime | None
    rescheduled: bool


_ENDS = {ClockKind.SUPPLEMENTED: ClockKind.SUPPLEMENT, ClockKind.SETTLED: ClockKind.OBLIGATION}


class _Interval(Struct, frozen=True):
    kind: ClockKind
    opened: datetime


class _Clock:
    """One date on its way through the events; with `promise` it follows reschedules and what the citizen was told.

    `limits` are the statutory one and, for a promise, the local one: from every start the sooner holds. Without any,
    `span` is the office minutes from the start to a typed promise whose limit is unknown.
    """

    def __init__(
        self,
        cal: Calendar,
        received: datetime,
        limit: Limit | None,
        first: datetime | None,
        *,
        promise: bool,
        local: Limit | None = None,
    ) -> None:
        self.cal = cal
        self.promise = promise
        self.start = self.date = effective_start(cal, received).at
        self.steps: list[Callable[[], Iterable[Step]]] = []
        self.pauses: list[tuple[datetime, datetime]] = []
        self.rescheduled = False
        self.span = 0
        self.limits = tuple(each for each in (limit, local) if each is not None)
        if self.limits:
            self._explain_from(received, self._run_limits())
            first = None if first == self.date else first
        if first is not None:
            if not self.limits:
                self.span = span = office_minutes(cal, self.start, first)
                self.steps.append(lambda: explain_start(cal, received))
                self.steps.append(lambda: (Step(kind=StepKind.LIMIT, minutes=span),))
            self.date = first
            self._step(kind=StepKind.PROMISED, at=first)

    def _step(
        self,
        *,
        kind: StepKind,
        at: datetime,
        to: datetime | None = None,
        limit: Limit | None = None,
        minutes: int | None = None,
        why: StrEnum | None = None,
    ) -> None:
        written = None if limit is None else str(limit)
        self.steps.append(lambda: (Step(kind=kind, at=at, to=to, limit=written, minutes=minutes, why=why),))

    def _run_limits(self) -> Limit:
        """Set the date from the start by the limit that ends sooner, the statutory one where they end alike."""
        ends = [due_from(self.cal, each, self.start) for each in self.limits]
        self.date = min(ends)
        return self.limits[ends.index(self.date)]

    def _explain_from(self, t: datetime, limit: Limit) -> None:
        cal, start = self.cal, effective_start(self.cal, t).at
        self.steps.append(lambda: explain_start(cal, t))
        self.steps.append(lambda: explain_term(cal, limit, start))

    def apply(self, event: ClockEvent, interval: _Interval | None, mode: SupplementMode, new: Limit | None) -> None:
        """Carry the date over one event; `interval` is the one that the event ends."""
        at = moment.minute(event.at)
        if interval is not None:
            self._ended(interval, at, mode, new)
        elif event.kind is ClockKind.VARIANT and event.limit is not None:
            self._variant(at, event.limit, event.local)
        elif event.kind is ClockKind.RESCHEDULE and event.to is not None and self.promise:
            self.date = moment.minute(event.to)
            self.rescheduled = True
            self._step(kind=StepKind.RESCHEDULED, at=at, to=self.date)
        if self.promise and event.told is not None and moment.minute(event.told) != self.date:
            self.date = moment.minute(event.told)
            self._step(kind=StepKind.TOLD, at=self.date)

    def _ended(self, interval: _Interval, closed: datetime, mode: SupplementMode, new: Limit | None) -> None:
        opened = interval.opened
        supplement = interval.kind is ClockKind.SUPPLEMENT
        if supplement and mode is SupplementMode.NONE:
            self._step(kind=StepKind.UNMOVED, at=opened, to=closed, why=Unmoved.MODE_NONE)
        elif supplement and mode is not SupplementMode.PAUSE and not self.rescheduled and opened < self.date:
            self._restart(opened, closed, new if mode is SupplementMode.NEW_LIMIT else None)
        else:
            self.pauses.append((opened, closed))
            self._carry(opened, closed, interval.kind)

    def _restart(self, opened: datetime, closed: datetime, limit: Limit | None) -> None:
        self._step(kind=StepKind.RESTARTED, at=opened, to=closed)
        self.start = effective_start(self.cal, closed).at
        self.pauses = []
        if limit is not None:
            self.limits = (limit,)
        if self.limits:
            self._explain_from(closed, self._run_limits())
        else:
            self._run_minutes(closed, self.span, self.date)

    def _run_minutes(self, resumed: datetime, minutes: int, old: datetime) -> None:
        """Set the date so many office minutes after the effective start of `resumed`, never before the old date."""
        cal, start = self.cal, effective_start(self.cal, resumed).at
        end = reached = advance(cal, start, minutes)
        self.steps.append(lambda: explain_start(cal, resumed))
        self.steps.append(lambda: explain_minutes(cal, start, reached))
        at_opening = cal.counts(old.date()) and old == cal.opening(old.date())
        if at_opening and cal.counts(end.date()) and end == cal.closing(end.date()):
            # Zero minutes into a day and the last minute of the day before are one point of office time.
            end = cal.opening(cal.next_counting(end.date()))
            self._step(kind=StepKind.ROLLED, at=end, why=Roll.OPENING)
        if end < old:
            end = old
            self._step(kind=StepKind.ROLLED, at=end, why=Roll.NOT_EARLIER)
        self.date = end

    def _carry(self, opened: datetime, closed: datetime, why: ClockKind | None = None) -> None:
        """Carry the date over a pause by the office minutes that remained when it opened."""
        if opened >= self.date or opened == closed:
            reason = Unmoved.NO_LENGTH if opened == closed else Unmoved.OPENED_LATE
            self._step(kind=StepKind.UNMOVED, at=opened, to=closed, why=reason)
            return
        remaining = office_minutes(self.cal, opened, self.date)
        self._step(kind=StepKind.SUSPENDED, at=opened, to=closed, minutes=remaining, why=why)
        self._run_minutes(closed, remaining, self.date)

    def _variant(self, at: datetime, limit: Limit, local: Limit | None) -> None:
        """Find the date again from the same start with another limit; pauses since then are carried again."""
        self.limits = (limit, local) if self.promise and local is not None else (limit,)
        cal, start, sooner = self.cal, self.start, self._run_limits()
        self._step(kind=StepKind.VARIANT, at=at, limit=sooner)
        self.steps.append(lambda: explain_term(cal, sooner, start))
        for opened, closed in self.pauses:
            self._carry(opened, closed)

    def due(self, received: datetime, held: _Interval | None = None) -> Due:
        """Return the date as it stands, with the steps of the whole run; `held` is the interval that is still open."""
        cal, at, steps = self.cal, self.date, tuple(self.steps)
        provisional = is_provisional(cal, received, at)

        def explain() -> tuple[Step, ...]:
            found = [Step(kind=StepKind.RECEIVED, at=received)]
            for part in steps:
                found.extend(part())
            if held is not None:
                found.append(Step(kind=StepKind.SUSPENDED, at=held.opened, why=held.kind))
            return (*found, Step(kind=StepKind.DUE, at=at), trace.coverage(cal, provisional=provisional))

        return Due(at, explain, provisional)


class _Order:
    """Follows which interval is open and what may happen only once."""

    def __init__(self, received: datetime) -> None:
        self.received = received
        self.open: _Interval | None = None
        self.varied = False
        self.rescheduled = False

    def take(self, event: ClockEvent) -> _Interval | None:
        """Note the event and return the interval it ends, if it ends one; `ClockError` where it cannot follow."""
        at = moment.minute(event.at)
        if at < self.received:
            raise ClockError(ClockFault.BEFORE_START, at)
        if event.kind in {ClockKind.SUPPLEMENT, ClockKind.OBLIGATION}:
            if self.open is not None:
                raise ClockError(ClockFault.ALREADY_OPEN, at)
            self.open = _Interval(event.kind, at)
        elif event.kind is ClockKind.VARIANT:
            if self.varied or self.rescheduled:
                second = ClockFault.SECOND_VARIANT if self.varied else ClockFault.VARIANT_AFTER_RESCHEDULE
                raise ClockError(second, at)
            self.varied = True
        elif event.kind is ClockKind.RESCHEDULE:
            if self.rescheduled:
                raise ClockError(ClockFault.SECOND_RESCHEDULE, at)
            self.rescheduled = True
        else:
            ended, self.open = self.open, None
            if ended is None or ended.kind is not _ENDS[event.kind]:
                raise ClockError(ClockFault.NOT_OPEN, at)
            return ended
        return None


def _follow(
    clocks: Iterable[_Clock],
    received: datetime,
    events: Iterable[ClockEvent],
    mode: SupplementMode,
    new_limit: Limit | None,
) -> tuple[_Interval | None, bool]:
    """Carry every clock over the events in their order; return the interval that suspends them, and if rescheduled."""
    clocks = tuple(clocks)
    order = _Order(received)
    for event in sorted(events, key=lambda each: moment.minute(each.at)):
        interval = order.take(event)
        if event.kind is ClockKind.SUPPLEMENT and mode is SupplementMode.NEW_LIMIT and new_limit is None:
            raise ClockError(ClockFault.NO_LIMIT, event.at)
        for clock in clocks:
            clock.apply(event, interval, mode, new_limit)
    held = order.open
    running = held is None or (held.kind is ClockKind.SUPPLEMENT and mode is SupplementMode.NONE)
    return (None if running else held), order.rescheduled


def run(
    cal: Calendar,
    received: datetime,
    limit: Limit,
    events: Iterable[ClockEvent],
    *,
    mode: SupplementMode = SupplementMode.RESTART,
    new_limit: Limit | None = None,
) -> Due:
    """Return the date of one limit carried by the events; a reschedule moves only a promise and is passed over here.

    Events out of their order raise `ClockError`; they are taken in the order of their instants.
    """
    received = moment.minute(received)
    clock = _Clock(cal, received, limit, None, promise=False)
    held, _ = _follow((clock,), received, events, mode, new_limit)
    return clock.due(received, held)


def three_dates(
    cal: Calendar,
    received: datetime,
    statutory: Limit,
    local: Limit | None,
    events: Iterable[ClockEvent],
    *,
    mode: SupplementMode = SupplementMode.RESTART,
    new_limit: Limit | None = None,
    printed: datetime | None = None,
) -> ThreeDates:
    """Return the legal deadline and both promises; from every start a promise runs on the limit that ends sooner.

    `printed` is the first promise as the slip has it: it stands although the calendar changed since.
    """
    received = moment.minute(received)
    legal = _Clock(cal, received, statutory, None, promise=False)
    printed = None if printed is None else moment.minute(printed)
    current = _Clock(cal, received, statutory, printed, promise=True, local=local)
    first = current.due(received)
    held, rescheduled = _follow((legal, current), received, events, mode, new_limit)
    since = None if held is None else held.opened
    return ThreeDates(legal.due(received, held), first, current.due(received, held), since, rescheduled)


def promise_dates(
    cal: Calendar,
    received: datetime,
    first_promise: datetime,
    events: Iterable[ClockEvent],
    *,
    mode: SupplementMode = SupplementMode.RESTART,
    new_limit: Limit | None = None,
) -> PromiseDates:
    """Return the promises that follow from one typed by the officer, whose limit is unknown.

    Where a supplement starts the limit again, the limit is the office time from the start to the typed promise.
    """
    received = moment.minute(received)
    current = _Clock(cal, received, None, moment.minute(first_promise), promise=True)
    first = current.due(received)
    held, rescheduled = _follow((current,), received, events, mode, new_limit)
    since = None if held is None else held.opened
    return PromiseDates(first, current.due(received, held), since, rescheduled)
