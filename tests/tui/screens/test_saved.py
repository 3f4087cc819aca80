"""After saving: the slip, the next person, the same person again."""

from __future__ import annotations

from pathlib import Path

from desk.counter.model import Done
from desk.tui.screens.home import HomeScreen
from desk.tui.screens.receive import ReceiveScreen
from desk.tui.screens.saved import SavedScreen
from tests.counter.desk_fixture import BIRTH
from tests.tui.screens.desk_app import ENTER, ESCAPE, F2, F5, F12
from tests.tui.screens.receive_app import THUY, Y, pick, receiving

CTRL_P, CTRL_S = "\x10", "\x13"


async def test_the_applicant_before_is_repeated(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.press(CTRL_P)
        assert officer.run.note == "Chưa có người nộp nào trước đó trong phiên này."
        await officer.scan(THUY)
        await officer.type("0912345678", ENTER)
        await officer.type(BIRTH, ENTER)
        await officer.press(F2)
        await officer.press(CTRL_P)
        assert officer.value("name") == "Nguyễn Thị Thúy"
        assert officer.value("phone") == "0912345678"
        assert officer.at == "procedure"
        assert officer.run.note.startswith("đã lưu TN-0313-0001J")
        await officer.type(BIRTH, ENTER)
        await officer.press(F2)
        assert len(officer.names()) == 2
        assert "Người này đang có hồ sơ mở cùng thủ tục: TN-18229-260313-10001J." in officer.run.text


async def test_after_saving_the_slip_is_printed_and_the_next_comes(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.scan(THUY)
        await pick(officer, BIRTH)
        await officer.press(F2, ENTER)
        file = folder / "phieu" / "TN-18229-260313-10001J.txt"
        assert officer.run.note == "không có máy in; phiếu ở phieu/TN-18229-260313-10001J.txt"
        assert "Nguyễn Thị Thúy" in file.read_text(encoding="utf-8")
        assert file.stat().st_mode & 0o777 == 0o600
        assert "in lại" not in file.read_text(encoding="utf-8")
        await officer.press("p")
        assert "(bản in lại lần 1)" in file.read_text(encoding="utf-8")
        await officer.press(F2)
        assert officer.form.draft.empty
        assert officer.run.note == "đã lưu TN-0313-0001J. Người tiếp theo."


async def test_after_saving_a_scan_is_the_next_person_and_esc_goes_home(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.scan(THUY)
        await pick(officer, BIRTH)
        await officer.press(F2)
        await officer.scan(Y)
        assert officer.value("name") == "Trần Văn Ỷ"
        await pick(officer, BIRTH)
        await officer.press(F2, ESCAPE)
        assert isinstance(officer.run.app.screen, HomeScreen)
        assert sorted(officer.names()) == ["Nguyễn Thị Thúy", "Trần Văn Ỷ"]


async def test_saved_under_a_cover_is_shown_when_it_lifts(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.scan(THUY)
        await pick(officer, BIRTH)
        await officer.inject(F2 + F12)
        assert not isinstance(officer.run.app.screen, ReceiveScreen)
        await officer.press(ENTER)
        assert officer.names() == ["Nguyễn Thị Thúy"]
        assert not any(isinstance(screen, ReceiveScreen) for screen in officer.run.app.screen_stack)


async def test_done_is_a_value_the_saved_page_can_show_without_warnings(folder: Path) -> None:
    async with receiving(folder, open_form=False) as officer:
        done = officer.run.desk.receive(BIRTH, "Lê Ất")
        assert isinstance(done, Done)
        officer.run.app.push_screen(SavedScreen(done))
        await officer.run.settle()
        assert not officer.run.app.screen.query(".warning")
        await officer.press(F5)
        assert isinstance(officer.run.app.screen, HomeScreen)
