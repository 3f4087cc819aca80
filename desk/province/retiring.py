"""What ends: a unit's key with the last file it may have signed, a unit with the last day it reports for.

What waits and is beyond the end is given up with it; what was merged stays as it is, and forbids an end before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection

from db import province_reading, provinces
from db.provinces import MERGED, FileRow, KeyRow, UnitRow
from desk.daily.container import Unreadable, open_container
from desk.daily.reasons import Refusal
from desk.daily.sshsig import SigningKey
from desk.province.books import Books, Standing
from desk.province.chain import Chain
from desk.province.model import ProvinceError, ProvinceFault
from desk.province.resetting import give_up


class UnitKey(Struct, frozen=True):
    """A key of a unit; `last_seq` is the last file it may have signed, None where it is in use."""

    fingerprint: str
    enrolled_at: datetime
    last_seq: int | None
    retired_at: datetime | None


class Retired(Struct, frozen=True):
    """What ends, or ended: a key after `last_seq`, or a unit after `last_day`, None where it reports again.

    `dropped` are the numbers of the files that wait and are given up, `left` how many keys in use the unit then has.
    """

    unit: str
    name: str
    fingerprint: str = ""
    last_seq: int | None = None
    last_day: date | None = None
    dropped: tuple[int, ...] = ()
    left: int = 0


def unit_keys(connection: Connection, unit: str) -> tuple[UnitKey, ...]:
    """Return the keys of a unit, oldest first; ProvinceError NOT_ENROLLED."""
    _unit(connection, unit)
    return tuple(_view(row) for row in provinces.keys(connection) if row.unit == unit)


def look_at_key(connection: Connection, unit: str, fingerprint: str, last_seq: int | None) -> Retired:
    """Return what retiring a key would end; without a number, all that is not in the chain yet.

    ProvinceError NOT_ENROLLED, NO_SUCH_KEY, or KEY_AT_WORK with the number of a merged file beyond the last one.
    """
    return _key_end(connection, _unit(connection, unit), fingerprint, last_seq)[0]


def retire_key(connection: Connection, seen: Retired, key: SigningKey, now: datetime) -> Retired:
    """Let a key sign nothing beyond the number that was shown; the caller commits. Errors as for a look."""
    books = Books(connection, key, now)
    standing = _standing(books, seen.unit)
    found, held = _key_end(connection, standing.unit, seen.fingerprint, seen.last_seq)
    provinces.retire_key(connection, seen.unit, found.fingerprint, found.last_seq or 0, now)
    _end(books, standing, held, Refusal.RETIRED_KEY)
    return found


def look_at_unit(connection: Connection, unit: str, last_day: date | None) -> Retired:
    """Return what ends with the last day of a unit; None lets it report on.

    ProvinceError NOT_ENROLLED, BEFORE_GO_LIVE, or REPORTED_AFTER with the day of a merged file beyond it.
    """
    return _unit_end(connection, _unit(connection, unit), last_day)[0]


def retire_unit(connection: Connection, seen: Retired, key: SigningKey, now: datetime) -> Retired:
    """Let a unit report up to the day that was shown, and no further; the caller commits. Errors as for a look."""
    books = Books(connection, key, now)
    standing = _standing(books, seen.unit)
    found, held = _unit_end(connection, standing.unit, seen.last_day)
    standing.unit = replace(standing.unit, last_day=seen.last_day)
    _end(books, standing, held, Refusal.UNIT_RETIRED)
    return found


def _unit(connection: Connection, code: str) -> UnitRow:
    found = provinces.unit(connection, code)
    if found is None:
        raise ProvinceError(ProvinceFault.NOT_ENROLLED, code)
    return found


def _standing(books: Books, code: str) -> Standing:
    found = books.standing(code)
    if found is None:
        raise ProvinceError(ProvinceFault.NOT_ENROLLED, code)
    return found


def _key_end(
    connection: Connection, unit: UnitRow, fingerprint: str, last_seq: int | None
) -> tuple[Retired, list[FileRow]]:
    keys = [row for row in provinces.keys(connection) if row.unit == unit.unit]
    if fingerprint not in {row.fingerprint for row in keys}:
        raise ProvinceError(ProvinceFault.NO_SUCH_KEY, fingerprint)
    last = unit.last_seq if last_seq is None else last_seq
    for seq in range(last + 1, unit.last_seq + 1):
        file = provinces.file_at(connection, unit.unit, seq)
        if file is not None and file.status == MERGED and _signer(file) == fingerprint:
            raise ProvinceError(ProvinceFault.KEY_AT_WORK, str(seq))
    waiting = provinces.held_files(connection, unit.unit)
    held = [file for file in waiting if file.seq is not None and file.seq > last and _signer(file) == fingerprint]
    left = sum(row.last_seq is None and row.fingerprint != fingerprint for row in keys)
    return Retired(unit.unit, unit.name, fingerprint, last, None, _numbers(held), left), held


def _unit_end(connection: Connection, unit: UnitRow, last_day: date | None) -> tuple[Retired, list[FileRow]]:
    keys = [row for row in provinces.keys(connection) if row.unit == unit.unit and row.last_seq is None]
    if last_day is None:
        return Retired(unit.unit, unit.name, left=len(keys)), []
    if unit.go_live is not None and last_day < unit.go_live:
        raise ProvinceError(ProvinceFault.BEFORE_GO_LIVE, f"{unit.go_live:%d/%m/%Y}")
    newest = province_reading.last_merged_day(connection, unit.unit)
    if newest is not None and newest > last_day:
        raise ProvinceError(ProvinceFault.REPORTED_AFTER, f"{newest:%d/%m/%Y}")
    held = [f for f in provinces.held_files(connection, unit.unit) if f.day is not None and f.day > last_day]
    return Retired(unit.unit, unit.name, last_day=last_day, dropped=_numbers(held), left=len(keys)), held


def _end(books: Books, standing: Standing, held: Sequence[FileRow], reason: Refusal) -> None:
    """Refuse what waits beyond an end, take in what its place was kept from, and write where the unit stands."""
    chain = Chain(books, standing)
    for file in held:
        give_up(books.connection, chain, file, reason, books.now)
    if held:
        chain.finish(held[0].sha256)
    books.move(standing)
    books.write()


def _numbers(files: Sequence[FileRow]) -> tuple[int, ...]:
    return tuple(file.seq for file in files if file.seq is not None)


def _signer(file: FileRow) -> str:
    parts = open_container(file.content)
    return "" if isinstance(parts, Unreadable) else parts.signature.key.fingerprint


def _view(row: KeyRow) -> UnitKey:
    return UnitKey(row.fingerprint, row.enrolled_at, row.last_seq, row.retired_at)
