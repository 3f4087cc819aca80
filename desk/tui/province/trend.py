"""How the days follow one another: one measure as a chart, all of them below it day by day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from desk.counter import say
from desk.province.figures import number
from desk.province.measures import CHARTS, OF_A_UNIT, chart_sentence, is_share, series, unit_series
from desk.province.trend import DayTrend, UnitDays
from desk.tui.commands import BACK, HELP, PALETTE, bindings
from desk.tui.province.chart import Chart
from desk.tui.province.commands import EARLIER, LATER, OTHER_CHART
from desk.tui.province.period import SPANS, PeriodScreen
from desk.tui.province.rows import day_row
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.lines import Line, Rule
from desk.tui.widgets.rows import Column, Row
from desk.words import _


class TrendScreen(PeriodScreen):
    """The trend of the province, or of one unit; 8 draws another measure."""

    AUTO_FOCUS = "#days"
    COMMANDS_HERE = (*SPANS, OTHER_CHART, BACK)
    KEYS_SHOWN = (HELP, EARLIER, LATER, OTHER_CHART, PALETTE, BACK)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*COMMANDS_HERE)]

    def __init__(self, unit: str = "", name: str = "") -> None:
        super().__init__()
        self._unit = unit
        self._called = name
        self.measure = OF_A_UNIT[0] if unit else CHARTS[0]

    def title_text(self) -> str:
        """Return whose trend it is."""
        return _("XU HƯỚNG · {name}").format(name=self._called) if self._unit else _("XU HƯỚNG CẢ TỈNH")

    def compose_work(self) -> Iterable[Widget]:
        """Periods, what the chart says, the chart, the days."""
        yield from self.compose_period()
        yield Chart(id="chart")
        yield Rule(_("từng ngày, mới nhất trước"))
        yield LineList(self._columns(), empty=_("Kỳ này không có ngày nào phải báo cáo."), id="days")

    def _columns(self) -> tuple[Column, ...]:
        reports = (
            Column(_("Đã nhận"), width=9, align="right"),
            Column(_("Tỷ lệ"), width=8, align="right"),
            Column(_("Đúng giờ"), width=9, align="right"),
        )
        flows = (
            Column(_("Tiếp nhận"), width=10, align="right"),
            Column(_("Giải quyết"), width=10, align="right"),
            Column(_("Quá hạn"), width=8, align="right"),
        )
        return (Column(_("Ngày"), flex=1), *(() if self._unit else reports), *flows)

    def reading(self) -> Callable[[], object]:
        """Return what reads the days of the period."""
        days, reader = self.chosen, self.office.reader
        if self._unit:
            return partial(reader.unit_days, self._unit, days.first, days.last)
        return partial(reader.trend, days.first, days.last)

    def show(self, found: UnitDays | tuple[DayTrend, ...]) -> None:
        """Draw the chart and list the days."""
        rows = _unit_days(found) if isinstance(found, UnitDays) else [day_row(each) for each in reversed(found)]
        self.query_one("#days", LineList).show_rows(rows)
        self._draw()

    def _draw(self) -> None:
        found = self._read
        if isinstance(found, UnitDays):
            own = found.days[::-1]
            values, days = unit_series(self.measure, own), [f"{each.day:%d/%m}" for each in own]
        else:
            values, days = series(self.measure, found or ()), [f"{each.day:%d/%m}" for each in found or ()]
        said = chart_sentence(self.measure, values)
        if None in values:
            said += " " + _("× là ngày không có số liệu.")
        self.query_one("#sentence", Line).put([(said, "strong")])
        self.query_one(Chart).show_values(days, values, share=is_share(self.measure))

    def action_other_chart(self) -> None:
        """Draw the next measure."""
        known: Sequence[str] = OF_A_UNIT if self._unit else CHARTS
        self.measure = known[(known.index(self.measure) + 1) % len(known)]
        self._draw()


def _unit_days(found: UnitDays) -> list[Row]:
    rows = []
    for each in found.days:
        flows = each.flows
        said = ("–",) * 3 if flows is None else map(number, (flows.received, flows.resolved, flows.overdue))
        rows.append(Row(each.day.isoformat(), (say.day(each.day), *said)))
    return rows
