"""Which schema step each side stands at in this program."""

from __future__ import annotations

from enum import StrEnum


class Side(StrEnum):
    """Whose tables: a commune's desk or a province."""

    DESK = "desk"
    PROVINCE = "province"


HEADS = {Side.DESK: "0007", Side.PROVINCE: "0003"}
"""The newest step of each side; a test holds it against the scripts."""
