"""Take one file in within one write transaction: believe it, give it its place, merge it, sign the answer.

A unit's files form a chain by `seq` and `prev`. A file with a good signature is kept whatever becomes of it; once its
turn comes it is merged or refused, and either way its place is used up, so that the next one can follow. One whose
content cannot be believed has no number of its own: it gets the one that its successor gives it by naming it in `prev`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from msgspec.structs import replace
from sqlalchemy import Connection

from db import province_reading, province_resets, provinces
from db.province_resets import ACCEPTED, WAITING, ResetRow
from db.provinces import FORK, HELD, MERGED, REFUSED, SUPERSEDED, FileRow, GivenReceipt, UnitRow
from desk.daily.container import Unreadable, open_container, sha256
from desk.daily.messages import VerifiedMessage, is_message, verify_message
from desk.daily.model import DailyFile, Receipt, Status
from desk.daily.reasons import Refusal
from desk.daily.receipt import seal_receipt
from desk.daily.reset import Reset, VerifiedReset, is_reset, read_reset, verify_reset
from desk.daily.sshsig import PublicKey, SigningKey
from desk.daily.verify import KnownKey, Refused, Verified, verify_daily
from desk.province.model import Taken
from desk.rules.moment import VN
from desk.rules.tally import STOCK, check

DAY_FILES = HELD_FILES = 1000
DAY_BYTES = 16 * 1024 * 1024
"""How many new files of one unit, and how many bytes of them, are kept on one day; as many may wait for one before.

A commune that was cut off for years brings all its files at once, and in any order.
"""

_DAY = timedelta(days=1)


def take(connection: Connection, data: bytes, key: SigningKey, now: datetime, *, practice: bool) -> Taken:
    """Take a file in; the caller commits. `key` signs the receipts, `now` is the province's clock.

    What fails before a good signature, a retired key's file and what is over quota leave their hash only and get no
    receipt.
    """
    known = _known_key(connection, data)
    found = _verify(data, known, practice=practice)
    if isinstance(found, Refused) and found.reason is Refusal.WRONG_NAMESPACE and is_message(data):
        return _take_message(connection, data, verify_message(data, known, practice=practice), key, now)
    digest = found.sha256
    if isinstance(found, Refused) and (found.signed_by is None or found.reason is Refusal.RETIRED_KEY):
        return _set_aside(connection, digest, found.reason, now)
    signer = next(iter(known.values()))
    unit = provinces.unit(connection, signer.unit, lock=True)
    if unit is None:
        return _set_aside(connection, digest, Refusal.UNKNOWN_KEY, now)
    given = repeated(connection, digest)
    if given is not None:
        return given
    if _over_quota(connection, unit, now):
        return _set_aside(connection, digest, Refusal.OVER_QUOTA, now)
    chain = Chain(connection, unit, key, now)
    if isinstance(found, VerifiedReset):
        kept = chain.keep_reset(digest, data, found.reset)
    elif isinstance(found, Verified):
        kept = chain.keep(digest, data, found.daily)
    elif found.reason is Refusal.NOT_BALANCED and found.daily is not None:
        kept = chain.keep(digest, data, found.daily)  # its turn comes first, then its figures
    else:
        kept = chain.keep_unnumbered(digest, data, found.reason)
    return chain.finish(digest) if kept else _set_aside(connection, digest, Refusal.OVER_QUOTA, now)


def _take_message(
    connection: Connection, data: bytes, found: VerifiedMessage | Refused, key: SigningKey, now: datetime
) -> Taken:
    """Take a message in: no link of the chain, but answered by a receipt and within the quota as a file is."""
    if isinstance(found, Refused):
        return _set_aside(connection, found.sha256, found.reason, now)
    unit = provinces.unit(connection, found.message.unit, lock=True)
    if unit is None:
        return _set_aside(connection, found.sha256, Refusal.UNKNOWN_KEY, now)
    given = repeated(connection, found.sha256)
    if given is not None:
        return given
    if _over_quota(connection, unit, now):
        return _set_aside(connection, found.sha256, Refusal.OVER_QUOTA, now)
    chain = Chain(connection, unit, key, now)
    chain.keep_message(found.sha256, data, found.message.created)
    return chain.finish(found.sha256)


def _verify(data: bytes, known: Mapping[str, KnownKey], *, practice: bool) -> Verified | VerifiedReset | Refused:
    found = verify_daily(data, known, practice=practice)
    if isinstance(found, Refused) and found.reason is Refusal.BAD_SCHEMA and is_reset(data):
        return verify_reset(data, known, practice=practice)
    return found


def repeated(connection: Connection, digest: str) -> Taken | None:
    """Return the answer to bytes that were taken before: the same receipt again; None for new ones."""
    given = provinces.latest_receipt(connection, digest)
    return None if given is None else given_before(given)


def given_before(given: GivenReceipt) -> Taken:
    """Return the answer to bytes whose receipt was given before."""
    receipt = read_receipt(given.content)
    return Taken(given.receipt_for, receipt, receipt.reason, repeated=True)


def read_receipt(content: bytes) -> Receipt:
    """Read one of the province's own receipts back."""
    return Receipt.from_payload(_payload(content))


def _known_key(connection: Connection, data: bytes) -> Mapping[str, KnownKey]:
    """Return the key that claims to have signed, if it is on the list."""
    parts = open_container(data)
    row = None if isinstance(parts, Unreadable) else provinces.key(connection, parts.signature.key.fingerprint)
    if row is None:
        return {}
    return {row.fingerprint: KnownKey(row.unit, PublicKey.parse(row.public_key), row.last_seq)}


def _set_aside(connection: Connection, digest: str, reason: Refusal, now: datetime) -> Taken:
    provinces.log_rejection(connection, digest, reason.value, now)
    return Taken(digest, None, reason.value)


def _over_quota(connection: Connection, unit: UnitRow, now: datetime) -> bool:
    midnight = datetime.combine(now.astimezone(VN).date(), time(), VN)
    number, size = provinces.kept_since(connection, unit.unit, midnight)
    return number >= DAY_FILES or size >= DAY_BYTES


def _payload(content: bytes) -> dict[str, object]:
    parts = open_container(content)
    if isinstance(parts, Unreadable):
        raise ValueError(parts.reason)
    return dict(parts.payload())


class Chain:
    """The files and receipts of one unit within one transaction."""

    def __init__(self, connection: Connection, unit: UnitRow, key: SigningKey, now: datetime) -> None:
        self._connection = connection
        self._unit = unit
        self._key = key
        self._now = now
        self._issued: dict[str, Receipt] = {}

    def keep(self, digest: str, data: bytes, daily: DailyFile) -> bool:
        """Keep a file to wait for its turn; a fork is refused at once. False where too many wait already."""
        at = daily.seq
        aside = self._aside(daily)
        # The one after the next is always let in: it may be what gives the next one its number.
        waits = at > self._unit.last_seq + 2
        if aside is None and waits and provinces.held_number(self._connection, self._unit.unit) >= HELD_FILES:
            return False
        status, reason = (HELD, self._wait_for(at)) if aside is None else (REFUSED, aside)
        file = self._row(digest, data, daily, status, reason)
        provinces.put_file(self._connection, file)
        if aside is not None:
            self._issue(file)
        return True

    def keep_reset(self, digest: str, data: bytes, reset: Reset) -> bool:
        """Keep a reset until a person decides on it; what waits behind it says so. One that comes late is refused."""
        unit, at = self._unit.unit, reset.seq
        status, reason = HELD, Refusal.RESET_WAITING.value
        if at <= self._unit.last_seq:
            status, reason = REFUSED, Refusal.RESET_BEHIND.value
        elif self._unit.last_day is not None and reset.day > self._unit.last_day:
            status, reason = REFUSED, Refusal.UNIT_RETIRED.value
        elif provinces.file_at(self._connection, unit, at) is not None:
            status, reason = REFUSED, FORK
        file = FileRow(unit, digest, at, None, status, reason, self._now, reset.created, data)
        provinces.put_file(self._connection, file)
        if status == REFUSED:
            self._issue(file)
            return True
        province_resets.put(self._connection, ResetRow(unit, digest, at, reset.day, WAITING, self._now))
        for held in provinces.held_files(self._connection, unit):
            if held.seq is not None and held.seq > at and held.reason != reason:
                self.settle(replace(held, reason=reason))
        return True

    def keep_unnumbered(self, digest: str, data: bytes, reason: Refusal) -> bool:
        """Keep a file whose content cannot be believed, and refuse it."""
        file = self._row(digest, data, None, REFUSED, reason.value)
        provinces.put_file(self._connection, file)
        self._issue(file)
        return True

    def keep_message(self, digest: str, data: bytes, created: datetime) -> None:
        """Keep a message: merged, without a number and a day, for it has no figures."""
        file = FileRow(self._unit.unit, digest, None, None, MERGED, "", self._now, created, data)
        provinces.put_file(self._connection, file)
        self._issue(file)

    def finish(self, digest: str) -> Taken:
        """Settle every file whose turn has come; the new one waits if its own has not."""
        while (file := self._next()) is not None:
            self._consume(file)
        if digest not in self._issued:
            waiting = provinces.file_of(self._connection, self._unit.unit, digest)
            self._issue(waiting)
        provinces.move_unit(self._connection, self._unit)
        receipt = self._issued[digest]
        return Taken(digest, receipt, receipt.reason, changed=tuple(self._issued))

    @property
    def unit(self) -> UnitRow:
        """The unit as it stands within this transaction."""
        return self._unit

    def prev_of(self, file: FileRow) -> str | None:
        """Return the SHA-256 that a kept file names as that of the one before it."""
        return _prev(file.content)

    def settle(self, file: FileRow) -> None:
        """Write what became of a kept file, and give the receipt for it."""
        provinces.settle_file(self._connection, file)
        self._issue(file)

    def stand_at(self, seq: int, digest: str, head: str) -> None:
        """Let the chain go on from a reset."""
        self._unit = replace(self._unit, last_seq=seq, last_sha256=digest, last_head=head)

    def _row(self, digest: str, data: bytes, daily: DailyFile | None, status: str, reason: str) -> FileRow:
        seq, day, created = (None, None, None) if daily is None else (daily.seq, daily.date, daily.created)
        return FileRow(self._unit.unit, digest, seq, day, status, reason, self._now, created, data)

    def _next(self) -> FileRow | None:
        """Return the file whose turn it is, if it is here."""
        unit, turn = self._unit.unit, self._unit.last_seq + 1
        found = provinces.file_at(self._connection, unit, turn)
        if found is not None:
            undecided = found.reason == Refusal.RESET_WAITING and self._reset(found.sha256) is not None
            return None if undecided else found
        follower = provinces.file_at(self._connection, unit, turn + 1)
        prev = None if follower is None else _prev(follower.content)
        lost = None if prev is None else provinces.unnumbered(self._connection, unit, prev)
        if lost is None:
            return None
        numbered = replace(lost, seq=turn)
        provinces.settle_file(self._connection, numbered)
        return numbered

    def _consume(self, file: FileRow) -> None:
        """Merge or refuse a waiting file, and use up its place in either case."""
        head, go_live = "", self._unit.go_live
        waited = file.status == HELD
        if waited:
            daily = _daily(file.content)
            fault = self._fault(daily)
            if fault is None:
                file = replace(file, status=MERGED, reason="")
                provinces.put_figures(self._connection, file.unit, daily.seq, daily.date, daily.rows)
                go_live = go_live or daily.date
            else:
                file = replace(file, status=REFUSED, reason=fault.value)
            provinces.settle_file(self._connection, file)
            head = daily.journal.head
        self._unit = replace(
            self._unit,
            last_seq=self._unit.last_seq + 1,
            last_sha256=file.sha256,
            last_head=head,
            go_live=go_live,
        )
        if waited:
            self._issue(file)

    def _fault(self, daily: DailyFile) -> Refusal | None:
        """Hold a file against the one before it, the dates, and its own figures."""
        unit, today = self._unit, self._now.astimezone(VN).date()
        if (daily.prev or "") != unit.last_sha256:
            return Refusal.WRONG_PREVIOUS
        if daily.date > today + _DAY:
            return Refusal.FUTURE_DATE
        if unit.go_live is not None and daily.date < unit.go_live:
            return Refusal.BEFORE_START
        if unit.last_day is not None and daily.date > unit.last_day:
            return Refusal.UNIT_RETIRED
        if check(daily.tally, None):
            return Refusal.NOT_BALANCED
        carried = self._stock_before()
        return Refusal.WRONG_STOCK if carried is not None and check(daily.tally, carried) else None

    def _stock_before(self) -> Mapping[str, int] | None:
        """Return what the file before left open: nothing before the first; None after one that was refused."""
        unit = self._unit
        if unit.last_seq == 0:
            return {}
        before = provinces.file_at(self._connection, unit.unit, unit.last_seq)
        if before is None or before.status != MERGED:
            return None
        if self._reset(before.sha256) is not None:
            return read_reset(before.content).stock
        return province_reading.stock_at(self._connection, unit.unit, unit.last_seq, STOCK)

    def _aside(self, daily: DailyFile) -> str | None:
        """Return why a file has no place in the chain: its own is taken, given up, or it follows one that has none."""
        unit, at, before = self._unit.unit, daily.seq, None
        if daily.prev and daily.prev != self._unit.last_sha256:
            before = provinces.aside_reason(self._connection, unit, daily.prev)
        if before is not None and before != SUPERSEDED:
            return before
        if provinces.file_at(self._connection, unit, at) is not None:
            return FORK
        if at > self._unit.last_seq:
            return FORK if before == SUPERSEDED else None
        skipped = (
            row.status == ACCEPTED and row.before_seq is not None and row.before_seq < at < row.seq
            for row in province_resets.resets(self._connection, unit)
        )
        return SUPERSEDED if any(skipped) else FORK

    def _wait_for(self, at: int) -> str:
        """Return what a file waits for: a decision on a reset before it, else the files before it."""
        if at <= self._unit.last_seq + 1:
            return Refusal.GAP.value
        rows = province_resets.resets(self._connection, self._unit.unit)
        undecided = any(row.status == WAITING and row.seq < at for row in rows)
        return (Refusal.RESET_WAITING if undecided else Refusal.GAP).value

    def _reset(self, digest: str) -> ResetRow | None:
        return province_resets.of(self._connection, self._unit.unit, digest)

    def _issue(self, file: FileRow) -> None:
        """Give the receipt for a file as it now stands, chained to the unit's receipt before."""
        unit = self._unit
        receipt = Receipt(
            receipt_for=file.sha256,
            unit=unit.unit,
            date=file.day,
            seq=file.seq,
            status=Status(file.status),
            reason=file.reason or None,
            expected_seq=unit.last_seq + 1,
            province_seq=unit.last_province_seq + 1,
            province_time=self._now.astimezone(VN).replace(microsecond=0),
            prev_receipt=unit.last_receipt or None,
        )
        content = seal_receipt(receipt, self._key)
        provinces.put_receipt(
            self._connection,
            GivenReceipt(unit.unit, receipt.province_seq, file.sha256, file.status, self._now, content),
        )
        self._unit = replace(unit, last_province_seq=receipt.province_seq, last_receipt=sha256(content))
        self._issued[file.sha256] = receipt


def _prev(content: bytes) -> str | None:
    prev = _payload(content)["prev"]
    return prev if isinstance(prev, str) else None


def _daily(content: bytes) -> DailyFile:
    return DailyFile.from_payload(_payload(content))
