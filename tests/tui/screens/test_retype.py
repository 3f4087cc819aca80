"""Double entry through the keys: copy, tick, the code back in, the next dossier."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.vocabulary import Act, OfficeEvent
from desk.beside import Beside
from desk.counter.model import PersonInput
from desk.tui import clipboard
from desk.tui.screens.dossier import DossierScreen
from desk.tui.screens.home import HomeScreen
from desk.tui.screens.retype import RetypeScreen
from tests.counter.desk_fixture import CLERK, COPIES, HEAD, MARITAL, OFFICIAL, OTHER_OFFICIAL, Desk
from tests.tui.conftest import HOSTILE
from tests.tui.screens.desk_app import DOWN, ENTER, ESCAPE, F9, INSERT, SPACE, UP, running


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")


def two(desk: Desk) -> None:
    desk.receive(MARITAL, "Lê Thị Hạnh", id_number="042180000708", phone="0912345678", address="Thôn Hải Thanh")
    desk.receive(MARITAL, "Đỗ Đức Mạnh", id_number="042170000701")


async def test_a_dossier_goes_over_field_by_field_and_its_code_comes_back(folder: Path) -> None:
    async with running(folder, before=two) as run:
        await run.keys(INSERT)
        run.screen(RetypeScreen)
        assert "LÊ THỊ HẠNH" in run.text
        assert "042180000708" in run.text
        assert "đã nhập 0/14" in run.text
        assert run.app.clipboard == ""
        await run.keys(ENTER)
        assert (run.app.clipboard, run.note) == ("1.004873", "đã chép Mã thủ tục: dán vào hệ thống tỉnh rồi Enter")
        assert "đã nhập 0/14" in run.text
        await run.keys(ENTER)
        assert run.app.clipboard == "Trực tiếp"
        assert "đã nhập 1/14" in run.text
        await run.keys(*[ENTER] * 13)
        assert "đã nhập 14/14" in run.text
        assert run.note == "Đã nhập hết các ô: quét hay gõ mã chính thức (M)."
        await run.scan(OFFICIAL)
        assert "Mã chính thức của Lê Thị Hạnh" in run.text
        assert run.desk.row("TN-18229-260313-10001J").official_code is None
        await run.keys(ENTER)
        assert run.desk.row("TN-18229-260313-10001J").official_code == OFFICIAL
        assert "Enter hồ sơ sau: TN-0313-0002H Đỗ Đức Mạnh" in run.text
        await run.keys(ENTER)
        assert "ĐỖ ĐỨC MẠNH" in run.text
        assert "Hạnh" not in run.text
        await run.keys("m", OTHER_OFFICIAL, ENTER)
        assert "không còn hồ sơ nào phải nhập lại" in run.text
        await run.keys(ESCAPE)
        run.screen(HomeScreen)
        seen = [event for event in run.desk.events() if event.kind == OfficeEvent.PERSON_SEEN]
        assert [event.data["dossier"] for event in seen] == [1, 2]
        assert Beside(folder).change("retype", lambda _document: None) == {}


async def test_ticks_survive_a_restart(folder: Path) -> None:
    async with running(folder, before=two) as run:
        await run.keys(INSERT, SPACE, SPACE, SPACE, SPACE)
        assert "đã nhập 4/14" in run.text
        await run.keys(UP, SPACE)
        assert "đã nhập 3/14" in run.text
    async with running(folder) as run:
        await run.keys(INSERT)
        assert "đã nhập 3/14" in run.text


async def test_a_correction_undoes_the_tick_of_that_field_only(folder: Path) -> None:
    async with running(folder, before=two) as run:
        await run.keys(INSERT, *[SPACE] * 4)
    async with running(folder, before=lambda desk: desk.sql("UPDATE person SET name='Lê Thị Hảnh' WHERE id=1")) as run:
        await run.keys(INSERT)
        assert "đã nhập 3/14" in run.text
        assert any(line.split()[:3] == ["▸", "đã", "đổi"] for line in run.lines)


async def test_a_code_of_another_dossier_is_refused_and_nothing_is_lost(folder: Path) -> None:
    async with running(folder, before=two) as run:
        run.desk.act("TN-18229-260313-10002H", Act.SET_CODE, official_code=OFFICIAL)
        await run.keys(INSERT, ENTER)
        await run.scan(OFFICIAL)
        await run.keys(ENTER)
        assert run.note == f"Mã {OFFICIAL} đã gắn với hồ sơ TN-18229-260313-10002H."
        await run.keys("m", "H31.65", ENTER)
        assert "chưa phải mã hồ sơ chính thức" in run.text
        await run.keys(ESCAPE, "n")
        assert run.note == "Không còn hồ sơ nào khác chưa có mã chính thức."


async def test_the_next_ones_are_those_of_the_list_it_was_opened_from(folder: Path) -> None:
    def three(desk: Desk) -> None:
        desk.receive(MARITAL, "Một")
        desk.receive(COPIES, "Hai")
        desk.receive(MARITAL, "Ba")

    async with running(folder, before=three) as run:
        await run.keys(DOWN, INSERT)
        names = [run.lines[1].split(" · ")[0].strip()]
        for _number in range(3):
            await run.keys("n")
            names.append(run.lines[1].split(" · ")[0].strip())
        # The certified copy is promised first: by promise, from the second on, round and round.
        assert names == ["Một", "Ba", "Hai", "Một"]


async def test_it_opens_from_a_dossier_and_from_everywhere(folder: Path) -> None:
    async with running(folder, before=two) as run:
        await run.keys(DOWN, ENTER)
        run.screen(DossierScreen)
        await run.keys("n")
        assert "ĐỖ ĐỨC MẠNH" in run.text
        await run.keys(ESCAPE)
        run.desk.act("TN-18229-260313-10002H", Act.SET_CODE, official_code=OFFICIAL)
        run.app.action_work()
        await run.settle()
        await run.keys(ENTER, ENTER)
        run.app.action_calendar()
        await run.settle()
        await run.keys(F9, "nhap lai", ENTER)
        run.screen(RetypeScreen)
        assert "LÊ THỊ HẠNH" in run.text


async def test_a_dossier_with_a_code_says_so(folder: Path) -> None:
    async with running(folder, before=two) as run:
        run.desk.act("TN-18229-260313-10001J", Act.SET_CODE, official_code=OFFICIAL)
        run.app.open_dossier(1)
        await run.settle()
        await run.keys("n")
        assert run.note == "Hồ sơ đã có mã chính thức: không phải nhập lại."
        run.app.retype(1)
        await run.settle()
        assert run.note == f"Hồ sơ TN-0313-0001J đã có mã chính thức {OFFICIAL}."


async def test_another_officer_leaves_a_trace_of_their_own(folder: Path) -> None:
    async with running(folder, before=two) as run:
        await run.keys(INSERT, ENTER, ENTER)
        run.app.officer_id = CLERK
        run.screen(RetypeScreen).another_officer()
        await run.settle()
        assert "đã nhập 1/14" in run.text
        seen = [event for event in run.desk.events() if event.kind == OfficeEvent.PERSON_SEEN]
        assert [(event.officer_id, event.data["dossier"]) for event in seen] == [(HEAD, 1), (CLERK, 1)]


async def test_where_there_is_nothing_to_type_again_it_says_so(folder: Path) -> None:
    async with running(folder) as run:
        await run.keys(INSERT)
        run.screen(HomeScreen)
        run.app.action_retype()
        await run.settle()
        assert run.note == "Mọi hồ sơ đều đã có mã chính thức: không còn gì phải nhập lại."
        await run.keys(ENTER, "c", "m", "n", SPACE, ESCAPE)
        run.screen(HomeScreen)


async def test_a_console_without_a_clipboard_shows_the_value_and_goes_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "linux")
    async with running(folder, before=two) as run:
        await run.keys(INSERT, ENTER)
        assert run.note == "Cửa sổ này không có khay nhớ tạm: nhìn mà gõ, rồi Enter."
        await run.keys(ENTER)
        assert "đã nhập 1/14" in run.text


async def test_a_value_too_long_to_copy_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clipboard, "MOST_BYTES", 3)
    async with running(folder, before=two) as run:
        await run.keys(INSERT, ENTER)
        assert run.note == "Mã thủ tục quá dài để chép: bôi đen bằng chuột, hoặc gõ."


async def test_an_order_of_the_centres_own_that_is_wrong_is_named(folder: Path) -> None:
    (folder / "retype.toml").write_text('[[field]]\nitem = "nick"\n', encoding="utf-8")
    async with running(folder, before=two) as run:
        await run.keys(INSERT)
        assert "retype.toml: không có mục «nick»." in run.text.replace("\n ", " ")


@pytest.mark.parametrize("text", [text for text in HOSTILE if text.strip()])
async def test_hostile_text_is_shown_as_text(folder: Path, text: str) -> None:
    def hostile(desk: Desk) -> None:
        desk.try_receive(
            MARITAL, f"A {text}", address=text, note=text, components=(text,), representative=PersonInput(f"B {text}")
        )

    async with running(folder, before=hostile) as run:
        await run.keys(INSERT, *[ENTER] * 8)
        assert all(char.isprintable() for line in run.lines for char in line)
        assert run.key_bar
