"""The call-back list on a real record: who, what to say, what came of it, and nothing personal in the journal."""

from __future__ import annotations

import json
from typing import Any

from db import calls
from db.vocabulary import Act, ApplicantKind, CallOutcome, CallReason, OfficeEvent, ReturnWay
from desk.counter.call_model import CallLine, MakeCall
from desk.rules.calling import Turn
from tests.counter.desk_fixture import CLERK, HEAD, MARITAL, Desk, at, refused

PHONE = {"phone": "0912345678"}


def listed(desk: Desk) -> tuple[CallLine, ...]:
    """Return the list, of which the figure of the morning counts those whose turn it is."""
    found = desk.counter.calls.listed()
    assert sorted(desk.counter.drill().calls) == sorted(line.row.id for line in found if line.turn is Turn.NOW)
    return found


def one(desk: Desk) -> CallLine:
    (found,) = listed(desk)
    return found


def made(desk: Desk, line: CallLine, outcome: CallOutcome, **more: Any) -> Any:
    values: dict[str, Any] = {"client_id": desk.client(), "officer_id": CLERK, **more}
    order = MakeCall(dossier_id=line.row.id, reason=line.reason, occasion=line.occasion, outcome=outcome, **values)
    return desk.counter.calls.made(order)


def told_by_the_journal(desk: Desk) -> None:
    assert desk.disagreeing() == []
    with desk.records.reading() as view:
        stored = calls.of_dossiers(view.connection, range(1, 100))
    flat = sorted((row for rows in stored.values() for row in rows), key=lambda row: row.event_seq)
    assert calls.rebuilt(desk.events()) == flat


def ready(desk: Desk, name: str = "Lê Đức Thọ", **more: Any) -> str:
    code = desk.receive(MARITAL, name, **{**PHONE, **more}).code
    desk.act(code, Act.FINISH)
    return code


def test_a_result_that_waits_is_a_call_with_its_sentence(desk: Desk) -> None:
    code = ready(desk)
    line = one(desk)
    assert (line.reason, line.turn, line.phone, line.tries) == (CallReason.READY, Turn.NOW, "09•••678", 0)
    for said in ("Chào ông/bà Lê Đức Thọ", code, "xác nhận tình trạng hôn nhân", "sớm hơn hẹn T4 18/03/2026 09:12"):
        assert said in line.sentence
    assert line.sentence.endswith(".")
    desk.clock.set("2026-03-18T10:00")
    assert "sớm hơn" not in one(desk).sentence


def test_what_goes_by_post_or_is_not_done_is_no_call(desk: Desk) -> None:
    ready(desk, return_way=ReturnWay.POST)
    desk.receive(MARITAL, **PHONE)
    assert listed(desk) == ()


def test_a_supplement_names_the_papers_and_the_term(desk: Desk) -> None:
    code = desk.receive(MARITAL, **PHONE).code
    desk.act(code, Act.SUPPLEMENT, reason="thiếu giấy xác nhận cũ")
    desk.counter.till.fee(code)
    line = one(desk)
    assert line.reason is CallReason.SUPPLEMENT
    assert "cần bổ sung: thiếu giấy xác nhận cũ; mời nộp tại quầy trước" in line.sentence
    desk.act(code, Act.SUPPLEMENTED)
    assert listed(desk) == ()


def test_an_apology_and_a_late_result_come_first(desk: Desk) -> None:
    ready(desk, "A Ready")
    moved = desk.receive(MARITAL, "B Moved", **PHONE).code
    desk.act(moved, Act.RESCHEDULE, to=at("2026-03-20T09:00"), reason="xin lỗi")
    desk.receive(MARITAL, "C Late", **PHONE)
    desk.clock.set("2026-03-18T09:13")
    lines = listed(desk)
    assert [line.reason for line in lines] == [CallReason.LATE, CallReason.APOLOGY, CallReason.READY]
    assert "xin hẹn lại T6 20/03/2026 09:00" in lines[1].sentence
    assert "đã quá hẹn T4 18/03/2026 09:12" in lines[0].sentence


def test_an_organisation_is_no_mr_or_mrs(desk: Desk) -> None:
    ready(desk, "Công ty TNHH Bình Minh", kind=ApplicantKind.ORGANISATION)
    assert "Chào Công ty TNHH Bình Minh," in one(desk).sentence


def test_who_has_no_number_comes_last_and_is_not_forgotten(desk: Desk) -> None:
    ready(desk, "Không Số", phone="")
    ready(desk, "Có Số")
    assert [(line.row.applicant, line.turn) for line in listed(desk)] == [
        ("Có Số", Turn.NOW),
        ("Không Số", Turn.NUMBER),
    ]


def test_nobody_answers_and_the_reminder_comes_back(desk: Desk) -> None:
    code = ready(desk)
    assert made(desk, one(desk), CallOutcome.NO_ANSWER) == at("2026-03-13T11:12")
    assert (one(desk).turn, one(desk).at, one(desk).last) == (Turn.LATER, at("2026-03-13T11:12"), "không nghe máy")
    desk.clock.set("2026-03-13T11:12")
    assert one(desk).turn is Turn.NOW
    view = desk.counter.dossier(code)
    assert view is not None
    assert (view.events[-1].what, view.events[-1].note) == ("Gọi điện", "có kết quả · không nghe máy")
    told_by_the_journal(desk)


def test_a_call_asked_for_comes_back_at_its_hour_before_all_others(desk: Desk) -> None:
    ready(desk, "A")
    ready(desk, "B")
    wanted = listed(desk)[1]
    again = at("2026-03-13T14:00")
    with desk.nothing_written():
        refused(made(desk, wanted, CallOutcome.LATER), "again_needed")
        refused(made(desk, wanted, CallOutcome.LATER, again_at=at("2026-03-13T09:12")), "again_in_past")
    assert made(desk, wanted, CallOutcome.LATER, again_at=again) == again
    assert [line.row.applicant for line in listed(desk)] == ["A", "B"]
    desk.clock.set("2026-03-13T14:00")
    assert [line.row.applicant for line in listed(desk)] == ["B", "A"]
    assert listed(desk)[0].turn is Turn.NOW
    told_by_the_journal(desk)


def test_who_was_reached_is_not_rung_again_until_there_is_other_news(desk: Desk) -> None:
    code = desk.receive(MARITAL, **PHONE).code
    desk.act(code, Act.SUPPLEMENT, reason="thiếu giấy")
    assert made(desk, one(desk), CallOutcome.REACHED) is None
    assert listed(desk) == ()
    desk.act(code, Act.SUPPLEMENTED)
    desk.act(code, Act.FINISH)
    assert one(desk).reason is CallReason.READY
    assert made(desk, one(desk), CallOutcome.CAME) is None
    assert listed(desk) == ()
    # The result is undone and made again: another result, another call.
    desk.clock.advance(minutes=1)
    desk.act(code, Act.UNDO)
    desk.clock.advance(minutes=1)
    desk.act(code, Act.FINISH)
    assert one(desk).tries == 0
    told_by_the_journal(desk)


def test_a_wrong_number_waits_for_a_right_one(desk: Desk) -> None:
    ready(desk)
    assert made(desk, one(desk), CallOutcome.WRONG_NUMBER) is None
    desk.clock.set("2026-03-20T09:00")
    assert (one(desk).turn, one(desk).last) == (Turn.NUMBER, "sai số")


def test_a_call_for_what_is_over_is_refused(desk: Desk) -> None:
    code = ready(desk)
    line = one(desk)
    desk.act(code, Act.RETURN)
    with desk.nothing_written():
        refused(made(desk, line, CallOutcome.REACHED), "not_wanted")
        refused(made(desk, line, CallOutcome.REACHED, client_id=""), "client_id_needed")


def test_the_same_request_is_one_call(desk: Desk) -> None:
    ready(desk)
    line = one(desk)
    first = made(desk, line, CallOutcome.NO_ANSWER, client_id="call")
    with desk.nothing_written():
        assert made(desk, line, CallOutcome.NO_ANSWER, client_id="call") == first


def test_the_journal_holds_nothing_personal_of_a_call(desk: Desk) -> None:
    ready(desk, "Nguyễn Bí Mật")
    made(desk, one(desk), CallOutcome.LATER, again_at=at("2026-03-13T14:00"))
    event = desk.events()[-1]
    assert event.kind == OfficeEvent.CALL_MADE
    assert set(event.data) == {"why", "occasion", "outcome", "again", "set"}
    written = json.dumps([dict(each.data) for each in desk.events()], ensure_ascii=False)
    for secret in ("Bí Mật", "0912345678", "345678"):
        assert secret not in written


def test_an_erased_person_is_rung_no_more(desk: Desk) -> None:
    ready(desk)
    desk.sql("UPDATE person SET name = '', phone = ''")
    assert listed(desk) == ()


def test_the_hand_over_counts_who_waits_now_and_what_is_left(desk: Desk) -> None:
    ready(desk, "A")
    ready(desk, "B")
    made(desk, listed(desk)[0], CallOutcome.NO_ANSWER)
    open_one = desk.receive(MARITAL, "C")
    found = desk.counter.shifts.handover(HEAD, drafts=2)
    assert [row.applicant for row, _reason in found.calls] == ["B"]
    assert len(found.received) == 3
    assert [row.id for row in found.ungiven] == [open_one.dossier_id]
    lines = desk.counter.shifts.handover_lines(found)
    assert any("Biểu mẫu gõ dở: 2" in line for line in lines)
    assert any("Lê Thị Hoa" in line for line in lines)
    desk.counter.shifts.slip_given(open_one.dossier_id, HEAD)
    with desk.nothing_written():
        desk.counter.shifts.slip_given(open_one.dossier_id, HEAD)
    assert desk.counter.shifts.handover().ungiven == ()


def test_the_hand_over_begins_where_the_cash_was_closed(desk: Desk) -> None:
    from desk.counter.till_model import CashShift, CloseCash

    code = desk.receive(MARITAL, "A").code
    closed = desk.counter.till.close(CloseCash("close", 0, 0, officer_id=HEAD))
    assert isinstance(closed, CashShift)
    assert desk.counter.shifts.handover().received == ()
    desk.clock.advance(minutes=5)
    desk.act(code, Act.FINISH)
    desk.act(code, Act.RETURN)
    voided = desk.receive(MARITAL, "B").code
    desk.act(voided, Act.VOID, reason="nhầm")
    found = desk.counter.shifts.handover()
    assert [row.code for row in found.returned] == [code]
    assert found.since == at("2026-03-13T09:12")
    assert code not in [row.code for row in found.received]
    desk.clock.advance(minutes=1)
    desk.act(code, Act.UNDO)
    assert desk.counter.shifts.handover().returned == ()
