"""Taking back the last act: within ten minutes by anyone, later by the head with a reason."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import asdict

from db.vocabulary import Act, State
from tests.counter.desk_fixture import BIRTH, CLERK, LAND, MARITAL, OFFICIAL, OTHER_OFFICIAL, Desk, at, refused
from tests.counter.places import FULL


def before_and_after(desk: Desk, code: str) -> dict[str, Any]:
    """Return a dossier's row without what goes on counting."""
    return {name: value for name, value in asdict(desk.row(code)).items() if name not in {"last_seq", "version"}}


@pytest.mark.parametrize(
    ("act", "given"),
    [
        (Act.FORWARD, {"holder": "Địa chính"}),
        (Act.SUPPLEMENT, {"reason": "thiếu"}),
        (Act.OBLIGATION, {}),
        (Act.VARIANT, {"variant": "phải xác minh", "reason": "x"}),
        (Act.RESCHEDULE, {"to": at("2026-03-20T15:00"), "reason": "x"}),
        (Act.FINISH, {}),
        (Act.REFUSE, {"reason": "x"}),
        (Act.STOP, {"reason": "x"}),
        (Act.WITHDRAW, {}),
        (Act.VOID, {"reason": "x"}),
        (Act.SET_CODE, {"official_code": OFFICIAL}),
        (Act.CORRECT, FULL[Act.CORRECT]),
    ],
)
def test_an_undone_act_leaves_the_dossier_as_it_was(desk: Desk, act: Act, given: dict[str, Any]) -> None:
    code = desk.receive(MARITAL).code
    before = before_and_after(desk, code)
    desk.clock.advance(minutes=5)
    desk.act(code, act, **given)
    assert before_and_after(desk, code) != before
    desk.clock.advance(minutes=10)
    desk.act(code, Act.UNDO, officer_id=CLERK)
    assert before_and_after(desk, code) == before
    assert desk.disagreeing() == []
    view = desk.counter.dossier(code)
    assert view is not None
    assert [line.undone for line in view.events] == [False, True, False]
    totals = desk.preview().totals
    assert {name: totals[name] for name in totals} == {"direct": 1, "open_in_time": 1}


BEFORE: dict[Act, tuple[Act, ...]] = {
    Act.RECEIVE: (Act.REGISTER,),
    Act.DECLINE: (Act.REGISTER,),
    Act.HANDED_BACK: (Act.RECEIVE, Act.FORWARD),
    Act.SUPPLEMENTED: (Act.RECEIVE, Act.SUPPLEMENT),
    Act.SETTLED: (Act.RECEIVE, Act.OBLIGATION),
    Act.RETURN: (Act.RECEIVE, Act.FINISH),
}
GIVEN: dict[Act, dict[str, Any]] = {
    Act.FORWARD: {"holder": "Địa chính"},
    Act.VARIANT: {"variant": "phải xác minh"},
    Act.RESCHEDULE: {"to": at("2026-03-20T15:00")},
    Act.SET_CODE: {"official_code": OFFICIAL},
    Act.CORRECT: {"correction": FULL[Act.CORRECT]["correction"]},
}


@pytest.mark.parametrize("act", [act for act in Act if act not in {Act.REGISTER, Act.TAKE_OVER, Act.UNDO}])
def test_every_act_is_taken_back_by_an_event_and_none_is_deleted(desk: Desk, act: Act) -> None:
    first, *way = BEFORE.get(act, (Act.RECEIVE,))
    code = desk.receive(MARITAL, act=first).code
    for each in way:
        desk.act(code, each, reason="x", **GIVEN.get(each, {}))
    before, events = before_and_after(desk, code), len(desk.events())
    desk.act(code, act, reason="x", **GIVEN.get(act, {}))
    desk.clock.advance(minutes=10)
    desk.act(code, Act.UNDO, officer_id=CLERK)
    assert before_and_after(desk, code) == before
    assert [event.kind for event in desk.events()[events:]] == [act, Act.UNDO]
    assert desk.counter.verify_journal() is None


def test_after_ten_minutes_only_the_head_corrects_with_a_reason(desk: Desk) -> None:
    code = desk.receive().code
    desk.act(code, Act.FINISH)
    desk.clock.advance(minutes=11)
    with desk.nothing_written():
        answer = refused(desk.try_act(code, Act.UNDO, officer_id=CLERK, reason="nhầm"), "undo_window_passed")
        assert "09:22" in answer.sentence
        refused(desk.try_act(code, Act.UNDO), "reason_required")
        refused(desk.try_act(code, Act.UNDO, officer_id=None, reason="nhầm"), "undo_window_passed")
    assert len(desk.act(code, Act.UNDO, reason="ký nhầm hồ sơ").warnings) == 1
    assert desk.row(code).state == State.RECEIVED


def test_undoing_again_takes_back_the_act_before(desk: Desk) -> None:
    code = desk.receive(LAND).code
    rows = [before_and_after(desk, code)]
    for act in (Act.FORWARD, Act.OBLIGATION, Act.SETTLED, Act.FINISH, Act.RETURN):
        desk.clock.advance(minutes=1)
        desk.act(code, act)
        rows.append(before_and_after(desk, code))
    for before in reversed(rows[:-1]):
        desk.act(code, Act.UNDO)
        assert before_and_after(desk, code) == before
    refused(desk.try_act(code, Act.UNDO), "nothing_to_undo")
    assert desk.disagreeing() == []


def test_an_act_after_an_undo_is_the_one_undone_next(desk: Desk) -> None:
    code = desk.receive().code
    desk.act(code, Act.FORWARD, holder="A")
    desk.act(code, Act.UNDO)
    desk.act(code, Act.FORWARD, holder="B")
    assert desk.row(code).holder == "B"
    desk.act(code, Act.UNDO)
    assert (desk.row(code).holder, desk.row(code).state) == ("", State.RECEIVED)


def test_the_window_of_an_older_act_does_not_open_again(desk: Desk) -> None:
    code = desk.receive(LAND).code
    desk.act(code, Act.FORWARD)
    desk.clock.advance(minutes=30)
    desk.act(code, Act.OBLIGATION)
    desk.act(code, Act.UNDO, officer_id=CLERK)
    refused(desk.try_act(code, Act.UNDO, officer_id=CLERK), "undo_window_passed")


def test_a_numbered_slip_stays_numbered_when_its_act_is_undone(desk: Desk) -> None:
    code = desk.receive(MARITAL, act=Act.REGISTER).code
    assert desk.act(code, Act.RECEIVE).slip_number == "26.100001"
    desk.act(code, Act.UNDO)
    assert desk.row(code).slip_number == ""
    assert desk.act(code, Act.RECEIVE).slip_number == "26.100002"
    assert desk.row(code).slip_number == "26.100002"


def test_an_undone_code_is_free_and_found_no_more(desk: Desk) -> None:
    code = desk.receive().code
    desk.act(code, Act.SET_CODE, official_code=OFFICIAL)
    desk.act(code, Act.UNDO)
    assert desk.counter.find(OFFICIAL) == ()
    other = desk.receive(official_code=OFFICIAL)
    assert [each.id for each in desk.counter.find("260313-0001")] == [other.dossier_id]


def test_an_undo_does_not_take_a_code_back_from_another_dossier(desk: Desk) -> None:
    first, other = desk.receive().code, desk.receive().code
    desk.act(first, Act.SET_CODE, official_code=OFFICIAL)
    desk.act(first, Act.SET_CODE, official_code=OTHER_OFFICIAL, reason="gõ nhầm")
    desk.act(other, Act.SET_CODE, official_code=OFFICIAL)
    with desk.nothing_written():
        refused(desk.try_act(first, Act.UNDO), "official_code_taken")
    desk.act(other, Act.UNDO)
    desk.act(first, Act.UNDO)
    assert desk.row(first).official_code == OFFICIAL


def test_a_correction_after_closing_is_counted_on_the_day_it_is_made(desk: Desk) -> None:
    code = desk.receive(BIRTH).code
    desk.act(code, Act.FINISH)
    friday = desk.close()[-1]
    assert friday.totals == {"direct": 1, "on_time": 1, "uncollected": 1, "immediate": 1}
    sealed = [file.content for file in desk.files()]
    desk.clock.set("2026-03-16T08:30")
    desk.act(code, Act.UNDO, reason="chưa ký")
    (monday,) = desk.close()
    assert monday.totals == {"reopened": 1, "open_overdue": 1}
    desk.clock.set("2026-03-16T16:00")
    desk.act(code, Act.FINISH)
    (again,) = desk.close()
    assert again.totals == {"carried": 1, "overdue": 1, "uncollected": 1, "overdue_by_law": 1}
    assert [file.content for file in desk.files()][: len(sealed)] == sealed
    total = desk.counter.report(friday.day, again.day).total
    assert total.balanced
    assert total.columns == (2, 0, 1, 1, 2, 0, 1, 1, 0, 0, 0)
