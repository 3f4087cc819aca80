from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from db.vocabulary import Act, LimitUnit, State
from desk.rules.lifecycle import ENDED_STATES, Denied, Facts, Standing, Step, allowed, decide
from desk.rules.moment import VN

NOW = datetime(2026, 3, 13, 9, 12, tzinfo=VN)
GENEROUS = Facts(
    NOW,
    reason="lý do",
    head=True,
    promise=NOW + timedelta(days=3),
    new_promise=NOW + timedelta(days=7),
    last_at=NOW,
    before=Standing(State.RECEIVED, accepted=True),
)
NEW = Standing()


def neighbours(standing: Standing) -> Iterator[Standing]:
    """Every standing one act away; an undo leads back, so it finds nothing new."""
    for act in allowed(standing):
        answer = decide(standing, act, GENEROUS)
        if isinstance(answer, Step) and act is not Act.UNDO and answer.standing.supplements <= 2:
            yield answer.standing


def reachable() -> dict[Standing, frozenset[Standing]]:
    found: dict[Standing, frozenset[Standing]] = {}
    waiting = deque([NEW, replace(NEW, immediate=True)])
    while waiting:
        standing = waiting.popleft()
        if standing not in found:
            found[standing] = frozenset(neighbours(standing))
            waiting.extend(found[standing])
    return found


REACHABLE = reachable()


def test_a_dossier_reaches_every_state_of_the_portal_it_may_rest_in() -> None:
    resting = {standing.state for standing in REACHABLE}
    assert resting == {None, *State} - {State.WITHDRAWAL, State.HANDED_OVER}


def test_from_everywhere_there_is_a_way_to_an_end() -> None:
    ending = {standing for standing in REACHABLE if standing.ended}
    while True:
        more = {standing for standing, after in REACHABLE.items() if after & ending} - ending
        if not more:
            break
        ending |= more
    assert ending == set(REACHABLE)


def test_an_end_never_reopens() -> None:
    for standing, after in REACHABLE.items():
        if standing.ended:
            assert {found.state for found in after} <= ENDED_STATES
            assert all(found.outcome is standing.outcome for found in after)


def test_an_outcome_stands_exactly_where_work_ended() -> None:
    worked = {State.FINISHED, State.RETURNED, State.STOPPED}
    assert all((standing.outcome is not None) is (standing.state in worked) for standing in REACHABLE)


def test_what_the_standing_forbids_no_facts_allow() -> None:
    for standing in REACHABLE:
        for act in Act:
            permitted = isinstance(decide(standing, act, GENEROUS), Step)
            assert permitted is (act in allowed(standing))


instants = st.integers(-20_000, 20_000).map(lambda minutes: NOW + timedelta(minutes=minutes))
some_facts = st.builds(
    Facts,
    now=instants,
    reason=st.sampled_from(["", " ", "lý do"]),
    head=st.booleans(),
    promise=st.none() | instants,
    suspended_since=st.none() | instants,
    unit=st.none() | st.sampled_from(LimitUnit),
    immediate=st.booleans(),
    supplement_by=st.none() | instants,
    term_ends=st.none() | instants,
    apology_by=st.none() | instants,
    new_promise=st.none() | instants,
    new_promise_counts=st.booleans(),
    new_promise_in_hours=st.booleans(),
    same_place=st.booleans(),
    last_at=st.none() | instants,
    before=st.none() | st.sampled_from(list(REACHABLE)),
    taken_state=st.sampled_from(State),
)


@given(standing=st.sampled_from(list(REACHABLE)), act=st.sampled_from(Act), facts=some_facts)
def test_every_answer_keeps_the_promises_of_the_law(standing: Standing, act: Act, facts: Facts) -> None:
    answer = decide(standing, act, facts)
    if isinstance(answer, Denied):
        return
    assert act in allowed(standing)
    if act is Act.UNDO:
        assert answer.standing == facts.before
        return
    assert not (standing.accepted and not answer.standing.accepted)
    assert answer.standing.supplements - standing.supplements in {0, 1}
    if answer.standing.supplements > 1:
        assert facts.head or act is not Act.SUPPLEMENT
    if act is Act.RESCHEDULE:
        assert not standing.rescheduled
        assert facts.promise is not None
        assert facts.new_promise is not None
        assert facts.now <= facts.promise < facts.new_promise
    if standing.ended:
        assert answer.standing.ended
