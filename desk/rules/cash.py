"""A desk's cash: what a dossier still owes, what a shift took, what must be in the drawer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum

from msgspec import Struct, field

from db.vocabulary import PayMethod

LARGEST_FEE = 1_000_000_000
"""No fee at a commune's counter comes near this; what does is a slip of the finger."""

_NUMBER = re.compile(r"(?:BL)?([0-9]{2})\.([1-9])-?([0-9]{1,6})")


class FeeFault(StrEnum):
    """Why an amount is not taken."""

    NOT_POSITIVE = "not_positive"
    TOO_MUCH = "too_much"
    MORE_THAN_DUE = "more_than_due"


def due(fee: int | None, taken: int) -> int | None:
    """Return what is still to be paid; None where the catalogue does not know the fee."""
    return None if fee is None else max(0, fee - taken)


def fee_fault(amount: int, owed: int | None, *, grounds: bool) -> FeeFault | None:
    """Return why an amount is not to be taken; more than is owed, a second time above all, needs written grounds."""
    if amount <= 0:
        return FeeFault.NOT_POSITIVE
    if amount > LARGEST_FEE:
        return FeeFault.TOO_MUCH
    return FeeFault.MORE_THAN_DUE if owed is not None and amount > owed and not grounds else None


class Mark(StrEnum):
    """What a receipt is to a shift."""

    TAKEN = "taken"
    VOIDED = "voided"
    PAID_BACK = "paid_back"


class Span(Struct, frozen=True):
    """A shift: the desk, and the interval (after, upto] of the journal; `upto` None is still open."""

    desk: int
    after: int
    upto: int | None = None

    def holds(self, desk: int | None, seq: int | None) -> bool:
        """Say whether something happened at this desk within the shift."""
        return desk == self.desk and seq is not None and seq > self.after and (self.upto is None or seq <= self.upto)


def mark(span: Span, desk: int, taken: int, voided_desk: int | None, voided: int | None) -> Mark | None:
    """Return what a receipt is to a shift, by the events that took and voided it; None if it does not concern it.

    A receipt voided in the shift that took it leaves nothing; one of an earlier shift, or of another desk, was paid
    back out of this drawer.
    """
    took, gave = span.holds(desk, taken), span.holds(voided_desk, voided)
    if took:
        return Mark.VOIDED if gave else Mark.TAKEN
    return Mark.PAID_BACK if gave else None


class Entry(Struct, frozen=True):
    """A receipt as a shift counts it."""

    amount: int
    method: PayMethod
    mark: Mark


class Totals(Struct, frozen=True):
    """What a shift took, net of what it paid back, by method; how many receipts of each mark; what it began with."""

    sums: Mapping[PayMethod, int] = field(default_factory=lambda: dict.fromkeys(PayMethod, 0))
    counts: Mapping[Mark, int] = field(default_factory=lambda: dict.fromkeys(Mark, 0))
    opening: int = 0

    @property
    def expected(self) -> int:
        """The cash that must be in the drawer; below zero where more was paid back than there was."""
        return self.opening + self.sums[PayMethod.CASH]


def totals(entries: Iterable[Entry], opening: int = 0) -> Totals:
    """Add up a shift that began with so much cash in the drawer."""
    sums, counts = dict.fromkeys(PayMethod, 0), dict.fromkeys(Mark, 0)
    signs = {Mark.TAKEN: 1, Mark.VOIDED: 0, Mark.PAID_BACK: -1}
    for entry in entries:
        sums[entry.method] += signs[entry.mark] * entry.amount
        counts[entry.mark] += 1
    return Totals(sums, counts, opening)


class OpeningFault(StrEnum):
    """Why the cash at the beginning of a shift is not kept."""

    NEGATIVE = "negative"
    TOO_MUCH = "too_much"
    SAME = "same"
    REASON_NEEDED = "reason_needed"


def opening_fault(amount: int, before: int | None, *, reason: bool) -> OpeningFault | None:
    """Return why a count of the drawer at the beginning is not kept; `before` is what this shift counted already.

    What was counted once changes only with a reason: it moves what must be in the drawer.
    """
    if amount < 0:
        return OpeningFault.NEGATIVE
    if amount > LARGEST_FEE:
        return OpeningFault.TOO_MUCH
    if amount == before:
        return OpeningFault.SAME
    return OpeningFault.REASON_NEEDED if before is not None and not reason else None


class CloseFault(StrEnum):
    """Why a shift is not closed."""

    CHANGED = "changed"
    NEGATIVE = "negative"
    REASON_NEEDED = "reason_needed"


def close_fault(expected: int, seen: int, counted: int, *, reason: bool) -> CloseFault | None:
    """Return why a shift is not closed: `seen` is the expected cash that the officer counted against."""
    if expected != seen:
        return CloseFault.CHANGED
    if counted < min(0, expected):
        return CloseFault.NEGATIVE
    return CloseFault.REASON_NEEDED if counted != expected and not reason else None


def receipt_number(year: int, desk: int, number: int) -> str:
    """Number a receipt within its desk and year: `BL26.1-000012`."""
    return f"BL{year % 100:02d}.{desk}-{number:06d}"


def parse_receipt_number(written: str) -> tuple[int, int, int] | None:
    """Read a receipt's number as (year, desk, number); None for anything else."""
    found = _NUMBER.fullmatch("".join(written.split()).upper())
    return None if found is None else (2000 + int(found[1]), int(found[2]), int(found[3]))


def close_number(year: int, desk: int, number: int) -> str:
    """Number a closing within its desk and year: `CQ26.1-0012`."""
    return f"CQ{year % 100:02d}.{desk}-{number:04d}"
