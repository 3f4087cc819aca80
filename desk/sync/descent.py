"""What comes down: a run that asks each way what the province has published, and keeps what verifies.

It stands apart from the delivery of files, which has a budget of its own, and never applies anything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from msgspec import Struct

from desk.daily.published import Published, is_whole, name_parts, read_published
from desk.daily.reasons import Refusal
from desk.daily.verify import Refused
from desk.rules.moment import VN
from desk.settings import Paths, make_folder
from desk.sync.lock import if_free
from desk.sync.model import Problem
from desk.sync.patience import Patience
from desk.sync.shelf import Shelf
from desk.sync.trust import Trust, UntrustedError, read_trust
from desk.sync.ways import OnlineWay, PublishingWay, Trouble, Way, WayError, place_of

EVERY = timedelta(hours=1)
"""How often a line is asked by itself what there is; what an officer sends asks at once."""
_MOST_AT_ONCE = 64


class Descended(Struct, frozen=True):
    """What a run brought: the files that are new here, and what stood in the way."""

    new: tuple[Published, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass
class Descent:
    """One run. With `due` a line that was asked within the hour, or failed, is left alone."""

    paths: Paths
    unit: str
    now: datetime
    due: bool = False
    _new: list[Published] = field(default_factory=list)
    _problems: dict[Problem, None] = field(default_factory=dict)

    def run(self, ways: Sequence[Way]) -> Descended:
        """Ask each way in turn; without the province's key nothing can be believed, and nothing is fetched."""
        try:
            trust = read_trust(self.paths.folder)
        except UntrustedError as error:
            return Descended((), (Problem("province.pub", error.reason),))
        if trust is not None:
            make_folder(self.paths.outbox)
            make_folder(self.paths.published)
            for way in ways:
                if isinstance(way, PublishingWay):
                    self._ask(way, trust)
        return Descended(tuple(self._new), tuple(self._problems))

    def _ask(self, way: PublishingWay, trust: Trust) -> None:
        online, where = isinstance(way, OnlineWay), place_of(way)
        patience = Patience(self.paths.outbox, self.now)
        shelf = Shelf(self.paths.published)
        if online and self.due and (patience.rests(where, "published") or self._asked_lately(shelf, where)):
            return
        with self._turn(where) as mine:
            if not mine:
                return
            try:
                self._fetch(way, shelf, trust)
            except WayError as error:
                self._problems[Problem(way.name, error.reason)] = None
                patience.failed(where, "published")
            else:
                patience.worked(where, "published")
            finally:
                if isinstance(way, OnlineWay):
                    way.close()
                    patience.save()

    @contextmanager
    def _turn(self, where: str) -> Iterator[bool]:
        """Have the published files of a way to ourselves, if nobody else has."""
        start = hashlib.sha256(where.encode()).hexdigest()[:16]
        with if_free(self.paths.published / f".lock-{start}") as mine:
            yield mine

    def _asked_lately(self, shelf: Shelf, where: str) -> bool:
        at = shelf.asked(where)[0]
        return at is not None and timedelta(0) <= self.now - at < EVERY

    def _fetch(self, way: PublishingWay, shelf: Shelf, trust: Trust) -> None:
        """Take what is listed and neither here nor known as bad, by number; what breaks off is gone on with."""
        where = place_of(way)
        after = shelf.asked(where)[1]
        taken, lacking = 0, False
        for name in way.listed(after):
            number = (name_parts(name) or (0, ""))[0]
            if name in shelf.refused(trust.pin.fingerprint):
                continue
            if shelf.read(name) is None:
                if taken == _MOST_AT_ONCE:
                    break
                taken += 1
                if not self._take(way, shelf, trust, name):
                    lacking = lacking or name not in shelf.refused(trust.pin.fingerprint)
                    continue
            # Only a number that the province signed lets the next question begin behind it, and none behind a gap.
            after = after if lacking else max(after, number)
        if isinstance(way, OnlineWay):
            shelf.note_asked(where, self.now, after)

    def _take(self, way: PublishingWay, shelf: Shelf, trust: Trust, name: str) -> bool:
        try:
            data = way.take(name, shelf.folder)
        except WayError as error:
            if error.whole:
                raise
            self._problems[Problem(name, error.reason)] = None
            return False
        reason = self._keep(shelf, trust, name, data)
        if reason is None:
            return True
        self._problems[Problem(name, reason)] = None
        if reason != Trouble.DAMAGED_THERE:
            shelf.refuse(trust.pin.fingerprint, name, reason)
        return False

    def _keep(self, shelf: Shelf, trust: Trust, name: str, data: bytes) -> str | None:
        """Keep a file that verifies; the reason code of one that does not."""
        if not is_whole(name, data):
            return Trouble.DAMAGED_THERE.value
        found = read_published(data, trust.on(self.now.astimezone(VN).date()), self.unit)
        if isinstance(found, Refused):
            return found.reason.value
        if found.name != name:
            return Refusal.BAD_SCHEMA.value
        shelf.keep(name, data)
        self._new.append(found)
        return None
