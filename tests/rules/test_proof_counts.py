"""Edges of the tally and of the fees that no day of a centre shows by itself."""

from __future__ import annotations

import pytest

from db.vocabulary import Channel, Judgement
from desk.rules.fees import CERTIFIED_COPY, FeeKind, FeeRule, fee
from desk.rules.tally import (
    ABSENT,
    Change,
    Count,
    Imbalance,
    ImbalanceKind,
    Open,
    Phase,
    Standing,
    Tally,
    check,
    effect,
    tally,
)

P = "2.000815"


def test_the_stock_is_parted_by_time() -> None:
    found = tally({P: 3}, [], [Open("a", P, in_time=True), Open("b", P, in_time=False), Open("c", P, in_time=True)])
    assert found.rows == {P: {"carried": 3, "open_in_time": 2, "open_overdue": 1}}
    assert check(found, {P: 3}) == ()


def test_a_verdict_left_on_a_voided_dossier_is_not_counted() -> None:
    opened = Standing(Phase.OPEN, P)
    for phase, count in ((Phase.VOIDED, Count.VOIDED), (Phase.HANDED_OVER, Count.HANDED_OVER)):
        left = Standing(phase, P, verdict=Judgement.EARLY)
        assert effect(Change("a", opened, left)) == ((count, P),)
    assert effect(Change("a", ABSENT, Standing(Phase.OPEN, P, verdict=Judgement.EARLY))) == ((Count.DIRECT, P),)


def test_a_counter_of_nothing_is_no_fault() -> None:
    assert check(Tally({P: {"direct": 0}}, {"online": 0}), {}) == ()
    assert check(Tally({P: {"direct": 1, "open_in_time": 1}}, {"direct": 1, "open_in_time": 1}), None) == ()


def test_a_total_that_lacks_a_counter_or_has_one_too_many_is_named() -> None:
    rows = {P: {"direct": 1, "open_in_time": 1}}
    lacking = check(Tally(rows, {"open_in_time": 1, "carried": 1}), None)
    assert lacking == (
        Imbalance(ImbalanceKind.TOTAL, None, "carried", 1, 0),
        Imbalance(ImbalanceKind.TOTAL, None, "direct", 0, 1),
    )


def test_a_negative_counter_is_named_with_its_row() -> None:
    found = check(Tally({P: {"voided": -1, "carried": -1}}, {"voided": -1, "carried": -1}), {P: -1})
    assert [(each.kind, each.procedure, each.counter) for each in found] == [
        (ImbalanceKind.NEGATIVE, P, "voided"),
        (ImbalanceKind.NEGATIVE, P, "carried"),
        (ImbalanceKind.NEGATIVE, None, "voided"),
        (ImbalanceKind.NEGATIVE, None, "carried"),
    ]


def test_what_cannot_be_counted_is_said() -> None:
    with pytest.raises(ValueError, match=r"^a dossier that exists has a procedure$"):
        Standing(Phase.OPEN)
    with pytest.raises(ValueError, match=r"^an ended dossier has a verdict$"):
        Standing(Phase.ENDED, P)
    with pytest.raises(ValueError, match=r"^direct is not counted beside the identities here$"):
        tally({}, [], [], flows=[(Count.DIRECT, P)])


def test_one_copy_and_one_page_are_meant_where_nothing_is_said() -> None:
    assert fee(CERTIFIED_COPY) == 2_000
    assert fee(FeeRule.parse("8000", "8.000đ/bản sao")) == 8_000
    assert FeeRule.parse("8000") == FeeRule(FeeKind.PER_CASE, 8_000, 0, 0, 0, (), doubtful=False)
    assert FeeRule.parse(None) == FeeRule(FeeKind.UNKNOWN, 0, 0, 0, 0, (), doubtful=False)


def test_every_channel_has_its_own_price() -> None:
    rule = FeeRule.parse("0", "Trực tiếp: 10.000đ; Trực tuyến: 5.000đ; Dịch vụ bưu chính: 7.000đ")
    assert [fee(rule, channel=channel) for channel in (Channel.DIRECT, Channel.ONLINE, Channel.POST)] == [
        10_000,
        5_000,
        7_000,
    ]


@pytest.mark.parametrize(("copies", "pages", "what"), [(0, 1, "copies"), (1, 0, "pages"), (0, 0, "copies")])
def test_what_is_wrong_with_a_number_is_said(copies: int, pages: int, what: str) -> None:
    with pytest.raises(ValueError, match=rf"^{what}$"):
        fee(CERTIFIED_COPY, copies=copies, pages=pages)


@pytest.mark.parametrize("amount", ["miễn", "2.000", -1])
def test_what_is_wrong_with_an_amount_is_said(amount: str | int) -> None:
    with pytest.raises(ValueError, match=r"^fee$"):
        FeeRule.parse(amount)
