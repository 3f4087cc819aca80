"""How long a way, or a file on it, rests after it failed: kept beside the outbox, for every process alike.

Nothing is given up: pauses grow to two hours and stay there. What an officer sends now does not look at them, and they
begin anew with it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from random import SystemRandom

from desk.daily.files import FileRefusedError, read_bounded, write_durable

NAME = "rests.json"
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (10, 10, 60, 120, 300, 600, 1800, 7200))
"""Pause after the first failure in a row, the second and so on, each shorter or longer by up to half by chance."""

_LONGEST = 1024 * 1024
_MOST = 1.5
_FORGOTTEN = timedelta(days=1)
"""How long after a pause was over it is still known that there was one; else the list grew with every file."""


class Patience:
    """The pauses, read once; `save` writes back those that this run changed and leaves the others as they stand."""

    def __init__(self, folder: Path, now: datetime, chance: Callable[[float, float], float] | None = None) -> None:
        self._folder = folder
        self._now = now
        self._chance = chance or SystemRandom().uniform
        self._rests = _read(folder)
        self._before = dict(self._rests)

    def rests(self, where: str, sha256: str = "") -> bool:
        """Say whether it is not yet the turn of a way, or of a file on it."""
        until = self._rests.get(_key(where, sha256), (0, self._now))[1]
        # A clock that was set back must not make a pause of years.
        return self._now < until <= self._now + _MOST * PAUSES[-1]

    def until(self, where: str, sha256: str = "") -> datetime | None:
        """Return when it is the turn of a way, and of a file on it; None for now."""
        found = [self._rests[_key(where, each)][1] for each in {"", sha256} if self.rests(where, each)]
        return max(found, default=None)

    def failed(self, where: str, sha256: str = "", *, calm: bool = False) -> None:
        """Let it rest, longer than the time before; `calm`: at once as long as it ever rests."""
        failures = self._rests.get(_key(where, sha256), (0, self._now))[0] + 1
        failures = max(failures, len(PAUSES)) if calm else failures
        pause = PAUSES[min(failures, len(PAUSES)) - 1] * self._chance(1 / 2, _MOST)
        self._rests[_key(where, sha256)] = failures, self._now + min(pause, PAUSES[-1])

    def spare(self, where: str, sha256: str, pause: timedelta) -> None:
        """Leave alone a file that has gone by a way."""
        self._rests[_key(where, sha256)] = len(PAUSES), self._now + pause

    def worked(self, where: str, sha256: str = "") -> None:
        """Forget that it ever failed."""
        self._rests.pop(_key(where, sha256), None)

    def afresh(self, where: str, files: Iterable[str]) -> None:
        """Forget the failures of a way and of files on it."""
        for sha256 in ("", *files):
            self.worked(where, sha256)

    def save(self) -> None:
        """Write the pauses if they changed."""
        changed = {
            key for key in self._rests.keys() | self._before.keys() if self._rests.get(key) != self._before.get(key)
        }
        if changed:
            rests = {key: rest for key, rest in _read(self._folder).items() if key not in changed}
            rests |= {key: self._rests[key] for key in changed if key in self._rests}
            rests = {key: rest for key, rest in rests.items() if rest[1] > self._now - _FORGOTTEN}
            document = {key: [failures, until.isoformat()] for key, (failures, until) in rests.items()}
            self._before = dict(self._rests)
            write_durable(self._folder, NAME, json.dumps(document, indent=1).encode() + b"\n")


def gone(where: str) -> str:
    """Return under what name it is noted that a file has gone by a way, beside the failures of that way."""
    return f"{where} gone"


def _key(where: str, sha256: str) -> str:
    return f"{where} {sha256}".rstrip()


def _read(folder: Path) -> dict[str, tuple[int, datetime]]:
    """Read the pauses; what cannot be read never was."""
    try:
        document = json.loads(read_bounded(folder / NAME, limit=_LONGEST))
        return {str(key): (int(failures), _instant(until)) for key, (failures, until) in document.items()}
    except (FileNotFoundError, FileRefusedError, ValueError, TypeError, AttributeError, RecursionError):
        return {}


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found
