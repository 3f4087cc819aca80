"""Every act from the dossier screen: what it asks, what it writes, what it says where it is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import Struct

from db.vocabulary import Act, Channel, State
from desk.counter import say
from desk.rules.moment import minute
from desk.tui.screens import dossier_lines
from desk.tui.screens.act_dialogs import Pick, Question, Sure
from desk.tui.screens.dossier import DossierScreen
from tests.counter.desk_fixture import (
    BIRTH,
    CLERK,
    LAND,
    MARITAL,
    OFFICIAL,
    OTHER_OFFICIAL,
    UNKNOWN_LIMIT,
    Desk,
    at,
)
from tests.tui.screens.desk_app import ENTER, ESCAPE, F2, Running, running

CARD = "042200159367||Trần Ỷ|01011980|Nam|Thôn Hải Thanh, xã Kỳ Lợi|02022022"


async def opened(run: Running, code: str) -> None:
    run.app.open_dossier(code)
    await run.settle()
    run.screen(DossierScreen)


def digits(run: Running, act: Act) -> list[str]:
    """Return the digits that lead to an act by the menu on the screen."""
    view = run.screen(DossierScreen).view
    assert view is not None
    for entry in dossier_lines.entries(view):
        if act in entry.acts:
            digit = str(entry.digit)
            assert f"{digit} {entry.label}" in run.text
            return [digit] if len(entry.acts) == 1 else [digit, str(entry.acts.index(act) + 1)]
    raise AssertionError(f"{act} is not on the menu")


async def do(run: Running, act: Act, *answers: str) -> None:
    await run.keys(*digits(run, act), *answers)


def remarks(run: Running, code: str) -> list[str]:
    view = run.desk.counter.dossier(code)
    assert view is not None
    return [event.note for event in view.events]


Prepare = Callable[[Desk], str]
Check = Callable[[Running, str], bool]


class Case(Struct, frozen=True):
    act: Act
    prepare: Prepare
    answers: tuple[str, ...]
    check: Check


def _received(procedure: str = LAND) -> Prepare:
    return lambda desk: desk.receive(procedure, "Nguyễn Đức Thịnh", id_number="042180000708").code


def _registered(desk: Desk) -> str:
    return desk.receive(MARITAL, act=Act.REGISTER, channel=Channel.ONLINE).code


def _then(act: Act, prepare: Prepare | None = None, **more: object) -> Prepare:
    def prepared(desk: Desk) -> str:
        code = (prepare or _received())(desk)
        desk.act(code, act, **more)
        return code

    return prepared


def _is(state: State) -> Check:
    return lambda run, code: run.desk.row(code).state == state


CASES = (
    Case(Act.RECEIVE, _registered, (ENTER,), lambda run, code: run.desk.row(code).promise is not None),
    Case(Act.DECLINE, _registered, ("thiếu giấy tờ", ENTER), _is(State.NOT_RECEIVED)),
    Case(Act.FORWARD, _received(), ("Địa chính", ENTER), lambda run, code: run.desk.row(code).holder == "Địa chính"),
    Case(
        Act.HANDED_BACK,
        _then(Act.FORWARD, holder="Địa chính"),
        (ENTER,),
        lambda run, code: not run.desk.row(code).with_department,
    ),
    Case(Act.SUPPLEMENT, _received(), ("thiếu bản đồ", ENTER), _is(State.SUPPLEMENT)),
    Case(Act.SUPPLEMENTED, _then(Act.SUPPLEMENT, reason="thiếu bản đồ"), (ENTER,), _is(State.PROCESSING)),
    Case(Act.OBLIGATION, _received(), ("thuế", ENTER), _is(State.OBLIGATION)),
    Case(Act.SETTLED, _then(Act.OBLIGATION, reason="thuế"), (ENTER,), _is(State.PROCESSING)),
    Case(
        Act.RESCHEDULE,
        _received(),
        ("20/4 10:00", ENTER, "chờ xác minh", ENTER),
        lambda run, code: run.desk.row(code).promise == at("2026-04-20T10:00") and run.desk.row(code).rescheduled,
    ),
    Case(Act.FINISH, _received(), (ENTER,), _is(State.FINISHED)),
    Case(Act.REFUSE, _received(), ("không đủ điều kiện", ENTER), _is(State.FINISHED)),
    Case(Act.STOP, _received(), ("dân đề nghị", ENTER), _is(State.STOPPED)),
    Case(Act.WITHDRAW, _received(), (ENTER,), _is(State.STOPPED)),
    Case(Act.RETURN, _then(Act.FINISH), (ENTER, ENTER), _is(State.RETURNED)),
    Case(
        Act.VARIANT,
        _received(MARITAL),
        ("1", "xác minh", ENTER),
        lambda run, code: run.desk.row(code).variant == "phải xác minh",
    ),
    Case(Act.SET_CODE, _received(), (OFFICIAL, ENTER), lambda run, code: run.desk.row(code).official_code == OFFICIAL),
    Case(Act.VOID, _received(), ("nhập nhầm", ENTER, F2), _is(State.VOIDED)),
    Case(Act.UNDO, _then(Act.FINISH), (ENTER,), _is(State.RECEIVED)),
)  # fmt: skip


def test_every_act_of_the_screen_has_a_case() -> None:
    # A correction has a form of its own: test_correct.py.
    assert {case.act for case in CASES} == set(Act) - {Act.REGISTER, Act.TAKE_OVER, Act.CORRECT}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.act.value)
async def test_an_act_is_asked_for_written_and_said(folder: Path, case: Case) -> None:
    async with running(folder) as run:
        code = case.prepare(run.desk)
        run.clock.set("2026-03-13T09:20")
        await opened(run, code)
        before = len(run.desk.events_of(code))
        await do(run, case.act, *case.answers)
        run.screen(DossierScreen)
        assert run.note.startswith(f"đã ghi: {say.act_name(case.act)} · 09:20")
        assert case.check(run, code)
        last = run.desk.events_of(code)[-1]
        assert (last.kind, last.officer_id, minute(last.at)) == (case.act, run.app.officer_id, at("2026-03-13T09:20"))
        assert len(run.desk.events_of(code)) == before + 1
        assert run.desk.disagreeing() == []
        assert f"13/03/26 09:20 {say.act_name(case.act)}" in run.text


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.act.value)
async def test_esc_at_the_last_question_does_nothing(folder: Path, case: Case) -> None:
    async with running(folder) as run:
        code = case.prepare(run.desk)
        await opened(run, code)
        with run.desk.nothing_written():
            await do(run, case.act, *case.answers[:-1], ESCAPE)
        run.screen(DossierScreen)
        assert run.note == ""


async def test_forward_remembers_whom_it_was_for(folder: Path) -> None:
    async with running(folder) as run:
        first, second = run.desk.receive(LAND).code, run.desk.receive(LAND).code
        await opened(run, first)
        await do(run, Act.FORWARD, ENTER)
        assert "Chưa gõ gì." in run.text
        await run.keys("Địa chính", ENTER)
        await opened(run, second)
        await do(run, Act.FORWARD)
        assert "(Enter: Địa chính)" in run.text
        await run.keys(ENTER)
        assert run.desk.row(second).holder == "Địa chính"


async def test_a_second_supplement_asks_for_the_ground_of_the_head(folder: Path) -> None:
    async with running(folder) as run:
        code = run.desk.receive(LAND).code
        run.desk.act(code, Act.SUPPLEMENT, reason="thiếu bản đồ")
        run.desk.act(code, Act.SUPPLEMENTED)
        await opened(run, code)
        await do(run, Act.SUPPLEMENT, "thiếu chữ ký", ENTER)
        assert "Căn cứ của lãnh đạo" in " ".join(run.text.split())
        await run.keys("Thông báo 12/TB", ENTER)
        assert run.desk.row(code).state == State.SUPPLEMENT
        assert "Yêu cầu bổ sung lần hai: được đếm riêng trong báo cáo." in run.note
        assert "Thông báo 12/TB" in remarks(run, code)[-1]
        assert "thiếu chữ ký" in remarks(run, code)[-1]


async def test_a_clerk_is_told_that_the_head_must_allow_it(folder: Path) -> None:
    async with running(folder) as run:
        code = run.desk.receive(LAND).code
        run.desk.act(code, Act.SUPPLEMENT, reason="thiếu bản đồ")
        run.desk.act(code, Act.SUPPLEMENTED)
        run.app.officer_id = CLERK
        await opened(run, code)
        with run.desk.nothing_written():
            await do(run, Act.SUPPLEMENT, "thiếu chữ ký", ENTER)
        assert run.note == "Đã yêu cầu bổ sung một lần; lần nữa phải do lãnh đạo cho phép, có căn cứ."
        run.screen(DossierScreen)


async def test_a_stop_within_the_term_asks_the_head(folder: Path) -> None:
    async with running(folder) as run:
        code = run.desk.receive(LAND).code
        run.desk.act(code, Act.SUPPLEMENT, reason="thiếu bản đồ")
        await opened(run, code)
        await do(run, Act.STOP, "dân không bổ sung", ENTER)
        assert "Thời hạn bổ sung còn đến" in run.text
        await run.keys("theo đơn", ENTER)
        assert run.desk.row(code).state == State.STOPPED


async def test_a_refused_promise_is_offered_again(folder: Path) -> None:
    async with running(folder) as run:
        code = run.desk.receive(LAND).code
        await opened(run, code)
        with run.desk.nothing_written():
            await do(run, Act.RESCHEDULE, "25/4 10:00")
            assert "→ T7 25/04/2026 10:00" in run.text
            await run.keys(ENTER, "chờ xác minh", ENTER)
        run.screen(DossierScreen)
        assert run.note == "T7 25/04/2026 10:00 không phải ngày làm việc."
        await do(run, Act.RESCHEDULE)
        assert "25/4 10:00" in run.text
        await run.keys("\x15", "nhầm", ENTER)
        assert "chưa hiểu; gõ như 25/3 10:00" in run.text
        await run.keys("\x15", "20042026 1000", ENTER, ENTER)
        assert run.desk.row(code).promise == at("2026-04-20T10:00")
        assert "chờ xác minh" in remarks(run, code)[-1]
        assert run.note.startswith("đã ghi: Xin lỗi, hẹn lại")


async def test_a_late_apology_is_warned_of(folder: Path) -> None:
    async with running(folder) as run:
        code = run.desk.receive(MARITAL).code
        run.clock.set("2026-03-18T08:00")
        await opened(run, code)
        assert "4 Xin lỗi, hẹn lại (đã quá T3 17/03)" in run.text
        await do(run, Act.RESCHEDULE)
        assert "xin lỗi chậm nhất T3 17/03 17:00 (ĐÃ QUÁ: xin lỗi muộn)" in " ".join(run.text.split())
        await run.keys(ESCAPE)
        await do(run, Act.RESCHEDULE, "25/3 10:00", ENTER, "chờ xác minh", ENTER)
        assert "Xin lỗi muộn" in run.note


async def test_a_promise_of_the_same_day_is_not_put_off(folder: Path) -> None:
    async with running(folder) as run:
        await opened(run, run.desk.receive(BIRTH).code)
        await do(run, Act.RESCHEDULE, "25/3 10:00", ENTER, "chờ", ENTER)
        assert run.note == "Thủ tục trả trong ngày hoặc tính giờ: không có hẹn lại."


async def test_void_is_grave(folder: Path) -> None:
    async with running(folder) as run:
        code = run.desk.receive(LAND).code
        await opened(run, code)
        await do(run, Act.VOID, "nhập nhầm", ENTER, ENTER)
        run.screen(Sure)
        assert run.desk.row(code).state == State.RECEIVED
        await run.keys(ESCAPE)
        assert run.desk.row(code).state == State.RECEIVED
        await do(run, Act.VOID, ENTER, F2)
        assert run.desk.row(code).state == State.VOIDED
        assert "nhập nhầm" in remarks(run, code)[-1]


async def test_undo_after_ten_minutes_is_the_heads_with_a_reason(folder: Path) -> None:
    async with running(folder) as run:
        code = run.desk.receive(LAND).code
        run.desk.act(code, Act.FINISH)
        run.clock.set("2026-03-13T09:30")
        run.app.officer_id = CLERK
        await opened(run, code)
        await do(run, Act.UNDO)
        assert "Hoàn tác việc gần nhất: Xong · 09:12 13/03?" in run.text
        await run.keys(ENTER)
        assert "Quá mười phút" in run.note
        assert run.desk.row(code).state == State.FINISHED
        run.app.officer_id = 1
        await do(run, Act.UNDO, ENTER, "bấm nhầm", ENTER)
        assert run.desk.row(code).state == State.RECEIVED
        assert "đính chính của lãnh đạo" in run.note
        view = run.screen(DossierScreen).view
        assert view is not None
        assert [event.undone for event in view.events] == [False, True, False]
        assert "ĐÃ HOÀN TÁC" in run.text


async def test_an_official_code_is_scanned_and_its_change_needs_a_reason(folder: Path) -> None:
    async with running(folder) as run:
        first, second = run.desk.receive(LAND).code, run.desk.receive(LAND).code
        await opened(run, first)
        await do(run, Act.SET_CODE)
        await run.keys("vớ vẩn", ENTER)
        assert "chưa phải mã hồ sơ chính thức" in run.text
        await run.scan(CARD)
        assert "Đang hỏi dở" in run.text
        await run.keys("\x15", "H31.65-260313-")
        await run.keys("0001")
        assert f"→ {OFFICIAL}" in run.text
        await run.keys("\x15")
        await run.scan(OFFICIAL, start=2000.0)
        assert run.desk.row(first).official_code == OFFICIAL
        await opened(run, second)
        await do(run, Act.SET_CODE, OFFICIAL, ENTER)
        run.screen(DossierScreen)
        assert run.note == f"Mã {OFFICIAL} đã gắn với hồ sơ {first}."
        await opened(run, first)
        await do(run, Act.SET_CODE, OTHER_OFFICIAL, ENTER, "gõ nhầm", ENTER)
        assert run.desk.row(first).official_code == OTHER_OFFICIAL


async def test_a_result_goes_to_the_holder_of_a_scanned_card(folder: Path) -> None:
    async with running(folder) as run:
        code = run.desk.receive(LAND).code
        run.desk.act(code, Act.FINISH)
        await opened(run, code)
        await do(run, Act.RETURN)
        await run.scan(CARD)
        run.screen(Pick)
        await run.keys("1")
        assert "Trần Ỷ" in remarks(run, code)[-1]


async def test_a_result_goes_by_post_under_a_number(folder: Path) -> None:
    async with running(folder) as run:
        code = run.desk.receive(LAND).code
        run.desk.act(code, Act.FINISH)
        await opened(run, code)
        await do(run, Act.RETURN, ENTER)
        run.screen(Pick)
        await run.keys("2")
        run.screen(Question)
        await run.scan(run.desk.receive(LAND).code)
        assert "Đang hỏi dở" in run.text
        await run.scan("EA123456789VN", start=2000.0)
        row = run.desk.row(code)
        assert (row.state, row.returned_way, row.postal_number) == (State.RETURNED, "post", "EA123456789VN")


async def test_what_has_no_sourced_limit_asks_for_the_promise(folder: Path) -> None:
    async with running(folder) as run:
        code = run.desk.receive(UNKNOWN_LIMIT, act=Act.REGISTER, channel=Channel.ONLINE).code
        await opened(run, code)
        await do(run, Act.RECEIVE, ENTER)
        assert "chưa rõ thời hạn" in run.text
        await run.keys("20/3 16:30", ENTER)
        assert run.desk.row(code).promise == at("2026-03-20T16:30")


async def test_a_procedure_without_cases_says_so(folder: Path) -> None:
    async with running(folder) as run:
        procedure = next(
            found.code
            for found in run.desk.counter.procedures("", 400)
            if not found.variants and not found.doubt and not found.immediate
        )
        await opened(run, run.desk.receive(procedure).code)
        await do(run, Act.VARIANT)
        assert run.note == "Thủ tục này không có trường hợp khác."


async def test_a_scan_at_a_yes_or_no_is_a_no_and_opens_the_dossier(folder: Path) -> None:
    async with running(folder) as run:
        first, second = run.desk.receive(LAND).code, run.desk.receive(LAND).code
        await opened(run, first)
        with run.desk.nothing_written():
            await do(run, Act.FINISH)
            run.screen(Sure)
            await run.scan(second)
        view = run.screen(DossierScreen).view
        assert view is not None
        assert view.code == second


@pytest.mark.parametrize("typed", ["[red]x[/]", "[@click=app.quit]x", "[bold", "a\u202eb", "x" * 300])
async def test_hostile_answers_are_kept_as_text(folder: Path, typed: str) -> None:
    async with running(folder) as run:
        code = run.desk.receive(LAND).code
        await opened(run, code)
        await do(run, Act.SUPPLEMENT, typed, ENTER)
        assert run.desk.row(code).state == State.SUPPLEMENT
        assert typed.replace("\u202e", "")[:200] in remarks(run, code)[-1]
        assert len(run.lines) == 24
