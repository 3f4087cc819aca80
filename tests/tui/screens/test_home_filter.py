"""Finding in the day's work: typing filters, F4 searches, Enter opens, Esc goes back step by step."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from desk.tui.screens.home import HomeScreen
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.moves import Next
from tests.counter.desk_fixture import COPIES, Desk
from tests.tui.screens.desk_app import (
    BACKSPACE,
    DOWN,
    ENTER,
    ESCAPE,
    F4,
    F5,
    PAGE_DOWN,
    UP,
    running,
)
from tests.tui.screens.home_morning import a_morning, names, part, query, rows


async def test_typing_in_the_list_filters_it_without_accents(folder: Path) -> None:
    async with running(folder, before=a_morning) as run:
        await run.keys("d", "uc")
        assert query(run).value == "duc"
        assert names(run) == ["Đỗ Đức Mạnh", "Lê Đức Thọ", "Nguyễn Đức Thịnh"]
        assert part(run, "place") == "1/3"
        assert "lọc: duc" in run.lines[2]
        await run.keys(DOWN, DOWN, UP)
        assert part(run, "place") == "2/3"
        assert part(run, "who").startswith("Lê Đức Thọ")
        await run.keys(" tho")
        assert names(run) == ["Lê Đức Thọ"]
        assert part(run, "place") == "1/1"
        await run.keys(" khong co")
        assert names(run) == []
        assert "Không có hồ sơ nào khớp. F4 tìm trong mọi hồ sơ." in run.text
        assert part(run, "place") == "0/0"
        assert (part(run, "who"), part(run, "dates")) == ("", "")


async def test_an_input_method_may_correct_the_first_letter(folder: Path) -> None:
    async with running(folder, before=a_morning) as run:
        await run.keys("d" + BACKSPACE + "đ", "o")
        assert query(run).value == "đo"
        assert names(run)[0] == "Đỗ Đức Mạnh"
        assert "Vũ Thị Mai" not in names(run)


async def test_a_digit_is_text_once_something_is_typed(folder: Path) -> None:
    async with running(folder, before=a_morning) as run:
        await run.keys("t", "n-0313")
        assert query(run).value == "tn-0313"
        assert names(run) == ["Lê Đức Thọ"]
        run.app.screen.set_focus(run.app.screen.query_one("#rows"))
        await run.keys("4")
        assert query(run).value == "tn-03134"
        assert part(run, "chosen") == ""


async def test_a_pasted_text_is_a_filter(folder: Path) -> None:
    async with running(folder, before=a_morning) as run:
        await run.keys("\x1b[200~Vũ Thị\nMai\x1b[201~")
        assert query(run).value == "Vũ Thị Mai"
        assert names(run) == ["Vũ Thị Mai"]


async def test_escape_clears_then_returns_then_shows_all(folder: Path) -> None:
    async with running(folder, before=a_morning) as run:
        await run.keys("4", "/", "xyz")
        assert names(run) == []
        await run.keys(ESCAPE)
        assert (query(run).value, names(run)) == ("", ["Đỗ Đức Mạnh"])
        assert run.app.focused is query(run)
        await run.keys(ESCAPE)
        assert isinstance(run.app.focused, LineList)
        assert part(run, "chosen") == "QUÁ HẠN"
        await run.keys(ESCAPE)
        assert (part(run, "chosen"), len(rows(run))) == ("", 4)
        await run.keys(ESCAPE)
        assert isinstance(run.app.screen, HomeScreen)


async def test_after_escape_out_of_a_filter_typed_in_the_list_a_digit_opens_a_figure(folder: Path) -> None:
    async with running(folder, before=a_morning) as run:
        await run.keys("duc", ESCAPE, "4")
        assert query(run).value == ""
        assert run.screen(HomeScreen).figure == "overdue"
        assert names(run) == ["Đỗ Đức Mạnh"]


async def test_letters_that_a_slow_link_sends_in_one_piece_are_a_filter(folder: Path) -> None:
    async with running(folder, before=a_morning) as run:
        await run.burst("lê đức thọ", start=1000.0)
        await run.silence()
        # So long a burst may be a scan that pauses: it is waited for once more.
        await run.silence()
        assert query(run).value == "lê đức thọ"
        assert names(run) == ["Lê Đức Thọ"]
        await run.keys(ESCAPE)
        await run.burst("TN-18229-260313", start=2000.0)
        await run.silence()
        await run.silence()
        assert query(run).value == ""
        assert "bị đứt" in run.text


async def test_f4_searches_every_dossier(folder: Path) -> None:
    async with running(folder, before=a_morning) as run:
        await run.keys("x", "ong")
        assert names(run) == []
        await run.keys(F4)
        assert "tìm: xong" in run.lines[2]
        assert [row.cells[2:] for row in rows(run)] == [("Phạm Văn Xong", "Xác nhận hôn nhân", "đã trả")]
        await run.keys(ESCAPE, "zzz")
        assert "Không có hồ sơ nào như vậy trong sổ." in run.text
        await run.keys(ESCAPE, ESCAPE)
        assert "lọc:" in run.lines[2]
        assert isinstance(run.app.focused, LineList)
        assert len(rows(run)) == 4
        await run.keys(F4, "042180000708")
        assert names(run) == ["Đỗ Đức Mạnh"]
        await run.keys(F5)
        assert (query(run).value, len(rows(run))) == ("", 4)


async def test_enter_opens_the_row_from_list_and_filter(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(folder, before=a_morning) as run:
        opened: list[Any] = []
        monkeypatch.setattr(run.app, "open_dossier", opened.append)
        await run.keys(DOWN + ENTER)
        assert opened == [int(rows(run)[1].key)]
        await run.keys("/", "mai", ENTER)
        assert opened[1:] == [int(rows(run)[0].key)]
        await run.keys(ESCAPE, "khong co ai", ENTER)
        assert len(opened) == 2


async def test_enter_waits_for_the_finds_of_what_was_typed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(folder, before=a_morning) as run:
        opened: list[Any] = []
        monkeypatch.setattr(run.app, "open_dossier", opened.append)
        screen, go = run.screen(HomeScreen), threading.Event()
        search = screen._search

        def slow(text: str) -> Callable[[], Sequence[Any]]:
            found = search(text)
            return lambda: (go.wait(10), found())[1]

        monkeypatch.setattr(screen, "_search", slow)
        screen.action_find_here()
        query(run).value = "thọ"
        await run.pilot.pause()
        screen._enter(Next(query(run)))
        assert opened == []
        go.set()
        await run.settle()
        assert opened == [int(rows(run)[0].key)]
        assert names(run) == ["Lê Đức Thọ"]


async def test_an_older_search_never_covers_a_newer_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(folder, before=a_morning) as run:
        go, finds = threading.Event(), run.desk.counter.finds

        def slow(text: str) -> Any:
            found = finds(text)
            if text == "b":
                go.wait(10)
            return found

        monkeypatch.setattr(run.desk.counter, "finds", slow)
        run.app.action_find()
        await run.settle()
        query(run).value = "b"
        await run.pilot.pause()
        query(run).value = "bình"
        await run.pilot.pause()
        go.set()
        await run.settle()
        assert names(run) == ["Trần Thị Bình"]


async def test_pages_turn_from_the_filter(folder: Path) -> None:
    def many(desk: Desk) -> None:
        for number in range(40):
            desk.receive(COPIES, f"Nguyễn Văn {number}")

    async with running(folder, before=many) as run:
        await run.keys("n", PAGE_DOWN)
        assert run.app.focused is query(run)
        assert part(run, "place") == "16/40"
