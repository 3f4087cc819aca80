"""Who files what, when: the stories of a practice centre, before the first of them begins."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from random import Random

from db.vocabulary import Channel
from desk import reference
from desk.rehearsal import mix, morning
from desk.rehearsal.hours import at_night, busy, source_of_chance
from desk.rehearsal.mix import CERTIFIED_SHARE, Fate, Mix
from desk.rehearsal.people import MadeUpPerson, People
from desk.rehearsal.stories import Case, Office, Story, Telling

_STOCK_SHARE = 0.005
"""Dossiers that were open already when the centre began."""
_KNOWN = 0.3
"""Share of those who have filed before; the first few dozen are all new."""
_STRANGERS = 40
_HELPED = 0.06
_ORGANISATIONS = 0.03
_AT_NIGHT = 0.45


@dataclass
class Casting:
    """Draws the stories of one centre; each has its own source of chance, so one more changes no other."""

    office: Office
    people: People
    days: list[date]
    seed: int

    def __post_init__(self) -> None:
        self._mix = Mix()
        self._busy = busy(self.days)
        self._known: list[MadeUpPerson] = []

    def tellings(self, dossiers: int) -> list[Telling]:
        """Return so many stories: the opening stock, one of each fate, this morning's lessons, then whatever comes."""
        told = list(islice(self._arranged(max(1, round(dossiers * _STOCK_SHARE))), dossiers))
        plain = dossiers - len(told)
        certified = min(0.85, CERTIFIED_SHARE * dossiers / plain) if plain else 0.0
        told += [Story(self.office, self._any(self._chance(n), certified)).tell() for n in range(plain)]
        return told

    def _arranged(self, stock: int) -> Iterator[Telling]:
        for place, (code, at, way) in enumerate(morning.lessons()):
            yield way(Story(self.office, self._lesson(self._chance(f"lesson {place}"), code, at)))
        for fate in Fate:
            chance = self._chance(fate)
            case = self._case(chance, self._mix.with_fate(chance, fate), fate, Channel.DIRECT, self._early_arrival)
            yield Story(self.office, case).tell()
        for place in range(stock):
            yield self._opening_stock(self._chance(f"stock {place}"))

    def _any(self, chance: Random, certified: float) -> Case:
        procedure = self._mix.procedure(chance, certified)
        way = mix.channel(chance, procedure)
        arrival = self._filing if way is Channel.ONLINE else self._arrival
        return self._case(chance, procedure, self._mix.fate(chance, procedure), way, arrival)

    def _lesson(self, chance: Random, code: str, place: morning.Place) -> Case:
        at = place(self.office.hours, chance, self.office.now.date())
        way = Channel.DIRECT if self.office.hours.opening_after(at) == at else Channel.ONLINE
        if at.date() < self.days[0]:
            at = self._arrival(chance)
        return self._case(chance, reference.procedures()[code], Fate.PLAIN, way, lambda _chance: at)

    def _opening_stock(self, chance: Random) -> Telling:
        procedure = self._mix.with_fate(chance, Fate.HOPS)
        days = chance.randint(1, max(1, min(procedure.limit_value or 1, 15) // 2))
        hours, first = self.office.hours, self.days[0]
        received = hours.arrival(chance, hours.counting_before(first, days))
        at = hours.calendar.opening(first) + timedelta(minutes=chance.randint(5, 50))
        case = self._case(chance, procedure, Fate.PLAIN, Channel.DIRECT, lambda _chance: min(at, self.office.now))
        old_code = f"{self.office.agency}.998-{received:%y%m%d}-{chance.randint(1, 300):04d}"
        return Story(self.office, case).taken_over(received, old_code)

    def _case(
        self,
        chance: Random,
        procedure: reference.Procedure,
        fate: Fate,
        way: Channel,
        arrival: Callable[[Random], datetime],
    ) -> Case:
        person = self._person(chance)
        helper = self.people.person() if chance.random() < _HELPED else None
        return Case(chance, procedure, way, fate, arrival(chance), person, helper)

    def _person(self, chance: Random) -> MadeUpPerson:
        if len(self._known) > _STRANGERS and chance.random() < _KNOWN:
            return chance.choice(self._known)
        person = self.people.organisation() if chance.random() < _ORGANISATIONS else self.people.person()
        self._known.append(person)
        return person

    def _arrival(self, chance: Random) -> datetime:
        """Return an arrival in office hours that has already happened."""
        return self._past(lambda: self._on(chance, chance.choices(self.days, cum_weights=self._busy)[0]))

    def _early_arrival(self, chance: Random) -> datetime:
        """Return an arrival so long ago that its story has ended by now, if the centre has worked that long."""
        early = self.days[: max(1, len(self.days) // 3)]
        return self._past(lambda: self._on(chance, chance.choice(early)))

    def _filing(self, chance: Random) -> datetime:
        """Return an hour of filing from home: any day of the week, often outside office hours."""
        first, last = self.days[0], self.days[-1]
        if chance.random() >= _AT_NIGHT or first == last:
            return self._arrival(chance)
        nights = (last - first).days
        return self._past(lambda: at_night(chance, first + timedelta(days=chance.randint(1, nights))))

    def _on(self, chance: Random, day: date) -> datetime:
        return self.office.hours.arrival(chance, day)

    def _past(self, draw: Callable[[], datetime]) -> datetime:
        """Return the first of a few draws that has already happened, else the first opening."""
        drawn = (draw() for _each in range(50))
        return next((at for at in drawn if at <= self.office.now), self.office.hours.calendar.opening(self.days[0]))

    def _chance(self, what: object) -> Random:
        return source_of_chance(self.seed, what)
