"""Words that may be long, such as the last one: as many lines as they need, up to a few."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from desk.tui.widgets.lines import Line
from desk.tui.widgets.painted import Part
from desk.tui.widgets.text import wrap

_EDGES = 2


class LongLine(Line):
    """A line that grows with its text to at most `most` lines; it has the style of its first part."""

    def __init__(self, *, most: int = 4, id: str | None = None) -> None:
        super().__init__(id=id)
        self._most = most

    @property
    def is_cut(self) -> bool:
        """Whether there is more to say than fits."""
        return len(self._wrapped()) > self._most

    def put(self, left: Sequence[Part] | str = (), right: Sequence[Part] | str = ()) -> None:
        """Say something else, in more or fewer lines."""
        super().put(left, right)
        self._fit()

    def on_resize(self) -> None:
        """Break the text at the new width."""
        self._fit()
        self.repaint()

    def _wrapped(self) -> list[str]:
        # Not laid out yet: as wide as the screen.
        width = self.size.width or self.app.size.width
        return wrap(self.text, max(10, width - _EDGES))

    def _lines(self) -> list[str]:
        lines = self._wrapped()
        return lines if len(lines) <= self._most else [*lines[: self._most - 1], self.glyphs.ellipsis]

    def _fit(self) -> None:
        self.styles.height = max(1, len(self._lines()))

    def draw_line(self, y: int) -> Strip:
        """Return one line of the text."""
        lines = self._lines()
        style = self._left[0][1] if self._left else ""
        return self.strip_of([(" ", ""), (lines[y] if y < len(lines) else "", style)], self.size.width)
