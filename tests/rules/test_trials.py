"""What a scan or a typed sentence says of the machines: each fault alone, from the keys it comes as."""

from __future__ import annotations

import unicodedata

import pytest

from desk.rules.identity import ScanKind
from desk.rules.text import fold
from desk.rules.trials import SENTENCE, ScanFault, ScanTrial, Stroke, TypingFault, scan_trial, typing_trial

CARD = "042180000708||Nguyễn Thị Thúy|02021980|Nữ|Thôn Đặng Xá, xã Cẩm Xá, Hưng Yên|11052021"


def strokes(text: str, *, gap: float = 0.002, end: str = "enter") -> list[Stroke]:
    """Return a text as keys: `<` stands for a backspace an input method sends."""
    keys = [Stroke("backspace", "", 0.0) if char == "<" else Stroke(char, char, 0.0) for char in text]
    keys += [Stroke(key, "", 0.0) for key in end.split()]
    return [Stroke(key.key, key.char, 100 + number * gap) for number, key in enumerate(keys)]


def tried(text: str, *, gap: float = 0.002, end: str = "enter") -> ScanTrial:
    return scan_trial(strokes(text, gap=gap, end=end), fast=0.030, pause=0.080)


def test_a_good_scan_has_no_fault() -> None:
    trial = tried(CARD)
    assert (trial.faults, trial.good, trial.kind, trial.end) == ((), True, ScanKind.CARD, "Enter")
    assert trial.length == len(CARD)
    assert trial.gap == pytest.approx(0.002)
    assert trial.text == CARD
    assert "042180000708" not in repr(trial)


@pytest.mark.parametrize("code", ["TN-18229-260313-10001J", "H31.65-260313-0001", "000.00.19.H47-260105-0001"])
def test_a_slips_code_is_a_good_scan_too(code: str) -> None:
    assert tried(code).faults == ()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("1234567", ScanFault.SHORT),
        ("8934563138165", ScanFault.NOT_A_CARD),
        ("]Q1" + CARD, ScanFault.PREFIX),
        ("AB" + CARD, ScanFault.PREFIX),
        (CARD + "#", ScanFault.SUFFIX),
        (CARD.replace("Nguyễn", "Nguyeex<<<ễn"), ScanFault.INPUT_METHOD),
        (CARD.replace("Nguyễn Thị Thúy", "Nguyeenx Thij Thuys"), ScanFault.INPUT_METHOD),
        (CARD.encode().decode("latin-1"), ScanFault.ENCODING),
        (CARD.encode().decode("cp1252", "replace"), ScanFault.ENCODING),
        ("042180000708||Nguyen Thi Thuy|02021980|Nu|Thon Dang Xa, xa Cam Xa, Hung Yen|11052021", ScanFault.MARKS_LOST),
        (CARD.replace("Nguyễn Thị Thúy", "Nguyn Th Thy"), ScanFault.LETTERS_LOST),
        (CARD.replace("|", "~"), ScanFault.SEPARATORS),
        (CARD.replace("|", ""), ScanFault.SEPARATORS),
        (CARD.swapcase(), ScanFault.CAPS),
        (CARD[:30], ScanFault.CUT),
        (CARD + CARD, ScanFault.DOUBLE),
        ("DN4010123456789|4e677579|01/01/1980|1|", ScanFault.HEALTH_CARD),
    ],
)
def test_each_fault_is_found_from_what_arrived(text: str, fault: ScanFault) -> None:
    assert fault in tried(text).faults


def test_speed_and_end_mark_are_judged_by_the_keys() -> None:
    assert tried(CARD, gap=0.2).faults == (ScanFault.SLOW,)
    assert tried(CARD, end="").faults == (ScanFault.NO_END,)
    assert tried(CARD, end="tab").faults == (ScanFault.TAB_END,)
    assert tried(CARD, end="tab").good
    for both in ("enter ctrl+j", "tab enter"):
        assert (tried(CARD, end=both).end, tried(CARD, end=both).faults) == ("Enter", ())
    late = [
        Stroke(key.key, key.char, key.time + (0.3 if number > 40 else 0)) for number, key in enumerate(strokes(CARD))
    ]
    trial = scan_trial(late, fast=0.030, pause=0.080)
    assert (trial.faults, trial.good) == ((ScanFault.PAUSES,), True)
    assert trial.longest == pytest.approx(0.302)


def test_a_scan_that_cannot_be_used_is_not_good() -> None:
    assert not tried(CARD, end="").good
    assert not tried(CARD, gap=0.2).good
    assert not tried("").good
    assert scan_trial([], fast=0.03, pause=0.08).faults == (ScanFault.SHORT, ScanFault.NO_END)


def test_the_sentence_has_every_letter_and_tone() -> None:
    plain = unicodedata.normalize("NFD", SENTENCE)
    assert {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323", "\u0302", "\u0306", "\u031b"} <= set(plain)
    assert set("ăâêôơư") <= {unicodedata.normalize("NFC", letter) for letter in SENTENCE} | shaped()
    assert "Đ" in SENTENCE


def shaped() -> set[str]:
    """The shaped letters of the sentence without their tones."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    letters = (unicodedata.normalize("NFD", letter) for letter in SENTENCE.lower())
    return {unicodedata.normalize("NFC", "".join(part for part in each if part not in tones)) for each in letters}


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        (SENTENCE, None),
        (unicodedata.normalize("NFD", SENTENCE), None),
        (f"  {SENTENCE.replace(' ', '  ')} ", None),
        ("Ddawngj Huwux Phuwowcs owr ngox Yeen Oonr, thoon Myx Leex, huyeenj Caamr Giangf", TypingFault.TELEX),
        ("D9a85ng Hu74 Phu7o71c o73 ngo4 Ye6n O6n3, tho6n My4 Le64, huye65n Ca63m Giang2", TypingFault.VNI),
        (fold(SENTENCE), TypingFault.MARKS_LOST),
        ("§Æng H÷u Ph­íc ë ngâ Yªn æn, th«n Mü LÔ, huyÖn CÈm Giµng", TypingFault.OTHER_TABLE),
        (SENTENCE.replace("Đặng", "ĐĐặng").replace("Hữu", "Hữữu"), TypingFault.DOUBLED),
        (SENTENCE.replace("Phước", "Phc"), TypingFault.LOST),
        (SENTENCE.replace("Phước", "Phược"), TypingFault.DIFFERENT),
        ("", TypingFault.DIFFERENT),
    ],
)
def test_what_was_typed_tells_what_the_input_method_does(typed: str, fault: TypingFault | None) -> None:
    assert typing_trial(typed).fault is fault


def test_the_first_letter_that_differs_is_named() -> None:
    assert typing_trial(SENTENCE.replace("Phước", "Phược")).place == SENTENCE.index("Phước") + 3
    assert typing_trial(SENTENCE[:10]).place == 10
    assert typing_trial(SENTENCE + "x").place == len(SENTENCE)
