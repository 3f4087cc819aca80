"""Which PINs are good, and how long a wrong one makes the next try wait."""

from __future__ import annotations

import pytest

from desk.rules.pin import LONGEST_WAIT, PinFault, pin_fault, wait_after


@pytest.mark.parametrize("pin", ["2580", "1397", "0042", "190283", "24681357", "1122"])
def test_a_pin_of_four_to_eight_digits_is_good(pin: str) -> None:
    assert pin_fault(pin) is None


@pytest.mark.parametrize("pin", ["", "123", "902837465", "12a4", "1 39", "１３９７", "١٣٩٧", "-139", "13.7", "139²"])
def test_what_is_no_pin(pin: str) -> None:
    assert pin_fault(pin) is PinFault.NOT_DIGITS


@pytest.mark.parametrize(
    "pin", ["0000", "99999999", "1234", "4321", "7890", "0123456", "98765", "2468", "1212", "131313", "13971397"]
)
def test_what_anybody_would_guess(pin: str) -> None:
    assert pin_fault(pin) is PinFault.TRIVIAL


def test_the_wait_grows_and_stays_short() -> None:
    assert [wait_after(wrong) for wrong in range(9)] == [0, 0, 0, 2, 4, 8, 16, 30, 30]
    assert wait_after(10_000) == LONGEST_WAIT
