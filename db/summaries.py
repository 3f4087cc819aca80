"""Daily files, their state on the way, the province's receipts, and the key that signs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Row, func, insert, select, update

from db.breaks import X, superseded
from db.rows import Outgoing
from db.tables import DailyFileRow, OutboxItem, ReceiptRow, SigningKey

F = DailyFileRow.__table__  # type: ignore[attr-defined]
B = OutboxItem.__table__  # type: ignore[attr-defined]
R = ReceiptRow.__table__  # type: ignore[attr-defined]
K = SigningKey.__table__  # type: ignore[attr-defined]


class SealedFile(Struct, frozen=True):
    """A sealed daily file with its bytes; its interval of the journal is (journal_from, journal_to]."""

    seq: int
    day: date
    journal_from: int
    journal_to: int
    head: str
    as_of: datetime
    created: datetime
    sha256: str
    content: bytes


class TakenReceipt(Struct, frozen=True):
    """A verified receipt as kept."""

    sha256: str
    receipt_for: str
    status: str
    reason: str
    province_seq: int
    province_time: datetime
    content: bytes


class KeyPair(Struct, frozen=True):
    """The installation's signing key in OpenSSH form."""

    fingerprint: str
    public_key: str
    private_key: str


def last_file(connection: Connection) -> SealedFile | None:
    """Return the newest sealed file that no reset supersedes."""
    row = connection.execute(select(F).where(~superseded(F.c.seq)).order_by(F.c.seq.desc()).limit(1)).first()
    return _file(row) if row else None


def files(connection: Connection, first: date | None = None, last: date | None = None) -> list[SealedFile]:
    """Return the sealed files of a span of days, by seq; not those that a reset supersedes."""
    query = select(F).where(~superseded(F.c.seq))
    if first is not None:
        query = query.where(F.c.day >= first)
    if last is not None:
        query = query.where(F.c.day <= last)
    return [_file(row) for row in connection.execute(query.order_by(F.c.seq))]


def file_at(connection: Connection, seq: int) -> SealedFile | None:
    """Return the sealed file of a number."""
    row = connection.execute(select(F).where(F.c.seq == seq)).first()
    return _file(row) if row else None


def hashes(connection: Connection) -> dict[str, int]:
    """Return the SHA-256 and number of every file that was sealed here, superseded or not."""
    return {row.sha256: row.seq for row in connection.execute(select(F.c.sha256, F.c.seq))}


def file_before(connection: Connection, seq: int) -> SealedFile | None:
    """Return the file before a seq."""
    row = connection.execute(select(F).where(F.c.seq < seq).order_by(F.c.seq.desc()).limit(1)).first()
    return _file(row) if row else None


def put_file(connection: Connection, file: SealedFile) -> None:
    """Keep a newly sealed file and queue it."""
    connection.execute(insert(F), {name: getattr(file, name) for name in F.c.keys()})  # noqa: SIM118
    connection.execute(
        insert(B),
        {
            "sha256": file.sha256,
            "seq": file.seq,
            "state": "sealed",
            "tries": 0,
            "way": "",
            "reason": "",
            "changed_at": file.created,
        },
    )


def outgoing(connection: Connection, limit: int | None = None) -> list[Outgoing]:
    """Return the files and resets and how far each has come, newest first; not those that a reset supersedes."""
    both = B.outerjoin(F, F.c.sha256 == B.c.sha256).outerjoin(X, X.c.sha256 == B.c.sha256)
    day = func.coalesce(F.c.day, X.c.made).label("day")
    query = select(B, day).select_from(both).where(day.is_not(None), ~superseded(B.c.seq)).order_by(B.c.seq.desc())
    if limit is not None:
        query = query.limit(limit)
    return [
        Outgoing(r.seq, r.day, r.sha256, r.state, r.tries, r.way, r.reason, r.changed_at)
        for r in connection.execute(query)
    ]


def sealed_at(connection: Connection) -> dict[str, datetime]:
    """Return when each file was sealed, by its hash."""
    return {row.sha256: row.created for row in connection.execute(select(F.c.sha256, F.c.created))}


def move(connection: Connection, found: Outgoing) -> bool:
    """Write how far a file has come; True if that is news."""
    row = connection.execute(select(B).where(B.c.sha256 == found.sha256)).first()
    state = (found.state, found.tries, found.way, found.reason)
    if row is None or (row.state, row.tries, row.way, row.reason) == state:
        return False
    values = dict(zip(("state", "tries", "way", "reason"), state, strict=True)) | {"changed_at": found.changed_at}
    connection.execute(update(B).where(B.c.sha256 == found.sha256).values(values))
    return True


def take_receipt(connection: Connection, receipt: TakenReceipt, at: datetime) -> bool:
    """Keep a verified receipt; False if it is already here."""
    if connection.execute(select(R.c.sha256).where(R.c.sha256 == receipt.sha256)).first() is not None:
        return False
    values = {name: getattr(receipt, name) for name in R.c.keys() if name != "taken_at"}  # noqa: SIM118
    connection.execute(insert(R), values | {"taken_at": at})
    return True


def receipts_for(connection: Connection, sha256: str) -> list[TakenReceipt]:
    """Return the receipts of a file in the province's order."""
    query = select(R).where(R.c.receipt_for == sha256).order_by(R.c.province_seq)
    return [
        TakenReceipt(r.sha256, r.receipt_for, r.status, r.reason, r.province_seq, r.province_time, r.content)
        for r in connection.execute(query)
    ]


def signing_key(connection: Connection) -> KeyPair | None:
    """Return the key in use."""
    row = connection.execute(select(K).where(K.c.retired_at.is_(None))).first()
    return KeyPair(row.fingerprint, row.public_key, row.private_key) if row else None


def signing_keys(connection: Connection) -> list[KeyPair]:
    """Return the key in use and those it replaced, oldest first."""
    rows = connection.execute(select(K).order_by(K.c.created_at))
    return [KeyPair(row.fingerprint, row.public_key, row.private_key) for row in rows]


def put_key(connection: Connection, key: KeyPair, at: datetime) -> None:
    """Keep the installation's key."""
    values = {"fingerprint": key.fingerprint, "public_key": key.public_key, "private_key": key.private_key}
    connection.execute(insert(K), {**values, "created_at": at, "retired_at": None})


def _file(row: Row[*tuple[Any, ...]]) -> SealedFile:
    return SealedFile(
        row.seq,
        row.day,
        row.journal_from,
        row.journal_to,
        row.head,
        row.as_of,
        row.created,
        row.sha256,
        bytes(row.content),
    )
