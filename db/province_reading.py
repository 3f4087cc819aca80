"""What a province looks up over its files and figures; nothing here writes.

Every statement is of the subset that SQLite, PostgreSQL and its distributed kin share.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import groupby

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Subquery, func, select

from db.provinces import FORK, MERGED, F, N, rows_of

Sums = dict[str, dict[str, int]]

CARRIED = "carried"
"""The counter of what was open at the beginning of a file."""


class KeptFile(Struct, frozen=True):
    """A file as it was kept, without its bytes."""

    unit: str
    sha256: str
    seq: int | None
    day: date | None
    status: str
    reason: str
    received_at: datetime
    created: datetime | None


class DayFigures(Struct, frozen=True):
    """The counters of one merged file by procedure, with its day and when it arrived."""

    unit: str
    day: date
    seq: int
    received_at: datetime
    rows: dict[str, dict[str, int]]


class Span(Struct, frozen=True):
    """How many merged files a unit has in a span of days, and the numbers of the first and the last."""

    number: int
    begin: int
    end: int

    @property
    def unbroken(self) -> bool:
        """Whether each file follows the one before it: then its stock was checked when it was taken in."""
        return self.end - self.begin + 1 == self.number


_KEPT = (F.c.unit, F.c.sha256, F.c.seq, F.c.day, F.c.status, F.c.reason, F.c.received_at, F.c.created)


def waiting(connection: Connection) -> list[KeptFile]:
    """Return every file that is held or refused, by unit, number and arrival."""
    query = select(*_KEPT).where(F.c.status != MERGED).order_by(F.c.unit, F.c.seq, F.c.received_at, F.c.sha256)
    return [KeptFile(**row._mapping) for row in connection.execute(query)]


def files(connection: Connection, code: str, first: date, last: date) -> list[KeptFile]:
    """Return the files of one unit whose date lies in a span of days, by day and arrival."""
    here = (F.c.unit == code, F.c.day >= first, F.c.day <= last)
    query = select(*_KEPT).where(*here).order_by(F.c.day, F.c.received_at, F.c.sha256)
    return [KeptFile(**row._mapping) for row in connection.execute(query)]


def last_reported(connection: Connection, last: date) -> dict[str, date]:
    """Return, by unit, the last day up to `last` that has a merged file."""
    query = select(F.c.unit, func.max(F.c.day)).where(F.c.status == MERGED, F.c.day <= last).group_by(F.c.unit)
    return {row[0]: row[1] for row in connection.execute(query)}


def reporting(connection: Connection, first: date, last: date) -> set[str]:
    """Return the units that have a merged file in a span of days, be it one of zeros."""
    query = select(F.c.unit).where(F.c.status == MERGED, F.c.day >= first, F.c.day <= last).distinct()
    return set(connection.execute(query).scalars())


def clock_offsets(connection: Connection, first: date, last: date) -> dict[str, timedelta]:
    """Return, by unit, how far its clock was ahead of the province's, by the files of the last arrival.

    A file cannot arrive before it is made: what is ahead is surely so; what is behind may be the way it took, so that
    of the files that came on the unit's last day of arrival the one closest to its making counts.
    """
    here = (F.c.day >= first, F.c.day <= last, F.c.created.is_not(None), F.c.reason != FORK)
    query = select(F.c.unit, F.c.created, F.c.received_at).where(*here).order_by(F.c.unit, F.c.received_at)
    found: dict[str, timedelta] = {}
    for code, rows in groupby(connection.execute(query), key=lambda row: str(row.unit)):
        pairs = [(row.created, row.received_at) for row in rows]
        recent = pairs[-1][1] - timedelta(hours=24)
        found[code] = max(created - at for created, at in pairs if at > recent)
    return found


def sums(
    connection: Connection, first: date, last: date, procedures: Collection[str] = (), units: Collection[str] = ()
) -> Sums:
    """Return, by unit and counter, the sums over the files of a span of days; of some procedures or units, or all.

    Only the flows of a file add up: the caller leaves `carried` and the stocks aside.
    """
    total = func.sum(N.c.value)
    query = select(N.c.unit, N.c.counter, total).where(*_span(first, last, procedures, units))
    found: Sums = {}
    for code, counter, value in connection.execute(query.group_by(N.c.unit, N.c.counter)):
        found.setdefault(code, {})[counter] = int(value)
    return found


def daily_sums(
    connection: Connection, first: date, last: date, units: Collection[str] = ()
) -> dict[date, dict[str, int]]:
    """Return, by day and counter, the sums over the files of a span of days; the caller leaves the stocks aside."""
    query = select(N.c.day, N.c.counter, func.sum(N.c.value)).where(*_span(first, last, (), units))
    found: dict[date, dict[str, int]] = {}
    for day, counter, value in connection.execute(query.group_by(N.c.day, N.c.counter)):
        found.setdefault(day, {})[counter] = int(value)
    return found


def last_stocks(connection: Connection, first: date, last: date, counters: Collection[str]) -> Sums:
    """Return, by unit, the sums of some counters in the unit's last file, by number, of a span of days."""
    merged = (F.c.status == MERGED, F.c.day >= first, F.c.day <= last)
    newest = select(F.c.unit, func.max(F.c.seq).label("seq")).where(*merged).group_by(F.c.unit).subquery()
    both = N.join(newest, (N.c.unit == newest.c.unit) & (N.c.seq == newest.c.seq))
    query = select(N.c.unit, N.c.counter, func.sum(N.c.value)).select_from(both)
    found: Sums = {}
    for code, counter, value in connection.execute(
        query.where(N.c.counter.in_(list(counters))).group_by(N.c.unit, N.c.counter)
    ):
        found.setdefault(code, {})[counter] = int(value)
    return found


def spans(connection: Connection, first: date, last: date, units: Collection[str] = ()) -> dict[str, Span]:
    """Return, by unit, which merged files it has in a span of days."""
    found = connection.execute(select(_spans(first, last, units)))
    return {code: Span(number, begin, end) for code, number, begin, end in found}


def merged_places(connection: Connection, code: str, first: date, last: date) -> list[int]:
    """Return the numbers of a unit's merged files of a span of days, in order."""
    here = (F.c.unit == code, F.c.status == MERGED, F.c.day >= first, F.c.day <= last)
    return list(connection.execute(select(F.c.seq).where(*here).order_by(F.c.seq)).scalars())


def rolled_up(
    connection: Connection, first: date, last: date, stocks: Collection[str], units: Collection[str] = ()
) -> list[Sums]:
    """Return, by procedure and counter, parts whose sum is that of all units over a span of days.

    They are what is carried into each unit's first file, the flows of all, and the stocks of each unit's last file.
    """
    still = (CARRIED, *stocks)
    # By unit first: SQLite has them in that order, and sorts a few at a time.
    by_unit = (
        select(N.c.procedure, N.c.counter, func.sum(N.c.value).label("value"))
        .where(*_span(first, last, (), units), N.c.counter.not_in(still))
        .group_by(N.c.unit, N.c.procedure, N.c.counter)
        .subquery()
    )
    ends = _spans(first, last, units)
    begins, stand = (
        select(N.c.procedure, N.c.counter, N.c.value)
        .select_from(N.join(ends, (N.c.unit == ends.c.unit) & (N.c.seq == place)))
        .where(N.c.counter.in_(counters))
        .subquery()
        for place, counters in ((ends.c.begin, (CARRIED,)), (ends.c.end, tuple(stocks)))
    )
    return [_sums_of(connection, each) for each in (begins, by_unit, stand)]


def _sums_of(connection: Connection, cells: Subquery) -> Sums:
    query = select(cells.c.procedure, cells.c.counter, func.sum(cells.c.value))
    found: Sums = {}
    for procedure, counter, value in connection.execute(query.group_by(cells.c.procedure, cells.c.counter)):
        found.setdefault(procedure, {})[counter] = int(value)
    return found


def _spans(first: date, last: date, units: Collection[str]) -> Subquery:
    columns = (func.count().label("number"), func.min(F.c.seq).label("begin"), func.max(F.c.seq).label("end"))
    query = select(F.c.unit, *columns).where(F.c.status == MERGED, F.c.day >= first, F.c.day <= last)
    if units:
        query = query.where(F.c.unit.in_(list(units)))
    return query.group_by(F.c.unit).subquery()


def figures(connection: Connection, first: date, last: date, units: Collection[str] = ()) -> Iterator[DayFigures]:
    """Yield the counters of each merged file of a span of days, by unit, day and number; a day of zero has none."""
    both = F.outerjoin(N, (N.c.unit == F.c.unit) & (N.c.seq == F.c.seq))
    columns = (F.c.unit, F.c.day, F.c.seq, F.c.received_at, N.c.procedure, N.c.counter, N.c.value)
    query = select(*columns).select_from(both).where(F.c.status == MERGED, F.c.day >= first, F.c.day <= last)
    if units:
        query = query.where(F.c.unit.in_(list(units)))
    found = connection.execute(query.order_by(F.c.unit, F.c.day, F.c.seq, N.c.procedure, N.c.counter))
    for _place, group in groupby(found, key=lambda row: (row.unit, row.seq)):
        cells = list(group)
        rows: dict[str, dict[str, int]] = {}
        for cell in cells:
            if cell.procedure is not None:
                rows.setdefault(cell.procedure, {})[cell.counter] = cell.value
        file = cells[0]
        yield DayFigures(file.unit, file.day, file.seq, file.received_at, rows)


def _span(
    first: date, last: date, procedures: Collection[str], units: Collection[str]
) -> Iterator[ColumnElement[bool]]:
    yield N.c.day >= first
    yield N.c.day <= last
    if procedures:
        yield N.c.procedure.in_(list(procedures))
    if units:
        yield N.c.unit.in_(list(units))


def figures_at(connection: Connection, code: str, seq: int) -> Mapping[str, Mapping[str, int]]:
    """Return the counters of one merged file by procedure."""
    query = select(N.c.procedure, N.c.counter, N.c.value).where(N.c.unit == code, N.c.seq == seq)
    return rows_of(connection.execute(query))


def last_merged_day(connection: Connection, code: str) -> date | None:
    """Return the last day that a unit has reported for."""
    found: date | None = connection.execute(
        select(func.max(F.c.day)).where(F.c.unit == code, F.c.status == MERGED)
    ).scalar()
    return found
