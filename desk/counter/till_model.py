"""What goes into the use cases of the till and what comes out: frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from db.vocabulary import PayMethod
from desk.counter.model import WorkRow
from desk.rules.cash import Mark, Totals


class TakeFee(Struct, frozen=True):
    """Money taken for a dossier; `amount` None is all that is due, `grounds` say why it is more than that."""

    client_id: str
    code: str
    method: PayMethod
    officer_id: int | None = None
    amount: int | None = None
    grounds: str = ""


class VoidFee(Struct, frozen=True):
    """A receipt to be voided, by its number as printed."""

    client_id: str
    number: str
    reason: str
    officer_id: int | None = None


class OpenCash(Struct, frozen=True):
    """The cash in the drawer as a shift begins; `reason` says why it is not what was counted before."""

    client_id: str
    amount: int
    reason: str = ""
    officer_id: int | None = None


class CloseCash(Struct, frozen=True):
    """A shift to be closed; `seen` is the expected cash that was shown, `reason` says why the count differs."""

    client_id: str
    seen: int
    counted: int
    reason: str = ""
    officer_id: int | None = None


class FeeLine(Struct, frozen=True):
    """A receipt on a screen; `code` is the dossier's, `mark` what it is to the shift it is shown in, if to one."""

    number: str
    at: datetime
    dossier_id: int
    code: str
    amount: int
    method: PayMethod
    officer: str
    voided_at: datetime | None = None
    voided_by: str = ""
    mark: Mark = Mark.TAKEN


class DossierFee(Struct, frozen=True):
    """What a dossier costs, what was taken for it, what is due; None where the catalogue does not know the fee."""

    dossier_id: int
    code: str
    applicant: str
    fee: int | None
    taken: int
    due: int | None
    receipts: tuple[FeeLine, ...] = ()


class Voided(Struct, frozen=True):
    """A receipt that was voided, and the dossier's money after it."""

    line: FeeLine
    paid_back: bool


class CashShift(Struct, frozen=True):
    """A desk's shift: since when, its receipts in order, their sums; `closed` once it is.

    `opening` is the cash it began with, None while nobody counted; `opening_reason` why that was counted again.
    """

    desk: int
    since: datetime | None
    now: datetime
    lines: tuple[FeeLine, ...]
    totals: Totals
    by_officer: Mapping[str, int]
    closed: ClosedCash | None = None
    opening: int | None = None
    opening_reason: str = ""

    @property
    def numbers(self) -> tuple[str, ...]:
        """The first and the last number given out in the shift, voided ones too; empty if none was."""
        taken = [line.number for line in self.lines if line.mark is not Mark.PAID_BACK]
        return (taken[0], taken[-1]) if taken else ()


class ClosedCash(Struct, frozen=True):
    """A closing as it was written."""

    number: str
    seq: int
    at: datetime
    officer: str
    expected: int
    counted: int
    reason: str = ""

    @property
    def difference(self) -> int:
        """What is over (or, below zero, missing) in the drawer."""
        return self.counted - self.expected


class Handover(Struct, frozen=True):
    """A desk's shift for whoever comes next.

    `received` and `returned` by dossier; `ungiven` those whose receipt was never printed and that are still open;
    `waiting` the codes of those who wait for a call now; `drafts` None where nobody could look.
    """

    desk: int
    centre: str
    since: datetime
    now: datetime
    officer: str
    received: tuple[WorkRow, ...]
    returned: tuple[WorkRow, ...]
    ungiven: tuple[WorkRow, ...]
    calls: tuple[tuple[WorkRow, str], ...]
    cash: CashShift
    drafts: int | None = None
    practice: bool = False
