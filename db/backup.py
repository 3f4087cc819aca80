"""Copies of a SQLite record: taken while others write, examined to the last page, changed for another record."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from db import journal
from db.errors import RecordError, RecordFault, fault_of, named
from db.schema import version

PAGES = 2048
"""Pages that are copied before the next word of how far it is."""

_SHARED_FIRST, _SHARED_SIZE = 0x40000000 + 2, 510
"""The bytes on which every open connection holds a lock, as SQLite's file format has them."""

_ENDS = ("", "-wal", "-shm")

Progress = Callable[[int, int], None]


class Standing(Struct, frozen=True):
    """How far a record has come: its schema, its last event's number and hash; no schema where it is no record."""

    schema: str
    events: int
    head: str


def standing(connection: Connection) -> Standing:
    """Return how far a record has come."""
    schema = version(connection)
    if schema is None:
        return Standing("", 0, journal.GENESIS)
    head = journal.head(connection)
    return Standing(schema, head.seq, head.hash)


def copy(engine: Engine, target: Path, key: bytes, progress: Progress | None = None) -> Standing:
    """Copy an open record into an empty file and return how far the copy has come; others go on writing meanwhile.

    The copy is not durable yet. RecordError for the record that is copied, OSError for where the copy goes.
    """
    try:
        with engine.connect() as connection:
            # The snapshot that this read opens is the one that is copied, whatever is written meanwhile.
            found = standing(connection)
            source: Any = connection.connection.driver_connection
            _copy(source, target, key, progress)
            return found
    except DBAPIError as error:
        raise fault_of(error) from error


def _copy(source: Any, target: Path, key: bytes, progress: Progress | None) -> None:
    import sqlcipher3.dbapi2 as driver

    def told(_status: int, left: int, of: int) -> None:
        if progress is not None:
            progress(of - left, of)

    try:
        copied = driver.connect(target.as_uri() + "?mode=rw", uri=True, isolation_level=None)
        try:
            _unlock(copied, key)
            copied.execute("PRAGMA journal_mode = OFF")
            copied.execute("PRAGMA synchronous = OFF")
            source.backup(copied, pages=PAGES, progress=told, sleep=0)
        finally:
            copied.close()
    except driver.Error as error:
        fault = named(str(error))
        if fault.fault is not RecordFault.DISK_FULL:
            raise fault from error
        number = errno.ENOSPC if "full" in str(error) else errno.EIO
        raise OSError(number, os.strerror(number), str(target)) from error


@contextmanager
def reading(path: Path, key: bytes) -> Iterator[Connection]:
    """Open a copy that nobody writes, without a trace beside it; RecordError: another key, damaged, no record."""
    import sqlcipher3.dbapi2 as driver

    def opened() -> Any:
        raw = driver.connect(path.as_uri() + "?mode=ro&immutable=1", uri=True, isolation_level=None)
        _unlock(raw, key)
        raw.execute("PRAGMA trusted_schema = OFF")
        raw.execute("PRAGMA cell_size_check = ON")
        return raw

    engine = create_engine("sqlite://", module=driver, creator=opened, poolclass=StaticPool, hide_parameters=True)
    try:
        with engine.connect() as connection:
            yield connection
    except DBAPIError as error:
        raise fault_of(error) from error
    finally:
        engine.dispose()


def examine(connection: Connection) -> Standing:
    """Read every page, index and event of a copy; RecordError DAMAGED for the first that does not hold."""
    for check in ("cipher_integrity_check", "integrity_check"):
        for row in connection.exec_driver_sql(f"PRAGMA {check}"):
            if row[0] != "ok":
                raise RecordError(RecordFault.DAMAGED, check)
    found = standing(connection)
    if not found.schema or not found.events:
        raise RecordError(RecordFault.DAMAGED, "empty")
    if journal.verify(connection) is not None:
        raise RecordError(RecordFault.DAMAGED, "journal")
    return found


def last_at(connection: Connection) -> datetime:
    """Return when the last event happened."""
    return next(iter(journal.between(connection, journal.head(connection).seq - 1, journal.head(connection).seq))).at


def files_of(path: Path) -> tuple[Path, ...]:
    """Return the files that a record consists of, the database itself first."""
    return tuple(path.with_name(path.name + end) for end in _ENDS)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Keep everybody out of a record, whole or damaged; RecordError BUSY where it is open somewhere.

    No connection of this process may be open. On Windows a file that is open cannot be moved in any case.
    """
    if sys.platform == "win32" or not path.exists():
        yield
        return
    import fcntl

    handle = os.open(path, os.O_RDWR)
    try:
        try:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB, _SHARED_SIZE, _SHARED_FIRST)
        except BlockingIOError as error:
            raise RecordError(RecordFault.BUSY) from error
        except PermissionError as error:
            raise RecordError(RecordFault.BUSY) from error
        yield
    finally:
        os.close(handle)


def _unlock(raw: Any, key: bytes) -> None:
    raw.execute("PRAGMA cipher_log_level = NONE")
    raw.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
