"""Vietnamese text whose UTF-8 bytes were read in another encoding, put right again."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from msgspec import Struct

HOLE = "?"
"""Stands for a letter that was lost and cannot be told from the rest."""

_MARKS = "\u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031b"
_TONED = {
    unicodedata.normalize("NFC", vowel + tone)
    for vowel in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
    for tone in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
}
_HIGHLAND = "ĕĭŏŭčñĔĬŎŬČÑ"
VIETNAMESE = frozenset(_TONED | set("đĐ") | set(_HIGHLAND) | set(_MARKS) | set("‘’“”–—… \xa0"))
"""Letters (also of the highland peoples' names), marks and punctuation beyond ASCII that a card carries."""

_LETTERS = VIETNAMESE - set("… \xa0")
_BLANKS = frozenset(" \t\r\n")
_OTHER_CODECS = ("cp932", "gbk", "cp437", "cp850", "mac_roman")
_PASSES = 3


class Repaired(Struct, frozen=True):
    """One field after the repair: letters guessed from what surrounds them, and letters left as holes."""

    text: str
    changed: bool = False
    guesses: int = 0
    holes: int = 0


def repair(fields: Sequence[str]) -> tuple[Repaired, ...]:
    """Undo a wrong reading of UTF-8 as Latin-1, Windows-1252, Windows-1258 or another 8-bit or Asian code page.

    All fields are judged together, because they came through the same wire. Fields that were read rightly come
    back as they are. A byte that was lost on the way is inferred where only one Vietnamese letter fits.
    """
    result = tuple(Repaired(field) for field in fields)
    for _ in range(_PASSES):
        step = _undo([field.text for field in result])
        if step is None:
            break
        result = tuple(
            Repaired(new.text, old.changed or new.changed, old.guesses + new.guesses, old.holes + new.holes)
            for old, new in zip(result, step, strict=True)
        )
    return result


def _undo(fields: Sequence[str]) -> tuple[Repaired, ...] | None:
    whole = "\x1f".join(fields)
    if whole.isascii():
        return None
    for table in _TABLES:
        strict = _whole(fields, table)
        if strict is not None:
            return strict
    table = max(_TABLES, key=lambda each: _sound(whole, each))
    strangers = sum(1 for char in whole if ord(char) > 0x7F and char in VIETNAMESE and char not in table)
    if _sound(whole, table) > strangers:
        wire = _Wire(
            table,
            controls_kept=any("\x80" <= char <= "\x9f" for char in whole if char != "\x85"),
            lower=any("a" <= char <= "z" for char in whole),
        )
        return tuple(wire.decode(field) for field in fields)
    return _through_other(fields) if any(ord(char) > 0x7F and char not in VIETNAMESE for char in whole) else None


def _whole(fields: Sequence[str], table: Mapping[str, int]) -> tuple[Repaired, ...] | None:
    """Read every field back as UTF-8; None unless all of it is."""
    try:
        texts = [bytes(_byte(char, table) for char in field).decode("utf-8") for field in fields]
    except ValueError:
        return None
    return tuple(Repaired(new, new != old) for new, old in zip(texts, fields, strict=True))


def _byte(char: str, table: Mapping[str, int]) -> int:
    return ord(char) if char < "\x80" else table.get(char, 0x100)


def _through_other(fields: Sequence[str]) -> tuple[Repaired, ...] | None:
    for codec in _OTHER_CODECS:
        try:
            texts = [field.encode(codec).decode("utf-8") for field in fields]
        except UnicodeError:
            continue
        if all(char.isascii() or char in VIETNAMESE for text in texts for char in text):
            return tuple(Repaired(new, new != old) for new, old in zip(texts, fields, strict=True))
    return None


def _byte_table(codec: str) -> dict[str, int]:
    table = {chr(value): value for value in range(0x80, 0x100)}
    for value in range(0x80, 0x100):
        text = bytes([value]).decode(codec, errors="ignore")
        if text:
            table[text] = value
    return table


_TABLES = (_byte_table("cp1252"), _byte_table("cp1258"))


def _sequence(text: str, at: int, table: Mapping[str, int]) -> tuple[int, ...]:
    """Return the lead byte at `at` and the continuation bytes that follow it, as far as they are there."""
    lead = table.get(text[at], 0)
    length = 2 if 0xC2 <= lead <= 0xDF else 3 if 0xE0 <= lead <= 0xEF else 0
    found = [lead] if length else []
    for char in text[at + 1 : at + length]:
        value = table.get(char, 0)
        if not 0x80 <= value <= 0xBF:
            break
        found.append(value)
    return tuple(found)


def _letter(sequence: tuple[int, ...]) -> str | None:
    try:
        char = bytes(sequence).decode("utf-8")
    except UnicodeDecodeError:
        return None
    return char if char in VIETNAMESE else None


def _sound(text: str, table: Mapping[str, int]) -> int:
    """Count the places where the text, read back as bytes, spells a Vietnamese letter."""
    return sum(1 for at in range(len(text)) if _letter(_sequence(text, at, table)) in _LETTERS)


class _Wire(Struct, frozen=True):
    """What is known of the way the bytes came: the code page, whether C1 controls survived, whether the text has
    small letters at all.
    """

    table: Mapping[str, int]
    controls_kept: bool
    lower: bool

    def decode(self, text: str) -> Repaired:
        out: list[str] = []
        guesses = holes = at = 0
        while at < len(text):
            sequence = _sequence(text, at, self.table)
            letter = _letter(sequence) if len(sequence) > 1 else None
            if letter is not None:
                out.append(letter)
                at += len(sequence)
            elif _truncated(sequence):
                before, after = (out[-1] if out else " "), text[at + len(sequence) : at + len(sequence) + 2]
                found, eaten = self._infer(sequence, before, after)
                guesses, holes = guesses + (found != HOLE), holes + (found == HOLE)
                out.append(found)
                at += len(sequence) + eaten
            else:
                out.append(text[at])
                at += 1
        fixed = "".join(out)
        return Repaired(fixed, fixed != text, guesses, holes)

    def _infer(self, sequence: tuple[int, ...], before: str, after: str) -> tuple[str, int]:
        """Return the letter whose last byte was lost, and how many blanks after it stand for that byte.

        A no-break space (0xA0) becomes a blank, a soft hyphen (0xAD) vanishes, a next-line control (0x85) is taken
        for a line break even where other controls survive, and 0x80-0x9F vanish where controls do not.
        """
        if after[:1] in {HOLE, "\ufffd"}:
            # The mark itself stands for the byte: a blank behind it parts two words.
            letter, _ = self._infer(sequence, before, after[1:] or "|")
            return letter, 1
        ends = not after or after[0] in _BLANKS
        small = before.islower() or (self.lower and not before.isspace())
        # A blank before a small letter or another blank was the byte itself; before a capital it parts two words.
        eaten = int(ends and bool(after) and (len(after) == 1 or not after[1].isupper()))
        match sequence:
            case (0xC3,) if ends:
                return ("à", eaten) if self.lower else ("À", 0)
            case (0xC3,) if small:
                return "í", 0
            case (0xC4,) if not before.isalpha():
                return "Đ", 0
            case (0xC4,) if not self.controls_kept:
                return ("ă" if small else "Ă"), 0
            case (0xC6,):
                return "Ơ", eaten
            case (0xE1, 0xBA):
                return ("Ạ", eaten) if ends else ("ậ" if small else HOLE, 0)
            case (0xE1, 0xBB) if self.controls_kept:
                return "ễ", int(after[:1] in {"\r", "\n"})
        return HOLE, 0


def _truncated(sequence: tuple[int, ...]) -> bool:
    return sequence in {(0xC3,), (0xC4,), (0xC5,), (0xC6,), (0xE1, 0xBA), (0xE1, 0xBB)}
