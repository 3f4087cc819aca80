"""What a province asks and writes for the files that come in: for many units at once, as each question costs.

Every statement is of the subset that SQLite, PostgreSQL and its distributed kin share.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import BindParameter, Connection, bindparam, func, insert, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from db.provinces import MERGED, PLACED, F, FileRow, GivenReceipt, K, KeyRow, N, R, U, UnitRow, unit


class Stand(Struct):
    """Where a unit's chain stands: what waits for a place beyond its end, by number, and its last file.

    `day` and `merged` are of the file that used up the last place; `stock` is what it left open by procedure.
    """

    waiting: dict[int, str]
    merged: bool = False
    day: date | None = None
    sha256: str = ""
    stock: dict[str, int] = {}


class NewFigures(Struct, frozen=True):
    """The counters of one merged file."""

    unit: str
    seq: int
    day: date
    rows: Mapping[str, Mapping[str, int]]


_CODES: BindParameter[str] = bindparam("codes", expanding=True)
_KEYS = select(K).where(K.c.fingerprint.in_(bindparam("fingerprints", expanding=True)))
_KEPT = (
    select(F.c.unit, func.count(), func.coalesce(func.sum(func.length(F.c.content)), 0))
    .where(F.c.unit.in_(_CODES), F.c.received_at >= bindparam("since"))
    .group_by(F.c.unit)
)
_LEFT_OPEN = (
    (N.c.unit == F.c.unit)
    & (N.c.seq == F.c.seq)
    & (N.c.seq == U.c.last_seq)
    & N.c.counter.in_(bindparam("counters", expanding=True))
)
_STANDS = (
    select(F.c.unit, F.c.seq, F.c.sha256, F.c.day, F.c.status, U.c.last_seq, N.c.procedure, N.c.value)
    .select_from(U.join(F, (F.c.unit == U.c.unit) & (F.c.seq >= U.c.last_seq)).outerjoin(N, _LEFT_OPEN))
    .where(U.c.unit.in_(_CODES), *PLACED)
)
_PUT_FILES, _PUT_FIGURES, _PUT_RECEIPTS = insert(F), insert(N), insert(R)
_CELL = ("unit", "seq", "day", "procedure", "counter", "value")
_PUT_ARRAYS = _PUT_FIGURES.from_select(
    _CELL, select(*(func.unnest(bindparam(f"all_{name}", type_=ARRAY(N.c[name].type))) for name in _CELL))
)
"""The figures as columns: row by row a server and its client wait for each other some twenty times a file."""
_MOVE = update(U).where(U.c.unit == bindparam("code"))


def lock_units(connection: Connection, codes: Collection[str]) -> dict[str, UnitRow]:
    """Return units by code that no one else changes before this transaction ends; always locked in the same order."""
    # One by one: a distributed server locks no rows of several places by one statement.
    rows = (unit(connection, code, lock=True) for code in sorted(codes))
    return {row.unit: row for row in rows if row is not None}


def keys_of(connection: Connection, fingerprints: Collection[str]) -> dict[str, KeyRow]:
    """Return the keys on the list among some fingerprints."""
    if not fingerprints:
        return {}
    found = connection.execute(_KEYS, {"fingerprints": list(fingerprints)})
    return {row.fingerprint: KeyRow(**row._mapping) for row in found}


def kept_since(connection: Connection, codes: Collection[str], since: datetime) -> dict[str, tuple[int, int]]:
    """Return, by unit, how many files arrived since an instant, and their bytes."""
    found = connection.execute(_KEPT, {"codes": list(codes), "since": since})
    return {code: (int(number), int(size)) for code, number, size in found}


def stands(connection: Connection, codes: Collection[str], counters: Sequence[str]) -> dict[str, Stand]:
    """Return where the chains of units stand; `counters` are those of the stock."""
    found = {code: Stand({}) for code in codes}
    for code, seq, sha256, day, status, last, procedure, value in connection.execute(
        _STANDS, {"codes": list(codes), "counters": list(counters)}
    ):
        here = found[code]
        if seq > last:
            here.waiting[seq] = sha256
            continue
        here.merged, here.day, here.sha256 = status == MERGED, day, sha256
        if procedure is not None:
            here.stock[procedure] = here.stock.get(procedure, 0) + value
    return found


def write(
    connection: Connection,
    files: Collection[FileRow],
    figures: Collection[NewFigures],
    receipts: Collection[GivenReceipt],
    units: Collection[UnitRow],
) -> None:
    """Keep new files, figures and receipts, and write where units stand now."""
    if files:
        connection.execute(_PUT_FILES, [asdict(row) for row in files])
    cells = [
        (each.unit, each.seq, each.day, procedure, counter, value)
        for each in figures
        for procedure, line in each.rows.items()
        for counter, value in line.items()
    ]
    if cells and connection.dialect.name == "postgresql":
        columns = zip(_CELL, zip(*cells, strict=True), strict=True)
        connection.execute(_PUT_ARRAYS, {f"all_{name}": list(column) for name, column in columns})
    elif cells:
        connection.execute(_PUT_FIGURES, [dict(zip(_CELL, cell, strict=True)) for cell in cells])
    if receipts:
        connection.execute(_PUT_RECEIPTS, [asdict(row) for row in receipts])
    if units:
        rows = [asdict(row) for row in units]
        connection.execute(_MOVE, [{"code": row.pop("unit"), **row} for row in rows])
