"""What was typed last time, for as long as the program runs: offered again, never kept on disk."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from textual.app import App

_TYPED: WeakKeyDictionary[App[Any], dict[str, str]] = WeakKeyDictionary()


def last(app: App[Any], what: str) -> str:
    """Return what was last typed for `what`, empty if nothing was."""
    return _TYPED.get(app, {}).get(what, "")


def remember(app: App[Any], what: str, typed: str) -> None:
    """Keep what was typed for `what`."""
    _TYPED.setdefault(app, {})[what] = typed
