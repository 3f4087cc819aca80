"""The shapes of a card's fields at their edges."""

from __future__ import annotations

from datetime import date

import pytest

from desk.rules.card_fields import (
    PartialDate,
    Sex,
    Shape,
    is_damaged,
    is_mark_free,
    looks_like_address,
    looks_like_name,
    read_date,
    read_sex,
    shape_of,
    telex_left,
)

PLACES = (
    *("thôn", "xóm", "làng", "bản", "buôn", "tổ", "ấp", "khóm", "khu", "số", "đội", "xã", "phường", "quận", "huyện"),
    *("tỉnh", "thị", "tp", "tp.", "tt", "tt.", "p.", "q.", "kp", "kp.", "ngõ", "ngách", "hẻm", "đường", "phố"),
)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("01011900", date(1900, 1, 1)),
        ("31121899", None),
        ("31122199", date(2199, 12, 31)),
        ("01012200", None),
        (" 02/02/1980 ", date(1980, 2, 2)),
        ("02-02-1980", date(1980, 2, 2)),
        ("02/02-1980", None),
        ("02021980x", None),
        ("00001980", PartialDate(1980)),
        ("00011980", None),
        ("30021980", None),
    ],
)
def test_dates(written: str, found: date | PartialDate | None) -> None:
    assert read_date(written) == found


@pytest.mark.parametrize(
    ("written", "sex"),
    [
        ("Nam", Sex.MALE),
        ("NAM", Sex.MALE),
        ("Nam x", None),
        ("Nữ", Sex.FEMALE),
        ("N?", Sex.FEMALE),
        ("Nuwx", Sex.FEMALE),
        ("Nhà", None),
        ("Nu......", Sex.FEMALE),
        ("Nu.......", None),
        ("", None),
    ],
)
def test_sexes(written: str, sex: Sex | None) -> None:
    assert read_sex(written) is sex


@pytest.mark.parametrize(
    ("field", "shape"),
    [
        ("", Shape.EMPTY),
        ("\u200b ", Shape.EMPTY),
        ("0331 8093 0129", Shape.ID),
        ("0331809301290", Shape.OTHER),
        ("123 456 789", Shape.OLD_ID),
        ("1234567890", Shape.OTHER),
        ("02021980", Shape.DATE),
        ("02/02/1980", Shape.DATE),
        ("02/02/1980 x", Shape.TEXT),
        ("00001980", Shape.PARTIAL_DATE),
        ("30021980", Shape.BAD_DATE),
        ("Nữ", Shape.SEX),
        ("?", Shape.TEXT),
        ("+-", Shape.OTHER),
        ("Đ1", Shape.TEXT),
    ],
)
def test_shapes(field: str, shape: Shape) -> None:
    assert shape_of(field) is shape


@pytest.mark.parametrize("word", PLACES)
def test_a_word_for_a_place_begins_an_address(word: str) -> None:
    assert looks_like_address(f"{word.capitalize()} Đông")
    assert not looks_like_address(word)


@pytest.mark.parametrize(
    ("text", "address"),
    [("Cẩm Xá, Mỹ Hào", True), ("Lý Bôn 5", True), ("Nguyễn Văn An", False), ("Đông Thôn", False), ("", False)],
)
def test_addresses(text: str, address: bool) -> None:
    assert looks_like_address(text) is address


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Nguyễn Thị Thúy", True),
        ("Y'Bhăm Niê", True),
        ("Y’Bhăm ‘Niê", True),
        ("A.B", True),
        ("An-Na Lê", True),
        ("", False),
        ("An1", False),
        ("Nguy?n An", False),
        ("Жанна", False),
        ("An.Bcd", False),
        ("Nguyễn Th Thúy", False),
        ("An " * 33 + "A", True),
        ("An " * 33 + "An", False),
    ],
)
def test_names(text: str, name: bool) -> None:
    assert looks_like_name(text) is name


def test_damage_and_lost_marks() -> None:
    assert [is_damaged(text) for text in ("", "Hào", "H?o", "H\ufffdo", "日本")] == [True, False, True, True, True]
    assert [is_mark_free(text) for text in ("Hao", "Hào", "12", "")] == [True, False, False, False]


@pytest.mark.parametrize(
    ("name", "left"),
    [("Nguyeenx Thij", True), ("DDoong", True), ("Nguyễn Thị", False), ("Xoofê", False), ("Hoang", False)],
)
def test_keystrokes_that_no_input_method_took(name: str, left: bool) -> None:
    assert telex_left(name) is left
