"""Screens over a period: digits choose its length, arrows go to the one before or after."""

from __future__ import annotations

from collections.abc import Iterable

from textual import work

from desk.tui.commands import Command
from desk.tui.province.base import OfficeScreen
from desk.tui.province.commands import EARLIER, LATER, TYPED_SPAN
from desk.tui.province.spans import Days, named, parse_span, read_back, usual
from desk.tui.screens.act_dialogs import Question
from desk.tui.screens.periods import Period, Span, current
from desk.tui.widgets.lines import Line, Rule
from desk.tui.widgets.modals import ask
from desk.tui.widgets.painted import Part
from desk.words import _

THIRTY = "6"
"""The digit of the last thirty days."""


def _span_command(span: Span) -> Command:
    return Command(
        f"span_{span.value}",
        span.value,
        lambda: span.words,
        lambda: _("{span} báo cáo, từ ngày 15 đến ngày 14.").format(span=span.words),
        action=f"span('{span.value}')",
    )


SPANS = (
    *(_span_command(span) for span in Span),
    Command(
        "span_thirty",
        THIRTY,
        lambda: _("30 ngày"),
        lambda: _("Ba mươi ngày gần nhất."),
        action=f"span('{THIRTY}')",
    ),
    TYPED_SPAN,
    EARLIER,
    LATER,
)
"""What chooses a period, on every screen that has one."""


class PeriodScreen(OfficeScreen):
    """A screen of the office over a period, at first the last thirty days."""

    def __init__(self, digit: str = THIRTY) -> None:
        super().__init__()
        self._digit = digit
        self._period: Period | None = None
        self.days: Days | None = None

    def compose_period(self) -> Iterable[Line]:
        """Return the lengths on one line, and the rule that says which days they are."""
        yield Line(id="spans")
        yield Line(id="sentence")
        yield Rule(id="which")

    def begin(self) -> None:
        """Begin with the present period."""
        self.action_span(self._digit)

    @property
    def chosen(self) -> Days:
        """The period that is shown."""
        return self.days or usual(self.office.now().date())

    def _choose(self, days: Days, digit: str) -> None:
        self.days, self._digit = days, digit
        parts: list[Part] = []
        for command in self.COMMANDS_HERE:
            if command.key.isdigit():
                style = "strong" if command.key == digit else "muted"
                parts += [("  " if parts else "", ""), (command.key, "key"), (f" {command.label}", style)]
        self.query_one("#spans", Line).put(parts)
        self.query_one("#which", Rule).put(days.title, days.text)
        self.read_again()

    def action_span(self, digit: str) -> None:
        """Show the present period of a length."""
        today = self.office.now().date()
        if digit == THIRTY:
            self._period = None
            self._choose(usual(today), digit)
        else:
            self._period = current(Span(digit), today)
            self._choose(named(self._period), digit)

    def action_step(self, by: int) -> None:
        """Show the period before or after."""
        if self._period is not None:
            self._period = self._period.moved(by)
            self._choose(named(self._period), self._digit)
        else:
            self._choose(self.chosen.moved(by), self._digit)

    @work(group="span", exclusive=True)
    async def action_typed_span(self) -> None:
        """Ask for the first and the last day."""
        today = self.office.now().date()

        def check(typed: str) -> tuple[str, bool]:
            return read_back(parse_span(typed, today))

        typed = await ask(self.app, Question(_("Từ ngày nào đến ngày nào? Ví dụ: 1/3 13/3"), check=check))
        found = None if typed is None else parse_span(typed, today)
        if found is not None:
            self._period = None
            self._choose(found, TYPED_SPAN.key)
