"""Addresses of old cards and the communes of today: by name, district and province, by less where less is said."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk import reference
from desk.counter.addresses import NOWHERE, NewCommune, find_commune, with_commune, without_commune
from desk.reference import WardChange

MY_HAO = NewCommune("12103", "phường Mỹ Hào", "tỉnh Hưng Yên")

ONE = [
    ("Thôn Đặng Xá, Xã Cẩm Xá, Thị xã Mỹ Hào, Tỉnh Hưng Yên", "12103"),
    ("thôn đặng xá, xã cẩm xá, thị xã mỹ hào, tỉnh hưng yên", "12103"),
    ("Xã Cẩm Xá, Mỹ Hào, Hưng Yên", "12103"),
    ("Xã Cẩm Xá, Tỉnh Hưng Yên", "12103"),
    ("thon dang xa, xa cam xa, thi xa my hao, tinh hung yen", "12103"),
    ("Xã Cẩm Xá, TX. Mỹ Hào, T. Hưng Yên.", "12103"),
    ("Xã Cẩm Xá, Huyện Mỹ Hào, Tỉnh Hưng Yên", "12103"),
    ("Thôn Đặng Xá, Xã Cẩm Xá, Thị xã Mỹ Hào, Tỉnh Hưng Yên (nay là phường Mỹ Hào, tỉnh Hưng Yên)", "12103"),
    ("Số 10 Lê Lợi, Phường Bến Nghé, Quận 1, TP Hồ Chí Minh", "26740"),
    ("Số 10 Lê Lợi, P. Bến Nghé, Q.1, TP.HCM", "26740"),
    ("P. 01, Q.3, TP.HCM", "27154"),
    ("Phường 1, Quận 3, Thành phố Hồ Chí Minh", "27154"),
    ("Xã Phú Xuân, Huyện Phú Vang, Tỉnh Thừa Thiên Huế", "19918"),
    ("Xã Phú Xuân, Huyện Phú Vang, Thành phố Huế", "19918"),
    ("Huyện Bạch Long Vĩ, Thành phố Hải Phòng", "11948"),
]

CURRENT = [
    ("Xã Đức Thọ, Tỉnh Hà Tĩnh", "18229"),
    ("Thôn Phú Khê, Xã Phú Hồ, Thành phố Huế", "19918"),
    ("Đặc khu Côn Đảo, Thành phố Hồ Chí Minh", "26732"),
]

NONE = [
    "",
    " ",
    "x",
    "Hà Nội",
    "Phường Không Có, Hà Nội",
    "Xã Cẩm Xá, Tỉnh Không Có",
    ",,,",
    "Nhà 5, ngõ 3, đường Láng",
]


@pytest.mark.parametrize(("address", "code"), ONE)
def test_an_old_address_has_one_commune_today(address: str, code: str) -> None:
    found = find_commune(address)
    assert [each.code for each in found.candidates] == [code]
    assert not found.current
    assert found.only is not None


@pytest.mark.parametrize(("address", "code"), CURRENT)
def test_an_address_of_today_is_recognised(address: str, code: str) -> None:
    found = find_commune(address)
    assert found.current
    assert [each.code for each in found.candidates] == [code]


@pytest.mark.parametrize("address", NONE)
def test_what_names_no_commune_gives_none(address: str) -> None:
    assert find_commune(address) is NOWHERE


def test_a_split_commune_gives_every_part_to_choose_from() -> None:
    found = find_commune("Số 7, Phường Điện Biên, Quận Ba Đình, Thành phố Hà Nội")
    assert [each.name for each in found.candidates] == [
        "phường Ba Đình", "phường Hoàn Kiếm", "phường Ô Chợ Dừa", "phường Văn Miếu - Quốc Tử Giám",
    ]  # fmt: skip
    assert found.only is None


def test_one_name_in_two_districts_is_told_apart_by_the_district_or_left_to_the_officer() -> None:
    communes = [each for each in reference.ward_changes() if each.old_province == "Tỉnh Thanh Hóa"]
    by_name: dict[str, dict[str, set[str]]] = {}
    for each in communes:
        by_name.setdefault(each.old_name, {}).setdefault(each.old_district, set()).add(each.new_code)
    twice = {name: districts for name, districts in by_name.items() if len(districts) > 1}
    assert twice
    for name, districts in twice.items():
        for district, codes in districts.items():
            found = find_commune(f"{name}, {district}, Thanh Hóa")
            assert {each.code for each in found.candidates} == codes
        either = find_commune(f"{name}, Thanh Hóa")
        assert either.current or {each.code for each in either.candidates} == set().union(*districts.values())


def test_marks_tell_apart_what_folding_joins() -> None:
    by_name: dict[tuple[str, str], set[str]] = {}
    for change in reference.ward_changes():
        key = (change.old_key, change.old_province)
        by_name.setdefault(key, set()).add(change.old_code)
    twins = [
        change
        for change in reference.ward_changes()
        if len(by_name[change.old_key, change.old_province]) > 1 and change.old_name
    ]
    for change in twins:
        found = find_commune(f"{change.old_name}, {change.old_district}, {change.old_province}")
        assert change.new_code in {each.code for each in found.candidates}


@given(st.sampled_from(reference.ward_changes()), st.sampled_from(["as is", "lower", "NFD", "no district"]))
def test_every_row_of_the_table_is_found_from_its_old_names(change: WardChange, form: str) -> None:
    parts = [part for part in (change.old_name, change.old_district, change.old_province) if part]
    if form == "no district" and change.old_name:
        del parts[1]
    address = ", ".join(["Số 1", *parts])
    address = (
        address.lower() if form == "lower" else unicodedata.normalize("NFD", address) if form == "NFD" else address
    )
    found = find_commune(address)
    assert found.current or change.new_code in {each.code for each in found.candidates}
    if form != "no district":
        wanted = {
            each.new_code
            for each in reference.ward_changes()
            if (each.old_name, each.old_district, each.old_province)
            == (change.old_name, change.old_district, change.old_province)
        }
        assert {each.code for each in found.candidates} == wanted


@given(st.text(max_size=80))
def test_any_text_is_an_address_or_not(text: str) -> None:
    assert find_commune(text).candidates == find_commune(text).candidates


@given(st.text(alphabet="abcđ ,.()-123", max_size=60))
def test_the_note_of_today_comes_off_as_it_went_on(address: str) -> None:
    plain = without_commune(address)
    assert without_commune(plain) == plain
    noted = with_commune(address, MY_HAO)
    assert without_commune(noted) == plain
    assert with_commune(noted, MY_HAO) == noted
    assert with_commune(noted, None) == plain


def test_the_note_reads_as_people_write_it() -> None:
    assert with_commune("Xã Cẩm Xá, Hưng Yên", MY_HAO) == "Xã Cẩm Xá, Hưng Yên (nay là phường Mỹ Hào, tỉnh Hưng Yên)"
    assert with_commune("", MY_HAO) == ""
