"""The fee in the receipt form: one key takes it when the form is saved, with the receipt, in the same transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.vocabulary import PayMethod
from desk.counter import say
from desk.rules.cash import LARGEST_FEE
from desk.rules.money import dong, read_money
from desk.tui.screens.act_dialogs import Question
from desk.tui.screens.receive_commands import PAY
from desk.tui.widgets.modals import ask
from desk.words import _

if TYPE_CHECKING:
    from desk.tui.screens.receive import ReceiveScreen
    from desk.tui.screens.terms_fields import TermsFields

_TURNS = {None: PayMethod.CASH, PayMethod.CASH: PayMethod.TRANSFER, PayMethod.TRANSFER: None}


async def turn_pay(screen: ReceiveScreen) -> None:
    """Take the fee in the next way: cash, transfer, not at all; ask for an amount the catalogue is not sure of."""
    form = screen.form
    chosen, terms = form.procedure.chosen, form.terms
    if chosen is None:
        screen.note(_("Chọn thủ tục đã, rồi mới thu lệ phí."), "soon")
    elif terms.fee_is_sure and not terms.amount:
        screen.note(_("Thủ tục này không thu lệ phí."))
    elif terms.fee_is_sure:
        terms.pay_by(_TURNS[terms.pay])
        screen.note("")
    else:
        offered = dong(terms.amount) if terms.amount else ""
        question = _("Danh mục chưa chắc mức thu. Thu bao nhiêu tiền mặt khi lưu? PgDn sau đó: chuyển khoản")
        typed = await ask(screen.app, Question(question, value=offered, suggested=True, check=_reading))
        amount = None if typed is None else read_money(typed)
        if amount and form.procedure.chosen is chosen:
            terms.pay_by(PayMethod.CASH, amount)


def pay_words(terms: TermsFields, hints: tuple[str, ...]) -> tuple[str, str]:
    """Return what the rule over the promise says of the fee, and its style; a hint only while it is wanted."""
    amount = terms.amount
    if terms.pay is not None and amount:
        said = _("khi lưu: thu {amount}, {method}")
        return said.format(amount=dong(amount), method=say.pay_method_name(terms.pay)), "strong"
    return (hints[0], "") if amount and hints else ("", "")


def pay_hint(terms: TermsFields) -> tuple[str, str]:
    """Return the hint of the key that takes the fee, with the command it is of."""
    return PAY.id, _("PgDn thu {amount}").format(amount=dong(terms.amount or 0))


def _reading(typed: str) -> tuple[str, bool]:
    amount = read_money(typed)
    if not amount or amount > LARGEST_FEE:
        return _("chưa hiểu; gõ như 16.000 hoặc 16k"), False
    return f"= {dong(amount)}", True
