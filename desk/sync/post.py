"""The post of one centre: sealed files out, receipts in, without the database.

Only a receipt that verifies (the province's key, this unit, this SHA-256) makes a file delivered.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from pathlib import Path

from desk.daily.container import NotStrictError, Unreadable, open_container
from desk.daily.reasons import Refusal
from desk.daily.receipt import VerifiedReceipt
from desk.settings import Paths, make_folder
from desk.sync.delivery import Delivering, stored_receipt
from desk.sync.model import NotOursError, OutboxState, Run
from desk.sync.outbox import Outbox
from desk.sync.sentences import reason_sentence
from desk.sync.trust import UntrustedError, read_pin
from desk.sync.ways import RECEIPT_END, FolderWay, Way


class Post:
    """The outbox and its ways; safe in several processes at once, and `put` never waits for a run."""

    def __init__(
        self,
        paths: Paths,
        unit: str,
        practice: bool,
        folder: str | Path,
        clock: Callable[[], datetime],
        ways: Sequence[Way] | None = None,
    ) -> None:
        self._paths = paths
        self._unit = unit
        self._practice = practice
        self._clock = clock
        self._outbox = Outbox(paths.outbox)
        usual = (FolderWay(Path(folder).expanduser(), unit),) if str(folder) else ()
        self._ways: tuple[Way, ...] = usual if ways is None else tuple(ways)

    def put(self, name: str, data: bytes) -> None:
        """Queue a sealed file; again is nothing.

        NotOursError for what is not a file of this unit and kind (practice, live), ValueError for a name that is not
        of these bytes, OSError for the disk.
        """
        if not self._is_ours(data):
            raise NotOursError(name)
        self._outbox.put(name, data)

    def run(self, dry_run: bool = False, due: bool = False) -> Run:
        """Collect receipts and offer every file that is not confirmed, by each way; a dry run writes nothing.

        With `due` a way over a line, or a file on it, that failed is left alone until its pause is over, and so is a
        way that another run is trying at this moment. Else that one is waited for, but only for the same way.
        """
        if not dry_run:
            make_folder(self._paths.outbox)
            make_folder(self._paths.receipts)
        run = Delivering(self._paths, self._unit, self._outbox, self._clock(), keep=not dry_run, due=due)
        return run.run(self._ways)

    def stamp(self) -> tuple[int, int]:
        """Return something that is another after whatever was written in the folders of files and receipts."""
        return _changed(self._paths.outbox), _changed(self._paths.receipts)

    def through(self, folder: str) -> Post:
        """Return this outbox with a folder as its only way, such as a USB stick."""
        return Post(self._paths, self._unit, self._practice, folder, self._clock)

    def whole(self) -> frozenset[str]:
        """Return the SHA-256 of the unconfirmed files that lie in the outbox as they were sealed."""
        entries = self._outbox.entries(self._clock())
        return frozenset(each.sha256 for each in entries if each.is_open and self._outbox.read(each) is not None)

    def strange(self, known: Collection[str]) -> tuple[bytes, ...]:
        """Return the files here whose SHA-256 is not among those known: a restored record does not have them."""
        return tuple(self._outbox.strange({sha256[:8] for sha256 in known}))

    def withdraw(self, gone: Collection[str]) -> None:
        """Take files of these SHA-256 away: they are not offered any more."""
        self._outbox.withdraw({sha256[:8] for sha256 in gone})

    def states(self) -> tuple[OutboxState, ...]:
        """Return how far every file has come, by number."""
        return tuple(
            OutboxState(
                seq=entry.seq,
                day=entry.day,
                sha256=entry.sha256,
                state=entry.state,
                tries=entry.tries,
                way=entry.way,
                reason=entry.reason if entry.reason in set(Refusal) else reason_sentence(entry.reason),
                changed_at=entry.changed_at,
            )
            for entry in self._outbox.entries(self._clock())
        )

    def receipts(self) -> tuple[tuple[bytes, VerifiedReceipt], ...]:
        """Return the newest receipt of each file that has one, verified anew; none without the province's key."""
        try:
            key = read_pin(self._paths.folder)
        except UntrustedError:
            return ()
        folder = self._paths.receipts
        if key is None or not folder.is_dir():
            return ()
        names = sorted(path.name for path in folder.iterdir() if path.name.endswith(RECEIPT_END))
        stored = (stored_receipt(folder, name, key, self._unit) for name in names)
        return tuple(found for found in stored if found is not None)

    def _is_ours(self, data: bytes) -> bool:
        parts = open_container(data)
        if isinstance(parts, Unreadable):
            return False
        try:
            payload = parts.payload()
        except NotStrictError:
            return False
        return payload.get("unit") == self._unit and payload.get("practice") is self._practice


def _changed(folder: Path) -> int:
    """Return when a name in a folder was last written, 0 for a folder that is not there."""
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return 0
