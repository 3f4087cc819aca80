"""A scan goes where it belongs from every screen and every question, whatever happened to it on the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.screen import Screen

from desk.counter.model import Done
from desk.tui.screens.act_dialogs import Question
from desk.tui.screens.certify import CertifyScreen
from desk.tui.screens.certify_slip import SlipScreen
from desk.tui.screens.certify_words import OtherPerson
from desk.tui.screens.check_keys import KeysTrial
from desk.tui.screens.check_trials import ScannerTrial, TypingPage
from desk.tui.screens.cover import CoverScreen
from desk.tui.screens.dossier import DossierScreen
from desk.tui.screens.drafts_page import DraftsPage
from desk.tui.screens.home import HomeScreen
from desk.tui.screens.officers import PinQuestion
from desk.tui.screens.receive import ReceiveScreen, ReplacePerson
from desk.tui.widgets.form_input import FormInput
from desk.tui.widgets.modals import Ask
from tests.tui.screens.desk_app import F2, F3, Running, running
from tests.tui.screens.everywhere import QUESTIONS, SCREENS, open_one, screens
from tests.tui.screens.receive_app import NO_MARKS, PIPELESS, THUY, Y

NUMBER, OTHER_NUMBER = "033180930129", "001088608064"
EVERY = [*SCREENS, *QUESTIONS]

STAYS_CARD = {ScannerTrial, TypingPage, Question, PinQuestion, ReplacePerson, OtherPerson, CoverScreen}
"""Over these a card changes nothing: they say so, or the officer answers first."""

STAYS_CODE = {ScannerTrial, TypingPage, Question, PinQuestion, CoverScreen}
ANSWERS_CODE = {Ask}
"""A question whose field takes any text is answered by a code."""

ANSWERS_CARD = {DraftsPage}
"""The offer of drafts, here without the form that hears its answer: a card asks for a new form."""

LANE = {CertifyScreen, SlipScreen}


def test_no_screen_and_no_question_is_left_out() -> None:
    assert set(EVERY) == screens()


def number_of(run: Running) -> str:
    return run.app.screen.query_one("#id_number", FormInput).value


class Scanner:
    """A scanner whose scans are far apart."""

    def __init__(self, run: Running) -> None:
        self.run = run
        self.time = 1000.0

    async def __call__(self, *payloads: str) -> None:
        self.time += 60
        await self.run.scan(*payloads, start=self.time)


async def reached(run: Running, kind: type[Screen[Any]], before: Screen[Any], *, card: bool, done: Done) -> None:
    """Check where a scan over a screen has led."""
    if kind is KeysTrial:
        # It hears every key itself; the scanner's Enter ends it.
        run.screen(HomeScreen)
    elif kind in (STAYS_CARD if card else STAYS_CODE):
        assert run.app.screen is before, kind
        if kind in {Question, PinQuestion}:
            assert "quét" in run.text
    elif kind in (ANSWERS_CARD if card else ANSWERS_CODE):
        assert before not in run.app.screen_stack
    elif card:
        run.screen(CertifyScreen if kind in LANE else ReceiveScreen)
        assert number_of(run) == NUMBER, kind
    else:
        view = run.screen(DossierScreen).view
        assert view is not None, kind
        assert view.code == done.code, kind


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)
async def test_a_card_and_a_slip_go_where_they_belong(folder: Path, kind: type[Screen[Any]]) -> None:
    async with running(folder) as run:
        done, scan = run.desk.receive(), Scanner(run)
        for payload, card in ((THUY, True), (done.code, False)):
            before = await open_one(run, kind, done)
            with run.desk.nothing_written():
                await scan(payload)
                await reached(run, kind, before, card=card, done=done)
        if kind not in STAYS_CARD | STAYS_CODE | ANSWERS_CARD | ANSWERS_CODE | {KeysTrial}:
            # Two in one burst: the dossier in front, the form with the person under it.
            await open_one(run, kind, done)
            await scan(Y, done.code)
            run.screen(DossierScreen)
            run.app.pop_screen()
            await run.settle()
            assert number_of(run) == OTHER_NUMBER


def wrong_page(text: str) -> str:
    """Return text as a reader of another code page shows it."""
    return text.encode().decode("latin-1")


SPOILT = {
    "in the wrong code page": (wrong_page(THUY), "NGUYỄN THỊ THÚY", "chữ lỗi bảng mã đã sửa"),
    "left in Telex": (
        f"{NUMBER}|145678901|Nguyeenx Thij Thuys|02021980|Nuwx|Thoon DDawngj Xas, Xax Caarm Xas|12072021",
        "Nguyeenx Thij Thuys",
        "tên còn phím Telex",
    ),
    "without its accents": (NO_MARKS, "Nguy?n Th? Th?y", "tên mất chữ"),
    "without its bars": (PIPELESS, "", "chỉ giữ được số định danh"),
    "with other bars": (THUY.replace("|", "¦"), "NGUYỄN THỊ THÚY", "dấu | bị đổi"),
    "with group separators": (THUY.replace("|", "\x1d"), "NGUYỄN THỊ THÚY", ""),
    "with record separators": (THUY.replace("|", "\x1e"), "NGUYỄN THỊ THÚY", ""),
    "with file separators": (THUY.replace("|", "\x1c"), "NGUYỄN THỊ THÚY", ""),
    "decomposed": (THUY.replace("ễ", "e\u0302\u0303"), "NGUYỄN THỊ THÚY", ""),
}


@pytest.mark.parametrize("spoilt", SPOILT)
async def test_a_spoilt_card_is_repaired_or_explained_and_its_digits_are_kept(folder: Path, spoilt: str) -> None:
    payload, name, said = SPOILT[spoilt]
    async with running(folder) as run:
        scan = Scanner(run)
        for keys, kind in (((), ReceiveScreen), ((F2,), ReceiveScreen), ((F3,), CertifyScreen)):
            run.app.home()
            await run.settle()
            await run.keys(*keys)
            await scan(payload)
            run.screen(kind)
            assert number_of(run) == NUMBER
            assert run.app.screen.query_one("#name", FormInput).value.upper() == name.upper()
            assert said in run.note
            if kind is ReceiveScreen and name:
                assert "kiểm bằng mắt" in run.text or "So với thẻ" in run.note or "so tên" in run.note


@pytest.mark.parametrize("key", [F2, F3], ids=["receipt", "fast lane"])
async def test_what_is_typed_in_a_form_is_there_after_a_scan(folder: Path, key: str) -> None:
    async with running(folder) as run:
        done, scan = run.desk.receive(), Scanner(run)
        await run.keys(key)
        form = run.app.screen
        for field in [each for each in form.query(FormInput) if each.can_focus and each.display and each.region.width]:
            form.set_focus(field)
            await run.settle()
            await run.burst("12", start=scan.time + 30, gap=0.3)
            await run.settle()
            before = [each.value for each in form.query(FormInput)]
            await scan(done.code)
            run.screen(DossierScreen)
            run.app.pop_screen()
            await run.settle()
            assert run.app.screen is form
            assert [each.value for each in form.query(FormInput)] == before
            assert form.focused is field


@pytest.mark.parametrize("kind", SCREENS, ids=lambda kind: kind.__name__)
async def test_no_scan_fires_a_digit_or_a_letter(folder: Path, kind: type[Screen[Any]]) -> None:
    async with running(folder) as run:
        done, scan = run.desk.receive(), Scanner(run)
        before = await open_one(run, kind, done)
        shown = len(run.app.screen_stack)
        with run.desk.nothing_written():
            # All digits and letters, then a rest without its end mark: neither may act.
            await scan("1234567890abcdefghijklmnopqrstuvwxyz")
            scan.time += 60
            await run.burst("1v2x3d4k5612", start=scan.time)
            await run.silence()
            await run.silence()
        assert run.app.screen is before
        assert len(run.app.screen_stack) == shown


async def test_a_digit_acts_only_after_the_silence(folder: Path) -> None:
    async with running(folder) as run:
        run.desk.receive()
        home = run.screen(HomeScreen)
        await run.burst("1", start=5000.0)
        assert home.figure == ""
        await run.silence()
        assert home.figure == "today"
