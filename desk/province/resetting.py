"""A restored desk's reset before the person who decides: what it lost, what the chain has instead, accept or refuse."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from itertools import pairwise

from msgspec.structs import replace
from sqlalchemy import Connection

from db import province_reading, province_resets, provinces
from db.province_resets import ACCEPTED, WAITING, ResetRow
from db.province_resets import REFUSED as DECLINED
from db.provinces import MERGED, REFUSED, FileRow, Placed
from desk.daily.reasons import Refusal
from desk.daily.reset import LostFile, read_reset
from desk.daily.sshsig import SigningKey
from desk.province.books import Books
from desk.province.chain import Chain
from desk.province.model import ProvinceError, ProvinceFault, ResetView, StockLine
from desk.rules.tally import Count, stock_of

RECEIVED = (Count.ONLINE, Count.DIRECT, Count.POST, Count.TAKEN_OVER)
ENDED = (Count.EARLY, Count.ON_TIME, Count.OVERDUE)


def waiting(connection: Connection, unit: str) -> ResetRow:
    """Return the newest reset of a unit that nobody has decided on; ProvinceError NOT_ENROLLED or NO_RESET."""
    if provinces.unit(connection, unit) is None:
        raise ProvinceError(ProvinceFault.NOT_ENROLLED, unit)
    found = [row for row in province_resets.resets(connection, unit) if row.status == WAITING]
    if not found:
        raise ProvinceError(ProvinceFault.NO_RESET, unit)
    return found[-1]


def look(connection: Connection, row: ResetRow) -> ResetView:
    """Return what a reset means for the chain as it stands, or stood when it was accepted."""
    unit = provinces.unit(connection, row.unit)
    if unit is None:
        raise ProvinceError(ProvinceFault.NOT_ENROLLED, row.unit)
    reset = read_reset(provinces.file_of(connection, row.unit, row.sha256).content)
    last = unit.last_seq if row.before_seq is None else row.before_seq
    places = provinces.placed(connection, row.unit, 0, row.seq)
    kept = tuple(
        LostFile(each.seq, each.day, each.sha256)
        for each in places
        if each.status == MERGED and each.seq > reset.new.seq and each.day is not None
    )
    ours = {each.sha256 for each in places}
    told = {each.sha256 for each in reset.lost.files}
    totals = _totals(connection, row.unit, kept)
    counted = [each for each in places if each.status == MERGED]
    before = _stock_at(connection, row.unit, counted[-1]) if counted else {}
    base = next((each.sha256 for each in places if each.seq == reset.new.seq), None)
    return ResetView(
        unit=row.unit,
        name=unit.name,
        sha256=row.sha256,
        seq=row.seq,
        day=row.day,
        status=row.status,
        received_at=row.received_at,
        decided_at=row.decided_at,
        note=row.note,
        reason=reset.reason,
        lost=reset.lost,
        base_seq=reset.new.seq,
        base_known=reset.new.sha256 == base,
        last_seq=last,
        kept=kept,
        untold=tuple(each for each in kept if each.sha256 not in told),
        absent=tuple(each for each in reset.lost.files if each.sha256 not in ours),
        never=_never({each.seq for each in places}, last, row.seq),
        received=sum(totals.get(name, 0) for name in RECEIVED),
        ended=sum(totals.get(name, 0) for name in ENDED),
        stock=_stock_lines(before, reset.stock),
        held=sum(each.seq is not None and each.seq > row.seq for each in provinces.held_files(connection, row.unit)),
        other_keys=tuple(
            each.fingerprint
            for each in provinces.keys(connection)
            if each.unit == row.unit and each.fingerprint != reset.installation and each.last_seq is None
        ),
    )


def accept(connection: Connection, unit: str, sha256: str, key: SigningKey, now: datetime) -> ResetView:
    """Let a unit's chain go on from its reset; the caller commits. ProvinceError NO_RESET where it has been overtaken.

    What still waits before it is given up, the unit's other keys end with it, what waits behind it is taken in.
    """
    books, chain, row = _locked(connection, unit, sha256, key, now)
    file = provinces.file_of(connection, row.unit, row.sha256)
    reset = read_reset(file.content)
    if row.seq <= chain.unit.last_seq:
        raise ProvinceError(ProvinceFault.NO_RESET, row.unit)
    for held in provinces.held_files(connection, row.unit):
        if held.seq is not None and held.seq < row.seq:
            give_up(connection, chain, held, Refusal.SUPERSEDED, now)
    province_resets.decide(connection, replace(row, status=ACCEPTED, decided_at=now, before_seq=chain.unit.last_seq))
    provinces.retire_others(connection, row.unit, reset.installation, row.seq - 1, now)
    chain.stand_at(reset, row.sha256)
    chain.settle(replace(file, status=MERGED, reason=""))
    chain.finish(row.sha256)
    books.write()
    return look(connection, _again(connection, row))


def refuse(connection: Connection, unit: str, sha256: str, note: str, key: SigningKey, now: datetime) -> ResetView:
    """Refuse a unit's reset and every file behind it; the caller commits. The chain stands where it stood."""
    books, chain, row = _locked(connection, unit, sha256, key, now)
    file = provinces.file_of(connection, row.unit, row.sha256)
    province_resets.decide(connection, replace(row, status=DECLINED, decided_at=now, note=note))
    chain.settle(replace(file, status=REFUSED, reason=Refusal.RESET_REFUSED.value))
    branch = {row.sha256}
    for held in provinces.held_files(connection, row.unit):
        if chain.prev_of(held) in branch:
            branch.add(held.sha256)
            give_up(connection, chain, held, Refusal.RESET_REFUSED, now)
    chain.finish(row.sha256)
    books.write()
    return look(connection, _again(connection, row))


def give_up(connection: Connection, chain: Chain, held: FileRow, reason: Refusal, now: datetime) -> None:
    """Refuse a file that waits; where it is a reset, it is decided on with it."""
    chain.settle(replace(held, status=REFUSED, reason=reason.value))
    other = province_resets.of(connection, held.unit, held.sha256)
    if other is not None:
        province_resets.decide(connection, replace(other, status=DECLINED, decided_at=now))


def _locked(
    connection: Connection, unit: str, sha256: str, key: SigningKey, now: datetime
) -> tuple[Books, Chain, ResetRow]:
    books = Books(connection, key, now, units=[unit])
    standing, row = books.standing(unit), province_resets.of(connection, unit, sha256)
    if standing is None or row is None or row.status != WAITING:
        raise ProvinceError(ProvinceFault.NO_RESET, unit)
    return books, Chain(books, standing), row


def _again(connection: Connection, row: ResetRow) -> ResetRow:
    return province_resets.of(connection, row.unit, row.sha256) or row


def _totals(connection: Connection, unit: str, files: tuple[LostFile, ...]) -> dict[str, int]:
    totals: dict[str, int] = {}
    for each in files:
        for line in province_reading.figures_at(connection, unit, each.seq).values():
            for name, value in line.items():
                totals[name] = totals.get(name, 0) + value
    return totals


def _never(there: set[int], last: int, seq: int) -> tuple[tuple[int, int], ...]:
    """Return the stretches of numbers beyond the chain's end and before a reset that no file here has."""
    ends = [last, *sorted(number for number in there if number > last), seq]
    return tuple((before + 1, after - 1) for before, after in pairwise(ends) if after > before + 1)


def _stock_at(connection: Connection, unit: str, place: Placed) -> Mapping[str, int]:
    if place.day is None:
        return read_reset(provinces.file_of(connection, unit, place.sha256).content).stock
    return stock_of(province_reading.figures_at(connection, unit, place.seq))


def _stock_lines(before: Mapping[str, int], after: Mapping[str, int]) -> tuple[StockLine, ...]:
    return tuple(
        StockLine(code, before.get(code, 0), after.get(code, 0))
        for code in sorted(before.keys() | after.keys())
        if before.get(code, 0) != after.get(code, 0)
    )


def of_days(connection: Connection, unit: str, first: date, last: date) -> dict[date, list[ResetView]]:
    """Return the resets of a unit with a day in a period, by day, whatever was decided on them."""
    found: dict[date, list[ResetView]] = {}
    for row in province_resets.resets(connection, unit):
        if first <= row.day <= last:
            found.setdefault(row.day, []).append(look(connection, row))
    return found


def views(
    connection: Connection, first: date | None, last: date, *, decided: bool = False
) -> dict[str, list[ResetView]]:
    """Return, by unit, the resets that were accepted with a day in a period, and unless `decided` those that wait."""
    found: dict[str, list[ResetView]] = {}
    for row in province_resets.resets(connection):
        accepted = row.status == ACCEPTED and (first is None or first <= row.day) and row.day <= last
        if accepted or (row.status == WAITING and not decided):
            found.setdefault(row.unit, []).append(look(connection, row))
    return found
