"""The base of the desk's App: ordered keys, scans, our themes, nothing of the framework's own keys."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import events
from textual.app import App
from textual.binding import BindingType
from textual.screen import Screen

from desk.tui.theme import NORMAL, THEMES
from desk.tui.widgets.router import KeyRouter, Release
from desk.tui.widgets.screens import WorkScreen

GLOBAL_CSS = Path(__file__).parent.parent / "styles" / "global.tcss"


class RoutedApp(App[None], inherit_bindings=False):
    """An App whose keys go through a `KeyRouter`; add the class `-console` for plain glyphs."""

    CSS_PATH = GLOBAL_CSS
    BINDINGS: ClassVar[list[BindingType]] = []
    ENABLE_COMMAND_PALETTE = False
    ESCAPE_TO_MINIMIZE = False
    ALLOW_SELECT = False

    router: KeyRouter
    """Replace it, or its clock and schedule, before the first key."""

    def __init__(self) -> None:
        super().__init__()
        self.router = KeyRouter(self)
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = NORMAL.name

    def get_default_screen(self) -> Screen[None]:
        """Return one of our screens."""
        return WorkScreen(id="_default")

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return our variables, so that the style sheet also stands under a theme of the framework."""
        return NORMAL.variables

    async def on_event(self, event: events.Event) -> None:
        """Send keys and pastes through the router and everything else the usual way."""
        if isinstance(event, Release):
            await super().on_event(event.event)
        elif isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self.router.take(event)
        else:
            await super().on_event(event)
