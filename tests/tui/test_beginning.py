"""The list of a start stands before the record is open; what comes of the rest is taken, or said."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from desk.bootstrap import make_centre, open_centre
from desk.counter.model import Refused
from desk.first_look import first_desk
from desk.settings import CentreSettings, Paths
from desk.tui.app import DeskApp
from desk.tui.screens.home import HomeScreen
from desk.tui.screens.opening import OpeningScreen, Stage


async def test_the_list_stands_before_the_record_is_open(tmp_path: Path) -> None:
    paths, go_on = centre_of(tmp_path), threading.Event()

    def opener() -> Any:
        go_on.wait(30)
        return open_centre(paths)

    first = first_desk(paths, None, opener)
    assert first is not None
    first.mornings.begin(first.minute().date())
    app = DeskApp(opener, first=first)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("down", "f1", "escape")
        assert isinstance(app.screen, HomeScreen)
        assert app.counter is first.counter
        go_on.set()
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert app.counter is first.whole().counter
        assert isinstance(app.screen, HomeScreen)
        first.whole().close()


async def test_what_stands_in_the_way_behind_the_first_look_is_said(tmp_path: Path) -> None:
    def opener() -> Any:
        return Refused("other_unit", "Cơ sở dữ liệu này là của đơn vị khác.", "unit")

    first = first_desk(centre_of(tmp_path), None, opener)
    app = DeskApp(opener, first=first)
    async with app.run_test(size=(80, 24)) as pilot:
        for _each in range(3):
            await pilot.pause()
            await app.workers.wait_for_complete()
        assert isinstance(app.screen, OpeningScreen)
        assert app.screen.stage is Stage.FAILED
        assert not app.is_open
        shown = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
        assert "là của đơn vị khác" in shown


def centre_of(folder: Path) -> Paths:
    paths = Paths(folder / "first")
    made = make_centre(paths, CentreSettings("18229", "Xã Đức Thọ", practice=True), officer="Lê Thị Hoa")
    assert not isinstance(made, Refused)
    made.close()
    return paths
