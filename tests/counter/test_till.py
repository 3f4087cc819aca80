"""The till of a desk: receipts without a gap, voided and never deleted, shifts that add up, all told by the journal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from db import fees, journal
from db.fees import FeeRow
from db.vocabulary import Act, OfficeEvent, PayMethod
from desk.counter.lane import Paper, TakeBack, Visit
from desk.counter.model import PersonInput, Refused
from desk.counter.till_model import CashShift, CloseCash, DossierFee, FeeLine, TakeFee, Voided, VoidFee
from desk.rules.cash import Mark
from tests.counter.desk_fixture import CLERK, COPIES, HEAD, MARITAL, UNKNOWN_LIMIT, Desk, at, open_desk, refused


def take(desk: Desk, code: str, **more: Any) -> FeeLine | Refused:
    values: dict[str, Any] = {"client_id": desk.client(), "method": PayMethod.CASH, "officer_id": CLERK, **more}
    return desk.counter.till.take(TakeFee(code=code, **values))


def taken(desk: Desk, code: str, **more: Any) -> FeeLine:
    found = take(desk, code, **more)
    assert isinstance(found, FeeLine), found
    return found


def void(desk: Desk, number: str, **more: Any) -> Voided | Refused:
    values: dict[str, Any] = {"client_id": desk.client(), "reason": "thu nhầm", "officer_id": CLERK, **more}
    return desk.counter.till.void(VoidFee(number=number, **values))


def close(desk: Desk, counted: int, **more: Any) -> CashShift | Refused:
    seen = desk.counter.till.shift().totals.expected
    values: dict[str, Any] = {"client_id": desk.client(), "seen": seen, "officer_id": CLERK, **more}
    return desk.counter.till.close(CloseCash(counted=counted, **values))


def closed(desk: Desk, counted: int, **more: Any) -> CashShift:
    found = close(desk, counted, **more)
    assert isinstance(found, CashShift), found
    return found


def fee_of(desk: Desk, code: str) -> DossierFee:
    found = desk.counter.till.fee(code)
    assert isinstance(found, DossierFee)
    return found


def stored(desk: Desk) -> list[FeeRow]:
    with desk.records.reading() as view:
        return sorted(fees.of_shift(view.connection, 1, 0), key=lambda row: row.event_seq)


def copies(desk: Desk, n: int = 3, **more: Any) -> str:
    return desk.receive(COPIES, copies=n, pages=1, **more).code


def told_by_the_journal(desk: Desk) -> None:
    assert desk.disagreeing() == []
    assert fees.rebuilt(desk.events()) == stored(desk)
    with desk.records.reading() as view:
        last = fees.last_close(view.connection, 1)
        assert journal.verify(view.connection) is None
    rebuilt = fees.rebuilt_closes(desk.events())
    assert (rebuilt[-1].event_seq if rebuilt else None) == (last.event_seq if last else None)
    for row in rebuilt:
        assert last is None or row.number <= last.number


def test_a_fee_is_taken_with_a_number_and_an_event(desk: Desk) -> None:
    code = copies(desk)
    before = fee_of(desk, code)
    assert (before.fee, before.taken, before.due, before.receipts) == (6_000, 0, 6_000, ())
    line = taken(desk, code)
    assert (line.number, line.amount, line.method, line.officer) == (
        "BL26.1-000001",
        6_000,
        PayMethod.CASH,
        "Phạm Văn Tư",
    )
    after = fee_of(desk, code)
    assert (after.taken, after.due, after.receipts) == (6_000, 0, (line,))
    event = desk.events()[-1]
    assert (event.kind, event.officer_id, event.dossier_id) == (OfficeEvent.FEE_TAKEN, CLERK, desk.row(code).id)
    assert {key: event.data[key] for key in ("year", "desk", "number", "amount", "method")} == {
        "year": 2026, "desk": 1, "number": 1, "amount": 6_000, "method": "cash",
    }  # fmt: skip
    view = desk.counter.dossier(code)
    assert view is not None
    assert (view.fee, view.fee_taken, view.fee_due) == (6_000, 6_000, 0)
    assert view.events[-1].what == "Thu lệ phí"
    assert view.events[-1].note == "BL26.1-000001 · 6.000 đ · tiền mặt"
    told_by_the_journal(desk)


def test_a_second_time_is_refused_unless_it_has_its_grounds(desk: Desk) -> None:
    code = copies(desk)
    taken(desk, code)
    with desk.nothing_written():
        refused(take(desk, code), "nothing_due")
        again = refused(take(desk, code, amount=6_000), "more_than_due")
        assert "0 đ" in again.sentence
        refused(take(desk, code, amount=6_000, grounds="  "), "more_than_due")
        refused(take(desk, code, amount=0), "not_positive")
        refused(take(desk, code, amount=-5, grounds="x"), "not_positive")
    line = taken(desk, code, amount=1_000, grounds="nghị quyết của tỉnh")
    assert line.number == "BL26.1-000002"
    view = desk.counter.dossier(code)
    assert view is not None
    assert view.events[-1].note.endswith("nghị quyết của tỉnh")
    assert "nghị quyết" not in json.dumps([dict(event.data) for event in desk.events()], ensure_ascii=False)


def test_part_is_taken_and_the_rest_stays_due(desk: Desk) -> None:
    code = copies(desk)
    taken(desk, code, amount=2_000, method=PayMethod.TRANSFER)
    assert fee_of(desk, code).due == 4_000
    assert taken(desk, code).amount == 4_000


def test_a_fee_that_the_catalogue_does_not_know_is_typed(desk: Desk) -> None:
    code = desk.receive(UNKNOWN_LIMIT, promise=at("2026-03-20T10:00")).code
    desk.sql("UPDATE dossier SET fee = NULL")
    with desk.nothing_written():
        refused(take(desk, code), "amount_needed")
    assert taken(desk, code, amount=15_000).amount == 15_000
    assert fee_of(desk, code).due is None


def test_numbers_have_no_gap_whatever_is_refused(desk: Desk) -> None:
    numbers = []
    for turn in range(6):
        code = copies(desk)
        numbers.append(taken(desk, code).number)
        refused(take(desk, code, amount=9), "more_than_due")
        if turn % 2:
            void(desk, numbers[-1])
    assert numbers == [f"BL26.1-{n:06d}" for n in range(1, 7)]
    assert [row.number for row in stored(desk)] == list(range(1, 7))
    told_by_the_journal(desk)


def test_each_desk_and_each_year_counts_for_itself(desk: Desk, folder: Path) -> None:
    code = copies(desk)
    other = open_desk(folder / "desk.db", desk=2)
    other._numbers = iter(range(1000, 2000))
    assert taken(desk, code, amount=1).number == "BL26.1-000001"
    assert taken(other, code, amount=1).number == "BL26.2-000001"
    desk.clock.set("2027-01-04T08:00")
    assert taken(desk, code, amount=1).number == "BL27.1-000001"
    other.records.close()


def test_the_same_request_gives_the_same_receipt(desk: Desk) -> None:
    code = copies(desk)
    first = taken(desk, code, client_id="fee")
    with desk.nothing_written():
        assert taken(desk, code, client_id="fee") == first
        refused(take(desk, code, client_id=""), "client_id_needed")
        refused(void(desk, first.number, client_id="fee"), "client_id_taken")
    gone = void(desk, first.number, client_id="void")
    with desk.nothing_written():
        assert void(desk, first.number, client_id="void") == gone


def test_a_receipt_is_voided_and_never_deleted(desk: Desk) -> None:
    code = copies(desk)
    line = taken(desk, code)
    with desk.nothing_written():
        refused(void(desk, line.number, reason=" "), "reason_needed")
        refused(void(desk, "BL26.1-000009"), "unknown_receipt")
        refused(void(desk, "không phải số"), "unknown_receipt")
    found = void(desk, line.number)
    assert isinstance(found, Voided)
    assert (found.line.mark, found.line.voided_by, found.paid_back) == (Mark.VOIDED, "Phạm Văn Tư", False)
    with desk.nothing_written():
        refused(void(desk, line.number), "already_voided")
    assert fee_of(desk, code).due == 6_000
    view = desk.counter.dossier(code)
    assert view is not None
    assert [(each.what, each.undone) for each in view.events[-2:]] == [("Thu lệ phí", True), ("Hủy biên lai", False)]
    assert view.events[-1].note == "thu nhầm"
    assert taken(desk, code).number == "BL26.1-000002"
    told_by_the_journal(desk)


def test_a_dossier_without_acceptance_pays_nothing(desk: Desk) -> None:
    code = copies(desk)
    desk.act(code, Act.VOID, reason="nhập nhầm")
    refused(take(desk, code), "no_fee")
    refused(take(desk, "TN-0101-0001X"), "unknown_dossier")


def test_voiding_a_dossier_voids_its_receipts_with_it(desk: Desk) -> None:
    code = copies(desk, pay=PayMethod.CASH, client_id="in")
    assert fee_of(desk, code).taken == 6_000
    done = desk.act(code, Act.VOID, reason="nhập nhầm", client_id="out")
    assert done.warnings == ("Biên lai của hồ sơ đã hủy: trả lại 6.000 đ.",)
    assert desk.act(code, Act.VOID, reason="nhập nhầm", client_id="out") == done
    assert [row.standing for row in stored(desk)] == [False]
    assert desk.counter.till.shift().totals.expected == 0
    assert [event.kind for event in desk.events_of(code)] == [
        Act.RECEIVE, OfficeEvent.FEE_TAKEN, Act.VOID, OfficeEvent.FEE_VOIDED,
    ]  # fmt: skip
    told_by_the_journal(desk)


def test_undoing_the_acceptance_voids_its_receipts_and_undoing_a_forwarding_does_not(desk: Desk) -> None:
    code = desk.receive(COPIES, copies=3, pages=1, act=Act.REGISTER).code
    desk.act(code, Act.RECEIVE)
    taken(desk, code)
    desk.act(code, Act.FORWARD, holder="Tư pháp")
    assert desk.act(code, Act.UNDO).warnings == ()
    assert fee_of(desk, code).taken == 6_000
    assert desk.act(code, Act.UNDO).warnings == ("Biên lai của hồ sơ đã hủy: trả lại 6.000 đ.",)
    assert fee_of(desk, code).taken == 0
    told_by_the_journal(desk)


def test_the_undo_window_does_not_care_for_fees(desk: Desk) -> None:
    code = copies(desk)
    desk.act(code, Act.FORWARD, holder="Tư pháp")
    taken(desk, code)
    desk.clock.advance(minutes=11)
    refused(desk.try_act(code, Act.UNDO, officer_id=CLERK), "undo_window_passed")


def visit(desk: Desk, *copies_of: int, **more: Any) -> Visit:
    papers = tuple(Paper(COPIES, "Căn cước", 1, n) for n in copies_of)
    return Visit(desk.client(), PersonInput("Trần Ỷ"), papers, CLERK, **more)


def test_the_fast_lane_takes_the_fee_in_the_same_transaction(desk: Desk) -> None:
    order = visit(desk, 3, 2, pay=PayMethod.CASH)
    done = desk.counter.give(order)
    assert isinstance(done, tuple)
    assert [row.amount for row in stored(desk)] == [6_000, 4_000]
    with desk.nothing_written():
        assert desk.counter.give(order) == done
    back = desk.counter.take_back(TakeBack("back", tuple(each.code for each in done), CLERK))
    assert isinstance(back, tuple)
    assert back[0].warnings == ("Biên lai của hồ sơ đã hủy: trả lại 6.000 đ.",)
    assert [row.standing for row in stored(desk)] == [False, False]
    told_by_the_journal(desk)


def test_a_visit_unpaid_leaves_its_fee_due(desk: Desk) -> None:
    done = desk.counter.give(visit(desk, 3))
    assert isinstance(done, tuple)
    assert stored(desk) == []
    assert taken(desk, done[0].code).amount == 6_000


def test_a_visit_whose_receipt_cannot_be_written_is_not_saved_at_all(desk: Desk) -> None:
    desk.sql("CREATE TRIGGER stop BEFORE INSERT ON fee_receipt BEGIN SELECT RAISE(ABORT, 'no'); END")
    with desk.nothing_written(), pytest.raises(Exception, match="no") as raised:
        desk.counter.give(visit(desk, 3, pay=PayMethod.CASH))
    assert isinstance(raised.value.__cause__, IntegrityError)


def test_a_shift_is_counted_and_closed(desk: Desk) -> None:
    first, second, third = (taken(desk, copies(desk, n)) for n in (1, 2, 3))
    taken(desk, copies(desk, 5), method=PayMethod.TRANSFER)
    void(desk, second.number)
    shift = desk.counter.till.shift()
    assert shift.since is None
    assert shift.numbers == ("BL26.1-000001", "BL26.1-000004")
    assert shift.totals.sums == {PayMethod.CASH: 8_000, PayMethod.TRANSFER: 10_000}
    assert shift.totals.counts == {Mark.TAKEN: 3, Mark.VOIDED: 1, Mark.PAID_BACK: 0}
    assert shift.by_officer == {"Phạm Văn Tư": 18_000}
    with desk.nothing_written():
        refused(close(desk, 7_000), "reason_needed")
        refused(close(desk, 8_000, seen=9_000), "changed")
        refused(close(desk, -1, reason="x"), "negative")
    found = closed(desk, 7_000, reason="thối nhầm", client_id="close")
    assert found.closed is not None
    assert (found.closed.number, found.closed.expected, found.closed.counted, found.closed.difference) == (
        "CQ26.1-0001", 8_000, 7_000, -1_000,
    )  # fmt: skip
    assert found.closed.reason == "thối nhầm"
    assert found.lines == shift.lines
    with desk.nothing_written():
        assert closed(desk, 7_000, seen=0, client_id="close") == found
    event = desk.events()[-1]
    assert event.kind == OfficeEvent.CASH_CLOSED
    assert event.data["receipts"] == ["BL26.1-000001", "BL26.1-000004"]
    assert "thối" not in json.dumps(dict(event.data), ensure_ascii=False)
    empty = desk.counter.till.shift()
    assert (empty.lines, empty.totals.expected, empty.since) == ((), 0, at("2026-03-13T09:12"))
    assert first.amount == 2_000
    assert third.amount == 6_000
    told_by_the_journal(desk)


def test_a_closed_receipt_is_voided_by_a_head_out_of_the_next_shift(desk: Desk) -> None:
    code = copies(desk)
    line = taken(desk, code)
    before = closed(desk, 6_000)
    with desk.nothing_written():
        refused(void(desk, line.number), "closed")
        refused(desk.try_act(code, Act.VOID, reason="nhập nhầm", officer_id=CLERK), "closed")
    desk.clock.advance(minutes=5)
    found = void(desk, line.number, officer_id=HEAD)
    assert isinstance(found, Voided)
    assert found.paid_back
    shift = desk.counter.till.shift()
    assert [(each.number, each.mark) for each in shift.lines] == [(line.number, Mark.PAID_BACK)]
    assert shift.totals.expected == -6_000
    assert shift.numbers == ()
    assert before.closed is not None
    again = desk.counter.till.closed_shift(before.closed.seq)
    assert isinstance(again, CashShift)
    assert (again.lines, again.totals) == (before.lines, before.totals)
    assert closed(desk, -6_000).totals.expected == -6_000
    told_by_the_journal(desk)


def test_two_desks_count_two_drawers(desk: Desk, folder: Path) -> None:
    other = open_desk(folder / "desk.db", desk=2)
    other._numbers = iter(range(1000, 2000))
    here, there = taken(desk, copies(desk, 1)), taken(other, copies(desk, 2))
    assert desk.counter.till.shift().totals.expected == here.amount == 2_000
    assert closed(other, there.amount).totals.expected == there.amount == 4_000
    # Voided at the other desk: paid back out of its drawer, and this desk's count does not move.
    assert isinstance(void(other, here.number), Voided)
    assert desk.counter.till.shift().totals.expected == 2_000
    assert other.counter.till.shift().totals.expected == -2_000
    other.records.close()


def test_a_shift_without_a_fee_is_closed_too(desk: Desk) -> None:
    found = closed(desk, 0)
    assert (found.lines, found.numbers) == ((), ())
    assert found.closed is not None
    unknown = desk.counter.till.closed_shift(1)
    refused(unknown, "unknown_close")


def test_the_daily_file_says_nothing_of_money(desk: Desk) -> None:
    code = desk.receive(MARITAL).code
    desk.close()
    files = desk.files()
    taken(desk, code, amount=5_000, grounds="x")
    closed(desk, 5_000)
    desk.counter.shifts.slip_given(desk.row(code).id, HEAD)
    # Nothing to count came after the file of the day: closing it again makes none.
    assert all(each.already for each in desk.close())
    assert desk.files() == files
    desk.clock.set("2026-03-16T16:50")
    desk.close()
    for file in desk.files():
        told = json.loads(file.content.splitlines()[0])
        # Hashes hold any letters and digits there are.
        said = json.dumps(
            {name: value for name, value in told.items() if name not in {"installation", "prev", "journal"}}
        )
        for word in ("fee", "BL26", "cash", "5000"):
            assert word not in said
