"""F2 on a real practice centre at 80x24: scanned, typed by keys alone, saved once, never lost."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from db.errors import RecordError, RecordFault
from db.vocabulary import Channel
from desk.counter.model import Done, DossierView, PersonView, Receive, Refused
from desk.counter.service import Counter
from desk.tui.screens.home import HomeScreen
from desk.tui.screens.receive import ReceiveScreen, ReplacePerson
from desk.tui.screens.saved import SavedScreen
from desk.tui.widgets.checklist import Checklist
from desk.tui.widgets.choice import Choice
from desk.tui.widgets.form_input import FormInput
from tests.counter.desk_fixture import BIRTH, COPIES, UNKNOWN_LIMIT, Desk
from tests.tui.screens.desk_app import BACK_TAB, DOWN, ENTER, ESCAPE, F2, F5, F12, RIGHT, SPACE, TAB, UP
from tests.tui.screens.receive_app import HEALTH, NO_MARKS, PIPELESS, THUY, Officer, Y, receiving

CTRL_P, CTRL_S = "\x10", "\x13"


def dossier(desk: Desk, number: int = 1) -> DossierView:
    found = desk.counter.dossier(number)
    assert found is not None
    return found


def person(desk: Desk, id_number: str = "033180930129") -> PersonView:
    found = desk.counter.person(id_number)
    assert found is not None
    return found


async def pick(officer: Officer, typed: str) -> None:
    """Go to the procedure and take the first find."""
    officer.form.set_focus(officer.form.form.procedure.picker.field)
    await officer.type(typed, ENTER)


async def test_a_birth_from_scan_to_receipt_in_few_keys(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with receiving(folder) as officer:
        await officer.scan(THUY)
        assert officer.value("name") == "Nguyễn Thị Thúy"
        assert officer.value("id_number") == "033180930129"
        assert officer.says("seen") == "Nữ · 02/02/1980  tên: kiểm bằng mắt"
        assert officer.says("commune_line") == "→ phường Mỹ Hào (mới)"
        await officer.type("0912345678", ENTER)
        assert officer.at == "procedure"
        await officer.type("khai sinh")
        await officer.press(DOWN, ENTER)
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
        assert officer.at == "by_other"
        await officer.press("c", ENTER)
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
        for _step in range(10):
            await officer.press(TAB)
            order.append(officer.at)
        assert order == [
            "name", "id_number", "phone", "address", "by_other", "procedure", "channel", "way", "copies", "note_text",
            "name",
        ]  # fmt: skip
        await officer.press(BACK_TAB)
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
        await officer.press("\t", "\t", "\t", "\t", "c", ENTER)
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


async def test_a_record_that_cannot_be_read_while_typing_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(*_arguments: Any, **_more: Any) -> Any:
        raise RecordError(RecordFault.DAMAGED)

    monkeypatch.setattr(Counter, "procedures", damaged)
    async with receiving(folder) as officer:
        officer.form.set_focus(officer.form.form.procedure.picker.field)
        await officer.type("kh")
        assert officer.run.note.startswith("Cơ sở dữ liệu hỏng")
        assert officer.form.form.procedure.picker.text == "kh"


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


async def test_late_entry_is_reached_through_the_list_of_commands(folder: Path) -> None:
    async with receiving(folder) as officer:
        await officer.press("\x1b[20~")
        await officer.type("nhap muon", ENTER)
        assert officer.at == "late_at"


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


async def test_hostile_text_in_every_field_stays_text(folder: Path, hostile: Sequence[str]) -> None:
    async with receiving(folder) as officer:
        for text in hostile:
            officer.form.query_one("#by_other", Choice).choose("other")
            officer.form.form.terms.show_late(True)
            for field in officer.form.query(FormInput):
                field.value = text
            await officer.run.settle()
            assert len(officer.run.lines) == 24
            assert not any(char in officer.run.text for char in "\x1b\u202e\u2066\x07")
            await officer.press(F2)
            assert isinstance(officer.run.app.screen, ReceiveScreen)
        officer.form.action_late_entry()
        await pick(officer, "\x15" + BIRTH)
        officer.form.query_one("#name", FormInput).value = "[red]Lê[/] [@click=app.quit]Ất"
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


async def test_done_is_a_value_the_saved_page_can_show_without_warnings(folder: Path) -> None:
    async with receiving(folder, open_form=False) as officer:
        done = officer.run.desk.receive(BIRTH, "Lê Ất")
        assert isinstance(done, Done)
        officer.run.app.push_screen(SavedScreen(done))
        await officer.run.settle()
        assert not officer.run.app.screen.query(".warning")
        await officer.press(F5)
        assert isinstance(officer.run.app.screen, HomeScreen)
