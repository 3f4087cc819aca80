from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from db.vocabulary import OPEN_STATES, Act, LimitUnit, Outcome, Slip, State
from desk.rules.lifecycle import (
    SCREEN_ORDER,
    TRANSITIONS,
    UNDO_WINDOW,
    Denial,
    Denied,
    Facts,
    Flag,
    Standing,
    Step,
    allowed,
    decide,
)
from desk.rules.moment import VN

NOW = datetime(2026, 3, 13, 9, 12, tzinfo=VN)
PROMISE = datetime(2026, 3, 16, 10, 56, tzinfo=VN)
LATER = datetime(2026, 3, 20, 10, 56, tzinfo=VN)
BEFORE = Standing(State.RECEIVED, accepted=True)
GENEROUS = Facts(
    NOW, reason="lý do", head=True, promise=PROMISE, new_promise=LATER, last_at=NOW, before=BEFORE, unit=LimitUnit.MONTH
)
NEW = Standing()
REGISTERED = Standing(State.REGISTERED)
RECEIVED = Standing(State.RECEIVED, accepted=True)
PROCESSING = Standing(State.PROCESSING, accepted=True, undoable=True)
ASKED_BEFORE = Standing(State.SUPPLEMENT)
ASKED = Standing(State.SUPPLEMENT, accepted=True, supplements=1, undoable=True)
OWING = Standing(State.OBLIGATION, accepted=True, undoable=True)
FINISHED = Standing(State.FINISHED, accepted=True, outcome=Outcome.RESULT, undoable=True)
RETURNED = replace(FINISHED, state=State.RETURNED)

# What may lead where, written down again from the law and the team's additions: (state, accepted, act) -> state.
EXPECTED: dict[tuple[State | None, bool, Act], State] = {
    (None, False, Act.REGISTER): State.REGISTERED,
    (None, False, Act.RECEIVE): State.RECEIVED,
    (None, False, Act.TAKE_OVER): State.PROCESSING,
    (None, False, Act.DECLINE): State.NOT_RECEIVED,
    (None, False, Act.SUPPLEMENT): State.SUPPLEMENT,
    (State.REGISTERED, False, Act.RECEIVE): State.RECEIVED,
    (State.REGISTERED, False, Act.DECLINE): State.NOT_RECEIVED,
    (State.REGISTERED, False, Act.SUPPLEMENT): State.SUPPLEMENT,
    (State.REGISTERED, False, Act.VOID): State.VOIDED,
    (State.SUPPLEMENT, False, Act.SUPPLEMENTED): State.RECEIVED,
    (State.SUPPLEMENT, False, Act.DECLINE): State.NOT_RECEIVED,
    (State.SUPPLEMENT, False, Act.STOP): State.STOPPED,
    (State.SUPPLEMENT, False, Act.VOID): State.VOIDED,
    (State.SUPPLEMENT, True, Act.SUPPLEMENTED): State.PROCESSING,
    (State.OBLIGATION, True, Act.SETTLED): State.PROCESSING,
    (State.WITHDRAWAL, True, Act.WITHDRAW): State.STOPPED,
    (State.FINISHED, True, Act.RETURN): State.RETURNED,
    (State.PROCESSING, True, Act.HANDED_BACK): State.PROCESSING,
}
for _state in OPEN_STATES:
    EXPECTED |= {
        (_state, True, Act.REFUSE): State.FINISHED,
        (_state, True, Act.STOP): State.STOPPED,
        (_state, True, Act.WITHDRAW): State.STOPPED,
        (_state, True, Act.VOID): State.VOIDED,
    }
for _state in (State.RECEIVED, State.PROCESSING):
    EXPECTED |= {
        (_state, True, Act.FORWARD): State.PROCESSING,
        (_state, True, Act.SUPPLEMENT): State.SUPPLEMENT,
        (_state, True, Act.OBLIGATION): State.OBLIGATION,
        (_state, True, Act.VARIANT): _state,
        (_state, True, Act.RESCHEDULE): _state,
        (_state, True, Act.FINISH): State.FINISHED,
    }
for _state in State:
    for _accepted in (False, True):
        EXPECTED[_state, _accepted, Act.UNDO] = State.RECEIVED
        if _state is not State.VOIDED:
            EXPECTED[_state, _accepted, Act.SET_CODE] = _state
        if _state in OPEN_STATES | {State.REGISTERED, State.FINISHED}:
            EXPECTED[_state, _accepted, Act.CORRECT] = _state


NEVER_ACCEPTED = (None, State.REGISTERED, State.NOT_RECEIVED)
PLACES = [
    *((state, False) for state in (*NEVER_ACCEPTED, State.SUPPLEMENT, State.STOPPED, State.VOIDED)),
    *((state, True) for state in State if state not in NEVER_ACCEPTED),
]


@pytest.mark.parametrize("act", list(Act))
@pytest.mark.parametrize(("state", "accepted"), PLACES)
def test_the_whole_table(state: State | None, accepted: bool, act: Act) -> None:
    standing = Standing(state, accepted=accepted, with_department=True, undoable=state is not None)
    answer = decide(standing, act, GENEROUS)
    expected = EXPECTED.get((state, accepted, act))
    if expected is None:
        assert isinstance(answer, Denied)
        assert (answer.act, answer.state) == (act, state)
        assert act not in allowed(standing)
    else:
        assert isinstance(answer, Step)
        assert answer.state is expected
        assert act in allowed(standing)


def test_every_act_has_its_place_on_the_screen_and_in_the_table() -> None:
    assert sorted(SCREEN_ORDER) == sorted(Act)
    assert {row.act for row in TRANSITIONS} == set(Act)


def denial(standing: Standing, act: Act, **facts: object) -> Denial | None:
    answer = decide(standing, act, replace(GENEROUS, **facts))
    return answer.reason if isinstance(answer, Denied) else None


def step(standing: Standing, act: Act, **facts: object) -> Step:
    answer = decide(standing, act, replace(GENEROUS, **facts))
    assert isinstance(answer, Step), answer
    return answer


@pytest.mark.parametrize(
    ("standing", "act", "reason"),
    [
        (NEW, Act.FORWARD, Denial.NOT_STARTED),
        (RECEIVED, Act.REGISTER, Denial.ALREADY_STARTED),
        (RECEIVED, Act.TAKE_OVER, Denial.ALREADY_STARTED),
        (RECEIVED, Act.RECEIVE, Denial.ALREADY_ACCEPTED),
        (PROCESSING, Act.DECLINE, Denial.ALREADY_ACCEPTED),
        (REGISTERED, Act.FORWARD, Denial.NOT_ACCEPTED),
        (ASKED_BEFORE, Act.REFUSE, Denial.NOT_ACCEPTED),
        (FINISHED, Act.STOP, Denial.RESULT_EXISTS),
        (RETURNED, Act.WITHDRAW, Denial.RESULT_EXISTS),
        (PROCESSING, Act.RETURN, Denial.NO_RESULT),
        (FINISHED, Act.VOID, Denial.RESULT_EXISTS),
        (Standing(State.STOPPED, accepted=True), Act.FORWARD, Denial.ENDED),
        (Standing(State.VOIDED), Act.SET_CODE, Denial.ENDED),
        (RETURNED, Act.CORRECT, Denial.ENDED),
        (Standing(State.STOPPED, accepted=True), Act.CORRECT, Denial.ENDED),
        (Standing(State.NOT_RECEIVED), Act.CORRECT, Denial.ENDED),
        (Standing(State.VOIDED), Act.CORRECT, Denial.ENDED),
        (NEW, Act.CORRECT, Denial.NOT_STARTED),
        (OWING, Act.FINISH, Denial.WRONG_STATE),
        (ASKED, Act.SUPPLEMENT, Denial.WRONG_STATE),
        (PROCESSING, Act.HANDED_BACK, Denial.NOT_WITH_DEPARTMENT),
        (RECEIVED, Act.UNDO, Denial.NOTHING_TO_UNDO),
    ],
)
def test_why_there_is_no_way(standing: Standing, act: Act, reason: Denial) -> None:
    assert denial(standing, act) is reason


@pytest.mark.parametrize(
    ("standing", "act"),
    [
        (REGISTERED, Act.DECLINE),
        (PROCESSING, Act.REFUSE),
        (PROCESSING, Act.STOP),
        (PROCESSING, Act.VOID),
        (PROCESSING, Act.VARIANT),
        (PROCESSING, Act.RESCHEDULE),
        (FINISHED, Act.CORRECT),
        (replace(PROCESSING, has_code=True), Act.SET_CODE),
        (replace(PROCESSING, supplements=1), Act.SUPPLEMENT),
    ],
)
def test_a_reason_is_asked_for(standing: Standing, act: Act) -> None:
    assert denial(standing, act, reason="  ") is Denial.REASON_REQUIRED
    assert denial(standing, act, reason="nhầm hồ sơ") is None


def test_a_code_is_set_without_a_reason_once() -> None:
    first = step(PROCESSING, Act.SET_CODE, reason="")
    assert first.standing.has_code
    assert denial(first.standing, Act.SET_CODE, reason="") is Denial.REASON_REQUIRED


def test_acceptance() -> None:
    for standing, act in ((NEW, Act.RECEIVE), (REGISTERED, Act.RECEIVE), (ASKED_BEFORE, Act.SUPPLEMENTED)):
        found = step(standing, act, immediate=True)
        assert found.standing.accepted
        assert found.standing.immediate
        assert found.slip is Slip.RECEIPT
    asked = step(NEW, Act.SUPPLEMENT)
    assert not asked.standing.accepted
    assert asked.standing.supplements == 0


@pytest.mark.parametrize("state", State)
def test_only_an_open_dossier_is_taken_over(state: State) -> None:
    found = denial(NEW, Act.TAKE_OVER, taken_state=state)
    assert found is (None if state in OPEN_STATES else Denial.TAKEN_STATE_NOT_OPEN)
    if found is None:
        taken = step(NEW, Act.TAKE_OVER, taken_state=state)
        assert taken.state is state
        assert taken.standing.accepted


def test_papers_are_asked_for_once() -> None:
    again = step(step(PROCESSING, Act.SUPPLEMENT).standing, Act.SUPPLEMENTED).standing
    assert again.supplements == 1
    assert denial(again, Act.SUPPLEMENT, head=False) is Denial.SECOND_SUPPLEMENT
    overridden = step(again, Act.SUPPLEMENT)
    assert Flag.SECOND_SUPPLEMENT in overridden.flags
    assert overridden.standing.supplements == 2


def test_a_late_request_for_papers_is_marked_not_refused() -> None:
    assert step(PROCESSING, Act.SUPPLEMENT, supplement_by=NOW).flags == ()
    late = step(PROCESSING, Act.SUPPLEMENT, supplement_by=NOW - timedelta(minutes=1))
    assert late.flags == (Flag.SUPPLEMENT_LATE,)


def test_stop_waits_for_the_applicants_term() -> None:
    answer = decide(ASKED, Act.STOP, replace(GENEROUS, head=False, term_ends=LATER))
    assert answer == Denied(Denial.TERM_RUNNING, Act.STOP, State.SUPPLEMENT, LATER)
    assert step(ASKED, Act.STOP, term_ends=LATER).flags == (Flag.STOPPED_WITHIN_TERM,)
    over = step(ASKED, Act.STOP, head=False, term_ends=NOW - timedelta(minutes=1))
    assert (over.state, over.outcome, over.slip, over.flags) == (State.STOPPED, Outcome.STOPPED, Slip.STOP, ())
    assert denial(OWING, Act.STOP, head=False, term_ends=LATER) is None


def test_a_withdrawal_passes_through_its_state() -> None:
    for standing in (RECEIVED, PROCESSING, ASKED, OWING):
        found = step(standing, Act.WITHDRAW)
        assert (found.through, found.state, found.outcome) == (State.WITHDRAWAL, State.STOPPED, Outcome.WITHDRAWN)


def test_an_immediate_result_is_finished_at_once() -> None:
    received = step(NEW, Act.RECEIVE, immediate=True, promise=None).standing
    assert not {Act.RESCHEDULE, Act.VARIANT} & set(allowed(received))
    assert denial(received, Act.RESCHEDULE) is Denial.IMMEDIATE_RESULT
    done = step(received, Act.FINISH)
    assert (done.state, done.outcome) == (State.FINISHED, Outcome.RESULT)
    assert done.standing.has_result


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"promise": None}, Denial.NO_PROMISE),
        ({"now": PROMISE}, None),
        ({"now": PROMISE + timedelta(seconds=59)}, None),
        ({"now": PROMISE + timedelta(minutes=1)}, Denial.PROMISE_PASSED),
        ({"new_promise": None}, Denial.NEW_PROMISE_MISSING),
        ({"new_promise": PROMISE}, Denial.NEW_PROMISE_NOT_LATER),
        ({"new_promise": PROMISE - timedelta(days=1)}, Denial.NEW_PROMISE_NOT_LATER),
        ({"new_promise_counts": False}, Denial.NEW_PROMISE_DAY_OFF),
        ({"new_promise_in_hours": False}, Denial.NEW_PROMISE_OUT_OF_HOURS),
        ({"unit": LimitUnit.SAME_DAY}, Denial.UNIT_NOT_RESCHEDULED),
        ({"unit": LimitUnit.WORKING_HOUR}, Denial.UNIT_NOT_RESCHEDULED),
        ({"unit": None}, None),
    ],
)
def test_reschedule(facts: dict[str, object], reason: Denial | None) -> None:
    assert denial(PROCESSING, Act.RESCHEDULE, **facts) is reason


def test_reschedule_once_and_no_variant_after_it() -> None:
    moved = step(PROCESSING, Act.RESCHEDULE).standing
    assert moved.rescheduled
    assert denial(moved, Act.RESCHEDULE) is Denial.SECOND_RESCHEDULE
    assert denial(moved, Act.VARIANT) is Denial.AFTER_RESCHEDULE
    assert not {Act.RESCHEDULE, Act.VARIANT} & set(allowed(moved))


def test_an_apology_after_its_day_is_marked() -> None:
    assert step(PROCESSING, Act.RESCHEDULE, apology_by=NOW).flags == ()
    late = step(PROCESSING, Act.RESCHEDULE, apology_by=NOW - timedelta(minutes=1))
    assert (late.flags, late.slip, late.state) == ((Flag.APOLOGY_LATE,), Slip.APOLOGY, State.PROCESSING)


def test_variant_once_before_the_promise() -> None:
    changed = step(PROCESSING, Act.VARIANT).standing
    assert denial(changed, Act.VARIANT) is Denial.SECOND_VARIANT
    assert denial(changed, Act.RESCHEDULE) is None
    passed = decide(PROCESSING, Act.VARIANT, replace(GENEROUS, now=LATER))
    assert passed == Denied(Denial.PROMISE_PASSED, Act.VARIANT, State.PROCESSING, PROMISE)


def test_a_refusal_after_the_promise_is_marked() -> None:
    refused = step(PROCESSING, Act.REFUSE, now=LATER)
    assert (refused.state, refused.outcome, refused.flags) == (State.FINISHED, Outcome.REFUSED, (Flag.REFUSAL_LATE,))
    assert step(PROCESSING, Act.REFUSE).flags == ()
    assert step(ASKED, Act.REFUSE, now=LATER, suspended_since=NOW).flags == ()
    assert step(refused.standing, Act.RETURN).state is State.RETURNED


def test_between_desk_and_department() -> None:
    away = step(RECEIVED, Act.FORWARD).standing
    assert (away.state, away.with_department) == (State.PROCESSING, True)
    assert denial(away, Act.FORWARD, same_place=True) is Denial.SAME_PLACE
    assert step(away, Act.FORWARD).standing == replace(away, undoable=True)
    back = step(away, Act.HANDED_BACK).standing
    assert not back.with_department
    assert denial(back, Act.HANDED_BACK) is Denial.NOT_WITH_DEPARTMENT


@pytest.mark.parametrize(
    ("passed", "head", "reason", "expected"),
    [
        (timedelta(0), False, "", None),
        (UNDO_WINDOW, False, "", None),
        (UNDO_WINDOW + timedelta(minutes=1), False, "nhầm", Denial.UNDO_WINDOW_PASSED),
        (UNDO_WINDOW + timedelta(minutes=1), True, "", Denial.REASON_REQUIRED),
        (UNDO_WINDOW + timedelta(minutes=1), True, "nhầm", None),
        (timedelta(days=40), True, "nhầm", None),
    ],
)
def test_undo(passed: timedelta, head: bool, reason: str, expected: Denial | None) -> None:
    facts = {"last_at": NOW - passed, "head": head, "reason": reason}
    assert denial(FINISHED, Act.UNDO, **facts) is expected
    if expected is None:
        found = step(FINISHED, Act.UNDO, **facts)
        assert found.standing == BEFORE
        assert (Flag.CORRECTION in found.flags) is (passed > UNDO_WINDOW)


def test_what_created_a_dossier_is_voided_not_undone() -> None:
    for before in (None, Standing()):
        assert denial(PROCESSING, Act.UNDO, before=before) is Denial.NOTHING_TO_UNDO
    unknown = decide(PROCESSING, Act.UNDO, replace(GENEROUS, head=False, last_at=None))
    assert unknown == Denied(Denial.UNDO_WINDOW_PASSED, Act.UNDO, State.PROCESSING)


@pytest.mark.parametrize(
    ("standing", "first"),
    [
        (NEW, (Act.RECEIVE, Act.SUPPLEMENT, Act.DECLINE, Act.REGISTER, Act.TAKE_OVER)),
        (PROCESSING, (Act.FORWARD, Act.SUPPLEMENT, Act.FINISH, Act.RESCHEDULE, Act.STOP)),
        (ASKED, (Act.SUPPLEMENTED, Act.STOP, Act.WITHDRAW)),
        (OWING, (Act.SETTLED, Act.STOP, Act.WITHDRAW)),
        (FINISHED, (Act.RETURN, Act.CORRECT, Act.SET_CODE, Act.UNDO)),
        (RETURNED, (Act.SET_CODE, Act.UNDO)),
    ],
)
def test_the_order_of_the_screen(standing: Standing, first: tuple[Act, ...]) -> None:
    assert allowed(standing)[: len(first)] == first
