"""Seeded lives of dossiers from 2025 to 2027 for the proof of the deadline rules, told in numbers only.

Each life can be told to the rules (`clock_events`) and to the map of every minute (`Life` itself).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import date, time
from importlib.resources import files
from random import Random

from msgspec import Struct
from msgspec.structs import replace

from db.vocabulary import LimitUnit, SupplementMode
from desk.rules.calendar import Calendar, DayRule, OfficeHours, Session, merge_rows, parse_rows
from desk.rules.clock import ClockEvent, ClockKind
from desk.rules.limits import Limit
from tests.rules.brute import DAY, Brute, Happened, Sessions, Term, index_of, instant

FIRST, LAST = date(2025, 1, 1), date(2026, 12, 31)
SHIPPED_ROWS = parse_rows(files("desk").joinpath("reference", "calendar.csv").read_text("utf-8"))
EDGES = (449, 450, 690, 720, 900, 901, 1020, 1021, 1439)
"""07:29, 07:30, 11:30, 12:00, 15:00, 15:01, 17:00, 17:01 and 23:59."""

# A year that nobody has announced yet: Tết, holidays, a swap, a Saturday that is open and does not count.
_OFF_2027 = ((1, 1), (2, 4), (2, 5), (2, 8), (2, 9), (2, 10), (4, 16), (4, 30), (5, 3), (9, 2), (9, 3), (11, 24))
ROWS = merge_rows(
    SHIPPED_ROWS,
    [
        *(DayRule(date(2027, month, day), counts=False, open=False, note="Nghỉ") for month, day in _OFF_2027),
        DayRule(date(2027, 8, 21), counts=True, open=True, note="Làm bù cho 03/09/2027"),
        DayRule(date(2027, 3, 13), counts=False, open=True, note="Sáng thứ Bảy"),
    ],
)
SUMMER: Sessions = ((420, 690), (810, 1050))
WINTER: Sessions = ((480, 705), (780, 990))


def _hours(since: date, sessions: Sessions) -> OfficeHours:
    def clock(minute: int) -> time:
        return time(minute // 60, minute % 60)

    return OfficeHours(since, tuple(Session(clock(opens), clock(closes)) for opens, closes in sessions))


_CHANGES = ((date(2026, 4, 15), SUMMER), (date(2026, 10, 15), WINTER))
_SPECIAL = {rule.date: rule.counts for rule in ROWS}
WORLDS: tuple[tuple[Calendar, Brute], ...] = (
    (Calendar(ROWS, (), FIRST, LAST), Brute(_SPECIAL)),
    (Calendar(ROWS, tuple(_hours(*each) for each in _CHANGES), FIRST, LAST), Brute(_SPECIAL, _CHANGES)),
)
"""The default office hours all along, and hours that change twice; the same days in both."""


class Life(Struct, frozen=True):
    """A receipt, its limits, and what happened in order; `typed` is a promise of an officer instead of the limits."""

    received: int
    term: Term
    local: Term | None
    mode: str
    new: Term
    events: tuple[Happened, ...]
    typed: int


def limit_of(term: Term) -> Limit:
    return Limit(term.value, LimitUnit(term.unit), time(term.cutoff // 60, term.cutoff % 60))


def mode_of(life: Life) -> SupplementMode:
    return SupplementMode(life.mode)


_ENDS = {"supplement": ClockKind.SUPPLEMENTED, "obligation": ClockKind.SETTLED}


def clock_events(events: Iterable[Happened]) -> list[ClockEvent]:
    """Tell what happened to the clock."""
    told: list[ClockEvent] = []
    for each in events:
        said = None if each.told is None else instant(each.told)
        opened = instant(each.opened)
        if each.what == "variant":
            local = None if each.local is None else limit_of(each.local)
            told.append(ClockEvent(ClockKind.VARIANT, opened, limit=limit_of(each.term), local=local, told=said))
        elif each.what == "reschedule":
            told.append(ClockEvent(ClockKind.RESCHEDULE, opened, to=instant(each.to), told=said))
        else:
            told.append(ClockEvent(ClockKind(each.what), opened))
            if each.closed is not None:
                told.append(ClockEvent(_ENDS[each.what], instant(each.closed), told=said))
    return told


class Lives:
    """Draws lives; half of the days lie at month ends, Tết, holidays and swaps, most minutes at the edges."""

    def __init__(self, rng: Random, brute: Brute) -> None:
        self.rng = rng
        self.brute = brute

    def minute(self) -> int:
        return self.rng.choice(EDGES) if self.rng.random() < 0.7 else self.rng.randrange(DAY)

    def day(self) -> int:
        place = self.rng.random()
        if place < 0.4:
            return index_of(date(2025, 1, 1)) + self.rng.randrange(3 * 365)
        if place < 0.6:
            month = self.rng.randrange(1, 36)
            return index_of(date(2025 + month // 12, month % 12 + 1, 1)) + self.rng.randrange(-3, 2)
        return max(index_of(self.rng.choice(ROWS).date) + self.rng.randrange(-8, 3), 1)

    def instant(self) -> int:
        return self.day() * DAY + self.minute()

    def later(self, t: int) -> int:
        """The same minute, an edge of one of the next days, or anything within six days."""
        how = self.rng.random()
        if how < 0.1:
            return t
        if how < 0.65:
            return max(t, (t // DAY + self.rng.randrange(10)) * DAY + self.minute())
        return t + self.rng.randrange(6 * DAY)

    def term(self) -> Term:
        unit = self.rng.choice(list(LimitUnit)).value
        if unit == "same_day":
            return Term(0, unit, 900 if self.rng.random() < 0.6 else self.minute())
        most = {"working_day": 40, "calendar_day": 60, "month": 6, "working_hour": 40}[unit]
        return Term(self.rng.randrange(1, most + 1 if self.rng.random() < 0.3 else most // 4 + 2), unit)

    def life(self) -> Life:
        received = self.instant()
        life = Life(
            received,
            self.term(),
            self.term() if self.rng.random() < 0.5 else None,
            self.rng.choice(list(SupplementMode)).value,
            self.term(),
            (),
            self.later(self.brute.start(received)),
        )
        lawful = self.rng.random() < 0.7
        for event in self._events(life, lawful=lawful):
            life = replace(life, events=(*life.events, event))
            self._so_far = life
        return life

    def _events(self, life: Life, *, lawful: bool) -> Iterator[Happened]:
        self._so_far, now = life, life.received
        varied = rescheduled = False
        for _ in range(self.rng.choice((0, 1, 1, 2, 2, 3, 4, 5))):
            now = self.later(now)
            what = self.rng.choice(("supplement", "obligation", "supplement", "obligation", "variant", "reschedule"))
            if what in {"supplement", "obligation"}:
                if not (varied or rescheduled or lawful) and self.rng.random() < 0.2:
                    varied = True
                    yield self._variant(self.later(now))
                    end = self.later(self._so_far.events[-1].opened)
                else:
                    end = self.later(now)
                if self.rng.random() < 0.1:
                    yield Happened(what, now, None, life.term)
                    return
                yield Happened(what, now, end, life.term, told=self._told(end))
                now = end
            elif not rescheduled and not (lawful and now > self._promise()):
                if what == "reschedule":
                    rescheduled = True
                    yield Happened(what, now, now, life.term, to=self._new_date(now, lawful=lawful))
                elif not varied:
                    varied = True
                    yield self._variant(now)

    def _variant(self, now: int) -> Happened:
        local = self.term() if self.rng.random() < 0.3 else None
        return Happened("variant", now, now, self.term(), local, told=self._told(now))

    def _told(self, now: int) -> int | None:
        return self.later(now) if self.rng.random() < 0.05 else None

    def _promise(self) -> int:
        life = self._so_far
        return self.brute.three(life.term, life.local, life.received, life.events, life.mode, life.new).current

    def _new_date(self, now: int, *, lawful: bool) -> int:
        """Where the rules bind: an office minute after the promise; else any later instant."""
        if not lawful:
            return self.later(now)
        office = self.brute.office
        return office[bisect_left(office, self._promise() + 1) + self.rng.randrange(9 * 450)]
