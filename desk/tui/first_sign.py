"""The name on an empty screen while the rest is loaded: the first thing an officer sees of a start."""

from __future__ import annotations

import locale
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from desk.rules.text import fold
from desk.tui.looks import automatic_signs
from desk.words import _

SHOW = "\x1b[?1049h\x1b[H\x1b[2J\x1b[?25l"
"""The other screen of the terminal, empty, without a cursor: what the App asks for again when it is there."""

GIVE_BACK = "\x1b[?1049l\x1b[?25h"


@contextmanager
def name_shown() -> Iterator[None]:
    """Show the name until the App draws; if it fails or is ended from outside before, the terminal is given back."""
    if not sys.stdout.isatty():
        yield
        return
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    name = _("MỘT CỬA")
    try:
        _write(f"{SHOW} {fold(name).upper() if automatic_signs(os.environ, codeset()) == 'bare' else name}")
        yield
    except BaseException:
        _write(GIVE_BACK)
        raise


def codeset() -> str:
    """Return how the system's locale writes text; empty where it does not say."""
    return locale.nl_langinfo(locale.CODESET) if hasattr(locale, "nl_langinfo") else ""


def _end(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
