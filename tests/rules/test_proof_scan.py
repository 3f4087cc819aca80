"""Scans at their edges: what parts the fields, which field is which, which date is which, what is said about it."""

from __future__ import annotations

import csv
from datetime import date
from importlib.resources import files

import pytest

from desk.rules.card_fields import Sex
from desk.rules.identity import (
    MOST_CHARACTERS,
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

ID, OLD, NAME, BORN, SEX, ADDRESS, ISSUED = FIELDS = (
    "033180930129",
    "145678901",
    "Nguyễn Thị Thúy",
    "02021980",
    "Nữ",
    "Thôn Đặng Xá, Xã Cẩm Xá, Tỉnh Hưng Yên",
    "12072021",
)
CARD = "|".join(FIELDS)
OTHER = "042070000001"


def card(*fields: str, separator: str = "|") -> str:
    return separator.join(fields)


def test_the_places_of_registration_are_those_of_the_shipped_table() -> None:
    table = files("desk").joinpath("reference", "id_province_codes.csv").read_text("utf-8")
    assert {row["cccd_code"] for row in csv.DictReader(table.splitlines())} == PROVINCES
    assert MOST_CHARACTERS == 2000


def test_a_rejected_scan_carries_nothing_and_a_card_keeps_its_values_to_itself() -> None:
    rejected = read_card("")
    assert (rejected.id_number, rejected.name, rejected.address) == ("", "", "")
    assert (rejected.birth_date, rejected.sex, rejected.issued) == (None, None, None)
    shown = repr(read_card(CARD))
    assert shown == repr(Card(Verdict.OK))
    assert not any(value in shown for value in (ID, NAME, ADDRESS, "1980", "2021", "female"))


@pytest.mark.parametrize(
    ("number", "sex", "birth", "expected"),
    [
        ("100180930129", None, None, (IdWarning.PROVINCE_UNKNOWN,)),
        ("101180930129", None, None, (IdWarning.BORN_ABROAD,)),
        ("399180930129", None, None, (IdWarning.BORN_ABROAD,)),
        ("400180930129", None, None, (IdWarning.PROVINCE_UNKNOWN,)),
        ("033080930129", Sex.MALE, date(1980, 1, 1), ()),
        ("033080930129", Sex.FEMALE, date(1980, 1, 1), (IdWarning.SEX_MISMATCH,)),
        ("033180930129", Sex.MALE, date(1981, 1, 1), (IdWarning.SEX_MISMATCH, IdWarning.BIRTH_MISMATCH)),
        ("033205930129", Sex.MALE, date(2005, 1, 1), ()),
        ("033305930129", Sex.FEMALE, date(2005, 1, 1), ()),
        ("033305930129", Sex.FEMALE, date(1905, 1, 1), (IdWarning.BIRTH_MISMATCH,)),
        ("033405930129", Sex.MALE, date(2105, 1, 1), ()),
        ("1456789012", None, None, (IdWarning.NOT_TWELVE_DIGITS,)),
        ("0331809301290", None, None, (IdWarning.NOT_TWELVE_DIGITS,)),
    ],
)
def test_numbers(number: str, sex: Sex | None, birth: date | None, expected: tuple[IdWarning, ...]) -> None:
    assert check_id_number(number, sex=sex, birth_date=birth) == expected


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ("x" * MOST_CHARACTERS, CardReject.UNKNOWN),
        ("x" * (MOST_CHARACTERS + 1), CardReject.TOO_LONG),
        ("a|b|c|d", CardReject.UNKNOWN),
        ("a|b|c|d|e", CardReject.NO_ID),
        (f"{ID}|{NAME} An", CardReject.INCOMPLETE),
        (f"{ID}Nguyễn A", CardReject.NO_SEPARATORS),
        (f"{ID}Nguyễn ", CardReject.UNKNOWN),
        (f"x{ID}Nguyễn Thị Thúy", CardReject.UNKNOWN),
        (card(ID, OLD, NAME, BORN, separator="~"), CardReject.INCOMPLETE),
        ("GD1234567890|PHẠM VĂN NAM|15/08/1990", CardReject.HEALTH_CARD),
        ("GD1234567890123|PHẠM VĂN NAM|15/08/1990", CardReject.HEALTH_CARD),
        ("gd123456789|PHẠM VĂN NAM|15/08/1990", CardReject.UNKNOWN),
        (card(ID, OLD, NAME, SEX, ADDRESS), CardReject.INCOMPLETE),
        (card(ID, OLD, NAME, "0202198", SEX, ADDRESS), CardReject.BAD_DATE),
        (card(ID, OLD, NAME, SEX, ADDRESS, "12/07/2021"), CardReject.INCOMPLETE),
        (card(ID, OLD, NAME, "02021", SEX, ADDRESS, "12/07/2021"), CardReject.BAD_DATE),
        (card(ID, OLD, NAME, "0202", SEX, ADDRESS, "12/07/2021"), CardReject.INCOMPLETE),
        (card(ID, OLD, NAME, BORN, SEX, ADDRESS, "32072021"), CardReject.BAD_DATE),
    ],
)
def test_what_gives_nothing_says_why(payload: str, reason: CardReject) -> None:
    assert read_card(payload).reason is reason


def test_two_bars_part_the_fields_and_one_does_not() -> None:
    assert read_card(card(ID, NAME, BORN)).birth_date == date(1980, 2, 2)
    assert read_card(card(ID, BORN)).reason is CardReject.INCOMPLETE
    assert read_card(card(f"X{ID}", *FIELDS[1:])).reason is CardReject.NO_ID
    assert read_card(card("0331 8093 0129", *FIELDS[1:])).id_number == ID


def test_four_foreign_bars_part_the_fields() -> None:
    found = read_card(card(ID, OLD, NAME, BORN, ADDRESS, separator="~"))
    assert (found.id_number, found.birth_date, found.address) == (ID, date(1980, 2, 2), ADDRESS)
    assert CardWarning.SEPARATORS_FOREIGN in found.warnings
    assert CardWarning.SEPARATORS_FOREIGN not in read_card(CARD).warnings


@pytest.mark.parametrize(
    ("payload", "double"),
    [
        (card(*FIELDS, OTHER), False),
        (card(*FIELDS, OTHER, "01011990"), False),
        (card(*FIELDS, OTHER, "01011990", "01012020"), True),
        (card(*FIELDS, "01011970", "01011971"), False),
        (card(*FIELDS[:-1], f"{ISSUED}{OTHER}9"), False),
        (card(*FIELDS, "Nam"), False),
        (card(*FIELDS, "Nam", "01011990"), True),
        (card(*FIELDS, "Nam", OTHER), True),
        (card(*FIELDS[:-1], ISSUED + OTHER, NAME), True),
        (card(*FIELDS, "01011970", OTHER, "01011990"), True),
        (card(ID, OTHER, *FIELDS[2:]), False),
        (card(ID, OLD, "Nguyễn" + OTHER, NAME, BORN, SEX, ADDRESS), True),
    ],
)
def test_two_cards_in_one_scan(payload: str, double: bool) -> None:
    assert (read_card(payload).reason is CardReject.DOUBLE) is double
    assert (len(split_scans(payload)) > 1) <= double
    assert recognise(payload) is ScanKind.CARD


@pytest.mark.parametrize(
    ("fields", "birth", "issued"),
    [
        ((ID, OLD, NAME, ISSUED, SEX, ADDRESS, BORN), date(1980, 2, 2), date(2021, 7, 12)),
        ((*FIELDS, "01011970"), date(1980, 2, 2), date(2021, 7, 12)),
        ((ID, OLD, NAME, "00001980", SEX, ADDRESS, ISSUED), None, date(2021, 7, 12)),
        ((ID, OLD, NAME, "00001980", SEX, ADDRESS), None, None),
        ((ID, OLD, NAME, BORN, SEX, ADDRESS), date(1980, 2, 2), None),
        # A single date is the birth where the number agrees, or where it stands before the address.
        ((ID, OLD, NAME, SEX, ADDRESS, BORN), date(1980, 2, 2), None),
        ((ID, OLD, NAME, "02021985", SEX, ADDRESS), date(1985, 2, 2), None),
        ((ID, OLD, NAME, SEX, "02021985"), date(1985, 2, 2), None),
        # Of two dates the birth stands first, unless the number says that it is the second.
        ((ID, OLD, NAME, BORN, SEX, ADDRESS, "12071979"), date(1980, 2, 2), date(1979, 7, 12)),
        ((ID, OLD, NAME, "02022030", SEX, ADDRESS, ISSUED), date(2030, 2, 2), date(2021, 7, 12)),
        ((ID, OLD, NAME, ISSUED, SEX, ADDRESS, "00001980"), None, date(2021, 7, 12)),
    ],
)
def test_which_date_is_which(fields: tuple[str, ...], birth: date | None, issued: date | None) -> None:
    found = read_card(card(*fields))
    assert (found.birth_date, found.issued) == (birth, issued)
    assert (CardWarning.BIRTH_INCOMPLETE in found.warnings) is (birth is None)
    assert (CardWarning.ISSUED_MISSING in found.warnings) is (issued is None)


@pytest.mark.parametrize(
    ("born", "issued", "contradict"),
    [
        (BORN, ISSUED, False),
        (ISSUED, BORN, False),
        (BORN, BORN, True),
        (BORN, "01021980", True),
        (BORN, "03021980", False),
        (BORN, "12071979", True),
        ("02021985", "12071979", True),
        ("12071979", "02021985", False),
        ("02022030", ISSUED, True),
        ("00001980", ISSUED, False),
        ("00001980", "12071979", True),
        ("00001980", "12071980", False),
    ],
)
def test_an_issue_that_is_not_after_the_birth_is_doubted(born: str, issued: str, contradict: bool) -> None:
    found = read_card(card(ID, OLD, NAME, born, SEX, ADDRESS, issued))
    assert (CardWarning.DATES_CONTRADICT in found.warnings) is contradict
    assert (found.verdict is Verdict.OK) is (not contradict and not born.startswith("0000"))


@pytest.mark.parametrize(("born", "issued"), [(BORN, "00002021"), ("00001980", "00002021"), (BORN, "00001980")])
def test_only_a_birth_may_be_known_by_its_year(born: str, issued: str) -> None:
    assert read_card(card(ID, OLD, NAME, born, SEX, ADDRESS, issued)).reason is CardReject.BAD_DATE


@pytest.mark.parametrize(
    ("written", "ahead"), [("01042026", False), ("02042027", False), ("03042027", True), ("01012099", True)]
)
def test_a_date_well_ahead_of_today_is_doubted(written: str, ahead: bool) -> None:
    today = date(2026, 4, 1)
    issue = card(*FIELDS[:6], written)
    assert (CardWarning.DATE_IN_FUTURE in read_card(issue, today=today).warnings) is ahead
    assert read_card(issue).verdict is Verdict.OK
    birth = card(ID, OLD, NAME, written, SEX, ADDRESS)
    assert (CardWarning.DATE_IN_FUTURE in read_card(birth, today=today).warnings) is ahead


@pytest.mark.parametrize(
    "name",
    ["Thị Bông", "Đường Văn Tổ", "Tổ Thị Hoa", "Đội Văn Ba", "Bản Thị Hoa", "Số Văn An", "Tra62n Va8n An", "An 2"],
)
@pytest.mark.parametrize(
    "layout", ["{id}||{name}|{born}|Nữ|{address}|{issued}", "{id}|{name}|Nữ|{born}|{address}|{issued}"]
)
def test_a_name_that_looks_like_a_place_stays_a_name(name: str, layout: str) -> None:
    found = read_card(layout.format(id=ID, name=name, born=BORN, address=ADDRESS, issued=ISSUED))
    assert (found.name, found.address) == (name, ADDRESS)
    assert (CardWarning.NAME_DAMAGED in found.warnings) is any(char.isdigit() for char in name)


def test_on_the_card_of_2021_the_places_tell_name_and_address() -> None:
    for name, address in (("Thị Bông", "Huế"), ("Số Văn An", "Đà Nẵng"), ("Tổ 3", "Hà Nội")):
        found = read_card(card(ID, OLD, name, BORN, SEX, address, ISSUED, "Xã A, Tỉnh B", "Trần Thị Mẹ"))
        assert (found.name, found.address) == (name, address)
    swapped = read_card(card(ID, OLD, ADDRESS, BORN, SEX, NAME, ISSUED))
    assert (swapped.name, swapped.address) == (NAME, ADDRESS)
    after = read_card(card(ID, NAME, SEX, BORN, "Phường X, Hà Nội", ISSUED, "Số 1, Xã Y, Tỉnh Z"))
    assert after.address == "Phường X, Hà Nội"


def test_a_name_with_a_comma_stays_before_the_address_and_a_date_before_the_number_ends_nothing() -> None:
    assert read_card(card(ID, OLD, "Thúy, Nguyễn Thị", BORN, SEX, ADDRESS, ISSUED)).address == ADDRESS
    assert read_card(card(BORN, ID, NAME, SEX, ISSUED, "Huế")).address == "Huế"


SURPLUS = ("Trần Văn Cha", "Lê Thị Mẹ", OTHER, "999888777", "01012036", "Số 5, Xã Z, Tỉnh Q", "Không thời hạn")


@pytest.mark.parametrize("at", range(len(SURPLUS)))
@pytest.mark.parametrize("address", [ADDRESS, "Huế"])
@pytest.mark.parametrize(
    "layout",
    [
        "{id}|{old}|{name}|{born}|{sex}|{address}|{issued}",
        "{id}||{name}|{born}|{sex}|{address}|{issued}",
        "{id}|{name}|{born}|{sex}|{address}|{issued}",
        "{id}|{name}|{sex}|{born}|{address}|{issued}",
        "{id}|{name}|{sex}|{born}|{address}|{issued}|{old}||",
    ],
)
def test_a_surplus_field_is_never_kept(layout: str, address: str, at: int) -> None:
    values = {"id": ID, "old": OLD, "name": NAME, "born": BORN, "sex": SEX, "address": address, "issued": ISSUED}
    surplus = SURPLUS[at:] + SURPLUS[:at]
    found = read_card("|".join((layout.format(**values), *surplus[:4])))
    assert (found.verdict, found.id_number, found.name, found.address) == (Verdict.OK, ID, NAME, address)
    assert (found.birth_date, found.issued) == (date(1980, 2, 2), date(2021, 7, 12))


def test_a_surplus_name_or_number_takes_no_empty_place() -> None:
    assert read_card(card(ID, OLD, "", BORN, SEX, ADDRESS, ISSUED, "Lê Thị Mẹ")).name == ""
    assert read_card(card(ID, OLD, NAME, BORN, SEX, "", ISSUED, "Lê Thị Mẹ")).address == ""
    # An order in which the address stands last is as good as any.
    assert read_card(card(ID, NAME, BORN, SEX, ISSUED, ADDRESS)).address == ADDRESS


@pytest.mark.parametrize("cut", [*range(13, len(CARD))])
def test_a_scan_that_broke_off_before_a_whole_one_gives_no_mixed_card(cut: int) -> None:
    other = CARD.replace(ID, "001088608064").replace(NAME, "Đỗ Văn Khải").replace(BORN, "09091988")
    for joint in ("", "\r\n"):
        found = read_card(CARD[:cut] + joint + other)
        assert found.verdict is Verdict.REJECT
        assert (found.id_number, found.name) == ("", "")


def test_a_control_character_within_a_field_is_a_lost_letter() -> None:
    assert read_card(CARD.replace("uyễ", "uy\x07")).warnings == (CardWarning.NAME_DAMAGED,)
    assert read_card(CARD.replace("Đặng", "Đ\x1bng")).warnings == (CardWarning.ADDRESS_DAMAGED,)
    assert read_card(CARD.replace(" Thị", "\tThị")).warnings == ()


@pytest.mark.parametrize("separator", [";", ":"])
def test_signs_of_writing_may_stand_for_the_bar(separator: str) -> None:
    found = read_card(card(*FIELDS, separator=separator))
    assert found.warnings == (CardWarning.SEPARATORS_FOREIGN,)
    assert (found.id_number, found.name, found.address, found.issued) == (ID, NAME, ADDRESS, date(2021, 7, 12))


@pytest.mark.parametrize(
    ("texts", "name", "address"),
    [
        ((NAME, ADDRESS), NAME, ADDRESS),
        ((ADDRESS, NAME), NAME, ADDRESS),
        ((NAME, "Hưng Yên"), NAME, "Hưng Yên"),
        (("Hưng Yên", NAME), "Hưng Yên", NAME),
        (("Ngyn Th", NAME, ADDRESS), NAME, ADDRESS),
        (("Ngyn Th", ADDRESS), "Ngyn Th", ADDRESS),
        (("Ngyn Th", NAME), NAME, ""),
        ((NAME, "Cẩm Xá, Mỹ Hào", ADDRESS), NAME, "Cẩm Xá, Mỹ Hào"),
        ((NAME, "Tổ 3", ADDRESS), NAME, ADDRESS),
        ((ADDRESS,), "", ADDRESS),
        ((NAME,), NAME, ""),
    ],
)
def test_which_text_is_which(texts: tuple[str, ...], name: str, address: str) -> None:
    found = read_card(card(ID, OLD, BORN, SEX, *texts, ISSUED))
    assert (found.name, found.address) == (name, address)
    damaged = not name or name == "Ngyn Th"
    assert (CardWarning.NAME_DAMAGED in found.warnings) is damaged
    assert (CardWarning.ADDRESS_DAMAGED in found.warnings) is (not address)


@pytest.mark.parametrize(
    ("fields", "notes"),
    [
        (FIELDS, ()),
        ((ID, "", *FIELDS[2:]), ()),
        ((*FIELDS, "", ""), ()),
        ((*FIELDS, "Trần Thị Mẹ"), (CardWarning.SURPLUS_DROPPED,)),
        ((ID, "", *FIELDS[2:], "Trần Thị Mẹ"), ()),
        (FIELDS[:6], (CardWarning.ORDER_UNCONFIRMED,)),
        ((ID, NAME, *FIELDS[3:], ""), (CardWarning.ORDER_UNCONFIRMED,)),
        ((OLD, ID, *FIELDS[2:]), (CardWarning.ORDER_UNCONFIRMED,)),
        (("400180930129", *FIELDS[1:]), ()),
        (("201180930129", *FIELDS[1:]), (CardWarning.BORN_ABROAD,)),
    ],
)
def test_what_is_told_and_leaves_the_verdict(fields: tuple[str, ...], notes: tuple[CardWarning, ...]) -> None:
    assert read_card(card(*fields)).notes == notes


@pytest.mark.parametrize("sex", ["Nam", "NAM", "nữ", "NỮ"])
def test_a_sex_in_any_case_is_whole(sex: str) -> None:
    found = read_card(CARD.replace("|Nữ|", f"|{sex}|"))
    assert found.sex is (Sex.MALE if sex.casefold() == "nam" else Sex.FEMALE)
    assert found.verdict is Verdict.OK


def test_marks_are_lost_only_where_name_and_address_have_none() -> None:
    plain = (ID, OLD, "Nguyen Thi Thuy", BORN, SEX, "Thon Dang Xa, Xa Cam Xa", ISSUED)
    assert read_card(card(*plain)).warnings == (CardWarning.MARKS_LOST,)
    assert read_card(card(*plain[:2], NAME, *plain[3:])).warnings == ()
    # A family name that is never written so has lost its marks, whatever the address says.
    assert read_card(card(*plain[:5], ADDRESS, ISSUED)).warnings == (CardWarning.MARKS_LOST,)
    assert read_card(card(ID, OLD, "Danh Sa Rat", *plain[3:5], ADDRESS, ISSUED)).warnings == ()


def test_a_letter_that_was_guessed_is_told_though_the_text_reads_well() -> None:
    guessed = read_card(card(ID, OLD, "Tráº?n VÄn Ã¡n", BORN, "Ná»¯", "ThÃ´n ÄÃ´ng, XÃ£ NÃ¡", ISSUED))
    assert (guessed.name, guessed.address) == ("Trận Văn án", "Thôn Đông, Xã Ná")
    assert set(guessed.warnings) == {
        CardWarning.ENCODING_REPAIRED,
        CardWarning.NAME_DAMAGED,
        CardWarning.ADDRESS_DAMAGED,
    }


def test_the_old_letter_eth_is_read_as_the_one_it_looks_like() -> None:
    found = read_card(CARD.replace("Đặng", "Ðặng").replace(NAME, "Ðỗ Thị ðông"))
    assert (found.name, found.address) == ("Đỗ Thị đông", ADDRESS)


@pytest.mark.parametrize(
    "dressed",
    [f"]Q1{CARD}", f"ï»¿{CARD}", f"ï»¿]Q1{CARD}", f"{CARD}\\r\\n", f"{CARD}\\t", f'"{CARD}"', f"\x02{CARD}\x03"],
)
def test_what_scanners_add_is_taken_off(dressed: str) -> None:
    assert read_card(dressed) == read_card(CARD)
    assert read_card("]C1abc").reason is CardReject.UNKNOWN


def test_two_scans_are_parted_at_the_number_of_the_second() -> None:
    second = CARD.replace(ID, "001088608064").replace("|Nữ|", "|Nam|")
    cancelled = f"{CARD}|{OTHER}"
    for joined, first in ((CARD + second, CARD), (f"{cancelled}|{second}", cancelled), (f"{CARD}|{second}", CARD)):
        assert split_scans(joined) == (first, second)
    assert split_scans(f"{CARD}\r\n{second}\r\n{CARD}") == (CARD, second, CARD)
