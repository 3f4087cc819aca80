"""The sites: each a centre with a record, a key, an outbox and its post, all driven a day at a time by one process."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

from db import summaries
from db.engine import open_engine, sqlite_url
from db.schema import ensure
from db.steps import Side
from db.summaries import SealedFile
from db.unit import Records
from db.vocabulary import Delivery
from desk import reference, vault
from desk.counter.context import Context
from desk.counter.model import Centre
from desk.daily.sshsig import PublicKey
from desk.rehearsal import demo
from desk.rehearsal.copying import Copying
from desk.rehearsal.hours import Hours, StandingClock, source_of_chance
from desk.rehearsal.many import Stretch, stretches, write_stretch
from desk.rehearsal.pattern import Pattern
from desk.rehearsal.people import MARK, People
from desk.rules.moment import VN
from desk.settings import Paths, make_folder
from desk.sync.post import Post
from tests.replay.plan import CENTRE, Counts
from tests.replay.press import FIRST, LAST
from tests.replay.telling import AGENCY, BEFORE_OPENING, HOME

SENT = time(17, 55)
"""When a site's post goes out; the province looks into its inbox at six."""
_LINE_DOWN = 0.02


@dataclass(frozen=True)
class Task:
    """What one process is to do: its sites with their counts, and where everything lies."""

    folder: Path
    inbox: Path
    record: Pattern
    plans: Mapping[str, Counts]
    seed: int


class Site:
    """One centre and what it writes and sends each day."""

    def __init__(self, task: Task, unit: str, blank: Paths) -> None:
        self.unit = unit
        self._seed = task.seed
        self._paths = Paths(task.folder / unit)
        make_folder(self._paths.folder)
        shutil.copy(blank.database, self._paths.database)
        shutil.copy(vault.key_file(blank), vault.key_file(self._paths))
        hours = Hours(reference.calendar())
        self._clock = StandingClock(hours.calendar.opening(hours.open_days(FIRST, LAST)[0]) - BEFORE_OPENING)
        name = f"{reference.reporting_unit(unit)} {MARK}"
        engine = open_engine(sqlite_url(self._paths.database), vault.open_key(self._paths, None))
        self._ctx = Context(Centre(unit, name, 1, AGENCY, practice=True), Records(engine), self._clock)
        chance = source_of_chance(task.seed, "people", unit)
        home = HOME if unit == CENTRE else unit
        demo._open(self._ctx, People(chance, home, LAST))
        counts = {number: task.plans[unit].get(number, 0) for number in task.record.last}
        self._copying = Copying(task.record, counts, unit, People(chance, home, LAST))
        self._post = Post(self._paths, unit, practice=True, folder=task.inbox, clock=self._clock)
        self._sealed: list[SealedFile] = []

    @property
    def key(self) -> PublicKey:
        """The public key that the province enrols."""
        with self._ctx.records.reading() as view:
            pair = summaries.signing_key(view.connection)
        assert pair is not None
        return PublicKey.parse(pair.public_key)

    def work(self, stretch: Stretch) -> int:
        """Live a day up to its closing; return how many dossiers came in."""
        before = self._copying.written
        (day,) = write_stretch(self._ctx, self._clock, self._copying, stretch)
        with self._ctx.records.reading() as view:
            (file,) = summaries.files(view.connection, day.day, day.day)
        self._post.put(day.file, file.content)
        return self._copying.written - before

    def send(self, at: datetime) -> None:
        """Take in receipts and send what has none, unless the line is down today."""
        if source_of_chance(self._seed, "line", self.unit, at.date()).random() >= _LINE_DOWN:
            self.visit(at)

    def visit(self, at: datetime) -> int:
        """Take in receipts and send what has none; return how many files are confirmed."""
        self._clock.at = at
        self._post.run()
        return sum(each.state == Delivery.CONFIRMED for each in self._post.states())

    def close(self) -> None:
        """Give the record back."""
        self._ctx.records.close()


def drive(task: Task, province: Connection) -> None:
    """Live the period at some sites; after each step tell the province's process, and wait for it where it must be.

    Said in turn: the public keys; how many dossiers a day brought, of each day, and once its files are sent True; at
    the end how many files are confirmed.
    """
    blank = Paths(task.folder / f"blank-{min(task.plans)}")
    make_folder(blank.folder)
    engine = open_engine(sqlite_url(blank.database), vault.make_key(blank, None))
    ensure(engine, Side.DESK)
    engine.dispose()
    sites = [Site(task, unit, blank) for unit in task.plans]
    province.send([(site.unit, site.key.line()) for site in sites])
    for stretch in closed(task.record):
        assert stretch.closing is not None
        for site in sites:
            province.send(site.work(stretch))
        province.recv()
        for site in sites:
            site.send(datetime.combine(stretch.closing.at.astimezone(VN).date(), SENT, VN))
        province.send(True)
    morning = datetime.combine(LAST + timedelta(days=1), time(10), VN)
    for at in (morning, morning + timedelta(hours=1)):
        province.recv()
        confirmed = [site.visit(at) for site in sites]
        province.send(True)
    province.send(sum(confirmed))
    for site in sites:
        site.close()


def closed(record: Pattern) -> Sequence[Stretch]:
    """Return the days of a told record, all of which were closed."""
    return [stretch for stretch in stretches(record) if stretch.closing is not None]
