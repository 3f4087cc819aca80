"""Personal identification numbers, and the text that a card's QR code carries."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from msgspec import Struct

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
from desk.rules.mojibake import Repaired, repair
from desk.rules.numbering import is_official_code, parse_provisional
from desk.rules.text import clean

MOST_CHARACTERS = 2000
"""Longer than any card twice over, even with its encoding broken."""

_PROVINCE_NUMBERS = (
    1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33, 34, 35, 36, 37, 38, 40, 42, 44,
    45, 46, 48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66, 67, 68, 70, 72, 74, 75, 77, 79, 80, 82, 83, 84, 86, 87,
    89, 91, 92, 93, 94, 95, 96
)  # fmt: skip
PROVINCES = frozenset(f"{number:03d}" for number in _PROVINCE_NUMBERS)
"""Places of birth registration: the 63 provinces before July 2025; a number keeps its code when provinces merge."""


class Verdict(StrEnum):
    """What an officer may do with a scan: use it, use it after a look, scan again."""

    OK = "ok"
    WARN = "warn"
    REJECT = "reject"


class IdWarning(StrEnum):
    """What is implausible about a personal number; the number has no check digit, so none of this is proof."""

    NOT_TWELVE_DIGITS = "not_twelve_digits"
    OLD_NINE_DIGITS = "old_nine_digits"
    PROVINCE_UNKNOWN = "province_unknown"
    BORN_ABROAD = "born_abroad"
    SEX_MISMATCH = "sex_mismatch"
    BIRTH_MISMATCH = "birth_mismatch"


class CardWarning(StrEnum):
    """What is doubtful about a card that could be read."""

    PROVINCE_UNKNOWN = "province_unknown"
    ENCODING_REPAIRED = "encoding_repaired"
    SEPARATORS_FOREIGN = "separators_foreign"
    MARKS_LOST = "marks_lost"
    TELEX_LEFT = "telex_left"
    NAME_DAMAGED = "name_damaged"
    ADDRESS_DAMAGED = "address_damaged"
    SEX_DAMAGED = "sex_damaged"
    BIRTH_INCOMPLETE = "birth_incomplete"
    ISSUED_MISSING = "issued_missing"
    DATES_CONTRADICT = "dates_contradict"
    DATE_IN_FUTURE = "date_in_future"
    BORN_ABROAD = "born_abroad"
    SEX_MISMATCH = "sex_mismatch"
    BIRTH_MISMATCH = "birth_mismatch"
    ORDER_UNCONFIRMED = "order_unconfirmed"
    SURPLUS_DROPPED = "surplus_dropped"


class CardReject(StrEnum):
    """Why a scan gives nothing."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    UNKNOWN = "unknown"
    HEALTH_CARD = "health_card"
    NO_SEPARATORS = "no_separators"
    NO_ID = "no_id"
    BAD_DATE = "bad_date"
    INCOMPLETE = "incomplete"
    DOUBLE = "double"


class ScanKind(StrEnum):
    """What one scan is, so that any place of the screen can route it."""

    CARD = "card"
    PROVISIONAL_CODE = "provisional_code"
    OFFICIAL_CODE = "official_code"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Card:
    """A card as it was read: data entry, never proof of who stands there.

    `warnings` make the verdict `warn`; `notes` are told and leave it `ok`. What could not be read is empty or None.
    Surplus fields (old numbers, cancelled numbers, parents) are dropped here. Personal values stay out of the repr.
    """

    verdict: Verdict
    id_number: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    birth_date: date | None = field(default=None, repr=False)
    sex: Sex | None = field(default=None, repr=False)
    address: str = field(default="", repr=False)
    issued: date | None = field(default=None, repr=False)
    warnings: tuple[CardWarning, ...] = ()
    notes: tuple[CardWarning, ...] = ()
    reason: CardReject | None = None


def check_id_number(s: str, *, sex: Sex | None = None, birth_date: date | None = None) -> tuple[IdWarning, ...]:
    """Say what is implausible about a personal number, alone or beside a sex and a date of birth.

    Twelve digits: place of birth registration (3), century and sex (1), year of birth (2), random (6). Country codes
    of births registered abroad are not verified, only noted.
    """
    number = s.strip()
    if re.fullmatch("[0-9]{9}", number):
        return (IdWarning.OLD_NINE_DIGITS,)
    if not re.fullmatch("[0-9]{12}", number):
        return (IdWarning.NOT_TWELVE_DIGITS,)
    century_sex = int(number[3])
    found = []
    if number[:3] not in PROVINCES:
        found.append(IdWarning.BORN_ABROAD if "101" <= number[:3] <= "399" else IdWarning.PROVINCE_UNKNOWN)
    if sex is not None and (sex is Sex.FEMALE) != bool(century_sex % 2):
        found.append(IdWarning.SEX_MISMATCH)
    if birth_date is not None and birth_date.year != birth_year(number):
        found.append(IdWarning.BIRTH_MISMATCH)
    return tuple(found)


def birth_year(number: str) -> int:
    """Return the year of birth that a number of twelve digits states."""
    return 1900 + 100 * (int(number[3]) // 2) + int(number[4:6])


def read_card(payload: str, *, today: date | None = None) -> Card:
    """Read the QR text of a CCCD (2021) or căn cước (2024) card as a scanner delivered it; never raises.

    Fields are told apart by their shape, because the order on newer cards is not confirmed. What a wrong encoding,
    keyboard layout or suffix did to the text is repaired where only one reading fits, and said. With `today` a date
    that lies well ahead of it is doubted.
    """
    text = _AIM.sub("", _trimmed(payload))
    if not text:
        return _rejected(CardReject.EMPTY)
    if len(text) > MOST_CHARACTERS:
        return _rejected(CardReject.TOO_LONG)
    separator = _separator(text)
    if _HEALTH.match(text):
        return _rejected(CardReject.HEALTH_CARD)
    if separator is None:
        return _rejected(_without_separator(text))
    fields = text.split(separator)
    shapes = [shape_of(each) for each in fields]
    if _is_double(fields, shapes):
        return _rejected(CardReject.DOUBLE)
    if Shape.ID not in shapes:
        return _rejected(CardReject.NO_ID if len(fields) > 4 else CardReject.UNKNOWN)
    return _assemble(repair(fields), foreign=separator != "|", today=today)


def recognise(text: str) -> ScanKind:
    """Say what a scan is; a card that is spoilt is still a card, so that its reason can be shown."""
    if parse_provisional(text):
        return ScanKind.PROVISIONAL_CODE
    if is_official_code(text):
        return ScanKind.OFFICIAL_CODE
    nothing = read_card(text).reason in {CardReject.EMPTY, CardReject.TOO_LONG, CardReject.UNKNOWN}
    return ScanKind.NOTHING if nothing else ScanKind.CARD


def split_scans(payload: str) -> tuple[str, ...]:
    """Part scans that ran together (reason `double`) into single payloads; any other text comes back whole."""
    if read_card(payload).reason is not CardReject.DOUBLE:
        return (payload,)
    text = _trimmed(payload)
    separator = _separator(text) or "|"
    fields = _JOINT.sub(separator.replace("\\", r"\\"), text).split(separator)
    shapes = [shape_of(each) for each in fields]
    ids = [at for at, shape in enumerate(shapes) if shape is Shape.ID]
    # A cancelled number stands at the end of its card: no date follows it before the next number.
    starts = [at for at, end in pairwise([*ids, len(fields)]) if Shape.DATE in shapes[at:end]]
    cuts = [0, *starts[1:], len(fields)]
    return tuple(separator.join(fields[at:end]).strip(_EDGES) for at, end in pairwise(cuts))


_ETH = str.maketrans("ðÐ", "đĐ")
_EDGES = ' \t\r\n\x00\x02\x03\x04"\ufeff\u200b'
_SPELT_SUFFIX = re.compile(r"(?:\\[rnt])+\Z")
_AIM = re.compile(r"\A(?:ï»¿)?(?:\][A-Za-z][0-9](?=[0-9]))?")
_HEALTH = re.compile(r"[A-Za-z]{2}[0-9]{10,13}\|")
_AFTER_ID = re.compile(r"[0-9]{12}(Â?¦|[^\w ,./-]|_)")
_JOINT = re.compile(r"(?<=[^0-9][0-9]{8})\s*(?=[0-9]{12}[^0-9])")
_GLUED = re.compile(r"[0-9]{8}\s*[0-9]{12}")
_CUT_INTO = re.compile(r"(?:[0-9]{1,9}|.*[^0-9\s])\s*[0-9]{12}")
_LEEWAY = timedelta(days=366)
"""A clock that lags by less does not make a good card doubtful."""
_SPOILT_DIGITS = re.compile(r"[0-9]{5,8}|[0-9]{10,11}")
_DATES = frozenset({Shape.DATE, Shape.BAD_DATE, Shape.PARTIAL_DATE})
_LAYOUT_2021 = (Shape.ID, {Shape.OLD_ID, Shape.EMPTY}, Shape.TEXT, Shape.DATE, Shape.SEX, Shape.TEXT, Shape.DATE)


def _rejected(reason: CardReject) -> Card:
    return Card(Verdict.REJECT, reason=reason)


def _trimmed(payload: str) -> str:
    """Take off what scanners add around a payload: blanks, line ends (also spelt out as `\\r\\n`), marks of order."""
    return _SPELT_SUFFIX.sub("", payload.strip(_EDGES)).strip(_EDGES)


def _separator(text: str) -> str | None:
    """Return what parts the fields: a bar, or whatever a scanner's keyboard layout made of the bar after the number."""
    if text.count("|") > 1:
        return "|"
    found = _AFTER_ID.match(text)
    return found[1] if found and text.count(found[1]) > 3 else None


def _without_separator(text: str) -> CardReject:
    if not re.match("[0-9]{12}", text) or len(text) < 20:
        return CardReject.UNKNOWN
    return CardReject.INCOMPLETE if _AFTER_ID.match(text) else CardReject.NO_SEPARATORS


def _is_double(fields: list[str], shapes: list[Shape]) -> bool:
    if any(_GLUED.fullmatch(each.strip()) for each in fields):
        return True
    # A scan that broke off within a field, and a whole one after it.
    if any(_CUT_INTO.fullmatch(each.strip()) for each in fields[1:-4]):
        return True
    # A whole card after the second number; directly behind the first it may be an old number of the same card.
    for at in [at for at, shape in enumerate(shapes) if shape is Shape.ID][1:]:
        if shapes[at:].count(Shape.DATE) > 1 and (at > 1 or shapes[2] is not Shape.TEXT):
            return True
    ids, dates, sexes = (shapes.count(shape) for shape in (Shape.ID, Shape.DATE, Shape.SEX))
    return (ids > 1 and dates > 3) or (sexes > 1 and (ids > 1 or dates > 2))


class _Dates(Struct, frozen=True):
    birth: date | None
    issued: date | None
    partial: bool = False
    contradict: bool = False


def _assemble(repaired: tuple[Repaired, ...], *, foreign: bool, today: date | None) -> Card:
    fields = [clean(each.text).translate(_ETH) for each in repaired]
    shapes = [shape_of(each) for each in fields]
    number = fields[shapes.index(Shape.ID)].replace(" ", "")
    name_at, address_at = _name_and_address(fields, shapes)
    dates = _dates(number, fields, shapes, address_at)
    if isinstance(dates, CardReject):
        return _rejected(dates)
    sexes = [at for at, shape in enumerate(shapes) if shape is Shape.SEX]
    sex = read_sex(fields[sexes[0]]) if sexes else None
    name, address = (fields[at] if at is not None else "" for at in (name_at, address_at))
    checks = {CardWarning(each.value) for each in check_id_number(number, sex=sex, birth_date=dates.birth)}
    lossy = [each.guesses + each.holes > 0 or has_controls(each.text) for each in repaired]
    ahead = today is not None and any(each - today > _LEEWAY for each in (dates.birth, dates.issued) if each)
    doubts = {
        CardWarning.PROVINCE_UNKNOWN: CardWarning.PROVINCE_UNKNOWN in checks,
        CardWarning.ENCODING_REPAIRED: any(each.changed for each in repaired),
        CardWarning.SEPARATORS_FOREIGN: foreign,
        CardWarning.MARKS_LOST: lacks_marks(name) or (is_mark_free(name) and is_mark_free(address)),
        CardWarning.TELEX_LEFT: telex_left(name),
        CardWarning.NAME_DAMAGED: name_at is None or lossy[name_at] or not looks_like_name(name),
        CardWarning.ADDRESS_DAMAGED: address_at is None or lossy[address_at] or is_damaged(address),
        CardWarning.SEX_DAMAGED: not sexes or fields[sexes[0]].casefold() not in {"nam", "nữ"},
        CardWarning.BIRTH_INCOMPLETE: dates.partial,
        CardWarning.ISSUED_MISSING: dates.issued is None,
        CardWarning.DATES_CONTRADICT: dates.contradict,
        CardWarning.DATE_IN_FUTURE: ahead,
    }
    told = {
        CardWarning.BORN_ABROAD: CardWarning.BORN_ABROAD in checks,
        CardWarning.SEX_MISMATCH: CardWarning.SEX_MISMATCH in checks,
        CardWarning.BIRTH_MISMATCH: CardWarning.BIRTH_MISMATCH in checks,
        CardWarning.ORDER_UNCONFIRMED: not _is_layout_2021(shapes),
        CardWarning.SURPLUS_DROPPED: len([each for each in shapes if each is not Shape.EMPTY]) > 7,
    }
    warnings = tuple(each for each, holds in doubts.items() if holds)
    return Card(
        Verdict.WARN if warnings else Verdict.OK,
        number,
        name,
        dates.birth,
        sex,
        address,
        dates.issued,
        warnings,
        tuple(each for each, holds in told.items() if holds),
    )


def _is_layout_2021(shapes: list[Shape]) -> bool:
    if len(shapes) < len(_LAYOUT_2021):
        return False
    return all(
        shape in wanted if isinstance(wanted, set) else shape is wanted
        for shape, wanted in zip(shapes, _LAYOUT_2021, strict=False)
    )


def _name_and_address(fields: list[str], shapes: list[Shape]) -> tuple[int | None, int | None]:
    """Return where name and address stand; what follows the second date is surplus, unless the address is missing."""
    every = [at for at, shape in enumerate(shapes) if shape is Shape.TEXT]
    dates = [at for at, shape in enumerate(shapes) if shape in _DATES]
    end = dates[1] if len(dates) > 1 and shapes.index(Shape.ID) < dates[0] else len(fields)
    texts = [at for at in every if at < end] or every
    if len(texts) == 2 and any(shape in {Shape.SEX, *_DATES} for shape in shapes[texts[0] : texts[1]]):
        # In every order known the name stands first, and many a name begins with a word for a place.
        first, second = texts
        return (second, first) if "," in fields[first] and "," not in fields[second] else (first, second)
    signs = {at: address_signs(fields[at]) for at in texts if address_signs(fields[at])}
    address = next((at for at in signs if "," in fields[at]), max(signs, key=lambda at: signs[at], default=None))
    rest = [at for at in texts if at != address]
    name = next((at for at in rest if looks_like_name(fields[at])), rest[0] if rest else None)
    if address is None:
        address = next((at for at in rest if name is not None and at > name), None)
    if address is None:
        address = next((at for at in every if at > end and address_signs(fields[at])), None)
    return name, address


def _dates(number: str, fields: list[str], shapes: list[Shape], address_at: int | None) -> _Dates | CardReject:
    """Tell birth from issue: on every card known it stands before; a single date is judged by the number first."""
    places = [at for at, shape in enumerate(shapes) if shape in _DATES][:2]
    found = [each for each in (read_date(fields[at]) for at in places) if each is not None]
    if len(found) < len(places):
        return CardReject.BAD_DATE
    if len(found) == 2:
        return _two_dates(number, found[0], found[1])
    if found and isinstance(found[0], PartialDate):
        return _Dates(None, None, partial=True)
    if found and isinstance(found[0], date):
        fits = IdWarning.BIRTH_MISMATCH not in check_id_number(number, birth_date=found[0])
        if fits or address_at is None or places[0] < address_at:
            return _Dates(found[0], None)
    spoilt = any(_SPOILT_DIGITS.fullmatch(each) for each in fields)
    return CardReject.BAD_DATE if spoilt else CardReject.INCOMPLETE


def _two_dates(number: str, first: date | PartialDate, second: date | PartialDate) -> _Dates | CardReject:
    """Tell two dates apart by their order, and by the number where the later one stands first."""
    swapped = second.year == birth_year(number) != first.year
    if isinstance(second, PartialDate):
        # Only a birth may be known by its year alone.
        issued = first if swapped and isinstance(first, date) else None
        return CardReject.BAD_DATE if issued is None else _Dates(None, issued, partial=True)
    if isinstance(first, PartialDate):
        return _Dates(None, second, partial=True, contradict=second.year < first.year)
    if first >= second and swapped:
        return _Dates(second, first)
    return _Dates(first, second, contradict=first >= second)
