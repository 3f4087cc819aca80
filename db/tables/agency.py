"""Administrative units with validity and succession, and the centre's officers."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field

from db.tables.base import DeskTable
from db.types import Instant


class Unit(DeskTable, table=True):
    """A commune-level unit under its five-digit code; a code has one row per period of validity."""

    __tablename__ = "unit"
    code: str = Field(primary_key=True, max_length=5)
    valid_from: date = Field(primary_key=True)
    valid_to: date | None = None
    name: str
    full_name: str
    name_folded: str = Field(index=True)
    province_code: str
    province_name: str
    note: str = ""


class UnitSuccession(DeskTable, table=True):
    """An old commune (30/06/2025) and a commune that took it over, wholly or partly."""

    __tablename__ = "unit_succession"
    old_code: str = Field(primary_key=True, max_length=5)
    new_code: str = Field(primary_key=True, max_length=5)
    old_name: str
    old_district: str
    old_province: str
    old_folded: str = Field(index=True)
    new_name: str
    new_province: str
    partly: bool


class UnitChange(DeskTable, table=True):
    """A commune that was, and one that it went into from a day on, wholly or partly; after the shipped table."""

    __tablename__ = "unit_change"
    valid_from: date = Field(primary_key=True)
    old_code: str = Field(primary_key=True, max_length=5)
    new_code: str = Field(primary_key=True, max_length=5)
    old_name: str
    old_province: str
    partly: bool


class Officer(DeskTable, table=True):
    """A member of staff; disabled, never deleted, because events name them."""

    __tablename__ = "officer"
    id: int | None = Field(default=None, primary_key=True)
    name: str
    role: str
    pin_hash: str | None = None
    active: bool = True
    created_at: datetime = Field(sa_type=Instant)
