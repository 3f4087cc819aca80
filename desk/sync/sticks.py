"""The sticks that are in: where the system has put what somebody plugged in."""

from __future__ import annotations

import re
import sys
from pathlib import Path

MOUNTS = Path("/proc/self/mounts")
PLACES = ("/media/", "/run/media/", "/mnt/")
_REMOVABLE = 2
_OCTAL = re.compile(r"\\([0-7]{3})")


def sticks() -> tuple[str, ...]:
    """Return the folders of the sticks that are in, the newest last; none where that cannot be known."""
    if sys.platform == "win32":
        import ctypes

        return tuple(
            f"{letter}:\\"
            for letter in "DEFGHIJKLMNOPQRSTUVWXYZ"
            if ctypes.windll.kernel32.GetDriveTypeW(f"{letter}:\\") == _REMOVABLE
        )
    return mounted(MOUNTS)


def mounted(table: Path) -> tuple[str, ...]:
    """Return the places of a table of mounts at which a stick appears."""
    try:
        lines = table.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return ()
    points = (line.split(" ")[1] for line in lines if line.count(" ") >= 2)
    named = (_OCTAL.sub(lambda found: chr(int(found[1], 8)), point) for point in points)
    return tuple(dict.fromkeys(point for point in named if point.startswith(PLACES)))
