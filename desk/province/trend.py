"""How days follow one another: of all units together, or of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from msgspec import Struct
from sqlalchemy import Connection

from db import province_reading as reading
from db import provinces
from db.province_reading import KeptFile
from db.provinces import HELD, UnitRow
from desk.province import resetting
from desk.province.counting import end_of, in_time, start_of
from desk.province.figures import share
from desk.province.model import DayState, ResetView
from desk.province.status import AWAITED
from desk.rules.calendar import Calendar
from desk.rules.tally import Count

_DAY = timedelta(days=1)


class Flows(Struct, frozen=True):
    """What came in and what ended on a day, by the files of that date."""

    received: int = 0
    online: int = 0
    resolved: int = 0
    overdue: int = 0


class DayTrend(Struct, frozen=True):
    """One day of the units together: their reports and their flows; where it was no open day no report is expected."""

    day: date
    expected: int
    actual: int
    on_time: int
    flows: Flows

    @property
    def rate(self) -> float | None:
        """Reporting rate of the day."""
        return share(self.actual, self.expected)

    @property
    def rate_on_time(self) -> float | None:
        """Rate of reports on time."""
        return share(self.on_time, self.expected)


class UnitDay(Struct, frozen=True):
    """One day of one unit: what it reported, its files, its flows; `flows` is None where nothing is merged.

    `resets` are those of a restored desk that bear the day's date, whatever was decided on them.
    """

    day: date
    state: str
    files: tuple[KeptFile, ...]
    flows: Flows | None
    resets: tuple[ResetView, ...] = ()


class UnitDays(Struct, frozen=True):
    """The days of one unit, the newest first."""

    unit: str
    name: str
    days: tuple[UnitDay, ...]


def trend(connection: Connection, first: date, last: date, cal: Calendar) -> tuple[DayTrend, ...]:
    """Return the days of a period on which at least one unit had to report, and those that figures are dated."""
    spans = {row.unit: (start_of(row), end_of(row)) for row in provinces.units(connection)}
    arrived = provinces.arrivals(connection, last)
    sums = reading.daily_sums(connection, first, last)
    found = []
    for day in _days(first, last):
        due = [unit for unit, (start, end) in spans.items() if start <= day <= end] if cal.open(day) else []
        if not due and day not in sums:
            continue
        here = [at for unit in due if (at := arrived.get(unit, {}).get(day)) is not None]
        on_time = sum(in_time(cal, day, at) for at in here)
        found.append(DayTrend(day, len(due), len(here), on_time, flows_of(sums.get(day, {}))))
    return tuple(found)


def unit_days(connection: Connection, row: UnitRow, first: date, last: date, now: datetime, cal: Calendar) -> UnitDays:
    """Return the days of one unit in a period: those it had to report for, those it has files or resets of."""
    files: dict[date, list[KeptFile]] = {}
    for file in reading.files(connection, row.unit, first, last):
        files.setdefault(file.day or last, []).append(file)
    sums = reading.daily_sums(connection, first, last, [row.unit])
    resets = resetting.of_days(connection, row.unit, first, last)
    start, end = start_of(row), end_of(row)
    days = [
        UnitDay(
            day,
            _state(cal, day, files.get(day, []), now, expected=start <= day <= end and cal.open(day)),
            tuple(files.get(day, [])),
            flows_of(sums.get(day, {}))
            if any(each.status == provinces.MERGED for each in files.get(day, []))
            else None,
            tuple(resets.get(day, ())),
        )
        for day in _days(first, last)
        if (start <= day <= end and cal.open(day)) or day in files or day in resets
    ]
    return UnitDays(row.unit, row.name, tuple(reversed(days)))


def flows_of(figures: Mapping[str, int]) -> Flows:
    """Return the flows of summed counters."""
    online, overdue = figures.get(Count.ONLINE, 0), figures.get(Count.OVERDUE, 0)
    received = online + figures.get(Count.DIRECT, 0) + figures.get(Count.POST, 0)
    return Flows(received, online, figures.get(Count.EARLY, 0) + figures.get(Count.ON_TIME, 0) + overdue, overdue)


def _state(cal: Calendar, day: date, files: list[KeptFile], now: datetime, *, expected: bool) -> str:
    merged = [each.received_at for each in files if each.status == provinces.MERGED]
    if merged:
        return (DayState.ON_TIME if in_time(cal, day, min(merged)) else DayState.LATE).value
    if any(each.status == HELD for each in files):
        return DayState.HELD.value
    if not expected:
        return DayState.NOT_EXPECTED.value
    return AWAITED if in_time(cal, day, now) else DayState.MISSING.value


def _days(first: date, last: date) -> Iterator[date]:
    for n in range((last - first).days + 1):
        yield first + n * _DAY
