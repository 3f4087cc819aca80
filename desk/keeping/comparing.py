"""A record beside a backup of it: where they part, and what only the record knows."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct
from sqlalchemy import Connection, text

from db import journal, summaries
from desk.rules import moment

_HASH = text("SELECT hash FROM journal_event WHERE seq = :seq")
_AT_ONCE = 500


class Difference(Struct, frozen=True):
    """What a record has that a backup lacks; `common` is the last event that both have.

    `gone` are the dossiers that only the record knows, `older` those that fall back to what they were. `same_key`:
    both sign with one key.
    """

    common: int
    events: int
    first_at: datetime | None
    last_at: datetime | None
    gone: tuple[str, ...]
    older: tuple[str, ...]
    files: tuple[tuple[int, date], ...]
    same_key: bool


def compare(here: Connection, backup: Connection) -> Difference:
    """Hold a record against a backup; only what every version of the tables has is asked for."""
    end = journal.head(here).seq
    common = _common(here, backup, min(end, journal.head(backup).seq))
    codes = _codes(here, sorted(journal.touched(here, common, end)))
    kept = set(_known(backup, codes))
    theirs = summaries.hashes(backup)
    files = [each for each in summaries.files(here) if each.sha256 not in theirs]
    keys = [summaries.signing_key(each) for each in (here, backup)]
    return Difference(
        common=common,
        events=end - common,
        first_at=_at(here, common + 1) if end > common else None,
        last_at=_at(here, end) if end > common else None,
        gone=tuple(code for code in codes if code not in kept),
        older=tuple(code for code in codes if code in kept),
        files=tuple((each.seq, each.day) for each in files),
        same_key=keys[0] is not None and keys[0] == keys[1],
    )


def _common(here: Connection, backup: Connection, most: int) -> int:
    """Return the last event that both chains have: up to it every hash is the same, behind it none is."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        hashes = [each.execute(_HASH, {"seq": middle}).scalar() for each in (here, backup)]
        if hashes[0] == hashes[1]:
            low = middle
        else:
            high = middle - 1
    return low


def _at(connection: Connection, seq: int) -> datetime | None:
    found = next(iter(journal.between(connection, seq - 1, seq)), None)
    return None if found is None else moment.minute(found.at)


def _codes(connection: Connection, ids: list[int]) -> list[str]:
    found: list[str] = []
    for start in range(0, len(ids), _AT_ONCE):
        wanted = ", ".join(str(int(each)) for each in ids[start : start + _AT_ONCE])
        query = f"SELECT code FROM dossier WHERE id IN ({wanted}) ORDER BY id"  # noqa: S608 - whole numbers
        found += connection.exec_driver_sql(query).scalars()
    return found


def _known(connection: Connection, codes: list[str]) -> list[str]:
    found: list[str] = []
    for start in range(0, len(codes), _AT_ONCE):
        some = codes[start : start + _AT_ONCE]
        marks = ", ".join("?" * len(some))
        query = f"SELECT code FROM dossier WHERE code IN ({marks})"  # noqa: S608 - question marks
        found += connection.exec_driver_sql(query, tuple(some)).scalars()
    return found
