"""What a correction of a received dossier asks for, and what a form for it is filled with."""

from __future__ import annotations

from dataclasses import dataclass, field

from msgspec import Struct

from db.vocabulary import ReturnWay
from desk.counter.model import PersonInput


@dataclass(frozen=True, slots=True)
class Correction:
    """How a dossier reads once it is right, whole; what is as it was is not touched.

    `version`: the dossier's as the officer saw it, so that no change made since at another desk is lost; None holds
    nothing against it.
    """

    applicant: PersonInput = field(repr=False)
    representative: PersonInput | None = field(default=None, repr=False)
    components: tuple[str, ...] = ()
    return_way: ReturnWay = ReturnWay.COUNTER
    note: str = field(default="", repr=False)
    version: int | None = None


class Kept(Struct, frozen=True):
    """A dossier as it is kept now, values unmasked; `offered` are the papers that its procedure asks for."""

    id: int
    code: str
    short_code: str
    offered: tuple[str, ...]
    now: Correction
