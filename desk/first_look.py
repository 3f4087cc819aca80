"""The first list of a start, shown while the record's library is still being loaded; the whole centre follows."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from msgspec import Struct

from db.errors import RecordError, RecordFault
from db.glance import Glance, glance
from db.vocabulary import OPEN_STATES, State
from desk import vault
from desk.beside import Beside
from desk.checked import NAME as CHECKED
from desk.clock import system_clock
from desk.counter.calendar_rows import calendar_of
from desk.counter.call_turns import due_now
from desk.counter.drill_figures import figures
from desk.counter.model import Centre, Drill, WorkRow
from desk.counter.officer_model import OfficerView, view_of
from desk.counter.work_lines import lines_of, waiting_last
from desk.draft import DraftStore
from desk.keeping.door import door
from desk.learned import NAME as LEARNED
from desk.mornings import Mornings
from desk.rules import moment
from desk.rules.calendar import Calendar
from desk.settings import CentreSettings, Paths, SettingsError, read_settings

if TYPE_CHECKING:
    from desk.bootstrap import Desk
    from desk.counter.service import Counter
    from desk.sync.post import Post


class Seen(Struct, frozen=True):
    """What was seen of a centre at `now`: the figures of the day and all open work, as the counter would tell them."""

    centre: Centre
    now: datetime
    calendar: Calendar
    drill: Drill
    work: Sequence[WorkRow]
    officers: tuple[OfficerView, ...]


def first_desk(paths: Paths, now: datetime | None, opener: Callable[[], object]) -> FirstDesk | None:
    """Return what can be shown at once of a centre, which `opener` opens; None where it has to be opened first."""
    found = look(paths, now)
    if found is None:
        return None
    settings, key, at_first = found
    desk = FirstDesk(paths, settings, at_first, opener, now)
    desk.drafts = DraftStore(paths.folder / "draft.json", key)
    desk.beside.read(LEARNED, CHECKED)
    return desk


def look(paths: Paths, now: datetime | None = None) -> tuple[CentreSettings, bytes, Seen] | None:
    """Look into a centre whose key has no passphrase; None where it has to be opened the usual way."""
    try:
        settings = read_settings(paths)
        if settings.database or (now is not None and not settings.practice):
            return None
        key = vault.open_key(paths, None)
        at = moment.minute(system_clock() if now is None else now)
        with door(paths):
            found = glance(paths.database, key, at.date())
    except (SettingsError, vault.VaultError, OSError):
        return None
    centre = Centre(settings.unit, settings.name, settings.desk, settings.agency, settings.practice)
    return None if found is None else (settings, key, seen(centre, at, found))


def seen(centre: Centre, now: datetime, found: Glance) -> Seen:
    """Return what a snapshot of the record says at a minute."""
    calendar = calendar_of(found.days, found.sessions, found.calendar)
    open_now = [row for row in found.dossiers if row.state in OPEN_STATES]
    finished = [row for row in found.dossiers if row.state == State.FINISHED]
    listed = waiting_last(row for row in found.dossiers if row.state != State.FINISHED)
    return Seen(
        centre=centre,
        now=now,
        calendar=calendar,
        drill=figures(
            calendar,
            now,
            [row for row in open_now if row.accepted],
            finished,
            found.files,
            found.limits,
            found.there,
            due_now(calendar, now, (*open_now, *finished), found.calls, found.with_phone),
        ),
        work=lines_of(calendar, now, listed, found.people, found.procedures),
        officers=tuple(map(view_of, found.officers)),
    )


class FirstCounter:
    """The counter as far as the first look goes; whatever else is asked of it waits for the whole one."""

    def __init__(self, desk: FirstDesk, found: Seen) -> None:
        self._desk = desk
        self._seen = found
        self.centre = found.centre

    def now(self) -> datetime:
        """Return the present minute in Viet Nam."""
        whole = self._desk.found
        return self._desk.minute() if whole is None else whole.counter.now()

    def drill(self) -> Drill:
        """Return the figures of the day."""
        whole = self._desk.found
        return self._seen.drill if whole is None else whole.counter.drill()

    def open_work(self) -> Sequence[WorkRow]:
        """Return the open work by promise."""
        whole = self._desk.found
        return self._seen.work if whole is None else whole.counter.open_work()

    def calendar(self) -> Calendar:
        """Return the calendar in force."""
        whole = self._desk.found
        return self._seen.calendar if whole is None else whole.counter.calendar()

    def officers(self) -> tuple[OfficerView, ...]:
        """Return the centre's officers."""
        whole = self._desk.found
        return self._seen.officers if whole is None else whole.counter.officers()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._desk.whole().counter, name)


class FirstDesk:
    """A centre whose list can be shown already; `whole` opens the rest once, for whoever asks first.

    What stood in the way of opening is raised again for everybody who asks later.
    """

    def __init__(
        self,
        paths: Paths,
        settings: CentreSettings,
        at_first: Seen,
        opener: Callable[[], object],
        now: datetime | None = None,
    ) -> None:
        self.paths = paths
        self.officers = at_first.officers
        self.drafts: DraftStore | None = None
        self.mornings = Mornings(paths.folder / f"morning-{settings.desk}")
        self.beside = Beside(paths.folder, settings.desk)
        # What it does not know it asks the whole one for: to every screen it is the counter.
        self.counter = cast("Counter", FirstCounter(self, at_first))
        self._now = now
        self._opener = opener
        self._lock = threading.Lock()
        self._opened: Desk | None = None
        self._error: Exception | None = None

    def minute(self) -> datetime:
        """Return the present minute, by the clock the centre will have."""
        return moment.minute(system_clock() if self._now is None else self._now)

    @property
    def found(self) -> Desk | None:
        """The whole centre, once it is open."""
        return self._opened

    @property
    def post(self) -> Post:
        """The way to the province."""
        return self.whole().post

    def whole(self) -> Desk:
        """Open the centre, or return it; RecordError, VaultError and SettingsError say why it cannot be."""
        with self._lock:
            if self._error is not None:
                raise self._error
            if self._opened is None:
                try:
                    self._opened = self._open()
                except Exception as error:
                    self._error = error
                    raise
            return self._opened

    def _open(self) -> Desk:
        from desk.bootstrap import Desk

        opened = self._opener()
        if not isinstance(opened, Desk):
            raise RecordError(RecordFault.OTHER, "not opened")
        return opened
