"""The fast lane's use case: one transaction, counted as immediate, the same answer again, taken back as a whole."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from db import procedures
from db.errors import RecordError, RecordFault
from db.vocabulary import Act, Judgement, State
from desk.counter import acting
from desk.counter.lane import Given, Paper, TakeBack, Visit
from desk.counter.model import Done, PersonInput, Refused
from tests.counter.desk_fixture import (
    BIRTH,
    CLERK,
    COPIES,
    HEAD,
    MARITAL,
    OFFICIAL,
    SWITCHED_OFF,
    UNKNOWN_LIMIT,
    Desk,
    open_desk,
)

SIGNATURE, EXTRACT, TRANSACTION = "2.000884", "2.000635", "2.001035"
Y = PersonInput("Trần Ỷ", id_number="042200159367")
DIPLOMA = Paper(COPIES, "Bằng tốt nghiệp THPT", pages=1, copies=3)


def visit(desk: Desk, *papers: Paper, **more: Any) -> Visit:
    return Visit(**{"client_id": desk.client(), "applicant": Y, "papers": papers, "officer_id": CLERK, **more})


def give(desk: Desk, *papers: Paper, **more: Any) -> tuple[Done, ...]:
    found = desk.counter.give(visit(desk, *papers, **more))
    assert isinstance(found, tuple), found
    return found


def refused(desk: Desk, *papers: Paper, **more: Any) -> Refused:
    with desk.nothing_written():
        found = desk.counter.give(visit(desk, *papers, **more))
    assert isinstance(found, Refused), found
    return found


def back(desk: Desk, *done: Done, **more: Any) -> tuple[Done, ...] | Refused:
    values = {"client_id": desk.client(), "codes": tuple(each.code for each in done), "officer_id": CLERK, **more}
    return desk.counter.take_back(TakeBack(**values))


def test_a_certified_copy_is_received_finished_and_returned(desk: Desk) -> None:
    (done,) = give(desk, DIPLOMA)
    row = desk.row(done.code)
    assert (done.state, done.warnings) == (State.RETURNED, ())
    assert (row.state, row.immediate, row.verdict) == (State.RETURNED, True, Judgement.ON_TIME)
    assert (row.copies, row.pages, row.fee) == (3, 1, 6_000)
    assert row.received_at == row.ended_at == row.returned_at
    assert [(e.kind, e.officer_id) for e in desk.events_of(done.code)] == [
        (Act.RECEIVE, CLERK), (Act.FINISH, CLERK), (Act.RETURN, CLERK)
    ]  # fmt: skip
    shown = desk.counter.dossier(done.code)
    assert shown is not None
    assert shown.components == ("Bằng tốt nghiệp THPT",)
    assert desk.counter.worklist() == ()
    assert desk.counter.verify_journal() is None
    assert desk.disagreeing() == []


@pytest.mark.parametrize(
    ("paper", "fee"),
    [
        (Paper(COPIES, "a", pages=1, copies=1), 2_000),
        (Paper(COPIES, "a", pages=4, copies=2), 12_000),
        (Paper(COPIES, "a", pages=900, copies=1), 200_000),
        (Paper(SIGNATURE, "a", pages=9, copies=3), 10_000),
        (Paper(EXTRACT, "", copies=3), 24_000),
        (Paper(TRANSACTION, "a"), 50_000),
        (Paper(BIRTH), None),
    ],
)
def test_the_fee_is_the_catalogues(desk: Desk, paper: Paper, fee: int | None) -> None:
    (done,) = give(desk, paper)
    assert desk.row(done.code).fee == fee


def test_it_is_counted_as_immediate_and_the_day_balances(desk: Desk) -> None:
    give(desk, DIPLOMA, Paper(SIGNATURE, "Sơ yếu lý lịch"))
    give(desk, Paper(TRANSACTION, "Hợp đồng"))
    totals = desk.preview().totals
    assert desk.preview().balanced
    # A transaction has two working days: done at once it is early, and no immediate result by the rules.
    assert {name: number for name, number in totals.items() if number} == {
        "direct": 3, "on_time": 2, "early": 1, "immediate": 2
    }  # fmt: skip
    (closed,) = [each for each in desk.close() if each.day == date(2026, 3, 13)]
    assert closed.balanced
    assert closed.totals["immediate"] == 2


def test_after_three_in_the_afternoon_it_is_immediate_all_the_same(desk: Desk) -> None:
    desk.clock.set("2026-03-13T15:40")
    (done,) = give(desk, DIPLOMA)
    assert desk.row(done.code).immediate


def test_a_visit_of_several_papers_is_one_transaction(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = give(desk, DIPLOMA, Paper(COPIES, "Căn cước", pages=2))
    assert first.code != second.code
    # The person's finished dossiers are no open ones to be warned of.
    assert second.warnings == ()
    assert "pages" in refused(desk, DIPLOMA, Paper(COPIES, "Căn cước", pages=0)).field
    real, calls = acting.act, []

    def full(*given: Any) -> Done:
        calls.append(1)
        if len(calls) == 4:
            raise RecordError(RecordFault.DISK_FULL)
        return real(*given)

    monkeypatch.setattr(acting, "act", full)
    with desk.nothing_written(), pytest.raises(RecordError):
        desk.counter.give(visit(desk, DIPLOMA, DIPLOMA))
    assert len(calls) == 4


def test_the_minute_may_turn_in_between(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    real = desk.context.clock
    monkeypatch.setattr(desk.context, "clock", lambda: (desk.clock.advance(seconds=40), real())[1])
    (done,) = give(desk, DIPLOMA)
    row = desk.row(done.code)
    assert row.received_at == row.ended_at == row.returned_at


def test_the_same_request_again_gets_the_same_answer(desk: Desk) -> None:
    order = visit(desk, DIPLOMA, Paper(SIGNATURE, "Giấy ủy quyền"))
    first = desk.counter.give(order)
    desk.clock.advance(minutes=3)
    with desk.nothing_written():
        assert desk.counter.give(order) == first
    assert isinstance(first, tuple)
    desk.act(first[0].code, Act.SET_CODE, official_code=OFFICIAL)
    assert desk.counter.give(order) == first
    taken = desk.counter.receive(replace(desk.order(MARITAL), client_id=order.client_id + "/finish"))
    assert isinstance(taken, Refused)


def test_an_id_used_for_something_else_is_refused(desk: Desk) -> None:
    order = desk.order(MARITAL)
    desk.counter.receive(order)
    assert refused(desk, DIPLOMA, client_id=order.client_id).reason == "client_id_taken"
    assert refused(desk, DIPLOMA, client_id="").reason == "client_id_needed"


@pytest.mark.parametrize(
    ("paper", "reason", "field"),
    [
        (Paper(MARITAL, "a"), "not_at_once", "procedure"),
        (Paper(UNKNOWN_LIMIT, "a"), "not_at_once", "procedure"),
        (Paper("9.999999", "a"), "unknown_procedure", "procedure"),
        (Paper(SWITCHED_OFF, "a"), "procedure_off", "procedure"),
        (Paper(COPIES, " "), "paper_needed", "paper"),
        (Paper(COPIES, "a", pages=0), "no_pages", "pages"),
        (Paper(COPIES, "a", copies=0), "no_copies", "copies"),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_is_written(desk: Desk, paper: Paper, reason: str, field: str) -> None:
    found = refused(desk, paper)
    assert (found.reason, found.field) == (reason, field)
    assert found.sentence


def test_nobody_and_nothing_are_refused(desk: Desk) -> None:
    assert refused(desk, DIPLOMA, applicant=PersonInput(" ")).field == "applicant.name"
    assert refused(desk).reason == "paper_needed"


def test_an_open_dossier_of_the_same_kind_is_told(desk: Desk) -> None:
    earlier = desk.receive(COPIES, "Trần Ỷ", id_number=Y.id_number)
    (done,) = give(desk, DIPLOMA)
    assert earlier.code in done.warnings[0]


def test_a_live_centre_takes_no_instant(live: Desk) -> None:
    assert refused(live, DIPLOMA, at=live.clock.now).reason == "at_in_live_centre"
    (done,) = give(live, DIPLOMA)
    assert live.row(done.code).immediate


def test_today_counts_what_this_desk_gave_at_once(desk: Desk) -> None:
    assert desk.counter.given_today() == Given(0, 0)
    give(desk, DIPLOMA, Paper(TRANSACTION, "Hợp đồng"))
    desk.act(desk.receive(COPIES, copies=1, pages=1).code, Act.FINISH)
    desk.act(desk.receive(MARITAL).code, Act.FINISH)
    desk.receive(COPIES)
    assert desk.counter.given_today() == Given(3, 58_000)
    beside = open_desk(desk.path, desk=2)
    give(beside, DIPLOMA, client_id="of the desk beside")
    assert beside.counter.given_today() == Given(1, 6_000)
    beside.records.close()
    assert desk.counter.given_today() == Given(3, 58_000)
    desk.clock.set("2026-03-16T08:00")
    assert desk.counter.given_today() == Given(0, 0)


def test_taken_back_it_leaves_no_trace_in_the_counts(desk: Desk) -> None:
    kept = give(desk, DIPLOMA)
    both = give(desk, DIPLOMA, Paper(SIGNATURE, "Giấy ủy quyền"))
    desk.clock.advance(minutes=10)
    order = TakeBack("back", tuple(each.code for each in both), CLERK)
    found = desk.counter.take_back(order)
    assert isinstance(found, tuple)
    assert [each.state for each in found] == [State.VOIDED, State.VOIDED]
    with desk.nothing_written():
        assert desk.counter.take_back(order) == found
    assert desk.counter.given_today() == Given(1, 6_000)
    view = desk.preview()
    assert view.balanced
    assert {name: number for name, number in view.totals.items() if number} == {
        "direct": 1, "on_time": 1, "immediate": 1
    }  # fmt: skip
    assert desk.disagreeing() == []
    assert desk.row(kept[0].code).state == State.RETURNED
    assert desk.counter.verify_journal() is None


def test_taken_back_after_the_day_was_closed_the_next_file_says_so(desk: Desk) -> None:
    (done,) = give(desk, DIPLOMA)
    desk.close()
    assert isinstance(back(desk, done), tuple)
    again = desk.close()
    assert again[-1].balanced
    assert {name: number for name, number in again[-1].totals.items() if number} == {"reopened": 1, "voided": 1}


def test_after_ten_minutes_it_stays(desk: Desk) -> None:
    (done,) = give(desk, DIPLOMA)
    desk.clock.advance(minutes=11)
    for officer in (CLERK, HEAD):
        with desk.nothing_written():
            found = back(desk, done, officer_id=officer)
        assert isinstance(found, Refused)
        assert found.reason == "undo_window_passed"


def test_what_is_more_than_that_is_not_taken_back(desk: Desk) -> None:
    first, second = give(desk, DIPLOMA, DIPLOMA)
    desk.act(second.code, Act.SET_CODE, official_code=OFFICIAL)
    with desk.nothing_written():
        found = back(desk, first, second)
    assert isinstance(found, Refused)
    assert (found.reason, second.code in found.sentence) == ("changed_since", True)
    other = desk.receive(MARITAL)
    assert isinstance(back(desk, other), Refused)
    assert isinstance(back(desk, replace(first, code="TN-0")), Refused)
    assert isinstance(back(desk, first, client_id=""), Refused)


def test_the_kinds_come_from_the_catalogue(desk: Desk) -> None:
    kinds = desk.counter.kinds()
    assert [(each.label, each.procedure.code if each.procedure else "") for each in kinds.named] == [
        ("Bản sao", COPIES), ("Chữ ký", SIGNATURE), ("Trích lục", EXTRACT), ("Giao dịch", TRANSACTION)
    ]  # fmt: skip
    others = [each.code for each in kinds.others]
    assert BIRTH in others
    assert not {COPIES, SIGNATURE, EXTRACT, TRANSACTION, MARITAL, UNKNOWN_LIMIT} & set(others)
    give(desk, Paper("2.000942", "a"))
    with desk.records.writing() as work:
        procedures.switch(work.connection, SIGNATURE, enabled=False)
        work.commit()
    kinds = desk.counter.kinds()
    assert [each.procedure is None for each in kinds.named] == [False, True, False, False]
    assert kinds.others[0].code == "2.000942"


def test_papers_are_offered_most_used_first(desk: Desk) -> None:
    shipped = desk.counter.papers(COPIES)
    assert "Căn cước" in shipped
    give(desk, Paper(COPIES, "Học bạ"), Paper(COPIES, "can cuoc"), Paper(COPIES, "hoc ba"), Paper(COPIES, "Học bạ"))
    give(desk, Paper(SIGNATURE, "Đơn"))
    desk.receive(COPIES, components=("Bản chính", "Bản sao cần chứng thực"))
    found = desk.counter.papers(COPIES)
    assert found[:2] == ("Học bạ", "Căn cước")
    assert sorted(found[2:]) == sorted(set(shipped) - {"Căn cước"})
    assert desk.counter.papers(SIGNATURE)[0] == "Đơn"
    assert desk.counter.papers("9.999999") == ()
