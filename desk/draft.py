"""Where half-typed forms wait: one file beside the database, sealed under a key derived from the database's own."""

from __future__ import annotations

import json
import secrets
import threading
from pathlib import Path
from typing import Any

from desk.settings import write_private
from desk.vault import sealer

_PURPOSE = b"motcua-desk drafts v1"
_NONCE = 12


class DraftError(Exception):
    """The kept drafts cannot be opened: damaged, or sealed under another key."""


class DraftStore:
    """Keeps one sealed text in `path`, replaced whole each time, readable by its owner only.

    ChaCha20-Poly1305 under HKDF-SHA256 of `key`, the 32 bytes of the database. OSError comes out where the disk
    refuses; the file of before stands then. Safe to call from any thread.
    """

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._key = key
        self._lock = threading.Lock()

    def save(self, content: bytes) -> None:
        """Keep `content` instead of what was kept."""
        nonce = secrets.token_bytes(_NONCE)
        sealed = self._cipher().encrypt(nonce, content, _PURPOSE)
        with self._lock:
            write_private(self._path, json.dumps({"nonce": nonce.hex(), "sealed": sealed.hex()}).encode())

    def load(self) -> bytes | None:
        """Return what was kept, None if nothing; DraftError if it cannot be opened."""
        from cryptography.exceptions import InvalidTag

        try:
            with self._lock:
                written = json.loads(self._path.read_bytes())
            nonce, sealed = bytes.fromhex(written["nonce"]), bytes.fromhex(written["sealed"])
            return bytes(self._cipher().decrypt(nonce, sealed, _PURPOSE))
        except FileNotFoundError:
            return None
        except (InvalidTag, ValueError, KeyError, TypeError) as error:
            raise DraftError(str(self._path)) from error

    def clear(self) -> None:
        """Keep nothing."""
        with self._lock:
            self._path.unlink(missing_ok=True)

    def _cipher(self) -> Any:
        return sealer(self._key, _PURPOSE)
