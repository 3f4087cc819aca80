"""Fees taken at the counter, a desk's cash at the beginning and end of a shift: projections of journal events."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, UniqueConstraint

from db.tables.base import DeskTable
from db.types import Instant


class FeeReceipt(DeskTable, table=True):
    """A numbered receipt for money: gapless per year and desk, voided by a reversal and never deleted.

    A receipt belongs to the shift of its desk that holds `event_seq`, its voiding to the shift of `voided_desk` that
    holds `voided_seq`.
    """

    __tablename__ = "fee_receipt"
    __table_args__ = (UniqueConstraint("year", "desk", "number"),)
    id: int | None = Field(default=None, primary_key=True)
    year: int
    desk: int
    number: int
    dossier_id: int = Field(foreign_key="dossier.id", index=True)
    event_seq: int = Field(index=True)
    at: datetime = Field(sa_type=Instant)
    officer_id: int | None = None
    amount: int
    method: str
    voided_seq: int | None = Field(default=None, index=True)
    voided_at: datetime | None = Field(default=None, sa_type=Instant)
    voided_by: int | None = None
    voided_desk: int | None = None


class CashOpening(DeskTable, table=True):
    """The cash already in a desk's drawer when its shift began; counted again, the newest of a shift stands."""

    __tablename__ = "cash_opening"
    id: int | None = Field(default=None, primary_key=True)
    desk: int
    event_seq: int = Field(index=True)
    at: datetime = Field(sa_type=Instant)
    officer_id: int | None = None
    amount: int
    reason: str = ""
    salt: str = ""


class CashClose(DeskTable, table=True):
    """The end of a desk's shift: the interval (after_seq, event_seq] of the journal, what was expected and counted."""

    __tablename__ = "cash_close"
    __table_args__ = (UniqueConstraint("year", "desk", "number"),)
    id: int | None = Field(default=None, primary_key=True)
    year: int
    desk: int
    number: int
    after_seq: int
    event_seq: int
    at: datetime = Field(sa_type=Instant)
    officer_id: int | None = None
    expected: int
    counted: int
    reason: str = ""
    salt: str = ""
