"""Text as it may stand on one line of a terminal: no control characters, cut by cells, never markup."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from msgspec import Struct
from rich.cells import cell_len

Align = Literal["left", "right"]

_SPACES = frozenset("\t\n\r\v\f\x85\u2028\u2029\u00a0")
_FIRST_COLUMN = re.compile(r" *\S+(?: \S+)* {2,}")
_INDENT = re.compile(" *")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


class Glyphs(Struct, frozen=True):
    """The few signs that are not letters, with plain forms for a console without them."""

    cursor: str = "▸"
    chosen: str = "•"
    rule: str = "─"
    wall: str = "│"
    ellipsis: str = "…"
    before: str = "‹"
    after: str = "›"
    more_above: str = "↑"
    more_below: str = "↓"


FULL = Glyphs()
PLAIN = Glyphs(
    cursor=">", chosen="*", rule="-", wall="|", ellipsis="~", before="<", after=">", more_above="^", more_below="v"
)


def one_line(text: str) -> str:
    """Return `text` in NFC on one line, without control, bidi, zero-width and surrogate characters."""
    if text.isascii() and text.isprintable():
        return text
    kept = (" " if char in _SPACES else char for char in text)
    return unicodedata.normalize("NFC", "".join(c for c in kept if unicodedata.category(c) not in _HIDDEN))


def letters(text: str) -> Iterator[str]:
    """Yield whole letters: a base character together with the marks that follow it."""
    start = 0
    for index in range(1, len(text)):
        if not _is_mark(text[index]):
            yield text[start:index]
            start = index
    if text:
        yield text[start:]


def letter_start(text: str, position: int) -> int:
    """Return where the letter before `position` starts."""
    position -= 1
    while position > 0 and _is_mark(text[position]):
        position -= 1
    return max(0, position)


def letter_end(text: str, position: int) -> int:
    """Return where the letter at `position` ends."""
    position += 1
    while position < len(text) and _is_mark(text[position]):
        position += 1
    return min(len(text), position)


def _is_mark(char: str) -> bool:
    return not char.isascii() and unicodedata.category(char) in {"Mn", "Me", "Mc"}


def width_of(text: str) -> int:
    """Return the width of `text` in cells."""
    return len(text) if text.isascii() else cell_len(text)


def cut(text: str, width: int, ellipsis: str = FULL.ellipsis) -> str:
    """Return at most `width` cells of `text`, ending in `ellipsis` where something was cut."""
    if width_of(text) <= width:
        return text
    if width <= 0:
        return ""
    room = width - width_of(ellipsis)
    kept: list[str] = []
    for letter in letters(text):
        room -= width_of(letter)
        if room < 0:
            break
        kept.append(letter)
    return "".join(kept) + ellipsis


@lru_cache(maxsize=4096)
def fit(text: str, width: int, align: Align = "left", ellipsis: str = FULL.ellipsis) -> str:
    """Return `text` made safe, cut and padded to exactly `width` cells."""
    short = cut(one_line(text), width, ellipsis)
    padding = " " * (width - width_of(short))
    return padding + short if align == "right" else short + padding


def wrap(text: str, width: int) -> list[str]:
    """Return `text` as lines of at most `width` cells, broken at spaces; a longer word is broken by letters.

    What fits stays as it is. A line that does not, and has two columns, goes on under its second one.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        safe = one_line(paragraph).rstrip()
        if width_of(safe) <= width:
            lines.append(safe)
            continue
        line, rest = _hung(safe, width)
        hanging = " " * width_of(line)
        empty = True
        for word in rest.split():
            if not empty and width_of(line) + 1 + width_of(word) <= width:
                line += " " + word
                continue
            if not empty:
                lines.append(line)
                line = hanging
            *full, line = _broken(line, word, width)
            lines.extend(full)
            empty = False
        lines.append(line)
    return lines


def _hung(line: str, width: int) -> tuple[str, str]:
    """Return what stands once before the text that is broken, its first column or its indent, and that text."""
    for shape in (_FIRST_COLUMN, _INDENT):
        found = shape.match(line)
        if found is not None and width_of(found.group()) <= width // 2:
            return found.group(), line[found.end() :]
    return " " * (width // 2), line


def _broken(line: str, word: str, width: int) -> list[str]:
    parts: list[str] = []
    for letter in letters(word):
        if line and width_of(line) + width_of(letter) > width:
            parts.append(line)
            line = ""
        line += letter
    parts.append(line)
    return parts
