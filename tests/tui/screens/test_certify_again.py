"""F3 after a visit was saved, or left: repeated, its slip, taken back, offered again; any scan and any text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from db.errors import RecordError, RecordFault
from db.vocabulary import State
from desk.counter.lane import Given, TakeBack, Visit
from desk.counter.model import Done, Refused
from desk.counter.service import Counter
from desk.rules.text import clean
from desk.tui.screens.certify import CertifyScreen
from desk.tui.screens.certify_slip import SlipScreen
from desk.tui.screens.certify_words import OtherPerson
from desk.tui.screens.dossier import DossierScreen
from desk.tui.screens.home import HomeScreen
from desk.tui.widgets.form_input import FormInput
from desk.tui.widgets.modals import TextPage
from tests.counter.desk_fixture import MARITAL
from tests.tui.conftest import HOSTILE
from tests.tui.screens.certify_app import CTRL_P, CTRL_T, SIGNATURE, certifying, copy
from tests.tui.screens.desk_app import (
    BACK_TAB,
    DOWN,
    ENTER,
    ESCAPE,
    F1,
    F2,
    F3,
    F5,
    F9,
    INSERT,
    PAGE_DOWN,
    PAGE_UP,
    TAB,
    UP,
)
from tests.tui.screens.receive_app import PIPELESS, THUY, Y


async def test_the_last_visit_again_for_the_next_citizen(folder: Path) -> None:
    async with certifying(folder) as clerk:
        await clerk.press(CTRL_P)
        assert "Chưa có lần nào" in clerk.run.note
        await clerk.scan(Y)
        await clerk.type("1", "hoc ba", ENTER, "2", ENTER, "3", ENTER)
        await clerk.scan(THUY)
        await clerk.press(CTRL_P)
        assert clerk.values == ["Nguyễn Thị Thúy", "033180930129", "hoc ba", "2", "3"]
        await clerk.press(ENTER)
        await clerk.press(CTRL_P)
        assert clerk.value("name") == "Nguyễn Thị Thúy"
        await clerk.press(ENTER)
        assert len(clerk.rows()) == 3


async def test_the_slip_is_a_key_away_and_printed_when_asked(folder: Path) -> None:
    async with certifying(folder) as clerk:
        await clerk.press(PAGE_DOWN)
        assert "Chưa lưu lần nào" in clerk.run.note
        await clerk.scan(Y)
        await clerk.type("1", "hoc ba", ENTER)
        await clerk.press(INSERT)
        await clerk.type("can cuoc", ENTER, ENTER, ENTER)
        await clerk.press(PAGE_DOWN)
        clerk.run.screen(SlipScreen)
        assert "GIẤY TIẾP NHẬN HỒ SƠ" in clerk.run.text
        assert clerk.run.note.endswith("Enter in phiếu · quét người tiếp theo · Esc quay lại")
        assert not (folder / "phieu").exists()
        await clerk.press(ENTER)
        assert len(list((folder / "phieu").iterdir())) == 1
        await clerk.press(ESCAPE)
        assert clerk.at == "name"
        await clerk.press(PAGE_DOWN)
        assert "TN-0313-0002H" in clerk.run.top
        await clerk.scan(THUY)
        assert (clerk.value("name"), clerk.at) == ("Nguyễn Thị Thúy", "kinds")


async def test_the_last_visit_is_taken_back_by_one_key_and_typed_again(folder: Path) -> None:
    async with certifying(folder) as clerk:
        await clerk.press(PAGE_UP)
        assert "Không có lần nào" in clerk.run.note
        await clerk.scan(Y)
        await clerk.type("1", "hoc ba", ENTER)
        await clerk.press(INSERT)
        await clerk.type("can cuoc", ENTER, ENTER, "4", ENTER)
        await clerk.press(PAGE_UP)
        assert [row[1] for row in clerk.rows()] == [State.VOIDED, State.VOIDED]
        assert clerk.run.note.startswith("đã hủy TN-0313-0001J, TN-0313-0002H")
        assert "hôm nay 0 · 0 đ" in clerk.run.top
        assert clerk.values == ["Trần Văn Ỷ", "001088608064", "Căn cước", "", "4"]
        assert len(clerk.lane.draft.added) == 1
        await clerk.press(PAGE_UP)
        assert "Đang gõ dở" in clerk.run.note
        await clerk.press(F2)
        assert [row[1] for row in clerk.rows()] == [State.VOIDED] * 2 + [State.RETURNED] * 2
        assert clerk.run.desk.preview().totals["immediate"] == 2


async def test_a_line_that_was_added_comes_back(folder: Path) -> None:
    async with certifying(folder) as clerk:
        await clerk.scan(Y)
        await clerk.type("1", "hoc ba", ENTER, "2", ENTER, "3")
        await clerk.press(INSERT, PAGE_UP)
        assert clerk.values[2:] == ["hoc ba", "2", "3"]
        assert clerk.lane.draft.added == ()


async def test_too_late_it_stays(folder: Path) -> None:
    async with certifying(folder) as clerk:
        await clerk.scan(Y)
        await copy(clerk)
        clerk.run.clock.advance(minutes=11)
        await clerk.press(PAGE_UP)
        assert "Quá mười phút" in clerk.run.note
        assert [row[1] for row in clerk.rows()] == [State.RETURNED]


async def test_a_failed_taking_back_may_be_tried_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Counter.take_back

    def fail(_self: Counter, _order: TakeBack) -> Any:
        monkeypatch.setattr(Counter, "take_back", real)
        raise RecordError(RecordFault.BUSY)

    monkeypatch.setattr(Counter, "take_back", fail)
    async with certifying(folder) as clerk:
        await clerk.scan(Y)
        await copy(clerk)
        await clerk.press(PAGE_UP)
        assert "chưa lưu" in clerk.run.note
        await clerk.press(PAGE_UP)
        assert [row[1] for row in clerk.rows()] == [State.VOIDED]


@pytest.mark.parametrize("leave", [ESCAPE, F5])
async def test_a_form_that_was_left_is_there_again(folder: Path, leave: str) -> None:
    async with certifying(folder) as clerk:
        await clerk.scan(Y)
        await clerk.type("2", "don", TAB, "4")
        await clerk.press(INSERT)
        await clerk.type("giay", TAB)
        await clerk.press(leave)
        clerk.run.screen(HomeScreen)
        await clerk.press(CTRL_T)
        assert clerk.values == ["Trần Văn Ỷ", "001088608064", "giay", "", ""]
        assert clerk.says("kind_words").startswith(SIGNATURE)
        assert " 1  Chữ ký · don · 4 trang · 1 bản · 10.000 đ" in clerk.run.text
        assert "gõ dở" in clerk.run.note
        await clerk.press(F2)
        assert len(clerk.rows()) == 2
        await clerk.press(ESCAPE, F3)
        assert clerk.values == [""] * 5


async def test_left_while_it_is_saved_it_is_not_offered_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Counter.give

    async with certifying(folder) as clerk:

        def give(self: Counter, visit: Visit) -> tuple[Done, ...] | Refused:
            clerk.run.app.call_from_thread(clerk.run.app.home)
            return real(self, visit)

        monkeypatch.setattr(Counter, "give", give)
        await clerk.scan(Y)
        await copy(clerk)
        clerk.run.screen(HomeScreen)
        await clerk.press(F3)
        assert clerk.values == [""] * 5
        assert clerk.run.desk.counter.given_today() == Given(1, 6_000)


async def test_another_card_in_the_middle_is_asked_about(folder: Path) -> None:
    async with certifying(folder) as clerk:
        await clerk.scan(Y)
        await clerk.scan(THUY)
        assert clerk.value("name") == "Nguyễn Thị Thúy"
        await clerk.type("1", "hoc ba")
        await clerk.scan(Y)
        clerk.run.screen(OtherPerson)
        await clerk.scan(Y)
        clerk.run.screen(OtherPerson)
        await clerk.press(ESCAPE)
        assert clerk.value("name") == "Nguyễn Thị Thúy"
        await clerk.scan(Y)
        await clerk.press(ENTER)
        assert clerk.values == ["Trần Văn Ỷ", "001088608064", "", "", ""]


async def test_scans_go_where_they_belong(folder: Path) -> None:
    async with certifying(folder, before=lambda desk: desk.receive(MARITAL)) as clerk:
        await clerk.type("x")
        await clerk.scan("TN-18229-260313-10001J")
        clerk.run.screen(DossierScreen)
        await clerk.press(F3)
        assert clerk.value("name") == "x"
        await clerk.inject("\x15" + PIPELESS)
        await clerk.press(ENTER)
        assert clerk.value("id_number") == "033180930129"


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_text_is_only_text(folder: Path, text: str) -> None:
    async with certifying(folder) as clerk:
        for id in ("name", "paper"):
            clerk.lane.query_one(f"#{id}", FormInput).value = text
        clerk.lane.set_focus(clerk.lane.query_one("#paper"))
        await clerk.run.settle()
        await clerk.press(INSERT)
        clerk.lane.query_one("#paper", FormInput).value = text
        await clerk.press(TAB, TAB, ENTER)
        assert all(len(line) <= 80 for line in clerk.run.lines)
        if not clean(text):
            assert clerk.rows() == []
            return
        assert len(clerk.rows()) == 2, clerk.run.note
        found = clerk.run.desk.counter.dossier(2)
        assert found is not None
        assert found.components == (clean(text),)
        await clerk.press(CTRL_P, PAGE_DOWN, ESCAPE)
        clerk.run.screen(CertifyScreen)


async def test_help_names_every_key(folder: Path) -> None:
    async with certifying(folder) as clerk:
        await clerk.press(F1)
        clerk.run.screen(TextPage)
        for key in ("Ins", "PgUp", "PgDn", "Ctrl+P", "F2, Ctrl+N, Ctrl+S"):
            assert key in clerk.run.text


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (160, 50)])
async def test_every_word_has_its_room(folder: Path, size: tuple[int, int]) -> None:
    async with certifying(folder, size=size) as clerk:
        assert " F1 Giúp  Ins Thêm  Ctrl+P Lặp lại  PgDn Phiếu  PgUp Lấy lại" in clerk.run.text
        await clerk.scan(THUY)
        await clerk.type("1")
        assert "▸ Căn cước" in clerk.run.text
        await clerk.press(UP)
        assert (clerk.at, "▸" in clerk.run.text) == ("kinds", False)
        await clerk.press(DOWN, DOWN, BACK_TAB)
        await clerk.press(F9)
        await clerk.type("bo dang go")
        await clerk.press(ENTER)
        assert clerk.values == [""] * 5
