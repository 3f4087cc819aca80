"""The folders of an SFTP server, one per commune: `mcUNIT/in` is written by the commune, `mcUNIT/out` by the province.

What lies in `in` was put there by a stranger who holds a commune's key. It is read, bounded, never followed, and taken
away once its receipt stands in `out`. A receipt is taken away there once its commune has read it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path

from db.provinces import GivenReceipt
from desk.clock import system_clock
from desk.daily.files import FileRefusedError, read_bounded
from desk.daily.model import Status
from desk.daily.receipt import receipt_name
from desk.province.taking import read_receipt

IN, OUT = "in", "out"
MOST = 500
"""How many names of one commune are looked at in one pass, so that none keeps the others waiting."""
TOO_MANY = "too_many"
"""Reason of a folder that holds more names than that; what was answered is taken away, and the next pass sees more."""

_USER = re.compile(r"mc[0-9]{5}")
_PART = re.compile(r"\.[0-9a-z_.-]*\.part")
_PART_SECONDS = 24 * 3600
_READ_SECONDS = 24 * 3600
"""How long a receipt lies there before a new file says that it was read: longer than any file rests at a desk."""
_RECEIPT = re.compile(r"(?P<sha256>[0-9a-f]{64})\.receipt")
_AT_ONCE = 32


def is_box(name: str) -> bool:
    """Return whether a name is that of a commune's folder in a spool."""
    return _USER.fullmatch(name) is not None


def boxes(path: Path) -> tuple[Path, ...]:
    """Return the communes' folders of a spool, by name; none where a path is no spool."""
    try:
        with os.scandir(path) as entries:
            return tuple(
                sorted(
                    path / entry.name for entry in entries if is_box(entry.name) and entry.is_dir(follow_symlinks=False)
                )
            )
    except OSError:
        return ()


def box_of(path: Path) -> Path | None:
    """Return the commune's folder that a path names, or lies in."""
    if is_box(path.name):
        return path
    for incoming in (path, path.parent):
        if incoming.name == IN and is_box(incoming.parent.name):
            return incoming.parent
    return None


def names(incoming: Path) -> Iterator[str]:
    """Yield some names of a folder in order, and take away the parts of deliveries that were cut a day ago.

    OSError if it cannot be listed. A name too many is yielded where there are more.
    """
    with os.scandir(incoming) as entries:
        some = sorted(entry.name for entry in islice(entries, MOST + 1))
    for name in some:
        if _PART.fullmatch(name):
            _sweep(incoming / name)
        else:
            yield name


class News:
    """When a commune last brought a new file, and a new message, over SFTP: each proves what its desk has read.

    Whoever brings one has first looked for the receipts of all that it brought before, and brings again what it found
    none for. So a merged file's receipt goes once a new file has come a day or more after it was written; a message's
    once a new message has. Held and refused stay, and so does whatever the database would not give again: a desk that
    misses a receipt all the same offers its file, and gets the same receipt.
    """

    def __init__(self) -> None:
        self._came: dict[tuple[Path, bool], float] = {}

    def came(self, out: Path, at: float, *, message: bool) -> None:
        """Note that something new came to the commune whose receipts lie in `out`."""
        self._came[out, message] = max(at, self._came.get((out, message), 0.0))

    def sweep(self, latest: Callable[[Collection[str]], Mapping[str, GivenReceipt]]) -> None:
        """Take away the receipts that were read; what cannot be listed or taken away is left for the next time."""
        for out in dict.fromkeys(out for out, _message in self._came):
            with suppress(OSError):
                old = self._old(out)
                for start in range(0, len(old), _AT_ONCE):
                    for given in latest(old[start : start + _AT_ONCE]).values():
                        path = out / receipt_name(given.receipt_for)
                        if self._was_read(out, path, given):
                            path.unlink(missing_ok=True)

    def _old(self, out: Path) -> list[str]:
        """Return the SHA-256 of the files whose receipts have lain there for long enough."""
        last = max(at for (there, _message), at in self._came.items() if there == out)
        found = []
        with os.scandir(out) as entries:
            for entry in entries:
                name = _RECEIPT.fullmatch(entry.name)
                if name and entry.stat(follow_symlinks=False).st_mtime < last - _READ_SECONDS:
                    found.append(name["sha256"])
        return sorted(found)

    def _was_read(self, out: Path, path: Path, given: GivenReceipt) -> bool:
        if given.status != Status.MERGED:
            return False
        at = self._came.get((out, read_receipt(given.content).seq is None))
        try:
            same = read_bounded(path) == given.content
            return at is not None and same and path.lstat().st_mtime < at - _READ_SECONDS
        except (FileNotFoundError, FileRefusedError):
            return False


def _sweep(part: Path) -> None:
    """Take away a part that nobody has written to for a day; its owner cannot set this time."""
    with suppress(OSError):
        if system_clock().timestamp() - part.lstat().st_ctime > _PART_SECONDS:
            part.unlink()
