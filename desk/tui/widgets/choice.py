"""One of a few: a line that is cycled, or chosen by number or first letter; a switch turns by arrows alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from msgspec import Struct
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from desk.rules.text import fold
from desk.tui.widgets.moves import Next, Step
from desk.tui.widgets.painted import Painted
from desk.tui.widgets.text import fit


class Option(Struct, frozen=True):
    """One possibility: `key` names it, `label` is read."""

    key: str
    label: str


class Choice(Painted, can_focus=True, inherit_bindings=False):
    """`‹ Trực tiếp ›`: left, right and Space cycle, a digit or a first letter chooses, Enter goes on."""

    STYLE_PREFIX = "choice"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "turn(-1)", "previous", show=False, id="choice.previous"),
        Binding("right", "turn(1)", "next", show=False, id="choice.next"),
        Binding("space", "turn(1)", "next", show=False, id="choice.space"),
        Binding("up", "leave(-1)", "field above", show=False, id="choice.up"),
        Binding("down", "leave(1)", "field below", show=False, id="choice.down"),
        Binding("enter", "go_on", "next field", show=False, id="choice.enter"),
    ]

    @dataclass
    class Changed(Message):
        """Another option is chosen."""

        choice: Choice
        key: str

        @property
        def control(self) -> Choice:
            """The chooser."""
            return self.choice

    def __init__(
        self,
        options: Sequence[Option],
        *,
        value: str | None = None,
        by_arrows: bool = False,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """Make a chooser of at least one option, `value` chosen or else the first.

        `by_arrows`: what is typed changes nothing, because it may be meant for another field.
        """
        super().__init__(id=id, classes=classes)
        if not options:
            raise ValueError("a choice needs options")
        self.options = tuple(options)
        self._by_arrows = by_arrows
        self._index = 0 if value is None else self._find(value)

    @property
    def value(self) -> str:
        """Key of what is chosen."""
        return self.options[self._index].key

    def choose(self, key: str) -> None:
        """Choose the option called `key`; ValueError if there is none."""
        self._set(self._find(key))

    def _find(self, key: str) -> int:
        for index, option in enumerate(self.options):
            if option.key == key:
                return index
        raise ValueError(f"no option {key!r}")

    def _set(self, index: int) -> None:
        if index != self._index:
            self._index = index
            self.repaint()
            self.post_message(self.Changed(self, self.value))

    def draw_line(self, y: int) -> Strip:
        """Return the chosen label between arrows."""
        width = self.size.width
        label = fit(self.options[self._index].label, max(0, width - 4), "left", self.glyphs.ellipsis).rstrip()
        before, after = (self.glyphs.before, self.glyphs.after) if self.has_focus else (" ", " ")
        return self.strip_of([(f"{before} {label} {after}", "")] if y == 0 else (), width)

    async def _on_key(self, event: events.Key) -> None:
        index = self._typed(event.character or "") if event.key != "space" and not self._by_arrows else None
        if index is not None:
            event.stop()
            event.prevent_default()
            self._set(index)

    def _typed(self, char: str) -> int | None:
        """Return the option a typed digit or first letter means; the same letter again goes to the next one."""
        if char.isascii() and char.isdigit():
            return int(char) - 1 if 0 < int(char) <= len(self.options) else None
        if not char.isalpha():
            return None
        count = len(self.options)
        order = [(self._index + step) % count for step in range(1, count + 1)]
        return next((i for i in order if fold(self.options[i].label).startswith(fold(char))), None)

    def action_turn(self, by: int) -> None:
        """Choose the next or the previous option."""
        self._set((self._index + by) % len(self.options))

    def action_leave(self, by: int) -> None:
        """Go to the field above or below."""
        self.post_message(Step(self, by))

    def action_go_on(self) -> None:
        """Go on to the next field."""
        self.post_message(Next(self))
