"""The look of a terminal: what it says of itself, what the office has set, and what then reaches it."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest

from desk.settings import CHOICES
from desk.tui.keys import prepare_terminal
from desk.tui.looks import Look, Looks, automatic_signs, automatic_theme, look_of
from desk.tui.theme import BY_NAME, CONSOLE, CONSOLE_PALETTE, NORMAL, OTHER_PAIRS, TEXT_PAIRS, contrast
from desk.tui.widgets.form_input import FormInput
from desk.tui.widgets.line_list import Column, LineList, Row
from desk.tui.widgets.lines import Rule, TopLine
from desk.tui.widgets.signs import bare, plain
from desk.tui.widgets.text import width_of

LETTERS = "AĂÂEÊIOÔƠUƯYĐaăâeêioôơuưyđ"
TONES = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")


@pytest.mark.parametrize(
    ("environ", "theme"),
    [
        ({"TERM": "xterm-256color"}, "normal"),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, "normal"),
        ({"TERM": "xterm-kitty"}, "normal"),
        ({}, "normal"),
        ({"TERM": "linux"}, "console"),
        ({"TERM": "xterm-16color"}, "console"),
        ({"TERM": "xterm"}, "console"),
        ({"TERM": "xterm-256color", "TEXTUAL_COLOR_SYSTEM": "standard"}, "console"),
        ({"TERM": "linux", "TEXTUAL_COLOR_SYSTEM": "256"}, "normal"),
        ({"TERM": "vt220"}, "mono"),
        ({"TERM": "dumb"}, "mono"),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, "mono"),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, "normal"),
    ],
)
def test_the_terminal_says_which_theme(environ: dict[str, str], theme: str) -> None:
    assert automatic_theme(environ) == theme


@pytest.mark.parametrize(
    ("environ", "codeset", "signs"),
    [
        ({"TERM": "xterm-256color", "LANG": "vi_VN.UTF-8"}, "UTF-8", "full"),
        ({"TERM": "xterm-256color"}, "ANSI_X3.4-1968", "full"),
        ({"TERM": "linux", "LANG": "C.UTF-8"}, "UTF-8", "plain"),
        ({"TERM": "vt220", "LANG": "vi_VN.utf8"}, "UTF-8", "plain"),
        ({"TERM": "xterm", "LANG": "vi_VN.TCVN"}, "TCVN5712-1", "bare"),
        ({"TERM": "xterm", "LANG": "en_US.ISO-8859-1"}, "ISO-8859-1", "bare"),
        ({"TERM": "xterm", "LANG": "en_US"}, "ISO-8859-1", "bare"),
        ({"TERM": "xterm", "LANG": "vi_VN"}, "UTF-8", "full"),
        ({"TERM": "xterm", "LANG": "vi_VN.UTF-8", "LC_ALL": "C"}, "ANSI_X3.4-1968", "bare"),
        ({"TERM": "linux", "LANG": "de_DE.ISO-8859-15@euro"}, "ISO-8859-15", "bare"),
    ],
)
def test_the_terminal_says_which_signs(environ: dict[str, str], codeset: str, signs: str) -> None:
    assert automatic_signs(environ, codeset) == signs


def test_what_the_office_has_set_comes_first() -> None:
    console = {"TERM": "linux", "NO_COLOR": "1"}
    assert look_of("auto", "auto", console) == Look("mono", "plain")
    assert look_of("contrast", "full", console) == Look("contrast", "full")
    looks = Looks("auto", "auto", console)
    assert looks.chosen("theme", "console").look == Look("console", "plain")
    assert looks.chosen("signs", "bare").look == Look("mono", "bare")


def test_every_word_of_the_settings_is_a_look() -> None:
    assert set(CHOICES["theme"]) - {"auto"} == set(BY_NAME)
    assert set(CHOICES["signs"]) == {"auto", "full", "plain", "bare"}


def test_a_dumb_terminal_still_gets_bold_and_reverse() -> None:
    environ = {"TERM": "dumb"}
    prepare_terminal(environ)
    assert environ["TEXTUAL_COLOR_SYSTEM"] == "standard"
    environ = {"TERM": "xterm-256color"}
    prepare_terminal(environ)
    assert "TEXTUAL_COLOR_SYSTEM" not in environ


def test_signs_become_ascii_and_vietnamese_stays() -> None:
    every = [unicodedata.normalize("NFC", letter + tone) for letter in LETTERS for tone in TONES]
    for letter in every:
        assert plain(letter) == letter
        assert bare(letter).isascii()
        assert bare(letter).isalpha()
        assert width_of(bare(letter)) == width_of(letter) == 1
    assert bare("Nguyễn Đức Thịnh · đường") == "Nguyen Duc Thinh | duong"
    assert plain("▸ ‹ Đã gửi › ✓ 042•••••0708 … ≤ 200.000 «x» ─") == '> < Đã gửi > v 042*****0708 ~ <=200.000 "x" -'
    assert plain("☃ 𠮷 ║") == "? 𠮷 |"
    assert bare("𠮷野") == "????"


@pytest.mark.parametrize("text", ["☃𠮷a\u0301\u0302", "≤ ", "≤", "·•▸─…—", "Đ\u0301"])
def test_no_cell_is_gained_or_lost(text: str) -> None:
    assert width_of(plain(text)) == width_of(bare(text)) == width_of(text)


@pytest.mark.parametrize("name", sorted(CONSOLE.variables))
def test_the_console_theme_is_made_of_the_consoles_colours(name: str) -> None:
    value = CONSOLE.variables[name]
    if value.startswith("#"):
        assert value in CONSOLE_PALETTE
        assert "background" not in name or value in CONSOLE_PALETTE[:8], "a console has no bright backgrounds"


@pytest.mark.parametrize(("pairs", "least"), [(TEXT_PAIRS, 7.0), (OTHER_PAIRS, 4.5)])
def test_the_console_theme_can_be_read(pairs: tuple[tuple[str, str], ...], least: float) -> None:
    colours = {**CONSOLE.to_color_system().generate(), **CONSOLE.variables}
    ratios = {pair: contrast(*(colours[name] for name in pair)) for pair in pairs}
    assert {pair: ratio for pair, ratio in ratios.items() if ratio < least} == {}


async def test_no_colour_at_all_where_none_is_wanted(small_app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    rows = LineList([Column("Số", flex=1)], [Row("a", ("một",), style="late"), Row("b", ("hai",), style="late")])
    app = small_app(TopLine("MỘT CỬA"), FormInput(), rows)
    app.wear(Look("mono"))
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        segments = [segment for strip in app.screen._compositor.render_strips() for segment in strip]
        assert [
            segment for segment in segments if segment.style and (segment.style.color or segment.style.bgcolor)
        ] == []
        styles = {segment.text.strip(): segment.style for segment in segments if segment.text.strip() and segment.style}
        assert styles["MỘT CỬA"].reverse
        assert styles["hai"].bold
        assert styles["hai"].underline
        assert app.query_one(FormInput).has_focus
        # The cursor in the field is the one reversed cell below the top line.
        assert any(segment.style and segment.style.reverse for segment in segments if segment.text == " ")


async def test_a_look_is_changed_while_it_is_worn(small_app: Any, screen_text: Any) -> None:
    app = small_app(Rule("Diễn biến · 1"), FormInput(password=True))
    async with app.run_test(size=(40, 5)) as pilot:
        await pilot.pause()
        app.query_one(FormInput).value = "mật khẩu"
        assert app.theme == NORMAL.name
        for signs, said in (("plain", "Diễn biến | 1"), ("bare", "Dien bien | 1"), ("full", "Diễn biến · 1")):
            app.wear(Look("console", signs))
            await pilot.pause()
            assert said in screen_text(app)[0]
            assert ("********" in screen_text(app)[1]) == (signs != "full")
