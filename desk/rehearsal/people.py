"""Made-up people: names as they are given here, numbers that look right, and a mark that none of it is real."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from msgspec import Struct

from db.vocabulary import ApplicantKind
from desk import reference
from desk.counter.model import PersonInput
from desk.reference import AdminUnit, NamePart

SEXES = ("Nam", "Nữ")

MARK = "(thực hành)"
"""Closes every made-up address: there is no reserved range of personal numbers, so a number may be somebody's."""

PHONE_PREFIX = "095"
"""Of a mobile network that has closed, so that a practice call rings nowhere."""

_HARD = 0.03
"""Share of parts drawn without their weights, so that rare names turn up in a small centre too."""
_NOT_FAMILY = ("middle", "given")
_NEIGHBOURS = 8
_HOME, _HOME_BIRTH = 0.85, 0.75
_YOUNGEST, _OLDEST = 16, 85
_QUARTERS = {
    "Xã": ("Thôn Đông", "Thôn Đoài", "Thôn Thượng", "Thôn Trung", "Thôn Tân Hòa", "Thôn 1", "Thôn 2", "Thôn 5"),
    "Phường": ("Tổ dân phố 1", "Tổ dân phố 3", "Tổ dân phố 4", "Tổ dân phố 7", "Tổ dân phố 12"),
    "Đặc khu": ("Khu dân cư 1", "Khu dân cư 2", "Khu dân cư 4"),
}
_BODIES = ("Hợp tác xã Nông nghiệp", "Hợp tác xã Dịch vụ", "Công ty TNHH Xây dựng", "Công ty TNHH Thương mại")


class MadeUpPerson(Struct, frozen=True):
    """Somebody who does not exist; `sex` is `Nam` or `Nữ`, and empty for an organisation."""

    name: str
    sex: str
    born: date | None
    id_number: str
    phone: str
    address: str
    kind: ApplicantKind = ApplicantKind.CITIZEN

    def given(self, kind: ApplicantKind | None = None) -> PersonInput:
        """Return what an officer types of them."""
        return PersonInput(self.name, kind or self.kind, self.id_number, self.phone, "", self.address)


class _Parts:
    """One part of names for one sex, drawn by weight."""

    def __init__(self, parts: list[NamePart]) -> None:
        self._texts = [part.text for part in parts]
        self._weights = list(accumulate(part.weight for part in parts))

    def draw(self, random: Random) -> str:
        if random.random() < _HARD:
            return random.choice(self._texts)
        return random.choices(self._texts, cum_weights=self._weights)[0]


class People:
    """Makes people of one unit and its neighbours; the same source of chance gives the same people.

    KeyError for a unit that is not in force.
    """

    def __init__(self, random: Random, unit: str, on: date) -> None:
        self._random = random
        self._on = on
        self._numbers: set[str] = set()
        self._units = _nearby(unit)
        province = self._units[0].province_code
        codes = reference.birth_provinces()
        self._born_here = [code for code, found in codes.items() if found.new_province_code == province]
        self._born_anywhere = list(codes)
        listed = reference.name_parts()
        self._families = _Parts([each for each in listed if each.part == "family"])
        self._rest = {
            sex: [_Parts([each for each in listed if (each.part, each.gender) == (part, sex)]) for part in _NOT_FAMILY]
            for sex in SEXES
        }

    def person(self, sex: str = "") -> MadeUpPerson:
        """Return somebody new of 16 to 85 years."""
        random = self._random
        sex = sex or ("Nữ" if random.random() < 0.52 else "Nam")
        age = min(_OLDEST, _YOUNGEST + random.expovariate(1 / 28))
        born = self._on - timedelta(days=int(age * 365.25) + 5)
        return MadeUpPerson(
            self.name(sex), sex, born, self._number(sex, born), self._phone(), self._address(self._unit())
        )

    def keep_free(self, numbers: Iterable[str]) -> None:
        """Give nobody any of these personal numbers."""
        self._numbers.update(numbers)

    def organisation(self) -> MadeUpPerson:
        """Return a body that files for itself, without a number of its own."""
        unit = self._unit()
        name = f"{self._random.choice(_BODIES)} {unit.name}"
        kind = ApplicantKind.ORGANISATION
        return MadeUpPerson(name, "", None, "", self._phone(), self._address(unit), kind)

    def name(self, sex: str) -> str:
        """Return a name of family, middle and given part; no part says the same word twice."""
        family = self._families.draw(self._random)
        middles, givens = self._rest[sex]
        middle, given = middles.draw(self._random), givens.draw(self._random)
        while given in middle.split() or given in family.split():
            given = givens.draw(self._random)
        return " ".join(part for part in (family, middle, given) if part)

    def _number(self, sex: str, born: date) -> str:
        """Return a twelve-digit personal number that nobody here has yet: province, century and sex, year, six more."""
        random = self._random
        while True:
            place = random.choice(self._born_here if random.random() < _HOME_BIRTH else self._born_anywhere)
            century = 2 * (born.year // 100 - 19) + (sex == "Nữ")
            number = f"{place}{century}{born.year % 100:02d}{random.randrange(1_000_000):06d}"
            if number not in self._numbers:
                self._numbers.add(number)
                return number

    def _phone(self) -> str:
        return f"{PHONE_PREFIX}{self._random.randrange(10_000_000):07d}"

    def _unit(self) -> AdminUnit:
        home, *others = self._units
        return home if not others or self._random.random() < _HOME else self._random.choice(others)

    def _address(self, unit: AdminUnit) -> str:
        quarter = self._random.choice(_QUARTERS.get(unit.type, _QUARTERS["Xã"]))
        return f"{quarter}, {_lower(unit.full_name)}, {_lower(unit.province_name)} {MARK}"


def _nearby(code: str) -> list[AdminUnit]:
    """Return a unit and the nearest ones of its province: their codes run along the old districts."""
    units = reference.admin_units()
    home = units[code]
    others = [each for each in units.values() if each.province_code == home.province_code and each.code != code]
    others.sort(key=lambda each: (abs(int(each.code) - int(code)), each.code))
    return [home, *others[:_NEIGHBOURS]]


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]
