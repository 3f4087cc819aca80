"""Every screen in English at 80x24: no word of ours is Vietnamese, and none is cut."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from db.vocabulary import Act
from desk.draft import DraftStore
from desk.tui.draft import session_of
from desk.words import use_language
from tests.counter.desk_fixture import BIRTH, KEY, LAND, MARITAL, Desk
from tests.tui.screens.desk_app import (
    DOWN,
    ENTER,
    ESCAPE,
    F1,
    F2,
    F3,
    F4,
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
    running,
)
from tests.tui.screens.home_morning import a_morning

Drive = Callable[[Running], Awaitable[None]]


def keys(*pressed: str) -> Drive:
    async def drive(run: Running) -> None:
        await run.keys(*pressed)

    return drive


def called(command: str, *then: str) -> Drive:
    return keys(F9, command, ENTER, *then)


PLACES: dict[str, Drive] = {
    "home": keys(),
    "home, help": keys(F1),
    "home, help further": keys(F1, PAGE_DOWN),
    "home, commands": keys(F9),
    "home, commands further": keys(F9, PAGE_DOWN),
    "home, find": keys(F4),
    "home, nothing found": keys(F4, "zzz"),
    "home, selected": keys(TAB, SPACE, SPACE),
    "home, forwarding the selected": keys(TAB, SPACE, SPACE, "1"),
    "home, returning the selected": keys(TAB, SPACE, SPACE, F6),
    "home, lists": called("lists"),
    "home, by state": called("by state"),
    "home, to return": keys(F6),
    "morning": called("morning"),
    "morning, help": called("morning", F1),
    "receive": keys(F2),
    "receive, help": keys(F2, F1),
    "receive, commands": keys(F2, F9),
    "receive, a name": keys(F2, "Ly A", ENTER, "042180000708", ENTER),
    "receive, a procedure": keys(F2, "Ly A", *[ENTER] * 4, "khai sinh", ENTER),
    "receive, refused": keys(F2, F2),
    "certify": keys(F3),
    "certify, help": keys(F3, F1),
    "certify, a paper": keys(F3, "Ly A", ENTER, ENTER, "1", "hoc ba", ENTER),
    "certify, refused": keys(F3, F2),
    "certify, saved": keys(F3, "Ly A", ENTER, ENTER, "1", "hoc ba", ENTER, "2", ENTER, "3", ENTER),
    "certify, slip": keys(F3, "Ly A", ENTER, ENTER, "1", "hoc ba", ENTER, "2", ENTER, "3", ENTER, PAGE_DOWN),
    "dossier, late": keys(TAB, ENTER),
    "dossier, help": keys(TAB, ENTER, F1),
    "dossier, commands": keys(TAB, ENTER, F9),
    "dossier, why": keys(TAB, ENTER, "v"),
    "dossier, all shown": keys(TAB, ENTER, "x"),
    "dossier, forward": keys(TAB, ENTER, "1"),
    "dossier, supplement": keys(TAB, ENTER, "2"),
    "dossier, finish": keys(TAB, ENTER, "3"),
    "dossier, apologise": keys(TAB, ENTER, "4"),
    "dossier, stop": keys(TAB, ENTER, "5"),
    "dossier, edit": keys(TAB, ENTER, "6"),
    "dossier, land": keys(TAB, DOWN, DOWN, DOWN, DOWN, ENTER),
    "dossier, land why": keys(TAB, DOWN, DOWN, DOWN, DOWN, ENTER, "v"),
    "dossier, waiting": keys(TAB, DOWN, DOWN, ENTER),
    "close": keys(F7),
    "close, help": keys(F7, F1),
    "close, asked": keys(F7, F7),
    "close, a file": keys(F7, TAB, ENTER),
    "close, to USB": keys(F7, INSERT),
    "numbers": keys(F8),
    "numbers, help": keys(F8, F1),
    "numbers, a line": keys(F8, TAB, ENTER),
    "calendar": called("calendar"),
    "calendar, help": called("calendar", F1),
    "calendar, a day": called("calendar", INSERT),
    "calendar, kind of day": called("calendar", INSERT, "2/10", ENTER),
    "calendar, hours": called("calendar", "g"),
    "officers": called("officers"),
    "officers, help": called("officers", F1),
    "officers, add": called("officers", INSERT),
    "officers, what": called("officers", DOWN, ENTER),
    "covered": keys(F12),
    "quit": keys(F9, "quit"),
}


@asynccontextmanager
async def english(folder: Path, before: Callable[[Desk], object] = a_morning):
    use_language("en")
    async with running(folder, before=before) as run:
        object.__setattr__(run.services, "drafts", DraftStore(folder / "draft.json", KEY))
        session = session_of(run.app)
        session.slips = folder / "slips"
        session.find_spooler = lambda: None
        yield run


@pytest.mark.parametrize("place", PLACES)
async def test_dump(folder: Path, place: str) -> None:
    async with english(folder) as run:
        await PLACES[place](run)
        with Path("/tmp/english/screens.txt").open("a") as f:
            f.write(f"=== {place}\n{run.text}\n")
