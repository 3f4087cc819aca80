"""F1 and F9 while a question is open, and typing that looked like a scan in the fields of the receipt form."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.tui.screens.act_dialogs import Pick, Question
from desk.tui.widgets.modals import Confirm, DialogHelp
from desk.tui.widgets.palette import Palette
from tests.counter.desk_fixture import MARITAL, Desk
from tests.tui.screens.desk_app import ENTER, ESCAPE, F1, F9, running
from tests.tui.screens.receive_app import THUY, Officer, Y, receiving

CTRL_G = "\x07"


def one_dossier(desk: Desk) -> None:
    desk.receive(MARITAL, "Lê Đức Thọ")


async def test_f1_tells_the_keys_of_a_question_and_leads_back_to_it(folder: Path) -> None:
    async with running(folder, before=one_dossier) as run:
        await run.keys(ENTER, "2", F1)
        run.screen(DialogHelp)
        assert "Xong: lấy dòng đã gõ." in run.text
        assert "Lùi một bước, không làm gì." in run.text
        await run.keys(F1, ESCAPE)
        run.screen(Question)
        await run.keys(ESCAPE, "6", F1)
        assert "Chọn ngay dòng có số đó." in run.text
        await run.keys(ESCAPE)
        run.screen(Pick)


@pytest.mark.parametrize("key", [F9, CTRL_G])
async def test_f9_says_that_the_question_comes_first(folder: Path, key: str) -> None:
    async with running(folder, before=one_dossier) as run:
        await run.keys(ENTER, "3", key)
        assert "Câu hỏi này trước đã: trả lời, hoặc Esc, rồi mới đến lệnh khác." in run.text
        await run.keys(ESCAPE)
        run.screen(Confirm)
        await run.keys(ESCAPE, key)
        run.screen(Palette)
        await run.keys(key)
        run.screen(Palette)
        await run.keys(F1)
        assert "Chạy lệnh đang chọn." in run.text


async def fast(officer: Officer, text: str) -> None:
    """Type text and Enter in one piece, as over a slow link."""
    officer.time += 60
    await officer.run.burst(text + ENTER, start=officer.time, gap=0.002)
    await officer.run.settle()


async def test_fast_typing_that_looked_like_a_scan_keeps_its_enter(folder: Path) -> None:
    async with receiving(folder) as officer:
        officer.form.set_focus(officer.form.query_one("#phone"))
        await fast(officer, "0912345678")
        assert (officer.value("phone"), officer.at) == ("0912345678", "address")


async def test_what_the_field_does_not_take_is_said(folder: Path) -> None:
    async with receiving(folder) as officer:
        officer.form.set_focus(officer.form.query_one("#phone"))
        await fast(officer, "0912ABC345678")
        assert officer.value("phone") == "0912345678"
        assert officer.run.note == "Ô này không nhận «ABC»: xem lại rồi Enter."
        assert officer.at == "phone"


async def test_a_card_is_no_typing(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.scan(THUY)
        await officer.scan(Y)
        assert isinstance(officer.run.app.screen, Confirm)
        await officer.press(F1)
        assert "Thay" in officer.run.text
