"""New reference data for a running centre: a catalogue or a calendar, taken whole or not at all.

A changed procedure gets a new version; dossiers keep the one they were received under. A changed calendar moves the
legal deadlines of open dossiers and leaves every promise as it was told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct
from msgspec.structs import replace

from db import procedures
from db.procedures import ProcedureRow
from db.rows import InstalledVersion
from db.unit import View, Work
from db.vocabulary import OfficeEvent, SupplementMode
from desk.counter import calendar_change
from desk.counter.calendar_change import CalendarEffect, Plan, Progress, put_in_force
from desk.counter.context import Context
from desk.counter.model import Refused, RefusedError
from desk.counter.reference_files import CalendarFile, CatalogueFile
from desk.reference import Procedure
from desk.rules.calendar import Calendar
from desk.rules.terms import APPLICANT_DAYS
from desk.rules.text import clean, fold
from desk.words import _

_NUMBERS = re.compile(r"\d{1,9}(?:\.\d{1,9}){0,5}")
_ONE_DAY = timedelta(days=1)
_OF_THE_CENTRE = frozenset(
    {"version", "valid_from", "valid_to", "enabled", "local_limit", "mode", "new_limit", "supplement_term"}
)
"""Columns of a procedure that a catalogue file need not speak of."""


class InstalledProcedure(Struct, frozen=True):
    """A version of a procedure as a due date needs it; an empty limit is unknown."""

    code: str
    valid_from: date
    valid_to: date | None
    limit: str
    variants: str
    local_limit: str
    mode: str
    new_limit: str

    def holds_on(self, day: date) -> bool:
        """Say whether the version is in force on a date."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class CatalogueEffect(Struct, frozen=True):
    """What a catalogue changes: codes of new procedures and of those that get a new version.

    `ended` are those of them that it gives another last day, with that day.
    """

    before: str
    version: str
    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: int
    ended: tuple[tuple[str, date], ...] = ()


def installed_calendar(ctx: Context) -> Calendar:
    """Return the centre's calendar."""
    with ctx.records.reading() as view:
        return ctx.calendar(view)


def installed_procedures(ctx: Context) -> tuple[InstalledProcedure, ...]:
    """Return all versions of the centre's procedures, the newest first."""
    with ctx.records.reading() as view:
        rows = reversed(procedures.every(view.connection))
        return tuple(
            InstalledProcedure(
                r.code, r.valid_from, r.valid_to, r.limit_text, r.variants, r.local_limit, r.mode, r.new_limit
            )
            for r in rows
        )


def import_catalogue(
    ctx: Context, file: CatalogueFile, officer_id: int | None = None, *, dry_run: bool = False
) -> CatalogueEffect | Refused:
    """Put new versions of procedures in force from today, in one transaction; a dry run only says what would change.

    Procedures that the file does not name stay as they are. Without a version of its own the file becomes a local
    revision of the installed catalogue. Refused: a version not newer than the installed one.
    """
    try:
        with ctx.records.writing() as work:
            effect = _catalogue(ctx, work, file, officer_id)
            if not dry_run:
                work.commit()
            return effect
    except RefusedError as refusal:
        return refusal.refused


def import_calendar(
    ctx: Context,
    file: CalendarFile,
    officer_id: int | None = None,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> CalendarEffect | Refused:
    """Put a calendar in force over the span it covers, in one transaction; a dry run reads what it would change.

    Refused: a version not newer than the installed one, a gap to the installed calendar, a calendar without working
    days.
    """
    try:
        if dry_run:
            with ctx.records.reading() as view:
                return calendar_change.effect(_planned(ctx, view, file, progress))
        with ctx.records.writing() as work:
            found = _planned(ctx, work, file, progress)
            data = {"sha256": file.sha256}
            effect = put_in_force(ctx, work, found, OfficeEvent.CALENDAR_IMPORTED, data, officer_id, progress)
            work.commit()
            return effect
    except RefusedError as refusal:
        return refusal.refused


def _planned(ctx: Context, view: View, file: CalendarFile, progress: Progress | None) -> Plan:
    old = ctx.calendar(view)
    require_newer(file.version, old.version)
    return calendar_change.plan(ctx, view, merged(old, file), progress)


def procedure_row(found: Procedure, valid_from: date) -> ProcedureRow:
    """Return a procedure of a catalogue file as the first version of this centre's."""
    return ProcedureRow(
        code=found.code,
        version=1,
        valid_from=valid_from,
        valid_to=None,
        name=found.name,
        name_folded=fold(f"{found.code} {found.name} {found.field}"),
        field=found.field,
        core=found.core,
        enabled=found.core,
        limit_text=found.limit or "",
        local_limit="",
        limit_confidence=found.limit_confidence,
        time_limit_text=found.time_limit_text,
        variants=found.variants,
        mode=SupplementMode.RESTART,
        new_limit="",
        supplement_term=APPLICANT_DAYS,
        components=found.components,
        fee_vnd=found.fee_vnd,
        fee_note=found.fee_note,
        online_level=found.online_level,
        legal_basis=";".join(found.legal_basis),
        scope=found.scope,
        ministry=found.ministry,
        confidence=found.confidence,
        successor_code=found.successor_code,
        note=found.note,
    )


def _catalogue(ctx: Context, work: Work, file: CatalogueFile, officer_id: int | None) -> CatalogueEffect:
    before = _installed(work, "catalogue")
    version = file.version or revision(before)
    require_newer(version, before)
    at, today = ctx.now(), ctx.now().date()
    newest = {row.code: row for row in procedures.every(work.connection)}
    added, changed = [], []
    rows = []
    spoken = {name for name, said in (("local_limit", file.local_limits), ("valid_to", file.ends)) if said is not None}
    for found in file.procedures:
        row, old = procedure_row(found, today), newest.get(found.code)
        local, end = (file.local_limits or {}).get(found.code, ""), (file.ends or {}).get(found.code)
        row = replace(row, local_limit=local, valid_to=end)
        if old is None:
            added.append(row)
        elif _differs(row, old, spoken):
            changed.append((old, min(today - _ONE_DAY, end or today)))
            kept = {name: getattr(old, name) for name in _OF_THE_CENTRE - {"valid_from", "valid_to"} - spoken}
            row = replace(row, **kept | {"version": old.version + 1})
        else:
            continue
        rows.append(row)
    effect = CatalogueEffect(
        before,
        version if rows else before,
        tuple(row.code for row in added),
        tuple(row.code for row, _last in changed),
        len(file.procedures) - len(rows),
        _ended(rows, newest),
    )
    if not rows and not file.version:
        return effect
    for old, last in changed:
        procedures.close(work.connection, old.code, old.version, last)
    procedures.put(work.connection, rows)
    procedures.install(work.connection, InstalledVersion("catalogue", version, None, None), at)
    data = {"before": before, "version": version, "added": len(added), "changed": len(changed), "sha256": file.sha256}
    work.record(OfficeEvent.CATALOGUE_IMPORTED, at, data, officer_id=officer_id)
    return replace(effect, version=version)


def _ended(rows: Sequence[ProcedureRow], before: Mapping[str, ProcedureRow]) -> tuple[tuple[str, date], ...]:
    ends = ((row.code, row.valid_to, before.get(row.code)) for row in rows)
    return tuple((code, end) for code, end, old in ends if end is not None and (old is None or old.valid_to != end))


def _differs(row: ProcedureRow, old: ProcedureRow, spoken: set[str]) -> bool:
    """Say whether a file's row is another version; one that says nothing of its end is in force again."""
    names = set(ProcedureRow.__struct_fields__) - (_OF_THE_CENTRE - spoken)
    ended = "valid_to" not in spoken and old.valid_to is not None
    return ended or any(_plain(getattr(row, n)) != _plain(getattr(old, n)) for n in names)


def _plain(value: object) -> object:
    """Return a value as it is compared: blanks at the end of a text are no change."""
    return clean(value) if isinstance(value, str) else value


def merged(old: Calendar, file: CalendarFile) -> Calendar:
    """Return the calendar with the file's rows in place of all rows of the span it covers; RefusedError for a gap.

    Where the file speaks of office hours, its hours take the place of all that begin in the span.
    """
    if file.first > old.last + _ONE_DAY or file.last < old.first - _ONE_DAY:
        sentence = _("Lịch mới từ {first} đến {last} không nối tiếp lịch đang dùng (từ {from_} đến {to}).")
        days = {"first": file.first, "last": file.last, "from_": old.first, "to": old.last}
        raise RefusedError(
            "calendar_not_adjacent", sentence.format(**{k: f"{day:%d/%m/%Y}" for k, day in days.items()}), "file"
        )
    kept = (row for row in old.rows if not file.first <= row.date <= file.last)
    begun = (each for each in old.hours if not (file.hours and file.first <= each.valid_from <= file.last))
    first, last = min(old.first, file.first), max(old.last, file.last)
    return Calendar((*kept, *file.rows), (*begun, *file.hours), first, last, file.version)


def _installed(view: View, kind: str) -> str:
    found = procedures.installed(view.connection, kind)
    return "" if found is None else found.version


def require_newer(version: str, installed: str) -> None:
    """Refuse a version that does not come after the installed one."""
    if _order(version) <= _order(installed):
        sentence = _("Phiên bản {version} không mới hơn phiên bản đang dùng ({installed}).")
        raise RefusedError("not_newer", sentence.format(version=version, installed=installed), "version")


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")) if _NUMBERS.fullmatch(version) else ()


def revision(installed: str) -> str:
    """Return the next local revision: `2026.10` -> `2026.10.1` -> `2026.10.2`."""
    parts = _order(installed)
    return f"{installed or '0'}.1" if len(parts) < 3 else ".".join(map(str, (*parts[:-1], parts[-1] + 1)))
