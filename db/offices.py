"""The centre's surroundings: units and their succession, officers, the working calendar and office hours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from db.rows import DayRow, OfficerRow, SessionRow
from db.tables import CalendarDay, Officer, OfficeSession, Unit, UnitSuccession

U = Unit.__table__  # type: ignore[attr-defined]
S = UnitSuccession.__table__  # type: ignore[attr-defined]
A = Officer.__table__  # type: ignore[attr-defined]
C = CalendarDay.__table__  # type: ignore[attr-defined]
H = OfficeSession.__table__  # type: ignore[attr-defined]
_UNIT = select(U).where(U.c.code == bindparam("wanted")).order_by(U.c.valid_from)


class UnitRow(Struct, frozen=True):
    """A unit in one period of validity."""

    code: str
    name: str
    full_name: str
    province_code: str
    province_name: str
    valid_from: date
    valid_to: date | None


class Successor(Struct, frozen=True):
    """A new unit that holds an old commune, wholly or partly."""

    code: str
    name: str
    province: str
    partly: bool


def put_units(connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write units in bulk."""
    connection.execute(insert(U), list(rows))


def put_successions(connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write the old-to-new mapping in bulk."""
    connection.execute(insert(S), list(rows))


def unit(connection: Connection, code: str, on: date | None = None) -> UnitRow | None:
    """Return a unit as it is on a day: in the last period that has begun by then, else in its first.

    Without a day it is the newest.
    """
    rows = connection.execute(_UNIT, {"wanted": code}).all()
    if not rows:
        return None
    begun = [row for row in rows if on is None or row.valid_from <= on]
    row = begun[-1] if begun else rows[0]
    return UnitRow(
        row.code, row.name, row.full_name, row.province_code, row.province_name, row.valid_from, row.valid_to
    )


def successors(connection: Connection, old_folded: str) -> list[Successor]:
    """Return the units that took over the commune whose folded name, district and province this is."""
    rows = connection.execute(select(S).where(S.c.old_folded == old_folded).order_by(S.c.new_code))
    return [Successor(row.new_code, row.new_name, row.new_province, row.partly) for row in rows]


def add_officer(connection: Connection, name: str, role: str, at: datetime, pin_hash: str | None = None) -> int:
    """Add an officer and return the id."""
    values = {"name": name, "role": role, "pin_hash": pin_hash, "active": True, "created_at": at}
    return int(connection.execute(insert(A).returning(A.c.id), values).scalar_one())


def officers(connection: Connection) -> list[OfficerRow]:
    """Return all officers by id, the disabled too, because events name them."""
    rows = connection.execute(select(A).order_by(A.c.id))
    return [OfficerRow(row.id, row.name, row.role, row.active, row.pin_hash is not None) for row in rows]


def pin_hash(connection: Connection, officer_id: int) -> str | None:
    """Return the hash an officer's PIN is checked against; None where there is no PIN."""
    return connection.execute(select(A.c.pin_hash).where(A.c.id == officer_id)).scalar()


def set_pin(connection: Connection, officer_id: int, pin_hash: str) -> None:
    """Give an officer another PIN, as a hash."""
    connection.execute(update(A).where(A.c.id == officer_id).values(pin_hash=pin_hash))


def set_active(connection: Connection, officer_id: int, *, active: bool) -> None:
    """Disable an officer, or enable one again; either way without a PIN."""
    connection.execute(update(A).where(A.c.id == officer_id).values(active=active, pin_hash=None))


def calendar_days(connection: Connection) -> list[DayRow]:
    """Return the calendar's exceptions by date."""
    rows = connection.execute(select(C).order_by(C.c.day))
    return [DayRow(row.day, row.counts, row.open, row.note, row.source) for row in rows]


def replace_calendar(connection: Connection, rows: Iterable[DayRow]) -> None:
    """Put a whole calendar in place of the installed one."""
    connection.execute(delete(C))
    values = [{"day": r.day, "counts": r.counts, "open": r.open, "note": r.note, "source": r.source} for r in rows]
    if values:
        connection.execute(insert(C), values)


def sessions(connection: Connection) -> list[SessionRow]:
    """Return the office sessions by validity and time."""
    rows = connection.execute(select(H).order_by(H.c.valid_from, H.c.start))
    return [SessionRow(row.valid_from, row.start, row.end) for row in rows]


def replace_sessions(connection: Connection, rows: Iterable[SessionRow]) -> None:
    """Put all office hours in place of the installed ones."""
    connection.execute(delete(H))
    found = list(rows)
    if found:
        put_sessions(connection, found)


def put_sessions(connection: Connection, rows: Iterable[SessionRow]) -> None:
    """Write office hours."""
    connection.execute(insert(H), [{"valid_from": r.valid_from, "start": r.start, "end": r.end} for r in rows])
