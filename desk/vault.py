"""The key of the database: 32 random bytes, kept in `desk.key`, wrapped by a passphrase where one is given.

A wrapped key is opened with Argon2id (64 MiB, 3 passes, over the passphrase in NFC) and ChaCha20-Poly1305. Without a
passphrase the file itself is the key, readable by its owner only: that protects a copied database or backup, not a
stolen PC.
"""

from __future__ import annotations

import json
import secrets
import unicodedata
from enum import StrEnum
from pathlib import Path
from typing import Any

from desk.settings import Paths, write_private

MEMORY_KIB, PASSES, LANES = 64 * 1024, 3, 1
LENGTH = 32


class VaultFault(StrEnum):
    """Why the key cannot be had."""

    MISSING = "missing"
    DAMAGED = "damaged"
    LOCKED = "locked"
    NOT_OPENED = "not_opened"


class VaultError(Exception):
    """The database's key cannot be had."""

    def __init__(self, fault: VaultFault) -> None:
        super().__init__(fault)
        self.fault = fault


def key_file(paths: Paths) -> Path:
    """Return where the key is kept."""
    return paths.folder / "desk.key"


def make_key(paths: Paths, passphrase: str | None) -> bytes:
    """Make the key of a new database and keep it, wrapped if there is a passphrase."""
    key = secrets.token_bytes(LENGTH)
    write_private(key_file(paths), kept(key, passphrase))
    return key


def kept(key: bytes, passphrase: str | None) -> bytes:
    """Return a key as its file holds it: wrapped by the passphrase, plain without one."""
    content: dict[str, Any]
    if passphrase is None:
        content = {"kind": "plain", "key": key.hex()}
    else:
        salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
        content = {
            "kind": "argon2id",
            "memory_kib": MEMORY_KIB,
            "passes": PASSES,
            "lanes": LANES,
            "salt": salt.hex(),
            "nonce": nonce.hex(),
            "wrapped": _cipher(passphrase, salt, MEMORY_KIB, PASSES, LANES).encrypt(nonce, key, None).hex(),
        }
    return json.dumps(content, indent=1).encode()


def open_key(paths: Paths, passphrase: str | None) -> bytes:
    """Return the database's key; VaultError says what is missing or wrong."""
    try:
        return key_in(key_file(paths).read_bytes(), passphrase)
    except FileNotFoundError as error:
        raise VaultError(VaultFault.MISSING) from error


def key_in(kept_as: bytes, passphrase: str | None) -> bytes:
    """Return the key that the content of a key file holds; VaultError says what is wrong with it."""
    try:
        content = json.loads(kept_as)
        if content["kind"] == "plain":
            return _whole(bytes.fromhex(content["key"]))
        if passphrase is None:
            raise VaultError(VaultFault.LOCKED)
        return _unwrapped(content, passphrase)
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise VaultError(VaultFault.DAMAGED) from error


def is_wrapped(kept_as: bytes) -> bool:
    """Say whether the content of a key file opens by a passphrase only."""
    try:
        return bool(json.loads(kept_as)["kind"] != "plain")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise VaultError(VaultFault.DAMAGED) from error


def sealer(key: bytes, purpose: bytes) -> Any:
    """Return the cipher (ChaCha20-Poly1305) of what is sealed beside the database, under a key of its own purpose."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return ChaCha20Poly1305(HKDF(SHA256(), LENGTH, None, purpose).derive(key))


def _unwrapped(content: dict[str, Any], passphrase: str) -> bytes:
    from argon2.exceptions import HashingError
    from cryptography.exceptions import InvalidTag

    try:
        shape = int(content["memory_kib"]), int(content["passes"]), int(content["lanes"])
        cipher = _cipher(passphrase, bytes.fromhex(content["salt"]), *shape)
        return _whole(bytes(cipher.decrypt(bytes.fromhex(content["nonce"]), bytes.fromhex(content["wrapped"]), None)))
    except InvalidTag as error:
        raise VaultError(VaultFault.NOT_OPENED) from error
    except HashingError as error:
        raise VaultError(VaultFault.DAMAGED) from error


def _whole(key: bytes) -> bytes:
    if len(key) != LENGTH:  # SQLCipher would take another length for a passphrase
        raise ValueError(len(key))
    return key


def _cipher(passphrase: str, salt: bytes, memory_kib: int, passes: int, lanes: int) -> Any:
    from argon2.low_level import Type, hash_secret_raw
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    # One keyboard composes a Vietnamese letter, another sends its marks apart.
    secret = unicodedata.normalize("NFC", passphrase).encode()
    return ChaCha20Poly1305(hash_secret_raw(secret, salt, passes, memory_kib, lanes, LENGTH, Type.ID))
