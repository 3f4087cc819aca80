"""A list of fixed-column rows, drawn by line, at home with a hundred thousand rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from desk.tui.widgets.painted import Painted, Part
from desk.tui.widgets.rows import Column, PagedRows, Row, Rows, RowSource, widths
from desk.tui.widgets.text import fit
from desk.words import _

_GUTTER = 3

ROW_STYLES = frozenset(
    f"row--{name}"
    for name in ("header", "cursor", "cursor-blurred", "chosen", "strong", "muted", "late", "soon", "good")
)


class RowView(Painted):
    """The look rows share."""

    STYLE_PREFIX = "row"
    COMPONENT_CLASSES: ClassVar[set[str]] = set(ROW_STYLES)


class LineList(RowView, can_focus=True, inherit_bindings=False):
    """Rows under a cursor: Enter opens, Space chooses (if `multi`), only changed cells are sent."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "up", show=False, id="list.up"),
        Binding("down", "move(1)", "down", show=False, id="list.down"),
        Binding("pageup", "page(-1)", "page up", show=False, id="list.pageup"),
        Binding("pagedown", "page(1)", "page down", show=False, id="list.pagedown"),
        Binding("home", "first", "first", show=False, id="list.first"),
        Binding("end", "last", "last", show=False, id="list.last"),
        Binding("enter", "open", "open", show=False, id="list.open"),
        Binding("space", "choose", "choose", show=False, id="list.choose"),
    ]

    @dataclass
    class Opened(Message):
        """Enter on a row."""

        line_list: LineList
        key: str
        index: int

        @property
        def control(self) -> LineList:
            """The list."""
            return self.line_list

    @dataclass
    class Moved(Message):
        """The cursor is on another row; `key` is None where the row is not at hand or there is none."""

        line_list: LineList
        key: str | None
        index: int

        @property
        def control(self) -> LineList:
            """The list."""
            return self.line_list

    @dataclass
    class Chosen(Message):
        """Space on a row: it is now chosen, or no longer."""

        line_list: LineList
        key: str
        chosen: bool

        @property
        def control(self) -> LineList:
            """The list."""
            return self.line_list

    @dataclass
    class Missing(Message):
        """These visible rows are not at hand; fetch them in a worker, then `reload`."""

        line_list: LineList
        start: int
        count: int

        @property
        def control(self) -> LineList:
            """The list."""
            return self.line_list

    def __init__(
        self,
        columns: Sequence[Column],
        rows: RowSource | Sequence[Row] = (),
        *,
        header: bool = True,
        multi: bool = False,
        empty: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.columns = tuple(columns)
        self.header = header and any(column.title for column in columns)
        self.multi = multi
        self.empty = empty
        self.chosen: set[str] = set()
        self._source: RowSource = _source(rows)
        self._cursor = 0
        self._top = 0
        self._window: Sequence[Row | None] = ()
        self._asked: tuple[int, int] | None = None
        self._told: tuple[str | None, int] | None = None

    def __len__(self) -> int:
        return len(self._source)

    def __bool__(self) -> bool:
        return True

    @property
    def cursor(self) -> int:
        """Index of the row under the cursor; 0 in an empty list."""
        return self._cursor

    @property
    def top(self) -> int:
        """Index of the first visible row."""
        return self._top

    @property
    def current(self) -> Row | None:
        """The row under the cursor, if there is one and it is at hand."""
        found = self._source.window(self._cursor, 1) if self._cursor < len(self._source) else ()
        return found[0] if found else None

    @property
    def page_size(self) -> int:
        """Rows that fit."""
        return max(1, self.size.height - int(self.header))

    def show_rows(self, rows: RowSource | Sequence[Row], *, key: str | None = None, at: int | None = None) -> None:
        """Show other rows; the cursor goes to row `at`, else to that called `key`, else stays with its row or place."""
        current = None if key or at is not None else self.current
        wanted = key or (None if current is None else current.key)
        self._source = _source(rows)
        self._asked = None
        if at is not None:
            self._cursor = at
        elif wanted is not None and isinstance(self._source, Rows):
            index = self._source.index_of(wanted)
            self._cursor = self._cursor if index is None else index
        self.reload()

    def reload(self) -> None:
        """Read the visible rows again: they, or their number, may have changed."""
        self._cursor = max(0, min(self._cursor, len(self._source) - 1))
        self._follow()

    def move_to(self, index: int) -> None:
        """Put the cursor on row `index`, or as near as there is one."""
        self._cursor = max(0, min(index, len(self._source) - 1))
        self._follow()

    def _follow(self) -> None:
        page = self.page_size
        last_top = max(0, len(self._source) - page)
        top = min(max(self._top, self._cursor - page + 1), self._cursor, last_top)
        self._top = max(0, top)
        self._read()
        self.repaint()
        self._tell()

    def _read(self) -> None:
        page = self.page_size
        self._window = self._source.window(self._top, page)
        missing = [self._top + offset for offset, row in enumerate(self._window) if row is None]
        if not missing:
            self._asked = None
        elif self.is_mounted and self._asked != (wanted := (missing[0], missing[-1] - missing[0] + 1)):
            self._asked = wanted
            self.post_message(self.Missing(self, *wanted))

    def _tell(self) -> None:
        current = self.current
        told = (None if current is None else current.key, self._cursor)
        if self.is_mounted and told != self._told:
            self._told = told
            self.post_message(self.Moved(self, *told))

    def on_mount(self) -> None:
        """Say where the cursor is."""
        self._follow()

    def on_resize(self) -> None:
        """Keep the cursor visible."""
        self._follow()

    def line_key(self, y: int) -> object:
        """Return the row and how it stands."""
        index = y - int(self.header)
        row = self._window[index] if 0 <= index < len(self._window) else None
        here = self._top + index == self._cursor
        chosen = row is not None and row.key in self.chosen
        return (self.size.width, row, here, here and self.has_focus, chosen, len(self._source) == 0, index)

    def draw_line(self, y: int) -> Strip:
        """Return the header or a row."""
        width = self.size.width
        sizes = widths(self.columns, width - _GUTTER)
        if self.header:
            if y == 0:
                return self._header(sizes, width)
            y -= 1
        if not len(self._source):
            return self.strip_of([(" " * _GUTTER + self._empty_words(), "muted")] if y == 0 else (), width)
        if y >= len(self._window):
            return self.strip_of((), width)
        row = self._window[y]
        if row is None:
            return self.strip_of([(" " * _GUTTER + self.glyphs.ellipsis, "muted")], width)
        return self._row(row, self._top + y == self._cursor, sizes, width)

    def _empty_words(self) -> str:
        return _("Không có dòng nào.") if self.empty is None else self.empty

    def _header(self, sizes: Sequence[int], width: int) -> Strip:
        titles = (
            fit(column.title, size, column.align, self.glyphs.ellipsis)
            for column, size in zip(self.columns, sizes, strict=True)
        )
        return self.strip_of([(" " * _GUTTER + " ".join(titles), "header")], width)

    def _row(self, row: Row, under_cursor: bool, sizes: Sequence[int], width: int) -> Strip:
        over = ("cursor" if self.has_focus else "cursor-blurred") if under_cursor else ""
        over = over or ("chosen" if row.key in self.chosen else "")
        parts: list[Part] = [(self._gutter(row, under_cursor), over or row.style)]
        for index, (column, size) in enumerate(zip(self.columns, sizes, strict=True)):
            text = row.cells[index] if index < len(row.cells) else ""
            own = row.styles[index] if index < len(row.styles) else ""
            style = over or own or row.style or column.style
            if index:
                parts.append((" ", over or row.style))
            if size:
                parts.append((fit(text, size, column.align, self.glyphs.ellipsis), style))
        used = _GUTTER + sum(sizes) + max(0, len(sizes) - 1)
        parts.append((" " * max(0, width - used), over))
        return self.strip_of(parts, width)

    def _gutter(self, row: Row, under_cursor: bool) -> str:
        glyphs = self.glyphs
        chosen = glyphs.chosen if row.key in self.chosen else " "
        cursor = glyphs.cursor if under_cursor else " "
        mark = row.mark[:1]
        return f"{chosen}{mark}{cursor}" if mark else f"{chosen}{cursor} "

    def action_move(self, by: int) -> None:
        """Move the cursor by so many rows."""
        self.move_to(self._cursor + by)

    def action_page(self, by: int) -> None:
        """Move the cursor by so many pages, keeping one row in sight."""
        self.move_to(self._cursor + by * max(1, self.page_size - 1))

    def action_first(self) -> None:
        """Go to the first row."""
        self.move_to(0)

    def action_last(self) -> None:
        """Go to the last row."""
        self.move_to(len(self._source) - 1)

    def action_open(self) -> None:
        """Open the row under the cursor."""
        if (row := self.current) is not None:
            self.post_message(self.Opened(self, row.key, self._cursor))

    def action_choose(self) -> None:
        """Choose the row under the cursor, or no longer, and go one down."""
        if self.multi and (row := self.current) is not None:
            self.chosen ^= {row.key}
            self.post_message(self.Chosen(self, row.key, row.key in self.chosen))
            self.move_to(self._cursor + 1)


def _source(rows: RowSource | Sequence[Row]) -> RowSource:
    return Rows(rows) if isinstance(rows, Sequence) else rows


__all__ = ["Column", "LineList", "PagedRows", "Row", "RowSource", "RowView", "Rows"]
