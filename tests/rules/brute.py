"""A second reading of the deadline rules, over a map of every minute; shares no code with the first."""

from __future__ import annotations

import csv
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from importlib.resources import files

DAY = 1440
ORIGIN = date(2024, 6, 1)
HORIZON = date(2029, 1, 1)
OPENING, CLOSING = 7 * 60 + 30, 17 * 60
SESSIONS = ((OPENING, 11 * 60 + 30), (13 * 60 + 30, CLOSING))
ZONE = timezone(timedelta(hours=7))


def number(instant: datetime) -> int:
    """Minutes since the origin's midnight."""
    return int((instant - datetime(ORIGIN.year, ORIGIN.month, ORIGIN.day, tzinfo=ZONE)).total_seconds()) // 60


def instant(minutes: int) -> datetime:
    return datetime(ORIGIN.year, ORIGIN.month, ORIGIN.day, tzinfo=ZONE) + timedelta(minutes=minutes)


@dataclass(frozen=True)
class Term:
    value: int
    unit: str
    cutoff: int = 15 * 60


class Brute:
    def __init__(self) -> None:
        table = files("desk").joinpath("reference", "calendar.csv").read_text("utf-8")
        special = {row["date"]: row["counts"] == "1" for row in csv.DictReader(table.splitlines())}
        days = [ORIGIN + timedelta(days=each) for each in range((HORIZON - ORIGIN).days)]
        self.working = [special.get(day.isoformat(), day.isoweekday() <= 5) for day in days]
        self.office = bytearray(len(days) * DAY)
        for index, works in enumerate(self.working):
            for opens, closes in SESSIONS if works else ():
                for minute in range(opens, closes):
                    self.office[index * DAY + minute] = 1

    def start(self, t: int) -> int:
        while not (self.working[t // DAY] and OPENING <= t % DAY <= CLOSING):
            t += 1
        return t

    def minutes(self, a: int, b: int) -> int:
        return sum(self.office[a:b]) if b > a else 0

    def advance(self, t: int, minutes: int) -> int:
        while minutes:
            minutes -= self.office[t]
            t += 1
        return t

    def roll(self, index: int) -> int:
        while not self.working[index]:
            index += 1
        return index

    def due_from(self, term: Term, start: int) -> int:
        index, clock = divmod(start, DAY)
        if term.unit == "working_hour":
            return self.advance(start, term.value * 60)
        if term.unit == "same_day":
            return (index if clock <= term.cutoff else self.roll(index + 1)) * DAY + CLOSING
        if term.unit == "working_day":
            for _ in range(term.value):
                index = self.roll(index + 1)
            return index * DAY + clock
        if term.unit == "calendar_day":
            index += term.value
        else:
            day = ORIGIN + timedelta(days=index)
            year, month, wanted = day.year, day.month, day.day
            for _ in range(term.value):
                year, month = (year + 1, 1) if month == 12 else (year, month + 1)
            day = date(year, month, min(wanted, monthrange(year, month)[1]))
            index = (day - ORIGIN).days
        return index * DAY + clock if self.working[index] else self.roll(index) * DAY + CLOSING

    def due(self, term: Term, t: int) -> int:
        return self.due_from(term, self.start(t))

    def carry(self, promised: int, opened: int, closed: int) -> int:
        if opened >= promised or opened == closed:
            return promised
        end = self.advance(self.start(closed), self.minutes(opened, promised))
        if self.working[promised // DAY] and promised % DAY == OPENING and end % DAY == CLOSING:
            end = self.roll(end // DAY + 1) * DAY + OPENING
        return max(end, promised)

    def run(self, term: Term, received: int, events: list[Happened], mode: str, new: Term) -> int:
        """Carry the date of a known limit over events in their order; pauses, restarts and one variant."""
        start = self.start(received)
        promised = self.due_from(term, start)
        since_start: list[tuple[int, int]] = []
        for event in events:
            if event.what == "variant":
                term = event.term
                promised = self.due_from(term, start)
                for opened, closed in since_start:
                    promised = self.carry(promised, opened, closed)
                continue
            how = "pause" if event.what == "obligation" else mode
            if how == "none":
                continue
            if how == "pause" or event.opened >= promised:
                since_start.append((event.opened, event.closed))
                promised = self.carry(promised, event.opened, event.closed)
            else:
                start, since_start = self.start(event.closed), []
                term = new if how == "new_limit" else term
                promised = self.due_from(term, start)
        return promised


@dataclass(frozen=True)
class Happened:
    """An interval (`supplement`, `obligation`) with both its ends, or a `variant` with its term."""

    what: str
    opened: int
    closed: int
    term: Term
