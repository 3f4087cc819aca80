"""Folded full-text search: words by their beginning, digits and codes by any part.

The caller folds (no marks, no đ, lower case), because no SQLite tokenizer folds Vietnamese; beside its folded form a
word may be indexed as written, so that a query with tone marks asks for just these. Two FTS5 tables without content:
words (every beginning of up to seven letters is a term of its own, read newest first and only as far as needed), and
trigrams of codes, numbers and phones. PostgreSQL answers the same questions by LIKE over the person's folded columns.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Connection, TextClause, bindparam, or_, select, text

from db.engine import is_sqlite
from db.tables import Dossier, Person

SHORTEST_PART = 3
"""Characters in a trigram; a shorter token can only be the beginning of a word."""
MOST_TOKENS = 32
"""A query of more words is answered by its first ones."""
WIDE = 20_000
"""How many matches of words, and of parts, are held against each other before rows are looked at."""
LOOKED_AT = 300
"""How many rows are looked at before those for a query of words and parts, and beyond them."""

_ADD_WORDS = text("INSERT INTO search_words (rowid, words) VALUES (:id, :value)")
_ADD_PARTS = text("INSERT INTO search_parts (rowid, parts) VALUES (:id, :value)")
_DROP_WORDS = text("DELETE FROM search_words WHERE rowid = :id")
_DROP_PARTS = text("DELETE FROM search_parts WHERE rowid = :id")
_WORDS = text("SELECT rowid FROM search_words WHERE search_words MATCH :query ORDER BY rowid DESC LIMIT :limit")
_PARTS = text("SELECT rowid FROM search_parts WHERE search_parts MATCH :query ORDER BY rowid DESC LIMIT :limit")
_WORD = re.compile(r"[^\W_\u19b0-\u19c9\u1cf2\u1cf3]+")
"""Letters and digits as the tokenizer has them (Unicode 6.1): a word it would split is a phrase, which FTS5 refuses."""

_OWN_CODE = re.compile(r"tn-?[0-9]{5}-(?=[0-9]{3})")
"""The beginning of a provisional code, which all dossiers share: only what follows it is worth looking for."""

_TOKEN = re.compile(r"[^\s\"*\x00]+")

D = Dossier.__table__  # type: ignore[attr-defined]
P = Person.__table__  # type: ignore[attr-defined]


class Line(NamedTuple):
    """What a dossier is found and ranked by."""

    id: int
    state: int
    code: str
    official_code: str | None
    old_code: str
    name: str
    folded: str
    id_number: str
    phone: str


_LINES = (
    select(
        D.c.id, D.c.state, D.c.code, D.c.official_code, D.c.old_code,
        P.c.name, P.c.name_folded, P.c.id_number, P.c.phone,
    )
    .join(P, P.c.id == D.c.person_id)
    .where(D.c.id.in_(bindparam("wanted", expanding=True)))
)  # fmt: skip


class Findable(NamedTuple):
    """The text of a dossier's line in the index: words, folded and as written, and parts."""

    words: str
    parts: str


def findable(words: str, parts: Iterable[str]) -> Findable:
    """Return the text of a line of the index."""
    return Findable(words, " ".join(part for part in parts if part))


def index(connection: Connection, dossier_id: int, *, words: str, parts: Sequence[str]) -> None:
    """Make a new dossier findable by its `words` and by any part of `parts` (codes, numbers)."""
    index_many(connection, [(dossier_id, findable(words, parts))])


def index_many(connection: Connection, lines: Sequence[tuple[int, Findable]]) -> None:
    """Make new dossiers findable."""
    if not is_sqlite(connection) or not lines:
        return
    connection.execute(_ADD_WORDS, [{"id": number, "value": line.words} for number, line in lines])
    connection.execute(_ADD_PARTS, [{"id": number, "value": line.parts} for number, line in lines])


def reindex(connection: Connection, dossier_id: int, *, words: str, parts: Sequence[str]) -> None:
    """Replace what a dossier is found by."""
    if not is_sqlite(connection):
        return
    connection.execute(_DROP_WORDS, {"id": dossier_id})
    connection.execute(_DROP_PARTS, {"id": dossier_id})
    index(connection, dossier_id, words=words, parts=parts)


def lines(connection: Connection, ids: Iterable[int]) -> list[Line]:
    """Return what dossiers are found by, in no order."""
    wanted = list(ids)
    found: list[Line] = []
    for start in range(0, len(wanted), 500):
        rows = connection.execute(_LINES, {"wanted": wanted[start : start + 500]})
        found.extend(map(Line._make, rows))
    return found


def tokens_of(query: str) -> tuple[list[str], list[str]]:
    """Return the words of a query, and the tokens with a digit that are looked for within codes and numbers."""
    tokens = list(dict.fromkeys(_TOKEN.findall(query)))[:MOST_TOKENS]
    parts = [token for token in tokens if _is_part(token)]
    return words_of(" ".join(token for token in tokens if not _is_part(token)))[:MOST_TOKENS], parts


def words_of(written: str) -> list[str]:
    """Return the words of a text as the index has them, each once."""
    return list(dict.fromkeys(_WORD.findall(written)))


def find(
    connection: Connection,
    query: str,
    limit: int,
    *,
    whole: bool = False,
    held: Callable[[Line], Findable],
) -> list[int]:
    """Return ids of dossiers that hold every token of a query, newest first; none for an empty query.

    `whole` asks for whole words; PostgreSQL takes them for beginnings. Of a query of words and parts the newest
    `LOOKED_AT` with the parts are looked at first: often they are enough. It is complete as long
    as the words or the parts alone have fewer than `WIDE` matches, or the newest of them are enough; else the newest
    `LOOKED_AT` beyond are looked at, by what `held` says of their rows. The unit in a provisional code is not compared.
    """
    words, parts = tokens_of(query)
    parts = [_OWN_CODE.sub("", part) for part in parts]
    if not words and not parts:
        return []
    if not is_sqlite(connection):
        return _find_by_like(connection, [*words, *parts], limit)
    asked = _all_of(words, "" if whole else "*")
    if not parts:
        return _ids(connection, _WORDS, asked, limit)
    if not words:
        return _ids(connection, _PARTS, _all_of(parts), limit)
    by_part = _ids(connection, _PARTS, _all_of(parts), LOOKED_AT)
    newest = list(islice(_worded(connection, by_part, words, whole=whole), limit))
    if len(newest) == limit or len(by_part) < LOOKED_AT:
        return newest
    by_part = _ids(connection, _PARTS, _all_of(parts), WIDE)
    by_word = _ids(connection, _WORDS, asked, WIDE)
    few, many = sorted((by_part, by_word), key=len)
    known = set(many)
    found = [number for number in few if number in known][:limit]
    if len(many) < WIDE or len(found) == limit:
        return found
    older = [number for number in few if number < many[-1]][:LOOKED_AT]
    holding = _holding(connection, older, words, parts, whole=whole, held=held)
    return [*found, *islice(holding, limit - len(found))]


def _ids(connection: Connection, statement: TextClause, query: str, limit: int) -> list[int]:
    return list(connection.execute(statement, {"query": query, "limit": limit}).scalars())


def _holding(
    connection: Connection,
    ids: Sequence[int],
    words: Sequence[str],
    parts: Sequence[str],
    *,
    whole: bool,
    held: Callable[[Line], Findable],
) -> Iterator[int]:
    """Yield those whose rows hold every word and part, newest first."""
    for line in _newest_first(connection, ids):
        has = held(line)
        its = words_of(has.words)
        if all(part in has.parts for part in parts) and all(
            word in its if whole else any(each.startswith(word) for each in its) for word in words
        ):
            yield line.id


def _worded(connection: Connection, ids: Sequence[int], words: Sequence[str], *, whole: bool) -> Iterator[int]:
    """Yield those whose names or codes hold every word, newest first."""
    for line in _newest_first(connection, ids):
        its = words_of(f"{line.folded} {line.name.casefold()} {line.code.lower()}")
        if all(word in its if whole else any(each.startswith(word) for each in its) for word in words):
            yield line.id


def _newest_first(connection: Connection, ids: Sequence[int]) -> Iterator[Line]:
    """Yield lines a few at a time, for the first may be enough."""
    for start in range(0, len(ids), 50):
        yield from sorted(lines(connection, ids[start : start + 50]), reverse=True)


def _is_part(token: str) -> bool:
    return len(token) >= SHORTEST_PART and any(char.isdigit() for char in token)


def _all_of(tokens: Sequence[str], end: str = "") -> str:
    return " AND ".join(f'"{token}"{end}' for token in tokens)


def _find_by_like(connection: Connection, tokens: Sequence[str], limit: int) -> list[int]:
    query = select(D.c.id).join(P, P.c.id == D.c.person_id)
    given: dict[str, Any] = {}
    for place, token in enumerate(tokens):
        name = f"token{place}"
        given[name] = "%" + re.sub(r"([!%_])", r"!\1", token) + "%"
        columns = (P.c.name_folded, P.c.name, P.c.id_number, P.c.phone, D.c.code, D.c.official_code)
        query = query.where(or_(*(column.ilike(bindparam(name), escape="!") for column in columns)))
    return list(connection.execute(query.order_by(D.c.id.desc()).limit(limit), given).scalars())
