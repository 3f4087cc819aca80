"""What the province said of daily files over the phone, by the ids of the journal's events: one for a file and a word.

The ids alone say all: whoever only counts reads no event, and the same word again is the same event.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

FIRST, END = "heard:", "heard;"
"""Every id lies from the first of these on and before the second."""
WORDS = ("held", "merged", "refused")
"""What may be said of a file; each counts more than those before it."""


def heard_id(sha256: str, word: str) -> str:
    """Return the id of the event that a word on a file makes."""
    return f"{FIRST}{sha256}:{word}"


def said(ids: Iterable[str]) -> Mapping[str, str]:
    """Return what was said of each file, by its hash."""
    found: dict[str, str] = {}
    for each in ids:
        sha256, _colon, word = each.removeprefix(FIRST).partition(":")
        if word in WORDS and WORDS.index(word) >= WORDS.index(found.get(sha256, WORDS[0])):
            found[sha256] = word
    return found


def there(ids: Iterable[str]) -> frozenset[str]:
    """Return the files that the province has and did not refuse."""
    return frozenset(sha256 for sha256, word in said(ids).items() if word != WORDS[-1])
