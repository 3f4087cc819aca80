"""The pages that any screen opens: its help, and what was said since the start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.tui.commands import help_lines
from desk.tui.widgets.modals import TextPage, tell
from desk.words import _

if TYPE_CHECKING:
    from desk.tui.app import DeskApp


def help_page(app: DeskApp) -> None:
    """Show the help of the screen in front."""
    built_in = app.front.moving_keys() if app.front is not None else ()
    tell(app, TextPage(_("GIÚP"), help_lines(app.commands_here(), built_in=built_in)))


def messages_page(app: DeskApp) -> None:
    """Show what was said since the start."""
    tell(app, TextPage(_("LỜI BÁO"), app.told.lines()))
