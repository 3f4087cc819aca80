"""What of a received dossier can be put right, and what of that is printed on its slip."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Part(StrEnum):
    """One thing of a dossier that a correction may touch; the journal names it and holds no value of it."""

    KIND = "kind"
    NAME = "name"
    ID_NUMBER = "id_number"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    REPRESENTATIVE = "representative"
    PAPERS = "papers"
    RETURN_WAY = "return_way"
    NOTE = "note"


ON_SLIP = frozenset(Part) - {Part.KIND, Part.NOTE}
"""What form 01 shows."""


def shows_on_slip(parts: Iterable[str]) -> bool:
    """Say whether a slip printed before these parts were corrected says something else than the record."""
    return any(part in ON_SLIP for part in parts)
