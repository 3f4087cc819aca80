"""The base of every screen: no framework keys, and moving the focus repaints two fields, not the screen."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.reactive import Reactive
from textual.screen import ModalScreen, Screen
from textual.widget import Widget

from desk.tui.commands import HELP, LOCK, PALETTE
from desk.tui.keys import key_label
from desk.words import _

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
    """The base of every modal: Esc goes one step back, Tab stays inside, F12 locks here too, F1 tells its keys."""

    takes_typing: ClassVar[bool] = False

    BINDINGS: ClassVar[list[BindingType]] = [
        *FOCUS_BINDINGS,
        Binding("escape", "back", "back", show=False, id="modal.back"),
        Binding(LOCK.key, f"app.{LOCK.id}", "lock", show=False, id="modal.lock"),
        Binding(HELP.key, "keys_here", "help", show=False, id="modal.help"),
        Binding(",".join(PALETTE.keys), "answer_first", "answer first", show=False, id="modal.palette"),
    ]

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    def keys_told(self) -> tuple[tuple[str, str], ...]:
        """Return the keys of this question with what each does; Esc and F12 are told of every one."""
        return ()

    def action_back(self) -> None:
        """Leave without an answer."""
        self.dismiss(None)

    def action_keys_here(self) -> None:
        """Tell the keys of this question."""
        self._tell(())

    def action_answer_first(self) -> None:
        """Say that the question comes before any other command, and tell its keys."""
        self._tell((_("Câu hỏi này trước đã: trả lời, hoặc Esc, rồi mới đến lệnh khác."), ""))

    def _tell(self, said: tuple[str, ...]) -> None:
        from desk.tui.widgets.modals import DialogHelp, tell

        common = (("Esc", _("Lùi một bước, không làm gì.")), (key_label(LOCK.key), LOCK.help))
        lines = (f"  {keys:<14} {words}" for keys, words in (*self.keys_told(), *common))
        tell(self.app, DialogHelp((*said, _("Trong câu hỏi này"), *lines)))
