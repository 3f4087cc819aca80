"""The reference data shipped with the product: CSV files read when first asked for, once each, as frozen rows."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from msgspec import Struct

from db.vocabulary import LimitUnit
from desk.rules.calendar import DEFAULT_SESSIONS, Calendar, OfficeHours, parse_rows

_UNITS = {
    "working_day": LimitUnit.WORKING_DAY,
    "calendar_day": LimitUnit.CALENDAR_DAY,
    "month": LimitUnit.MONTH,
    "working_hour": LimitUnit.WORKING_HOUR,
    "hour": LimitUnit.WORKING_HOUR,
    "same_day": LimitUnit.SAME_DAY,
}
_NATIONAL_CODE = re.compile(r"\d\.\d{6}")
_DEFAULT_CUTOFF = 15

CATALOGUE_VERSION = "2026.10"
"""The month in which the shipped catalogue was last compared with the national portal."""

UNITS_VERSION = "2026.4"
"""The month of the last change that the shipped table of communes holds."""

CALENDAR_VERSION = "2026.2"
"""The calendar with the second announcement for 2026 (31/08 swapped with 22/08); later ones compare greater."""


class Procedure(Struct, frozen=True):
    """One procedure of the national catalogue at commune level; an empty limit or fee means the source gives none."""

    code: str
    name: str
    field: str
    core: bool
    limit_value: int | None
    limit_unit: LimitUnit | None
    cutoff_hour: int | None
    variants: str
    time_limit_text: str
    limit_confidence: str
    fee_vnd: int | None
    fee_note: str
    components: tuple[str, ...]
    online_level: str
    legal_basis: tuple[str, ...]
    scope: str
    ministry: str
    confidence: str
    successor_code: str
    note: str

    @property
    def limit(self) -> str | None:
        """The limit as the rules read it (`3 working_day`, `same_day`, `same_day@16:00`); None where it is unknown."""
        if self.limit_unit is None:
            return None
        if self.limit_unit is not LimitUnit.SAME_DAY:
            return f"{self.limit_value} {self.limit_unit.value}"
        return "same_day" if self.cutoff_hour in {None, _DEFAULT_CUTOFF} else f"same_day@{self.cutoff_hour:02d}:00"


class AdminUnit(Struct, frozen=True):
    """One current commune, ward or special zone; `code` is the five-digit code of QĐ 19/2025/QĐ-TTg."""

    code: str
    type: str
    name: str
    full_name: str
    province_code: str
    province_name: str
    search_key: str
    valid_from: date
    note: str
    alt_name: str


class WardChange(Struct, frozen=True):
    """Where one commune of 30 June 2025 went; `partly` where only a part of it, `parts` counts its new communes."""

    old_code: str
    old_name: str
    old_district: str
    old_province: str
    old_province_code: str
    new_code: str
    new_name: str
    new_province_code: str
    new_province: str
    partly: bool
    parts: int
    old_key: str


class BirthProvince(Struct, frozen=True):
    """Province of birth registration behind the first three digits of a personal number."""

    code: str
    old_province: str
    new_province_code: str
    new_province: str
    agency_code: str


class Agency(Struct, frozen=True):
    """A level-1 agency code of QĐ 20/2020/QĐ-TTg; a closed one names its successor where there is one."""

    code: str
    name: str
    status: str
    is_open: bool
    successor: str
    new_province: str


class NamePart(Struct, frozen=True):
    """A weighted part (`family`, `middle`, `given`) of made-up people's names; `gender` is empty where it fits both."""

    part: str
    gender: str
    text: str
    weight: int


PROVINCIAL = "990"
"""What the code of a provincial centre begins with; the two digits of its province follow."""


def _text(name: str) -> str:
    return files("desk.reference").joinpath(name).read_text(encoding="utf-8")


def _rows(name: str) -> Iterator[dict[str, str]]:
    return csv.DictReader(_text(name).splitlines())


def _number(text: str) -> int | None:
    return int(text) if text else None


def _split(text: str) -> tuple[str, ...]:
    """Split a `;` list, leaving a `;` inside balanced parentheses where it is."""
    if text.count("(") != text.count(")"):
        return tuple(part for part in (piece.strip() for piece in text.split(";")) if part)
    parts, depth = [""], 0
    for char in text:
        depth += (char == "(") - (char == ")")
        if char == ";" and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return tuple(part for part in (piece.strip() for piece in parts) if part)


def _procedure(row: dict[str, str]) -> Procedure:
    successor = _NATIONAL_CODE.match(row["successor_code"])
    return Procedure(
        code=row["code"],
        name=row["name"],
        field=row["field"],
        core=row["core"] == "1",
        limit_value=_number(row["limit_value"]),
        limit_unit=_UNITS[row["limit_unit"]] if row["limit_unit"] else None,
        cutoff_hour=_number(row["cutoff_hour"]),
        variants=row["limit_variants"],
        time_limit_text=row["time_limit_text"],
        limit_confidence=row["limit_confidence"],
        fee_vnd=_number(row["fee_vnd"]),
        fee_note=row["fee_note"],
        components=_split(row["components"]),
        online_level=row["online_level"],
        legal_basis=_split(row["legal_basis"]),
        scope=row["scope"],
        ministry=row["ministry"],
        confidence=row["confidence"],
        successor_code=successor.group() if successor else "",
        note=row["note"],
    )


@cache
def procedures() -> Mapping[str, Procedure]:
    """Return the shipped catalogue by national code, in the file's order."""
    return MappingProxyType({row["code"]: _procedure(row) for row in _rows("procedures.csv")})


def procedure(code: str) -> Procedure | None:
    """Return the procedure of a code; a suffix of the province (`.H50`) or of a sub-case (`.01`) is looked through."""
    catalogue = procedures()
    return catalogue.get(code) or catalogue.get(national_code(code))


def national_code(code: str) -> str:
    """Return a procedure's code without the suffix of a province or of a sub-case; any other text as it is."""
    national = _NATIONAL_CODE.match(code)
    return national.group() if national and code[national.end() :].startswith(".") else code


@cache
def admin_units() -> Mapping[str, AdminUnit]:
    """Return the current communes by five-digit code."""
    return MappingProxyType(
        {
            row["code"]: AdminUnit(valid_from=date.fromisoformat(row.pop("valid_from")), **row)
            for row in _rows("admin_units.csv")
        }
    )


def reporting_unit(code: str) -> str | None:
    """Return the full name of who sends daily files under a code: a commune, or the centre of a province (`990PP`).

    Communes have all codes up to 32,248, so that `990` before the two digits of a province is nobody's.
    """
    commune = admin_units().get(code)
    if commune is not None:
        return commune.full_name
    province = _provinces().get(code.removeprefix(PROVINCIAL)) if code.startswith(PROVINCIAL) else None
    return None if province is None else f"Trung tâm PVHCC {province[0].lower()}{province[1:]}"


@cache
def _provinces() -> Mapping[str, str]:
    return MappingProxyType({unit.province_code: unit.province_name for unit in admin_units().values()})


@cache
def ward_changes() -> tuple[WardChange, ...]:
    """Return the conversion table of the communes of 30 June 2025, one row for each pair of old and new."""
    return tuple(
        WardChange(
            old_code=row["old_code"],
            old_name=row["old_name"],
            old_district=row["old_district"],
            old_province=row["old_province"],
            old_province_code=row["old_province_code"],
            new_code=row["new_code"],
            new_name=row["new_name"],
            new_province_code=row["new_province_code"],
            new_province=row["new_province"],
            partly=row["partly"] == "1",
            parts=int(row["n_new"]),
            old_key=row["old_key"],
        )
        for row in _rows("ward_old_to_new.csv")
    )


@cache
def birth_provinces() -> Mapping[str, BirthProvince]:
    """Return the provinces of birth registration by the three digits that open a personal number."""
    return MappingProxyType(
        {
            row["cccd_code"]: BirthProvince(
                row["cccd_code"],
                row["old_province"],
                row["new_province_code"],
                row["new_province"],
                row["agency_code"],
            )
            for row in _rows("id_province_codes.csv")
        }
    )


@cache
def agencies() -> Mapping[str, Agency]:
    """Return the level-1 agency codes, closed ones included."""
    return MappingProxyType(
        {
            row["code"]: Agency(
                row["code"],
                row["name"],
                row["status"],
                row["status"] == "đang dùng",
                row["successor"],
                row["new_province"],
            )
            for row in _rows("agency_codes.csv")
        }
    )


@cache
def name_parts() -> tuple[NamePart, ...]:
    """Return the parts that made-up people's names are put together from."""
    return tuple(NamePart(row["part"], row["gender"], row["text"], int(row["weight"])) for row in _rows("names_vi.csv"))


def calendar_text() -> str:
    """Return the shipped calendar rows as CSV text."""
    return _text("calendar.csv")


@cache
def calendar() -> Calendar:
    """Return the shipped calendar with the usual office hours; it covers the whole years its rows speak of."""
    text = calendar_text()
    rows = parse_rows(text)
    return Calendar(
        rows,
        (OfficeHours(date.min, DEFAULT_SESSIONS),),
        date(min(row.date.year for row in rows), 1, 1),
        date(max(row.date.year for row in rows), 12, 31),
        CALENDAR_VERSION,
    )
