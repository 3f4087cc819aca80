"""What the form takes of a scan and what it says: short enough for the line, never a guess."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.rules.identity import CardReject, CardWarning, read_card
from desk.tui.card_words import number_words, person_words, read_scan, reject_sentence, warning_sentence
from desk.tui.widgets.text import width_of
from tests.tui.screens.receive_app import HEALTH, NO_MARKS, PIPELESS, THUY, Y

LINE = 78
FEB_30 = THUY.replace("02021980", "30021980")
TABLE = [
    (THUY, "033180930129", "Nguyễn Thị Thúy", "Đã đọc thẻ: so tên với thẻ bằng mắt."),
    (f"{THUY}{THUY}", "033180930129", "Nguyễn Thị Thúy", "Đã đọc thẻ: so tên với thẻ bằng mắt."),
    (f"{THUY}{Y}", "", "", "Hai thẻ quét dính nhau: quét lại, hoặc gõ."),
    (HEALTH, "", "", "Đây là thẻ bảo hiểm y tế, không điền gì: quét thẻ căn cước, hoặc gõ."),
    (PIPELESS, "033180930129", "", "Máy quét làm mất dấu |: chỉ giữ được số định danh, gõ phần còn lại."),
    (FEB_30, "033180930129", "", "Có ngày không có thật: chỉ giữ được số định danh, gõ phần còn lại."),
    (
        "033180930129|145678901|Nguyễn",
        "033180930129",
        "",
        "Nội dung thẻ bị cắt ngắn: chỉ giữ được số định danh, gõ phần còn lại.",
    ),
    (NO_MARKS, "033180930129", "Nguy?n Th? Th?y", "Thẻ: tên mất chữ, địa chỉ mất chữ"),
    ("", "", "", "Lần quét không có nội dung: quét lại, hoặc gõ."),
    ("xin chào", "", "", "Không phải mã QR trên thẻ căn cước: quét lại, hoặc gõ."),
    ("x" * 3000, "", "", "Dài hơn mọi thẻ"),
]


@pytest.mark.parametrize(("payload", "number", "name", "sentence"), TABLE, ids=range(len(TABLE)))
def test_what_is_taken_and_said(payload: str, number: str, name: str, sentence: str) -> None:
    reading = read_scan(payload)
    assert reading.id_number == number
    assert (reading.card.name if reading.card else "") == name
    assert reading.sentence.startswith(sentence)
    assert width_of(reading.sentence) <= LINE


def test_every_reason_has_words_that_fit_the_line() -> None:
    for reason in CardReject:
        for kept in (False, True):
            assert 0 < width_of(reject_sentence(reason, kept=kept)) <= LINE + 25 * kept
    for warning in CardWarning:
        assert 0 < width_of(warning_sentence(warning)) <= 40


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("", ""),
        ("033180930129", ""),
        ("12", "2 số, cần 12"),
        ("145678901", "CMND 9 số đã hết hạn"),
        ("999180930129", "không có mã nơi sinh 999"),
        ("250180930129", "sinh ở nước ngoài"),
    ],
)
def test_a_number_alone(number: str, words: str) -> None:
    assert number_words(number) == words


def test_a_number_beside_its_card() -> None:
    card = read_card("012345678901|123456789|Nguyễn Văn A|07041988|Nam|Khóm 4, TT. Năm Căn, Cà Mau|15092023")
    assert number_words("012345678901", card) == "không khớp giới tính, không khớp năm sinh"
    assert number_words("033180930129", card) == ""
    assert person_words(card) == "Nam · 07/04/1988"


@given(st.text(max_size=200))
def test_any_scan_gives_twelve_digits_or_none(payload: str) -> None:
    reading = read_scan(payload)
    assert reading.id_number == "" or (len(reading.id_number) == 12 and reading.id_number.isdigit())
    assert reading.sentence


def test_a_date_well_ahead_of_the_day_is_said() -> None:
    payload = "033180930129|145678901|Nguyễn Thị Thúy|02021980|Nữ|Thôn Đặng Xá, Xã Cẩm Xá|12072031"
    assert read_scan(payload, date(2026, 3, 13)).sentence == "Thẻ: có ngày ở tương lai. So với thẻ mà sửa."
    assert read_scan(payload, date(2031, 7, 12)).good
    assert read_scan(payload + payload, date(2026, 3, 13)).sentence == "Thẻ: có ngày ở tương lai. So với thẻ mà sửa."
