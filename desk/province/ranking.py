"""The units side by side over a period: how many dossiers end in time, how many come online, who issues what."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection

from db import province_reading as reading
from db.provinces import UnitRow
from desk.province.counting import end_of
from desk.province.figures import share
from desk.rules.tally import STOCK, Count


class RankBy(StrEnum):
    """What units are ranked by."""

    ON_TIME = "on_time"
    ONLINE = "online"


class Place(Struct, frozen=True):
    """One unit in a ranking; units with the same rate share a rank, those without a rate have none and come last.

    `received` counts the three channels; `resolved` is column (7), of which `overdue` were late. `open` and
    `open_overdue` are the stock of its last file.
    """

    unit: str
    name: str
    received: int
    online: int
    resolved: int
    overdue: int
    open: int
    open_overdue: int
    rank: int | None = None

    @property
    def on_time_rate(self) -> float | None:
        """Share of the resolved dossiers that ended before or on their date, None without any."""
        return share(self.resolved - self.overdue, self.resolved)

    @property
    def online_share(self) -> float | None:
        """Share of the received dossiers that came online, None without any."""
        return share(self.online, self.received)

    def rate(self, by: RankBy) -> float | None:
        """Return the rate it is ranked by."""
        return self.on_time_rate if by is RankBy.ON_TIME else self.online_share


class Ranking(Struct, frozen=True):
    """The units asked for by rank, their sum, and the units without a file in the period."""

    first: date
    last: date
    practice: bool
    by: RankBy
    places: tuple[Place, ...]
    total: Place
    silent: tuple[str, ...]


class Issued(Struct, frozen=True):
    """How many results one unit gave under the procedures asked for: ended, less refused, stopped and withdrawn."""

    unit: str
    name: str
    results: int


class Issuers(Struct, frozen=True):
    """Which of the units asked for gave at least one result under some procedures, the most first."""

    first: date
    last: date
    practice: bool
    procedures: tuple[str, ...]
    units: int
    issued: tuple[Issued, ...]
    none: tuple[Issued, ...]


def ranking(
    connection: Connection, first: date, last: date, rows: Sequence[UnitRow], by: RankBy, *, practice: bool
) -> Ranking:
    """Return the units `rows` ranked over their merged files of a period."""
    reporting, sums = reading.reporting(connection, first, last), reading.sums(connection, first, last)
    stocks = reading.last_stocks(connection, first, last, [name.value for name in STOCK])
    places = [
        _place(row.unit, row.name, sums.get(row.unit, {}), stocks.get(row.unit, {}))
        for row in rows
        if row.unit in reporting
    ]
    return Ranking(
        first=first,
        last=last,
        practice=practice,
        by=by,
        places=ranked(places, by),
        total=_total(places),
        silent=tuple(row.unit for row in rows if row.unit not in reporting and end_of(row) >= first),
    )


def ranked(places: Sequence[Place], by: RankBy) -> tuple[Place, ...]:
    """Return the places in order with their ranks: 1, 2, 2, 4."""
    order = sorted(places, key=lambda each: (-_rate(each, by), -each.received, each.unit))
    rates = [_rate(each, by) for each in order]
    return tuple(
        each if rate < 0 else replace(each, rank=rates.index(rate) + 1) for each, rate in zip(order, rates, strict=True)
    )


def issuers(
    connection: Connection,
    first: date,
    last: date,
    rows: Sequence[UnitRow],
    procedures: Collection[str],
    *,
    practice: bool,
) -> Issuers:
    """Return which of the units `rows` gave a result under some procedures in a period."""
    sums = reading.sums(connection, first, last, procedures)
    found = [Issued(row.unit, row.name, results(sums.get(row.unit, {}))) for row in rows]
    issued = sorted((each for each in found if each.results > 0), key=lambda each: (-each.results, each.unit))
    none = tuple(each for each in found if each.results <= 0)
    return Issuers(first, last, practice, tuple(procedures), len(rows), tuple(issued), none)


def results(figures: Mapping[str, int]) -> int:
    """Return how many dossiers surely ended with a result: an ending that was undone later does not count."""
    ended = sum(figures.get(name, 0) for name in (Count.EARLY, Count.ON_TIME, Count.OVERDUE))
    without = sum(figures.get(name, 0) for name in (Count.REOPENED, Count.REFUSED, Count.STOPPED, Count.WITHDRAWN))
    return ended - without


def _place(unit: str, name: str, figures: Mapping[str, int], stock: Mapping[str, int]) -> Place:
    online = figures.get(Count.ONLINE, 0)
    overdue = figures.get(Count.OVERDUE, 0)
    late = stock.get(Count.OPEN_OVERDUE, 0)
    return Place(
        unit=unit,
        name=name,
        received=online + figures.get(Count.DIRECT, 0) + figures.get(Count.POST, 0),
        online=online,
        resolved=figures.get(Count.EARLY, 0) + figures.get(Count.ON_TIME, 0) + overdue,
        overdue=overdue,
        open=stock.get(Count.OPEN_IN_TIME, 0) + late,
        open_overdue=late,
    )


def _total(places: Sequence[Place]) -> Place:
    return Place(
        unit="",
        name="",
        received=sum(each.received for each in places),
        online=sum(each.online for each in places),
        resolved=sum(each.resolved for each in places),
        overdue=sum(each.overdue for each in places),
        open=sum(each.open for each in places),
        open_overdue=sum(each.open_overdue for each in places),
    )


def _rate(each: Place, by: RankBy) -> float:
    found = each.rate(by)
    return -1.0 if found is None else found
