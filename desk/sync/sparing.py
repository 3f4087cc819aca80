"""When a way of last resort is left alone: it answers nothing by itself, so a file goes by it once and then rests."""

from __future__ import annotations

from datetime import datetime

from db.vocabulary import Delivery
from desk.sync.outbox import Entry
from desk.sync.patience import PAUSES, Patience
from desk.sync.ways import BlindWay, FolderWay

UNANSWERED = frozenset({Delivery.SEALED, Delivery.SENT})


def is_spared(way: BlindWay, entry: Entry, patience: Patience, now: datetime) -> bool:
    """Say whether a file is not sent by a way of last resort: the province has it, or it is on its way to it."""
    if entry.heard or entry.state not in UNANSWERED or patience.rests(gone(way.where), entry.sha256):
        return True
    by_line = entry.state is Delivery.SENT and entry.way not in {way.name, FolderWay.name}
    return by_line and not entry.reason and now - entry.changed_at < PAUSES[-1]


def gone(where: str) -> str:
    """Return under what name it is noted that a file has gone by a way, beside the failures of that way."""
    return f"{where} gone"
