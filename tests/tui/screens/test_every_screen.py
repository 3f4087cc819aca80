"""Every screen at three sizes, on a console of sixteen colours and without colours: kept, whole, and readable.

What is kept lies in `tests/golden/screens`, one file for a screen: its text at each size, then for the console and for
a terminal without colours where which style is. After a change that is meant, `DESK_GOLDEN=renew pytest
tests/tui/screens/test_every_screen.py` writes them again; read the difference before it is committed.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

import desk
from desk.tui.looks import Look
from desk.tui.screens.base import DeskScreen
from desk.tui.screens.saved import SlipLines
from desk.tui.theme import CONSOLE_PALETTE, contrast
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.lines import KeyBar
from desk.tui.widgets.modals import TextLines
from desk.tui.widgets.signs import bare, plain
from tests.tui.screens.desk_app import Running
from tests.tui.screens.every_screen import LIKE_THEIR_BASE, PLACES, UNREACHED, Place, at_place, every_class

GOLDEN = Path(__file__).parents[2] / "golden" / "screens"
RENEW = os.environ.get("DESK_GOLDEN") == "renew"
SIZES = ((80, 24), (100, 30), (160, 50))
MOST_BYTES = 1_500_000
WRITTEN = frozenset({".py", ".json", ".csv", ".toml", ".txt"})
NORMAL, CONSOLE, MONO = Look(), Look("console", "plain"), Look("mono", "full")
VIETNAMESE = frozenset(
    unicodedata.normalize("NFC", letter + tone)
    for letter in "aăâeêioôơuưyđAĂÂEÊIOÔƠUƯYĐ"
    for tone in ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
)
_COLOURS = "krgybmcwKRGYBMCW"
"""The console's colours by letters, the bright ones in capitals: black, red, green, yellow, blue, magenta, cyan."""


def test_every_screen_is_in_the_list() -> None:
    listed = {place.shows for place in PLACES}
    assert every_class() - listed == UNREACHED | LIKE_THEIR_BASE
    assert len({place.name for place in PLACES}) == len(PLACES)


def test_what_is_kept_is_of_a_screen_and_small() -> None:
    kept = list(GOLDEN.iterdir())
    assert {path.stem for path in kept} == {place.name for place in PLACES}
    assert sum(path.stat().st_size for path in kept) < MOST_BYTES


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
async def test_a_screen_is_as_it_was_and_whole(place: Place, folder: Path) -> None:
    shown: dict[tuple[Look, int], list[Strip]] = {}
    faults: list[str] = []
    async with at_place(place, folder) as run:
        for look in (NORMAL, CONSOLE, MONO):
            await worn(run, look)
            for width, height in SIZES:
                await resized(run, width, height)
                shown[look, width] = strips = run.app.screen._compositor.render_strips()
                said = FAULTS[look](strips)
                if look is NORMAL:
                    text = [strip.text.rstrip() for strip in strips]
                    said += [*parts_of_words(text), *clipped(run), *missing_keys(run, text), *unseen_focus(run)]
                faults += [f"{width}x{height} {look.theme}: {fault}" for fault in said]
            if look is not NORMAL:
                faults += await focus_without_a_look(run, look)
    kept: list[str] = []
    for width, height in SIZES:
        title, text = f"{width}x{height}", [strip.text.rstrip() for strip in shown[NORMAL, width]]
        kept += [f"## {title}", *text]
        # One cell for one cell: what is kept of the console is the few lines with other words for a sign.
        plainly = [strip.text.rstrip() for strip in shown[CONSOLE, width]]
        differing = [line for line, full in zip(plainly, text, strict=True) if line != plain(full).rstrip()]
        kept += [f"## {title} console text", *differing] if differing else []
        kept += [f"## {title} console", *style_lines(shown[CONSOLE, width], console_style)]
        kept += [f"## {title} mono", *style_lines(shown[MONO, width], mono_style)]
    same_as_kept(place.name, "\n".join(kept) + "\n")
    assert faults == []


@pytest.mark.parametrize("name", ["home", "receive", "dossier"])
@pytest.mark.parametrize("theme", ["normal", "contrast"])
async def test_a_true_colour_screen_can_be_read(name: str, theme: str, folder: Path) -> None:
    place = next(place for place in PLACES if place.name == name)
    async with at_place(place, folder) as run:
        least = {
            contrast(style.color.triplet.hex, style.bgcolor.triplet.hex)
            for text, style in styled(await worn(run, Look(theme)))
            if text.strip() and style.color and style.bgcolor and style.color.triplet and style.bgcolor.triplet
        }
        assert min(least) >= 4.5


async def test_not_one_letter_with_a_mark_on_a_terminal_that_is_not_utf8(folder: Path) -> None:
    place = next(place for place in PLACES if place.name == "receive")
    async with at_place(place, folder) as run:
        before = [strip.text for strip in await worn(run, NORMAL)]
        after = [strip.text for strip in await worn(run, Look("console", "bare"))]
        assert after == [bare(line) for line in before]
        assert "".join(after).isascii()
        assert "Nguyen Thi Thuy" in after[1]
        # What is typed and saved is what it was.
        assert "Nguyễn Thị Thúy" in [getattr(each, "value", "") for each in run.app.screen.walk_children(Widget)]


def same_as_kept(name: str, found: str) -> None:
    path = GOLDEN / f"{name}.txt"
    if RENEW:
        path.write_text(found, encoding="utf-8", newline="\n")
    assert found == path.read_text(encoding="utf-8"), f"{name} looks otherwise than in {path.name}"


async def resized(run: Running, width: int, height: int) -> None:
    await run.pilot.resize_terminal(width, height)
    await run.silence()


async def worn(run: Running, look: Look) -> list[Strip]:
    """Return the lines of the screen in a look."""
    run.app.wear(look)
    await run.pilot.pause()
    return run.app.screen._compositor.render_strips()


def styled(strips: Sequence[Strip]) -> Iterator[tuple[str, Style]]:
    for strip in strips:
        for text, style, _control in strip:
            yield text, style or Style.null()


def style_lines(strips: Sequence[Strip], name: Callable[[Segment], str]) -> list[str]:
    """Return for each line with a style of its own where it is: `3 0-80 W/b, 12-20 C/k*`."""
    lines = []
    for number, strip in enumerate(strips):
        runs, at = [], 0
        cells = [(name(segment), segment.cell_length) for segment in strip]
        for key, group in groupby(cells, lambda cell: cell[0]):
            length = sum(cell[1] for cell in group)
            if key:
                runs.append(f"{at}-{at + length} {key}")
            at += length
        if runs:
            lines.append(f"{number} {', '.join(runs)}")
    return lines


def console_colours(style: Style) -> tuple[int, int]:
    """Return what a console shows: bold is bright there."""
    triplets = [each.triplet.hex if each and each.triplet else None for each in (style.color, style.bgcolor)]
    front, back = (CONSOLE_PALETTE.index(hex) if hex in CONSOLE_PALETTE else -1 for hex in triplets)
    return front + 8 if style.bold and 0 <= front < 8 else front, back


def console_style(segment: Segment) -> str:
    style = segment.style or Style.null()
    front, back = console_colours(style)
    if not segment.text.strip() and not style.underline:
        return f"/{_COLOURS[back]}" if back else ""
    name = f"{_COLOURS[front]}/{_COLOURS[back]}" + ("_" if style.underline else "")
    return "" if name == "w/k" else name


def mono_style(segment: Segment) -> str:
    style = segment.style or Style.null()
    names = ("b" if style.bold else "", "u" if style.underline else "", "r" if style.reverse else "")
    seen = names if segment.text.strip() else names[1:]
    return "".join(seen)


def strange_signs(strips: Sequence[Strip]) -> list[str]:
    text = "".join(strip.text for strip in strips)
    found = {char for char in text if not (char.isascii() and char.isprintable()) and char not in VIETNAMESE}
    return [f"a console has no {sorted(found)}"] if found else []


def no_faults(_strips: Sequence[Strip]) -> list[str]:
    return []


def not_for_a_console(strips: Sequence[Strip]) -> list[str]:
    return [*strange_signs(strips), *unreadable(strips)]


def unreadable(strips: Sequence[Strip]) -> list[str]:
    """Return what a console does not show, or not well enough."""
    faults = []
    for text, style in styled(strips):
        front, back = console_colours(style)
        if not 0 <= back < 8 or (text.strip() and front < 0):
            faults.append(f"{text.strip()!r} in {style}: not of the console")
        elif text.strip() and contrast(CONSOLE_PALETTE[front], CONSOLE_PALETTE[back]) < 4.5:
            faults.append(f"{text.strip()!r} in {style}: hard to read")
    return faults


def colours(strips: Sequence[Strip]) -> list[str]:
    return [f"a colour at {text!r}" for text, style in styled(strips) if style.color or style.bgcolor]


FAULTS = {NORMAL: no_faults, CONSOLE: not_for_a_console, MONO: colours}


@cache
def written_words() -> frozenset[str]:
    """Return every word that stands in the program, in its reference data and in the data of these tests."""
    places = (*Path(desk.__path__[0]).rglob("*"), *Path(__file__).parent.glob("*.py"))
    text = "\n".join(each.read_text(encoding="utf-8").lower() for each in places if each.suffix in WRITTEN)
    return frozenset(re.findall(r"\w+", text))


def parts_of_words(text: Iterable[str]) -> list[str]:
    """Return words that were cut without a sign of it."""
    found = (match for line in text for match in re.finditer(r"\w+(?![\w…])", line) if match[0].isalpha())
    unknown = (match for match in found if len(match[0]) > 1 and match[0].lower() not in written_words())
    return [f"{match[0]!r} is no word in {match.string.strip()!r}" for match in unknown]


def leaves(run: Running) -> list[Widget]:
    return [each for each in run.app.screen.walk_children(Widget) if each.is_on_screen and not each.children]


def clipped(run: Running) -> list[str]:
    """Return widgets of which a part lies outside of what is seen."""
    whole = Region(0, 0, *run.app.size)
    faults = []
    for each in leaves(run):
        place = run.app.screen.find_widget(each)
        seen = place.visible_region
        if (place.region.area and place.region not in (seen, Region())) or not whole.contains_region(place.region):
            faults.append(f"{each!r} is seen in part: {place.visible_region} of {place.region}")
    return faults


def missing_keys(run: Running, text: Sequence[str]) -> list[str]:
    """Return that the keys are not on the last line."""
    screen = run.app.screen
    if not isinstance(screen, DeskScreen):
        return []
    bar = screen.query_one("#keys", KeyBar)
    left = text[-1].lstrip()
    return [] if bar.region.y == run.app.size.height - 1 and left.startswith(bar.text.split("  ")[0]) else ["no keys"]


def unseen_focus(run: Running) -> list[str]:
    """Return that the widget in focus is not whole on the screen."""
    focused = run.app.screen.focused
    if focused is None:
        return []
    place = run.app.screen.find_widget(focused)
    seen = place.region.area > 0 and place.visible_region == place.region
    return [] if seen else [f"{focused!r} has the focus and is not seen"]


async def focus_without_a_look(run: Running, look: Look) -> list[str]:
    """Return that the widget in focus looks as it does without."""
    screen, focused = run.app.screen, run.app.screen.focused
    # A page to read is all there is on the screen, and an empty list has no line for the cursor.
    if (
        focused is None
        or isinstance(focused, TextLines | SlipLines)
        or (isinstance(focused, LineList) and not len(focused))
    ):
        return []
    with_focus = in_region(screen._compositor.render_strips(), focused.region)
    screen.set_focus(None)
    await run.settle()
    without = in_region(screen._compositor.render_strips(), focused.region)
    screen.set_focus(focused)
    await run.settle()
    return [] if with_focus != without else [f"{look.theme}: nobody sees that {focused!r} has the focus"]


def in_region(strips: Sequence[Strip], region: Region) -> list[list[Segment]]:
    lines = strips[region.y : region.bottom]
    return [list(strip.crop(region.x, region.right).simplify()) for strip in lines]
