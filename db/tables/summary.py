"""Daily files, their way out, the province's receipts, and the key that signs."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field

from db.tables.base import DeskTable
from db.types import Instant


class SigningKey(DeskTable, table=True):
    """The installation's Ed25519 key in OpenSSH form; the private part never leaves the encrypted database."""

    __tablename__ = "signing_key"
    fingerprint: str = Field(primary_key=True)
    public_key: str
    private_key: str
    created_at: datetime = Field(sa_type=Instant)
    retired_at: datetime | None = Field(default=None, sa_type=Instant)


class DailyFileRow(DeskTable, table=True):
    """A sealed daily file: its interval of the journal, (from, to], and its bytes; never changes."""

    __tablename__ = "daily_file"
    seq: int = Field(primary_key=True)
    day: date = Field(index=True)
    journal_from: int
    journal_to: int
    head: str
    as_of: datetime = Field(sa_type=Instant)
    created: datetime = Field(sa_type=Instant)
    sha256: str = Field(unique=True)
    content: bytes


class ChainBreak(DeskTable, table=True):
    """Where a restored record fell behind its own sealed files; with the reset that goes on from there, once sealed."""

    __tablename__ = "chain_break"
    id: int | None = Field(default=None, primary_key=True)
    found_at: datetime = Field(sa_type=Instant)
    known_seq: int
    known_sha256: str
    known_day: date | None = None
    base_seq: int
    base_sha256: str
    base_day: date | None = None
    journal_to: int
    day: date | None = None
    stock: str
    lost: str
    seq: int | None = None
    sha256: str | None = Field(default=None, unique=True)
    made: date | None = None
    content: bytes | None = None


class OutboxItem(DeskTable, table=True):
    """The state of a daily file or a reset on its way, as last taken in from the outbox folder."""

    __tablename__ = "outbox"
    sha256: str = Field(primary_key=True)
    seq: int
    state: str
    tries: int = 0
    way: str = ""
    reason: str = ""
    changed_at: datetime = Field(sa_type=Instant)


class ReceiptRow(DeskTable, table=True):
    """A verified receipt of the province, kept as received."""

    __tablename__ = "receipt"
    sha256: str = Field(primary_key=True)
    receipt_for: str = Field(index=True)
    status: str
    reason: str = ""
    province_seq: int
    province_time: datetime = Field(sa_type=Instant)
    taken_at: datetime = Field(sa_type=Instant)
    content: bytes
