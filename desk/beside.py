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

    Each is read once. Safe to call from any thread; `read` and `change` touch the disk, `look` never waits for it.
    """

    def __init__(self, folder: Path | None = None, desk: int = 1) -> None:
        self.folder = folder
        self._desk = desk
        self._memory = threading.Lock()
        self._disk = threading.Lock()
        self._known: dict[str, Document] = {}
        self._changes = 0
        self._written: dict[str, int] = {}

    def read(self, *names: str) -> None:
        """Read documents ahead, so that they can be looked at; a damaged one counts as empty."""
        for name in names:
            with self._memory:
                if name in self._known:
                    continue
            found: object = {}
            if self.folder is not None:
                with suppress(OSError, ValueError):
                    found = json.loads(self._path(self.folder, name).read_bytes())
            with self._memory:
                self._known.setdefault(name, found if isinstance(found, dict) else {})

    def look(self, name: str) -> Document:
        """Return a copy of a document as it is known now; empty before it was read."""
        with self._memory:
            return deepcopy(self._known.get(name, {}))

    def change(self, name: str, change: Callable[[Document], None]) -> Document:
        """Change a document and keep it; return a copy. OSError where the disk refuses: it is changed in memory."""
        self.read(name)
        with self._memory:
            document = self._known[name]
            change(document)
            self._changes += 1
            turn, written = self._changes, json.dumps(document, ensure_ascii=True, sort_keys=True) + "\n"
            copy = deepcopy(document)
        with self._disk:
            # What another thread has written meanwhile is newer and holds this change too.
            if self.folder is not None and turn > self._written.get(name, 0):
                write_private(self._path(self.folder, name), written.encode("ascii"))
                self._written[name] = turn
        return copy

    def _path(self, folder: Path, name: str) -> Path:
        return folder / f"{name}-{self._desk}.json"
