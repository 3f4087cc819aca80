"""The folder of what the province published: whole files that verified, and notes on those that did not.

Nothing here is in force: the record says what was applied, and an officer says when.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from desk.daily.files import FileRefusedError, read_bounded, write_durable
from desk.daily.published import PUBLISHED_LIMIT, Published, is_whole, name_parts, read_published
from desk.daily.successors import PublishedKey
from desk.sync.trust import Trust, UntrustedError, parse_key
from desk.sync.ways import Trouble, WayError

_ASKED, _REFUSED = "asked.json", "refused.json"
_LONGEST = 64 * 1024
_MOST_REFUSED = 200


class Shelf:
    """The folder; every write is whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def names(self) -> list[str]:
        """Return the names of the files kept, by number."""
        if not self.folder.is_dir():
            return []
        found = [path.name for path in self.folder.iterdir() if name_parts(path.name)]
        return sorted(found, key=lambda name: name_parts(name) or (0, ""))

    def read(self, name: str) -> bytes | None:
        """Return the bytes of a file, None if it is not there or no longer what it was."""
        try:
            data = read_bounded(self.folder / name, limit=PUBLISHED_LIMIT)
        except (FileNotFoundError, FileRefusedError):
            return None
        return data if is_whole(name, data) else None

    def keep(self, name: str, data: bytes) -> None:
        """Keep a file that verified."""
        write_durable(self.folder, name, data)

    def refused(self, key: str) -> Mapping[str, str]:
        """Return the reason codes of files that did not verify under the key of this fingerprint, by name."""
        document = self._document(_REFUSED)
        found = document.get("files") if document.get("key") == key else None
        return {str(name): str(reason) for name, reason in found.items()} if isinstance(found, dict) else {}

    def refuse(self, key: str, name: str, reason: str) -> None:
        """Note that a file did not verify, so that it is not fetched again; the oldest notes give way."""
        notes = {**self.refused(key), name: reason}
        kept = dict(list(notes.items())[-_MOST_REFUSED:])
        self._put(_REFUSED, {"key": key, "files": kept})

    def asked(self, where: str) -> tuple[datetime | None, int]:
        """Return when a way was last asked what there is, and the number up to which all of it has come.

        Where fewer files are whole than were then, it is as if it had never been asked: what is lost comes again.
        """
        found = self._document(_ASKED).get(where)
        try:
            at, after = datetime.fromisoformat(found["at"]), int(found["after"])  # type: ignore[index]
            kept = int(found["kept"])  # type: ignore[index]
        except (TypeError, KeyError, ValueError):
            return None, 0
        return (at, after) if at.tzinfo and self._whole(after) >= kept else (None, 0)

    def note_asked(self, where: str, at: datetime, after: int) -> None:
        """Note that a way was asked and everything up to a number has come."""
        document = self._document(_ASKED)
        document[where] = {"at": at.isoformat(), "after": after, "kept": self._whole(after)}
        self._put(_ASKED, document)

    def _whole(self, last: int) -> int:
        """Return how many files up to a number are here as they came."""
        numbered = ((name_parts(name) or (0, ""))[0] <= last and self.read(name) is not None for name in self.names())
        return sum(numbered)

    def _document(self, name: str) -> dict[str, Any]:
        """Read a note; what cannot be read never was."""
        try:
            found = json.loads(read_bounded(self.folder / name, limit=_LONGEST))
        except (FileNotFoundError, FileRefusedError, ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    def _put(self, name: str, document: Mapping[str, Any]) -> None:
        write_durable(self.folder, name, json.dumps(document, indent=1).encode() + b"\n")


def key_trouble(folder: Path, trust: Trust | None, published: bytes | None) -> Trouble | None:
    """Return that a key which is not believed is the one that a file here names as the next, under the pinned one."""
    if trust is None or published is None:
        return None
    shelf = Shelf(folder)
    read = (shelf.read(name) for name in reversed(shelf.names()))
    found = (read_published(data, (trust.pin,)) for data in read if data is not None)
    named = [
        each.content.new for each in found if isinstance(each, Published) and isinstance(each.content, PublishedKey)
    ]
    try:
        return Trouble.KEY_WAITS if parse_key(published) in named else None
    except UntrustedError:
        return None


class Part:
    """What has come of one file over a line, under the tag of the form in which the server sends it.

    `forms` are the first letters of the tags of one kind of line: what another kind has brought is left to it.
    """

    def __init__(self, folder: Path, digest: str, forms: str) -> None:
        self._folder = folder
        self._digest = digest
        self._forms = forms
        found = sorted(self._parts())
        self.tag = found[-1].name.split(".")[1] if found else ""

    @property
    def path(self) -> Path:
        """The file of the part."""
        return self._folder / f"{self._digest}.{self.tag}.part"

    @property
    def size(self) -> int:
        """How many bytes have come."""
        try:
            return self.path.stat().st_size if self.tag else 0
        except OSError:
            return 0

    def read(self) -> bytes:
        """Return what has come."""
        return read_bounded(self.path, limit=PUBLISHED_LIMIT)

    def begin(self, tag: str) -> None:
        """Begin anew under another tag."""
        for path in self._parts():
            path.unlink(missing_ok=True)
        self.tag = tag

    def add(self, pieces: Callable[[], bytes], limit: int) -> bool:
        """Put what comes behind what is there, as it comes; False where it is more than `limit`."""
        size = self.size
        with self.path.open("ab") as stream:
            while piece := pieces():
                size += len(piece)
                if size > limit:
                    return False
                try:
                    stream.write(piece)
                    stream.flush()
                except OSError as error:
                    raise WayError(Trouble.DISK_FULL, whole=True) from error
        return True

    def append(self, piece: bytes) -> None:
        """Put a piece behind what is there; WayError for the disk."""
        try:
            with self.path.open("ab") as stream:
                stream.write(piece)
        except OSError as error:
            raise WayError(Trouble.DISK_FULL, whole=True) from error

    def drop(self) -> None:
        """Take away every part of the file, by whatever line it came."""
        for path in self._folder.glob(f"{self._digest}.*.part"):
            path.unlink(missing_ok=True)
        self.tag = ""

    def _parts(self) -> list[Path]:
        return list(self._folder.glob(f"{self._digest}.[{self._forms}]*.part"))
