"""The base of every screen: no framework keys, and moving the focus repaints two fields, not the screen."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.reactive import Reactive
from textual.screen import ModalScreen, Screen
from textual.widget import Widget

from desk.tui.commands import LOCK

ResultT = TypeVar("ResultT")

FOCUS_BINDINGS = (
    Binding("tab", "app.focus_next", "next", show=False, id="focus.next"),
    Binding("shift+tab", "app.focus_previous", "previous", show=False, id="focus.previous"),
)


class WorkScreen(Screen[ResultT], inherit_bindings=False):
    """A full screen of the desk; one that `takes_typing` uses letters where no field has the focus."""

    takes_typing: ClassVar[bool] = False

    BINDINGS: ClassVar[list[BindingType]] = [*FOCUS_BINDINGS]

    # The framework repaints the whole screen (some 5 kB) at every change of focus.
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)


class Modal(ModalScreen[ResultT], inherit_bindings=False):
    """The base of every modal: Esc goes one step back, Tab stays inside, F12 locks here too."""

    takes_typing: ClassVar[bool] = False

    BINDINGS: ClassVar[list[BindingType]] = [
        *FOCUS_BINDINGS,
        Binding("escape", "back", "back", show=False, id="modal.back"),
        Binding(LOCK.key, f"app.{LOCK.id}", "lock", show=False, id="modal.lock"),
    ]

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    def action_back(self) -> None:
        """Leave without an answer."""
        self.dismiss(None)
