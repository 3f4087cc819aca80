"""The catalogue of procedures: versions, what is switched on, what is installed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, bindparam, insert, or_, select, update
from sqlalchemy.engine import RowMapping

from db.rows import InstalledVersion
from db.tables import Procedure, ReferenceVersion

T = Procedure.__table__  # type: ignore[attr-defined]
V = ReferenceVersion.__table__  # type: ignore[attr-defined]


class ProcedureRow(Struct, frozen=True):
    """One version of a procedure; `components` are the papers it asks for."""

    code: str
    version: int
    valid_from: date
    valid_to: date | None
    name: str
    name_folded: str
    field: str
    core: bool
    enabled: bool
    limit_text: str
    local_limit: str
    limit_confidence: str
    time_limit_text: str
    variants: str
    mode: str
    new_limit: str
    supplement_term: int
    components: tuple[str, ...]
    fee_vnd: int | None
    fee_note: str
    online_level: str
    legal_basis: str
    scope: str
    ministry: str
    confidence: str
    successor_code: str
    note: str


_NAMES = ProcedureRow.__struct_fields__
_SELECT = select(*(T.c[name] for name in _NAMES))
_NAMES_OF = select(T.c.code, T.c.version, T.c.name).where(T.c.code.in_(bindparam("wanted", expanding=True)))
_VERSION = _SELECT.where(T.c.code == bindparam("wanted"), T.c.version == bindparam("number"))


def version(connection: Connection, code: str, number: int) -> ProcedureRow | None:
    """Return one version of a procedure."""
    return _one(connection.execute(_VERSION, {"wanted": code, "number": number}).mappings().first())


def names(connection: Connection, codes: Iterable[str]) -> dict[tuple[str, int], str]:
    """Return the names of all versions of some procedures, by code and version."""
    rows = connection.execute(_NAMES_OF, {"wanted": sorted(set(codes))})
    return {(row.code, row.version): row.name for row in rows}


def current(connection: Connection, code: str, on: date) -> ProcedureRow | None:
    """Return the version of a procedure in force on a date."""
    query = _SELECT.where(T.c.code == code, T.c.valid_from <= on, or_(T.c.valid_to.is_(None), T.c.valid_to >= on))
    return _one(connection.execute(query.order_by(T.c.version.desc()).limit(1)).mappings().first())


def newest(connection: Connection, code: str) -> ProcedureRow | None:
    """Return the newest version of a procedure, in force or not."""
    query = _SELECT.where(T.c.code == code).order_by(T.c.version.desc()).limit(1)
    return _one(connection.execute(query).mappings().first())


def in_force(connection: Connection, on: date, *, enabled: bool | None = True) -> list[ProcedureRow]:
    """Return the procedures in force on a date, by code; `enabled` None for all."""
    query = _SELECT.where(T.c.valid_from <= on, or_(T.c.valid_to.is_(None), T.c.valid_to >= on))
    if enabled is not None:
        query = query.where(T.c.enabled == enabled)
    return [_row(row) for row in connection.execute(query.order_by(T.c.code, T.c.version)).mappings()]


def limits_in_force(connection: Connection, on: date) -> set[str]:
    """Return the limits, as texts, of the procedures that are in force on a date and switched on."""
    query = select(T.c.limit_text).where(T.c.valid_from <= on, or_(T.c.valid_to.is_(None), T.c.valid_to >= on))
    return set(connection.execute(query.where(T.c.enabled).distinct()).scalars())


def every(connection: Connection) -> list[ProcedureRow]:
    """Return all versions of all procedures, by code and version."""
    return [_row(row) for row in connection.execute(_SELECT.order_by(T.c.code, T.c.version)).mappings()]


def put(connection: Connection, rows: Iterable[ProcedureRow]) -> None:
    """Write new versions; the version before is closed by `close`."""
    values = [_values(row) for row in rows]
    if values:
        connection.execute(insert(T), values)


def close(connection: Connection, code: str, number: int, last_day: date) -> None:
    """End the validity of a version."""
    connection.execute(update(T).where(T.c.code == code, T.c.version == number).values(valid_to=last_day))


def switch(connection: Connection, code: str, *, enabled: bool) -> None:
    """Switch a procedure on or off at this centre."""
    connection.execute(update(T).where(T.c.code == code).values(enabled=enabled))


def fields_of(connection: Connection) -> dict[str, str]:
    """Return the field of administration of every procedure code, by its newest version."""
    rows = connection.execute(select(T.c.code, T.c.field).order_by(T.c.code, T.c.version))
    return {row.code: row.field for row in rows}


def installed(connection: Connection, kind: str) -> InstalledVersion | None:
    """Return the installed version of `catalogue` or `calendar`."""
    row = connection.execute(select(V).where(V.c.kind == kind)).first()
    return InstalledVersion(row.kind, row.version, row.first, row.last) if row else None


def install(connection: Connection, found: InstalledVersion, at: datetime) -> None:
    """Remember what is installed."""
    values = {"version": found.version, "first": found.first, "last": found.last, "installed_at": at}
    if connection.execute(update(V).where(V.c.kind == found.kind).values(values)).rowcount == 0:
        connection.execute(insert(V), {"kind": found.kind, **values})


def _values(row: ProcedureRow) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in _NAMES}
    return values | {"components": json.dumps(row.components, ensure_ascii=False)}


def _row(found: RowMapping) -> ProcedureRow:
    values = dict(found)
    values["components"] = tuple(json.loads(values["components"]))
    return ProcedureRow(**values)


def _one(found: RowMapping | None) -> ProcedureRow | None:
    return _row(found) if found is not None else None
