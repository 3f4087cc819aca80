"""Writes a made-up record by the hundred thousand: rows and events as they are stored, with the journal's own chain.

For SQLite alone, and for records that are made rather than worked on: nothing here is guarded by a use case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table

from db import journal, search
from db.dossiers import COLUMNS, INSTANTS
from db.instants import utc_text
from db.rows import DossierRow
from db.search import Findable, Line
from db.tables import Dossier, IssuedSlip, JournalEvent, Person, Remark

_CACHE_KILOBYTES = 400_000
_AT_ONCE = 20_000
"""How many lines go into the search index between two looks at how far it is."""

Stored = tuple[Any, ...]
"""A row as SQLite keeps it: instants are text."""

_PERSON = (
    "id", "kind", "name", "name_folded", "name_key", "id_number", "phone", "email", "address", "salt"
)  # fmt: skip
_EVENT = ("seq", "at", "kind", "dossier_id", "officer_id", "client_id", "data", "prev", "hash")
_SLIP = ("form", "year", "desk", "number", "dossier_id", "event_seq", "reprints")
_REMARK = ("dossier_id", "event_seq", "kind", "text", "salt")


def _into(table: type[Any], names: tuple[str, ...]) -> str:
    found: Table = table.__table__
    quoted = ", ".join(f'"{found.c[name].name}"' for name in names)
    return f"INSERT INTO {found.name} ({quoted}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608 - names of ours


_ADD_PERSON = _into(Person, _PERSON)
_ADD_DOSSIER = _into(Dossier, COLUMNS)
_ADD_EVENT = _into(JournalEvent, _EVENT)
_ADD_SLIP = _into(IssuedSlip, _SLIP)
_ADD_REMARK = _into(Remark, _REMARK)
_CHANGED = tuple(name for name in COLUMNS if name != "id")
_CHANGE_DOSSIER = f"UPDATE dossier SET {', '.join(f'{name} = ?' for name in _CHANGED)} WHERE id = ?"  # noqa: S608
_COUNTER = "INSERT INTO counter (series, last) VALUES (?, ?) ON CONFLICT (series) DO UPDATE SET last = excluded.last"
_LINES = """
    SELECT d.id, d.state, d.code, d.official_code, d.old_code, p.name, p.name_folded, p.id_number, p.phone
    FROM dossier d JOIN person p ON p.id = d.person_id ORDER BY d.id
"""


@dataclass
class Batch:
    """Rows to be written together; a dossier is in `new` or in `changed`, as it stands after the last event."""

    people: list[Stored] = field(default_factory=list)
    new: list[Stored] = field(default_factory=list)
    changed: list[Stored] = field(default_factory=list)
    events: list[Stored] = field(default_factory=list)
    slips: list[Stored] = field(default_factory=list)
    remarks: list[Stored] = field(default_factory=list)
    counters: dict[str, int] = field(default_factory=dict)


def prepare(connection: Connection) -> None:
    """Let this connection keep so much of the record in memory that no index is read back while it grows."""
    connection.exec_driver_sql(f"PRAGMA cache_size = -{_CACHE_KILOBYTES}")


def stored(row: DossierRow) -> list[Any]:
    """Return a dossier's row as it is stored, in the order of `COLUMNS`."""
    values = ((name, getattr(row, name)) for name in COLUMNS)
    return [utc_text(value) if name in INSTANTS and value is not None else value for name, value in values]


def linked(prev: str, body: tuple[int, str, str, int | None, int | None, str | None, str]) -> Stored:
    """Return the event that follows the one with hash `prev`: `body` is what `db.journal` hashes, instants as text."""
    return (*body, prev, journal.digest([*body, prev]))


def write(connection: Connection, batch: Batch) -> None:
    """Write a batch."""
    for statement, rows in (
        (_ADD_PERSON, batch.people),
        (_ADD_DOSSIER, batch.new),
        (_CHANGE_DOSSIER, [(*row[1:], row[0]) for row in batch.changed]),
        (_ADD_EVENT, batch.events),
        (_ADD_SLIP, batch.slips),
        (_ADD_REMARK, batch.remarks),
        (_COUNTER, list(batch.counters.items())),
    ):
        if rows:
            connection.exec_driver_sql(statement, rows)


def index(connection: Connection, held: Callable[[Line], Findable]) -> Iterator[int]:
    """Make every dossier of a record findable that has none yet; yields how many are, from time to time."""
    lines = (Line._make(row) for row in connection.exec_driver_sql(_LINES))
    done = 0
    while part := list(islice(lines, _AT_ONCE)):
        search.index_many(connection, [(line.id, held(line)) for line in part])
        done += len(part)
        yield done


def forms(connection: Connection) -> dict[int, tuple[str, int]]:
    """Return form and year of every numbered form, by the event that gave it out."""
    rows = connection.exec_driver_sql("SELECT event_seq, form, year FROM issued_slip")
    return {int(event): (str(form), int(year)) for event, form, year in rows}


def texts(connection: Connection) -> dict[int, tuple[tuple[str, str], ...]]:
    """Return kind and text of every remark, by event."""
    found: dict[int, tuple[tuple[str, str], ...]] = {}
    for event, kind, text in connection.exec_driver_sql("SELECT event_seq, kind, text FROM remark ORDER BY id"):
        found[event] = (*found.get(event, ()), (kind, text))
    return found
