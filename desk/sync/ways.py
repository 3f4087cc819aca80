"""The ways a sealed file can go to the province and a receipt come back; here the folder, which a USB stick is too."""

from __future__ import annotations

import errno
import os
from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Protocol, runtime_checkable

from msgspec import Struct

from desk.daily import published
from desk.daily.files import FileFault, FileRefusedError, is_safe_name, read_bounded, write_durable

PUBLISHED_KEY = "province.pub"
"""Name under which a province publishes its public key."""
RECEIPT_END = ".receipt"
_LONGEST_KEY = 2000


class Trouble(StrEnum):
    """Why a file did not get further, or what is wrong with trust in the province."""

    NO_WAY = "no_way"
    UNREACHABLE = "unreachable"
    NOT_WRITABLE = "not_writable"
    DISK_FULL = "disk_full"
    NOT_READABLE = "not_readable"
    DAMAGED_HERE = "damaged_here"
    NO_KEY = "no_key"
    KEY_CHANGED = "key_changed"
    KEY_WAITS = "key_waits"
    KEY_UNREADABLE = "key_unreadable"
    RECEIPTS_DIFFER = "receipts_differ"
    NO_LINE = "no_line"
    LINE_BROKEN = "line_broken"
    TOO_SLOW = "too_slow"
    BUSY = "busy"
    NOT_PROVINCE = "not_province"
    REDIRECTED = "redirected"
    ANSWER_TOO_LARGE = "answer_too_large"
    UNTRUSTED_SERVER = "untrusted_server"
    UNKNOWN_THERE = "unknown_there"
    NOT_TAKEN = "not_taken"
    DAMAGED_THERE = "damaged_there"
    BAD_ADDRESS = "bad_address"
    BAD_CERTIFICATE = "bad_certificate"
    OTHER_HOST_KEY = "other_host_key"
    BAD_HOST_KEY = "bad_host_key"
    LOGIN_REFUSED = "login_refused"
    NO_SFTP_KEY = "no_sftp_key"
    SFTP_KEY_UNREADABLE = "sftp_key_unreadable"
    NO_SFTP = "no_sftp"
    NO_FOLDER_THERE = "no_folder_there"
    FULL_THERE = "full_there"
    MAIL_NO_LINE = "mail_no_line"
    MAIL_STRANGE = "mail_strange"
    MAIL_LATER = "mail_later"
    MAIL_UNTRUSTED = "mail_untrusted"
    MAIL_NO_TLS = "mail_no_tls"
    MAIL_LOGIN = "mail_login"
    MAIL_SENDER = "mail_sender"
    MAIL_RECIPIENT = "mail_recipient"
    MAIL_REFUSED = "mail_refused"
    MAIL_CERTIFICATE = "mail_certificate"
    MAIL_PASSWORD = "mail_password"  # noqa: S105
    MAIL_PASSWORD_OPEN = "mail_password_open"  # noqa: S105


HERE = frozenset(
    {
        Trouble.UNREACHABLE,
        Trouble.NOT_WRITABLE,
        Trouble.DISK_FULL,
        Trouble.NOT_READABLE,
        Trouble.DAMAGED_HERE,
        Trouble.BAD_CERTIFICATE,
        Trouble.BAD_HOST_KEY,
        Trouble.NO_SFTP_KEY,
        Trouble.SFTP_KEY_UNREADABLE,
        Trouble.NO_SFTP,
        Trouble.MAIL_CERTIFICATE,
        Trouble.MAIL_PASSWORD,
        Trouble.MAIL_PASSWORD_OPEN,
    }
)
"""Troubles of this machine: its disks and folders."""
LINE = frozenset(
    {
        Trouble.NO_LINE,
        Trouble.LINE_BROKEN,
        Trouble.TOO_SLOW,
        Trouble.BUSY,
        Trouble.NOT_PROVINCE,
        Trouble.REDIRECTED,
        Trouble.ANSWER_TOO_LARGE,
        Trouble.MAIL_NO_LINE,
        Trouble.MAIL_STRANGE,
    }
)
"""Troubles that may be over in a moment: another attempt is worth while."""
LATER = frozenset({Trouble.MAIL_LATER})
"""Troubles that pass by themselves, but not in a moment."""
MAIL_SAYS_NO = frozenset(
    {
        Trouble.MAIL_UNTRUSTED,
        Trouble.MAIL_NO_TLS,
        Trouble.MAIL_LOGIN,
        Trouble.MAIL_SENDER,
        Trouble.MAIL_RECIPIENT,
        Trouble.MAIL_REFUSED,
    }
)
"""Answers of a mail server that somebody has to do something about."""


class WayError(Exception):
    """A way did not do what was asked: one file only, or (`whole`) nothing can go by it now."""

    def __init__(self, reason: Trouble, *, whole: bool = False) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.whole = whole


class Fetched(Struct, frozen=True):
    """A receipt that lay ready: its bytes, or the code of why they were not read."""

    name: str
    data: bytes | None
    reason: str = ""


class Way(Protocol):
    """One way to the province; attempts are short and may be repeated for ever."""

    @property
    def name(self) -> str:
        """The name kept with each file that went by it."""

    def published(self) -> bytes | None:
        """Return the province's published key, None if there is none; WayError if the way is not there."""

    def offer(self, name: str, data: bytes) -> bool | Fetched:
        """Bring a file there; False if the same bytes are there already, else True or the receipt that came at once.

        WayError if not.
        """

    def fetch(self, skip: Collection[str] = ()) -> Iterator[Fetched]:
        """Yield the receipts that lie ready, but for the names in `skip`; WayError if the way is not there."""


@runtime_checkable
class PublishingWay(Way, Protocol):
    """A way that also brings what the province publishes."""

    def listed(self, after: int) -> Sequence[str]:
        """Return the names of what is published, those numbered above `after` at least, by number; WayError."""

    def take(self, name: str, folder: Path) -> bytes:
        """Return the bytes of a published file, kept in parts in `folder` where they come slowly; WayError."""


@runtime_checkable
class OnlineWay(Way, Protocol):
    """A way over a line, where every question costs: asked for the key once, and for receipts only if some are lost."""

    @property
    def where(self) -> str:
        """What tells it from another of its kind."""

    def lost(self, after: int) -> Iterator[Fetched]:
        """Yield the receipts that the province has numbered above `after`; WayError if the way is not there."""

    def close(self) -> None:
        """Give the line back; the next question takes a fresh one."""


@runtime_checkable
class AnsweringLater(OnlineWay, Protocol):
    """A way over a line on which the receipt of a file comes some time after the file."""

    def answers(self, digests: Collection[str], *, wait: bool) -> Iterator[Fetched]:
        """Yield the receipts of files by SHA-256: those that are there, with `wait` those that come within a moment.

        WayError if the line fails.
        """


@runtime_checkable
class BlindWay(OnlineWay, Protocol):
    """A way over a line by which no receipt comes back, for where nothing else works: it is used sparingly."""

    spare: timedelta
    """How long a file that went by it is left alone, whoever asks."""


def place_of(way: Way) -> str:
    """Return what tells a way from every other: where it goes, else its name."""
    where = getattr(way, "where", "")
    return f"{way.name} {where}" if isinstance(where, str) else way.name


class FolderWay:
    """A folder that carries files: a USB stick, a share, the inbox of an SFTP server; one sub-folder per unit.

    Only the unit's sub-folder is made: where the folder itself is not there, the stick is not in.
    """

    name = "folder"

    def __init__(self, folder: Path, unit: str) -> None:
        self.where = str(folder.absolute())
        self._folder = folder
        self._own = folder / unit

    def published(self) -> bytes | None:
        """Return the key published in the folder, else in the unit's own; WayError without the folder."""
        self._reach()
        for place in (self._folder, self._own):
            try:
                return read_bounded(place / PUBLISHED_KEY, limit=_LONGEST_KEY)
            except (FileNotFoundError, NotADirectoryError):
                continue
            except (FileRefusedError, OSError) as error:
                raise WayError(Trouble.KEY_UNREADABLE) from error
        return None

    def offer(self, name: str, data: bytes) -> bool:
        """Write a file durably under its name; what has the name but not the bytes is replaced."""
        self._reach()
        try:
            if self._own.is_symlink():
                raise WayError(Trouble.NOT_WRITABLE, whole=True)
            self._own.mkdir(exist_ok=True)
            if self._has(name, data):
                return False
            write_durable(self._own, name, data)
        except FileRefusedError as error:
            raise WayError(Trouble.NOT_WRITABLE) from error
        except OSError as error:
            raise WayError(_trouble(error)) from error
        return True

    def fetch(self, skip: Collection[str] = ()) -> Iterator[Fetched]:
        """Yield the receipts in the unit's sub-folder by name, bounded and never through a link."""
        self._reach()
        try:
            if self._own.is_symlink():
                raise WayError(Trouble.NOT_READABLE, whole=True)
            names = sorted(entry.name for entry in os.scandir(self._own) if entry.name.endswith(RECEIPT_END))
        except FileNotFoundError:
            return
        except OSError as error:
            raise WayError(Trouble.NOT_READABLE) from error
        for name in names:
            if name in skip:
                continue
            if not is_safe_name(name):
                yield Fetched(name, None, FileFault.BAD_NAME)
                continue
            try:
                yield Fetched(name, read_bounded(self._own / name))
            except FileRefusedError as error:
                yield Fetched(name, None, error.reason)
            except FileNotFoundError:
                continue
            except OSError:
                yield Fetched(name, None, Trouble.NOT_READABLE)

    def listed(self, after: int) -> Sequence[str]:  # noqa: ARG002 - looking costs nothing
        """Return the names of published files in the folder and in the unit's own, by number."""
        self._reach()
        names: set[str] = set()
        for place in (self._folder, self._own):
            try:
                if not place.is_symlink():
                    names |= {entry.name for entry in os.scandir(place) if published.name_parts(entry.name)}
            except (FileNotFoundError, NotADirectoryError):
                continue
            except OSError as error:
                raise WayError(Trouble.NOT_READABLE) from error
        return sorted(names, key=lambda name: published.name_parts(name) or (0, ""))

    def take(self, name: str, folder: Path) -> bytes:  # noqa: ARG002 - nothing comes in parts
        """Return a published file, bounded and never through a link."""
        for place in (self._folder, self._own):
            try:
                return read_bounded(place / name, limit=published.PUBLISHED_LIMIT)
            except (FileNotFoundError, NotADirectoryError):
                continue
            except (FileRefusedError, OSError) as error:
                raise WayError(Trouble.NOT_READABLE) from error
        raise WayError(Trouble.UNREACHABLE)

    def _reach(self) -> None:
        try:
            there = self._folder.is_dir()
        except OSError as error:
            raise WayError(Trouble.UNREACHABLE, whole=True) from error
        if not there:
            raise WayError(Trouble.UNREACHABLE, whole=True)

    def _has(self, name: str, data: bytes) -> bool:
        try:
            return read_bounded(self._own / name, limit=len(data)) == data
        except (FileNotFoundError, FileRefusedError):
            return False


def _trouble(error: OSError) -> Trouble:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return Trouble.DISK_FULL
    if error.errno in {errno.ENOENT, errno.ENODEV, errno.EIO, errno.ENXIO}:
        return Trouble.UNREACHABLE
    return Trouble.NOT_WRITABLE
