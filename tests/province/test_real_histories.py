"""Communes driven by dice, their real files at one province: its tables are the sum of the desks' own, in any order."""

from __future__ import annotations

import random
import shutil
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from msgspec import Struct

from db import summaries
from desk.counter import closing
from desk.daily.model import DailyFile
from desk.province.model import PeriodReport
from desk.province.service import Province, open_province
from desk.rules.report import Line, Report
from tests.counter.desk_fixture import open_desk, scratch
from tests.counter.history import History
from tests.province import factory
from tests.province.factory import Clock, Tables, tables

pytestmark = pytest.mark.usefixtures("database")

UNITS = ("18229", "00004", "00008")
START = "2026-03-12T09:00"
ROUNDS, ORDERS, STEPS = 3, 3, 45
DAY = timedelta(days=1)
EVER = (date(2026, 1, 1), date(2026, 12, 31))

Columns = dict[str, Line]
"""Lines of II.06a by field."""


class Commune(Struct, frozen=True):
    """A commune at the end of its history: its key, its sealed files, its own reports of some periods."""

    unit: str
    key_line: str
    files: tuple[tuple[DailyFile, bytes], ...]
    reports: dict[tuple[date, date], Report]


Round = tuple[list[tuple[date, date]], list[Commune]]
"""Periods to ask for, and communes with their own answers."""


@pytest.fixture(scope="module")
def rounds() -> Iterator[list[Round]]:
    """Live all histories, once for every test."""
    made = scratch()
    found: list[Round] = []
    for n in range(ROUNDS):
        spans = periods(random.Random(n))
        found.append((spans, [lived(made, unit, 100 * n + place, spans) for place, unit in enumerate(UNITS)]))
    yield found
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder in memory, gone after the test."""
    found = scratch()
    yield found
    shutil.rmtree(found, ignore_errors=True)


def periods(rng: random.Random) -> list[tuple[date, date]]:
    """Return all time, a day, and some arbitrary spans about the histories."""
    found = [EVER, (date(2026, 3, 13), date(2026, 3, 13))]
    for _each in range(4):
        first = date(2026, 3, 10) + rng.randrange(30) * DAY
        found.append((first, first + rng.randrange(20) * DAY))
    return found


def lived(folder: Path, unit: str, seed: int, spans: Sequence[tuple[date, date]]) -> Commune:
    """Live a random history in a centre and close its last day."""
    history = History(open_desk(folder / f"{unit}-{seed}.db", now=START, opened=START, unit=unit), random.Random(seed))
    try:
        history.run(STEPS)
        history.close()
        with history.desk.records.reading() as view:
            key = summaries.signing_key(view.connection)
        assert key is not None
        files = tuple((closing.daily_of(file), file.content) for file in history.desk.files())
        reports = {span: history.desk.counter.report(*span) for span in spans}
    finally:
        history.desk.records.close()
    return Commune(unit, key.public_key, files, reports)


def opened_for(folder: Path, communes: Sequence[Commune]) -> Province:
    """Set up a practice province on the evening after the last file, with the communes on its list."""
    last = max(daily.created for commune in communes for daily, _data in commune.files)
    province = open_province(folder, Clock(last), create=True, url=factory.new_database())
    province.init(practice=True)
    for commune in communes:
        province.enrol(commune.unit, commune.key_line)
    return province


def shuffled(rng: random.Random, files: Sequence[bytes]) -> list[bytes]:
    """Return the files in any order, a third of them twice."""
    mixed = [*files, *rng.sample(files, len(files) // 3)]
    rng.shuffle(mixed)
    return mixed


def summed(reports: Sequence[Report]) -> Columns:
    """Return the sum of some reports by field."""
    found: defaultdict[str, Line] = defaultdict(Line)
    for report in reports:
        for field, line in report.rows:
            found[field] += line
    return dict(found)


def assert_sum(found: PeriodReport, communes: Sequence[Commune], span: tuple[date, date]) -> None:
    """Check a province's report of a period against the desks' own, and against itself."""
    own = [commune.reports[span] for commune in communes]
    assert dict(found.report.rows) == summed(own)
    assert found.report.total == sum((report.total for report in own), Line())
    assert found.balanced == all(report.balanced for report in own)
    three, four, five, six, seven, eight, nine, ten, eleven, twelve, thirteen = found.report.total.columns
    assert three == four + five + six == seven + eleven
    assert (seven, eleven) == (eight + nine + ten, twelve + thirteen)
    reported = {unit for unit, days in dates_of(communes).items() if any(span[0] <= day <= span[1] for day in days)}
    assert set(found.units) == reported
    assert set(found.silent) == {commune.unit for commune in communes} - reported


def dates_of(communes: Sequence[Commune]) -> dict[str, list[date]]:
    """Return the dates of the files of each commune."""
    return {commune.unit: [daily.date for daily, _data in commune.files] for commune in communes}


@pytest.mark.parametrize("number", range(ROUNDS))
def test_totals_are_the_sum_of_the_communes_in_any_order_with_repeats(
    folder: Path, rounds: list[Round], number: int
) -> None:
    rng = random.Random(number)
    spans, communes = rounds[number]
    files = [data for commune in communes for _daily, data in commune.files]
    found: list[Tables] = []
    for n in range(ORDERS):
        province = opened_for(folder / f"province-{n}", communes)
        order = files if n == 0 else shuffled(rng, files)
        for data in order:
            assert province.take(data).reason in {None, "gap"}
        for span in spans:
            assert_sum(province.report(*span), communes, span)
        for commune in communes:
            only = province.report(*EVER, units=[commune.unit])
            assert only.report == commune.reports[EVER]
        status = province.status(max(max(days) for days in dates_of(communes).values()))
        for unit in status.units:
            assert (unit.held, unit.refused, unit.holes, unit.forks) == (0, 0, (), ())
        province.close()
        found.append(tables(folder / f"province-{n}"))
    assert found[1:] == found[:1] * (ORDERS - 1)
    assert {(row[0], row[4]) for row in found[0].files} == {(unit, "merged") for unit in UNITS}


def test_the_dice_leave_something_to_add(rounds: list[Round]) -> None:
    """Sums of nothing would prove nothing."""
    communes = [commune for _spans, lived_ones in rounds for commune in lived_ones]
    assert len({commune.key_line for commune in communes}) == len(UNITS)
    assert sum(len(commune.files) for commune in communes) > 40
    days = [days for commune in communes for days in dates_of([commune]).values()]
    assert any(len(set(each)) < len(each) for each in days)  # a second file of a day
    total = sum((commune.reports[EVER].total for commune in communes), Line())
    assert min(total.columns) > 0, total
    seen = {name for commune in communes for daily, _data in commune.files for name in daily.totals}
    assert {"carried", "taken_over", "reopened", "voided", "refused"} <= seen
