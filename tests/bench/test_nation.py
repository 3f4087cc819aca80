"""A nation's day at one province's ingest, on SQLite and on PostgreSQL with fsync; figures printed.

DESK_BENCH_UNITS names how many communes send one file each (1,10,100,1000,3321 for the record), DESK_BENCH_YEAR how
many send a file of each open day of a year (104 for the record). Without them a small run shows that it works.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from db import provinces
from db.provinces import KeyRow, UnitRow
from desk import reference
from desk.province.inbox import BATCH
from desk.province.model import Answer
from desk.province.service import Province
from tests.conftest import postgres_programs
from tests.postgres import Postgres
from tests.province.factory import MONDAY, Centre, Clock, at, made_province, query, sqlite_file

UNITS = tuple(int(each) for each in os.environ.get("DESK_BENCH_UNITS", "1,10").split(","))
YEAR = int(os.environ.get("DESK_BENCH_YEAR", "2"))
DAYS = 365 if "DESK_BENCH_YEAR" in os.environ else 10
NEW_YEAR = date(2026, 1, 1)
ENGINES = ("sqlite", "postgresql")

pytestmark = pytest.mark.bench


@pytest.fixture(scope="module")
def lasting() -> Iterator[Postgres]:
    """Return a server on the disk, with fsync as an office would have it."""
    server = Postgres(postgres_programs(), fsync=True, memory=False)
    yield server
    server.close()


@pytest.fixture
def database(lasting: Postgres, request: pytest.FixtureRequest) -> Callable[[], str]:
    """Return what makes a database of the engine that the test names."""
    return sqlite_file if request.param == "sqlite" else lasting.database


def centres_of(number: int) -> list[Centre]:
    return [Centre(code, seed=n) for n, code in enumerate(sorted(reference.admin_units())[:number])]


def opened(folder: Path, database: Callable[[], str], centres: list[Centre], clock: Clock) -> Province:
    """Set a province up with its communes; enrolled in one go, for each enrolment writes the whole list of keys."""
    province = made_province(folder, clock, database=database)
    with province._records.writing() as work:
        for centre in centres:
            provinces.put_unit(work.connection, UnitRow(centre.unit, centre.unit, None, clock.now))
            key = centre.key.public
            provinces.put_key(work.connection, KeyRow(centre.unit, key.fingerprint, key.line(), clock.now, None))
        work.commit()
    return province


def timed(work: Callable[[], tuple[Answer, ...]]) -> tuple[tuple[Answer, ...], float, float]:
    """Return what the work found, and its seconds by the wall and of this processor."""
    wall, own = time.perf_counter(), time.process_time()
    found = work()
    return found, time.perf_counter() - wall, time.process_time() - own


@pytest.mark.parametrize("database", ENGINES, indirect=True)
def test_a_day_of_a_nation(
    database: Callable[[], str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> None:
    lines = []
    for number in UNITS:
        folder = tmp_path / str(number)
        province = opened(folder, database, made := centres_of(number), Clock(at(MONDAY, 20)))
        for centre in made:
            (folder / "inbox" / centre.unit).mkdir()
            file = centre.close(MONDAY)
            (folder / "inbox" / centre.unit / file.name).write_bytes(file.data)
        answers, took, own = timed(province.ingest)
        assert [(answer.status, answer.repeated) for answer in answers] == [("merged", False)] * number
        again, replay, _own = timed(province.ingest)
        assert [(answer.status, answer.repeated) for answer in again] == [("merged", True)] * number
        assert query(folder, "select count(*) from province_receipt") == [(number,)]
        assert len(list((folder / "inbox").glob("*/*.receipt"))) == number
        assert province.status(MONDAY).actual == number
        province.close()
        each = took / number * 1000
        lines.append(
            f"  {request.node.callspec.id:<11}{number:>6,} files  {took:7.2f} s ({own:7.2f} s of this processor),"
            f" {each:6.1f} ms each; replay merges 0, {replay:6.2f} s"
        )
    with capsys.disabled():
        print("", *lines, sep="\n")


@pytest.mark.parametrize("database", ENGINES, indirect=True)
def test_a_year_of_a_province(
    database: Callable[[], str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> None:
    clock = Clock(at(NEW_YEAR))
    province = opened(tmp_path / "p", database, made := centres_of(YEAR), clock)
    calendar = reference.calendar()
    days = [day for n in range(DAYS) if calendar.open(day := NEW_YEAR + timedelta(days=n))]
    files, took, alone = 0, 0.0, 0.0
    for day in days:
        clock.now = at(day, 20)
        sealed = [centre.close(day).data for centre in made]
        # As an ingest takes them; those of the last day as they come over HTTPS, one by one.
        some = 1 if day == days[-1] else BATCH
        began = time.perf_counter()
        for n in range(0, len(sealed), some):
            assert {taken.reason for taken in province.take_all(sealed[n : n + some])} == {None}
        alone = time.perf_counter() - began
        took += alone
        files += len(sealed)
    began = time.perf_counter()
    report = province.report(days[0], days[-1])
    rolled = time.perf_counter() - began
    began = time.perf_counter()
    status = province.status(days[-1])
    stood = time.perf_counter() - began
    assert report.balanced
    assert (status.actual, len(report.units)) == (files, YEAR)
    cells = query(tmp_path / "p", "select count(*) from province_figure")[0][0]
    province.close()
    with capsys.disabled():
        print(
            f"\n  {request.node.callspec.id:<11}{YEAR} communes, {len(days)} days: {files:,} files in {took:.1f} s"
            f" (one by one {alone / YEAR * 1000:.1f} ms each);"
            f" roll-up of {cells:,} figures {rolled:.2f} s, status {stood:.2f} s"
        )
