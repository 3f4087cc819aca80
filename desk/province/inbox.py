"""Folders that files come in by: what lies there is read, bounded, never followed or run.

Receipts go beside a file, as on a stick; in the spool of an SFTP server they go into the commune's `out`. Saved e-mail
lies there too, as `*.eml` or in a Maildir: its receipts go into the unit's folder, for no answer goes by mail.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from itertools import islice
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from db.provinces import GivenReceipt
from desk.daily.container import sha256
from desk.daily.files import FileFault, FileRefusedError, is_safe_name, read_bounded, write_durable
from desk.daily.messages import MESSAGE_END
from desk.daily.model import Status
from desk.daily.reasons import Refusal
from desk.daily.receipt import receipt_name
from desk.province import spool
from desk.province.mails import MAIL_LIMIT, MailFault, files_of
from desk.province.model import Answer, Taken
from desk.province.taking import read_receipt

_UNIT = re.compile(r"[0-9]{5}")
_ENDS = (".daily", MESSAGE_END)
_PLACE = re.compile(r"(?P<unit>[0-9]{5})-[0-9]{8}-(?P<seq>[0-9]{6,16})-")
_MAIL_END = ".eml"
_MAILDIR = ("cur", "new", "tmp")
_LOOKS = 3
_AT_ONCE = 16
BATCH = 32
"""How many files are taken in together: a transaction each would cost more than what is done in it."""
NOT_READABLE = "not_readable"
"""Reason of a file that the system would not read."""


Stamp = tuple[int, int, int]
"""What tells a file from what stood there before: its number on the disk, its size, when it was written."""
Seen = dict[Path, Stamp]
"""Files that were merged and have their receipt; of an e-mail, all that it holds."""


class Found(Struct, frozen=True):
    """A file of an inbox, or a unit's folder there; `fault` is the code of why it is not opened.

    `out` is where receipts go if not beside it: the file came over SFTP, and is taken away once it is answered.
    `home` is set for saved e-mail: the folder below which the units' folders are.
    """

    path: Path
    fault: str | None = None
    out: Path | None = None
    home: Path | None = None

    @property
    def answers(self) -> Path:
        """The folder of its receipt, where it did not come by mail."""
        return self.out or self.path.parent


def reach(path: Path) -> None:
    """Do nothing if a path can be listed or is there; OSError if not."""
    if path.is_dir():
        os.scandir(path).close()
    else:
        path.lstat()


def find(path: Path) -> Iterator[Found]:
    """Yield the files, messages and saved e-mail of a folder and of its units' folders by name, or the one named."""
    box = spool.box_of(path)
    if not path.is_dir():
        home = path.parent if box is None and _is_mail(path.name) else None
        yield Found(path, out=None if box is None else box / spool.OUT, home=home)
        return
    if box is not None:
        yield from _brought(box)
        return
    if _is_maildir(path):
        yield from _messages(path, path)
    yield from _lying(path, path)


def _lying(path: Path, home: Path) -> Iterator[Found]:
    try:
        found = _listed(path)
    except OSError:
        yield Found(path, NOT_READABLE)
        return
    for entry in found:
        here = path / entry.name
        if entry.name.casefold().endswith(_ENDS):
            yield Found(here, None if is_safe_name(entry.name) else FileFault.BAD_NAME)
        elif _is_mail(entry.name):
            yield Found(here, home=home)
        elif (_UNIT.fullmatch(entry.name) or spool.is_box(entry.name)) and entry.is_symlink():
            yield Found(here, FileFault.SYMLINK)
        elif path != home or not entry.is_dir(follow_symlinks=False):
            continue
        elif _UNIT.fullmatch(entry.name) or spool.is_box(entry.name):
            if not _UNIT.fullmatch(path.name):
                yield from _brought(here) if spool.is_box(entry.name) else _lying(here, home)
        elif _is_maildir(here):
            yield from _messages(here, home)


def _messages(maildir: Path, home: Path) -> Iterator[Found]:
    """Yield the e-mail of a Maildir; its names are the mail server's own business."""
    for part in ("cur", "new"):
        try:
            found = _listed(maildir / part)
        except OSError:
            yield Found(maildir / part, NOT_READABLE)
            continue
        for entry in found:
            if not entry.name.startswith("."):
                yield Found(maildir / part / entry.name, home=home)


def _is_maildir(folder: Path) -> bool:
    return all((folder / part).is_dir() and not (folder / part).is_symlink() for part in _MAILDIR)


def _is_mail(name: str) -> bool:
    return name.casefold().endswith(_MAIL_END)


def _listed(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: _turn(entry.name))


def _brought(box: Path) -> Iterator[Found]:
    """Yield what a commune has brought over SFTP."""
    incoming, out = box / spool.IN, box / spool.OUT
    for place in (incoming, out):
        if place.is_symlink():
            yield Found(place, FileFault.SYMLINK)
            return
    try:
        names = list(spool.names(incoming))
    except OSError:
        yield Found(incoming, NOT_READABLE)
        return
    for name in names[: spool.MOST]:
        if name.casefold().endswith(_ENDS):
            yield Found(incoming / name, None if is_safe_name(name) else FileFault.BAD_NAME, out)
    if len(names) > spool.MOST:
        yield Found(incoming, spool.TOO_MANY)


class Ingest:
    """One pass over inboxes, some files at a time.

    `take` takes the bytes of several files in, `latest` gives the newest receipts of files by hash, `publish` puts the
    province's key into a folder, for others to read if it is told so.
    `seen` is kept from pass to pass: what is settled and unchanged is not opened again.
    """

    def __init__(
        self,
        take: Callable[[Sequence[bytes]], Sequence[Taken]],
        latest: Callable[[Collection[str]], Mapping[str, GivenReceipt]],
        publish: Callable[[Path, bool], None],
        seen: Seen | None = None,
    ) -> None:
        self._take = take
        self._latest = latest
        self._publish = publish
        self._places: dict[str, dict[Path, None]] = {}
        self._shared: set[Path] = set()
        self._own: set[Path] = set()
        self._seen = seen
        self._stamps: Seen = {}
        self._news = spool.News()

    def run(self, paths: Sequence[Path]) -> tuple[Answer, ...]:
        """Take in every file, in the order of the paths, and answer for each as it stands at the end."""
        answers: list[Answer] = []
        with ThreadPoolExecutor(_AT_ONCE) as hands:
            for path in paths:
                trouble = self._publish_at(path)
                entries = (each for each in find(path) if self._is_news(each))
                while some := list(islice(entries, BATCH)):
                    answers += [replace(each, unwritten=each.unwritten or trouble) for each in self._some(some, hands)]
        found = tuple(self._as_they_stand(answers))
        self._remember(found)
        self._news.sweep(self._latest)
        return found

    def _is_news(self, found: Found) -> bool:
        """Say whether a file is to be opened; the stamp is taken before it is read, so that no change is missed."""
        if self._seen is None or found.fault is not None or found.out is not None:
            return True
        try:
            now = found.path.lstat()
        except OSError:
            return True
        self._stamps[found.path] = (now.st_ino, now.st_size, now.st_mtime_ns)
        return self._seen.get(found.path) != self._stamps[found.path]

    def _remember(self, answers: Sequence[Answer]) -> None:
        if self._seen is None:
            return
        unsettled = {each.file for each in answers if each.status != Status.MERGED or each.unwritten is not None}
        for path in {Path(each.file) for each in answers if each.file not in unsettled} & self._stamps.keys():
            self._seen[path] = self._stamps[path]

    def _some(self, batch: Sequence[Found], hands: Executor) -> Iterator[Answer]:
        """Take in a few files and write what receipts they lead to."""
        read = [(found, _read(found)) for found in batch]
        files = [(found, data) for found, some in read if not isinstance(some, Answer) for data in some]
        for found, data in files:
            if found.home is None:
                self._places.setdefault(sha256(data), {})[found.answers] = None
            if found.out is not None:
                self._shared.add(found.out)
        taken = self._take([data for _found, data in files]) if files else ()
        wanted = [self._receipts_of(found, each) for (found, _data), each in zip(files, taken, strict=True)]
        troubles = self._answer_into(list(dict.fromkeys(place for places in wanted for place in places)), hands)
        done = iter(zip(taken, wanted, strict=True))
        for found, content in read:
            if isinstance(content, Answer):
                yield content
                continue
            for each, places in islice(done, len(content)):
                status = Status.REFUSED if each.receipt is None else each.receipt.status
                trouble = next((troubles[place] for place in reversed(places) if place in troubles), None)
                if found.out is not None and each.receipt is not None and (found.out, each.sha256) not in troubles:
                    with suppress(OSError):  # left lying it is answered again
                        self._take_away(found.path, found.out, each)
                yield Answer(
                    str(found.path), each.sha256, status, each.reason, each.receipt, each.repeated, unwritten=trouble
                )

    def _take_away(self, path: Path, out: Path, taken: Taken) -> None:
        """Take a file away that came over SFTP and is answered, and note what its coming says; OSError."""
        if taken.repeated:
            # Whoever brings it again has not read its receipt, however long that has been there.
            os.utime(out / receipt_name(taken.sha256))
        else:
            # When it was renamed, which is not the sender's to set.
            self._news.came(out, path.lstat().st_ctime, message=path.name.endswith(MESSAGE_END))
        path.unlink()

    def _receipts_of(self, found: Found, taken: Taken) -> list[tuple[Path, str]]:
        """Return where receipts belong: beside the file, and beside those that it has released."""
        folder = found.answers
        if found.home is not None:
            # Without a receipt there is nothing to write, and no unit to write it for.
            if taken.receipt is None:
                return []
            folder = found.home / taken.receipt.unit
            self._own.add(folder)
            self._places.setdefault(taken.sha256, {})[folder] = None
        return [
            (place, digest)
            for digest in dict.fromkeys((taken.sha256, *taken.changed))
            for place in dict.fromkeys((folder, *self._places.get(digest, ())))
        ]

    def _publish_at(self, path: Path) -> OSError | None:
        """Put the key where receipts will lie; a spool itself is the SFTP server's, not ours to write into."""
        box = spool.box_of(path)
        boxes = spool.boxes(path) if box is None else (box,)
        for out in (each / spool.OUT for each in boxes):
            with suppress(OSError):  # its receipts will meet the same, and say so
                if not out.is_symlink():
                    self._publish(out, True)
        try:
            if not boxes:
                self._publish(path if path.is_dir() else path.parent, False)
        except OSError as error:
            return error
        return None

    def _answer_into(self, places: Sequence[tuple[Path, str]], hands: Executor) -> dict[tuple[Path, str], OSError]:
        """Write the newest receipts of files into folders; a folder that cannot be written stops nothing.

        After writing it looks again: another process may have given a newer one meanwhile, and written it first.
        """
        troubles: dict[tuple[Path, str], OSError] = {}
        for _look in range(_LOOKS):
            latest = self._latest({digest for _folder, digest in places}) if places else {}
            wanted = [(place, latest[place[1]].content) for place in places if place[1] in latest]
            places = []
            # Each waits for the disk twice, which takes no longer for many at once.
            for (place, _content), found in zip(wanted, hands.map(self._write, wanted), strict=True):
                if isinstance(found, OSError):
                    troubles[place] = found
                elif found:
                    places.append(place)
        return troubles

    def _write(self, wanted: tuple[tuple[Path, str], bytes]) -> bool | OSError:
        """Write a receipt into a folder; False if it is there already."""
        (folder, digest), content = wanted
        path = folder / receipt_name(digest)
        try:
            if _has(path, content):
                return False
            if folder in self._own:
                _make_own(folder)
            if folder in self._shared:
                write_durable(folder, path.name, content, public=True)
            else:
                write_durable(folder, path.name, content)
        except OSError as error:
            return error
        return True

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


def _read(found: Found) -> Sequence[bytes] | Answer:
    """Return the bytes of a file, those of the files of an e-mail, or the answer to what is not opened or read."""
    name = str(found.path)
    if found.fault is not None:
        return Answer(name, None, Status.REFUSED, found.fault)
    try:
        if found.home is None:
            return [read_bounded(found.path) if found.out is None else read_bounded(found.path, single=True)]
        some = files_of(read_bounded(found.path, limit=MAIL_LIMIT))
    except FileRefusedError as error:
        large = Refusal.TOO_LARGE if found.home is None else MailFault.TOO_LARGE
        reason = large.value if error.reason is FileFault.TOO_LARGE else error.reason.value
        return Answer(name, None, Status.REFUSED, reason)
    except OSError:
        return Answer(name, None, Status.REFUSED, NOT_READABLE)
    return Answer(name, None, Status.REFUSED, some.value) if isinstance(some, MailFault) else some


def _make_own(folder: Path) -> None:
    """Make the folder of a unit whose file came by mail; one that is a link is not written through."""
    if folder.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(folder))
    folder.mkdir(exist_ok=True)


def _has(path: Path, data: bytes) -> bool:
    try:
        return read_bounded(path, limit=len(data)) == data
    except (FileNotFoundError, FileRefusedError):
        return False
