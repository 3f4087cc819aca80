"""Files that survive a power cut, and reading folders that strangers may have written to (a USB stick)."""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from desk.daily.container import LIMIT

_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,126}[a-z0-9_-]|[a-z0-9]")
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")
_PAUSES = (0.01, 0.02, 0.05, 0.1)
"""Waits in seconds while a virus scanner or an indexer holds the old file on Windows."""
_NO_FOLDER_SYNC = {errno.EINVAL, errno.ENOTSUP}


class FileFault(StrEnum):
    """Why a file is neither read nor written."""

    BAD_NAME = "bad_name"
    SYMLINK = "symlink"
    NOT_A_FILE = "not_a_file"
    TOO_LARGE = "too_large"
    DIFFERENT = "different"
    HARD_LINK = "hard_link"


class FileRefusedError(ValueError):
    """A file that is not touched, with its reason code."""

    def __init__(self, reason: FileFault, name: str) -> None:
        super().__init__(f"{reason}: {name!r}")
        self.reason = reason
        self.name = name


def is_safe_name(name: str) -> bool:
    """Return whether a name is of `[a-z0-9_.-]` only and means a plain file on every system."""
    return bool(_NAME.fullmatch(name)) and not _DEVICE.fullmatch(name)


def write_durable(
    folder: Path, name: str, data: bytes, *, pause: Callable[[float], None] = time.sleep, public: bool = False
) -> Path:
    """Write a file so that after a power cut it is there whole or not at all; replaces what has the name.

    Temporary file in the same folder, fsync, rename, fsync of the folder. With `public` whoever may enter the folder
    reads it, whatever the process keeps to itself. Raises FileRefusedError for the name and OSError for the disk; the
    temporary file is taken away then.
    """
    if not is_safe_name(name):
        raise FileRefusedError(FileFault.BAD_NAME, name)
    target = folder / name
    part = folder / f".{secrets.token_hex(8)}.part"
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o644)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            if public:
                part.chmod(0o644)
            os.fsync(stream.fileno())
        _replace(part, target, pause)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync_folder(folder)
    return target


def write_once(folder: Path, name: str, data: bytes, *, pause: Callable[[float], None] = time.sleep) -> Path:
    """Write a file that never changes: the same bytes again change nothing, other bytes are FileRefusedError."""
    if not is_safe_name(name):
        raise FileRefusedError(FileFault.BAD_NAME, name)
    try:
        there = read_bounded(folder / name, limit=len(data))
    except FileNotFoundError:
        return write_durable(folder, name, data, pause=pause)
    except FileRefusedError as error:
        if error.reason is FileFault.TOO_LARGE:
            raise FileRefusedError(FileFault.DIFFERENT, name) from error
        raise
    if there != data:
        raise FileRefusedError(FileFault.DIFFERENT, name)
    sync_folder(folder)
    return folder / name


def read_bounded(path: Path, *, limit: int = LIMIT, single: bool = False) -> bytes:
    """Return the bytes of a regular file of at most `limit` bytes; never follows a link, never waits on a pipe.

    With `single` a file that has a second name somewhere is refused, for that may be anywhere on the disk.
    Raises FileRefusedError, FileNotFoundError, OSError.
    """
    handle = _open(path)
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise FileRefusedError(FileFault.NOT_A_FILE, path.name)
        if single and found.st_nlink > 1:
            raise FileRefusedError(FileFault.HARD_LINK, path.name)
        with os.fdopen(handle, "rb", closefd=False) as stream:
            data = stream.read(limit + 1)
    finally:
        os.close(handle)
    if len(data) > limit:
        raise FileRefusedError(FileFault.TOO_LARGE, path.name)
    return data


def _open(path: Path) -> int:
    if path.is_symlink():
        raise FileRefusedError(FileFault.SYMLINK, path.name)
    flags = os.O_RDONLY
    for wanted in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):
        flags |= getattr(os, wanted, 0)
    try:
        return os.open(path, flags)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise FileRefusedError(FileFault.SYMLINK, path.name) from error
        if error.errno == errno.ENXIO or path.is_dir():
            raise FileRefusedError(FileFault.NOT_A_FILE, path.name) from error
        raise


def sweep(folder: Path) -> int:
    """Take away temporary files a power cut left behind; returns how many. Call it before any writer starts."""
    left = [path for path in folder.glob(".*.part") if not path.is_symlink() and path.is_file()]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def sync_folder(folder: Path) -> None:
    """Make the folder's names durable; does nothing where the system has no such call."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise
    finally:
        os.close(handle)


def _replace(part: Path, target: Path, pause: Callable[[float], None]) -> None:
    for wait in _PAUSES:
        try:
            part.replace(target)
        except PermissionError:
            pause(wait)
        else:
            return
    part.replace(target)
