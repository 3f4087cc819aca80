"""The end of the work, held against the promise and the law, and the result on its way to the citizen."""

from __future__ import annotations

import pytest

from db.vocabulary import Act, Judgement, ReturnWay, State
from tests.counter.desk_fixture import BIRTH, COPIES, MARITAL, Desk, at
from tests.counter.places import PLACES, view


@pytest.mark.parametrize(
    ("ended", "verdict"),
    [
        ("2026-03-17T16:00", Judgement.EARLY),
        ("2026-03-18T08:00", Judgement.ON_TIME),
        ("2026-03-18T09:12", Judgement.ON_TIME),
        ("2026-03-18T09:13", Judgement.OVERDUE),
    ],
)
def test_the_end_of_the_work_is_judged_to_the_minute(desk: Desk, ended: str, verdict: Judgement) -> None:
    code = desk.receive(MARITAL).code
    desk.clock.set(ended)
    desk.act(code, Act.FINISH)
    row = desk.row(code)
    assert (row.verdict, row.legal_verdict, row.outcome, row.ended_at) == (verdict, verdict, "result", at(ended))
    assert desk.preview().totals[verdict] == 1


def test_a_reschedule_does_not_hide_lateness_before_the_law(desk: Desk) -> None:
    code = PLACES["rescheduled"][1](desk)
    desk.clock.set("2026-03-19T10:00")
    desk.act(code, Act.FINISH)
    assert (desk.row(code).verdict, desk.row(code).legal_verdict) == (Judgement.EARLY, Judgement.OVERDUE)
    assert desk.preview().totals["overdue_by_law"] == 1


@pytest.mark.parametrize(
    ("procedure", "finished", "immediate"),
    [
        (COPIES, "2026-03-13T17:30", True),
        (COPIES, "2026-03-16T08:00", False),
        (BIRTH, "2026-03-13T10:00", True),
        (MARITAL, "2026-03-13T10:00", False),
    ],
)
def test_a_result_at_once_is_on_time(desk: Desk, procedure: str, finished: str, immediate: bool) -> None:
    code = desk.receive(procedure).code
    desk.clock.set(finished)
    desk.act(code, Act.FINISH)
    assert desk.row(code).immediate is immediate
    assert desk.preview().totals.get("immediate", 0) == immediate
    if immediate:
        assert desk.row(code).verdict == Judgement.ON_TIME


def test_a_dossier_that_waits_is_judged_when_its_waiting_began(desk: Desk) -> None:
    code = PLACES["obligation"][1](desk)
    desk.clock.set("2026-04-20T10:00")
    assert not view(desk, code).remaining.startswith("QUÁ")
    answer = desk.act(code, Act.REFUSE, reason="không đủ điều kiện")
    assert answer.warnings == ()
    assert desk.row(code).verdict == Judgement.EARLY


def test_a_result_is_handed_over_or_posted(desk: Desk) -> None:
    handed, posted = PLACES["finished"][1](desk), PLACES["refused"][1](desk)
    desk.act(handed, Act.RETURN, collector="Nguyễn Văn Con (con trai)")
    desk.act(posted, Act.RETURN, way=ReturnWay.POST, postal_number=" EA 123 VN ")
    one, other = desk.row(handed), desk.row(posted)
    assert (one.state, one.returned_way, one.returned_at) == (State.RETURNED, "counter", desk.clock.now)
    assert (other.returned_way, other.postal_number) == ("post", "EA 123 VN")
    assert "Nguyễn Văn Con (con trai)" in view(desk, handed).events[-1].note
    assert "Nguyễn Văn Con" not in str(desk.events_of(handed)[-1].data)
    assert "uncollected" not in desk.preview().totals
