"""Every command is declared once: bindings, key bar, palette, help and key card say the same of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from textual.binding import Binding

from desk.forms.receipt import WIDTH, width
from desk.rules.text import fold
from desk.tui import key_card
from desk.tui.commands import GLOBAL, PLACES, QUIT, Command, found, help_lines, in_force
from desk.tui.keys import ALLOWED_KEYS, LETTER_KEYS
from desk.tui.learning import BAR_WIDTH, bar, bar_width
from desk.tui.screens.base import DeskScreen
from desk.tui.screens.dossier_commands import NUMBERS
from desk.words import use_language
from tests.tui.test_keys import nodes

SCREENS: list[Any] = [node for node in nodes() if issubclass(node, DeskScreen) and node.COMMANDS_HERE]


def names(commands: Iterable[Command]) -> set[str]:
    return {command.id for command in commands}


@pytest.mark.parametrize("screen", SCREENS, ids=lambda node: node.__name__)
def test_the_bindings_of_a_screen_are_those_of_its_commands(screen: Any) -> None:
    commands = {command.id: command for command in (*screen.COMMANDS_HERE, *NUMBERS)}
    bound = {binding.id: binding for binding in screen.BINDINGS if isinstance(binding, Binding)}
    own = {name: binding for name, binding in bound.items() if name in commands}
    for name, binding in own.items():
        assert binding == commands[str(name)].binding()
    assert {command.id for command in screen.COMMANDS_HERE if command.keys} <= set(own)
    # What else is bound moves the cursor: it is named `place.what` and is on no list of commands.
    assert all("." in str(name) for name in set(bound) - set(own))


@pytest.mark.parametrize("screen", SCREENS, ids=lambda node: node.__name__)
def test_the_key_bar_shows_at_most_six_commands_that_work_here(screen: Any) -> None:
    here = names(in_force(screen.COMMANDS_HERE, (*GLOBAL, *PLACES)))
    assert len(screen.KEYS_SHOWN) <= 6
    assert names(screen.KEYS_SHOWN) <= here
    assert all(command.keys for command in screen.KEYS_SHOWN)
    if screen.KEYS_SHOWN:
        assert bar_width(screen.KEYS_SHOWN) <= BAR_WIDTH


@pytest.mark.parametrize("screen", SCREENS, ids=lambda node: node.__name__)
def test_help_and_palette_know_every_command_of_a_screen(screen: Any) -> None:
    commands = [*in_force(screen.COMMANDS_HERE, (*GLOBAL, *PLACES)), QUIT]
    lines = help_lines(commands)
    for command in commands:
        start = command.key_names or command.label
        assert any(line.strip().startswith(start) and command.help in line for line in lines), command.id
        assert command in found(commands, command.label)
        assert set(command.keys) <= ALLOWED_KEYS
        assert not (screen.takes_typing and set(command.keys) & LETTER_KEYS), "a letter is typing here"


def test_the_key_card_is_one_page_made_of_the_same_commands() -> None:
    lines = key_card.card("Xã Đức Thọ")
    assert len(lines) <= key_card.MOST_LINES
    assert max(width(line) for line in lines) <= WIDTH
    assert lines[0].strip() == "THẺ PHÍM · Xã Đức Thọ"
    text = "\n".join(lines)
    for commands in (GLOBAL, *(commands for _title, commands in key_card.sections())):
        for command in commands:
            key = command.key or command.in_menu
            if key.isdigit():
                assert f"{key} {command.label}" in text
            elif command.key:
                assert any(line.startswith(f"  {command.key_names} ") and command.label in line for line in lines), (
                    command.id
                )
    assert all(fold(command.label) in text for command in (*PLACES, QUIT))


def test_a_well_known_key_makes_room_in_its_place_and_help_never_does() -> None:
    from desk.tui.screens.home import HomeScreen

    shown, others = HomeScreen.KEYS_SHOWN, (*HomeScreen.COMMANDS_HERE, *GLOBAL)
    assert bar(shown, others, set()) == shown
    assert bar(shown, others, {"help"}) == shown
    faded = bar(shown, others, {"receive", "find"})
    assert [command.id for command in faded] == ["help", "lists", "certify", "work", "return_result", "close_day"]
    every = names((*shown, *others))
    assert bar(shown, others, every) == shown


@pytest.mark.parametrize("screen", [node for node in SCREENS if node.KEYS_SHOWN], ids=lambda node: node.__name__)
def test_no_key_bar_grows_too_wide_however_much_is_known(screen: Any) -> None:
    others = (*screen.COMMANDS_HERE, *GLOBAL)
    shown = screen.KEYS_SHOWN
    for count in range(len(shown) + 1):
        found_bar = bar(shown, others, names(shown[:count]))
        assert bar_width(found_bar) <= BAR_WIDTH
        assert len(found_bar) == len(shown)
        assert len(names(found_bar)) == len(shown)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_key_card_cuts_no_word_in_either_language(language: str) -> None:
    use_language(language)
    lines = key_card.card("Xã Đức Thọ")
    assert len(lines) <= key_card.MOST_LINES
    assert max(map(width, lines)) <= WIDTH
    helps = {each.help for commands in (GLOBAL, *(found for _title, found in key_card.sections())) for each in commands}
    short = [line.removesuffix("…") for line in lines if line.endswith("…")]
    assert short
    for line in short:
        # What is left out begins with a whole word; a stop at the end of what is told goes too.
        assert any(
            line.endswith(said[:end]) and said[end:].lstrip(",;:· ") != said[end:]
            for said in helps
            for end in range(8, len(said))
        ), line
