"""II.06a on the screen: the periods, the eleven columns, the total, and a sentence that says how it stands."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.errors import RecordError, RecordFault
from db.vocabulary import Act, Channel
from desk.counter.model import Drill
from desk.rules.report import Line as Figures
from desk.rules.report import Report
from desk.rules.tally import Imbalance, ImbalanceKind
from desk.tui.screens.behind import BehindScreen
from desk.tui.screens.dossier import DossierScreen
from desk.tui.screens.figures import FIGURES, drill_parts
from desk.tui.screens.home import HomeScreen
from desk.tui.screens.numbers import NumbersScreen, report_rows, sentence
from desk.tui.screens.periods import Period, Span, current
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.text import width_of
from tests.counter.desk_fixture import BIRTH, MARITAL, Desk
from tests.tui.screens.desk_app import DOWN, ENTER, ESCAPE, F1, F8, LEFT, RIGHT, Running, running


def a_closed_week(desk: Desk) -> None:
    """Two closed days: five received, one of them late in the end, one still open."""
    desk.clock.set("2026-03-09T08:00")
    first = desk.receive(MARITAL, "Đỗ Đức Mạnh", channel=Channel.ONLINE)
    done = desk.receive(BIRTH, "Lê Đức Thọ")
    desk.act(done.code, Act.FINISH)
    desk.receive(MARITAL, "Trần Thị Bình", channel=Channel.POST)
    desk.counter.close()
    desk.clock.set("2026-03-13T09:00")
    desk.act(first.code, Act.FINISH)
    desk.counter.close()


def table(run: Running) -> list[tuple[str, ...]]:
    view = run.app.screen.query_one("#rows", LineList)
    return [row.cells for row in view._source.window(0, len(view)) if row is not None]


def table_of(run: Running) -> list[tuple[str, ...]]:
    """Rows of the list of dossiers."""
    rows = run.screen(BehindScreen).query_one("#rows", LineList)
    return [row.cells for row in rows._source.window(0, len(rows)) if row is not None]


async def test_the_report_is_the_one_of_the_counter(folder: Path) -> None:
    async with running(folder, before=a_closed_week) as run:
        await run.keys(F8)
        report = run.desk.counter.report(date(2025, 12, 15), date(2026, 3, 14))
        assert report.total.received == 3
        assert table(run)[:-1] == [(name, *map(str, line.columns)) for name, line in report.rows]
        assert table(run)[-1] == ("TỔNG", *map(str, report.total.columns))
        lines = run.lines
        assert lines[0].startswith("  THỰC HÀNH  SỐ LIỆU II.06a")
        assert lines[1] == " 1 Tháng   2 Quý   3 6 tháng   4 9 tháng   5 Năm"
        assert lines[2] == " Nhận 3, xong 2 (quá hạn 1), còn 1 (quá hạn 1): khớp."
        assert lines[3].startswith(" ── Quý I/2026 ──")
        assert lines[3].endswith("15/12/2025 – 14/03/2026 ──")
        heads = "  (3)  (4)  (5)  (6)  (7)  (8)  (9) (10) (11) (12) (13)"
        assert lines[4] == "   Lĩnh vực              " + heads
        assert lines[5] == " ▸ Hộ tịch                   3    1    2    0    2    0    1    1    1    0    1"
        assert lines[6] == "   TỔNG                      3    1    2    0    2    0    1    1    1    0    1"
        assert lines[19].startswith(" (3) nhận: (4) trực tuyến, (5) trực tiếp và bưu chính, (6) kỳ trước")
        assert all(width_of(line) <= 80 for line in lines)
        assert run.key_bar.startswith("F1 Giúp  ← Kỳ trước  → Kỳ sau")


async def test_periods_are_chosen_and_stepped_through(folder: Path) -> None:
    async with running(folder, before=a_closed_week) as run:
        await run.keys(F8, "1")
        assert "── Tháng 3/2026 ──" in run.lines[3]
        assert "15/02/2026 – 14/03/2026" in run.lines[3]
        assert len(table(run)) == 2
        await run.keys(LEFT)
        assert "── Tháng 2/2026 ──" in run.lines[3]
        assert table(run) == []
        assert run.lines[2] == " Kỳ này chưa chốt ngày nào, hoặc không có hồ sơ nào."
        await run.keys(RIGHT, "5")
        assert "── Năm 2026 ──" in run.lines[3]
        assert len(table(run)) == 2
        await run.keys(ESCAPE)
        assert isinstance(run.app.screen, HomeScreen)


async def test_enter_on_a_row_opens_the_dossiers_of_a_figure(folder: Path) -> None:
    async with running(folder, before=a_closed_week) as run:
        await run.keys(F8, F1)
        assert "Mở dòng đang chọn, hồ sơ sau một con số." in run.text
        await run.keys(ESCAPE, ENTER)
        assert "Hộ tịch, Quý I/2026: hồ sơ của con số nào?" in run.text
        found = re.search(r"(\d) +xong quá hạn \(10\): 1", run.text)
        assert found is not None
        # What is zero has nobody behind it and is not offered.
        assert "xong trước hạn" not in run.text
        await run.keys(found[1])
        assert run.lines[0].startswith("  THỰC HÀNH  SỐ LIỆU · xong quá hạn (10) · Hộ tịch")
        assert "── Quý I/2026 · 15/12/2025 – 14/03/2026 ──" in run.lines[2]
        assert run.lines[2].endswith("1/1 ──")
        [row] = table_of(run)
        assert row[2] == "Đỗ Đức Mạnh"
        assert all(width_of(line) <= 80 for line in run.lines)
        await run.keys(ENTER)
        assert run.screen(DossierScreen).view is not None
        assert "Đỗ Đức Mạnh" in run.text
        await run.keys(ESCAPE)
        run.screen(BehindScreen)
        await run.keys(ESCAPE)
        run.screen(NumbersScreen)


async def test_the_total_has_its_dossiers_too_and_numbers_stay_masked(folder: Path) -> None:
    def before(desk: Desk) -> None:
        desk.clock.set("2026-03-12T08:00")
        desk.receive(MARITAL, "Lê Đức Thọ", id_number="042200150708", phone="0912345678")
        desk.counter.close()

    async with running(folder, before=before) as run:
        await run.keys(F8, DOWN, ENTER, ENTER)
        assert run.lines[0].startswith("  THỰC HÀNH  SỐ LIỆU · đã nhận (3) · TỔNG")
        assert "Lê Đức Thọ" in run.text
        assert "042200150708" not in run.text
        assert "0912345678" not in run.text


async def test_a_failing_record_is_a_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: Any) -> Report:
        raise RecordError(RecordFault.DAMAGED)

    async with running(folder, before=a_closed_week) as run:
        await run.keys(F8)
        monkeypatch.setattr(run.desk.counter, "report", broken)
        await run.keys("1")
        assert run.note == "Cơ sở dữ liệu hỏng: dừng lại và khôi phục từ bản sao lưu."
        assert run.screen(NumbersScreen).period == current(Span.MONTH, date(2026, 3, 13))


async def test_large_numbers_are_never_cut(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    big = Figures(online=123456, open_in_time=123456)
    report = Report((("Thành lập và hoạt động doanh nghiệp (hộ kinh doanh)", big),), big, ())
    async with running(folder) as run:
        monkeypatch.setattr(run.desk.counter, "report", lambda *_given: report)
        await run.keys(F8)
        assert run.text.count("123456") == 2 * 4 + 2
        assert all(width_of(line) <= 80 for line in run.lines)


def test_what_does_not_add_up_is_said_and_marked() -> None:
    good, bad = Figures(online=2, early=2), Figures(online=2, early=1)
    report = Report((("Hộ tịch", good), ("Đất [/]", bad), ("", bad)), good + bad + bad, ("Đất [/]", ""))
    assert sentence(report) == ("KHÔNG KHỚP: (3) khác (7) + (11) ở Đất [/], ?.", "late")
    rows = report_rows(report)
    assert [(row.mark, row.style) for row in rows] == [("", ""), ("!", "late"), ("!", "late"), ("", "strong")]
    assert rows[2].cells[0] == "(không rõ lĩnh vực)"
    gap = Imbalance(ImbalanceKind.CARRIED, BIRTH, "carried", 1, 2)
    words, style = sentence(Report((("Hộ tịch", good),), good, (), (gap,)))
    assert (words.startswith("KHÔNG KHỚP: thiếu tệp ngày"), style) == (True, "late")


@pytest.mark.parametrize(
    ("span", "today", "first", "last", "title"),
    [
        (Span.MONTH, date(2026, 3, 13), date(2026, 2, 15), date(2026, 3, 14), "Tháng 3/2026"),
        (Span.MONTH, date(2026, 3, 14), date(2026, 2, 15), date(2026, 3, 14), "Tháng 3/2026"),
        (Span.MONTH, date(2026, 3, 15), date(2026, 3, 15), date(2026, 4, 14), "Tháng 4/2026"),
        (Span.MONTH, date(2026, 12, 31), date(2026, 12, 15), date(2027, 1, 14), "Tháng 1/2027"),
        (Span.QUARTER, date(2026, 3, 13), date(2025, 12, 15), date(2026, 3, 14), "Quý I/2026"),
        (Span.QUARTER, date(2025, 12, 14), date(2025, 9, 15), date(2025, 12, 14), "Quý IV/2025"),
        (Span.QUARTER, date(2025, 12, 15), date(2025, 12, 15), date(2026, 3, 14), "Quý I/2026"),
        (Span.SIX_MONTHS, date(2026, 8, 1), date(2025, 12, 15), date(2026, 6, 14), "6 tháng 2026"),
        (Span.NINE_MONTHS, date(2026, 1, 1), date(2025, 12, 15), date(2026, 9, 14), "9 tháng 2026"),
        (Span.YEAR, date(2026, 12, 15), date(2026, 12, 15), date(2027, 12, 14), "Năm 2027"),
    ],
)
def test_the_present_period(span: Span, today: date, first: date, last: date, title: str) -> None:
    assert current(span, today) == Period(span, first, last)
    assert current(span, today).title == title


@given(st.dates(date(2024, 1, 1), date(2040, 1, 1)), st.sampled_from([Span.MONTH, Span.QUARTER, Span.YEAR]))
def test_periods_follow_one_another_without_gap(today: date, span: Span) -> None:
    now = current(span, today)
    assert now.first <= today <= now.last
    later = now.moved(1)
    assert later.first == now.last + timedelta(days=1)
    assert later == current(span, later.first)
    assert later.moved(-1) == now
    assert now.moved(3).moved(-3) == now


@given(st.lists(st.integers(0, 5000), min_size=len(FIGURES), max_size=len(FIGURES)), st.integers(20, 130))
def test_a_figure_of_the_drill_is_never_cut(numbers: list[int], room: int) -> None:
    lists: dict[str, Any] = {figure.name: tuple(range(n)) for figure, n in zip(FIGURES, numbers, strict=True)}
    drill = Drill(**lists)
    parts = drill_parts(drill, room)
    assert sum(width_of(text) for text, _style in parts) + 3 * (len(parts) - 1) <= max(room, width_of(parts[0][0]))
    by_words = {figure.words(): n for figure, n in zip(FIGURES, numbers, strict=True)}
    by_words |= {figure.short(): n for figure, n in zip(FIGURES, numbers, strict=True) if figure.short is not None}
    for text, _style in parts:
        words, _space, number = text.rpartition(" ")
        if number.isdigit():
            assert by_words[words] == int(number)
        else:
            assert numbers[0] == numbers[2] == numbers[3] == 0
    if room >= 78 and max(numbers) < 1000:
        assert len(parts) >= 4
