"""What a shift took and what must be in the drawer; every receipt counts once, whatever was voided when."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from db.vocabulary import PayMethod
from desk.rules import cash
from desk.rules.cash import CloseFault, Entry, FeeFault, Mark, OpeningFault, Span


@pytest.mark.parametrize(
    ("fee", "taken", "due"), [(None, 0, None), (None, 5, None), (0, 0, 0), (16_000, 0, 16_000), (16_000, 6_000, 10_000)]
)
def test_what_is_due(fee: int | None, taken: int, due: int | None) -> None:
    assert cash.due(fee, taken) == due


def test_more_than_the_fee_leaves_nothing_due() -> None:
    assert cash.due(16_000, 20_000) == 0


@pytest.mark.parametrize(
    ("amount", "owed", "grounds", "fault"),
    [
        (16_000, 16_000, False, None),
        (1, 16_000, False, None),
        (16_001, 16_000, False, FeeFault.MORE_THAN_DUE),
        (16_001, 16_000, True, None),
        (1, 0, False, FeeFault.MORE_THAN_DUE),
        (500, None, False, None),
        (0, None, True, FeeFault.NOT_POSITIVE),
        (-5, 16_000, True, FeeFault.NOT_POSITIVE),
        (cash.LARGEST_FEE + 1, None, True, FeeFault.TOO_MUCH),
        (cash.LARGEST_FEE, None, False, None),
    ],
)
def test_which_amounts_are_taken(amount: int, owed: int | None, grounds: bool, fault: FeeFault | None) -> None:
    assert cash.fee_fault(amount, owed, grounds=grounds) == fault


@pytest.mark.parametrize(
    ("taken", "voided_desk", "voided", "mark"),
    [
        (11, None, None, Mark.TAKEN),
        (10, None, None, None),
        (20, None, None, Mark.TAKEN),
        (21, None, None, None),
        (11, 1, 12, Mark.VOIDED),
        (11, 1, 21, Mark.TAKEN),
        (11, 2, 12, Mark.TAKEN),
        (9, 1, 12, Mark.PAID_BACK),
        (9, 2, 12, None),
        (9, 1, 10, None),
    ],
)
def test_what_a_receipt_is_to_a_shift(taken: int, voided_desk: int | None, voided: int | None, mark: Mark) -> None:
    assert cash.mark(Span(1, 10, 20), 1, taken, voided_desk, voided) == mark


def test_another_desks_receipt_paid_back_here_is_this_drawers() -> None:
    assert cash.mark(Span(1, 10), 2, 11, 1, 12) is Mark.PAID_BACK
    assert cash.mark(Span(2, 10), 2, 11, 1, 12) is Mark.TAKEN


def test_a_shift_adds_up_by_method() -> None:
    found = cash.totals(
        [
            Entry(16_000, PayMethod.CASH, Mark.TAKEN),
            Entry(8_000, PayMethod.CASH, Mark.VOIDED),
            Entry(5_000, PayMethod.TRANSFER, Mark.TAKEN),
            Entry(30_000, PayMethod.CASH, Mark.PAID_BACK),
        ]
    )
    assert found.sums == {PayMethod.CASH: -14_000, PayMethod.TRANSFER: 5_000}
    assert found.counts == {Mark.TAKEN: 2, Mark.VOIDED: 1, Mark.PAID_BACK: 1}
    assert found.expected == -14_000


def test_what_was_in_the_drawer_is_cash_that_must_be_in_it_still() -> None:
    paid = [Entry(5_000, PayMethod.TRANSFER, Mark.TAKEN), Entry(30_000, PayMethod.CASH, Mark.PAID_BACK)]
    found = cash.totals(paid, 500_000)
    assert (found.opening, found.expected) == (500_000, 470_000)
    assert found.sums == {PayMethod.CASH: -30_000, PayMethod.TRANSFER: 5_000}


@pytest.mark.parametrize(
    ("amount", "before", "reason", "fault"),
    [
        (0, None, False, None),
        (500_000, None, False, None),
        (cash.LARGEST_FEE, None, False, None),
        (cash.LARGEST_FEE + 1, None, True, OpeningFault.TOO_MUCH),
        (-1, None, True, OpeningFault.NEGATIVE),
        (500_000, 500_000, True, OpeningFault.SAME),
        (500_000, 50_000, False, OpeningFault.REASON_NEEDED),
        (500_000, 0, False, OpeningFault.REASON_NEEDED),
        (500_000, 50_000, True, None),
    ],
)
def test_when_the_cash_of_the_beginning_is_kept(
    amount: int, before: int | None, reason: bool, fault: OpeningFault | None
) -> None:
    assert cash.opening_fault(amount, before, reason=reason) == fault


class Slip(Struct, frozen=True):
    desk: int
    taken: int
    amount: int
    method: PayMethod
    voided_desk: int | None
    voided: int | None


@st.composite
def slips(draw: st.DrawFn) -> list[Slip]:
    found = []
    for taken in range(1, draw(st.integers(1, 20))):
        voided = draw(st.one_of(st.none(), st.integers(taken + 1, 40)))
        by = None if voided is None else draw(st.integers(1, 2))
        method = draw(st.sampled_from(PayMethod))
        found.append(Slip(draw(st.integers(1, 2)), taken, draw(st.integers(1, 10**6)), method, by, voided))
    return found


@given(slips(), st.lists(st.integers(1, 40), unique=True), st.lists(st.integers(1, 40), unique=True))
def test_however_the_shifts_are_cut_the_money_is_what_stands(
    given: list[Slip], ones: list[int], twos: list[int]
) -> None:
    expected = 0
    for desk, cuts in ((1, ones), (2, twos)):
        ends = [0, *sorted(cuts), None]
        for after, upto in pairwise(ends):
            span = Span(desk, after or 0, upto)
            marks = [(slip, cash.mark(span, slip.desk, slip.taken, slip.voided_desk, slip.voided)) for slip in given]
            entries = [Entry(slip.amount, slip.method, mark) for slip, mark in marks if mark is not None]
            expected += sum(cash.totals(entries).sums.values())
    assert expected == sum(slip.amount for slip in given if slip.voided is None)


@pytest.mark.parametrize(
    ("expected", "seen", "counted", "reason", "fault"),
    [
        (5_000, 5_000, 5_000, False, None),
        (5_000, 5_000, 4_000, False, CloseFault.REASON_NEEDED),
        (5_000, 5_000, 6_000, False, CloseFault.REASON_NEEDED),
        (5_000, 5_000, 4_000, True, None),
        (6_000, 5_000, 5_000, True, CloseFault.CHANGED),
        (5_000, 5_000, -1, True, CloseFault.NEGATIVE),
        (-5_000, -5_000, -5_000, False, None),
        (-5_000, -5_000, -5_001, True, CloseFault.NEGATIVE),
        (0, 0, 0, False, None),
    ],
)
def test_when_a_shift_is_closed(expected: int, seen: int, counted: int, reason: bool, fault: CloseFault | None) -> None:
    assert cash.close_fault(expected, seen, counted, reason=reason) == fault


@given(st.integers(2000, 2099), st.integers(1, 9), st.integers(1, 999_999))
def test_a_number_is_read_as_it_is_printed(year: int, desk: int, number: int) -> None:
    printed = cash.receipt_number(year, desk, number)
    assert cash.parse_receipt_number(printed) == (year, desk, number)
    assert cash.parse_receipt_number(f" {printed.lower()} ") == (year, desk, number)


@pytest.mark.parametrize("written", ["", "BL26.0-000001", "26.100213", "TN-0313-0001J", "BL26.1-", "BL26.1-x"])
def test_what_is_no_number(written: str) -> None:
    found = cash.parse_receipt_number(written)
    assert found is None or written == "26.100213"
