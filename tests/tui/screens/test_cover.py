"""The lock: blank for everybody, open by number and PIN, and whoever comes in is who works from then on."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from db.vocabulary import Act, OfficeEvent, Role
from desk.counter.model import Refused
from desk.counter.officer_model import NewOfficer
from desk.tui.screens.calendar import CalendarEffectScreen
from desk.tui.screens.cover import CoverScreen
from desk.tui.screens.dossier import DossierScreen
from desk.tui.screens.home import HomeScreen
from desk.tui.screens.morning import MorningScreen
from desk.tui.widgets.form_input import FormInput
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.lines import Line
from desk.tui.widgets.modals import Ask
from desk.tui.widgets.pin_input import PinInput
from desk.tui.widgets.text import width_of
from tests.counter.desk_fixture import BIRTH, CLERK, HEAD, Desk
from tests.tui.conftest import HOSTILE
from tests.tui.screens.desk_app import (
    BACKSPACE,
    DOWN,
    ENTER,
    ESCAPE,
    F1,
    F2,
    F5,
    F9,
    F12,
    TAB,
    UP,
    Running,
    running,
)
from tests.tui.screens.receive_app import Officer, pick

HEAD_PIN, CLERK_PIN = "2580", "190283"
CARD = "033180930129|145678901|Nguyễn Thị Thúy|02021980|Nữ|Thôn Đặng Xá, Cẩm Xá, Mỹ Hào, Hưng Yên|12072021"
ENTERED = ("1", HEAD_PIN, ENTER)
"""What the head types at the lock."""


def pins(desk: Desk) -> None:
    """Give both officers a PIN, and put a dossier into the list."""
    for number, pin in ((HEAD, HEAD_PIN), (CLERK, CLERK_PIN)):
        assert not isinstance(desk.counter.set_pin(number, pin, HEAD), Refused)
    desk.receive(BIRTH, "Lê Đức Thọ", id_number="042180000708")
    desk.context.ticks = lambda: 1000.0


def said(run: Running) -> str:
    return run.screen(CoverScreen).query_one("#said", Line).text


def pin(run: Running) -> PinInput:
    return run.screen(CoverScreen).query_one(PinInput)


async def enter(run: Running) -> None:
    """Come in as the head, who is asked for at the start, and go home."""
    await run.keys(*ENTERED)
    run.app.home()
    await run.settle()


async def test_where_there_are_pins_the_desk_begins_locked(folder: Path) -> None:
    async with running(folder, before=pins, morning=True) as run:
        run.screen(CoverScreen)
        assert not run.app.officer_name
        shown = [" ".join(line.split()) for line in run.lines if line.strip()]
        assert shown == [
            "Xã Đức Thọ · Quầy 1 T6 13/03/2026 09:12",
            "QUẦY ĐANG KHÓA",
            "▸ 1 Lê Thị Hoa lãnh đạo",
            "2 Phạm Văn Tư cán bộ quầy",
            "Gõ số trước tên mình.",
            "Mã PIN",
            "1-9 chọn tên số PIN, Enter vào việc Esc chọn lại",
        ]
        await run.keys("2" + CLERK_PIN + ENTER)
        run.screen(MorningScreen)
        assert (run.app.officer_id, run.app.officer_name) == (CLERK, "Phạm Văn Tư")
        assert "Phạm Văn Tư" in run.lines[0]
        event = run.desk.events()[-1]
        assert (event.kind, event.officer_id) == (OfficeEvent.OFFICER_SIGNED_ON, CLERK)


async def test_where_nobody_has_a_pin_nothing_is_asked(folder: Path) -> None:
    async with running(folder, morning=True) as run:
        run.screen(MorningScreen)
        assert run.app.officer_id == HEAD
        with run.desk.nothing_written():
            await run.keys(F12)
            run.screen(CoverScreen)
            await run.keys("2", ENTER)
        run.screen(MorningScreen)
        assert run.app.officer_id == HEAD


@pytest.mark.parametrize("keys", [("2", CLERK_PIN, ENTER), (f"2{CLERK_PIN}", ENTER), (f"2{CLERK_PIN}\r",),
                                  (DOWN, CLERK_PIN, ENTER), (ENTER, "2", CLERK_PIN, ENTER),
                                  ("1", ESCAPE, "2", CLERK_PIN, ENTER), ("7", "2", CLERK_PIN, ENTER),
                                  ("2", "9" + BACKSPACE + CLERK_PIN, ENTER)])  # fmt: skip
async def test_number_pin_enter_switches(folder: Path, keys: tuple[str, ...]) -> None:
    async with running(folder, before=pins, morning=True) as run:
        await enter(run)
        assert "Lê Thị Hoa" in run.top
        before = len(run.desk.events())
        await run.keys(F12, *keys)
        run.screen(HomeScreen)
        assert run.app.officer_id == CLERK
        assert "Phạm Văn Tư" in run.top
        assert "Lê Thị Hoa" not in run.top
        assert [event.kind for event in run.desk.events()[before:]] == [OfficeEvent.OFFICER_SIGNED_ON]


async def test_everything_after_the_switch_is_the_new_officers(folder: Path) -> None:
    async with running(folder, before=pins, morning=True) as run:
        await enter(run)
        code = run.desk.counter.worklist()[0].code
        await run.keys(ENTER)
        run.screen(DossierScreen)
        await run.keys(F12, "2", CLERK_PIN, ENTER)
        run.screen(DossierScreen)
        await run.keys("3", ENTER)
        finished = run.desk.events_of(code)[-1]
        assert (finished.kind, finished.officer_id) == (Act.FINISH, CLERK)


async def test_a_form_beneath_keeps_what_was_typed_and_saves_as_the_new_officer(folder: Path) -> None:
    async with running(folder, before=pins, morning=True) as run:
        await enter(run)
        await run.keys(F2)
        await run.scan(CARD)
        await pick(Officer(run), BIRTH)
        before = run.lines[1:-2]
        await run.keys(F12)
        assert "THÚY" not in run.text.upper()
        await run.keys("2", CLERK_PIN, ENTER)
        assert run.lines[1:-2] == before
        await run.keys(F2)
        row = run.desk.counter.find("nguyen thi thuy")[0]
        assert [event.officer_id for event in run.desk.events_of(row.code)] == [CLERK]
        assert run.desk.row(row.code).received_by == CLERK


async def test_the_same_officer_comes_back_without_a_trace(folder: Path) -> None:
    async with running(folder, before=pins, morning=True) as run:
        await enter(run)
        with run.desk.nothing_written():
            await run.keys(F12, *ENTERED)
        run.screen(HomeScreen)
        assert run.app.officer_id == HEAD


async def test_no_key_and_no_scan_opens_or_shows_anything(folder: Path) -> None:
    async with running(folder, before=pins, morning=True) as run:
        await enter(run)
        code = run.desk.counter.worklist()[0].code
        stack = list(run.app.screen_stack)
        with run.desk.nothing_written():
            await run.keys(F12, ENTER, ESCAPE, F12, F1, F2, F5, F9, TAB, UP, "x", "\x13", "\x03", "\x11", " ", ENTER)
            await run.scan(CARD)
            assert said(run) == "Quầy đang khóa: mã vừa quét bị bỏ."
            await run.scan(code, CARD)
            await run.scan("042180000708")
            await run.burst("\x1b[200~" + CARD + "\n\x1b[201~")
        run.screen(CoverScreen)
        assert run.app.screen_stack[:-1] == stack
        assert pin(run).value == ""
        for hidden in ("Thọ 0", "Lê Đức", "Nguyễn", code, "0421", "0331"):
            assert hidden not in run.text
        await run.keys(*ENTERED)
        run.screen(HomeScreen)


async def test_a_pin_is_masked_and_never_copied(folder: Path) -> None:
    async with running(folder, before=pins, morning=True) as run:
        await run.keys("1", HEAD_PIN)
        assert pin(run).value == HEAD_PIN
        assert HEAD_PIN not in run.text
        assert "••••" in run.text
        pin(run).action_select_all()
        await run.keys("\x03", "\x18")
        assert run.app.clipboard == ""
        assert pin(run).value == HEAD_PIN
        await run.keys("abc", "ê")
        assert pin(run).value == HEAD_PIN


async def test_a_wrong_pin_is_said_and_a_wait_grows(folder: Path) -> None:
    async with running(folder, before=pins, morning=True) as run:
        for _try in range(3):
            await run.keys("2", "5791", ENTER)
            assert said(run) == "Mã PIN không đúng."
            assert pin(run).value == ""
            await run.keys(ESCAPE)
        await run.keys("2", CLERK_PIN, ENTER)
        assert said(run) == "Sai nhiều lần: đợi 2 giây rồi gõ lại."
        run.screen(CoverScreen)
        run.desk.context.ticks = lambda: 1002.0
        await run.keys(CLERK_PIN, ENTER)
        assert run.app.officer_id == CLERK


async def test_one_officer_types_only_the_pin(folder: Path) -> None:
    def alone(desk: Desk) -> None:
        pins(desk)
        desk.counter.disable_officer(CLERK, HEAD)

    async with running(folder, before=alone, morning=True) as run:
        assert "Lê Thị Hoa" in run.text
        await run.keys(HEAD_PIN + ENTER)
        assert run.app.officer_id == HEAD


async def test_who_has_no_pin_is_told_so_and_stays_outside(folder: Path) -> None:
    def one_pin(desk: Desk) -> None:
        desk.counter.set_pin(HEAD, HEAD_PIN, HEAD)

    async with running(folder, before=one_pin, morning=True) as run:
        assert "cán bộ quầy · chưa có mã PIN" in run.text
        await run.keys("2")
        assert said(run) == "Phạm Văn Tư chưa có mã PIN: nhờ lãnh đạo đặt."
        await run.keys("1397", ENTER)
        run.screen(CoverScreen)


async def test_a_pin_set_elsewhere_closes_this_desk_at_the_next_lock(folder: Path) -> None:
    async with running(folder) as run:
        run.desk.counter.set_pin(HEAD, HEAD_PIN, HEAD)
        await run.keys(F12, ENTER)
        run.screen(CoverScreen)
        assert "QUẦY ĐANG KHÓA" in run.text
        await run.keys(*ENTERED)
        run.screen(HomeScreen)


async def test_the_lock_covers_a_question_and_gives_it_back(folder: Path) -> None:
    async with running(folder, before=pins, morning=True) as run:
        await enter(run)
        run.app.push_screen(Ask("Lý do?"))
        await run.settle()
        await run.keys("vì trời", F12)
        assert "trời" not in run.text
        await run.keys("2", CLERK_PIN, ENTER)
        assert run.screen(Ask).query_one(FormInput).value == "vì trời"
        assert run.app.front is not None
        assert "Phạm Văn Tư" in run.app.front.query_one("#top", Line).text


async def test_an_answer_that_comes_under_the_lock_waits_for_its_end(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Event()

    async with running(folder, before=pins, morning=True) as run:
        await enter(run)
        await run.keys(F9, "lich lam viec", ENTER, "\x1b[2~", "16/3", ENTER, "1", "nghỉ bão", ENTER, ENTER, F2)
        run.screen(CalendarEffectScreen)
        change = run.desk.counter.change_calendar

        def slow(*given: object, **more: object) -> object:
            go.wait(10)
            return change(*given, **more)  # type: ignore[arg-type]

        monkeypatch.setattr(run.desk.counter, "change_calendar", slow)
        run.app.screen.action_apply()  # type: ignore[attr-defined]
        run.app.action_lock()
        await run.pilot.pause()
        go.set()
        await run.settle()
        run.screen(CoverScreen)
        assert run.desk.counter.calendar().version == "2026.2.1"
        await run.keys(*ENTERED)
        assert "đã áp dụng lịch 2026.2.1" in run.text


async def test_numbers_shown_to_one_officer_are_hidden_from_the_next(folder: Path) -> None:
    async with running(folder, before=pins, morning=True) as run:
        await enter(run)
        await run.keys(ENTER, "x")
        assert "042180000708" in run.text
        await run.keys(F12, *ENTERED)
        assert "042180000708" in run.text
        await run.keys(F12, "2", CLERK_PIN, ENTER)
        assert "042180000708" not in run.text
        run.screen(DossierScreen)


async def test_the_clock_goes_on_under_the_lock(folder: Path) -> None:
    async with running(folder, before=pins, morning=True) as run:
        run.clock.set("2026-03-13T11:40")
        await run.tick()
        assert "T6 13/03/2026 11:40" in run.text
        await enter(run)
        await run.tick()
        assert "11:40" in run.lines[0]


async def test_more_than_nine_are_reached_with_arrows_and_every_line_fits(folder: Path) -> None:
    def many(desk: Desk) -> None:
        pins(desk)
        for number in range(14):
            new = NewOfficer(f"n{number}", f"Nguyễn Thị Quế Phương Thảo số {number} " + "x" * 40, Role.CLERK, CLERK_PIN)
            assert not isinstance(desk.counter.add_officer(new, HEAD), Refused)

    async with running(folder, before=many, morning=True) as run:
        assert all(width_of(line) <= 80 for line in run.lines)
        await run.keys(*[DOWN] * 15, CLERK_PIN, ENTER)
        assert run.app.officer_id == 16


@pytest.mark.parametrize("text", HOSTILE)
async def test_a_hostile_name_is_only_text(folder: Path, text: str) -> None:
    name = f"A{text}".encode("utf-8", "ignore").decode()

    def named(desk: Desk) -> None:
        pins(desk)
        desk.sql("UPDATE officer SET name = :name WHERE id = :id", name=name, id=CLERK)

    async with running(folder, before=named, morning=True) as run:
        assert len(run.lines) == 24
        await run.keys("2")
        assert run.screen(CoverScreen).query_one(LineList).cursor == 1
        await run.keys(CLERK_PIN, ENTER)
        assert run.app.officer_id == CLERK


async def test_a_record_that_fails_says_so_and_stays_locked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(folder, before=pins, morning=True) as run:

        def fail(*_given: object) -> object:
            raise OSError(28, "No space left on device", "desk.db")

        with monkeypatch.context() as patch:
            patch.setattr(run.desk.counter, "sign_on", fail)
            await run.keys(*ENTERED)
            assert "No space left" in said(run)
        await run.keys(HEAD_PIN, ENTER)
        assert run.app.officer_id == HEAD


async def test_a_plain_console_shows_no_sign_it_has_not(folder: Path) -> None:
    async with running(folder, before=pins, morning=True) as run:
        assert "▸" in run.text
        run.app.add_class("-console")
        await run.keys("2")
        assert "> 2  Phạm Văn Tư" in run.text
        assert "▸" not in run.text
