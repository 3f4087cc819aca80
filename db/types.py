"""Column types shared by all tables, and the naming convention of constraints."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Dialect, MetaData, String, TypeDecorator

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


def utc_text(value: datetime) -> str:
    """Return an aware instant as `YYYY-MM-DDTHH:MM:SSZ`; ValueError for a naive one."""
    if value.tzinfo is None:
        message = "an instant needs a time zone"
        raise ValueError(message)
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def from_utc_text(value: str) -> datetime:
    """Return the instant written by `utc_text`; ValueError for any other text."""
    if len(value) != len("2026-03-13T10:56:00Z") or value[10] != "T" or value[-1] != "Z":
        raise ValueError(value)
    return datetime.fromisoformat(value)


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
