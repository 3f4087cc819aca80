"""The lists beside the day's work, by keys: chosen, named, counted, sorted, and left with the cursor where it was."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from db.errors import RecordError, RecordFault
from db.vocabulary import Act
from desk.counter import listing
from desk.counter.listed import Lists
from desk.rules.text import name_key
from desk.tui.screens.act_dialogs import Pick
from desk.tui.screens.home import HomeScreen
from desk.tui.screens.orders import Order, after
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.text import width_of
from tests.counter.desk_fixture import CLERK, LAND, MARITAL, Desk, done
from tests.tui.conftest import HOSTILE
from tests.tui.screens.desk_app import DOWN, ENTER, ESCAPE, F4, F5, F9, LEFT, RIGHT, running
from tests.tui.screens.home_morning import a_morning, names, part, query, rows

NAMES = ("Trần Ánh", "Lê Ân", "Phạm Ăn", "Vũ An", "Đỗ Đạt", "Bùi Dũng")


def named_people(desk: Desk) -> None:
    for hour, name in enumerate(NAMES, 8):
        desk.clock.set(f"2026-03-12T{hour:02d}:00")
        desk.receive(MARITAL if hour % 2 else LAND, name)
    desk.clock.set("2026-03-13T09:12")


async def test_a_list_is_two_keys_away_with_its_name_and_count(folder: Path) -> None:
    async with running(folder, before=a_morning) as run:
        await run.keys("*")
        assert "2  Quầy 1 nhận hôm nay · 1" in run.text
        assert "3  Cần nhập lại, chưa có mã chính thức · 5" in run.text
        assert "4  Tôi nhận, còn việc phải làm · 5" in run.text
        await run.keys("2")
        assert (names(run), part(run, "chosen")) == (["Lê Đức Thọ"], "Quầy 1 nhận hôm nay 1")
        await run.keys("*", "3")
        assert part(run, "chosen") == "Cần nhập lại 5"
        assert "Phạm Văn Xong" in names(run)
        assert "Đỗ Đức Mạnh" not in names(run)
        await run.keys("*", "9")
        assert (names(run), part(run, "chosen")) == (["Trần Thị Bình"], "Chờ trả")
        await run.keys("*", "8")
        assert names(run) == ["Nguyễn Đức Thịnh"]
        await run.keys("*", "1")
        assert (len(rows(run)), part(run, "chosen")) == (4, "")


async def test_a_list_of_a_kind_is_one_question_further(folder: Path) -> None:
    def before(desk: Desk) -> None:
        a_morning(desk)
        held = desk.receive(LAND, "Ở Địa Chính", officer_id=CLERK)
        desk.act(held.code, Act.FORWARD, holder="Địa chính [red]")

    async with running(folder, before=before) as run:
        await run.keys("*", "5")
        assert "Trạng thái nào?" in run.text
        await run.keys(DOWN + ENTER)
        assert part(run, "chosen").startswith("Đang xử lý 1")
        assert names(run) == ["Ở Địa Chính"]
        await run.keys("*", "6", "2")
        assert (part(run, "chosen"), names(run)) == ("Nhận: Phạm Văn Tư 1", ["Ở Địa Chính"])
        await run.keys("*", "7", "1")
        assert (part(run, "chosen"), names(run)) == ("Đang ở: Địa chính [red] 1", ["Ở Địa Chính"])
        await run.keys("*", "6", ESCAPE)
        assert part(run, "chosen") == "Đang ở: Địa chính [red] 1"


async def test_every_list_has_a_name_without_accents(folder: Path) -> None:
    async with running(folder, before=a_morning) as run:
        for typed, title in (("nhan hom nay", "Quầy 1 nhận hôm nay 1"), ("nhap lai", "Cần nhập lại 5")):
            await run.keys(F9, typed + ENTER)
            assert part(run, "chosen") == title
        await run.keys(F9, "toi nhan" + ENTER)
        assert part(run, "chosen") == "Nhận: Lê Thị Hoa 5"
        for typed, question in (("trang thai", "Trạng thái nào?"), ("ai nhan", "Cán bộ nào nhận?")):
            await run.keys(F9, typed + ENTER)
            assert question in run.text
            await run.keys(ESCAPE)
        await run.keys(F9, "danh sach" + ENTER)
        assert isinstance(run.app.screen, Pick)
        await run.keys(ESCAPE, F9, "dang giu" + ENTER)
        assert run.note == "Chưa có hồ sơ nào ở đó."


async def test_escape_goes_back_with_the_cursor_where_it_was(folder: Path) -> None:
    async with running(folder, before=a_morning) as run:
        await run.keys(DOWN, DOWN)
        before = rows(run)[2].key
        for leave in ("*", "3"), ("4",), ("6",):
            await run.keys(*leave)
            assert part(run, "place").startswith("1/")
            assert part(run, "chosen") != ""
            await run.keys(ESCAPE)
            assert (part(run, "chosen"), part(run, "place")) == ("", "3/4")
        await run.keys(F4, "xong", ESCAPE, ESCAPE)
        assert part(run, "place") == "3/4"
        run.desk.act(run.desk.counter.find("Đỗ Đức Mạnh")[0].code, Act.FINISH)
        await run.keys("*", "3", ESCAPE)
        assert rows(run)[1].key == before
        assert part(run, "place") == "2/3"
        await run.keys(F5)
        assert part(run, "place") == "1/3"


async def test_one_key_cycles_the_order_and_words_say_it(folder: Path) -> None:
    async with running(folder, before=named_people) as run:
        by_promise = names(run)
        await run.keys(RIGHT)
        assert (part(run, "chosen"), names(run)) == ("mới nhận trước", list(reversed(NAMES)))
        await run.keys(RIGHT)
        assert part(run, "chosen") == "theo tên"
        assert names(run) == ["Vũ An", "Trần Ánh", "Phạm Ăn", "Lê Ân", "Bùi Dũng", "Đỗ Đạt"]
        assert names(run) == sorted(NAMES, key=name_key)
        await run.keys(RIGHT)
        assert part(run, "chosen") == "theo thủ tục"
        assert [row.cells[3] for row in rows(run)] == ["Đất đai lần đầu"] * 3 + ["Xác nhận hôn nhân"] * 3
        await run.keys(RIGHT)
        assert (names(run), run.note) == (by_promise, "theo hẹn trả")
        await run.keys(LEFT)
        assert part(run, "chosen") == "theo thủ tục"


async def test_by_procedure_is_by_the_names_that_are_shown(folder: Path) -> None:
    async with running(folder, before=named_people, size=(118, 30)) as run:
        await run.keys(LEFT)
        shown = [row.cells[3] for row in rows(run)]
        assert [name.split(" ")[0] for name in shown] == ["Cấp"] * 3 + ["Đất"] * 3


async def test_the_order_holds_for_the_filter_and_each_list_keeps_its_own(folder: Path) -> None:
    async with running(folder, before=named_people) as run:
        await run.keys(RIGHT, RIGHT, "an")
        assert names(run) == ["Vũ An", "Trần Ánh", "Phạm Ăn", "Lê Ân"]
        assert "theo tên" in run.lines[2]
        assert "lọc: an" in run.lines[2]
        # In the field the arrow moves the text cursor.
        await run.keys(RIGHT)
        assert part(run, "chosen") == "theo tên"
        await run.keys(ESCAPE, "*", "3")
        assert part(run, "chosen") == "Cần nhập lại 6"
        await run.keys(ESCAPE)
        assert part(run, "chosen") == "theo tên"


async def test_the_cursor_stays_with_its_dossier_when_the_order_changes(folder: Path) -> None:
    async with running(folder, before=named_people) as run:
        await run.keys(DOWN)
        before = rows(run)[1].key
        await run.keys(RIGHT, RIGHT)
        view = run.app.screen.query_one("#rows", LineList)
        assert view.current is not None
        assert view.current.key == before


def test_orders_go_round() -> None:
    assert [after(order) for order in Order] == [Order.RECEIPT, Order.NAME, Order.PROCEDURE, Order.PROMISE]
    assert [after(after(order), -1) for order in Order] == list(Order)


async def test_a_long_list_says_that_it_shows_the_newest(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MOST", 4)
    async with running(folder, before=named_people) as run:
        await run.keys("*", "3")
        assert part(run, "chosen") == "Cần nhập lại 4 mới nhất/6"
        assert len(rows(run)) == 4


async def test_an_empty_list_says_so(folder: Path) -> None:
    async with running(folder) as run:
        await run.keys("*", "2")
        assert part(run, "chosen") == "Quầy 1 nhận hôm nay 0"
        assert "Không có hồ sơ nào trong mục này. 0 về tất cả." in run.text
        await run.keys("0")
        assert part(run, "chosen") == ""


async def test_a_failing_record_leaves_the_list(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: Any) -> Any:
        raise RecordError(RecordFault.BUSY)

    async with running(folder, before=a_morning) as run:
        monkeypatch.setattr(run.desk.counter, "lists", broken)
        await run.keys("*")
        assert run.screen(HomeScreen)
        assert "Máy khác đang ghi sổ" in run.note
        monkeypatch.undo()
        monkeypatch.setattr(run.desk.counter, "listed", broken)
        await run.keys("*", "3")
        assert "Máy khác đang ghi sổ" in run.note
        assert len(rows(run)) == 4


async def test_no_list_is_read_on_the_event_loop(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(folder, before=a_morning) as run:
        threads: list[threading.Thread] = []
        for name in ("lists", "listed", "drill", "rows", "open_work"):
            original = getattr(run.desk.counter, name)

            def watched(*given: Any, call: Any = original) -> Any:
                threads.append(threading.current_thread())
                return call(*given)

            monkeypatch.setattr(run.desk.counter, name, watched)
        await run.keys("*", "3", RIGHT, ESCAPE, "4", "*", "5", "1")
        assert len(threads) >= 8
        assert threading.main_thread() not in threads


async def test_a_slow_count_of_lists_keeps_the_keys_free(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(folder, before=a_morning) as run:
        go, lists = threading.Event(), run.desk.counter.lists

        def slow() -> Lists:
            go.wait(10)
            found: Lists = lists()
            return found

        monkeypatch.setattr(run.desk.counter, "lists", slow)
        run.screen(HomeScreen).action_lists()
        await run.pilot.pause()
        run.screen(HomeScreen).query_one("#rows", LineList).action_move(2)
        await run.pilot.pause()
        assert part(run, "place") == "3/4"
        go.set()
        await run.settle()
        assert isinstance(run.app.screen, Pick)


async def test_hostile_names_are_text_in_lists_and_choices(folder: Path) -> None:
    def before(desk: Desk) -> None:
        for text in HOSTILE:
            answer = desk.try_receive(LAND, text or "Không Tên", address=text)
            made = done(answer)
            # The rule cleans a holder; one that is nothing afterwards is the department.
            desk.act(made.code, Act.FORWARD, holder=text)

    async with running(folder, before=before) as run:
        for keys in (("*",), ("7",), ("1",), (RIGHT,), (RIGHT,), ("*",), ("2",), (F9,), (ESCAPE,)):
            await run.keys(*keys)
            assert all(width_of(line) <= 80 for line in run.lines)
            assert "\x1b" not in run.text
        assert query(run).value == ""
        assert len(rows(run)) == len(HOSTILE)
