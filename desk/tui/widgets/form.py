"""Fields under one another: Enter and arrows go from one to the next, Tab too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget

from desk.tui.widgets.lines import Line
from desk.tui.widgets.moves import Next, Step


class Field(Horizontal):
    """A label on the left and what is filled in beside it, on one line."""

    def __init__(
        self,
        label: str,
        *widgets: Widget,
        width: int = 13,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """Make a field; `width` is that of the label in cells, its blanks included."""
        super().__init__(id=id, classes=classes)
        self._label = label
        self._widgets = widgets
        self._width = width

    def compose(self) -> ComposeResult:
        """Put the label before the widgets."""
        label = Line([(self._label, "muted")], classes="label")
        label.styles.width = self._width
        yield label
        yield from self._widgets


class Form(Vertical):
    """A group of fields; Enter in the last one is `Finished`."""

    @dataclass
    class Finished(Message):
        """Enter in the last field."""

        form: Form

        @property
        def control(self) -> Form:
            """The form."""
            return self.form

    def fields(self) -> list[Widget]:
        """Return the fields that can be gone to, in order."""
        return [widget for widget in self.screen.focus_chain if self in widget.ancestors]

    @on(Next)
    def _next(self, message: Next) -> None:
        message.stop()
        fields = self.fields()
        index = _place(fields, message.field)
        if index is not None and index + 1 < len(fields):
            self.screen.set_focus(fields[index + 1])
        elif index is not None:
            self.post_message(self.Finished(self))

    @on(Step)
    def _step(self, message: Step) -> None:
        message.stop()
        fields = self.fields()
        index = _place(fields, message.field)
        if index is not None and 0 <= index + message.by < len(fields):
            self.screen.set_focus(fields[index + message.by])


def _place(fields: Iterable[Widget], field: Widget) -> int | None:
    """Return where `field`, or the part of it that has the focus, stands."""
    return next((i for i, widget in enumerate(fields) if widget is field or field in widget.ancestors), None)
