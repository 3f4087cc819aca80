"""The clock of the machine, apart from all that is slow to load."""

from __future__ import annotations

from datetime import UTC, datetime


def system_clock() -> datetime:
    """Return the present instant; the only place that asks the system."""
    return datetime.now(UTC)
