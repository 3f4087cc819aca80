"""What lies outside the record and speaks of files that the record does not have: sealed files, receipts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Protocol, runtime_checkable

from msgspec import Struct

from db import breaks, summaries
from db.unit import View
from desk.counter.context import Context
from desk.daily.model import Status
from desk.daily.reasons import Refusal
from desk.daily.receipt import VerifiedReceipt
from desk.daily.reset import VerifiedReset, is_reset, verify_reset
from desk.daily.sshsig import PublicKey
from desk.daily.verify import KnownKey, Verified, verify_daily
from desk.rules.tally import Count

RECEIVED = (Count.ONLINE, Count.DIRECT, Count.POST, Count.TAKEN_OVER)

_CUT = frozenset(
    {
        Refusal.FORK.value,
        Refusal.RESET_BEHIND.value,
        Refusal.RESET_REFUSED.value,
        Refusal.SUPERSEDED.value,
    }
)
"""Refusals that say: the province goes on from something else."""


@runtime_checkable
class Witness(Protocol):
    """An outbox folder that may know more than the record."""

    def strange(self, known: Collection[str]) -> Iterable[bytes]:
        """Return the files there whose SHA-256 is not among those known."""

    def withdraw(self, gone: Collection[str]) -> None:
        """Take files of these SHA-256 away: they are not offered any more."""


class Sign(Struct, frozen=True):
    """A file that is not in the record, as far as it is known.

    `created` and `journal_to` stand in the file itself; `answered` is when the province gave its receipt. `received`
    is how many dossiers the file counts as received.
    """

    seq: int
    sha256: str
    day: date | None = None
    created: datetime | None = None
    journal_to: int | None = None
    answered: datetime | None = None
    received: int = 0


class Evidence(Struct, frozen=True):
    """What was found: the greatest number anybody has seen, the number at which the record parts, the strange files.

    `cut` is None where nothing contradicts the record; `own` are the numbers of what was sealed here.
    """

    known_seq: int
    cut: int | None
    signs: Mapping[int, Sign]
    live: Mapping[int, str]
    own_last: int


def gather(ctx: Context, view: View, outbox: object, receipts: Iterable[tuple[bytes, VerifiedReceipt]]) -> Evidence:
    """Hold the outbox folder and the province's receipts against the record."""
    own = summaries.hashes(view.connection)
    resets = [row for row in breaks.breaks(view.connection) if row.seq is not None]
    own |= {row.sha256: row.seq for row in resets if row.sha256 is not None and row.seq is not None}
    over = [(row.base_seq, row.seq) for row in resets if row.seq is not None]
    live = {seq: sha256 for sha256, seq in own.items() if not any(base < seq < reset for base, reset in over)}
    signs: dict[int, Sign] = {}
    cuts: set[int] = set()
    known = 0
    for _data, verified in receipts:
        receipt, seq = verified.receipt, verified.receipt.seq
        known = max(known, (receipt.expected_seq or 1) - 1)
        mine = own.get(receipt.receipt_for)
        if mine is None and receipt.status is Status.MERGED and seq is not None:
            signs[seq] = Sign(seq, receipt.receipt_for, receipt.date, answered=receipt.province_time)
        elif mine is not None and receipt.reason in _CUT and live.get(mine) == receipt.receipt_for:
            cuts.add(mine)
    for sign in _strange(ctx, view, outbox, own):
        # Two receipts may speak of one number, a file lies there as it was sealed.
        signs[sign.seq] = sign
    known = max((known, *signs))
    last = max(live, default=0)
    cuts |= {seq for seq, sign in signs.items() if live.get(seq, sign.sha256) != sign.sha256}
    if known > last:
        cuts.add(last + 1)
    return Evidence(known, min(cuts, default=None), signs, live, max(own.values(), default=0))


def _strange(ctx: Context, view: View, outbox: object, own: Mapping[str, int]) -> Iterable[Sign]:
    """Yield the files in the outbox folder that this installation has sealed and the record does not have."""
    key = summaries.signing_key(view.connection)
    if key is None or not isinstance(outbox, Witness):
        return
    unit, practice = ctx.centre.unit, ctx.centre.practice
    keys = {key.fingerprint: KnownKey(unit, PublicKey.parse(key.public_key))}
    for data in outbox.strange(own):
        if is_reset(data):
            reset = verify_reset(data, keys, practice=practice)
            if isinstance(reset, VerifiedReset):
                yield Sign(reset.reset.seq, reset.sha256, None, reset.reset.created)
            continue
        file = verify_daily(data, keys, practice=practice)
        if isinstance(file, Verified):
            daily = file.daily
            received = sum(daily.totals.get(name, 0) for name in RECEIVED)
            yield Sign(daily.seq, file.sha256, daily.date, daily.created, daily.journal.to, received=received)
