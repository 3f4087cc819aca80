"""What goes into the call-back list and what comes out: frozen values."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from db.vocabulary import CallOutcome, CallReason
from desk.counter.model import WorkRow
from desk.rules.calling import Turn


class CallLine(Struct, frozen=True):
    """Somebody to ring; `turn` says whether now, later at `at`, or only once there is a number that is right."""

    row: WorkRow
    reason: CallReason
    occasion: str
    phone: str
    sentence: str
    turn: Turn
    at: datetime | None
    tries: int
    last: str = ""


class MakeCall(Struct, frozen=True):
    """A call that was made; `occasion` is what the list said; `again_at` only with LATER."""

    client_id: str
    dossier_id: int
    reason: CallReason
    occasion: str
    outcome: CallOutcome
    officer_id: int | None = None
    again_at: datetime | None = None
