"""The cash a shift begins with: counted, counted again with a reason, part of what the close expects."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from db import fees, journal
from db.vocabulary import OfficeEvent, PayMethod
from desk.counter.model import Refused
from desk.counter.till_model import CashShift, CloseCash, OpenCash
from tests.counter.desk_fixture import CLERK, COPIES, Desk, open_desk, refused


def try_open(desk: Desk, amount: int, **more: Any) -> CashShift | Refused:
    values: dict[str, Any] = {"client_id": desk.client(), "officer_id": CLERK, **more}
    return desk.counter.till.open(OpenCash(amount=amount, **values))


def begun(desk: Desk, amount: int, **more: Any) -> CashShift:
    found = try_open(desk, amount, **more)
    assert isinstance(found, CashShift), found
    return found


def close(desk: Desk, counted: int, **more: Any) -> CashShift | Refused:
    seen = desk.counter.till.shift().totals.expected
    values: dict[str, Any] = {"client_id": desk.client(), "seen": seen, "officer_id": CLERK, **more}
    return desk.counter.till.close(CloseCash(counted=counted, **values))


def closed(desk: Desk, counted: int, **more: Any) -> CashShift:
    found = close(desk, counted, **more)
    assert isinstance(found, CashShift), found
    return found


def test_a_shift_begins_with_what_is_in_the_drawer(desk: Desk) -> None:
    assert desk.counter.till.shift().opening is None
    assert desk.counter.till.last_opening() is None
    found = begun(desk, 500_000)
    assert (found.opening, found.totals.expected) == (500_000, 500_000)
    event = desk.events()[-1]
    assert (event.kind, event.officer_id, event.dossier_id) == (OfficeEvent.CASH_OPENED, CLERK, None)
    assert event.data == {"desk": 1, "amount": 500_000, "remarks": {}}
    desk.receive(COPIES, copies=3, pages=1, pay=PayMethod.CASH)
    assert desk.counter.till.shift().totals.expected == 506_000
    with desk.nothing_written():
        refused(close(desk, 506_000, seen=6_000), "changed")
        refused(close(desk, 6_000), "reason_needed")
    done = closed(desk, 506_000)
    assert done.closed is not None
    assert (done.closed.expected, done.closed.difference, done.opening) == (506_000, 0, 500_000)
    assert desk.events()[-1].data["opening"] == 500_000
    # The next drawer is counted anew, and offered what the last one began with.
    after = desk.counter.till.shift()
    assert (after.opening, after.totals.expected) == (None, 0)
    assert desk.counter.till.last_opening() == 500_000


def test_a_second_count_needs_its_reason_and_the_first_stays_in_the_journal(desk: Desk) -> None:
    begun(desk, 50_000)
    with desk.nothing_written():
        refused(try_open(desk, 500_000), "reason_needed")
        refused(try_open(desk, 500_000, reason=" "), "reason_needed")
        refused(try_open(desk, 50_000, reason="x"), "same")
        refused(try_open(desk, -1, reason="x"), "negative")
        refused(try_open(desk, 10**12, reason="x"), "too_much")
    found = begun(desk, 500_000, reason="gõ thiếu số 0")
    assert (found.opening, found.opening_reason, found.totals.expected) == (500_000, "gõ thiếu số 0", 500_000)
    events = [event for event in desk.events() if event.kind == OfficeEvent.CASH_OPENED]
    assert [event.data["amount"] for event in events] == [50_000, 500_000]
    assert "gõ thiếu" not in json.dumps([dict(event.data) for event in events], ensure_ascii=False)
    with desk.records.reading() as view:
        assert journal.verify(view.connection) is None
        kept = fees.opening_of(view.connection, 1, 0)
    rebuilt = fees.rebuilt_openings(desk.events())
    assert kept is not None
    assert (rebuilt[-1].event_seq, rebuilt[-1].amount) == (kept.event_seq, kept.amount)


def test_the_same_request_counts_once(desk: Desk) -> None:
    first = begun(desk, 500_000, client_id="float")
    with desk.nothing_written():
        assert begun(desk, 1, client_id="float") == first
        refused(try_open(desk, 1, client_id=""), "client_id_needed")
        refused(close(desk, 500_000, client_id="float"), "client_id_taken")


def test_a_closed_shift_keeps_what_it_began_with(desk: Desk) -> None:
    begun(desk, 500_000)
    first = closed(desk, 500_000)
    desk.clock.advance(minutes=5)
    begun(desk, 200_000)
    assert closed(desk, 200_000).opening == 200_000
    assert first.closed is not None
    again = desk.counter.till.closed_shift(first.closed.seq)
    assert isinstance(again, CashShift)
    assert (again.opening, again.totals) == (500_000, first.totals)


def test_two_desks_begin_with_two_drawers(desk: Desk, folder: Path) -> None:
    other = open_desk(folder / "desk.db", desk=2)
    other._numbers = iter(range(1000, 2000))
    begun(desk, 500_000)
    begun(other, 200_000)
    assert desk.counter.till.shift().totals.expected == 500_000
    assert other.counter.till.shift().totals.expected == 200_000
    assert (desk.counter.till.last_opening(), other.counter.till.last_opening()) == (500_000, 200_000)
    other.records.close()


def test_the_papers_of_the_shift_tell_it(desk: Desk) -> None:
    begun(desk, 50_000)
    begun(desk, 500_000, reason="gõ thiếu số 0")
    desk.receive(COPIES, copies=3, pages=1, pay=PayMethod.CASH)
    sheet = desk.counter.shifts.handover_lines(desk.counter.shifts.handover())
    page = desk.counter.shifts.cash_lines(closed(desk, 506_000))
    for lines in (sheet, page):
        assert any(line.startswith("Tiền đầu ca ") and line.endswith(" 500.000 đ") for line in lines)
        assert any(line.casefold().startswith("tiền mặt phải có ") and line.endswith(" 506.000 đ") for line in lines)
        assert all(len(line) <= 80 for line in lines)
    assert "Lý do đếm lại tiền đầu ca: gõ thiếu số 0" in page
    # What a shift did not count is not told as nought.
    desk.clock.advance(minutes=5)
    assert not any("đầu ca" in line for line in desk.counter.shifts.cash_lines(desk.counter.till.shift()))


def test_the_daily_file_says_nothing_of_it(desk: Desk) -> None:
    desk.receive()
    desk.close()
    files = desk.files()
    begun(desk, 500_000)
    assert all(each.already for each in desk.close())
    assert desk.files() == files
