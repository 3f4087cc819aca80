"""The province's queries where the services alone could not tell a mistake."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.dialects import postgresql

from db import provinces
from db.engine import open_engine, sqlite_url
from db.provinces import FORK, HELD, REFUSED, FileRow
from db.schema import ensure
from db.steps import Side
from db.tables import ProvinceTable
from db.unit import Records, Work
from tests.province import factory
from tests.province.factory import MONDAY, UNIT, at

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Work]:
    engine = open_engine(factory.new_database() or sqlite_url(tmp_path / "province.db"))
    ensure(engine, Side.PROVINCE)
    records = Records(engine)
    with records.writing() as unit:
        yield unit
    records.close()


def file(sha256: str, status: str, reason: str) -> FileRow:
    return FileRow(UNIT, sha256, 1, MONDAY, status, reason, at(MONDAY), at(MONDAY), b"x")


def test_a_fork_never_has_the_place_whatever_was_written_first(work: Work) -> None:
    provinces.put_file(work.connection, file("a" * 64, REFUSED, FORK))
    assert provinces.file_at(work.connection, UNIT, 1) is None
    provinces.put_file(work.connection, file("b" * 64, HELD, "gap"))
    assert provinces.file_at(work.connection, UNIT, 1) == file("b" * 64, HELD, "gap")


def test_the_schema_step_makes_the_tables_that_the_code_knows(work: Work) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    assert compare_metadata(MigrationContext.configure(work.connection), ProvinceTable.metadata) == []


def test_every_key_begins_with_the_unit_and_no_number_is_a_sequence() -> None:
    from sqlalchemy.schema import CreateTable

    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    for table in ProvinceTable.metadata.sorted_tables:
        assert "SERIAL" not in str(CreateTable(table).compile(dialect=dialect))
        keys = [column.name for column in table.primary_key.columns]
        assert keys[0] == "unit" or table.name in {"province_setting", "province_rejection"}
