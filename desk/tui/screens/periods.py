"""Reporting periods as an officer goes through them (NĐ 09/2019/NĐ-CP Đ12): from the 15th to the 14th."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import Enum

from msgspec import Struct

from desk.rules.report import Preset, period
from desk.words import _

_QUARTERS = (Preset.QUARTER_1, Preset.QUARTER_2, Preset.QUARTER_3, Preset.QUARTER_4)


class Span(Enum):
    """The length of a period; the value is the digit that chooses it."""

    MONTH = "1"
    QUARTER = "2"
    SIX_MONTHS = "3"
    NINE_MONTHS = "4"
    YEAR = "5"

    @property
    def words(self) -> str:
        """The name of the length."""
        names: dict[Span, Callable[[], str]] = {
            Span.MONTH: lambda: _("Tháng"),
            Span.QUARTER: lambda: _("Quý"),
            Span.SIX_MONTHS: lambda: _("6 tháng"),
            Span.NINE_MONTHS: lambda: _("9 tháng"),
            Span.YEAR: lambda: _("Năm"),
        }
        return names[self]()

    @property
    def step(self) -> int:
        """Months from one period of this length to the next."""
        return {Span.MONTH: 1, Span.QUARTER: 3}.get(self, 12)


class Period(Struct, frozen=True):
    """The days `first` to `last`, both included."""

    span: Span
    first: date
    last: date

    @property
    def title(self) -> str:
        """The name of the period, after the month, quarter or year of its last day."""
        year = self.last.year
        if self.span is Span.MONTH:
            return _("Tháng {month}/{year}").format(month=self.last.month, year=year)
        if self.span is Span.QUARTER:
            return _("Quý {quarter}/{year}").format(
                quarter=("I", "II", "III", "IV")[self.last.month // 3 - 1], year=year
            )
        return f"{self.span.words} {year}"

    def moved(self, by: int) -> Period:
        """Return the period so many steps later, or earlier."""
        months = by * self.span.step
        return Period(self.span, _shifted(self.first, months), _shifted(self.last, months))


def current(span: Span, today: date) -> Period:
    """Return the period of a length in which `today` lies, or whose report year does."""
    if span is Span.MONTH:
        first = date(today.year, today.month, 15)
        first = first if today >= first else _shifted(first, -1)
        return Period(span, first, _shifted(first, 1).replace(day=14))
    year = today.year + (today > date(today.year, 12, 14))
    if span is Span.QUARTER:
        spans = (period(preset, year) for preset in _QUARTERS)
        first, last = next(each for each in spans if each[0] <= today <= each[1])
        return Period(span, first, last)
    preset = {Span.SIX_MONTHS: Preset.SIX_MONTHS, Span.NINE_MONTHS: Preset.NINE_MONTHS}.get(span, Preset.YEAR)
    return Period(span, *period(preset, year))


def _shifted(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year=year, month=month + 1)
