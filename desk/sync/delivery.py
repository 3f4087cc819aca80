"""One run of the post: trust, then receipts, then offers; no file, receipt or way stands in another's light.

Several runs may be under way at once. Each holds the lock of the way it tries, and of the folder only for the moment in
which it reads a state and writes it: a stick is not kept waiting by a line.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from msgspec.structs import replace

from db.vocabulary import Delivery
from desk.daily.files import write_durable
from desk.daily.model import Status
from desk.daily.reasons import Refusal
from desk.daily.receipt import VerifiedReceipt, receipt_name, verify_receipt
from desk.daily.verify import Refused
from desk.rules.moment import VN
from desk.settings import Paths
from desk.sync.lock import exclusive, if_free
from desk.sync.model import ItemResult, Problem, Run
from desk.sync.outbox import Entry, Outbox
from desk.sync.patience import PAUSES, Patience, gone
from desk.sync.shelf import key_trouble
from desk.sync.stored import stored_receipt
from desk.sync.trust import Trust, UntrustedError, meet, read_trust
from desk.sync.ways import (
    RECEIPT_END,
    AnsweringLater,
    BlindWay,
    Fetched,
    FolderWay,
    OnlineWay,
    Trouble,
    Way,
    WayError,
    place_of,
)

_SAID = {Status.MERGED: Delivery.CONFIRMED, Status.HELD: Delivery.HELD, Status.REFUSED: Delivery.REFUSED}
LOCK = ".lock"
"""The lock under which a state is read and written."""
_WORTH_ASKING = 2
"""From how many lost receipts on one question costs less than offering each file again, which is answered as well."""
Changes = dict[str, Any]
_UNANSWERED = frozenset({Delivery.SEALED, Delivery.SENT})


class Delivering:
    """The state of one run; without `keep` nothing is written and nothing is offered.

    With `due` what rests after a failure over a line is left to rest; without `offers` receipts are only taken.
    `others` are files of another outbox, whose receipts may come too and are left to it. With `afresh` the failures so
    far are forgotten, theirs too: what fails now has failed once.
    """

    def __init__(
        self,
        paths: Paths,
        unit: str,
        outbox: Outbox,
        now: datetime,
        *,
        keep: bool,
        due: bool = False,
        afresh: bool = False,
        others: Collection[str] = (),
        offers: bool = True,
    ) -> None:
        self._paths = paths
        self._unit = unit
        self._outbox = outbox
        self._now = now
        self._keep = keep
        self._due = due
        self._afresh = afresh
        self._others = frozenset(others)
        self._offers = offers
        self._patience = Patience(paths.outbox, now)
        self._alone = False
        self._entries = {entry.sha256: entry for entry in outbox.entries(now)}
        self._waiting = [entry.sha256 for entry in self._entries.values() if entry.is_open]
        self._offered: set[str] = set()
        self._brought: list[str] = []
        self._problems: dict[Problem, None] = {}
        self._trusted: Trust | None = None
        self._new = False

    def run(self, ways: Sequence[Way]) -> Run:
        """Go each way in turn and return how far each file has come."""
        self._trust()
        self._recover()
        if not ways:
            self._stuck(Trouble.NO_WAY)
        for way in ways:
            with self._turn(way) as mine:
                if not mine:
                    continue
                if isinstance(way, OnlineWay):
                    self._go_online(way)
                else:
                    self._go(way)
        items = [
            ItemResult(each.seq, each.day, each.sha256, each.state, each.reason, each.tries, each.way)
            for each in (self._as_it_stands(sha256) for sha256 in self._waiting)
        ]
        pinned = self._trusted.pin.fingerprint if self._trusted else ""
        return Run(items, pinned, self._new, tuple(self._problems))

    @contextmanager
    def _turn(self, way: Way) -> Iterator[bool]:
        """Have a way to ourselves, with all that others have done meanwhile; say whether it is ours."""
        if not self._keep:
            yield True
            return
        start = hashlib.sha256(place_of(way).encode()).hexdigest()[:16]
        hold = if_free if self._due else exclusive
        with hold(self._paths.outbox / f".lock-{start}") as mine:
            if mine is not False:
                self._patience = Patience(self._paths.outbox, self._now)
                if self._trusted is None:
                    self._trust()
            yield mine is not False

    @contextmanager
    def _settling(self) -> Iterator[None]:
        """Have the folder to ourselves, so that what is read in it and written into it belongs together."""
        if self._alone or not self._keep:
            yield
            return
        with exclusive(self._paths.outbox / LOCK):
            self._alone = True
            try:
                yield
            finally:
                self._alone = False

    def _trust(self) -> None:
        try:
            self._trusted = read_trust(self._paths.folder)
        except UntrustedError as error:
            self._problem("province.pub", error.reason)

    def _go_online(self, way: OnlineWay) -> None:
        """Go a way over a line, unless it rests, and let it rest if it failed."""
        if self._due and self._patience.rests(way.where):
            return
        if self._afresh:  # what the province has spoken of by phone goes on resting
            unheard = (each for each in self._waiting if not self._entries[each].heard)
            self._patience.afresh(way.where, (*self._others, *unheard))
        try:
            if self._go(way):
                self._patience.worked(way.where)
            else:
                self._patience.failed(way.where)
        finally:
            way.close()
            if self._keep:
                with self._settling():
                    self._patience.save()

    def _go(self, way: Way) -> bool:
        """Take each step of a way; False if the way as a whole failed."""
        for step in (self._meet, self._collect, self._offer, self._await):
            try:
                step(way)
            except WayError as error:
                self._problem(way.name, error.reason)
                if error.whole:
                    self._stuck(error.reason)
                    return False
        return True

    def _meet(self, way: Way) -> None:
        if isinstance(way, OnlineWay) and (self._trusted is not None or not self._waiting):
            return
        published = way.published()
        try:
            with self._settling():
                pinned = meet(self._paths.folder, published, keep=self._keep, day=self._today)
        except UntrustedError as error:
            self._problem("province.pub", key_trouble(self._paths.published, self._trusted, published) or error.reason)
            return
        if pinned is not None:
            self._trusted, self._new = self._trusted or Trust(pinned.key), pinned.new or self._new

    @property
    def _today(self) -> date:
        return self._now.astimezone(VN).date()

    def _recover(self) -> None:
        """Believe the receipts already kept where a state file was lost or is behind."""
        if self._trusted is None:
            return
        for sha256 in self._waiting:
            found = stored_receipt(self._paths.receipts, receipt_name(sha256), self._trusted.ever, self._unit)
            if found is not None and found[1].receipt.province_seq > self._as_it_stands(sha256).province_seq:
                self._said(found[1])

    def _collect(self, way: Way) -> None:
        confirmed = [each for each in self._entries.values() if not each.is_open]
        if not isinstance(way, OnlineWay):
            for fetched in way.fetch({receipt_name(each) for each in (*(e.sha256 for e in confirmed), *self._others)}):
                self._look_at(fetched)
            return
        tried = [each for each in self._entries.values() if each.is_open and each.tries and not self._calm(way, each)]
        if isinstance(way, AnsweringLater):
            for fetched in way.answers([each.sha256 for each in tried], wait=False):
                self._look_at(fetched)
            return
        if len(tried) < _WORTH_ASKING:
            return
        # Files are merged by number: what is missing was given after the receipts of all that come before.
        before = [each.province_seq for each in confirmed if each.seq < tried[0].seq]
        for fetched in way.lost(max(before, default=0)):
            self._look_at(fetched)

    def _calm(self, way: OnlineWay, entry: Entry) -> bool:
        """Say whether nothing is to be asked about a file: the province has said by phone that it holds it."""
        return bool(entry.heard) and self._due and self._patience.rests(way.where, entry.sha256)

    def _look_at(self, fetched: Fetched, only: str = "") -> bool:
        """Take what came in as a receipt if it verifies; with `only`, for that file alone. Say whether it was one."""
        if fetched.data is None:
            self._problem(fetched.name, fetched.reason)
        elif self._trusted is None:
            self._problem(fetched.name, Trouble.NO_KEY)
        else:
            files = {only} if only else self._entries.keys() | self._others
            found = verify_receipt(fetched.data, self._trusted.on(self._today), unit=self._unit, files=files)
            if not isinstance(found, Refused):
                if found.receipt.receipt_for in self._others:
                    return False
                self._take(fetched.name, fetched.data, found, self._trusted)
                return True
            self._problem(fetched.name, found.reason)
            if found.reason is Refusal.UNKNOWN_FILE and not only:
                self._remember(fetched.name, fetched.data, self._trusted)
        return False

    def _remember(self, name: str, data: bytes, trust: Trust) -> None:
        """Keep the receipt of a file that is not here: a restored desk learns from it what it has lost."""
        found = verify_receipt(data, trust.on(self._today), unit=self._unit, files={name.removesuffix(RECEIPT_END)})
        if isinstance(found, Refused) or not self._keep:
            return
        with self._settling():
            stored = stored_receipt(self._paths.receipts, name, trust.ever, self._unit)
            if stored is None or stored[1].receipt.province_seq < found.receipt.province_seq:
                write_durable(self._paths.receipts, name, data)

    def _take(self, name: str, data: bytes, found: VerifiedReceipt, trust: Trust) -> None:
        """Keep a verified receipt if it is news: the province's greater number wins, confirmed never goes back."""
        receipt = found.receipt
        with self._settling():
            entry = self._as_it_stands(receipt.receipt_for)
            if not entry.is_open or receipt.province_seq < entry.province_seq:
                return
            kept = receipt_name(receipt.receipt_for)
            stored = stored_receipt(self._paths.receipts, kept, trust.ever, self._unit)
            # The same receipt comes signed anew once the province has another key.
            same = stored is None or stored[1].receipt == receipt
            if stored is not None and receipt.province_seq == stored[1].receipt.province_seq and not same:
                self._problem(name, Trouble.RECEIPTS_DIFFER)
                return
            if self._keep and (stored is None or stored[0] != data):
                write_durable(self._paths.receipts, kept, data)
            self._said(found)

    def _said(self, found: VerifiedReceipt) -> None:
        receipt = found.receipt
        said = {
            "state": _SAID[receipt.status],
            "reason": receipt.reason or "",
            "province_seq": receipt.province_seq,
        }
        # What was confirmed by another run meanwhile stays so.
        self._move(receipt.receipt_for, lambda entry: said if entry.is_open else {})

    def _offer(self, way: Way) -> None:
        self._brought = []
        if not self._keep or not self._offers:
            return
        for sha256 in self._waiting:
            entry = self._as_it_stands(sha256)
            where = way.where if isinstance(way, OnlineWay) else ""
            if not entry.is_open or self._rests(way, entry):
                continue
            data = self._outbox.read(entry)
            if data is None:
                self._problem(entry.name, Trouble.DAMAGED_HERE)
                self._unsent(entry, Trouble.DAMAGED_HERE)
                continue
            try:
                answer = way.offer(entry.name, data)
            except WayError as error:
                if where:
                    self._tried(entry, way.name)
                if where and (entry.heard or not error.whole):
                    self._patience.failed(where, sha256, calm=bool(entry.heard))
                if error.whole:
                    raise
                self._problem(entry.name, error.reason)
                self._unsent(self._entries[sha256], error.reason)
                continue
            self._sent(entry, way.name, written=bool(answer))
            self._brought.append(sha256)
            if isinstance(answer, Fetched):
                self._look_at(answer, sha256)
            if isinstance(way, OnlineWay):
                self._went(way, entry)

    def _went(self, way: OnlineWay, entry: Entry) -> None:
        """Note that a file has gone over a line: without a receipt it rests there."""
        if self._entries[entry.sha256].is_open and not isinstance(way, BlindWay):
            self._patience.failed(way.where, entry.sha256, calm=bool(entry.heard))
            return
        self._patience.worked(way.where, entry.sha256)
        if isinstance(way, BlindWay):
            self._patience.spare(gone(way.where), entry.sha256, way.spare)

    def _rests(self, way: Way, entry: Entry) -> bool:
        """Say whether it is not a file's turn on a way."""
        if isinstance(way, BlindWay) and self._is_spared(way, entry):
            return True
        return isinstance(way, OnlineWay) and self._due and self._patience.rests(way.where, entry.sha256)

    def _is_spared(self, way: BlindWay, entry: Entry) -> bool:
        """Say whether a file is not sent by a way of last resort: the province has it, or it is on its way to it."""
        if entry.heard or entry.state not in _UNANSWERED or self._patience.rests(gone(way.where), entry.sha256):
            return True
        by_line = entry.state is Delivery.SENT and entry.way not in {way.name, FolderWay.name}
        return by_line and not entry.reason and self._now - entry.changed_at < PAUSES[-1]

    def _await(self, way: Way) -> None:
        """Wait a little for the receipts of what was just brought, where they come later."""
        if not isinstance(way, AnsweringLater):
            return
        brought = [sha256 for sha256 in self._brought if self._as_it_stands(sha256).is_open]
        for fetched in way.answers(brought, wait=True):
            # The province publishes its key with its first answer.
            self._meet(way)
            self._look_at(fetched)
        for sha256 in brought:
            if not self._entries[sha256].is_open:
                self._patience.worked(way.where, sha256)

    def _tried(self, entry: Entry, way: str) -> None:
        """Count an attempt that ended without an answer: the file may be there all the same."""
        self._move(entry.sha256, lambda found: {"tries": found.tries + 1, "way": way} if found.is_open else {})

    def _sent(self, entry: Entry, way: str, *, written: bool) -> None:
        self._offered.add(entry.sha256)

        def change(found: Entry) -> Changes:
            if not found.is_open:
                return {}
            changes: Changes = {"way": way}
            if written or found.tries == 0:
                changes["tries"] = found.tries + 1
            if found.state in _UNANSWERED:
                changes |= {"state": Delivery.SENT, "reason": ""}
            return changes

        self._move(entry.sha256, change)

    def _unsent(self, entry: Entry, reason: Trouble) -> None:
        """Note why a file did not go; what the province said of it stays, and so does another way's success."""
        if entry.sha256 not in self._offered:
            self._move(entry.sha256, lambda found: {"reason": reason.value} if found.state in _UNANSWERED else {})

    def _stuck(self, reason: Trouble) -> None:
        for sha256 in self._waiting:
            self._unsent(self._entries[sha256], reason)

    def _as_it_stands(self, sha256: str) -> Entry:
        if self._keep:
            self._entries[sha256] = self._outbox.again(self._entries[sha256])
        return self._entries[sha256]

    def _move(self, sha256: str, change: Callable[[Entry], Changes]) -> None:
        """Change a file from where it stands now, which another run may have brought about."""
        with self._settling():
            entry = self._as_it_stands(sha256)
            moved = replace(entry, **change(entry))
            if moved == entry:
                return
            moved = replace(moved, changed_at=self._now)
            self._entries[sha256] = moved
            if self._keep:
                self._outbox.write(moved)

    def _problem(self, what: str, reason: str) -> None:
        self._problems[Problem(what, str(reason))] = None
