"""How fast a practice centre is made, beside the bare INSERTs of the rows it consists of."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from db.engine import open_engine, sqlite_url
from db.schema import ensure
from db.steps import Side
from db.tables.base import DeskTable
from db.unit import Records
from desk import vault
from desk.rehearsal.demo import make_demo
from desk.rules import moment
from desk.settings import Paths

NOW = moment.parse("2026-03-13T10:15")
DOSSIERS = int(os.environ.get("DESK_BENCH_DOSSIERS", "500"))

WORK = ("person", "dossier", "journal_event", "remark", "issued_slip", "daily_file", "outbox")
"""What the work leaves behind; the reference data is written once whatever the number of dossiers."""


def bare_inserts(made: Paths, key: bytes, folder: Path) -> tuple[int, float]:
    """Copy the rows of a record's work one by one into an empty one in one transaction; return rows and seconds."""
    source = open_engine(sqlite_url(made.database), key)
    target = open_engine(sqlite_url(folder / "bare.db"), key)
    ensure(target, Side.DESK)
    tables = [table for table in DeskTable.metadata.sorted_tables if table.name in WORK]
    with Records(source).reading() as view:
        rows = [
            (insert(table), dict(row)) for table in tables for row in view.connection.execute(select(table)).mappings()
        ]
    began = time.perf_counter()
    with Records(target).writing() as work:
        for statement, values in rows:
            work.connection.execute(statement, values)
        work.commit()
    took = time.perf_counter() - began
    for engine in (source, target):
        engine.dispose()
    return len(rows), took


@pytest.mark.bench
def test_the_speed_of_a_practice_centre(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, many = Paths(tmp_path / "one"), Paths(tmp_path / "many")
    began = time.perf_counter()
    make_demo(one, dossiers=1, now=moment.parse("2025-07-01T10:15"))
    empty = time.perf_counter() - began
    began = time.perf_counter()
    made = make_demo(many, dossiers=DOSSIERS, now=NOW)
    took = time.perf_counter() - began
    rows, bare = bare_inserts(many, vault.open_key(many, None), tmp_path)
    assert made.dossiers == DOSSIERS
    assert rows > made.events + made.dossiers
    with capsys.disabled():
        print(
            f"\na centre with one dossier: {empty:.2f} s"
            f"\n{made.dossiers} dossiers, {made.days} days, {made.events} events: {took:.2f} s, "
            f"{made.dossiers / took:.0f} dossiers/s, {made.events / took:.0f} events/s"
            f"\nbare INSERTs of the same {rows} rows: {bare:.2f} s"
        )
