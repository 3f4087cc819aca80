"""A request repeated under its client id gets the first answer; another one under it is refused."""

from __future__ import annotations

from msgspec.structs import replace

from db.vocabulary import Act
from desk.counter.model import Done
from tests.counter.desk_fixture import LAND, MARITAL, OFFICIAL, OTHER_OFFICIAL, Desk, at, refused


def test_a_repeated_receipt_gets_the_first_answer(desk: Desk) -> None:
    desk.receive(id_number="042180000708")
    order = desk.order(id_number="042180000708")
    first = desk.counter.receive(order)
    assert isinstance(first, Done)
    assert len(first.warnings) == 1
    desk.clock.set("2026-03-16T09:00")
    desk.act(first.code, Act.SET_CODE, official_code=OFFICIAL)
    desk.act(first.code, Act.SUPPLEMENT, reason="thiếu")
    desk.close()
    with desk.nothing_written():
        assert desk.counter.receive(order) == first
        assert desk.counter.receive(replace(order, note="đã sửa")) == first


def test_a_repeated_act_gets_the_first_answer_under_any_code(desk: Desk) -> None:
    code = desk.receive(official_code=OFFICIAL).code
    desk.clock.set("2026-03-18T09:00")
    late = desk.action(code, Act.RESCHEDULE, to=at("2026-03-20T15:00"), reason="x")
    first = desk.counter.act(late)
    assert isinstance(first, Done)
    assert len(first.warnings) == 1
    desk.act(code, Act.FINISH)
    with desk.nothing_written():
        assert desk.counter.act(late) == first
        assert desk.counter.act(replace(late, code=OFFICIAL.lower())) == first
    desk.act(code, Act.SET_CODE, official_code=OTHER_OFFICIAL, reason="x")
    with desk.nothing_written():
        assert desk.counter.act(replace(late, code=OFFICIAL)) == first


def test_a_repeated_change_of_code_may_name_the_old_code(desk: Desk) -> None:
    desk.receive(official_code=OFFICIAL)
    change = desk.action(OFFICIAL, Act.SET_CODE, official_code=OTHER_OFFICIAL, reason="gõ nhầm")
    assert desk.counter.act(change) == desk.counter.act(change)


def test_a_repeated_undo_undoes_once(desk: Desk) -> None:
    code = desk.receive(LAND).code
    desk.act(code, Act.FORWARD)
    desk.act(code, Act.OBLIGATION)
    undo = desk.action(code, Act.UNDO)
    first = desk.counter.act(undo)
    with desk.nothing_written():
        assert desk.counter.act(undo) == first


def test_a_repeated_handover_gets_the_first_answer(desk: Desk) -> None:
    first = desk.take_over("2026-03-02T08:30", client_id="once")
    with desk.nothing_written():
        assert desk.take_over("2026-03-02T08:30", client_id="once") == first


def test_a_client_id_serves_one_request(desk: Desk) -> None:
    mine, other = desk.receive(MARITAL, client_id="mine").code, desk.receive(client_id="other").code
    desk.act(mine, Act.FORWARD, client_id="forward")
    registered = desk.receive(act=Act.REGISTER, client_id="registered").code
    desk.act(registered, Act.RECEIVE, client_id="accepted")
    with desk.nothing_written():
        refused(desk.try_act(mine, Act.FINISH, client_id="forward"), "client_id_taken")
        refused(desk.try_act(other, Act.FORWARD, client_id="forward"), "client_id_taken")
        refused(desk.try_act("không có", Act.FORWARD, client_id="forward"), "client_id_taken")
        refused(desk.try_receive(client_id="forward"), "client_id_taken")
        refused(desk.try_receive(act=Act.REGISTER, client_id="mine"), "client_id_taken")
        refused(desk.try_receive(client_id="accepted"), "client_id_taken")
        refused(desk.try_take_over("2026-03-02T08:30", client_id="mine"), "client_id_taken")
        refused(desk.try_act(mine, Act.RECEIVE, client_id="mine"), "client_id_taken")
        refused(desk.try_act(mine, Act.FINISH, client_id=""), "client_id_needed")


def test_a_refused_request_may_be_repeated_when_it_is_mended(desk: Desk) -> None:
    order = desk.order(MARITAL, official_code="?")
    refused(desk.counter.receive(order), "bad_official_code")
    assert isinstance(desk.counter.receive(replace(order, official_code="")), Done)
