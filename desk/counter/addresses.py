"""From the address on an old card to the commune of today: a look-up in the conversion table of 1 July 2025."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from types import MappingProxyType
from typing import TypeVar

from msgspec import Struct

from desk import reference
from desk.reference import WardChange
from desk.rules.text import clean, fold

Item = TypeVar("Item")


class NewCommune(Struct, frozen=True):
    """A commune of today as an address names it: `phường Mỹ Hào`, `tỉnh Hưng Yên`."""

    code: str
    name: str
    province: str

    @property
    def text(self) -> str:
        """Both names, as they stand at the end of an address."""
        return f"{self.name}, {self.province}"


class Found(Struct, frozen=True):
    """Where an address lies today.

    One candidate: there it is. Several: the old commune was split, or its name alone does not tell it apart; only
    the officer can choose. None: the address names no commune we know. `current` where it already names a commune of
    today.
    """

    candidates: tuple[NewCommune, ...] = ()
    current: bool = False

    @property
    def only(self) -> NewCommune | None:
        """The one candidate, where there is no other."""
        return self.candidates[0] if len(self.candidates) == 1 else None


NOWHERE = Found()


Find = Callable[[str], Found]
"""Looks an address up."""


def find_commune(address: str) -> Found:
    """Return the communes of the shipped tables in which an address can lie."""
    return shipped().find(address)


def with_commune(address: str, commune: NewCommune | None) -> str:
    """Return the address with the commune of today behind it, `… (nay là phường Mỹ Hào, tỉnh Hưng Yên)`."""
    plain = without_commune(address)
    return plain if commune is None or not plain else f"{plain} {_OPEN}{commune.text})"


def without_commune(address: str) -> str:
    """Return the address as the card has it."""
    return _NOTE.sub("", address).strip()


_OPEN = "(nay là "
_NOTE = re.compile(r"\s*\(nay là [^()]*\)\s*\Z")

_KINDS = MappingProxyType(
    {
        "tinh": ("tỉnh", "t."),
        "thanh pho": ("thành phố", "tp."),
        "quan": ("quận", "q."),
        "huyen": ("huyện", "h."),
        "thi xa": ("thị xã", "tx."),
        "thi tran": ("thị trấn", "tt."),
        "phuong": ("phường", "p."),
        "xa": ("xã", "x."),
        "dac khu": ("đặc khu", "đk."),
    }
)
_COMMUNES = frozenset({"xa", "phuong", "thi tran", "dac khu"})
_KIND = re.compile(
    "|".join(
        rf"(?P<{kind.replace(' ', '_')}>{long}\s+|{fold(long)}\s+|{fold(short[:-1])}(?:\.\s*|\s+))"
        for kind, (long, short) in sorted(_KINDS.items(), key=lambda item: -len(item[0]))
    )
)
_PROVINCE_ALIASES = MappingProxyType({"thua thien hue": "hue", "hcm": "ho chi minh", "sai gon": "ho chi minh"})


class _Part(Struct, frozen=True):
    """A unit's name taken apart: its kind (folded, empty where it is not said), its bare name, and that folded."""

    kind: str
    name: str
    folded: str

    @classmethod
    def read(cls, written: str) -> _Part:
        text = unicodedata.normalize("NFC", clean(written)).casefold().rstrip(".")
        found = _KIND.match(text)
        kind = found.lastgroup.replace("_", " ") if found and found.lastgroup else ""
        name = re.sub(r"\s*-\s*", " ", text[found.end() :] if found else text).strip()
        # Phường 01 and Phường 1 are one.
        name = name.lstrip("0") if name.isdigit() else name
        return cls(kind, name, fold(name))


class Gone(Struct, frozen=True):
    """A commune that was, and the communes of today that it became; the district is empty from 1 July 2025 on."""

    name: str
    district: str
    province: str
    became: tuple[NewCommune, ...]


class _Old(Struct, frozen=True):
    """A commune that was, its name taken apart."""

    part: _Part
    district: _Part
    became: tuple[NewCommune, ...]


class Communes:
    """The communes of today and those that were, to look addresses up in; making it takes a tenth of a second."""

    def __init__(self, units: Iterable[NewCommune], gone: Iterable[Gone]) -> None:
        self._new: dict[tuple[str, str], list[NewCommune]] = {}
        for unit in units:
            self._new.setdefault((_Part.read(unit.name).folded, _Part.read(unit.province).folded), []).append(unit)
        self._gone: dict[tuple[str, str], list[_Old]] = {}
        for each in gone:
            part = _Part.read(each.name)
            old = _Old(part, _Part.read(each.district), each.became)
            self._gone.setdefault((part.folded, _Part.read(each.province).folded), []).append(old)

    def find(self, address: str) -> Found:
        """Return the communes of today in which an address can lie.

        Read from its end: province, district (old addresses only), commune. Old communes of one name in one province
        are told apart by their marks, then by kind, then by district; what does not tell them apart is not asked for.
        """
        parts = [_Part.read(part) for part in clean(without_commune(address)).split(",") if part.strip()]
        if len(parts) < 2:
            return NOWHERE
        province = _PROVINCE_ALIASES.get(parts[-1].folded, parts[-1].folded)
        if not _has_district(parts):
            return self._current(parts[-2], province) or self._old(parts[-2], None, province) or NOWHERE
        return self._old(parts[-3], parts[-2], province) or NOWHERE

    def _current(self, wanted: _Part, province: str) -> Found | None:
        """Return the commune of today that an address of two tiers names; without its kind it may be a district."""
        if wanted.kind not in _COMMUNES:
            return None
        units = [
            unit for unit in self._new.get((wanted.folded, province), ()) if _Part.read(unit.name).kind == wanted.kind
        ]
        units = _narrowed(units, lambda unit: _Part.read(unit.name).name == wanted.name)
        return Found(tuple(units), current=True) if units else None

    def _old(self, wanted: _Part, district: _Part | None, province: str) -> Found | None:
        """Return what became of the old communes that fit best."""
        fitting = list(self._gone.get((wanted.folded, province), ()))
        if wanted.kind:
            fitting = [old for old in fitting if old.part.kind == wanted.kind or _upgraded(wanted, old)]
        if district is not None:
            fitting = _narrowed(fitting, lambda old: old.district.folded == district.folded)
            fitting = _narrowed(fitting, lambda old: not district.kind or old.district.kind == district.kind)
        fitting = _narrowed(fitting, lambda old: old.part.kind == wanted.kind)
        fitting = _narrowed(fitting, lambda old: old.part.name == wanted.name)
        communes = dict.fromkeys(new for old in fitting for new in old.became)
        return Found(tuple(communes)) if communes else None


@cache
def shipped() -> Communes:
    """Return the communes of the shipped tables."""
    units = (commune(unit.code, unit.full_name, unit.province_name) for unit in reference.admin_units().values())
    return Communes(units, shipped_gone(lambda change: (shipped_commune(change),)))


def shipped_gone(became: Callable[[WardChange], Iterable[NewCommune]]) -> Iterator[Gone]:
    """Yield the communes of 30 June 2025, each with what one row after the other of the shipped table became."""
    rows: dict[tuple[str, str, str], list[WardChange]] = {}
    for change in reference.ward_changes():
        name = change.old_name or change.old_district
        rows.setdefault((name, change.old_district, change.old_province), []).append(change)
    for (name, district, province), changes in rows.items():
        new = dict.fromkeys(each for change in changes for each in became(change))
        yield Gone(name, district, province, tuple(new))


def shipped_commune(change: WardChange) -> NewCommune:
    """Return what a row of the shipped table names as the new one."""
    return commune(change.new_code, change.new_name, change.new_province)


def commune(code: str, full_name: str, province: str) -> NewCommune:
    """Return a commune as an address names it."""
    return NewCommune(code, _small(full_name), _small(province))


def _has_district(parts: Sequence[_Part]) -> bool:
    """Say whether a district stands between commune and province."""
    if len(parts) < 3 or parts[-2].kind in _COMMUNES:
        return False
    return bool(parts[-2].kind) or parts[-3].kind in _COMMUNES


def _small(name: str) -> str:
    return name[:1].lower() + name[1:]


def _upgraded(wanted: _Part, old: _Old) -> bool:
    """Say whether an older card may name this commune by the kind it had before it grew."""
    return (wanted.kind, old.part.kind) in {("xa", "phuong"), ("xa", "thi tran"), ("thi tran", "phuong")}


def _narrowed(items: Iterable[Item], fits: Callable[[Item], bool]) -> list[Item]:
    """Keep what fits, or everything where nothing does."""
    listed = list(items)
    return [item for item in listed if fits(item)] or listed
