"""Keys that arrive in every terminal, and the terminal settings textual reads when it is imported.

This module imports nothing of textual: `prepare_terminal` has to run first.
"""

from __future__ import annotations

import os
import string
from collections.abc import MutableMapping

FUNCTION_KEYS = frozenset({"f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9", "f12"})
"""F10 and F11 are left to the terminal."""

MOVE_KEYS = frozenset(
    {
        "enter",
        "tab",
        "shift+tab",
        "up",
        "down",
        "left",
        "right",
        "pageup",
        "pagedown",
        "home",
        "end",
        "insert",
        "delete",
        "backspace",
        "escape",
        "space",
    }
)

CONTROL_KEYS = frozenset(f"ctrl+{letter}" for letter in "glnoprsty")
"""Control keys a command may use."""

INPUT_KEYS = frozenset(f"ctrl+{letter}" for letter in "acdefkuvwx")
"""Control keys that belong to the text inputs and are never a command."""

TYPED_KEYS = frozenset(string.digits) | {"slash", "asterisk", "plus"}
"""Typed characters that may be commands where nothing is typed; they act only after a short silence."""

LETTER_KEYS = frozenset(string.ascii_lowercase) | frozenset(string.ascii_uppercase)
"""Letters: commands only on a screen without a text input, because an input method may change them."""

ALLOWED_KEYS = FUNCTION_KEYS | MOVE_KEYS | CONTROL_KEYS | TYPED_KEYS | LETTER_KEYS
"""The whitelist every binding is held against."""

_NAMES = {
    "escape": "Esc",
    "insert": "Ins",
    "delete": "Del",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "slash": "/",
    "asterisk": "*",
    "plus": "+",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
}

_SETTINGS = {
    # "Report all keys" breaks input methods in several terminals.
    "TEXTUAL_DISABLE_KITTY_KEY": "1",
    "TEXTUAL_ANIMATIONS": "none",
    "TEXTUAL_SMOOTH_SCROLL": "0",
    # A key is answered at the next of these looks at what changed: after 2 ms at most, not 17.
    "TEXTUAL_FPS": "500",
    # Milliseconds a lone Esc waits for the rest of a sequence.
    "ESCDELAY": "25",
}


def prepare_terminal(environ: MutableMapping[str, str] | None = None) -> None:
    """Set what textual reads at import: call it in the entry point before anything imports textual.

    A value already set by the office stays, except the kitty protocol, which is always off.
    """
    target = os.environ if environ is None else environ
    for name, value in _SETTINGS.items():
        target.setdefault(name, value)
    target["TEXTUAL_DISABLE_KITTY_KEY"] = "1"
    if target.get("TERM", "").lower() in {"dumb", "unknown"}:
        # Else not even bold and reverse would be sent, and no cursor seen; colours are taken away by the theme.
        target.setdefault("TEXTUAL_COLOR_SYSTEM", "standard")


def key_label(key: str) -> str:
    """Return the name of a key as printed on screen: `ctrl+n` is `Ctrl+N`, `escape` is `Esc`."""
    *modifiers, name = key.split("+")
    shown = _NAMES.get(name) or (name.upper() if len(name) == 1 or name[1:].isdigit() else name.capitalize())
    return "+".join([*(modifier.capitalize() for modifier in modifiers), shown])
