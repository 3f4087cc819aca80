"""The province's tables: natural keys that begin with the unit, no sequences, no triggers: the portable subset."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger
from sqlmodel import Field

from db.tables.base import ProvinceTable
from db.types import Instant


class ProvinceSetting(ProvinceTable, table=True):
    """The province's own settings and keys, by name."""

    __tablename__ = "province_setting"
    name: str = Field(primary_key=True)
    value: str


class ProvinceUnit(ProvinceTable, table=True):
    """A commune that reports, from its go-live date."""

    __tablename__ = "province_unit"
    unit: str = Field(primary_key=True, max_length=5)
    name: str
    go_live: date
    enrolled_at: datetime = Field(sa_type=Instant)
    last_seq: int = 0
    last_sha256: str = ""
    last_head: str = ""
    last_province_seq: int = 0
    last_receipt: str = ""


class ProvinceKey(ProvinceTable, table=True):
    """A unit's public key; `last_seq` is the last file it may have signed once it is retired."""

    __tablename__ = "province_key"
    unit: str = Field(primary_key=True, max_length=5)
    fingerprint: str = Field(primary_key=True)
    public_key: str
    enrolled_at: datetime = Field(sa_type=Instant)
    last_seq: int | None = None


class ProvinceFile(ProvinceTable, table=True):
    """A file with a good signature: merged, held or refused; its bytes are kept for ever."""

    __tablename__ = "province_file"
    unit: str = Field(primary_key=True, max_length=5)
    sha256: str = Field(primary_key=True, max_length=64)
    seq: int = Field(index=True)
    day: date = Field(index=True)
    status: str
    reason: str = ""
    received_at: datetime = Field(sa_type=Instant)
    created: datetime = Field(sa_type=Instant)
    content: bytes


class ProvinceFigure(ProvinceTable, table=True):
    """One counter of one procedure in one merged file."""

    __tablename__ = "province_figure"
    unit: str = Field(primary_key=True, max_length=5)
    seq: int = Field(primary_key=True)
    procedure: str = Field(primary_key=True)
    counter: str = Field(primary_key=True)
    day: date = Field(index=True)
    value: int = Field(sa_type=BigInteger)


class ProvinceReceipt(ProvinceTable, table=True):
    """A receipt given out; the receipts of one unit are chained."""

    __tablename__ = "province_receipt"
    unit: str = Field(primary_key=True, max_length=5)
    province_seq: int = Field(primary_key=True)
    receipt_for: str = Field(index=True)
    status: str
    issued_at: datetime = Field(sa_type=Instant)
    content: bytes


class ProvinceRejection(ProvinceTable, table=True):
    """What failed before a good signature: its hash and reason only, so that no stranger fills the disk."""

    __tablename__ = "province_rejection"
    sha256: str = Field(primary_key=True, max_length=64)
    reason: str
    first_seen: datetime = Field(sa_type=Instant)
    times: int = 1
