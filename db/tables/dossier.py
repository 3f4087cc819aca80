"""The dossier's row, a projection of its journal events, and the numbers given out."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, UniqueConstraint

from db.tables.base import DeskTable
from db.types import Instant


class Dossier(DeskTable, table=True):
    """A citizen's case; every column but `version` is set by journal events alone and can be rebuilt from them."""

    __tablename__ = "dossier"
    id: int = Field(primary_key=True)
    code: str = Field(unique=True)
    official_code: str | None = Field(default=None, unique=True)
    old_code: str = ""
    state: int = Field(index=True)
    accepted: bool
    outcome: str = ""
    procedure_code: str = Field(index=True)
    procedure_version: int
    channel: int
    taken_over: bool
    immediate: bool
    person_id: int = Field(foreign_key="person.id", index=True)
    representative_id: int | None = Field(default=None, foreign_key="person.id")
    copies: int = 0
    pages: int = 0
    fee: int | None = None
    return_way: str = ""
    limit_text: str = ""
    local_limit: str = ""
    variant: str = ""
    mode: str
    new_limit: str = ""
    registered_at: datetime = Field(sa_type=Instant)
    received_at: datetime | None = Field(default=None, sa_type=Instant, index=True)
    competent: str = ""
    competent_at: datetime | None = Field(default=None, sa_type=Instant)
    late_entry: bool = False
    legal_deadline: datetime | None = Field(default=None, sa_type=Instant)
    first_promise: datetime | None = Field(default=None, sa_type=Instant)
    promise: datetime | None = Field(default=None, sa_type=Instant, index=True)
    promise_typed: bool = False
    provisional: bool = False
    suspended_since: datetime | None = Field(default=None, sa_type=Instant)
    supplements: int = 0
    obligations: int = 0
    supplement_by: datetime | None = Field(default=None, sa_type=Instant)
    rescheduled: bool = False
    late_apology: bool = False
    variant_changed: bool = False
    holder: str = ""
    with_department: bool = False
    forwarded_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    verdict: str = ""
    legal_verdict: str = ""
    returned_at: datetime | None = Field(default=None, sa_type=Instant)
    returned_way: str = ""
    postal_number: str = ""
    slip_number: str = ""
    received_by: int | None = None
    last_seq: int
    version: int = 1


class Counter(DeskTable, table=True):
    """The last number given out in a series; raised in the transaction that uses it, so a series has no gap."""

    __tablename__ = "counter"
    series: str = Field(primary_key=True)
    last: int


class IssuedSlip(DeskTable, table=True):
    """A numbered official form given out: gapless per form, year and desk."""

    __tablename__ = "issued_slip"
    __table_args__ = (UniqueConstraint("form", "year", "desk", "number"),)
    id: int | None = Field(default=None, primary_key=True)
    form: str
    year: int
    desk: int
    number: int
    dossier_id: int = Field(foreign_key="dossier.id", index=True)
    event_seq: int = Field(index=True)
    reprints: int = 0
    given_at: datetime | None = Field(default=None, sa_type=Instant)
