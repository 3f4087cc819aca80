"""Instants as the record keeps them: UTC text of whole seconds, the same bytes and the same order on every engine."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache


def utc_text(value: datetime) -> str:
    """Return an aware instant as `YYYY-MM-DDTHH:MM:SSZ`; ValueError for a naive one."""
    if value.tzinfo is None:
        message = "an instant needs a time zone"
        raise ValueError(message)
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@lru_cache(16_384)
def from_utc_text(value: str) -> datetime:
    """Return the instant written by `utc_text`; ValueError for any other text."""
    if len(value) != len("2026-03-13T10:56:00Z") or value[10] != "T" or value[-1] != "Z":
        raise ValueError(value)
    return datetime.fromisoformat(value)
