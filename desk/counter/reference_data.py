"""New reference data for a running centre: a catalogue or a calendar, taken whole or not at all.

A changed procedure gets a new version; dossiers keep the one they were received under. A changed calendar moves the
legal deadlines of open dossiers and leaves every promise as it was told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from db import dossiers, journal, offices, procedures
from db.dossiers import DossierRow
from db.journal import Event
from db.offices import DayRow
from db.procedures import InstalledVersion, ProcedureRow
from db.unit import View, Work
from db.vocabulary import OPEN_STATES, OfficeEvent, SupplementMode
from desk.counter import clockwork
from desk.counter.context import Context
from desk.counter.model import Refused, RefusedError
from desk.counter.reference_files import CalendarFile, CatalogueFile
from desk.reference import Procedure
from desk.rules import moment
from desk.rules.calendar import Calendar, CalendarGapError, DayRule
from desk.rules.terms import APPLICANT_DAYS
from desk.rules.text import clean, fold
from desk.words import _

_NUMBERS = re.compile(r"\d{1,9}(?:\.\d{1,9}){0,5}")
_ONE_DAY = timedelta(days=1)
_OF_THE_CENTRE = frozenset(
    {"version", "valid_from", "valid_to", "enabled", "local_limit", "mode", "new_limit", "supplement_term"}
)
"""Columns of a procedure that no catalogue file speaks of."""


@dataclass(frozen=True, slots=True)
class InstalledProcedure:
    """A version of a procedure as a due date needs it; an empty limit is unknown."""

    code: str
    valid_from: date
    valid_to: date | None
    limit: str
    variants: str

    def holds_on(self, day: date) -> bool:
        """Say whether the version is in force on a date."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class CatalogueEffect:
    """What a catalogue changes: codes of new procedures and of those that get a new version."""

    before: str
    version: str
    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: int


@dataclass(frozen=True, slots=True)
class Moved:
    """A dossier whose legal deadline is another one by the new calendar, or no longer (or newly) provisional."""

    code: str
    before: datetime | None
    after: datetime | None
    provisional: bool


@dataclass(frozen=True, slots=True)
class CalendarEffect:
    """What a calendar changes: dates that get another rule, and open dossiers it touches; no promise moves."""

    before: str
    version: str
    first: date
    last: date
    days: tuple[date, ...]
    open_dossiers: int
    moved: tuple[Moved, ...]

    @property
    def later(self) -> int:
        """How many legal deadlines become later."""
        return sum(
            each.before is not None and each.after is not None and each.after > each.before for each in self.moved
        )

    @property
    def earlier(self) -> int:
        """How many legal deadlines become earlier."""
        return sum(
            each.before is not None and each.after is not None and each.after < each.before for each in self.moved
        )


def installed_calendar(ctx: Context) -> Calendar:
    """Return the centre's calendar."""
    with ctx.records.reading() as view:
        return ctx.calendar(view)


def installed_procedures(ctx: Context) -> tuple[InstalledProcedure, ...]:
    """Return all versions of the centre's procedures, the newest first."""
    with ctx.records.reading() as view:
        rows = reversed(procedures.every(view.connection))
        return tuple(InstalledProcedure(r.code, r.valid_from, r.valid_to, r.limit_text, r.variants) for r in rows)


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
    ctx: Context, file: CalendarFile, officer_id: int | None = None, *, dry_run: bool = False
) -> CalendarEffect | Refused:
    """Put a calendar in force over the span it covers, in one transaction; a dry run only says what would change.

    Refused: a version not newer than the installed one, a gap to the installed calendar, a calendar without working
    days.
    """
    try:
        with ctx.records.writing() as work:
            effect = _calendar(ctx, work, file, officer_id)
            if not dry_run:
                work.commit()
            return effect
    except RefusedError as refusal:
        return refusal.refused


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
    version = file.version or _revision(before)
    _require_newer(version, before)
    at, today = ctx.now(), ctx.now().date()
    newest = {row.code: row for row in procedures.every(work.connection)}
    added, changed = [], []
    rows = []
    for found in file.procedures:
        row, old = procedure_row(found, today), newest.get(found.code)
        if old is None:
            added.append(row)
        elif _differs(row, old):
            changed.append(old)
            kept = {name: getattr(old, name) for name in _OF_THE_CENTRE - {"valid_from", "valid_to"}}
            row = replace(row, **kept | {"version": old.version + 1})
        else:
            continue
        rows.append(row)
    effect = CatalogueEffect(
        before,
        version if rows else before,
        tuple(row.code for row in added),
        tuple(row.code for row in changed),
        len(file.procedures) - len(rows),
    )
    if not rows and not file.version:
        return effect
    for old in changed:
        procedures.close(work.connection, old.code, old.version, today - _ONE_DAY)
    procedures.put(work.connection, rows)
    procedures.install(work.connection, InstalledVersion("catalogue", version, None, None), at)
    data = {"before": before, "version": version, "added": len(added), "changed": len(changed), "sha256": file.sha256}
    work.record(OfficeEvent.CATALOGUE_IMPORTED, at, data, officer_id=officer_id)
    return replace(effect, version=version)


def _differs(row: ProcedureRow, old: ProcedureRow) -> bool:
    names = set(ProcedureRow.__slots__) - _OF_THE_CENTRE
    return old.valid_to is not None or any(_plain(getattr(row, n)) != _plain(getattr(old, n)) for n in names)


def _plain(value: object) -> object:
    """Return a value as it is compared: blanks at the end of a text are no change."""
    return clean(value) if isinstance(value, str) else value


def _calendar(ctx: Context, work: Work, file: CalendarFile, officer_id: int | None) -> CalendarEffect:
    old = ctx.calendar(work)
    _require_newer(file.version, old.version)
    new = merged(old, file)
    rows = [row for row in dossiers.in_states(work.connection, OPEN_STATES, accepted=True) if row.received_at]
    histories = journal.of_dossiers(work.connection, (row.id for row in rows))
    try:
        changes = {row.id: _changes(old, new, row, histories[row.id]) for row in rows}
    except CalendarGapError as error:
        sentence = _("Lịch không có ngày làm việc nào sau {day}: không dùng được.")
        raise RefusedError("calendar_gap", sentence.format(day=f"{error.day:%d/%m/%Y}"), "file") from error
    at = ctx.now()
    touched = [row for row in rows if changes[row.id]]
    for row in touched:
        found = {"calendar": file.version}
        work.apply(
            OfficeEvent.DEADLINE_MOVED, at, found, row=row, dossier_id=row.id, changes=changes[row.id],
            officer_id=officer_id,
        )  # fmt: skip
    offices.replace_calendar(work.connection, (DayRow(r.date, r.counts, r.open, r.note, r.source) for r in new.rows))
    procedures.install(work.connection, InstalledVersion("calendar", new.version, new.first, new.last), at)
    effect = CalendarEffect(
        old.version,
        new.version,
        new.first,
        new.last,
        _other_days(old, new),
        len(rows),
        tuple(_moved(row, changes[row.id]) for row in touched),
    )
    data = {
        "before": old.version,
        "version": new.version,
        "first": new.first.isoformat(),
        "last": new.last.isoformat(),
        "days": len(effect.days),
        "later": effect.later,
        "earlier": effect.earlier,
        "sha256": file.sha256,
    }
    work.record(OfficeEvent.CALENDAR_IMPORTED, at, data, officer_id=officer_id)
    return effect


def merged(old: Calendar, file: CalendarFile) -> Calendar:
    """Return the calendar with the file's rows in place of all rows of the span it covers; RefusedError for a gap."""
    if file.first > old.last + _ONE_DAY or file.last < old.first - _ONE_DAY:
        sentence = _("Lịch mới từ {first} đến {last} không nối tiếp lịch đang dùng (từ {from_} đến {to}).")
        days = {"first": file.first, "last": file.last, "from_": old.first, "to": old.last}
        raise RefusedError(
            "calendar_not_adjacent", sentence.format(**{k: f"{day:%d/%m/%Y}" for k, day in days.items()}), "file"
        )
    kept = (row for row in old.rows if not file.first <= row.date <= file.last)
    return Calendar((*kept, *file.rows), old.hours, min(old.first, file.first), max(old.last, file.last), file.version)


def _changes(old: Calendar, new: Calendar, row: DossierRow, events: Sequence[Event]) -> dict[str, Any]:
    """Return the columns of a dossier that are other ones because of the calendar, and only because of it."""
    before, after = (clockwork.dates_of(cal, row, events).columns() for cal in (old, new))
    return {name: after[name] for name in ("legal_deadline", "provisional") if after[name] != before[name]}


def _moved(row: DossierRow, changes: Mapping[str, Any]) -> Moved:
    before = None if row.legal_deadline is None else moment.minute(row.legal_deadline)
    return Moved(row.code, before, changes.get("legal_deadline", before), changes.get("provisional", row.provisional))


def _other_days(old: Calendar, new: Calendar) -> tuple[date, ...]:
    def rules(cal: Calendar) -> dict[date, DayRule]:
        return {row.date: row for row in cal.rows}

    before, after = rules(old), rules(new)
    return tuple(sorted(day for day in before.keys() | after.keys() if before.get(day) != after.get(day)))


def _installed(view: View, kind: str) -> str:
    found = procedures.installed(view.connection, kind)
    return "" if found is None else found.version


def _require_newer(version: str, installed: str) -> None:
    if _order(version) <= _order(installed):
        sentence = _("Phiên bản {version} không mới hơn phiên bản đang dùng ({installed}).")
        raise RefusedError("not_newer", sentence.format(version=version, installed=installed), "version")


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")) if _NUMBERS.fullmatch(version) else ()


def _revision(installed: str) -> str:
    """Return the next local revision: `2026.10` -> `2026.10.1` -> `2026.10.2`."""
    parts = _order(installed)
    return f"{installed or '0'}.1" if len(parts) < 3 else ".".join(map(str, (*parts[:-1], parts[-1] + 1)))
