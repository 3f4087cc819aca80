"""A centre with very many dossiers: a few thousand told, the rest copied from them day by day, each day closed."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from msgspec import Struct

from db import bulk, journal
from db.engine import open_engine, sqlite_url
from db.journal import Event
from db.unit import Records
from db.vocabulary import OfficeEvent
from desk import vault
from desk.counter import closing, finding
from desk.counter.context import Context
from desk.counter.model import ClosedDay
from desk.rehearsal.copying import Copying
from desk.rehearsal.hours import StandingClock
from desk.rehearsal.pattern import Pattern, read
from desk.settings import Paths

Told = Callable[[float], None]
"""Hears which share of the work is done."""

_TELLING, _WRITING = 0.08, 0.8
"""At which share of the whole the copies begin, and at which the search index."""


class Stretch(Struct, frozen=True):
    """What a told centre did up to the closing of a day; `closing` is None for the day that is still open."""

    events: list[Event]
    closing: Event | None


def told_pattern(folder: Paths, tell: Callable[[Paths], object]) -> Pattern:
    """Return what `tell` does in a folder that is there only for it."""
    try:
        tell(folder)
        engine = open_engine(sqlite_url(folder.database), vault.open_key(folder, None))
        try:
            with Records(engine).reading() as view:
                return read(view)
        finally:
            engine.dispose()
    finally:
        shutil.rmtree(folder.folder, ignore_errors=True)


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Keep the collector of cycles away: it would walk again and again over rows that are all alive."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@_nothing_collected()
def write_copies(ctx: Context, clock: StandingClock, pattern: Pattern, copying: Copying, told: Told) -> int:
    """Write a told centre as often as `copying` says into one that has just opened; return how many days it closed.

    What happened up to the closing of a day is one transaction, and the search index of all is the last.
    """
    all_dossiers = sum(copying.counts.values())
    days = 0
    for stretch in stretches(pattern):
        days += len(write_stretch(ctx, clock, copying, stretch))
        told(_TELLING + (_WRITING - _TELLING) * copying.written / all_dossiers)
    with ctx.records.writing() as work:
        for done in bulk.index(work.connection, finding.line_of):
            told(_WRITING + (1 - _WRITING) * done / all_dossiers)
        work.commit()
    return days


def share_of_telling(done: int, of: int) -> float:
    """Return which share of the whole is done when so many of so many dossiers are told."""
    return _TELLING * done / of


def write_stretch(ctx: Context, clock: StandingClock, copying: Copying, stretch: Stretch) -> tuple[ClosedDay, ...]:
    """Write what happened up to the closing of a day, and close it, in one transaction; return the days it sealed."""
    sealed: tuple[ClosedDay, ...] = ()
    with ctx.records.writing() as work:
        bulk.prepare(work.connection)
        bulk.write(work.connection, copying.batch(stretch.events, journal.head(work.connection)))
        if stretch.closing is not None:
            clock.at = stretch.closing.at
            sealed = closing.close(ctx, work, None, stretch.closing.officer_id)
        work.commit()
    return sealed


def stretches(pattern: Pattern) -> Iterator[Stretch]:
    """Yield a told record day by day; the last is that of the day still open, empty if all are closed."""
    events: list[Event] = []
    for event in pattern.events:
        if event.kind == OfficeEvent.DAY_CLOSED:
            yield Stretch(events, event)
            events = []
        elif event.dossier_id is not None:
            events.append(event)
    yield Stretch(events, None)
