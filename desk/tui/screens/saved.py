"""After a receipt is saved: its number, its promise, form 01 to read and to print."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import ClassVar

from msgspec.structs import replace
from textual import work
from textual.binding import BindingType
from textual.strip import Strip
from textual.widget import Widget

from desk.counter import say
from desk.counter.model import Done, Refused
from desk.counter.till_model import DossierFee
from desk.forms.printing import Printed, print_lines
from desk.rules.cash import Mark
from desk.rules.identity import ScanKind, recognise
from desk.rules.money import dong
from desk.rules.numbering import parse_provisional
from desk.tui.commands import BACK, RECEIVE, REPEAT, Command, bindings
from desk.tui.draft import session_of
from desk.tui.screens.base import BASE_CSS, DeskScreen
from desk.tui.screens.fee_dialogs import take_fee
from desk.tui.widgets.lines import Line, Rule
from desk.tui.widgets.modals import TextLines, TextPage
from desk.tui.widgets.router import Scanned
from desk.tui.widgets.text import fit, width_of
from desk.words import _

PRINT = Command(
    "print_slip", "enter", lambda: _("In phiếu"), lambda: _("In giấy hẹn; lần sau được đếm là in lại."), aliases=("p",)
)
NEXT = replace(
    RECEIVE, id="next_person", words=lambda: _("Người mới"), sentence=lambda: _("Tiếp nhận người tiếp theo.")
)
SAME = replace(
    REPEAT,
    id="same_person",
    words=lambda: _("Cùng người"),
    sentence=lambda: _("Thêm một hồ sơ của cùng người nộp."),
)
TAKE_FEE = Command(
    "take_fee", "t", lambda: _("Thu tiền"), lambda: _("Thu phí, lệ phí, có biên lai; đã thu thì in biên lai.")
)
HOME = replace(BACK, words=lambda: _("Về việc"), sentence=lambda: _("Về việc trong ngày."))


class SlipLines(TextLines):
    """A slip as it will be printed: its columns are kept, nothing is broken anew."""

    def _wrap(self) -> None:
        self._lines = list(self._given)
        self._to(self._top)

    def draw_line(self, y: int) -> Strip:
        """Return one line; a sign at the right edge, where nothing stands, says that there is more."""
        width, height = self.size
        text, sign = self._line(y), ""
        if self._top and y == self._free(range(height)):
            sign = self.glyphs.more_above
        elif self._top + height < len(self._lines) and y == self._free(range(height - 1, -1, -1)):
            sign = self.glyphs.more_below
        return self.strip_of([(fit(text, width - 1), ""), (sign, "muted")] if sign else [(text, "")], width)

    def _line(self, y: int) -> str:
        index = self._top + y
        return self._lines[index] if index < len(self._lines) else ""

    def _free(self, rows: range) -> int:
        """Return the first of some rows that leaves its last cell free; a sum stands at the very edge."""
        return next((y for y in rows if width_of(self._line(y)) < self.size.width), rows[0])


class SlipPage(TextPage):
    """A slip to read over another screen, where it could not be printed."""

    def __init__(self, title: str, lines: Sequence[str]) -> None:
        super().__init__(title, lines)
        self._text = SlipLines(lines)


class SavedScreen(DeskScreen):
    """The saved dossier and its receipt; Enter prints, F2 takes the next person, Esc goes back to the day's work."""

    CSS_PATH: ClassVar[list[Path]] = [BASE_CSS]
    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = (PRINT, TAKE_FEE, NEXT, SAME, HOME)
    KEYS_SHOWN: ClassVar[tuple[Command, ...]] = (PRINT, NEXT, SAME, HOME)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*COMMANDS_HERE)]

    def __init__(self, done: Done) -> None:
        super().__init__()
        self._done = done
        self._lines: tuple[str, ...] = ()
        self._printed = False
        self._busy = False

    def compose_work(self) -> Iterable[Widget]:
        """Promise, warnings, form 01."""
        doubt = [(_("tạm tính: chưa có lịch nghỉ"), "soon")] if self._done.provisional else []
        promised = _("HẸN TRẢ   {at}").format(at=say.moment(self._done.promise))
        yield Line([(promised, "strong")], doubt, id="promised")
        for warning in self._done.warnings:
            yield Line([(warning, "soon")], classes="warning")
        yield Rule(_("mẫu 01 số {number}").format(number=self._done.slip_number), id="fee")
        yield SlipLines(id="receipt")

    def title_text(self) -> str:
        """Return where the officer is."""
        return _("ĐÃ TIẾP NHẬN")

    @property
    def short_code(self) -> str:
        """The dossier's code as lists have it."""
        found = parse_provisional(self._done.code)
        return self._done.code if found is None else found.short

    def keys_on(self) -> tuple[tuple[str, str], ...]:
        """Return the commands by which the officer goes on from here, with their hints."""
        return (NEXT.id, _("F2 người tiếp theo")), (HOME.id, _("Esc về việc"))

    def _say(self, said: str, *hints: tuple[str, str]) -> None:
        self.note(" · ".join((said, *self.desk_app.hints(*hints, *self.keys_on()))), "good")

    def on_mount(self) -> None:
        """Say that it is saved, then read the receipt and let the draft go."""
        self._say(_("đã lưu {code}").format(code=self.short_code), (PRINT.id, _("Enter in phiếu")))
        self.query_one(SlipLines).focus()
        counter, done, box = self.desk_app.counter, self._done, session_of(self.desk_app).drafts
        self.ask(lambda: counter.receipt(done.dossier_id), self._receipt)
        self.ask(lambda: box.end(done.client_id), lambda _nothing: None, group="draft")

    def on_screen_resume(self) -> None:
        """Say what is still to be paid."""
        super().on_screen_resume()
        till, number = self.desk_app.counter.till, self._done.dossier_id
        self.ask(lambda: till.fee(number), self._show_fee, group="fee", exclusive=True)

    def _show_fee(self, fee: DossierFee | Refused) -> None:
        if isinstance(fee, Refused):
            return
        said = _("T thu tiền: {amount}").format(amount=dong(fee.due)) if fee.due else ""
        if not fee.due and fee.taken:
            number = next(line.number for line in reversed(fee.receipts) if line.mark is Mark.TAKEN)
            said = _("đã thu {amount}, biên lai {number}: T in").format(amount=dong(fee.taken), number=number)
        heading = _("mẫu 01 số {number}").format(number=self._done.slip_number)
        self.query_one("#fee", Rule).put(heading, said)

    def _receipt(self, answer: tuple[str, ...] | Refused) -> None:
        if isinstance(answer, Refused):
            self.note(answer.sentence, "late")
            return
        self._lines = answer
        self.query_one(SlipLines).show_lines(answer)

    def action_print_slip(self) -> None:
        """Print form 01; from the second time on it says so and is counted."""
        session = session_of(self.desk_app)
        folder, counter, done, lines = session.slips, self.desk_app.counter, self._done, self._lines
        if self._busy or not lines:
            return
        if folder is None:
            self.note(_("Không biết in ở đâu: chưa có máy in, chưa có thư mục dữ liệu."), "late")
            return
        self._busy = True
        again, officer = self._printed, self.desk_app.officer_id

        def printing() -> Printed | Refused:
            slip = counter.receipt(done.dossier_id, reprint=True, officer_id=officer) if again else lines
            return slip if isinstance(slip, Refused) else print_lines(slip, done.code, folder, session.find_spooler())

        self.ask(printing, self._is_printed, group="print", failed=self._not_printed)

    def _is_printed(self, answer: Printed | Refused) -> None:
        self._busy = False
        if isinstance(answer, Refused):
            self.note(answer.sentence, "late")
            return
        self._printed = True
        if not answer.fault:
            shifts, number, officer = self.desk_app.counter.shifts, self._done.dossier_id, self.desk_app.officer_id
            self.ask(lambda: shifts.slip_given(number, officer), lambda _nothing: None, group="given")
        if answer.file is None:
            self._say(_("đã gửi máy in"))
        elif answer.fault:
            self.note(_("máy in báo lỗi; phiếu ở {file}").format(file=_place(answer.file)), "soon")
        else:
            self.note(_("không có máy in; phiếu ở {file}").format(file=_place(answer.file)), "soon")

    @work(group="fee", exclusive=False)
    async def action_take_fee(self) -> None:
        """Take the fee of the dossier just saved, or print its receipt."""
        await take_fee(self, self._done.dossier_id)

    def _not_printed(self, sentence: str) -> None:
        self._busy = False
        self.note(_("Chưa in được: {why}").format(why=sentence), "late")

    def on_scanned(self, message: Scanned) -> None:
        """Take the next person's card instead of this page."""
        if recognise(message.payload) is ScanKind.CARD:
            message.stop()
            self._next(message.payload)

    def _next(self, payload: str = "", *, again: bool = False) -> None:
        from desk.tui.screens.receive import ReceiveScreen

        self.app.switch_screen(ReceiveScreen(payload, saved=self.short_code, again=again))

    def action_next_person(self) -> None:
        """Begin the next receipt."""
        self._next()

    def action_same_person(self) -> None:
        """Begin another receipt for the same applicant."""
        self._next(again=True)

    def action_back(self) -> None:
        """Go back to the day's work."""
        self.desk_app.home()


def _place(file: Path) -> str:
    """Return the file by its folder and name, which fit on the line."""
    return f"{file.parent.name}/{file.name}"
