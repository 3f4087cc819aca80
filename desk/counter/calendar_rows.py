"""The rules' calendar from the rows it is kept in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from db.rows import DayRow, InstalledVersion, SessionRow
from desk.rules.calendar import Calendar, DayRule, OfficeHours, Session

_WITHOUT_CALENDAR = date(2025, 1, 1)


def calendar_of(days: Iterable[DayRow], sessions: Iterable[SessionRow], installed: InstalledVersion | None) -> Calendar:
    """Return the calendar of these exceptions and hours; `installed` names it and says from when to when it holds."""
    rules = tuple(DayRule(row.day, row.counts, row.open, row.note, row.source) for row in days)
    by_start: dict[date, list[Session]] = {}
    for each in sessions:
        by_start.setdefault(each.valid_from, []).append(Session(each.start, each.end))
    hours = tuple(OfficeHours(start, tuple(found)) for start, found in sorted(by_start.items()))
    first = installed.first if installed and installed.first else _WITHOUT_CALENDAR
    last = installed.last if installed and installed.last else first
    return Calendar(rules, hours, first, last, installed.version if installed else "")
