"""The official form as data: its order, and each value written as it wants it."""

from __future__ import annotations

import tomllib
import unicodedata
from importlib.resources import files
from typing import Any

import pytest

from desk.rules import moment
from desk.rules.retyping import Fact, Item, OrderError, Shape, Step, parse_order, values, written

AT = moment.parse("2026-03-09T08:05")


@pytest.mark.parametrize(
    ("fact", "shape", "value"),
    [
        (Fact(at=AT), Shape.DATE, "09/03/2026"),
        (Fact(at=AT), Shape.DATE_TIME, "09/03/2026 08:05"),
        (Fact(at=AT), Shape.AS_IS, "09/03/2026 08:05"),
        (Fact("Trực tiếp", "1"), Shape.AS_IS, "Trực tiếp"),
        (Fact("Trực tiếp", "1"), Shape.CODE, "1"),
        (Fact("Trực tiếp"), Shape.CODE, "Trực tiếp"),
        (Fact("Đỗ thị Ỷ"), Shape.UPPER, "ĐỖ THỊ Ỷ"),
        (Fact("0912 345.678"), Shape.PLAIN, "0912345678"),
        (Fact("Nguye\u0302\u0303n\x1b]52;c;x\x07 \u202eThi\u0323\r\nY"), Shape.AS_IS, "Nguyễn]52;c;x Thị Y"),
        (Fact(), Shape.DATE, ""),
    ],
)
def test_a_value_is_written_as_the_form_wants_it(fact: Fact, shape: Shape, value: str) -> None:
    assert written(fact, shape) == value
    assert unicodedata.is_normalized("NFC", written(fact, shape))


def test_the_shipped_order_has_every_field_once_owner_before_request_before_dates() -> None:
    order = parse_order(tomllib.loads((files("desk") / "reference" / "retype.toml").read_text(encoding="utf-8")))
    items = [step.item for step in order]
    assert sorted(items) == sorted(Item)
    marks = [Item.PROCEDURE_CODE, Item.NAME, Item.ID_NUMBER, Item.ADDRESS, Item.OTHER_NAME, Item.REQUEST, Item.PAPERS]
    assert [item for item in items if item in marks] == marks
    assert items.index(Item.RECEIVED) + 1 == items.index(Item.PROMISE)


def test_who_files_for_another_is_asked_only_where_there_is_one() -> None:
    order = (Step(Item.NAME), Step(Item.OTHER_NAME), Step(Item.OTHER_PHONE), Step(Item.NOTE))
    alone = values({Item.NAME: Fact("A")}, order)
    assert alone == ((Item.NAME, "A"), (Item.NOTE, ""))
    both = values({Item.NAME: Fact("A"), Item.OTHER_NAME: Fact("B")}, order)
    assert [item for item, _value in both] == [Item.NAME, Item.OTHER_NAME, Item.OTHER_PHONE, Item.NOTE]


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ({}, "field"),
        ({"field": []}, "field"),
        ({"field": ["name"]}, "field"),
        ({"field": [{"item": "nickname"}]}, "nickname"),
        ({"field": [{"item": "name", "shape": "small"}]}, "small"),
        ({"field": [{"item": "name", "size": 3}]}, "size"),
        ({"field": [{"item": "name"}, {"item": "name"}]}, "name"),
        ({"field": [{}]}, "None"),
    ],
)
def test_an_order_that_cannot_be_used_says_what_is_wrong(content: dict[str, Any], named: str) -> None:
    with pytest.raises(OrderError, match=named):
        parse_order(content)
