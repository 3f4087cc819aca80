"""Every screen of the office at three sizes, on a console of sixteen colours and without colours: kept and readable.

What is kept lies in `tests/golden/office`; `DESK_GOLDEN=renew` writes it again, as for the counter's screens.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from textual.strip import Strip

from desk.province.service import Province
from desk.tui.commands import LONGEST_LABEL, Command, found, help_lines, in_force
from desk.tui.learning import bar_width
from desk.tui.looks import Look
from desk.tui.province import commands
from desk.tui.province.alarms import AlarmsScreen
from desk.tui.province.base import OfficeScreen
from desk.tui.province.commands import BY_NAME, EVERYWHERE
from desk.tui.province.cover import OfficeCover
from desk.tui.province.day import DayScreen
from desk.tui.province.period import SPANS, PeriodScreen
from desk.tui.province.ranking import RankingScreen
from desk.tui.province.report import ReportScreen
from desk.tui.province.trend import TrendScreen
from desk.tui.province.unit import UnitScreen
from desk.tui.widgets.signs import bare, plain
from desk.tui.widgets.text import width_of
from desk.words import use_language
from tests.province.factory import Clock
from tests.tui.province.office_app import Office, office
from tests.tui.screens.desk_app import DOWN, ENTER, F2, F3, F6, F8, F12, RIGHT
from tests.tui.screens.test_every_screen import (
    CONSOLE,
    FAULTS,
    MONO,
    NORMAL,
    RENEW,
    SIZES,
    clipped,
    console_style,
    focus_without_a_look,
    mono_style,
    resized,
    style_lines,
    unseen_focus,
    worn,
)

GOLDEN = Path(__file__).parents[2] / "golden" / "office"

PLACES: dict[str, tuple[type[object], tuple[str, ...]]] = {
    "day": (DayScreen, ("1", RIGHT, RIGHT)),
    "unit": (UnitScreen, (DOWN, ENTER)),
    "trend": (TrendScreen, (F2,)),
    "unit-trend": (TrendScreen, (DOWN, ENTER, F2)),
    "ranking": (RankingScreen, (F3,)),
    "report": (ReportScreen, (F8,)),
    "alarms": (AlarmsScreen, (F6, DOWN, DOWN, DOWN)),
    "cover": (OfficeCover, (F12,)),
}
SCREENS = (DayScreen, UnitScreen, TrendScreen, RankingScreen, ReportScreen, AlarmsScreen)


def test_every_screen_of_the_office_is_in_the_list() -> None:
    every = {each for base in (OfficeScreen, PeriodScreen) for each in base.__subclasses__()} - {PeriodScreen}
    assert every == set(SCREENS)
    assert {shows for shows, _keys in PLACES.values()} == every | {OfficeCover}
    assert {path.stem for path in GOLDEN.iterdir()} == set(PLACES)


@pytest.mark.parametrize("name", PLACES)
async def test_a_screen_is_as_it_was_and_whole(name: str, province: Province, clock: Clock) -> None:
    shows, keys = PLACES[name]
    shown: dict[tuple[Look, int], list[Strip]] = {}
    faults: list[str] = []
    async with office(province, clock) as run:
        await run.keys(*keys)
        assert isinstance(run.app.screen, shows)
        for look in (NORMAL, CONSOLE, MONO):
            await worn(run, look)
            for width, height in SIZES:
                await resized(run, width, height)
                shown[look, width] = strips = run.app.screen._compositor.render_strips()
                said = [*FAULTS[look](strips), *clipped(run), *unseen_focus(run), *no_keys(run)]
                faults += [f"{width}x{height} {look.theme}: {fault}" for fault in said]
            if look is not NORMAL:
                faults += await focus_without_a_look(run, look)
    same_as_kept(name, "\n".join(pictures(shown)) + "\n")
    assert faults == []


def pictures(shown: dict[tuple[Look, int], list[Strip]]) -> list[str]:
    """Return the texts, the lines that a console words otherwise, and where which style is."""
    kept: list[str] = []
    for width, height in SIZES:
        title, text = f"{width}x{height}", texts(shown[NORMAL, width])
        kept += [f"## {title}", *text]
        differing = [
            line for line, full in zip(texts(shown[CONSOLE, width]), text, strict=True) if line != plain(full).rstrip()
        ]
        kept += [f"## {title} console text", *differing] if differing else []
        kept += [f"## {title} console", *style_lines(shown[CONSOLE, width], console_style)]
        kept += [f"## {title} mono", *style_lines(shown[MONO, width], mono_style)]
    return kept


def texts(strips: Sequence[Strip]) -> list[str]:
    return [strip.text.rstrip() for strip in strips]


def same_as_kept(name: str, found_now: str) -> None:
    path = GOLDEN / f"{name}.txt"
    if RENEW:
        path.write_text(found_now, encoding="utf-8", newline="\n")
    assert found_now == path.read_text(encoding="utf-8"), f"{name} looks otherwise than in {path.name}"


def no_keys(run: Office) -> list[str]:
    shown = isinstance(run.app.screen, OfficeCover) or run.lines[-1].startswith(" F1 Giúp")
    return [] if shown else ["no keys on the last line"]


async def test_not_one_letter_with_a_mark_on_a_terminal_that_is_not_utf8(province: Province, clock: Clock) -> None:
    async with office(province, clock) as run:
        for keys in ((), (F2,), (F6,)):
            await run.keys(*keys)
            await worn(run, NORMAL)
            before = run.lines
            await worn(run, Look("console", "bare"))
            assert "".join(run.lines).isascii()
            # The columns of the chart have plain signs of their own.
            same = [line for line in before if not set("▁▂▃▄▅▆▇█") & set(line)]
            assert {bare(line).rstrip() for line in same} <= {line.replace(">", ">") for line in run.lines}


@pytest.mark.parametrize("screen", SCREENS)
def test_a_command_of_the_office_is_declared_once(screen: type[OfficeScreen]) -> None:
    here = [*in_force(screen.COMMANDS_HERE, EVERYWHERE), *BY_NAME]
    assert len({command.id for command in here}) == len(here)
    bound = {binding.id: binding for binding in screen.BINDINGS if not isinstance(binding, tuple)}
    for command in screen.COMMANDS_HERE:
        assert bound[command.id] == command.binding()
    assert set(bound) == {command.id for command in screen.COMMANDS_HERE}
    assert {command.id for command in screen.KEYS_SHOWN} <= {command.id for command in here}
    assert len(screen.KEYS_SHOWN) <= 6
    for language in ("vi", "en"):
        use_language(language)
        assert bar_width(screen.KEYS_SHOWN) <= 78
        for command in here:
            assert 0 < width_of(command.label) <= LONGEST_LABEL, command.id
            assert command.help.endswith("."), command.id
            assert command in found(here, command.label)
            start = command.key_names or command.label
            assert any(line.strip().startswith(start) and command.help in line for line in help_lines(here))


def test_the_periods_fit_on_one_line_in_both_languages() -> None:
    for language in ("vi", "en"):
        use_language(language)
        for screen in (TrendScreen, RankingScreen):
            digits = [each for each in screen.COMMANDS_HERE if each.key.isdigit()]
            assert sum(width_of(f"{each.key} {each.label}") for each in digits) + 2 * (len(digits) - 1) <= 78


def test_every_command_that_is_declared_is_used() -> None:
    used = {each.id for screen in SCREENS for each in (*screen.COMMANDS_HERE, *SPANS)} | {
        each.id for each in EVERYWHERE
    }
    declared = {each.id for each in vars(commands).values() if isinstance(each, Command)}
    assert declared <= used | {each.id for each in BY_NAME}
