"""Telling a scanner from a person: a scanner is very fast keys with an end mark.

Pure: characters and times in, scans out. Times are seconds of any steady clock.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from statistics import median

from msgspec import Struct

END_MARKS = frozenset("\r\n\t")
"""What a scanner sends after a code: Enter (or its line feed) or Tab."""

SHORTEST = 8
"""Characters of the shortest code."""

FAST = 0.030
"""Seconds: a median gap below this is no person."""

SILENCE = 0.080
"""Seconds without a key after which what was typed is complete."""

STALL = 0.500
"""Seconds a burst already known to be a machine's may pause, as it does on a slow link."""

_MACHINE_SURE = 4

_CODE = re.compile(r"(?=.*\d)[0-9A-Za-z][0-9A-Za-z._:/+=?&%\-]*", re.ASCII)
_CARD_BARS = 5
_SPOILT_CARD = re.compile(r"\W*[0-9]{12}(?![0-9]{1,8}\b).{30,}")
_SEPARATOR = "\x1d"


class Scan(Struct, frozen=True):
    """One scan: what was read, the times of its first character and its end mark, and whether that was Enter."""

    payload: str
    started: float
    ended: float
    entered: bool = False


def card_like(text: str) -> bool:
    """Say whether `text` looks like the payload of an identity card: fields between bars on one line."""
    stripped = text.strip()
    return stripped.count("|") >= _CARD_BARS and "\n" not in stripped and len(stripped) >= SHORTEST


def code_like(payload: str) -> bool:
    """Say whether a fast burst can be a code: a card, also one without its bars, or one word of code signs."""
    return card_like(payload) or any(shape.fullmatch(payload) for shape in (_CODE, _SPOILT_CARD))


class ScanDetector:
    """Collects characters into bursts and recognises the bursts that are scans.

    `accept` is asked last, so that an input method's burst or stalled typing over a slow link stays typing.
    """

    def __init__(self, *, accept: Callable[[str], bool] = code_like) -> None:
        self.accept = accept
        self._chars: list[str] = []
        self._times: list[float] = []

    @property
    def started(self) -> float | None:
        """Time of the first character of the present burst."""
        return self._times[0] if self._times else None

    @property
    def length(self) -> int:
        """Characters in the present burst, separators not counted."""
        return len(self._chars) - self._chars.count(_SEPARATOR)

    @property
    def is_machine(self) -> bool:
        """Whether the present burst is already too fast for a person."""
        return len(self._times) >= _MACHINE_SURE and self._gap() < FAST

    def feed(self, char: str, time: float) -> Scan | None:
        """Take one character (or end mark) typed at `time`; return the scan it completes.

        An empty `char` is a control character between fields: as many as a card has are its bars, others are dropped.
        """
        if self._times and time - self._times[-1] > (STALL if self.is_machine else SILENCE):
            self.reset()
        if char not in END_MARKS:
            self._times.append(time)
            self._chars.append(char or _SEPARATOR)
            return None
        scan = self._complete(time, entered=char != "\t")
        self.reset()
        return scan

    def paste(self, text: str, time: float) -> Scan | None:
        """Return the scan in a pasted text, if it is a card: anything else pasted is text."""
        self.reset()
        return Scan(text.strip(), time, time) if card_like(text) else None

    def reset(self) -> None:
        """Forget the present burst: a key that is no character came between."""
        self._chars.clear()
        self._times.clear()

    def _gap(self) -> float:
        return median(later - earlier for earlier, later in zip(self._times, self._times[1:], strict=False))

    def _complete(self, time: float, *, entered: bool) -> Scan | None:
        if self.length < SHORTEST or self._gap() >= FAST:
            return None
        bar = "|" if self._chars.count(_SEPARATOR) >= _CARD_BARS else ""
        payload = "".join(self._chars).replace(_SEPARATOR, bar)
        return Scan(payload, self._times[0], time, entered) if self.accept(payload) else None
