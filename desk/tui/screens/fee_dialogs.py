"""The questions of the till: how much, how paid, on what grounds; why a receipt is voided; what was counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import uuid4

from msgspec.structs import replace

from db.vocabulary import PayMethod
from desk.counter import say
from desk.counter.model import Refused
from desk.counter.till_model import CashShift, CloseCash, DossierFee, FeeLine, OpenCash, TakeFee, Voided, VoidFee
from desk.rules.cash import Mark
from desk.rules.money import dong, read_money
from desk.tui.screens.act_dialogs import Pick, Question, Sure
from desk.tui.screens.paper import answer_of, print_page
from desk.tui.widgets.modals import ask
from desk.words import _

if TYPE_CHECKING:
    from desk.tui.screens.base import DeskScreen


async def take_fee(screen: DeskScreen, wanted: str | int) -> bool:
    """Take a dossier's fee; where nothing is due, print its receipts again, or take more on written grounds."""
    till = screen.desk_app.counter.till
    state = await answer_of(screen, lambda: till.fee(wanted))
    if state is None or isinstance(state, Refused):
        _say(screen, state)
        return False
    standing = [line for line in state.receipts if line.mark is Mark.TAKEN]
    if state.due == 0 and standing:
        await print_receipts(
            screen, standing, _("Đã thu đủ {amount}: in lại biên lai?").format(amount=dong(state.taken))
        )
        return False
    amount = await _amount(screen, state)
    method = None if amount is None else await _method(screen)
    if amount is None or method is None:
        return False
    order = TakeFee(str(uuid4()), state.code, method, screen.desk_app.officer_id, amount)
    done = await answer_of(screen, lambda: till.take(order))
    if isinstance(done, Refused) and done.reason == "more_than_due":
        grounds = await ask(screen.app, Question(f"{done.sentence} " + _("Căn cứ thu thêm?")))
        if grounds is None:
            return False
        grounded = replace(order, client_id=str(uuid4()), grounds=grounds)
        done = await answer_of(screen, lambda: till.take(grounded))
    if not isinstance(done, FeeLine):
        _say(screen, done)
        return False
    said = _("đã thu {amount} · biên lai {number}").format(amount=dong(done.amount), number=done.number)
    screen.note(said, "good")
    await print_receipts(
        screen,
        [done],
        _("Đã thu {amount}, biên lai {number}: in?").format(amount=dong(done.amount), number=done.number),
    )
    return True


async def print_receipts(screen: DeskScreen, receipts: list[FeeLine], question: str) -> None:
    """Ask whether receipts are to be printed, and print them."""
    app = screen.desk_app
    if await ask(app, Sure(question, yes=_("In biên lai"))):
        slip = await answer_of(screen, lambda: app.counter.shifts.fee_slip(receipts))
        if isinstance(slip, Refused) or slip is None:
            _say(screen, slip)
            return
        printed = await answer_of(screen, lambda: print_page(app, slip, receipts[0].number))
        if printed is not None:
            screen.note(*printed)


async def void_fee(screen: DeskScreen, line: FeeLine) -> None:
    """Void a receipt, with its reason, after a yes that is no Enter."""
    question = _("Vì sao hủy biên lai {number}, {amount}?").format(number=line.number, amount=dong(line.amount))
    reason = await ask(screen.app, Question(question))
    if reason is None:
        return
    sure = _("Hủy biên lai {number} và trả lại {amount}; biên lai vẫn còn trong sổ.")
    told = sure.format(number=line.number, amount=dong(line.amount))
    if not await ask(screen.app, Sure(told, yes=_("Hủy biên lai"), grave=True)):
        return
    order = VoidFee(str(uuid4()), line.number, reason, screen.desk_app.officer_id)
    done = await answer_of(screen, lambda: screen.desk_app.counter.till.void(order))
    if not isinstance(done, Voided):
        _say(screen, done)
    elif done.paid_back:
        screen.note(
            _("đã hủy {number}: biên lai ca trước, tiền trả lại tính vào ca này").format(number=line.number), "soon"
        )
    else:
        screen.note(_("đã hủy {number}: trả lại {amount}").format(number=line.number, amount=dong(line.amount)), "good")


async def count_cash(screen: DeskScreen, shift: CashShift) -> CashShift | None:
    """Ask what is in the drawer, why it differs, and close the shift."""
    expected = shift.totals.expected
    question = _("Tiền mặt đếm được? Phải có {amount}. Gõ số tiền, hoặc từng loại: 2x500k + 3x20k + 5000").format(
        amount=dong(expected)
    )
    typed = await ask(screen.app, Question(question, check=_counting(expected)))
    counted = None if typed is None else read_count(typed)
    if counted is None:
        return None
    reason: str | None = ""
    if counted != expected:
        why = _("Lệch {difference}: vì sao?").format(difference=signed(counted - expected))
        reason = await ask(screen.app, Question(why))
    else:
        sure = _("Chốt quỹ: {n} biên lai, tiền mặt {amount}. Sau đó chỉ lãnh đạo hủy được biên lai của ca này.")
        told = sure.format(n=shift.totals.counts[Mark.TAKEN], amount=dong(counted))
        reason = "" if await ask(screen.app, Sure(told, yes=_("Chốt quỹ"))) else None
    if reason is None:
        return None
    order = CloseCash(str(uuid4()), expected, counted, reason, screen.desk_app.officer_id)
    done = await answer_of(screen, lambda: screen.desk_app.counter.till.close(order))
    if isinstance(done, CashShift):
        return done
    _say(screen, done)
    return None


async def count_opening(screen: DeskScreen, shift: CashShift) -> CashShift | None:
    """Ask what the drawer holds as the shift begins, and why it is counted again, and keep it."""
    till = screen.desk_app.counter.till
    before = shift.opening
    offered = await answer_of(screen, till.last_opening) if before is None else before
    question = _("Tiền có sẵn trong ngăn kéo khi bắt đầu ca? Gõ số tiền, hoặc từng loại: 2x50k + 3x20k")
    suggested = dong(offered) if offered is not None else ""
    typed = await ask(screen.app, Question(question, value=suggested, suggested=True, check=_reading))
    amount = None if typed is None else read_money(typed)
    if amount is None:
        return None
    reason: str | None = ""
    if before is not None and amount != before:
        why = _("Tiền đầu ca đã ghi {before}, nay {amount}: vì sao?").format(before=dong(before), amount=dong(amount))
        reason = await ask(screen.app, Question(why))
    if reason is None:
        return None
    order = OpenCash(str(uuid4()), amount, reason, screen.desk_app.officer_id)
    done = await answer_of(screen, lambda: till.open(order))
    if isinstance(done, CashShift):
        return done
    _say(screen, done)
    return None


def read_count(typed: str) -> int | None:
    """Read what was counted; below zero where more was paid back than taken."""
    text = typed.strip()
    found = read_money(text.removeprefix("-"))
    return -found if found is not None and text.startswith("-") else found


def signed(amount: int) -> str:
    """Return a difference with its sign."""
    return f"+{dong(amount)}" if amount > 0 else dong(amount)


def _counting(expected: int) -> Callable[[str], tuple[str, bool]]:
    def check(typed: str) -> tuple[str, bool]:
        counted = read_count(typed)
        if counted is None:
            return _("chưa hiểu; gõ như 412.000 hoặc 2x50k + 1x2000"), False
        if counted == expected:
            return _("= {amount}, khớp").format(amount=dong(counted)), True
        told = _("= {amount}, lệch {difference}, cần lý do")
        return told.format(amount=dong(counted), difference=signed(counted - expected)), True

    return check


async def _amount(screen: DeskScreen, state: DossierFee) -> int | None:
    due = _("danh mục chưa có mức") if state.due is None else _("còn phải thu {amount}").format(amount=dong(state.due))
    question = _("{name} · {code} · {due}. Thu bao nhiêu?").format(name=state.applicant, code=state.code, due=due)
    offered = dong(state.due) if state.due else ""
    typed = await ask(screen.app, Question(question, value=offered, suggested=True, check=_reading))
    return None if typed is None else read_money(typed)


def _reading(typed: str) -> tuple[str, bool]:
    amount = read_money(typed)
    return (_("chưa hiểu; gõ như 16.000 hoặc 16k"), False) if amount is None else (f"= {dong(amount)}", True)


async def _method(screen: DeskScreen) -> PayMethod | None:
    options = [(method.value, say.pay_method_name(method)) for method in PayMethod]
    picked = await ask(screen.app, Pick(_("Thu bằng cách nào?"), options))
    return None if picked is None else PayMethod(picked)


def _say(screen: DeskScreen, answer: object) -> None:
    if isinstance(answer, Refused):
        screen.note(answer.sentence, "late")
