"""The till at 80x24 by keys alone: taken, printed, voided, counted and closed."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.vocabulary import Act, OfficeEvent, PayMethod
from desk.counter.till_model import CashShift, CloseCash, DossierFee
from desk.tui.draft import session_of
from desk.tui.screens.cash import CashScreen
from desk.tui.screens.dossier import DossierScreen
from desk.tui.screens.shift import ShiftScreen
from desk.tui.widgets.text import width_of
from tests.counter.desk_fixture import CLERK, COPIES, HEAD, MARITAL, Desk
from tests.tui.screens.desk_app import ENTER, ESCAPE, F2, F9, INSERT, Running, running
from tests.tui.screens.home_morning import part, rows

TILL = (F9, "thu", " tien", ENTER)


def copies(desk: Desk, n: int, name: str = "Trần Ỷ", *, pay: PayMethod | None = None) -> str:
    return desk.receive(COPIES, name, copies=n, pages=1, pay=pay, officer_id=CLERK).code


def fee(desk: Desk, code: str) -> DossierFee:
    found = desk.counter.till.fee(code)
    assert isinstance(found, DossierFee)
    return found


def fits(run: Running) -> bool:
    return all(width_of(line) <= 80 for line in run.lines) and len(run.lines) <= 24


def cells(run: Running) -> list[tuple[str, ...]]:
    return [row.cells for row in rows(run)]


async def test_a_fee_is_taken_from_the_dossier(folder: Path) -> None:
    async with running(folder) as run:
        code = copies(run.desk, 3)
        session_of(run.app).slips = folder / "phieu"
        session_of(run.app).find_spooler = lambda: None
        run.app.open_dossier(code)
        await run.settle()
        assert "T thu tiền: còn 6.000 đ" in run.text
        await run.keys("t")
        assert "Thu bao nhiêu?" in run.text
        assert "6.000 đ" in run.text
        await run.keys(ENTER, "1")
        assert "biên lai BL26.1-000001" in run.text
        assert fee(run.desk, code).taken == 6_000
        await run.keys(ENTER)
        run.screen(DossierScreen)
        assert "phieu/BL26-1-000001.txt" in run.note
        slip = (folder / "phieu" / "BL26-1-000001.txt").read_text()
        for said in ("BIÊN LAI THU PHÍ, LỆ PHÍ", "Người nộp: Trần Ỷ", "6.000 đ (tiền mặt)", "sáu nghìn đồng"):
            assert said in slip
        assert all(width_of(line) <= 80 for line in slip.splitlines())
        assert "đã thu 6.000 đ" in run.text
        assert "Thu lệ phí" in run.text
        assert fits(run)
        # All is paid: the key prints again and takes nothing.
        await run.keys("t")
        assert "Đã thu đủ 6.000 đ" in run.text
        await run.keys(ESCAPE)
        assert fee(run.desk, code).taken == 6_000


async def test_more_than_is_due_asks_for_its_grounds(folder: Path) -> None:
    async with running(folder) as run:
        code = copies(run.desk, 1)
        run.app.open_dossier(code)
        await run.settle()
        await run.keys("t", "9k", ENTER, "2")
        assert "Chỉ còn phải thu 2.000 đ" in run.text
        await run.keys("nghị quyết", ENTER, ESCAPE)
        assert fee(run.desk, code).taken == 9_000
        assert [line.method for line in fee(run.desk, code).receipts] == [PayMethod.TRANSFER]
        assert run.note == "đã thu 9.000 đ · biên lai BL26.1-000001"


async def test_the_till_shows_the_shift_and_takes_by_scan(folder: Path) -> None:
    async with running(folder) as run:
        first, second = copies(run.desk, 1, pay=PayMethod.CASH), copies(run.desk, 2)
        await run.keys(*TILL)
        run.screen(CashScreen)
        assert part(run, "sums") == "tiền mặt phải có 2.000 đ · chuyển khoản 0 đ · 1 biên lai"
        assert part(run, "since") == "chưa chốt lần nào · BL26.1-000001"
        await run.keys(INSERT)
        await run.scan(second)
        await run.keys(ENTER, "1", ESCAPE)
        assert [cell[0] for cell in cells(run)] == ["BL26.1-000002", "BL26.1-000001"]
        assert cells(run)[0][2:] == ("TN-0313-0002H", "4.000 đ", "tiền mặt", "Lê Thị Hoa")
        assert part(run, "sums").startswith("tiền mặt phải có 6.000 đ")
        assert fits(run)
        assert "…" not in run.text.replace("BL26.1-000001 … BL26.1-000002", "")
        await run.keys(ENTER)
        assert run.screen(DossierScreen).view is not None
        assert first != second


async def test_a_receipt_is_voided_with_a_reason_and_f2(folder: Path) -> None:
    async with running(folder) as run:
        copies(run.desk, 1, pay=PayMethod.CASH)
        await run.keys(*TILL, "2", "thu nhầm", ENTER)
        # Enter is no yes to what cannot be undone.
        await run.keys(ENTER)
        assert "biên lai vẫn còn trong sổ" in run.text
        await run.keys(F2)
        assert run.note == "đã hủy BL26.1-000001: trả lại 2.000 đ"
        assert cells(run)[0][-1] == "ĐÃ HỦY"
        assert part(run, "sums") == "tiền mặt phải có 0 đ · chuyển khoản 0 đ · 0 biên lai · hủy 1"


async def test_the_shift_is_counted_by_notes_and_closed(folder: Path) -> None:
    async with running(folder) as run:
        copies(run.desk, 5, pay=PayMethod.CASH)
        copies(run.desk, 1, pay=PayMethod.CASH)
        session_of(run.app).slips = folder / "phieu"
        session_of(run.app).find_spooler = lambda: None
        await run.keys(F9, "chot quy", ENTER)
        assert "Phải có 12.000 đ" in run.text
        await run.keys("1x10k + 1x1k")
        assert "= 11.000 đ, lệch -1.000 đ, cần lý do" in run.text
        await run.keys(ENTER)
        assert "Lệch -1.000 đ: vì sao?" in run.text
        await run.keys("thối nhầm", ENTER)
        assert run.note == "đã chốt quỹ CQ26.1-0001 · 11.000 đ · lệch -1.000 đ · 4 in bảng"
        assert cells(run) == []
        assert run.desk.events()[-1].kind == OfficeEvent.CASH_CLOSED
        await run.keys("4", ESCAPE)
        page = (folder / "phieu" / "CQ26-1-0001.txt").read_text()
        for said in ("BẢNG CHỐT QUỸ CQ26.1-0001", "BL26.1-000001", "11.000 đ", "-1.000 đ", "thối nhầm", "Lê Thị Hoa"):
            assert said in page
        assert all(width_of(line) <= 80 for line in page.splitlines())


async def test_what_agrees_is_closed_by_one_more_enter(folder: Path) -> None:
    async with running(folder) as run:
        copies(run.desk, 5, pay=PayMethod.CASH)
        await run.keys(*TILL, "3", "10000")
        assert "= 10.000 đ, khớp" in run.text
        await run.keys(ENTER)
        assert run.desk.counter.till.shift().totals.expected == 10_000
        await run.keys(ENTER)
        assert run.note == "đã chốt quỹ CQ26.1-0001 · 10.000 đ · khớp · 4 in bảng"


async def test_money_taken_meanwhile_stops_the_closing(folder: Path) -> None:
    async with running(folder) as run:
        copies(run.desk, 5, pay=PayMethod.CASH)
        await run.keys(*TILL, "3", "10000", ENTER)
        copies(run.desk, 1, pay=PayMethod.CASH)
        await run.keys(ENTER)
        assert "Vừa có biên lai mới" in run.note
        assert run.desk.events()[-1].kind == OfficeEvent.FEE_TAKEN


async def test_a_closed_receipt_is_for_the_head(folder: Path) -> None:
    async with running(folder) as run:
        code = copies(run.desk, 5, pay=PayMethod.CASH)
        done = run.desk.counter.till.close(CloseCash("close", 10_000, 10_000, officer_id=CLERK))
        assert isinstance(done, CashShift)
        run.app.open_dossier(code)
        await run.settle()
        run.app.officer_id = CLERK
        run.app.go("cash")
        await run.settle()
        assert cells(run) == []
        assert part(run, "since").startswith("từ T6 13/03/2026 09:12")
        run.desk.act(code, Act.VOID, reason="nhầm", officer_id=HEAD)
        run.screen(CashScreen).refresh_work()
        await run.settle()
        assert cells(run)[0][-1] == "CA TRƯỚC, TRẢ LẠI"
        assert cells(run)[0][3] == "-10.000 đ"
        assert part(run, "sums").startswith("tiền mặt phải có -10.000 đ")


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (160, 50)])
async def test_the_hand_over_is_read_and_printed(folder: Path, size: tuple[int, int]) -> None:
    def before(desk: Desk) -> None:
        desk.receive(MARITAL, "Lê Đức Thọ")
        done = copies(desk, 3, pay=PayMethod.CASH)
        desk.act(done, Act.FINISH)
        desk.act(done, Act.RETURN)

    async with running(folder, before=before, size=size) as run:
        session_of(run.app).slips = folder / "phieu"
        session_of(run.app).find_spooler = lambda: None
        await run.keys(F9, "ban giao ca", ENTER)
        run.screen(ShiftScreen)
        told = "nhận 2 · trả 1 · tiền mặt 6.000 đ · phiếu chưa đưa 1 · chờ gọi 0 · gõ dở 0"
        assert part(run, "figures") == told
        assert "PHIẾU BÀN GIAO CA" in run.text
        assert "Lê Đức Thọ" in run.text
        await run.keys(ENTER)
        (file,) = (folder / "phieu").iterdir()
        page = file.read_text()
        for said in ("Đã tiếp nhận: 2", "Đã trả kết quả: 1", "Phiếu hẹn chưa in, chưa đưa: 1", "Biểu mẫu gõ dở: 0"):
            assert said in page
        assert all(width_of(line) <= 80 for line in page.splitlines())
        await run.keys("1", ESCAPE, ESCAPE)
        run.screen(ShiftScreen)


async def test_a_printed_slip_is_given(folder: Path) -> None:
    async with running(folder, before=lambda desk: desk.receive(MARITAL, "Lê Đức Thọ")) as run:
        session_of(run.app).slips = folder / "phieu"
        session_of(run.app).find_spooler = lambda: lambda _title, _text: None
        assert len(run.desk.counter.shifts.handover().ungiven) == 1
        run.app.open_dossier(run.desk.counter.worklist()[0].code)
        await run.settle()
        await run.keys("7", ENTER)
        assert run.desk.counter.shifts.handover().ungiven == ()


async def test_the_shift_begins_with_what_is_counted_in_the_drawer(folder: Path) -> None:
    async with running(folder) as run:
        await run.keys(*TILL)
        assert part(run, "since") == "chưa chốt lần nào · 5 đếm tiền đầu ca · không có biên lai"
        await run.keys("5", "2x200k + 100k")
        assert "= 500.000 đ" in run.text
        await run.keys(ENTER)
        assert run.note == "đã ghi tiền đầu ca 500.000 đ"
        assert part(run, "since") == "chưa chốt lần nào · đầu ca 500.000 đ · không có biên lai"
        assert part(run, "sums").startswith("tiền mặt phải có 500.000 đ")
        copies(run.desk, 1, pay=PayMethod.CASH)
        await run.keys("3")
        assert "Phải có 502.000 đ" in run.text
        await run.keys("502000", ENTER, ENTER)
        assert run.note == "đã chốt quỹ CQ26.1-0001 · 502.000 đ · khớp · 4 in bảng"
        # The next shift is offered what the last one began with.
        await run.keys("5")
        assert "500.000 đ" in run.text
        await run.keys(ENTER)
        assert run.desk.counter.till.shift().opening == 500_000
        assert fits(run)


async def test_a_float_counted_again_is_asked_why(folder: Path) -> None:
    async with running(folder) as run:
        await run.keys(F9, "dau ca", ENTER)
        assert "bắt đầu ca?" in run.text
        await run.keys("50k", ENTER, "5", "500k", ENTER)
        assert "Tiền đầu ca đã ghi 50.000 đ, nay 500.000 đ: vì sao?" in run.text
        await run.keys(ESCAPE)
        assert run.desk.counter.till.shift().opening == 50_000
        await run.keys("5", "500k", ENTER, "thiếu số 0", ENTER)
        assert run.desk.counter.till.shift().opening == 500_000
        await run.keys("5", ENTER)
        assert run.note == "Tiền đầu ca đã ghi đúng số này."
