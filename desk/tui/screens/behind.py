"""The dossiers behind one figure of the report: who they are, each a key away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import ClassVar

from msgspec.structs import replace
from textual import on
from textual.binding import BindingType
from textual.widget import Widget

from desk.counter.behind import Behind
from desk.counter.model import Figure
from desk.tui.commands import BACK, HELP, PALETTE, WORK, bindings
from desk.tui.screens.base import BASE_CSS, DeskScreen
from desk.tui.screens.beside import ListWithDossier
from desk.tui.screens.beside_lines import has_wide_names
from desk.tui.screens.work_rows import WorkRows, columns
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.lines import Line, Rule
from desk.tui.widgets.rows import Row
from desk.words import _, counted


class BehindRows(WorkRows):
    """Dossiers of a figure; one that does not count once says how often."""

    def __init__(self, behind: Behind, *, wide: bool) -> None:
        super().__init__(behind.rows, wide=wide)
        self._shares = behind.shares

    def window(self, start: int, count: int) -> Sequence[Row]:
        """Return the lines in sight."""
        rows = super().window(start, count)
        shares = [self._shares.get(each.id, 1) for each in self.work[start : start + count]]
        return [row if share == 1 else _counted(row, share) for row, share in zip(rows, shares, strict=True)]


def _counted(row: Row, share: int) -> Row:
    times = f"−{-share}" if share < 0 else f"×{share}"
    return replace(row, cells=(*row.cells[:-1], f"{times} {row.cells[-1]}"))


class BehindScreen(DeskScreen):
    """The dossiers of one figure over a period; Enter opens one, Esc goes back to the report."""

    CSS_PATH: ClassVar[list[Path]] = [BASE_CSS, Path(__file__).parent / "behind.tcss"]
    COMMANDS_HERE = (BACK,)
    KEYS_SHOWN = (HELP, WORK, PALETTE, BACK)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*COMMANDS_HERE)]

    def __init__(self, figure: Figure, words: str, period: str) -> None:
        """Make a list of the dossiers of a figure, which is called `words` in a `period`."""
        super().__init__()
        self._figure = figure
        self._words = words
        self._period = period
        self._behind: Behind | None = None

    def title_text(self) -> str:
        """Return the name of the figure."""
        return _("SỐ LIỆU · {figure}").format(figure=self._words)

    def compose_work(self) -> Iterable[Widget]:
        """Sentence, list, facts."""
        yield Line(id="said")
        yield Rule(self._period, id="place")
        yield ListWithDossier(LineList(columns(), empty=_("Đang tìm các hồ sơ này trong sổ…"), id="rows"))
        yield Rule()
        yield Line(id="who")
        yield Line(id="dates")

    def on_mount(self) -> None:
        """Put the cursor into the list."""
        super().on_mount()
        self.set_focus(self.query_one("#rows"))

    def refresh_work(self) -> None:
        """Read the dossiers again."""
        counter, figure = self.desk_app.counter, self._figure
        self.ask(lambda: counter.behind(figure), self._show, group="behind", exclusive=True)

    def _show(self, found: Behind) -> None:
        self._behind = found
        rows = self.query_one("#rows", LineList)
        rows.empty = _("Không có hồ sơ nào.")
        rows.show_rows(BehindRows(found, wide=has_wide_names(self.size.width)))
        rows.refresh()
        # Where everything counts once, the position says how many there are.
        said = _("Con số {n} do {m} hồ sơ cộng lại: −1 là trừ đi, ×2 là tính hai lần (xong, mở lại, xong lại).")
        unlike = found.figure != len(found.rows)
        self.query_one("#said", Line).put(
            [(said.format(n=found.figure, m=len(found.rows)), "soon")]
            if unlike
            else [(counted("{n} hồ sơ làm nên con số này; trạng thái là của bây giờ.", found.figure), "")]
        )
        self._show_row()

    @on(LineList.Moved, "#rows")
    def _moved(self, message: LineList.Moved) -> None:
        message.stop()
        self._show_row()

    def _show_row(self) -> None:
        rows = self.query_one("#rows", LineList)
        work = () if self._behind is None else self._behind.rows
        row = work[rows.cursor] if rows.cursor < len(work) else None
        self.query_one("#place", Rule).put(self._period, f"{rows.cursor + 1 if work else 0}/{len(work)}")
        self.query_one(ListWithDossier).follow(row)
        who, dates = (*row.facts, "", "")[:2] if row is not None else ("", "")
        self.query_one("#who", Line).put(who)
        self.query_one("#dates", Line).put(dates)

    @on(LineList.Opened, "#rows")
    def _opened(self, message: LineList.Opened) -> None:
        message.stop()
        self.desk_app.open_dossier(int(message.key))

    def action_back(self) -> None:
        """Go back to the report."""
        self.app.pop_screen()
