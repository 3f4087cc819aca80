"""A second reading of the deadline rules, over a map of every minute; shares no code with the first.

Instants are whole minutes since the midnight of `ORIGIN`. The map names each minute of office time and each minute at
which a clock may start; every rule is then a search in the map.
"""

from __future__ import annotations

import csv
from array import array
from bisect import bisect_left
from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from importlib.resources import files

from msgspec import Struct

DAY = 1440
ORIGIN = date(2024, 6, 1)
HORIZON = date(2031, 1, 1)
ZONE = timezone(timedelta(hours=7))
MIDNIGHT = datetime(ORIGIN.year, ORIGIN.month, ORIGIN.day, tzinfo=ZONE)
Sessions = tuple[tuple[int, int], ...]
DEFAULT: Sessions = ((7 * 60 + 30, 11 * 60 + 30), (13 * 60 + 30, 17 * 60))


def number(instant: datetime) -> int:
    """Minutes since the origin's midnight."""
    return int((instant - MIDNIGHT).total_seconds()) // 60


def instant(minutes: int) -> datetime:
    return MIDNIGHT + timedelta(minutes=minutes)


def index_of(day: date) -> int:
    return (day - ORIGIN).days


def day_of(index: int) -> date:
    return ORIGIN + timedelta(days=index)


class Term(Struct, frozen=True):
    value: int
    unit: str
    cutoff: int = 15 * 60


class Happened(Struct, frozen=True):
    """An interval (`supplement`, `obligation`), a `variant` with its term, or a `reschedule` with its new date.

    `closed` None: the interval still runs. `told`: the promise given to the citizen afterwards.
    """

    what: str
    opened: int
    closed: int | None
    term: Term
    local: Term | None = None
    to: int = 0
    told: int | None = None


class Dates(Struct, frozen=True):
    """The three dates of one life, and since when it waits for the citizen."""

    legal: int
    first: int
    current: int
    suspended_since: int | None


def shipped() -> dict[date, bool]:
    """Read whether each exceptional day of the shipped calendar counts."""
    table = files("desk").joinpath("reference", "calendar.csv").read_text("utf-8")
    return {date.fromisoformat(row["date"]): row["counts"] == "1" for row in csv.DictReader(table.splitlines())}


class Brute:
    def __init__(self, special: Mapping[date, bool] | None = None, hours: Sequence[tuple[date, Sessions]] = ()) -> None:
        special = shipped() if special is None else special
        self.working: list[bool] = []
        self.sessions: list[Sessions] = []
        self.office = array("l")
        self.starts = array("l")
        for index in range(index_of(HORIZON)):
            day = day_of(index)
            works = special.get(day, day.isoweekday() <= 5)
            sessions = DEFAULT
            for since, kept in sorted(hours):
                if since <= day:
                    sessions = kept
            self.working.append(works)
            self.sessions.append(sessions)
            if works:
                midnight = index * DAY
                for opens, closes in sessions:
                    self.office.extend(range(midnight + opens, midnight + closes))
                self.starts.extend(range(midnight + sessions[0][0], midnight + sessions[-1][1] + 1))

    def opening(self, index: int) -> int:
        return index * DAY + self.sessions[index][0][0]

    def closing(self, index: int) -> int:
        return index * DAY + self.sessions[index][-1][1]

    def start(self, t: int) -> int:
        return self.starts[bisect_left(self.starts, t)]

    def minutes(self, a: int, b: int) -> int:
        return max(0, bisect_left(self.office, b) - bisect_left(self.office, a))

    def advance(self, t: int, minutes: int) -> int:
        return t if minutes == 0 else self.office[bisect_left(self.office, t) + minutes - 1] + 1

    def roll(self, index: int) -> int:
        while not self.working[index]:
            index += 1
        return index

    def due_from(self, term: Term, start: int) -> int:
        index, clock = divmod(start, DAY)
        if term.unit == "working_hour":
            return self.advance(start, term.value * 60)
        if term.unit == "same_day":
            return self.closing(index if clock <= term.cutoff else self.roll(index + 1))
        if term.unit == "working_day":
            for _ in range(term.value):
                index = self.roll(index + 1)
            return index * DAY + clock
        if term.unit == "calendar_day":
            index += term.value
        else:
            day = day_of(index)
            year, month, wanted = day.year, day.month, day.day
            for _ in range(term.value):
                year, month = (year + 1, 1) if month == 12 else (year, month + 1)
            index = index_of(date(year, month, min(wanted, monthrange(year, month)[1])))
        return index * DAY + clock if self.working[index] else self.closing(self.roll(index))

    def due(self, term: Term, t: int) -> int:
        return self.due_from(term, self.start(t))

    def soonest(self, terms: Sequence[Term], start: int) -> int:
        return min(self.due_from(term, start) for term in terms)

    def resume(self, promised: int, closed: int, minutes: int) -> int:
        """So many office minutes after the end of an interval; never before the date as it stood."""
        end = self.advance(self.start(closed), minutes)
        index = promised // DAY
        if self.working[index] and promised == self.opening(index) and end == self.closing(end // DAY):
            end = self.opening(self.roll(end // DAY + 1))
        return max(end, promised)

    def carry(self, promised: int, opened: int, closed: int) -> int:
        if opened >= promised or opened == closed:
            return promised
        return self.resume(promised, closed, self.minutes(opened, promised))

    def run(
        self,
        terms: Term | Sequence[Term],
        received: int,
        events: Sequence[Happened],
        mode: str,
        new: Term,
        *,
        promise: bool = False,
        first: int | None = None,
    ) -> int:
        """Carry one date over events in their order; `promise`: it follows reschedules and what was told.

        The sooner of two terms holds from every start. Without any it runs from the typed date `first`, and a restart
        gives the office time up to it again.
        """
        terms = (terms,) if isinstance(terms, Term) else tuple(terms)
        start = self.start(received)
        promised = self.soonest(terms, start) if first is None else first
        span = self.minutes(start, promised)
        moved = False
        since_start: list[tuple[int, int]] = []
        for event in events:
            if event.what == "variant":
                terms = (event.term, event.local) if promise and event.local is not None else (event.term,)
                promised = self.soonest(terms, start)
                for interval in since_start:
                    promised = self.carry(promised, *interval)
            elif event.what == "reschedule":
                promised, moved = (event.to, True) if promise else (promised, False)
            elif event.closed is not None:
                how = "pause" if event.what == "obligation" else mode
                if how == "pause" or (how != "none" and (moved or event.opened >= promised)):
                    since_start.append((event.opened, event.closed))
                    promised = self.carry(promised, event.opened, event.closed)
                elif how != "none":
                    start, since_start = self.start(event.closed), []
                    terms = (new,) if how == "new_limit" else terms
                    promised = self.soonest(terms, start) if terms else self.resume(promised, event.closed, span)
            if promise and event.told is not None:
                promised = event.told
        return promised

    def three(
        self, term: Term, local: Term | None, received: int, events: Sequence[Happened], mode: str, new: Term
    ) -> Dates:
        terms = (term,) if local is None else (term, local)
        legal = self.run(term, received, events, mode, new)
        current = self.run(terms, received, events, mode, new, promise=True)
        first = self.soonest(terms, self.start(received))
        return Dates(legal, first, current, self.waiting_since(events, mode))

    @staticmethod
    def waiting_since(events: Sequence[Happened], mode: str) -> int | None:
        """Since when the last interval runs that stops the clock."""
        for event in events:
            if event.what in {"supplement", "obligation"} and event.closed is None:
                return None if event.what == "supplement" and mode == "none" else event.opened
        return None

    def apology_by(self, promised: int) -> int:
        index = promised // DAY - 1
        while not self.working[index]:
            index -= 1
        return self.closing(index)


def judged(promised: int, ended: int) -> str:
    if ended // DAY < promised // DAY:
        return "early"
    return "on_time" if ended <= promised else "overdue"
