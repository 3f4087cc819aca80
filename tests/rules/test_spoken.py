"""A number read out over the phone: every slip of one digit or two neighbours is found, and its group named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.rules.spoken import NUMBERS, Misheard, SpokenFault, heard, spoken

numbers = st.integers(0, NUMBERS - 1)
TABLE = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
"""Damm's own quasigroup, written down again."""


def damm(digits: str) -> str:
    interim = 0
    for digit in digits:
        interim = TABLE[interim][int(digit)]
    return str(interim)


def groups_of(code: str) -> list[str]:
    return code.split(" ")


@given(numbers)
def test_it_reads_back_in_any_dress(number: int) -> None:
    code = spoken(number)
    assert [len(group) for group in groups_of(code)] == [4, 4, 4]
    wide = "".join(chr(ord(char) - ord("0") + ord("\uff10")) if char.isdigit() else char for char in code)
    for dressed in (code, code.replace(" ", ""), code.replace(" ", "-"), f"  {code}.\r\n", wide, " ".join(code)):
        assert heard(dressed) == number


@given(numbers)
def test_the_check_digit_is_damms_over_place_and_digits(number: int) -> None:
    for place, group in enumerate(groups_of(spoken(number)), 1):
        assert group[-1] == damm(f"{place}{group[:-1]}")


@given(number=numbers, at=st.integers(0, 11), other=st.sampled_from("0123456789"))
def test_one_wrong_digit_names_its_group(number: int, at: int, other: str) -> None:
    digits = spoken(number).replace(" ", "")
    changed = digits[:at] + other + digits[at + 1 :]
    if other == digits[at]:
        assert heard(changed) == number
    else:
        assert heard(changed) == Misheard(SpokenFault.CHECK, (at // 4 + 1,), 12)


@given(number=numbers, at=st.integers(0, 10))
def test_two_neighbours_that_changed_places_name_their_groups(number: int, at: int) -> None:
    digits = spoken(number).replace(" ", "")
    changed = digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
    if changed == digits:
        assert heard(changed) == number
    else:
        assert heard(changed) == Misheard(SpokenFault.CHECK, tuple(sorted({at // 4 + 1, (at + 1) // 4 + 1})), 12)


@given(number=numbers, one=st.integers(0, 2), other=st.integers(0, 2))
def test_two_groups_that_changed_places_are_both_named(number: int, one: int, other: int) -> None:
    groups = groups_of(spoken(number))
    changed = list(groups)
    changed[one], changed[other] = groups[other], groups[one]
    if one == other:
        assert heard(" ".join(changed)) == number
    else:
        # Never taken for the same number, and never for another one.
        assert heard(" ".join(changed)) == Misheard(SpokenFault.CHECK, tuple(sorted({one + 1, other + 1})), 12)


@given(number=numbers, at=st.integers(0, 11))
def test_a_digit_too_few_or_too_many_is_told_with_its_group(number: int, at: int) -> None:
    groups = groups_of(spoken(number))
    place, inside = divmod(at, 4)
    group = groups[place]
    for changed in (group[:inside] + group[inside + 1 :], group[:inside] + group[inside] + group[inside:]):
        rest = [*groups[:place], changed, *groups[place + 1 :]]
        assert heard(" ".join(rest)) == Misheard(SpokenFault.LENGTH, (place + 1,), 8 + len(changed))
        assert heard("".join(rest)) == Misheard(SpokenFault.LENGTH, (), 8 + len(changed))


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", SpokenFault.EMPTY),
        (" - . ", SpokenFault.EMPTY),
        ("không một hai", SpokenFault.NOT_DIGITS),
        ("4826 9o31 5517", SpokenFault.NOT_DIGITS),
        ("٤٨٢٦ ٩٠٣١ ٥٥١٧", SpokenFault.NOT_DIGITS),
        ("4", SpokenFault.LENGTH),
    ],
)
def test_what_is_no_number(typed: str, fault: SpokenFault) -> None:
    found = heard(typed)
    assert isinstance(found, Misheard)
    assert found.fault is fault


@given(st.text(max_size=40))
def test_reading_never_fails_and_never_makes_a_number_of_other_digits(typed: str) -> None:
    found = heard(typed)
    if isinstance(found, int):
        assert 0 <= found < NUMBERS
        assert heard(spoken(found)) == found


@pytest.mark.parametrize("number", [-1, NUMBERS])
def test_there_is_no_code_for_a_number_that_is_none(number: int) -> None:
    with pytest.raises(ValueError, match="number"):
        spoken(number)
