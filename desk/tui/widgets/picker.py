"""Type, see what there is, take one: a text field with its finds under it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input
from textual.worker import get_current_worker

from desk.tui.widgets.form_input import FormInput
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.moves import Next, Step
from desk.tui.widgets.rows import Column, Row

Search = Callable[[str], Sequence[Row]]
"""Find rows for a typed text; runs in a thread and touches no widget."""


class Picker(Vertical, inherit_bindings=False):
    """A field over the list of what matches it; Down and Up go through the finds, Enter takes one.

    Enter before the finds of the latest text are there waits for them: never is a row taken that answers older text.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pagedown", "page(1)", "page down", show=False, id="picker.pagedown"),
        Binding("pageup", "page(-1)", "page up", show=False, id="picker.pageup"),
    ]

    @dataclass
    class Picked(Message):
        """A row was taken."""

        picker: Picker
        row: Row

        @property
        def control(self) -> Picker:
            """The picker."""
            return self.picker

    @dataclass
    class _Found(Message):
        text: str
        rows: Sequence[Row]

    def __init__(
        self,
        search: Search,
        columns: Sequence[Column],
        *,
        placeholder: str = "",
        label: Callable[[Row], str] | None = None,
        id: str | None = None,
    ) -> None:
        """Make a picker; `label` says what stays in the field once a row is taken (by default its last cell)."""
        super().__init__(id=id)
        self._search = search
        self._label = label or (lambda row: row.cells[-1])
        self._input = FormInput(placeholder=placeholder)
        self._list = LineList(columns, header=False)
        self._list.can_focus = False
        self._list.display = False
        self._rows: dict[str, Row] = {}
        self._found_for: str | None = None
        self._enter_waits = False
        self.picked: Row | None = None

    def compose(self) -> ComposeResult:
        """Field over list."""
        yield self._input
        yield self._list

    @property
    def text(self) -> str:
        """What is typed."""
        return self._input.value

    @property
    def field(self) -> FormInput:
        """The text field, to focus it."""
        return self._input

    def set_picked(self, row: Row) -> None:
        """Show `row` as taken, as when a draft is opened again."""
        self.picked = row
        with self._input.prevent(Input.Changed):
            self._input.value = self._label(row)
            self._input.cursor_position = len(self._input.value)
        self._close()

    @on(Input.Changed)
    def _typed(self, message: Input.Changed) -> None:
        message.stop()
        if message.value != self._input.value:
            return
        self.picked = None
        self._enter_waits = False
        if message.value.strip():
            self._look(message.value)
        else:
            self._close()

    @work(thread=True, exclusive=True, group="picker", exit_on_error=True)
    def _look(self, text: str) -> None:
        rows = self._search(text)
        if not get_current_worker().is_cancelled:
            self.post_message(self._Found(text, rows))

    @on(_Found)
    def _show(self, message: _Found) -> None:
        message.stop()
        if message.text != self._input.value or self.picked is not None:
            return
        self._found_for = message.text
        self._rows = {row.key: row for row in message.rows}
        self._list.show_rows(tuple(message.rows), at=0)
        self._list.display = True
        if self._enter_waits:
            self._enter_waits = False
            self._take()

    @on(Next)
    def _enter(self, message: Next) -> None:
        if message.field is not self._input:
            return
        message.stop()
        if self.picked is not None or not self.text.strip():
            self.post_message(Next(self))
        elif self._found_for == self.text:
            self._take()
        else:
            self._enter_waits = True

    def _take(self) -> None:
        row = self._list.current
        if row is not None:
            self.set_picked(self._rows[row.key])
            self.post_message(self.Picked(self, row))
            self.post_message(Next(self))

    @on(Step)
    def _arrow(self, message: Step) -> None:
        if message.field is not self._input:
            return
        message.stop()
        open_and_room = self._list.display and 0 <= self._list.cursor + message.by < len(self._list)
        if open_and_room:
            self._list.action_move(message.by)
        else:
            self.post_message(Step(self, message.by))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the keys of the list to the form while no finds are shown."""
        del parameters
        return action != "page" or self._list.display

    def action_page(self, by: int) -> None:
        """Go through the finds by pages."""
        self._list.action_page(by)

    def _close(self) -> None:
        self._rows = {}
        self._found_for = None
        self._list.show_rows(())
        self._list.display = False
