"""Only what looks different reaches the terminal, and the terminal shows the same as if everything had."""

from __future__ import annotations

from collections.abc import Iterable

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style

from desk.tui.widgets.frames import PLAIN, STEP, Frame, Pen, Run, cells_of, changed, pen_of, turn

WIDE, HIGH = 12, 3
NO_WRAP = "\x1b[?7l"
"""The framework takes line wrap from the terminal before it draws."""
STYLES = (
    None,
    Style(),
    Style(bold=True),
    Style(color="#102030"),
    Style(color="red", bgcolor="#e0e0ff"),
    Style(bgcolor="blue", underline=True),
    Style(color="#ffffff", bgcolor="bright_green", bold=True, reverse=True),
    Style(color="default", bgcolor="default", italic=True),
)
WIDE_LETTERS = "國🏛"
LETTERS = ("a", " ", "ế", "Đ", "▸", *WIDE_LETTERS, "e\u0302\u0323")

pieces = st.lists(
    st.tuples(st.lists(st.sampled_from(LETTERS), min_size=1, max_size=4), st.sampled_from(STYLES)), max_size=4
)


def fitted(line: list[tuple[list[str], Style | None]], room: int) -> list[Segment]:
    """Return the letters of a line that fit into so many cells."""
    drawn = []
    for letters, style in line:
        for letter in letters:
            if room >= (needs := 2 if letter in WIDE_LETTERS else 1):
                drawn.append(Segment(letter, style))
                room -= needs
    return drawn


@st.composite
def runs(draw: st.DrawFn) -> Run:
    """Return what is drawn on one line, from anywhere in it, without wide letters: one could be left half covered."""
    y, column = draw(st.integers(0, HIGH - 1)), draw(st.integers(0, WIDE - 1))
    drawn = fitted(draw(pieces), WIDE - column)
    return column, y, [each for each in drawn if each.text not in WIDE_LETTERS]


def shown(screen: pyte.Screen) -> list[list[tuple[object, ...]]]:
    """Return every cell: what it holds and how it is drawn."""
    return [[tuple(screen.buffer[y][x]) for x in range(WIDE)] for y in range(HIGH)]


def whole(column: int, y: int, segments: Iterable[Segment], system: ColorSystem) -> str:
    """Return the sequence that draws a run without looking at what is there."""
    drawn = "".join(f"\x1b[0m{turn(('x', '', ''), pen_of(each.style, system))}{each.text}" for each in segments)
    return f"\x1b[{y + 1};{column + 1}H{drawn}\x1b[0m"


def looks_the_same(updates: list[list[Run]], system: ColorSystem) -> None:
    """Hold a terminal that got what changed against one that got everything, after each update."""
    sparing, plain, frame = pyte.Screen(WIDE, HIGH), pyte.Screen(WIDE, HIGH), Frame()
    first, second = pyte.Stream(sparing), pyte.Stream(plain)
    for stream in (first, second):
        stream.feed(NO_WRAP)
    for drawn in updates:
        first.feed(frame.sequence(drawn, system))
        for column, y, segments in drawn:
            second.feed(whole(column, y, segments, system))
        assert shown(sparing) == shown(plain)


@given(st.lists(st.lists(pieces, min_size=HIGH, max_size=HIGH), min_size=1, max_size=5))
def test_whole_screens_look_the_same(frames: list[list[list[tuple[list[str], Style | None]]]]) -> None:
    def filled(line: list[tuple[list[str], Style | None]]) -> list[Segment]:
        drawn = fitted(line, WIDE)
        return [*drawn, Segment(" " * (WIDE - sum(each.cell_length for each in drawn)))]

    updates: list[list[Run]] = [[(0, y, filled(line)) for y, line in enumerate(lines)] for lines in frames]
    looks_the_same(updates, ColorSystem.TRUECOLOR)


@given(
    st.lists(runs(), max_size=8), st.sampled_from([ColorSystem.TRUECOLOR, ColorSystem.EIGHT_BIT, ColorSystem.STANDARD])
)
def test_runs_anywhere_look_the_same(drawn: list[Run], system: ColorSystem) -> None:
    looks_the_same([[run] for run in drawn], system)


def test_what_is_shown_already_is_not_sent() -> None:
    frame, line = Frame(), [Segment("Hồ sơ", Style(bold=True)), Segment(" của ai")]
    assert frame.sequence([(0, 0, line)], ColorSystem.TRUECOLOR) == "\x1b[1;1H\x1b[0;1mHồ sơ\x1b[m của ai"
    assert frame.sequence([(0, 0, line)], ColorSystem.TRUECOLOR) == ""
    frame.forget()
    assert frame.sequence([(0, 0, line)], ColorSystem.TRUECOLOR) != ""


@pytest.mark.parametrize(
    ("before", "after", "sent"),
    [
        ("0123456789", "01x3456789", "\x1b[1;3Hx"),
        ("0123456789", "x123x56789", "\x1b[1;1Hx123x"),
        ("0123456789", "x1234x6789", "\x1b[1;1Hx\x1b[1;6Hx"),
        ("01國3456789", "01國x456789", "\x1b[1;5Hx"),
    ],
)
def test_one_moves_where_moving_is_shorter(before: str, after: str, sent: str) -> None:
    assert STEP == 4
    frame = Frame()
    frame.sequence([(0, 0, [Segment(before)])], ColorSystem.TRUECOLOR)
    assert frame.sequence([(0, 0, [Segment(after)])], ColorSystem.TRUECOLOR) == sent


@pytest.mark.parametrize(
    ("style", "system", "pen"),
    [
        (None, ColorSystem.TRUECOLOR, ("", "", "")),
        (Style(bold=True, underline=True), ColorSystem.TRUECOLOR, ("1;4", "", "")),
        (Style(color="#102030", bgcolor="#a0b0c0"), ColorSystem.TRUECOLOR, ("", "38;2;16;32;48", "48;2;160;176;192")),
        (Style(color="#5f87af", italic=True), ColorSystem.EIGHT_BIT, ("3", "38;5;67", "")),
        (Style(color="bright_red", bgcolor="bright_blue"), ColorSystem.STANDARD, ("", "91", "104")),
        (Style(color="default", bgcolor="default"), ColorSystem.STANDARD, ("", "39", "49")),
    ],
)
def test_the_codes_of_a_style(style: Style | None, system: ColorSystem, pen: Pen) -> None:
    assert pen_of(style, system) == pen


def test_only_the_ground_that_changes_is_named() -> None:
    assert turn(("1", "31", "44"), ("1", "32", "44")) == "\x1b[32m"
    assert turn(("", "31", "44"), ("", "31", "")) == "\x1b[49m"
    assert turn(("1", "31", ""), ("", "", "")) == "\x1b[m"
    assert turn(("1", "31", ""), ("4", "31", "")) == "\x1b[0;4;31m"


@pytest.mark.parametrize(
    ("before", "after", "sent"),
    [
        ("abc", "abc", []),
        ("abc", "aXc", [(1, 2)]),
        # The letter brings its second cell.
        ("a漢c", "a字c", [(1, 2)]),
        ("a漢c", "axyc", [(1, 3)]),
        ("axyc", "a漢c", [(1, 3)]),
        ("ae\u0302c", "aec", [(1, 2)]),
    ],
)
def test_only_the_cells_that_differ_are_sent_and_no_wide_letter_is_split(
    before: str, after: str, sent: list[tuple[int, int]]
) -> None:
    old, new = (list(cells_of([Segment(text)], lambda _style: PLAIN)) for text in (before, after))
    assert list(changed(dict(enumerate(old, 7)), 7, new)) == [(start + 7, end + 7) for start, end in sent]
