"""The place of the officers: added, given a PIN, disabled and taken back by keys alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.vocabulary import OfficeEvent, Role
from desk.counter.model import Refused
from desk.counter.officer_model import NewOfficer, OfficerView
from desk.tui.screens.act_dialogs import Sure
from desk.tui.screens.cover import CoverScreen
from desk.tui.screens.home import HomeScreen
from desk.tui.screens.officers import OfficersScreen, PinQuestion
from desk.tui.widgets.text import width_of
from tests.counter.desk_fixture import CLERK, HEAD, Desk
from tests.tui.conftest import HOSTILE
from tests.tui.screens.desk_app import DOWN, ENTER, ESCAPE, F1, F9, F12, INSERT, Running, running
from tests.tui.screens.home_morning import part, rows

HEAD_PIN, CLERK_PIN = "2580", "190283"
OPEN = (F9, "can", " bo", ENTER)
ADD = (INSERT, "Vũ", " Thị", " An", ENTER)


def head_has_a_pin(desk: Desk) -> None:
    assert not isinstance(desk.counter.set_pin(HEAD, HEAD_PIN, HEAD), Refused)


def officers(run: Running) -> dict[str, OfficerView]:
    return {each.name: each for each in run.desk.counter.officers()}


def cells(run: Running) -> list[tuple[str, ...]]:
    return [row.cells for row in rows(run)]


async def test_the_officers_are_listed(folder: Path) -> None:
    async with running(folder) as run:
        await run.keys(*OPEN)
        run.screen(OfficersScreen)
        assert cells(run) == [
            ("1", "Lê Thị Hoa", "lãnh đạo", "", "đang ở đây"),
            ("2", "Phạm Văn Tư", "cán bộ quầy", "", ""),
        ]
        assert part(run, "facts") == "2 người đang làm · 0 có mã PIN · chưa ai có mã PIN: F12 chỉ che"
        assert all(width_of(line) <= 80 and "…" not in line for line in run.lines)
        for key in ("F1 Giúp", "Ins Thêm", "1 PIN", "2 Nghỉ", "4 Đổi người", "Esc Quay lại"):
            assert key in run.key_bar
        await run.keys(F1)
        assert "Cho người đã nghỉ làm lại" in run.text
        await run.keys(ESCAPE, ESCAPE)
        run.screen(HomeScreen)


async def test_an_officer_is_added_with_a_role_and_no_pin_yet(folder: Path) -> None:
    async with running(folder) as run:
        await run.keys(*OPEN, *ADD, "1", ENTER)
        assert run.note == "Vũ Thị An: đã thêm"
        assert officers(run)["Vũ Thị An"] == OfficerView(3, "Vũ Thị An", Role.CLERK, True, False)
        event = run.desk.events()[-1]
        assert (event.kind, event.officer_id) == (OfficeEvent.OFFICER_ADDED, HEAD)
        assert event.client_id


async def test_a_pin_is_typed_twice_and_never_seen(folder: Path) -> None:
    async with running(folder) as run:
        await run.keys(*OPEN, *ADD, "2", HEAD_PIN)
        run.screen(PinQuestion)
        assert "Vũ Thị An tự gõ mã PIN mới" in run.text
        assert "Để trống: đặt sau" in run.text
        assert HEAD_PIN not in run.text
        await run.keys(ENTER, HEAD_PIN, ENTER)
        assert officers(run)["Vũ Thị An"].has_pin
        assert "F12 khóa quầy" in run.text
        assert run.app.door.guarded
        await run.keys(F12)
        assert "QUẦY ĐANG KHÓA" in run.text


async def test_two_different_pins_change_nothing(folder: Path) -> None:
    async with running(folder) as run:
        await run.keys(*OPEN)
        with run.desk.nothing_written():
            await run.keys("1", HEAD_PIN, ENTER, "2581", ENTER)
            assert run.note == "Hai lần gõ khác nhau: chưa đặt gì cả."
            await run.keys("1", HEAD_PIN, ENTER, ESCAPE, "1", ESCAPE, "1", ENTER)
            run.screen(PinQuestion)
            await run.keys(ESCAPE)
        run.screen(OfficersScreen)


@pytest.mark.parametrize(("pin", "part"), [("123", "từ 4 đến 8"), ("1234", "dễ đoán")])
async def test_a_bad_pin_is_said(folder: Path, pin: str, part: str) -> None:
    async with running(folder) as run:
        await run.keys(*OPEN)
        with run.desk.nothing_written():
            await run.keys("1", pin, ENTER, pin, ENTER)
        assert part in run.note


async def test_a_refused_name_is_offered_again(folder: Path) -> None:
    async with running(folder) as run:
        await run.keys(*OPEN, INSERT, "Phạm", " Văn Tư", ENTER, "1", ENTER)
        assert "Đã có cán bộ tên Phạm Văn Tư" in run.note
        await run.keys(INSERT, "ờng", ENTER, "1", ENTER)
        assert "Phạm Văn Tường" in officers(run)
        await run.keys(INSERT)
        assert "Phạm" not in run.app.screen.query_one("FormInput").value  # type: ignore[attr-defined]


async def test_disabled_after_a_yes_and_taken_back(folder: Path) -> None:
    async with running(folder) as run:
        await run.keys(*OPEN, DOWN, "2")
        run.screen(Sure)
        await run.keys(ESCAPE)
        assert officers(run)["Phạm Văn Tư"].active
        await run.keys("2", ENTER)
        assert run.note == "Phạm Văn Tư: đã nghỉ"
        assert cells(run)[1][4] == "đã nghỉ"
        await run.keys("2")
        assert run.note == "Phạm Văn Tư đã nghỉ ở quầy này."
        await run.keys("3")
        assert run.note == "Phạm Văn Tư: làm lại"
        assert officers(run)["Phạm Văn Tư"].active
        await run.keys("\x1b[H", "2", ENTER)
        assert "Không ai tự cho mình nghỉ" in run.note


async def test_without_pins_the_officer_is_changed_at_once(folder: Path) -> None:
    async with running(folder) as run:
        await run.keys(*OPEN, DOWN, ENTER)
        assert run.app.officer_id == CLERK
        assert "Phạm Văn Tư" in run.top
        assert run.note == "từ bây giờ: Phạm Văn Tư"
        assert [row[4] for row in cells(run)] == ["", "đang ở đây"]
        event = run.desk.events()[-1]
        assert (event.kind, event.officer_id) == (OfficeEvent.OFFICER_SIGNED_ON, CLERK)
        with run.desk.nothing_written():
            await run.keys("4")


async def test_with_pins_the_lock_asks_first(folder: Path) -> None:
    async with running(folder, before=head_has_a_pin, morning=True) as run:
        await run.keys("1", HEAD_PIN, ENTER, *OPEN, DOWN, "4")
        run.screen(CoverScreen)
        await run.keys("1", HEAD_PIN, ENTER, "1", CLERK_PIN, ENTER, CLERK_PIN, ENTER)
        assert run.note == "Phạm Văn Tư: đã đặt mã PIN"
        await run.keys("4", "2", CLERK_PIN, ENTER)
        assert run.app.officer_id == CLERK
        assert [row[4] for row in cells(run)] == ["", "đang ở đây"]
        with run.desk.nothing_written():
            await run.keys(*ADD, "1", ENTER)
            assert "Chỉ lãnh đạo" in run.note


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_names_are_only_text(folder: Path, text: str) -> None:
    async with running(folder) as run:
        run.desk.counter.add_officer(NewOfficer("n", f"A{text}"[:80]), HEAD)
        await run.keys(*OPEN)
        assert len(cells(run)) == 3
        await run.keys(DOWN, DOWN, "1")
        run.screen(PinQuestion)
        await run.keys(ESCAPE, "2")
        run.screen(Sure)
        await run.keys(ENTER)
        assert run.note.endswith("đã nghỉ")
        assert all(width_of(line) <= 80 for line in run.lines)
