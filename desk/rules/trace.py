"""The steps by which a date was found: data for the screen, the slip's back, `--json` and the tests, no sentences."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import asdict

from desk.rules import moment
from desk.rules.calendar import Calendar, ReasonKind


class StepKind(StrEnum):
    """What a step says; beside each the fields it fills."""

    RECEIVED = "received"
    """`at`."""
    PROMISED = "promised"
    """`at`: the clock runs from a promise typed by the officer or printed before."""
    LIMIT = "limit"
    """`limit` in text; `minutes` instead where only the span of a typed promise is known."""
    START = "start"
    """`at`, `why` (a `StartWhy`)."""
    DAY = "day"
    """`day`, `n`: the n-th counted; `note` and `source` of the row that makes it count."""
    HOURS = "hours"
    """`day`, `n`: office minutes used on it, the last of them up to `to`."""
    SKIPPED = "skipped"
    """`day`, `why` (a `ReasonKind`), `note`, `source`."""
    MONTHS = "months"
    """`day`: the day `n` months later; `why` is `clamped` where the month is shorter."""
    ROLLED = "rolled"
    """`at`, `why` (a `Roll`)."""
    SUSPENDED = "suspended"
    """`at`; `to` and the `minutes` that remained once it ended; `why` the clock was held (a `ClockKind`)."""
    UNMOVED = "unmoved"
    """`at`, `to`: an interval that moves nothing, and `why` (an `Unmoved`)."""
    RESTARTED = "restarted"
    """`at`, `to`: the interval after which the clock starts again."""
    VARIANT = "variant"
    """`at`, `limit`."""
    RESCHEDULED = "rescheduled"
    """`at`, `to`."""
    TOLD = "told"
    """`at`: the promise given to the citizen stands, whatever the calendar says now."""
    DUE = "due"
    """`at`."""
    COVERAGE = "coverage"
    """`day` and `until`: the calendar's coverage; `why` is `provisional` where the date leaves it."""


class Roll(StrEnum):
    """Why a date was rolled on."""

    NOT_COUNTING = "not_counting"
    SAME_DAY = "same_day"
    PAST_CUTOFF = "past_cutoff"
    OPENING = "opening"
    NOT_EARLIER = "not_earlier"


class Unmoved(StrEnum):
    """Why an interval moves nothing."""

    OPENED_LATE = "opened_late"
    NO_LENGTH = "no_length"
    MODE_NONE = "mode_none"


class Step(Struct, frozen=True, kw_only=True):
    """One step; the fields its kind does not use are None."""

    kind: StepKind
    at: datetime | None = None
    to: datetime | None = None
    day: date | None = None
    until: date | None = None
    n: int | None = None
    minutes: int | None = None
    limit: str | None = None
    why: str | None = None
    note: str | None = None
    source: str | None = None

    def as_json(self) -> dict[str, str | int]:
        """Return the filled fields; instants as `2026-03-13T10:56+07:00`, dates as `2026-03-13`."""
        told: dict[str, str | int] = {}
        for name, value in asdict(self).items():
            if isinstance(value, datetime):
                told[name] = moment.text(value)
            elif isinstance(value, date):
                told[name] = value.isoformat()
            elif isinstance(value, StrEnum):
                told[name] = value.value
            elif value is not None:
                told[name] = value
        return told


def skipped(cal: Calendar, day: date) -> Step:
    """Return the step of a day that does not count, with the reason."""
    reason = cal.reason(day)
    if reason is None:
        return Step(kind=StepKind.SKIPPED, day=day)
    note, source = reason.note or None, reason.source or None
    return Step(kind=StepKind.SKIPPED, day=day, why=reason.kind, note=note, source=source)


def counted(cal: Calendar, day: date, n: int) -> Step:
    """Return the step of the n-th day counted; a row that makes the day count is named."""
    reason = cal.reason(day)
    if reason is None or reason.kind is ReasonKind.WEEKEND:
        return Step(kind=StepKind.DAY, day=day, n=n)
    return Step(kind=StepKind.DAY, day=day, n=n, note=reason.note or None, source=reason.source or None)


def passed(cal: Calendar, after: date, through: date, *, working: bool) -> list[Step]:
    """Return the days after one date through another: counted where they count, or all where `working` is False."""
    steps: list[Step] = []
    n = 0
    for offset in range(1, (through - after).days + 1):
        day = after + timedelta(days=offset)
        if working and not cal.counts(day):
            steps.append(skipped(cal, day))
        else:
            n += 1
            steps.append(counted(cal, day, n))
    return steps


def rolled(cal: Calendar, target: date, at: datetime, why: Roll) -> list[Step]:
    """Return the days that do not count from `target` to the day of `at`, and the roll."""
    days = [target + timedelta(days=offset) for offset in range((at.date() - target).days)]
    return [*(skipped(cal, day) for day in days if not cal.counts(day)), Step(kind=StepKind.ROLLED, at=at, why=why)]


def coverage(cal: Calendar, *, provisional: bool) -> Step:
    """Return the closing step: what the calendar covers, and whether the date leaves it."""
    why = "provisional" if provisional else None
    return Step(kind=StepKind.COVERAGE, day=cal.first, until=cal.last, why=why)
