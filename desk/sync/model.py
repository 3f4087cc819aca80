"""What a run of the post answers, as frozen values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from msgspec import Struct

from db.vocabulary import Delivery
from desk.sync.sentences import reason_sentence


class ItemResult(Struct, frozen=True):
    """How far a file has come in a run; `reason` is a code, empty where there is nothing to say."""

    seq: int
    day: date
    sha256: str
    state: Delivery
    reason: str
    tries: int
    way: str

    @property
    def sentence(self) -> str:
        """The reason in words."""
        return reason_sentence(self.reason)


class Problem(Struct, frozen=True):
    """What was set aside (a receipt by its name) or was not there (a way by its name), with a reason code."""

    what: str
    reason: str

    @property
    def sentence(self) -> str:
        """The reason in words."""
        return reason_sentence(self.reason)


class Run(tuple[ItemResult, ...]):
    """The files that were not confirmed before the run, by number.

    `pinned` is the fingerprint of the province's key, empty without one; `newly_pinned` says that it was taken on
    trust in this run and is to be compared with the paper. No problem stops anything else.
    """

    pinned: str
    newly_pinned: bool
    problems: tuple[Problem, ...]

    def __new__(
        cls, items: Iterable[ItemResult], pinned: str = "", newly_pinned: bool = False, problems: Sequence[Problem] = ()
    ) -> Run:
        """Make a result."""
        run = super().__new__(cls, items)
        run.pinned, run.newly_pinned, run.problems = pinned, newly_pinned, tuple(problems)
        return run


class OutboxState(Struct, frozen=True):
    """How far a file has come, for the record; `reason` is a code of `Refusal`, else a sentence."""

    seq: int
    day: date
    sha256: str
    state: Delivery
    tries: int
    way: str
    reason: str
    changed_at: datetime


class NotOursError(ValueError):
    """The file is not a sealed file of this centre."""
