"""The officers' PINs: which ones are good, and how long a wrong one makes the next try wait."""

from __future__ import annotations

import itertools
from enum import StrEnum

SHORTEST, LONGEST = 4, 8
FREE_TRIES = 2
"""Wrong PINs in a row that cost nothing: fingers slip."""
LONGEST_WAIT = 30
"""Seconds: long for somebody who guesses, short for the queue before the counter."""


class PinFault(StrEnum):
    """Why a PIN cannot be used."""

    NOT_DIGITS = "not_digits"
    TRIVIAL = "trivial"


def pin_fault(pin: str) -> PinFault | None:
    """Return why nobody should be let in by this PIN; None if it is good."""
    if not (SHORTEST <= len(pin) <= LONGEST and pin.isascii() and pin.isdigit()):
        return PinFault.NOT_DIGITS
    steps = {(int(after) - int(before)) % 10 for before, after in itertools.pairwise(pin)}
    # A string repeats a part of itself if it is found again inside its own double.
    return PinFault.TRIVIAL if len(steps) == 1 or pin in (pin + pin)[1:-1] else None


def wait_after(wrong: int) -> int:
    """Return the seconds to wait after so many wrong PINs in a row."""
    return 0 if wrong <= FREE_TRIES else int(min(LONGEST_WAIT, 2 ** (wrong - FREE_TRIES)))
