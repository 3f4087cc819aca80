"""What the province says of a file over the phone: a code that is typed in, kept in the journal, beside the state.

Only the signed receipt moves a state. A code that is right ends the waiting's alarm and slows the retries, no more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import date, datetime
from typing import Protocol

from msgspec import Struct

from db import journal, summaries
from db.heard import END, FIRST, heard_id, said
from db.unit import View, Work
from db.vocabulary import Delivery, OfficeEvent
from desk.counter import answering
from desk.counter.context import Context
from desk.counter.model import Refused, RefusedError
from desk.daily.model import Status
from desk.daily.phone import PhoneKey
from desk.daily.sshsig import KeyFormatError, PublicKey, SigningKey
from desk.rules import moment
from desk.rules.spoken import GROUPS, LONG, Misheard, SpokenFault, heard
from desk.words import _


class Line(Protocol):
    """What the outbox knows of the province, and keeps of its word."""

    def province_keys(self) -> tuple[PublicKey, ...]:
        """Return the province's key as it is pinned, then those before it that are still taken."""

    def note_heard(self, sha256: str, status: str) -> None:
        """Let a file rest over every line."""


class Heard(Struct, frozen=True):
    """The province's word on a file: what became of it, who typed the code, when."""

    status: Status
    at: datetime
    officer_id: int | None


class HeardFile(Struct, frozen=True):
    """A code that was right; `again` if it was typed before."""

    seq: int
    day: date
    sha256: str
    status: Status
    again: bool = False

    @property
    def sentence(self) -> str:
        """What is known now, and what is not."""
        text = {
            Status.MERGED: _(
                "Tỉnh báo qua điện thoại: đã nhận tệp số {seq} ngày {day}. Giấy báo nhận sẽ xác nhận sau."
            ),
            Status.HELD: _(
                "Tỉnh báo qua điện thoại: đang giữ tệp số {seq} ngày {day}, chờ tệp trước. Hãy gửi tệp trước."
            ),
            Status.REFUSED: _("Tỉnh báo qua điện thoại: TỪ CHỐI tệp số {seq} ngày {day}. Hãy hỏi lý do ngay."),
        }[self.status]
        return text.format(seq=self.seq, day=f"{self.day:%d/%m/%Y}")


def hear(ctx: Context, line: Line | None, typed: str, officer_id: int | None) -> HeardFile | Refused:
    """Take a code in: find the file it is about, keep it in the journal; the same code again changes nothing.

    Refused: `misheard` (with the group to ask again), `no_province_key`, `of_no_file`, `confirmed`.
    """
    number = heard(typed)
    if isinstance(number, Misheard):
        return Refused("misheard", misheard_sentence(number), "code")
    province = () if line is None else line.province_keys()
    if line is None or not province:
        return Refused(
            "no_province_key", _("Chưa có khóa của tỉnh nên chưa kiểm được mã: nhận tệp province.pub trước.")
        )
    found = answering.written(ctx, lambda work: _keep(ctx, work, number, province, officer_id))
    if isinstance(found, HeardFile):
        with suppress(OSError):  # then it is tried as often as before
            line.note_heard(found.sha256, found.status.value)
    return found


def notes(view: View, files: Collection[str]) -> dict[str, Heard]:
    """Return what was heard of some files; what is final counts more than that one is held."""
    connection, wanted = view.connection, frozenset(files)
    words = said(journal.client_ids(connection, FIRST, END)) if wanted else {}
    ids = {heard_id(sha256, word) for sha256, word in words.items() if sha256 in wanted}
    return {
        str(event.data["sha256"]): Heard(Status(event.data["status"]), event.at, event.officer_id)
        for event in journal.by_clients(connection, ids)
        if event.kind == OfficeEvent.RECEIPT_HEARD
    }


def misheard_sentence(found: Misheard) -> str:
    """Return what to ask the province to read again."""
    groups = ", ".join(map(str, found.groups))
    whole = GROUPS * LONG
    if found.fault is SpokenFault.CHECK:
        return _("Nhóm {groups} sai: nhờ tỉnh đọc lại nhóm {groups}.").format(groups=groups)
    if found.fault is SpokenFault.NOT_DIGITS:
        return _("Mã chỉ có chữ số: {n} số, ba nhóm bốn số.").format(n=whole)
    if found.groups:
        return _("Nhóm {groups} không đủ bốn số: nhờ tỉnh đọc lại nhóm {groups}.").format(groups=groups)
    return _("Mã có {whole} số, đã gõ {n} số.").format(whole=whole, n=found.digits)


def status_words(status: Status) -> str:
    """Return what the province did with a file, in a few words."""
    return {Status.MERGED: _("đã nhận"), Status.HELD: _("giữ lại"), Status.REFUSED: _("TỪ CHỐI")}[status]


def _keep(ctx: Context, work: Work, number: int, province: Collection[PublicKey], officer_id: int | None) -> HeardFile:
    files = {each.sha256: each for each in summaries.outgoing(work.connection)}
    meant = next((each for each in _meanings(ctx, work, number, province, files) if each is not None), None)
    if meant is None:
        text = _("Mã đúng cách viết nhưng không của tệp nào ở đây: hỏi lại tỉnh mã đơn vị, ngày và số của tệp.")
        raise RefusedError("of_no_file", text, "code")
    sha256, status = meant
    file = files[sha256]
    if file.state == Delivery.CONFIRMED:
        text = _("Tệp số {seq} ngày {day} đã có giấy báo nhận của tỉnh: không cần mã nữa.")
        raise RefusedError("confirmed", text.format(seq=file.seq, day=f"{file.day:%d/%m/%Y}"))
    known = journal.by_client(work.connection, heard_id(sha256, status.value))
    if known is None:
        data = {"sha256": sha256, "seq": file.seq, "status": status.value}
        work.record(
            OfficeEvent.RECEIPT_HEARD, ctx.now(), data, officer_id=officer_id, client_id=heard_id(sha256, status.value)
        )
    return HeardFile(file.seq, file.day, sha256, status, known is not None)


def _meanings(
    ctx: Context, view: View, number: int, province: Collection[PublicKey], files: Collection[str]
) -> Iterator[tuple[str, Status] | None]:
    """Yield what a number means to each key that this centre has signed with, and each of the province's."""
    for pair in summaries.signing_keys(view.connection):
        for theirs in province:
            with suppress(KeyFormatError):
                key = PhoneKey.of_unit(SigningKey.from_openssh(pair.private_key.encode()), theirs)
                yield key.meant(number, ctx.centre.unit, files)


def at_words(found: Heard) -> str:
    """Return when a code was typed."""
    return f"{moment.minute(found.at):%d/%m %H:%M}"
