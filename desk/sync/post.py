"""The post of one centre: sealed files out, receipts in, without the database.

Only a receipt that verifies (the province's key, this unit, this SHA-256) makes a file delivered.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from msgspec.structs import replace

from desk.daily.container import NotStrictError, Unreadable, open_container
from desk.daily.published import Published, name_parts, read_published
from desk.daily.reasons import Refusal
from desk.daily.receipt import VerifiedReceipt
from desk.daily.sshsig import PublicKey
from desk.daily.verify import Refused
from desk.rules.moment import VN
from desk.settings import Paths, make_folder
from desk.sync.delivery import LOCK, Delivering
from desk.sync.descent import Descended, Descent
from desk.sync.lock import exclusive
from desk.sync.model import NotOursError, OutboxState, Run
from desk.sync.outbox import Entry, Outbox
from desk.sync.patience import Patience, gone
from desk.sync.sentences import reason_sentence
from desk.sync.shelf import Shelf
from desk.sync.stored import stored_receipt
from desk.sync.trust import Trust, UntrustedError, read_trust, succeed
from desk.sync.ways import RECEIPT_END, BlindWay, FolderWay, OnlineWay, Way


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
        *,
        offers: bool = True,
    ) -> None:
        self._paths = paths
        self._unit = unit
        self._practice = practice
        self._clock = clock
        self._offers = offers
        self._outbox = Outbox(paths.outbox)
        self._messages = Outbox(paths.messages)
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

    def run(self, dry_run: bool = False, due: bool = False, again: bool = False) -> Run:
        """Collect receipts and offer every file that is not confirmed, by each way; a dry run writes nothing.

        With `due` a way over a line, or a file on it, that failed is left alone until its pause is over, and so is a
        way that another run is trying at this moment. Else that one is waited for, but only for the same way, and
        pauses begin anew with the shortest, those of messages too; not so `again`, in a further attempt of one sending.
        """
        if not dry_run:
            make_folder(self._paths.outbox)
            make_folder(self._paths.receipts)
        run = Delivering(
            self._paths,
            self._unit,
            self._outbox,
            self._clock(),
            keep=not dry_run,
            due=due,
            afresh=not (due or again),
            others=self._digests(self._messages),
            offers=self._offers,
        )
        return run.run(self._ways)

    def run_messages(self, due: bool = False) -> Run:
        """Offer every message that is not confirmed and collect its receipt, as `run` does; nothing without one."""
        if all(not each.is_open for each in self._messages.entries(self._clock())):
            return Run(())
        make_folder(self._paths.outbox)
        make_folder(self._paths.receipts)
        others = self._digests(self._outbox)
        run = Delivering(self._paths, self._unit, self._messages, self._clock(), keep=True, due=due, others=others)
        return run.run(self._ways)

    def put_message(self, name: str, data: bytes) -> None:
        """Queue a sealed message; errors are those of `put`."""
        if not self._is_ours(data):
            raise NotOursError(name)
        self._messages.put(name, data)

    def messages(self) -> tuple[tuple[bytes | None, OutboxState], ...]:
        """Return every message as it was sealed, with how far it has come, by number."""
        entries = self._messages.entries(self._clock())
        return tuple((self._messages.read(entry), _state(entry)) for entry in entries)

    def on_shelf(self) -> tuple[tuple[str, Published | Refusal], ...]:
        """Return what the province published and is here, verified anew, and what was refused with its reason."""
        trust = self._trust()
        if trust is None:
            return ()
        shelf = Shelf(self._paths.published)
        found: dict[str, Published | Refusal] = {}
        for name in shelf.names():
            data = shelf.read(name)
            if data is not None:
                read = read_published(data, trust.ever, self._unit)
                found[name] = read.reason if isinstance(read, Refused) else read
        known = set(Refusal)
        refused = shelf.refused(trust.pin.fingerprint).items()
        found |= {name: Refusal(reason) for name, reason in refused if reason in known}
        return tuple(sorted(found.items(), key=lambda item: name_parts(item[0]) or (0, "")))

    def descend(self, due: bool = False) -> Descended:
        """Fetch what the province has published, by each way that brings it; nothing is applied.

        With `due` a line that failed, or was asked within the hour, is left alone.
        """
        return Descent(self._paths, self._unit, self._clock(), due).run(self._ways)

    def stamp(self) -> tuple[int, ...]:
        """Return something that is another after whatever was written in the folders of files and receipts."""
        paths = self._paths
        return tuple(map(_changed, (paths.outbox, paths.receipts, paths.messages)))

    def through(self, folder: str) -> Post:
        """Return this outbox with a folder as its only way, such as a USB stick."""
        return Post(self._paths, self._unit, self._practice, folder, self._clock)

    def receiving(self, folder: str) -> Post:
        """Return this outbox with a folder from which receipts are taken, and onto which nothing is written."""
        return Post(self._paths, self._unit, self._practice, folder, self._clock, offers=False)

    def province_keys(self) -> tuple[PublicKey, ...]:
        """Return the province's key as it is pinned, then those before it that are still taken; none without one."""
        trust = self._trust()
        return () if trust is None else trust.on(self._clock().astimezone(VN).date())

    def former_keys(self) -> tuple[PublicKey, ...]:
        """Return the keys that were pinned before, the oldest first."""
        trust = self._trust()
        return () if trust is None else tuple(each.key for each in trust.former)

    def _trust(self) -> Trust | None:
        try:
            return read_trust(self._paths.folder)
        except UntrustedError:
            return None

    def succeed(self, before: str, new: PublicKey, until: date) -> bool:
        """Put a successor in the place of the pinned key of a fingerprint; OSError. False where another is pinned."""
        try:
            return succeed(self._paths.folder, before, new, until)
        except UntrustedError:
            return False

    def note_heard(self, sha256: str, status: str) -> None:
        """Keep what the province said of a file over the phone, and let the file rest over every line.

        It moves no state; OSError for the disk.
        """
        now = self._clock()
        make_folder(self._paths.outbox)
        with exclusive(self._paths.outbox / LOCK):
            for entry in self._outbox.entries(now):
                if entry.sha256 != sha256 or not entry.is_open:
                    continue
                self._outbox.write(replace(entry, heard=status))
                patience = Patience(self._paths.outbox, now)
                for line in self._lines():
                    patience.failed(line.where, sha256, calm=True)
                patience.save()

    def next_tries(self) -> Mapping[str, datetime | None]:
        """Return when each unconfirmed file is offered next by itself, None for at once; nothing without a way."""
        now, lines = self._clock(), self._lines()
        # What is for where nothing else goes says nothing of when the others do.
        lines = [line for line in lines if not isinstance(line, BlindWay)] or lines
        patience = Patience(self._paths.outbox, now)
        found: dict[str, datetime | None] = {}
        for entry in self._outbox.entries(now) if self._ways else ():
            turns = [
                max(patience.until(where, entry.sha256) or now for where in (line.where, gone(line.where)))
                for line in lines
            ]
            at = min(turns, default=now)
            if entry.is_open:
                found[entry.sha256] = at if at > now else None
        return found

    def _lines(self) -> list[OnlineWay]:
        return [way for way in self._ways if isinstance(way, OnlineWay)]

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
        return tuple(map(_state, self._outbox.entries(self._clock())))

    def receipts(self) -> tuple[tuple[bytes, VerifiedReceipt], ...]:
        """Return the newest receipt of each file that has one, verified anew; none without the province's key."""
        trust = self._trust()
        folder = self._paths.receipts
        if trust is None or not folder.is_dir():
            return ()
        names = sorted(path.name for path in folder.iterdir() if path.name.endswith(RECEIPT_END))
        stored = (stored_receipt(folder, name, trust.ever, self._unit) for name in names)
        return tuple(found for found in stored if found is not None)

    def _digests(self, outbox: Outbox) -> frozenset[str]:
        return frozenset(each.sha256 for each in outbox.entries(self._clock()))

    def _is_ours(self, data: bytes) -> bool:
        parts = open_container(data)
        if isinstance(parts, Unreadable):
            return False
        try:
            payload = parts.payload()
        except NotStrictError:
            return False
        return payload.get("unit") == self._unit and payload.get("practice") is self._practice


def _state(entry: Entry) -> OutboxState:
    return OutboxState(
        seq=entry.seq,
        day=entry.day,
        sha256=entry.sha256,
        state=entry.state,
        tries=entry.tries,
        way=entry.way,
        reason=entry.reason if entry.reason in set(Refusal) else reason_sentence(entry.reason),
        changed_at=entry.changed_at,
    )


def _changed(folder: Path) -> int:
    """Return when a name in a folder was last written, 0 for a folder that is not there."""
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return 0
