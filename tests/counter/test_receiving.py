"""Dossiers coming in: what is written, what is promised, and what is refused without a trace."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from db import people
from db.vocabulary import Act, ApplicantKind, Channel, ReturnWay, State
from desk.counter.model import PersonInput, PromiseView
from tests.counter.desk_fixture import (
    BIRTH,
    CLERK,
    COPIES,
    LAND,
    LODGING,
    MARITAL,
    OFFICIAL,
    OTHER_OFFICIAL,
    SWITCHED_OFF,
    UNKNOWN_LIMIT,
    Desk,
    at,
    refused,
)


@pytest.mark.parametrize(
    ("procedure", "more", "promise"),
    [
        (COPIES, {}, "2026-03-13T17:00"),
        (COPIES, {"variant": "nhiều loại/nhiều trang/phức tạp"}, "2026-03-17T09:12"),
        (BIRTH, {}, "2026-03-13T17:00"),
        (MARITAL, {}, "2026-03-18T09:12"),
        (MARITAL, {"variant": "PHAI XAC MINH"}, "2026-04-06T17:00"),
        (LAND, {}, "2026-04-10T09:12"),
        (LODGING, {}, "2026-03-13T10:12"),
        (UNKNOWN_LIMIT, {"promise": at("2026-03-20T15:00")}, "2026-03-20T15:00"),
    ],
)
def test_a_receipt_promises_what_the_catalogue_says(
    desk: Desk, procedure: str, more: dict[str, Any], promise: str
) -> None:
    answer = desk.receive(procedure, **more)
    row = desk.row(answer.code)
    assert answer.state is State.RECEIVED
    assert answer.promise == at(promise) == row.promise == row.first_promise
    assert answer.legal_deadline == (None if "promise" in more else at(promise))
    assert (row.accepted, row.promise_typed, row.received_at) == (True, "promise" in more, desk.clock.now)
    assert answer.warnings == ()
    assert desk.disagreeing() == []


def test_everything_that_was_written_stands_in_the_row_and_the_journal(desk: Desk) -> None:
    answer = desk.receive(
        COPIES,
        "  Nguyễn  Đức Thi\u0323nh ",
        id_number=" 042180 000708 ",
        phone="0912 345 678",
        email="thinh@example.vn",
        address="Thôn Hải Thanh",
        kind=ApplicantKind.HOUSEHOLD,
        channel=Channel.POST,
        representative=PersonInput("Lê Thị Ủy", id_number="042190000001"),
        components=("Bản chính", "Bản sao"),
        copies=2,
        pages=3,
        return_way=ReturnWay.POST,
        note="gọi trước",
        official_code=" h31.65-260313-0001 ",
        officer_id=CLERK,
    )
    row = desk.row(answer.code)
    assert answer.code == "TN-18229-260313-10001J"
    assert answer.slip_number == row.slip_number == "26.100001"
    assert (row.channel, row.copies, row.pages, row.return_way) == (Channel.POST, 2, 3, "post")
    assert (row.official_code, row.received_by, row.late_entry) == (OFFICIAL, CLERK, False)
    assert row.fee == 2 * (2 * 2000 + 1000)
    with desk.records.reading() as view:
        applicant = people.get(view.connection, row.person_id)
        other = people.get(view.connection, row.representative_id or 0)
        remarks = {each.kind: each.text for each in people.remarks(view.connection, row.id)}
    assert applicant is not None
    assert other is not None
    assert (applicant.name, applicant.id_number, applicant.phone) == ("Nguyễn Đức Thịnh", "042180000708", "0912345678")
    assert (applicant.email, applicant.address, applicant.kind) == ("thinh@example.vn", "Thôn Hải Thanh", 2)
    assert (other.name, other.id_number) == ("Lê Thị Ủy", "042190000001")
    assert remarks == {"note": "gọi trước", "papers": '["Bản chính", "Bản sao"]'}
    (event,) = desk.events_of(answer.code)
    assert (event.kind, event.seq, event.officer_id, event.at) == (Act.RECEIVE, answer.seq, CLERK, desk.clock.now)
    assert event.data["seen"] == people.fingerprint(applicant)
    assert event.data["slip"] == answer.slip_number
    assert set(event.data["remarks"]) == {"note", "papers"}


@pytest.mark.parametrize(
    ("act", "state", "more", "slip"),
    [
        (Act.REGISTER, State.REGISTERED, {}, ""),
        (Act.SUPPLEMENT, State.SUPPLEMENT, {"reason": "thiếu tờ khai"}, "26.100001"),
        (Act.DECLINE, State.NOT_RECEIVED, {"reason": "không thuộc thẩm quyền"}, "26.100001"),
    ],
)
def test_what_is_not_accepted_has_no_clock(desk: Desk, act: Act, state: State, more: dict[str, Any], slip: str) -> None:
    answer = desk.receive(MARITAL, act=act, channel=Channel.ONLINE, **more)
    row = desk.row(answer.code)
    assert (answer.state, answer.promise, answer.legal_deadline, answer.slip_number) == (state, None, None, slip)
    assert (row.accepted, row.received_at, row.first_promise, row.slip_number) == (False, None, None, "")


Refusal = tuple[str, str, dict[str, Any], str, str]

REFUSALS: tuple[Refusal, ...] = (
    ("9.999999", "An", {}, "unknown_procedure", "procedure"),
    ("", "An", {}, "unknown_procedure", "procedure"),
    ("\udcff", "An", {}, "unknown_procedure", "procedure"),
    (SWITCHED_OFF, "An", {}, "procedure_off", "procedure"),
    (MARITAL, "An", {"received_at": at("2026-03-13T09:13")}, "received_in_future", "received_at"),
    (MARITAL, "An", {"received_at": at("2025-06-30T16:59"), "late_entry_reason": "x"}, "before_unit", "received_at"),
    (MARITAL, "An", {"promise": at("2026-03-20T10:00")}, "limit_known", "promise"),
    (UNKNOWN_LIMIT, "An", {}, "promise_needed", "promise"),
    (UNKNOWN_LIMIT, "An", {"promise": at("2026-03-13T09:12")}, "promise_in_past", "promise"),
    (UNKNOWN_LIMIT, "An", {"promise": at("2026-03-12T10:00")}, "promise_in_past", "promise"),
    (MARITAL, "An", {"official_code": "H31.65-269913-0001"}, "bad_official_code", "official_code"),
    (MARITAL, "An", {"official_code": "abc"}, "bad_official_code", "official_code"),
    (MARITAL, "An", {"official_code": OTHER_OFFICIAL}, "official_code_taken", "official_code"),
    (MARITAL, "An", {"variant": "không có thật"}, "unknown_variant", "variant"),
    (BIRTH, "An", {"variant": "cần xác minh"}, "unknown_variant", "variant"),
    (MARITAL, "", {}, "name_needed", "applicant.name"),
    (MARITAL, "\u200b \t\x00", {}, "name_needed", "applicant.name"),
    (MARITAL, "An", {"representative": PersonInput(" ")}, "name_needed", "representative.name"),
    (MARITAL, "An", {"act": Act.DECLINE}, "reason_needed", "reason"),
    (MARITAL, "An", {"act": Act.SUPPLEMENT, "reason": " \u200b"}, "reason_needed", "reason"),
    (MARITAL, "An", {"client_id": ""}, "client_id_needed", "client_id"),
)


@pytest.mark.parametrize(("procedure", "name", "more", "reason", "field"), REFUSALS)
def test_a_refused_receipt_writes_nothing(
    desk: Desk, procedure: str, name: str, more: Any, reason: str, field: str
) -> None:
    desk.receive(LAND, official_code=OTHER_OFFICIAL)
    order = desk.order(procedure, name, **more)
    with desk.nothing_written():
        answer = refused(desk.counter.receive(order), reason)
    assert answer.field == field


def test_a_live_centre_asks_why_a_dossier_is_entered_late(live: Desk) -> None:
    earlier: dict[str, Any] = {"received_at": at("2026-03-12T16:00")}
    with live.nothing_written():
        assert refused(live.try_receive(**earlier), "late_entry").field == "late_entry_reason"
    answer = live.receive(**earlier, late_entry_reason="mất điện")
    row = live.row(answer.code)
    assert answer.code.startswith("TN-18229-260312-1")
    assert (row.late_entry, row.received_at, row.registered_at) == (True, at("2026-03-12T16:00"), live.clock.now)
    assert answer.promise == at("2026-03-17T16:00")
    assert live.events_of(answer.code)[0].at == live.clock.now


def test_a_practice_centre_needs_no_reason_to_enter_late(desk: Desk) -> None:
    assert desk.row(desk.receive(received_at=at("2026-03-12T16:00")).code).late_entry


def test_only_practice_may_choose_the_instant(desk: Desk, live: Desk) -> None:
    chosen = at("2026-03-10T10:00")
    code = live.receive().code
    with live.nothing_written():
        refused(live.try_receive(at=chosen), "at_in_live_centre")
        refused(live.try_take_over("2026-03-01T08:00", at=chosen), "at_in_live_centre")
        refused(live.try_act(code, Act.FINISH, at=chosen), "at_in_live_centre")
    answer = desk.receive(at=chosen)
    assert answer.promise == at("2026-03-13T10:00")
    assert desk.events_of(answer.code)[0].at == chosen


def test_codes_run_by_day_and_desk_and_slips_by_form(desk: Desk) -> None:
    first = [desk.receive(act=act, reason="thiếu") for act in (Act.RECEIVE, Act.SUPPLEMENT, Act.DECLINE, Act.RECEIVE)]
    desk.clock.set("2026-03-16T08:00")
    later = desk.receive()
    assert [each.code[9:20] for each in (*first, later)] == [
        "260313-1000", "260313-1000", "260313-1000", "260313-1000", "260316-1000"
    ]  # fmt: skip
    assert [each.code[20] for each in (*first, later)] == ["1", "2", "3", "4", "1"]
    assert [each.slip_number for each in (*first, later)] == [
        "26.100001", "26.100001", "26.100001", "26.100002", "26.100003"
    ]  # fmt: skip


def test_a_refusal_leaves_no_gap_in_any_series(desk: Desk) -> None:
    desk.receive()
    for _each in range(3):
        refused(desk.try_receive(official_code="abc"), "bad_official_code")
        refused(desk.try_receive(UNKNOWN_LIMIT), "promise_needed")
    answer = desk.receive()
    assert (answer.code[20], answer.slip_number) == ("2", "26.100002")


def test_a_slip_series_begins_anew_each_year(desk: Desk) -> None:
    desk.receive()
    desk.clock.set("2027-01-04T08:00")
    assert desk.receive().slip_number == "27.100001"


def test_a_full_day_is_said_and_the_next_day_goes_on(desk: Desk) -> None:
    desk.receive()
    desk.sql("UPDATE counter SET last = 9998 WHERE series LIKE 'code/%'")
    assert desk.receive().code[17:21] == "9999"
    with desk.nothing_written():
        refused(desk.try_receive(), "day_full")
    desk.clock.set("2026-03-16T08:00")
    assert desk.receive().code[17:21] == "0001"


def test_a_second_open_dossier_of_the_same_person_is_told(desk: Desk) -> None:
    person = {"id_number": "042180000708"}
    first = desk.receive(MARITAL, **person)
    assert desk.receive(LAND, **person).warnings == ()
    again = desk.receive(MARITAL, "Nguyễn Đức Thịnh (anh)", **person)
    assert first.code in again.warnings[0]
    desk.act(first.code, Act.FINISH)
    desk.act(again.code, Act.VOID, reason="nhập hai lần")
    assert desk.receive(MARITAL, **person).warnings == ()
    assert desk.receive(MARITAL).warnings == ()


def test_the_same_person_is_kept_once_and_never_rewritten(desk: Desk) -> None:
    one = {"id_number": "042180000708", "phone": "0912345678"}
    first, same = desk.receive(**one), desk.receive(**one)
    moved = desk.receive(**one, address="Thôn mới")
    nameless = desk.receive(), desk.receive()
    ids = [desk.row(each.code).person_id for each in (first, same, moved, *nameless)]
    assert ids[0] == ids[1]
    assert len(set(ids)) == 4
    assert desk.ask("SELECT address FROM person WHERE id = :id", id=ids[0]) == ""


@pytest.mark.parametrize("written", ["2026-03-14T10:00", "2026-03-13T23:30", "2026-03-13T05:00"])
def test_receipts_outside_office_hours_are_taken(desk: Desk, written: str) -> None:
    desk.clock.set(written)
    answer = desk.receive()
    assert answer.promise is not None
    assert answer.promise >= at(written)
    assert desk.row(answer.code).received_at == at(written)


def test_a_date_beyond_the_calendar_is_provisional(desk: Desk) -> None:
    desk.clock.set("2026-12-30T09:00")
    answer = desk.receive(LAND)
    assert desk.row(answer.code).provisional
    (line,) = desk.counter.rows([answer.dossier_id])
    assert line.provisional


def test_the_procedure_in_force_on_the_day_of_receipt_is_used(desk: Desk) -> None:
    desk.sql("UPDATE procedure SET valid_to = :day WHERE code = :code", day="2026-03-12", code=MARITAL)
    refused(desk.try_receive(MARITAL), "procedure_ended")
    assert desk.receive(MARITAL, received_at=at("2026-03-12T10:00")).promise == at("2026-03-17T10:00")


def test_a_shorter_promise_of_the_centre_stands_beside_the_law(desk: Desk) -> None:
    with desk.records.writing() as work:
        work.connection.execute(
            text("UPDATE procedure SET local_limit = '2 working_day' WHERE code = :c"), {"c": MARITAL}
        )
        work.commit()
    answer = desk.receive(MARITAL)
    assert (answer.promise, answer.legal_deadline) == (at("2026-03-17T09:12"), at("2026-03-18T09:12"))
    assert desk.row(answer.code).first_promise == answer.promise


def test_taken_over_dossiers_keep_their_old_code_and_dates(desk: Desk) -> None:
    answer = desk.take_over("2026-02-10T08:30", LAND, old_code="000.42.11-260210-0007", note="từ xã cũ")
    row = desk.row(answer.code)
    assert (row.state, row.accepted, row.taken_over) == (State.PROCESSING, True, True)
    assert (row.received_at, row.registered_at) == (at("2026-02-10T08:30"), desk.clock.now)
    assert row.old_code == "000.42.11-260210-0007"
    assert row.code.startswith("TN-18229-260313-")
    assert row.promise == row.legal_deadline == at("2026-03-17T08:30")
    assert desk.preview().totals.get("taken_over") == 1
    assert "direct" not in desk.preview().totals


def test_a_promise_given_by_the_old_unit_stands_beside_the_law(desk: Desk) -> None:
    answer = desk.take_over("2026-03-02T08:30", MARITAL, promise=at("2026-03-20T16:00"), official_code=OFFICIAL)
    row = desk.row(OFFICIAL)
    assert row.id == answer.dossier_id
    assert (row.promise, row.first_promise, row.legal_deadline) == (
        at("2026-03-20T16:00"), at("2026-03-20T16:00"), at("2026-03-05T08:30"),
    )  # fmt: skip
    overdue = desk.take_over("2026-03-02T08:30", UNKNOWN_LIMIT, promise=at("2026-03-06T16:00"))
    assert desk.counter.drill().overdue == (overdue.dossier_id,)


@pytest.mark.parametrize("procedure", [MARITAL, COPIES, LODGING, UNKNOWN_LIMIT])
@pytest.mark.parametrize("received", ["2026-03-06T10:00", "2026-03-07T10:00", "2026-03-05T18:00", "2026-03-06T05:00"])
@pytest.mark.parametrize("promised", ["2026-03-07T10:01", "2026-03-08T09:00", "2026-03-09T07:30", "2027-01-04T10:00"])
def test_a_promise_of_the_old_unit_is_kept_to_the_minute(
    desk: Desk, procedure: str, received: str, promised: str
) -> None:
    code = desk.take_over(received, procedure, promise=at(promised)).code
    row = desk.row(code)
    assert (row.promise, row.first_promise, row.received_at) == (at(promised), at(promised), at(received))
    assert row.provisional == promised.startswith("2027")
    desk.act(code, Act.OBLIGATION)
    desk.act(code, Act.UNDO)
    assert (desk.row(code).promise, desk.row(code).provisional) == (row.promise, row.provisional)
    assert [event.kind for event in desk.events_of(code)] == ["take_over", "obligation", "undo"]


def test_dossiers_older_than_the_unit_can_be_taken_over(desk: Desk) -> None:
    answer = desk.take_over("2025-05-20T08:30", LAND)
    assert desk.row(answer.code).received_at == at("2025-05-20T08:30")


@pytest.mark.parametrize(
    ("received", "more", "reason"),
    [
        ("2026-03-13T09:13", {}, "received_in_future"),
        ("2026-03-02T08:30", {"procedure": UNKNOWN_LIMIT}, "promise_needed"),
        ("2026-03-02T08:30", {"procedure": "9.999999"}, "unknown_procedure"),
        ("2026-03-02T08:30", {"procedure": SWITCHED_OFF}, "procedure_off"),
        ("2026-03-02T08:30", {"promise": at("2026-03-02T08:30")}, "promise_in_past"),
        ("2026-03-02T08:30", {"official_code": "?"}, "bad_official_code"),
        ("2026-03-02T08:30", {"variant": "lạ"}, "unknown_variant"),
    ],
)
def test_a_refused_handover_writes_nothing(desk: Desk, received: str, more: dict[str, Any], reason: str) -> None:
    with desk.nothing_written():
        refused(desk.try_take_over(received, **more), reason)


def test_dates_are_told_before_anything_is_written(desk: Desk) -> None:
    with desk.nothing_written():
        told = desk.counter.promise_for(MARITAL)
        late = desk.counter.promise_for(MARITAL, received_at=at("2026-03-12T16:00"))
        unknown = desk.counter.promise_for(UNKNOWN_LIMIT)
        refused(desk.counter.promise_for(SWITCHED_OFF), "procedure_off")
        refused(desk.counter.promise_for(MARITAL, variant="lạ"), "unknown_variant")
    assert isinstance(told, PromiseView)
    assert isinstance(late, PromiseView)
    assert isinstance(unknown, PromiseView)
    assert told.promise == desk.receive(MARITAL).promise == at("2026-03-18T09:12")
    assert late.promise == at("2026-03-17T16:00")
    assert (unknown.promise, unknown.trace) == (None, ())
    assert unknown.doubt
    assert told.trace


def test_the_unit_of_the_fixture_is_what_the_tests_believe(desk: Desk) -> None:
    assert desk.ask("SELECT valid_from FROM unit WHERE code = '18229'") == date(2025, 7, 1).isoformat()
