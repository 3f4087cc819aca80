"""A chart of characters: a column a day, its numbers at the left; plain signs where a terminal has no others."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from desk.province.measures import marks
from desk.tui.widgets.line_list import RowView
from desk.tui.widgets.painted import Part
from desk.tui.widgets.text import fit

_EIGHTHS = " ▁▂▃▄▅▆▇█"
_PLAIN = " ...::::#"
_NOTHING = "×"
_AXIS = 7
"""Cells of the numbers at the left, and the line beside them."""
_BELOW = 2
"""Lines below the columns: the axis and its days."""


class Chart(RowView):
    """Columns from 0 up; a day without figures has a cross on the axis instead of a column."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._values: tuple[float | None, ...] = ()
        self._days: tuple[str, ...] = ()
        self._share = False

    def show_values(self, days: Sequence[str], values: Sequence[float | None], *, share: bool) -> None:
        """Draw other values, each with the name of its day; a share is drawn from 0 to 100 per cent."""
        self._days, self._values, self._share = tuple(days), tuple(values), share
        self.repaint()

    @property
    def _top(self) -> float:
        return (
            1.0
            if self._share
            else float(marks(max((each for each in self._values if each is not None), default=0))[-1])
        )

    def _columns(self) -> tuple[int, list[float | None], int]:
        """Return the cells of a column, the values, and how many days each stands for: where too many, their mean."""
        room = max(1, self.size.width - _AXIS - 1)
        days = -(-len(self._values) // room) or 1
        groups = [self._values[start : start + days] for start in range(0, len(self._values), days)]
        values = [_mean([each for each in group if each is not None]) for group in groups]
        return max(1, min(6, room // max(1, len(values)))), values, days

    def draw_line(self, y: int) -> Strip:
        """Return one line of columns, the axis, or the days below it."""
        width, height = self.size
        tall = max(1, height - _BELOW)
        cells, values, days = self._columns()
        if y < tall:
            return self.strip_of(self._row(tall - y - 1, tall, cells, values), width)
        if y == tall:
            feet = "".join(
                (_NOTHING if each is None else self.glyphs.rule).ljust(cells, self.glyphs.rule) for each in values
            )
            return self.strip_of([(f"{0:>{_AXIS - 2}} ", "muted"), ("└", "muted"), (feet, "muted")], width)
        return self.strip_of([(" " * _AXIS, ""), (self._names(cells, days, len(values)), "muted")], width)

    def _row(self, row: int, tall: int, cells: int, values: Sequence[float | None]) -> list[Part]:
        top = self._top or 1.0
        signs = _PLAIN if self.app.has_class("-console") else _EIGHTHS
        text = ""
        for each in values:
            filled = 0.0 if each is None else each / top * tall - row
            # What is more than nothing is seen.
            eighths = max(0, min(8, round(filled * 8))) or int(row == 0 and bool(each))
            body = signs[eighths]
            text += body * cells if cells == 1 else body * (cells - 1) + " "
        return [(self._label(row, tall), "muted"), (self.glyphs.wall, "muted"), (text, "")]

    def _label(self, row: int, tall: int) -> str:
        """Return the number at the upper edge of a line: at the top, and half way up where the lines halve."""
        top = self._top
        share = 1.0 if row == tall - 1 else 0.5 if tall % 2 == 0 and row == tall // 2 - 1 else None
        if share is None or not top:
            return " " * (_AXIS - 1)
        said = f"{share * 100:.0f} %" if self._share else f"{top * share:.0f}"
        return fit(said, _AXIS - 2, "right") + " "

    def _names(self, cells: int, days: int, columns: int) -> str:
        """Return the days under the axis, as many as there is room for; the last one is always there."""
        room = columns * cells
        line = [" "] * max(room, 5)
        every = -(-6 // cells)
        for column in range(columns - 1, -1, -every):
            name = self._days[min(column * days, len(self._days) - 1)]
            start = min(column * cells, len(line) - len(name))
            if start < 0 or any(sign != " " for sign in line[start : start + len(name) + 1]):
                continue
            line[start : start + len(name)] = name
        return "".join(line)


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
