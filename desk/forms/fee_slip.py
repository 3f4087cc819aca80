"""Receipts for fees on paper: plain text of 80 columns, one slip for all that one payer paid at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from desk.forms.receipt import WIDTH, centred, clock_and_day, width, wrapped
from desk.rules.money import dong, in_words
from desk.words import _


class Item(Struct, frozen=True):
    """One receipt: its number, the dossier, what was paid for."""

    number: str
    code: str
    procedure: str
    amount: int
    voided: bool = False


class FeeSlip(Struct, frozen=True):
    """What a payer takes along."""

    unit_name: str
    place: str
    payer: str
    address: str
    items: Sequence[Item]
    method: str
    at: datetime
    officer: str
    practice: bool


def lines(slip: FeeSlip) -> tuple[str, ...]:
    """Return the slip's lines, none wider than 80 columns."""
    return tuple(_lines(slip))


def _lines(slip: FeeSlip) -> Iterator[str]:
    if slip.practice:
        yield centred(_("*** THỰC HÀNH - KHÔNG CÓ GIÁ TRỊ ***"))
    yield from wrapped(_("{unit} · TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG").format(unit=slip.unit_name.upper()))
    yield ""
    yield centred(_("BIÊN LAI THU PHÍ, LỆ PHÍ"))
    numbers = [item.number for item in slip.items]
    told = numbers[0] if len(numbers) == 1 else f"{numbers[0]} … {numbers[-1]}"
    yield centred(_("Số: {number}").format(number=told))
    yield ""
    yield from wrapped(_("Người nộp: {name}").format(name=slip.payer or "…"), "  ")
    yield from wrapped(_("Địa chỉ: {address}").format(address=slip.address or "…"), "  ")
    for item in slip.items:
        amount = _("ĐÃ HỦY") if item.voided else dong(item.amount)
        head = f"{item.number}  {item.code}"
        yield head + " " * max(1, WIDTH - width(head) - width(amount)) + amount
        yield from wrapped(f"  {item.procedure}", "  ")
    total = sum(item.amount for item in slip.items if not item.voided)
    yield from wrapped(_("Tổng cộng: {amount} ({method})").format(amount=dong(total), method=slip.method), "  ")
    yield from wrapped(_("Bằng chữ: {words}").format(words=in_words(total)), "  ")
    yield from wrapped(_("{place}, {at}").format(place=slip.place, at=clock_and_day(slip.at)))
    yield ""
    half = WIDTH // 2
    signed, payer, cashier = _("(Ký và ghi rõ họ tên)"), _("NGƯỜI NỘP TIỀN"), _("NGƯỜI THU TIỀN")
    yield f"{payer:^{half}}{cashier:^{half}}".rstrip()
    yield f"{signed:^{half}}{signed:^{half}}".rstrip()
    yield from ("", "", "")
    yield (" " * half + f"{slip.officer:^{half}}").rstrip()
    yield from wrapped(
        _("(Phiếu của quầy, để đối chiếu quỹ; không thay biên lai của cơ quan thuế theo Nghị định 123/2020/NĐ-CP.)")
    )
