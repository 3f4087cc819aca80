"""Vietnamese syllables from their parts, as they are spelled and as they are typed in Telex and VNI."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

ONSETS = (
    "",
    "b",
    "c",
    "ch",
    "d",
    "đ",
    "g",
    "gh",
    "gi",
    "h",
    "k",
    "kh",
    "l",
    "m",
    "n",
    "ng",
    "ngh",
    "nh",
    "p",
    "ph",
    "qu",
    "r",
    "s",
    "t",
    "th",
    "tr",
    "v",
    "x",
)
OPEN = [
    "a",
    "ai",
    "ao",
    "au",
    "ay",
    "âu",
    "ây",
    "e",
    "eo",
    "ê",
    "êu",
    "i",
    "ia",
    "iu",
    "o",
    "oa",
    "oai",
    "oay",
    "oe",
    "oi",
    "ô",
    "ôi",
    "ơ",
    "ơi",
    "u",
    "ua",
    "uê",
    "ui",
    "uôi",
    "uy",
    "ư",
    "ưa",
    "ưi",
    "ưu",
    "iêu",
    "yêu",
    "ươi",
    "ươu",
    "y",
]
NUCLEI = ["a", "ă", "â", "e", "ê", "i", "iê", "o", "oa", "oă", "ô", "ơ", "u", "uâ", "uô", "uyê", "ư", "ươ", "y", "yê"]
CODAS = ["c", "ch", "m", "n", "ng", "nh", "p", "t"]
STOPS = frozenset({"c", "ch", "p", "t"})
BARE, GRAVE, HOOK, TILDE, ACUTE, DOT = "", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"
TELEX = {GRAVE: "f", HOOK: "r", TILDE: "x", ACUTE: "s", DOT: "j", "\u0302": "^", "\u0306": "w", "\u031b": "w"}
VNI = {GRAVE: "2", HOOK: "3", TILDE: "4", ACUTE: "1", DOT: "5", "\u0302": "6", "\u0306": "8", "\u031b": "7"}
_FRONT = frozenset("eêiy")
_TONES = frozenset({GRAVE, HOOK, TILDE, ACUTE, DOT})


def syllables() -> Iterator[str]:
    """Yield every syllable that the rules of spelling allow, in NFC."""
    rimes = [(rime, "") for rime in OPEN] + [(nucleus, coda) for nucleus in NUCLEI for coda in CODAS]
    for onset in ONSETS:
        for nucleus, coda in rimes:
            if not _goes(onset, nucleus, coda):
                continue
            for tone in (ACUTE, DOT) if coda in STOPS else (BARE, GRAVE, HOOK, TILDE, ACUTE, DOT):
                yield onset + _toned(nucleus, coda, tone) + coda


def _goes(onset: str, nucleus: str, coda: str) -> bool:
    front = nucleus[0] in _FRONT
    if onset in {"k", "gh", "ngh"} and not front:
        return False
    if onset in {"c", "g", "ng"} and front:
        return False
    if onset in {"gi", "qu"} and nucleus[0] in "iuưyo":
        return False
    if nucleus[0] == "y" and (onset or coda in {"c", "ch", "p", "ng", "nh"}) and nucleus != "y":
        return False
    if coda in {"ch", "nh"} and nucleus not in {"a", "i", "ê", "oa"}:
        return False
    return coda not in {"ng", "c"} or nucleus not in {"i", "ê", "y", "ơ", "uyê"}


def _toned(nucleus: str, coda: str, tone: str) -> str:
    marked = [index for index, char in enumerate(nucleus) if char in "ăâêôơư"]
    if marked:
        place = marked[-1]
    elif coda or len(nucleus) == 3:
        place = min(1, len(nucleus) - 1)
    else:
        place = 0
    return unicodedata.normalize("NFC", nucleus[: place + 1] + tone + nucleus[place + 1 :])


def telex(syllable: str, *, tone_early: bool = False) -> str:
    """Return the keys of a syllable in Telex; the tone at the end, or with `tone_early` after its vowel."""
    return _keys(syllable, TELEX, tone_early)


def vni(syllable: str, *, tone_early: bool = False) -> str:
    """Return the keys of a syllable in VNI."""
    return _keys(syllable, VNI, tone_early)


def _keys(syllable: str, table: dict[str, str], tone_early: bool) -> str:
    keys, tone = "", ""
    for char in syllable:
        if char in "đĐ":
            keys += char.replace("đ", "d").replace("Đ", "D") + ("9" if table is VNI else "d")
            continue
        apart = unicodedata.normalize("NFD", char)
        base = apart[0]
        keys += base
        for mark in apart[1:]:
            key = table[mark].replace("^", base.lower())
            if mark in _TONES and not tone_early:
                tone = key
            else:
                keys += key
    return keys + tone
