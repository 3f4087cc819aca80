"""The fee in the receipt form: one key takes it with the save, its receipt numbered in the same transaction."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from db.vocabulary import Act, OfficeEvent, PayMethod
from desk.counter.till_model import DossierFee
from desk.tui.screens.receive import ReceiveScreen
from desk.tui.screens.receive_commands import PAY
from desk.tui.screens.saved import SavedScreen
from desk.tui.widgets.lines import Rule
from tests.counter.desk_fixture import BIRTH, COPIES, Desk
from tests.tui.screens.desk_app import ENTER, ESCAPE, F2
from tests.tui.screens.receive_app import THUY, Officer, Y, dossier, pick, receiving

PAGE_DOWN = "\x1b[6~"


def fee(desk: Desk) -> DossierFee:
    found = desk.counter.till.fee(1)
    assert isinstance(found, DossierFee)
    return found


def rule(officer: Officer) -> str:
    return officer.form.query_one("#rule", Rule).text


def kinds(desk: Desk) -> list[str]:
    return [event.kind for event in desk.events() if event.dossier_id is not None]


async def test_one_key_takes_the_fee_with_the_save(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.scan(Y)
        await pick(officer, COPIES)
        assert rule(officer).startswith("PgDn thu 2.000 đ")
        before = officer.pressed
        await officer.press(PAGE_DOWN, F2)
        assert officer.pressed - before == 2
        assert officer.run.screen(SavedScreen)
        assert "đã thu 2.000 đ, biên lai BL26.1-000001: T in" in officer.run.text
        found = fee(officer.run.desk)
        assert (found.taken, found.due, [line.method for line in found.receipts]) == (2_000, 0, [PayMethod.CASH])
        assert kinds(officer.run.desk) == [Act.RECEIVE, OfficeEvent.FEE_TAKEN]


async def test_without_the_key_the_fee_stays_due(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.scan(Y)
        await pick(officer, COPIES)
        await officer.press(F2)
        assert (fee(officer.run.desk).taken, fee(officer.run.desk).due) == (0, 2_000)


async def test_the_key_goes_through_the_ways_to_pay(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.scan(Y)
        await pick(officer, COPIES)
        said = []
        for _turn in range(3):
            await officer.press(PAGE_DOWN)
            said.append(rule(officer).partition("  ")[0])
        assert said == ["khi lưu: thu 2.000 đ, tiền mặt", "khi lưu: thu 2.000 đ, chuyển khoản", "PgDn thu 2.000 đ"]
        await officer.press(PAGE_DOWN, PAGE_DOWN)
        # What is counted later is what is paid.
        officer.form.set_focus(officer.form.query_one("#copies"))
        await officer.type("3")
        assert rule(officer).startswith("khi lưu: thu 6.000 đ, chuyển khoản")
        await officer.press(F2)
        assert [(line.amount, line.method) for line in fee(officer.run.desk).receipts] == [(6_000, PayMethod.TRANSFER)]


async def test_a_birth_whose_fee_is_not_in_the_catalogue_has_it_typed(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.scan(THUY)
        await officer.press(ENTER)
        await officer.type("khai sinh", ENTER)
        await officer.press("*", PAGE_DOWN)
        assert "Thu bao nhiêu tiền mặt khi lưu?" in officer.run.text
        await officer.type("8k")
        assert "= 8.000 đ" in officer.run.text
        await officer.press(ENTER)
        assert officer.says("fee") == "= 8.000 đ"
        assert rule(officer).startswith("khi lưu: thu 8.000 đ, tiền mặt")
        await officer.press(F2)
        assert officer.pressed <= 25
        assert (fee(officer.run.desk).fee, fee(officer.run.desk).taken) == (8_000, 8_000)
        assert dossier(officer.run.desk).procedure_code == BIRTH


async def test_no_amount_and_no_procedure_take_nothing(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.scan(THUY)
        await officer.press(PAGE_DOWN)
        assert officer.run.note == "Chọn thủ tục đã, rồi mới thu lệ phí."
        await pick(officer, BIRTH)
        await officer.press(PAGE_DOWN)
        await officer.type("0", ENTER)
        assert "chưa hiểu" in officer.run.text
        await officer.press(ESCAPE, F2)
        assert fee(officer.run.desk).receipts == ()


async def test_another_procedure_is_not_paid_as_the_one_before(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.scan(Y)
        await pick(officer, COPIES)
        await officer.press(PAGE_DOWN)
        await pick(officer, "\x15" + BIRTH)
        assert "khi lưu" not in rule(officer)
        await officer.press(F2)
        assert fee(officer.run.desk).receipts == ()


async def test_a_draft_keeps_how_it_is_paid(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.scan(THUY)
        await pick(officer, BIRTH)
        await officer.press(PAGE_DOWN)
        await officer.type("8k", ENTER)
        await officer.press(PAGE_DOWN, ESCAPE, F2, ENTER)
        assert officer.run.screen(ReceiveScreen)
        assert rule(officer).startswith("khi lưu: thu 8.000 đ, chuyển khoản")
        await officer.press(F2)
        assert [(line.amount, line.method) for line in fee(officer.run.desk).receipts] == [(8_000, PayMethod.TRANSFER)]


async def test_a_receipt_that_cannot_be_written_leaves_no_dossier(folder: Path) -> None:
    def no_receipts(desk: Desk) -> Any:
        desk.sql("CREATE TRIGGER stop BEFORE INSERT ON fee_receipt BEGIN SELECT RAISE(ABORT, 'no'); END")

    async with receiving(folder, before=no_receipts) as officer:
        await officer.scan(Y)
        await pick(officer, COPIES)
        await officer.press(PAGE_DOWN, F2)
        assert officer.run.screen(ReceiveScreen)
        assert officer.names() == []
        assert officer.value("name") == "Trần Văn Ỷ"


async def test_the_hint_fades_once_the_key_is_known(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.scan(Y)
        await pick(officer, COPIES)
        await officer.press(*[PAGE_DOWN] * 9)
        assert PAY.id not in officer.run.app.known
        assert rule(officer).startswith("PgDn")
        await officer.press(*[PAGE_DOWN] * 3)
        assert PAY.id in officer.run.app.known
        assert "PgDn" not in rule(officer)
