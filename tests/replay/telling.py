"""The one record that all sites' are copied from: told through the real use cases, every dossier by somebody else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from db.engine import open_engine, sqlite_url
from db.rows import DossierRow
from db.schema import ensure
from db.steps import Side
from db.unit import Records
from db.vocabulary import OPEN_STATES, Channel, Judgement, Outcome, State
from desk import reference, vault
from desk.counter.context import Context
from desk.counter.model import Centre
from desk.rehearsal import demo
from desk.rehearsal.casting import Casting
from desk.rehearsal.hours import Hours, StandingClock, source_of_chance
from desk.rehearsal.many import told_pattern
from desk.rehearsal.mix import Fate, can_have
from desk.rehearsal.pattern import Pattern
from desk.rehearsal.people import MadeUpPerson, People
from desk.rehearsal.stories import Office, Story, Telling
from desk.settings import Paths
from tests.replay.press import FIRST, LAST, Cell, Kind

HOME, AGENCY = "11953", "H31"
"""The ward of Phố Hiến, where the stories take place before they are copied."""
BEFORE_OPENING = timedelta(minutes=30)
_ONLINE, _CERTIFIED, _POST = 0.6, 0.6, 0.1
_ODD = (Fate.LATE, Fate.REFUSED, Fate.WITHDRAWN, Fate.SUPPLEMENT, Fate.STOPPED, Fate.DECLINED)
_LATELY = (Fate.SUPPLEMENT, Fate.REFUSED, Fate.HOPS)
_OUTCOMES = {
    Outcome.REFUSED: Kind.REFUSED,
    Outcome.STOPPED: Kind.STOPPED,
    Outcome.WITHDRAWN: Kind.WITHDRAWN,
}
_WAITING = {State.SUPPLEMENT: Kind.SUPPLEMENT, State.OBLIGATION: Kind.OBLIGATION}
_UNFINISHED = frozenset({State.REGISTERED, State.NOT_RECEIVED, State.SUPPLEMENT})


class Cast(Casting):
    """Draws stories of a month and a half.

    Odd ones are more frequent than in life: how often each is there is decided afterwards.
    """

    def tellings(self, dossiers: int) -> list[Telling]:
        """Return so many stories: of each odd fate and way in a few, some that have only just begun, then any."""
        share = max(2, dossiers // 60)
        told = [
            self._told(f"{fate} {online} {place}", fate, online=online, late=False)
            for fate in _ODD
            for online in (True, False)
            for place in range(share)
        ]
        told += [
            self._told(f"lately {fate} {online} {place}", fate, online=online, late=True)
            for fate in _LATELY
            for online in (True, False)
            for place in range(share)
        ]
        plain = max(0, dossiers - len(told))
        return told + [self._told(place, None, online=None, late=False) for place in range(plain)]

    def _told(self, what: object, wanted: Fate | None, *, online: bool | None, late: bool) -> Telling:
        chance = source_of_chance(self.seed, what)
        on_line = chance.random() < _ONLINE if online is None else online
        procedure = self._drawn(chance, wanted, on_line=on_line)
        way = Channel.ONLINE if on_line else Channel.POST if chance.random() < _POST else Channel.DIRECT
        fate = wanted or self._mix.fate(chance, procedure)
        fate = Fate.PLAIN if fate is Fate.VOIDED else fate
        arrival = self._filing if on_line else self._arrival
        if late:
            arrival = self._late_arrival
        elif wanted is not None:
            arrival = self._early_arrival
        return Story(self.office, self._case(chance, procedure, fate, way, arrival)).tell()

    def _drawn(self, chance: Random, fate: Fate | None, *, on_line: bool) -> reference.Procedure:
        while True:
            certified = 0.0 if on_line or fate is not None else _CERTIFIED
            found = self._mix.procedure(chance, certified)
            open_to = not on_line or not found.online_level.startswith("không")
            if open_to and (fate is None or can_have(found, fate)):
                return found

    def _late_arrival(self, chance: Random) -> datetime:
        return self._past(lambda: self._on(chance, chance.choice(self.days[-6:])))

    def _person(self, chance: Random) -> MadeUpPerson:
        """Return somebody who has filed nothing yet: then each dossier can be there as often as is wanted."""
        return self.people.organisation() if chance.random() < 0.03 else self.people.person()


def told(folder: Path, dossiers: int, seed: int, tell: Callable[[int, int], None]) -> Pattern:
    """Return the record of so many dossiers, each day of the period closed."""
    return told_pattern(Paths(folder), lambda paths: _tell(paths, dossiers, seed, tell))


def _tell(paths: Paths, dossiers: int, seed: int, tell: Callable[[int, int], None]) -> None:
    paths.folder.mkdir()
    hours = Hours(reference.calendar())
    days = hours.open_days(FIRST, LAST)
    engine = open_engine(sqlite_url(paths.database), vault.make_key(paths, None))
    ensure(engine, Side.DESK)
    clock = StandingClock(hours.calendar.opening(days[0]) - BEFORE_OPENING)
    ctx = Context(Centre(HOME, "Phường Phố Hiến", 1, AGENCY, practice=True), Records(engine), clock)
    chance = source_of_chance(seed, "office")
    people = People(chance, HOME, LAST)
    head, *clerks = demo._open(ctx, people)
    end = hours.calendar.closing(days[-1]) + timedelta(minutes=20)
    office = Office(hours, head, tuple(clerks), AGENCY, end, takes_fees=False)
    run = demo._Run(ctx, clock, Cast(office, people, days, seed).tellings(dossiers), None, tell)
    for day in days:
        run.work_until(hours.calendar.closing(day) + timedelta(minutes=chance.randint(8, 20)), closed_by=head)
    engine.dispose()


def sorted_out(record: Pattern) -> Mapping[Cell, Sequence[int]]:
    """Return the told dossiers by how they stand on the last evening; what stands otherwise is not to be copied."""
    found: dict[Cell, list[int]] = defaultdict(list)
    for number, row in record.last.items():
        kind = _kind(row)
        if kind is not None:
            found[row.channel == Channel.ONLINE, kind].append(number)
    return found


def _kind(row: DossierRow) -> Kind | None:
    if not row.accepted:
        return Kind.BESIDE if row.state in _UNFINISHED else None
    if row.state in OPEN_STATES:
        return _WAITING.get(State(row.state), Kind.OPEN)
    overdue = row.verdict == Judgement.OVERDUE
    if row.state in {State.VOIDED, State.HANDED_OVER} or not row.verdict:
        return None
    if row.outcome in _OUTCOMES:
        return None if overdue else _OUTCOMES[Outcome(row.outcome)]
    return Kind.OVERDUE if overdue else Kind.TIMELY
