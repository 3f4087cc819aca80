"""The shapes of a card's fields at their edges."""

from __future__ import annotations

from datetime import date

import pytest

from desk.rules.card_fields import (
    PartialDate,
    Sex,
    Shape,
    address_signs,
    has_controls,
    is_damaged,
    is_mark_free,
    lacks_marks,
    looks_like_name,
    read_date,
    read_sex,
    shape_of,
    telex_left,
)

PLACES = (
    *("thôn", "xóm", "làng", "bản", "buôn", "tổ", "ấp", "khóm", "khu", "số", "đội", "xã", "phường", "quận", "huyện"),
    *("tỉnh", "tp", "tp.", "tt", "tt.", "p.", "q.", "kp", "kp.", "ngõ", "ngách", "hẻm", "đường", "phố"),
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
    assert address_signs(f"{word.capitalize()} Đông") == 2
    assert address_signs(word) == 0


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("Cẩm Xá, Mỹ Hào", 4),
        ("Lý Bôn 5", 1),
        ("Nguyễn Văn An", 0),
        ("Đông Thôn", 0),
        ("", 0),
        ("Thị xã Mỹ Hào", 2),
        ("Thị trấn Năm Căn", 2),
        ("Thị Bông", 0),
        ("Xã Đức Thọ, Hà Tĩnh", 6),
        ("Tổ 3, Phường Đông", 7),
    ],
)
def test_addresses(text: str, signs: int) -> None:
    assert address_signs(text) == signs


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Nguyễn Thị Thúy", True),
        ("Y'Bhăm Niê", True),
        ("Y’Bhăm ‘Niê", True),
        ("H'Ƀia ƀăm", True),
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
    ("name", "lost"),
    [
        ("Nguyen Thi Thuy", True),
        ("TRAN VĂN AN", True),
        ("Le An", True),
        ("Nguyễn Thi Thuy", False),
        ("Phan Anh", False),
        ("Mai Lan Anh", False),
        ("Danh Sa Rat", False),
        ("Le", False),
        ("An Le", False),
        ("", False),
    ],
)
def test_a_family_name_that_is_never_written_without_marks(name: str, lost: bool) -> None:
    assert lacks_marks(name) is lost


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Nguy\x07n", True),
        ("Nguy\x9fn", True),
        ("An\tBa", False),
        ("An\r\nBa", False),
        ("\x1dAn\n", False),
        ("", False),
    ],
)
def test_control_characters_stand_for_what_was_lost(text: str, found: bool) -> None:
    assert has_controls(text) is found


@pytest.mark.parametrize(
    ("name", "left"),
    [("Nguyeenx Thij", True), ("DDoong", True), ("Nguyễn Thị", False), ("Xoofê", False), ("Hoang", False)],
)
def test_keystrokes_that_no_input_method_took(name: str, left: bool) -> None:
    assert telex_left(name) is left
