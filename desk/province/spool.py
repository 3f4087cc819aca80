"""The folders of an SFTP server, one per commune: `mcUNIT/in` is written by the commune, `mcUNIT/out` by the province.

What lies in `in` was put there by a stranger who holds a commune's key. It is read, bounded, never followed, and taken
away once its receipt stands in `out`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from desk.clock import system_clock

IN, OUT = "in", "out"
MOST = 500
"""How many names of one commune are looked at in one pass, so that none keeps the others waiting."""
TOO_MANY = "too_many"
"""Reason of a folder that holds more names than that; what was answered is taken away, and the next pass sees more."""

_USER = re.compile(r"mc[0-9]{5}")
_PART = re.compile(r"\.[0-9a-z_.-]*\.part")
_PART_SECONDS = 24 * 3600


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


def _sweep(part: Path) -> None:
    """Take away a part that nobody has written to for a day; its owner cannot set this time."""
    with suppress(OSError):
        if system_clock().timestamp() - part.lstat().st_ctime > _PART_SECONDS:
            part.unlink()
