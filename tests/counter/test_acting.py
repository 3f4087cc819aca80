"""What happens to a dossier after it came in: each act, what it writes, and why it is refused."""

from __future__ import annotations

from typing import Any

import pytest

from db import people
from db.vocabulary import Act, Channel, State
from desk.counter.correction import Correction
from desk.counter.model import PersonInput, Refused
from tests.counter.desk_fixture import (
    CLERK,
    COPIES,
    HEAD,
    LAND,
    LODGING,
    MARITAL,
    OFFICIAL,
    OTHER_OFFICIAL,
    UNKNOWN_LIMIT,
    Desk,
    at,
    refused,
)
from tests.counter.places import FULL, NEW_PROMISE, PLACES, view


@pytest.mark.parametrize("place", PLACES)
def test_what_the_screen_offers_is_what_goes_through(desk: Desk, place: str) -> None:
    state, walk = PLACES[place]
    code = walk(desk)
    offered = view(desk, code).acts
    assert view(desk, code).state is state
    assert desk.disagreeing() == []
    for act in set(Act) - set(offered) - {Act.REGISTER, Act.TAKE_OVER}:
        with desk.nothing_written():
            assert isinstance(desk.try_act(code, act, **FULL.get(act, {})), Refused)
    for act in offered:
        other = walk(desk)
        needs = dict(FULL.get(act, {}))
        if act is Act.SUPPLEMENT and view(desk, other).events[-1].what == "Đã bổ sung":
            needs["override"] = "chỉ đạo của Chủ tịch"
        if act is Act.STOP:
            needs["override"] = "người dân đề nghị bằng văn bản"
        if act is Act.FORWARD:
            needs["holder"] = "Tư pháp"
        answer = desk.act(other, act, **needs)
        assert answer.state is view(desk, other).state
        if act is Act.SET_CODE:
            desk.act(other, Act.UNDO)
    assert desk.disagreeing() == []
    assert desk.counter.verify_journal() is None


@pytest.mark.parametrize("act", [Act.REGISTER, Act.TAKE_OVER])
def test_a_dossier_begins_once(desk: Desk, act: Act) -> None:
    code = desk.receive().code
    with desk.nothing_written():
        refused(desk.try_act(code, act), "already_started")


def test_an_unknown_code_is_refused(desk: Desk) -> None:
    with desk.nothing_written():
        assert refused(desk.try_act("TN-18229-260313-19999X", Act.FINISH), "unknown_dossier").field == "code"
        refused(desk.try_act("", Act.FINISH), "unknown_dossier")


@pytest.mark.parametrize(
    "written", ["tn-18229-260313-10001j", "TN18229260313 10001J", OFFICIAL.lower(), f" {OFFICIAL}"]
)
def test_a_dossier_is_known_by_any_of_its_codes(desk: Desk, written: str) -> None:
    code = desk.receive(official_code=OFFICIAL).code
    assert desk.act(written, Act.FINISH).code == code


Guard = tuple[str, Act, dict[str, Any], str]

GUARDS: tuple[Guard, ...] = (
    ("received", Act.VOID, {}, "reason_required"),
    ("received", Act.REFUSE, {"reason": "\u200b "}, "reason_required"),
    ("received", Act.STOP, {}, "reason_required"),
    ("received", Act.RESCHEDULE, {"to": NEW_PROMISE}, "reason_required"),
    ("received", Act.RESCHEDULE, {"reason": "x"}, "new_promise_missing"),
    ("received", Act.RESCHEDULE, {"reason": "x", "to": at("2026-03-18T09:12")}, "new_promise_not_later"),
    ("received", Act.RESCHEDULE, {"reason": "x", "to": at("2026-03-21T09:00")}, "new_promise_day_off"),
    ("received", Act.RESCHEDULE, {"reason": "x", "to": at("2026-03-20T12:00")}, "new_promise_out_of_hours"),
    ("rescheduled", Act.RESCHEDULE, {"reason": "x", "to": at("2026-03-25T15:00")}, "second_reschedule"),
    ("rescheduled", Act.VARIANT, FULL[Act.VARIANT], "after_reschedule"),
    ("received", Act.VARIANT, {"variant": "phải xác minh"}, "reason_required"),
    ("received", Act.VARIANT, {"reason": "x"}, "variant_needed"),
    ("received", Act.VARIANT, {"variant": "lạ", "reason": "x"}, "unknown_variant"),
    ("supplemented", Act.SUPPLEMENT, {"reason": "thiếu nữa"}, "second_supplement"),
    ("supplemented", Act.SUPPLEMENT, {"override": "x", "officer_id": CLERK}, "second_supplement"),
    ("supplemented", Act.SUPPLEMENT, {"override": "x", "officer_id": None}, "second_supplement"),
    ("supplement", Act.STOP, {"reason": "x"}, "term_running"),
    ("supplement", Act.STOP, {"override": "x", "officer_id": CLERK}, "term_running"),
    ("finished", Act.STOP, {"reason": "x"}, "result_exists"),
    ("finished", Act.WITHDRAW, {}, "result_exists"),
    ("returned", Act.FINISH, {}, "result_exists"),
    ("received", Act.RETURN, {}, "no_result"),
    ("registered", Act.FINISH, {}, "not_accepted"),
    ("registered", Act.WITHDRAW, {}, "not_accepted"),
    ("received", Act.RECEIVE, {}, "already_accepted"),
    ("voided", Act.FINISH, {}, "ended"),
    ("voided", Act.SET_CODE, {"official_code": OFFICIAL}, "ended"),
    ("forwarded", Act.FORWARD, {"holder": " Địa  chính "}, "same_place"),
    ("received", Act.HANDED_BACK, {}, "wrong_state"),
    ("handed back", Act.HANDED_BACK, {}, "not_with_department"),
    ("received", Act.SETTLED, {}, "wrong_state"),
    ("registered", Act.DECLINE, {}, "reason_required"),
    ("received", Act.SET_CODE, {}, "code_needed"),
    ("received", Act.SET_CODE, {"official_code": "H31"}, "bad_official_code"),
    ("received", Act.SET_CODE, {"official_code": OTHER_OFFICIAL}, "official_code_taken"),
    ("received", Act.CORRECT, {"correction": Correction(PersonInput("Trần Ỷ"))}, "reason_required"),
    ("received", Act.CORRECT, {"reason": "x"}, "nothing_corrected"),
    ("received", Act.CORRECT, {"reason": "x", "correction": Correction(PersonInput(" \u200b"))}, "name_needed"),
    ("returned", Act.CORRECT, FULL[Act.CORRECT], "ended"),
    ("stopped", Act.CORRECT, FULL[Act.CORRECT], "ended"),
    ("declined", Act.CORRECT, FULL[Act.CORRECT], "ended"),
    ("voided", Act.CORRECT, FULL[Act.CORRECT], "ended"),
    ("received", Act.UNDO, {}, "nothing_to_undo"),
    ("undone", Act.UNDO, {}, "nothing_to_undo"),
    ("received", Act.FINISH, {"at": at("2026-03-13T09:11")}, "clock_back"),
)


@pytest.mark.parametrize(("place", "act", "given", "reason"), GUARDS)
def test_a_guard_refuses_and_writes_nothing(
    desk: Desk, place: str, act: Act, given: dict[str, Any], reason: str
) -> None:
    desk.receive(LAND, official_code=OTHER_OFFICIAL)
    code = PLACES[place][1](desk)
    with desk.nothing_written():
        refused(desk.try_act(code, act, **given), reason)


@pytest.mark.parametrize(
    ("procedure", "act", "reason"),
    [(COPIES, Act.RESCHEDULE, "unit_not_rescheduled"), (LODGING, Act.RESCHEDULE, "unit_not_rescheduled")],
)
def test_what_is_due_the_same_day_is_not_put_off(desk: Desk, procedure: str, act: Act, reason: str) -> None:
    code = desk.receive(procedure).code
    with desk.nothing_written():
        refused(desk.try_act(code, act, **FULL[act]), reason)


@pytest.mark.parametrize("act", [Act.RESCHEDULE, Act.VARIANT])
def test_a_broken_promise_is_not_moved(desk: Desk, act: Act) -> None:
    code = desk.receive(MARITAL).code
    desk.clock.set("2026-03-18T09:13")
    with desk.nothing_written():
        refused(desk.try_act(code, act, **FULL[act]), "promise_passed")


def test_an_applicant_may_be_stopped_once_the_term_is_over(desk: Desk) -> None:
    code = PLACES["supplement"][1](desk)
    term = desk.row(code).supplement_by
    assert term == at("2026-04-03T17:00")
    desk.clock.now = term
    refused(desk.try_act(code, Act.STOP, reason="quá hạn bổ sung"), "term_running")
    desk.clock.advance(minutes=1)
    assert desk.act(code, Act.STOP, reason="quá hạn bổ sung").warnings == ()


def test_the_head_may_stop_or_ask_again_with_a_written_ground(desk: Desk) -> None:
    stopped, again = PLACES["supplement"][1](desk), PLACES["supplemented"][1](desk)
    assert len(desk.act(stopped, Act.STOP, override="đơn của người dân").warnings) == 1
    assert len(desk.act(again, Act.SUPPLEMENT, override="chỉ đạo").warnings) == 1
    with desk.records.reading() as found:
        remarks = [each.text for each in people.remarks(found.connection, desk.row(again).id)]
    assert remarks[-1] == "chỉ đạo"
    assert desk.row(again).supplements == 2
    assert desk.preview().totals["second_supplements"] == 1


def test_an_officer_who_has_left_is_no_head_any_more(desk: Desk) -> None:
    code = PLACES["supplemented"][1](desk)
    desk.sql("UPDATE officer SET active = 0 WHERE id = :id", id=HEAD)
    refused(desk.try_act(code, Act.SUPPLEMENT, override="chỉ đạo"), "second_supplement")


def test_a_registered_filing_is_accepted_by_whoever_receives_it(desk: Desk) -> None:
    code = desk.receive(MARITAL, act=Act.REGISTER, channel=Channel.ONLINE, officer_id=None).code
    desk.clock.set("2026-03-16T10:00")
    answer = desk.act(code, Act.RECEIVE, officer_id=CLERK)
    row = desk.row(code)
    assert (answer.state, answer.promise, answer.slip_number) == (State.RECEIVED, at("2026-03-19T10:00"), "26.100001")
    assert (row.received_at, row.received_by, row.slip_number) == (at("2026-03-16T10:00"), CLERK, "26.100001")
    assert desk.preview().totals["online"] == 1


def test_an_unknown_limit_asks_for_a_date_when_it_is_accepted(desk: Desk) -> None:
    code = desk.receive(UNKNOWN_LIMIT, act=Act.REGISTER).code
    with desk.nothing_written():
        refused(desk.try_act(code, Act.RECEIVE), "promise_needed")
        refused(desk.try_act(code, Act.RECEIVE, to=at("2026-03-13T09:12")), "promise_in_past")
    assert desk.act(code, Act.RECEIVE, to=NEW_PROMISE).promise == NEW_PROMISE
    known = desk.receive(MARITAL, act=Act.REGISTER).code
    refused(desk.try_act(known, Act.RECEIVE, to=NEW_PROMISE), "limit_known")


def test_papers_completed_before_acceptance_start_the_clock(desk: Desk) -> None:
    code = PLACES["sent back"][1](desk)
    desk.clock.set("2026-03-17T14:00")
    answer = desk.act(code, Act.SUPPLEMENTED)
    assert (answer.state, answer.promise) == (State.RECEIVED, at("2026-03-20T14:00"))
    assert desk.row(code).supplements == 0
    assert desk.row(code).slip_number == answer.slip_number == "26.100001"


def test_papers_asked_for_after_acceptance_start_the_limit_again(desk: Desk) -> None:
    code = desk.receive(MARITAL).code
    desk.clock.set("2026-03-16T10:00")
    asked = desk.act(code, Act.SUPPLEMENT, reason="thiếu")
    assert asked.warnings == ()
    assert desk.row(code).suspended_since == at("2026-03-16T10:00")
    desk.clock.set("2026-03-20T08:00")
    answer = desk.act(code, Act.SUPPLEMENTED)
    assert answer.promise == answer.legal_deadline == at("2026-03-25T08:00")
    row = desk.row(code)
    assert (row.first_promise, row.suspended_since, row.supplement_by) == (at("2026-03-18T09:12"), None, None)


def test_papers_asked_for_late_are_marked(desk: Desk) -> None:
    code = desk.receive(LAND).code
    desk.clock.set("2026-03-18T09:13")
    assert len(desk.act(code, Act.SUPPLEMENT, reason="thiếu").warnings) == 1


def test_an_obligation_leaves_out_its_time(desk: Desk) -> None:
    code = desk.receive(MARITAL).code
    desk.clock.set("2026-03-16T09:12")
    desk.act(code, Act.OBLIGATION)
    desk.clock.set("2026-03-18T09:12")
    answer = desk.act(code, Act.SETTLED)
    assert (answer.state, answer.promise) == (State.PROCESSING, at("2026-03-20T09:12"))


def test_a_late_apology_is_accepted_flagged_and_counted(desk: Desk) -> None:
    early, late = desk.receive(MARITAL).code, desk.receive(MARITAL).code
    desk.clock.set("2026-03-17T17:00")
    assert desk.act(early, Act.RESCHEDULE, **FULL[Act.RESCHEDULE]).warnings == ()
    desk.clock.set("2026-03-18T09:00")
    answer = desk.act(late, Act.RESCHEDULE, **FULL[Act.RESCHEDULE])
    assert (answer.promise, answer.slip_number, len(answer.warnings)) == (NEW_PROMISE, "26.100002", 1)
    assert (desk.row(late).late_apology, desk.row(early).late_apology) == (True, False)
    sealed = {each.day.day: each.totals for each in desk.close()}
    assert [sealed[day].get("apologies", 0) for day in (16, 17, 18)] == [0, 1, 1]
    assert [sealed[day].get("late_apologies", 0) for day in (16, 17, 18)] == [0, 0, 1]
    assert desk.row(late).legal_deadline == at("2026-03-18T09:12")


def test_a_case_is_changed_once_from_the_same_start(desk: Desk) -> None:
    code = desk.receive(MARITAL).code
    desk.clock.set("2026-03-16T10:00")
    answer = desk.act(code, Act.VARIANT, **FULL[Act.VARIANT])
    row = desk.row(code)
    assert answer.promise == row.legal_deadline == at("2026-04-06T17:00")
    assert (row.variant, row.limit_text, row.first_promise) == (
        "phải xác minh",
        "23 calendar_day",
        at("2026-03-18T09:12"),
    )
    refused(desk.try_act(code, Act.VARIANT, **FULL[Act.VARIANT]), "second_variant")
    desk.act(code, Act.UNDO)
    assert desk.row(code).promise == at("2026-03-18T09:12")
    assert desk.act(code, Act.VARIANT, **FULL[Act.VARIANT]).promise == at("2026-04-06T17:00")


def test_a_code_is_set_at_once_and_changed_with_a_reason(desk: Desk) -> None:
    code = desk.receive().code
    desk.act(code, Act.SET_CODE, official_code=OFFICIAL.lower())
    assert desk.row(code).official_code == OFFICIAL
    with desk.nothing_written():
        refused(desk.try_act(code, Act.SET_CODE, official_code=OTHER_OFFICIAL), "reason_required")
    desk.act(code, Act.SET_CODE, official_code=OTHER_OFFICIAL, reason="gõ nhầm")
    assert [each.code for each in desk.counter.find(OTHER_OFFICIAL)] == [code]
    assert desk.counter.find(OFFICIAL) == ()
    assert desk.counter.dossier(OFFICIAL) is None


def test_a_routing_slip_is_numbered_once(desk: Desk) -> None:
    code = desk.receive(LAND).code
    slips = [
        desk.act(code, act, holder=holder).slip_number
        for act, holder in (
            (Act.FORWARD, "Địa chính"),
            (Act.FORWARD, "Tư pháp"),
            (Act.HANDED_BACK, ""),
            (Act.FORWARD, "A"),
        )
    ]
    assert slips == ["26.100001", "", "", ""]
    assert desk.row(code).holder == "A"


def test_an_entry_by_mistake_leaves_every_list(desk: Desk) -> None:
    code = PLACES["voided"][1](desk)
    assert desk.counter.worklist() == ()
    assert desk.preview().totals == {}
    assert [each.code for each in desk.counter.find("thịnh")] == [code]
