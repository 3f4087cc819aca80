"""The journal: append-only, gapless, hash-chained."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from db.tables.base import DeskTable
from db.types import Instant


class JournalEvent(DeskTable, table=True):
    """What happened, when, by whom; `data` is canonical JSON without personal values."""

    __tablename__ = "journal_event"
    seq: int = Field(primary_key=True)
    at: datetime = Field(sa_type=Instant, index=True)
    kind: str
    dossier_id: int | None = Field(default=None, index=True)
    officer_id: int | None = None
    client_id: str | None = Field(default=None, unique=True)
    data: str
    prev: str
    hash: str
