"""The single fields of a card's QR text, told apart by their shape."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from enum import StrEnum

from msgspec import Struct

from desk.rules.mojibake import HOLE, VIETNAMESE
from desk.rules.text import clean, fold


class Sex(StrEnum):
    """Sex as the card states it."""

    MALE = "male"
    FEMALE = "female"


class Shape(StrEnum):
    """What a field can only be, judged by its characters."""

    EMPTY = "empty"
    ID = "id"
    OLD_ID = "old_id"
    DATE = "date"
    PARTIAL_DATE = "partial_date"
    BAD_DATE = "bad_date"
    SEX = "sex"
    TEXT = "text"
    OTHER = "other"


class PartialDate(Struct, frozen=True):
    """A birth of which only the year is known, written with zeros for day and month."""

    year: int


_DATE = re.compile(r"([0-9]{2})([/.-]?)([0-9]{2})\2([0-9]{4})")
_MALE = re.compile(r"nam")
# With the marks lost, the letter lost, or as Telex and VNI keystrokes.
_FEMALE = re.compile(r"n(?:u|\W|uwx|uxw|u74|u47)?\W*")
_PLACE_WORDS = (
    "thôn xóm làng bản buôn tổ ấp khóm khu số đội xã phường quận huyện tỉnh thị tp tp. tt tt. p. q. kp kp. ngõ ngách "
    "hẻm đường phố"
)
_PLACES = frozenset(_PLACE_WORDS.split())
_FAMILY_WORDS = "bui dang dinh do doan duong hoang huynh le luong ngo nguyen pham tran truong vo vu"
_FAMILIES = frozenset(_FAMILY_WORDS.split())
"""Frequent family names as they look without the marks that they are never written without."""
_TELEX = re.compile(r"(?:[a-z]*(?:aa|ee|oo|dd|w)[a-z]*|[a-z]*[aeiouy][a-z]*[fj])")
_LETTERS = VIETNAMESE | set("ƀɃ")
"""The barred b of the highland peoples is read, though broken bytes are never taken for it."""
_VOWELS = frozenset("aeiouy")


def read_date(field: str) -> date | PartialDate | None:
    """Read `ddmmyyyy`, also with slashes, dots or hyphens; None for anything that is no date since 1900."""
    found = _DATE.fullmatch(field.strip())
    if found is None:
        return None
    day, month, year = int(found[1]), int(found[3]), int(found[4])
    if not 1900 <= year < 2200:
        return None
    if day == month == 0:
        return PartialDate(year)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_sex(field: str) -> Sex | None:
    """Read `Nam` or `Nữ`, also where the marks or the letter under them were lost; None for anything else."""
    if len(field) > 8:
        return None
    plain = fold(field)
    if _MALE.fullmatch(plain):
        return Sex.MALE
    return Sex.FEMALE if _FEMALE.fullmatch(plain) else None


def shape_of(field: str) -> Shape:
    """Say what a field can only be; text is what has at least one letter and is neither sex nor date."""
    plain = clean(field)
    digits = plain.replace(" ", "")
    if not plain:
        return Shape.EMPTY
    if re.fullmatch("[0-9]{12}", digits):
        return Shape.ID
    if re.fullmatch("[0-9]{9}", digits):
        return Shape.OLD_ID
    if _DATE.fullmatch(plain):
        found = read_date(plain)
        return Shape.DATE if isinstance(found, date) else Shape.PARTIAL_DATE if found else Shape.BAD_DATE
    if read_sex(plain):
        return Shape.SEX
    return Shape.TEXT if any(char.isalpha() or char == HOLE for char in plain) else Shape.OTHER


def is_damaged(text: str) -> bool:
    """Say whether letters are missing, or characters stand in it that no Vietnamese text has."""
    return not text or any(char in "?\ufffd" or not (char.isascii() or char in _LETTERS) for char in text)


def address_signs(text: str) -> int:
    """Return how much a text looks like an address: a comma weighs most, then a word for a place, then a digit."""
    words = text.casefold().split()
    place = len(words) > 1 and words[0] in _PLACES and (words[0] != "thị" or words[1] in {"xã", "trấn"})
    return 4 * ("," in text) + 2 * place + any(char.isdigit() for char in text)


def looks_like_name(text: str) -> bool:
    """Say whether a text can be a whole name: letters only, and a vowel in every word of two letters or more."""
    if is_damaged(text) or len(text) > 100:
        return False
    if not all(char.isalpha() or char in " '’‘.-" for char in text):
        return False
    return all(len(word) < 2 or _VOWELS & set(fold(word)) for word in text.replace(".", " ").split())


def is_mark_free(text: str) -> bool:
    """Say whether a text has letters and none of them carries a Vietnamese mark."""
    return text.isascii() and any(char.isalpha() for char in text)


def lacks_marks(name: str) -> bool:
    """Say whether a name of two words or more begins with a family name that lost its marks."""
    words = name.casefold().split()
    return len(words) > 1 and words[0] in _FAMILIES


def has_controls(text: str) -> bool:
    """Say whether control characters stand within a text, in the place of something that was lost."""
    return any(unicodedata.category(char) == "Cc" and not char.isspace() for char in text.strip())


def telex_left(name: str) -> bool:
    """Say whether a word of the name looks like Telex keystrokes that no input method turned into letters."""
    plain = unicodedata.normalize("NFC", name).casefold()
    return any(_TELEX.fullmatch(word) for word in plain.split())
