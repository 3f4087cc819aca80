"""The shipped reference data: complete, consistent, and read as typed rows."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from datetime import date
from importlib.resources import files

import pytest

from db.vocabulary import LimitUnit
from desk import reference
from desk.rules.deadline import Limit, apply_variant, parse_variants

NAMES = (
    "procedures",
    "admin_units",
    "ward_old_to_new",
    "id_province_codes",
    "agency_codes",
    "names_vi",
    "calendar",
)


@pytest.mark.parametrize("name", NAMES)
def test_each_table_is_nfc_utf8_without_a_mark(name: str) -> None:
    text = files("desk.reference").joinpath(f"{name}.csv").read_bytes().decode("utf-8")
    assert not text.startswith("\ufeff")
    assert unicodedata.is_normalized("NFC", text)


def test_the_catalogue_has_the_counted_rows() -> None:
    rows = reference.procedures().values()
    assert (len(rows), sum(row.core for row in rows)) == (366, 77)
    assert Counter(row.limit_unit for row in rows) == {
        LimitUnit.WORKING_DAY: 213,
        LimitUnit.CALENDAR_DAY: 53,
        LimitUnit.SAME_DAY: 19,
        LimitUnit.WORKING_HOUR: 5,
        None: 76,
    }
    assert sum(row.fee_vnd is not None for row in rows) == 166


def test_a_row_is_typed() -> None:
    row = reference.procedures()["1.001653"]
    assert (row.name, row.field) == ("Đổi, cấp lại Giấy xác nhận khuyết tật", "Bảo trợ xã hội")
    assert (row.limit_value, row.limit_unit, row.cutoff_hour, row.fee_vnd) == (5, LimitUnit.WORKING_DAY, None, 0)
    assert row.components == ("Đơn đề nghị (mẫu 01 TT 01/2019/TT-BLĐTBXH)",)
    assert row.legal_basis[0] == "51/2010/QH12"
    assert row.core


def test_every_limit_and_variant_is_one_the_rules_read() -> None:
    for row in reference.procedures().values():
        if row.limit is None:
            assert row.limit_value is None
            continue
        limit = Limit.parse(row.limit)
        assert (limit.value, limit.unit) == (row.limit_value, row.limit_unit)
        for variant in parse_variants(row.variants):
            assert apply_variant(limit, variant.text).value >= 0


def test_a_semicolon_inside_parentheses_does_not_split_a_component() -> None:
    birth = reference.procedures()["1.001193"].components
    assert any("nếu ủy quyền;" in component for component in birth)
    every = [component for row in reference.procedures().values() for component in row.components]
    assert all(component == component.strip() != "" for component in every)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("2.000815", "2.000815"),
        ("2.000815.H50", "2.000815"),
        ("2.000815.000.00.00.H48", "2.000815"),
        ("1.116910.01", "1.116910"),
        ("2.0008151", None),
        ("2.00081", None),
        ("9.999999.H57", None),
        ("", None),
    ],
)
def test_a_suffix_of_the_province_is_looked_through(asked: str, found: str | None) -> None:
    row = reference.procedure(asked)
    assert (row and row.code) == found


def test_successors_are_codes() -> None:
    codes = {row.code: row.successor_code for row in reference.procedures().values() if row.successor_code}
    assert len(codes) == 6
    assert codes["1.013978"] == "1.115620"
    assert all(re.fullmatch(r"\d\.\d{6}", code) for code in codes.values())


def test_the_units_are_the_3321_of_34_provinces() -> None:
    units = reference.admin_units()
    assert len(units) == 3321
    assert len({unit.province_code for unit in units.values()}) == 34
    assert Counter(unit.type for unit in units.values()) == {"Xã": 2611, "Phường": 697, "Đặc khu": 13}
    assert units["19930"].full_name == "Phường Mỹ Thượng"
    assert units["26368"].valid_from == date(2026, 4, 30)
    assert all(re.fullmatch(r"\d{5}", code) for code in units)


def test_every_old_commune_went_to_a_unit_of_today() -> None:
    changes = reference.ward_changes()
    units = reference.admin_units()
    assert len(changes) == 10570
    assert {change.new_code for change in changes} == set(units)
    assert all(units[change.new_code].province_code == change.new_province_code for change in changes)
    parts = Counter(change.old_code for change in changes if change.old_code)
    assert all(change.parts == parts[change.old_code] for change in changes if change.old_code)
    assert sum(count > 1 for count in parts.values()) == 441
    assert {change.old_name for change in changes if change.new_code == "19930"} == {
        "Phường Phú Thượng",
        "Xã Phú An",
        "Xã Phú Mỹ",
    }


def test_birth_provinces_lead_to_provinces_of_today() -> None:
    provinces = reference.birth_provinces()
    assert len(provinces) == 63
    assert {row.new_province_code for row in provinces.values()} == {
        unit.province_code for unit in reference.admin_units().values()
    }
    assert (provinces["089"].old_province, provinces["089"].new_province_code) == ("An Giang", "91")


def test_a_closed_agency_names_an_open_successor() -> None:
    agencies = reference.agencies()
    assert len(agencies) == 73
    closed = [agency for agency in agencies.values() if not agency.is_open and agency.code.startswith("H")]
    assert len(closed) == 29
    assert all(agencies[agency.successor].is_open for agency in closed)
    assert all(agencies[row.agency_code].code for row in reference.birth_provinces().values())


def test_made_up_names_have_all_parts() -> None:
    parts = Counter(part.part for part in reference.name_parts())
    assert parts == {"given": 104, "middle": 49, "family": 45}
    assert all(part.weight > 0 for part in reference.name_parts())


def test_the_calendar_covers_the_years_it_speaks_of() -> None:
    cal = reference.calendar()
    assert (cal.first, cal.last) == (date(2025, 1, 1), date(2026, 12, 31))
    assert not cal.counts(date(2026, 1, 2))
    assert cal.counts(date(2026, 1, 10))
    assert cal.version == reference.CALENDAR_VERSION
    assert re.fullmatch(r"20[0-9]{2}\.[0-9]+", cal.version)


def test_a_table_is_read_once() -> None:
    assert reference.procedures() is reference.procedures()
    assert reference.ward_changes() is reference.ward_changes()


def test_a_provincial_centre_reports_under_a_code_that_no_commune_has() -> None:
    assert reference.reporting_unit("18229") == "Xã Đức Thọ"
    assert reference.reporting_unit("99042") == "Trung tâm PVHCC tỉnh Hà Tĩnh"
    assert reference.reporting_unit("99001") == "Trung tâm PVHCC thành phố Hà Nội"
    assert [reference.reporting_unit(code) for code in ("99999", "99000", "990", "33", "00001", "")] == [None] * 6
    assert not any(code.startswith(reference.PROVINCIAL) for code in reference.admin_units())
