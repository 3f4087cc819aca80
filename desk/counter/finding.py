"""Finding dossiers: what each is found by, and which of those found comes first."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from db import search
from db.search import Findable, Line
from db.unit import View
from db.vocabulary import OPEN_STATES
from desk.rules import numbering
from desk.rules.text import clean, fold

CANDIDATES = 100
"""How many of the newest matches of each kind are ranked; a query that finds more wants another word."""


def findable(
    *, name: str, folded: str, code: str, official_code: str, old_code: str, id_number: str, phone: str
) -> Findable:
    """Return what makes a dossier findable: its applicant's name, folded and as written, and its codes and numbers."""
    known = numbering.parse_provisional(code)
    codes = (code, "" if known is None else known.short, official_code, old_code)
    parts = [fold(part) for part in (*codes, code.replace("-", ""), id_number, phone)]
    toned = (word for word in name.casefold().split() if not word.isascii())
    return search.findable(" ".join((folded, fold(code), *toned)), parts)


def ranked(view: View, query: str, limit: int) -> list[int]:
    """Return the ids of dossiers that hold every word of a query, the likeliest first, no more than `limit`.

    Exact tones come before folded matches, whole words before beginnings, open dossiers before ended ones, the newest
    first. That order is whole as long as no kind of match has more than `CANDIDATES` (or `limit`, if more). Beyond, the
    newest so many of each kind are ranked: with tone marks in the query, and with whole words, what matches so still
    comes first however many newer dossiers match less well; open ones come first only among those ranked.
    """
    folded, toned = fold(query), clean(query).casefold()
    words, parts = search.tokens_of(folded)
    # With a number beside it, or nothing else, a word is rare enough for one question.
    bound, kinds = (max(CANDIDATES, limit), (True, False)) if words and not parts else (limit, (False,))
    found: set[int] = set()
    for asked in dict.fromkeys((folded if toned.isascii() else toned, folded)):
        for whole in kinds:
            found.update(search.find(view.connection, asked, bound, whole=whole, held=line_of))
    written, _numbers = search.tokens_of(toned)
    lines = search.lines(view.connection, found)
    if parts:
        lines = [line for line in lines if _has(line_of(line).parts, parts)]
    return [line.id for line in sorted(lines, key=lambda line: _rank(line, words, written))][:limit]


def line_of(line: Line) -> Findable:
    """Return what makes a dossier findable by what is kept of it."""
    return findable(
        name=line.name,
        folded=line.folded,
        code=line.code,
        official_code=line.official_code or "",
        old_code=line.old_code,
        id_number=line.id_number,
        phone=line.phone,
    )


def _rank(line: Line, words: Sequence[str], written: Sequence[str]) -> tuple[bool, bool, bool, int]:
    as_written = _words_in(line.name, line.code)
    exact = _hold(as_written, written)
    has, asked = (as_written, written) if exact else (_words_in(line.folded, line.code), words)
    return (not exact, not all(word in has for word in asked), line.state not in OPEN_STATES, -line.id)


@lru_cache(maxsize=4096)
def _words_in(name: str, code: str) -> tuple[str, ...]:
    """Return the words of a line; letter by letter a query meets mostly the lines it met before."""
    return tuple(search.words_of(f"{name.casefold()} {fold(code)}"))


def _has(held: str, parts: Sequence[str]) -> bool:
    return all(part in held for part in parts)


def _hold(words: Sequence[str], beginnings: Sequence[str]) -> bool:
    return all(any(word.startswith(each) for word in words) for each in beginnings)
