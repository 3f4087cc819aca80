"""Column types shared by all tables, and the naming convention of constraints."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Dialect, MetaData, String, TypeDecorator

from db.instants import from_utc_text, utc_text

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def name_constraints(metadata: MetaData) -> None:
    """Give every later table of `metadata` named constraints, so that a migration can address them."""
    metadata.naming_convention = NAMING


class Instant(TypeDecorator[datetime]):
    """An aware instant kept as UTC text of whole seconds: the same bytes and the same order on every engine."""

    impl = String(20)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Write an instant."""
        return None if value is None else utc_text(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Read an instant."""
        return _read(value)

    def result_processor(self, dialect: Dialect, coltype: Any) -> Callable[[Any | None], datetime | None]:  # noqa: ARG002
        """Return what reads an instant; given straight, for a row of the record has ten of them."""
        return _read


def _read(value: Any | None) -> datetime | None:
    return None if value is None else from_utc_text(str(value))
