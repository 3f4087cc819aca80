"""The days of one unit, file by file, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.widget import Widget

from db.province_reading import KeptFile
from desk.province.alarms import sentences_of
from desk.province.figures import day_text, number, percent
from desk.province.model import ProvinceError, ProvinceFault, ResetView
from desk.province.reading import Reader
from desk.province.reset_lines import reset_lines
from desk.province.sentences import clock_text, reset_text, retired_text
from desk.province.status import UnitWatch
from desk.province.trend import UnitDay, UnitDays
from desk.tui.commands import BACK, HELP, PALETTE, bindings
from desk.tui.province.commands import EARLIER, LATER, UNIT_TREND
from desk.tui.province.period import SPANS, PeriodScreen
from desk.tui.province.rows import file_lines, unit_rows
from desk.tui.province.spans import Days
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.lines import Line, Rule
from desk.tui.widgets.modals import TextLines, TextPage, tell
from desk.tui.widgets.rows import Column
from desk.words import _

Found = tuple[UnitDays, UnitWatch]


class UnitScreen(PeriodScreen):
    """One unit over a period: Enter opens a file, or what a reset of its restored desk lost."""

    AUTO_FOCUS = "#rows"
    COMMANDS_HERE = (*SPANS, UNIT_TREND, BACK)
    KEYS_SHOWN = (HELP, EARLIER, LATER, UNIT_TREND, PALETTE, BACK)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*COMMANDS_HERE)]

    def __init__(self, unit: str) -> None:
        super().__init__()
        self.unit = unit
        self._called = ""
        self._files: dict[str, tuple[UnitDay, KeptFile | ResetView | None]] = {}

    def title_text(self) -> str:
        """Return which unit it is."""
        return f"{self._called} · {self.unit}" if self._called else self.unit

    def compose_work(self) -> Iterable[Widget]:
        """Periods, sentence, days, alarms."""
        yield from self.compose_period()
        columns = (
            Column(_("Ngày"), width=8),
            Column(_("Báo cáo"), width=16),
            Column(_("Tệp"), flex=1),
            Column(_("Vào"), width=4, align="right"),
            Column(_("Mạng"), width=4, align="right"),
            Column(_("Ra"), width=4, align="right"),
            Column(_("Trễ"), width=4, align="right"),
        )
        yield LineList(columns, empty=_("Kỳ này đơn vị không phải báo cáo ngày nào."), id="rows")
        yield Rule(_("cảnh báo; Tab sang đây để cuộn"))
        yield TextLines(id="said")

    def reading(self) -> Callable[[], object]:
        """Return what reads the unit's days and how it stands at the end of them."""
        return partial(_unit, self.office.reader, self.unit, self.chosen)

    def show(self, found: Found) -> None:
        """Show the days, the newest first."""
        days, watch = found
        self._called = days.name
        self.tick()
        self.query_one("#sentence", Line).put(unit_sentence(watch))
        listed = list(unit_rows(days.days))
        self._files = {row.key: (day, file) for row, day, file in listed}
        self.query_one("#rows", LineList).show_rows([row for row, _day, _file in listed])
        self.query_one("#said", TextLines).show_lines(sentences_of(watch) or (_("Không có."),))

    @on(LineList.Opened, "#rows")
    def _opened(self, message: LineList.Opened) -> None:
        message.stop()
        day, file = self._files[message.key]
        if file is None:
            self.note(_("Ngày này chưa có tệp nào."), "soon")
        elif isinstance(file, ResetView):
            title = _("NỐI LẠI SỐ {seq} · {name}").format(seq=file.seq, name=self._called)
            tell(self.app, TextPage(title, [reset_text(file), "", *reset_lines(file)]))
        else:
            title = _("TỆP SỐ {seq} · {name}").format(seq="?" if file.seq is None else file.seq, name=self._called)
            tell(self.app, TextPage(title, file_lines(self._called, day, file)))

    def action_unit_trend(self) -> None:
        """Open the trend of this unit."""
        from desk.tui.province.trend import TrendScreen

        self.app.push_screen(TrendScreen(self.unit, self._called))


def unit_sentence(watch: UnitWatch) -> str:
    """Return how a unit stands over a period, in one sentence."""
    status = watch.status
    text = _("{actual}/{expected} báo cáo đã đến ({rate}), đúng giờ {timely}")
    said = [
        text.format(
            actual=number(status.actual),
            expected=number(status.expected),
            rate=percent(status.rate),
            timely=percent(status.rate_on_time),
        )
    ]
    if status.last_day is not None:
        said.append(retired_text(status.last_day))
    if watch.silent_since is not None:
        said.append(_("thiếu từ {day}").format(day=day_text(watch.silent_since)))
    clock = clock_text(watch.ahead)
    said.append(_("đồng hồ {how}").format(how=clock or _("không thấy sai")))
    return " · ".join(said)


def _unit(reader: Reader, unit: str, days: Days) -> Found:
    found = reader.unit_days(unit, days.first, days.last)
    watch = next((each for each in reader.watch(days.last, days.first).units if each.status.unit == unit), None)
    if watch is None:
        raise ProvinceError(ProvinceFault.NOT_ENROLLED, unit)
    return found, watch
