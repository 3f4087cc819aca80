"""A unit's files and receipts, each a chain: give a file its place, settle it when its turn comes, sign the answer.

A file with a good signature is kept whatever becomes of it; once its turn comes it is merged or refused, and either way
its place is used up, so that the next one can follow. One whose content cannot be believed has no number of its own: it
gets the one that its successor gives it by naming it in `prev`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec.structs import replace

from db import province_resets, provinces
from db.province_resets import ACCEPTED, WAITING, ResetRow
from db.provinces import FORK, HELD, MERGED, REFUSED, SUPERSEDED, FileRow, GivenReceipt, UnitRow
from desk.daily.container import sha256
from desk.daily.model import DailyFile, Receipt, Status
from desk.daily.reasons import Refusal
from desk.daily.receipt import seal_receipt
from desk.daily.reset import Reset
from desk.province.books import Books, Standing, payload_of
from desk.province.model import Taken
from desk.rules.moment import VN
from desk.rules.tally import ImbalanceKind, check, stock_of

HELD_FILES = 1000
"""How many files of one unit may wait for one before them: one that was cut off for years brings all in any order."""

_DAY = timedelta(days=1)


class Chain:
    """The files and receipts of one unit within one transaction."""

    def __init__(self, books: Books, standing: Standing) -> None:
        self._books = books
        self._standing = standing
        self._issued: dict[str, Receipt] = {}

    def keep(self, digest: str, data: bytes, daily: DailyFile) -> bool:
        """Keep a file to wait for its turn; a fork is refused at once. False where too many wait already."""
        at = daily.seq
        aside = self._aside(daily)
        # The one after the next is always let in: it may be what gives the next one its number.
        if aside is None and at > self.unit.last_seq + 2 and len(self._standing.waiting) >= HELD_FILES:
            return False
        status, reason = (HELD, self._wait_for(at)) if aside is None else (REFUSED, aside)
        file = self._row(digest, data, daily, status, reason)
        self._books.keep(self._standing, file, daily)
        if aside is not None:
            self._issue(file)
        return True

    def keep_reset(self, digest: str, data: bytes, reset: Reset) -> bool:
        """Keep a reset until a person decides on it; what waits behind it says so. One that comes late is refused."""
        unit, at = self.unit.unit, reset.seq
        status, reason = HELD, Refusal.RESET_WAITING.value
        if at <= self.unit.last_seq:
            status, reason = REFUSED, Refusal.RESET_BEHIND.value
        elif self.unit.last_day is not None and reset.day > self.unit.last_day:
            status, reason = REFUSED, Refusal.UNIT_RETIRED.value
        elif at in self._standing.waiting:
            status, reason = REFUSED, FORK
        now = self._books.now
        file = FileRow(unit, digest, at, None, status, reason, now, reset.created, data)
        self._books.keep(self._standing, file)
        if status == REFUSED:
            self._issue(file)
            return True
        province_resets.put(self._books.connection, ResetRow(unit, digest, at, reset.day, WAITING, now))
        for held in provinces.held_files(self._books.connection, unit):
            if held.seq is not None and held.seq > at and held.reason != reason:
                self.settle(replace(held, reason=reason))
        return True

    def keep_unnumbered(self, digest: str, data: bytes, reason: Refusal) -> bool:
        """Keep a file whose content cannot be believed, and refuse it."""
        file = self._row(digest, data, None, REFUSED, reason.value)
        self._books.keep(self._standing, file)
        self._issue(file)
        return True

    def keep_message(self, digest: str, data: bytes, created: datetime) -> None:
        """Keep a message: merged, without a number and a day, for it has no figures."""
        file = FileRow(self.unit.unit, digest, None, None, MERGED, "", self._books.now, created, data)
        self._books.keep(self._standing, file)
        self._issue(file)

    def finish(self, digest: str) -> Taken:
        """Settle every file whose turn has come; the new one waits if its own has not."""
        while (file := self._next()) is not None:
            self._consume(file)
        if digest not in self._issued:
            self._issue(self._books.file_of(self._standing, digest))
        self._books.move(self._standing)
        receipt = self._issued[digest]
        return Taken(digest, receipt, receipt.reason, changed=tuple(self._issued))

    @property
    def unit(self) -> UnitRow:
        """The unit as it stands within this transaction."""
        return self._standing.unit

    def prev_of(self, file: FileRow) -> str | None:
        """Return the SHA-256 that a kept file names as that of the one before it."""
        return _prev(file.content)

    def settle(self, file: FileRow) -> None:
        """Write what became of a kept file, and give the receipt for it."""
        self._books.settle(self._standing, file)
        self._issue(file)

    def stand_at(self, reset: Reset, digest: str) -> None:
        """Let the chain go on from a reset."""
        standing = self._standing
        standing.unit = replace(standing.unit, last_seq=reset.seq, last_sha256=digest, last_head=reset.journal_head)
        standing.stock = reset.stock
        standing.waiting = {seq: other for seq, other in standing.waiting.items() if seq > reset.seq}

    def _row(self, digest: str, data: bytes, daily: DailyFile | None, status: str, reason: str) -> FileRow:
        seq, day, created = (None, None, None) if daily is None else (daily.seq, daily.date, daily.created)
        return FileRow(self.unit.unit, digest, seq, day, status, reason, self._books.now, created, data)

    def _next(self) -> FileRow | None:
        """Return the file whose turn it is, if it is here."""
        turn = self.unit.last_seq + 1
        found = self._books.waiting_at(self._standing, turn)
        if found is not None:
            undecided = found.reason == Refusal.RESET_WAITING and self._is_reset(found.sha256)
            return None if undecided else found
        follower = self._books.waiting_at(self._standing, turn + 1)
        prev = None if follower is None else _prev(follower.content)
        lost = None if prev is None else provinces.unnumbered(self._books.connection, self.unit.unit, prev)
        if lost is None:
            return None
        numbered = replace(lost, seq=turn)
        self._books.settle(self._standing, numbered)
        return numbered

    def _consume(self, file: FileRow) -> None:
        """Merge or refuse a waiting file, and use up its place in either case."""
        standing, head, go_live = self._standing, "", self.unit.go_live
        waited, stock = file.status == HELD, None
        if waited:
            daily = self._books.daily_of(file)
            fault = self._fault(daily)
            if fault is None:
                file = replace(file, status=MERGED, reason="")
                self._books.merge(daily)
                go_live, stock = go_live or daily.date, stock_of(daily.rows)
            else:
                file = replace(file, status=REFUSED, reason=fault.value)
            self._books.settle(standing, file)
            head = daily.journal.head
        standing.stock = stock
        standing.unit = replace(
            standing.unit,
            last_seq=standing.unit.last_seq + 1,
            last_sha256=file.sha256,
            last_head=head,
            go_live=go_live,
        )
        if waited:
            self._issue(file)

    def _fault(self, daily: DailyFile) -> Refusal | None:
        """Hold a file against the one before it, the dates, and its own figures."""
        unit, today = self.unit, self._books.now.astimezone(VN).date()
        if (daily.prev or "") != unit.last_sha256:
            return Refusal.WRONG_PREVIOUS
        if daily.date > today + _DAY:
            return Refusal.FUTURE_DATE
        if unit.go_live is not None and daily.date < unit.go_live:
            return Refusal.BEFORE_START
        if unit.last_day is not None and daily.date > unit.last_day:
            return Refusal.UNIT_RETIRED
        wrong = {each.kind for each in check(daily.tally, self._standing.stock)}
        if wrong - {ImbalanceKind.CARRIED}:
            return Refusal.NOT_BALANCED
        return Refusal.WRONG_STOCK if wrong else None

    def _aside(self, daily: DailyFile) -> str | None:
        """Return why a file has no place in the chain: its own is taken, given up, or it follows one that has none."""
        unit, at, before = self.unit.unit, daily.seq, None
        if daily.prev and daily.prev != self.unit.last_sha256:
            before = provinces.aside_reason(self._books.connection, unit, daily.prev)
        if before is not None and before != SUPERSEDED:
            return before
        if at > self.unit.last_seq:
            return FORK if before == SUPERSEDED or at in self._standing.waiting else None
        if provinces.file_at(self._books.connection, unit, at) is not None:
            return FORK
        skipped = (
            row.status == ACCEPTED and row.before_seq is not None and row.before_seq < at < row.seq
            for row in province_resets.resets(self._books.connection, unit)
        )
        return SUPERSEDED if any(skipped) else FORK

    def _wait_for(self, at: int) -> str:
        """Return what a file waits for: a decision on a reset before it, else the files before it."""
        if at <= self.unit.last_seq + 1:
            return Refusal.GAP.value
        rows = province_resets.resets(self._books.connection, self.unit.unit)
        undecided = any(row.status == WAITING and row.seq < at for row in rows)
        return (Refusal.RESET_WAITING if undecided else Refusal.GAP).value

    def _is_reset(self, digest: str) -> bool:
        return province_resets.of(self._books.connection, self.unit.unit, digest) is not None

    def _issue(self, file: FileRow) -> None:
        """Give the receipt for a file as it now stands, chained to the unit's receipt before."""
        unit, now = self.unit, self._books.now
        receipt = Receipt(
            receipt_for=file.sha256,
            unit=unit.unit,
            date=file.day,
            seq=file.seq,
            status=Status(file.status),
            reason=file.reason or None,
            expected_seq=unit.last_seq + 1,
            province_seq=unit.last_province_seq + 1,
            province_time=now.astimezone(VN).replace(microsecond=0),
            prev_receipt=unit.last_receipt or None,
        )
        content = seal_receipt(receipt, self._books.key)
        self._books.give(GivenReceipt(unit.unit, receipt.province_seq, file.sha256, file.status, now, content))
        self._standing.unit = replace(unit, last_province_seq=receipt.province_seq, last_receipt=sha256(content))
        self._issued[file.sha256] = receipt


def _prev(content: bytes) -> str | None:
    prev = payload_of(content)["prev"]
    return prev if isinstance(prev, str) else None
