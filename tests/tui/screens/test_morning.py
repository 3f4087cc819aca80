"""The first screen of the day: every group with its number, each a digit from its list; nothing due said plainly."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from db.errors import RecordError, RecordFault
from desk.counter.model import Drill
from desk.mornings import Mornings
from desk.tui.screens.act_dialogs import Question
from desk.tui.screens.calendar import CalendarScreen
from desk.tui.screens.dossier import DossierScreen
from desk.tui.screens.figures import coverage_warning, drill_parts, named
from desk.tui.screens.home import HomeScreen
from desk.tui.screens.morning import GROUPS, MorningScreen, coverage
from desk.tui.widgets.text import width_of
from tests.counter.desk_fixture import LAND, MARITAL, Desk, at
from tests.tui.screens.desk_app import ENTER, ESCAPE, F5, F9, Running, make_app, open_services, running
from tests.tui.screens.home_morning import a_morning, names, part


def a_full_morning(desk: Desk) -> None:
    """A morning with an apology owed, and papers that were asked for long ago."""
    desk.clock.set("2026-03-12T10:00")
    a_morning(desk)
    desk.clock.set("2026-03-11T15:30")
    desk.receive(MARITAL, "Hồ Văn Xin")
    desk.clock.set("2026-03-13T07:32")


async def test_the_day_begins_with_what_it_wants(folder: Path) -> None:
    async with running(folder, before=a_full_morning, morning=True) as run:
        run.screen(MorningScreen)
        drill = run.desk.counter.drill()
        for group in GROUPS:
            figure = named(group.name)
            assert figure is not None
            line = part(run, f"group-{group.name}")
            assert line.startswith(f"  {figure.key}  {group.words()} ")
            assert line[33:38].strip() == str(len(figure.ids(drill)))
        assert min(map(len, (drill.today, drill.overdue, drill.apology))) > 0
        assert "1 ĐÃ QUÁ HẸN" in part(run, "said")
        assert "hạn chót 17:00" in part(run, "group-apology")
        assert "hẹn trả T2 16/03" in part(run, "group-tomorrow")
        assert part(run, "calendar") == "  L  Lịch: chính thức đến 31/12/2026"
        assert all(width_of(line) <= 80 and "…" not in line for line in run.lines)
        assert run.key_bar.endswith("đã gửi đủ")


@pytest.mark.parametrize("key", [ENTER, ESCAPE, F5])
async def test_from_the_morning_to_work(folder: Path, key: str) -> None:
    async with running(folder, before=a_full_morning, morning=True) as run:
        await run.keys(key)
        assert run.screen(HomeScreen).figure == ""
        await run.keys(F9, "viec buoi sang", ENTER)
        run.screen(MorningScreen)


@pytest.mark.parametrize("name", [group.name for group in GROUPS])
async def test_a_digit_opens_the_list_behind_a_number(folder: Path, name: str) -> None:
    async with running(folder, before=a_full_morning, morning=True) as run:
        figure = named(name)
        assert figure is not None
        await run.keys(figure.key)
        assert run.screen(HomeScreen).figure == name
        counter = run.desk.counter
        assert names(run) == [row.applicant for row in counter.rows(figure.ids(counter.drill()))]


async def test_an_apology_is_ready_to_be_given(folder: Path) -> None:
    async with running(folder, before=a_full_morning, morning=True) as run:
        owed = len(run.desk.counter.drill().apology)
        await run.keys("3", ENTER)
        view = run.screen(DossierScreen).view
        assert view is not None
        assert view.promise is not None
        assert view.promise.date() == date(2026, 3, 16)
        await run.keys("4")
        run.screen(Question)
        assert "→ T3 17/03/2026" in run.text
        await run.keys(ENTER)
        assert "xin lỗi và hẹn lại ông (bà)" in run.text
        await run.keys(ENTER)
        assert run.note.startswith("đã ghi: Xin lỗi, hẹn lại")
        row = run.desk.row(view.code)
        assert row.rescheduled
        assert row.promise == view.promise.replace(day=17)
        await run.keys(F5, F9, "viec buoi sang", ENTER)
        assert view.id not in run.desk.counter.drill().apology
        assert part(run, "group-apology")[33:38].strip() == str(owed - 1)


async def test_what_is_offered_goes_with_the_first_letter(folder: Path) -> None:
    async with running(folder, before=a_full_morning, morning=True) as run:
        await run.keys("3", ENTER, "4", "20/3 9:00", ENTER, "[red]chờ[/] xác minh", ENTER)
        view = run.screen(DossierScreen).view
        assert view is not None
        assert run.desk.row(view.code).promise == at("2026-03-20T09:00")
        assert view.events[-1].note.endswith("[red]chờ[/] xác minh")


async def test_nothing_due_is_said_plainly(folder: Path) -> None:
    async with running(folder, before=lambda desk: desk.receive(LAND), morning=True) as run:
        assert part(run, "said").strip() == "Không có việc đến hạn hôm nay."


async def test_another_day_begins_with_its_morning(folder: Path) -> None:
    async with running(folder, before=a_full_morning) as run:
        run.clock.set("2026-03-13T16:00")
        await run.tick()
        run.screen(HomeScreen)
        run.clock.set("2026-03-16T07:25")
        await run.tick()
        run.screen(MorningScreen)
        assert "T2 16/03/2026 07:25" in run.top
        await run.keys(ENTER)
        run.clock.set("2026-03-16T07:26")
        await run.tick()
        run.screen(HomeScreen)


async def test_the_morning_is_shown_once_a_day_and_after_that_by_its_name(folder: Path) -> None:
    async with running(folder, before=a_full_morning, morning=True) as run:
        run.screen(MorningScreen)
    app = make_app(lambda: open_services(folder, "2026-03-13T09:30"))
    async with app.run_test(size=(80, 24)) as pilot:
        run = Running(app, pilot)
        await run.settle()
        run.screen(HomeScreen)
        await run.keys(F9, "buoi sang", ENTER)
        run.screen(MorningScreen)
        await run.keys(F5)
        run.screen(HomeScreen)
    app = make_app(lambda: open_services(folder, "2026-03-16T07:25"))
    async with app.run_test(size=(80, 24)) as pilot:
        run = Running(app, pilot)
        await run.settle()
        run.screen(MorningScreen)


def test_a_day_begins_once_and_again_where_the_disk_refuses(tmp_path: Path) -> None:
    mornings = Mornings(tmp_path / "morning-1")
    day, next_day = date(2026, 3, 13), date(2026, 3, 16)
    assert [mornings.begin(day), mornings.begin(day), Mornings(tmp_path / "morning-1").begin(day)] == [
        True,
        False,
        False,
    ]
    assert Mornings(tmp_path / "morning-2").begin(day)
    assert [mornings.begin(next_day), mornings.begin(next_day)] == [True, False]
    nowhere = Mornings(tmp_path / "gone" / "morning-1")
    assert [nowhere.begin(day), nowhere.begin(day)] == [True, True]
    (tmp_path / "morning-1").write_bytes(bytes([255, 254]))
    assert mornings.begin(day)


async def test_a_failing_record_is_a_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: Any) -> Drill:
        raise RecordError(RecordFault.DAMAGED)

    async with running(folder, before=a_full_morning, morning=True) as run:
        monkeypatch.setattr(run.desk.counter, "drill", broken)
        run.screen(MorningScreen).refresh_work()
        await run.settle()
        assert run.note == "Cơ sở dữ liệu hỏng: dừng lại và khôi phục từ bản sao lưu."


async def test_the_end_of_the_calendar_is_told_in_time(folder: Path) -> None:
    async with running(folder, now="2026-11-22T08:00", before=lambda desk: desk.receive(LAND), morning=True) as run:
        assert "còn 39 ngày là hết lịch chính thức (31/12/2026)" in part(run, "calendar")
        await run.keys("l")
        run.screen(CalendarScreen)
        await run.keys(F5)
        assert "── LỊCH CÒN 39 NGÀY ──" in run.text


async def test_a_date_beyond_the_calendar_is_marked_in_the_list(folder: Path) -> None:
    async with running(folder, now="2026-12-21T09:00", before=lambda desk: desk.receive(LAND)) as run:
        assert run.lines[4].startswith(" ?▸T2 18/01 09:00")
        assert part(run, "who").endswith("? ngày TẠM TÍNH")


@pytest.mark.parametrize(
    ("days", "words", "style"),
    [(61, "", "muted"), (60, "LỊCH CÒN 60 NGÀY", "soon"), (-1, "LỊCH LÀM VIỆC ĐÃ HẾT", "late")],
)
def test_coverage_is_warned_of_from_sixty_days_on(days: int, words: str, style: str) -> None:
    drill = Drill(covered_until=date(2026, 12, 31), coverage_days=days)
    assert coverage_warning(drill) == words
    assert coverage(drill)[1] == style


def test_minutes_are_told_in_the_last_hour_only() -> None:
    def said(minutes: int, room: int, number: int = 1) -> list[str]:
        ids = tuple(range(number))
        drill = Drill(ids, ids, ids, ids, ids, ids, cutoff=at("2026-03-13T15:00"), minutes_to_cutoff=minutes)
        parts = drill_parts(drill, room)
        assert sum(width_of(text) for text, _style in parts) + 3 * (len(parts) - 1) <= room
        return [text for text, _style in parts]

    assert said(60, 120)[-1] == "Chờ trả 1"
    assert said(59, 120)[-1] == "15:00 còn 59 phút"
    assert said(59, 78)[-2:] == ["Chờ trả 1", "59' → 15h"]
    assert said(5, 78, 88)[-1] == "5' → 15h"
