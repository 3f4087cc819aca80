"""Dossiers coming in: received, registered, sent back or declined at the counter, taken over at go-live."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from db import dossiers, numbers, offices, people, search
from db.journal import Event
from db.numbers import SlipRow
from db.procedures import ProcedureRow
from db.rows import DossierRow, PersonRow
from db.unit import Work
from db.vocabulary import OPEN_STATES, Act, Slip, State
from desk.counter import clockwork, elsewhere, fee_taking, finding, sentences
from desk.counter.context import Context
from desk.counter.model import Done, PersonInput, Receive, RefusedError, TakeOver
from desk.rules import fees, moment, numbering
from desk.rules.lifecycle import Flag
from desk.rules.money import dong
from desk.rules.text import clean, fold, name_key
from desk.words import _

_STATES = {
    Act.RECEIVE: State.RECEIVED,
    Act.REGISTER: State.REGISTERED,
    Act.SUPPLEMENT: State.SUPPLEMENT,
    Act.DECLINE: State.NOT_RECEIVED,
}
_SLIPS = {Act.RECEIVE: Slip.RECEIPT, Act.SUPPLEMENT: Slip.SUPPLEMENT, Act.DECLINE: Slip.REFUSAL}


class _Arrival(Struct, frozen=True):
    """A checked dossier, ready to be written."""

    act: Act
    at: datetime
    procedure: ProcedureRow
    applicant: PersonInput
    representative: PersonInput | None
    client_id: str
    officer_id: int | None
    numbered: date
    columns: Mapping[str, Any]
    data: Mapping[str, Any]
    remarks: Mapping[str, str]


def receive(ctx: Context, work: Work, order: Receive) -> Done:
    """Take a dossier in and promise a date; RefusedError with a sentence for whatever is wrong with it."""
    if order.act not in _STATES:
        raise ValueError(order.act)
    at = instant(ctx, order.at)
    received = received_at(ctx, work, order, at)
    procedure = ctx.procedure(work, order.procedure, received.date())
    if order.act in {Act.DECLINE, Act.SUPPLEMENT} and not clean(order.reason):
        raise RefusedError("reason_needed", _("Cần ghi rõ lý do."), "reason")
    if min(order.copies, order.pages, order.fee or 0) < 0:
        raise RefusedError("negative", _("Số bản, số trang, lệ phí không thể âm."), "copies")
    found, case = clockwork.terms(procedure, order.variant)
    competent = elsewhere.columns(order, received, at)
    columns = {
        **_common(order, found, case),
        **competent,
        "state": int(_STATES[order.act]),
        "accepted": order.act is Act.RECEIVE,
        "taken_over": False,
        "immediate": False,
        "registered_at": at,
        "late_entry": received < at,
        "copies": order.copies,
        "pages": order.pages,
        "fee": order.fee if order.fee is not None else fee_of(procedure, order),
        "return_way": order.return_way.value,
        "official_code": official_code(work, order.official_code),
        "received_by": order.officer_id,
    }
    if order.act is Act.RECEIVE:
        columns |= promised(ctx, work, received, found, order.promise, **competent)
    remarks = {
        "note": order.note,
        "reason": order.reason,
        "late_entry": order.late_entry_reason,
        "papers": json.dumps([clean(p) for p in order.components], ensure_ascii=False) if order.components else "",
    }
    done = _write(
        ctx,
        work,
        _Arrival(
            order.act, at, procedure, order.applicant, order.representative, order.client_id, order.officer_id,
            received.date(), columns, {"papers": len(order.components)}, remarks,
        ),
    )  # fmt: skip
    if order.pay is not None and order.act is Act.RECEIVE:
        fee_taking.take_due(ctx, work, done.dossier_id, order.pay, at, order.officer_id)
    return done


def take_over(ctx: Context, work: Work, order: TakeOver) -> Done:
    """Take over a dossier that was open at go-live, with its old code and dates; it never counts as received."""
    at = instant(ctx, order.at)
    received = moment.minute(order.received_at)
    if received > at:
        raise RefusedError("received_in_future", _("Thời điểm tiếp nhận ở tương lai."), "received_at")
    procedure = ctx.procedure(work, order.procedure, at.date())
    found, case = clockwork.terms(procedure, order.variant)
    if order.promise is not None:
        promise = moment.minute(order.promise)
        if promise <= received:
            raise RefusedError("promise_in_past", _("Ngày hẹn phải sau thời điểm tiếp nhận."), "promise")
        told = clockwork.dates(ctx.calendar(work), received, found, typed=promise, printed=promise)
        dates = {**told.columns(), "first_promise": promise, "promise_typed": True}
    else:
        dates = promised(ctx, work, received, found, None)
    columns = {
        **_common(order, found, case),
        **dates,
        "state": int(State.PROCESSING),
        "accepted": True,
        "taken_over": True,
        "old_code": clean(order.old_code),
        "registered_at": at,
        "received_at": received,
        "official_code": official_code(work, order.official_code),
        "received_by": order.officer_id,
    }
    return _write(
        ctx,
        work,
        _Arrival(
            Act.TAKE_OVER, at, procedure, order.applicant, None, order.client_id, order.officer_id, at.date(),
            columns, {}, {"note": order.note},
        ),
    )  # fmt: skip


def instant(ctx: Context, at: datetime | None) -> datetime:
    """Return the instant of an act: now, or what a practice centre is told."""
    if at is None:
        return ctx.now()
    if not ctx.centre.practice:
        raise RefusedError("at_in_live_centre", _("Chỉ trung tâm thực hành mới được chọn thời điểm."), "at")
    return moment.minute(at)


def received_at(ctx: Context, work: Work, order: Receive, at: datetime) -> datetime:
    """Return the instant of receipt; refused in the future, before the unit existed, or late without a reason."""
    received = at if order.received_at is None else moment.minute(order.received_at)
    if received > at:
        raise RefusedError("received_in_future", _("Thời điểm tiếp nhận ở tương lai."), "received_at")
    unit = offices.unit(work.connection, ctx.centre.unit, received.date())
    if unit is not None and received.date() < unit.valid_from:
        sentence = _("{unit} chỉ có từ {day}: không thể tiếp nhận trước ngày đó.")
        raise RefusedError(
            "before_unit", sentence.format(unit=unit.full_name, day=f"{unit.valid_from:%d/%m/%Y}"), "received_at"
        )
    if received < at and not ctx.centre.practice and not clean(order.late_entry_reason):
        raise RefusedError("late_entry", _("Nhập muộn cần ghi lý do."), "late_entry_reason")
    return received


def promised(
    ctx: Context,
    work: Work,
    received: datetime,
    found: clockwork.Terms,
    typed: datetime | None,
    *,
    competent: str = "",
    competent_at: datetime | None = None,
) -> dict[str, Any]:
    """Return the columns of acceptance: the receipt and the three dates, which an agency elsewhere may start later."""
    if typed is not None:
        typed = moment.minute(typed)
        if found.statutory is not None:
            raise RefusedError(
                "limit_known", _("Thủ tục đã có thời hạn: ngày hẹn do máy tính, không gõ tay."), "promise"
            )
        if typed <= received:
            raise RefusedError("promise_in_past", _("Ngày hẹn phải sau thời điểm tiếp nhận."), "promise")
    dates = clockwork.dates(ctx.calendar(work), competent_at or received, found, typed=typed)
    dates = replace(dates, awaited=bool(competent) and competent_at is None)
    return {
        **dates.columns(),
        "received_at": received,
        "first_promise": dates.first.at,
        "promise_typed": typed is not None,
    }


def official_code(work: Work, written: str, *, but: int | None = None) -> str | None:
    """Return an official code in its normal form, None for an empty one; refused if malformed or already taken."""
    if not clean(written):
        return None
    code = numbering.normalise_official(clean(written))
    if code is None:
        sentence = _("“{code}” không đúng dạng mã hồ sơ chính thức.")
        raise RefusedError("bad_official_code", sentence.format(code=clean(written)), "official_code")
    other = dossiers.by_code(work.connection, code)
    if other is not None and other.id != but:
        sentence = _("Mã {code} đã gắn với hồ sơ {other}.")
        raise RefusedError("official_code_taken", sentence.format(code=code, other=other.code), "official_code")
    return code


def answer(event: Event, row: DossierRow) -> Done:
    """Return the answer of an event; the same for a repeated client id."""
    warnings = [sentences.flag_sentence(Flag(flag)) for flag in event.data.get("flags", ())]
    if event.data.get("same"):
        same = _("Người này đang có hồ sơ mở cùng thủ tục: {codes}.")
        warnings.append(same.format(codes=", ".join(event.data["same"])))
    if event.data.get("refund"):
        warnings.append(_("Biên lai của hồ sơ đã hủy: trả lại {amount}.").format(amount=dong(event.data["refund"])))
    return Done(
        client_id=event.client_id or "",
        dossier_id=row.id,
        code=row.code,
        state=State(row.state),
        promise=None if row.promise is None else moment.minute(row.promise),
        legal_deadline=None if row.legal_deadline is None else moment.minute(row.legal_deadline),
        seq=event.seq,
        slip_number=str(event.data.get("slip", "")),
        warnings=tuple(warnings),
        provisional=row.provisional,
    )


def fee_of(procedure: ProcedureRow, order: Receive) -> int | None:
    """Return the fee that the catalogue's rule gives for the copies and pages, None where it is left open."""
    rule = fees.FeeRule.parse(procedure.fee_vnd, procedure.fee_note)
    return fees.fee(rule, channel=order.channel, copies=max(1, order.copies), pages=max(1, order.pages))


def number_slip(ctx: Context, work: Work, form: Slip, at: datetime) -> SlipRow:
    """Number an official form that the next event of the journal gives out."""
    number = numbers.take_slip(work.connection, form, at.year, ctx.centre.desk)
    return SlipRow(form, at.year, ctx.centre.desk, number, work.head.seq + 1, 0)


def slip_text(slip: SlipRow) -> str:
    """Return a slip's number as it is printed."""
    return numbering.slip_number(slip.year, slip.desk, slip.number)


def _common(order: Receive | TakeOver, found: clockwork.Terms, case: str) -> dict[str, Any]:
    return {
        "channel": int(order.channel),
        "limit_text": str(found.statutory) if found.statutory is not None else "",
        "local_limit": str(found.local) if found.local is not None else "",
        "variant": case,
        "mode": found.mode.value,
        "new_limit": str(found.new_limit) if found.new_limit is not None else "",
    }


def _write(ctx: Context, work: Work, arrival: _Arrival) -> Done:
    connection = work.connection
    person = put_person(work, arrival.applicant, "applicant")
    other = None if arrival.representative is None else put_person(work, arrival.representative, "representative")
    same = duplicates(work, person, arrival.procedure.code)
    number = numbers.take(connection, f"code/{arrival.numbered.isoformat()}/{ctx.centre.desk}")
    if number > 9999:
        raise RefusedError("day_full", _("Quầy đã dùng hết 9.999 số tạm của ngày."))
    dossier_id = dossiers.next_id(connection)
    code = numbering.provisional_code(ctx.centre.unit, arrival.numbered, ctx.centre.desk, number)
    columns = {
        **arrival.columns,
        "code": code,
        "procedure_code": arrival.procedure.code,
        "procedure_version": arrival.procedure.version,
        "person_id": person.id,
        "representative_id": None if other is None else other.id,
    }
    data = {**arrival.data, "seen": people.fingerprint(person)}
    if same:
        data["same"] = same
    form = _SLIPS.get(arrival.act)
    slip = None if form is None else number_slip(ctx, work, form, arrival.at)
    if slip is not None:
        data["slip"] = slip_text(slip)
        if form is Slip.RECEIPT:
            columns["slip_number"] = slip_text(slip)
    data["remarks"] = hashes = {}
    salts = {kind: secrets.token_hex(16) for kind, text in arrival.remarks.items() if clean(text)}
    for kind, salt in salts.items():
        hashes[kind] = people.seal(salt, clean(arrival.remarks[kind]))
    event, row = work.apply(
        arrival.act,
        arrival.at,
        data,
        row=None,
        dossier_id=dossier_id,
        changes=columns,
        officer_id=arrival.officer_id,
        client_id=arrival.client_id,
    )
    if slip is not None:
        numbers.keep_slip(connection, slip, row.id)
    for kind, salt in salts.items():
        people.add_remark(
            connection,
            dossier_id=dossier_id,
            event_seq=event.seq,
            kind=kind,
            text=clean(arrival.remarks[kind]),
            salt=salt,
        )
    index(work, row, person)
    return answer(event, row)


def index(work: Work, row: DossierRow, person: PersonRow, *, again: bool = False) -> None:
    """Make a dossier findable by its applicant's name and by any part of its codes and numbers."""
    line = finding.findable(
        name=person.name,
        folded=fold(person.name),
        code=row.code,
        official_code=row.official_code or "",
        old_code=row.old_code,
        id_number=person.id_number,
        phone=person.phone,
    )
    write = search.reindex if again else search.index
    write(work.connection, row.id, words=line.words, parts=[line.parts])


def cleaned(given: PersonInput) -> PersonInput:
    """Return a person as the record has them: clean texts, numbers without blanks."""
    return PersonInput(
        name=clean(given.name),
        kind=given.kind,
        id_number="".join(clean(given.id_number).split()),
        phone="".join(char for char in clean(given.phone) if char.isdigit() or char == "+"),
        email=clean(given.email),
        address=clean(given.address),
    )


def put_person(work: Work, given: PersonInput, field: str) -> PersonRow:
    """Write a person down; refused without a name, of which `field` is the owner."""
    person = cleaned(given)
    if not person.name:
        raise RefusedError("name_needed", _("Chưa có họ tên."), f"{field}.name")
    return people.put(
        work.connection,
        kind=int(person.kind),
        name=person.name,
        folded=fold(person.name),
        name_key=name_key(person.name),
        id_number=person.id_number,
        phone=person.phone,
        email=person.email,
        address=person.address,
    )


def duplicates(work: Work, person: PersonRow, procedure: str, *, but: int | None = None) -> list[str]:
    """Return the codes of the open dossiers that the same person has under the same procedure."""
    if not person.id_number:
        return []
    same = [each.id for each in people.by_id_number(work.connection, person.id_number)]
    return [
        row.code
        for row in dossiers.of_people(work.connection, same)
        if row.procedure_code == procedure and row.state in OPEN_STATES and row.id != but
    ]
