"""Hints fade with use, are told once after a command by name, and come back on demand."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from desk.beside import Beside
from desk.learned import ENOUGH, NAME, Learned
from desk.tui.draft import session_of
from desk.tui.screens.calendar import CalendarScreen
from desk.tui.screens.home import HomeScreen
from desk.tui.screens.saved import SavedScreen
from tests.counter.desk_fixture import BIRTH, CLERK, HEAD, MARITAL
from tests.tui.screens.certify_app import certifying, copy
from tests.tui.screens.desk_app import ENTER, ESCAPE, F3, F4, F5, F9, Running, running
from tests.tui.screens.receive_app import THUY, Y, receiving

IN_THE_LANE = ("certify.copies", "certify.kinds", "certify.name", "certify.paper")


def learned(folder: Path, *commands: str, officer: int = HEAD) -> None:
    """Let an officer have used commands often enough."""
    content = {str(officer): {"uses": dict.fromkeys(commands, ENOUGH), "told": []}}
    (folder / f"{NAME}-1.json").write_text(json.dumps(content), encoding="ascii")


def uses(folder: Path) -> dict[str, int]:
    found: dict[str, int] = json.loads((folder / f"{NAME}-1.json").read_text())[str(HEAD)]["uses"]
    return found


async def by_name(run: Running, typed: str) -> None:
    await run.keys(F9, typed, ENTER)
    await run.settle()


async def test_a_key_used_often_enough_leaves_the_bar_and_survives_a_restart(folder: Path) -> None:
    async with running(folder) as run:
        assert "F4 Tìm" in run.key_bar
        for number in range(ENOUGH):
            await run.keys(F4)
            assert uses(folder)["find"] == number + 1
        await run.keys(F4, F4)
        assert uses(folder)["find"] == ENOUGH
        # Nothing moves while the officer looks at it.
        assert "F4 Tìm" in run.key_bar
        await run.keys(F5)
        run.app.action_calendar()
        await run.settle()
        await run.keys(ESCAPE)
        assert run.key_bar.startswith("F1 Giúp  F2 Nhận  F3 Chứng thực  * Danh sách")
    async with running(folder) as run:
        assert "* Danh sách" in run.key_bar
        assert "F4 Tìm" not in run.key_bar
        run.app.officer_id = CLERK
        run.screen(HomeScreen).another_officer()
        assert "F4 Tìm" in run.key_bar


async def test_a_command_by_name_is_not_counted_and_its_key_is_told_once(folder: Path) -> None:
    async with running(folder) as run:
        await by_name(run, "tim ho so theo ten")
        assert run.note == "lần sau có thể bấm F4, Ctrl+O: Tìm"
        assert "find" not in uses(folder)
        await run.keys(ESCAPE)
        run.screen(HomeScreen).note("")
        await by_name(run, "tim ho so theo ten")
        assert run.note == ""
    async with running(folder) as run:
        await by_name(run, "tim ho so theo ten")
        assert run.note == ""


async def test_the_word_of_the_command_itself_comes_before_its_key(folder: Path) -> None:
    async with running(folder) as run:
        run.screen(HomeScreen).note("chưa xong")
        await by_name(run, "tim ho so theo ten")
        assert run.note == "chưa xong"
        assert "find" not in Learned(run.app.beside).told(HEAD)


async def test_a_command_without_a_key_tells_none(folder: Path) -> None:
    async with running(folder) as run:
        await by_name(run, "lich lam viec")
        run.screen(CalendarScreen)
        assert "lần sau" not in run.text


async def test_hints_in_the_last_word_fade_one_by_one(folder: Path) -> None:
    async def saved(run: Running) -> str:
        run.app.push_screen(SavedScreen(run.desk.receive(MARITAL)))
        await run.settle()
        note = run.note
        await run.keys(ESCAPE)
        return note

    async with running(folder) as run:
        assert (await saved(run)) == "đã lưu TN-0313-0001J · Enter in phiếu · F2 người tiếp theo · Esc về việc"
    learned(folder, "print_slip", "back")
    async with running(folder) as run:
        assert (await saved(run)) == "đã lưu TN-0313-0001J · F2 người tiếp theo"
        await by_name(run, "goi y")
        assert run.note == "mọi gợi ý phím hiện lại như ngày đầu"
        assert (await saved(run)).endswith("Enter in phiếu · F2 người tiếp theo · Esc về việc")


async def test_the_hint_of_a_field_fades_after_forms_that_were_saved(folder: Path) -> None:
    async with certifying(folder) as clerk:
        assert "quét thẻ, hoặc gõ tên" in clerk.run.text
        await clerk.scan(Y)
        await copy(clerk)
        assert clerk.run.note.endswith("PgDn phiếu · PgUp lấy lại")
        assert uses(folder) == {"certify": 1, **dict.fromkeys(IN_THE_LANE, 1)}
        # A form that is left teaches nothing.
        await clerk.press(ENTER, ESCAPE)
        assert uses(folder)["certify.name"] == 1
    learned(folder, *IN_THE_LANE, "slip", "take_back")
    async with certifying(folder) as clerk:
        assert "quét thẻ, hoặc gõ tên" not in clerk.run.text
        await clerk.scan(Y)
        await copy(clerk)
        assert clerk.run.note == "đã lưu TN-0313-0002H · 6.000 đ"
        await by_name(clerk.run, "goi y")
        await clerk.press(ESCAPE, F3)
        assert "quét thẻ, hoặc gõ tên" in clerk.run.text


async def test_the_receipt_form_says_no_more_than_its_officer_needs(folder: Path) -> None:
    learned(folder, "receive.procedure")
    async with receiving(folder) as officer:
        await officer.scan(THUY)
        officer.form.set_focus(officer.form.form.procedure.picker.field)
        await officer.run.settle()
        assert "gõ không dấu, tên hoặc mã" not in officer.run.text
        await officer.type(BIRTH, ENTER)
        assert "Space có/chưa" in officer.run.text


async def test_the_key_card_goes_to_the_printer_or_into_a_file(folder: Path) -> None:
    printed: list[str] = []
    async with running(folder) as run:
        session = session_of(run.app)
        session.slips = folder / "phieu"
        session.find_spooler = lambda: lambda title, text: printed.append(title + text)
        await by_name(run, "the phim")
        assert run.note == "đã gửi máy in thẻ phím"
        assert "THẺ PHÍM" in printed[0]
        session.find_spooler = lambda: None
        await by_name(run, "the phim")
        assert "F2, Ctrl+N" in run.text
        assert (folder / "phieu" / "the-phim.txt").read_text(encoding="utf-8").count("\n") < 63
        await run.keys(ESCAPE)
        assert run.note == "không có máy in; thẻ phím ở phieu/the-phim.txt"


@pytest.mark.parametrize(
    "damaged", ["", "[]", '{"1": 3}', '{"1": {"uses": [], "told": 5}}', '{"1": {"uses": {"a": "x"}}}']
)
def test_a_damaged_file_counts_as_nothing_learned(tmp_path: Path, damaged: str) -> None:
    (tmp_path / f"{NAME}-1.json").write_text(damaged)
    beside = Beside(tmp_path)
    beside.read(NAME)
    known = Learned(beside)
    assert known.known(1) == known.told(1) == frozenset()
    known.use(1, "find")
    known.tell(1, "find")
    again = Beside(tmp_path)
    again.read(NAME)
    assert Learned(again).told(1) == {"find"}
    known.forget(1)
    assert Learned(beside).told(1) == frozenset()


def test_many_threads_lose_no_use(tmp_path: Path) -> None:
    beside = Beside(tmp_path)
    known = Learned(beside)
    threads = [threading.Thread(target=known.use, args=(1, f"c{number % 5}")) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = json.loads((tmp_path / f"{NAME}-1.json").read_text())
    assert kept["1"]["uses"] == {f"c{number}": 8 for number in range(5)}


async def test_a_disk_that_refuses_keeps_nobody_from_working(folder: Path) -> None:
    async with running(folder) as run:
        run.app.beside.folder = folder / "gone"
        await run.keys(F4, ESCAPE)
        assert run.note == ""
        assert run.screen(HomeScreen).searching is False
