"""The outbox as the officer sees it: what waits, since when, how often tried, why not yet, and what was confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from db import breaks, offices, procedures, summaries
from db.rows import Outgoing
from db.unit import View
from db.vocabulary import Delivery
from desk.counter import closing, outgoing, phoned, say
from desk.counter.context import Context
from desk.counter.model import CloseView, Refused, RefusedError
from desk.counter.phoned import Heard, HeardFile
from desk.daily.build import daily_name
from desk.daily.reasons import Refusal
from desk.daily.reset import read_reset
from desk.rules import moment
from desk.words import _, counted

CONFIRMED = 30
"""How many of the files that are confirmed stand below those that wait."""


class Line(phoned.Line, Protocol):
    """The outbox outside the record."""

    def next_tries(self) -> Mapping[str, datetime | None]:
        """Return when each file is offered next by itself, None for at once; nothing where there is no way."""


class PostedFile(Struct, frozen=True):
    """A daily file, or a `reset`, in the outbox; instants are minutes in Viet Nam.

    `answered_at` is when the province wrote its newest receipt; `tried_again` whether it is offered by itself, then at
    `next_at`, None for at once. `heard` is what the province said over the phone, `heard_by` who typed it. One that
    `awaits_reset` is held until the province has agreed to a reset.
    """

    seq: int
    day: date
    sha256: str
    state: Delivery
    tries: int
    way: str
    why: str
    sealed_at: datetime
    answered_at: datetime | None = None
    tried_again: bool = False
    next_at: datetime | None = None
    heard: Heard | None = None
    heard_by: str = ""
    reset: bool = False
    awaits_reset: bool = False

    @property
    def waits(self) -> bool:
        """Whether the province has not confirmed it."""
        return self.state is not Delivery.CONFIRMED


class ShownFile(Struct, frozen=True):
    """A sealed file with its figures, the names of its procedures, its own name and hash."""

    view: CloseView
    names: Mapping[str, str]
    name: str
    sha256: str


class Posted:
    """The use cases of the outbox; RecordError may come out of every method: nothing was written then."""

    def __init__(self, ctx: Context, line: Line | None) -> None:
        self._ctx = ctx
        self._line = line

    def files(self, confirmed: int = CONFIRMED) -> tuple[PostedFile, ...]:
        """Return every file that is not confirmed, then the newest of those that are; newest first."""
        tries = {} if self._line is None else self._line.next_tries()
        with self._ctx.records.reading() as view:
            found = summaries.outgoing(view.connection)
            waiting = [each for each in found if each.state != Delivery.CONFIRMED]
            done = [each for each in found if each.state == Delivery.CONFIRMED][:confirmed]
            heard = phoned.notes(view, [each.sha256 for each in waiting])
            resets = _resets_sealed_at(view)
            sealed = summaries.sealed_at(view.connection) | resets
            names = {each.id: each.name for each in offices.officers(view.connection)}
            posted = (_posted(view, each, sealed, tries, heard, names) for each in (*waiting, *done))
            return tuple(replace(each, reset=True) if each.sha256 in resets else each for each in posted)

    def hear(self, typed: str, officer_id: int | None) -> HeardFile | Refused:
        """Take in a code that the province has read out."""
        return phoned.hear(self._ctx, self._line, typed, officer_id)

    def file(self, seq: int) -> ShownFile | Refused:
        """Return a sealed file by its number."""
        with self._ctx.records.reading() as view:
            found = summaries.file_at(view.connection, seq)
            if found is None:
                return RefusedError("no_file", _("Không có tệp số {seq}.").format(seq=seq)).refused
            daily = closing.daily_of(found)
            shown = closing.sealed_view(found)
            named = {code: procedures.newest(view.connection, code) for code in daily.rows}
            names = {code: row.name for code, row in named.items() if row is not None}
            return ShownFile(shown, names, daily_name(daily, found.sha256), found.sha256)


def _resets_sealed_at(view: View) -> dict[str, datetime]:
    rows = breaks.breaks(view.connection)
    return {row.sha256: read_reset(row.content).created for row in rows if row.sha256 and row.content}


def _posted(
    view: View,
    found: Outgoing,
    sealed: Mapping[str, datetime],
    tries: Mapping[str, datetime | None],
    heard: Mapping[str, Heard],
    names: Mapping[int, str],
) -> PostedFile:
    receipts = summaries.receipts_for(view.connection, found.sha256)
    note, at = heard.get(found.sha256), tries.get(found.sha256)
    return PostedFile(
        seq=found.seq,
        day=found.day,
        sha256=found.sha256,
        state=Delivery(found.state),
        tries=found.tries,
        way=found.way,
        why=outgoing.reason_sentence(found.reason),
        sealed_at=moment.minute(sealed[found.sha256]),
        answered_at=moment.minute(receipts[-1].province_time) if receipts else None,
        tried_again=found.sha256 in tries,
        next_at=None if at is None else moment.minute(at),
        awaits_reset=found.reason == Refusal.RESET_WAITING,
        heard=note,
        heard_by="" if note is None or note.officer_id is None else names.get(note.officer_id, ""),
    )


def state_words(file: PostedFile, now: datetime) -> str:
    """Return how far a file has come, in half a line; what was heard stands beside it and says by which way."""
    said = {
        Delivery.SEALED: _("chưa gửi được"),
        Delivery.SENT: _("chờ tỉnh xác nhận"),
        Delivery.CONFIRMED: _("tỉnh xác nhận {at}"),
        Delivery.HELD: _("chờ tỉnh chấp nhận nối lại") if file.awaits_reset else _("tỉnh giữ lại, chờ tệp trước"),
        Delivery.REFUSED: _("tỉnh TỪ CHỐI: {why}"),
    }[file.state].format(at="" if file.answered_at is None else say.short_moment(file.answered_at), why=file.why)
    if file.state is Delivery.SEALED and not file.tries and not file.why:
        said = _("đã chốt, chưa gửi")
    if file.reset:
        said = _("đề nghị nối lại · {said}").format(said=said)
    if file.heard is not None:
        return _("{state} · nghe ĐT: {heard}").format(state=said, heard=phoned.status_words(file.heard.status))
    if file.waits and file.next_at is not None:
        return _("{state} · lần tới {at}").format(state=said, at=_clock(file.next_at, now))
    return said


def story(file: PostedFile, now: datetime) -> tuple[str, ...]:
    """Return all that is known of a file on its way, a sentence a line."""
    lines = [_heading(file, now)]
    why = f" {file.why}" if file.why and file.state is not Delivery.HELD else ""
    if file.tries:
        way = outgoing.way_name(file.way)
        lines.append(counted("Đã gửi {n} lần, lần cuối qua {way}.{why}", file.tries, way=way, why=why))
    elif why:
        lines.append(_("Chưa gửi được lần nào.{why}").format(why=why))
    if file.answered_at is not None:
        lines.append(_answer(file))
    if file.heard is not None:
        lines.append(_note(file))
    if file.waits:
        lines.append(_next(file, now))
    return tuple(lines)


def _heading(file: PostedFile, now: datetime) -> str:
    day, at = f"{file.day:%d/%m/%Y}", say.short_moment(file.sealed_at)
    days = (now.date() - file.sealed_at.date()).days
    if file.waits and days > 0:
        return counted("Tệp số {seq} ngày {day}, chốt {at}, đã chờ {n} ngày.", days, seq=file.seq, day=day, at=at)
    return _("Tệp số {seq} ngày {day}, chốt {at}.").format(seq=file.seq, day=day, at=at)


def _answer(file: PostedFile) -> str:
    at = say.moment(file.answered_at)
    if file.state is Delivery.CONFIRMED:
        return _("Tỉnh xác nhận lúc {at}, giấy báo nhận đã kiểm chữ ký.").format(at=at)
    if file.state is Delivery.HELD and file.awaits_reset:
        return _("Tỉnh giữ lại lúc {at}: chờ tỉnh chấp nhận cho nối lại.").format(at=at)
    if file.state is Delivery.HELD:
        return _("Tỉnh giữ lại lúc {at}: còn thiếu tệp trước nó, gửi tệp trước là được nhận.").format(at=at)
    return _("Tỉnh từ chối lúc {at}, có giấy báo nhận đã kiểm chữ ký.").format(at=at)


def _note(file: PostedFile) -> str:
    if file.heard is None:
        return ""
    text = _("Nghe qua điện thoại {at} ({who}): tỉnh {heard}. Chưa phải giấy báo nhận: trạng thái chưa đổi.")
    who = file.heard_by or "—"
    return text.format(at=phoned.at_words(file.heard), who=who, heard=phoned.status_words(file.heard.status))


def _next(file: PostedFile, now: datetime) -> str:
    if not file.tried_again:
        return _("Không tự gửi: chưa chọn nơi gửi, hoặc tệp không có trong hộp gửi.")
    if file.next_at is None:
        return _("Lần tới: trong chốc lát, ngay khi có đường.")
    return _("Lần tới: {at}.").format(at=_clock(file.next_at, now))


def _clock(at: datetime, now: datetime) -> str:
    return f"{at:%H:%M}" if at.date() == now.date() else f"{at:%d/%m %H:%M}"
