"""What the fast lane asks, and what it says of payments and of codes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from db.vocabulary import PayMethod
from desk.counter import say
from desk.counter.model import Done
from desk.rules.identity import ScanKind, recognise
from desk.rules.money import dong
from desk.rules.numbering import parse_provisional
from desk.tui.screens.certify_commands import SLIP, TAKE_BACK
from desk.tui.widgets.modals import Confirm
from desk.tui.widgets.router import Scanned
from desk.words import _

if TYPE_CHECKING:
    from desk.tui.app import DeskApp


class OtherPerson(Confirm):
    """Somebody else's papers are typed in already; another scan is not an answer."""

    def on_scanned(self, message: Scanned) -> None:
        """Leave the question open; only a code is let through, to its dossier."""
        if recognise(message.payload) is ScanKind.CARD:
            message.stop()


def pay_words(method: PayMethod | None) -> str:
    """Return how a visit is paid."""
    return _("CHƯA THU TIỀN") if method is None else say.pay_method_name(method)


def saved_words(app: DeskApp, done: Sequence[Done], fees: int) -> str:
    """Return what is said of a visit that was saved: codes, fees, the keys still to learn, then the warnings."""
    hints = app.hints((SLIP.id, _("PgDn phiếu")), (TAKE_BACK.id, _("PgUp lấy lại")))
    said = _("đã lưu {codes} · {fees}").format(codes=codes_of(done), fees=dong(fees))
    return "\n".join([" · ".join((said, *hints)), *(warning for each in done for warning in each.warnings)])


def codes_of(done: Sequence[Done]) -> str:
    """Return the codes as lists have them; of many the first and the last."""
    parsed = [(each.code, parse_provisional(each.code)) for each in done]
    short = [code if found is None else found.short for code, found in parsed]
    if len(short) <= 2:
        return ", ".join(short)
    return _("{n} hồ sơ {first} … {last}").format(n=len(short), first=short[0], last=short[-1])
