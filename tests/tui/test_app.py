"""What holds on every screen: the global keys, where a scan goes, palette, help, cover, and how the program starts."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from db.unit import Records
from desk.tui.commands import GLOBAL
from desk.tui.screens.base import DeskScreen
from desk.tui.screens.certify import CertifyScreen
from desk.tui.screens.closing import ClosingScreen
from desk.tui.screens.cover import CoverScreen
from desk.tui.screens.dossier import DossierScreen
from desk.tui.screens.home import HomeScreen
from desk.tui.screens.numbers import NumbersScreen
from desk.tui.screens.receive import ReceiveScreen
from desk.tui.widgets.form_input import FormInput
from desk.tui.widgets.lines import KeyBar
from desk.tui.widgets.modals import Ask, TextPage
from desk.tui.widgets.palette import Palette
from desk.tui.widgets.text import width_of
from tests.counter.desk_fixture import BIRTH, MARITAL, OFFICIAL, Desk, scratch
from tests.tui.screens.desk_app import (
    BACK_TAB,
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
    Running,
    running,
)

CARD = "033180930129|145678901|Nguyễn Thị Thúy|02021980|Nữ|Thôn Đặng Xá, Cẩm Xá, Mỹ Hào, Hưng Yên|12072021"
OTHER_CARD = "001088608064||Trần Văn Ỷ|09091988|Nam|Số 7 ngõ 12, Điện Biên, Ba Đình, Hà Nội|14022024"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder in memory, gone after the test."""
    found = scratch()
    yield found
    shutil.rmtree(found, ignore_errors=True)


def two_dossiers(desk: Desk) -> None:
    desk.receive(BIRTH, "Lê Đức Thọ")
    desk.receive(MARITAL, "Đỗ Đức Mạnh", official_code=OFFICIAL)


def codes(run: Running) -> list[str]:
    return [run.desk.counter.find(name)[0].code for name in ("Lê Đức Thọ", "Đỗ Đức Mạnh")]


async def go(run: Running, screen: type[DeskScreen]) -> None:
    """Go from home to a screen."""
    ways: dict[type[DeskScreen], tuple[str, ...]] = {
        HomeScreen: (),
        ReceiveScreen: (F2,),
        DossierScreen: (ENTER,),
        ClosingScreen: (F7,),
        NumbersScreen: (F8,),
    }
    await run.keys(*ways[screen])
    run.screen(screen)


SCREENS = (HomeScreen, ReceiveScreen, DossierScreen, ClosingScreen, NumbersScreen)
every_screen = pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.__name__)


@every_screen
async def test_the_global_keys_work_on_every_screen(folder: Path, screen: type[DeskScreen]) -> None:
    async with running(folder, before=two_dossiers) as run:
        await go(run, screen)
        await run.keys(F1)
        run.screen(TextPage)
        assert run.lines[0] == " GIÚP"
        await run.keys(ESCAPE)
        run.screen(screen)
        await run.keys(F9)
        run.screen(Palette)
        await run.keys(ESCAPE)
        await run.keys(F8)
        run.screen(NumbersScreen)
        await run.keys(F5)
        run.screen(HomeScreen)
        await go(run, screen)
        await run.keys(F4)
        assert run.screen(HomeScreen).searching
        await run.keys(F5)
        await go(run, screen)
        await run.keys(F6)
        assert run.screen(HomeScreen).figure == "uncollected"


@every_screen
async def test_f12_hides_everything_and_gives_it_back(folder: Path, screen: type[DeskScreen]) -> None:
    async with running(folder, before=two_dossiers) as run:
        await go(run, screen)
        before = run.lines[:-1]
        await run.keys(F12)
        run.screen(CoverScreen)
        shown = [line.strip() for line in run.lines if line.strip()]
        assert shown == ["Màn hình đang che. Enter hoặc F12 để làm việc tiếp."]
        await run.keys("1", "x", F1, F2, F5, F9, ESCAPE)
        await run.scan(CARD, codes(run)[0])
        run.screen(CoverScreen)
        assert len([each for each in run.app.screen_stack if isinstance(each, CoverScreen)]) == 1
        await run.keys(F12)
        run.screen(screen)
        assert run.lines[:-1] == before
        await run.keys(F12, ENTER)
        run.screen(screen)


@every_screen
async def test_the_top_line_and_the_key_bar_fit(folder: Path, screen: type[DeskScreen]) -> None:
    async with running(folder, before=two_dossiers) as run:
        await go(run, screen)
        run.app.sync_state = ("tỉnh TỪ CHỐI 99", "late")
        run.screen(DeskScreen).tick()
        await run.settle()
        assert width_of(run.app.screen.query_one(KeyBar).text) <= 78
        assert run.lines[23].endswith("tỉnh TỪ CHỐI 99")
        assert run.lines[0].endswith("T6 13/03/2026 09:12")
        assert len(run.screen(DeskScreen).KEYS_SHOWN) <= 6


@pytest.mark.parametrize(
    ("alias", "screen"),
    [
        ("\x0e", ReceiveScreen),
        ("\x0f", HomeScreen),
        ("\x0c", HomeScreen),
        ("\x12", HomeScreen),
        ("\x19", ClosingScreen),
    ],
)
async def test_every_alias_does_what_its_key_does(folder: Path, alias: str, screen: type[DeskScreen]) -> None:
    async with running(folder, before=two_dossiers) as run:
        await run.keys(F8, alias)
        run.screen(screen)
        await run.keys("\x07" if screen is not ReceiveScreen else F9)
        run.screen(Palette)


async def test_the_fast_lane_opens_once(folder: Path) -> None:
    async with running(folder) as run:
        await run.keys(F3)
        lane = run.screen(CertifyScreen)
        await run.keys(F8, F3, F3)
        assert run.screen(CertifyScreen) is lane
        await run.keys(ESCAPE)
        run.screen(HomeScreen)


@every_screen
async def test_a_scanned_card_opens_the_receipt_from_every_screen(folder: Path, screen: type[DeskScreen]) -> None:
    async with running(folder, before=two_dossiers) as run:
        await go(run, screen)
        await run.scan(CARD)
        form = run.screen(ReceiveScreen)
        assert form.draft.people.person.name.casefold() == "nguyễn thị thúy"
        assert form.draft.people.person.id_number == "033180930129"


@every_screen
@pytest.mark.parametrize("official", [False, True])
async def test_a_scanned_code_opens_its_dossier_from_every_screen(
    folder: Path, screen: type[DeskScreen], official: bool
) -> None:
    async with running(folder, before=two_dossiers) as run:
        await go(run, screen)
        await run.scan(OFFICIAL if official else codes(run)[0].lower())
        run.screen(DossierScreen)
        assert ("Đỗ Đức Mạnh" if official else "Lê Đức Thọ") in run.text


async def test_two_codes_in_one_burst_end_at_the_second(folder: Path) -> None:
    async with running(folder, before=two_dossiers) as run:
        await run.scan(*codes(run))
        run.screen(DossierScreen)
        assert "Đỗ Đức Mạnh" in run.text
        await run.keys(ESCAPE)
        run.screen(HomeScreen)


@pytest.mark.parametrize("end", ["\r", "\t", "\r\n"])
async def test_two_cards_in_one_burst_both_arrive(folder: Path, monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    taken: list[str] = []
    monkeypatch.setattr(ReceiveScreen, "scanned", lambda _screen, payload: taken.append(payload))
    async with running(folder, before=two_dossiers) as run:
        await run.scan(CARD, OTHER_CARD, end=end)
        assert taken == [CARD, OTHER_CARD]
        assert len([each for each in run.app.screen_stack if isinstance(each, ReceiveScreen)]) == 1


async def test_a_scan_never_fires_a_command(folder: Path) -> None:
    async with running(folder, before=two_dossiers) as run:
        await run.scan("12345678")
        assert run.note.startswith("Không nhận ra mã vừa quét")
        assert run.screen(HomeScreen).figure == ""
        await run.burst("123456780012", start=2000.0)
        await run.silence()
        await run.silence()
        assert run.note == "Mã quét bị đứt (12 ký tự): hãy quét lại."
        assert run.screen(HomeScreen).figure == ""


async def test_what_is_no_scan_goes_back_into_the_field(folder: Path) -> None:
    async with running(folder, before=two_dossiers) as run:
        await run.keys("/")
        await run.scan("042180000708")
        assert run.app.screen.query_one("#query", FormInput).value == "042180000708"


async def test_a_code_scanned_into_a_question_answers_it(folder: Path) -> None:
    async with running(folder, before=two_dossiers) as run:
        answers: list[str | None] = []
        run.app.push_screen(Ask("Mã chính thức?"), answers.append)
        await run.settle()
        await run.scan(OFFICIAL)
        assert answers == [OFFICIAL]


async def test_the_palette_runs_commands_of_screen_and_app(folder: Path) -> None:
    async with running(folder, before=two_dossiers) as run:
        await run.keys(F9, "qua han", ENTER)
        assert run.screen(HomeScreen).figure == "overdue"
        await run.keys(F9, "so lieu", ENTER)
        run.screen(NumbersScreen)
        await run.keys(F9, "ky truoc", ENTER)
        assert "Quý IV/2025" in run.text
        await run.keys(F9, "khoa", ENTER)
        run.screen(CoverScreen)
        await run.keys(ENTER, F9, "viec", ENTER)
        run.screen(HomeScreen)
        await run.keys(F9, "giup", ENTER)
        run.screen(TextPage)
        await run.keys(ESCAPE, F9, "thoat", ENTER)
        assert run.app.return_code == 0


@every_screen
async def test_help_names_every_key_of_the_screen(folder: Path, screen: type[DeskScreen]) -> None:
    async with running(folder, before=two_dossiers, size=(120, 70)) as run:
        await go(run, screen)
        commands = [*run.screen(DeskScreen).COMMANDS_HERE]
        taken = {key for command in commands for key in command.keys}
        commands += [command for command in GLOBAL if command.key not in taken]
        await run.keys(F1)
        for command in commands:
            assert command.key_names in run.text, command.id
            assert command.help[:60] in run.text, command.id


async def test_the_record_is_never_opened_on_the_loop(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: set[int] = set()

    def noting(original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            threads.add(threading.get_ident())
            return original(*given, **named)

        return call

    async with running(folder, before=two_dossiers) as run:
        code = codes(run)[0]
        monkeypatch.setattr(Records, "reading", noting(Records.reading))
        monkeypatch.setattr(Records, "writing", noting(Records.writing))
        for screen in SCREENS:
            await run.keys(F5)
            await go(run, screen)
        await run.tick()
        await run.scan(CARD)
        await run.scan(code)
        assert threads
    assert threading.get_ident() not in threads


async def test_an_answer_for_a_screen_that_is_gone_is_dropped(folder: Path) -> None:
    async with running(folder, before=two_dossiers) as run:
        await run.keys(F8)
        numbers, go_on = run.screen(NumbersScreen), threading.Event()
        heard: list[bool] = []
        numbers.ask(lambda: go_on.wait(10), heard.append)
        await run.pilot.pause()
        run.app.pop_screen()
        await run.pilot.pause()
        go_on.set()
        await run.settle()
        assert heard == []


async def test_the_focus_never_leaves_the_screen(folder: Path) -> None:
    async with running(folder, before=two_dossiers) as run:
        await run.keys("\t", "\t", BACK_TAB, "/", "\t")
        assert run.app.focused is not None
        assert run.app.focused.screen is run.app.screen


HYGIENE = """
import sys
import desk.tui.entry
assert "textual" not in sys.modules
from desk.tui.keys import prepare_terminal
prepare_terminal()
import desk.tui.app
import desk.tui.screens.home, desk.tui.screens.opening, desk.tui.screens.receive, desk.tui.screens.dossier
heavy = ("sqlalchemy", "sqlmodel", "sqlcipher3", "cryptography", "alembic", "argon2", "typer", "desk.counter.service",
         "db.tables", "db.unit", "desk.bootstrap")
print(sorted(name for name in sys.modules if name in heavy))
"""

PAINT = """
import asyncio, sys
from pathlib import Path
from desk.tui.entry import Opening
from desk.tui.app import DeskApp
from desk.settings import Paths
opening, seen = Opening(Paths(Path(sys.argv[1]))), []
def opener():
    lines = [strip.text for strip in app.screen._compositor.render_strips()]
    seen.append(any("Đang mở trung tâm" in line for line in lines))
    seen.append("sqlalchemy" in sys.modules)
    return opening.open()
app = DeskApp(opener)
async def main():
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await app.workers.wait_for_complete()
asyncio.run(main())
print(seen)
"""


def said_by(program: str, *arguments: str) -> str:
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_screens_do_not_load_the_record() -> None:
    assert said_by(HYGIENE) == "[]"


def test_the_first_paint_comes_before_the_record_is_loaded(folder: Path) -> None:
    assert said_by(PAINT, str(folder / "data")) == "[True, False]"
