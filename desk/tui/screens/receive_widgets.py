"""Small variants of the desk's widgets that only the receipt form needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from textual import on
from textual.message import Message
from textual.widgets import Input

from desk.tui.widgets.choice import Choice, Option
from desk.tui.widgets.lines import Line
from desk.tui.widgets.picker import Picker

NOTHING = Option("", "")


class OpenChoice(Choice):
    """A choice whose options are only known later."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__((NOTHING,), id=id)

    def offer(self, options: Sequence[Option], value: str = "") -> None:
        """Show other options, `value` chosen where it is one of them, else the first."""
        self.options = tuple(options) or (NOTHING,)
        keys = [option.key for option in self.options]
        self._index = keys.index(value) if value in keys else 0
        self.repaint()


class WatchedPicker(Picker):
    """A picker that says when its text changes, so that what hung on the old pick can go."""

    @dataclass
    class Typed(Message):
        """The officer typed; nothing is picked now."""

        picker: WatchedPicker

        @property
        def control(self) -> WatchedPicker:
            """The picker."""
            return self.picker

    @on(Input.Changed)
    def _changed(self, message: Input.Changed) -> None:
        if message.value == self.field.value:
            self.post_message(self.Typed(self))


class Label(Line):
    """A muted word between two fields of one line, as wide as itself."""

    def __init__(self, text: str, *, id: str | None = None, classes: str | None = None, **styles: Any) -> None:
        super().__init__([(text, "muted")], id=id, classes=classes)
        self.styles.width = styles.get("width") or len(text) + 2
