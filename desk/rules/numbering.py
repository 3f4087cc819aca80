"""Provisional codes of this desk, official codes of the national and provincial systems, and slip numbers."""

from __future__ import annotations

import re
from datetime import date

from msgspec import Struct
from stdnum.iso7064 import mod_37_36

_UNIT = re.compile(r"[0-9]{5}")
_PROVISIONAL = re.compile(r"TN-?([0-9]{5})-?([0-9]{6})-?([1-9])([0-9]{4})([0-9A-Z])")
_OFFICIAL_2018 = re.compile(r"(?:[0-9]{3}\.)?[0-9]{2}\.[0-9]{2}\.[A-Z][0-9]{2}-([0-9]{6})-[0-9]{4,12}")
_OFFICIAL_2025 = re.compile(r"[A-Z][0-9]{2}(?:\.[0-9]{2,3})?(?:\.[0-9]{2})?-([0-9]{6})-[0-9]{4,12}")
_DASHES = re.compile("[\u2010-\u2015\u2212\uff0d]")


class ProvisionalCode(Struct, frozen=True):
    """A verified provisional code, taken apart."""

    unit: str
    date: date
    desk: int
    number: int
    check: str

    def __str__(self) -> str:
        return f"TN-{self.unit}-{self.date:%y%m%d}-{self.desk}{self.number:04d}{self.check}"

    @property
    def short(self) -> str:
        """The form for narrow lists: month and day, number and check character (`TN-0225-0007C`)."""
        return f"TN-{self.date:%m%d}-{self.number:04d}{self.check}"


def provisional_code(unit: str, date: date, desk: int, number: int) -> str:
    """Compose `TN-18229-260225-10007C`: unit, day, desk, number of the day, ISO 7064 MOD 37,36 check character.

    Raises ValueError for a unit that is not five digits, a desk outside 1-9, a number outside 1-9999 or a year
    outside 2000-2099 (the code carries two digits of it).
    """
    if not _UNIT.fullmatch(unit):
        raise ValueError("unit")
    _within(desk, 9, "desk")
    _within(number, 9999, "number")
    if not 2000 <= date.year <= 2099:
        raise ValueError("year")
    body = f"TN{unit}{date:%y%m%d}{desk}{number:04d}"
    return str(ProvisionalCode(unit, date, desk, number, mod_37_36.calc_check_digit(body)))


def parse_provisional(text: str) -> ProvisionalCode | None:
    """Read a provisional code in any case, with or without hyphens; None where shape, date or check is wrong."""
    found = _PROVISIONAL.fullmatch(_plain(text))
    if found is None:
        return None
    unit, day_text, desk, number, check = found.groups()
    day = _day(day_text)
    if day is None or int(number) == 0 or not mod_37_36.is_valid("".join(("TN", *found.groups()))):
        return None
    return ProvisionalCode(unit, day, int(desk), int(number), check)


def normalise_official(text: str) -> str | None:
    """Return an official code in capitals without blanks; None for anything else.

    Accepts the layout of TT 01/2018/TT-VPCP and that of TT 03/2025/TT-VPCP (with TT 04/2025/TT-VPCP), with a real date.
    """
    plain = _plain(text)
    found = _OFFICIAL_2018.fullmatch(plain) or _OFFICIAL_2025.fullmatch(plain)
    return plain if found and _day(found[1]) else None


def is_official_code(text: str) -> bool:
    """Say whether the text is an official dossier code of either layout."""
    return normalise_official(text) is not None


def slip_number(year: int, desk: int, n: int) -> str:
    """Number a slip within its form, year and desk: `26.100213` is slip 213 of desk 1 in 2026.

    Raises ValueError for a year outside 2000-2099, a desk outside 1-9 or a number outside 1-99999.
    """
    if not 2000 <= year <= 2099:
        raise ValueError("year")
    _within(desk, 9, "desk")
    _within(n, 99_999, "number")
    return f"{year % 100:02d}.{desk}{n:05d}"


def _within(value: int, most: int, what: str) -> None:
    if not 1 <= value <= most:
        raise ValueError(what)


def _plain(text: str) -> str:
    return _DASHES.sub("-", "".join(text.split())).upper()


def _day(yymmdd: str) -> date | None:
    try:
        return date(2000 + int(yymmdd[:2]), int(yymmdd[2:4]), int(yymmdd[4:]))
    except ValueError:
        return None
