"""Signs and letters for terminals that have fewer: one cell for one cell, after everything is drawn."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import lru_cache

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from desk.tui.widgets.text import letters, width_of

_SIGNS = str.maketrans(
    {
        **dict.fromkeys("·│┃║▌▐▏▎▊▕", "|"),
        **dict.fromkeys("─━═▁▔–—−‐‑", "-"),
        **dict.fromkeys("┌┐└┘├┤┬┴┼╭╮╰╯", "+"),
        **dict.fromkeys("«»“”„‟″＂", '"'),
        **dict.fromkeys("‘’‚‛ʼʻ′´＇", "'"),
        **dict.fromkeys("•●■▪", "*"),
        **dict.fromkeys("→▸›▶", ">"),
        **dict.fromkeys("←‹◀≤", "<"),
        **dict.fromkeys("×✗✘", "x"),
        "↑": "^",
        "↓": "v",
        "✓": "v",
        "✔": "v",
        "…": "~",
        "≥": ">",
        "≠": "#",
        "\u00a0": " ",
    }
)
_PAIRS = (("≤ ", "<="), ("≥ ", ">="))
_STROKED = str.maketrans("đĐðÐ", "dDdD")


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """Return `text` with ASCII signs, letters as they are; as many cells as before."""
    if text.isascii():
        return text
    for sign, two in _PAIRS:
        text = text.replace(sign, two)
    text = text.translate(_SIGNS)
    return text if text.isascii() else "".join(map(_letter, letters(text)))


def _letter(letter: str) -> str:
    known = letter.isascii() or unicodedata.category(letter[0])[0] in "LN"
    return letter if known else "?" * width_of(letter)


@lru_cache(maxsize=8192)
def bare(text: str) -> str:
    """Return `text` in ASCII: Vietnamese without its accents, `?` for any other letter; as many cells as before."""
    text = plain(text)
    return text if text.isascii() else "".join(map(_unmarked, letters(text)))


def _unmarked(letter: str) -> str:
    base = unicodedata.normalize("NFD", letter)[0].translate(_STROKED)
    return base if base.isascii() else "?" * width_of(letter)


class SignFilter(LineFilter):
    """Writes every line with the signs the terminal has, borders and fields of the framework too."""

    def __init__(self, write: Callable[[str], str]) -> None:
        super().__init__()
        self._write = write

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - textual's call
        """Return the same cells in other signs."""
        write = self._write
        return [
            segment if segment.text.isascii() else Segment(write(segment.text), segment.style, segment.control)
            for segment in segments
        ]


class ColourlessFilter(LineFilter):
    """Takes every colour away and leaves bold, underline and reverse."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - textual's call
        """Return the same text without colours."""
        return [
            Segment(text, None if style is None else style.without_color, control) for text, style, control in segments
        ]


SIGN_FILTERS = {"plain": SignFilter(plain), "bare": SignFilter(bare)}
COLOURLESS = ColourlessFilter()
