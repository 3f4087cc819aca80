"""The province's next key, named by the one in use: who has approved it believes both until the old one is over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from desk.daily.container import Json
from desk.daily.schema import KEY
from desk.daily.sshsig import PublicKey


class PublishedKey(Struct, frozen=True):
    """A successor: the province signs with `new` from `first` on; what `old` signed is taken through `until`."""

    old: PublicKey
    new: PublicKey
    first: date
    until: date
    number: int = 0
    unit: str = ""

    def payload(self) -> dict[str, Json]:
        """Return the content of the signed line; it is for all units, so that no unit is told another key."""
        return {
            "schema": KEY,
            "number": self.number,
            "old": self.old.line(),
            "new": self.new.line(),
            "from": self.first.isoformat(),
            "until": self.until.isoformat(),
        }

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> PublishedKey:
        """Read a payload that fits the schema; ValueError for what is no key, no day, or no successor."""
        old, new = PublicKey.parse(payload["old"]), PublicKey.parse(payload["new"])
        first, until = date.fromisoformat(payload["from"]), date.fromisoformat(payload["until"])
        if old == new or until < first:
            raise ValueError("successor")
        return cls(old, new, first, until, payload["number"])
