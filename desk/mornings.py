"""Which morning was shown last: a date in a file beside the settings, for the first screen of the day."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from pathlib import Path

from desk.settings import write_private


class Mornings:
    """Remembers the last day whose morning was shown at this desk."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def begin(self, day: date) -> bool:
        """Say whether `day` begins only now, and remember it; where the disk refuses, it begins once more later."""
        written = f"{day.isoformat()}\n".encode("ascii")
        with suppress(OSError):
            if self._path.read_bytes() == written:
                return False
        # A full disk must not keep the counter shut.
        with suppress(OSError):
            write_private(self._path, written)
        return True
