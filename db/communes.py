"""Communes as they change after the shipped table: their periods of validity, and which went into which."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import Connection, insert, select, update

from db.tables import Unit, UnitChange

U = Unit.__table__  # type: ignore[attr-defined]
C = UnitChange.__table__  # type: ignore[attr-defined]


class CommuneRow(Struct, frozen=True):
    """A commune in one period of validity."""

    code: str
    valid_from: date
    valid_to: date | None
    name: str
    full_name: str
    name_folded: str
    province_code: str
    province_name: str
    note: str = ""


class ChangeRow(Struct, frozen=True):
    """A commune that was until a day, and one that it went into from that day on."""

    valid_from: date
    old_code: str
    new_code: str
    old_name: str
    old_province: str
    partly: bool


def every(connection: Connection) -> list[CommuneRow]:
    """Return all communes in all their periods, by code and day."""
    return [CommuneRow(**row._mapping) for row in connection.execute(select(U).order_by(U.c.code, U.c.valid_from))]


def put(connection: Connection, rows: Iterable[CommuneRow]) -> None:
    """Write communes that begin a period."""
    values = [asdict(row) for row in rows]
    if values:
        connection.execute(insert(U), values)


def end(connection: Connection, code: str, valid_from: date, last_day: date) -> None:
    """End a period of a commune."""
    connection.execute(update(U).where(U.c.code == code, U.c.valid_from == valid_from).values(valid_to=last_day))


def changes(connection: Connection) -> list[ChangeRow]:
    """Return which communes went into which, by day."""
    query = select(C).order_by(C.c.valid_from, C.c.old_code, C.c.new_code)
    return [ChangeRow(**row._mapping) for row in connection.execute(query)]


def put_changes(connection: Connection, rows: Iterable[ChangeRow]) -> None:
    """Write which communes went into which."""
    values = [asdict(row) for row in rows]
    if values:
        connection.execute(insert(C), values)
