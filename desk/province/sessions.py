"""Who is logged in to the page, and who has guessed too often: in memory, so that a restart ends every session."""

from __future__ import annotations

import hashlib
import math
import secrets
import threading
from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from desk.province.users import User

IDLE_SECONDS = 30 * 60.0
LONGEST_SECONDS = 9 * 60 * 60.0
"""A session ends after half an hour without a page, and after a working day in any case."""
_MOST = 500
_REMEMBERED = 10_000


class _Session(Struct, frozen=True):
    user: User
    began: float
    seen: float


class Sessions:
    """Sessions by the hash of their token; a token is known to the browser alone. `clock` counts seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._open: dict[str, _Session] = {}
        self._lock = threading.Lock()

    def begin(self, user: User) -> str:
        """Return the token of a new session; where there are too many, the one that was idle longest ends."""
        token, now = secrets.token_urlsafe(32), self._clock()
        with self._lock:
            self._open = {key: each for key, each in self._open.items() if _alive(each, now)}
            if len(self._open) >= _MOST:
                del self._open[min(self._open, key=lambda key: self._open[key].seen)]
            self._open[_key(token)] = _Session(user, now, now)
        return token

    def user(self, token: str) -> User | None:
        """Return whose session it is and note that it was used; None once it has ended."""
        now = self._clock()
        with self._lock:
            found = self._open.get(_key(token))
            if found is None:
                return None
            if not _alive(found, now):
                del self._open[_key(token)]
                return None
            self._open[_key(token)] = replace(found, seen=now)
            return found.user

    def end(self, token: str) -> None:
        """End a session."""
        with self._lock:
            self._open.pop(_key(token), None)


class Throttle:
    """Wrong tries by who made them: after some free ones each next one costs twice the wait, up to a bound."""

    def __init__(self, clock: Callable[[], float], *, free: int, longest: float) -> None:
        self._clock = clock
        self._free = free
        self._longest = longest
        self._wrong: dict[str, tuple[int, float]] = {}
        self._lock = threading.Lock()

    def begin(self, who: str) -> int:
        """Count a try as wrong until `right` says otherwise; return the seconds to wait if it comes too early."""
        now = self._clock()
        with self._lock:
            number, not_before = self._wrong.pop(who, (0, now))
            if now - not_before > self._longest:
                number = 0
            if now < not_before:
                self._wrong[who] = (number, not_before)
                return math.ceil(not_before - now)
            wait = min(2.0 ** (number + 1 - self._free), self._longest) if number + 1 >= self._free else 0.0
            if len(self._wrong) >= _REMEMBERED:
                del self._wrong[next(iter(self._wrong))]
            self._wrong[who] = (number + 1, now + wait)
            return 0

    def right(self, who: str) -> None:
        """Forget what was wrong before."""
        with self._lock:
            self._wrong.pop(who, None)


def _alive(session: _Session, now: float) -> bool:
    return now - session.seen < IDLE_SECONDS and now - session.began < LONGEST_SECONDS


def _key(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
