"""Every key arrives in every terminal, every command is declared once, everything shown derives from it."""

from __future__ import annotations

import importlib
import inspect
import os
import pkgutil
import subprocess
import sys
from typing import Any

import pytest
from textual.app import App
from textual.binding import Binding, BindingsMap
from textual.dom import DOMNode

import desk.tui
from desk.tui import commands
from desk.tui.commands import (
    BACK,
    GLOBAL,
    LONGEST_LABEL,
    MORNING,
    RECEIVE,
    SAVE,
    Command,
    Place,
    bindings,
    found,
    help_lines,
)
from desk.tui.keys import ALLOWED_KEYS, INPUT_KEYS, LETTER_KEYS, key_label, prepare_terminal
from desk.tui.widgets.form_input import FormInput
from desk.tui.widgets.palette import Palette
from desk.tui.widgets.text import width_of


def modules() -> list[str]:
    return [info.name for info in pkgutil.walk_packages(desk.tui.__path__, "desk.tui.")]


def nodes() -> list[type[DOMNode]]:
    found_nodes: list[type[DOMNode]] = []
    for name in modules():
        for thing in vars(importlib.import_module(name)).values():
            if inspect.isclass(thing) and issubclass(thing, DOMNode) and thing.__module__ == name:
                found_nodes.append(thing)
    return found_nodes


@pytest.mark.parametrize("node", nodes(), ids=lambda node: node.__name__)
def test_every_binding_is_in_the_whitelist(node: type[DOMNode]) -> None:
    merged: BindingsMap = node._merged_bindings or BindingsMap()
    own = set(BindingsMap(node.__dict__.get("BINDINGS", [])).key_to_bindings)
    keys = own | set(merged.key_to_bindings)
    assert keys <= ALLOWED_KEYS, keys - ALLOWED_KEYS
    assert not keys & INPUT_KEYS
    assert not any(b.priority for bound in merged.key_to_bindings.values() for b in bound), (
        "a priority binding overtakes what was typed before"
    )


@pytest.mark.parametrize("node", nodes(), ids=lambda node: node.__name__)
def test_every_binding_has_a_name_and_an_action(node: type[DOMNode]) -> None:
    for binding in node.__dict__.get("BINDINGS", []):
        assert isinstance(binding, Binding)
        assert binding.id
        action = binding.action.partition("(")[0]
        name = action.removeprefix("app.")
        if name == action or name not in {command.id for command in GLOBAL}:
            assert callable(getattr(node if name == action else App, f"action_{name}", None)), action


def declared() -> list[Command]:
    return [thing for thing in vars(commands).values() if isinstance(thing, Command)]


@pytest.mark.parametrize("command", declared(), ids=lambda command: command.id)
def test_a_command_fits_its_places(command: Command) -> None:
    assert 0 < width_of(command.label) <= LONGEST_LABEL
    assert command.help.endswith(".")
    assert command.binding().id == command.id
    assert command.binding().key.split(",")[0] == command.key


def test_the_keys_of_the_design() -> None:
    table = {command.id: (command.key, *command.aliases) for command in GLOBAL}
    assert table == {
        "help": ("f1",),
        "receive": ("f2", "ctrl+n"),
        "certify": ("f3", "ctrl+t"),
        "find": ("f4", "ctrl+o"),
        "work": ("f5", "ctrl+l"),
        "return_result": ("f6", "ctrl+r"),
        "close_day": ("f7", "ctrl+y"),
        "numbers": ("f8",),
        "palette": ("f9", "ctrl+g"),
        "lock": ("f12",),
    }
    assert len({command.id for command in declared()}) == len(declared())
    assert bindings(*GLOBAL)


def test_a_key_used_twice_or_never_arriving_is_refused() -> None:
    with pytest.raises(ValueError, match="f2 runs both receive and save"):
        bindings(RECEIVE, SAVE)
    for key in ("f10", "f11", "ctrl+b", "ctrl+q", "ctrl+m", "alt+x", "shift+f1", "ctrl+a"):
        if key in INPUT_KEYS:
            continue
        with pytest.raises(ValueError, match="do not arrive"):
            Command("x", key, lambda: "x", lambda: "x.")


def test_letters_are_bound_in_both_cases() -> None:
    command = Command("why", "v", lambda: "Vì sao", lambda: "Vì sao ngày này.")
    assert command.binding().key == "v,V"
    assert {"v", "V"} <= LETTER_KEYS


def test_a_screen_replaces_what_it_binds_itself() -> None:
    force = commands.in_force([SAVE, BACK])
    assert RECEIVE not in force
    assert force[:2] == [SAVE, BACK]
    assert len(force) == len(GLOBAL) + 1


def test_the_help_page_says_every_command_once() -> None:
    lines = help_lines([SAVE, BACK, *GLOBAL])
    assert lines[0] == Place.SCREEN.title()
    assert [line for line in lines if SAVE.help in line] == ["  F2, Ctrl+N, Ctrl+S " + SAVE.help]
    assert sum(bool(line.startswith("  ")) for line in lines) == len(GLOBAL) + 2


def test_the_help_page_says_the_moving_keys_of_lists_and_forms() -> None:
    lines = help_lines([SAVE, BACK, MORNING], built_in=(Place.LIST, Place.FORM))
    starts = [lines[lines.index(place.title()) + 1][2:16].strip() for place in (Place.LIST, Place.FORM)]
    assert starts == ["↑ ↓ PgUp PgDn", "Enter Tab ↑ ↓"]
    assert f"  {MORNING.label:<14} {MORNING.help}" in lines


@pytest.mark.parametrize(
    ("typed", "first"),
    [("giup", "help"), ("so lieu", "numbers"), ("khoa", "lock"), ("chot", "close_day"), ("F6", "return_result")],
)
def test_commands_are_found_without_accents(typed: str, first: str) -> None:
    assert found(GLOBAL, typed)[0].id == first


def test_no_command_where_none_fits() -> None:
    assert found(GLOBAL, "xyzzy") == []
    assert found(GLOBAL, "") == list(GLOBAL)


async def test_the_palette_answers_with_a_command(small_app: Any, burst: Any, screen_text: Any) -> None:
    answers: list[Command | None] = []
    app = small_app(FormInput())
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(Palette(GLOBAL), answers.append)
        await pilot.pause()
        assert "F2, Ctrl+N" in screen_text(app)[3]
        await burst(app, pilot, "so lieu\r")
        assert [answer.id for answer in answers if answer] == ["numbers"]
        app.push_screen(Palette(GLOBAL), answers.append)
        await pilot.pause()
        await burst(app, pilot, "\x1b[B\x1b[B\r")
        assert answers[-1:] == [GLOBAL[2]]
        app.push_screen(Palette(GLOBAL), answers.append)
        await pilot.pause()
        await burst(app, pilot, "[red]\r")
        assert "Không có lệnh nào như vậy." in "\n".join(screen_text(app))
        await burst(app, pilot, "\x1b")
        assert answers[-1:] == [None]
        assert len(answers) == 3


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("ctrl+n", "Ctrl+N"),
        ("f12", "F12"),
        ("escape", "Esc"),
        ("insert", "Ins"),
        ("slash", "/"),
        ("v", "V"),
        ("1", "1"),
    ],
)
def test_key_labels(key: str, label: str) -> None:
    assert key_label(key) == label


def test_the_terminal_is_prepared_before_textual_is_there() -> None:
    script = (
        "import sys\n"
        "from desk.tui.keys import prepare_terminal\n"
        "assert 'textual' not in sys.modules\n"
        "prepare_terminal()\n"
        "from textual import constants as c\n"
        "print(c.DISABLE_KITTY_KEY, c.TEXTUAL_ANIMATIONS, c.SMOOTH_SCROLL, c.ESCAPE_DELAY)\n"
    )
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("TEXTUAL", "ESCDELAY"))}
    clean["PYTHONPATH"] = os.pathsep.join(sys.path)
    done = subprocess.run([sys.executable, "-c", script], env=clean, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "none", "False", "0.025"]


def test_what_the_office_set_stays() -> None:
    environ = {"ESCDELAY": "100", "TEXTUAL_DISABLE_KITTY_KEY": "0"}
    prepare_terminal(environ)
    assert environ["ESCDELAY"] == "100"
    assert environ["TEXTUAL_DISABLE_KITTY_KEY"] == "1"


@pytest.mark.parametrize(
    "node", [node for node in nodes() if getattr(node, "KEYS_SHOWN", ())], ids=lambda n: n.__name__
)
def test_the_key_bar_is_not_cut_beside_the_sync_state(node: Any) -> None:
    bar = "  ".join(f"{key_label(command.keys[0])} {command.label}" for command in node.KEYS_SHOWN)
    # The office has no sync state.
    beside = 0 if node.__module__.startswith("desk.tui.province") else 1 + width_of("99 chưa gửi tỉnh")
    assert width_of(bar) + beside <= 78, bar
