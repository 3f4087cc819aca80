"""Rows and columns of a list, and where rows come from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from desk.tui.widgets.text import Align


class Row(Struct, frozen=True):
    """One row: `key` names it, `cells` follow the columns, `style` and `mark` say (in colour and in a sign) what it is.

    Style names are those of the widget: late, soon, good, muted, strong. `styles` overrides single cells.
    """

    key: str
    cells: tuple[str, ...]
    style: str = ""
    mark: str = ""
    styles: tuple[str, ...] = ()


class Column(Struct, frozen=True):
    """One column: a fixed `width` in cells, or a share (`flex`) of what the fixed ones leave."""

    title: str
    width: int = 0
    flex: int = 0
    align: Align = "left"
    style: str = ""


class RowSource(Protocol):
    """Rows that may be many: only the visible window is asked for.

    `window` is called while drawing and must not wait: a row not yet at hand is None, and the list then posts
    `LineList.Missing` so that a worker may fetch it.
    """

    def __len__(self) -> int:
        """Return how many rows there are."""

    def window(self, start: int, count: int) -> Sequence[Row | None]:
        """Return rows `start` to `start + count`, fewer at the end."""


class Rows:
    """Rows that are all at hand."""

    def __init__(self, rows: Sequence[Row] = ()) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def window(self, start: int, count: int) -> Sequence[Row | None]:
        """Return a slice."""
        return self._rows[start : start + count]

    def index_of(self, key: str) -> int | None:
        """Return where the row called `key` is."""
        return next((index for index, row in enumerate(self._rows) if row.key == key), None)


class PagedRows:
    """Rows fetched in pieces: `put` what a worker brought, then `reload` the list; the oldest pieces are dropped."""

    def __init__(self, total: int, *, keep: int = 2000) -> None:
        self._total = total
        self._keep = keep
        self._rows: dict[int, Row] = {}

    def __len__(self) -> int:
        return self._total

    def window(self, start: int, count: int) -> Sequence[Row | None]:
        """Return what is at hand, None for the rest."""
        return [self._rows.get(index) for index in range(start, min(start + count, self._total))]

    def put(self, start: int, rows: Sequence[Row]) -> None:
        """Keep rows from `start` on."""
        for index, row in enumerate(rows, start):
            self._rows.pop(index, None)
            self._rows[index] = row
        while len(self._rows) > max(self._keep, len(rows)):
            del self._rows[next(iter(self._rows))]


def widths(columns: Sequence[Column], room: int, gap: int = 1) -> list[int]:
    """Share `room` cells among columns, `gap` cells between; the last columns lose theirs where there is no room."""
    free = max(0, room - sum(column.width for column in columns if not column.flex) - gap * (len(columns) - 1))
    shares = sum(column.flex for column in columns)
    result: list[int] = []
    left = room
    for column in columns:
        width = column.width
        if column.flex:
            width = free * column.flex // shares
            free -= width
            shares -= column.flex
        width = max(0, min(width, left))
        left -= width + gap
        result.append(width)
    return result
