"""Kind of paper, pages, copies: what is remembered is offered under the field and taken with Enter."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input

from desk.rules.text import clean, fold
from desk.tui.screens.receive_widgets import Label
from desk.tui.widgets.form import Field
from desk.tui.widgets.form_input import DigitInput, FormInput
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.moves import Next, Step
from desk.tui.widgets.rows import Column, Row
from desk.words import _

LONGEST_PAPER = 120
SHOWN = 6
LABEL = 16

_TYPED, _NONE = "typed", "none"


def suggestions(typed: str, papers: Sequence[str], none: str = "") -> list[Row]:
    """Return the lines to offer: what holds every typed word, the exact one first, then the typed words themselves.

    `none` is the line for no paper at all, first where nothing is typed; the lines' order is that of `papers`.
    """
    wanted = fold(typed)
    found = [paper for paper in papers if all(word in fold(paper) for word in wanted.split())]
    found.sort(key=lambda paper: (fold(paper) != wanted, not fold(paper).startswith(wanted)))
    rows = [Row(f"paper {number}", (paper,)) for number, paper in enumerate(found[: SHOWN - 1])]
    if not wanted:
        return [Row(_NONE, (none,), style="muted"), *rows] if none else rows
    if not found or fold(found[0]) != wanted:
        rows.append(Row(_TYPED, (clean(typed),)))
    return rows


class PaperFields(Vertical):
    """One line of fields over the kinds of paper that fit what is typed."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._papers: tuple[str, ...] = ()
        self._none = ""
        self._shown_for: str | None = None
        self._list = LineList((Column("", flex=1),), header=False, empty="", id="papers")
        self._list.can_focus = False

    def compose(self) -> ComposeResult:
        """Fields over list."""
        yield Field(
            _("Loại giấy tờ"), FormInput(max_length=LONGEST_PAPER, id="paper"), Label(_("Số trang")),
            DigitInput(placeholder="1", max_length=3, id="pages"), Label(_("Số bản")),
            DigitInput(placeholder="1", max_length=3, id="copies"), width=LABEL,
        )  # fmt: skip
        yield self._list

    @property
    def field(self) -> FormInput:
        """The kind of paper."""
        return self.query_one("#paper", FormInput)

    def offer(self, papers: Sequence[str]) -> None:
        """Offer these kinds of paper, most used first."""
        self._papers = tuple(papers)
        self._show()

    def allow_none(self, words: str) -> None:
        """Let Enter on the empty field mean no paper, in these words; empty where it takes the first kind."""
        self._none = words
        self._show()

    def _show(self) -> None:
        typed, here = self.field.value, self.screen.focused is self.field
        self._shown_for = typed
        self._list.show_rows(suggestions(typed, self._papers, self._none) if here else (), at=0)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Offer kinds of paper while the officer is at them."""
        del event
        self._show()

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Leave the place below the field empty again."""
        if event.widget is self.field:
            self._list.show_rows(())

    @on(Input.Changed, "#paper")
    def _typed(self) -> None:
        if self._shown_for != self.field.value:
            self._show()

    @on(Next, "#paper")
    def _take(self) -> None:
        # The form goes on from here: only what stands in the field changes.
        if self._shown_for != self.field.value or self.screen.focused is not self.field:
            self._show()
        row = self._list.current
        if row is not None and row.key not in {_TYPED, _NONE}:
            self.field.value = row.cells[0]
            self.field.cursor_position = len(self.field.value)

    @on(Step, "#paper")
    def _arrow(self, message: Step) -> None:
        if 0 <= self._list.cursor + message.by < len(self._list):
            message.stop()
            self._list.action_move(message.by)
