"""Which backups of a folder are kept: of each of seven days, of four weeks, of twelve months the newest; pure."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from datetime import datetime

DAYS, WEEKS, MONTHS = 7, 4, 12


def superfluous(made: Mapping[str, datetime], now: datetime) -> list[str]:
    """Return the names of the backups that need not be kept, oldest first; of today's all are."""
    newest = sorted(made, key=lambda name: (made[name], name), reverse=True)
    kept = {name for name in newest if made[name].date() >= now.date()}
    rules: tuple[tuple[int, Callable[[datetime], Hashable]], ...] = (
        (DAYS, datetime.date),
        (WEEKS, lambda at: at.isocalendar()[:2]),
        (MONTHS, lambda at: (at.year, at.month)),
    )
    for most, span in rules:
        first: dict[Hashable, str] = {}
        for name in newest:
            first.setdefault(span(made[name]), name)
        kept |= set(list(first.values())[:most])
    return [name for name in reversed(newest) if name not in kept]
