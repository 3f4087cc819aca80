"""Hostile text in the record and in every field: each screen and each question shows it as text."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from textual.events import Paste
from textual.screen import Screen

from db.vocabulary import Act
from desk.counter.model import Done
from desk.tui.screens.dossier import DossierScreen
from desk.tui.screens.home import HomeScreen
from desk.tui.widgets.form_input import FormInput
from desk.tui.widgets.modals import Ask, Confirm, TextPage
from desk.tui.widgets.text import one_line, width_of
from tests.counter.desk_fixture import MARITAL, Desk
from tests.tui.screens.desk_app import Running, running
from tests.tui.screens.everywhere import QUESTIONS, SCREENS, open_one

HOSTILE = (
    "[red]đỏ[/] [/] [@click=app.quit]x[/] [bold \x1b[31mA\x1b[0m \x1b]0;title\x07 \x9b2J "
    "a\u202eb\u2066c\u200bd\ufeffe 😀👨‍👩‍👧 𠮷 Nguye\u0302\u0303n a\u0301\u0302\u0303\u0304 "
)
LONG = HOSTILE + "x" * 300
HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
TOLD = {Confirm, Ask, TextPage}
"""Questions whose own words are the text."""


def dossier(desk: Desk) -> Done:
    """Receive a dossier whose every text is hostile, and say hostile things of it."""
    done = desk.receive(MARITAL, LONG[:115], address=LONG[:240], note=LONG[:290], phone="0912345678")
    desk.act(done.code, Act.FORWARD, holder=LONG[:150])
    desk.act(done.code, Act.SUPPLEMENT, reason=LONG[:190])
    return done


def check(run: Running, where: object) -> None:
    """Check that nothing on the screen hides, moves or exceeds."""
    for line in run.lines:
        hidden = [char for char in line if unicodedata.category(char) in HIDDEN]
        assert not hidden, (where, line)
        assert width_of(line) <= 80, (where, line)
        assert unicodedata.is_normalized("NFC", line)


@pytest.mark.parametrize("half", [0, 1, 2])
async def test_hostile_text_is_shown_as_text_everywhere(folder: Path, half: int) -> None:
    async with running(folder) as run:
        done = dossier(run.desk)
        kinds: list[type[Screen[object]]] = [*SCREENS, *QUESTIONS]
        for kind in kinds[half::3]:
            screen = await open_one(run, kind, done, HOSTILE)
            check(run, kind)
            if kind in TOLD | {HomeScreen, DossierScreen}:
                assert "[red]đỏ[/]" in run.text, kind
            for field in [each for each in screen.query(FormInput) if each.can_focus and each.region.width]:
                screen.set_focus(field)
                run.app.post_message(Paste(LONG))
                await run.settle()
                assert field.value == one_line(field.value)
                assert not field.max_length or len(field.value) <= field.max_length
                if field.restrict is None:
                    assert "[red]đỏ[/]" in field.value, (kind, field.id)
                check(run, (kind, field.id))
                field.value = ""
                await run.settle()


async def test_a_receipt_of_hostile_text_has_its_columns(folder: Path) -> None:
    async with running(folder) as run:
        done = dossier(run.desk)
        lines = run.desk.counter.receipt(done.dossier_id)
        assert isinstance(lines, tuple)
        assert not [char for line in lines for char in line if unicodedata.category(char) in HIDDEN]
        assert max(width_of(line) for line in lines) <= 80
        assert any("[red]đỏ[/]" in line for line in lines)
