"""Append-only, hash-chained events: what happened, when, by whom; no personal value.

The hash of an event is SHA-256 over the UTF-8 bytes of the JSON list
`[seq, at, kind, dossier_id, officer_id, client_id, data, prev]` (no white space, `data` as stored text).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Row, bindparam, func, insert, select, text

from db.errors import RecordError, RecordFault
from db.instants import utc_text
from db.tables import JournalEvent

GENESIS = "0" * 64
"""The hash before the first event."""

_encode_body = msgspec.json.Encoder(enc_hook=repr).encode
_encode_data = msgspec.json.Encoder(order="deterministic").encode
_decode = msgspec.json.Decoder().decode

T = JournalEvent.__table__  # type: ignore[attr-defined]
_COLUMNS = (T.c.seq, T.c.at, T.c.kind, T.c.dossier_id, T.c.officer_id, T.c.client_id, T.c.data, T.c.prev, T.c.hash)
_ALL = select(*_COLUMNS).order_by(T.c.seq)
_OF_DOSSIER = _ALL.where(T.c.dossier_id == bindparam("dossier"))
_OF_DOSSIERS = _ALL.where(T.c.dossier_id.in_(bindparam("dossiers", expanding=True)))
_HEAD = text("SELECT seq, hash FROM journal_event ORDER BY seq DESC LIMIT 1")
_STORED = text(
    "SELECT seq, at, kind, dossier_id, officer_id, client_id, data, prev, hash FROM journal_event "
    "WHERE (:after = 0 OR seq > :after) AND (:upto IS NULL OR seq <= :upto) ORDER BY seq"
)
_DOSSIERS = select(T.c.dossier_id).where(T.c.dossier_id.is_not(None)).distinct()
_TOUCHED = _DOSSIERS.where(T.c.seq > bindparam("after"), T.c.seq <= bindparam("upto"))
_BY_CLIENT = select(*_COLUMNS).where(T.c.client_id == bindparam("client"))
_INSERT = insert(T)


class Event(Struct, frozen=True):
    """One event; `data["set"]` holds the columns of the dossier's row that it changed."""

    seq: int
    at: datetime
    kind: str
    dossier_id: int | None
    officer_id: int | None
    client_id: str | None
    data: Mapping[str, Any]
    prev: str
    hash: str


class Head(Struct, frozen=True):
    """The end of the chain."""

    seq: int
    hash: str


class Broken(Struct, frozen=True):
    """The first event at which the chain does not hold."""

    seq: int
    why: str


def head(connection: Connection) -> Head:
    """Return the last event's number and hash; (0, GENESIS) for an empty journal."""
    row = connection.execute(_HEAD).first()
    return Head(row.seq, row.hash) if row else Head(0, GENESIS)


def head_at(connection: Connection, seq: int) -> Head:
    """Return the chain's hash at `seq`; 0 is the beginning."""
    if seq == 0:
        return Head(0, GENESIS)
    return Head(seq, connection.execute(select(T.c.hash).where(T.c.seq == seq)).scalar_one())


def chain(
    seq: int, at: datetime, kind: str, who: tuple[int | None, int | None, str | None], data: str, prev: str
) -> str:
    """Return the hash of an event; `who` is (dossier_id, officer_id, client_id)."""
    return digest([seq, utc_text(at), kind, *who, data, prev])


def digest(body: list[Any]) -> str:
    """Return the hash over the columns of an event as they are stored, in the order the module names."""
    return hashlib.sha256(_encode_body(body)).hexdigest()


def dump(data: Mapping[str, Any]) -> str:
    """Return event data as canonical JSON text."""
    return _encode_data(data).decode()


def append(connection: Connection, last: Head, event: Event) -> Event:
    """Write `event` behind `last`; its own seq, prev and hash are set here."""
    seq, stored = last.seq + 1, dump(event.data)
    who = (event.dossier_id, event.officer_id, event.client_id)
    found = chain(seq, event.at, event.kind, who, stored, last.hash)
    connection.execute(
        _INSERT,
        {
            "seq": seq,
            "at": event.at,
            "kind": event.kind,
            "dossier_id": event.dossier_id,
            "officer_id": event.officer_id,
            "client_id": event.client_id,
            "data": stored,
            "prev": last.hash,
            "hash": found,
        },
    )
    return Event(seq, event.at, event.kind, *who, event.data, last.hash, found)


def of_dossier(connection: Connection, dossier_id: int) -> list[Event]:
    """Return a dossier's events in order."""
    return [_event(row) for row in connection.execute(_OF_DOSSIER, {"dossier": dossier_id}).all()]


def of_dossiers(connection: Connection, ids: Iterable[int]) -> dict[int, list[Event]]:
    """Return the events of several dossiers in order, by dossier."""
    wanted = sorted(set(ids))
    found: dict[int, list[Event]] = {one: [] for one in wanted}
    for start in range(0, len(wanted), 500):
        for row in connection.execute(_OF_DOSSIERS, {"dossiers": wanted[start : start + 500]}).all():
            found[row[3]].append(_event(row))
    return found


def dossiers(connection: Connection) -> set[int]:
    """Return every dossier that the journal speaks of."""
    return set(connection.execute(_DOSSIERS).scalars())


def touched(connection: Connection, after: int, upto: int) -> set[int]:
    """Return the dossiers that the events of the interval (after, upto] are about."""
    return set(connection.execute(_TOUCHED, {"after": after, "upto": upto}).scalars())


def by_client(connection: Connection, client_id: str) -> Event | None:
    """Return the event that a client-made id has already produced."""
    row = connection.execute(_BY_CLIENT, {"client": client_id}).first()
    return _event(row) if row else None


def by_clients(connection: Connection, client_ids: Collection[str]) -> list[Event]:
    """Return the events that some client-made ids have produced, in order."""
    wanted = sorted(client_ids)
    found: list[Event] = []
    for start in range(0, len(wanted), 500):
        query = _ALL.where(T.c.client_id.in_(wanted[start : start + 500]))
        found += [_event(row) for row in connection.execute(query)]
    return sorted(found, key=lambda event: event.seq)


def client_ids(connection: Connection, first: str, end: str) -> list[str]:
    """Return the client-made ids from one text on and before another."""
    query = select(T.c.client_id).where(T.c.client_id >= first, T.c.client_id < end).order_by(T.c.client_id)
    return [str(found) for found in connection.execute(query).scalars()]


def between(connection: Connection, after: int, upto: int) -> Iterator[Event]:
    """Yield the events of the interval (after, upto]."""
    for row in connection.execute(_ALL.where(T.c.seq > after, T.c.seq <= upto)):
        yield _event(row)


def of_kinds(connection: Connection, kinds: Iterable[str]) -> list[Event]:
    """Return the events of some kinds in order; they are looked for from end to end."""
    return [_event(row) for row in connection.execute(_ALL.where(T.c.kind.in_(list(kinds))))]


def last_before(connection: Connection, instant: datetime) -> int:
    """Return the number of the last event at which every event up to it happened before `instant`; 0 if none.

    A clock set back leaves a later event with an earlier time; the boundary is drawn before the first late one.
    """
    # The sum keeps SQLite from walking the journal from its beginning: it reads the instants since, by their index.
    first = connection.execute(select(func.min(T.c.seq + 0)).where(T.c.at >= instant)).scalar()
    return head(connection).seq if first is None else int(first) - 1


def verify(connection: Connection, after: int = 0, upto: int | None = None) -> Broken | None:
    """Walk the chain over the columns as stored, readable or not; return the first break, None if it holds.

    The interval is (after, upto]; without bounds it is the whole journal.
    """
    last = head_at(connection, after)
    for *body, found in connection.execute(_STORED, {"after": after, "upto": upto}):
        if body[0] != last.seq + 1:
            return Broken(body[0], "gap")
        if body[-1] != last.hash or found != digest(body):
            return Broken(body[0], "hash")
        last = Head(body[0], found)
    return None


def _event(row: Row[*tuple[Any, ...]]) -> Event:
    seq, at, kind, dossier, officer, client, data, prev, found = row
    try:
        return Event(seq, at, kind, dossier, officer, client, _decode(data), prev, found)
    except ValueError as error:
        raise RecordError(RecordFault.DAMAGED, f"journal {seq}") from error
