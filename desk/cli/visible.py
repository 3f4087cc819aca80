"""Standard output on which text of the record stays text: what could steer a terminal is written out."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Controls of either set, bidi marks and other invisible characters, surrogates, other ends of lines."""

_LAID_OUT = frozenset("\n\t\f")
"""Controls that the pages of this program use themselves."""


def visible(text: str) -> str:
    r"""Return `text` with what nobody sees written as `\u001b`, which in a JSON document is the same character."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char in _LAID_OUT else _shown(char) for char in text)


def in_a_line(text: str) -> str:
    """Return the same for a text that is to stay on its line: its own line ends and tabs are written out too."""
    return text if text.isprintable() else "".join(map(_shown, text))


def _shown(char: str) -> str:
    if unicodedata.category(char) not in _HIDDEN:
        return char
    units = char.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))


class _Visible:
    """A stream that writes out what is hidden; all else of it is the stream's own."""

    def __init__(self, raw: TextIO) -> None:
        self.raw = raw

    def write(self, text: str) -> int:
        self.raw.write(visible(text))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.raw, name)


@contextmanager
def visible_output() -> Iterator[None]:
    """Let nothing that a command prints steer the terminal."""
    with _standard_output(cast("TextIO", _Visible(sys.stdout))):
        yield


@contextmanager
def raw_output() -> Iterator[None]:
    """Let a program of screens that a command opens have the terminal."""
    with _standard_output(sys.stdout.raw if isinstance(sys.stdout, _Visible) else sys.stdout):
        yield


@contextmanager
def _standard_output(stream: TextIO) -> Iterator[None]:
    before = sys.stdout
    sys.stdout = stream
    try:
        yield
    finally:
        sys.stdout = before
