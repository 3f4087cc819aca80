"""F3 on a real practice centre at 80x24: a scan, a few keys, done and counted; refused, the form stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from db import procedures
from db.errors import RecordError, RecordFault
from db.vocabulary import State
from desk.counter.lane import Visit
from desk.counter.model import Done, Refused
from desk.counter.service import Counter
from desk.tui.screens.certify_kinds import KindChoice
from desk.tui.widgets.lines import Line
from tests.counter.desk_fixture import BIRTH, COPIES, MARITAL, Desk
from tests.tui.screens.certify_app import CTRL_S, SIGNATURE, certifying, copy
from tests.tui.screens.desk_app import (
    ENTER,
    F2,
    INSERT,
    RIGHT,
    TAB,
    UP,
)
from tests.tui.screens.receive_app import THUY, Y, person


async def test_a_certified_copy_in_few_keys_after_the_scan(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with certifying(folder) as clerk:
        assert clerk.at == "name"
        await clerk.scan(Y)
        assert (clerk.value("name"), clerk.value("id_number")) == ("Trần Văn Ỷ", "001088608064")
        assert clerk.at == "kinds"
        await clerk.type("1", "bang", ENTER, "1", ENTER)
        assert (clerk.at, clerk.value("paper")) == ("copies", "Bằng tốt nghiệp THPT")
        await clerk.type("3")
        assert clerk.says("fee") == "6.000 đ    2.000 đ/trang đến trang 2, rồi 1.000, ≤ 200.000/bản"
        await clerk.press(ENTER)
        with capsys.disabled():
            print(f" certified copy after a scan: {clerk.pressed} keys", end="")
        assert clerk.pressed <= 12
        assert clerk.run.note == "đã lưu TN-0313-0001J · 6.000 đ · PgDn phiếu · PgUp lấy lại"
        assert (clerk.values, clerk.at) == ([""] * 5, "name")
        assert clerk.run.top.endswith("hôm nay 1 · 6.000 đ   T6 13/03 09:12")
        assert clerk.rows() == [(COPIES, State.RETURNED, 1, 3, 6_000)]
        assert person(clerk.run.desk, "001088608064").name == "Trần Văn Ỷ"
        # What is used most is offered first: nothing but Enter and the number of copies.
        clerk.pressed = 0
        await clerk.scan(Y)
        await clerk.type(ENTER, ENTER, ENTER, "2", ENTER)
        with capsys.disabled():
            print(f", of the paper used most: {clerk.pressed} keys", end="")
        assert clerk.rows()[1] == (COPIES, State.RETURNED, 1, 2, 4_000)


async def test_a_burst_takes_no_paper_of_older_text(folder: Path) -> None:
    async with certifying(folder) as clerk:
        await clerk.scan(Y)
        await clerk.type("1")
        # As an input method sends it: letters taken back and put again, then Enter, in one read.
        await clerk.inject("giay ph\x7f\x7f\x7f\x7f\x7f\x7fấy khai" + ENTER)
        assert (clerk.value("paper"), clerk.at) == ("gấy khai", "pages")
        await clerk.press(UP)
        await clerk.inject("\x15can cuoc" + ENTER)
        assert (clerk.value("paper"), clerk.at) == ("Căn cước", "pages")


async def test_it_is_counted_as_immediate(folder: Path) -> None:
    async with certifying(folder) as clerk:
        await clerk.scan(Y)
        await copy(clerk)
        preview = clerk.run.desk.preview()
        assert preview.balanced
        assert {name: n for name, n in preview.totals.items() if n} == {"direct": 1, "on_time": 1, "immediate": 1}


async def test_everything_is_typed_by_keys_alone(folder: Path) -> None:
    async with certifying(folder) as clerk:
        await clerk.type("Lê Thị Hạnh", ENTER, "042180000708", ENTER)
        assert clerk.at == "kinds"
        assert "‹ 1 Bản sao   2 Chữ ký   3 Trích lục   4 Giao dịch   → 1 ›" in clerk.run.text
        await clerk.type("2")
        assert clerk.at == "paper"
        assert clerk.says("kind_words").startswith("2.000884 Chứng thực chữ ký trong các giấy tờ")
        await clerk.type("Đơn xin học", TAB, "4", ENTER, "2")
        assert clerk.says("fee").startswith("10.000 đ")
        await clerk.press(F2)
        assert clerk.rows() == [(SIGNATURE, State.RETURNED, 4, 2, 10_000)]
        found = clerk.run.desk.counter.dossier(1)
        assert found is not None
        assert (found.applicant, found.components) == ("Lê Thị Hạnh", ("Đơn xin học",))


async def test_a_known_number_brings_its_name(folder: Path) -> None:
    async with certifying(
        folder, before=lambda desk: desk.receive(MARITAL, "Trần Ỷ", id_number="042200159367")
    ) as clerk:
        await clerk.press(ENTER)
        await clerk.type("042200159367")
        assert clerk.value("name") == "Trần Ỷ"
        await clerk.press(ENTER)
        await copy(clerk)
        assert len(clerk.rows()) == 2


async def test_other_immediate_results_are_reached_too(folder: Path) -> None:
    async with certifying(folder) as clerk:
        await clerk.type("Lê Thị Hạnh", ENTER, ENTER)
        kinds = clerk.lane.query_one(KindChoice)
        for _step in range(40):
            await clerk.press(RIGHT)
            if kinds.chosen is not None and kinds.chosen.code == BIRTH:
                break
        assert clerk.says("kind_words").startswith(f"{BIRTH} Thủ tục đăng ký khai sinh")
        await clerk.press(ENTER)
        assert "không ghi loại giấy tờ" in clerk.run.text
        await clerk.press(ENTER, ENTER, ENTER)
        assert clerk.rows() == [(BIRTH, State.RETURNED, 1, 1, None)]


async def test_a_kind_that_is_no_immediate_result_says_so(folder: Path) -> None:
    async with certifying(folder) as clerk:
        await clerk.type("Lê Thị Hạnh", ENTER, ENTER, "4")
        assert clerk.says("kind_words").endswith("không đếm là trả ngay")


async def test_a_kind_that_is_switched_off_keeps_its_digit(folder: Path) -> None:
    def off(desk: Desk) -> None:
        with desk.records.writing() as work:
            procedures.switch(work.connection, SIGNATURE, enabled=False)
            work.commit()

    async with certifying(folder, before=off) as clerk:
        await clerk.type("Lê Thị Hạnh", ENTER, ENTER, "2", "a", ENTER, ENTER, ENTER)
        assert "đang tắt" in clerk.run.note
        assert (clerk.at, clerk.rows()) == ("kinds", [])
        await clerk.type("3")
        assert clerk.says("kind_words").startswith("2.000635")


async def test_several_papers_of_one_visit_are_saved_together(folder: Path) -> None:
    async with certifying(folder) as clerk:
        await clerk.scan(THUY)
        await clerk.type("1", "hoc ba", ENTER, "2", ENTER, "2")
        await clerk.press(INSERT)
        assert (clerk.at, clerk.values[2:]) == ("paper", ["", "", ""])
        assert clerk.rows() == []
        assert " 1  Bản sao · hoc ba · 2 trang · 2 bản · 8.000 đ" in clerk.run.text
        await clerk.type("can cuoc", ENTER, "1", ENTER, "1")
        assert clerk.says("fee").startswith("2.000 đ + đã thêm 8.000 đ = 10.000 đ")
        await clerk.press(ENTER)
        assert clerk.rows() == [(COPIES, State.RETURNED, 2, 2, 8_000), (COPIES, State.RETURNED, 1, 1, 2_000)]
        assert clerk.run.note.startswith("đã lưu TN-0313-0001J, TN-0313-0002H · 10.000 đ")
        assert "hôm nay 2 · 10.000 đ" in clerk.run.top
        assert person(clerk.run.desk).open_dossiers == ()


async def test_an_empty_line_after_others_is_not_saved(folder: Path) -> None:
    async with certifying(folder) as clerk:
        await clerk.scan(THUY)
        await clerk.type("1", "hoc ba", ENTER, ENTER, ENTER)
        await clerk.scan(THUY)
        await clerk.type("1", "can cuoc", ENTER)
        await clerk.press(INSERT)
        assert "không thêm nữa: lưu 1 giấy tờ đã thêm" in clerk.run.text
        await clerk.press(ENTER, ENTER, ENTER)
        assert len(clerk.rows()) == 2
        await clerk.scan(THUY)
        await clerk.type("1")
        await clerk.press(INSERT)
        assert clerk.run.note == "Chưa ghi loại giấy tờ."
        await clerk.type("a", TAB, "0")
        await clerk.press(INSERT)
        assert (clerk.at, clerk.lane.draft.added) == ("pages", ())


async def test_enter_twice_saves_once(folder: Path) -> None:
    async with certifying(folder) as clerk:
        await clerk.scan(Y)
        await clerk.type("1", "hoc ba", ENTER, ENTER, "3")
        await clerk.run.burst(ENTER + ENTER + ENTER, start=50_000.0, gap=0.2)
        await clerk.run.settle()
        assert len(clerk.rows()) == 1
        await clerk.press(CTRL_S)
        assert len(clerk.rows()) == 1
        assert clerk.run.note == "Chưa ghi loại giấy tờ."


@pytest.mark.parametrize("failure", [Refused("x", "Thủ tục đang tắt.", "copies"), RecordError(RecordFault.DISK_FULL)])
async def test_a_refused_save_keeps_the_form_and_its_id(
    folder: Path, failure: Refused | RecordError, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, orders = Counter.give, []

    def give(self: Counter, visit: Visit) -> tuple[Done, ...] | Refused:
        orders.append(visit.client_id)
        if len(orders) > 1:
            return real(self, visit)
        if isinstance(failure, RecordError):
            raise failure
        return failure

    monkeypatch.setattr(Counter, "give", give)
    async with certifying(folder) as clerk:
        await clerk.scan(Y)
        await copy(clerk)
        assert "đã lưu" not in clerk.run.note
        assert clerk.values == ["Trần Văn Ỷ", "001088608064", "hoc ba", "", "3"]
        await clerk.press(F2)
        assert "đã lưu TN-" in clerk.run.note
        assert len(set(orders)) == 1


async def test_saved_is_said_only_once_it_is_durable(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    real = Counter.give

    async with certifying(folder) as clerk:
        screen = clerk.lane

        def give(self: Counter, visit: Visit) -> tuple[Done, ...] | Refused:
            seen.append(screen.query_one("#note", Line).text)
            answer = real(self, visit)
            seen.append(screen.query_one("#note", Line).text)
            return answer

        monkeypatch.setattr(Counter, "give", give)
        await clerk.scan(Y)
        await copy(clerk)
        assert seen == ["đang lưu…", "đang lưu…"]


async def test_without_a_name_it_says_so_there(folder: Path) -> None:
    async with certifying(folder) as clerk:
        await clerk.press(ENTER, ENTER)
        await copy(clerk)
        assert (clerk.run.note, clerk.at, clerk.rows()) == ("Chưa có họ tên.", "name", [])
