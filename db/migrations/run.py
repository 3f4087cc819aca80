"""Run the steps that are due on one connection, with foreign keys off and checks before the commit."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, inspect

from db.engine import BUSY_MILLISECONDS, is_sqlite
from db.errors import RecordError, RecordFault
from db.steps import Side
from db.tables import DeskTable, ProvinceTable
from db.upgrading import Stage, tell

METADATA = {Side.DESK: DeskTable.metadata, Side.PROVINCE: ProvinceTable.metadata}

WAIT_MILLISECONDS = 120_000
"""How long a program waits for another one that brings the same database up to date."""


def configuration(folder: Path, side: Side) -> Config:
    """Return Alembic's configuration for one side's history; no ini file is read."""
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("version_locations", str(folder / side))
    config.set_main_option("path_separator", "newline")
    return config


def upgrade(engine: Engine, side: Side) -> None:
    """Apply every due step in one transaction; whoever waits for a database that is not new is told how far it is.

    A batch step rebuilds tables; with foreign keys on, SQLite would delete the rows that point to them, so they
    are off outside the transaction and checked inside it.
    """
    with engine.execution_options(write=True).connect() as connection:
        _pragma(connection, f"busy_timeout = {WAIT_MILLISECONDS}")
        _foreign_keys(connection, on=False)
        try:
            with connection.begin(), as_file(files("db") / "migrations") as folder:
                _patience(connection)
                new = not inspect(connection).has_table("alembic_version")
                size = 0 if new else _megabytes(connection)
                if not new:
                    tell(Stage.STEPS, size)
                config = configuration(folder, side)
                config.attributes["connection"] = connection
                config.attributes["side"] = side
                command.upgrade(config, "head")
                _order_by_bytes(connection, side)
                _check(connection, size, told=not new)
        finally:
            _foreign_keys(connection, on=True)
            _pragma(connection, f"busy_timeout = {BUSY_MILLISECONDS}")


def _foreign_keys(connection: Connection, *, on: bool) -> None:
    _pragma(connection, f"foreign_keys = {'ON' if on else 'OFF'}")


def _pragma(connection: Connection, setting: str) -> None:
    raw = connection.connection.dbapi_connection
    if is_sqlite(connection) and raw is not None:
        raw.cursor().execute(f"PRAGMA {setting}")


def _check(connection: Connection, size: int = 0, *, told: bool = False) -> None:
    if not is_sqlite(connection):
        return
    if told:
        tell(Stage.LINKS, size)
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise RecordError(RecordFault.DAMAGED, "foreign_key_check")
    if told:
        tell(Stage.WHOLE, size)
    if connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() != "ok":
        raise RecordError(RecordFault.DAMAGED, "integrity_check")


def _megabytes(connection: Connection) -> int:
    if not is_sqlite(connection):
        return 0
    pages, size = (connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("page_count", "page_size"))
    return int(pages) * int(size) // 1_000_000


def _patience(connection: Connection) -> None:
    if not is_sqlite(connection):
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {WAIT_MILLISECONDS}")


def _order_by_bytes(connection: Connection, side: Side) -> None:
    """Give every text column of a server the order that SQLite has, whatever the language of the database is."""
    if is_sqlite(connection):
        return
    columns = connection.exec_driver_sql(
        "SELECT table_name, column_name, data_type, character_maximum_length FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND data_type IN ('character varying', 'text')"
        " AND collation_name IS DISTINCT FROM 'C'"
    ).all()
    quote = connection.dialect.identifier_preparer.quote
    for table, column, kind, length in columns:
        if table not in METADATA[side].tables:
            continue
        size = "" if length is None else f"({int(length)})"
        connection.exec_driver_sql(
            f'ALTER TABLE {quote(table)} ALTER COLUMN {quote(column)} TYPE {kind}{size} COLLATE "C"'
        )
