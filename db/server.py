"""PostgreSQL through psycopg: how its connections are made, and what its errors are called.

Nothing a driver says goes into an error: the text of a failed connection can hold a part of the password, that of a
failed statement the values it was given.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from db.errors import RecordError, RecordFault, fault_of

LOCK_SECONDS = 5
"""How long a statement waits for a row that another transaction holds."""

_CONNECT: dict[str, Any] = {
    "application_name": "motcua",
    "connect_timeout": 10,
    # A server that vanished without a word is noticed within half a minute, not after hours.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 4,
    "tcp_user_timeout": 30_000,
}


def open_server(url: URL) -> Engine:
    """Open a database of a PostgreSQL server, reached once.

    RecordError: BAD_ADDRESS, UNREACHABLE, DENIED, NOT_UTF8. ModuleNotFoundError without psycopg.
    """
    if url.get_backend_name() != "postgresql":
        raise RecordError(RecordFault.BAD_ADDRESS)
    given = {name: value for name, value in _CONNECT.items() if name not in url.query}
    address = url.set(drivername="postgresql+psycopg")
    # An error's text must not carry the values that were to be written; one asks before each use, for the server may
    # have been started anew since.
    engine = create_engine(address, connect_args=given, hide_parameters=True, pool_pre_ping=True)
    event.listen(engine, "connect", _prepare)
    try:
        engine.connect().close()
    except DBAPIError as error:
        engine.dispose()
        raise fault_of(error) from error
    except RecordError:
        engine.dispose()
        raise
    return engine


def _prepare(raw: Any, _record: object) -> None:
    if raw.info.parameter_status("server_encoding") != "UTF8":
        raw.close()
        raise RecordError(RecordFault.NOT_UTF8)
    raw.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")
    raw.commit()
