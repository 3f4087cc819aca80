"""Limits of procedures and their variants, as the catalogue writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from msgspec import Struct

from db.vocabulary import LimitUnit

CUTOFF = time(15, 0)
"""A same-day paper received later is due the next working day (the sector rule of 15 h)."""

LARGEST = 9999
"""No limit of any procedure comes near; beyond it a figure is a slip of the pen."""

_UNITS = {**{unit.value: unit for unit in LimitUnit}, "hour": LimitUnit.WORKING_HOUR}
_LIMIT = re.compile(
    r"(?:(?P<value>[0-9]{1,6}) +)?(?P<unit>[a-z_]+)"
    r"(?:@(?P<at>[0-9]{1,2}:[0-9]{2})| *\( *(?P<h>[0-9]{1,2}) *h *(?P<m>[0-9]{2})? *\))?"
)


class LimitFault(StrEnum):
    """What is wrong with a limit or a variant."""

    SYNTAX = "syntax"
    UNIT = "unit"
    VALUE = "value"
    CUTOFF = "cutoff"
    CASE = "case"
    TWICE = "twice"
    OTHER_UNIT = "other_unit"


class LimitError(ValueError):
    """A limit or a variant cannot be used; `fault` says why, `written` is the text it stood in."""

    def __init__(self, fault: LimitFault, written: str) -> None:
        super().__init__(f"{fault}: {written!r}")
        self.fault = fault
        self.written = written


@dataclass(frozen=True, slots=True)
class Limit:
    """How long the law or the centre gives: a number of a unit.

    `same_day` has the value 0 and alone keeps a cut-off; every other unit has a value of at least 1.
    """

    value: int
    unit: LimitUnit
    cutoff: time = CUTOFF

    def __post_init__(self) -> None:
        same_day = self.unit is LimitUnit.SAME_DAY
        if not (self.value == 0 if same_day else 1 <= self.value <= LARGEST):
            raise LimitError(LimitFault.VALUE, f"{self.value} {self.unit}")
        if not same_day:
            object.__setattr__(self, "cutoff", CUTOFF)

    @classmethod
    def parse(cls, written: str) -> Limit:
        """Read `3 working_day`, `8 hour`, `same_day`, `same_day@16:00`, `0 same_day (15h)`; else `LimitError`."""
        found = _LIMIT.fullmatch(" ".join(written.split()))
        if found is None:
            raise LimitError(LimitFault.SYNTAX, written)
        unit = _UNITS.get(found["unit"])
        if unit is None:
            raise LimitError(LimitFault.UNIT, written)
        if unit is not LimitUnit.SAME_DAY:
            if found["at"] or found["h"]:
                raise LimitError(LimitFault.CUTOFF, written)
            if not found["value"]:
                raise LimitError(LimitFault.VALUE, written)
            return cls(int(found["value"]), unit)
        return cls(int(found["value"] or 0), unit, _cutoff(found, written))

    def __str__(self) -> str:
        if self.unit is not LimitUnit.SAME_DAY:
            return f"{self.value} {self.unit}"
        return self.unit.value if self.cutoff == CUTOFF else f"{self.unit}@{self.cutoff:%H:%M}"


def _cutoff(found: re.Match[str], written: str) -> time:
    if found["at"]:
        hour, minute = found["at"].split(":")
    elif found["h"]:
        hour, minute = found["h"], found["m"] or "0"
    else:
        return CUTOFF
    try:
        return time(int(hour), int(minute))
    except ValueError as error:
        raise LimitError(LimitFault.CUTOFF, written) from error


class Variant(Struct, frozen=True):
    """A case of a procedure with a limit of its own: `text` is `5 working_day`, or `+10 working_day` to add."""

    case: str
    text: str

    def __str__(self) -> str:
        return f"{self.case}={self.text}"


def parse_variants(written: str) -> tuple[Variant, ...]:
    """Read `case=value unit|case=+value unit`; empty text is no variants; a bad one raises `LimitError`."""
    variants: dict[str, Variant] = {}
    for part in written.split("|") if written.strip() else ():
        case, _, text = (side.strip() for side in part.rpartition("="))
        if not case:
            raise LimitError(LimitFault.CASE, part)
        if case in variants:
            raise LimitError(LimitFault.TWICE, part)
        Limit.parse(text.removeprefix("+"))
        variants[case] = Variant(case, text)
    return tuple(variants.values())


def apply_variant(base: Limit, variant_text: str) -> Limit:
    """Return the limit of the case: another one, or with `+` so much more; on `same_day` the `+` is a limit itself.

    Adding one unit to another is a `LimitError`.
    """
    text = variant_text.strip()
    limit = Limit.parse(text.removeprefix("+"))
    if not text.startswith("+") or base.unit is LimitUnit.SAME_DAY:
        return limit
    if limit.unit is not base.unit:
        raise LimitError(LimitFault.OTHER_UNIT, variant_text)
    return Limit(base.value + limit.value, base.unit)
