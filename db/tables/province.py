"""The province's tables: natural keys that begin with the unit, no sequences, no triggers: the portable subset."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Index
from sqlmodel import Field

from db.tables.base import ProvinceTable
from db.types import Instant


class ProvinceSetting(ProvinceTable, table=True):
    """The province's own settings, by name; its private key lies in a file beside the database, never in it."""

    __tablename__ = "province_setting"
    name: str = Field(primary_key=True)
    value: str


class ProvinceUnit(ProvinceTable, table=True):
    """A commune that reports: where its chain of files and its chain of receipts stand.

    `go_live` is empty until it is set or the first file is merged, `last_day` until the unit is retired.
    """

    __tablename__ = "province_unit"
    unit: str = Field(primary_key=True, max_length=5)
    name: str
    go_live: date | None = None
    last_day: date | None = None
    enrolled_at: datetime = Field(sa_type=Instant)
    last_seq: int = Field(default=0, sa_type=BigInteger)
    last_sha256: str = ""
    last_head: str = ""
    last_province_seq: int = Field(default=0, sa_type=BigInteger)
    last_receipt: str = ""


class ProvinceKey(ProvinceTable, table=True):
    """A unit's public key; `last_seq` is the last file it may have signed once it is retired."""

    __tablename__ = "province_key"
    unit: str = Field(primary_key=True, max_length=5)
    fingerprint: str = Field(primary_key=True, index=True)
    public_key: str
    enrolled_at: datetime = Field(sa_type=Instant)
    last_seq: int | None = Field(default=None, sa_type=BigInteger)
    retired_at: datetime | None = Field(default=None, sa_type=Instant)


class ProvinceFile(ProvinceTable, table=True):
    """A file with a good signature: merged, held or refused; its bytes are kept for ever.

    `seq` and `day` are empty where the content could not be believed. Of the files with one `seq` of a unit, one has
    its place in the chain; the others are refused as forks.
    """

    __tablename__ = "province_file"
    __table_args__ = (Index(None, "unit", "seq"), Index(None, "unit", "received_at"))
    unit: str = Field(primary_key=True, max_length=5)
    sha256: str = Field(primary_key=True, max_length=64)
    seq: int | None = Field(default=None, sa_type=BigInteger)
    day: date | None = Field(default=None, index=True)
    status: str
    reason: str = ""
    received_at: datetime = Field(sa_type=Instant)
    created: datetime | None = Field(default=None, sa_type=Instant)
    content: bytes


class ProvinceReset(ProvinceTable, table=True):
    """A reset of a restored desk, whose bytes lie with the files: waiting, accepted or refused by a person.

    `before_seq` is the last place that was used up when it was accepted; `note` is why it was refused.
    """

    __tablename__ = "province_reset"
    unit: str = Field(primary_key=True, max_length=5)
    sha256: str = Field(primary_key=True, max_length=64)
    seq: int = Field(sa_type=BigInteger)
    day: date = Field(index=True)
    status: str
    received_at: datetime = Field(sa_type=Instant)
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    before_seq: int | None = Field(default=None, sa_type=BigInteger)
    note: str = ""


class ProvinceFigure(ProvinceTable, table=True):
    """One counter of one procedure in one merged file."""

    __tablename__ = "province_figure"
    unit: str = Field(primary_key=True, max_length=5)
    seq: int = Field(primary_key=True, sa_type=BigInteger)
    procedure: str = Field(primary_key=True)
    counter: str = Field(primary_key=True)
    day: date = Field(index=True)
    value: int = Field(sa_type=BigInteger)


class ProvinceReceipt(ProvinceTable, table=True):
    """A receipt given out; the receipts of one unit are chained."""

    __tablename__ = "province_receipt"
    unit: str = Field(primary_key=True, max_length=5)
    province_seq: int = Field(primary_key=True, sa_type=BigInteger)
    receipt_for: str = Field(index=True)
    status: str
    issued_at: datetime = Field(sa_type=Instant)
    content: bytes


class ProvinceRejection(ProvinceTable, table=True):
    """What failed before a good signature: its hash and reason only, so that no stranger fills the disk."""

    __tablename__ = "province_rejection"
    sha256: str = Field(primary_key=True, max_length=64)
    reason: str
    first_seen: datetime = Field(sa_type=Instant, index=True)
    times: int = 1
