"""Both themes can be read: ratios computed, sixteen colours survived, no literal colour in a style sheet."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from rich.color import Color, ColorSystem
from textual.theme import Theme

import desk.tui
from desk.tui.theme import CONTRAST, NORMAL, OTHER_PAIRS, TEXT_PAIRS, THEMES, contrast
from desk.tui.widgets.form_input import FormInput

STYLES = sorted(Path(desk.tui.__path__[0]).rglob("*.tcss"))


def colour(theme: Theme, name: str) -> str:
    return {**theme.to_color_system().generate(), **theme.variables}[name]


@pytest.mark.parametrize(("pair", "ratio"), [(("#000000", "#ffffff"), 21.0), (("#777777", "#ffffff"), 4.48)])
def test_contrast_is_the_published_one(pair: tuple[str, str], ratio: float) -> None:
    assert contrast(*pair) == pytest.approx(ratio, abs=0.01)


@pytest.mark.parametrize("pair", TEXT_PAIRS, ids=" on ".join)
def test_high_contrast_text(pair: tuple[str, str]) -> None:
    assert contrast(*(colour(CONTRAST, name) for name in pair)) >= 7


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("pair", TEXT_PAIRS + OTHER_PAIRS, ids=" on ".join)
def test_every_pair_can_be_read(theme: Theme, pair: tuple[str, str]) -> None:
    assert contrast(*(colour(theme, name) for name in pair)) >= 4.5


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("pair", TEXT_PAIRS + OTHER_PAIRS, ids=" on ".join)
def test_sixteen_colours_keep_text_and_ground_apart(theme: Theme, pair: tuple[str, str]) -> None:
    numbers = [Color.parse(colour(theme, name)).downgrade(ColorSystem.STANDARD).number for name in pair]
    foreground, background = numbers
    assert foreground is not None
    assert background is not None
    assert background < 8, "a console has no bright backgrounds"
    assert foreground % 8 != background % 8
    assert foreground != 8, "dark grey is no colour for text"


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_style_sheets_name_no_colour(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    literal = re.findall(r"(?:color|background|border[\w-]*)\s*:[^;]*(?:#[0-9a-fA-F]{3}|rgb|hsl|ansi_)[^;]*", text)
    assert literal == []
    assert not re.search(r"transition|blink|offset-", text)


async def test_both_themes_and_a_foreign_one_stand(small_app: Any) -> None:
    app = small_app(FormInput())
    async with app.run_test(size=(80, 24)) as pilot:
        assert app.theme == NORMAL.name
        for name in (CONTRAST.name, "textual-light", NORMAL.name):
            app.theme = name
            await pilot.pause()
        assert (
            app.query_one(FormInput).styles.background.hex.lower() == NORMAL.variables["desk-active-field-background"]
        )
