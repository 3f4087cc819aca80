"""What goes into the fast lane and what comes out: one citizen's visit, given its results at once."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from db.vocabulary import Channel, PayMethod
from desk.counter.model import PersonInput, ProcedureChoice


class Paper(Struct, frozen=True):
    """One kind of paper certified, or one other result given at once: a dossier of its own."""

    procedure: str
    name: str = ""
    pages: int = 1
    copies: int = 1


class Visit(Struct, frozen=True):
    """What one citizen gets while waiting: everything is saved together, or nothing is.

    `pay` None leaves the fees due.
    """

    client_id: str
    applicant: PersonInput
    papers: tuple[Paper, ...]
    officer_id: int | None = None
    channel: Channel = Channel.DIRECT
    at: datetime | None = None
    pay: PayMethod | None = None


class TakeBack(Struct, frozen=True):
    """A visit saved by mistake: its dossiers are undone and voided, within ten minutes."""

    client_id: str
    codes: tuple[str, ...]
    officer_id: int | None = None
    at: datetime | None = None


class Kind(Struct, frozen=True):
    """A kind of work under a digit of its own; without a procedure where the centre has it switched off."""

    label: str
    procedure: ProcedureChoice | None = None


class Kinds(Struct, frozen=True):
    """The four kinds of certification, and the other procedures whose result is given at once, most used first."""

    named: tuple[Kind, ...]
    others: tuple[ProcedureChoice, ...] = ()


class Given(Struct, frozen=True):
    """The results that a desk gave at once on one day, and their fees in đồng."""

    count: int = 0
    fees: int = 0
