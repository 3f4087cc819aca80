"""Several dossiers chosen and forwarded or returned together: one question, one account, nothing lost."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from db.errors import RecordError, RecordFault
from db.vocabulary import Act, ReturnWay, State
from desk.counter.model import Action, Done, Refused
from desk.tui.screens.act_dialogs import Pick, Question
from desk.tui.screens.home import HomeScreen
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.modals import TextPage
from tests.counter.desk_fixture import HEAD, LAND, MARITAL, OFFICIAL, Desk
from tests.tui.conftest import HOSTILE
from tests.tui.screens.desk_app import ENTER, ESCAPE, F4, F6, SPACE, TAB, UP, Running, running
from tests.tui.screens.home_morning import a_morning, names, part, query, rows

PEOPLE = ("Một", "Hai", "Ba", "Bốn", "Năm")


def five(desk: Desk) -> None:
    for name in PEOPLE:
        desk.receive(LAND, name)


def five_finished(desk: Desk) -> None:
    for name in PEOPLE:
        desk.act(desk.receive(MARITAL, name).code, Act.FINISH)


def picked(run: Running) -> set[str]:
    return {row.applicant for row in run.screen(HomeScreen)._picked.values()}


def holders(run: Running) -> dict[str, str]:
    return {row.applicant: row.holder for row in run.desk.counter.worklist()}


async def test_space_chooses_with_a_sign_and_a_count_in_words(folder: Path) -> None:
    async with running(folder, before=five) as run:
        await run.keys(SPACE, SPACE)
        assert run.lines[1] == " Đã chọn 2 · 1 Chuyển · F6 Trả kết quả · Esc bỏ chọn"
        glyph = run.screen(HomeScreen).query_one("#rows", LineList).glyphs.chosen
        assert [line[0] == glyph for line in run.lines[4:9]] == [True, True, False, False, False]
        await run.keys(UP, SPACE)
        assert run.lines[1].startswith(" Đã chọn 1 ·")
        assert picked(run) == {"Một"}
        await run.keys(ESCAPE)
        assert run.lines[1].startswith(" Không có việc")
        assert picked(run) == set()
        assert not any(line.startswith(glyph) for line in run.lines)


async def test_escape_unchooses_before_it_goes_back(folder: Path) -> None:
    async with running(folder, before=five) as run:
        await run.keys("*", "3", "an", ESCAPE, SPACE, ESCAPE)
        assert (part(run, "chosen"), picked(run)) == ("Cần nhập lại 5", set())
        await run.keys(ESCAPE)
        assert part(run, "chosen") == ""


async def test_the_chosen_are_forwarded_with_one_question(folder: Path) -> None:
    async with running(folder, before=five) as run:
        before = len(run.desk.events())
        await run.keys(SPACE, SPACE, SPACE, "1")
        assert isinstance(run.app.screen, Question)
        assert "Chuyển 3 hồ sơ cho bộ phận, người nào?" in run.text
        await run.keys("Địa chính", ENTER)
        assert run.screen(HomeScreen)
        assert holders(run) == {"Một": "Địa chính", "Hai": "Địa chính", "Ba": "Địa chính", "Bốn": "", "Năm": ""}
        assert run.note == "đã chuyển 3"
        assert picked(run) == set()
        events = run.desk.events()[before:]
        assert [(event.kind, event.officer_id) for event in events] == [(Act.FORWARD, HEAD)] * 3
        assert len({event.client_id for event in events}) == 3
        # The next time the same place is one Enter away.
        await run.keys(SPACE, SPACE, "1", ENTER)
        assert set(holders(run).values()) == {"Địa chính"}


async def test_the_refused_stay_chosen_with_their_reason(folder: Path) -> None:
    async with running(folder, before=five) as run:
        await run.keys(SPACE, SPACE, SPACE)
        code = run.desk.counter.find("Hai")[0].code
        run.desk.act(code, Act.FORWARD, holder="Địa chính")
        await run.keys("1", "Địa chính", ENTER)
        if isinstance(run.app.screen, TextPage):
            assert f"{code}: Hồ sơ đang ở đó rồi." in run.text
            await run.keys(ESCAPE)
        assert run.note.startswith("đã chuyển 2 · không được 1: TN-0313-0002")
        assert "Hồ sơ đang ở đó rồi." in run.note
        assert picked(run) == {"Hai"}
        assert set(holders(run).values()) == {"Địa chính", ""}
        view = run.screen(HomeScreen).query_one("#rows", LineList)
        view.move_to(names(run).index("Hai"))
        await run.settle()
        assert part(run, "dates") == "không được: Hồ sơ đang ở đó rồi."
        await run.keys(ESCAPE)
        assert part(run, "dates").startswith("Luật")


async def test_finished_results_are_returned_together(folder: Path) -> None:
    async with running(folder, before=five_finished) as run:
        await run.keys(F6, SPACE, SPACE)
        assert run.lines[1] == " Đã chọn 2 · 1 Trả kết quả · Esc bỏ chọn"
        codes = [row.code for row in run.screen(HomeScreen)._picked.values()]
        await run.keys(F6)
        assert "Trả 2 kết quả cho ai?" in run.text
        await run.keys(ENTER)
        assert isinstance(run.app.screen, Pick)
        await run.keys("1")
        assert run.note == "đã trả 2"
        assert names(run) == ["Ba", "Bốn", "Năm"]
        returned = [run.desk.row(code) for code in codes]
        assert [(row.state, row.returned_way) for row in returned] == [(State.RETURNED, ReturnWay.COUNTER)] * 2
        assert len(run.desk.counter.drill().uncollected) == 3


async def test_results_sent_by_post_share_a_number(folder: Path) -> None:
    async with running(folder, before=five_finished) as run:
        await run.keys(F6, SPACE, SPACE)
        codes = [row.code for row in run.screen(HomeScreen)._picked.values()]
        await run.keys("1", "Con gái ông Một", ENTER, "2")
        assert "Số hiệu bưu gửi chung?" in run.text
        await run.keys("EB123456789VN", ENTER)
        found = [run.desk.row(code) for code in codes]
        assert [(row.state, row.returned_way, row.postal_number) for row in found] == [
            (State.RETURNED, "post", "EB123456789VN")
        ] * 2


@pytest.mark.parametrize("keys", [("1", ESCAPE), ("1", "Địa chính", ESCAPE), (F6, ESCAPE), (F6, ENTER, ESCAPE)])
async def test_escape_from_a_question_writes_nothing_and_keeps_the_choice(folder: Path, keys: tuple[str, ...]) -> None:
    async with running(folder, before=five) as run:
        await run.keys(SPACE, SPACE)
        with run.desk.nothing_written():
            await run.keys(*keys)
        assert run.screen(HomeScreen)
        assert picked(run) == {"Một", "Hai"}


async def test_a_busy_record_loses_nothing_and_nothing_is_done_twice(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(folder, before=five) as run:
        act, sent = run.desk.counter.act, list[Action]()

        def written_then_broken(action: Action) -> Done | Refused:
            sent.append(action)
            answer: Done | Refused = act(action)
            if len(sent) == 2:
                raise RecordError(RecordFault.BUSY)
            return answer

        monkeypatch.setattr(run.desk.counter, "act", written_then_broken)
        await run.keys(SPACE, SPACE, SPACE, "1", "Địa chính", ENTER)
        if isinstance(run.app.screen, TextPage):
            await run.keys(ESCAPE)
        assert run.note.startswith("đã chuyển 1 · không được 1: TN-0313-0002")
        assert run.note.endswith("chưa làm 1")
        assert picked(run) == {"Hai", "Ba"}
        assert len(sent) == 2
        before = len(run.desk.events())
        await run.keys("1", ENTER)
        assert [action.client_id for action in sent[1:3]] == [sent[1].client_id] * 2
        assert run.note == "đã chuyển 2"
        assert len(run.desk.events()) == before + 1
        assert picked(run) == set()


async def test_progress_is_said_keys_stay_free_and_escape_stops(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(folder, before=five) as run:
        act, go, begun = run.desk.counter.act, threading.Event(), threading.Event()

        def slow(action: Action) -> Done | Refused:
            assert threading.current_thread() is not threading.main_thread()
            begun.set()
            go.wait(10)
            answer: Done | Refused = act(action)
            return answer

        await run.keys(SPACE, SPACE, SPACE, "1", "Địa chính")
        monkeypatch.setattr(run.desk.counter, "act", slow)
        screen = run.app.screen
        assert isinstance(screen, Question)
        screen.action_done()
        while not begun.is_set():
            await run.pilot.pause()
        home = run.screen(HomeScreen)
        assert run.note == "đang ghi 1/3 · Esc dừng ở đây"
        home.query_one("#rows", LineList).action_move(1)
        # A second act does not start meanwhile, and the choice stands.
        home.action_together("forward")
        home.query_one("#rows", LineList).action_choose()
        await run.pilot.pause()
        assert picked(run) == {"Một", "Hai", "Ba"}
        home.action_back()
        go.set()
        await run.settle()
        assert run.note == "đã chuyển 1 · chưa làm 2"
        assert picked(run) == {"Hai", "Ba"}
        assert list(holders(run).values()).count("Địa chính") == 1


async def test_digits_and_filters_while_some_are_chosen(folder: Path) -> None:
    async with running(folder, before=five) as run:
        await run.keys(SPACE, "4")
        assert run.screen(HomeScreen).figure == ""
        assert run.note == "Đang chọn 1 hồ sơ: làm xong hoặc Esc bỏ chọn đã."
        await run.keys("0")
        assert picked(run) == {"Một"}
        await run.keys("/", "bon", TAB, SPACE)
        assert run.lines[1].startswith(" Đã chọn 2 · 1 không hiện ở đây · 1 Chuyển")
        assert query(run).value == "bon"
        await run.keys("1", "Địa chính", ENTER)
        assert {name for name, holder in holders(run).items() if holder} == {"Một", "Bốn"}


async def test_a_choice_reaches_over_lists_and_finds(folder: Path) -> None:
    async with running(folder, before=a_morning) as run:
        await run.keys("*", "3", SPACE, F4, "mai", TAB, SPACE)
        assert len(picked(run)) == 2
        assert "Vũ Thị Mai" in picked(run)
        assert "1 không hiện ở đây" in run.lines[1]


async def test_nothing_chosen_is_said(folder: Path) -> None:
    async with running(folder, before=five) as run:
        run.screen(HomeScreen).action_together("forward")
        await run.settle()
        assert run.note == "Chưa chọn hồ sơ nào: Space chọn từng hồ sơ trong danh sách."


async def test_a_mixed_choice_is_told_apart_by_the_rules(folder: Path) -> None:
    def before(desk: Desk) -> None:
        five(desk)
        desk.act(desk.receive(MARITAL, "Có Kết Quả", official_code=OFFICIAL).code, Act.FINISH)

    async with running(folder, before=before) as run:
        await run.keys(SPACE, "*", "9", SPACE)
        assert picked(run) == {"Một", "Có Kết Quả"}
        await run.keys(F6, ENTER, "1")
        if isinstance(run.app.screen, TextPage):
            await run.keys(ESCAPE)
        assert run.note.startswith("đã trả 1 · không được 1: TN-0313-0001")
        assert picked(run) == {"Một"}


@pytest.mark.parametrize("text", [text for text in HOSTILE if text.strip()])
async def test_hostile_holders_and_names_are_text(folder: Path, text: str) -> None:
    def before(desk: Desk) -> None:
        desk.receive(LAND, f"Ông {text}")
        desk.receive(LAND, f"Bà {text}")

    async with running(folder, before=before) as run:
        await run.keys(SPACE, SPACE, "1")
        question: Any = run.app.screen
        question._input.value = f"Phòng {text}"
        question.action_done()
        await run.settle()
        assert run.note.startswith("đã chuyển 2"), run.note
        assert len(set(holders(run).values())) == 1
        assert len(rows(run)) == 2
        assert "\x1b" not in run.text
