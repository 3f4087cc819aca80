"""Tax codes: which shape is judged, and which check digit is doubted."""

from __future__ import annotations

import pytest

from desk.rules.tax_code import is_doubtful

GOOD = "0100109106"


@pytest.mark.parametrize("number", [GOOD, f"{GOOD}001", f"{GOOD}-001", "0300588569", "0101248141", "0100686209"])
def test_a_code_with_its_own_check_digit_is_not_doubted(number: str) -> None:
    assert is_doubtful(number) is False


@pytest.mark.parametrize("digit", "0123456789")
def test_nine_digits_whose_check_would_have_two_digits_have_none(digit: str) -> None:
    assert is_doubtful("000000000" + digit) is True


@pytest.mark.parametrize("digit", [each for each in "0123456789" if each != GOOD[9]])
@pytest.mark.parametrize("branch", ["", "001", "-001"])
def test_any_other_check_digit_is_doubted(digit: str, branch: str) -> None:
    assert is_doubtful(GOOD[:9] + digit + branch) is True


@pytest.mark.parametrize("at", range(9))
def test_a_digit_typed_wrong_is_doubted(at: int) -> None:
    wrong = str((int(GOOD[at]) + 1) % 10)
    assert is_doubtful(GOOD[:at] + wrong + GOOD[at + 1 :]) is True


@pytest.mark.parametrize("number", ["", "010010910", f"{GOOD}1", f"{GOOD}--001", "033180930129", "123/QĐ-UBND"])
def test_what_has_another_shape_is_not_judged(number: str) -> None:
    assert is_doubtful(number) is False
