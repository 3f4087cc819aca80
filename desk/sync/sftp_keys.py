"""The two keys of the SFTP way: the server's, pinned by a setting, and the desk's own, in a file beside its data.

The desk's key lies outside the encrypted database, so that a timer can deliver without the passphrase. It opens the
unit's own two folders and nothing else; what a file says is signed with another key.
"""

from __future__ import annotations

import re
from pathlib import Path

from desk.daily.files import FileRefusedError, read_bounded
from desk.daily.sshsig import KeyFormatError, PublicKey, SigningKey
from desk.settings import make_folder, write_private
from desk.sync.ways import Trouble, WayError

KEY = "sftp.key"
"""The desk's private key in its data folder."""

_FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}")
_TYPE = "ssh-ed25519 "


def host_pins(setting: str, base: Path) -> frozenset[str]:
    """Return the fingerprints of the server keys that are believed; WayError if the setting names none.

    The setting is one or more fingerprints as `ssh-keygen -l` prints them, a public key, or a file of public keys.
    """
    words = setting.split()
    if words and all(word.startswith("SHA256:") for word in words):
        pins = frozenset(word.rstrip("=") for word in words)
        if all(_FINGERPRINT.fullmatch(pin) for pin in pins):
            return pins
        raise WayError(Trouble.BAD_HOST_KEY, whole=True)
    try:
        text = setting.strip()
        if text and not text.startswith(_TYPE):
            text = read_bounded(base / Path(text).expanduser()).decode("utf-8")
        lines = [line for line in text.splitlines() if line.strip()]
        found = frozenset(PublicKey.parse(line).fingerprint for line in lines)
    except (KeyFormatError, FileRefusedError, UnicodeDecodeError, OSError, RuntimeError) as error:
        raise WayError(Trouble.BAD_HOST_KEY, whole=True) from error
    if not found:
        raise WayError(Trouble.BAD_HOST_KEY, whole=True)
    return found


def client_key(folder: Path) -> SigningKey:
    """Return the desk's key, made if there is none; WayError if what stands there is no key, OSError for the disk."""
    try:
        return read_client_key(folder)
    except FileNotFoundError:
        make_folder(folder)
        write_private(folder / KEY, SigningKey.generate().to_openssh())
        # Read back: where two made one at the same time, the one that stands is the one to be enrolled.
        return read_client_key(folder)


def read_client_key(folder: Path) -> SigningKey:
    """Return the desk's key; FileNotFoundError without one, WayError if what stands there is no key."""
    try:
        return SigningKey.from_openssh(read_bounded(folder / KEY))
    except FileNotFoundError:
        raise
    except (KeyFormatError, FileRefusedError, OSError) as error:
        raise WayError(Trouble.SFTP_KEY_UNREADABLE, whole=True) from error
