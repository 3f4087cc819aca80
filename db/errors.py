"""What can go wrong with the record itself, as reasons a caller can put into words."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy.exc import DBAPIError


class RecordFault(StrEnum):
    """Why the database did not do what was asked; nothing was written."""

    DISK_FULL = "disk_full"
    BUSY = "busy"
    READ_ONLY = "read_only"
    WRONG_KEY = "wrong_key"
    DAMAGED = "damaged"
    NEWER_SCHEMA = "newer_schema"
    SETTINGS = "settings"
    CONFLICT = "conflict"
    MISSING = "missing"
    OTHER = "other"


class RecordError(Exception):
    """The record could not be read or written; the transaction was rolled back."""

    def __init__(self, fault: RecordFault, detail: str = "") -> None:
        super().__init__(f"{fault}: {detail}" if detail else str(fault))
        self.fault = fault
        self.detail = detail


_SIGNS = (
    ("disk is full", RecordFault.DISK_FULL),
    ("disk i/o error", RecordFault.DISK_FULL),
    ("locked", RecordFault.BUSY),
    ("readonly", RecordFault.READ_ONLY),
    ("unable to open", RecordFault.READ_ONLY),
    ("not a database", RecordFault.WRONG_KEY),
    ("malformed", RecordFault.DAMAGED),
)


def fault_of(error: DBAPIError) -> RecordError:
    """Name the fault behind a driver's error by the words SQLite uses for it."""
    text = str(error.orig)
    lowered = text.lower()
    fault = next((found for sign, found in _SIGNS if sign in lowered), RecordFault.OTHER)
    return RecordError(fault, text)
