"""The dossier under the cursor, beside its list: read once the cursor rests, drawn where it differs."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.strip import Strip

from desk.counter.model import DossierView, WorkRow
from desk.tui.screens.beside_lines import Lines, beside_lines, beside_width
from desk.tui.widgets.line_list import LineList, RowView

if TYPE_CHECKING:
    from desk.tui.app import DeskApp
    from desk.tui.widgets.router import Cancellable

REST = 0.15
"""Seconds the cursor rests on a row before its dossier is read: going through a list costs nothing."""

_EDGE = 2


class Beside(RowView):
    """A column with one dossier; nothing of it can have the focus."""

    def __init__(self) -> None:
        super().__init__(id="beside")
        self._row: WorkRow | None = None
        self._view: DossierView | None = None
        self._waiting: Cancellable | None = None

    @property
    def _desk(self) -> DeskApp:
        return cast("DeskApp", self.app)

    def fit_in(self, width: int) -> None:
        """Take what a screen so wide has beside its list; nothing on a narrow one."""
        self.styles.width = max(1, beside_width(width))
        self.display = bool(beside_width(width))
        if self.display and self._row is not None and self._view is None:
            self._read(self._row)

    def follow(self, row: WorkRow | None) -> None:
        """Show this dossier once the cursor has rested on it."""
        if row == self._row:
            return
        self._row = row
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
        if row is None:
            self._take(None, None)
        elif self.display:
            self._waiting = self._desk.router.schedule(REST, lambda: self._read(row))
        else:
            self._view = None

    def _read(self, row: WorkRow) -> None:
        self._waiting = None
        if not self.is_mounted or not self.screen.is_attached:
            return
        counter = self._desk.counter
        self._desk.ask(
            self.screen,
            lambda: counter.dossier(row.id),
            lambda view: self._take(row, view),
            group="beside",
            exclusive=True,
            failed=lambda _sentence: self._take(row, None),
        )

    def _take(self, row: WorkRow | None, view: DossierView | None) -> None:
        if row == self._row:
            self._view = view
            self.repaint()

    def draw_line(self, y: int) -> Strip:
        """Return one line behind a rule from top to bottom; an ellipsis where there is more than fits."""
        width, height = self.size
        lines = self._lines(width - _EDGE)
        parts = lines[y] if y < len(lines) else ()
        if y == height - 1 and len(lines) > height:
            parts = [(self.glyphs.ellipsis, "muted")]
        return self.strip_of([(f"{self.glyphs.wall} ", "muted"), *parts], width)

    def _lines(self, room: int) -> Lines:
        now = self._desk.now()
        return [] if self._view is None or now is None else beside_lines(self._view, now, room)


class ListWithDossier(Horizontal):
    """A list of dossiers, and from 120 cells on the dossier under its cursor."""

    def __init__(self, rows: LineList) -> None:
        super().__init__()
        self._rows = rows
        self._beside = Beside()

    def compose(self) -> ComposeResult:
        """List, dossier."""
        yield self._rows
        yield self._beside

    def on_mount(self) -> None:
        """Divide the width."""
        self._beside.fit_in(self.app.size.width)

    def on_resize(self) -> None:
        """Divide another width."""
        self._beside.fit_in(self.app.size.width)

    def follow(self, row: WorkRow | None) -> None:
        """The cursor is on this dossier."""
        self._beside.follow(row)
