"""10,000 Vietnamese words as input methods send them, in bursts through a pseudo-terminal, into every kind of field."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import random
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct
from textual.dom import DOMNode

import desk.tui
from desk.tui.widgets.form_input import FormInput, digits_of
from desk.tui.widgets.modals import Ask
from desk.tui.widgets.picker import Picker
from tests.tui.ime import WAYS, sent, states, words
from tests.tui.ime_app import MODALS, WIDGETS
from tests.tui.syllables import syllables
from tests.tui.terminal import HERE, Terminal

F8 = "\x1b[19~"
IN_A_LINE = 10
PLANS: tuple[dict[str, int], ...] = (
    {"FormInput": 5000},
    {
        "NumberInput": 700,
        "DigitInput": 500,
        "PinInput": 400,
        "Picker": 400,
        "WatchedPicker": 400,
        "Ask": 1200,
        "Question": 800,
        "PinQuestion": 200,
        "Palette": 400,
    },
)
"""Words for each kind of field, one program for each."""

DIGITS_ONLY = {"DigitInput", "PinInput", "PinQuestion"}


class Typed(Struct, frozen=True):
    """One line of words: what is sent for it, and what has to be in the field."""

    kind: str
    way: str
    data: str
    expected: str


def lines_of(kind: str, typed: Iterable[tuple[str, tuple[str, ...]]], chance: random.Random) -> Iterator[Typed]:
    """Yield lines of words, each line sent one way; digits stand between words where only they are kept."""
    taken = list(typed)
    between = "" if kind == "NumberInput" else " "
    for number, start in enumerate(range(0, len(taken), IN_A_LINE)):
        part = taken[start : start + IN_A_LINE]
        way, back = WAYS[number % len(WAYS)], chance.choice("\x7f\x08")
        if kind in DIGITS_ONLY:
            between = str(chance.randrange(10))
        text = between.join(word for word, _shown in part)
        data = between.join(sent(shown, way, back) for _word, shown in part)
        expected = digits_of(text)[: 8 if kind == "PinQuestion" else None] if kind in DIGITS_ONLY else text
        yield Typed(kind, way, data, expected)


def type_all(plan: dict[str, int], lines: Sequence[Typed], told: Path) -> list[Any]:
    """Type every line in one program and return what it wrote down."""
    counted = [[kind, sum(line.kind == kind for line in lines)] for kind in plan]
    terminal = Terminal(HERE / "ime_app.py", str(told), json.dumps(counted))
    try:
        terminal.wait("started")
        terminal.quiet()
        terminal.paints = False
        terminal.send("".join(line.data + F8 for line in lines))
        terminal.rest()
        terminal.process.wait(30)
        assert b"Traceback" not in terminal.sent
    finally:
        terminal.close()
    return [json.loads(line) for line in told.read_text(encoding="utf-8").splitlines()]


def test_ten_thousand_words_without_one_wrong_character(tmp_path: Path) -> None:
    assert sum(sum(plan.values()) for plan in PLANS) == 10_000
    chance = random.Random(20260313)
    every = words(10_000, 1)
    lines = [
        [line for kind, count in plan.items() for line in lines_of(kind, [next(every) for _ in range(count)], chance)]
        for plan in PLANS
    ]
    with ThreadPoolExecutor(len(PLANS)) as pool:
        told = list(pool.map(type_all, PLANS, lines, (tmp_path / str(number) for number in range(len(PLANS)))))
    for wanted, got in zip(lines, told, strict=True):
        wrong = [
            (line.kind, line.way, line.expected, found[2])
            for line, found in zip(wanted, got, strict=True)
            if line.expected != found[2]
        ]
        assert not wrong, f"{len(wrong)} lines, such as {wrong[:3]}"


@pytest.mark.parametrize("layout", ["telex", "vni"])
def test_the_editor_ends_with_the_word_that_was_meant(layout: str) -> None:
    every = sorted(set(syllables()))
    assert len(every) > 15_000
    for word in every[::37]:
        for tone_early in (False, True):
            assert states(word, layout, tone_early)[-1] == word


def classes() -> set[type[DOMNode]]:
    modules = [importlib.import_module(info.name) for info in pkgutil.walk_packages(desk.tui.__path__, "desk.tui.")]
    return {
        thing
        for module in modules
        for thing in vars(module).values()
        if inspect.isclass(thing) and issubclass(thing, DOMNode) and thing.__module__ == module.__name__
    }


def test_every_kind_of_field_is_typed_into() -> None:
    kinds = {thing.__name__ for thing in classes() if issubclass(thing, FormInput | Picker | Ask)} | {"Palette"}
    assert kinds == {kind for plan in PLANS for kind in plan} == set(WIDGETS) | set(MODALS)
