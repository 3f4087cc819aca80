"""Small documents of one desk beside the database: what was learned, tried, ticked; never a personal value."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from typing import Any

from desk.settings import write_private

Document = dict[str, Any]


class Beside:
    """The documents of a desk by name, each a JSON file replaced whole; without a folder they live in memory only.

    Each is read once. Safe to call from any thread; reading and changing touch the disk, looking does not.
    """

    def __init__(self, folder: Path | None = None, desk: int = 1) -> None:
        self.folder = folder
        self._desk = desk
        self._lock = threading.RLock()
        self._known: dict[str, Document] = {}

    def read(self, *names: str) -> None:
        """Read documents ahead, so that looking at them waits for nothing; a damaged one counts as empty."""
        with self._lock:
            for name in names:
                self._loaded(name)

    def look(self, name: str) -> Document:
        """Return a copy of a document as it is known now; empty before it was read."""
        with self._lock:
            return deepcopy(self._known.get(name, {}))

    def change(self, name: str, change: Callable[[Document], None]) -> Document:
        """Change a document and keep it; return a copy. OSError where the disk refuses: it is changed in memory."""
        with self._lock:
            document = self._loaded(name)
            change(document)
            if self.folder is not None:
                written = json.dumps(document, ensure_ascii=True, sort_keys=True) + "\n"
                write_private(self._path(self.folder, name), written.encode("ascii"))
            return deepcopy(document)

    def _loaded(self, name: str) -> Document:
        if name not in self._known:
            found: object = {}
            if self.folder is not None:
                with suppress(OSError, ValueError):
                    found = json.loads(self._path(self.folder, name).read_bytes())
            self._known[name] = found if isinstance(found, dict) else {}
        return self._known[name]

    def _path(self, folder: Path, name: str) -> Path:
        return folder / f"{name}-{self._desk}.json"
