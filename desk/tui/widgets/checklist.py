"""The papers of a dossier: a box before each, toggled by Space or its number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from desk.tui.widgets.line_list import RowView
from desk.tui.widgets.moves import Next, Step
from desk.tui.widgets.text import fit


class Item(Struct, frozen=True):
    """One line: `label`, a short `detail` at the right, and whether it is checked."""

    key: str
    label: str
    detail: str = ""
    checked: bool = False


class Checklist(RowView, can_focus=True, inherit_bindings=False):
    """Lines with `[x]`: arrows move (and leave at the ends), Space or 1-9 toggles, `*` checks all, or none."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "up", show=False, id="checklist.up"),
        Binding("down", "move(1)", "down", show=False, id="checklist.down"),
        Binding("space", "check", "check", show=False, id="checklist.check"),
        Binding("asterisk", "all", "all", show=False, id="checklist.all"),
        Binding("enter", "next", "next field", show=False, id="checklist.next"),
    ]

    @dataclass
    class Changed(Message):
        """Something was checked or unchecked."""

        checklist: Checklist

        @property
        def control(self) -> Checklist:
            """The checklist."""
            return self.checklist

    def __init__(
        self,
        items: Sequence[Item] = (),
        *,
        most: int = 8,
        id: str | None = None,
    ) -> None:
        """Make a checklist at most `most` lines high; a longer one scrolls under its cursor."""
        super().__init__(id=id)
        self._items = list(items)
        self._cursor = 0
        self._top = 0
        self._most = most

    @property
    def items(self) -> tuple[Item, ...]:
        """All lines as they stand."""
        return tuple(self._items)

    @property
    def checked(self) -> tuple[str, ...]:
        """Keys of the checked lines."""
        return tuple(item.key for item in self._items if item.checked)

    def show_items(self, items: Sequence[Item]) -> None:
        """Show other lines."""
        height = self._height()
        self._items = list(items)
        self._cursor = self._top = 0
        if self._height() != height:
            self.refresh(layout=True)
        else:
            self.repaint()

    def _height(self) -> int:
        return max(1, min(self._most, len(self._items)))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - textual's call
        """Return as many lines as there are items, within the limit."""
        return self._height()

    def draw_line(self, y: int) -> Strip:
        """Return one line: box, label, detail at the right."""
        width = self.size.width
        index = self._top + y
        if index >= len(self._items):
            return self.strip_of((), width)
        item = self._items[index]
        here = index == self._cursor
        detail = fit(item.detail, min(20, width // 3), "right", self.glyphs.ellipsis) if item.detail else ""
        box = "[x] " if item.checked else "[ ] "
        cursor = self.glyphs.cursor if here and self.has_focus else " "
        label = fit(item.label, max(0, width - 6 - len(detail)), "left", self.glyphs.ellipsis)
        style = "cursor" if here and self.has_focus else ""
        return self.strip_of([(f"{cursor}{box}{label} {detail}", style)], width)

    async def _on_key(self, event: events.Key) -> None:
        if event.key.isdigit() and 0 < int(event.key) <= len(self._items):
            event.stop()
            event.prevent_default()
            self._cursor = int(event.key) - 1
            self.action_check()

    def action_move(self, by: int) -> None:
        """Move the cursor; beyond an end, leave for the field there."""
        target = self._cursor + by
        if 0 <= target < len(self._items):
            self._cursor = target
            self._follow()
        else:
            self.post_message(Step(self, by))

    def action_check(self) -> None:
        """Check or uncheck the line under the cursor."""
        if self._items:
            item = self._items[self._cursor]
            self._items[self._cursor] = replace(item, checked=not item.checked)
            self._changed()

    def action_all(self) -> None:
        """Check all lines, or none if all were."""
        checked = not all(item.checked for item in self._items)
        self._items = [replace(item, checked=checked) for item in self._items]
        self._changed()

    def action_next(self) -> None:
        """Go on to the next field."""
        self.post_message(Next(self))

    def _changed(self) -> None:
        self._follow()
        self.post_message(self.Changed(self))

    def _follow(self) -> None:
        height = max(1, self.size.height)
        self._top = min(max(self._top, self._cursor - height + 1), self._cursor)
        self.repaint()
