"""From the first look to the whole centre: the list stands while the rest is opened behind it."""

from __future__ import annotations

import gc
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING

from desk.tui.services import foreseen

if TYPE_CHECKING:
    from desk.first_look import FirstDesk
    from desk.tui.app import DeskApp
    from desk.tui.services import Services


SOON = ("receive", "certify", "dossier", "picking_questions")
"""Screens an officer is likely to want next."""


class Beginning:
    """Shows what the first look gave, then opens the whole; what stands in its way is said by the opening screen."""

    def __init__(self, app: DeskApp, first: FirstDesk) -> None:
        self._app = app
        self._first = first

    def begin(self) -> None:
        """Go home, or to the morning of a new day; the rest waits until that has been painted."""
        first = self._first
        self._app.take(first, first.officers, morning=first.mornings.begin(first.minute().date()))
        self._app.call_after_refresh(self._app.call_after_refresh, self._rest)

    def _rest(self) -> None:
        gc.enable()
        self._app.run_worker(self._open, thread=True, group="whole", exit_on_error=True)

    def _open(self) -> None:
        found: Services | None = None
        with suppress(*foreseen()):
            found = self._first.whole()
            # The first key of a form must not wait for what its screen is made of.
            for name in SOON:
                import_module(f"desk.tui.screens.{name}")
        with suppress(RuntimeError):  # the program has ended meanwhile
            self._app.call_later(self._opened, found)

    async def _opened(self, found: Services | None) -> None:
        app = self._app
        if found is None:
            while len(app.screen_stack) > 1:
                await app.pop_screen()
            app.go_on(None)
            open_centre(app)
            return
        app.go_on(found)
        if app.front is not None and app.front.stands:
            app.front.refresh_work()


def open_centre(app: DeskApp) -> None:
    """Open the centre the usual way, which says what stands in its way."""
    from desk.tui.screens.opening import OpeningScreen

    gc.enable()
    app.push_screen(OpeningScreen())
