"""What is measured of a program in a pseudo-terminal: when its bytes came, how many, how much memory it holds."""

from __future__ import annotations

import os
import select
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from statistics import quantiles

from msgspec import Struct

from desk.rehearsal.demo import make_demo
from desk.rules import moment
from desk.settings import Paths
from tests.tui.terminal import DEADLINE, Terminal

NOW = moment.parse("2026-03-13T10:15")
SIZES = tuple(int(each) for each in os.environ.get("DESK_BENCH_SIZES", "200").split(","))
"""Numbers of dossiers; the figures are wanted of 10,000 and 1,000,000."""
GIVEN = os.environ.get("DESK_BENCH_DATA", "")
"""A folder with a practice centre in a folder of each size; what is missing there is made and kept."""
THOROUGH = bool(os.environ.get("DESK_BENCH_THOROUGH"))
"""Measure for as long as figures that mean something take."""
SETTLED = 0.4 if THOROUGH else 0.3
"""Seconds without a byte after which an answer is taken for complete; the baseline's cursor blinks every half one."""


class KeyTimes(Struct, frozen=True):
    """What one key did: milliseconds to the first and the last byte of its answer, and how many bytes came."""

    echo: float
    settled: float
    received: int


class Measured(Terminal):
    """A terminal that knows when bytes came."""

    def begin(self, *, paints: bool) -> None:
        """Forget what came; without painting nothing but reading takes time here."""
        self.quiet(SETTLED)
        self.paints = paints
        self.sent = b""

    def key(self, text: str) -> KeyTimes:
        """Press a key and read until its answer has settled."""
        began = time.perf_counter()
        self.send(text)
        before, first, last = self.received, 0.0, 0.0
        # A slow answer is waited for longer before its first byte than between two.
        while select.select([self.master], [], [], SETTLED if first else 10 * SETTLED)[0]:
            self._read()
            last = (time.perf_counter() - began) * 1000
            first = first or last
        self.sent = b""
        return KeyTimes(first, last, self.received - before)

    def until(self, began: float, *wanted: str) -> float:
        """Return how many milliseconds after `began` one of some texts is on the screen."""
        while not any(each in self.text for each in wanted):
            if not select.select([self.master], [], [], DEADLINE)[0]:
                raise AssertionError(f"{wanted} never came:\n{self.text}")
            self._read()
        return (time.perf_counter() - began) * 1000

    def reach(self, wanted: str, *keys: str) -> None:
        """Press keys, each in its silence, until a text is on the screen: what they leave behind may come late."""
        for _each in range(20):
            for key in keys:
                self.send(key)
                self.quiet(0.5)
            if wanted in self.text:
                return
        raise AssertionError(f"{wanted!r} never came:\n{self.text}")

    @property
    def resident(self) -> float:
        """Megabytes of memory the program holds."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


def centre(folder: Path, dossiers: int) -> Paths:
    """Return a practice centre of so many dossiers, made now if it is not there."""
    paths = Paths((Path(GIVEN) if GIVEN else folder) / str(dossiers))
    if not paths.settings.exists():
        make_demo(paths, dossiers=dossiers, now=NOW)
    return paths


def type_through(terminal: Measured, words: Iterable[str], clear: str) -> list[KeyTimes]:
    """Type each word key by key into a search field, and clear it after each."""
    found = []
    for word in words:
        found += [terminal.key(letter) for letter in word]
        terminal.key(clear)
    return found


def percentile(values: Sequence[float], share: int) -> float:
    """Return the value below which so many of a hundred are."""
    return quantiles(values, n=100, method="inclusive")[share - 1] if len(values) > 1 else values[0]


def median_of(times: int, take: Callable[[], float]) -> float:
    """Return the median of so many takes."""
    return percentile([take() for _each in range(times)], 50)
