from __future__ import annotations

from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.vocabulary import ApplicantKind
from desk import reference
from desk.rehearsal.people import MARK, PHONE_PREFIX, SEXES, MadeUpPerson, People
from desk.rules.card_fields import Sex
from desk.rules.identity import check_id_number
from desk.rules.text import clean

UNIT = "18229"
ON = date(2026, 3, 13)


def made(seed: int, how_many: int, unit: str = UNIT) -> list[MadeUpPerson]:
    people = People(Random(seed), unit, ON)
    return [people.person() for _each in range(how_many)]


@given(st.integers())
def test_a_person_is_plausible_and_marked_as_made_up(seed: int) -> None:
    person = made(seed, 1)[0]
    sex = {"Nam": Sex.MALE, "Nữ": Sex.FEMALE}[person.sex]
    assert person.born is not None
    assert check_id_number(person.id_number, sex=sex, birth_date=person.born) == ()
    assert 16 <= (ON - person.born).days / 365.25 <= 86
    assert person.address.endswith(MARK)
    assert person.phone.startswith(PHONE_PREFIX)
    assert len(person.phone) == 10
    assert clean(person.name) == person.name
    assert len(person.name.split()) >= 2


@given(st.integers())
def test_a_name_is_of_one_sex(seed: int) -> None:
    parts = [each for each in reference.name_parts() if each.part == "given"]
    both = {sex: {each.text for each in parts if each.gender == sex} for sex in SEXES}
    person = made(seed, 1)[0]
    words = person.name.split()
    assert words[-1] in both[person.sex]
    assert ("Thị" in words) <= (person.sex == "Nữ")
    assert ("Văn" in words) <= (person.sex == "Nam")


def test_nobody_has_the_number_of_another() -> None:
    people = made(1, 4000)
    assert len({each.id_number for each in people}) == 4000
    assert len({each.name for each in people}) > 2000


def test_hard_names_turn_up() -> None:
    text = " ".join(f"{each.name}," for each in made(2, 4000))
    for hard in ("Tôn Thất ", "Âu Dương ", " Ỷ,", " Ước,", " Đượm,"):
        assert hard in text


def test_most_people_live_here_and_the_others_nearby() -> None:
    people = made(3, 1000)
    here = sum("xã Đức Thọ, tỉnh Hà Tĩnh" in each.address for each in people)
    assert 780 <= here <= 920
    assert all("tỉnh Hà Tĩnh" in each.address for each in people)


@pytest.mark.parametrize("unit", sorted(reference.admin_units())[::400])
def test_every_kind_of_unit_has_people(unit: str) -> None:
    assert reference.admin_units()[unit].province_name[1:] in made(4, 1, unit)[0].address


def test_the_same_chance_makes_the_same_people() -> None:
    assert made(5, 50) == made(5, 50)
    assert made(5, 50) != made(6, 50)


def test_an_organisation_has_no_personal_number() -> None:
    body = People(Random(7), UNIT, ON).organisation()
    assert (body.id_number, body.born, body.sex) == ("", None, "")
    assert body.given().kind is ApplicantKind.ORGANISATION
    assert body.address.endswith(MARK)


def test_an_officer_types_what_the_person_has() -> None:
    person = made(8, 1)[0]
    typed = person.given(ApplicantKind.HOUSEHOLD)
    assert (typed.name, typed.id_number, typed.phone, typed.address, typed.kind) == (
        person.name,
        person.id_number,
        person.phone,
        person.address,
        ApplicantKind.HOUSEHOLD,
    )


def test_a_unit_that_is_not_in_force_has_nobody() -> None:
    with pytest.raises(KeyError):
        People(Random(9), "00000", ON)
