"""How a form's fields are used, said until the officer has filled them in often enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.learned import Learned

if TYPE_CHECKING:
    from textual.widget import Widget

    from desk.tui.screens.base import DeskScreen


class FieldHints:
    """The hints of the form on a screen; a field counts as used where the form was saved after it was in focus."""

    def __init__(self, screen: DeskScreen, form: str) -> None:
        self._screen = screen
        self._form = form
        self._passed: set[str] = set()

    def wanted(self, field: Widget | None, words: str) -> str:
        """Return the hint of the field in focus, nothing where it is known."""
        if field is None or not words:
            return ""
        parent = field.parent
        name = f"{self._form}.{field.id or (parent.id if parent is not None else None) or ''}"
        self._passed.add(name)
        return words if name not in self._screen.desk_app.known else ""

    def saved(self) -> None:
        """Count one use of every field that was passed, in a thread."""
        app = self._screen.desk_app
        learned, officer = Learned(app.beside), app.officer_id
        fresh = sorted(self._passed - learned.known(officer))
        self._passed.clear()
        if fresh:
            app.quietly(lambda: learned.use(officer, *fresh))
