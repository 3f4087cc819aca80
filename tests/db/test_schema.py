"""Schema steps: a new database is what the tables say, an old one comes forward whole, a newer one is left alone."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, Integer, MetaData, inspect, text

import db.steps
from db import calls, fees, numbers, search
from db.engine import open_engine, sqlite_url
from db.errors import RecordError, RecordFault
from db.migrations import run
from db.schema import ensure, version
from db.steps import HEADS, Side
from db.tables import DeskTable, ProvinceTable
from db.upgrading import Stage, Upgrading, heard_by
from desk.counter.finding import line_of
from desk.rules import moment

KEY = bytes(range(32))
METADATA: dict[Side, MetaData] = {Side.DESK: DeskTable.metadata, Side.PROVINCE: ProvinceTable.metadata}


def opened(folder: Path, key: bytes | None = KEY) -> Engine:
    return open_engine(sqlite_url(folder / "desk.db"), key)


def stand_at(engine: Engine, revision: str) -> None:
    """Bring an empty database to an earlier step."""
    with engine.begin() as connection, as_file(files("db") / "migrations") as folder:
        config = run.configuration(folder, Side.DESK)
        config.attributes |= {"connection": connection, "side": Side.DESK}
        command.upgrade(config, revision)


def made_by_steps(_name: str | None, kind: str, *_more: Any) -> bool:
    return not (kind == "table" and str(_name).startswith(("search_", "alembic_")))


@pytest.mark.parametrize("side", Side)
def test_a_new_database_is_what_the_tables_say(folder: Path, side: Side) -> None:
    engine = opened(folder)
    assert ensure(engine, side)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": made_by_steps, "compare_type": True, "target_metadata": METADATA[side]}
        )
        assert compare_metadata(context, METADATA[side]) == []
        found = inspect(connection)
        for table in METADATA[side].tables.values():
            stored = {column["name"]: column["nullable"] for column in found.get_columns(table.name)}
            assert stored == {column.name: column.nullable for column in table.columns}
            assert found.get_pk_constraint(table.name)["constrained_columns"] == [c.name for c in table.primary_key]
            names = {each["name"] for each in found.get_indexes(table.name)}
            assert {str(index.name) for index in table.indexes} <= names
        assert version(connection) == HEADS[side]
    engine.dispose()


@pytest.mark.parametrize("side", Side)
def test_the_newest_step_is_the_head_of_its_history(side: Side) -> None:
    with as_file(files("db") / "migrations") as folder:
        scripts = ScriptDirectory.from_config(run.configuration(folder, side))
        assert scripts.get_heads() == [HEADS[side]]
        assert len(list(scripts.walk_revisions())) == len(list((folder / side).glob("0*.py")))


@pytest.mark.parametrize("side", Side)
def test_a_current_database_is_left_alone(folder: Path, side: Side) -> None:
    engine = opened(folder)
    ensure(engine, side)
    engine.dispose()
    before = (folder / "desk.db").read_bytes()
    again = opened(folder)
    assert not ensure(again, side)
    again.dispose()
    assert (folder / "desk.db").read_bytes() == before


NO_ALEMBIC = """
import sys
from pathlib import Path
from db.engine import open_engine, sqlite_url
from db.schema import Side, ensure
engine = open_engine(sqlite_url(Path(sys.argv[1])), bytes(range(32)))
due = ensure(engine, Side.DESK)
print(due, sorted(name for name in sys.modules if name.split('.')[0] in {'alembic', 'mako'})[:3])
"""


def test_alembic_is_imported_only_when_a_step_is_due(folder: Path) -> None:
    told = [
        subprocess.run(
            [sys.executable, "-c", NO_ALEMBIC, str(folder / "desk.db")], capture_output=True, text=True, check=True
        ).stdout.split(maxsplit=1)
        for _each in range(2)
    ]
    assert told[0][0] == "True"
    assert "alembic" in told[0][1]
    assert told[1] == ["False", "[]\n"]


@pytest.mark.parametrize("found", ["0008", "0100", "9999"])
@pytest.mark.parametrize("side", Side)
def test_a_newer_database_is_refused_without_changing_a_byte(folder: Path, side: Side, found: str) -> None:
    engine = opened(folder)
    ensure(engine, side)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :found"), {"found": found})
    engine.dispose()
    before = (folder / "desk.db").read_bytes()
    again = opened(folder)
    with pytest.raises(RecordError) as raised:
        ensure(again, side)
    again.dispose()
    assert (raised.value.fault, raised.value.detail) == (RecordFault.NEWER_SCHEMA, found)
    assert (folder / "desk.db").read_bytes() == before


ENSURE = """
import sys
from pathlib import Path
from db.engine import open_engine, sqlite_url
from db.schema import Side, ensure
print(ensure(open_engine(sqlite_url(Path(sys.argv[1])), bytes(range(32))), Side.DESK))
"""


def test_programs_that_start_together_make_one_database(folder: Path) -> None:
    command = [sys.executable, "-c", ENSURE, str(folder / "desk.db")]
    every = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _each in range(4)]
    errors = [each.communicate(timeout=120)[1] for each in every]
    assert [each.returncode for each in every] == [0] * 4, errors
    assert not ensure(opened(folder), Side.DESK)


def test_a_step_that_fails_leaves_the_database_as_it_was(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = opened(folder)

    def fail(*_args: object, **_named: object) -> None:
        raise RecordError(RecordFault.DAMAGED, "foreign_key_check")

    with monkeypatch.context() as patched:
        patched.setattr(run, "_check", fail)
        with pytest.raises(RecordError):
            ensure(engine, Side.DESK)
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == []
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
    assert ensure(engine, Side.DESK)


def test_a_foreign_database_is_refused_and_left(folder: Path) -> None:
    engine = opened(folder)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE dossier (x)")
    with pytest.raises(RecordError) as raised:
        ensure(engine, Side.DESK)
    assert raised.value.fault is RecordFault.OTHER
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["dossier"]


STEP = """
import sqlalchemy as sa
from alembic import op
revision = "0008"
down_revision = "0007"
def upgrade():
    with op.batch_alter_table("dossier") as batch:
        batch.add_column(sa.Column("colour", sa.Integer(), nullable=True))
        batch.alter_column("holder", existing_type=sa.String(), type_=sa.Text(), existing_nullable=False)
"""


def test_a_rebuilt_table_keeps_the_rows_that_point_to_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = opened(folder)
    ensure(engine, Side.DESK)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO person (id, kind, name, name_folded, name_key, id_number, phone, email, address, salt) "
            "VALUES (1, 0, 'An', 'an', x'00', '', '', '', '', '00')"
        )
        columns = {column.name: column for column in DeskTable.metadata.tables["dossier"].columns}
        required = [name for name, column in columns.items() if not column.nullable]
        values = ", ".join("1" if isinstance(columns[name].type, Integer) else "'1'" for name in required)
        connection.exec_driver_sql(f"INSERT INTO dossier ({', '.join(required)}) VALUES ({values})")
        connection.exec_driver_sql(
            "INSERT INTO remark (dossier_id, event_seq, kind, text, salt) VALUES (1, 1, 'note', 'giữ', '00')"
        )

    def upgrade(engine: Engine, _side: Side) -> None:
        with engine.execution_options(write=True).connect() as connection:
            run._foreign_keys(connection, on=False)
            with connection.begin():
                context = MigrationContext.configure(connection)
                step: dict[str, Any] = {}
                with Operations.context(context):
                    exec(compile(STEP, "0008.py", "exec"), step)
                    step["upgrade"]()
                connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0008'")
                run._check(connection)
            run._foreign_keys(connection, on=True)

    monkeypatch.setitem(db.steps.HEADS, Side.DESK, "0008")
    monkeypatch.setattr(run, "upgrade", upgrade)
    assert ensure(engine, Side.DESK)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT text FROM remark").scalar_one() == "giữ"
        assert connection.exec_driver_sql("SELECT colour FROM dossier").scalar_one() is None
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        triggers = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'").scalar_one()
    assert triggers == 4


def test_what_was_found_before_the_second_step_is_found_after_it(folder: Path) -> None:
    engine = opened(folder)
    stand_at(engine, "0001")
    with engine.begin() as connection:
        for statement in (
            "INSERT INTO person (id, kind, name, name_folded, name_key, id_number, phone, email, address, salt) "
            "VALUES (1, 0, 'Đỗ Hóa', 'do hoa', x'00', '', '', '', '', '00')",
        ):
            connection.exec_driver_sql(statement)
        columns = {column.name: column for column in DeskTable.metadata.tables["dossier"].columns}
        required = [name for name, column in columns.items() if not column.nullable]
        values = ", ".join("1" if isinstance(columns[name].type, Integer) else "'TN-1'" for name in required)
        connection.exec_driver_sql(f"INSERT INTO dossier ({', '.join(required)}) VALUES ({values})")
    assert ensure(engine, Side.DESK)
    with engine.connect() as connection:
        for query, ids in (("d", [1]), ("hoa", [1]), ("hóa", [1]), ("hoà", []), ("tn", [1])):
            assert search.find(connection, query, 9, held=line_of) == ids
    engine.dispose()


def test_the_third_step_adds_to_what_is_there(folder: Path) -> None:
    engine = opened(folder)
    stand_at(engine, "0002")
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO person (id, kind, name, name_folded, name_key, id_number, phone, email, address, salt) "
            "VALUES (1, 0, 'Đỗ Hóa', 'do hoa', x'00', '', '', '', '', '00')"
        )
        columns = {column.name: column for column in DeskTable.metadata.tables["dossier"].columns}
        required = [name for name, column in columns.items() if not column.nullable]
        values = ", ".join("1" if isinstance(columns[name].type, Integer) else "'TN-1'" for name in required)
        connection.exec_driver_sql(f"INSERT INTO dossier ({', '.join(required)}) VALUES ({values})")
        connection.exec_driver_sql(
            "INSERT INTO issued_slip (id, form, year, desk, number, dossier_id, event_seq, reprints) "
            "VALUES (1, '01', 2026, 1, 1, 1, 1, 2)"
        )
    assert ensure(engine, Side.DESK)
    with engine.connect() as connection:
        assert version(connection) == HEADS[Side.DESK]
        assert connection.exec_driver_sql("SELECT dossier_id, reprints, given_at FROM issued_slip").all() == [
            (1, 2, None)
        ]
        assert [each.number for each in numbers.slips(connection, 1)] == [1]
        assert fees.of_dossier(connection, 1) == []
        assert fees.last_close(connection, 1) is None
        assert fees.opening_of(connection, 1, 0) is None
        assert calls.of_dossiers(connection, [1]) == {}
    with engine.begin() as connection:
        assert numbers.ungiven(connection, "01", 0) == [1]
        assert numbers.give(connection, 1, "01", moment.parse("2026-03-13T09:12"))
        assert not numbers.give(connection, 1, "01", moment.parse("2026-03-13T09:13"))
        assert numbers.ungiven(connection, "01", 0) == []
    engine.dispose()


def test_whoever_waits_for_an_old_database_is_told_what_is_done(folder: Path) -> None:
    engine, told = opened(folder), list[Upgrading]()
    with heard_by(told.append):
        assert ensure(engine, Side.DESK)
    assert told == [], "a new one is made at once"
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE unit_change")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0006'")
        connection.exec_driver_sql("CREATE TABLE heavy AS SELECT randomblob(3000000) AS content")
    with heard_by(told.append):
        assert ensure(engine, Side.DESK)
        assert [each.stage for each in told] == list(Stage)
        assert {each.megabytes for each in told} <= {3, 4}
        assert not ensure(engine, Side.DESK)
    assert len(told) == len(Stage)


def test_a_dangling_row_stops_a_step(folder: Path) -> None:
    engine = opened(folder)
    ensure(engine, Side.DESK)
    with engine.connect() as connection:
        run._foreign_keys(connection, on=False)
        with connection.begin():
            connection.exec_driver_sql(
                "INSERT INTO remark (dossier_id, event_seq, kind, text, salt) VALUES (7, 1, 'note', '', '')"
            )
            with pytest.raises(RecordError) as raised:
                run._check(connection)
        run._foreign_keys(connection, on=True)
    assert (raised.value.fault, raised.value.detail) == (RecordFault.DAMAGED, "foreign_key_check")


@pytest.mark.parametrize("side", Side)
def test_steps_stand_alone(side: Side) -> None:
    """A step that imported the tables of today would write something else tomorrow."""
    with as_file(files("db") / "migrations") as folder:
        for path in (folder / side).glob("0*.py"):
            tree = ast.parse(path.read_text())
            names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
            names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
            assert names <= {"sqlalchemy", "alembic"}


def test_the_provinces_tables_need_no_feature_of_one_engine() -> None:
    for table in ProvinceTable.metadata.tables.values():
        assert [column.name for column in table.primary_key] != ["id"]
        assert not [column for column in table.columns if column.foreign_keys]
