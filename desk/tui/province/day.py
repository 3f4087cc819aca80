"""One day of all units, like a map: a tile each, and the unit under the cursor in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import partial
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.widget import Widget

from desk.counter import say
from desk.province.status import ProvinceWatch
from desk.tui.commands import HELP, PALETTE, bindings
from desk.tui.province.base import OfficeScreen
from desk.tui.province.commands import (
    ALARMS,
    DAY_AFTER,
    DAY_BEFORE,
    LAST_DAY,
    OTHER_DAY,
    RANKING,
    REPORT,
    TREND,
)
from desk.tui.province.rows import day_sentence, legend, tile, unit_lines
from desk.tui.province.spans import parse_day
from desk.tui.province.tiles import TileGrid
from desk.tui.screens.act_dialogs import Question
from desk.tui.widgets.lines import Line, Rule
from desk.tui.widgets.modals import ask
from desk.words import _

UNIT_LINES = 4
"""Lines for the unit under the cursor."""


class DayScreen(OfficeScreen):
    """The office's home: who has reported for the chosen day, who has not."""

    AUTO_FOCUS = "#tiles"
    COMMANDS_HERE = (DAY_BEFORE, DAY_AFTER, LAST_DAY, OTHER_DAY)
    KEYS_SHOWN = (HELP, TREND, RANKING, ALARMS, REPORT, PALETTE)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*COMMANDS_HERE)]

    def __init__(self) -> None:
        super().__init__()
        self.day: date | None = None
        self._found: ProvinceWatch | None = None

    def title_text(self) -> str:
        """Return which day it is about."""
        return _("TỈNH · báo cáo ngày {day}").format(day=say.day(self._found.day)) if self._found else _("TỈNH")

    def compose_work(self) -> Iterable[Widget]:
        """The sentence, the signs, the grid, the unit under the cursor."""
        yield Line(id="sentence")
        yield Line(id="legend")
        yield Rule(id="place")
        yield TileGrid(id="tiles")
        yield Rule()
        for place in range(UNIT_LINES):
            yield Line(id=f"unit-{place}")

    def reading(self) -> Callable[[], object]:
        """Return what reads the chosen day; as long as none is chosen, the last open one."""
        return partial(_watch, self.office.reader.watch, self.office.reader.open_day, self.day)

    def show(self, found: ProvinceWatch) -> None:
        """Show a day."""
        self._found = found
        self.tick()
        self.query_one("#sentence", Line).put(day_sentence(found) if found.units else _("Chưa đăng ký đơn vị nào."))
        self.query_one("#legend", Line).put(legend(found))
        self.query_one(TileGrid).show_tiles([tile(each) for each in found.units])
        self._tell()

    @on(TileGrid.Moved)
    def _moved(self) -> None:
        self._tell()

    def _tell(self) -> None:
        units = self._found.units if self._found is not None else ()
        cursor = self.query_one(TileGrid).cursor
        lines = unit_lines(units[cursor], UNIT_LINES) if cursor < len(units) else []
        for place in range(UNIT_LINES):
            self.query_one(f"#unit-{place}", Line).put([lines[place]] if place < len(lines) else ())
        keys = " · ".join(f"{each.key} {each.label.lower()}" for each in self.COMMANDS_HERE)
        self.query_one("#place", Rule).put(keys, f"{cursor + 1}/{len(units)}" if units else "")

    @on(TileGrid.Opened)
    def _opened(self, message: TileGrid.Opened) -> None:
        message.stop()
        self.office.open_unit(message.key)

    def _choose(self, day: date | None) -> None:
        self.day = day
        self.read_again()

    def action_day(self, by: int) -> None:
        """Show the day before or after."""
        shown = self.day or (self._found.day if self._found is not None else None)
        if shown is not None:
            self._choose(shown + timedelta(days=by))

    def action_last_day(self) -> None:
        """Show the last open day, and from tomorrow on the next one."""
        self._choose(None)

    @work(group="day", exclusive=True)
    async def action_other_day(self) -> None:
        """Ask for a day."""
        today = self.office.now().date()

        def check(typed: str) -> tuple[str, bool]:
            found = parse_day(typed, today)
            if found is None:
                return _("chưa hiểu; gõ như 13/3, 13/3/2026, hôm qua"), False
            return f"→ {say.day(found)}", True

        typed = await ask(self.app, Question(_("Ngày nào? Ví dụ: 13/3, hôm qua"), check=check))
        if typed is not None:
            self._choose(parse_day(typed, today))


def _watch(
    watch: Callable[[date, date], ProvinceWatch], open_day: Callable[[], date], day: date | None
) -> ProvinceWatch:
    wanted = day or open_day()
    return watch(wanted, wanted)
