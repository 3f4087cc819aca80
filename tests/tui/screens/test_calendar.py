"""The calendar screen: a draft of days and hours, its effect told before, then put in force at once."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.vocabulary import OfficeEvent
from desk.rules.calendar import Session, write_sessions
from desk.tui.screens.act_dialogs import Question
from desk.tui.screens.calendar import CalendarEffectScreen, CalendarScreen, bar, draft_of
from desk.tui.screens.calendar_lines import check_day, parse_day, parse_hours
from desk.tui.screens.home import HomeScreen
from desk.tui.widgets.form_input import FormInput
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.text import width_of
from tests.counter.desk_fixture import HEAD, LAND, MARITAL, Desk, at
from tests.tui.conftest import HOSTILE
from tests.tui.screens.desk_app import DELETE, ENTER, ESCAPE, F2, F5, F9, INSERT, Running, running
from tests.tui.screens.home_morning import part, rows

OPEN = (F9, "lich lam viec", ENTER)
STORM = (INSERT, "16/3", ENTER, "1", "nghỉ bão", ENTER, "CĐ 12", ENTER)


def two_open(desk: Desk) -> None:
    desk.clock.set("2026-03-12T10:00")
    desk.receive(MARITAL, "Vũ Thị Mai")
    desk.receive(LAND, "Nguyễn Đức Thịnh")
    desk.clock.set("2026-03-13T09:12")


def cells(run: Running, key: str) -> tuple[str, ...]:
    return next(row.cells for row in rows(run) if row.key == key)


def keys_shown(run: Running) -> list[str]:
    return [row.key for row in rows(run)]


async def test_the_calendar_is_shown_under_its_years(folder: Path) -> None:
    async with running(folder, before=two_open) as run:
        await run.keys(*OPEN)
        run.screen(CalendarScreen)
        assert part(run, "facts") == "Lịch 2026.2 · chính thức 01/01/2025 – 31/12/2026 · còn 293 ngày"
        assert "giờ làm hôm nay 07:30-11:30 13:30-17:00" in run.lines[2]
        cal = run.desk.counter.calendar()
        days = [key.partition(":")[2] for key in keys_shown(run) if key.startswith("day:")]
        assert days == [row.date.isoformat() for row in cal.rows]
        order = [key for key in keys_shown(run) if key.startswith("heading:")]
        assert order == ["heading:hours", "heading:2025", "heading:2026"]
        assert cells(run, "day:2026-01-02")[:3] == ("T6 02/01/2026", "không tính", "đóng")
        current = run.app.screen.query_one("#rows", LineList).current
        assert current is not None
        assert current.key == "day:2026-04-27"
        assert all(width_of(line) <= 80 for line in run.lines)


async def test_past_the_last_day_the_list_begins_at_its_end(folder: Path) -> None:
    async with running(folder, now="2026-11-26T09:00") as run:
        await run.keys(*OPEN)
        last = max(run.desk.counter.calendar().rows, key=lambda row: row.date)
        current = run.app.screen.query_one("#rows", LineList).current
        assert current is not None
        assert current.key == f"day:{last.date.isoformat()}"


async def test_a_day_off_is_told_first_and_then_in_force(folder: Path) -> None:
    async with running(folder, before=two_open) as run:
        before = {row.code: row for row in (run.desk.row(each.code) for each in run.desk.counter.worklist())}
        await run.keys(*OPEN)
        with run.desk.nothing_written():
            await run.keys(*STORM)
            assert cells(run, "day:2026-03-16") == ("T2 16/03/2026", "không tính", "đóng", "nghỉ bão", "MỚI")
            assert "1 CHƯA ÁP DỤNG" in run.lines[2]
            await run.keys(F2)
            run.screen(CalendarEffectScreen)
            said = "2 hồ sơ đang mở: hạn luật của 2 muộn hơn, của 0 sớm hơn; không ngày hẹn nào đổi."
            assert said in " ".join(line.strip() for line in run.lines[1:3])
            assert [row.cells[3] for row in rows(run)] == ["muộn hơn", "muộn hơn"]
            assert rows(run)[0].cells[1:3] == ("T3 17/03/2026 10:00", "→ T4 18/03/2026 10:00")
            assert all(width_of(line) <= 80 and "…" not in line for line in run.lines)
            await run.keys(ESCAPE)
            run.screen(CalendarScreen)
            assert draft_of(run.app).count == 1
        await run.keys(F2, F2)
        run.screen(CalendarScreen)
        assert run.note == "đã áp dụng lịch 2026.2.1: 2 hạn luật đã dời, không ngày hẹn nào đổi"
        assert draft_of(run.app).count == 0
        assert not run.desk.counter.calendar().counts(date(2026, 3, 16))
        for code, old in before.items():
            new = run.desk.row(code)
            assert new.promise == old.promise
            assert new.legal_deadline is not None
            assert old.legal_deadline is not None
            assert new.legal_deadline > old.legal_deadline
        told = [event for event in run.desk.events() if event.kind == OfficeEvent.CALENDAR_CHANGED]
        assert [event.officer_id for event in told] == [HEAD]


async def test_the_draft_waits_while_the_officer_is_elsewhere(folder: Path) -> None:
    async with running(folder, before=two_open) as run:
        await run.keys(*OPEN, *STORM, ESCAPE)
        run.screen(HomeScreen)
        await run.keys(*OPEN)
        assert cells(run, "day:2026-03-16")[3] == "nghỉ bão"
        await run.keys(F5, *OPEN)
        assert draft_of(run.app).count == 1


async def test_a_row_is_changed_marked_and_let_be(folder: Path) -> None:
    async with running(folder, before=two_open) as run:
        await run.keys(*OPEN, DELETE)
        assert cells(run, "day:2026-04-27")[4] == "SẼ BỎ"
        await run.keys(DELETE)
        assert draft_of(run.app).count == 0
        await run.keys(ENTER, "2", "\x15làm bù", ENTER, ENTER)
        assert cells(run, "day:2026-04-27")[1:5] == ("tính", "mở", "làm bù", "ĐÃ SỬA")
        await run.keys(DELETE, F2)
        assert "2026.2 → 2026.2.1: 1 ngày khác" in part(run, "what")
        await run.keys(F2)
        assert run.desk.counter.calendar().counts(date(2026, 4, 27))


async def test_office_hours_from_a_day_on(folder: Path) -> None:
    async with running(folder, before=two_open) as run:
        await run.keys(*OPEN, "h", "1/4", ENTER, "7h-11h, 13h-16h30")
        assert "→ 07:00-11:00 13:00-16:30" in run.text
        await run.keys(ENTER)
        assert cells(run, "hours:2026-04-01")[3:] == ("07:00-11:00 13:00-16:30", "MỚI")
        await run.keys(F2, F2)
        cal = run.desk.counter.calendar()
        assert cal.closing(date(2026, 4, 1)) == at("2026-04-01T16:30")
        assert cal.closing(date(2026, 3, 31)) == at("2026-03-31T17:00")


async def test_what_cannot_be_is_said(folder: Path) -> None:
    async with running(folder, before=two_open) as run:
        await run.keys(*OPEN, F2)
        assert run.note == "Chưa sửa gì: Ins thêm, Enter sửa, Del bỏ."
        await run.keys(INSERT, "10/1/2027", ENTER)
        run.screen(Question)
        assert "ngoài lịch chính thức" in run.text
        await run.keys("\x15", "mai kia", ENTER)
        assert "chưa hiểu" in run.text
        await run.keys(ESCAPE)
        assert draft_of(run.app).count == 0


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_words_stay_words(folder: Path, text: str) -> None:
    async with running(folder, before=two_open) as run:
        await run.keys(*OPEN, INSERT, "16/3", ENTER, "1")
        for _question in ("note", "source"):
            field = run.app.screen.query_one(FormInput)
            field.value = text[:200]
            if not field.value.strip():
                field.value = "x"  # nothing printable was left of this one, and a day off needs its ground
            await run.keys(ENTER)
        await run.keys(F2)
        run.screen(CalendarEffectScreen)
        await run.keys(F2)
        run.screen(CalendarScreen)
        assert not run.desk.counter.calendar().counts(date(2026, 3, 16))


hours = st.lists(st.integers(0, 1439), min_size=4, max_size=4, unique=True).map(sorted)


@given(hours)
def test_hours_read_back_as_they_are_written(minutes: list[int]) -> None:
    first, second, third, fourth = (time(*divmod(each, 60)) for each in minutes)
    sessions = (Session(first, second), Session(third, fourth))
    assert parse_hours(write_sessions(sessions)) == sessions


@given(st.text(max_size=40))
def test_anything_typed_is_read_or_not(typed: str) -> None:
    parse_day(typed, at("2026-03-13T09:12"))
    found = parse_hours(typed)
    assert found is None or parse_hours(write_sessions(found)) == found


@pytest.mark.parametrize("typed", ["", "7h30", "11:30-7:30", "8-12 10-14", "25h-26h", "sáng 7-11"])
def test_what_are_no_hours(typed: str) -> None:
    assert parse_hours(typed) is None


def test_a_bar_fills() -> None:
    assert bar(0, 4) == f"[{'-' * 20}] 0 %"
    assert bar(2, 4) == f"[{'#' * 10}{'-' * 10}] 50 %"
    assert bar(0, 0) == f"[{'#' * 20}] 100 %"


async def test_a_date_beyond_the_calendar_is_refused_by_name(folder: Path) -> None:
    async with running(folder) as run:
        cal = run.desk.counter.calendar()
        assert check_day("31/12/2026", run.clock(), cal) == ("→ T5 31/12/2026", True)
        said, good = check_day("1/1/2027", run.clock(), cal)
        assert not good
        assert said.startswith("T6 01/01/2027 ngoài lịch chính thức (01/01/2025 – 31/12/2026)")
