"""What a shift leaves to the next: received, returned, money, slips not given, calls to make; and its papers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from db import dossiers, fees, journal, numbers, offices, people, projection
from db.journal import Event
from db.rows import DossierRow
from db.unit import View
from db.vocabulary import OPEN_STATES, Act, OfficeEvent, PayMethod, Slip
from desk.counter import call_words, calling, looking, say, till
from desk.counter.context import Context
from desk.counter.model import Refused, RefusedError
from desk.counter.till_model import CashShift, FeeLine, Handover
from desk.counter.work_lines import short_code
from desk.forms import fee_slip
from desk.forms import shift as page
from desk.rules import moment, numbering
from desk.rules.calling import Turn
from desk.rules.cash import Mark
from desk.words import _, officially


class Shifts:
    """The hand-over of a desk and the papers of its till; RecordError may come out of every method."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def handover(self, officer_id: int | None = None, drafts: int | None = None) -> Handover:
        """Return the open shift of this desk for whoever comes next."""
        with self._ctx.records.reading() as view:
            return handover(self._ctx, view, officer_id, drafts)

    def slip_given(self, dossier_id: int, officer_id: int | None = None) -> None:
        """Keep that a dossier's receipt went out; a second time changes nothing."""
        with self._ctx.records.writing() as work:
            at = self._ctx.now()
            if numbers.give(work.connection, dossier_id, Slip.RECEIPT, at):
                data = {"dossier": dossier_id, "form": Slip.RECEIPT.value}
                work.record(OfficeEvent.SLIP_GIVEN, at, data, officer_id=officer_id)
                work.commit()

    def fee_slip(self, receipts: Sequence[FeeLine]) -> tuple[str, ...] | Refused:
        """Return receipts of one payer as one slip of plain text."""
        try:
            with officially(), self._ctx.records.reading() as view:
                return fee_slip_lines(self._ctx, view, receipts)
        except RefusedError as refusal:
            return refusal.refused

    def cash_lines(self, shift: CashShift) -> tuple[str, ...]:
        """Return the count of a shift as plain text."""
        with officially():
            return page.cash_lines(cash_page(self._ctx, shift))

    def handover_lines(self, found: Handover) -> tuple[str, ...]:
        """Return the hand-over sheet as plain text."""
        return page.handover_lines(handover_page(self._ctx, found))


def handover(ctx: Context, view: View, officer_id: int | None, drafts: int | None) -> Handover:
    """Return what happened at this desk since its cash was closed last, else since the morning."""
    now, desk = ctx.now(), ctx.centre.desk
    last = fees.last_close(view.connection, desk)
    if last is None:
        since = datetime.combine(now.date(), datetime.min.time(), moment.VN)
        after = journal.last_before(view.connection, since)
    else:
        since, after = moment.minute(last.at), last.event_seq
    events = list(journal.between(view.connection, after, journal.head(view.connection).seq))
    standing = projection.effective(events)
    elsewhere = _elsewhere(events, desk)
    rows = dossiers.by_ids(view.connection, (event.dossier_id for event in standing if event.dossier_id is not None))
    received = [row for row in rows.values() if _came_in(row, standing) and _desk_of(row) == desk]
    handed = {e.dossier_id for e in standing if e.kind == Act.RETURN and e.officer_id not in elsewhere}
    returned = [row for row in rows.values() if row.id in handed]
    slips = set(numbers.ungiven(view.connection, Slip.RECEIPT, after))
    ungiven = [row for row in received if row.id in slips and row.state in OPEN_STATES]
    names = {officer.id: officer.name for officer in offices.officers(view.connection)}
    waiting = [line for line in calling.listed(ctx, view) if line.turn is Turn.NOW]
    return Handover(
        desk=desk,
        centre=ctx.centre.name,
        since=since,
        now=now,
        officer=names.get(officer_id or 0, ""),
        received=looking.work_rows(ctx, view, received),
        returned=looking.work_rows(ctx, view, returned),
        ungiven=looking.work_rows(ctx, view, ungiven),
        calls=tuple((line.row, call_words.reason_name(line.reason)) for line in waiting),
        cash=till.open_shift(ctx, view),
        drafts=drafts,
        practice=ctx.centre.practice,
    )


def _came_in(row: DossierRow, standing: Sequence[Event]) -> bool:
    """Say whether a dossier was accepted by what stands of the shift."""
    return row.accepted and not row.taken_over and any(
        event.dossier_id == row.id and event.data.get("set", {}).get("accepted") for event in standing
    )  # fmt: skip


def _desk_of(row: DossierRow) -> int | None:
    code = numbering.parse_provisional(row.code)
    return None if code is None else code.desk


def _elsewhere(events: Sequence[Event], desk: int) -> set[int | None]:
    """Return the officers who in this shift came on at another desk and not at this one.

    An event names its officer and no desk; where nobody signs on, everything is this desk's.
    """
    desks: dict[int | None, set[int]] = {}
    for event in events:
        if event.kind == OfficeEvent.OFFICER_SIGNED_ON:
            desks.setdefault(event.officer_id, set()).add(int(event.data["desk"]))
    return {officer for officer, at in desks.items() if desk not in at}


def fee_slip_lines(ctx: Context, view: View, receipts: Sequence[FeeLine]) -> tuple[str, ...]:
    """Return a slip over the receipts of one payer."""
    if not receipts:
        raise RefusedError("no_receipt", _("Chưa có biên lai nào để in."))
    row = dossiers.get(view.connection, receipts[0].dossier_id)
    person = None if row is None else people.get(view.connection, row.person_id)
    unit = offices.unit(view.connection, ctx.centre.unit, ctx.now().date())
    shown = looking.work_rows(
        ctx, view, list(dossiers.by_ids(view.connection, (each.dossier_id for each in receipts)).values())
    )  # fmt: skip
    procedures = {line.id: line.procedure for line in shown}
    return fee_slip.lines(
        fee_slip.FeeSlip(
            unit_name=ctx.centre.name if unit is None else unit.full_name,
            place=ctx.centre.name if unit is None else unit.name,
            payer="" if person is None else person.name,
            address="" if person is None else person.address,
            items=[
                fee_slip.Item(
                    each.number, each.code, procedures[each.dossier_id], each.amount, each.mark is Mark.VOIDED
                )
                for each in receipts
            ],
            method=say.pay_method_name(receipts[0].method),
            at=receipts[-1].at,
            officer=receipts[-1].officer,
            practice=ctx.centre.practice,
        )
    )


def cash_page(ctx: Context, shift: CashShift) -> page.CashPage:
    """Return the count of a shift in words."""
    closed = shift.closed
    sums = {say.pay_method_name(method): amount for method, amount in shift.totals.sums.items()}
    return page.CashPage(
        centre=ctx.centre.name,
        desk=shift.desk,
        number="" if closed is None else closed.number,
        since="" if shift.since is None else say.moment(shift.since),
        until=say.moment(shift.now if closed is None else closed.at),
        numbers=shift.numbers,
        sums=sums,
        by_officer=dict(shift.by_officer),
        expected=shift.totals.expected,
        counted=None if closed is None else closed.counted,
        reason="" if closed is None else closed.reason,
        officer="" if closed is None else closed.officer,
        lines=[_fee_words(line) for line in shift.lines],
        practice=ctx.centre.practice,
        opening=shift.opening,
        opening_reason=shift.opening_reason,
    )


def _fee_words(line: FeeLine) -> page.Fee:
    said = {
        Mark.TAKEN: "",
        Mark.VOIDED: _("ĐÃ HỦY"),
        Mark.PAID_BACK: _("HỦY BIÊN LAI CA TRƯỚC, TRẢ LẠI"),
    }[line.mark]
    amount = -line.amount if line.mark is Mark.PAID_BACK else line.amount
    return page.Fee(
        line.number,
        f"{line.at:%d/%m %H:%M}",
        short_code(line.code),
        amount,
        say.pay_method_name(line.method),
        said,
    )


def handover_page(ctx: Context, found: Handover) -> page.HandoverPage:
    """Return the hand-over sheet in words."""
    groups = (
        (_("Đã tiếp nhận"), found.received),
        (_("Đã trả kết quả"), found.returned),
        (_("Phiếu hẹn chưa in, chưa đưa"), found.ungiven),
    )
    return page.HandoverPage(
        centre=found.centre,
        desk=found.desk,
        since=say.moment(found.since),
        until=say.moment(found.now),
        officer=found.officer,
        groups=[
            (title, [page.Entry(row.code, row.applicant, row.procedure) for row in rows]) for title, rows in groups
        ],
        calls=[page.Entry(row.code, row.applicant, reason) for row, reason in found.calls],
        drafts=found.drafts,
        expected=found.cash.totals.expected,
        transfers=found.cash.totals.sums[PayMethod.TRANSFER],
        numbers=found.cash.numbers,
        voided=found.cash.totals.counts[Mark.VOIDED] + found.cash.totals.counts[Mark.PAID_BACK],
        practice=ctx.centre.practice,
        opening=found.cash.opening,
    )
