"""Calls to citizens: written with their journal events, and told anew from them."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import asdict
from sqlalchemy import Connection, bindparam, insert, select

from db.instants import from_utc_text
from db.journal import Event
from db.rows import CallRow
from db.tables import CallMade
from db.vocabulary import OfficeEvent

T = CallMade.__table__  # type: ignore[attr-defined]


_CALLS = select(*(T.c[name] for name in CallRow.__struct_fields__)).order_by(T.c.id)
_OF_DOSSIERS = _CALLS.where(T.c.dossier_id.in_(bindparam("dossiers", expanding=True)))
_ADD = insert(T)


def add(connection: Connection, row: CallRow) -> None:
    """Keep a call."""
    connection.execute(_ADD, asdict(row))


def of_dossiers(connection: Connection, ids: Iterable[int]) -> dict[int, list[CallRow]]:
    """Return the calls about several dossiers in order, by dossier; one without calls is not there."""
    wanted = sorted(set(ids))
    found: dict[int, list[CallRow]] = {}
    for start in range(0, len(wanted), 500):
        for row in connection.execute(_OF_DOSSIERS, {"dossiers": wanted[start : start + 500]}):
            found.setdefault(row.dossier_id, []).append(CallRow(*row))
    return found


def rebuilt(events: Iterable[Event]) -> list[CallRow]:
    """Return the calls that the journal's events add up to, in order."""
    return [
        CallRow(
            event.dossier_id or 0, event.seq, event.at, event.officer_id, event.data["why"], event.data["occasion"],
            event.data["outcome"], from_utc_text(event.data["again"]) if event.data.get("again") else None,
        )
        for event in events
        if event.kind == OfficeEvent.CALL_MADE
    ]  # fmt: skip
