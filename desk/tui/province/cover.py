"""F12: a blank screen over the office's figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from desk.tui.commands import LOCK
from desk.tui.widgets.lines import Line
from desk.tui.widgets.router import ScanBroken, Scanned
from desk.words import _


class OfficeCover(ModalScreen[None], inherit_bindings=False):
    """Covers everything until Enter or F12; every other key is dropped."""

    CSS_PATH: ClassVar[Any] = [Path(__file__).parent / "cover.tcss"]
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(f"enter,{LOCK.key}", "uncover", "uncover", show=False, id="cover.uncover"),
    ]

    def compose(self) -> ComposeResult:
        """Say how to go back."""
        yield Line(_("Màn hình đang che. Enter hoặc F12 để làm việc tiếp."), id="sentence")

    def on_scanned(self, message: Scanned) -> None:
        """Drop a scan."""
        message.stop()

    def on_scan_broken(self, message: ScanBroken) -> None:
        """Drop a scan."""
        message.stop()

    def action_uncover(self) -> None:
        """Go back to the figures."""
        self.dismiss()
