"""One dossier on screen: facts with numbers masked, the three dates, the history, what may be done."""

from __future__ import annotations

from collections.abc import Sequence

from db import dossiers, fees, journal, offices, people, procedures, projection
from db.instants import from_utc_text
from db.journal import Event
from db.rows import DossierRow, PersonRow
from db.unit import View, Work
from db.vocabulary import OPEN_STATES, Act, ApplicantKind, Channel, Judgement, OfficeEvent, PayMethod, State
from desk.counter import acting, call_words, clockwork, correcting, elsewhere, explain, fee_taking, remarks, say
from desk.counter.context import Context
from desk.counter.correction import Kept
from desk.counter.model import DossierView, EventLine, PersonView, RefusedError
from desk.counter.work_lines import WAITING_STATES
from desk.forms.receipt import wrapped
from desk.rules import cash, lifecycle, moment
from desk.rules.deadline import apology_by, is_overdue
from desk.rules.limits import Limit
from desk.rules.money import dong
from desk.rules.text import clean, mask_id, mask_phone
from desk.words import _


def load(view: View, wanted: str | int) -> DossierRow | None:
    """Return the row of a code, provisional or official, or of an id."""
    if isinstance(wanted, int):
        return dossiers.get(view.connection, wanted)
    return dossiers.by_code(view.connection, acting.known_code(wanted))


def show(ctx: Context, view: View, wanted: str | int) -> DossierView | None:
    """Return what the dossier screen shows."""
    row = load(view, wanted)
    if row is None:
        return None
    events = journal.of_dossier(view.connection, row.id)
    person = people.get(view.connection, row.person_id)
    procedure = procedures.version(view.connection, row.procedure_code, row.procedure_version)
    if person is None or procedure is None:
        raise ValueError(row.code)
    cal, now, state = ctx.calendar(view), ctx.now(), State(row.state)
    limit = Limit.parse(row.limit_text) if row.limit_text else None
    waiting = state in WAITING_STATES
    promise = None if row.promise is None else moment.minute(row.promise)
    late = promise is not None and is_overdue(promise, now, row.suspended_since)
    by = apology_by(cal, promise, limit) if promise is not None and not row.rescheduled else None
    is_open = state in OPEN_STATES
    paid = fee_taking.taken(fees.of_dossier(view.connection, row.id))
    return DossierView(
        id=row.id,
        code=row.code,
        official_code=row.official_code or "",
        old_code=row.old_code,
        state=state,
        state_name=say.state_name(state),
        procedure_code=row.procedure_code,
        procedure=procedure.name,
        limit=say.limit_name(limit) + (f" ({row.variant})" if row.variant else ""),
        channel=Channel(row.channel),
        applicant=person.name or _("(đã xóa)"),
        id_number=mask_id(person.id_number),
        phone=mask_phone(person.phone),
        address=person.address,
        received_at=None if row.received_at is None else moment.minute(row.received_at),
        legal_deadline=None if row.legal_deadline is None else moment.minute(row.legal_deadline),
        first_promise=None if row.first_promise is None else moment.minute(row.first_promise),
        promise=promise,
        remaining=say.remaining(cal, now, promise, waiting=waiting and not late) if is_open else "",
        promise_note=_promise_note(row),
        provisional=row.provisional,
        rescheduled=row.rescheduled,
        suspended_since=None if row.suspended_since is None else moment.minute(row.suspended_since),
        verdict=Judgement(row.verdict) if row.verdict else None,
        legal_verdict=Judgement(row.legal_verdict) if row.legal_verdict else None,
        holder=row.holder,
        apology_by=by,
        slip_number=row.slip_number,
        events=_history(view, events),
        acts=lifecycle.allowed(acting.standing(row, events)),
        version=row.version,
        taken_over=row.taken_over,
        components=remarks.papers_of(remarks.in_force(view, row.id, events)),
        competent=row.competent,
        competent_at=None if row.competent_at is None else moment.minute(row.competent_at),
        local_limit=say.limit_name(Limit.parse(row.local_limit)) if row.local_limit else "",
        limit_text=row.limit_text,
        variant=row.variant,
        fee=row.fee,
        fee_taken=paid,
        fee_due=cash.due(row.fee, paid),
        slip_stale=correcting.is_slip_stale(events),
    )


def why(ctx: Context, view: View, dossier_id: int) -> tuple[str, ...]:
    """Return the trace of a dossier's current promise, and of its legal deadline where that differs."""
    row = load(view, dossier_id)
    if row is None or row.received_at is None:
        return (_("Hồ sơ chưa được tiếp nhận: chưa có ngày hẹn."),)
    events = journal.of_dossier(view.connection, row.id)
    found = clockwork.dates_of(ctx.calendar(view), row, events)
    lines = [_("VÌ SAO {at}?").format(at=say.moment(found.current.at)), *from_elsewhere(row)]
    lines += explain.lines(found.current)
    if found.legal is not None and found.legal.at != found.current.at:
        lines += ["", _("HẠN THEO LUẬT {at}").format(at=say.moment(found.legal.at)), *explain.lines(found.legal)]
    version = ctx.calendar(view).version
    return (*lines, basis(version, row.procedure_code))


def from_elsewhere(row: DossierRow) -> tuple[str, ...]:
    """Return the line that says from whose receipt the limit counts; none for a dossier of this centre's own."""
    said = elsewhere.note(row)
    received = _("nộp {at}; {note} (NĐ 118/2025 Đ17.3)").format(at=say.short_moment(row.received_at), note=said)
    return tuple(wrapped(received)) if said else ()


def basis(calendar: str, procedure: str) -> str:
    """Return what a date rests on: the law, the calendar's version, the procedure."""
    return _("Căn cứ: BLDS 2015 Đ147-148; lịch {v}; thủ tục {c}").format(v=calendar, c=procedure)


def reveal(ctx: Context, work: Work, dossier_id: int, officer_id: int | None) -> PersonView:
    """Return the full numbers of an applicant and leave an event that says who looked."""
    row = load(work, dossier_id)
    if row is None:
        raise RefusedError("unknown_dossier", _("Không có hồ sơ này."))
    work.record(OfficeEvent.PERSON_SEEN, ctx.now(), {"dossier": row.id}, officer_id=officer_id)
    person = people.get(work.connection, row.person_id)
    if person is None:
        raise ValueError(row.code)
    return person_view(person, ())


def to_correct(ctx: Context, work: Work, dossier_id: int, officer_id: int | None) -> Kept:
    """Return what a correction begins with and leave a trace of who saw it."""
    row = load(work, dossier_id)
    if row is None:
        raise RefusedError("unknown_dossier", _("Không có hồ sơ này."))
    standing = acting.standing(row, journal.of_dossier(work.connection, row.id))
    return correcting.kept(ctx, work, row, standing, officer_id)


def person(view: View, id_number: str) -> PersonView | None:
    """Return who was last written under an identity number, with the codes of their open dossiers."""
    wanted = "".join(clean(id_number).split())
    found = people.by_id_number(view.connection, wanted) if wanted else []
    if not found:
        return None
    rows = dossiers.of_people(view.connection, [each.id for each in found])
    return person_view(found[0], tuple(row.code for row in rows if row.state in OPEN_STATES))


def person_view(found: PersonRow, codes: tuple[str, ...]) -> PersonView:
    """Return a person as a form is filled with."""
    kind = ApplicantKind(found.kind)
    return PersonView(found.name, found.id_number, found.phone, found.email, found.address, kind, codes)


def _promise_note(row: DossierRow) -> str:
    if clockwork.is_awaited(row) and not row.rescheduled:
        return elsewhere.note(row)
    if row.promise_typed and not row.rescheduled:
        return _("cán bộ hẹn, thủ tục chưa rõ thời hạn")
    if row.rescheduled:
        return _("đã hẹn lại một lần")
    return _("theo luật, chưa hẹn lại") if row.promise == row.legal_deadline else _("theo cam kết của trung tâm")


def _history(view: View, events: Sequence[Event]) -> tuple[EventLine, ...]:
    names = {officer.id: officer.name for officer in offices.officers(view.connection)}
    if not events:
        return ()
    texts: dict[int, list[str]] = {}
    corrected = {event.seq for event in events if event.kind == Act.CORRECT}
    for remark in people.remarks(view.connection, events[0].dossier_id or 0):
        if remark.kind == "note" and remark.event_seq in corrected:
            said = _("ghi chú mới: {text}").format(text=remark.text or "—")
            texts.setdefault(remark.event_seq, []).append(said)
        elif remark.kind != "papers" and remark.text:
            texts.setdefault(remark.event_seq, []).append(remark.text)
    standing = {event.seq for event in projection.effective(events)}
    return tuple(
        EventLine(
            seq=event.seq,
            at=moment.minute(event.at),
            what=_what(event),
            who=names.get(event.officer_id or 0, ""),
            note=" · ".join((*_notes(event), *texts.get(event.seq, ()))),
            undone=event.seq not in standing and "undoes" not in event.data,
            kind=event.kind,
        )
        for event in events
    )


def _what(event: Event) -> str:
    if event.kind in set(Act):
        return say.act_name(Act(event.kind))
    names = {
        OfficeEvent.DEADLINE_MOVED.value: _("Hạn luật tính lại theo lịch mới"),
        OfficeEvent.FEE_TAKEN.value: _("Thu lệ phí"),
        OfficeEvent.FEE_VOIDED.value: _("Hủy biên lai"),
        OfficeEvent.CALL_MADE.value: _("Gọi điện"),
        OfficeEvent.SLIP_REPRINTED.value: _("In lại giấy hẹn"),
    }
    return names.get(event.kind, event.kind)


def _notes(event: Event) -> list[str]:
    data, notes = event.data, []
    if data.get("holder"):
        notes.append(str(data["holder"]))
    if data.get("to") and event.kind == Act.RESCHEDULE:
        notes.append(_("hẹn lại {at}").format(at=say.short_moment(from_utc_text(data["to"]))))
    if data.get("slip"):
        notes.append(_("số {slip}").format(slip=data["slip"]))
    if event.kind == Act.OBLIGATION:
        notes.append(_("không tính thời gian"))
    if event.kind == OfficeEvent.FEE_TAKEN:
        number = cash.receipt_number(data["year"], data["desk"], data["number"])
        notes.append(f"{number} · {dong(data['amount'])} · {say.pay_method_name(PayMethod(data['method']))}")
    if event.kind == Act.CORRECT:
        notes.append(", ".join(say.part_name(part) for part in correcting.parts_of(event)))
    if event.kind == OfficeEvent.SLIP_REPRINTED:
        notes.append(_("bản in lại lần {n}").format(n=data["copy"]))
    if event.kind == OfficeEvent.CALL_MADE:
        notes.append(call_words.told(data))
    verdict = data.get("set", {}).get("verdict")
    if verdict:
        notes.append(say.judgement_name(Judgement(verdict)))
    return notes
