"""Double entry: what of a dossier is typed once more into the official system, and which dossier comes next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from db import dossiers, journal, lists, people, procedures
from db.rows import DossierRow, PersonRow
from db.unit import View, Work
from db.vocabulary import ApplicantKind, Channel, OfficeEvent, ReturnWay, State
from desk.counter import answering, dossier_view, looking, remarks, say
from desk.counter.context import Context
from desk.counter.model import Refused, RefusedError, WorkRow
from desk.counter.work_lines import short_code
from desk.rules.retyping import Fact, Item, Step, values
from desk.words import _

Result = TypeVar("Result")

_SEAL = 16


@dataclass(frozen=True, slots=True)
class SheetField:
    """One field to type; `seal` is a salted hash of its value, by which a correction made since is noticed."""

    item: Item
    label: str
    value: str = field(repr=False)
    seal: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A dossier as it is typed into the official system, values unmasked; `left` dossiers have no code yet."""

    id: int
    code: str
    short_code: str
    applicant: str = field(repr=False)
    procedure: str
    fields: tuple[SheetField, ...]
    left: int
    version: int = 0


class Retyping:
    """The use cases of double entry; RecordError may come out of each, nothing was written then."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def sheet(self, dossier_id: int, officer_id: int | None, order: Iterable[Step]) -> Sheet | Refused:
        """Return a dossier's fields in order and leave a trace of who saw them."""
        return self._do(lambda work: _sheet(self._ctx, work, dossier_id, officer_id, tuple(order)))

    def version(self, dossier_id: int) -> int:
        """Return the version of a dossier, which changes with everything that happens to it; 0 without one."""
        with self._ctx.records.reading() as view:
            row = dossiers.get(view.connection, dossier_id)
            return 0 if row is None else row.version

    def following(self, after: int, queue: Iterable[int] = ()) -> WorkRow | None:
        """Return the next dossier without an official code: of the queue, where one was given, else by receipt.

        By receipt the oldest come first, those before `after` last.
        """
        with self._ctx.records.reading() as view:
            row = _following(view, after, tuple(queue))
            return None if row is None else looking.work_rows(self._ctx, view, [row])[0]

    def _do(self, use: Callable[[Work], Result]) -> Result | Refused:
        return answering.written(self._ctx, use)


def item_name(item: Item) -> str:
    """Return the name of a field as the official form has it."""
    return {
        Item.PROCEDURE_CODE: _("Mã thủ tục"),
        Item.CHANNEL: _("Kênh thực hiện"),
        Item.KIND: _("Loại đối tượng"),
        Item.NAME: _("Họ tên chủ hồ sơ"),
        Item.SEX: _("Giới tính"),
        Item.BIRTH: _("Ngày sinh"),
        Item.ID_NUMBER: _("Số định danh"),
        Item.ADDRESS: _("Địa chỉ"),
        Item.PHONE: _("Số điện thoại"),
        Item.EMAIL: _("Thư điện tử"),
        Item.OTHER_NAME: _("Người nộp thay"),
        Item.OTHER_ID_NUMBER: _("Số định danh (nộp thay)"),
        Item.OTHER_ADDRESS: _("Địa chỉ (nộp thay)"),
        Item.OTHER_PHONE: _("Điện thoại (nộp thay)"),
        Item.OTHER_EMAIL: _("Thư điện tử (nộp thay)"),
        Item.REQUEST: _("Nội dung yêu cầu"),
        Item.PAPERS: _("Thành phần hồ sơ"),
        Item.SETS: _("Số bộ hồ sơ"),
        Item.FEE: _("Lệ phí (đồng)"),
        Item.RETURN_WAY: _("Nhận kết quả"),
        Item.RECEIVED: _("Ngày giờ tiếp nhận"),
        Item.PROMISE: _("Ngày giờ hẹn trả"),
        Item.NOTE: _("Ghi chú"),
    }[item]


def kind_name(kind: ApplicantKind) -> str:
    """Return who applies."""
    return {
        ApplicantKind.CITIZEN: _("Công dân"),
        ApplicantKind.ORGANISATION: _("Doanh nghiệp, tổ chức"),
        ApplicantKind.HOUSEHOLD: _("Hộ kinh doanh"),
    }[kind]


def _following(view: View, after: int, queue: tuple[int, ...]) -> DossierRow | None:
    if queue:
        start = queue.index(after) + 1 if after in queue else 0
        turned = [number for number in (*queue[start:], *queue[:start]) if number != after]
        found = dossiers.by_ids(view.connection, turned)
        return next((found[each] for each in turned if each in found and _wanted(found[each])), None)
    row = lists.next_without_code(view.connection, after) or lists.next_without_code(view.connection, 0)
    return None if row is None or row.id == after else row


def _wanted(row: DossierRow) -> bool:
    return row.official_code is None and row.state != State.VOIDED


def _sheet(ctx: Context, work: Work, dossier_id: int, officer_id: int | None, order: tuple[Step, ...]) -> Sheet:
    row = dossier_view.load(work, dossier_id)
    if row is None:
        raise RefusedError("unknown_dossier", _("Không có hồ sơ này."))
    if row.official_code is not None:
        sentence = _("Hồ sơ {code} đã có mã chính thức {official}.")
        raise RefusedError("has_code", sentence.format(code=short_code(row.code), official=row.official_code))
    if row.state == State.VOIDED:
        sentence = _("Hồ sơ {code} đã hủy nhập: không nhập lại.").format(code=short_code(row.code))
        raise RefusedError("voided", sentence)
    person = people.get(work.connection, row.person_id)
    if person is None or not person.salt:
        raise RefusedError("erased", _("Dữ liệu cá nhân của hồ sơ này đã xóa: không còn gì để nhập lại."))
    procedure = procedures.version(work.connection, row.procedure_code, row.procedure_version)
    name = row.procedure_code if procedure is None else procedure.name
    work.record(OfficeEvent.PERSON_SEEN, ctx.now(), {"dossier": row.id, "for": "retyping"}, officer_id=officer_id)
    salt = _salt(work, row, person)
    fields = tuple(
        SheetField(item, item_name(item), value, people.seal(salt, item.value, value)[:_SEAL])
        for item, value in values(_facts(work, row, person, name), order)
    )
    left = lists.count_without_code(work.connection)
    return Sheet(row.id, row.code, short_code(row.code), person.name, name, fields, left, row.version)


def _salt(view: View, row: DossierRow, person: PersonRow) -> str:
    """Return the salt of whoever was received first: a correction makes others of the seals it touches alone."""
    events = journal.of_dossier(view.connection, row.id)
    first = people.get(view.connection, int(events[0].data["set"]["person_id"]))
    return first.salt if first is not None and first.salt else person.salt


def _facts(view: View, row: DossierRow, person: PersonRow, procedure: str) -> Mapping[Item, Fact]:
    other = None if row.representative_id is None else people.get(view.connection, row.representative_id)
    stored = remarks.in_force(view, row.id)
    channel, kind = Channel(row.channel), ApplicantKind(person.kind)
    facts = {
        Item.PROCEDURE_CODE: Fact(row.procedure_code),
        Item.CHANNEL: Fact(say.channel_name(channel).capitalize(), str(int(channel))),
        Item.KIND: Fact(kind_name(kind), str(int(kind))),
        Item.NAME: Fact(person.name),
        Item.ID_NUMBER: Fact(person.id_number),
        Item.ADDRESS: Fact(person.address),
        Item.PHONE: Fact(person.phone),
        Item.EMAIL: Fact(person.email),
        Item.REQUEST: Fact(procedure),
        Item.PAPERS: Fact("; ".join(remarks.papers_of(stored))),
        Item.SETS: Fact("1"),
        Item.FEE: Fact("" if row.fee is None else str(row.fee)),
        Item.RETURN_WAY: Fact(say.way_name(ReturnWay(row.return_way or ReturnWay.COUNTER)).capitalize()),
        Item.RECEIVED: Fact(at=row.received_at),
        Item.PROMISE: Fact(at=row.first_promise or row.promise),
        Item.NOTE: Fact(stored.get("note", "")),
    }
    if other is not None:
        facts |= {
            Item.OTHER_NAME: Fact(other.name),
            Item.OTHER_ID_NUMBER: Fact(other.id_number),
            Item.OTHER_ADDRESS: Fact(other.address),
            Item.OTHER_PHONE: Fact(other.phone),
            Item.OTHER_EMAIL: Fact(other.email),
        }
    return facts
