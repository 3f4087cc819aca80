"""Resets of restored desks as a province keeps them.

Every statement is of the subset that SQLite, PostgreSQL and its distributed kin share.
"""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import Connection, insert, select, update

from db.tables import ProvinceReset

Z = ProvinceReset.__table__  # type: ignore[attr-defined]

WAITING, ACCEPTED, REFUSED = "waiting", "accepted", "refused"


class ResetRow(Struct, frozen=True):
    """A reset and what was decided on it; `before_seq` is the last place used up when it was accepted."""

    unit: str
    sha256: str
    seq: int
    day: date
    status: str
    received_at: datetime
    decided_at: datetime | None = None
    before_seq: int | None = None
    note: str = ""


def put(connection: Connection, row: ResetRow) -> None:
    """Keep a reset."""
    connection.execute(insert(Z), asdict(row))


def decide(connection: Connection, row: ResetRow) -> None:
    """Write what was decided on a reset."""
    values = {"status": row.status, "decided_at": row.decided_at, "before_seq": row.before_seq, "note": row.note}
    connection.execute(update(Z).where(Z.c.unit == row.unit, Z.c.sha256 == row.sha256).values(values))


def of(connection: Connection, code: str, sha256: str) -> ResetRow | None:
    """Return a reset by its hash; None for what is none."""
    row = connection.execute(select(Z).where(Z.c.unit == code, Z.c.sha256 == sha256)).first()
    return None if row is None else ResetRow(**row._mapping)


def resets(connection: Connection, code: str | None = None) -> list[ResetRow]:
    """Return all resets, or those of a unit, by unit and number."""
    query = select(Z).order_by(Z.c.unit, Z.c.seq, Z.c.received_at, Z.c.sha256)
    if code is not None:
        query = query.where(Z.c.unit == code)
    return [ResetRow(**row._mapping) for row in connection.execute(query)]
