"""The first-day check: scanner, Vietnamese typing, printer, keys, colours and size, each tried and its fault named."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.widget import Widget

from desk.checked import Checked, Machine, Outcome, Result
from desk.tui.commands import BACK, HELP, PALETTE, Command, bindings
from desk.tui.screens import check_words as words
from desk.tui.screens.act_dialogs import Pick
from desk.tui.screens.base import BASE_CSS, DeskScreen
from desk.tui.screens.check_keys import KeysTrial
from desk.tui.screens.check_print import print_trial
from desk.tui.screens.check_trials import ColoursTrial, Found, ScannerTrial, TypingPage
from desk.tui.screens.long_line import LongLine
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.lines import Line, Rule
from desk.tui.widgets.modals import ask
from desk.tui.widgets.rows import Column, Row
from desk.words import _

COLUMNS, LINES = 80, 24
"""The design size."""

TRY = Command("try_machine", "enter", lambda: _("Thử"), lambda: _("Thử máy đang chọn."))
SKIP = Command("skip_machine", "space", lambda: _("Bỏ qua"), lambda: _("Bỏ qua: quầy này không có, không dùng."))

_ORDER = (Machine.SCANNER, Machine.KEYBOARD, Machine.PRINTER, Machine.KEYS, Machine.COLOURS, Machine.SIZE)
_STYLES = {Result.GOOD: "good", Result.BAD: "late", Result.SKIPPED: "muted"}


class CheckScreen(DeskScreen):
    """One line for each machine; Enter tries it, what is wrong stands below with what to change."""

    CSS_PATH: ClassVar[list[Path]] = [BASE_CSS, Path(__file__).parent / "check.tcss"]
    COMMANDS_HERE = (TRY, SKIP, BACK)
    KEYS_SHOWN = (HELP, TRY, SKIP, PALETTE, BACK)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*COMMANDS_HERE)]

    def title_text(self) -> str:
        """Return the name of the place."""
        return _("KIỂM TRA MÁY")

    def compose_work(self) -> Iterable[Widget]:
        """What this is for, the machines, what to change."""
        yield Line([(_("Thử từng thứ một lần ở mỗi quầy, và mỗi khi thay máy."), "")])
        yield Rule()
        columns = (
            Column(_("Máy"), width=16, style="strong"),
            Column(_("Kết quả"), width=9),
            Column(_("Ngày"), width=11, style="muted"),
            Column(_("Việc cần làm"), flex=1),
        )
        yield LineList(columns, multi=True, id="rows")
        yield Rule(_("cần sửa"), id="heading")
        yield LongLine(most=6, id="advice")

    def compose_note(self) -> Iterable[Widget]:
        """The last word, in as many lines as it needs."""
        yield LongLine(id="note")

    def on_mount(self) -> None:
        """Start in the list; the size is known without asking."""
        super().on_mount()
        self._list.focus()
        self._paint()
        self._first(next((machine for machine in _ORDER if machine not in self._outcomes()), _ORDER[0]))

    @property
    def _list(self) -> LineList:
        return self.query_one("#rows", LineList)

    def _outcomes(self) -> dict[Machine, Outcome]:
        return Checked(self.desk_app.beside).outcomes()

    def _first(self, machine: Machine) -> None:
        self._list.move_to(_ORDER.index(machine))

    def _paint(self) -> None:
        outcomes = self._outcomes()
        self._list.show_rows([_row(machine, outcomes.get(machine)) for machine in _ORDER])
        self._advise()

    @on(LineList.Moved, "#rows")
    def _moved(self, message: LineList.Moved) -> None:
        message.stop()
        self._advise()

    def _advise(self) -> None:
        machine = self._machine
        outcome = self._outcomes().get(machine)
        said = words.advice(machine, None) if outcome is None else " ".join(words.every_advice(machine, outcome))
        self.query_one("#heading", Rule).put(words.machine_name(machine))
        self.query_one("#advice", LongLine).put([(said or _("Không phải sửa gì."), "")])

    @property
    def _machine(self) -> Machine:
        return _ORDER[min(self._list.cursor, len(_ORDER) - 1)]

    @on(LineList.Opened, "#rows")
    def _opened(self, message: LineList.Opened) -> None:
        message.stop()
        self.desk_app.used(TRY)
        self.action_try_machine()

    @on(LineList.Chosen, "#rows")
    def _skipped(self, message: LineList.Chosen) -> None:
        message.stop()
        self._list.chosen.clear()
        self.desk_app.used(SKIP)
        self._keep(Machine(message.key), Result.SKIPPED, ())

    @work(group="trial", exclusive=True)
    async def action_try_machine(self) -> None:
        """Try the machine under the cursor."""
        machine = self._machine
        if (found := await self._try(machine)) is not None:
            self._keep(machine, *found)

    async def _try(self, machine: Machine) -> Found | None:
        app = self.app
        if machine is Machine.SCANNER:
            return await ask(app, ScannerTrial())
        if machine is Machine.KEYBOARD:
            return await ask(app, TypingPage())
        if machine is Machine.KEYS:
            return await ask(app, KeysTrial())
        if machine is Machine.COLOURS:
            return await ask(app, ColoursTrial())
        if machine is Machine.PRINTER:
            return await self._print()
        fits = app.size.width >= COLUMNS and app.size.height >= LINES
        self.note(_("màn hình {columns} cột, {lines} dòng").format(columns=app.size.width, lines=app.size.height))
        return (Result.GOOD, ()) if fits else (Result.BAD, ("small",))

    async def _print(self) -> Found | None:
        self.note(_("đang in phiếu thử…"))
        fault = await print_trial(self)
        if fault is None:
            return None
        if fault:
            return Result.BAD, (fault,)
        fine, nothing, bad = (
            _("Đọc được, đủ dấu, đủ 80 số"),
            _("Không ra giấy"),
            _("Ra giấy, nhưng chữ sai hay lệch dòng"),
        )
        options = [("fine", fine), (words.PrinterFault.NOTHING, nothing), (words.PrinterFault.UNREADABLE, bad)]
        picked = await ask(self.app, Pick(_("Phiếu thử ra thế nào?"), options))
        if picked is None:
            return None
        return (Result.GOOD, ()) if picked == "fine" else (Result.BAD, (picked,))

    def action_skip_machine(self) -> None:
        """Skip the machine under the cursor."""
        self._keep(self._machine, Result.SKIPPED, ())

    def _keep(self, machine: Machine, result: Result, faults: tuple[str, ...]) -> None:
        checked, now = Checked(self.desk_app.beside), self.desk_app.now()
        if now is None:
            return
        day = now.date()

        def kept(_nothing: None) -> None:
            self._paint()
            said = _("{machine}: {result}").format(
                machine=words.machine_name(machine), result=words.result_name(self._outcomes().get(machine))
            )
            self.note(said, "good" if result is Result.GOOD else "soon")
            if result is not Result.BAD:
                self._list.move_to(_ORDER.index(machine) + 1)

        self.ask(lambda: checked.keep(machine, result, day, faults), kept, group="check")

    def on_resize(self) -> None:
        """Say it anew in the new width."""
        self._paint()

    def action_back(self) -> None:
        """Leave."""
        self.dismiss()


def _row(machine: Machine, outcome: Outcome | None) -> Row:
    day = "" if outcome is None else f"{outcome.on:%d/%m/%Y}"
    said = words.advice(machine, outcome)
    style = "" if outcome is None else _STYLES[outcome.result]
    cells = (words.machine_name(machine), words.result_name(outcome), day, said)
    return Row(machine.value, cells, styles=("", style, "", ""))
