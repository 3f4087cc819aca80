"""A rule across the screen that carries the last word when there is one."""

from __future__ import annotations

from textual.strip import Strip

from desk.tui.widgets.lines import Line
from desk.tui.widgets.painted import Part
from desk.tui.widgets.text import cut, one_line, width_of


class NoteRule(Line):
    """`─── đã lưu TN-0313-0002F ───────`: the word in its own style, the rule around it muted."""

    def draw_line(self, y: int) -> Strip:
        """Return the rule, from edge to edge inside one blank."""
        width = self.size.width
        if y:
            return self.strip_of((), width)
        sign, room = self.glyphs.rule, max(0, width - 2)
        parts: list[Part] = [(" ", "")]
        words = "".join(one_line(text) for text, _style in self._left)
        if words:
            style = self._left[0][1]
            short = cut(words, max(0, room - 8), self.glyphs.ellipsis)
            parts += [(sign * 2 + " ", "muted"), (short, style), (" ", "muted")]
            room -= width_of(short) + 4
        return self.strip_of([*parts, (sign * max(0, room), "muted")], width)
