"""F12: a blank screen over everything; nothing of the work is visible or can be reached."""

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


class CoverScreen(ModalScreen[None], inherit_bindings=False):
    """Covers the work until Enter or F12; every other key and every scan is dropped."""

    CSS_PATH: ClassVar[Any] = [Path(__file__).parent / "cover.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(f"enter,{LOCK.key}", "uncover", "uncover", show=False, id="cover.uncover")
    ]

    def compose(self) -> ComposeResult:
        """Say how to go back."""
        yield Line(_("Màn hình đang che. Enter hoặc F12 để làm việc tiếp."))

    def on_scanned(self, message: Scanned) -> None:
        """Drop a scan: nobody is at the desk."""
        message.stop()

    def on_scan_broken(self, message: ScanBroken) -> None:
        """Drop the rest of a scan too."""
        message.stop()

    def action_uncover(self) -> None:
        """Go back to what was there."""
        self.dismiss()
