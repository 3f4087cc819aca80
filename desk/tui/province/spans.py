"""Days and periods as they are typed at the office: what lies behind, not what is to come."""

from __future__ import annotations

import re
from datetime import date, timedelta

from msgspec import Struct

from desk.province.figures import day_text
from desk.rules.text import fold
from desk.tui.screens.periods import Period, Span, current
from desk.words import _

USUAL_DAYS = 30
MOST_DAYS = 400
"""The longest period that is shown day by day."""

_WRITTEN = re.compile(r"([0-9]{1,2})[/.]([0-9]{1,2})(?:[/.]([0-9]{4}|[0-9]{2}))?")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_ANY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}[/.][0-9]{1,2}(?:[/.](?:[0-9]{4}|[0-9]{2}))?")
_BETWEEN = re.compile(r"(?:[-–]|\btu\b|\bden\b|\bngay\b|\s)*")
_NEAR = {"nay": 0, "today": 0, "qua": 1, "yesterday": 1}


class Days(Struct, frozen=True):
    """The days `first` to `last`, both included; `title` is their name, empty for a period without one."""

    first: date
    last: date
    title: str = ""

    @property
    def text(self) -> str:
        """The period as it stands on the rule."""
        return f"{day_text(self.first)} – {day_text(self.last)}"

    @property
    def length(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def moved(self, by: int) -> Days:
        """Return the period of the same length right before, or right after."""
        step = timedelta(days=by * self.length)
        return Days(self.first + step, self.last + step)


def usual(today: date) -> Days:
    """Return the last thirty days."""
    return Days(today - timedelta(days=USUAL_DAYS - 1), today)


def named(period: Period) -> Days:
    """Return a statutory period."""
    return Days(period.first, period.last, period.title)


def statutory(digit: str, today: date) -> Period:
    """Return the present period of the length that a digit chooses."""
    return current(Span(digit), today)


def parse_day(typed: str, today: date) -> date | None:
    """Read a day: `13/3`, `13/03/2026`, `2026-03-13`, `hôm qua`; without a year it is the last such day."""
    word = fold(typed).strip().removeprefix("hom ")
    if word in _NEAR:
        return today - timedelta(days=_NEAR[word])
    if found := _ISO.fullmatch(word):
        year, month, day = map(int, found.groups())
        return _date(year, month, day)
    if not (found := _WRITTEN.fullmatch(word)):
        return None
    day, month = int(found[1]), int(found[2])
    if found[3] is not None:
        return _date(int(found[3]) if len(found[3]) == 4 else 2000 + int(found[3]), month, day)
    this_year = _date(today.year, month, day)
    return this_year if this_year is not None and this_year <= today else _date(today.year - 1, month, day)


def parse_span(typed: str, today: date) -> Days | None:
    """Read a period: two days with a blank, a dash or `đến` between them; None for one that is too long."""
    text = fold(typed)
    days = [parse_day(word, today) for word in _ANY.findall(text)]
    if not _BETWEEN.fullmatch(_ANY.sub(" ", text)):
        return None
    if len(days) != 2 or days[0] is None or days[1] is None or days[1] < days[0]:
        return None
    found = Days(days[0], days[1])
    return found if found.length <= MOST_DAYS else None


def read_back(found: Days | None) -> tuple[str, bool]:
    """Return what was understood of a typed period, and whether it can be shown."""
    if found is None:
        return _("chưa hiểu; gõ hai ngày như 1/3 13/3, dài nhất {n} ngày").format(n=MOST_DAYS), False
    return f"→ {found.text}", True


def _date(year: int, month: int, day: int) -> date | None:
    if not 2000 <= year < 2200:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
