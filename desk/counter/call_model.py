"""What goes into the call-back list and what comes out: frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from db.vocabulary import CallOutcome, CallReason
from desk.counter.model import WorkRow
from desk.rules.calling import Turn


@dataclass(frozen=True, slots=True)
class CallLine:
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


@dataclass(frozen=True, slots=True)
class MakeCall:
    """A call that was made; `occasion` is what the list said; `again_at` only with LATER."""

    client_id: str
    dossier_id: int
    reason: CallReason
    occasion: str
    outcome: CallOutcome
    officer_id: int | None = None
    again_at: datetime | None = None
