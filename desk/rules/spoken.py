"""A number to be read out over the phone: three groups of three digits, each closed by a check digit of its own.

Digits only: every officer reads them out daily, no two look alike, and no input method turns them into a letter. The
check digit (Damm) is taken over the place of the group and its digits: it finds every single wrong digit, every two
neighbours that changed places, and every two groups that did, and so names the group that is to be asked again.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from msgspec import Struct
from stdnum import damm

GROUPS = 3
LONG = 4
"""Digits of a group, the check digit included."""
NUMBERS = 10 ** (GROUPS * (LONG - 1))
"""How many numbers there are: 0 to one less."""

_BETWEEN = re.compile(r"[\s.,·_\-\u2010-\u2015\u2212]+")


class SpokenFault(StrEnum):
    """Why what was typed is not such a number."""

    EMPTY = "empty"
    NOT_DIGITS = "not_digits"
    LENGTH = "length"
    CHECK = "check"


class Misheard(Struct, frozen=True):
    """What was typed is no spoken number.

    `groups` are those to be asked again, from 1, empty where that cannot be told; `digits` is how many were typed.
    """

    fault: SpokenFault
    groups: tuple[int, ...] = ()
    digits: int = 0


def spoken(number: int) -> str:
    """Write a number as it is read out, `4826 9031 5517`; ValueError for one below 0 or from `NUMBERS` on."""
    if not 0 <= number < NUMBERS:
        raise ValueError("number")
    text = f"{number:0{GROUPS * (LONG - 1)}d}"
    cut = (text[start : start + LONG - 1] for start in range(0, len(text), LONG - 1))
    return " ".join(group + _check(place, group) for place, group in enumerate(cut, 1))


def heard(typed: str) -> int | Misheard:
    """Read what was typed, with or without gaps, dots or dashes and in digits of any width; say which groups fail."""
    pieces = [piece for piece in _BETWEEN.split(unicodedata.normalize("NFKC", typed)) if piece]
    digits = "".join(pieces)
    if not digits:
        return Misheard(SpokenFault.EMPTY)
    if not (digits.isascii() and digits.isdigit()):
        return Misheard(SpokenFault.NOT_DIGITS)
    if len(pieces) == GROUPS:
        short = tuple(place for place, piece in enumerate(pieces, 1) if len(piece) != LONG)
        if short:
            return Misheard(SpokenFault.LENGTH, short, len(digits))
    if len(digits) != GROUPS * LONG:
        return Misheard(SpokenFault.LENGTH, (), len(digits))
    groups = [digits[start : start + LONG] for start in range(0, len(digits), LONG)]
    wrong = tuple(place for place, group in enumerate(groups, 1) if _check(place, group[:-1]) != group[-1])
    if wrong:
        return Misheard(SpokenFault.CHECK, wrong, len(digits))
    return int("".join(group[:-1] for group in groups))


def wrong_so_far(typed: str) -> tuple[int, ...]:
    """Return the groups that are whole and wrong in what has been typed so far, from 1."""
    digits = "".join(char for char in unicodedata.normalize("NFKC", typed) if char in "0123456789")
    whole = (digits[start : start + LONG] for start in range(0, min(len(digits), GROUPS * LONG), LONG))
    named = [(place, group) for place, group in enumerate(whole, 1) if len(group) == LONG]
    return tuple(place for place, group in named if _check(place, group[:-1]) != group[-1])


def _check(place: int, group: str) -> str:
    return str(damm.calc_check_digit(f"{place}{group}"))
