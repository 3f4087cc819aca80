"""The official report II.06a of a period, by field: its eleven columns, its total, and whether it adds up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.widget import Widget

from desk.counter.model import Figure
from desk.rules import report as reporting
from desk.rules.report import FIRST_COLUMN, LAST_COLUMN
from desk.tui.commands import BACK, HELP, PALETTE, WORK, Command, bindings
from desk.tui.screens.act_dialogs import Pick
from desk.tui.screens.base import BASE_CSS, DeskScreen
from desk.tui.screens.periods import Period, Span, current
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.lines import Line, Rule
from desk.tui.widgets.modals import ask
from desk.tui.widgets.painted import Part
from desk.tui.widgets.rows import Column, Row
from desk.words import _

NARROW = 4
"""Cells of a number column, unless a number is longer."""


def _span_command(span: Span) -> Command:
    return Command(
        f"span_{span.value}",
        span.value,
        lambda: span.words,
        lambda: _("{span} báo cáo, từ ngày 15 đến ngày 14.").format(span=span.words),
        action=f"span('{span.value}')",
    )


EARLIER = Command("earlier", "left", lambda: _("Kỳ trước"), lambda: _("Kỳ báo cáo trước đó."), action="step(-1)")
LATER = Command("later", "right", lambda: _("Kỳ sau"), lambda: _("Kỳ báo cáo tiếp theo."), action="step(1)")


class NumbersScreen(DeskScreen):
    """II.06a from the sealed daily files of a period; nothing here is counted a second way."""

    CSS_PATH: ClassVar[list[Path]] = [BASE_CSS, Path(__file__).parent / "numbers.tcss"]
    AUTO_FOCUS = ""
    COMMANDS_HERE = (*(_span_command(span) for span in Span), EARLIER, LATER, BACK)
    KEYS_SHOWN = (HELP, EARLIER, LATER, WORK, PALETTE, BACK)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*COMMANDS_HERE)]

    def __init__(self) -> None:
        super().__init__()
        self.period: Period | None = None
        self._report: reporting.Report | None = None

    def title_text(self) -> str:
        """Return the name of the report."""
        return _("SỐ LIỆU II.06a")

    def compose_work(self) -> Iterable[Widget]:
        """Periods, sentence, figures, what the columns are."""
        yield Line(id="spans")
        yield Line(id="said")
        yield Rule(id="days")
        yield LineList(report_columns(NARROW), empty="", id="rows")
        yield Rule()
        yield Line(_("(3) nhận: (4) trực tuyến, (5) trực tiếp và bưu chính, (6) kỳ trước"), classes="legend")
        yield Line(_("(7) xong: (8) trước hạn, (9) đúng hạn, (10) quá hạn"), classes="legend")
        yield Line(
            _("(11) còn: (12) trong hạn, (13) quá hạn · chỉ ngày đã chốt · Enter: các hồ sơ"),
            classes="legend",
        )

    def on_mount(self) -> None:
        """Begin with the quarter."""
        self.set_focus(self.query_one("#rows"))
        self.action_span(Span.QUARTER.value)

    def refresh_work(self) -> None:
        """Read the report again."""
        if (period := self.period) is not None:
            report = partial(self.desk_app.counter.report, period.first, period.last)
            self.ask(report, partial(self._show, period), group="report", exclusive=True)

    def _choose(self, period: Period) -> None:
        self.period = period
        spans: list[Part] = []
        for span in Span:
            spans += [(span.value, "key"), (f" {span.words}   ", "strong" if span is period.span else "muted")]
        self.query_one("#spans", Line).put(spans)
        self.query_one("#days", Rule).put(period.title, f"{period.first:%d/%m/%Y} – {period.last:%d/%m/%Y}")
        self.refresh_work()

    def _show(self, period: Period, report: reporting.Report) -> None:
        if period != self.period:
            return
        self._report = report
        self.query_one("#said", Line).put([sentence(report)])
        rows = report_rows(report)
        longest = max((len(cell) for row in rows for cell in row.cells[1:]), default=0)
        found = self.query_one("#rows", LineList)
        found.columns = report_columns(max(NARROW, longest))
        found.show_rows(rows)
        found.refresh()

    @on(LineList.Opened, "#rows")
    def _opened(self, message: LineList.Opened) -> None:
        message.stop()
        if self._report is not None and self.period is not None:
            fields = [name for name, _line in self._report.rows]
            field = fields[message.index] if message.index < len(fields) else None
            self._open(self.period, self._report, field)

    @work(group="figure")
    async def _open(self, period: Period, report: reporting.Report, field: str | None) -> None:
        """Ask which figure of the row, and show the dossiers behind it."""
        from desk.tui.screens.behind import BehindScreen

        line = report.total if field is None else dict(report.rows)[field]
        name = _("TỔNG") if field is None else field or _("(không rõ lĩnh vực)")
        days = f"{period.first:%d/%m/%Y} – {period.last:%d/%m/%Y}"
        options = figures_of(line)
        if not options:
            self.note(_("Dòng này không có hồ sơ nào."))
            return
        question = _("{row}, {period}: hồ sơ của con số nào?").format(row=name, period=period.title)
        picked = await ask(self.app, Pick(question, options))
        if picked is not None:
            words = f"{column_words(int(picked))} ({picked}) · {name}"
            figure = Figure(period.first, period.last, int(picked), field)
            self.app.push_screen(BehindScreen(figure, words, f"{period.title} · {days}"))

    def action_span(self, digit: str) -> None:
        """Show the present period of a length."""
        now = self.desk_app.now()
        if now is not None:
            self._choose(current(Span(digit), now.date()))

    def action_step(self, by: int) -> None:
        """Show the period before or after."""
        if self.period is not None:
            self._choose(self.period.moved(by))

    def action_back(self) -> None:
        """Go back to where the officer came from."""
        self.app.pop_screen()


def report_columns(width: int) -> tuple[Column, ...]:
    """Return the columns: the field, then (3) to (13)."""
    numbers = (Column(f"({n})", width=width, align="right") for n in range(FIRST_COLUMN, LAST_COLUMN + 1))
    return Column(_("Lĩnh vực"), flex=1), *numbers


def column_words(column: int) -> str:
    """Return what a column of the report counts."""
    return {
        3: _("đã nhận"),
        4: _("nhận trực tuyến"),
        5: _("nhận trực tiếp, bưu chính"),
        6: _("từ kỳ trước"),
        7: _("đã xong"),
        8: _("xong trước hạn"),
        9: _("xong đúng hạn"),
        10: _("xong quá hạn"),
        11: _("đang giải quyết"),
        12: _("còn trong hạn"),
        13: _("còn quá hạn"),
    }[column]


def figures_of(line: reporting.Line) -> list[tuple[str, str]]:
    """Return the figures of a row that are not zero, by the number of their column."""
    numbered = zip(range(FIRST_COLUMN, LAST_COLUMN + 1), line.columns, strict=True)
    return [(str(column), f"{column_words(column)} ({column}): {number}") for column, number in numbered if number]


def report_rows(report: reporting.Report) -> Sequence[Row]:
    """Return a row for each field and the total; a field that does not add up is marked."""
    rows = [
        Row(
            f"field-{number}",
            (name or _("(không rõ lĩnh vực)"), *map(str, line.columns)),
            "late" if name in report.unbalanced else "",
            "!" if name in report.unbalanced else "",
        )
        for number, (name, line) in enumerate(report.rows)
    ]
    if rows:
        rows.append(Row("total", (_("TỔNG"), *map(str, report.total.columns)), "strong"))
    return rows


def sentence(report: reporting.Report) -> Part:
    """Return what the report says in one sentence, and how it stands."""
    if not report.rows:
        return _("Kỳ này chưa chốt ngày nào, hoặc không có hồ sơ nào."), "soon"
    total = report.total
    if report.breaks:
        return _("KHÔNG KHỚP: thiếu tệp ngày ở giữa kỳ, số mang sang không nối được."), "late"
    if not report.balanced:
        names = ", ".join(name or "?" for name in report.unbalanced)
        return _("KHÔNG KHỚP: (3) khác (7) + (11) ở {fields}.").format(fields=names or _("dòng tổng")), "late"
    words = _("Nhận {received}, xong {resolved} (quá hạn {late}), còn {open} (quá hạn {open_late}): khớp.")
    return words.format(
        received=total.received,
        resolved=total.resolved,
        late=total.overdue,
        open=total.open,
        open_late=total.open_overdue,
    ), ""
