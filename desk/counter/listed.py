"""What names a list of dossiers, and what it holds: frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from desk.counter.model import WorkRow


class ListKind(StrEnum):
    """What the dossiers of a list have in common."""

    RECEIVED_TODAY = "received_today"
    RETYPE = "retype"
    STATE = "state"
    RECEIVED_BY = "received_by"
    HELD_BY = "held_by"


@dataclass(frozen=True, slots=True)
class ListRef:
    """A list by name; `which` is the state's number, the officer's id or the holder's name where there are several."""

    kind: ListKind
    which: str = ""


@dataclass(frozen=True, slots=True)
class ListEntry:
    """A list to choose, and how many dossiers it has."""

    ref: ListRef
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Lists:
    """Every list there is, with its count; those of one kind stand together, the fullest first."""

    today: ListEntry
    retype: ListEntry
    states: tuple[ListEntry, ...] = ()
    receivers: tuple[ListEntry, ...] = ()
    holders: tuple[ListEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """The dossiers of a list by promise; `total` is more than there are rows where only the newest are shown."""

    ref: ListRef
    name: str
    rows: tuple[WorkRow, ...]
    total: int
