"""Which days count for time limits, which days and hours the centre is open.

Two independent flags for each civil date: a Saturday morning may be open and yet not count.
"""

from __future__ import annotations

import csv
import io
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import accumulate

from msgspec import Struct

from desk.rules.moment import VN
from desk.rules.text import clean

LONGEST_GAP = 366
"""Days in a row that may pass without one that counts; more means the calendar is wrong."""

_DAY = timedelta(days=1)
_MOST_KNOWN = 20_000
"""Days found before that are kept; a list of many dossiers asks for the same few days again and again."""
_HOUR = re.compile(r"[0-2][0-9]:[0-5][0-9]")
_COLUMNS = ("date", "counts", "open", "note", "source")


class CalendarGapError(LookupError):
    """The calendar has no counting day within reach of `day`."""

    def __init__(self, day: date) -> None:
        super().__init__(day.isoformat())
        self.day = day


class RowFault(StrEnum):
    """What is wrong with a calendar table."""

    COLUMNS = "columns"
    DATE = "date"
    FLAG = "flag"
    TWICE = "twice"


class CalendarRowError(ValueError):
    """A calendar table cannot be read; `line` counts from 1, the heading included."""

    def __init__(self, fault: RowFault, line: int) -> None:
        super().__init__(f"{fault} in line {line}")
        self.fault = fault
        self.line = line


class DayRule(Struct, frozen=True):
    """One exception to Monday-Friday: does the date count, is the centre open, and by what decision."""

    date: date
    counts: bool
    open: bool
    note: str = ""
    source: str = ""


class Session(Struct, frozen=True):
    """One stretch of office time; both ends belong to it."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError("a session ends after it starts")


def _length(sessions: Iterable[Session]) -> int:
    """Return the minutes of some sessions."""
    return sum((each.end.hour - each.start.hour) * 60 + each.end.minute - each.start.minute for each in sessions)


DEFAULT_SESSIONS = (Session(time(7, 30), time(11, 30)), Session(time(13, 30), time(17, 0)))


class OfficeHours(Struct, frozen=True):
    """The sessions of a working day from `valid_from` on."""

    valid_from: date
    sessions: tuple[Session, ...]

    def __post_init__(self) -> None:
        if not self.sessions:
            raise ValueError("office hours need a session")
        if any(after.start < before.end for before, after in zip(self.sessions, self.sessions[1:], strict=False)):
            raise ValueError("sessions follow one another")


class ReasonKind(StrEnum):
    """Why a date is not as its weekday says, or is a day of rest."""

    WEEKEND = "weekend"
    ROW = "row"


class DayReason(Struct, frozen=True):
    """The reason a date counts or does not: the weekend, or the calendar's row with its note and source."""

    kind: ReasonKind
    note: str = ""
    source: str = ""


_WEEKEND = DayReason(ReasonKind.WEEKEND)


@dataclass(frozen=True)
class Calendar:
    """The office's calendar; immutable, and authoritative from `first` to `last`, both included.

    Before the first `valid_from` of `hours` the sessions are the default ones. Two rows for one date, or two
    beginnings on one date, are a `ValueError`.
    """

    rows: tuple[DayRule, ...]
    hours: tuple[OfficeHours, ...]
    first: date
    last: date
    version: str = ""
    _rules: dict[date, DayRule] = field(init=False, repr=False, compare=False)
    _since: list[date] = field(init=False, repr=False, compare=False)
    _lengths: list[int] = field(init=False, repr=False, compare=False)
    _nth: dict[tuple[date, int], date] = field(init=False, repr=False, compare=False)
    _sums: dict[int, list[int]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("the calendar's coverage ends before it starts")
        rows = tuple(sorted(self.rows, key=lambda rule: rule.date))
        hours = tuple(sorted(self.hours, key=lambda each: each.valid_from))
        rules = {rule.date: rule for rule in rows}
        since = [each.valid_from for each in hours]
        if len(rules) != len(rows) or len(set(since)) != len(since):
            raise ValueError("a date stands twice in the calendar")
        lengths = [_length(DEFAULT_SESSIONS), *(_length(each.sessions) for each in hours)]
        found = {"rows": rows, "hours": hours, "_rules": rules, "_since": since, "_lengths": lengths}
        for name, value in {**found, "_nth": {}, "_sums": {}}.items():
            object.__setattr__(self, name, value)

    def counts(self, day: date) -> bool:
        """Tell whether the date is a working day for time limits."""
        rule = self._rules.get(day)
        return day.weekday() < 5 if rule is None else rule.counts

    def open(self, day: date) -> bool:
        """Tell whether the centre receives on the date."""
        rule = self._rules.get(day)
        return day.weekday() < 5 if rule is None else rule.open

    def reason(self, day: date) -> DayReason | None:
        """Return why the date is special; None for a plain Monday-Friday."""
        rule = self._rules.get(day)
        if rule is not None:
            return DayReason(ReasonKind.ROW, rule.note, rule.source)
        return None if day.weekday() < 5 else _WEEKEND

    def covers(self, day: date) -> bool:
        """Tell whether the calendar is authoritative for the date."""
        return self.first <= day <= self.last

    def sessions(self, day: date) -> tuple[Session, ...]:
        """Return the sessions of a working day on the date, whether or not the date is one."""
        known = bisect_right(self._since, day)
        return self.hours[known - 1].sessions if known else DEFAULT_SESSIONS

    def opening(self, day: date) -> datetime:
        """Return the instant at which the first session of the date starts."""
        return datetime.combine(day, self.sessions(day)[0].start, VN)

    def closing(self, day: date) -> datetime:
        """Return the instant at which the last session of the date ends."""
        return datetime.combine(day, self.sessions(day)[-1].end, VN)

    def minutes(self, day: date) -> int:
        """Return the office minutes of a working day on the date, whether or not the date is one."""
        return self._lengths[bisect_right(self._since, day)]

    def minutes_between(self, a: date, b: date) -> int:
        """Return the office minutes of the counting days strictly between two dates, of which `b` is the later."""
        sums = self._sums_of(a.year)
        used = sums[_place(a) + 1]
        if a.year == b.year:
            return sums[_place(b)] - used
        whole = sum(self._sums_of(year)[-1] for year in range(a.year + 1, b.year))
        return sums[-1] - used + whole + self._sums_of(b.year)[_place(b)]

    def day_of_minute(self, day: date, minutes: int) -> tuple[date, int]:
        """Return the counting day behind `day` that holds the last of so many office minutes, and its place in it."""
        year, sums = day.year, self._sums_of(day.year)
        used = sums[_place(day) + 1]
        empty = 0
        while sums[-1] - used < minutes:
            minutes -= sums[-1] - used
            empty = empty + 1 if sums[-1] == 0 else 0
            if year == date.max.year or empty > 1:
                raise CalendarGapError(day)
            year += 1
            used, sums = 0, self._sums_of(year)
        behind = bisect_left(sums, used + minutes)
        return date(year, 1, 1) + timedelta(days=behind - 1), used + minutes - sums[behind - 1]

    def _sums_of(self, year: int) -> list[int]:
        """Return the office minutes of the counting days before each day of a year, and of the whole year last."""
        known = self._sums.get(year)
        if known is None:
            days = map(date.fromordinal, range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1))
            each = (self.minutes(day) if self.counts(day) else 0 for day in days)
            known = self._sums[year] = list(accumulate(each, initial=0))
        return known

    def nth_counting(self, day: date, n: int) -> date:
        """Return the n-th counting day strictly after the date; `n` is at least 1."""
        known = self._nth.get((day, n))
        if known is None:
            if len(self._nth) >= _MOST_KNOWN:
                self._nth.clear()
            known = self._nth[day, n] = self._walk(day, n, _DAY)
        return known

    def next_counting(self, day: date) -> date:
        """Return the first counting day strictly after the date."""
        return self.nth_counting(day, 1)

    def previous_counting(self, day: date) -> date:
        """Return the last counting day strictly before the date."""
        return self._walk(day, 1, -_DAY)

    def _walk(self, day: date, n: int, step: timedelta) -> date:
        if n < 1:
            raise ValueError("counting days are counted from 1")
        rules = self._rules
        seen = day
        gap = 0
        try:
            while n:
                seen += step
                rule = rules.get(seen)
                if seen.weekday() < 5 if rule is None else rule.counts:
                    n -= 1
                    gap = 0
                else:
                    gap += 1
                    if gap > LONGEST_GAP:
                        raise CalendarGapError(day)
        except OverflowError as error:
            raise CalendarGapError(day) from error
        return seen


def _place(day: date) -> int:
    """Return how many days of its year come before a date."""
    return day.toordinal() - date(day.year, 1, 1).toordinal()


def parse_sessions(written: str) -> tuple[Session, ...]:
    """Read the sessions of a day, `07:00-11:00 13:00-16:30`; ValueError where they are none or overlap."""
    sessions = []
    for part in written.split():
        start, dash, end = part.partition("-")
        if not (dash and _HOUR.fullmatch(start) and _HOUR.fullmatch(end)):
            raise ValueError(written)
        sessions.append(Session(time.fromisoformat(start), time.fromisoformat(end)))
    return OfficeHours(date.min, tuple(sessions)).sessions


def write_sessions(sessions: Iterable[Session]) -> str:
    """Return sessions as `parse_sessions` reads them."""
    return " ".join(f"{each.start:%H:%M}-{each.end:%H:%M}" for each in sessions)


def _flag(written: str, line: int) -> bool:
    if written not in {"0", "1"}:
        raise CalendarRowError(RowFault.FLAG, line)
    return written == "1"


def parse_rows(csv_text: str) -> tuple[DayRule, ...]:
    """Read the calendar table `date,counts,open,note,source` with flags 0 and 1.

    Raises `CalendarRowError` with the line where a column, a date or a flag is wrong or a date stands twice.
    """
    table = csv.reader(io.StringIO(csv_text.removeprefix("\ufeff")))
    if tuple(next(table, ())) != _COLUMNS:
        raise CalendarRowError(RowFault.COLUMNS, 1)
    rows: dict[date, DayRule] = {}
    for cells in table:
        line = table.line_num
        if not cells:
            continue
        if len(cells) != len(_COLUMNS):
            raise CalendarRowError(RowFault.COLUMNS, line)
        try:
            day = date.fromisoformat(cells[0])
        except ValueError as error:
            raise CalendarRowError(RowFault.DATE, line) from error
        if day in rows:
            raise CalendarRowError(RowFault.TWICE, line)
        rows[day] = DayRule(day, _flag(cells[1], line), _flag(cells[2], line), clean(cells[3]), clean(cells[4]))
    return tuple(rows.values())


def merge_rows(base: Iterable[DayRule], changes: Iterable[DayRule]) -> tuple[DayRule, ...]:
    """Return the rows with those of `changes` in the place of the base's for the same date."""
    merged = {rule.date: rule for rule in base} | {rule.date: rule for rule in changes}
    return tuple(merged[day] for day in sorted(merged))
