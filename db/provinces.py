"""What a province keeps: units and their keys, the files and figures it took, the receipts it gave.

Every statement is of the subset that SQLite, PostgreSQL and its distributed kin share.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import Connection, Row, Select, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from db.errors import RecordError, RecordFault
from db.tables import (
    ProvinceFigure,
    ProvinceFile,
    ProvinceKey,
    ProvinceReceipt,
    ProvinceRejection,
    ProvinceSetting,
    ProvinceUnit,
)

S = ProvinceSetting.__table__  # type: ignore[attr-defined]
U = ProvinceUnit.__table__  # type: ignore[attr-defined]
K = ProvinceKey.__table__  # type: ignore[attr-defined]
F = ProvinceFile.__table__  # type: ignore[attr-defined]
N = ProvinceFigure.__table__  # type: ignore[attr-defined]
R = ProvinceReceipt.__table__  # type: ignore[attr-defined]
X = ProvinceRejection.__table__  # type: ignore[attr-defined]

FORK = "fork"
"""Reason of a file that has its `seq` in common with the one in the chain."""
RESET_WAITING = "reset_waiting"
"""Reason of a reset nobody has decided on yet, and of the files behind it."""
RESET_BEHIND, RESET_REFUSED, SUPERSEDED = "reset_behind", "reset_refused", "superseded"
RETIRED_KEY = "retired_key"
"""Reason of a file that waited while its key was retired: the place is the successor's."""
ASIDE = (FORK, RESET_BEHIND, RESET_REFUSED, SUPERSEDED, RETIRED_KEY)
"""Reasons of what has no place in the chain, whatever its number."""
MERGED, HELD, REFUSED = "merged", "held", "refused"
REJECTIONS = 10_000
"""How many rejections are remembered; the oldest give way."""

_AGAIN = frozenset({"40001", "40P01"})


class UnitRow(Struct, frozen=True):
    """A unit, and where its chains stand: the last file that has its place, the last receipt given.

    `last_day` is the last day it reports for once it is retired.
    """

    unit: str
    name: str
    go_live: date | None
    enrolled_at: datetime
    last_seq: int = 0
    last_sha256: str = ""
    last_head: str = ""
    last_province_seq: int = 0
    last_receipt: str = ""
    last_day: date | None = None


class KeyRow(Struct, frozen=True):
    """A key of a unit in OpenSSH's public form."""

    unit: str
    fingerprint: str
    public_key: str
    enrolled_at: datetime
    last_seq: int | None
    retired_at: datetime | None = None


class FileRow(Struct, frozen=True):
    """A kept file; `seq`, `day` and `created` are None where the content could not be believed."""

    unit: str
    sha256: str
    seq: int | None
    day: date | None
    status: str
    reason: str
    received_at: datetime
    created: datetime | None
    content: bytes


class Unmerged(Struct, frozen=True):
    """A file that is held or refused, without its bytes."""

    unit: str
    sha256: str
    seq: int | None
    day: date | None
    status: str
    reason: str


class GivenReceipt(Struct, frozen=True):
    """A receipt as given."""

    unit: str
    province_seq: int
    receipt_for: str
    status: str
    issued_at: datetime
    content: bytes


_UNIT = select(U).where(U.c.unit == bindparam("code"))
_UNIT_LOCKED = _UNIT.with_for_update()
_MOVE_UNIT = update(U).where(U.c.unit == bindparam("code"))
_KEY = select(K).where(K.c.fingerprint == bindparam("fingerprint"))
_PUT_FILE = insert(F)
PLACED = tuple(F.c.reason != each for each in ASIDE)
"""A file that has a place in a chain, or waits for it."""
_FILE_AT = select(F).where(F.c.unit == bindparam("code"), F.c.seq == bindparam("at"), *PLACED)
_SETTLE = update(F).where(F.c.unit == bindparam("code"), F.c.sha256 == bindparam("digest"))
_LATEST = select(R).where(R.c.receipt_for == bindparam("digest")).order_by(R.c.province_seq.desc()).limit(1)
"""What is asked of every file that comes in is put together once: that costs more than the asking itself."""


def retryable(error: RecordError) -> bool:
    """Say whether the same transaction may succeed when it is tried again."""
    cause = getattr(error.__cause__, "orig", None)
    return error.fault is RecordFault.BUSY or getattr(cause, "sqlstate", None) in _AGAIN


def setting(connection: Connection, name: str) -> str | None:
    """Return a setting of the province."""
    found: str | None = connection.execute(select(S.c.value).where(S.c.name == name)).scalar()
    return found


def put_setting(connection: Connection, name: str, value: str) -> None:
    """Write a setting that is not there yet."""
    connection.execute(insert(S), {"name": name, "value": value})


def unit(connection: Connection, code: str, *, lock: bool = False) -> UnitRow | None:
    """Return a unit; with `lock` no one else changes it before this transaction ends."""
    row = connection.execute(_UNIT_LOCKED if lock else _UNIT, {"code": code}).first()
    return None if row is None else UnitRow(**row._mapping)


def units(connection: Connection) -> list[UnitRow]:
    """Return all units by code."""
    return [UnitRow(**row._mapping) for row in connection.execute(select(U).order_by(U.c.unit))]


def put_unit(connection: Connection, row: UnitRow) -> None:
    """Add a unit."""
    connection.execute(insert(U), asdict(row))


def move_unit(connection: Connection, row: UnitRow) -> None:
    """Write where a unit stands now."""
    values = asdict(row)
    connection.execute(_MOVE_UNIT, {"code": values.pop("unit"), **values})


def key(connection: Connection, fingerprint: str) -> KeyRow | None:
    """Return the key of a fingerprint."""
    row = connection.execute(_KEY, {"fingerprint": fingerprint}).first()
    return None if row is None else KeyRow(**row._mapping)


def keys(connection: Connection) -> list[KeyRow]:
    """Return all keys by unit, oldest first."""
    query = select(K).order_by(K.c.unit, K.c.enrolled_at, K.c.fingerprint)
    return [KeyRow(**row._mapping) for row in connection.execute(query)]


def retire_others(connection: Connection, code: str, fingerprint: str, last_seq: int, at: datetime) -> None:
    """Let a unit's other keys in use sign nothing beyond a number."""
    others = (K.c.unit == code, K.c.fingerprint != fingerprint, K.c.last_seq.is_(None))
    connection.execute(update(K).where(*others).values(last_seq=last_seq, retired_at=at))


def retire_key(connection: Connection, code: str, fingerprint: str, last_seq: int, at: datetime) -> None:
    """Let one key of a unit sign nothing beyond a number."""
    one = (K.c.unit == code, K.c.fingerprint == fingerprint)
    connection.execute(update(K).where(*one).values(last_seq=last_seq, retired_at=at))


def put_key(connection: Connection, row: KeyRow) -> None:
    """Add a key."""
    connection.execute(insert(K), asdict(row))


def file_at(connection: Connection, code: str, seq: int) -> FileRow | None:
    """Return the file that has the place `seq` in a unit's chain, or waits for it."""
    found = _files(connection, _FILE_AT, code=code, at=seq)
    return found[0] if found else None


def unnumbered(connection: Connection, code: str, sha256: str) -> FileRow | None:
    """Return a refused file of a unit whose number is not known."""
    wanted = (F.c.unit == code, F.c.sha256 == sha256, F.c.seq.is_(None), F.c.status == REFUSED)
    found = _files(connection, select(F).where(*wanted))
    return found[0] if found else None


def file_of(connection: Connection, code: str, sha256: str) -> FileRow:
    """Return a kept file of a unit; RecordError MISSING if it is not here."""
    found = _files(connection, select(F).where(F.c.unit == code, F.c.sha256 == sha256))
    if not found:
        raise RecordError(RecordFault.MISSING, sha256)
    return found[0]


def messages(connection: Connection) -> list[FileRow]:
    """Return the units' messages, oldest first: kept files that are merged and have no number."""
    query = select(F).where(F.c.status == MERGED, F.c.seq.is_(None))
    return _files(connection, query.order_by(F.c.received_at, F.c.unit, F.c.sha256))


def aside_reason(connection: Connection, code: str, sha256: str) -> str | None:
    """Return why a kept file of a unit has no place in its chain; None if it has, waits for one, or is not here."""
    query = select(F.c.reason).where(F.c.unit == code, F.c.sha256 == sha256, F.c.reason.in_(ASIDE))
    found: str | None = connection.execute(query).scalar()
    return found


class Placed(Struct, frozen=True):
    """A file with a place in the chain or a claim to one, without its bytes; a reset has no day."""

    seq: int
    sha256: str
    day: date | None
    status: str


def placed(connection: Connection, code: str, after: int, before: int) -> list[Placed]:
    """Return what has, had or waits for the places between two numbers of a unit's chain, by number."""
    here = (F.c.unit == code, F.c.seq > after, F.c.seq < before, F.c.reason.not_in((FORK, RESET_BEHIND)))
    query = select(F.c.seq, F.c.sha256, F.c.day, F.c.status).where(*here).order_by(F.c.seq, F.c.sha256)
    return [Placed(**row._mapping) for row in connection.execute(query)]


def held_files(connection: Connection, code: str) -> list[FileRow]:
    """Return the files of a unit that wait, by number."""
    return _files(connection, select(F).where(F.c.unit == code, F.c.status == HELD).order_by(F.c.seq, F.c.sha256))


def put_file(connection: Connection, row: FileRow) -> None:
    """Keep a file with its bytes."""
    connection.execute(_PUT_FILE, asdict(row))


def settle_file(connection: Connection, row: FileRow) -> None:
    """Write the number, status and reason of a kept file."""
    values = {"seq": row.seq, "status": row.status, "reason": row.reason}
    connection.execute(_SETTLE, {"code": row.unit, "digest": row.sha256, **values})


def unmerged(connection: Connection) -> list[Unmerged]:
    """Return every file that is held or refused, by unit and number."""
    columns = (F.c.unit, F.c.sha256, F.c.seq, F.c.day, F.c.status, F.c.reason)
    query = (
        select(*columns)
        .where(F.c.status != MERGED)
        .order_by(F.c.unit, F.c.seq.nulls_first(), F.c.received_at, F.c.sha256)
    )
    return [Unmerged(**row._mapping) for row in connection.execute(query)]


def arrivals(connection: Connection, last: date) -> dict[str, dict[date, datetime]]:
    """Return, by unit, the days up to `last` with a merged file and when the first of each arrived."""
    first = func.min(F.c.received_at, type_=F.c.received_at.type)
    query = select(F.c.unit, F.c.day, first).where(F.c.status == MERGED, F.c.day <= last).group_by(F.c.unit, F.c.day)
    found: dict[str, dict[date, datetime]] = {}
    for code, day, at in connection.execute(query):
        found.setdefault(code, {})[day] = at
    return found


def latest_receipt(connection: Connection, receipt_for: str) -> GivenReceipt | None:
    """Return the newest receipt for a file."""
    row = connection.execute(_LATEST, {"digest": receipt_for}).first()
    return None if row is None else _receipt(row)


def latest_receipts(connection: Connection, digests: Collection[str]) -> dict[str, GivenReceipt]:
    """Return the newest receipts of some files, those that have one, by hash."""
    query = select(R).where(R.c.receipt_for.in_(digests)).order_by(R.c.province_seq)
    return {row.receipt_for: _receipt(row) for row in connection.execute(query)}


def receipts(connection: Connection, code: str) -> list[GivenReceipt]:
    """Return all receipts of a unit in order."""
    query = select(R).where(R.c.unit == code).order_by(R.c.province_seq)
    return [_receipt(row) for row in connection.execute(query)]


def receipts_after(connection: Connection, code: str, after: int, limit: int) -> list[GivenReceipt]:
    """Return the newest receipt of each file of a unit, those numbered above `after`, by number."""
    newest = select(func.max(R.c.province_seq)).where(R.c.unit == code).group_by(R.c.receipt_for)
    query = select(R).where(R.c.unit == code, R.c.province_seq > after, R.c.province_seq.in_(newest))
    return [_receipt(row) for row in connection.execute(query.order_by(R.c.province_seq).limit(limit))]


def log_rejection(connection: Connection, sha256: str, reason: str, at: datetime) -> None:
    """Remember the hash of what was not taken; the same again is counted."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    draft = dialect.insert(X).values(sha256=sha256, reason=reason, first_seen=at, times=1)
    again = {"times": X.c.times + 1, "reason": reason}
    connection.execute(draft.on_conflict_do_update(index_elements=[X.c.sha256], set_=again))
    extra = int(connection.execute(select(func.count()).select_from(X)).scalar_one()) - REJECTIONS
    if extra > 0:
        oldest = select(X.c.sha256).order_by(X.c.first_seen, X.c.sha256).limit(extra)
        gone = [row.sha256 for row in connection.execute(oldest)]
        connection.execute(delete(X).where(X.c.sha256.in_(gone)))


def rejections(connection: Connection) -> list[tuple[str, str, int]]:
    """Return hash, reason and number of times of what was not taken, oldest first."""
    query = select(X.c.sha256, X.c.reason, X.c.times).order_by(X.c.first_seen, X.c.sha256)
    return [(row.sha256, row.reason, row.times) for row in connection.execute(query)]


def _files(connection: Connection, query: Select[Any], **named: object) -> list[FileRow]:
    found = [dict(row._mapping) for row in connection.execute(query, named)]
    return [FileRow(**{**values, "content": bytes(values["content"])}) for values in found]


def _receipt(row: Row[*tuple[Any, ...]]) -> GivenReceipt:
    values = dict(row._mapping)
    return GivenReceipt(**{**values, "content": bytes(values["content"])})


def rows_of(cells: Iterable[Any]) -> dict[str, dict[str, int]]:
    """Return counters by procedure, from rows of procedure, counter and value."""
    found: dict[str, dict[str, int]] = {}
    for procedure, counter, value in cells:
        found.setdefault(procedure, {})[counter] = value
    return found
