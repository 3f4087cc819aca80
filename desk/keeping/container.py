"""The file of a backup: the encrypted database, what lies beside it sealed under its key, a line of facts, a last line.

The database stands first, as it is: SQLCipher opens the file itself in an emergency. The last line has a fixed length
and holds the length of the facts and the SHA-256 of all before it. The facts can be read by whoever finds the file:
they name the unit and the time, nobody and no dossier. They are bound to what is sealed, so they cannot be exchanged.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

import msgspec
from msgspec import Struct

from desk.rules import moment
from desk.vault import sealer

FORMAT = "motcua.backup/1"
MOST_FACTS = 64 * 1024
MOST_BESIDE = 16 * 1024 * 1024
PIECE = 1024 * 1024

_PURPOSE = b"motcua-desk backup v1"
_NONCE = 12
_LAST = re.compile(re.escape(FORMAT).encode() + rb" ([0-9]{8}) ([0-9a-f]{64})\n")
_LAST_LENGTH = len(FORMAT) + 1 + 8 + 1 + 64 + 1
_UNIT, _SCHEMA, _HEAD = re.compile("[0-9]{5}"), re.compile("[0-9]{4}"), re.compile("[0-9a-f]{64}")


class BackupFault(StrEnum):
    """Why a file is not taken for a backup."""

    NOT_A_BACKUP = "not_a_backup"
    NEWER_FORMAT = "newer_format"
    DAMAGED = "damaged"


class BackupError(Exception):
    """A file that is not taken for a backup."""

    def __init__(self, fault: BackupFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class Facts(Struct, frozen=True):
    """What a backup says of itself; `key` is the content of the key file where a passphrase protects it, else empty.

    `installation` is the fingerprint of the signing key inside, `database` and `beside` are lengths in bytes.
    """

    unit: str
    practice: bool
    made: str
    app: str
    schema: str
    installation: str
    events: int
    head: str
    key: str
    database: int
    beside: int

    @property
    def made_at(self) -> datetime:
        """When it was made, by the clock of the desk."""
        return moment.parse(self.made)

    @property
    def start(self) -> int:
        """Where the facts begin in the file."""
        return self.database + self.beside


def seal_beside(files: Mapping[str, bytes], facts: Facts, key: bytes) -> tuple[bytes, Facts]:
    """Seal the small files of a data folder and return them with the facts they are bound to."""
    plain = json.dumps({name: base64.b64encode(data).decode() for name, data in files.items()}).encode()
    whole = msgspec.structs.replace(facts, beside=_NONCE + len(plain) + 16)
    nonce = secrets.token_bytes(_NONCE)
    return nonce + sealer(key, _PURPOSE).encrypt(nonce, plain, _line(whole)), whole


def open_beside(sealed: bytes, facts: Facts, key: bytes) -> dict[str, bytes]:
    """Return the small files of a backup; BackupError if they or the facts are not what was sealed."""
    from cryptography.exceptions import InvalidTag

    try:
        plain = sealer(key, _PURPOSE).decrypt(sealed[:_NONCE], sealed[_NONCE:], _line(facts))
        return {name: base64.b64decode(data) for name, data in json.loads(plain).items()}
    except (InvalidTag, ValueError) as error:
        raise BackupError(BackupFault.DAMAGED) from error


def finish(stream: BinaryIO, sealed: bytes, facts: Facts) -> str:
    """Write what follows the database and return the SHA-256 of all before the last line."""
    stream.seek(0)
    digest = hashlib.sha256()
    for piece in iter(lambda: stream.read(PIECE), b""):
        digest.update(piece)
    line = _line(facts)
    for piece in (sealed, line):
        stream.write(piece)
        digest.update(piece)
    stream.write(f"{FORMAT} {len(line):08d} {digest.hexdigest()}\n".encode())
    return digest.hexdigest()


def read_facts(path: Path) -> Facts:
    """Return what a file says of itself, its end read alone; BackupError, OSError."""
    with path.open("rb") as stream:
        return _facts(stream)[0]


def check(path: Path) -> Facts:
    """Read a backup to its last byte; BackupError, OSError."""
    with path.open("rb") as stream:
        facts, digest = _facts(stream)
        stream.seek(0)
        _copied(stream, None, facts, digest)
    return facts


def unpack(path: Path, target: BinaryIO) -> tuple[Facts, bytes]:
    """Copy the database out of a backup; return the facts and what is sealed. BackupError, OSError."""
    with path.open("rb") as stream:
        facts, digest = _facts(stream)
        stream.seek(0)
        return facts, _copied(stream, target, facts, digest)


def _copied(stream: BinaryIO, target: BinaryIO | None, facts: Facts, wanted: str) -> bytes:
    digest, left = hashlib.sha256(), facts.database
    while left:
        piece = stream.read(min(PIECE, left))
        if not piece:
            raise BackupError(BackupFault.DAMAGED)
        digest.update(piece)
        left -= len(piece)
        if target is not None:
            target.write(piece)
    sealed = stream.read(facts.beside)
    digest.update(sealed)
    digest.update(stream.read(len(_line(facts))))
    if digest.hexdigest() != wanted:
        raise BackupError(BackupFault.DAMAGED)
    return sealed


def _facts(stream: BinaryIO) -> tuple[Facts, str]:
    """Return the facts and the hash of the last line; nothing of the file is believed that does not fit its length."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - _LAST_LENGTH))
    last = stream.read(_LAST_LENGTH)
    found = _LAST.fullmatch(last)
    if found is None:
        raise BackupError(_strange(last))
    length = int(found[1])
    start = size - _LAST_LENGTH - length
    if length > MOST_FACTS or start < 0:
        raise BackupError(BackupFault.DAMAGED)
    stream.seek(start)
    line = stream.read(length)
    try:
        facts = msgspec.json.decode(line, type=Facts)
        facts.made_at  # noqa: B018 - a time that cannot be read is damage
    except (msgspec.MsgspecError, ValueError, RecursionError, OverflowError) as error:
        raise BackupError(BackupFault.DAMAGED) from error
    whole = _UNIT.fullmatch(facts.unit) and _SCHEMA.fullmatch(facts.schema) and _HEAD.fullmatch(facts.head)
    fits = facts.database > 0 and _NONCE < facts.beside <= MOST_BESIDE and facts.start == start
    if not (whole and fits and line == _line(facts)):
        raise BackupError(BackupFault.DAMAGED)
    return facts, found[2].decode()


def _strange(last: bytes) -> BackupFault:
    return BackupFault.NEWER_FORMAT if re.match(rb"motcua\.backup/[2-9]", last) else BackupFault.NOT_A_BACKUP


def _line(facts: Facts) -> bytes:
    return msgspec.json.encode(facts) + b"\n"
