"""What the terminal shows, cell by cell: of every update only the cells that look different are sent.

A line of 9.6 kbit/s carries about a thousand characters a second; a list of finds repainted whole is five thousand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from itertools import chain
from typing import TypeVar

from rich.color import ColorSystem
from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

from desk.tui.widgets.text import letters, width_of

Pen = tuple[str, str, str]
"""Codes of attributes, foreground and background, as a terminal takes them; an empty one is its default."""
Cell = tuple[str, Pen]
"""A letter with its marks and how it is drawn; the second cell of a wide letter is empty."""

PLAIN: Pen = ("", "", "")
STEP = 4
"""Cells that look the same are sent again where fewer than this lie between two that do not: moving costs as much."""

Look = TypeVar("Look")
Run = tuple[int, int, Iterable[Segment]]
"""Column, line and what is drawn from there."""


class Frame:
    """The cells of one terminal as they were last sent."""

    def __init__(self) -> None:
        self._lines: dict[int, dict[int, Cell]] = {}
        self.updates = 0
        """How often something was sent."""

    def forget(self) -> None:
        """Know nothing of what the terminal shows: the next update is sent whole."""
        self._lines.clear()

    def sequence(self, runs: Iterable[Run], system: ColorSystem) -> str:
        """Return what brings the terminal from what it shows to these runs, and take it for shown."""
        sent: list[str] = []
        pen, drawn = PLAIN, partial(pen_of, system=system)
        for column, y, segments in runs:
            line = self._lines.setdefault(y, {})
            fresh = list(cells_of(segments, drawn))
            for start, end in changed(line, column, fresh):
                sent.append(f"\x1b[{y + 1};{start + 1}H")
                for letter, wanted in fresh[start - column : end - column]:
                    if wanted != pen:
                        sent.append(turn(pen, wanted))
                        pen = wanted
                    sent.append(letter)
            line.update(enumerate(fresh, column))
        if pen != PLAIN:
            sent.append("\x1b[m")
        self.updates += bool(sent)
        return "".join(sent)


class SparingUpdate(CompositorUpdate):
    """An update of the framework's compositor, of which only what looks different reaches the terminal."""

    def __init__(self, frame: Frame, update: ChopsUpdate | LayoutUpdate) -> None:
        self._frame = frame
        self._update = update

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw all of it, for who asks for no sequence."""
        yield from self._update.__rich_console__(console, options)

    def render_segments(self, console: Console) -> str:
        """Return the sequence to write; called once, when it is written."""
        system = console._color_system or ColorSystem.TRUECOLOR  # the framework's own reading of the terminal
        return self._frame.sequence(runs_of(self._update), system)


def runs_of(update: ChopsUpdate | LayoutUpdate) -> Iterator[Run]:
    """Return what an update draws, line by line."""
    if isinstance(update, LayoutUpdate):
        for y, strips in enumerate(update.strips, update.region.y):
            yield update.region.x, y, chain.from_iterable(strips)
        return
    for y, left, right in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is not None and x <= right and end > left:
                yield x, y, strip if end <= right else strip.crop(0, right - x)


def changed(line: dict[int, Cell], column: int, fresh: list[Cell]) -> Iterator[tuple[int, int]]:
    """Return first and one past the last column of each stretch to send; a wide letter is never split."""
    start = end = -1
    for x, cell in enumerate(fresh, column):
        if line.get(x) == cell:
            continue
        first = x - 1 if not cell[0] and x > column else x
        if end < 0:
            start = first
        elif first - end >= STEP:
            yield start, end
            start = first
        end = x + 1
    if end >= 0:
        yield start, end


def cells_of(segments: Iterable[Segment], drawn: Callable[[Style | None], Look]) -> Iterator[tuple[str, Look]]:
    """Return the cells that segments fill: each letter with how it is drawn, the second cell of a wide one empty."""
    for text, style, control in segments:
        if control:
            continue
        look = drawn(style)
        if text.isascii():
            for letter in text:
                yield letter, look
            continue
        for letter in letters(text):
            yield letter, look
            for _more in range(width_of(letter) - 1):
                yield "", look


@lru_cache(maxsize=1024)
def pen_of(style: Style | None, system: ColorSystem) -> Pen:
    """Return the codes that a style is drawn with."""
    if style is None:
        return PLAIN
    ansi = Strip.render_ansi(style, system)
    codes, found = ansi.split(";") if ansi else [], {"attributes": list[str](), "3": list[str](), "4": list[str]()}
    while codes:
        code = codes.pop(0)
        # 38 and 48 begin a colour of 256 (two more codes) or of millions (four more).
        more = {"5": 2, "2": 4}[codes[0]] if code in {"38", "48"} else 0
        ground = {"3": "3", "9": "3", "4": "4", "1": "4"}.get(code[0]) if _is_colour(int(code)) else None
        found[ground or "attributes"] += [code, *codes[:more]]
        del codes[:more]
    return (";".join(found["attributes"]), ";".join(found["3"]), ";".join(found["4"]))


def _is_colour(code: int) -> bool:
    return 30 <= code <= 49 or 90 <= code <= 107


@lru_cache(maxsize=4096)
def turn(pen: Pen, wanted: Pen) -> str:
    """Return the sequence that makes a terminal draw like `wanted` after it drew like `pen`."""
    (had, *_grounds), (attributes, front, back) = pen, wanted
    if attributes != had:
        # There is no one code that takes a single attribute away on every terminal.
        return f"\x1b[{';'.join(['0', *filter(None, wanted)]) if any(wanted) else ''}m"
    codes = []
    if front != pen[1]:
        codes.append(front or "39")
    if back != pen[2]:
        codes.append(back or "49")
    return f"\x1b[{';'.join(codes)}m"


__all__ = ["Cell", "Frame", "Pen", "Run", "SparingUpdate", "cells_of", "changed", "pen_of", "runs_of", "turn"]
