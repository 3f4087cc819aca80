"""The till: the receipts of this desk's shift, what must be in the drawer, and the count that closes it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from msgspec.structs import replace
from textual import on, work
from textual.binding import BindingType
from textual.widget import Widget

from db.vocabulary import PayMethod
from desk.counter import say
from desk.counter.till_model import CashShift, FeeLine
from desk.forms.shift import numbers_words
from desk.rules.cash import Mark
from desk.rules.money import dong
from desk.rules.numbering import normalise_official, parse_provisional
from desk.tui.commands import ADD, BACK, CLOSE_CASH, HELP, OPEN_CASH, Command, bindings
from desk.tui.screens.act_dialogs import Question
from desk.tui.screens.base import BASE_CSS, DeskScreen
from desk.tui.screens.fee_dialogs import count_cash, count_opening, print_receipts, signed, take_fee, void_fee
from desk.tui.screens.paper import answer_of, print_page
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.lines import FactLine, Rule
from desk.tui.widgets.modals import TextPage, ask, tell
from desk.tui.widgets.painted import Part
from desk.tui.widgets.rows import Column, Row
from desk.words import _

TAKE = replace(ADD, words=lambda: _("Thu tiền"), sentence=lambda: _("Thu tiền của một hồ sơ: quét hay gõ mã."))
PRINT_FEE = Command("print_fee", "1", lambda: _("In"), lambda: _("In lại biên lai đang chọn."))
VOID_FEE = Command("void_fee", "2", lambda: _("Hủy"), lambda: _("Hủy biên lai đang chọn, có lý do; số vẫn còn."))
COUNT = Command("count", "3", lambda: _("Chốt quỹ"), CLOSE_CASH.sentence)
PRINT_CASH = Command("print_cash", "4", lambda: _("In bảng"), lambda: _("In bảng quỹ: lần vừa chốt, hay ca đang mở."))
OPENING = Command("opening", "5", OPEN_CASH.words, OPEN_CASH.sentence)


class CashScreen(DeskScreen):
    """The open shift; Ins takes a fee, 3 counts and closes."""

    CSS_PATH: ClassVar[list[Path]] = [BASE_CSS, Path(__file__).parent / "cash.tcss"]
    COMMANDS_HERE = (TAKE, PRINT_FEE, VOID_FEE, COUNT, PRINT_CASH, OPENING, BACK)
    KEYS_SHOWN = (HELP, TAKE, PRINT_FEE, VOID_FEE, COUNT, BACK)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*COMMANDS_HERE)]

    def __init__(self) -> None:
        super().__init__()
        self._shift: CashShift | None = None
        self._counted: CashShift | None = None
        self._when_read = ""

    def title_text(self) -> str:
        """Return the name of the place."""
        return _("THU TIỀN, QUỸ")

    def compose_work(self) -> Iterable[Widget]:
        """What the shift took, then its receipts."""
        yield FactLine(id="sums")
        yield FactLine(id="since")
        yield Rule(id="heading")
        columns = (
            Column(_("Biên lai"), width=13, style="strong"),
            Column(_("Lúc"), width=11),
            Column(_("Hồ sơ"), width=13),
            Column(_("Số tiền"), width=12, align="right"),
            Column(_("Cách thu"), width=12),
            Column(_("Ghi chú"), flex=1),
        )
        yield LineList(columns, empty=_("Ca này chưa thu khoản nào. Ins: thu tiền của một hồ sơ."), id="rows")

    def on_mount(self) -> None:
        """Start in the list."""
        super().on_mount()
        self._list.focus()

    @property
    def _list(self) -> LineList:
        return self.query_one("#rows", LineList)

    def refresh_work(self) -> None:
        """Read the shift again."""
        self.ask(self.desk_app.counter.till.shift, self._take, group="shift", exclusive=True)

    def _take(self, shift: CashShift) -> None:
        first = self._shift is None
        self._shift = shift
        totals = shift.totals
        voided = totals.counts[Mark.VOIDED] + totals.counts[Mark.PAID_BACK]
        sums: list[Part] = [(_("tiền mặt phải có {amount}").format(amount=dong(totals.expected)), "strong")]
        sums.append((_("chuyển khoản {amount}").format(amount=dong(totals.sums[PayMethod.TRANSFER])), ""))
        sums.append((_("{n} biên lai").format(n=totals.counts[Mark.TAKEN]), ""))
        if voided:
            sums.append((_("hủy {n}").format(n=voided), "soon"))
        self.query_one("#sums", FactLine).facts(sums)
        since = _("chưa chốt lần nào") if shift.since is None else say.moment(shift.since)
        told = _("từ {since}").format(since=since) if shift.since is not None else since
        began: list[Part] = []
        if shift.opening is not None:
            began = [(_("đầu ca {amount}").format(amount=dong(shift.opening)), "")]
        elif not shift.lines:
            began = [(_("5 đếm tiền đầu ca"), "key")]
        self.query_one("#since", FactLine).facts([(told, "muted"), *began, (numbers_words(shift.numbers), "muted")])
        self._list.show_rows([_row(line) for line in reversed(shift.lines)])
        if self._when_read and first:
            self.begin(self._when_read)
        self._when_read = ""

    @property
    def _current(self) -> FeeLine | None:
        row, shift = self._list.current, self._shift
        lines = () if shift is None else shift.lines
        return next((line for line in lines if row is not None and line.number == row.key), None)

    @on(LineList.Opened, "#rows")
    def _opened(self, message: LineList.Opened) -> None:
        message.stop()
        if self._current is not None:
            self.desk_app.open_dossier(self._current.dossier_id)

    @work(group="act", exclusive=True)
    async def action_add(self) -> None:
        """Take the fee of a dossier whose code is scanned or typed."""
        code = await ask(self.app, Question(_("Mã hồ sơ? Quét phiếu, hoặc gõ"), take=_code))
        if code is not None and await take_fee(self, code):
            self.refresh_work()

    @work(group="act", exclusive=True)
    async def action_print_fee(self) -> None:
        """Print the receipt under the cursor again."""
        line = self._current
        if line is not None:
            await print_receipts(self, [line], _("In lại biên lai {number}?").format(number=line.number))

    @work(group="act", exclusive=True)
    async def action_void_fee(self) -> None:
        """Void the receipt under the cursor."""
        line = self._current
        if line is not None:
            await void_fee(self, line)
            self.refresh_work()

    def begin(self, command: str) -> None:
        """Count, `opening` or `count`, as soon as the shift is read."""
        if self._shift is None:
            self._when_read = command
        elif command == OPENING.id:
            self.action_opening()
        else:
            self.action_count()

    @work(group="act", exclusive=True)
    async def action_opening(self) -> None:
        """Count what the shift begins with."""
        shift = await answer_of(self, self.desk_app.counter.till.shift)
        done = None if shift is None else await count_opening(self, shift)
        if done is not None and done.opening is not None:
            self.note(_("đã ghi tiền đầu ca {amount}").format(amount=dong(done.opening)), "good")
        self.refresh_work()

    @work(group="act", exclusive=True)
    async def action_count(self) -> None:
        """Count the drawer and close the shift."""
        shift = await answer_of(self, self.desk_app.counter.till.shift)
        done = None if shift is None else await count_cash(self, shift)
        self.refresh_work()
        if done is None or done.closed is None:
            return
        self._counted = done
        difference = done.closed.difference
        told = _("khớp") if not difference else _("lệch {difference}").format(difference=signed(difference))
        said = _("đã chốt quỹ {number} · {amount} · {told} · 4 in bảng")
        words = said.format(number=done.closed.number, amount=dong(done.closed.counted), told=told)
        self.note(words, "soon" if difference else "good")

    @work(group="act", exclusive=True)
    async def action_print_cash(self) -> None:
        """Print the count that was just closed, else the open shift; show it where there is no printer."""
        app, shift = self.desk_app, self._counted or self._shift
        if shift is None:
            return
        lines = app.counter.shifts.cash_lines(shift)
        title = shift.closed.number if shift.closed is not None else _("quy-dang-mo")
        printed = await answer_of(self, lambda: print_page(app, lines, title))
        if printed is not None:
            self.note(*printed)
            if printed[1] != "good":
                tell(app, TextPage(_("BẢNG QUỸ"), lines))

    def action_back(self) -> None:
        """Leave."""
        self.dismiss()


def _code(payload: str) -> str:
    found = parse_provisional(payload)
    return str(found) if found is not None else normalise_official(payload) or ""


def _row(line: FeeLine) -> Row:
    said = {Mark.TAKEN: line.officer, Mark.VOIDED: _("ĐÃ HỦY"), Mark.PAID_BACK: _("CA TRƯỚC, TRẢ LẠI")}[line.mark]
    amount = -line.amount if line.mark is Mark.PAID_BACK else line.amount
    code = parse_provisional(line.code)
    cells = (
        line.number,
        f"{line.at:%d/%m %H:%M}",
        line.code if code is None else code.short,
        dong(amount),
        say.pay_method_name(line.method),
        said,
    )
    return Row(line.number, cells, style="" if line.mark is Mark.TAKEN else "muted")
