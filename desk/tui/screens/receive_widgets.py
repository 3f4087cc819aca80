"""Small variants of the desk's widgets that only the receipt form needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import on
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Input

from desk.tui.widgets.checklist import Checklist
from desk.tui.widgets.choice import Choice, Option
from desk.tui.widgets.lines import Line
from desk.tui.widgets.picker import Picker
from desk.tui.widgets.text import fit, width_of

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


class PaperList(Checklist):
    """A checklist whose details take only the room they need: papers have long names."""

    def draw_line(self, y: int) -> Strip:
        """Return one line: box, name, what kind of paper at the right."""
        width, index = self.size.width, self._top + y
        if index >= len(self._items):
            return self.strip_of((), width)
        item = self._items[index]
        under_cursor = index == self._cursor and self.has_focus
        cursor = self.glyphs.cursor if under_cursor else " "
        box = "[x]" if item.checked else "[ ]"
        name = fit(item.label, max(0, width - 6 - width_of(item.detail)), "left", self.glyphs.ellipsis)
        style = "cursor" if under_cursor else ""
        return self.strip_of([(f"{cursor}{box} {name} {item.detail}", style)], width)


class Label(Line):
    """A muted word between two fields of one line, as wide as itself."""

    def __init__(self, text: str) -> None:
        super().__init__([(text, "muted")])
        self.styles.width = width_of(text) + 2
