"""What the province's office reads: every answer is of one moment, and nothing is ever written here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime

from sqlalchemy import Connection

from db import province_reading, provinces
from db.province_reading import DayFigures
from db.provinces import UnitRow
from db.unit import Records
from desk import reference
from desk.province import ranking, status
from desk.province.model import ProvinceError, ProvinceFault
from desk.province.ranking import Issuers, RankBy, Ranking
from desk.province.status import ProvinceWatch
from desk.rules.moment import VN


class Reader:
    """The reading side of a province; RecordError may come out of every method."""

    def __init__(self, records: Records, clock: Callable[[], datetime], *, practice: bool) -> None:
        self._records = records
        self._clock = clock
        self.practice = practice

    def today(self) -> date:
        """Return today's date in Viet Nam."""
        return self._clock().astimezone(VN).date()

    def watch(self, day: date | None = None, first: date | None = None) -> ProvinceWatch:
        """Return how every unit stands over a period: to today, from its beginning, unless said otherwise."""
        now = self._clock()
        wanted = day or now.astimezone(VN).date()
        with self._records.reading() as view:
            return status.watch(view.connection, first, wanted, now, reference.calendar(), practice=self.practice)

    def ranking(self, first: date, last: date, by: RankBy, units: Collection[str] = ()) -> Ranking:
        """Return the units, or some of them, ranked over a period; ProvinceError NOT_ENROLLED for a strange one."""
        with self._records.reading() as view:
            rows = _chosen(view.connection, units)
            return ranking.ranking(view.connection, first, last, rows, by, practice=self.practice)

    def issuers(self, first: date, last: date, procedures: Collection[str], units: Collection[str] = ()) -> Issuers:
        """Return which units gave a result under some procedures; ProvinceError NOT_ENROLLED for a strange one."""
        with self._records.reading() as view:
            rows = _chosen(view.connection, units)
            return ranking.issuers(view.connection, first, last, rows, procedures, practice=self.practice)

    def figures(self, first: date, last: date, units: Collection[str] = ()) -> list[DayFigures]:
        """Return the merged figures file by file, by unit and day; ProvinceError NOT_ENROLLED for a strange unit."""
        with self._records.reading() as view:
            _chosen(view.connection, units)
            return list(province_reading.figures(view.connection, first, last, units))


def _chosen(connection: Connection, units: Collection[str]) -> Sequence[UnitRow]:
    rows = provinces.units(connection)
    known = {row.unit for row in rows}
    for unit in units:
        if unit not in known:
            raise ProvinceError(ProvinceFault.NOT_ENROLLED, unit)
    return [row for row in rows if not units or row.unit in units]
