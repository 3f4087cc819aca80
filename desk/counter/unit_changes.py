"""Communes that the province says are new, renamed, merged or split: what that changes, and putting it in force.

An old commune ends on the day before those it went into begin; its addresses are looked up under what it became.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from enum import StrEnum

from msgspec import Struct

from db import communes, procedures
from db.communes import CommuneRow
from db.rows import InstalledVersion
from db.unit import View, Work
from db.vocabulary import OfficeEvent
from desk import reference
from desk.counter.addresses import Communes, Found, Gone, NewCommune, commune, shipped, shipped_commune, shipped_gone
from desk.counter.context import Context
from desk.counter.model import Refused, RefusedError
from desk.counter.reference_data import require_newer
from desk.counter.unit_files import unit_faults
from desk.daily.units import ChangeRow, PublishedUnits
from desk.daily.units import CommuneRow as Published
from desk.reference import WardChange
from desk.rules.text import fold
from desk.words import _

KIND = "units"
_ONE_DAY = timedelta(days=1)


class CommuneChange(StrEnum):
    """What becomes of a commune."""

    NEW = "new"
    RENAMED = "renamed"
    WIDER = "wider"
    MERGED = "merged"
    SPLIT = "split"


class CommuneLine(Struct, frozen=True):
    """One commune that changes, with its names before and after; `day` is the first on which it is so."""

    code: str
    change: CommuneChange
    before: str
    after: str
    day: date


class UnitsEffect(Struct, frozen=True):
    """What a file of communes changes; `own` is what becomes of the centre's own commune, None for nothing."""

    before: str
    version: str
    lines: tuple[CommuneLine, ...]
    unchanged: int
    own: CommuneLine | None = None


class _Plan(Struct, frozen=True):
    """What is written: periods that end with their last days, periods that begin, what went into what."""

    ends: tuple[tuple[CommuneRow, date], ...]
    begins: tuple[CommuneRow, ...]
    changes: tuple[communes.ChangeRow, ...]
    effect: UnitsEffect


def import_units(
    ctx: Context, content: PublishedUnits, sha256: str, officer_id: int | None = None, *, dry_run: bool = False
) -> UnitsEffect | Refused:
    """Put a file of communes in force in one transaction; a dry run only says what would change.

    Refused: a version not newer than the installed one, a file that contradicts itself or the communes that are here.
    """
    try:
        if dry_run:
            with ctx.records.reading() as view:
                return _plan(ctx, view, content).effect
        with ctx.records.writing() as work:
            plan = _plan(ctx, work, content)
            _write(ctx, work, plan, sha256, officer_id)
            work.commit()
            return plan.effect
    except RefusedError as refusal:
        return refusal.refused


def installed_version(view: View) -> str:
    """Return the version of the communes that are here: at first that of the shipped table."""
    found = procedures.installed(view.connection, KIND)
    return reference.UNITS_VERSION if found is None else found.version


class CommuneFinder:
    """Looks addresses up in the communes of today, as the record has them; RecordError may come out of it."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._made: tuple[tuple[str, date], Communes] | None = None

    def find(self, address: str) -> Found:
        """Return where an address lies today; reads the record: call it in a worker."""
        with self._ctx.records.reading() as view:
            return self._communes(view).find(address)

    def _communes(self, view: View) -> Communes:
        found = procedures.installed(view.connection, KIND)
        if found is None:
            return shipped()
        today = self._ctx.now().date()
        key = (found.version, today)
        if self._made is None or self._made[0] != key:
            rows, changes = communes.every(view.connection), communes.changes(view.connection)
            self._made = (key, communes_on(rows, changes, today))
        return self._made[1]


def communes_on(rows: Iterable[CommuneRow], changes: Iterable[communes.ChangeRow], day: date) -> Communes:
    """Return the communes of a day: the shipped ones, and what the record says was changed since."""
    units = {unit.code: commune(unit.code, unit.full_name, unit.province_name) for unit in _shipped_by(day)}
    for row in sorted(rows, key=lambda each: each.valid_from):
        base = reference.admin_units().get(row.code)
        if row.valid_from > day or (base is not None and row.valid_from < base.valid_from):
            continue
        if row.valid_to is not None and row.valid_to < day:
            units.pop(row.code, None)
        elif base is None or row.valid_from > base.valid_from:
            units[row.code] = commune(row.code, row.full_name, row.province_name)
    begun = sorted((each for each in changes if each.valid_from <= day), key=lambda each: each.valid_from)
    steps: dict[date, dict[str, list[str]]] = {}
    for each in begun:
        steps.setdefault(each.valid_from, {}).setdefault(each.old_code, []).append(each.new_code)

    def since(code: str, start: date) -> Iterator[NewCommune]:
        """Yield what a commune, as it was after the changes of a day, has become."""
        codes = [code]
        for at, went in steps.items():
            if at > start:
                codes = list(dict.fromkeys(new for old in codes for new in went.get(old, [old])))
        yield from (units[each] for each in codes if each in units)

    def became(change: WardChange) -> Iterable[NewCommune]:
        return tuple(since(change.new_code, date.min)) or (shipped_commune(change),)

    later: dict[tuple[date, str, str, str], list[NewCommune]] = {}
    for each in begun:
        key = (each.valid_from, each.old_code, each.old_name, each.old_province)
        later.setdefault(key, []).extend(since(each.new_code, each.valid_from))
    gone = [Gone(name, "", province, tuple(dict.fromkeys(new))) for (_day, _code, name, province), new in later.items()]
    return Communes(units.values(), [*shipped_gone(became), *gone])


def _shipped_by(day: date) -> Iterator[reference.AdminUnit]:
    return (unit for unit in reference.admin_units().values() if unit.valid_from <= day)


def _plan(ctx: Context, view: View, content: PublishedUnits) -> _Plan:
    before = installed_version(view)
    require_newer(content.version, before)
    for sentence in unit_faults(content)[:1]:
        raise RefusedError("bad_file", sentence)
    now = {row.code: row for row in communes.every(view.connection) if row.valid_to is None}
    changes = [*content.changes, *_renamed(content, now)]
    for change in changes:
        _require_same(change, now)
    into = {change.new_code for change in changes}
    told = {row.code: row for row in content.units}
    new = [row for row in content.units if row.code in into or not _is_as_before(row, now.get(row.code))]
    for row in new:
        old = now.get(row.code)
        if old is not None and row.valid_from <= old.valid_from:
            text = _("{code} {name} ở đây đã có từ {day}: tệp phải ghi một ngày sau đó")
            raise RefusedError(
                "not_after", text.format(code=row.code, name=old.full_name, day=f"{old.valid_from:%d/%m/%Y}")
            )
    starts = {row.code: row.valid_from for row in new}
    ends = [(now[row.code], row.valid_from - _ONE_DAY) for row in new if row.code in now]
    ends += [
        (now[code], min(starts[change.new_code] for change in changes if change.old_code == code) - _ONE_DAY)
        for code in dict.fromkeys(change.old_code for change in changes if change.old_code not in told)
    ]
    for ending, last in ends:
        if last < ending.valid_from:
            text = _("{code} {name} không thể thôi trước ngày nó bắt đầu")
            raise RefusedError("not_after", text.format(code=ending.code, name=ending.full_name))
    lines = tuple(_lines(new, changes, now, told))
    return _Plan(
        tuple(ends),
        tuple(_row(row) for row in new),
        tuple(
            communes.ChangeRow(
                starts[each.new_code], each.old_code, each.new_code, each.old_name, each.old_province, each.partly
            )
            for each in changes
        ),
        UnitsEffect(
            before,
            content.version,
            lines,
            len(content.units) - len(new),
            next((line for line in lines if line.code == ctx.centre.unit), None),
        ),
    )


def _renamed(content: PublishedUnits, now: Mapping[str, CommuneRow]) -> Iterator[ChangeRow]:
    """Yield that a commune of another name was the one it is, where the file does not say so."""
    said = {change.old_code for change in content.changes}
    for row in content.units:
        old = now.get(row.code)
        if old is not None and row.code not in said and not _is_as_before(row, old):
            yield ChangeRow(row.code, old.full_name, old.province_name, row.code, partly=False)


def _is_as_before(row: Published, old: CommuneRow | None) -> bool:
    return old is not None and (row.full_name, row.province_name) == (old.full_name, old.province_name)


def _require_same(change: ChangeRow, now: Mapping[str, CommuneRow]) -> None:
    """Refuse an old commune that is not here, or is another one here."""
    old = now.get(change.old_code)
    if old is None or (old.full_name, old.province_name) != (change.old_name, change.old_province):
        here = _("không có") if old is None else f"{old.full_name}, {old.province_name}"
        text = _("tệp ghi đơn vị cũ {code} là «{name}», ở đây: {here}")
        name = f"{change.old_name}, {change.old_province}"
        raise RefusedError("unknown_old", text.format(code=change.old_code, name=name, here=here))


def _lines(
    new: Iterable[Published],
    changes: Iterable[ChangeRow],
    now: Mapping[str, CommuneRow],
    told: Mapping[str, Published],
) -> Iterator[CommuneLine]:
    went: dict[str, list[ChangeRow]] = {}
    for change in changes:
        went.setdefault(change.old_code, []).append(change)
    for row in new:
        old, name = now.get(row.code), f"{row.full_name}, {row.province_name}"
        if old is None:
            yield CommuneLine(row.code, CommuneChange.NEW, "", name, row.valid_from)
        else:
            become = CommuneChange.WIDER if _is_as_before(row, old) else CommuneChange.RENAMED
            yield CommuneLine(row.code, become, f"{old.full_name}, {old.province_name}", name, row.valid_from)
    for code, parts in went.items():
        others = [told[change.new_code] for change in parts if change.new_code != code]
        if others:
            before = f"{parts[0].old_name}, {parts[0].old_province}"
            after = " + ".join(each.full_name for each in others)
            kind = CommuneChange.SPLIT if len(parts) > 1 or parts[0].partly else CommuneChange.MERGED
            yield CommuneLine(code, kind, before, after, min(each.valid_from for each in others))


def _row(row: Published) -> CommuneRow:
    folded = fold(f"{row.full_name} {row.province_name}")
    return CommuneRow(
        row.code,
        row.valid_from,
        None,
        row.name,
        row.full_name,
        folded,
        row.province_code,
        row.province_name,
        row.note,
    )


def _write(ctx: Context, work: Work, plan: _Plan, sha256: str, officer_id: int | None) -> None:
    at, effect = ctx.now(), plan.effect
    for row, last in plan.ends:
        communes.end(work.connection, row.code, row.valid_from, last)
    communes.put(work.connection, plan.begins)
    communes.put_changes(work.connection, plan.changes)
    procedures.install(work.connection, InstalledVersion(KIND, effect.version, None, None), at)
    data = {"before": effect.before, "version": effect.version, "changed": len(effect.lines), "sha256": sha256}
    work.record(OfficeEvent.UNITS_IMPORTED, at, data, officer_id=officer_id)
