"""Open a database by URL: SQLite through SQLCipher by default, PostgreSQL for several desks or a province."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from db.errors import RecordError, RecordFault, fault_of
from db.server import open_server

BUSY_MILLISECONDS = 5000
CACHE_KILOBYTES = 16_000
"""Pages a connection keeps: what one find among a million dossiers reads fits, and need not be decrypted again."""

EXPECTED = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "locking_mode": "normal", "trusted_schema": 0}
"""Settings read back at start; synchronous 2 is FULL, which loses no committed transaction in WAL."""


def sqlite_url(path: Path) -> str:
    """Return the URL of a SQLite file."""
    return "sqlite:///" + str(path).replace("%", "%25").replace("?", "%3F")


def open_engine(url: str, key: bytes | None = None) -> Engine:
    """Open the database at `url` and read its settings back.

    `key`: 32 raw bytes for SQLCipher, None for a file without personal data.
    RecordError: wrong key, settings that did not take, a file that cannot be opened, a server that is not there.
    """
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise RecordError(RecordFault.BAD_ADDRESS) from None  # its text may hold the password
    if address.get_backend_name() != "sqlite":
        return open_server(address)
    import sqlcipher3.dbapi2 as driver

    # An error's text must not carry the personal values that were to be written.
    engine = create_engine(
        url,
        module=driver,
        connect_args={"timeout": BUSY_MILLISECONDS / 1000},
        hide_parameters=True,
        pool_use_lifo=True,  # one connection after another would each read and decrypt the same pages for itself
    )
    event.listen(engine, "connect", lambda raw, _record: _prepare(raw, key))
    event.listen(engine, "begin", _begin)
    try:
        with engine.connect() as connection:
            _read_back(connection)
    except DBAPIError as error:
        engine.dispose()
        raise fault_of(error) from error
    except RecordError:
        engine.dispose()
        raise
    return engine


def is_sqlite(connection: Connection) -> bool:
    """Say whether SQLite's own features (triggers, FTS5) are at hand."""
    return connection.dialect.name == "sqlite"


def _prepare(raw: Any, key: bytes | None) -> None:
    raw.isolation_level = None  # the begin event below emits BEGIN itself
    if key is not None:
        raw.execute("PRAGMA cipher_log_level = NONE")  # a wrong key is our error line, not the library's
        raw.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    for pragma in (
        f"busy_timeout = {BUSY_MILLISECONDS}",
        "synchronous = FULL",
        "foreign_keys = ON",
        "recursive_triggers = ON",  # else INSERT OR REPLACE walks round the guards of the journal
        "trusted_schema = OFF",
        "cell_size_check = ON",
        f"cache_size = -{CACHE_KILOBYTES}",
    ):
        raw.execute(f"PRAGMA {pragma}")
    if raw.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        _switch_to_wal(raw)


def _switch_to_wal(raw: Any) -> None:
    """Switch a new file to WAL; where two programs do so together SQLite refuses one at once, without its busy wait."""
    from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_random

    again = Retrying(
        retry=retry_if_exception(lambda error: "locked" in str(error)),
        stop=stop_after_delay(BUSY_MILLISECONDS / 1000),
        wait=wait_random(0.005, 0.05),
        reraise=True,
    )
    again(raw.execute, "PRAGMA journal_mode = WAL")


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _read_back(connection: Connection) -> None:
    for name, wanted in EXPECTED.items():
        found = connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
        if found != wanted:
            raise RecordError(RecordFault.SETTINGS, f"{name} = {found}")
