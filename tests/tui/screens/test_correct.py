"""The form that corrects a dossier: what it begins with, what it saves, and that nothing typed is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from db.vocabulary import Act, ApplicantKind, OfficeEvent, ReturnWay
from desk.counter.model import PersonInput
from desk.draft import DraftStore
from desk.tui.draft import session_of
from desk.tui.screens.act_dialogs import Sure
from desk.tui.screens.correct import CorrectScreen
from desk.tui.screens.dossier import DossierScreen
from desk.tui.screens.home import HomeScreen
from desk.tui.screens.receive import ReceiveScreen
from desk.tui.screens.retype import RetypeScreen
from desk.tui.screens.saved import SlipPage
from desk.tui.widgets.form_input import FormInput
from desk.tui.widgets.lines import Line
from tests.counter.desk_fixture import BIRTH, CLERK, KEY, MARITAL, Desk
from tests.tui.screens.desk_app import (
    BACKSPACE,
    DOWN,
    END,
    ENTER,
    ESCAPE,
    F2,
    F5,
    INSERT,
    RIGHT,
    SPACE,
    running,
)
from tests.tui.screens.receive_app import THUY, Officer, Y

THINH: dict[str, Any] = {
    "id_number": "042180000708", "phone": "0912345678", "email": "thinh@example.vn", "note": "gấp",
    "address": "Thôn Hải Thanh", "components": ("Tờ khai đăng ký khai sinh", "Giấy viết tay"),
}  # fmt: skip
OLD = "Thôn Đặng Xá, Xã Cẩm Xá, Thị xã Mỹ Hào, Tỉnh Hưng Yên"


@asynccontextmanager
async def correcting(folder: Path, **more: Any) -> AsyncIterator[Officer]:
    """Run the desk with one dossier and its correction open."""
    async with running(folder) as run:
        object.__setattr__(run.services, "drafts", DraftStore(folder / "draft.json", KEY))
        session = session_of(run.app)
        session.slips = folder / "phieu"
        session.find_spooler = lambda: None
        run.desk.receive(BIRTH, "Nguyễn Đức Thịnh", **{**THINH, **more})
        officer = Officer(run)
        await opened(officer)
        yield officer


async def opened(officer: Officer, number: int = 1) -> None:
    """Open a dossier, then 6 and 1 of its menu."""
    officer.run.app.open_dossier(number)
    await officer.run.settle()
    await officer.run.keys("6", "1")


def screen(officer: Officer) -> CorrectScreen:
    return officer.run.screen(CorrectScreen)


def value(officer: Officer, id: str) -> str:
    return screen(officer).query_one(f"#{id}", FormInput).value


def now(desk: Desk, code: str = "TN-18229-260313-10001J") -> Any:
    return desk.correction(code)


async def to(officer: Officer, id: str) -> None:
    """Go to a field, its end."""
    screen(officer).set_focus(screen(officer).query_one(f"#{id}"))
    await officer.press(END)


async def retype(officer: Officer, id: str, text: str) -> None:
    await to(officer, id)
    await officer.press(*[BACKSPACE] * len(value(officer, id)))
    if text:
        await officer.type(text)


async def save(officer: Officer, reason: str = "gõ nhầm") -> None:
    await to(officer, "reason")
    await officer.type(reason)
    await officer.press(F2)


async def test_it_begins_with_what_is_kept_and_leaves_a_trace(folder: Path) -> None:
    other = PersonInput("Lê Ủy", id_number="042190000001", address="Thôn Trung", email="uy@example.vn")
    async with correcting(folder, representative=other) as officer:
        shown = {id: value(officer, id) for id in ("name", "id_number", "phone", "email", "address", "note_text")}
        assert shown == {
            "name": "Nguyễn Đức Thịnh", "id_number": "042180000708", "phone": "0912345678",
            "email": "thinh@example.vn", "address": "Thôn Hải Thanh", "note_text": "gấp",
        }  # fmt: skip
        assert [value(officer, f"other_{id}") for id in ("name", "id_number", "address", "email")] == [
            "Lê Ủy", "042190000001", "Thôn Trung", "uy@example.vn",
        ]  # fmt: skip
        assert "[x] Tờ khai đăng ký khai sinh" in officer.run.text
        assert "[x] Giấy viết tay" in officer.run.text
        assert officer.at == "name"
        last = officer.run.desk.events()[-1]
        assert (last.kind, dict(last.data)) == (OfficeEvent.PERSON_SEEN, {"dossier": 1, "for": "correcting"})
        with officer.run.desk.nothing_written():
            await officer.press(ESCAPE)
        officer.run.screen(DossierScreen)


async def test_a_corrected_name_is_saved_with_its_reason_and_the_slip_is_offered(folder: Path) -> None:
    async with correcting(folder) as officer:
        run = officer.run
        run.clock.set("2026-03-13T09:20")
        await officer.press(END)
        await officer.type("h")
        await save(officer, "đọc nhầm thẻ")
        run.screen(Sure)
        assert "in lại phiếu?" in run.text
        await officer.press(ENTER)
        run.screen(SlipPage)
        assert "(bản in lại lần 1, đã sửa lần 1)" in run.text
        (file,) = (folder / "phieu").iterdir()
        assert "Nguyễn Đức Thịnhh" in file.read_text(encoding="utf-8")
        await officer.press(ESCAPE)
        run.screen(DossierScreen)
        assert run.note.startswith("đã ghi: Sửa thông tin · 09:20")
        assert "13/03/26 09:20 Sửa thông tin       Lê Thị Hoa     tên · đọc nhầm thẻ" in run.text
        assert "bản in lại lần 1" in run.text
        assert now(run.desk).applicant.name == "Nguyễn Đức Thịnhh"
        assert run.desk.disagreeing() == []


async def test_a_slip_not_printed_again_is_offered_until_it_is(folder: Path) -> None:
    async with correcting(folder) as officer:
        run = officer.run
        await retype(officer, "phone", "0987654321")
        await save(officer)
        await officer.press(ESCAPE)
        run.screen(DossierScreen)
        assert "phiếu chưa in lại (7)" in run.note
        assert "7 In lại (đã sửa)" in run.text
        await run.keys("7", ENTER, ESCAPE)
        assert "7 In lại (đã sửa)" not in run.text
        assert "7 In lại" in run.text


async def test_what_is_not_on_the_slip_offers_none(folder: Path) -> None:
    async with correcting(folder) as officer:
        await retype(officer, "note_text", "không gấp")
        await save(officer)
        officer.run.screen(DossierScreen)
        assert now(officer.run.desk).note == "không gấp"


async def test_every_field_can_be_corrected_at_once(folder: Path) -> None:
    async with correcting(folder) as officer:
        form = screen(officer).form
        form.query_one("#kind").focus()
        await officer.press(RIGHT)
        await retype(officer, "name", "Công ty Đức")
        await retype(officer, "id_number", "0100109106")
        await retype(officer, "phone", "02393 831 234")
        await retype(officer, "email", "duc@example.vn")
        await retype(officer, "address", OLD)
        await to(officer, "papers")
        await officer.press(DOWN, SPACE)
        await to(officer, "way")
        await officer.press(RIGHT)
        await retype(officer, "note_text", "chậm")
        await officer.press(INSERT)
        assert officer.at == "other_name"
        await officer.type("Trần Ỷ")
        await retype(officer, "other_phone", "0900000001")
        assert "sẽ sửa: loại người nộp, tên, số định danh" in officer.run.text
        await save(officer)
        found = now(officer.run.desk)
        assert found.applicant == PersonInput(
            "Công ty Đức", ApplicantKind.ORGANISATION, "0100109106", "02393831234", "duc@example.vn",
            f"{OLD} (nay là phường Đường Hào, tỉnh Hưng Yên)" if "Đường Hào" in found.applicant.address
            else f"{OLD} (nay là phường Mỹ Hào, tỉnh Hưng Yên)",
        )  # fmt: skip
        assert found.representative == PersonInput("Trần Ỷ", phone="0900000001")
        assert len(found.components) == 3
        assert found.components[-1] == "Giấy viết tay"
        assert (found.return_way, found.note) == (ReturnWay.POST, "chậm")


async def test_what_is_not_touched_stays_to_the_letter(folder: Path) -> None:
    # Neither a number that no card has nor an address without today's commune is made otherwise by looking at it.
    async with correcting(folder, id_number="B1234567", address=OLD) as officer:
        await retype(officer, "email", "")
        await save(officer)
        await officer.press(ESCAPE)
        found = now(officer.run.desk).applicant
        assert (found.id_number, found.address, found.email) == ("B1234567", OLD, "")
        assert list(officer.run.desk.events_of("TN-18229-260313-10001J")[-1].data["parts"]) == ["email"]


async def test_it_is_not_saved_without_a_reason_or_a_change_or_a_name(folder: Path) -> None:
    async with correcting(folder) as officer:
        with officer.run.desk.nothing_written():
            await officer.press(F2)
            assert officer.run.note == "Cần ghi rõ lý do."
            assert officer.at == "reason"
            await officer.type("x")
            await officer.press(F2)
            assert officer.run.note == "Chưa sửa gì: hồ sơ vẫn như đang giữ."
            await retype(officer, "name", " ")
            await officer.press(F2)
            assert officer.run.note == "Chưa có họ tên."
            assert officer.at == "name"
        assert value(officer, "reason") == "x"


async def test_esc_asks_before_anything_is_thrown_away(folder: Path) -> None:
    async with correcting(folder) as officer:
        with officer.run.desk.nothing_written():
            await officer.press(END)
            await officer.type("h")
            await officer.press(ESCAPE)
            officer.run.screen(Sure)
            assert "Bỏ phần vừa sửa (tên)?" in officer.run.text
            await officer.press(ESCAPE)
            assert value(officer, "name") == "Nguyễn Đức Thịnhh"
            await officer.press(ESCAPE, ENTER)
            officer.run.screen(DossierScreen)
        await officer.run.keys("6", "1")
        assert value(officer, "name") == "Nguyễn Đức Thịnh"


async def test_what_was_typed_is_there_again_after_another_screen_or_a_crash(folder: Path) -> None:
    async with correcting(folder) as officer:
        await retype(officer, "phone", "0987654321")
        await to(officer, "papers")
        await officer.press(SPACE)
        await to(officer, "reason")
        await officer.type("dân báo")
        await officer.press(F5)
        officer.run.screen(HomeScreen)
        # It is no receipt, and not offered as one.
        await officer.press(F2)
        officer.run.screen(ReceiveScreen)
        await officer.press(ESCAPE)
    async with running(folder) as run:
        object.__setattr__(run.services, "drafts", DraftStore(folder / "draft.json", KEY))
        officer = Officer(run)
        await opened(officer)
        assert "Đã mở lại phần sửa dở lúc" in run.note
        assert (value(officer, "phone"), value(officer, "reason")) == ("0987654321", "dân báo")
        assert "[ ] Tờ khai đăng ký khai sinh" in run.text
        await officer.press(F2, ESCAPE)
        assert now(run.desk).applicant.phone == "0987654321"
        assert now(run.desk).components == ("Giấy viết tay",)
        await run.keys("6", "1")
        assert run.note.startswith("đã ghi vết")
        assert session_of(run.app).drafts.all() == ()


async def test_another_desk_was_faster(folder: Path) -> None:
    async with correcting(folder) as officer:
        desk = officer.run.desk
        await officer.press(END)
        await officer.type("h")
        desk.correct("TN-18229-260313-10001J", phone="0987654321")
        await save(officer)
        assert "Máy khác vừa sửa hồ sơ này" in officer.run.note
        assert (value(officer, "name"), value(officer, "phone")) == ("Nguyễn Đức Thịnhh", "0987654321")
        assert value(officer, "reason") == "gõ nhầm"
        await officer.press(F2, ESCAPE)
        found = now(desk).applicant
        assert (found.name, found.phone) == ("Nguyễn Đức Thịnhh", "0987654321")


async def test_a_dossier_that_was_given_out_meanwhile_says_so_and_keeps_what_is_typed(folder: Path) -> None:
    async with correcting(folder) as officer:
        desk, code = officer.run.desk, "TN-18229-260313-10001J"
        await officer.press(END)
        await officer.type("h")
        desk.act(code, Act.FINISH)
        desk.act(code, Act.RETURN, collector="Chính chủ")
        await save(officer)
        assert officer.run.note == "Hồ sơ đã kết thúc (đã trả kết quả): không thể sửa thông tin."
        assert value(officer, "name") == "Nguyễn Đức Thịnhh"


async def test_the_card_puts_the_number_right_and_leaves_the_telephone(folder: Path) -> None:
    async with running(folder) as run:
        run.desk.receive(MARITAL, "Nguyễn Thị Thuý", id_number="033180930192", phone="0912345678")
        run.desk.correct("TN-18229-260313-10001J", name="Nguyễn Thị Thúy")
        officer = Officer(run)
        await opened(officer)
        await officer.scan(THUY)
        assert (value(officer, "id_number"), value(officer, "phone")) == ("033180930129", "0912345678")
        assert value(officer, "address") == OLD
        # Somebody else's card is the next citizen's; what was typed here waits.
        await officer.scan(Y)
        run.screen(ReceiveScreen)
        assert officer.value("id_number") == "001088608064"
        await officer.press(ESCAPE)
        assert value(officer, "id_number") == "033180930129"


async def test_a_wrong_person_is_replaced_by_a_card_once_the_form_is_emptied_of_them(folder: Path) -> None:
    async with correcting(folder) as officer:
        await retype(officer, "id_number", "")
        await retype(officer, "name", "")
        await officer.scan(THUY)
        assert (value(officer, "name"), value(officer, "id_number")) == ("Nguyễn Thị Thúy", "033180930129")


async def test_whoever_comes_to_the_form_leaves_a_trace_of_their_own(folder: Path) -> None:
    async with correcting(folder) as officer:
        run = officer.run
        before = len(run.desk.events())
        run.app.door.let_in(next(each for each in run.desk.counter.officers() if each.id == CLERK))
        await run.settle()
        (seen,) = run.desk.events()[before:]
        assert (seen.kind, seen.officer_id) == (OfficeEvent.PERSON_SEEN, CLERK)


async def test_undo_takes_the_correction_back(folder: Path) -> None:
    async with correcting(folder) as officer:
        run = officer.run
        await officer.press(END)
        await officer.type("h")
        await save(officer)
        await officer.press(ESCAPE)
        run.app.screen.action_act("undo")  # type: ignore[attr-defined]
        await run.settle()
        assert "Hoàn tác việc gần nhất: Sửa thông tin" in run.text
        await officer.press(ENTER)
        assert now(run.desk).applicant.name == "Nguyễn Đức Thịnh"
        assert "ĐÃ HOÀN TÁC · tên · gõ nhầm" in run.text


async def test_an_open_sheet_of_double_entry_follows_the_correction(folder: Path) -> None:
    async with running(folder) as run:
        code = run.desk.receive(BIRTH, "Nguyễn Đức Thịnh", **THINH).code
        run.app.retype(1)
        await run.settle()
        for _each in range(6):
            await run.keys(SPACE)
        assert "đã nhập 6/" in run.text
        run.app.open_dossier(code)
        await run.settle()
        run.desk.correct(code, name="Trần Thị Ỷ")
        await run.keys(ESCAPE)
        run.screen(RetypeScreen)
        assert "TRẦN THỊ Ỷ" in run.text
        assert "đã đổi" in run.text
        assert "đã nhập 5/" in run.text
        assert run.screen(RetypeScreen).query_one("#who", Line).text.startswith("Trần Thị Ỷ")


@pytest.mark.parametrize("text", ["[bold]x[/]", "\u202eabc", "x" * 300])
async def test_hostile_text_in_every_field_is_shown_as_text(folder: Path, text: str) -> None:
    async with correcting(folder, representative=PersonInput("Lê Ủy")) as officer:
        for id in ("name", "email", "address", "other_name", "other_address", "other_email", "note_text", "reason"):
            await to(officer, id)
            await officer.inject(f"\x1b[200~{text}\x1b[201~")
        await officer.press(F2)
        officer.run.screen(Sure)
        await officer.press(ESCAPE)
        assert officer.run.note.startswith("đã ghi: Sửa thông tin")
