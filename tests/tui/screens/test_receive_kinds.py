"""Organisations and household businesses on the receipt form, and the way of Enter past the switch."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from db.vocabulary import ApplicantKind
from desk.counter.model import Refused
from desk.tui.screens.saved import SavedScreen
from desk.tui.widgets.choice import Choice
from desk.tui.widgets.text import width_of
from tests.counter.desk_fixture import BIRTH, MARITAL, Desk
from tests.tui.screens.desk_app import BACK_TAB, DOWN, ENTER, F2, F9, INSERT, LEFT, RIGHT, UP
from tests.tui.screens.receive_app import THUY, Officer, Y, dossier, person, pick, receiving

CTRL_P = "\x10"
TAX_CODE = "0100233488"


def kind(officer: Officer) -> str:
    return officer.form.form.applicant.kind


async def test_enter_goes_from_the_address_to_the_procedure(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.type("Lê Thị Hạnh", ENTER, "042180000708", ENTER, "0912345678", ENTER, "Xóm 3", ENTER)
        assert officer.at == "procedure"
        await officer.type("co con cong chung")
        assert officer.form.form.procedure.picker.text == "co con cong chung"
        assert not officer.form.form.applicant.by_other


async def test_no_letter_or_digit_turns_the_switch_but_arrows_and_insert_do(folder: Path) -> None:
    async with receiving(folder) as officer:
        by_other = officer.form.query_one("#by_other", Choice)
        officer.form.set_focus(by_other)
        await officer.type("chung thuc 2.000815")
        assert by_other.value == ""
        await officer.press(RIGHT)
        assert by_other.value == "other"
        await officer.press(INSERT)
        assert (by_other.value, officer.at) == ("", "procedure")
        await officer.press(INSERT)
        assert (by_other.value, officer.at) == ("other", "other_name")
        await officer.press("\x1bOP")
        assert "Có người nộp thay, hoặc không còn nữa." in officer.run.text


async def test_enter_stops_where_the_old_commune_was_split(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.scan(Y)
        assert officer.at == "phone"
        await officer.press(ENTER)
        assert officer.at == "commune"
        await officer.press("3", ENTER)
        assert officer.at == "procedure"


async def test_a_typed_address_that_was_split_is_pointed_out_from_the_procedure(folder: Path) -> None:
    async with receiving(folder) as officer:
        officer.form.set_focus(officer.form.query_one("#address"))
        await officer.type("Phường Điện Biên, Quận Ba Đình, Thành phố Hà Nội", ENTER)
        assert officer.run.note == "Xã cũ đã tách: ↑ hai lần để chọn nơi ở hiện nay."
        assert officer.at == "procedure"
        await officer.press(UP, UP)
        assert officer.at == "commune"


async def test_an_organisation_is_received_with_its_tax_code(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.press(UP, RIGHT)
        assert officer.at == "kind"
        assert "‹Tổ chức›" in officer.run.lines[1]
        assert "MST / QĐ" in officer.run.lines[2]
        await officer.press(ENTER)
        await officer.type("Công ty TNHH Đức Phát", ENTER, "0100233488-001", ENTER, "0912345678", ENTER, "Xóm 3", ENTER)
        assert officer.run.lines[1].startswith(" Tổ chức     Công ty TNHH Đức Phát")
        assert officer.says("number_words") == ""
        assert all(width_of(line) <= 80 for line in officer.run.lines)
        await officer.type(MARITAL, ENTER)
        await officer.press(F2)
        officer.run.screen(SavedScreen)
        who = person(officer.run.desk, "0100233488-001")
        assert (who.name, who.kind) == ("Công ty TNHH Đức Phát", ApplicantKind.ORGANISATION)
        # Another dossier of the same organisation, one key away.
        await officer.press(CTRL_P)
        assert (kind(officer), officer.value("id_number")) == ("ORGANISATION", "0100233488-001")
        assert officer.at == "procedure"
        assert officer.form.form.procedure.chosen is None


async def test_a_household_business_is_received_with_the_number_of_a_decision(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.press(UP, LEFT)
        assert "‹Hộ KD›" in officer.run.lines[1]
        await officer.press(ENTER)
        await officer.type("Hộ kinh doanh Lê Ất", ENTER, "12/QĐ-UBND", ENTER)
        await pick(officer, MARITAL)
        await officer.press(F2)
        assert person(officer.run.desk, "12/QĐ-UBND").kind is ApplicantKind.HOUSEHOLD


async def test_the_card_of_who_comes_for_an_organisation_is_the_representatives(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.press(UP, RIGHT, ENTER)
        await officer.type("Công ty Đức Phát", ENTER, TAX_CODE, ENTER)
        await officer.scan(THUY)
        assert (officer.value("name"), officer.value("id_number")) == ("Công ty Đức Phát", TAX_CODE)
        assert (officer.value("other_name"), officer.value("other_id_number")) == ("Nguyễn Thị Thúy", "033180930129")
        await pick(officer, MARITAL)
        await officer.press(F2)
        lines = officer.run.desk.counter.receipt(dossier(officer.run.desk).id)
        assert not isinstance(lines, Refused)
        assert any("Nguyễn Thị Thúy" in line for line in lines)


@pytest.mark.parametrize(("number", "said"), [("0100233489", "MST sai số kiểm tra"), (TAX_CODE, ""), ("7/QĐ", "")])
async def test_a_tax_code_with_a_wrong_check_digit_is_said_never_refused(folder: Path, number: str, said: str) -> None:
    async with receiving(folder) as officer:
        await officer.press(UP, RIGHT, ENTER)
        await officer.type("Công ty Đức Phát", ENTER, number, ENTER)
        assert officer.says("number_words") == said
        await pick(officer, MARITAL)
        await officer.press(F2)
        assert officer.names() == ["Công ty Đức Phát"]


async def test_a_known_organisation_is_recognised_by_its_number(folder: Path) -> None:
    def before(desk: Desk) -> None:
        desk.receive(name="Công ty Đức Phát", id_number=TAX_CODE, kind=ApplicantKind.ORGANISATION, phone="0912345678")

    async with receiving(folder, before=before) as officer:
        await officer.press(UP, RIGHT, ENTER, ENTER)
        await officer.type(TAX_CODE, ENTER)
        assert (officer.value("name"), officer.value("phone")) == ("Công ty Đức Phát", "0912345678")
        assert officer.says("number_words") == "đang mở: 1 hồ sơ khác"


async def test_a_draft_keeps_what_the_applicant_is(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.press(UP, RIGHT, ENTER)
        await officer.type("Công ty Đức Phát", ENTER, "12/QĐ-UBND", ENTER)
        draft = dataclasses.replace(officer.form.draft, saved_at="2026-03-13T09:12+07:00")
        officer.form.form.applicant.show_kind("CITIZEN")
        assert officer.value("id_number") == "12"
        officer.form.restore(draft)
        await officer.run.settle()
        assert (kind(officer), officer.value("id_number")) == ("ORGANISATION", "12/QĐ-UBND")
        officer.form.form.applicant.show_kind("of another version")
        assert kind(officer) == "CITIZEN"


async def test_the_kind_is_found_by_its_name_among_the_commands(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.press(F9)
        await officer.type("to chuc", ENTER)
        assert officer.at == "kind"
        await officer.press(DOWN, BACK_TAB)
        assert officer.at == "kind"


@pytest.mark.parametrize(
    ("typed", "code"), [("ksinh", BIRTH), ("ctbs", "2.000815"), ("dkks", BIRTH), ("xntthn", MARITAL), ("k sinh", BIRTH)]
)
async def test_procedures_are_found_by_what_officers_call_them(folder: Path, typed: str, code: str) -> None:
    async with receiving(folder) as officer:
        await pick(officer, typed)
        chosen = officer.form.form.procedure.chosen
        assert chosen is not None
        assert chosen.code == code
