"""What the province's office looks after each day: who is silent, what is held or refused, whose clock is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from msgspec import Struct
from sqlalchemy import Connection

from db import province_reading as reading
from db import provinces
from db.province_reading import KeptFile
from desk.province import counting
from desk.province.counting import IN_TIME_UNTIL
from desk.province.model import DayState, ProvinceStatus, UnitStatus
from desk.rules.calendar import Calendar
from desk.rules.moment import VN

CLOCK_BOUND = timedelta(minutes=10)
"""A clock that is further ahead than this is shown as wrong."""

AWAITED = "awaited"
"""State of a day without a report whose time is not over."""

_CLOCK_DAYS = timedelta(days=14)
_DAY = timedelta(days=1)


class Run(Struct, frozen=True):
    """Files of one unit with successive numbers that share a fate; a file without a number is a run of its own."""

    first: KeptFile
    last: KeptFile

    @property
    def status(self) -> str:
        """Held or refused."""
        return self.first.status

    @property
    def reason(self) -> str:
        """Why, as a reason code."""
        return self.first.reason


def runs(files: Sequence[KeptFile]) -> tuple[Run, ...]:
    """Return files, in order of their numbers, as runs."""
    found: list[Run] = []
    for file in files:
        before = found[-1].last if found else None
        follows = before is not None and before.seq is not None and file.seq == before.seq + 1
        if before is not None and follows and (before.status, before.reason) == (file.status, file.reason):
            found[-1] = Run(found[-1].first, file)
        else:
            found.append(Run(file, file))
    return tuple(found)


class UnitWatch(Struct, frozen=True):
    """One unit as the office looks after it.

    `silent_since` is the first open day without a report after the last day with one, once its time is over. `awaited`
    says that the day asked for has none but is not late yet. `files` are its held and refused files. `ahead` is how
    far its clock was ahead of the province's at its last delivery; below zero it is slow or the way was long.
    """

    status: UnitStatus
    silent_since: date | None
    awaited: bool
    files: tuple[KeptFile, ...]
    ahead: timedelta | None

    @property
    def clock_wrong(self) -> bool:
        """Whether the unit's clock is surely wrong: its files come from the future."""
        return self.ahead is not None and self.ahead > CLOCK_BOUND

    @property
    def alarms(self) -> int:
        """How many things somebody has to look at."""
        status = self.status
        undecided = sum(each.decided_at is None for each in status.resets)
        return len(status.holes) + len(status.forks) + undecided + self.clock_wrong

    @property
    def state(self) -> str:
        """What the grid shows for the day asked for: the day's state, or `awaited`."""
        return AWAITED if self.awaited else self.status.day.value


class ProvinceWatch(Struct, frozen=True):
    """All units over a period that ends with the day asked for; `first` None is each unit's own beginning."""

    first: date | None
    status: ProvinceStatus
    units: tuple[UnitWatch, ...]

    @property
    def day(self) -> date:
        """The last day of the period."""
        return self.status.day

    @property
    def silent(self) -> tuple[UnitWatch, ...]:
        """The units that have not reported, the longest silent first."""
        found = [each for each in self.units if each.silent_since is not None]
        return tuple(sorted(found, key=lambda each: (each.silent_since, each.status.unit)))

    @property
    def alarmed(self) -> tuple[UnitWatch, ...]:
        """The units with something to look at."""
        return tuple(each for each in self.units if each.alarms or each.files)


def watch(
    connection: Connection, first: date | None, day: date, now: datetime, cal: Calendar, *, practice: bool
) -> ProvinceWatch:
    """Return how the units stand over the days from `first`, or each unit's beginning, to `day`."""
    status = counting.status(connection, day, cal, practice=practice, first=first)
    troubled = {unit: tuple(found) for unit, found in groupby(reading.waiting(connection), key=lambda each: each.unit)}
    reported = reading.last_reported(connection, day)
    offsets = reading.clock_offsets(connection, day - _CLOCK_DAYS, day)
    spans = {row.unit: (counting.start_of(row), counting.end_of(row)) for row in provinces.units(connection)}
    due = _last_due(cal, day, now)
    units = tuple(
        UnitWatch(
            status=each,
            silent_since=_silent_since(cal, reported.get(each.unit), *spans[each.unit], due),
            awaited=each.day is DayState.MISSING and due < day,
            files=troubled.get(each.unit, ()),
            ahead=offsets.get(each.unit),
        )
        for each in status.units
    )
    return ProvinceWatch(first, status, units)


def _last_due(cal: Calendar, day: date, now: datetime) -> date:
    """Return the last day up to `day` whose report is late if it is not here now."""
    day = min(day, now.astimezone(VN).date())
    while datetime.combine(cal.next_counting(day), IN_TIME_UNTIL, VN) >= now:
        day -= _DAY
    return day


def _silent_since(cal: Calendar, reported: date | None, start: date, end: date, due: date) -> date | None:
    since = start if reported is None else max(reported + _DAY, start)
    while since <= min(due, end):
        if cal.open(since):
            return since
        since += _DAY
    return None
