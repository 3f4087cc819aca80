"""Between the record and the folders outside it: sealed files go out, verified receipts come in."""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Protocol

from db import breaks, summaries
from db.rows import Outgoing
from db.summaries import TakenReceipt
from db.unit import View, Work
from db.vocabulary import Delivery
from desk.counter import closing, phoned, province_keys, say
from desk.counter.context import Context
from desk.counter.model import OutgoingView
from desk.daily.build import daily_name, file_name
from desk.daily.reasons import Refusal
from desk.daily.receipt import VerifiedReceipt
from desk.daily.reset import read_reset
from desk.daily.sentences import refusal_sentence
from desk.daily.sshsig import PublicKey
from desk.rules import moment
from desk.words import _, counted

_OUTBOX_TROUBLE: Mapping[int, Callable[[], str]] = {
    errno.ENOSPC: lambda: _("đĩa đầy"),
    errno.EDQUOT: lambda: _("đĩa đầy"),
    errno.EACCES: lambda: _("không có quyền"),
    errno.EPERM: lambda: _("không có quyền"),
    errno.EROFS: lambda: _("đĩa chỉ cho đọc"),
    errno.EIO: lambda: _("đĩa lỗi"),
    errno.ENOTDIR: lambda: _("không phải thư mục"),
}


class OutboxState(Protocol):
    """How far a sealed file has come, by the outbox folder."""

    @property
    def sha256(self) -> str:
        """The file."""

    @property
    def state(self) -> Delivery:
        """Its state."""

    @property
    def tries(self) -> int:
        """How often it was offered."""

    @property
    def way(self) -> str:
        """By which way last."""

    @property
    def reason(self) -> str:
        """Why not further: a code of `Refusal`, or the transport's own sentence."""


class Outbox(Protocol):
    """The folders outside the record."""

    def put(self, name: str, data: bytes) -> None:
        """Queue a sealed file; again is nothing."""

    def whole(self) -> Collection[str]:
        """Return the SHA-256 of the files that lie there as they were sealed."""

    def states(self) -> Iterable[OutboxState]:
        """Return how far each file has come."""

    def receipts(self) -> Iterable[tuple[bytes, VerifiedReceipt]]:
        """Return the verified receipts."""

    def province_keys(self) -> tuple[PublicKey, ...]:
        """Return the province's key as it is pinned, then those before it that are still taken."""

    def note_heard(self, sha256: str, status: str) -> None:
        """Let a file rest over every line: the province has said by phone what became of it."""

    def next_tries(self) -> Mapping[str, datetime | None]:
        """Return when each file is offered next by itself, None for at once; nothing where there is no way."""


def queue(view: View, outbox: Outbox) -> None:
    """Put every unconfirmed sealed file into the outbox, refilling a lost folder; let its keys be those approved."""
    province_keys.bring_in_line(view, outbox)
    wanted = {o.sha256 for o in summaries.outgoing(view.connection) if o.state != Delivery.CONFIRMED}
    lacking = wanted.difference(outbox.whole() if wanted else ())
    for file in summaries.files(view.connection) if lacking else ():
        if file.sha256 in lacking:
            outbox.put(daily_name(closing.daily_of(file), file.sha256), file.content)
    for row in breaks.breaks(view.connection) if lacking else ():
        if row.sha256 in lacking and row.content and row.made and row.seq:
            outbox.put(file_name(read_reset(row.content).unit, row.made, row.seq, row.sha256), row.content)


def take_in(ctx: Context, work: Work, outbox: Outbox, receipts: Iterable[tuple[bytes, VerifiedReceipt]]) -> bool:
    """Write the outbox's states and new receipts into the record; True if anything was new."""
    now = ctx.now()
    known = {each.sha256: each for each in summaries.outgoing(work.connection)}
    news = False
    for state in outbox.states():
        before = known.get(state.sha256)
        if before is not None and before.state != Delivery.CONFIRMED:  # a lost folder takes no receipt back
            found = _moved(before, state, now)
            news = summaries.move(work.connection, found) or news
    for data, verified in receipts:
        receipt = verified.receipt
        if receipt.receipt_for in known:
            taken = TakenReceipt(
                hashlib.sha256(data).hexdigest(),
                receipt.receipt_for,
                receipt.status.value,
                receipt.reason or "",
                receipt.province_seq,
                receipt.province_time,
                data,
            )
            news = summaries.take_receipt(work.connection, taken, now) or news
    return news


def listed(view: View, limit: int) -> tuple[OutgoingView, ...]:
    """Return the files and how far each has come, newest first, with a sentence for the screen."""
    found = []
    files = summaries.outgoing(view.connection, limit)
    heard = phoned.notes(view, [each.sha256 for each in files if each.state != Delivery.CONFIRMED])
    resets = {row.sha256 for row in breaks.breaks(view.connection)}
    for each in files:
        receipts = summaries.receipts_for(view.connection, each.sha256)
        confirmed = moment.minute(receipts[-1].province_time) if receipts else None
        found.append(
            OutgoingView(
                each.seq, each.day, each.sha256, each.state, each.tries, each.way, each.reason,
                moment.minute(each.changed_at),
                _noted(_told(each, confirmed, reset=each.sha256 in resets), heard.get(each.sha256)),
            )
        )  # fmt: skip
    return tuple(found)


def _told(found: Outgoing, answered: datetime | None, *, reset: bool) -> str:
    said = sentence(found, answered)
    return _("đề nghị nối lại · {said}").format(said=said) if reset else said


def sentence(found: Outgoing, answered: datetime | None) -> str:
    """Return how far a file has come, in words."""
    at = "" if answered is None else say.short_moment(answered)
    why = reason_sentence(found.reason)
    match Delivery(found.state):
        case Delivery.SEALED:
            return _("đã chốt, chưa gửi{why}").format(why=f" · {why}" if why else "")
        case Delivery.SENT:
            why = f" · {why}" if why else ""
            way = way_name(found.way)
            return counted("đã gửi ({way}), chờ tỉnh xác nhận · thử {n} lần{why}", found.tries, way=way, why=why)
        case Delivery.CONFIRMED:
            return _("tỉnh xác nhận {at}").format(at=at)
        case Delivery.HELD if found.reason == Refusal.RESET_WAITING:
            return _("tỉnh giữ lại, chờ tỉnh chấp nhận nối lại · {at}").format(at=at)
        case Delivery.HELD:
            return _("tỉnh giữ lại, chờ tệp trước · {at}").format(at=at)
        case Delivery.REFUSED:
            return _("tỉnh TỪ CHỐI: {why}").format(why=why)


def _noted(said: str, heard: phoned.Heard | None) -> str:
    if heard is None:
        return said
    return _("{state} · nghe ĐT: {heard}").format(state=said, heard=phoned.status_words(heard.status))


def unqueued_sentence(error: OSError) -> str:
    """Return what becomes of sealed files that the outbox folder did not take."""
    text = _("Ngày đã chốt, đã niêm phong; chưa chép được tệp vào hộp gửi ({why}): mở lại phần mềm sẽ chép lại.")
    return text.format(why=_OUTBOX_TROUBLE.get(error.errno or 0, lambda: error.strerror or str(error))())


def way_name(way: str) -> str:
    """Return a way to the province in words."""
    return {"folder": _("thư mục, USB"), "https": "HTTPS", "sftp": "SFTP", "mail": _("thư điện tử")}.get(way, way)


def reason_sentence(reason: str) -> str:
    """Return the sentence of a refusal code, or the text itself where it is no code."""
    return refusal_sentence(Refusal(reason)) if reason in set(Refusal) else reason


def _moved(before: Outgoing, state: OutboxState, now: datetime) -> Outgoing:
    return Outgoing(
        before.seq, before.day, before.sha256, str(state.state), state.tries, state.way, state.reason, now
    )  # fmt: skip
