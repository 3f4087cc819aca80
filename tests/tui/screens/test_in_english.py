"""The screens in English at 80x24: no word of ours is left in Vietnamese, and none is cut."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

from desk.draft import DraftStore
from desk.settings import Paths
from desk.tui import commands, screens
from desk.tui.commands import LONGEST_LABEL, Command
from desk.tui.draft import session_of
from desk.tui.entry import Opening
from desk.tui.screens.saved import SlipLines
from desk.tui.screens.work_rows import _SHORT
from desk.tui.widgets.text import width_of
from desk.words import use_language
from tests import catalogue
from tests.counter.desk_fixture import KEY
from tests.project.test_words import VIETNAMESE, entries
from tests.tui.screens.desk_app import (
    DOWN,
    ENTER,
    ESCAPE,
    F1,
    F2,
    F3,
    F4,
    F5,
    F6,
    F7,
    F8,
    F9,
    F12,
    INSERT,
    PAGE_DOWN,
    SPACE,
    TAB,
    Running,
    make_app,
    running,
)
from tests.tui.screens.home_morning import a_morning

DATA = ("Lê Thị Hoa", "Phạm Văn Tư", "Đỗ Đức Mạnh", "thiếu giấy", "Chính chủ")
"""What the record of these tests holds beside the shipped tables."""

Step = tuple[str, ...]

WAYS: dict[str, Sequence[Step]] = {
    "home": ((), (F1,), (PAGE_DOWN,), (ESCAPE, F9), (ESCAPE, F4), ("zzz",), (F5, F6)),
    "home, several": ((SPACE, SPACE), ("1",), (ESCAPE, F6), (ESCAPE, ESCAPE)),
    "lists": ((F9, "lists", ENTER), ("5",), (ESCAPE, F9, "by whom", ENTER)),
    "morning": ((F9, "morning", ENTER), (F1,)),
    "receive": ((F2,), (F2,), (F1,), (ESCAPE, F9), (ESCAPE, "Ly A", ENTER, "042180000708", ENTER)),
    "receive, a procedure": ((F2, "Ly A", *[ENTER] * 4, "khai sinh", ENTER), (F2,)),
    "certify": ((F3,), (F1,), (ESCAPE, F2), ("Ly A", ENTER, ENTER, "1", "hoc ba", ENTER), ("2", ENTER, "3", ENTER)),
    "dossier": ((TAB, ENTER), ("v",), (ESCAPE, "x"), (F1,), (ESCAPE, F9)),
    "dossier, acts": (
        (TAB, ENTER),
        *((digit,) for digit in "1"),
        (ESCAPE, "2"),
        (ESCAPE, "4"),
        (ESCAPE, "6"),
        (ESCAPE, "7"),
    ),
    "correct": ((TAB, ENTER, "6", "1"), (F2,), (F1,), (ESCAPE, "x"), (F2,), (ESCAPE,)),
    "dossier, waiting": ((TAB, DOWN, DOWN, DOWN, ENTER), ("v",)),
    "close": ((F7,), (F1,), (ESCAPE, TAB, ENTER), (ESCAPE, INSERT), (ESCAPE, F7), (F8,), (F1,)),
    "calendar": ((F9, "calendar", ENTER), (F1,), (ESCAPE, INSERT), ("2/10", ENTER), (ESCAPE, ESCAPE, "h")),
    "retype": ((F9, "re-type", ENTER), (F1,)),
    "check": ((F9, "check", ENTER), (F1,), (ESCAPE, ENTER)),
    "choices": ((F9, "key card", ENTER), (ESCAPE, F9, "messages", ENTER), (ESCAPE, F9, "colours", ENTER)),
    "officers": ((F9, "officers", ENTER), (F1,), (ESCAPE, INSERT), (ESCAPE, "1"), (ESCAPE, F12)),
}
"""Keys one after the other; each step's screen is looked at."""

CUT_ANYWAY = ("COMMANDS", "KEY CARD")
"""The list under F9 and the key card cut the sentences of commands in any language; F1 has them whole."""


@pytest.fixture(scope="module")
def data() -> str:
    """Return every Vietnamese text that is data."""
    tables = (catalogue.ROOT / "desk" / "reference").glob("*.csv")
    texts = [path.read_text(encoding="utf-8") for path in tables]
    return "\n".join([*texts, *DATA, *(short for _long, short in _SHORT)]).casefold()


@pytest.fixture(scope="module")
def ours(data: str) -> list[str]:
    """Return the Vietnamese pieces of our messages, those that are found in data too left out."""
    pieces = {
        piece.strip(" .,:;·()«»?!→…\n")
        for text, _said in entries("en")
        for piece in re.split(r"\{[^{}]*\}", text)
        if VIETNAMESE.search(piece)
    }
    return sorted(piece for piece in pieces if len(piece) > 1 and piece.casefold() not in data)


def left(shown: str, ours: Sequence[str]) -> list[str]:
    """Return the Vietnamese pieces of our messages that a screen shows."""
    return [piece for piece in ours if re.search(rf"(?<!\w){re.escape(piece)}(?!\w)", shown)]


def screen(run: Running) -> str:
    """Return what is shown, without the paper of the citizen."""
    papers = [paper.region for paper in run.app.screen.query(SlipLines)]
    return "\n".join(line for y, line in enumerate(run.lines) if not any(p.y <= y < p.bottom for p in papers))


def cut(shown: str) -> Iterator[str]:
    """Yield each of our words that a screen shows cut."""
    said = [form for _text, forms in entries("en") for form in forms]
    for line in shown.splitlines():
        for found in re.finditer("…", line):
            piece = re.split(r"\s{2,}|─ ?", line[: found.start()])[-1].strip(" ▸!│")
            if piece and any(form.startswith(piece) and not form.startswith(f"{piece}…") for form in said):
                yield line


@asynccontextmanager
async def english(folder: Path) -> AsyncIterator[Running]:
    use_language("en")
    async with running(folder, before=a_morning) as run:
        object.__setattr__(run.services, "drafts", DraftStore(folder / "draft.json", KEY))
        session = session_of(run.app)
        session.slips = folder / "slips"
        session.find_spooler = lambda: None
        yield run


def test_a_word_left_and_a_word_cut_are_found(ours: Sequence[str]) -> None:
    assert left(" Hạn theo luật  Mo 16/03", ours) == ["Hạn theo luật"]
    assert list(cut(" ── fil… x")) == [" ── fil… x"]
    assert list(cut("   5  By state…")) == []


def test_the_words_of_the_key_bar_fit() -> None:
    use_language("en")
    modules = [commands, *(import_module(f"{screens.__name__}.{each.name}") for each in iter_modules(screens.__path__))]
    declared = {thing for module in modules for thing in vars(module).values() if isinstance(thing, Command)}
    assert len(declared) > 50
    assert [command.id for command in declared if not 0 < width_of(command.label) <= LONGEST_LABEL] == []
    assert [command.id for command in declared if not command.help.endswith(".")] == []


@pytest.mark.parametrize("way", WAYS)
async def test_the_screens_are_english_and_whole(folder: Path, way: str, ours: Sequence[str]) -> None:
    async with english(folder) as run:
        before = ""
        for step in WAYS[way]:
            await run.keys(*step)
            assert not step or run.text != before, f"{step} did nothing"
            before = run.text
            assert left(screen(run), ours) == [], run.text
            if run.lines[0].strip() not in CUT_ANYWAY:
                assert list(cut(screen(run))) == [], run.text
            assert max(map(len, run.lines)) <= 80


async def test_the_set_up_is_english(tmp_path: Path, ours: Sequence[str]) -> None:
    use_language("en")
    app = make_app(Opening(Paths(tmp_path / "none")).open)
    async with app.run_test(size=(80, 24)) as pilot:
        run = Running(app, pilot)
        await run.settle()
        assert "This machine has no centre yet." in run.text
        assert (left(run.text, ours), list(cut(run.text))) == ([], [])
        await run.keys(F1)
        assert (left(run.text, ours), list(cut(run.text))) == ([], [])
