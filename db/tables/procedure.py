"""The catalogue of procedures, versioned: a dossier keeps the version it was received under."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field, UniqueConstraint

from db.tables.base import DeskTable
from db.types import Instant


class Procedure(DeskTable, table=True):
    """One version of one procedure; limits are texts of deadlines.md, an empty one is unknown."""

    __tablename__ = "procedure"
    __table_args__ = (UniqueConstraint("code", "version"),)
    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(index=True)
    version: int
    valid_from: date
    valid_to: date | None = None
    name: str
    name_folded: str
    field: str
    core: bool
    enabled: bool
    limit_text: str = ""
    local_limit: str = ""
    limit_confidence: str = ""
    time_limit_text: str = ""
    variants: str = ""
    mode: str
    new_limit: str = ""
    supplement_term: int
    components: str = "[]"
    fee_vnd: int | None = None
    fee_note: str = ""
    online_level: str = ""
    legal_basis: str = ""
    scope: str = ""
    ministry: str = ""
    confidence: str = ""
    successor_code: str = ""
    note: str = ""


class ReferenceVersion(DeskTable, table=True):
    """The installed version of the catalogue or the calendar, with the calendar's coverage."""

    __tablename__ = "reference_version"
    kind: str = Field(primary_key=True)
    version: str
    first: date | None = None
    last: date | None = None
    installed_at: datetime = Field(sa_type=Instant)
