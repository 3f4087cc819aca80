"""Vietnamese text: cleaning, folding for search, sorting, and masking for slips and lists."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_INVISIBLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]")
"""Code points that draw nothing and are not of the categories Cc, Cf, Cs: fillers, joiners, variation selectors."""

_STRAIGHT = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛ʼʻ′`´＇", "'"),
        **dict.fromkeys("“”„‟″＂", '"'),
    }
)
_STROKED = str.maketrans("đĐðÐ", "dddd")

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_SIGNS = " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789"
_PRIMARY = {letter: bytes([rank]) for rank, letter in enumerate(_SIGNS + _LETTERS, start=1)}
_OTHER = 0xF8

_SHAPED = {
    ("a", "\u0306"): "ă",
    ("a", "\u0302"): "â",
    ("e", "\u0302"): "ê",
    ("o", "\u0302"): "ô",
    ("o", "\u031b"): "ơ",
    ("u", "\u031b"): "ư",
}
_TONES = {tone: rank for rank, tone in enumerate("\u0300\u0309\u0303\u0301\u0323", start=2)}
_NO_TONE = 1
_OTHER_MARK = 0xF8
_LOWER, _UPPER = 1, 2


def clean(written: str) -> str:
    """Return text fit to be kept: NFC, nothing invisible, single spaces, none at the ends.

    Control, bidirectional and zero-width characters and lone surrogates go; tabs and line breaks count as spaces.
    """
    if not (written.isascii() and written.isprintable()):
        seen = [
            character
            for character in _INVISIBLE.sub("", written)
            if character.isspace() or unicodedata.category(character) not in {"Cc", "Cf", "Cs"}
        ]
        # Composed only now: an invisible character may have stood between a letter and its mark.
        written = unicodedata.normalize("NFC", "".join(seen))
    return " ".join(written.split())


def fold(written: str) -> str:
    """Return the text as it is searched for: no marks, đ as d, no case, straight quotes, single spaces."""
    if written.isascii():
        return clean(written).casefold().translate(_STRAIGHT)
    plain = clean(written).translate(_STRAIGHT).translate(_STROKED).casefold()
    decomposed = unicodedata.normalize("NFD", plain)
    letters = "".join(character for character in decomposed if unicodedata.category(character)[0] != "M")
    return " ".join(letters.translate(_STRAIGHT).translate(_STROKED).split())


@lru_cache(10_000)
def _levels(cleaned: str) -> tuple[bytes, bytes, bytes]:
    """Return the three levels of a cleaned text: letters, tones, case; each later one without its plain tail."""
    letters: list[bytes] = []
    tones: list[bytes] = []
    cases = bytearray()
    bare = ""
    for character in unicodedata.normalize("NFD", cleaned.translate(_STRAIGHT)):
        if letters and unicodedata.combining(character):
            shaped = _SHAPED.get((bare, character))
            if shaped is not None:
                letters[-1] = _PRIMARY[shaped]
                bare = shaped
            else:
                rank = _TONES.get(character)
                mark = bytes([rank]) if rank else bytes([_OTHER_MARK]) + ord(character).to_bytes(3, "big")
                before = tones[-1]
                tones[-1] = mark if before == bytes([_NO_TONE]) else before + mark
            continue
        bare = character.lower()
        cases.append(_LOWER if bare == character else _UPPER)
        if bare == "ð":
            bare = "đ"
        known = _PRIMARY.get(bare)
        letters.append(known if known else bytes([_OTHER]) + ord(bare[0]).to_bytes(3, "big"))
        tones.append(bytes([_NO_TONE]))
    return (
        b"".join(letters),
        b"".join(tones).rstrip(bytes([_NO_TONE])),
        bytes(cases).rstrip(bytes([_LOWER])),
    )


def sort_key(written: str) -> bytes:
    """Return bytes that sort as Vietnamese does: all letters first, then all tones, then case.

    Order of letters a ă â b c d đ e ê …, of tones ngang huyền hỏi ngã sắc nặng, small before capital; the order of
    the CLDR's Vietnamese collation, with curly apostrophes as straight ones.
    """
    return b"\0".join(_levels(clean(written)))


def name_key(written: str) -> bytes:
    """Return bytes that sort people by given name (the last word), then by family and middle names; case comes last."""
    rest, _, given = clean(written).rpartition(" ")
    first, second = _levels(given), _levels(rest)
    return b"\0".join((*first[:2], *second[:2], first[2], second[2]))


def mask_id(number: str) -> str:
    """Return a personal number with only its first three and last four characters: `042•••••0708`."""
    if len(number) < 9:
        return "•" * len(number)
    return number[:3] + "•" * (len(number) - 7) + number[-4:]


def mask_phone(number: str) -> str:
    """Return a telephone number with only its first two and last three characters: `09•••678`."""
    if not number:
        return ""
    return "•••" if len(number) < 8 else f"{number[:2]}•••{number[-3:]}"
