"""Folded full-text search: words by prefix, digits and codes by any part.

Everything is folded by the caller (no marks, no đ, lower case), because no SQLite tokenizer folds Vietnamese.
Two FTS5 tables without content: words of the name (prefix index), and trigrams of code, numbers and phone.
PostgreSQL answers the same questions by LIKE over the person's folded columns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, or_, select, text

from db.engine import is_sqlite
from db.tables import Dossier, Person

SHORTEST_PART = 3
"""Characters in a trigram; a shorter token can only be the beginning of a word."""

_ADD_WORDS = text("INSERT INTO search_words (rowid, words) VALUES (:id, :value)")
_ADD_PARTS = text("INSERT INTO search_parts (rowid, parts) VALUES (:id, :value)")
_DROP_WORDS = text("DELETE FROM search_words WHERE rowid = :id")
_DROP_PARTS = text("DELETE FROM search_parts WHERE rowid = :id")
_WORDS = text("SELECT rowid FROM search_words WHERE search_words MATCH :query ORDER BY rowid DESC LIMIT :limit")
_PARTS = text("SELECT rowid FROM search_parts WHERE search_parts MATCH :query ORDER BY rowid DESC LIMIT :limit")
_BOTH = text(
    "SELECT rowid FROM search_parts WHERE search_parts MATCH :parts AND rowid IN "
    "(SELECT rowid FROM search_words WHERE search_words MATCH :words) ORDER BY rowid DESC LIMIT :limit"
)
_WORD = re.compile(r"[^\W_\u19b0-\u19c9\u1cf2\u1cf3]+")
"""Letters and digits as the tokenizer has them (Unicode 6.1): a word it would split is a phrase, which FTS5 refuses."""

_TOKEN = re.compile(r"[^\s\"*\x00]+")

D = Dossier.__table__  # type: ignore[attr-defined]
P = Person.__table__  # type: ignore[attr-defined]


def index(connection: Connection, dossier_id: int, *, words: str, parts: Sequence[str]) -> None:
    """Make a new dossier findable by its folded `words` and by any part of `parts` (codes, numbers)."""
    if not is_sqlite(connection):
        return
    connection.execute(_ADD_WORDS, {"id": dossier_id, "value": words})
    connection.execute(_ADD_PARTS, {"id": dossier_id, "value": " ".join(part for part in parts if part)})


def reindex(connection: Connection, dossier_id: int, *, words: str, parts: Sequence[str]) -> None:
    """Replace what a dossier is found by."""
    if not is_sqlite(connection):
        return
    connection.execute(_DROP_WORDS, {"id": dossier_id})
    connection.execute(_DROP_PARTS, {"id": dossier_id})
    index(connection, dossier_id, words=words, parts=parts)


def find(connection: Connection, folded: str, limit: int) -> list[int]:
    """Return ids of dossiers that hold every token of a folded query, newest first; none for an empty query."""
    tokens = _TOKEN.findall(folded)
    if not tokens:
        return []
    if not is_sqlite(connection):
        return _find_by_like(connection, tokens, limit)
    parts = [token for token in tokens if _is_part(token)]
    words = [word for token in tokens if not _is_part(token) for word in _WORD.findall(token)]
    if parts and words:
        statement, given = _BOTH, {"parts": _all_of(parts), "words": _prefixes(words)}
    elif parts:
        statement, given = _PARTS, {"query": _all_of(parts)}
    elif not words:
        return []
    else:
        statement, given = _WORDS, {"query": _prefixes(words)}
    return list(connection.execute(statement, {**given, "limit": limit}).scalars())


def _is_part(token: str) -> bool:
    return len(token) >= SHORTEST_PART and any(char.isdigit() for char in token)


def _all_of(tokens: Sequence[str]) -> str:
    return " AND ".join(f'"{token}"' for token in tokens)


def _prefixes(tokens: Sequence[str]) -> str:
    return " AND ".join(f'"{token}"*' for token in tokens)


def _find_by_like(connection: Connection, tokens: Sequence[str], limit: int) -> list[int]:
    query = select(D.c.id).join(P, P.c.id == D.c.person_id)
    given: dict[str, str] = {}
    for place, token in enumerate(tokens):
        name = f"token{place}"
        given[name] = "%" + re.sub(r"([!%_])", r"!\1", token) + "%"
        columns = (P.c.name_folded, P.c.id_number, P.c.phone, D.c.code, D.c.official_code)
        query = query.where(or_(*(column.ilike(bindparam(name), escape="!") for column in columns)))
    return list(connection.execute(query.order_by(D.c.id.desc()).limit(limit), given).scalars())
