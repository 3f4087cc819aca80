"""Which calendar and catalogue a question is answered from: the centre's own, else the shipped ones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from msgspec import Struct

from desk.rules.calendar import Calendar


class Found(Struct, frozen=True):
    """What a question needs of a procedure: an empty limit is unknown."""

    code: str
    limit: str
    variants: str
    local_limit: str = ""
    mode: str = ""
    new_limit: str = ""


class Sources(Struct, frozen=True):
    """A calendar and the way to find a procedure in force on a date."""

    calendar: Calendar
    procedure: Callable[[str, date], Found | None]


def shipped() -> Sources:
    """Return the calendar and catalogue that come with the program."""
    from desk import reference

    def procedure(code: str, _on: date) -> Found | None:
        row = reference.procedure(code)
        return None if row is None else Found(row.code, row.limit or "", row.variants)

    return Sources(reference.calendar(), procedure)


def sources_of(data: Path | None) -> Sources:
    """Return those of the centre in the data folder, the shipped ones where there is no centre."""
    from desk.cli.centre import opened, paths_of

    if not paths_of(data).settings.exists():
        return shipped()
    with opened(data) as desk:
        from desk.counter.reference_data import installed_calendar, installed_procedures

        calendar, procedures = installed_calendar(desk.context), installed_procedures(desk.context)

    def procedure(code: str, on: date) -> Found | None:
        from desk.reference import national_code

        held = {row.code: row for row in reversed(procedures) if row.holds_on(on)}
        row = held.get(code) or held.get(national_code(code))
        if row is None:
            return None
        return Found(row.code, row.limit, row.variants, row.local_limit, row.mode, row.new_limit)

    return Sources(calendar, procedure)
