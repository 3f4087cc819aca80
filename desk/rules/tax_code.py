"""Tax codes of organisations and households (mã số thuế): ten digits with a check digit, a branch's three behind."""

from __future__ import annotations

import re

_SHAPE = re.compile("([0-9]{9})([0-9])(?:-?[0-9]{3})?")
_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


def is_doubtful(number: str) -> bool:
    """Say whether a number has the shape of a tax code and a check digit that is not its own.

    What has another shape, such as a decision's number or a personal number of twelve digits, is not judged.
    """
    found = _SHAPE.fullmatch(number)
    if found is None:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, found[1], strict=True))
    return 10 - total % 11 != int(found[2])
