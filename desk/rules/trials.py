"""Trials of a desk's machines: how a scan arrived, how a sentence was typed, and what that says of scanner and keys.

Pure: keys and times in, findings out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from statistics import median

from msgspec import Struct

from desk.rules.identity import CardReject, CardWarning, ScanKind, read_card, recognise
from desk.rules.mojibake import VIETNAMESE
from desk.rules.text import fold

ENDS = {"enter": "Enter", "ctrl+j": "Enter", "tab": "Tab"}
"""Keys a scanner ends with, by their names."""

ERASERS = frozenset({"backspace", "ctrl+h", "delete"})
"""No scanner sends these: an input method corrects what it took for typing."""


class Stroke(Struct, frozen=True):
    """One key as it arrived: its name, its character where it has one, and when, in seconds."""

    key: str
    char: str
    time: float


class ScanFault(StrEnum):
    """What is wrong with the way a scan arrived."""

    SHORT = "short"
    SLOW = "slow"
    PAUSES = "pauses"
    NO_END = "no_end"
    TAB_END = "tab_end"
    PREFIX = "prefix"
    SUFFIX = "suffix"
    INPUT_METHOD = "input_method"
    ENCODING = "encoding"
    MARKS_LOST = "marks_lost"
    LETTERS_LOST = "letters_lost"
    SEPARATORS = "separators"
    CAPS = "caps"
    CUT = "cut"
    DOUBLE = "double"
    HEALTH_CARD = "health_card"
    NOT_A_CARD = "not_a_card"


MILD = frozenset({ScanFault.TAB_END, ScanFault.PREFIX, ScanFault.PAUSES})
"""What the counter copes with; still better changed."""


@dataclass(frozen=True, slots=True)
class ScanTrial:
    """How one scan arrived; `gap` and `longest` are seconds between keys, `end` what it ended with."""

    text: str = field(repr=False)
    length: int
    gap: float
    longest: float
    end: str
    kind: ScanKind
    faults: tuple[ScanFault, ...]

    @property
    def good(self) -> bool:
        """Whether the counter can use what this scanner sends."""
        return not set(self.faults) - MILD


def scan_trial(strokes: Sequence[Stroke], *, fast: float, pause: float) -> ScanTrial:
    """Say how a scan arrived; `fast` seconds between keys are no person's, a `pause` parts two scans."""
    body, end = _parted(strokes)
    text = "".join(stroke.char for stroke in body)
    gaps = [later.time - earlier.time for earlier, later in pairwise(body)] or [0.0]
    kind = recognise(text)
    found = {
        ScanFault.SHORT: len(text) < 8,
        ScanFault.SLOW: median(gaps) >= fast,
        ScanFault.PAUSES: median(gaps) < fast and max(gaps) > pause,
        ScanFault.NO_END: not end,
        ScanFault.TAB_END: end == "Tab",
        ScanFault.INPUT_METHOD: any(stroke.key in ERASERS for stroke in body),
        ScanFault.PREFIX: bool(_PREFIX.match(text)),
        ScanFault.SUFFIX: bool(_SUFFIX.search(text)),
        ScanFault.CAPS: _caps(text),
    }
    faults = {fault for fault, holds in found.items() if holds} | _content(text, kind)
    if ScanFault.SHORT in faults:
        faults -= {ScanFault.NOT_A_CARD, ScanFault.CUT}
    order = tuple(fault for fault in ScanFault if fault in faults)
    return ScanTrial(text, len(text), median(gaps), max(gaps), end, kind, order)


def _parted(strokes: Sequence[Stroke]) -> tuple[list[Stroke], str]:
    """Return the keys before the end mark, and the name of that."""
    body = list(strokes)
    end = ""
    while body and body[-1].key in ENDS:
        name = ENDS[body.pop().key]
        end = name if end in {"", name} else "Enter"
    return body, end


def _content(text: str, kind: ScanKind) -> set[ScanFault]:
    if kind in {ScanKind.PROVISIONAL_CODE, ScanKind.OFFICIAL_CODE}:
        return set()
    card = read_card(text)
    if card.reason is not None:
        return {_REJECTED.get(card.reason, ScanFault.NOT_A_CARD)}
    return {_WARNED[warning] for warning in card.warnings if warning in _WARNED}


def _caps(text: str) -> bool:
    """Say whether capitals and small letters are the wrong way round, as under a locked Caps Lock."""
    words = [word for word in re.findall(r"[^\W\d_]{2,}", text) if not word.isupper() and not word.islower()]
    return bool(words) and all(word == word[0].lower() + word[1:].upper() for word in words)


_PREFIX = re.compile(r"(?:\][A-Za-z][0-9]|[^0-9|]{1,8})(?=[0-9]{12}(?:[^0-9]|\Z))")
_SUFFIX = re.compile(r"\|[0-9]{8}[^0-9|]{1,4}\Z")
_REJECTED = {
    CardReject.NO_SEPARATORS: ScanFault.SEPARATORS,
    CardReject.INCOMPLETE: ScanFault.CUT,
    CardReject.BAD_DATE: ScanFault.CUT,
    CardReject.NO_ID: ScanFault.CUT,
    CardReject.DOUBLE: ScanFault.DOUBLE,
    CardReject.HEALTH_CARD: ScanFault.HEALTH_CARD,
}
_WARNED = {
    CardWarning.ENCODING_REPAIRED: ScanFault.ENCODING,
    CardWarning.SEPARATORS_FOREIGN: ScanFault.SEPARATORS,
    CardWarning.MARKS_LOST: ScanFault.MARKS_LOST,
    CardWarning.TELEX_LEFT: ScanFault.INPUT_METHOD,
    CardWarning.NAME_DAMAGED: ScanFault.LETTERS_LOST,
    CardWarning.ADDRESS_DAMAGED: ScanFault.LETTERS_LOST,
    CardWarning.SEX_DAMAGED: ScanFault.LETTERS_LOST,
}

SENTENCE = "Đặng Hữu Phước ở ngõ Yên Ổn, thôn Mỹ Lễ, huyện Cẩm Giàng"
"""Every shaped letter and every tone, and no word in which two ways of placing a tone are taught."""


class TypingFault(StrEnum):
    """Why a sentence that was typed is not the one that was asked for."""

    TELEX = "telex"
    VNI = "vni"
    MARKS_LOST = "marks_lost"
    OTHER_TABLE = "other_table"
    DOUBLED = "doubled"
    LOST = "lost"
    DIFFERENT = "different"


class TypingTrial(Struct, frozen=True):
    """How a sentence was typed: None where it is right, and the place of the first letter that is not."""

    fault: TypingFault | None
    place: int = 0


def typing_trial(typed: str, wanted: str = SENTENCE) -> TypingTrial:
    """Hold a typed sentence against the wanted one, both in NFC and without regard to repeated blanks."""
    found, asked = (" ".join(unicodedata.normalize("NFC", each).split()) for each in (typed, wanted))
    if found == asked:
        return TypingTrial(None)
    place = next((at for at, (one, other) in enumerate(zip(found, asked, strict=False)) if one != other), None)
    at = min(len(found), len(asked)) if place is None else place
    return TypingTrial(_typing_fault(found, asked), at)


def _typing_fault(found: str, asked: str) -> TypingFault:
    plain, folded = fold(found), fold(asked)
    if found.isascii() and plain == folded:
        return TypingFault.MARKS_LOST
    if found.isascii() and re.search(r"[a-z][1-9]", plain):
        return TypingFault.VNI
    if found.isascii() and len(found) > len(asked):
        return TypingFault.TELEX
    if any(not char.isascii() and char not in VIETNAMESE for char in found):
        return TypingFault.OTHER_TABLE
    if len(plain) > len(folded) and _within(folded, plain):
        return TypingFault.DOUBLED
    if len(plain) < len(folded) and plain and _within(plain, folded):
        return TypingFault.LOST
    return TypingFault.DIFFERENT


def _within(part: str, whole: str) -> bool:
    """Say whether the letters of `part` stand in `whole` in their order."""
    rest = iter(whole)
    return all(letter in rest for letter in part)
