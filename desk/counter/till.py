"""The till of a desk: fees taken and voided, the shift counted and closed; each in one unit of work."""

from __future__ import annotations

import secrets
from collections import Counter as Summed
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from db import dossiers, fees, journal, offices, people
from db.fees import CloseRow, FeeRow, OpeningRow
from db.journal import Event
from db.unit import View, Work
from db.vocabulary import OfficeEvent, PayMethod
from desk.counter import answering, dossier_view, fee_taking
from desk.counter.context import Context
from desk.counter.model import Refused, RefusedError
from desk.counter.till_model import (
    CashShift,
    CloseCash,
    ClosedCash,
    DossierFee,
    FeeLine,
    OpenCash,
    TakeFee,
    Voided,
    VoidFee,
)
from desk.rules import cash, moment
from desk.rules.cash import CloseFault, Entry, Mark, OpeningFault, Span
from desk.rules.money import dong
from desk.rules.text import clean
from desk.words import _

Result = TypeVar("Result")


class Till:
    """All that a desk does with money; safe to call from any thread.

    RecordError may come out of every method: nothing was written then.
    """

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def fee(self, wanted: str | int) -> DossierFee | Refused:
        """Return what a dossier costs, by code or id, and what was taken for it."""
        return self._read(lambda view: dossier_fee(view, wanted))

    def take(self, order: TakeFee) -> FeeLine | Refused:
        """Take a fee; the same client id again gives the same receipt."""
        return self._do(lambda work: take(self._ctx, work, order))

    def void(self, order: VoidFee) -> Voided | Refused:
        """Void a receipt; the same client id again gives the same answer."""
        return self._do(lambda work: void(self._ctx, work, order))

    def shift(self) -> CashShift:
        """Return the open shift of this desk."""
        with self._ctx.records.reading() as view:
            return open_shift(self._ctx, view)

    def closed_shift(self, seq: int) -> CashShift | Refused:
        """Return the shift that an event closed."""
        return self._read(lambda view: closed_shift(view, seq))

    def last_opening(self) -> int | None:
        """Return what this desk counted last at the beginning of a shift, to be offered again; None if it never did."""
        with self._ctx.records.reading() as view:
            row = fees.opening_of(view.connection, self._ctx.centre.desk, 0)
            return None if row is None else row.amount

    def open(self, order: OpenCash) -> CashShift | Refused:
        """Keep the cash that the shift of this desk began with; the same client id again changes nothing."""
        return self._do(lambda work: open_with(self._ctx, work, order))

    def close(self, order: CloseCash) -> CashShift | Refused:
        """Close the shift of this desk; the same client id again gives the same answer."""
        return self._do(lambda work: close(self._ctx, work, order))

    def _do(self, use: Callable[[Work], Result]) -> Result | Refused:
        return answering.written(self._ctx, use)

    def _read(self, use: Callable[[View], Result]) -> Result | Refused:
        return answering.looked_up(self._ctx, use)


def dossier_fee(view: View, wanted: str | int) -> DossierFee:
    """Return the money side of a dossier."""
    row = dossier_view.load(view, wanted)
    if row is None:
        raise RefusedError("unknown_dossier", _("Không có hồ sơ {code}.").format(code=wanted), "code")
    receipts = fees.of_dossier(view.connection, row.id)
    paid = fee_taking.taken(receipts)
    person = people.get(view.connection, row.person_id)
    name = "" if person is None else person.name
    lines = _lines(view, receipts)
    return DossierFee(row.id, row.code, name, row.fee, paid, cash.due(row.fee, paid), lines)


def take(ctx: Context, work: Work, order: TakeFee) -> FeeLine:
    """Write a receipt for what is due, or for another amount."""
    known = _known(work, order.client_id, OfficeEvent.FEE_TAKEN)
    if known is not None:
        return _line(work, known.seq)
    state = dossier_fee(work, order.code)
    row = dossiers.get(work.connection, state.dossier_id)
    amount = state.due if order.amount is None else order.amount
    if row is None or amount is None:
        raise RefusedError("amount_needed", _("Danh mục chưa có mức thu: gõ số tiền."), "amount")
    if order.amount is None and not amount:
        raise RefusedError("nothing_due", _("Hồ sơ không còn khoản nào phải thu."), "amount")
    found = fee_taking.take(
        ctx, work, row, amount, order.method, ctx.now(), order.officer_id, grounds=order.grounds,
        client_id=order.client_id,
    )  # fmt: skip
    return _line(work, found.event_seq)


def void(ctx: Context, work: Work, order: VoidFee) -> Voided:
    """Void a receipt by its number."""
    known = _known(work, order.client_id, OfficeEvent.FEE_VOIDED)
    if known is not None:
        return Voided(_line(work, known.seq), bool(known.data["closed"]))
    number = cash.parse_receipt_number(clean(order.number))
    found = None if number is None else fees.by_number(work.connection, *number)
    if found is None:
        raise RefusedError("unknown_receipt", _("Không có biên lai {n}.").format(n=clean(order.number)), "number")
    closed = fees.is_closed(work.connection, found)
    gone = fee_taking.void(
        ctx, work, found, order.reason, ctx.now(), order.officer_id, client_id=order.client_id
    )  # fmt: skip
    return Voided(_line(work, gone.event_seq), closed)


def open_shift(ctx: Context, view: View) -> CashShift:
    """Return what this desk took since its cash was closed last."""
    last = fees.last_close(view.connection, ctx.centre.desk)
    span = Span(ctx.centre.desk, 0 if last is None else last.event_seq)
    return _shift(view, span, None if last is None else last.at, ctx.now())


def open_with(ctx: Context, work: Work, order: OpenCash) -> CashShift:
    """Keep what was in the drawer as the shift began; a second count of the same shift needs its reason."""
    if _known(work, order.client_id, OfficeEvent.CASH_OPENED) is not None:
        return open_shift(ctx, work)
    reason = clean(order.reason)
    fault = cash.opening_fault(order.amount, open_shift(ctx, work).opening, reason=bool(reason))
    if fault is not None:
        field = "reason" if fault is OpeningFault.REASON_NEEDED else "amount"
        raise RefusedError(fault.value, _opening_sentence(fault), field)
    at, desk, salt = ctx.now(), ctx.centre.desk, secrets.token_hex(16)
    data = {
        "desk": desk, "amount": order.amount, "remarks": {"reason": people.seal(salt, reason)} if reason else {},
    }  # fmt: skip
    event = work.record(
        OfficeEvent.CASH_OPENED, at, data, officer_id=order.officer_id, client_id=order.client_id
    )  # fmt: skip
    fees.keep_opening(
        work.connection, OpeningRow(desk, event.seq, at, order.officer_id, order.amount, reason, salt)
    )  # fmt: skip
    return open_shift(ctx, work)


def closed_shift(view: View, seq: int) -> CashShift:
    """Return a closed shift as it was."""
    row = fees.close_of(view.connection, seq)
    if row is None:
        raise RefusedError("unknown_close", _("Không có lần chốt quỹ này."), "seq")
    before = fees.close_of(view.connection, row.after_seq)
    names = _names(view)
    told = ClosedCash(
        cash.close_number(row.year, row.desk, row.number), row.event_seq, moment.minute(row.at),
        names.get(row.officer_id or 0, ""), row.expected, row.counted, row.reason,
    )  # fmt: skip
    span = Span(row.desk, row.after_seq, row.event_seq)
    return _shift(view, span, None if before is None else before.at, row.at, told)


def close(ctx: Context, work: Work, order: CloseCash) -> CashShift:
    """Close the shift: what was expected, what was counted, and why they differ."""
    known = _known(work, order.client_id, OfficeEvent.CASH_CLOSED)
    if known is not None:
        return closed_shift(work, known.seq)
    shift = open_shift(ctx, work)
    expected, reason = shift.totals.expected, clean(order.reason)
    fault = cash.close_fault(expected, order.seen, order.counted, reason=bool(reason))
    if fault is not None:
        raise RefusedError(fault.value, _close_sentence(fault), "reason")
    at, desk = ctx.now(), ctx.centre.desk
    number = fees.take_close_number(work.connection, at.year, desk)
    last = fees.last_close(work.connection, desk)
    after, salt = 0 if last is None else last.event_seq, secrets.token_hex(16)
    data = {
        "year": at.year, "desk": desk, "number": number, "from": after, "opening": shift.opening,
        "expected": expected, "counted": order.counted,
        "transfers": shift.totals.sums[PayMethod.TRANSFER], "receipts": list(shift.numbers),
        "voided": shift.totals.counts[Mark.VOIDED], "paid_back": shift.totals.counts[Mark.PAID_BACK],
        "remarks": {"reason": people.seal(salt, reason)} if reason else {},
    }  # fmt: skip
    event = work.record(
        OfficeEvent.CASH_CLOSED, at, data, officer_id=order.officer_id, client_id=order.client_id
    )  # fmt: skip
    row = CloseRow(at.year, desk, number, after, event.seq, at, order.officer_id, expected, order.counted, reason, salt)
    fees.keep_close(work.connection, row)
    return closed_shift(work, event.seq)


def _shift(
    view: View, span: Span, since: datetime | None, now: datetime, closed: ClosedCash | None = None
) -> CashShift:
    rows = fees.of_shift(view.connection, span.desk, span.after, span.upto)
    lines = _lines(view, rows, span)
    opening = fees.opening_of(view.connection, span.desk, span.after, span.upto)
    began = None if opening is None else opening.amount
    found = cash.totals((Entry(line.amount, line.method, line.mark) for line in lines), began or 0)
    by_officer: Summed[str] = Summed()
    for line in lines:
        if line.mark is Mark.TAKEN:
            by_officer[line.officer or _("không rõ")] += line.amount
    start = None if since is None else moment.minute(since)
    return CashShift(
        span.desk, start, moment.minute(now), lines, found, dict(by_officer), closed, began,
        "" if opening is None else opening.reason,
    )  # fmt: skip


def _lines(view: View, rows: Sequence[FeeRow], span: Span | None = None) -> tuple[FeeLine, ...]:
    names, known = _names(view), dossiers.by_ids(view.connection, (row.dossier_id for row in rows))
    found = []
    for row in rows:
        alone = Mark.TAKEN if row.standing else Mark.VOIDED
        voided = (row.voided_desk, row.voided_seq)
        marked = alone if span is None else cash.mark(span, row.desk, row.event_seq, *voided)
        if marked is None:
            continue
        # What was voided later stands unvoided in the shift that took it.
        still = marked is Mark.TAKEN
        found.append(
            FeeLine(
                number=fee_taking.number_of(row),
                at=moment.minute(row.at),
                dossier_id=row.dossier_id,
                code=known[row.dossier_id].code,
                amount=row.amount,
                method=PayMethod(row.method),
                officer=names.get(row.officer_id or 0, ""),
                voided_at=None if still or row.voided_at is None else moment.minute(row.voided_at),
                voided_by="" if still else names.get(row.voided_by or 0, ""),
                mark=marked,
            )
        )
    return tuple(found)


def _line(view: View, seq: int) -> FeeLine:
    row = fees.by_event(view.connection, seq)
    if row is None:
        raise ValueError(seq)
    return _lines(view, [row])[0]


def _names(view: View) -> dict[int, str]:
    return {officer.id: officer.name for officer in offices.officers(view.connection)}


def _known(view: View, client_id: str, kind: OfficeEvent) -> Event | None:
    if not client_id:
        raise RefusedError("client_id_needed", _("Yêu cầu thiếu mã riêng của nó."), "client_id")
    known = journal.by_client(view.connection, client_id)
    if known is not None and known.kind != kind:
        raise RefusedError("client_id_taken", _("Mã yêu cầu này đã dùng cho việc khác."), "client_id")
    return known


def _close_sentence(fault: CloseFault) -> str:
    return {
        CloseFault.CHANGED: _("Vừa có biên lai mới, bị hủy, hoặc tiền đầu ca đếm lại: xem lại số phải có rồi đếm lại."),
        CloseFault.NEGATIVE: _("Số tiền đếm được không thể âm."),
        CloseFault.REASON_NEEDED: _("Tiền đếm được lệch với số phải có: cần ghi lý do."),
    }[fault]


def _opening_sentence(fault: OpeningFault) -> str:
    return {
        OpeningFault.NEGATIVE: _("Số tiền đếm được không thể âm."),
        OpeningFault.TOO_MUCH: _("Số tiền lớn quá {most}: xem lại.").format(most=dong(cash.LARGEST_FEE)),
        OpeningFault.SAME: _("Tiền đầu ca đã ghi đúng số này."),
        OpeningFault.REASON_NEEDED: _("Tiền đầu ca đã đếm: đổi số cần ghi lý do."),
    }[fault]
