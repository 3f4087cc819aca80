"""What comes in at a commune: which procedures, by which way, and how each dossier's story turns out.

Certification is seven tenths of the work of a busy commune, the rest has a long tail; on-line filing is the rule where
the national portal offers it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from itertools import accumulate
from random import Random
from types import MappingProxyType

from db.vocabulary import Channel, LimitUnit
from desk import reference
from desk.reference import Procedure

CERTIFIED_SHARE = 0.7
CERTIFICATION = "Chứng thực"
LAND = "Đất đai"
DAY_UNITS = frozenset({LimitUnit.WORKING_DAY, LimitUnit.CALENDAR_DAY, LimitUnit.MONTH})

_CERTIFIED = {
    "2.000815": 800, "2.000884": 100, "2.001035": 50, "2.000908": 20, "2.001016": 10, "2.000942": 10, "2.000913": 5,
    "2.001406": 5,
}  # fmt: skip
_FREQUENT = (
    "1.004873", "2.000635", "1.001193", "1.013978", "1.004222", "1.014027", "1.004194", "1.000656", "1.000894",
    "1.001612", "1.004884", "1.004859", "1.013225", "1.010041", "1.116909", "2.000986", "1.010833", "1.014062",
)  # fmt: skip
"""The frequent ones first; every other core procedure follows them in the long tail."""

_CHANNELS = {Channel.DIRECT: 11, Channel.ONLINE: 86, Channel.POST: 3}
_CHANNELS_NO_PORTAL = {Channel.DIRECT: 97, Channel.POST: 3}

DEPARTMENTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Hộ tịch": ("Tư pháp – Hộ tịch", "Lãnh đạo UBND"),
        LAND: ("Địa chính – Nông nghiệp", "Văn phòng đăng ký đất đai"),
        "Hoạt động xây dựng": ("Phòng Kinh tế", "Lãnh đạo UBND"),
        "Đăng ký, quản lý cư trú": ("Công an xã", "Lãnh đạo UBND"),
        "Cấp, quản lý căn cước": ("Công an xã", "Công an tỉnh"),
    }
)
OTHER_DEPARTMENTS = ("Phòng Văn hóa – Xã hội", "Lãnh đạo UBND")


class Fate(StrEnum):
    """What is special about a dossier's way; a plain one has nothing."""

    PLAIN = "plain"
    UNCOLLECTED = "uncollected"
    LATE = "late"
    VOIDED = "voided"
    UNDONE = "undone"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    DECLINED = "declined"
    EARLY_SUPPLEMENT = "early_supplement"
    SUPPLEMENT = "supplement"
    SECOND_SUPPLEMENT = "second_supplement"
    STOPPED = "stopped"
    HOPS = "hops"
    VARIANT = "variant"
    RESCHEDULED = "rescheduled"


_CERTIFIED_FATES = {
    Fate.PLAIN: 945, Fate.UNCOLLECTED: 20, Fate.LATE: 5, Fate.VOIDED: 5, Fate.UNDONE: 10, Fate.CORRECTED: 3,
    Fate.WITHDRAWN: 4, Fate.DECLINED: 8,
}  # fmt: skip
_OTHER_FATES = {
    Fate.PLAIN: 650, Fate.UNCOLLECTED: 25, Fate.LATE: 22, Fate.VOIDED: 8, Fate.UNDONE: 10, Fate.CORRECTED: 4,
    Fate.WITHDRAWN: 10, Fate.REFUSED: 14, Fate.DECLINED: 20, Fate.EARLY_SUPPLEMENT: 60, Fate.SUPPLEMENT: 60,
    Fate.SECOND_SUPPLEMENT: 4, Fate.STOPPED: 8, Fate.HOPS: 60, Fate.VARIANT: 15, Fate.RESCHEDULED: 30,
}  # fmt: skip
_NEEDS_DAYS = frozenset({Fate.RESCHEDULED, Fate.SUPPLEMENT, Fate.SECOND_SUPPLEMENT, Fate.STOPPED, Fate.HOPS})


class Mix:
    """Draws procedures, channels and fates."""

    def __init__(self) -> None:
        catalogue = reference.procedures()
        self._certified = [catalogue[code] for code in _CERTIFIED]
        self._certified_weights = list(accumulate(_CERTIFIED.values()))
        tail = [each.code for each in catalogue.values() if each.core and each.field != CERTIFICATION]
        self._others = [catalogue[code] for code in dict.fromkeys((*_FREQUENT, *tail))]
        self._other_weights = list(accumulate(1 / rank for rank in range(1, len(self._others) + 1)))

    def procedure(self, random: Random, certified_share: float) -> Procedure:
        """Return the procedure of the next dossier."""
        if random.random() < certified_share:
            return random.choices(self._certified, cum_weights=self._certified_weights)[0]
        return self.other(random)

    def other(self, random: Random) -> Procedure:
        """Return a procedure that is no certification: Zipf over the frequent ones and the rest."""
        return random.choices(self._others, cum_weights=self._other_weights)[0]

    def with_fate(self, random: Random, fate: Fate) -> Procedure:
        """Return a procedure, no certification, that can have a fate."""
        return next(found for found in iter(lambda: self.other(random), None) if can_have(found, fate))

    def fate(self, random: Random, procedure: Procedure) -> Fate:
        """Return how a dossier of a procedure turns out."""
        table = _CERTIFIED_FATES if procedure.field == CERTIFICATION else _OTHER_FATES
        found = random.choices(list(table), list(table.values()))[0]
        return found if can_have(procedure, found) else Fate.PLAIN


def channel(random: Random, procedure: Procedure) -> Channel:
    """Return the way a dossier comes in."""
    no_portal = procedure.field == CERTIFICATION or procedure.online_level.startswith("không")
    table = _CHANNELS_NO_PORTAL if no_portal else _CHANNELS
    return random.choices(list(table), list(table.values()))[0]


def can_have(procedure: Procedure, fate: Fate) -> bool:
    """Say whether a procedure's limit leaves room for a fate."""
    if fate is Fate.VARIANT:
        return bool(procedure.variants) and procedure.limit_unit in DAY_UNITS
    if fate in _NEEDS_DAYS:
        return procedure.limit_unit in DAY_UNITS and (procedure.limit_value or 0) > 1
    return True
