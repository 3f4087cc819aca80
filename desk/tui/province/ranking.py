"""The units side by side over a period, by the share that ends in time or the share that comes online."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.widget import Widget

from desk.province.figures import number, percent
from desk.province.ranking import RankBy, Ranking
from desk.tui.commands import BACK, HELP, PALETTE, bindings
from desk.tui.province.commands import EARLIER, LATER, OTHER_RATE
from desk.tui.province.period import SPANS, PeriodScreen
from desk.tui.province.rows import rank_rows
from desk.tui.screens.long_line import LongLine
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.lines import Line
from desk.tui.widgets.painted import Part
from desk.tui.widgets.rows import Column
from desk.words import _


class RankingScreen(PeriodScreen):
    """The ranking; 8 ranks by the other rate, Enter opens a unit."""

    AUTO_FOCUS = "#rows"
    COMMANDS_HERE = (*SPANS, OTHER_RATE, BACK)
    KEYS_SHOWN = (HELP, EARLIER, LATER, OTHER_RATE, PALETTE, BACK)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*COMMANDS_HERE)]

    def __init__(self) -> None:
        super().__init__()
        self.by = RankBy.ON_TIME

    def title_text(self) -> str:
        """Return the name of the place."""
        return _("XẾP HẠNG ĐƠN VỊ")

    def compose_work(self) -> Iterable[Widget]:
        """Periods, sentence, the units, who has no figures."""
        yield from self.compose_period()
        columns = (
            Column(_("Hạng"), width=4, align="right"),
            Column(_("Đơn vị"), flex=1, style="strong"),
            Column(_("Vào"), width=6, align="right"),
            Column(_("Mạng"), width=7, align="right"),
            Column(_("Ra"), width=6, align="right"),
            Column(_("Trễ"), width=5, align="right"),
            Column(_("Đúng hạn"), width=8, align="right"),
            Column(_("Còn"), width=5, align="right"),
            Column(_("Trễ"), width=5, align="right"),
        )
        yield LineList(columns, empty=_("Kỳ này chưa có số liệu của đơn vị nào."), id="rows")
        yield LongLine(most=2, id="silent")

    def reading(self) -> Callable[[], object]:
        """Return what ranks the units over the period."""
        days = self.chosen
        return partial(self.office.reader.ranking, days.first, days.last, self.by)

    def show(self, found: Ranking) -> None:
        """Show the units by rank."""
        self.query_one("#sentence", Line).put([sentence(found)])
        self.query_one("#rows", LineList).show_rows(rank_rows(found))
        silent = _("Chưa có số liệu của: {units}").format(units=", ".join(found.silent))
        self.query_one("#silent", LongLine).put([(silent, "soon")] if found.silent else ())

    def action_other_rate(self) -> None:
        """Rank by the other rate."""
        self.by = RankBy.ONLINE if self.by is RankBy.ON_TIME else RankBy.ON_TIME
        self.read_again()

    @on(LineList.Opened, "#rows")
    def _opened(self, message: LineList.Opened) -> None:
        message.stop()
        if message.key:
            self.office.open_unit(message.key)


def sentence(found: Ranking) -> Part:
    """Return by what the units are ranked, and the rate of all together."""
    total = found.total
    if found.by is RankBy.ON_TIME:
        text = _("Theo tỷ lệ đúng hạn: cả tỉnh {rate}, {late} quá hạn trong {n} hồ sơ đã giải quyết.")
        return text.format(rate=percent(total.on_time_rate), late=number(total.overdue), n=number(total.resolved)), ""
    text = _("Theo tỷ lệ trực tuyến: cả tỉnh {rate}, {online} trực tuyến trong {n} hồ sơ tiếp nhận.")
    return text.format(rate=percent(total.online_share), online=number(total.online), n=number(total.received)), ""
