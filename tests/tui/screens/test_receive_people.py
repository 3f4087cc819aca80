"""Cards good and spoilt, known people, representatives and communes on the receipt form."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.tui.screens.receive import ReplacePerson
from desk.tui.widgets.choice import Choice
from desk.tui.widgets.form_input import FormInput
from tests.counter.desk_fixture import BIRTH, Desk
from tests.tui.screens.desk_app import ENTER, ESCAPE, F2
from tests.tui.screens.receive_app import HEALTH, NO_MARKS, PIPELESS, THUY, Y, person, pick, receiving

CTRL_P, CTRL_S = "\x10", "\x13"


async def test_a_health_card_fills_nothing(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.scan(HEALTH)
        assert officer.run.note == "Đây là thẻ bảo hiểm y tế, không điền gì: quét thẻ căn cước, hoặc gõ."
        assert officer.form.draft.empty


async def test_of_a_spoilt_scan_the_number_is_saved(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.scan(PIPELESS)
        assert officer.value("id_number") == "033180930129"
        assert officer.run.note == "Máy quét làm mất dấu |: chỉ giữ được số định danh, gõ phần còn lại."
        assert officer.at == "name"


async def test_letters_a_scanner_lost_are_pointed_out(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.scan(NO_MARKS)
        assert officer.value("name") == "Nguy?n Th? Th?y"
        assert "tên mất chữ" in officer.run.note


async def test_another_card_asks_before_it_replaces_somebody(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.scan(THUY)
        await officer.type("0912345678")
        await officer.scan(Y)
        assert isinstance(officer.run.app.screen, ReplacePerson)
        await officer.scan(Y)
        await officer.press(ESCAPE)
        assert officer.value("name") == "Nguyễn Thị Thúy"
        await officer.scan(Y)
        await officer.press(ENTER)
        assert officer.value("name") == "Trần Văn Ỷ"
        assert officer.value("phone") == ""
        assert officer.says("seen") == "Nam · 09/09/1988  tên: kiểm bằng mắt"


async def test_a_card_at_the_representative_is_theirs(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.scan(THUY)
        officer.form.query_one("#by_other", Choice).choose("other")
        await officer.run.settle()
        officer.form.set_focus(officer.form.query_one("#other_name"))
        await officer.scan(Y)
        assert (officer.value("other_name"), officer.value("other_id_number")) == ("Trần Văn Ỷ", "001088608064")
        assert officer.value("name") == "Nguyễn Thị Thúy"
        await pick(officer, BIRTH)
        officer.form.query_one("#other_name", FormInput).value = ""
        await officer.press(F2)
        assert officer.at == "other_name"


async def test_a_split_commune_is_chosen_by_the_officer(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.scan(Y)
        assert "chọn trong 4 nơi (đã tách)" in officer.run.text
        officer.form.set_focus(officer.form.query_one("#commune"))
        await officer.press("3")
        assert "→ phường Hoàn Kiếm" in officer.run.text
        await pick(officer, BIRTH)
        await officer.press(F2)
        address = person(officer.run.desk, "001088608064").address
        assert address.endswith("(nay là phường Hoàn Kiếm, thành phố Hà Nội)")


async def test_a_split_commune_nobody_chose_is_not_guessed(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.scan(Y)
        await pick(officer, BIRTH)
        await officer.press(F2)
        assert person(officer.run.desk, "001088608064").address.endswith("Thành phố Hà Nội")


async def test_a_known_person_is_recognised_and_their_numbers_offered(folder: Path) -> None:
    def before(desk: Desk) -> None:
        desk.receive(name="Nguyễn Thị Thúy", id_number="033180930129", phone="0912345678", address="Xã Đức Thọ")

    async with receiving(folder, before=before) as officer:
        await officer.scan(THUY)
        assert officer.says("number_words") == "đang mở: 1 hồ sơ khác"
        assert officer.value("phone") == "0912345678"
        assert officer.run.note == "Theo lần trước: điện thoại. Hỏi lại người nộp."
        assert officer.at == "procedure"
        assert officer.value("address").startswith("Thôn Đặng Xá")


async def test_a_number_that_had_another_name_is_pointed_out(folder: Path) -> None:
    def before(desk: Desk) -> None:
        desk.receive(name="Phạm Ất", id_number="033180930129")

    async with receiving(folder, before=before) as officer:
        await officer.scan(THUY)
        assert officer.run.note == "Số này lần trước mang tên Phạm Ất: kiểm lại."


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("03318093012", "11 số, cần 12"),
        ("145678901", "CMND 9 số đã hết hạn"),
        ("999180930129", "không có mã nơi sinh 999"),
        ("033180930129", ""),
    ],
)
async def test_an_implausible_number_is_said_beside_it_never_refused(folder: Path, number: str, said: str) -> None:
    async with receiving(folder) as officer:
        await officer.type("Lê Ất", ENTER, number, ENTER)
        assert officer.says("number_words") == said
        await pick(officer, BIRTH)
        await officer.press(F2)
        assert officer.names() == ["Lê Ất"]
