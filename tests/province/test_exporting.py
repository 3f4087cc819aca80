"""Tables that leave: as CSV, as a workbook, for DHIS2; none of them carries a formula."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import openpyxl  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.province.dhis2 import Identifiers, Kind, MapError, MapFault, combo_code, data_value_sets, read_map
from desk.province.exporting import Cell, Sheet, as_csv, as_workbook
from desk.province.service import Province
from tests.province.factory import MONDAY, UNIT, Centre, Clock, at

DAY = timedelta(days=1)
HOSTILE = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1",
    '=HYPERLINK("x")',
    "=cmd|' /C calc'!A0",
    "a\nb",
    "012",
)


def sheet(*cells: Cell) -> Sheet:
    return Sheet("Bảng", "Tiêu đề", [f"c{n}" for n in range(len(cells))], [list(cells)], ["ghi chú"], total=True)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_is_a_formula_in_csv(text: str) -> None:
    (row,) = list(csv.reader(io.StringIO(as_csv(sheet(text)).decode("utf-8-sig"), newline="")))[1:]
    assert row[0].removeprefix("'") == text
    assert not row[0].lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))


def test_no_heading_is_a_formula_in_csv() -> None:
    found = as_csv(Sheet("Bảng", "Tiêu đề", ["=1+1", "Lĩnh vực"], [])).decode("utf-8-sig")
    assert found == "'=1+1,Lĩnh vực\r\n"


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])) | st.integers(-(10**9), 10**9), min_size=2))
@settings(max_examples=40, deadline=None)
def test_a_workbook_gives_back_what_went_in(cells: list[str | int]) -> None:
    cells = [each[:200] if isinstance(each, str) else each for each in cells[:20]]
    page = openpyxl.load_workbook(io.BytesIO(as_workbook(sheet(*cells)))).worksheets[0]
    found = [page.cell(4, n + 1) for n in range(len(cells))]
    assert [cell.value if cell.value is not None else "" for cell in found] == cells
    assert not [cell for cell in found if cell.data_type == "f"]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_is_a_formula_in_a_workbook(text: str) -> None:
    page = openpyxl.load_workbook(io.BytesIO(as_workbook(sheet(text, 0.5, None, -3)))).worksheets[0]
    assert page.cell(4, 1).data_type in {"s", "inlineStr"}
    assert (page.cell(4, 2).value, page.cell(4, 2).number_format) == (0.5, "0.00%")
    assert (page.cell(4, 3).value, page.cell(4, 4).value) == (None, -3)
    assert (page.cell(1, 1).value, page.cell(6, 1).value) == ("Tiêu đề", "ghi chú")


def test_numbers_stay_numbers_in_csv() -> None:
    lines = as_csv(sheet(-3, 0.98765, None, 12)).decode("utf-8-sig").splitlines()
    assert lines == ["c0,c1,c2,c3", "-3,0.9877,,12"]


UID = {"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9]{10}$"}
CODE = {"type": "string", "minLength": 1, "maxLength": 50}


def documented(identifier: dict[str, Any]) -> dict[str, Any]:
    """Return the shape of a data value set by DHIS2's developer guide ("Sending data values")."""
    value = {
        "type": "object",
        "additionalProperties": False,
        "required": ["dataElement", "categoryOptionCombo", "value"],
        "properties": {
            "dataElement": identifier,
            "categoryOptionCombo": identifier,
            "attributeOptionCombo": identifier,
            "value": {"type": "string", "pattern": "^-?[0-9]+$"},
            "comment": {"type": "string"},
        },
    }
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["dataSet", "completeDate", "period", "orgUnit", "dataValues"],
        "properties": {
            "idScheme": {"enum": ["UID", "CODE"]},
            "dataSet": identifier,
            "completeDate": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
            "period": {"type": "string", "pattern": "^[0-9]{8}$"},
            "orgUnit": identifier,
            "attributeOptionCombo": identifier,
            "dataValues": {"type": "array", "items": value},
        },
    }


def week(province: Province, centre: Centre, clock: Clock) -> None:
    for n in range(3):
        clock.now = at(MONDAY + n * DAY) if n != 1 else at(MONDAY + 2 * DAY, 8)
        province.take(centre.close(MONDAY + n * DAY).data)
    clock.now = at(MONDAY + 3 * DAY)
    centre.close(MONDAY + 3 * DAY)
    carried = {name: {"handed_over": n, "carried": n} for name, n in stock(centre).items()}
    total = sum(stock(centre).values())
    totals = {"handed_over": total, "carried": total} if total else {}
    province.take(centre.replace_last({"rows": carried, "totals": totals}).data)  # type: ignore[dict-item]
    centre.close(MONDAY + 4 * DAY)
    clock.now = at(MONDAY + 4 * DAY)
    province.take(centre.replace_last({"rows": {}, "totals": {}}).data)


def stock(centre: Centre) -> dict[str, int]:
    from desk.rules.tally import stock_of

    return dict(stock_of(centre.files[-2].daily.rows))


def test_dhis2_gets_a_set_for_each_day_also_for_one_of_zeros(province: Province, centre: Centre, clock: Clock) -> None:
    week(province, centre, clock)
    found = list(data_value_sets(province.reader().figures(MONDAY, MONDAY + 6 * DAY), Identifiers()))
    for each in found:
        jsonschema.validate(each, documented(CODE))
        assert each["orgUnit"] == UNIT
        assert each["idScheme"] == "CODE"
    assert [each["period"] for each in found] == ["20260302", "20260303", "20260304", "20260305", "20260306"]
    assert found[1]["completeDate"] == "2026-03-04"
    assert found[-1]["dataValues"] == []
    sent = {
        (each["dataElement"], each["categoryOptionCombo"]): each["value"]
        for each in found[0]["dataValues"]  # type: ignore[union-attr]
        if isinstance(each, dict)
    }
    assert sent == {
        (f"MOTCUA_{counter.upper()}", combo_code(procedure)): str(number)
        for procedure, line in centre.files[0].daily.rows.items()
        for counter, number in line.items()
    }


def test_two_files_of_a_day_are_one_report_with_the_last_stock(
    province: Province, centre: Centre, clock: Clock
) -> None:
    clock.now = at(MONDAY)
    for _each in range(2):
        province.take(centre.close(MONDAY).data)
    (found,) = data_value_sets(province.reader().figures(MONDAY, MONDAY), Identifiers())
    values = [each for each in found["dataValues"] if isinstance(each, dict)]  # type: ignore[union-attr]
    left = sum(int(str(each["value"])) for each in values if str(each["dataElement"]).startswith("MOTCUA_OPEN_"))
    assert left == sum(centre.files[1].daily.totals.get(name, 0) for name in ("open_in_time", "open_overdue"))
    assert len({(each["dataElement"], each["categoryOptionCombo"]) for each in values}) == len(values)


def mapping(sets: list[dict[str, Any]]) -> str:
    """Return a mapping with a made-up UID for each code that some sets use."""
    codes = {(Kind.DATA_SET, each["dataSet"]) for each in sets} | {(Kind.UNIT, each["orgUnit"]) for each in sets}
    for each in sets:
        codes |= {(kind, value[kind.value]) for value in each["dataValues"] for kind in (Kind.ELEMENT, Kind.COMBO)}
    return "kind,code,uid\r\n" + "".join(f"{kind},{code},A{n:010}\r\n" for n, (kind, code) in enumerate(sorted(codes)))


def test_a_mapping_gives_the_uids_of_one_dhis2(province: Province, centre: Centre, clock: Clock) -> None:
    week(province, centre, clock)
    figures = province.reader().figures(MONDAY, MONDAY + 6 * DAY)
    text = mapping(list(data_value_sets(figures, Identifiers())))
    for each in data_value_sets(figures, read_map("\ufeff" + text)):
        jsonschema.validate(each, documented(UID))
        assert each["idScheme"] == "UID"
    short = "\n".join(line for line in text.splitlines() if UNIT not in line)
    with pytest.raises(MapError) as caught:
        list(data_value_sets(figures, read_map(short)))
    assert (caught.value.fault, caught.value.where) == (MapFault.MISSING, f"orgUnit,{UNIT}")


@pytest.mark.parametrize(
    ("text", "fault", "where"),
    [
        ("", MapFault.COLUMNS, "1"),
        ("kind,code,uid\n", MapFault.COLUMNS, "2"),
        ("kind;code;uid\n", MapFault.COLUMNS, "1"),
        ("kind,code,uid\norgUnit,18229\n", MapFault.COLUMNS, "2"),
        ("kind,code,uid\nunit,18229,A0000000001\n", MapFault.KIND, "2"),
        ("kind,code,uid\norgUnit,18229,A000000001\n", MapFault.UID, "2"),
        ("kind,code,uid\norgUnit,18229,10000000001\n", MapFault.UID, "2"),
        ("kind,code,uid\norgUnit,1,A0000000001\n\norgUnit,1,A0000000002\n", MapFault.TWICE, "4"),
    ],
)
def test_a_mapping_that_is_wrong_says_where(text: str, fault: MapFault, where: str) -> None:
    with pytest.raises(MapError) as caught:
        read_map(text)
    assert (caught.value.fault, caught.value.where) == (fault, where)


def test_a_set_is_plain_json(province: Province, centre: Centre, clock: Clock, tmp_path: Path) -> None:
    week(province, centre, clock)
    for each in data_value_sets(province.reader().figures(MONDAY, MONDAY), Identifiers()):
        (tmp_path / "set.json").write_text(json.dumps(each))
        assert json.loads((tmp_path / "set.json").read_text()) == each
