"""A practice centre with months of made-up work behind it, written through the use cases of the counter itself."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from heapq import heapify, heappop, heappush

from msgspec import Struct
from msgspec.structs import replace

from db import journal, offices
from db.engine import open_engine, sqlite_url
from db.schema import ensure
from db.steps import Side
from db.unit import Records, Work
from db.vocabulary import OfficeEvent, Role
from desk import reference, vault
from desk.counter import acting, closing, receiving, starting
from desk.counter.context import Context
from desk.counter.model import Centre, Done, Receive, TakeOver
from desk.counter.service import Counter
from desk.rehearsal import till
from desk.rehearsal.casting import Casting
from desk.rehearsal.copying import Copying
from desk.rehearsal.hours import Hours, StandingClock, source_of_chance
from desk.rehearsal.many import share_of_telling, told_pattern, write_copies
from desk.rehearsal.pattern import copies
from desk.rehearsal.people import MARK, People
from desk.rehearsal.stories import Office, Planned, Telling
from desk.rules import moment
from desk.settings import CentreSettings, Paths, make_folder, write_settings
from desk.sync.post import Post

UNIT = "18229"
MOST_TOLD = 20_000
"""So many dossiers are told one by one in a few minutes."""
TOLD = 3_000
"""How many are told where the others are copies of them."""
SPAN = timedelta(days=122)
_BEFORE_OPENING = timedelta(minutes=30)
Progress = Callable[[int, int], None]


class DemoResult(Struct, frozen=True):
    """What a practice centre holds: dossiers, closed days, events of the journal."""

    dossiers: int
    days: int
    events: int


def make_demo(
    paths: Paths,
    *,
    dossiers: int = 2000,
    seed: int = 1,
    now: datetime,
    progress: Progress | None = None,
    told: int | None = None,
    fees: bool = True,
) -> DemoResult:
    """Make a practice centre with so many dossiers over the four months before `now`; today is still open.

    The same seed and instant give the same people, codes, dates and states; salts and the signing key are always new.
    Each dossier is told through the use cases of the counter. Of more than `told` (else `MOST_TOLD`) only so many are;
    the others are copies of those that have ended, with people and numbers of their own. Days are closed all the same.
    Only a centre without copies takes `fees`, whose receipts have gapless numbers, and rings people up.
    `progress` hears of dossiers filed so far, and of all. What fails or is interrupted leaves nothing behind.
    FileExistsError: the folder holds a centre already. ValueError: no day for the centre to work on.
    """
    made = (paths.settings, paths.database, vault.key_file(paths))
    for place in made:
        if place.exists():
            raise FileExistsError(place)
    now = moment.minute(now)
    hours = Hours(reference.calendar())
    opened = hours.open_days(max(now.date() - SPAN, starting.FIRST_DAY), now.date())
    days = [day for day in opened if hours.calendar.opening(day) <= now]
    if dossiers < 1 or not days:
        raise ValueError("dossiers" if days else "now")
    make_folder(paths.folder)
    with ExitStack() as undoing:
        for place in (*made, *(paths.database.with_name(f"{paths.database.name}-{end}") for end in ("wal", "shm"))):
            undoing.callback(place.unlink, missing_ok=True)
        engine = open_engine(sqlite_url(paths.database), vault.make_key(paths, None))
        undoing.callback(engine.dispose)
        ensure(engine, Side.DESK)
        clock = StandingClock(hours.calendar.opening(days[0]) - _BEFORE_OPENING)
        exchange = paths.folder / "usb"
        undoing.callback(shutil.rmtree, exchange, ignore_errors=True)
        make_folder(exchange)
        settings = replace(_settings(), folder=str(exchange))
        centre = Centre(settings.unit, settings.name, settings.desk, settings.agency, settings.practice)
        ctx = Context(centre, Records(engine), clock)
        chance = source_of_chance(seed, "office")
        people = People(chance, UNIT, now.date())
        head, *clerks = _open(ctx, people)
        most = told or MOST_TOLD
        if dossiers > most:
            closed = _copied(ctx, clock, paths, now, (dossiers, min(most, TOLD), seed), progress)
        else:
            office = Office(hours, head, tuple(clerks), settings.agency, now, fees)
            till_day = now.date() if fees else None
            run = _Run(ctx, clock, Casting(office, people, days, seed).tellings(dossiers), till_day, progress)
            for day in days:
                if day < now.date():
                    end = hours.calendar.closing(day) + timedelta(minutes=chance.randint(8, 30))
                    run.work_until(end, closed_by=head)
            run.work_until(now)
            if fees:
                run.ring(clerks[0])
            closed = run.closed
        write_settings(paths, settings)
        Counter(ctx, Post(paths, unit=settings.unit, practice=True, folder=settings.folder, clock=clock)).queue()
        undoing.pop_all()
    with ctx.records.reading() as view:
        events = journal.head(view.connection).seq
    engine.dispose()
    return DemoResult(dossiers, closed, events)


class _Run:
    """The stories of all dossiers, told in the order in which they happen."""

    def __init__(
        self,
        ctx: Context,
        clock: StandingClock,
        tellings: list[Telling],
        till_day: date | None,
        progress: Progress | None,
    ) -> None:
        self.ctx = ctx
        self._till_day = till_day
        self.clock = clock
        self.filed = 0
        self.closed = 0
        self._all = len(tellings)
        self._progress = progress
        firsts = ((next(telling), number, telling) for number, telling in enumerate(tellings))
        self._queue = [(planned.at, number, planned, telling) for planned, number, telling in firsts]
        heapify(self._queue)

    def work_until(self, end: datetime, *, closed_by: int | None = None) -> None:
        """Do in one transaction what happens up to `end`, and close the day if somebody closes it."""
        with self.ctx.records.writing() as work:
            while self._queue and self._queue[0][0] <= end:
                _at, number, planned, telling = heappop(self._queue)
                done = self._do(work, planned)
                try:
                    following = telling.send(done)
                except StopIteration:
                    continue
                heappush(self._queue, (following.at, number, following, telling))
            self.clock.at = end
            has_till = self._till_day is not None and till.is_recent(end.date(), self._till_day)
            if closed_by is not None and has_till:
                till.close(self.ctx, work, end.date(), closed_by)
            if closed_by is not None:
                self.closed += len(closing.close(self.ctx, work, None, closed_by))
            work.commit()
        if self._progress is not None:
            self._progress(self.filed, self._all)

    def ring(self, officer: int) -> None:
        """Make some of the calls that wait."""
        with self.ctx.records.writing() as work:
            till.ring(self.ctx, work, officer)
            work.commit()

    def _do(self, work: Work, planned: Planned) -> Done:
        self.clock.at = planned.at
        order = planned.order
        if isinstance(order, Receive):
            self.filed += 1
            return receiving.receive(self.ctx, work, order)
        if isinstance(order, TakeOver):
            self.filed += 1
            return receiving.take_over(self.ctx, work, order)
        return acting.act(self.ctx, work, order)


def _copied(
    ctx: Context,
    clock: StandingClock,
    paths: Paths,
    now: datetime,
    how: tuple[int, int, int],
    progress: Progress | None,
) -> int:
    """Fill a centre with so many dossiers of which so many were told with this seed; return how many days it closed."""
    dossiers, told, seed = how

    def tell(share: float) -> None:
        if progress is not None:
            progress(round(share * dossiers), dossiers)

    pattern = told_pattern(
        Paths(paths.folder / "told"),
        lambda folder: make_demo(
            folder,
            dossiers=told,
            seed=seed,
            now=now,
            progress=lambda done, of: tell(share_of_telling(done, of)),
            fees=False,
        ),
    )
    people = People(source_of_chance(seed, "copies"), UNIT, now.date())
    copying = Copying(pattern, copies(pattern, dossiers), ctx.centre.unit, people)
    days = write_copies(ctx, clock, pattern, copying, tell)
    clock.at = now
    return days


def _settings() -> CentreSettings:
    unit = reference.admin_units()[UNIT]
    provinces = reference.birth_provinces().values()
    agency = next(each.agency_code for each in provinces if each.new_province_code == unit.province_code)
    return CentreSettings(UNIT, f"{unit.full_name} {MARK}", agency, practice=True)


def _open(ctx: Context, people: People) -> tuple[int, ...]:
    """Open the centre with its three officers; return their ids, the head first."""
    at = ctx.now()
    with ctx.records.writing() as work:
        starting.fill(work, ctx.centre, people.name("Nữ"), at)
        head = offices.officers(work.connection)[0].id
        clerks = [offices.add_officer(work.connection, people.name(sex), Role.CLERK, at) for sex in ("Nam", "Nữ")]
        for clerk in clerks:
            work.record(OfficeEvent.OFFICER_ADDED, at, {"officer": clerk, "role": Role.CLERK}, officer_id=head)
        work.commit()
    return head, *clerks
