from __future__ import annotations

import random
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.rules.text import clean, fold, mask_id, mask_phone, name_key, sort_key

ALPHABET = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
# Each vowel with its tones in order: ngang, huyền, hỏi, ngã, sắc, nặng.
VOWELS = (
    *("aàảãáạ", "ăằẳẵắặ", "âầẩẫấậ", "eèẻẽéẹ", "êềểễếệ", "iìỉĩíị"),
    *("oòỏõóọ", "ôồổỗốộ", "ơờởỡớợ", "uùủũúụ", "ưừửữứự", "yỳỷỹýỵ"),
)
TONED = {letter: (row[0], tone) for row in VOWELS for tone, letter in enumerate(row)}
WORDS = st.text(alphabet=sorted({*ALPHABET, *TONED, *"ABDĐÊƠƯẠ"}), min_size=1, max_size=5)
NAMES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)


def by_table(name: str) -> tuple[list[int], list[int], list[bool]]:
    """The order read from a table of composed letters, without decomposing anything."""
    plain = [TONED.get(letter.lower(), (letter.lower(), 0)) for letter in name]
    letters = [(" " + ALPHABET).index(letter) for letter, _ in plain]
    return letters, [tone for _, tone in plain], [letter != letter.lower() for letter in name]


def shuffled(ordered: list[str]) -> list[str]:
    return random.Random(7).sample(ordered, len(ordered))


@pytest.mark.parametrize(
    ("written", "cleaned"),
    [
        ("  Nguyễn \t Văn\u00a0An\r\n", "Nguyễn Văn An"),
        (unicodedata.normalize("NFD", "Đặng Thị Hoà"), "Đặng Thị Hoà"),
        ("An\u202e\u200b\u2066\ufeffB\u00ad", "AnB"),
        ("a\u200b\u0301", "á"),
        ("bell\x07\x1b[31m\ud800", "bell[31m"),
        ("\u115f\ufe0f\u034f\U000e0041", ""),
        ("", ""),
    ],
)
def test_clean(written: str, cleaned: str) -> None:
    assert clean(written) == cleaned


@given(st.text())
def test_clean_once_is_enough(written: str) -> None:
    once = clean(written)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not any(unicodedata.category(each) in {"Cc", "Cf", "Cs"} for each in once)
    once.encode("utf-8")


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Nguyễn Thị Ước", "nguyen thi uoc"),
        ("ĐẶNG đình Ðức ðông", "dang dinh duc dong"),
        ("Hoà", "hoa"),
        ("Hòa", "hoa"),
        ("B’Lao  Y'Bhăm Niê", "b'lao y'bham nie"),
        ("“Tờ khai”", '"to khai"'),
        ("STRASSE straße", "strasse strasse"),
    ],
)
def test_fold(written: str, folded: str) -> None:
    assert fold(written) == folded
    assert fold(unicodedata.normalize("NFD", written)) == folded


@given(st.text())
def test_fold_once_is_enough(written: str) -> None:
    once = fold(written)
    assert fold(once) == once
    assert fold(clean(written)) == once


def test_order_of_letters_and_tones() -> None:
    ordered = [
        "a",
        "à",
        "ả",
        "ã",
        "á",
        "ạ",
        "ă",
        "ằ",
        "ặ",
        "â",
        "b",
        "c",
        "d",
        "đ",
        "e",
        "ê",
        "g",
        "o",
        "ô",
        "ơ",
        "u",
        "ư",
    ]
    assert sorted(shuffled(ordered), key=sort_key) == ordered


@pytest.mark.parametrize(
    "ordered",
    [
        # All letters are compared before any tone.
        ["Bà An", "Ba Bình", "Bà Bình"],
        ["Da", "Dà", "Dả", "Dã", "Dá", "Dạ", "Đa"],
        ["an", "An", "AN", "àn"],
        ["B a", "Ba", "Bà"],
        ["B’Lao", "Bá", "Y'Bhăm Niê", "Ya"],
        ["Lê Lợi 1", "Lê Lợi 12", "Lê Lợi 2", "Lê Lợi A"],
        ["Đông", "Đồng", "Đổng", "Động"],
        # The two ways to place a tone are two spellings; they stay side by side.
        ["Hoa", "Hoà", "Hòa", "Hoan"],
    ],
)
def test_sorted_lists(ordered: list[str]) -> None:
    assert sorted(shuffled(ordered), key=sort_key) == ordered
    assert all(sort_key(before) < sort_key(after) for before, after in pairwise(ordered))


@given(NAMES, NAMES)
def test_sort_key_agrees_with_the_table(one: str, other: str) -> None:
    assert (sort_key(one) < sort_key(other)) == (by_table(one) < by_table(other))
    assert (sort_key(one) == sort_key(other)) == (one == other)


@given(st.text(), st.text())
def test_sort_key_takes_any_text(one: str, other: str) -> None:
    keys = {text: sort_key(text) for text in (one, other)}
    assert sort_key(clean(one)) == keys[one]
    assert sort_key(unicodedata.normalize("NFD", one)) == keys[one]
    assert name_key(other) == name_key(f" {other} ")


def test_people_are_sorted_by_given_name() -> None:
    people = ["Trần An", "TRẦN VĂN AN", "Lê Văn Ân", "Nguyễn Ba", "Đặng Thị Bình", "Đỗ Bình", "Y'Bhăm Niê"]
    assert sorted(shuffled(people), key=name_key) == people
    assert name_key("An") < name_key("Lê An") < name_key("Lê Anh")


@given(NAMES, NAMES)
def test_given_name_comes_first(one: str, other: str) -> None:
    first, second = (by_table(name.split()[-1].lower()) for name in (one, other))
    if first != second:
        assert (name_key(one) < name_key(other)) == (first < second)


@pytest.mark.parametrize(
    ("number", "masked"),
    [("042200150708", "042•••••0708"), ("123456789", "123••6789"), ("12345678", "••••••••"), ("", "")],
)
def test_mask_id(number: str, masked: str) -> None:
    assert mask_id(number) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [("0912345678", "09•••678"), ("02438251234", "02•••234"), ("1900123", "•••"), ("1", "•••"), ("", "")],
)
def test_mask_phone(number: str, masked: str) -> None:
    assert mask_phone(number) == masked
