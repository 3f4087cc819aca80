"""What the province published, its effect before it applies, and the centre's own messages to the province.

What came lies in a folder; what became of it stands in the journal alone, so that a lost folder forgets nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeAlias, runtime_checkable

from msgspec import Struct
from msgspec.structs import replace

from db import journal, procedures, summaries
from db.unit import View, Work
from db.vocabulary import Delivery, OfficeEvent
from desk.counter import answering, outgoing, province_keys, reference_data, unit_changes
from desk.counter.calendar_change import CalendarEffect, Progress
from desk.counter.closing import app_version
from desk.counter.context import Context
from desk.counter.model import Refused, RefusedError
from desk.counter.outgoing import OutboxState
from desk.counter.province_keys import KeyEffect
from desk.counter.reference_data import CatalogueEffect
from desk.counter.reference_files import BadFileError, CalendarFile, CatalogueFile, calendar_file, read_catalogue
from desk.counter.unit_changes import UnitsEffect
from desk.daily.calendars import PublishedCalendar
from desk.daily.container import SealError, sha256
from desk.daily.messages import (
    LONGEST_MESSAGE,
    MessageKind,
    UnitMessage,
    message_name,
    names_someone,
    read_message,
    seal_message,
)
from desk.daily.published import Notice, Published, PublishedCatalogue, PublishedKind, name_parts
from desk.daily.reasons import Refusal
from desk.daily.receipt import VerifiedReceipt
from desk.daily.sentences import refusal_sentence
from desk.daily.sshsig import SigningKey
from desk.daily.successors import PublishedKey
from desk.daily.units import PublishedUnits
from desk.rules import moment
from desk.rules.text import clean
from desk.words import _, counted


class NewsState(StrEnum):
    """What became of something published."""

    NEW = "new"
    DONE = "done"
    OLD = "old"
    REFUSED = "refused"


class NewsItem(Struct, frozen=True):
    """One thing that came; `sentence` says why it was refused or is old, empty else. Kind is None for a refused one."""

    name: str
    number: int
    kind: PublishedKind | None
    version: str
    own: bool
    state: NewsState
    text: str = ""
    sentence: str = ""


class NoticeEffect(Struct, frozen=True):
    """A message of the province, with what it answers, empty for nothing of ours; nothing else changes."""

    text: str
    published: datetime
    answers: str


class CatalogueNews(Struct, frozen=True):
    """What a catalogue changes, with the names."""

    effect: CatalogueEffect
    names: Mapping[str, str]


Effect: TypeAlias = CalendarEffect | CatalogueNews | UnitsEffect | KeyEffect | NoticeEffect


class SentMessage(Struct, frozen=True):
    """A message of the centre and how far it has come, in words; `answer` is the province's, empty for none."""

    number: int
    created: datetime
    kind: MessageKind
    text: str
    sha256: str
    state: str
    sentence: str
    answer: str = ""


@runtime_checkable
class Station(Protocol):
    """The folders that published files and messages lie in."""

    def on_shelf(self) -> Sequence[tuple[str, Published | Refusal]]:
        """Return what is here by its name, or why it was refused."""

    def put_message(self, name: str, data: bytes) -> None:
        """Queue a sealed message."""

    def messages(self) -> Sequence[tuple[bytes | None, OutboxState]]:
        """Return the messages and how far each has come."""

    def receipts(self) -> Sequence[tuple[bytes, VerifiedReceipt]]:
        """Return the verified receipts."""


class FromProvince:
    """The use cases; RecordError may come out of every method: nothing was written then."""

    def __init__(self, ctx: Context, post: object) -> None:
        self._ctx = ctx
        self._post = post if isinstance(post, Station) else None

    def listed(self) -> tuple[NewsItem, ...]:
        """Return what came, newest first."""
        with self._ctx.records.reading() as view:
            done = _done(view)
            items = [self._item(view, name, found, done) for name, found in self._shelf()]
        return tuple(reversed(items))

    def effect(self, name: str, progress: Progress | None = None) -> Effect | Refused:
        """Return what something would change; nothing is written."""
        return self._use(name, None, dry_run=True, progress=progress)

    def apply(self, name: str, officer_id: int | None, progress: Progress | None = None) -> Effect | Refused:
        """Put something in force, or note a message as read, in one transaction with its event."""
        return self._use(name, officer_id, dry_run=False, progress=progress)

    def sent(self) -> tuple[SentMessage, ...]:
        """Return the centre's messages, newest first; one whose file was lost is known by its event, without words."""
        if self._post is None:
            return ()
        published = [found for _name, found in self._shelf() if isinstance(found, Published)]
        answers = {each.content.about: each.content.text for each in published if isinstance(each.content, Notice)}
        found = [
            _sent(read_message(data), state, answers.get(state.sha256, ""))
            for data, state in self._post.messages()
            if data is not None
        ]
        found += self._lost({each.sha256 for each in found}, answers)
        return tuple(sorted(found, key=lambda each: each.number, reverse=True))

    def _lost(self, here: Collection[str], answers: Mapping[str, str]) -> list[SentMessage]:
        """Return the messages that were sealed and are here no more: the journal keeps no word of what they said."""
        with self._ctx.records.reading() as view:
            events = journal.of_kinds(view.connection, [OfficeEvent.MESSAGE_SEALED])
        gone = [event for event in events if event.data["sha256"] not in here]
        if not gone or self._post is None:
            return []
        taken = {each.receipt.receipt_for for _data, each in self._post.receipts() if each.receipt.status == "merged"}
        found = []
        for event in gone:
            digest = str(event.data["sha256"])
            state, said = "lost", _("không còn ở máy này: nếu tỉnh chưa nhận thì viết lại")
            if digest in taken:
                state, said = Delivery.CONFIRMED.value, _("tỉnh đã nhận")
            kind, text = MessageKind(event.data["kind"]), _("(máy này không còn nội dung tin)")
            at, answer = moment.minute(event.at), answers.get(digest, "")
            found.append(SentMessage(int(event.data["number"]), at, kind, text, digest, state, said, answer))
        return found

    def send(
        self, kind: MessageKind, text: str, officer_id: int | None, *, sure: bool = False
    ) -> UnitMessage | Refused:
        """Seal and queue a message; refused once, until `sure`, where it seems to hold somebody's number.

        OSError where the disk takes no message; then nothing was written.
        """
        return answering.written(self._ctx, lambda work: self._send(work, kind, clean(text), officer_id, sure=sure))

    def _send(self, work: Work, kind: MessageKind, text: str, officer_id: int | None, *, sure: bool) -> UnitMessage:
        if self._post is None:
            raise RefusedError("no_post", _("Trung tâm này không có hộp gửi."))
        if not text:
            raise RefusedError("empty", _("Chưa gõ nội dung tin."), "text")
        if len(text) > LONGEST_MESSAGE:
            sentence = _("Tin dài {found} chữ, nhiều nhất {most}.")
            raise RefusedError("too_long", sentence.format(found=len(text), most=LONGEST_MESSAGE), "text")
        if names_someone(text) and not sure:
            sentence = _("Tin có dãy số giống số định danh hoặc điện thoại: đừng gửi dữ liệu của dân lên tỉnh.")
            raise RefusedError("personal", sentence, "text")
        key = summaries.signing_key(work.connection)
        if key is None:
            raise RefusedError("no_key", _("Trung tâm chưa có khóa ký."))
        now = self._ctx.now()
        centre = self._ctx.centre
        before = [int(e.data["number"]) for e in journal.of_kinds(work.connection, [OfficeEvent.MESSAGE_SEALED])]
        number = max(before, default=0) + 1
        message = UnitMessage(
            centre.unit, centre.name, key.fingerprint, centre.practice, number, now, app_version(), kind, text
        )
        try:
            data = seal_message(message, SigningKey.from_openssh(key.private_key.encode()))
        except SealError as error:
            raise RefusedError("not_sealed", _("Không niêm phong được tin: {why}.").format(why=error)) from error
        digest = sha256(data)
        event = {"number": number, "kind": kind.value, "sha256": digest}
        work.record(OfficeEvent.MESSAGE_SEALED, now, event, officer_id=officer_id)
        # Before the commit: a message without its event is sent all the same, an event without its message is a lie.
        self._post.put_message(message_name(message, digest), data)
        return message

    def _shelf(self) -> Sequence[tuple[str, Published | Refusal]]:
        return () if self._post is None else self._post.on_shelf()

    def _item(self, view: View, name: str, found: Published | Refusal, done: frozenset[str]) -> NewsItem:
        number = (name_parts(name) or (0, ""))[0]
        if isinstance(found, Refusal):
            sentence = refusal_sentence(found)
            return NewsItem(name, number, None, "", own=False, state=NewsState.REFUSED, sentence=sentence)
        text = found.content.text.partition("\n")[0] if isinstance(found.content, Notice) else ""
        state, sentence = NewsState.NEW, ""
        if found.sha256 in done:
            state = NewsState.DONE
        elif isinstance(found.content, PublishedKey):
            refused = province_keys.why_not(self._post, found.content)
            if refused is not None:
                state = NewsState.OLD if refused.reason == "already" else NewsState.REFUSED
                sentence = refused.sentence
        elif found.version:
            try:
                reference_data.require_newer(found.version, _installed(view, found.kind))
            except RefusedError as refusal:
                state, sentence = NewsState.OLD, refusal.refused.sentence
        return NewsItem(name, number, found.kind, found.version, bool(found.unit), state, text, sentence)

    def _use(self, name: str, officer_id: int | None, *, dry_run: bool, progress: Progress | None) -> Effect | Refused:
        found = dict(self._shelf()).get(name)
        if found is None:
            return Refused("unknown_file", _("Không có tệp này của tỉnh."))
        if isinstance(found, Refusal):
            return Refused(found.value, refusal_sentence(found))
        content = found.content
        try:
            if isinstance(content, PublishedCalendar):
                calendar = _calendar(content, found.sha256)
                return reference_data.import_calendar(
                    self._ctx, calendar, officer_id, dry_run=dry_run, progress=progress
                )
            if isinstance(content, PublishedKey):
                return province_keys.change_key(self._ctx, self._post, found, content, officer_id, dry_run=dry_run)
            if isinstance(content, PublishedUnits):
                return unit_changes.import_units(self._ctx, content, found.sha256, officer_id, dry_run=dry_run)
            if isinstance(content, PublishedCatalogue):
                catalogue = replace(read_catalogue(content.table(), content.version), sha256=found.sha256)
                return self._catalogue(catalogue, officer_id, dry_run=dry_run)
        except BadFileError as error:
            return Refused("bad_file", error.lines[0].sentence)
        if not dry_run:
            noted = answering.written(self._ctx, lambda work: _note_read(self._ctx, work, found, officer_id))
            if isinstance(noted, Refused):
                return noted
        return self._notice(content)

    def _catalogue(self, file: CatalogueFile, officer_id: int | None, *, dry_run: bool) -> CatalogueNews | Refused:
        effect = reference_data.import_catalogue(self._ctx, file, officer_id, dry_run=dry_run)
        if isinstance(effect, Refused):
            return effect
        return CatalogueNews(effect, {each.code: each.name for each in file.procedures})

    def _notice(self, notice: Notice) -> NoticeEffect:
        ours = {each.sha256: each.text for each in self.sent()} if notice.about else {}
        return NoticeEffect(notice.text, notice.published, ours.get(notice.about, ""))


def _calendar(content: PublishedCalendar, digest: str) -> CalendarFile:
    return calendar_file(content.version, content.first, content.last, content.rows, content.hours, digest)


def _note_read(ctx: Context, work: Work, found: Published, officer_id: int | None) -> None:
    if found.sha256 not in _done(work):
        data = {"number": found.number, "sha256": found.sha256}
        work.record(OfficeEvent.NOTICE_READ, ctx.now(), data, officer_id=officer_id)


def _done(view: View) -> frozenset[str]:
    """Return the SHA-256 of everything published that was put in force or read."""
    kinds = (
        *(OfficeEvent.CALENDAR_IMPORTED, OfficeEvent.CATALOGUE_IMPORTED),
        *(OfficeEvent.UNITS_IMPORTED, OfficeEvent.PROVINCE_KEY_CHANGED, OfficeEvent.NOTICE_READ),
    )
    return frozenset(str(event.data.get("sha256")) for event in journal.of_kinds(view.connection, kinds))


def _installed(view: View, kind: PublishedKind) -> str:
    if kind is PublishedKind.UNITS:
        return unit_changes.installed_version(view)
    found = procedures.installed(view.connection, kind.value)
    return "" if found is None else found.version


def _sent(message: UnitMessage, state: OutboxState, answer: str) -> SentMessage:
    at, said = moment.minute(message.created), _how_far(state)
    return SentMessage(message.number, at, message.kind, message.text, state.sha256, state.state.value, said, answer)


def _how_far(state: OutboxState) -> str:
    """Return how far a message has come, in words."""
    why = outgoing.reason_sentence(state.reason)
    why = f" · {why}" if why else ""
    match state.state:
        case Delivery.SEALED:
            return _("đã niêm phong, chưa gửi{why}").format(why=why)
        case Delivery.CONFIRMED:
            return _("tỉnh đã nhận")
        case Delivery.REFUSED:
            return _("tỉnh không nhận{why}").format(why=why)
        case _other:
            way = outgoing.way_name(state.way)
            return counted("đã gửi ({way}), chờ tỉnh xác nhận · thử {n} lần{why}", state.tries, way=way, why=why)
