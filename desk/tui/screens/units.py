"""The communes of the country as an officer finds theirs: folded typing, or the five-digit code."""

from __future__ import annotations

from collections.abc import Sequence

from desk.rules.text import clean, fold
from desk.tui.widgets.rows import Row

MOST = 40


def find_units(typed: str) -> Sequence[Row]:
    """Return the communes that have a word beginning with each typed one; a name that begins so comes first."""
    from desk.reference import admin_units

    query = fold(clean(typed))
    words = query.split()
    found: list[tuple[bool, bool, str, Row]] = []
    for unit in admin_units().values():
        text = f" {unit.search_key} {fold(unit.alt_name)} {unit.code}"
        if all(f" {word}" in text for word in words):
            name, full = fold(unit.name), fold(unit.full_name)
            row = Row(unit.code, (unit.code, unit.full_name, unit.province_name))
            exact = any(query == each or query.startswith(each + " ") for each in (name, full))
            found.append((not exact, not (name.startswith(query) or full.startswith(query)), name, row))
    return [row for *_order, row in sorted(found, key=lambda each: each[:3])[:MOST]]


def unit_label(row: Row) -> str:
    """Return what stays in the field once a commune is taken."""
    code, name, province = row.cells
    return f"{name}, {province} ({code})"
