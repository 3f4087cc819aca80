"""Instants as the office knows them: whole minutes in the zone of Viet Nam."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

VN = timezone(timedelta(hours=7))
"""Viet Nam keeps +07:00 all year; a fixed offset needs no zone database on the office's PC."""

_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})?"
)


def minute(instant: datetime) -> datetime:
    """Return the instant in the office's zone with its seconds dropped; a naive one is a `ValueError`."""
    if instant.tzinfo is not VN:
        if instant.utcoffset() is None:
            raise ValueError("an instant needs its zone")
        try:
            instant = instant.astimezone(VN)
        except OverflowError as error:
            raise ValueError("an instant beyond the calendar") from error
    if instant.second or instant.microsecond:
        return instant.replace(second=0, microsecond=0)
    return instant


def text(instant: datetime) -> str:
    """Return the instant as `2026-03-13T10:56+07:00`."""
    return minute(instant).isoformat(timespec="minutes")


def parse(written: str) -> datetime:
    """Read an ISO 8601 instant with its clock time, local where it names no zone; else a `ValueError`."""
    if not _INSTANT.fullmatch(written):
        raise ValueError(f"not an instant: {written!r}")
    instant = datetime.fromisoformat(written)
    return minute(instant.replace(tzinfo=VN) if instant.tzinfo is None else instant)
