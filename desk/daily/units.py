"""The province's signed file of communes: those that begin or go on otherwise, and which old ones went into them.

Rows say what the shipped tables say, without what follows from it; whether they fit what is here, the desk says.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from desk.daily.container import Json
from desk.daily.schema import UNITS
from desk.rules.text import clean


class CommuneRow(Struct, frozen=True):
    """A commune from a day on."""

    code: str
    type: str
    name: str
    province_code: str
    province_name: str
    valid_from: date
    note: str = ""

    @property
    def full_name(self) -> str:
        """The name with what it is: `Xã Đức Thọ`."""
        return f"{self.type} {self.name}"


class ChangeRow(Struct, frozen=True):
    """A commune that was, and one of those it went into, wholly or partly; `old_name` is the full one."""

    old_code: str
    old_name: str
    old_province: str
    new_code: str
    partly: bool


class PublishedUnits(Struct, frozen=True):
    """What becomes of communes, as the province publishes it."""

    version: str
    units: tuple[CommuneRow, ...]
    changes: tuple[ChangeRow, ...] = ()
    number: int = 0
    unit: str = ""

    def payload(self) -> dict[str, Json]:
        """Return the content of the signed line."""
        return {
            **({"unit": self.unit} if self.unit else {}),
            "schema": UNITS,
            "number": self.number,
            "version": self.version,
            "units": [
                {
                    "code": each.code,
                    "type": each.type,
                    "name": each.name,
                    "province_code": each.province_code,
                    "province_name": each.province_name,
                    "valid_from": each.valid_from.isoformat(),
                    "note": each.note,
                }
                for each in self.units
            ],
            "changes": [
                {
                    "old_code": each.old_code,
                    "old_name": each.old_name,
                    "old_province": each.old_province,
                    "new_code": each.new_code,
                    "partly": each.partly,
                }
                for each in self.changes
            ],
        }

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> PublishedUnits:
        """Read a payload that fits the schema; ValueError for a day there is not."""
        return cls(
            payload["version"],
            tuple(
                CommuneRow(
                    row["code"],
                    row["type"],
                    clean(row["name"]),
                    row["province_code"],
                    clean(row["province_name"]),
                    date.fromisoformat(row["valid_from"]),
                    clean(row["note"]),
                )
                for row in payload["units"]
            ),
            tuple(
                ChangeRow(
                    row["old_code"], clean(row["old_name"]), clean(row["old_province"]), row["new_code"], row["partly"]
                )
                for row in payload["changes"]
            ),
            payload["number"],
            payload.get("unit", ""),
        )
