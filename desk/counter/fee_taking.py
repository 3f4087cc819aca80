"""Money for a dossier: taken and given back within a transaction that others have begun."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime

from db import dossiers, fees, offices, people
from db.fees import FeeRow
from db.rows import DossierRow
from db.unit import View, Work
from db.vocabulary import OfficeEvent, PayMethod, Role, State
from desk.counter.context import Context
from desk.counter.model import RefusedError
from desk.rules import cash
from desk.rules.cash import FeeFault
from desk.rules.money import dong
from desk.rules.text import clean
from desk.words import _

_WITHOUT_FEE = frozenset({State.VOIDED, State.NOT_RECEIVED})


def number_of(row: FeeRow) -> str:
    """Return a receipt's number as it is printed."""
    return cash.receipt_number(row.year, row.desk, row.number)


def taken(rows: list[FeeRow]) -> int:
    """Return what the receipts that stand add up to."""
    return sum(row.amount for row in rows if row.standing)


def take_due(
    ctx: Context, work: Work, dossier_id: int, method: PayMethod, at: datetime, officer_id: int | None
) -> FeeRow | None:
    """Take all that a dossier owes; None where nothing is due, or the catalogue does not know."""
    row = _dossier(work, dossier_id)
    owed = cash.due(row.fee, taken(fees.of_dossier(work.connection, row.id)))
    return take(ctx, work, row, owed, method, at, officer_id) if owed else None


def take(
    ctx: Context,
    work: Work,
    row: DossierRow,
    amount: int,
    method: PayMethod,
    at: datetime,
    officer_id: int | None,
    *,
    grounds: str = "",
    client_id: str | None = None,
) -> FeeRow:
    """Write a receipt with the next number of this desk and year, and its event."""
    if row.state in _WITHOUT_FEE:
        raise RefusedError("no_fee", _("Hồ sơ không được nhận hoặc đã hủy nhập: không thu tiền."), "code")
    owed = cash.due(row.fee, taken(fees.of_dossier(work.connection, row.id)))
    fault = cash.fee_fault(amount, owed, grounds=bool(clean(grounds)))
    if fault is not None:
        raise RefusedError(fault.value, fee_sentence(fault, owed), "amount")
    number = fees.take_number(work.connection, at.year, ctx.centre.desk)
    data = {
        "year": at.year, "desk": ctx.centre.desk, "number": number, "amount": amount, "method": method.value,
    }  # fmt: skip
    seq, _row = _apply(work, OfficeEvent.FEE_TAKEN, at, data, row, officer_id, client_id, grounds)
    found = FeeRow(at.year, ctx.centre.desk, number, row.id, seq, at, officer_id, amount, method.value)
    fees.add(work.connection, found)
    return found


def void(
    ctx: Context,
    work: Work,
    found: FeeRow,
    reason: str,
    at: datetime,
    officer_id: int | None,
    *,
    client_id: str | None = None,
) -> FeeRow:
    """Void a receipt by a reversal with its reason; after its shift was closed only a head may, out of this drawer."""
    number = number_of(found)
    if not found.standing:
        raise RefusedError("already_voided", _("Biên lai {number} đã hủy rồi.").format(number=number), "number")
    if not clean(reason):
        raise RefusedError("reason_needed", _("Cần ghi rõ lý do."), "reason")
    closed = fees.is_closed(work.connection, found)
    if closed and not is_head(work, officer_id):
        sentence = _("Biên lai {number} đã chốt quỹ: chỉ lãnh đạo được hủy, tiền trả lại tính vào ca này.")
        raise RefusedError("closed", sentence.format(number=number), "number")
    row = _dossier(work, found.dossier_id)
    data = {"undoes": found.event_seq, "desk": ctx.centre.desk, "closed": closed}
    seq, _row = _apply(work, OfficeEvent.FEE_VOIDED, at, data, row, officer_id, client_id, reason)
    gone = FeeRow(
        found.year, found.desk, found.number, found.dossier_id, found.event_seq, found.at, found.officer_id,
        found.amount, found.method, seq, at, officer_id, ctx.centre.desk,
    )  # fmt: skip
    if not fees.void(work.connection, gone):
        raise ValueError(number)
    return gone


def void_all(
    ctx: Context, work: Work, row: DossierRow, reason: str, at: datetime, officer_id: int | None
) -> DossierRow:
    """Void whatever was taken for a dossier that is undone, in the same transaction; return its row after that."""
    standing = [each for each in fees.of_dossier(work.connection, row.id) if each.standing]
    for each in standing:
        void(ctx, work, each, reason, at, officer_id)
    return _dossier(work, row.id) if standing else row


def refund(view: View, dossier_id: int) -> int:
    """Return what would have to be given back if a dossier were undone."""
    return taken(fees.of_dossier(view.connection, dossier_id))


def is_head(view: View, officer_id: int | None) -> bool:
    """Say whether an officer is an active head."""
    officers = offices.officers(view.connection)
    return any(each.id == officer_id and each.active and each.role == Role.HEAD for each in officers)


def fee_sentence(fault: FeeFault, owed: int | None) -> str:
    """Return why an amount was not taken."""
    sentences = {
        FeeFault.NOT_POSITIVE: _("Số tiền phải lớn hơn 0."),
        FeeFault.TOO_MUCH: _("Số tiền lớn quá {most}: xem lại.").format(most=dong(cash.LARGEST_FEE)),
        FeeFault.MORE_THAN_DUE: _("Chỉ còn phải thu {due}: thu nhiều hơn cần ghi căn cứ.").format(due=dong(owed or 0)),
    }
    return sentences[fault]


def _dossier(view: View, dossier_id: int) -> DossierRow:
    row = dossiers.get(view.connection, dossier_id)
    if row is None:
        raise RefusedError("unknown_dossier", _("Không có hồ sơ này."), "code")
    return row


def _apply(
    work: Work,
    kind: OfficeEvent,
    at: datetime,
    data: Mapping[str, object],
    row: DossierRow,
    officer_id: int | None,
    client_id: str | None,
    reason: str,
) -> tuple[int, DossierRow]:
    """Write an event of a dossier that changes none of its columns, and keep the free text that goes with it."""
    salt, text = secrets.token_hex(16), clean(reason)
    hashes = {"reason": people.seal(salt, text)} if text else {}
    event, after = work.apply(
        kind, at, {**data, "remarks": hashes}, row=row, dossier_id=row.id, changes={}, officer_id=officer_id,
        client_id=client_id,
    )  # fmt: skip
    if text:
        people.add_remark(work.connection, dossier_id=row.id, event_seq=event.seq, kind="reason", text=text, salt=salt)
    return event.seq, after
