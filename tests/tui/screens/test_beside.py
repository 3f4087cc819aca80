"""On a wide screen the dossier under the cursor stands beside its list; reading it waits for the cursor to rest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from desk.tui.screens.beside import Beside
from desk.tui.screens.beside_lines import beside_width, has_wide_names
from desk.tui.screens.home import HomeScreen
from tests.counter.desk_fixture import Desk
from tests.tui.screens.desk_app import DOWN, F4, F8, Running, running

HOANG, DUC = "Hoàng Thị Bé", "Nguyễn Đức Thịnh"


def two(desk: Desk) -> None:
    desk.receive("1.001193", HOANG)
    desk.receive("1.004884", DUC)


def a_closed_day(desk: Desk) -> None:
    desk.clock.set("2026-03-12T09:00")
    two(desk)
    desk.clock.set("2026-03-12T17:00")
    desk.counter.close()
    desk.clock.set("2026-03-13T09:12")


def shown(run: Running) -> list[str]:
    """What stands in the column."""
    beside = run.app.screen.query_one(Beside)
    return [strip.text.strip("│ ") for strip in map(beside.render_line, range(beside.size.height))]


@pytest.mark.parametrize(("width", "beside"), [(80, 0), (119, 0), (120, 40), (132, 52), (160, 60), (250, 60)])
def test_the_list_keeps_its_eighty_cells(width: int, beside: int) -> None:
    assert beside_width(width) == beside
    assert not beside or width - beside >= 80


def test_whole_names_need_room_in_the_list() -> None:
    assert [has_wide_names(width) for width in (109, 110, 119, 120, 169, 170)] == [
        False,
        True,
        True,
        False,
        False,
        True,
    ]


async def test_the_dossier_under_the_cursor_is_beside_its_list(folder: Path) -> None:
    async with running(folder, size=(120, 30), before=two) as run:
        await run.silence()
        assert HOANG in shown(run)
        assert "Hẹn hiện nay  T6 13/03/2026 17:00" in shown(run)
        assert any("Tiếp nhận" in line for line in shown(run))
        await run.keys(DOWN)
        assert DUC in shown(run)
        assert HOANG not in shown(run)
        await run.keys(F4, "khong ai")
        assert "".join(shown(run)) == ""


def readings(run: Running, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Return the list that will hold the dossiers read from now on."""
    read: list[Any] = []
    dossier = run.desk.counter.dossier

    def reading(wanted: Any) -> Any:
        read.append(wanted)
        return dossier(wanted)

    monkeypatch.setattr(run.desk.counter, "dossier", reading)
    return read


async def test_going_through_the_list_reads_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(folder, size=(120, 30), before=two) as run:
        await run.silence()
        read = readings(run, monkeypatch)
        before = shown(run)
        await run.burst(DOWN + "\x1b[A" + DOWN)
        assert read == []
        assert shown(run) == before
        await run.silence()
        assert len(read) == 1
        assert DUC in shown(run)


async def test_only_what_differs_is_drawn(folder: Path, repainted: Any) -> None:
    async with running(folder, size=(120, 30), before=two) as run:
        await run.silence()
        with repainted(run.app.screen.query_one(Beside)) as seen:
            await run.keys(DOWN)
        assert seen
        assert all(len(regions) == 1 and regions[0].height == 1 for regions in seen)
        # The three dates are the same for both, and so are the empty lines.
        assert len(seen) < 20


async def test_a_narrow_screen_reads_nothing_and_grows(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(folder, before=two) as run:
        read = readings(run, monkeypatch)
        await run.keys(DOWN)
        assert not run.app.screen.query_one(Beside).display
        assert read == []
        await run.pilot.resize_terminal(120, 30)
        await run.settle()
        assert DUC in shown(run)
        await run.pilot.resize_terminal(80, 24)
        await run.settle()
        assert not run.app.screen.query_one(Beside).display
        assert run.screen(HomeScreen)._list.size.width == 80


async def test_the_dossiers_behind_a_figure_have_it_too(folder: Path) -> None:
    async with running(folder, size=(140, 40), before=a_closed_day) as run:
        await run.keys(F8, "\r", "1")
        await run.silence()
        assert HOANG in shown(run) or DUC in shown(run)
