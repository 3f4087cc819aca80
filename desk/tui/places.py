"""The screens a command goes to by name, imported when they are first wanted."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desk.tui.screens.base import DeskScreen

NAMES = frozenset(
    {
        *("morning", "calendar", "certify", "closing", "numbers", "officers", "check", "cash", "shift", "calls"),
        *("news", "outbox"),
    }
)
"""Places, each a module of the screens that holds the class of its name: `cash` is `cash.CashScreen`."""


def screen_of(name: str) -> type[DeskScreen]:
    """Return the screen of a place, by the name that its command goes to; LookupError for no place."""
    if name not in NAMES:
        raise LookupError(name)
    found: type[DeskScreen] = getattr(import_module(f"desk.tui.screens.{name}"), f"{name.capitalize()}Screen")
    return found
