"""Long lists, lazily, with only what changed sent; hostile text as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.geometry import Region

from desk.tui.commands import CERTIFY, CLOSE, FIND, GLOBAL, HELP, RECEIVE, RETURN
from desk.tui.theme import CONTRAST
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.lines import FactLine, KeyBar, Rule, TopLine
from desk.tui.widgets.rows import Column, PagedRows, Row, widths
from desk.tui.widgets.text import width_of

COLUMNS = (
    Column("Hẹn trả", width=14),
    Column("Số hồ sơ", width=14, style="muted"),
    Column("Người nộp", flex=2),
    Column("Thủ tục", flex=3),
    Column("Còn", width=8, align="right"),
)


def row(number: int, **more: Any) -> Row:
    return Row(
        f"k{number}", ("T6 13/03 17:00", f"TN-0313-{number:05}", "Nguyễn Đức Thịnh", "Khai sinh", "7 giờ"), **more
    )


def name(view: LineList) -> str | None:
    return None if view.current is None else view.current.key


class Endless:
    """A hundred thousand rows made when asked for, counting what was asked."""

    def __init__(self, total: int = 100_000) -> None:
        self.total = total
        self.asked: list[tuple[int, int]] = []

    def __len__(self) -> int:
        return self.total

    def window(self, start: int, count: int) -> Sequence[Row | None]:
        self.asked.append((start, count))
        return [row(number) for number in range(start, min(start + count, self.total))]


async def test_a_hundred_thousand_rows_are_read_by_the_screenful(small_app: Any, screen_text: Any) -> None:
    source = Endless()
    view = LineList(COLUMNS, source)
    app = small_app(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("end", "pageup")
        assert view.cursor == 99_999 - 22
        assert "TN-0313-99977" in screen_text(app)[1]
        assert max(count for _start, count in source.asked) <= 24
        assert len(source.asked) < 40
        await pilot.press("home", "pagedown", "down")
        assert view.cursor == 23
        await pilot.press("enter")
        assert [(m.key, m.index) for m in app.of(LineList.Opened)] == [("k23", 23)]


async def test_other_rows_are_read_once_whatever_row_the_cursor_goes_to(small_app: Any) -> None:
    view, source = LineList(COLUMNS, Endless()), Endless()
    app = small_app(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("end")
        view.show_rows(source, at=50)
        await pilot.pause()
        assert (view.cursor, view.top) == (50, 50)
        assert [asked for asked in source.asked if asked[1] > 1] == [(50, 23)]
        assert [m.key for m in app.of(LineList.Moved)][-1] == "k50"
        view.show_rows([row(1)], at=7)
        assert view.cursor == 0


async def test_the_grammar_of_a_row(small_app: Any, screen_text: Any) -> None:
    view = LineList(COLUMNS, [row(1, style="late", mark="!"), row(2), row(3)], multi=True)
    app = small_app(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down")
        app.schedule.fire()
        lines = screen_text(app)
        assert lines[0].split("  ")[0] == ""
        assert lines[0].split() == ["Hẹn", "trả", "Số", "hồ", "sơ", "Người", "nộp", "Thủ", "tục", "Còn"]
        assert lines[0].endswith("     Còn")
        assert lines[1].startswith(" ! T6 13/03 17:00 TN-0313-00001  Nguyễn Đức")
        assert lines[2].startswith(" ▸ T6 13/03 17:00")
        assert all(width_of(line) <= 80 for line in lines)
        app.router.silence = 0.0
        await pilot.press("space")
        app.schedule.fire()
        await app.router.settled()
        await pilot.pause()
        assert view.chosen == {"k2"}
        assert screen_text(app)[2].startswith("•  T6")
        assert view.cursor == 2


async def test_a_move_draws_two_lines_and_a_changed_cell_its_own(small_app: Any, repainted: Any) -> None:
    view = LineList(COLUMNS, [row(number) for number in range(10)])
    app = small_app(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        with repainted(view) as seen:
            view.action_move(1)
            assert sorted(regions[0].y for regions in seen) == [1, 2]
            seen.clear()
            rows = [row(number) for number in range(10)]
            rows[5] = Row("k5", (*rows[5].cells[:4], "6 giờ"))
            view.show_rows(rows)
            assert seen == [(Region(0, 6, 80, 1),)]
            seen.clear()
            view.show_rows(rows)
            assert seen == []


async def test_the_cursor_stays_with_its_row_when_rows_change(small_app: Any) -> None:
    view = LineList(COLUMNS, [row(number) for number in range(10)])
    app = small_app(view)
    async with app.run_test(size=(80, 24)) as pilot:
        view.move_to(6)
        view.show_rows([row(number) for number in range(3, 8)])
        assert (name(view), view.cursor) == ("k6", 3)
        view.show_rows([row(1)])
        assert view.cursor == 0
        view.show_rows([])
        assert name(view) is None
        await pilot.press("enter", "down", "end", "pageup")
        assert not app.of(LineList.Opened)


async def test_missing_rows_are_asked_for_once_and_shown_when_they_come(small_app: Any, screen_text: Any) -> None:
    pages = PagedRows(5_000)
    view = LineList(COLUMNS, pages)
    app = small_app(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert [(m.start, m.count) for m in app.of(LineList.Missing)][-1] == (0, 23)
        assert screen_text(app)[1].strip() == "…"
        await pilot.press("enter")
        assert not app.of(LineList.Opened)
        asked = len(app.of(LineList.Missing))
        view.reload()
        await pilot.pause()
        assert len(app.of(LineList.Missing)) == asked
        pages.put(0, [row(number) for number in range(100)])
        view.reload()
        await pilot.pause()
        assert "TN-0313-00000" in screen_text(app)[1]
        assert [m.key for m in app.of(LineList.Moved)][-1] == "k0"
        await pilot.press("end")
        assert [(m.start, m.count) for m in app.of(LineList.Missing)][-1] == (4977, 23)


async def test_paged_rows_forget_the_oldest() -> None:
    pages = PagedRows(1_000, keep=10)
    pages.put(0, [row(number) for number in range(8)])
    pages.put(500, [row(number) for number in range(500, 508)])
    assert [found is None for found in pages.window(0, 8)] == [True] * 6 + [False] * 2
    assert all(found is not None for found in pages.window(500, 8))
    assert len(pages.window(998, 50)) == 2


async def test_hostile_text_in_every_line(small_app: Any, screen_text: Any, hostile: Sequence[str]) -> None:
    rows = [Row(f"k{n}", (text, text, text), mark=text[:1]) for n, text in enumerate(hostile)]
    view = LineList([Column(hostile[0], width=24), Column(hostile[4], flex=1), Column("", width=12)], rows)
    top, facts, rule = TopLine(hostile[0], hostile[5], "09:12"), FactLine(), Rule(hostile[2], "3/214")
    app = small_app(top, facts, rule, view)
    async with app.run_test(size=(80, 24)) as pilot:
        facts.facts([(text, "late") for text in hostile])
        await pilot.press("down", "end")
        shown = screen_text(app)
        assert shown[0].startswith(" [red]x[/]")
        assert shown[1].startswith(" [red]x[/] · [/] · [@click=app.quit]x[/]")
        assert "[@click=app.quit]x[/] " in shown[2]
        assert all(width_of(line) <= 80 for line in shown)
        assert not any(char in line for line in shown for char in "\x1b\u202e\u2066\x07\t\n")


async def test_plain_glyphs_on_a_console(small_app: Any, screen_text: Any) -> None:
    rows = [Row("a", ("Đỗ Đức Mạnh " * 10,))]
    app = small_app(Rule("Diễn biến", "1/1"), LineList([Column("", flex=1)], rows))
    app.add_class("-console")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        lines = screen_text(app)
        assert lines[0].startswith(" -- Diễn biến ---")
        assert lines[0].endswith(" 1/1 --")
        assert lines[1].startswith(" > Đỗ Đức Mạnh")
        assert lines[1].endswith("~")


async def test_a_theme_change_repaints(small_app: Any) -> None:
    view = LineList(COLUMNS, [row(1, style="late")])
    app = small_app(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        before = view.render_line(1)
        app.theme = CONTRAST.name
        await pilot.pause()
        assert view.render_line(1) != before


async def test_only_a_line_that_changed_is_drawn_again(small_app: Any, screen_text: Any, repainted: Any) -> None:
    top = TopLine("MỘT CỬA · Xã Đức Thọ", "Quầy 1 · Lê Thị Hoa", "T6 13/03/2026 09:12", practice=True)
    bar = KeyBar([HELP, RECEIVE, CERTIFY, FIND, RETURN, CLOSE])
    bar.state("3 chưa gửi tỉnh", "soon")
    app = small_app(top, bar)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        shown = screen_text(app)
        assert shown[0].startswith("  THỰC HÀNH  MỘT CỬA")
        assert shown[0].endswith("T6 13/03/2026 09:12")
        assert shown[23].startswith(" F1 Giúp  F2 Nhận  F3 Chứng thực  F4 Tìm  F6 Trả  F7 Chốt")
        assert shown[23].endswith("3 chưa gửi tỉnh")
        with repainted(top) as seen:
            top.show(right="T6 13/03/2026 09:12")
            assert seen == []
            top.show(right="T6 13/03/2026 09:13")
            assert seen == [(Region(0, 0, 80, 1),)]
    with pytest.raises(ValueError, match="at most 6"):
        bar.show(GLOBAL)


async def test_the_officer_stays_on_the_top_line_when_the_desk_has_no_room(small_app: Any, screen_text: Any) -> None:
    top = TopLine("CHỐT NGÀY T5 26/11/2026", "Quầy 1 · Trần Bảo Vy", "T5 26/11/2026 03:47", practice=True)
    app = small_app(top)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert screen_text(app)[0].endswith("CHỐT NGÀY T5 26/11/2026         Trần Bảo Vy    T5 26/11/2026 03:47")
        top.show(title="CHỐT NGÀY T5 26/11/2026, NGÀY HÔM QUA")
        await pilot.pause()
        assert "NGÀY HÔM QUA   " in screen_text(app)[0]
        assert "Trần" not in screen_text(app)[0]


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 4)), min_size=1, max_size=8),
    st.integers(0, 200),
)
def test_column_widths_fill_the_room_and_never_exceed_it(given_columns: list[tuple[int, int]], room: int) -> None:
    columns = [Column("", width=width, flex=flex) for width, flex in given_columns]
    sizes = widths(columns, room)
    assert all(size >= 0 for size in sizes)
    fixed = sum(column.width for column in columns if not column.flex) + len(columns) - 1
    if any(column.flex for column in columns) and fixed <= room:
        assert sum(sizes) + len(columns) - 1 == room
    else:
        assert sum(sizes) <= room
