"""The kinds of work of the fast lane on one line: a digit chooses and goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from desk.counter.lane import Kind, Kinds
from desk.counter.model import ProcedureChoice
from desk.tui.widgets.moves import Next, Step
from desk.tui.widgets.painted import Painted, Part


class KindChoice(Painted, can_focus=True, inherit_bindings=False):
    """`1 Bản sao   2 Chữ ký …  → 1`: digits choose and go on; left and right reach the other immediate results too.

    No letter does anything here: an input method may change it.
    """

    STYLE_PREFIX = "kinds"
    COMPONENT_CLASSES: ClassVar[set[str]] = {"kinds--chosen", "kinds--muted"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "turn(-1)", "previous", show=False, id="kinds.previous"),
        Binding("right,space", "turn(1)", "next", show=False, id="kinds.next"),
        Binding("up", "leave(-1)", "field above", show=False, id="kinds.up"),
        Binding("down", "leave(1)", "field below", show=False, id="kinds.down"),
        Binding("enter", "go_on", "next field", show=False, id="kinds.enter"),
    ]

    @dataclass
    class Changed(Message):
        """Another kind is chosen, or the same one is known better."""

        kinds: KindChoice

        @property
        def control(self) -> KindChoice:
            """The chooser."""
            return self.kinds

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._named: tuple[Kind, ...] = ()
        self._options: tuple[Kind, ...] = ()
        self._index = 0

    @property
    def chosen(self) -> ProcedureChoice | None:
        """The procedure behind the chosen kind; None where the centre has it switched off."""
        return self._options[self._index].procedure if self._options else None

    def known(self, code: str) -> ProcedureChoice | None:
        """Return one of the procedures offered here."""
        return next((each.procedure for each in self._options if each.procedure and each.procedure.code == code), None)

    def label_of(self, code: str) -> str:
        """Return the short name of a procedure offered here, its code if it is not."""
        return next((each.label for each in self._options if each.procedure and each.procedure.code == code), code)

    def offer(self, kinds: Kinds, code: str = "") -> None:
        """Show what there is, the procedure `code` chosen where it is one of them."""
        self._named = kinds.named
        self._options = (*kinds.named, *(Kind(each.name, each) for each in kinds.others))
        self.choose(code)

    def choose(self, code: str) -> None:
        """Choose a procedure by its code, the first kind where it is not offered."""
        codes = ["" if each.procedure is None else each.procedure.code for each in self._options]
        self._set(codes.index(code) if code and code in codes else 0)

    def _set(self, index: int) -> None:
        self._index = index
        self.repaint()
        self.post_message(self.Changed(self))

    def draw_line(self, y: int) -> Strip:
        """Return the named kinds and, at the end, the number of the chosen one."""
        width = self.size.width
        if y:
            return self.strip_of((), width)
        before, after = (self.glyphs.before, self.glyphs.after) if self.has_focus else (" ", " ")
        parts: list[Part] = [(f"{before} ", "")]
        for number, kind in enumerate(self._named):
            style = "chosen" if number == self._index else "" if kind.procedure is not None else "muted"
            parts += [(f"{number + 1} {kind.label}", style), ("   ", "")]
        if self._options:
            parts.append((f"→ {self._index + 1} {after}", "chosen"))
        return self.strip_of(parts, width)

    async def _on_key(self, event: events.Key) -> None:
        char = event.character or ""
        if char.isascii() and char.isdigit():
            event.stop()
            event.prevent_default()
            if 0 < int(char) <= len(self._options):
                self._set(int(char) - 1)
                self.action_go_on()

    def action_turn(self, by: int) -> None:
        """Choose the next or the previous kind."""
        if self._options:
            self._set((self._index + by) % len(self._options))

    def action_leave(self, by: int) -> None:
        """Go to the field above or below."""
        self.post_message(Step(self, by))

    def action_go_on(self) -> None:
        """Go on to the next field."""
        self.post_message(Next(self))
