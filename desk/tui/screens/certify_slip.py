"""The receipt of a visit that was saved in the fast lane, for whoever asks for it; Esc leads back to the lane."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from desk.counter.model import Done
from desk.rules.identity import ScanKind, recognise
from desk.tui.commands import BACK, Command, bindings
from desk.tui.screens.saved import PRINT, TAKE_FEE, SavedScreen
from desk.tui.widgets.router import Scanned
from desk.tui.widgets.screens import FOCUS_BINDINGS
from desk.words import _


class SlipScreen(SavedScreen, inherit_bindings=False):
    """One dossier's receipt; Enter prints it, a card scanned now goes to the lane."""

    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = (PRINT, TAKE_FEE, BACK)
    KEYS_SHOWN: ClassVar[tuple[Command, ...]] = COMMANDS_HERE
    BINDINGS: ClassVar[list[BindingType]] = [*FOCUS_BINDINGS, *bindings(*COMMANDS_HERE)]

    def __init__(self, done: Done) -> None:
        super().__init__(done)

    def title_text(self) -> str:
        """Return where the officer is."""
        return _("PHIẾU {code}").format(code=self.short_code)

    def keys_on(self) -> tuple[tuple[str, str], ...]:
        """Return the commands by which the officer goes on from here, with their hints."""
        return ("", _("quét người tiếp theo")), (BACK.id, _("Esc quay lại"))

    def on_scanned(self, message: Scanned) -> None:
        """Hand the next person's card to the lane below."""
        # The saved receipt's own way leads to the receipt form.
        message.prevent_default()
        if recognise(message.payload) is ScanKind.CARD:
            message.stop()
            self.action_back()
            self.desk_app.certify(message.payload)

    def action_back(self) -> None:
        """Go back to the lane."""
        if self.app.screen is self:
            self.app.pop_screen()
