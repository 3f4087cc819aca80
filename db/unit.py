"""Unit of work: one writer at a time (or as if there were), rolled back unless committed.

On SQLite a writer begins with BEGIN IMMEDIATE; on PostgreSQL its transaction is serialisable, and the one that stands
in another's way is told BUSY. A reader has one snapshot on both.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

from msgspec.structs import replace
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from db import dossiers, journal, projection
from db.errors import RecordError, RecordFault, fault_of
from db.journal import Event, Head
from db.rows import DossierRow

Found = TypeVar("Found")


class View:
    """One consistent snapshot for reading."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._memory: dict[Hashable, Any] = {}

    def remember(self, key: Hashable, find: Callable[[], Found]) -> Found:
        """Return what `find` returned the first time it was asked for under `key` in this snapshot.

        For what the office has set up, never for dossiers: any event that concerns the office forgets everything.
        """
        if key not in self._memory:
            self._memory[key] = find()
        found: Found = self._memory[key]
        return found


class Work(View):
    """One write transaction; nothing stays unless `commit` is called."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._head: Head | None = None
        self.committed = False

    @property
    def head(self) -> Head:
        """The end of the journal within this transaction."""
        if self._head is None:
            self._head = journal.head(self.connection)
        return self._head

    def record(
        self,
        kind: str,
        at: datetime,
        data: Mapping[str, Any],
        *,
        dossier_id: int | None = None,
        officer_id: int | None = None,
        client_id: str | None = None,
    ) -> Event:
        """Append an event that changes no dossier's row."""
        draft = Event(0, at, str(kind), dossier_id, officer_id, client_id, data, "", "")
        event = journal.append(self.connection, self.head, draft)
        if dossier_id is None:
            self._memory.clear()
        self._head = Head(event.seq, event.hash)
        return event

    def apply(
        self,
        kind: str,
        at: datetime,
        data: Mapping[str, Any],
        *,
        row: DossierRow | None,
        dossier_id: int,
        changes: Mapping[str, Any],
        officer_id: int | None = None,
        client_id: str | None = None,
    ) -> tuple[Event, DossierRow]:
        """Append an event and write the dossier's row that it leads to, together.

        `row`: the row before, None for a new dossier. `changes`: columns of the row, instants as datetime.
        RecordError CONFLICT: another desk changed the dossier in between.
        """
        encoded = dossiers.encode(changes)
        event = self.record(
            kind, at, {**data, "set": encoded}, dossier_id=dossier_id, officer_id=officer_id, client_id=client_id
        )
        if row is None:
            found = projection.fold([event])
        else:
            found = replace(row, **changes, last_seq=event.seq, version=row.version + 1)
        return event, self._put(found)

    def undo(
        self,
        at: datetime,
        data: Mapping[str, Any],
        *,
        row: DossierRow,
        undoes: int,
        kind: str,
        officer_id: int | None = None,
        client_id: str | None = None,
    ) -> tuple[Event, DossierRow]:
        """Append the reversal of event `undoes` and write the row as if that event had not been."""
        event = self.record(
            kind, at, {**data, "undoes": undoes}, dossier_id=row.id, officer_id=officer_id, client_id=client_id
        )
        return event, self._put(projection.fold(journal.of_dossier(self.connection, row.id)))

    def commit(self) -> None:
        """Make everything durable; only now may anyone say "saved"."""
        self.connection.commit()
        self.committed = True

    def _put(self, row: DossierRow | None) -> DossierRow:
        if row is None or not dossiers.put(self.connection, row):
            raise RecordError(RecordFault.CONFLICT)
        return row


class Records:
    """The open record: gives out snapshots and units of work."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._reader, self._locking = engine, engine.execution_options(write=True)
        self._writer = self._locking
        if engine.dialect.name != "sqlite":
            self._reader = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            self._locking = self._writer.execution_options(isolation_level="READ COMMITTED")
            self._writer = self._writer.execution_options(isolation_level="SERIALIZABLE")

    @contextmanager
    def reading(self) -> Iterator[View]:
        """Open a snapshot; RecordError for whatever the driver reports."""
        try:
            with self._reader.connect() as connection:
                yield View(connection)
        except DBAPIError as error:
            raise fault_of(error) from error

    @contextmanager
    def writing(self, *, locking: bool = False) -> Iterator[Work]:
        """Open a unit of work; leaving it without `commit` rolls everything back.

        `locking`: the caller first locks the row on which all that it reads depends, so that on a server others may
        write beside it.
        """
        try:
            with (self._locking if locking else self._writer).connect() as connection:
                connection.begin()
                yield Work(connection)
        except DBAPIError as error:
            raise fault_of(error) from error

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()
