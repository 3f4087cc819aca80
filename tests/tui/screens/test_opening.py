"""From nothing to the day's work: the first paint, the short set-up, a passphrase, and what stands in the way."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from db.upgrading import Stage as Doing
from db.upgrading import Upgrading, tell
from desk.bootstrap import make_centre, open_centre
from desk.counter.model import Refused
from desk.rules.text import fold
from desk.settings import CentreSettings, Paths, read_settings
from desk.tui.entry import Opening
from desk.tui.screens.home import HomeScreen
from desk.tui.screens.morning import MorningScreen
from desk.tui.screens.opening import OpeningScreen, Stage
from desk.tui.screens.units import find_units, unit_label
from desk.tui.services import NewCentre, NoCentre, Opened, Opener
from desk.tui.widgets.choice import Choice
from desk.tui.widgets.form_input import FormInput
from desk.tui.widgets.lines import Line
from desk.tui.widgets.modals import Confirm
from desk.tui.widgets.picker import Picker
from desk.upgrade_words import upgrade_sentence
from tests.tui.conftest import HOSTILE
from tests.tui.screens.desk_app import (
    DOWN,
    ENTER,
    ESCAPE,
    F1,
    F2,
    F9,
    RIGHT,
    Running,
    make_app,
    open_services,
    running,
)


@asynccontextmanager
async def starting(opener: Opener) -> AsyncIterator[Running]:
    """Run the App on an opener of the test's own."""
    app = make_app(opener)
    async with app.run_test(size=(80, 24)) as pilot:
        run = Running(app, pilot)
        await run.settle()
        yield run


@asynccontextmanager
async def starting_in(folder: Path, passphrase: str | None = None) -> AsyncIterator[Running]:
    """Run the App on a data folder, as the program does."""
    opening = Opening(Paths(folder), passphrase=passphrase)
    async with starting(opening.open) as run:
        yield run
    opening.close()


def said(run: Running) -> str:
    return run.app.screen.query_one("#said", Line).text


async def test_the_first_paint_comes_before_the_centre_is_opened(folder: Path) -> None:
    services, go = open_services(folder), threading.Event()
    painted: list[str] = []

    def opener() -> Opened:
        painted.append("\n".join(strip.text for strip in app.screen._compositor.render_strips()))
        go.wait(10)
        return services

    app = make_app(opener)
    async with app.run_test(size=(80, 24)) as pilot:
        run = Running(app, pilot, services)
        await pilot.pause()
        await pilot.pause()
        assert run.screen(OpeningScreen).stage is Stage.OPENING
        assert "Đang mở trung tâm…" in run.text
        for action in ("receive", "work", "return_result", "close_day", "find", "numbers"):
            assert app.check_action(action, ()) is False
        go.set()
        await run.settle()
        run.screen(MorningScreen)
        assert app.check_action("receive", ()) is True
    assert "Đang mở trung tâm…" in painted[0]
    services.close()


@pytest.mark.parametrize("stage", Doing)
async def test_an_upgrade_of_a_big_record_says_what_it_does(folder: Path, stage: Doing) -> None:
    services, told, go = open_services(folder), threading.Event(), threading.Event()

    def opener() -> Opened:
        tell(stage, 12_345)
        told.set()
        go.wait(10)
        return services

    async with make_app(opener).run_test(size=(80, 24)) as pilot:
        run = Running(pilot.app, pilot, services)  # type: ignore[arg-type]
        await asyncio.to_thread(told.wait, 10)
        await pilot.pause()
        said = run.screen(OpeningScreen).query_one("#said", Line).text
        assert said == upgrade_sentence(Upgrading(stage, 12_345))
        assert "12.345 MB" in said
        assert said in run.text, "not cut"
        go.set()
        await run.settle()
        run.screen(MorningScreen)
    services.close()


async def test_a_centre_is_set_up_by_keys_alone(folder: Path) -> None:
    data = folder / "data"
    async with starting_in(data) as run:
        assert run.screen(OpeningScreen).stage is Stage.SET_UP
        assert "Máy này chưa có trung tâm" in said(run)
        await run.keys("duc tho ha tinh")
        assert "18229 Xã Đức Thọ" in run.text
        await run.keys(ENTER, "Lê Thị Hoa", ENTER, ENTER, RIGHT, ENTER, str(folder / "usb"), ENTER)
        assert run.note == "F2 lập trung tâm."
        assert not data.exists()
        await run.keys(F2)
        assert isinstance(run.app.screen, MorningScreen)
        assert run.app.officer_name == "Lê Thị Hoa"
        assert "THỰC HÀNH" in run.lines[0]
        assert "Xã Đức Thọ" in run.lines[0]
    settings = read_settings(Paths(data))
    expected = CentreSettings("18229", "Xã Đức Thọ", practice=True, folder=str(folder / "usb"))
    assert settings == expected
    async with starting_in(data) as run:
        assert isinstance(run.app.screen, HomeScreen)
        assert run.app.officer_name == "Lê Thị Hoa"


async def test_what_is_missing_is_said_and_nothing_is_made() -> None:
    made: list[NewCentre] = []

    def make(new: NewCentre) -> Opened:
        made.append(new)
        return Refused("exists", "Đã có.")

    async with starting(lambda: NoCentre(make)) as run:
        screen = run.screen(OpeningScreen)
        await run.keys(F2)
        assert run.note == "Chưa chọn đơn vị: gõ tên xã, rồi Enter."
        assert run.app.focused is screen.query_one(Picker).field
        await run.keys("18229" + ENTER)
        await run.keys(ENTER, F2)
        assert run.note == "Chưa có tên cán bộ."
        assert run.app.focused is screen.query_one("#officer")
        await run.keys("Hoa", ENTER, "\x7f0", F2)
        assert run.note == "Số quầy từ 1 đến 9."
        assert run.app.focused is screen.query_one("#desk")
        assert made == []
        await run.keys("\x7f7", F2)
        assert made == [NewCentre("18229", "Xã Đức Thọ", "Hoa", 7, False, "")]
        assert run.note == "Đã có."
        assert screen.stage is Stage.SET_UP
        assert screen.query_one("#officer", FormInput).value == "Hoa"


async def test_two_presses_make_one_centre() -> None:
    made, go = [], threading.Event()

    def make(new: NewCentre) -> Opened:
        made.append(new)
        go.wait(10)
        return Refused("unit", "Không có đơn vị này.", "unit")

    async with starting(lambda: NoCentre(make)) as run:
        screen = run.screen(OpeningScreen)
        await run.keys("18229" + ENTER, "Hoa")
        screen.action_make()
        await run.pilot.pause()
        screen.action_make()
        await run.pilot.pause()
        assert run.note == "Đang lập trung tâm…"
        go.set()
        await run.settle()
        assert len(made) == 1
        assert run.note == "Không có đơn vị này."
        assert run.app.focused is screen.query_one(Picker).field


async def test_leaving_the_set_up_asks_first() -> None:
    async with starting(lambda: NoCentre(lambda _new: Refused("x", "x"))) as run:
        await run.keys("duc", ESCAPE)
        assert isinstance(run.app.screen, Confirm)
        await run.keys(ESCAPE)
        assert run.screen(OpeningScreen).query_one(Picker).text == "duc"
        assert run.app.is_running
        await run.keys(ESCAPE, ENTER)
        assert run.app.return_code == 0


async def test_the_palette_before_a_centre_holds_only_what_works() -> None:
    async with starting(lambda: NoCentre(lambda _new: Refused("x", "x"))) as run:
        await run.keys(F9)
        assert "Thoát" in run.text
        assert "Tiếp nhận hồ sơ" not in run.text
        assert "Lập trung tâm" in run.text


async def test_a_locked_centre_asks_for_its_passphrase(folder: Path) -> None:
    made = make_centre(
        Paths(folder / "data"), CentreSettings("18229", "Xã Đức Thọ"), officer="Hoa", passphrase="đúng mật khẩu"
    )
    assert not isinstance(made, Refused)
    made.close()
    async with starting_in(folder / "data") as run:
        screen = run.screen(OpeningScreen)
        assert screen.stage is Stage.LOCKED
        await run.keys("sai")
        assert "sai" not in run.text
        await run.keys(ENTER)
        assert run.note == "Mật khẩu không đúng."
        assert screen.query_one("#passphrase", FormInput).value == ""
        await run.keys(ENTER)
        assert screen.stage is Stage.LOCKED
        await run.keys("đúng mật khẩu", ENTER)
        assert isinstance(run.app.screen, MorningScreen)
        assert "THỰC HÀNH" not in run.text
    async with starting_in(folder / "data", "đúng mật khẩu") as run:
        assert isinstance(run.app.screen, HomeScreen)


async def test_what_stands_in_the_way_is_said_and_tried_again(folder: Path) -> None:
    data = folder / "data"
    made = make_centre(Paths(data), CentreSettings("18229", "Xã Đức Thọ"), officer="Hoa")
    assert not isinstance(made, Refused)
    made.close()
    (data / "desk.key").rename(folder / "desk.key")
    async with starting_in(data) as run:
        screen = run.screen(OpeningScreen)
        assert screen.stage is Stage.FAILED
        assert said(run) == "Thiếu tệp khóa desk.key của cơ sở dữ liệu: lấy lại từ bản sao lưu."
        assert "Enter Thử lại" in run.key_bar
        await run.keys(ENTER)
        assert screen.stage is Stage.FAILED
        (folder / "desk.key").rename(data / "desk.key")
        await run.keys(ENTER)
        assert isinstance(run.app.screen, MorningScreen)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("unit = 3\n", "mục «unit» thiếu hoặc sai"),
        ('unit = "18229"\nname = "x"\ncolour = 1\n', "không có mục «colour»"),
        ("not toml", "viết sai"),
        ('unit = "18229"\nname = "Xã Đức Thọ"\n', "Chưa có cơ sở dữ liệu"),
    ],
)
async def test_settings_that_cannot_be_used_are_a_sentence(folder: Path, text: str, sentence: str) -> None:
    (folder / "desk.toml").write_text(text, encoding="utf-8")
    async with starting_in(folder) as run:
        assert run.screen(OpeningScreen).stage is Stage.FAILED
        assert sentence in said(run)
        await run.keys(ESCAPE)
        assert run.app.return_code == 0


async def test_a_full_disk_keeps_the_form(folder: Path) -> None:
    def make(_new: NewCentre) -> Opened:
        raise OSError(28, "No space left on device", str(folder / "desk.db"))

    async with starting(lambda: NoCentre(make)) as run:
        await run.keys("18229" + ENTER, "Hoa", F2)
        assert run.screen(OpeningScreen).stage is Stage.SET_UP
        assert "No space left on device" in run.note
        assert run.screen(OpeningScreen).query_one("#officer", FormInput).value == "Hoa"
        assert run.screen(OpeningScreen).query_one(Choice).value == "live"


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_text_is_only_text(text: str) -> None:
    made: list[NewCentre] = []

    def make(new: NewCentre) -> Opened:
        made.append(new)
        return Refused("x", f"Không: {text}")

    async with starting(lambda: NoCentre(make)) as run:
        screen = run.screen(OpeningScreen)
        screen.query_one(Picker).field.value = text
        await run.settle()
        screen.query_one(Picker).field.value = "18229"
        await run.settle()
        await run.keys(ENTER)
        screen.query_one("#officer", FormInput).value = f"A{text}"
        screen.query_one("#folder", FormInput).value = text
        await run.keys(F2)
        assert len(made) == 1
        assert made[0].officer.startswith("A")
        assert run.note.startswith("Không:")


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("duc tho", "18229"),
        ("ĐỨC THỌ", "18229"),
        ("xa duc tho ha tinh", "18229"),
        ("18229", "18229"),
        ("phuong ba dinh", "00004"),
        ("ba dinh ha noi", "00004"),
    ],
)
def test_a_commune_is_found_by_folded_typing(typed: str, first: str) -> None:
    assert find_units(typed)[0].key == first


def test_a_commune_is_found_by_the_beginnings_of_its_words() -> None:
    found: Sequence[Any] = find_units("duc th")
    assert found
    assert all(" th" in fold(" ".join(("", *row.cells))) for row in found)
    assert find_units("khong co xa nao nhu vay") == []
    assert unit_label(find_units("18229")[0]) == "Xã Đức Thọ, Tỉnh Hà Tĩnh (18229)"


def test_a_live_centre_made_by_the_set_up_can_be_opened(folder: Path) -> None:
    opening = Opening(Paths(folder / "data"))
    no_centre = opening.open()
    assert isinstance(no_centre, NoCentre)
    made = no_centre.make(NewCentre("18229", "Xã Đức Thọ", "Hoa", 2))
    assert not isinstance(made, Refused)
    opening.close()
    again = open_centre(Paths(folder / "data"))
    assert not isinstance(again, Refused)
    assert (again.settings.desk, again.settings.practice) == (2, False)
    assert [officer.name for officer in again.counter.officers()] == ["Hoa"]
    again.close()


async def test_home_follows_opening_at_once(folder: Path) -> None:
    async with running(folder) as run:
        assert not [screen for screen in run.app.screen_stack if isinstance(screen, OpeningScreen)]
        await run.keys(DOWN)
        assert isinstance(run.app.screen, HomeScreen)


async def test_help_of_the_set_up_names_only_its_keys() -> None:
    async with starting(lambda: NoCentre(lambda _new: Refused("x", "x"))) as run:
        await run.keys(F1)
        assert "Lập trung tâm" in run.text
        assert "Mở lại trung tâm" not in run.text
