"""Folders that files come in by: what lies there is read, bounded, never followed or run; receipts go beside it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from desk.daily.container import sha256
from desk.daily.files import FileFault, FileRefusedError, is_safe_name, read_bounded, write_durable
from desk.daily.model import Receipt, Status
from desk.daily.reasons import Refusal
from desk.daily.receipt import receipt_name
from desk.province.model import Answer, Taken

_UNIT = re.compile(r"[0-9]{5}")
_END = ".daily"
_LOOKS = 3
NOT_READABLE = "not_readable"
"""Reason of a file that the system would not read."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file of an inbox, or a unit's folder there; `fault` is the code of why it is not opened."""

    path: Path
    fault: str | None = None


def reach(path: Path) -> None:
    """Do nothing if a path can be listed or is there; OSError if not."""
    if path.is_dir():
        os.scandir(path).close()
    else:
        path.lstat()


def find(path: Path) -> Iterator[Found]:
    """Yield the daily files of a folder and of its units' folders by name, or the one file a path names."""
    if not path.is_dir():
        yield Found(path)
        return
    try:
        with os.scandir(path) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        yield Found(path, NOT_READABLE)
        return
    for entry in found:
        here = path / entry.name
        if entry.name.casefold().endswith(_END):
            yield Found(here, None if is_safe_name(entry.name) else FileFault.BAD_NAME)
        elif _UNIT.fullmatch(entry.name) and entry.is_symlink():
            yield Found(here, FileFault.SYMLINK)
        elif _UNIT.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False) and not _UNIT.fullmatch(path.name):
            yield from find(here)


class Ingest:
    """One pass over inboxes.

    `take` takes bytes in, `latest` gives the newest receipt of a file, signed and read, `publish` puts the province's
    key into a folder.
    """

    def __init__(
        self,
        take: Callable[[bytes], Taken],
        latest: Callable[[str], tuple[bytes, Receipt] | None],
        publish: Callable[[Path], None],
    ) -> None:
        self._take = take
        self._latest = latest
        self._publish = publish
        self._places: dict[str, dict[Path, None]] = {}

    def run(self, paths: Sequence[Path]) -> tuple[Answer, ...]:
        """Take in every file, in the order of the paths, and answer for each as it stands at the end."""
        answers: list[Answer] = []
        for path in paths:
            trouble = self._key_into(path if path.is_dir() else path.parent)
            for found in find(path):
                answer = self._one(found)
                answers.append(replace(answer, unwritten=answer.unwritten or trouble))
        return tuple(self._as_it_stands(answer) for answer in answers)

    def _one(self, found: Found) -> Answer:
        name = str(found.path)
        if found.fault is not None:
            return Answer(name, None, Status.REFUSED, found.fault)
        try:
            data = read_bounded(found.path)
        except FileRefusedError as error:
            large = error.reason is FileFault.TOO_LARGE
            return Answer(name, None, Status.REFUSED, Refusal.TOO_LARGE.value if large else error.reason.value)
        except OSError:
            return Answer(name, None, Status.REFUSED, NOT_READABLE)
        digest = sha256(data)
        self._places.setdefault(digest, {})[found.path.parent] = None
        taken = self._take(data)
        trouble = None
        for changed in dict.fromkeys((digest, *taken.changed)):
            for folder in dict.fromkeys((found.path.parent, *self._places.get(changed, ()))):
                trouble = self._answer_into(folder, changed) or trouble
        status = Status.REFUSED if taken.receipt is None else taken.receipt.status
        return Answer(name, digest, status, taken.reason, taken.receipt, taken.repeated, trouble)

    def _key_into(self, folder: Path) -> OSError | None:
        try:
            self._publish(folder)
        except OSError as error:
            return error
        return None

    def _answer_into(self, folder: Path, digest: str) -> OSError | None:
        """Write the newest receipt of a file into a folder; a folder that cannot be written stops nothing.

        After writing it looks again: another process may have given a newer one meanwhile, and written it first.
        """
        path = folder / receipt_name(digest)
        for _look in range(_LOOKS):
            latest = self._latest(digest)
            try:
                if latest is None or _has(path, latest[0]):
                    return None
                write_durable(folder, path.name, latest[0])
            except OSError as error:
                return error
        return None

    def _as_it_stands(self, answer: Answer) -> Answer:
        """Follow a file that was held first and released by a later one of the same pass."""
        latest = None if answer.receipt is None or answer.sha256 is None else self._latest(answer.sha256)
        if latest is None or latest[1] == answer.receipt:
            return answer
        return replace(answer, receipt=latest[1], status=latest[1].status, reason=latest[1].reason)


def _has(path: Path, data: bytes) -> bool:
    try:
        return read_bounded(path, limit=len(data)) == data
    except (FileNotFoundError, FileRefusedError):
        return False
