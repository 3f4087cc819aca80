"""The hand-over sheet of the shift, to read and to print."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.binding import BindingType
from textual.widget import Widget

from desk.counter.till_model import Handover
from desk.rules.money import dong
from desk.tui.commands import BACK, CALLS, CLOSE_CASH, HELP, Command, bindings
from desk.tui.draft import session_of
from desk.tui.screens.base import BASE_CSS, DeskScreen
from desk.tui.screens.paper import answer_of, print_page
from desk.tui.screens.saved import SlipLines
from desk.tui.widgets.lines import FactLine, Rule
from desk.tui.widgets.painted import Part
from desk.words import _

PRINT_SHIFT = Command("print_shift", "enter", lambda: _("In phiếu"), lambda: _("In phiếu bàn giao ca."), aliases=("p",))
COUNT = Command("close_cash", "1", CLOSE_CASH.words, CLOSE_CASH.sentence)
RING = Command("calls", "2", CALLS.words, CALLS.sentence)


class ShiftScreen(DeskScreen):
    """What the shift received, returned and took, and what it leaves undone."""

    CSS_PATH: ClassVar[list[Path]] = [BASE_CSS]
    COMMANDS_HERE = (PRINT_SHIFT, COUNT, RING, BACK)
    KEYS_SHOWN = (HELP, PRINT_SHIFT, COUNT, RING, BACK)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*COMMANDS_HERE)]

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[str, ...] = ()

    def title_text(self) -> str:
        """Return the name of the place."""
        return _("BÀN GIAO CA")

    def compose_work(self) -> Iterable[Widget]:
        """The figures in one line, the sheet below."""
        yield FactLine(id="figures")
        yield Rule()
        yield SlipLines(id="sheet")

    def on_mount(self) -> None:
        """Start in the sheet."""
        super().on_mount()
        self.query_one(SlipLines).focus()

    def refresh_work(self) -> None:
        """Read the shift again."""
        app, box = self.desk_app, session_of(self.desk_app).drafts

        def read() -> tuple[Handover, tuple[str, ...]]:
            found = app.counter.shifts.handover(app.officer_id, len(box.all()))
            return found, app.counter.shifts.handover_lines(found)

        self.ask(read, self._take, group="shift", exclusive=True)

    def _take(self, answer: tuple[Handover, tuple[str, ...]]) -> None:
        found, self._lines = answer
        figures: list[Part] = [
            (_("nhận {n}").format(n=len(found.received)), ""),
            (_("trả {n}").format(n=len(found.returned)), ""),
            (_("tiền mặt {amount}").format(amount=dong(found.cash.totals.expected)), ""),
            (_("phiếu chưa đưa {n}").format(n=len(found.ungiven)), "soon" if found.ungiven else ""),
            (_("chờ gọi {n}").format(n=len(found.calls)), "soon" if found.calls else ""),
            (_("gõ dở {n}").format(n=found.drafts or 0), "soon" if found.drafts else ""),
        ]
        self.query_one("#figures", FactLine).facts(figures)
        sheet = self.query_one(SlipLines)
        if sheet._given != self._lines:
            sheet.show_lines(self._lines)

    @work(group="act", exclusive=True)
    async def action_print_shift(self) -> None:
        """Print the sheet."""
        app, lines, now = self.desk_app, self._lines, self.desk_app.now()
        if lines and now is not None:
            printed = await answer_of(self, lambda: print_page(app, lines, f"giao-ca-{now:%y%m%d-%H%M}"))
            if printed is not None:
                self.note(*printed)

    def action_close_cash(self) -> None:
        """Count the shift."""
        self.desk_app.action_close_cash()

    def action_calls(self) -> None:
        """Show who is to be rung."""
        self.desk_app.action_calls()

    def action_back(self) -> None:
        """Leave."""
        self.dismiss()
