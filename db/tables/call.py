"""Calls to citizens: a projection of journal events, without a number or a name."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from db.tables.base import DeskTable
from db.types import Instant


class CallMade(DeskTable, table=True):
    """What came of one call; `occasion` tells one result, request or promise of a dossier from the next."""

    __tablename__ = "call_made"
    id: int | None = Field(default=None, primary_key=True)
    dossier_id: int = Field(foreign_key="dossier.id", index=True)
    event_seq: int
    at: datetime = Field(sa_type=Instant)
    officer_id: int | None = None
    reason: str
    occasion: str
    outcome: str
    again_at: datetime | None = Field(default=None, sa_type=Instant)
