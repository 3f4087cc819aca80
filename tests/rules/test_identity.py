from __future__ import annotations

import csv
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.rules.card_fields import Sex
from desk.rules.identity import (
    PROVINCES,
    Card,
    CardReject,
    CardWarning,
    IdWarning,
    ScanKind,
    Verdict,
    check_id_number,
    read_card,
    recognise,
    split_scans,
)
from desk.rules.mojibake import repair
from desk.rules.numbering import provisional_code

VECTORS = Path(__file__).parents[1] / "data" / "card_qr.tsv"
NAME = "Nguyễn Thị Thúy"
ADDRESS = "Thôn Đặng Xá, Xã Cẩm Xá, Thị xã Mỹ Hào, Tỉnh Hưng Yên"
CARD = f"033180930129|145678901|{NAME}|02021980|Nữ|{ADDRESS}|12072021"
NAMES = (
    "Đỗ Văn Khải",
    "Tôn Nữ Diệu Huyền",
    "Y'Bhăm Niê",
    "Danh Thị Sa Rươne",
    "Lê Ỷ",
    "Trần Ước",
    "Hồ Nguyễn Khánh An",
)


def vectors() -> list[tuple[str, str, str]]:
    with VECTORS.open(encoding="utf-8", newline="") as file:
        lines = [line for line in file if not line.startswith("#")]
    rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    escapes = {r"\r": "\r", r"\n": "\n", r"\t": "\t"}
    found = []
    for label, expected, payload, *_ in rows:
        for written, meant in escapes.items():
            payload = payload.replace(written, meant)  # noqa: PLW2901
        found.append((label, expected, payload))
    return found


def digits(card: Card) -> tuple[str, date | None, date | None]:
    return card.id_number, card.birth_date, card.issued


@pytest.mark.parametrize(("label", "expected", "payload"), vectors())
def test_vectors(label: str, expected: str, payload: str) -> None:
    card = read_card(payload)
    assert card.verdict == expected, (label, card)
    assert (card.reason is not None) is (expected == "reject")
    assert bool(card.warnings) is (expected == "warn")
    if expected != "reject":
        assert card.id_number == payload[:12]
        assert card.birth_date is not None
        assert card.issued is not None
        assert recognise(payload) is ScanKind.CARD


def test_a_whole_card() -> None:
    expected = ("033180930129", NAME, date(1980, 2, 2), Sex.FEMALE, ADDRESS, date(2021, 7, 12))
    card = read_card(CARD)
    assert (card.id_number, card.name, card.birth_date, card.sex, card.address, card.issued) == expected
    assert (card.verdict, card.warnings, card.notes) == (Verdict.OK, (), ())


@pytest.mark.parametrize(
    "payload",
    [
        f"{CARD}\r\n",
        f"{CARD}\t",
        f"\ufeff{CARD}",
        f"]Q1{CARD}",
        f'"{CARD}"',
        CARD + r"\r\n",
        f"{CARD}||",
        CARD.replace("|", " | "),
        CARD.replace("145678901", ""),
        CARD.replace("02021980", "02/02/1980"),
        unicodedata.normalize("NFD", CARD),
        "|".join(reversed(CARD.split("|"))),
    ],
)
def test_harmless_dress_is_taken_off(payload: str) -> None:
    plain, card = read_card(CARD), read_card(payload)
    assert card.verdict is Verdict.OK
    assert (*digits(card), card.name, card.sex, card.address) == (*digits(plain), plain.name, plain.sex, plain.address)


@pytest.mark.parametrize(
    ("payload", "warnings"),
    [
        (CARD.replace("Nữ", "Nu"), {CardWarning.SEX_DAMAGED}),
        (CARD.replace("Nữ", "N"), {CardWarning.SEX_DAMAGED}),
        (CARD.replace("|Nữ", ""), {CardWarning.SEX_DAMAGED}),
        (CARD.replace(NAME, "Nguy?n Thị Thúy"), {CardWarning.NAME_DAMAGED}),
        (CARD.replace(NAME, "Nguyễn Th Thúy"), {CardWarning.NAME_DAMAGED}),
        (CARD.replace(NAME, "Nguy\ufffdn Thị Thúy"), {CardWarning.NAME_DAMAGED}),
        (CARD.replace(NAME, ""), {CardWarning.NAME_DAMAGED}),
        (CARD.replace(NAME, "Nguyeenx Thij Thuys"), {CardWarning.TELEX_LEFT}),
        (CARD.replace("Mỹ Hào", "M? Hào"), {CardWarning.ADDRESS_DAMAGED}),
        (CARD.replace(ADDRESS, ""), {CardWarning.ADDRESS_DAMAGED}),
        (CARD.replace("033180", "100180"), {CardWarning.PROVINCE_UNKNOWN}),
        (CARD.replace("|12072021", ""), {CardWarning.ISSUED_MISSING}),
        (CARD.replace("02021980", "00001980"), {CardWarning.BIRTH_INCOMPLETE}),
        (
            CARD.replace(NAME, "Nguyen Thi Thuy").replace(ADDRESS, "Thon Dang Xa, Xa Cam Xa"),
            {CardWarning.MARKS_LOST},
        ),
    ],
)
def test_what_is_doubtful_is_said(payload: str, warnings: set[CardWarning]) -> None:
    card = read_card(payload)
    assert card.verdict is Verdict.WARN
    assert set(card.warnings) == warnings
    assert card.id_number == payload[:12]


@pytest.mark.parametrize(
    ("payload", "notes"),
    [
        (CARD.replace("|Nữ|", "|Nam|"), {CardWarning.SEX_MISMATCH}),
        (CARD.replace("02021980", "02021981"), {CardWarning.BIRTH_MISMATCH}),
        (CARD.replace("033180", "201180"), {CardWarning.BORN_ABROAD}),
        (f"{CARD}|042070000001|Nguyễn Văn Cha|Trần Thị Mẹ", {CardWarning.SURPLUS_DROPPED}),
    ],
)
def test_what_is_only_implausible_leaves_the_card_usable(payload: str, notes: set[CardWarning]) -> None:
    card = read_card(payload)
    assert card.verdict is Verdict.OK
    assert set(card.notes) == notes


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ("", CardReject.EMPTY),
        (" \r\n", CardReject.EMPTY),
        ("x" * 5_000, CardReject.TOO_LONG),
        ("https://example.org/q?x=1", CardReject.UNKNOWN),
        ("033180930129", CardReject.UNKNOWN),
        ("a|b|c", CardReject.UNKNOWN),
        ("GD4797931835695|PHẠM VĂN NAM|15/08/1990|1|Quận 1|01/01/2024|31/12/2024||25/12/2023", CardReject.HEALTH_CARD),
        (CARD.replace("|", ""), CardReject.NO_SEPARATORS),
        (CARD[1:], CardReject.NO_ID),
        (CARD[:30], CardReject.INCOMPLETE),
        (CARD.replace("02021980", "30021980"), CardReject.BAD_DATE),
        (CARD.replace("02021980", "02131980"), CardReject.BAD_DATE),
        (CARD.replace("02021980", "02021850"), CardReject.BAD_DATE),
        (CARD.replace("02021980", "0202198"), CardReject.BAD_DATE),
        (CARD.replace("12072021", "31062021"), CardReject.BAD_DATE),
    ],
)
def test_what_gives_nothing_says_why(payload: str, reason: CardReject) -> None:
    assert read_card(payload) == Card(Verdict.REJECT, reason=reason)


@pytest.mark.parametrize("separator", ["\\", "~", "¦", "\x1d", "\x1e", "\x1c", "\t", "*", "Â¦"])
def test_a_bar_that_became_something_else(separator: str) -> None:
    card = read_card(CARD.replace("|", separator) + "\r")
    assert CardWarning.SEPARATORS_FOREIGN in card.warnings
    assert digits(card) == digits(read_card(CARD))
    assert (card.sex, card.name, card.address) == (Sex.FEMALE, NAME, ADDRESS)


@pytest.mark.parametrize("joint", ["", "\r", "\r\n", "||", "\t"])
@pytest.mark.parametrize("separator", ["|", "\\", "~"])
def test_two_scans_in_one_are_parted(joint: str, separator: str) -> None:
    other = CARD.replace("033180930129", "001088608064").replace("Nữ", "Nam")
    both = f"{CARD}{joint}{other}".replace("|", separator)
    assert read_card(both).reason is CardReject.DOUBLE
    assert [read_card(part).id_number for part in split_scans(both)] == ["033180930129", "001088608064"]
    twice = f"{CARD}{joint}{CARD}".replace("|", separator)
    assert [read_card(part).id_number for part in split_scans(twice)] == ["033180930129"] * 2
    assert split_scans(CARD) == (CARD,)


@pytest.mark.parametrize("codec", ["latin-1", "cp1252", "cp1258", "cp850"])
def test_utf8_read_in_another_code_page(codec: str) -> None:
    heard = CARD.encode().decode(codec, errors="ignore")
    card = read_card(heard)
    assert card.verdict is Verdict.WARN
    assert CardWarning.ENCODING_REPAIRED in card.warnings
    assert (*digits(card), card.name, card.sex, card.address) == (*digits(read_card(CARD)), NAME, Sex.FEMALE, ADDRESS)


def test_utf8_read_wrongly_twice() -> None:
    heard = CARD.encode().decode("latin-1").encode().decode("latin-1")
    assert read_card(heard).name == NAME


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("Hà Nội", "HÃ  Ná»\x99i"),
        ("Hà Nội", "HÃ Ná»\x99i"),
        ("Đặng Thị", "Äáº·ng Thá»\x8b"),
        ("Nguyễn Lệ", "Nguyá»n Lá»\x87"),
        ("Nguyễn Lệ", "Nguyá»\nn Lá»\x87"),
        ("Chính Lệ", "ChÃnh Lá»\x87"),
    ],
)
def test_a_lost_byte_is_inferred_where_one_letter_fits(said: str, heard: str) -> None:
    (found,) = repair([heard])
    assert found.text == said
    assert found.changed
    assert (found.guesses, found.holes) == (1, 0)


def test_a_letter_that_cannot_be_told_stays_a_hole() -> None:
    everything_lost = "".join(char for char in CARD.encode().decode("latin-1") if not "\x80" <= char <= "\x9f")
    card = read_card(everything_lost)
    assert card.name == "Nguy?n Th? Thúy"
    assert {CardWarning.NAME_DAMAGED, CardWarning.ENCODING_REPAIRED} <= set(card.warnings)
    assert digits(card) == digits(read_card(CARD))


@given(st.lists(st.sampled_from([*NAMES, ADDRESS, "Nữ", "Nam", "HÀ THỊ Â", "Ã Â Á", "âm á", "0123"]), max_size=6))
def test_text_read_rightly_is_left_alone_and_wrongly_is_put_right(fields: list[str]) -> None:
    assert [each.text for each in repair(fields)] == fields
    assert [each.text for each in repair([field.encode().decode("latin-1") for field in fields])] == fields


@pytest.mark.parametrize("name", NAMES)
def test_rare_names_are_whole(name: str) -> None:
    card = read_card(CARD.replace(NAME, name))
    assert (card.name, card.verdict) == (name, Verdict.OK)


def test_personal_values_stay_out_of_the_repr() -> None:
    shown = repr(read_card(CARD))
    assert not any(value in shown for value in ("033180930129", "Thúy", "1980", "Hào"))


@pytest.mark.parametrize(
    ("number", "sex", "birth", "expected"),
    [
        ("033180930129", None, None, ()),
        (" 033180930129 ", Sex.FEMALE, date(1980, 2, 2), ()),
        ("042200150708", Sex.MALE, date(2000, 1, 1), ()),
        ("012345678901", Sex.MALE, date(1988, 4, 7), (IdWarning.SEX_MISMATCH, IdWarning.BIRTH_MISMATCH)),
        ("999180930129", None, None, (IdWarning.PROVINCE_UNKNOWN,)),
        ("003180930129", None, None, (IdWarning.PROVINCE_UNKNOWN,)),
        ("145678901", None, None, (IdWarning.OLD_NINE_DIGITS,)),
        ("03318093012", None, None, (IdWarning.NOT_TWELVE_DIGITS,)),
        ("٠٣٣١٨٠٩٣٠١٢٩", None, None, (IdWarning.NOT_TWELVE_DIGITS,)),
        ("", None, None, (IdWarning.NOT_TWELVE_DIGITS,)),
    ],
)
def test_numbers(number: str, sex: Sex | None, birth: date | None, expected: tuple[IdWarning, ...]) -> None:
    assert check_id_number(number, sex=sex, birth_date=birth) == expected


def test_sixty_three_provinces() -> None:
    assert len(PROVINCES) == 63
    assert {"001", "042", "096"} <= PROVINCES
    assert not {"000", "003", "097", "999"} & PROVINCES


def test_one_scan_is_routed() -> None:
    assert recognise(CARD) is ScanKind.CARD
    assert recognise(CARD + CARD) is ScanKind.CARD
    assert recognise(provisional_code("18229", date(2026, 2, 25), 1, 7).lower() + "\r") is ScanKind.PROVISIONAL_CODE
    assert recognise("H57.132-260804-0583") is ScanKind.OFFICIAL_CODE
    assert recognise("nguyen van a") is ScanKind.NOTHING
    assert recognise("033180930129") is ScanKind.NOTHING


def check_sound(payload: str) -> None:
    card = read_card(payload)
    assert (card.verdict is Verdict.REJECT) is (card.reason is not None)
    assert (card.verdict is Verdict.WARN) is bool(card.warnings)
    if card.verdict is Verdict.REJECT:
        assert card == Card(Verdict.REJECT, reason=card.reason)
    else:
        assert len(card.id_number) == 12
        assert card.id_number.isascii()
        assert card.id_number.isdigit()
        assert card.birth_date is not None or CardWarning.BIRTH_INCOMPLETE in card.warnings
    assert all(split_scans(payload)) or not payload
    recognise(payload)


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=300))
def test_any_text_is_answered(payload: str) -> None:
    check_sound(payload)


PIECES = st.sampled_from(
    [*CARD, *CARD.split("|"), "|", "||", "\x1d", "?", "\ufffd", "Ã", "á»", "\x85", "12072021033180930129"]
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_rubble_of_cards_is_answered(payload: str) -> None:
    check_sound(payload)


@given(st.data())
def test_one_spoilt_character_never_gives_other_digits_silently(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(CARD) - 1))
    char = data.draw(st.characters(exclude_categories=("Cs", "Nd")))
    card = read_card(CARD[:at] + char + CARD[at + 1 :])
    assert card.id_number in {"", "033180930129"}
    assert card.birth_date in {None, date(1980, 2, 2)}
