"""A text to the clipboard of the officer's own machine, through the terminal: OSC 52, also from inside tmux and screen.

Whether the terminal obeys cannot be known: it never answers. So the text is always shown as well.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from enum import Enum
from typing import Any

from textual.app import App

from desk.tui.widgets.text import one_line

MOST_BYTES = 8192
"""UTF-8 bytes of the longest text that is sent: far below what terminals cut off (some 75,000), well above a field."""

_SCREEN_CHUNK = 252
"""GNU screen passes a string of at most 256 bytes through, its own frame included."""


class Sent(Enum):
    """What became of a text for the clipboard."""

    SENT = "sent"
    TOO_LONG = "too_long"
    NO_TERMINAL = "no_terminal"
    """This terminal has no clipboard, and an old kernel's console would print the sequence."""


def sequence(text: str, environ: Mapping[str, str]) -> str | Sent:
    """Return what to write for a text, or why nothing: only base64 of its NFC letters, never a control of its own."""
    data = one_line(text).encode("utf-8")
    if len(data) > MOST_BYTES:
        return Sent.TOO_LONG
    term = environ.get("TERM", "")
    if term in {"linux", "dumb", ""}:
        return Sent.NO_TERMINAL
    plain = f"\x1b]52;c;{base64.b64encode(data).decode('ascii')}\x07"
    if environ.get("TMUX") or term.startswith("tmux"):
        # tmux takes the plain one where set-clipboard is on, the wrapped one where allow-passthrough is.
        return plain + "\x1bPtmux;" + plain.replace("\x1b", "\x1b\x1b") + "\x1b\\"
    if environ.get("STY") or term.startswith("screen"):
        parts = (plain[start : start + _SCREEN_CHUNK] for start in range(0, len(plain), _SCREEN_CHUNK))
        # The plain one too: behind another machine's tmux the name of the terminal says screen.
        return plain + "".join(f"\x1bP{part}\x1b\\" for part in parts)
    return plain


def copy(app: App[Any], text: str, environ: Mapping[str, str]) -> Sent:
    """Send a text to the clipboard; what is pasted inside the desk is the same."""
    found = sequence(text, environ)
    if isinstance(found, Sent):
        return found
    app._clipboard = one_line(text)
    if app._driver is not None:
        app._driver.write(found)
        app._driver.flush()
    return Sent.SENT
