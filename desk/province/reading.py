"""What the province's office reads: every answer is of one moment, and nothing is ever written here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from db import province_reading, provinces
from db.province_reading import DayFigures
from db.provinces import UnitRow
from db.unit import Records
from desk import reference
from desk.province import counting, ranking, status, trend
from desk.province.model import PeriodReport, ProvinceError, ProvinceFault
from desk.province.ranking import Issuers, RankBy, Ranking
from desk.province.status import ProvinceWatch
from desk.province.trend import DayTrend, UnitDays
from desk.rules.moment import VN


class Reader:
    """The reading side of a province; RecordError may come out of every method."""

    def __init__(self, records: Records, clock: Callable[[], datetime], *, practice: bool) -> None:
        self._records = records
        self._clock = clock
        self.practice = practice

    def now(self) -> datetime:
        """Return the instant of the province's clock."""
        return self._clock()

    def today(self) -> date:
        """Return today's date in Viet Nam."""
        return self._clock().astimezone(VN).date()

    def watch(self, day: date | None = None, first: date | None = None) -> ProvinceWatch:
        """Return how every unit stands over a period: to today, from its beginning, unless said otherwise."""
        now = self._clock()
        wanted = day or now.astimezone(VN).date()
        with self._records.reading() as view:
            return status.watch(view.connection, first, wanted, now, reference.calendar(), practice=self.practice)

    def open_day(self) -> date:
        """Return the last day up to today on which the centres were open."""
        day, cal = self.today(), reference.calendar()
        while not cal.open(day):
            day -= timedelta(days=1)
        return day

    def trend(self, first: date, last: date) -> tuple[DayTrend, ...]:
        """Return the open days of a period, of all units together."""
        with self._records.reading() as view:
            return trend.trend(view.connection, first, last, reference.calendar())

    def unit_days(self, unit: str, first: date, last: date) -> UnitDays:
        """Return the days of one unit in a period; ProvinceError NOT_ENROLLED for a strange one."""
        with self._records.reading() as view:
            (row,) = _chosen(view.connection, [unit])
            return trend.unit_days(view.connection, row, first, last, self._clock(), reference.calendar())

    def rejections(self) -> tuple[tuple[str, int], ...]:
        """Return how often each reason kept bytes out before there was a good signature, by reason."""
        counts: dict[str, int] = {}
        with self._records.reading() as view:
            for _sha256, reason, times in provinces.rejections(view.connection):
                counts[reason] = counts.get(reason, 0) + times
        return tuple(sorted(counts.items()))

    def report(self, first: date, last: date, units: Collection[str] = ()) -> PeriodReport:
        """Return II.06a over a period, both days included; ProvinceError NOT_ENROLLED for a strange unit."""
        with self._records.reading() as view:
            rows = _chosen(view.connection, units)
            return counting.report(
                view.connection, first, last, {row.unit for row in rows} if units else None, practice=self.practice
            )

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
        return list(self.each_figures(first, last, units))

    def each_figures(self, first: date, last: date, units: Collection[str] = ()) -> Iterator[DayFigures]:
        """Yield what `figures` returns, a unit at a time: a year of a province never lies in the memory at once."""
        with self._records.reading() as view:
            for row in _chosen(view.connection, units):
                yield from province_reading.figures(view.connection, first, last, [row.unit])

    def units(self) -> tuple[tuple[str, str], ...]:
        """Return code and name of every unit."""
        with self._records.reading() as view:
            return tuple((row.unit, row.name) for row in provinces.units(view.connection))


def _chosen(connection: Connection, units: Collection[str]) -> Sequence[UnitRow]:
    rows = provinces.units(connection)
    known = {row.unit for row in rows}
    for unit in units:
        if unit not in known:
            raise ProvinceError(ProvinceFault.NOT_ENROLLED, unit)
    return [row for row in rows if not units or row.unit in units]
