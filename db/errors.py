"""What can go wrong with the record itself, as reasons a caller can put into words."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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
    UNREACHABLE = "unreachable"
    DENIED = "denied"
    BAD_ADDRESS = "bad_address"
    NOT_UTF8 = "not_utf8"
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


_STATES = {
    "40001": RecordFault.BUSY,
    "40P01": RecordFault.BUSY,
    "53300": RecordFault.BUSY,
    "55P03": RecordFault.BUSY,
    "57014": RecordFault.BUSY,
    "53100": RecordFault.DISK_FULL,
    "58030": RecordFault.DISK_FULL,
    "57P01": RecordFault.UNREACHABLE,
    "57P02": RecordFault.UNREACHABLE,
    "57P03": RecordFault.UNREACHABLE,
    "25006": RecordFault.DENIED,
    "3D000": RecordFault.DENIED,
    "42501": RecordFault.DENIED,
    "XX001": RecordFault.DAMAGED,
    "XX002": RecordFault.DAMAGED,
}
_CLASSES = {"08": RecordFault.UNREACHABLE, "28": RecordFault.DENIED}
_SOON = ("starting up", "shutting down", "recovery mode", "not yet accepting")
"""What a server says that will answer again by itself."""


def fault_of(error: DBAPIError) -> RecordError:
    """Name the fault behind a driver's error: by SQLSTATE, or by the words SQLite uses for it."""
    if hasattr(error.orig, "sqlstate"):
        return _of_server(error, error.orig)
    return named(str(error.orig))


def named(text: str) -> RecordError:
    """Name the fault behind what SQLite says."""
    lowered = text.lower()
    fault = next((found for sign, found in _SIGNS if sign in lowered), RecordFault.OTHER)
    return RecordError(fault, text)


def _of_server(error: DBAPIError, cause: Any) -> RecordError:
    """Name a fault of PostgreSQL; the detail is a code, for what the driver says may hold a password or values."""
    state = cause.sqlstate
    if state is not None:
        return RecordError(_STATES.get(state) or _CLASSES.get(state[:2]) or RecordFault.OTHER, state)
    if error.connection_invalidated:
        return RecordError(RecordFault.UNREACHABLE)
    if error.statement is not None:
        return RecordError(RecordFault.OTHER, type(cause).__name__)
    return RecordError(_of_connecting(cause))


def _of_connecting(cause: Any) -> RecordFault:
    """Tell why there is no connection; the driver has no code for it."""
    said, connection = str(cause), cause.pgconn
    if connection is None:  # an option that it does not know; a name that no one knows, or nobody answered in time
        return RecordFault.BAD_ADDRESS if type(cause).__name__ == "ProgrammingError" else RecordFault.UNREACHABLE
    if any(sign in said for sign in _SOON):
        return RecordFault.UNREACHABLE
    if "too many" in said or "remaining connection slots" in said:
        return RecordFault.BUSY
    asked = connection.needs_password or connection.used_password
    return RecordFault.DENIED if asked or "FATAL" in said else RecordFault.UNREACHABLE
