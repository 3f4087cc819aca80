"""Official slips of a dossier as plain text."""

from __future__ import annotations

from datetime import datetime

from db import journal, numbers, offices, people, procedures
from db.rows import DossierRow, PersonRow
from db.unit import View, Work
from db.vocabulary import OfficeEvent, ReturnWay, Slip
from desk.counter import clockwork, correcting, dossier_view, elsewhere, explain, remarks, say
from desk.counter.context import Context
from desk.counter.model import RefusedError
from desk.forms import receipt
from desk.rules import moment
from desk.rules.limits import Limit
from desk.words import _, officially


def receipt_lines(ctx: Context, view: View, dossier_id: int, copy: int = 0) -> tuple[str, ...]:
    """Return form 01 of an accepted dossier with the first promise, which never changes; RefusedError before that."""
    row, received = _received(view, dossier_id)
    with officially():
        return _front(ctx, view, row, received, copy)


def reprint(ctx: Context, work: Work, dossier_id: int, officer_id: int | None) -> int:
    """Count one more copy of a dossier's receipt, in the journal too, and return which one it is."""
    row, _at = _received(work, dossier_id)
    copy = numbers.count_reprint(work.connection, dossier_id, Slip.RECEIPT)
    data = {"form": Slip.RECEIPT.value, "copy": copy}
    work.apply(
        OfficeEvent.SLIP_REPRINTED, ctx.now(), data, row=row, dossier_id=row.id, changes={}, officer_id=officer_id
    )
    return copy


def _received(view: View, dossier_id: int) -> tuple[DossierRow, datetime]:
    row = dossier_view.load(view, dossier_id)
    if row is None or row.received_at is None:
        raise RefusedError("not_received", _("Hồ sơ chưa được tiếp nhận: chưa có giấy hẹn."))
    return row, row.received_at


def _front(ctx: Context, view: View, row: DossierRow, received: datetime, copy: int) -> tuple[str, ...]:
    applicant = people.get(view.connection, row.person_id)
    if applicant is None:
        raise ValueError(row.code)
    other = None if row.representative_id is None else people.get(view.connection, row.representative_id)
    procedure = procedures.version(view.connection, row.procedure_code, row.procedure_version)
    unit = offices.unit(view.connection, ctx.centre.unit, ctx.now().date())
    events = journal.of_dossier(view.connection, row.id)
    names = {officer.id: officer.name for officer in offices.officers(view.connection)}
    limit = say.limit_name(Limit.parse(row.limit_text) if row.limit_text else None)
    if row.local_limit:
        limit += _("; trung tâm hẹn {limit}").format(limit=say.limit_name(Limit.parse(row.local_limit)))
    return receipt.lines(
        receipt.Receipt(
            unit_name=ctx.centre.name if unit is None else unit.full_name,
            place=ctx.centre.name if unit is None else unit.name,
            number=row.slip_number,
            code=row.code,
            official_code=row.official_code or "",
            applicant=_person(applicant),
            representative=None if other is None else _person(other),
            request=f"{row.procedure_code} {'' if procedure is None else procedure.name}".strip(),
            components=remarks.papers_of(remarks.in_force(view, row.id, events)),
            sets=1,
            limit=limit + (f" ({row.variant})" if row.variant else ""),
            received=moment.minute(received),
            promise=None if row.first_promise is None else moment.minute(row.first_promise),
            promise_note=elsewhere.note(row) or (_("tạm tính, lịch nghỉ chưa công bố") if row.provisional else ""),
            return_way=say.way_name(ReturnWay(row.return_way or ReturnWay.COUNTER)),
            officer=names.get(row.received_by or 0, ""),
            practice=ctx.centre.practice,
            copy=copy,
            corrected=len(correcting.corrections_on_slip(events)),
        )
    )


def back_lines(ctx: Context, view: View, dossier_id: int) -> tuple[str, ...]:
    """Return the receipt's back: why the first promise, and the legal deadline where that is another date."""
    row, _at = _received(view, dossier_id)
    with officially():
        return _back(ctx, view, row)


def _back(ctx: Context, view: View, row: DossierRow) -> tuple[str, ...]:
    cal = ctx.calendar(view)
    found = clockwork.dates_at_receipt(cal, row, journal.of_dossier(view.connection, row.id))
    told = (*dossier_view.from_elsewhere(row), *explain.lines(found.first))
    reasons = [(_("VÌ SAO HẸN TRẢ {at}?").format(at=say.moment(found.first.at)), told)]
    if found.legal is not None and found.legal.at != found.first.at:
        title = _("HẠN THEO LUẬT {at}").format(at=say.moment(found.legal.at))
        reasons.append((title, explain.lines(found.legal)))
    return receipt.back_lines(
        receipt.Back(
            code=row.official_code or row.code,
            number=row.slip_number,
            reasons=reasons,
            basis=dossier_view.basis(cal.version, row.procedure_code),
            practice=ctx.centre.practice,
        )
    )


def _person(found: PersonRow) -> receipt.Person:
    return receipt.Person(found.name, found.id_number, found.address, found.phone, found.email)
