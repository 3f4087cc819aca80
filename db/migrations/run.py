"""Run the steps that are due on one connection, with foreign keys off and checks before the commit."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine

from db.engine import BUSY_MILLISECONDS, is_sqlite
from db.errors import RecordError, RecordFault
from db.schema import Side

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
    """Apply every due step in one transaction.

    A batch step rebuilds tables; with foreign keys on, SQLite would delete the rows that point to them, so they
    are off outside the transaction and checked inside it.
    """
    with engine.execution_options(write=True).connect() as connection:
        _pragma(connection, f"busy_timeout = {WAIT_MILLISECONDS}")
        _foreign_keys(connection, on=False)
        try:
            with connection.begin(), as_file(files("db") / "migrations") as folder:
                config = configuration(folder, side)
                config.attributes["connection"] = connection
                config.attributes["side"] = side
                command.upgrade(config, "head")
                _check(connection)
        finally:
            _foreign_keys(connection, on=True)
            _pragma(connection, f"busy_timeout = {BUSY_MILLISECONDS}")


def _foreign_keys(connection: Connection, *, on: bool) -> None:
    _pragma(connection, f"foreign_keys = {'ON' if on else 'OFF'}")


def _pragma(connection: Connection, setting: str) -> None:
    raw = connection.connection.dbapi_connection
    if is_sqlite(connection) and raw is not None:
        raw.cursor().execute(f"PRAGMA {setting}")


def _check(connection: Connection) -> None:
    if not is_sqlite(connection):
        return
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise RecordError(RecordFault.DAMAGED, "foreign_key_check")
    if connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() != "ok":
        raise RecordError(RecordFault.DAMAGED, "integrity_check")
