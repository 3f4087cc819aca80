"""Who may read the page of the province's office: names and Argon2id hashes in a file beside the database.

Only the command on the machine writes it; the page reads it and can change nothing.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from desk.settings import write_private
from desk.sync.lock import exclusive

if TYPE_CHECKING:
    from argon2 import PasswordHasher

FILE = "page-users.json"
SHORTEST, LONGEST = 10, 128
"""Characters of a password."""
MEMORY_KIB, PASSES, LANES = 19 * 1024, 2, 1
"""OWASP's smallest recommended Argon2id: some 50 ms, so that a server with little memory can bear a few at once."""

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
_FEWEST = 5
_LARGEST = 1024 * 1024


class UserFault(StrEnum):
    """Why a user is not written or read."""

    BAD_NAME = "bad_name"
    TAKEN = "taken"
    UNKNOWN = "unknown"
    SHORT = "short"
    WEAK = "weak"
    DAMAGED = "damaged"


class UserError(Exception):
    """A user cannot be written or read, with its reason; `detail` is a name or a path."""

    def __init__(self, fault: UserFault, detail: str = "") -> None:
        super().__init__(f"{fault}: {detail}" if detail else str(fault))
        self.fault = fault
        self.detail = detail


class User(Struct, frozen=True):
    """A reader of the page; `kept` is the hash of the password."""

    name: str
    kept: str


class Users:
    """The file of users; the same from several processes, the last whole version of it always readable."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._read: tuple[tuple[int, int, int], Mapping[str, User]] | None = None

    def all(self) -> Mapping[str, User]:
        """Return the users by name, read again only where the file has changed; UserError DAMAGED."""
        try:
            info = self._path.stat()
        except FileNotFoundError:
            return {}
        mark = (info.st_mtime_ns, info.st_size, info.st_ino)
        if self._read is None or self._read[0] != mark:
            self._read = mark, _parsed(self._path)
        return self._read[1]

    def add(self, name: str, password: str) -> None:
        """Add a user; UserError BAD_NAME, TAKEN, or a password that is not fit."""
        if not _NAME.fullmatch(name):
            raise UserError(UserFault.BAD_NAME, name)
        kept = sealed(name, password)
        with exclusive(self._lock()):
            users = dict(self.all())
            if name in users:
                raise UserError(UserFault.TAKEN, name)
            self._write({**users, name: User(name, kept)})

    def reset(self, name: str, password: str) -> None:
        """Give a user another password, which ends the sessions of the old one; UserError UNKNOWN, or not fit."""
        kept = sealed(name, password)
        with exclusive(self._lock()):
            users = dict(self.all())
            if name not in users:
                raise UserError(UserFault.UNKNOWN, name)
            self._write({**users, name: User(name, kept)})

    def remove(self, name: str) -> None:
        """Take a user off the list, which ends the user's sessions; UserError UNKNOWN."""
        with exclusive(self._lock()):
            users = dict(self.all())
            if users.pop(name, None) is None:
                raise UserError(UserFault.UNKNOWN, name)
            self._write(users)

    def _lock(self) -> Path:
        return self._path.with_name(f".{FILE}.lock")

    def _write(self, users: Mapping[str, User]) -> None:
        rows = [{"name": user.name, "password": user.kept} for _name, user in sorted(users.items())]
        write_private(self._path, (json.dumps({"users": rows}, indent=2) + "\n").encode())


def sealed(name: str, password: str) -> str:
    """Return the hash to keep of a password; UserError SHORT or WEAK if it is not fit."""
    text = _normal(password)
    if not SHORTEST <= len(text) <= LONGEST:
        raise UserError(UserFault.SHORT)
    if len(set(text)) < _FEWEST or name in text.casefold():
        raise UserError(UserFault.WEAK)
    return _hasher().hash(text)


def matches(user: User | None, password: str) -> bool:
    """Say whether a password is a user's; for nobody it takes as long, so that names cannot be found out."""
    from argon2.exceptions import InvalidHashError, VerificationError

    if len(password) > LONGEST:
        return False
    kept = _nobody() if user is None else user.kept
    try:
        return _hasher().verify(kept, _normal(password)) and user is not None
    except (VerificationError, InvalidHashError):
        return False


_NOBODY: list[str] = []


def _nobody() -> str:
    """Return a hash that no password has."""
    if not _NOBODY:
        import secrets

        _NOBODY.append(_hasher().hash(secrets.token_hex(32)))
    return _NOBODY[0]


def _normal(password: str) -> str:
    return unicodedata.normalize("NFC", password)


def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)


def _parsed(path: Path) -> Mapping[str, User]:
    try:
        with path.open("rb") as file:
            rows = json.loads(file.read(_LARGEST))["users"]
        return {str(row["name"]): User(str(row["name"]), str(row["password"])) for row in rows}
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(UserFault.DAMAGED, str(path)) from error
