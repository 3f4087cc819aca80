"""Folders that files come in by: what lies there is read, bounded, never followed or run; receipts go beside it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from db.provinces import GivenReceipt
from desk.daily.container import sha256
from desk.daily.files import FileFault, FileRefusedError, is_safe_name, read_bounded, write_durable
from desk.daily.model import Status
from desk.daily.reasons import Refusal
from desk.daily.receipt import receipt_name
from desk.province.model import Answer, Taken
from desk.province.taking import read_receipt

_UNIT = re.compile(r"[0-9]{5}")
_PLACE = re.compile(r"(?P<unit>[0-9]{5})-[0-9]{8}-(?P<seq>[0-9]{6,16})-")
_END = ".daily"
_LOOKS = 3
BATCH = 32
"""How many files are taken in together: a transaction each would cost more than what is done in it."""
NOT_READABLE = "not_readable"
"""Reason of a file that the system would not read."""


class Found(Struct, frozen=True):
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
            found = sorted(entries, key=lambda entry: _turn(entry.name))
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
    """One pass over inboxes, some files at a time.

    `take` takes the bytes of several files in, `latest` gives the newest receipts of files by hash, `publish` puts the
    province's key into a folder.
    """

    def __init__(
        self,
        take: Callable[[Sequence[bytes]], Sequence[Taken]],
        latest: Callable[[Collection[str]], Mapping[str, GivenReceipt]],
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
            entries = find(path)
            while some := list(islice(entries, BATCH)):
                answers += [replace(each, unwritten=each.unwritten or trouble) for each in self._some(some)]
        return tuple(self._as_they_stand(answers))

    def _some(self, batch: Sequence[Found]) -> Iterator[Answer]:
        """Take in a few files and write what receipts they lead to."""
        read = [_read(found) for found in batch]
        files = [(found.path, data) for found, data in zip(batch, read, strict=True) if isinstance(data, bytes)]
        for path, data in files:
            self._places.setdefault(sha256(data), {})[path.parent] = None
        taken = self._take([data for _path, data in files]) if files else ()
        wanted = [self._receipts_of(path.parent, each) for (path, _data), each in zip(files, taken, strict=True)]
        troubles = self._answer_into(list(dict.fromkeys(place for places in wanted for place in places)))
        done = iter(zip(taken, wanted, strict=True))
        for found, content in zip(batch, read, strict=True):
            if isinstance(content, Answer):
                yield content
                continue
            each, places = next(done)
            status = Status.REFUSED if each.receipt is None else each.receipt.status
            trouble = next((troubles[place] for place in reversed(places) if place in troubles), None)
            yield Answer(
                str(found.path), each.sha256, status, each.reason, each.receipt, each.repeated, unwritten=trouble
            )

    def _receipts_of(self, folder: Path, taken: Taken) -> list[tuple[Path, str]]:
        """Return where receipts belong: beside the file, and beside those that it has released."""
        return [
            (place, digest)
            for digest in dict.fromkeys((taken.sha256, *taken.changed))
            for place in dict.fromkeys((folder, *self._places.get(digest, ())))
        ]

    def _key_into(self, folder: Path) -> OSError | None:
        try:
            self._publish(folder)
        except OSError as error:
            return error
        return None

    def _answer_into(self, places: Sequence[tuple[Path, str]]) -> dict[tuple[Path, str], OSError]:
        """Write the newest receipts of files into folders; a folder that cannot be written stops nothing.

        After writing it looks again: another process may have given a newer one meanwhile, and written it first.
        """
        troubles: dict[tuple[Path, str], OSError] = {}
        for _look in range(_LOOKS):
            latest = self._latest({digest for _folder, digest in places}) if places else {}
            written = []
            for folder, digest in places:
                path, given = folder / receipt_name(digest), latest.get(digest)
                try:
                    if given is None or _has(path, given.content):
                        continue
                    write_durable(folder, path.name, given.content)
                except OSError as error:
                    troubles[folder, digest] = error
                else:
                    written.append((folder, digest))
            places = written
        return troubles

    def _as_they_stand(self, answers: Sequence[Answer]) -> Iterator[Answer]:
        """Follow the files that were held first and released by a later one of the same pass."""
        for start in range(0, len(answers), BATCH):
            some = answers[start : start + BATCH]
            held = {each.sha256 for each in some if each.receipt is not None and each.sha256 is not None}
            latest = self._latest(held) if held else {}
            for answer in some:
                given = None if answer.receipt is None else latest.get(answer.sha256 or "")
                if given is None or answer.receipt is None or given.province_seq == answer.receipt.province_seq:
                    yield answer
                else:
                    receipt = read_receipt(given.content)
                    yield replace(answer, receipt=receipt, status=receipt.status, reason=receipt.reason)


def _turn(name: str) -> tuple[str, int, str]:
    """Return what a unit's files are sorted by: a reset's number, not its date, comes before those behind it."""
    found = _PLACE.match(name)
    return (name, 0, "") if found is None else (found["unit"], int(found["seq"]), name)


def _read(found: Found) -> bytes | Answer:
    """Return the bytes of a file, or the answer to one that is not opened or read."""
    name = str(found.path)
    if found.fault is not None:
        return Answer(name, None, Status.REFUSED, found.fault)
    try:
        return read_bounded(found.path)
    except FileRefusedError as error:
        large = error.reason is FileFault.TOO_LARGE
        return Answer(name, None, Status.REFUSED, Refusal.TOO_LARGE.value if large else error.reason.value)
    except OSError:
        return Answer(name, None, Status.REFUSED, NOT_READABLE)


def _has(path: Path, data: bytes) -> bool:
    try:
        return read_bounded(path, limit=len(data)) == data
    except (FileNotFoundError, FileRefusedError):
        return False
