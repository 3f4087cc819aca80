"""The base of the desk's App: ordered keys, scans, our themes, nothing of the framework's own keys."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from rich.console import RenderableType
from textual import events, on
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App
from textual.binding import BindingType
from textual.driver import Driver
from textual.filter import LineFilter, Monochrome, NoColor
from textual.screen import Screen

from desk.tui.looks import Look
from desk.tui.theme import BY_NAME, MONO, NORMAL, THEMES
from desk.tui.widgets.frames import Frame, SparingUpdate
from desk.tui.widgets.router import KeyRouter, Release
from desk.tui.widgets.screens import WorkScreen
from desk.tui.widgets.signs import COLOURLESS, SIGN_FILTERS

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

    def __init__(self, look: Look = Look()) -> None:  # noqa: B008 - frozen
        super().__init__()
        self.router = KeyRouter(self)
        self._frame = Frame()
        self._asked_at = -1
        for theme in THEMES:
            self.register_theme(theme)
        self._bare = False
        self.wear(look)

    def wear(self, look: Look) -> None:
        """Look like this from now on."""
        self._bare = look.signs == "bare"
        # No style sheet asks for this class: nothing has to be styled anew for it.
        self.set_class(look.signs != "full", "-console", update=False)
        self.theme = BY_NAME[look.theme].name
        for screen in self.screen_stack if self.is_running else ():
            for widget in screen.walk_children():
                widget.refresh()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return what every drawn line goes through: no colour in the theme without, signs the terminal has."""
        # The framework's answer to NO_COLOR is grey, which is a colour.
        filters = [each for each in super().get_line_filters() if not isinstance(each, Monochrome | NoColor)]
        if self.theme == MONO.name:
            filters.append(COLOURLESS)
        if self.has_class("-console"):
            filters.append(SIGN_FILTERS["bare" if self._bare else "plain"])
        return filters

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
        if isinstance(event, events.Resize):
            self.redraw()

    def redraw(self) -> None:
        """Send everything again: the terminal may show something else than what was sent."""
        self._frame.forget()
        if self.screen_stack:
            self.screen.refresh()

    def redraw_if_asked_again(self) -> None:
        """Send everything again if nothing was sent since this was called last."""
        if self._asked_at == self._frame.updates:
            self.redraw()
        self._asked_at = self._frame.updates

    @on(Driver.SignalResume)
    def _resumed(self) -> None:
        self.redraw()

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Let only the cells that look different reach the terminal."""
        if isinstance(renderable, ChopsUpdate | LayoutUpdate):
            renderable = SparingUpdate(self._frame, renderable)
        super()._display(screen, renderable)
