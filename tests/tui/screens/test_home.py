"""The day's work as an officer sees it and works it: figures, list, filter, search, all by keys."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from textual.widget import Widget

from db.errors import RecordError, RecordFault
from db.vocabulary import Act
from desk.counter.model import Drill
from desk.rules.calling import Turn
from desk.tui.screens.calls import CallsScreen
from desk.tui.screens.figures import drill_parts, left_over
from desk.tui.screens.home import HomeScreen
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.lines import FactLine, Rule
from desk.tui.widgets.rows import Row
from desk.tui.widgets.text import width_of
from tests.counter.desk_fixture import BIRTH, MARITAL, Desk
from tests.tui.conftest import HOSTILE
from tests.tui.screens.desk_app import (
    DOWN,
    ESCAPE,
    F2,
    F4,
    F5,
    F6,
    running,
)
from tests.tui.screens.home_morning import a_morning, names, part, query, rows


async def test_home_is_the_drawing(folder: Path) -> None:
    async with running(folder, before=a_morning) as run:
        lines = run.lines
        assert lines[0].startswith("  THỰC HÀNH  MỘT CỬA · Xã Đức Thọ")
        assert lines[0].endswith("Quầy 1 · Lê Thị Hoa    T6 13/03/2026 09:12")
        assert lines[1] == " Hôm nay 1 · Mai 1 · Xin lỗi 1 · QUÁ HẠN 1 · Bổ sung 1 · Chờ trả 1 · Gọi 1"
        assert lines[2].endswith("── 1/4 ──")
        assert lines[3] == "   Hẹn trả        Số hồ sơ      Người nộp          Thủ tục            Còn"
        assert lines[4] == " !▸T5 12/03 08:00 TN-0309-0001M Đỗ Đức Mạnh        Xác nhận hôn nhân  QUÁ 1 ng"
        assert lines[5] == "   T6 13/03 17:00 TN-0313-0001J Lê Đức Thọ         Khai sinh          5 giờ"
        assert lines[20] == " " + "─" * 78
        assert lines[21] == " Đỗ Đức Mạnh · 042•••••0708 · 09•••678 · Thôn Hải Thanh"
        assert lines[22].startswith(" Luật T5 12/03 08:00 · hẹn đầu T5 12/03 08:00 · hẹn nay T5 12/03 08:00")
        assert lines[23].startswith(" F1 Giúp  F2 Nhận  F3 Chứng thực  F4 Tìm  F6 Trả  F7 Chốt")
        assert lines[23].endswith("đã gửi đủ")
        assert all(width_of(line) <= 80 for line in lines)
        assert isinstance(run.app.focused, LineList)


async def test_a_digit_opens_the_list_behind_each_figure(folder: Path) -> None:
    async with running(folder, before=a_morning) as run:
        drill = run.desk.counter.drill()
        for digit, name, words in (
            ("1", "today", "Hôm nay"),
            ("2", "tomorrow", "Mai"),
            ("3", "apology", "Xin lỗi hôm nay"),
            ("4", "overdue", "QUÁ HẠN"),
            ("5", "waiting", "Bổ sung"),
            ("6", "uncollected", "Chờ trả"),
            ("7", "unforwarded", "Chưa chuyển"),
            ("8", "without_code", "Chưa có mã"),
        ):
            await run.keys(digit)
            assert [int(row.key) for row in rows(run)] == list(getattr(drill, name)), name
            assert part(run, "chosen") == words
        await run.keys("0")
        assert len(rows(run)) == 4
        assert part(run, "chosen") == ""


async def test_who_waits_for_a_call_is_a_figure_a_key_away(folder: Path) -> None:
    def ready(desk: Desk) -> None:
        for name, phone in (("Lê Thị Một", "0912345678"), ("Lê Thị Hai", "")):
            desk.act(desk.receive(MARITAL, name, phone=phone).code, Act.FINISH)

    async with running(folder, before=ready) as run:
        assert run.lines[1].endswith(" · Chờ trả 2 · Chờ gọi 1")
        await run.keys("+")
        screen = run.screen(CallsScreen)
        now = [line.row.id for line in screen._lines if line.turn is Turn.NOW]
        assert now == list(run.desk.counter.drill().calls)
        await run.keys("1", ESCAPE)
        assert run.screen(HomeScreen).figure == ""
        assert run.lines[1].endswith(" · Chờ trả 2")


def test_the_calls_stand_in_the_rule_where_the_line_is_full() -> None:
    ids = tuple(range(88))
    drill = Drill(ids, ids, ids, ids, ids, ids, calls=(1, 2))
    assert "2" not in " ".join(text for text, _style in drill_parts(drill, 78)).replace("88", "").split()
    assert left_over(drill, 78) == "Chờ gọi 2 (+)"
    assert ("Chờ gọi 2", "") in drill_parts(drill, 128)
    assert left_over(drill, 128) == left_over(replace(drill, calls=()), 78) == ""


async def test_a_digit_waits_for_its_silence(folder: Path) -> None:
    async with running(folder, before=a_morning) as run:
        await run.burst("4")
        assert len(rows(run)) == 4
        await run.silence()
        assert names(run) == ["Đỗ Đức Mạnh"]


async def test_f6_shows_what_waits_to_be_collected(folder: Path) -> None:
    async with running(folder, before=a_morning) as run:
        await run.keys(F6)
        assert names(run) == ["Trần Thị Bình"]
        assert rows(run)[0].cells[4] == "chờ trả"
        await run.keys(F5)
        assert len(rows(run)) == 4


async def test_nothing_due_is_said_plainly(folder: Path) -> None:
    async with running(folder) as run:
        assert run.lines[1] == " Không có việc đến hạn hôm nay · Mai 0 · Bổ sung 0 · Chờ trả 0"
        assert "Không có hồ sơ nào đang giải quyết. F2 tiếp nhận." in run.text
        assert part(run, "place") == "0/0"
        await run.keys("4")
        assert "Không có hồ sơ nào trong mục này. 0 về tất cả." in run.text


async def test_zero_figures_are_muted(folder: Path) -> None:
    def one(desk: Desk) -> None:
        desk.receive(BIRTH, "Lê Đức Thọ")

    async with running(folder, before=one) as run:
        styles = {text: style for text, style in run.app.screen.query_one("#drill", FactLine)._left if text != " · "}
        assert styles["Hôm nay 1"] == "soon"
        assert styles["QUÁ HẠN 0"] == "muted"


async def test_a_minute_changes_what_it_must_and_sends_nothing_else(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(folder, before=a_morning) as run:
        refreshed: list[Widget] = []
        original = Widget.refresh

        def watch(widget: Widget, *regions: Any, **options: Any) -> Widget:
            refreshed.append(widget)
            return original(widget, *regions, **options)

        monkeypatch.setattr(Widget, "refresh", watch)
        await run.tick()
        assert refreshed == []
        run.clock.set("2026-03-13T09:13")
        await run.tick()
        assert {widget.id for widget in refreshed} == {"top"}
        assert run.top.endswith("09:13")
        run.clock.set("2026-03-13T16:15")
        await run.tick()
        assert rows(run)[1].cells[4] == "45 phút"
        run.clock.set("2026-03-16T08:00")
        await run.tick()
        await run.keys(ESCAPE)
        assert rows(run)[1].cells[4].startswith("QUÁ")
        assert rows(run)[1].mark == "!"
        assert "QUÁ HẠN 2" in part(run, "drill")


async def test_the_row_under_the_cursor_stays_when_the_list_changes(folder: Path) -> None:
    async with running(folder, before=a_morning) as run:
        await run.keys(DOWN, DOWN)
        before = rows(run)[2].key
        run.desk.act(run.desk.counter.find("Đỗ Đức Mạnh")[0].code, Act.FINISH)
        await run.keys(F5)
        await run.keys(DOWN)
        run.screen(HomeScreen).refresh_work()
        await run.settle()
        assert len(rows(run)) == 3
        assert rows(run)[1].key == before
        assert part(run, "place") == "2/3"


@pytest.mark.parametrize(
    ("drill", "words", "style"),
    [
        (Drill(), "đã gửi đủ", "good"),
        (Drill(unsent=3), "3 chưa gửi tỉnh", "soon"),
        (Drill(unsent=3, delivered=1), "2 chưa gửi tỉnh", "soon"),
        (Drill(unsent=3, delivered=3), "3 chờ tỉnh nhận", "soon"),
        (Drill(unsent=3, refused=1), "tỉnh TỪ CHỐI 1", "late"),
    ],
)
async def test_the_sync_state_stands_at_the_right_end(
    folder: Path, monkeypatch: pytest.MonkeyPatch, drill: Drill, words: str, style: str
) -> None:
    async with running(folder) as run:
        monkeypatch.setattr(run.desk.counter, "drill", lambda: drill)
        await run.keys(F5)
        assert run.app.sync_state == (words, style)
        assert run.lines[23].endswith(words)


async def test_nothing_is_claimed_before_the_record_has_been_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(folder, before=a_morning) as run:
        reading = threading.Event()
        drill = run.desk.counter.drill()

        def slow() -> Drill:
            reading.wait()
            return drill

        monkeypatch.setattr(run.desk.counter, "drill", slow)
        try:
            run.app.switch_screen(HomeScreen())
            await run.pilot.pause()
            assert part(run, "drill") == ""
            assert "Không có" not in run.text
        finally:
            reading.set()
        await run.settle()
        assert part(run, "drill").startswith("Hôm nay 1")


async def test_a_failing_record_is_a_sentence_and_the_list_stays(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: Any) -> Any:
        raise RecordError(RecordFault.BUSY)

    async with running(folder, before=a_morning) as run:
        monkeypatch.setattr(run.desk.counter, "drill", broken)
        await run.keys(F5)
        assert run.note == "Máy khác đang ghi sổ: chưa lưu. Thử lại sau vài giây."
        assert run.note in run.lines[20]
        assert len(rows(run)) == 4
        monkeypatch.setattr(run.desk.counter, "finds", broken)
        await run.keys(F4, "mai")
        assert run.note.startswith("Máy khác đang ghi sổ")


async def test_the_record_is_never_read_on_the_loop(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(folder, before=a_morning) as run:
        threads: dict[str, set[int]] = {}

        def noting(name: str) -> Callable[..., Any]:
            original = getattr(run.desk.counter, name)

            def call(*given: Any, **named: Any) -> Any:
                threads.setdefault(name, set()).add(threading.get_ident())
                return original(*given, **named)

            return call

        for name in ("drill", "open_work", "rows", "finds"):
            monkeypatch.setattr(run.desk.counter, name, noting(name))
        await run.keys(F5, "4", "0", "d", F4)
        assert set(threads) == {"drill", "open_work", "rows", "finds"}
        assert threading.get_ident() not in set().union(*threads.values())


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_names_and_queries_are_only_text(folder: Path, text: str) -> None:
    def strange(desk: Desk) -> None:
        for name in (f"A {text}", text):
            desk.try_receive(MARITAL, name, address=text.replace("\ud800", ""))

    text = text.replace("\ud800", "")
    async with running(folder, before=strange) as run:
        assert all(width_of(line) <= 80 for line in run.lines)
        query(run).value = text
        await run.settle()
        await run.keys(F4, DOWN, ESCAPE)
        assert isinstance(run.app.screen, HomeScreen)
        assert len(rows(run)) >= 1


async def test_only_the_lines_in_sight_are_put_into_words(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def some(desk: Desk) -> None:
        for name in ("Một", "Hai", "Ba"):
            desk.receive(BIRTH, f"Nguyễn Văn {name}")

    async with running(folder, before=some) as run:
        from desk.tui.screens import work_rows

        three, drawn, original = run.desk.counter.worklist(), [], work_rows.line
        monkeypatch.setattr(run.desk.counter, "open_work", lambda: three * 4000)

        def counting(row: Any, **named: Any) -> Row:
            drawn.append(row)
            return original(row, **named)

        monkeypatch.setattr(work_rows, "line", counting)
        await run.keys(F5)
        assert part(run, "place") == "1/12000"
        assert len(drawn) < 200
        await run.keys("v", "an hai")
        assert part(run, "place") == "1/4000"
        assert len(drawn) < 1000


async def test_a_wider_screen_shows_whole_names(folder: Path) -> None:
    async with running(folder, before=a_morning, size=(118, 40)) as run:
        assert "Cấp Giấy xác nhận tình trạng hôn nhân" in run.text
        assert "Chưa có mã" in run.lines[1]
        assert isinstance(run.app.screen.query_one("#chosen"), Rule)


async def test_the_keys_of_the_bar_lead_where_they_say(folder: Path) -> None:
    async with running(folder) as run:
        await run.keys(F2)
        assert not isinstance(run.app.screen, HomeScreen)
        await run.keys(F5)
        assert isinstance(run.app.screen, HomeScreen)
