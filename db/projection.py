"""A dossier's row rebuilt from its events alone; the same function writes every row in the first place.

An event's `data["set"]` holds the columns it changed. An `undo` event names the event it reverses in
`data["undoes"]` and sets nothing: the row is folded as if that event had not been; only its version goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from db.dossiers import COLUMNS, PROJECTED, decode
from db.errors import RecordError, RecordFault
from db.journal import Event
from db.rows import DossierRow

_TEXTS = (
    "code", "old_code", "outcome", "procedure_code", "return_way", "limit_text", "local_limit", "variant", "mode",
    "new_limit", "competent", "holder", "verdict", "legal_verdict", "returned_way", "postal_number", "slip_number",
)  # fmt: skip
_FLAGS = (
    "accepted", "taken_over", "immediate", "late_entry", "promise_typed", "provisional", "rescheduled",
    "late_apology", "variant_changed", "with_department",
)  # fmt: skip
_COUNTS = (
    "state", "copies", "pages", "supplements", "obligations", "procedure_version", "channel", "last_seq", "version",
)  # fmt: skip
_BLANK = dict.fromkeys(COLUMNS) | dict.fromkeys(_TEXTS, "") | dict.fromkeys(_FLAGS, False) | dict.fromkeys(_COUNTS, 0)
_MAY_SET = frozenset(PROJECTED)


def blank(dossier_id: int) -> dict[str, Any]:
    """Return the column values of a dossier before its first event."""
    return {**_BLANK, "id": dossier_id}


def effective(events: Iterable[Event]) -> list[Event]:
    """Return the events that stand: without the undone ones and without the undoings themselves."""
    listed = list(events)
    undone = {event.data["undoes"] for event in listed if "undoes" in event.data}
    return [event for event in listed if event.seq not in undone and "undoes" not in event.data]


def fold(events: Iterable[Event]) -> DossierRow | None:
    """Return the row that a dossier's events add up to; None without events."""
    listed = [event for event in events if event.dossier_id is not None]
    if not listed:
        return None
    values = blank(listed[0].dossier_id or 0)
    for event in effective(listed):
        values |= _changes(event)
    values["last_seq"], values["version"] = listed[-1].seq, len(listed)
    return decode(values)


def differences(row: DossierRow, rebuilt: DossierRow | None) -> tuple[str, ...]:
    """Name the columns in which a stored row is not what its events say."""
    if rebuilt is None:
        return COLUMNS
    return tuple(name for name in COLUMNS if getattr(row, name) != getattr(rebuilt, name))


def _changes(event: Event) -> Mapping[str, Any]:
    found: Mapping[str, Any] = event.data.get("set", {})
    if not found.keys() <= _MAY_SET:
        unknown = sorted(found.keys() - _MAY_SET)
        raise RecordError(RecordFault.DAMAGED, f"journal {event.seq}: {', '.join(unknown)}")
    return found
