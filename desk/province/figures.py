"""Dates, rates and numbers as the office's page, its screens and its command write them."""

from __future__ import annotations

from datetime import date


def day_text(day: date) -> str:
    """Return a date as it is written."""
    return f"{day:%d/%m/%Y}"


def share(part: int, whole: int) -> float | None:
    """Return a part as a rate from 0 to 1, None of nothing; never rounded, so that it is rounded once."""
    return part / whole if whole else None


def percent(rate: float | None) -> str:
    """Return a rate as it is written; a dash where there is none."""
    return "–" if rate is None else f"{rate:.1%}".replace(".", ",").replace("%", " %")


def number(value: int) -> str:
    """Return a number with a point after each thousand."""
    return f"{value:,}".replace(",", ".")
