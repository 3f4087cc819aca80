"""Amounts of money: as typed, as counted, as written, as spoken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.rules.money import LARGEST, dong, in_words, read_money


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("412000", 412_000),
        ("412.000", 412_000),
        ("412,000 đ", 412_000),
        ("1.250.000 đồng", 1_250_000),
        ("50k", 50_000),
        ("50 nghìn", 50_000),
        ("2 triệu", 2_000_000),
        ("2x500k + 3x20.000 + 5000", 1_065_000),
        ("2*500000+1 x 2k", 1_002_000),
        ("0", 0),
        ("  7 ", 7),
    ],
)
def test_an_amount_is_read_as_it_is_typed(typed: str, amount: int) -> None:
    assert read_money(typed) == amount


@pytest.mark.parametrize(
    "typed", ["", "+", "5+", "abc", "-5", "5.00", "1.2345", "12.34.567", "5x", "x5", "1e6", "٣", "½", "9" * 30, "5 5"]
)
def test_what_is_no_amount_is_none(typed: str) -> None:
    assert read_money(typed) is None


@given(st.integers(0, LARGEST))
def test_what_is_written_is_read_back(amount: int) -> None:
    assert read_money(dong(amount)) == amount
    assert read_money(str(amount)) == amount


@given(st.lists(st.tuples(st.integers(0, 999), st.sampled_from((500, 1_000, 2_000, 50_000, 500_000))), min_size=1))
def test_counted_notes_add_up(notes: list[tuple[int, int]]) -> None:
    assert read_money(" + ".join(f"{count}x{note}" for count, note in notes)) == sum(c * n for c, n in notes)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "không đồng"),
        (5, "năm đồng"),
        (10, "mười đồng"),
        (15, "mười lăm đồng"),
        (21, "hai mươi mốt đồng"),
        (105, "một trăm lẻ năm đồng"),
        (6_000, "sáu nghìn đồng"),
        (16_000, "mười sáu nghìn đồng"),
        (11_000, "mười một nghìn đồng"),
        (1_005_000, "một triệu không trăm lẻ năm nghìn đồng"),
        (2_000_500, "hai triệu năm trăm đồng"),
        (412_000, "bốn trăm mười hai nghìn đồng"),
        (3_000_000_000, "ba tỷ đồng"),
        (1_000_010, "một triệu không trăm mười đồng"),
    ],
)
def test_an_amount_in_words(amount: int, words: str) -> None:
    assert in_words(amount) == words


@given(st.integers(0, LARGEST), st.integers(0, LARGEST))
def test_different_amounts_have_different_words(one: int, other: int) -> None:
    assert (in_words(one) == in_words(other)) == (one == other)


@pytest.mark.parametrize("amount", [-1, LARGEST + 1])
def test_no_words_for_what_no_counter_takes(amount: int) -> None:
    with pytest.raises(ValueError, match="amount"):
        in_words(amount)
