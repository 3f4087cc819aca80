"""Personal values: the only tables that hold them, so that they can be erased without touching the journal."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from db.tables.base import DeskTable
from db.types import Instant


class Person(DeskTable, table=True):
    """An applicant or representative as written on one receipt (form 01, TT 03/2025/TT-VPCP).

    `name_folded` is empty where a correction has put another row in this one's place and no dossier stands on it.
    """

    __tablename__ = "person"
    id: int | None = Field(default=None, primary_key=True)
    kind: int
    name: str
    name_folded: str
    name_key: bytes
    id_number: str = Field(default="", index=True)
    phone: str = ""
    email: str = ""
    address: str = ""
    salt: str
    erased_at: datetime | None = Field(default=None, sa_type=Instant)


class Remark(DeskTable, table=True):
    """Free text of a dossier (reason, note, papers, collector): the journal holds its salted hash."""

    __tablename__ = "remark"
    id: int | None = Field(default=None, primary_key=True)
    dossier_id: int = Field(foreign_key="dossier.id", index=True)
    event_seq: int
    kind: str
    text: str
    salt: str
    erased_at: datetime | None = Field(default=None, sa_type=Instant)
