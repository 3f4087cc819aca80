"""A grid of small tiles under a cursor: one unit each, its state in a sign and the rest of it in words below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from msgspec import Struct
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from desk.tui.widgets.line_list import RowView
from desk.tui.widgets.painted import Part
from desk.tui.widgets.text import fit, width_of

TILE = 26
"""Cells of a tile: three of them in 80 columns."""

_SIGNS = 3
"""Cursor, sign, blank."""


class Tile(Struct, frozen=True):
    """One tile: `key` names it; `sign` and `style` say in what state it is, `tail` what else, at its right end."""

    key: str
    sign: str
    name: str
    tail: str = ""
    style: str = ""


class TileGrid(RowView, can_focus=True, inherit_bindings=False):
    """Tiles row by row, as many to a row as fit: arrows move in all four directions, Enter opens."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "move(-1)", "left", show=False, id="tiles.left"),
        Binding("right", "move(1)", "right", show=False, id="tiles.right"),
        Binding("up", "step(-1)", "up", show=False, id="tiles.up"),
        Binding("down", "step(1)", "down", show=False, id="tiles.down"),
        Binding("pageup", "page(-1)", "page up", show=False, id="tiles.pageup"),
        Binding("pagedown", "page(1)", "page down", show=False, id="tiles.pagedown"),
        Binding("home", "ends(-1)", "first", show=False, id="tiles.first"),
        Binding("end", "ends(1)", "last", show=False, id="tiles.last"),
        Binding("enter", "open", "open", show=False, id="tiles.open"),
    ]

    @dataclass
    class Opened(Message):
        """Enter on a tile."""

        key: str

    @dataclass
    class Moved(Message):
        """The cursor is on another tile."""

        index: int

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._tiles: tuple[Tile, ...] = ()
        self._cursor = 0
        self._top = 0

    def __len__(self) -> int:
        return len(self._tiles)

    def __bool__(self) -> bool:
        return True

    @property
    def cursor(self) -> int:
        """Index of the tile under the cursor."""
        return self._cursor

    @property
    def per_row(self) -> int:
        """Tiles in a row."""
        return max(1, (self.size.width - 1) // TILE)

    def show_tiles(self, tiles: Sequence[Tile]) -> None:
        """Show other tiles; the cursor stays with its tile, else at its place."""
        here = self._tiles[self._cursor].key if self._tiles else ""
        self._tiles = tuple(tiles)
        places = (index for index, each in enumerate(self._tiles) if each.key == here)
        self.move_to(next(places, self._cursor))

    def move_to(self, index: int) -> None:
        """Put the cursor on a tile, or as near as there is one."""
        self._cursor = max(0, min(index, len(self._tiles) - 1))
        self._follow()
        self.post_message(self.Moved(self._cursor))

    def _follow(self) -> None:
        row, height = self._cursor // self.per_row, max(1, self.size.height)
        last_top = max(0, -(-len(self._tiles) // self.per_row) - height)
        self._top = max(0, min(max(self._top, row - height + 1), row, last_top))
        self.repaint()

    def on_resize(self) -> None:
        """Keep the cursor visible."""
        self._follow()

    def draw_line(self, y: int) -> Strip:
        """Return one row of tiles; the last one of a row takes the cells that are left."""
        width, per_row = self.size.width, self.per_row
        start = (self._top + y) * per_row
        share = max(_SIGNS + 1, (width - 1) // per_row)
        parts: list[Part] = []
        for index in range(start, min(start + per_row, len(self._tiles))):
            parts += self._parts(self._tiles[index], share - 1, here=index == self._cursor)
            parts.append((" ", ""))
        return self.strip_of(parts, width)

    def _parts(self, tile: Tile, width: int, *, here: bool) -> list[Part]:
        over = ("cursor" if self.has_focus else "cursor-blurred") if here else tile.style
        cursor = self.glyphs.cursor if here else " "
        tail = f" {tile.tail}" if tile.tail else ""
        room = max(0, width - _SIGNS - width_of(tail))
        name = fit(tile.name, room, "left", self.glyphs.ellipsis)
        return [(f"{cursor}{tile.sign} {name}{tail}", over)]

    def action_move(self, by: int) -> None:
        """Move the cursor by so many tiles."""
        if 0 <= self._cursor + by < len(self._tiles):
            self.move_to(self._cursor + by)

    def action_step(self, by: int) -> None:
        """Move the cursor by so many rows, within its column."""
        self.action_move(by * self.per_row)

    def action_page(self, by: int) -> None:
        """Move the cursor by as many rows as are seen, keeping one in sight."""
        wanted = self._cursor + by * self.per_row * max(1, self.size.height - 1)
        column = self._cursor % self.per_row
        if wanted < 0:
            wanted = column
        elif wanted >= len(self._tiles):
            last = len(self._tiles) - 1
            wanted = last - (last - column) % self.per_row
        self.move_to(wanted)

    def action_ends(self, end: int) -> None:
        """Go to the first or the last tile."""
        self.move_to(0 if end < 0 else len(self._tiles) - 1)

    def action_open(self) -> None:
        """Open the tile under the cursor."""
        if self._tiles:
            self.post_message(self.Opened(self._tiles[self._cursor].key))
