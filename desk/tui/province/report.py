"""The official report II.06a over the merged files of all units in a period."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from desk.daily.ii06a import by_law_sentence
from desk.province.model import PeriodReport
from desk.province.sheets import gaps
from desk.tui.commands import BACK, HELP, PALETTE, bindings
from desk.tui.province.commands import ALARMS, EARLIER, LATER
from desk.tui.province.period import SPANS, PeriodScreen
from desk.tui.screens.numbers import NARROW, report_columns, report_rows, sentence
from desk.tui.screens.periods import Span
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.lines import Line, Rule
from desk.tui.widgets.modals import TextLines
from desk.tui.widgets.painted import Part
from desk.words import _, counted


class ReportScreen(PeriodScreen):
    """II.06a of a period, at first of the quarter, as the official report has it."""

    AUTO_FOCUS = "#rows"
    COMMANDS_HERE = (*SPANS, BACK)
    KEYS_SHOWN = (HELP, EARLIER, LATER, ALARMS, PALETTE, BACK)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*COMMANDS_HERE)]

    def __init__(self) -> None:
        super().__init__(Span.QUARTER.value)

    def title_text(self) -> str:
        """Return the name of the report."""
        return _("SỐ LIỆU II.06a CẢ TỈNH")

    def compose_work(self) -> Iterable[Widget]:
        """Periods, sentence, figures, what is missing in them."""
        yield from self.compose_period()
        yield LineList(report_columns(NARROW), empty=_("Kỳ này chưa có số liệu của đơn vị nào."), id="rows")
        yield Rule()
        yield Line(_("(3) nhận: (4) trực tuyến, (5) trực tiếp và bưu chính, (6) kỳ trước"), classes="columns")
        yield Line(_("(7) xong: (8) trước hạn, (9) đúng hạn, (10) quá hạn"), classes="columns")
        yield Line(_("(11) còn: (12) trong hạn, (13) quá hạn"), classes="columns")
        yield TextLines(id="said")

    def reading(self) -> Callable[[], object]:
        """Return what sums the files of the period."""
        days = self.chosen
        return partial(self.office.reader.report, days.first, days.last)

    def show(self, found: PeriodReport) -> None:
        """Show the fields and their total."""
        self.query_one("#sentence", Line).put([_standing(found)])
        rows = report_rows(found.report)
        longest = max((len(cell) for row in rows for cell in row.cells[1:]), default=0)
        listed = self.query_one("#rows", LineList)
        listed.columns = report_columns(max(NARROW, longest))
        listed.show_rows(rows)
        listed.refresh()
        self.query_one("#said", TextLines).show_lines(notes(found))


def _standing(found: PeriodReport) -> Part:
    if found.missing:
        return counted("THIẾU SỐ LIỆU của {n} tệp bị từ chối: báo cáo chưa nộp được.", len(found.missing)), "late"
    return sentence(found.report)


def notes(found: PeriodReport) -> list[str]:
    """Return what stands beside the form: who is in it, who is not, what is missing."""
    return [
        counted("Gồm số liệu của {n} đơn vị.", len(found.units)),
        by_law_sentence(found.report),
        *gaps(found),
    ]
