"""Locks of a data folder around its database: the door that opens it, and the turn of whoever copies or replaces it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from db.errors import RecordError, RecordFault
from desk.settings import Paths
from desk.sync.lock import exclusive, if_free

DOOR, TURN = "door.lock", "backup.lock"


@contextmanager
def door(paths: Paths) -> Iterator[None]:
    """Let nobody put another database in its place while one is being opened; a system without locks has no door."""
    with ExitStack() as held:
        with suppress(OSError):
            held.enter_context(exclusive(paths.folder / DOOR))
        yield


@contextmanager
def turn(paths: Paths) -> Iterator[None]:
    """Be the only one who backs up or restores; RecordError BUSY where another is at it."""
    with if_free(paths.folder / TURN) as free:
        if not free:
            raise RecordError(RecordFault.BUSY)
        yield
