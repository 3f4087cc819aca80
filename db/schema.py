"""Bring a database to the current schema; Alembic is imported only when a step is due."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from db.errors import RecordError, RecordFault, fault_of
from db.steps import HEADS, Side

_VERSION = text("SELECT version_num FROM alembic_version")


def version(connection: Connection) -> str | None:
    """Return the step a database stands at; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(_VERSION).scalar()


def ensure(engine: Engine, side: Side) -> bool:
    """Apply the steps that are due, each whole or not at all; True if there were any.

    RecordError NEWER_SCHEMA: the database was written by a newer program; not a byte was changed.
    """
    found = _found(engine)
    if found == HEADS[side]:
        return False
    if found is not None and found > HEADS[side]:
        raise RecordError(RecordFault.NEWER_SCHEMA, found)
    from db.migrations.run import upgrade

    try:
        upgrade(engine, side)
    except DBAPIError as error:
        fault = fault_of(error)
        if fault.fault is RecordFault.OTHER and _found(engine) == HEADS[side]:
            return False  # another program was at it at the same time, and first
        raise fault from error
    return True


def _found(engine: Engine) -> str | None:
    try:
        with engine.connect() as connection:
            return version(connection)
    except DBAPIError as error:
        raise fault_of(error) from error
