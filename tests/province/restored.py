"""A commune brought back from a backup: the copy of a centre that goes on behind a reset."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import date
from typing import Any

from desk.daily.build import Sealed
from desk.daily.container import NS_DAILY, NS_PRACTICE, Json, seal, sha256
from desk.daily.reset import Link, Lost, LostFile, Reset, SealedReset, seal_reset
from desk.daily.sshsig import SigningKey
from desk.rules.tally import stock_of
from tests.province.factory import Centre, at


class Restored:
    """A centre as it was when the backup was made; `known` are the files that its outbox still has."""

    def __init__(self, backup: Centre, known: list[Sealed], *, key: SigningKey | None = None) -> None:
        self.centre = copy.deepcopy(backup)
        self.centre.reseed(99)  # what is done after the backup is done otherwise
        self.centre.key = key or backup.key
        self.known = known
        self.base = len(self.centre.files)
        self.stock = stock_of(self.centre.files[-1].daily.rows) if self.centre.files else {}
        self._last = (self.base, self.centre.files[-1].sha256 if self.centre.files else None)

    def describe(self, day: date, **changed: Any) -> Reset:
        """Return the reset of a day, with other values by name."""
        files = self.centre.files[: self.base]
        base = Link(self.base, files[-1].sha256, files[-1].daily.date) if files else Link(0)
        last = self.known[-1] if self.known else None
        old = base if last is None else Link(last.daily.seq, last.sha256, last.daily.date)
        values: dict[str, Any] = {
            "unit": self.centre.unit,
            "unit_name": "Xã Hương Khê",
            "installation": self.centre.key.public.fingerprint,
            "practice": self.centre.practice,
            "day": day,
            "seq": max(old.seq, self._last[0]) + 1,
            "old": old,
            "new": base,
            "journal_to": files[-1].daily.journal.to if files else 0,
            "journal_head": sha256(b"here"),
            "stock": self.stock,
            "lost": Lost(
                since=at(day),
                files=tuple(LostFile(each.daily.seq, each.daily.date, each.sha256) for each in self.known),
            ),
            "reason": "đĩa hỏng, phục hồi từ bản sao lưu",
            "officer": 1,
            "approved_at": at(day),
            "created": at(day),
            "app": "0.1.0",
        }
        return Reset(**{**values, **changed})

    def reset(self, day: date, **changed: Any) -> SealedReset:
        """Seal a reset and go on behind it."""
        sealed = seal_reset(self.describe(day, **changed), self.centre.key)
        self._last = (sealed.reset.seq, sealed.sha256)
        return sealed

    def forged(self, day: date, changed: Mapping[str, Json], *, namespace: str = "") -> bytes:
        """Sign a changed payload of a reset, whatever it says."""
        usual = NS_PRACTICE if self.centre.practice else NS_DAILY
        return seal({**self.describe(day).payload(), **changed}, self.centre.key, namespace or usual)

    def close(self, day: date, **changed: Any) -> Sealed:
        """Close a day behind the last file of this branch."""
        seq, prev = self._last
        sealed = self.centre.close(day, **{"seq": seq + 1, "prev": prev, **changed})
        self._last = (sealed.daily.seq, sealed.sha256)
        return sealed
