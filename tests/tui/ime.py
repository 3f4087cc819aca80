"""What input methods send to a terminal while a word is typed; `bogo` says what the word looks like after each key."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Any, Literal

import bogo

from tests.tui.syllables import syllables, telex, vni

SHIFT_LEFT, FILLER = "\x1b[1;2D", "\u202f"
USUAL = 3
"""Letters that most syllables have at most."""

Sender = Callable[[str, str, str], str]
"""What is sent when a key turns the word before into the word after."""


def _changed(before: str, after: str) -> tuple[int, str]:
    kept = next((n for n, (old, new) in enumerate(zip(before, after, strict=False)) if old != new), len(before))
    kept = min(kept, len(after))
    return len(before) - kept, after[kept:]


def _backspaces(before: str, after: str, back: str) -> str:
    count, text = _changed(before, after)
    return back * count + text


def _whole(before: str, after: str, back: str) -> str:
    return after[len(before) :] if after.startswith(before) else back * len(before) + after


def _chosen(before: str, after: str, back: str) -> str:
    del back
    count, text = _changed(before, after)
    return SHIFT_LEFT * count + text


def _filled(before: str, after: str, back: str) -> str:
    count, text = _changed(before, after)
    return FILLER + back * (count + 1) + text if count else text


def _decomposed(before: str, after: str, back: str) -> str:
    return unicodedata.normalize("NFD", _backspaces(before, after, back))


SENDERS: dict[str, Sender] = {
    "as Unikey and EVKey": _backspaces,
    "as OpenKey with a filler": _filled,
    "the whole word again": _whole,
    "by choosing": _chosen,
    "decomposed": _decomposed,
}

COMMITTED: dict[str, Literal["NFC", "NFD"]] = {"as ibus and fcitx commit": "NFC", "as macOS commits": "NFD"}
WAYS = (*SENDERS, *COMMITTED)


@cache
def states(word: str, layout: str, tone_early: bool) -> tuple[str, ...]:
    """Return what the editor shows after each key of a word, from nothing to the whole."""
    rules: Any = bogo.get_vni_definition() if layout == "vni" else bogo.get_telex_definition()
    keys = (vni if layout == "vni" else telex)(word, tone_early=tone_early)
    shown, typed, found = "", "", [""]
    for key in keys:
        shown, typed = bogo.process_key(shown, key, typed, rules)
        found.append(shown)
    return tuple(found)


def words(count: int, seed: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield words in either layout and in small, capital and mixed letters, with the states of their typing.

    Short ones come first, as in Vietnamese; of the long ones a sample.
    """
    chance = random.Random(seed)
    every = sorted(set(syllables()))
    chance.shuffle(every)
    every.sort(key=lambda word: len(word) > USUAL)
    taken = every[:count]
    chance.shuffle(taken)
    for word in taken:
        cased = chance.choices((word, word.capitalize(), word.upper()), (6, 3, 1))[0]
        yield cased, states(cased, chance.choice(("telex", "vni")), chance.random() < 0.5)


def sent(shown: Sequence[str], way: str, back: str = "\x7f") -> str:
    """Return all that is sent for a word: key by key, or as ibus and fcitx commit it, in one piece."""
    if way in COMMITTED:
        return unicodedata.normalize(COMMITTED[way], shown[-1])
    return "".join(SENDERS[way](before, after, back) for before, after in pairwise(shown))
