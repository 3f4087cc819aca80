"""F2 on a real practice centre at 80x24: scanned, typed by keys alone, saved once, never lost."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from db.errors import RecordError, RecordFault
from db.vocabulary import Channel
from desk.counter.model import Receive, Refused
from desk.counter.service import Counter
from desk.rules.moment import VN
from desk.tui.screens.receive import ReceiveScreen
from desk.tui.screens.saved import SavedScreen
from desk.tui.widgets.checklist import Checklist
from desk.tui.widgets.choice import Choice
from desk.tui.widgets.form_input import FormInput
from tests.counter.desk_fixture import BIRTH, COPIES, MARITAL, UNKNOWN_LIMIT
from tests.tui.screens.desk_app import BACK_TAB, DOWN, ENTER, F2, INSERT, RIGHT, SPACE, TAB, UP
from tests.tui.screens.receive_app import THUY, Y, dossier, person, pick, receiving

CTRL_P, CTRL_S = "\x10", "\x13"


async def test_a_birth_from_scan_to_receipt_in_few_keys(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with receiving(folder) as officer:
        await officer.scan(THUY)
        assert officer.value("name") == "Nguyễn Thị Thúy"
        assert officer.value("id_number") == "033180930129"
        assert officer.says("seen") == "Nữ · 02/02/1980  tên: kiểm bằng mắt"
        assert officer.says("commune_line") == "→ phường Mỹ Hào (mới)"
        await officer.type("0912345678", ENTER)
        assert officer.at == "procedure"
        await officer.type("khai sinh", ENTER)
        assert officer.promise.startswith("HẸN TRẢ     T6 13/03/2026 17:00")
        await officer.press("*", F2)
        with capsys.disabled():
            print(f" birth after a scan: {officer.pressed} keys", end="")
        assert officer.pressed <= 25
        assert isinstance(officer.run.app.screen, SavedScreen)
        assert officer.run.note == "đã lưu TN-0313-0001J · Enter in phiếu · F2 người tiếp theo · Esc về việc"
        assert "HẸN TRẢ   T6 13/03/2026 17:00" in officer.run.text
        assert "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ" in officer.run.text
        found = dossier(officer.run.desk)
        assert (found.applicant, found.procedure_code, len(found.components)) == ("Nguyễn Thị Thúy", BIRTH, 7)
        assert person(officer.run.desk).address == (
            "Thôn Đặng Xá, Xã Cẩm Xá, Thị xã Mỹ Hào, Tỉnh Hưng Yên (nay là phường Mỹ Hào, tỉnh Hưng Yên)"
        )


async def test_a_code_is_enough_for_a_procedure(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with receiving(folder) as officer:
        await officer.scan(THUY)
        await officer.press(ENTER)
        await officer.type("1193", ENTER)
        await officer.press("*", F2)
        with capsys.disabled():
            print(f" birth by code, no phone: {officer.pressed} keys", end="")
        assert officer.names() == ["Nguyễn Thị Thúy"]


async def test_everything_is_typed_by_keys_alone(folder: Path) -> None:
    async with receiving(folder) as officer:
        assert officer.at == "name"
        await officer.type("Lê Thị Hạnh", ENTER, "042180000708", ENTER, "0912 345 678", ENTER)
        await officer.type("Thôn 1, Xã Cẩm Xá, Thị xã Mỹ Hào, Hưng Yên", ENTER)
        assert officer.at == "procedure"
        await officer.press(INSERT)
        assert officer.at == "other_name"
        await officer.type("Đỗ Văn Ỷ", ENTER, "042170000709", ENTER, "0987654321", ENTER)
        await officer.type("chung thuc ban sao", ENTER)
        assert officer.at == "variant"
        await officer.press(RIGHT, ENTER, SPACE, DOWN, ENTER, RIGHT, ENTER, RIGHT, ENTER)
        await officer.type("3", ENTER, "4", ENTER, "giấy cũ, rách", ENTER)
        assert officer.run.note == "Hết các ô: F2 để lưu, ↑ để xem lại."
        assert officer.says("fee") == "= 18.000 đ"
        await officer.press(CTRL_S)
        found, who = dossier(officer.run.desk), person(officer.run.desk, "042180000708")
        assert (found.channel, found.procedure_code) == (Channel.ONLINE, COPIES)
        assert found.components == ("Bản chính giấy tờ, văn bản làm cơ sở chứng thực",)
        assert "nhiều loại/nhiều trang" in found.limit
        assert (who.name, who.phone) == ("Lê Thị Hạnh", "0912345678")
        receipt = officer.run.desk.counter.receipt(found.id)
        assert not isinstance(receipt, Refused)
        assert any("Đỗ Văn Ỷ" in line for line in receipt)
        assert any("bưu chính công ích" in line for line in receipt)


async def test_keys_walk_the_form_both_ways(folder: Path) -> None:
    async with receiving(folder) as officer:
        order = [officer.at]
        for _step in range(11):
            await officer.press(TAB)
            order.append(officer.at)
        assert order == [
            "name", "id_number", "phone", "address", "by_other", "procedure", "channel", "way", "copies", "note_text",
            "kind", "name",
        ]  # fmt: skip
        await officer.press(BACK_TAB, BACK_TAB)
        assert officer.at == "note_text"
        await officer.press(UP, UP)
        assert officer.at == "way"


BURSTS = [
    ("name", "Nguyen\x7f\x7f\x7fyễn", "Nguyễn"),
    ("address", "vie\x08ê\x08ệt", "việt"),
    ("note_text", "chinh\x7f\x7f\x7fính", "chính"),
    ("phone", "0911\x7f22", "09122"),
    ("id_number", "04\x7f42", "042"),
]


@pytest.mark.parametrize(("field", "data", "expected"), BURSTS)
async def test_an_input_method_types_into_each_field(folder: Path, field: str, data: str, expected: str) -> None:
    async with receiving(folder) as officer:
        officer.form.set_focus(officer.form.query_one(f"#{field}"))
        await officer.inject(data)
        assert officer.value(field) == expected


async def test_an_input_method_types_into_the_fields_that_come_later(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.press("\t", "\t", "\t", "\t", SPACE, ENTER)
        await officer.inject("Tran\x7f\x7fần Y\x7fỶ")
        assert officer.value("other_name") == "Trần Ỷ"
        officer.form.action_late_entry()
        officer.form.set_focus(officer.form.query_one("#late_reason"))
        await officer.inject("mat\x7f\x7fất ddie\x7f\x7f\x7f\x7fđiện")
        assert officer.value("late_reason") == "mất điện"
        officer.form.set_focus(officer.form.form.procedure.picker.field)
        await officer.inject("khai sinh")
        await officer.inject("\x7f" * 4 + "tu\x7f\x7ftử")
        assert officer.form.form.procedure.picker.text == "khai tử"


async def test_pressing_save_twice_makes_one_dossier(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.scan(THUY)
        await pick(officer, BIRTH)
        await officer.inject(F2 + F2)
        assert officer.names() == ["Nguyễn Thị Thúy"]


async def test_a_form_taken_up_again_after_it_was_saved_gives_the_same_dossier(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.scan(THUY)
        await pick(officer, BIRTH)
        draft = officer.form.draft
        await officer.press(F2, F2)
        officer.form.restore(dataclasses.replace(draft, saved_at="2026-03-13T09:12+07:00"))
        await officer.run.settle()
        await officer.press(F2)
        assert officer.run.note.startswith("đã lưu TN-0313-0001J")
        assert officer.names() == ["Nguyễn Thị Thúy"]


async def test_what_is_refused_is_said_and_nothing_is_lost(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.press(F2)
        assert officer.run.note == "Chưa chọn thủ tục: gõ tên, rồi Enter trên dòng đúng."
        assert officer.at == "procedure"
        await officer.type(BIRTH, ENTER)
        await officer.press("*", F2)
        assert officer.run.note == "Chưa có họ tên."
        assert officer.at == "name"
        assert len(officer.form.form.procedure.papers) == 7
        await officer.type("Lê Văn Ất")
        await officer.press(F2)
        assert officer.names() == ["Lê Văn Ất"]


class DiskFull:
    """A counter whose record has no room for one more dossier until the disk is tidied."""

    def __init__(self, counter: Counter, receive: Callable[[Receive], Any]) -> None:
        self._counter = counter
        self.receive = receive

    def __getattr__(self, name: str) -> Any:
        return getattr(self._counter, name)


async def test_a_full_disk_keeps_the_form(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with receiving(folder) as officer:
        await officer.scan(THUY)
        await pick(officer, BIRTH)

        def full(_order: Receive) -> Any:
            raise RecordError(RecordFault.DISK_FULL)

        counter = officer.run.desk.counter
        with monkeypatch.context() as patch:
            patch.setattr(type(officer.run.app), "counter", DiskFull(counter, full))
            await officer.press(F2)
        assert officer.run.note.startswith("Đĩa đầy hoặc hỏng: chưa lưu gì cả, biểu mẫu còn nguyên.")
        assert officer.value("name") == "Nguyễn Thị Thúy"
        assert officer.names() == []
        await officer.press(F2)
        assert officer.names() == ["Nguyễn Thị Thúy"]


async def test_a_record_that_cannot_be_read_while_typing_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(*_arguments: Any, **_more: Any) -> Any:
        raise RecordError(RecordFault.DAMAGED)

    monkeypatch.setattr(Counter, "procedures", damaged)
    async with receiving(folder) as officer:
        officer.form.set_focus(officer.form.form.procedure.picker.field)
        await officer.type("kh")
        assert officer.run.note.startswith("Cơ sở dữ liệu hỏng")
        assert officer.form.form.procedure.picker.text == "kh"


async def test_an_unknown_limit_asks_for_the_promise(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.scan(THUY)
        await pick(officer, UNKNOWN_LIMIT)
        assert officer.at == "promise"
        assert officer.promise == "HẸN TRẢ     chưa rõ thời hạn: gõ ngày hẹn ở trên"
        await officer.press(F2)
        assert officer.run.note == "Thủ tục này chưa rõ thời hạn: hãy gõ ngày, giờ hẹn trả."
        assert officer.at == "promise"
        await officer.type("16/3 25:00")
        await officer.press(F2)
        assert officer.run.note == "Không hiểu ngày hẹn: gõ như 16/3 9:30."
        await officer.type("\x15", "16032026 0930")
        assert officer.says("promise_words") == "T2 16/03/2026 09:30"
        assert "T2 16/03/2026 09:30" in officer.promise
        await officer.press(F2)
        found = dossier(officer.run.desk)
        assert found.promise is not None
        assert f"{found.promise:%d/%m/%Y %H:%M}" == "16/03/2026 09:30"


async def test_the_promise_follows_case_and_clock(folder: Path) -> None:
    async with receiving(folder) as officer:
        await pick(officer, COPIES)
        assert "T6 13/03/2026 17:00" in officer.promise
        assert "vì: " in officer.promise
        await officer.press(RIGHT)
        assert "T3 17/03/2026 09:12" in officer.promise
        officer.run.clock.advance(minutes=20)
        await officer.run.tick()
        assert "T3 17/03/2026 09:32" in officer.promise


async def test_another_procedure_takes_its_papers_and_promise_along(folder: Path) -> None:
    async with receiving(folder) as officer:
        await pick(officer, COPIES)
        assert officer.form.query_one("#pages_row").display
        officer.form.set_focus(officer.form.form.procedure.picker.field)
        await officer.type("\x15")
        assert officer.form.form.procedure.chosen is None
        assert officer.promise == "HẸN TRẢ     chưa chọn thủ tục"
        assert not officer.form.query_one("#pages_row").display
        await officer.type("giam ho", ENTER)
        assert officer.form.query_one("#papers", Checklist).items != ()


async def test_a_late_entry_needs_its_instant_and_reason(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.scan(THUY)
        await pick(officer, BIRTH)
        officer.form.action_late_entry()
        await officer.run.settle()
        assert officer.at == "late_at"
        await officer.type("hôm qua")
        await officer.press(F2)
        assert officer.run.note == "Không hiểu lúc nhận: gõ như 12/3 16:00."
        await officer.type("\x15", "12/3 16:00", ENTER, "mất điện")
        assert "T6 13/03/2026 17:00" in officer.promise
        await officer.press(F2)
        found = dossier(officer.run.desk)
        assert found.received_at is not None
        assert f"{found.received_at:%d/%m %H:%M}" == "12/03 16:00"


async def test_a_dossier_for_an_agency_elsewhere_runs_from_when_that_has_it(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.scan(THUY)
        await pick(officer, MARITAL)
        await officer.press("\x1b[20~")
        await officer.type("phi dia gioi", ENTER)
        assert officer.at == "competent"
        await officer.press(F2)
        assert officer.run.note == "Cần ghi tên cơ quan có thẩm quyền."
        await officer.type("UBND xã Cẩm Bình", ENTER, "hôm qua")
        await officer.press(F2)
        assert officer.run.note == "Không hiểu lúc nơi đó nhận: gõ như 12/3 16:00."
        await officer.type("\x15")
        assert "tạm tính" in officer.promise
        await officer.press(F2)
        assert "tạm tính" in officer.run.text
        found = dossier(officer.run.desk)
        assert (found.competent, found.competent_at, found.provisional) == ("UBND xã Cẩm Bình", None, True)


async def test_an_agency_elsewhere_may_have_the_dossier_already(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.scan(THUY)
        await pick(officer, MARITAL)
        officer.form.action_elsewhere()
        officer.form.action_late_entry()
        await officer.run.settle()
        for id, text in (("late_at", "12/3 8:00"), ("late_reason", "mất điện"), ("competent_at", "12/3 9:30")):
            officer.form.query_one(f"#{id}", FormInput).value = text
        officer.form.query_one("#competent", FormInput).value = "UBND xã Cẩm Bình"
        await officer.run.settle()
        assert "T3 17/03/2026 09:30" in officer.promise
        await officer.press(F2)
        found = dossier(officer.run.desk)
        assert found.promise is not None
        assert f"{found.promise.astimezone(VN):%d/%m %H:%M}" == "17/03 09:30"
        assert not found.provisional


async def test_late_entry_is_reached_through_the_list_of_commands(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.press("\x1b[20~")
        await officer.type("nhap muon", ENTER)
        assert officer.at == "late_at"


async def test_hostile_text_in_every_field_stays_text(folder: Path, hostile: Sequence[str]) -> None:
    async with receiving(folder) as officer:
        for text in hostile:
            officer.form.query_one("#by_other", Choice).choose("other")
            officer.form.form.terms.show_late(True)
            officer.form.form.terms.show_elsewhere(True)
            for field in officer.form.query(FormInput):
                field.value = text
            await officer.run.settle()
            assert len(officer.run.lines) == 24
            assert not any(char in officer.run.text for char in "\x1b\u202e\u2066\x07")
            await officer.press(F2)
            assert isinstance(officer.run.app.screen, ReceiveScreen)
        officer.form.action_late_entry()
        officer.form.action_elsewhere()
        await pick(officer, "\x15" + BIRTH)
        for id in ("name", "other_name"):
            officer.form.query_one(f"#{id}", FormInput).value = "[red]Lê[/] [@click=app.quit]Ất"
        await officer.press(F2)
        assert isinstance(officer.run.app.screen, SavedScreen)
        assert "[red]Lê[/] [@click=app.quit]Ất" in officer.run.text


async def test_a_wide_screen_shows_more_of_the_same(folder: Path) -> None:
    async with receiving(folder, size=(120, 40)) as officer:
        await officer.scan(THUY)
        await pick(officer, BIRTH)
        assert officer.form.query_one("#papers").size.height == 7
        assert officer.form.query_one("#papers").size.width > 100


async def test_all_rows_at_once_fit_the_small_screen(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.scan(Y)
        officer.form.query_one("#by_other", Choice).choose("other")
        officer.form.form.terms.show_late(True)
        await pick(officer, COPIES)
        for id in ("name", "other_phone", "variant", "papers", "pages", "note_text", "late_reason", "promised"):
            region = officer.form.query_one(f"#{id}").region
            assert region.height >= 1, id
            assert region.bottom <= 22, id
