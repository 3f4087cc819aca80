from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.rules.numbering import (
    is_official_code,
    normalise_official,
    parse_provisional,
    provisional_code,
    slip_number,
)

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


def iso_7064_mod_37_36(text: str) -> str:
    """The check character by the pure system's definition, written down again."""
    product = 36
    for char in text:
        total = (product + ALPHABET.index(char)) % 36 or 36
        product = total * 2 % 37
    return ALPHABET[(37 - product) % 36]


def test_the_parts_stand_where_they_are_read() -> None:
    code = provisional_code("18229", date(2026, 2, 25), 1, 7)
    assert code[:-1] == "TN-18229-260225-10007"
    found = parse_provisional(code)
    assert found is not None
    assert (found.unit, found.date, found.desk, found.number) == ("18229", date(2026, 2, 25), 1, 7)
    assert found.short == f"TN-0225-0007{code[-1]}"


@given(unit=st.from_regex("[0-9]{5}", fullmatch=True), day=DAYS, desk=st.integers(1, 9), number=st.integers(1, 9999))
def test_every_code_reads_back_in_any_dress(unit: str, day: date, desk: int, number: int) -> None:
    code = provisional_code(unit, day, desk, number)
    assert code[-1] == iso_7064_mod_37_36(code.replace("-", "")[:-1])
    found = parse_provisional(code)
    assert found is not None
    assert str(found) == code
    for dressed in (code.lower(), code.replace("-", ""), f" {code}\r\n", code.replace("-", "–")):
        assert parse_provisional(dressed) == found


@given(data=st.data(), number=st.integers(1, 9999))
def test_one_wrong_character_is_noticed(data: st.DataObject, number: int) -> None:
    code = provisional_code("18229", date(2026, 2, 25), 3, number).replace("-", "")
    at = data.draw(st.integers(2, len(code) - 1))
    other = data.draw(st.sampled_from([char for char in ALPHABET if char != code[at]]))
    assert parse_provisional(code[:at] + other + code[at + 1 :]) is None


@pytest.mark.parametrize(
    ("unit", "year", "desk", "number", "what"),
    [
        ("1822", 2026, 1, 1, "unit"),
        ("1822९", 2026, 1, 1, "unit"),
        ("18229", 2026, 0, 1, "desk"),
        ("18229", 2026, 10, 1, "desk"),
        ("18229", 2026, 1, 0, "number"),
        ("18229", 2026, 1, 10_000, "number"),
        ("18229", 1999, 1, 1, "year"),
        ("18229", 2100, 1, 1, "year"),
    ],
)
def test_what_does_not_fit_is_refused(unit: str, year: int, desk: int, number: int, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        provisional_code(unit, date(year, 3, 1), desk, number)


def test_a_day_that_is_none_is_no_code_even_with_a_right_check() -> None:
    body = "TN1822926023010007"
    assert parse_provisional(body + iso_7064_mod_37_36(body)) is None
    body = "TN1822926022510000"
    assert parse_provisional(body + iso_7064_mod_37_36(body)) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("H57.132-260804-0583", "H57.132-260804-0583"),
        (" h57.132-260804-0583 ", "H57.132-260804-0583"),
        ("H57.132.04-260804-0583", "H57.132.04-260804-0583"),
        ("H27.65-260225-0012", "H27.65-260225-0012"),
        ("G09-260225-120012", "G09-260225-120012"),
        ("000.00.19.H47-260105-0001", "000.00.19.H47-260105-0001"),
        ("38.98.H29-210519-0003", "38.98.H29-210519-0003"),
        ("H57.132–260804–0583", "H57.132-260804-0583"),
        ("H57.132-260231-0583", None),
        ("H57.132-261301-0583", None),
        ("H57.132-260804-058", None),
        ("H57.1-260804-0583", None),
        ("57.132-260804-0583", None),
        ("TN-18229-260225-10007O", None),
        ("٣٨.98.H29-210519-0003", None),
        ("", None),
    ],
)
def test_official_codes(text: str, expected: str | None) -> None:
    assert normalise_official(text) == expected
    assert is_official_code(text) is (expected is not None)


@given(st.text())
def test_reading_never_fails(text: str) -> None:
    assert parse_provisional(text) is None or text.strip().upper().startswith("T")
    assert is_official_code(text) is (normalise_official(text) is not None)


@pytest.mark.parametrize("day", [date(2000, 1, 1), date(2099, 12, 31)])
def test_the_first_and_the_last_day_of_the_century_have_codes(day: date) -> None:
    found = parse_provisional(provisional_code("18229", day, 1, 1))
    assert found is not None
    assert found.date == day


def test_slip_numbers() -> None:
    assert slip_number(2026, 1, 213) == "26.100213"
    assert slip_number(2030, 9, 99_999) == "30.999999"
    for year, desk, n in ((1999, 1, 1), (2026, 0, 1), (2026, 1, 0), (2026, 1, 100_000)):
        with pytest.raises(ValueError, match=r"year|desk|number"):
            slip_number(year, desk, n)
