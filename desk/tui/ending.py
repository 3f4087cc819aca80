"""An end from outside: SIGTERM, or SIGHUP where the terminal went; what is typed is kept, the terminal given back."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import termios
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desk.tui.widgets.routed_app import RoutedApp

SIGNALS = (signal.SIGTERM, signal.SIGHUP)
LOOK = 2.0
"""Seconds between two looks whether the terminal is still there; they send it nothing."""


class Ending:
    """Ends one App when a signal says so; `die` then ends the process as that signal would have."""

    def __init__(self, app: RoutedApp) -> None:
        self._app = app
        self._number: signal.Signals | None = None

    def run(self) -> None:
        """Run the App until the officer leaves or a signal ends it."""
        asyncio.run(self._run())

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        for number in SIGNALS:
            loop.add_signal_handler(number, self._end, number)
        # Ctrl+C is a key here; whoever sends its signal means a program that can be broken off.
        loop.add_signal_handler(signal.SIGINT, int)
        if _has_terminal():
            loop.call_later(LOOK, self._look)
        await self._app.run_async(mouse=False)

    def _look(self) -> None:
        """End where the terminal went without a signal, as one does that is nobody's controlling terminal."""
        if _has_terminal():
            asyncio.get_running_loop().call_later(LOOK, self._look)
        else:
            self._end(signal.SIGHUP)

    def _end(self, number: signal.Signals) -> None:
        again = self._number is not None
        self._number = number
        if not again:
            # Here and not in a worker: there may be no later.
            self._keep()
        if again or not _has_terminal():
            # Nothing can be given back, and what is still to be drawn would wait for ever.
            self.die()
        self._app.exit()

    def _keep(self) -> None:
        from desk.tui.screens.base import DeskScreen

        for screen in self._app.screen_stack:
            if isinstance(screen, DeskScreen):
                # A disk that is full does not keep the program from ending.
                with suppress(OSError):
                    screen.keep_now()

    def die(self) -> None:
        """End the process by the signal that came, if one did: whoever sent it is told so by the status."""
        if self._number is not None:
            signal.signal(self._number, signal.SIG_DFL)
            os.kill(os.getpid(), self._number)


def _has_terminal() -> bool:
    try:
        termios.tcgetattr(sys.__stdin__.fileno() if sys.__stdin__ is not None else 0)
    except (termios.error, OSError, ValueError):
        return False
    return True
