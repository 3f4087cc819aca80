"""What names a list of dossiers, and what it holds: frozen values."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from desk.counter.model import WorkRow


class ListKind(StrEnum):
    """What the dossiers of a list have in common."""

    RECEIVED_TODAY = "received_today"
    RETYPE = "retype"
    STATE = "state"
    RECEIVED_BY = "received_by"
    HELD_BY = "held_by"


class ListRef(Struct, frozen=True):
    """A list by name; `which` is the state's number, the officer's id or the holder's name where there are several."""

    kind: ListKind
    which: str = ""


class ListEntry(Struct, frozen=True):
    """A list to choose, and how many dossiers it has."""

    ref: ListRef
    name: str
    count: int


class Lists(Struct, frozen=True):
    """Every list there is, with its count; those of one kind stand together, the fullest first."""

    today: ListEntry
    retype: ListEntry
    states: tuple[ListEntry, ...] = ()
    receivers: tuple[ListEntry, ...] = ()
    holders: tuple[ListEntry, ...] = ()


class Listed(Struct, frozen=True):
    """The dossiers of a list by promise; `total` is more than there are rows where only the newest are shown."""

    ref: ListRef
    name: str
    rows: tuple[WorkRow, ...]
    total: int
