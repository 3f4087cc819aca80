"""Amounts of money: read as an officer types or counts them, written in figures and in Vietnamese words."""

from __future__ import annotations

import re

from desk.rules.text import fold

LARGEST = 999_999_999_999
"""No amount at a counter comes near this; what does is a slip of the finger."""

_AMOUNT = r"[0-9]{1,3}(?:[.,][0-9]{3})+|[0-9]+"
_TERM = re.compile(rf"(?:([0-9]{{1,6}})\s*[x*]\s*)?({_AMOUNT})\s*(k|nghin|ngan|n|trieu|tr)?\s*(?:dong|d)?")
_SCALES = {"k": 1_000, "n": 1_000, "nghin": 1_000, "ngan": 1_000, "tr": 1_000_000, "trieu": 1_000_000}

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS = ("", "nghìn", "triệu", "tỷ")


def read_money(typed: str) -> int | None:
    """Read an amount of đồng, or a sum of counted notes: `412000`, `412.000 đ`, `50k`, `2x500k + 3x20k + 5000`.

    None for anything else, and for more than `LARGEST`.
    """
    total = 0
    for part in fold(typed).split("+"):
        found = _TERM.fullmatch(part.strip())
        if found is None:
            return None
        count, amount, scale = found.groups()
        total += int(count or 1) * int(re.sub("[.,]", "", amount)) * _SCALES.get(scale or "", 1)
    return total if total <= LARGEST else None


def dong(amount: int) -> str:
    """Return an amount as it is written: `16.000 đ`."""
    return f"{amount:,} đ".replace(",", ".")


def in_words(amount: int) -> str:
    """Return an amount in words, as a receipt has it: `mười sáu nghìn đồng`; ValueError outside 0 to `LARGEST`."""
    if not 0 <= amount <= LARGEST:
        raise ValueError("amount")
    if amount == 0:
        return f"{_DIGITS[0]} đồng"
    words: list[str] = []
    for place in reversed(range(len(_GROUPS))):
        group = amount // 1000**place % 1000
        if group:
            words += _three(group, full=bool(words))
            words += [_GROUPS[place]] if _GROUPS[place] else []
    return " ".join([*words, "đồng"])


def _three(group: int, *, full: bool) -> list[str]:
    """Return up to three digits in words; behind a higher group the hundreds are said even where there are none."""
    hundreds, tens, ones = group // 100, group // 10 % 10, group % 10
    words = [_DIGITS[hundreds], "trăm"] if hundreds or full else []
    if tens == 0:
        return words + (["lẻ", _DIGITS[ones]] if ones and words else [_DIGITS[ones]] if ones else [])
    words += ["mười"] if tens == 1 else [_DIGITS[tens], "mươi"]
    if ones == 1 and tens > 1:
        return [*words, "mốt"]
    if ones == 5:
        return [*words, "lăm"]
    return words + ([_DIGITS[ones]] if ones else [])
