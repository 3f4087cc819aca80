"""How the screen looks on this terminal: which theme, and which signs its font and encoding have.

This module imports nothing of textual: the look is known before the first paint.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

TRUE_COLOUR = frozenset({"truecolor", "24bit"})
MANY_COLOURS = frozenset({"256color", "kitty"})
_UTF8 = frozenset({"utf8", "utf_8"})


class Look(Struct, frozen=True):
    """A theme (`normal`, `contrast`, `console`, `mono`) and signs.

    Signs are `full`, `plain` (ASCII signs, Vietnamese letters as they are) or `bare` (ASCII only, no accents).
    """

    theme: str = "normal"
    signs: str = "full"


def _forget(_key: str, _value: str) -> None:
    """Keep nothing: where there is no file of settings."""


class Looks(Struct, frozen=True):
    """What is set for the look of this desk, by the words of the settings; `keep` writes one of them to disk."""

    theme: str = "normal"
    signs: str = "full"
    environ: Mapping[str, str] = field(default_factory=dict)
    codeset: str = ""
    keep: Callable[[str, str], None] = _forget

    @property
    def look(self) -> Look:
        """The look on this terminal."""
        return look_of(self.theme, self.signs, self.environ, codeset=self.codeset)

    def chosen(self, key: str, value: str) -> Looks:
        """Return the looks with another `theme` or other `signs`."""
        return replace(self, theme=value) if key == "theme" else replace(self, signs=value)


def look_of(theme: str, signs: str, environ: Mapping[str, str], *, codeset: str = "") -> Look:
    """Return the look: what the office has set, and for `auto` what the terminal says of itself.

    `codeset` is the system's, for a locale that names none.
    """
    return Look(
        automatic_theme(environ) if theme == "auto" else theme,
        automatic_signs(environ, codeset) if signs == "auto" else signs,
    )


def automatic_theme(environ: Mapping[str, str]) -> str:
    """Return the theme for what the terminal can show: `mono` where it has, or is to show, no colour."""
    terminal = environ.get("TERM", "").lower()
    if environ.get("NO_COLOR") or is_colourless(terminal):
        return "mono"
    system = environ.get("TEXTUAL_COLOR_SYSTEM", "auto")
    if system != "auto":
        return "normal" if system in {"256", "truecolor"} else "console"
    many = environ.get("COLORTERM", "").strip().lower() in TRUE_COLOUR or terminal.rpartition("-")[2] in MANY_COLOURS
    # Without a word on more, sixteen colours are what the framework would send.
    return "normal" if many or not terminal else "console"


def is_colourless(terminal: str) -> bool:
    """Say whether a terminal of this type has no colours at all."""
    return terminal in {"dumb", "unknown"} or terminal.startswith("vt")


def automatic_signs(environ: Mapping[str, str], codeset: str = "") -> str:
    """Return `bare` where the terminal is not UTF-8, `plain` where its font has letters only, else `full`."""
    if not _is_utf8(environ, codeset):
        return "bare"
    terminal = environ.get("TERM", "").lower()
    return "plain" if terminal == "linux" or is_colourless(terminal) else "full"


def _is_utf8(environ: Mapping[str, str], codeset: str) -> bool:
    """Say whether the locale is UTF-8; one that is not set at all says nothing against it."""
    named = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG") or ""
    if named.partition("@")[0] in {"C", "POSIX"}:
        return False
    _language, dot, encoding = named.partition("@")[0].partition(".")
    found = encoding if dot else codeset if named else ""
    return not found or found.lower().replace("-", "") in _UTF8
