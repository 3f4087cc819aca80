"""Every letter of the language through every wrong code page, whole and with bytes lost on the way."""

from __future__ import annotations

import unicodedata

import pytest

from desk.rules.mojibake import HOLE, VIETNAMESE, Repaired, repair

TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
VOWELS = [unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in TONES]
LETTERS = [*VOWELS, *(each.upper() for each in VOWELS), *"đĐĕĭŏŭčñĔĬŎŬČÑ"]
SPOILT = "VÄn Ã¡"
"""A byte of this field is gone, so that no reading of all fields at once succeeds."""


def heard(said: str, codec: str = "latin-1") -> str:
    return said.encode().decode(codec)


def without_controls(said: str) -> str:
    return "".join(char for char in heard(said) if not "\x80" <= char <= "\x9f")


def test_the_letters_of_the_language_are_known() -> None:
    assert len(VOWELS) == 72
    assert set(LETTERS) <= VIETNAMESE
    beyond = {each for each in VIETNAMESE if each not in LETTERS and not each.isascii()}
    assert beyond == set("‘’“”–—…\xa0\u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031b")


@pytest.mark.parametrize("letter", [each for each in LETTERS if not each.isascii()])
def test_a_letter_is_put_right_though_another_field_lost_a_byte(letter: str) -> None:
    said = f"N{letter}m {letter}"
    for codec in ("latin-1", "cp1252", "cp1258"):
        try:
            spoken = heard(said, codec)
        except UnicodeDecodeError:
            continue
        found, spoilt = repair([spoken, SPOILT])
        assert found == Repaired(said, changed=True), codec
        assert spoilt.text.startswith("V")
        assert repair([spoken]) == (Repaired(said, changed=True),)


@pytest.mark.parametrize("sign", ["‘", "’", "“", "”", "–", "—", "…"])
def test_a_sign_is_put_right_with_the_letters(sign: str) -> None:
    said = f"Y{sign}Bhăm {sign} Niê"
    assert repair([heard(said)]) == (Repaired(said, changed=True),)
    assert repair([heard(said), SPOILT])[0].text == said


def test_three_wrong_readings_are_undone_and_no_more() -> None:
    said = "Nguyễn Thị Thúy"
    spoken = [said]
    for _ in range(4):
        spoken.append(heard(spoken[-1]))
    assert [repair([each])[0].text for each in spoken[:4]] == [said] * 4
    assert repair([spoken[4]])[0].text == spoken[1]


@pytest.mark.parametrize(
    ("spoken", "found"),
    [
        # The byte 0xA0 came as a blank, or not at all.
        ("HÃ  NÃ¡i", Repaired("Hà Nái", True, 1)),
        ("HÃ NÃ¡i", Repaired("Hà Nái", True, 1)),
        ("HÃ NÃ", Repaired("HÃ NÃ")),
        ("Ã NÃ¡", Repaired("À Ná", True, 1)),
        # Within a word the lost byte was 0xAD, a soft hyphen; a question mark may stand for it.
        ("ChÃnh ThÃ¡", Repaired("Chính Thá", True, 1)),
        ("ChÃ?nh ThÃ¡", Repaired("Chính Thá", True, 1)),
        ("NguyÃ?n Ã¡", Repaired("Nguyín á", True, 1)),
        ("Tráº?n Ã¡", Repaired("Trận á", True, 1)),
        ("Táºm Ã¡", Repaired("Tậm á", True, 1)),
        ("áºm Ã¡", Repaired("?m á", True, 0, 1)),
        ("áº ThÃ¡", Repaired("Ạ Thá", True, 1)),
        ("áº  thÃ¡", Repaired("Ạ thá", True, 1)),
        # Đ stands at the head of a word; within one it is ă, unless the controls came through.
        ("ÄÃ¡", Repaired("Đá", True, 1)),
        ("NÃ¡ Ä?Ã¡", Repaired("Ná Đá", True, 1)),
        ("VÄn Ã¡", Repaired("Văn á", True, 1)),
        ("VÄN Ã\x81 Ã€", Repaired("V?N Á À", True, 0, 1)),
        ("Æ Ã¡", Repaired("Ơ á", True, 1)),
        ("Æ¡n Æ An", Repaired("ơn Ơ An", True, 1)),
        ("Æ¡n Æ  an", Repaired("ơn Ơ an", True, 1)),
        # ễ alone of its row ends in 0x85, which many take for the end of a line.
        ("Nguyá»\nn Lá»\x87", Repaired("Nguyễn Lệ", True, 1)),
        ("Nguyá»n Lá»\x87", Repaired("Nguyễn Lệ", True, 1)),
        ("Nguyá»n Thá» ThÃ¡", Repaired("Nguy?n Th? Thá", True, 0, 2)),
        # What is no sequence stays as it stands.
        ("Xáb»c ThÃ¡", Repaired("Xáb»c Thá", True)),
        ("NÃ¡ ÄÄk", Repaired("Ná Đăk", True, 2)),
    ],
)
def test_what_is_inferred_where_a_byte_was_lost(spoken: str, found: Repaired) -> None:
    assert repair([spoken]) == (found,)


def test_a_lost_byte_never_makes_another_letter_unsaid() -> None:
    for letter in LETTERS:
        for said in (f"N{letter}m Bá", f"n{letter} Bá", f"{letter} Bá", f"BÁ {letter.upper()}N", f"{letter}n Bá"):
            (found,) = repair([without_controls(said)])
            assert found.text == said or found.guesses + found.holes > 0 or not found.changed or HOLE in found.text


@pytest.mark.parametrize(
    ("spoken", "found"),
    [
        # A blank that may not be broken stands after a letter as it came, and is a letter's neighbour, not its byte.
        ("BÃ¡\xa0VÄn", "Bá\xa0Văn"),
        ("Háº¡\xa0VÄn", "Hạ\xa0Văn"),
        ("BÂ\xa0VÄn Ã¡", "B\xa0Văn á"),
        ("ChÃXn Ã¡", "ChíXn á"),
        ("BeÌ\x81 Ã©m VÄn", "Be\u0301 ém V?n"),
    ],
)
def test_neighbours_of_a_letter_are_left_alone(spoken: str, found: str) -> None:
    assert repair([spoken])[0].text == found


def test_more_letters_spoilt_than_whole_are_put_right_and_else_nothing_is() -> None:
    spoilt = "Ä\x90Ã¡ VÄ\x83n"
    assert repair([spoilt, "ậậ"]) == (Repaired("Đá Văn", changed=True), Repaired("ậậ"))
    assert repair([spoilt, "ậậậ"]) == (Repaired(spoilt), Repaired("ậậậ"))
    assert repair(["Ã¡", "ậ"]) == (Repaired("Ã¡"), Repaired("ậ"))


@pytest.mark.parametrize("codec", ["cp437", "cp850", "gbk", "cp932", "mac_roman"])
def test_another_language_is_no_vietnamese_read_wrongly(codec: str) -> None:
    for said in ("Привет a", "日本 a"):
        try:
            spoken = said.encode().decode(codec)
        except UnicodeDecodeError:
            continue
        assert said not in {each.text for each in repair([spoken])}


@pytest.mark.parametrize("codec", ["cp437", "cp850", "mac_roman"])
def test_code_pages_of_other_systems_are_undone(codec: str) -> None:
    said = ["Nguyễn Thị Thúy", "Xã Cẩm Xá", "0123"]
    assert repair([each.encode().decode(codec) for each in said]) == (
        Repaired(said[0], changed=True),
        Repaired(said[1], changed=True),
        Repaired(said[2]),
    )


@pytest.mark.parametrize(
    ("spoken", "found"),
    [
        ("ChÃ\ufffdnh ThÃ¡", "Chính Thá"),
        # The mark stands for the lost byte; the blank behind it parts two words.
        ("HÃ\ufffd Ná»\x99i", "Hà Nội"),
        ("HÃ? Ná»\x99i", "Hà Nội"),
        ("Máº\ufffd Ná»\x99i", "MẠ Nội"),
        ("NÆ\ufffd Ná»\x99i", "NƠ Nội"),
        ("HÃ\ufffd ná»\x99i", "Hà nội"),
        ("HÃ\ufffd\ufffd Ná»\x99i", "Hí\ufffd Nội"),
        ("Thá»\ufffd\rNá»\x99i", "Thễ\rNội"),
        # Without a mark a blank before a small letter was the byte itself.
        ("HÃ ná»\x99i", "Hànội"),
        ("Ã¡ÃN Ã¡", "áíN á"),
        ("BÃÀ VÃ¡n", "BíÀ Ván"),
        ("VÄN Æ¯U", "VĂN ƯU"),
        # Whether control characters came through is told by any of them but the end of a line.
        ("Ã\x80 NÄn", "À N?n"),
        ("Ma á»\x9f NÄn", "Ma ở N?n"),
        ("Nguyá»\x85n VÄn Ã¡", "Nguyễn Văn á"),
        ("Nguyá»\rn Lá»\x87", "Nguyễn Lệ"),
        # Whether the text has small letters is told by any of them.
        ("HaÃ NÃ\x81", "Haà NÁ"),
        ("HzÃ NÃ\x81", "Hzà NÁ"),
        ("YÃ NÃ\x81", "YÀ NÁ"),
    ],
)
def test_what_surrounds_a_lost_byte_decides(spoken: str, found: str) -> None:
    assert repair([spoken])[0].text == found


def test_a_blank_that_does_not_break_is_put_right_though_another_field_lost_a_byte() -> None:
    said = "Lê\xa0An"
    assert repair([heard(said), SPOILT])[0] == Repaired(said, changed=True)
