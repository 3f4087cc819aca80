"""Another calendar for a running centre: which dates it moves, told before; then all of it in one transaction.

It moves the legal deadlines of open dossiers and leaves every promise as it was told.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from msgspec import Struct

from db import dossiers, journal, offices, procedures
from db.dossiers import Dated
from db.instants import from_utc_text, utc_text
from db.journal import Event
from db.rows import DayRow, DossierRow, InstalledVersion, SessionRow
from db.unit import View, Work
from db.vocabulary import OPEN_STATES, OfficeEvent
from desk.counter import clockwork
from desk.counter.context import Context
from desk.counter.model import RefusedError
from desk.rules import moment
from desk.rules.calendar import Calendar, CalendarGapError, DayRule
from desk.rules.deadline import due_from, effective_start
from desk.rules.limits import Limit
from desk.words import _, counted

Progress = Callable[[int, int], None]
"""Is told how many of how many dossiers are done."""

_ONE_DAY = timedelta(days=1)
_STEP = 500
_MOST_SPANS = 50
"""A calendar with more other days than that is looked at as one span."""


class Moved(Struct, frozen=True):
    """A dossier whose legal deadline is another one by the new calendar, or no longer (or newly) provisional."""

    code: str
    before: datetime | None
    after: datetime | None
    provisional: bool


class CalendarEffect(Struct, frozen=True):
    """What a calendar changes: dates that get another rule, and open dossiers it touches; no promise moves.

    `hours` are the days from which other office hours are in force than before.
    """

    before: str
    version: str
    first: date
    last: date
    days: tuple[date, ...]
    open_dossiers: int
    moved: tuple[Moved, ...]
    hours: tuple[date, ...] = ()

    @property
    def later(self) -> int:
        """How many legal deadlines become later."""
        return sum(bool(each.before and each.after and each.after > each.before) for each in self.moved)

    @property
    def earlier(self) -> int:
        """How many legal deadlines become earlier."""
        return sum(bool(each.before and each.after and each.after < each.before) for each in self.moved)

    @property
    def same(self) -> int:
        """How many keep their legal deadline and only become certain, or provisional."""
        return len(self.moved) - self.later - self.earlier

    def sentence(self) -> str:
        """Return the effect in one sentence."""
        said = counted(
            "{n} hồ sơ đang mở: hạn luật của {later} muộn hơn, của {earlier} sớm hơn; không ngày hẹn nào đổi",
            self.open_dossiers,
            later=self.later,
            earlier=self.earlier,
        )
        same = counted("; {n} ngày giữ nguyên mà hết tạm tính (hoặc thành tạm tính)", self.same) if self.same else ""
        return f"{said}{same}."


class Plan(Struct, frozen=True):
    """A calendar that can be put in force: the dossiers it moves, with the columns it changes, by number."""

    old: Calendar
    new: Calendar
    open_dossiers: int
    moves: tuple[tuple[Dated, Mapping[str, Any]], ...]


@contextmanager
def _collector_resting() -> Iterator[None]:
    """Keep Python's search for cycles from walking, again and again, a list of many thousand moves that has none."""
    resting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if resting:
            gc.enable()


@_collector_resting()
def plan(ctx: Context, view: View, new: Calendar, progress: Progress | None = None) -> Plan:
    """Find which columns of which open dossiers a calendar changes; RefusedError for one without working days.

    Only dossiers whose clock can have passed a day that is another one are looked at, and of those a date is found
    again from the events only where events carried it.
    """
    old = ctx.calendar(view)
    count = dossiers.count_dated(view.connection, OPEN_STATES)
    found: list[tuple[Dated, Mapping[str, Any]]] = []
    try:
        new.next_counting(new.last)
        spans = [(_midnight(first), None if end is None else _midnight(end)) for first, end in _other_spans(old, new)]
        rows = dossiers.crossing(view.connection, OPEN_STATES, spans)
        dates = _Dates(new)
        carried: list[Dated] = []
        done = 0
        for row in rows:
            if row.plain:
                if changes := dates.straight(row):
                    found.append((row, changes))
                done += 1
                _tell(progress, done, count)
            else:
                carried.append(row)
        for start in range(0, len(carried), _STEP):
            part = carried[start : start + _STEP]
            found.extend(dates.carried(view, part))
            done += len(part)
            _tell(progress, done, count, always=True)
    except CalendarGapError as error:
        sentence = _("Lịch không có ngày làm việc nào sau {day}: không dùng được.")
        raise RefusedError("calendar_gap", sentence.format(day=f"{error.day:%d/%m/%Y}"), "file") from error
    if progress is not None:
        progress(count, count)
    return Plan(old, new, count, tuple(sorted(found, key=lambda move: move[0].id)))


@_collector_resting()
def effect(found: Plan) -> CalendarEffect:
    """Return what a plan changes, in the order of the dossiers' numbers."""
    return CalendarEffect(
        found.old.version,
        found.new.version,
        found.new.first,
        found.new.last,
        other_days(found.old, found.new),
        found.open_dossiers,
        tuple(_moved(row, changes) for row, changes in found.moves),
        tuple(start for start, _end in _other_hours(found.old, found.new)),
    )


def put_in_force(
    ctx: Context,
    work: Work,
    found: Plan,
    kind: OfficeEvent,
    data: Mapping[str, Any],
    officer_id: int | None,
    progress: Progress | None = None,
) -> CalendarEffect:
    """Write a calendar, the dates it moves and the events that say so; the caller commits."""
    at, new, done = ctx.now(), found.new, effect(found)
    for start in range(0, len(found.moves), _STEP):
        part = found.moves[start : start + _STEP]
        rows = dossiers.by_ids(work.connection, (dated.id for dated, _changes in part))
        for dated, changes in part:
            work.apply(
                OfficeEvent.DEADLINE_MOVED, at, {"calendar": new.version}, row=rows[dated.id], dossier_id=dated.id,
                changes=changes, officer_id=officer_id,
            )  # fmt: skip
        _tell(progress, start + len(part), len(found.moves), always=True)
    offices.replace_calendar(work.connection, (DayRow(r.date, r.counts, r.open, r.note, r.source) for r in new.rows))
    if new.hours != found.old.hours:
        offices.replace_sessions(
            work.connection,
            (SessionRow(hours.valid_from, s.start, s.end) for hours in new.hours for s in hours.sessions),
        )
    procedures.install(work.connection, InstalledVersion("calendar", new.version, new.first, new.last), at)
    told = {
        "before": done.before,
        "version": done.version,
        "first": done.first.isoformat(),
        "last": done.last.isoformat(),
        "days": len(done.days),
        "later": done.later,
        "earlier": done.earlier,
    }
    work.record(kind, at, {**told, **data}, officer_id=officer_id)
    return done


def by_todays_calendar(work: Work, cal: Calendar, row: DossierRow, undo: Event) -> DossierRow:
    """Return an open dossier with the legal deadline that follows from the calendar in force after an undo.

    What an act or a calendar wrote before was found with the undone act standing, or by an older calendar.
    """
    if row.state not in OPEN_STATES or not row.accepted or row.received_at is None:
        return row
    changes = clockwork.moved(row, clockwork.dates_of(cal, row, journal.of_dossier(work.connection, row.id)))
    if not changes:
        return row
    data = {"calendar": cal.version, "after": undo.seq}
    return work.apply(
        OfficeEvent.DEADLINE_MOVED, undo.at, data, row=row, dossier_id=row.id, changes=changes,
        officer_id=undo.officer_id,
    )[1]  # fmt: skip


def other_days(old: Calendar, new: Calendar) -> tuple[date, ...]:
    """Return the dates whose row is another one, be it only in its note."""
    before, after = _rules(old), _rules(new)
    return tuple(sorted(day for day in before.keys() | after.keys() if before.get(day) != after.get(day)))


def _rules(cal: Calendar) -> dict[date, DayRule]:
    return {row.date: row for row in cal.rows}


def _other_spans(old: Calendar, new: Calendar) -> list[tuple[date, date | None]]:
    """Return the spans of days that a clock counts otherwise: the first day, and the one behind the last, or no end."""
    days = [day for day in other_days(old, new) if old.counts(day) != new.counts(day)]
    spans = [*((day, day + _ONE_DAY) for day in days), *_other_hours(old, new)]
    if len(spans) <= _MOST_SPANS:
        return spans
    ends = [end for _start, end in spans if end is not None]
    return [(min(start for start, _end in spans), max(ends) if len(ends) == len(spans) else None)]


def _other_hours(old: Calendar, new: Calendar) -> Iterator[tuple[date, date | None]]:
    """Yield the spans of days whose office hours are others: the first day, and the one behind the last."""
    starts = sorted({date.min, *(each.valid_from for cal in (old, new) for each in cal.hours)})
    for start, end in pairwise((*starts, None)):
        if start is not None and old.sessions(start) != new.sessions(start):
            yield start, end


def _midnight(day: date) -> datetime:
    """Return the beginning of a day, not before the first one that can be written in another zone."""
    return datetime.combine(max(day, date(1, 1, 2)), time(), moment.VN)


class _Dates:
    """The columns of open dossiers that are others by a calendar; instants are held side by side as stored."""

    def __init__(self, cal: Calendar) -> None:
        self._cal = cal
        self._first, self._end = utc_text(_midnight(cal.first)), utc_text(_midnight(cal.last + _ONE_DAY))
        self._known: dict[tuple[str, str], str] = {}

    def straight(self, row: Dated) -> dict[str, Any]:
        """Return those of a dossier whose clock runs straight from the receipt to its limit; equal ones once."""
        doubtful = row.received_at < self._first
        if not row.limit_text:
            return self._changes(row, None, doubtful=doubtful)
        key = row.received_at, row.limit_text
        legal = self._known.get(key)
        if legal is None:
            start = effective_start(self._cal, from_utc_text(row.received_at)).at
            legal = self._known[key] = utc_text(due_from(self._cal, Limit.parse(row.limit_text), start))
        return self._changes(row, legal, doubtful=doubtful)

    def carried(self, view: View, part: Sequence[Dated]) -> Iterator[tuple[Dated, dict[str, Any]]]:
        """Yield dossiers whose dates their events have carried, with those that are not none."""
        rows = dossiers.by_ids(view.connection, (row.id for row in part))
        histories = journal.of_dossiers(view.connection, rows)
        for row in part:
            whole = rows[row.id]
            legal = clockwork.legal_of(self._cal, whole, histories[row.id])
            doubtful = clockwork.is_awaited(whole) or utc_text(clockwork.start_of(whole)) < self._first
            if changes := self._changes(row, None if legal is None else utc_text(legal.at), doubtful=doubtful):
                yield row, changes

    def _changes(self, row: Dated, legal: str | None, *, doubtful: bool) -> dict[str, Any]:
        changes: dict[str, Any] = {}
        if legal != row.legal_deadline:
            changes["legal_deadline"] = None if legal is None else from_utc_text(legal)
        beyond = (legal is not None and legal >= self._end) or (row.promise is not None and row.promise >= self._end)
        if (beyond or doubtful) != row.provisional:
            changes["provisional"] = not row.provisional
        return changes


def _moved(row: Dated, changes: Mapping[str, Any]) -> Moved:
    before = None if row.legal_deadline is None else moment.minute(from_utc_text(row.legal_deadline))
    after = changes.get("legal_deadline", before)
    after = None if after is None else moment.minute(after)
    return Moved(row.code, before, after, changes.get("provisional", row.provisional))


def _tell(progress: Progress | None, done: int, of: int, *, always: bool = False) -> None:
    if progress is not None and (always or done % _STEP == 0):
        progress(done, of)
