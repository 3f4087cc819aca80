"""The province's public key: pinned on first use or by hand, never replaced by what comes in."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from desk.daily.files import FileRefusedError, read_bounded, write_durable
from desk.daily.sshsig import KeyFormatError, PublicKey
from desk.sync.ways import PUBLISHED_KEY, Trouble

_LONGEST = 2000


class UntrustedError(Exception):
    """A key that is not to be believed, with its reason."""

    def __init__(self, reason: Trouble) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Pinned(Struct, frozen=True):
    """The key in use, and whether it was taken on trust just now."""

    key: PublicKey
    new: bool = False


def read_pin(folder: Path) -> PublicKey | None:
    """Return the key pinned in the data folder; UntrustedError if what stands there is not a key."""
    try:
        return parse_key(read_bounded(folder / PUBLISHED_KEY, limit=_LONGEST))
    except FileNotFoundError:
        return None
    except FileRefusedError as error:
        raise UntrustedError(Trouble.KEY_UNREADABLE) from error


def meet(folder: Path, published: bytes | None, *, keep: bool) -> Pinned | None:
    """Hold a published key against the pinned one; without a pinned one it is taken, and kept if `keep`.

    None where there is neither. UntrustedError: another key than the pinned one, or something that is no key.
    """
    pinned = read_pin(folder)
    if published is None:
        return None if pinned is None else Pinned(pinned)
    found = parse_key(published)
    if pinned is None:
        if keep:
            write_durable(folder, PUBLISHED_KEY, f"{found.line('motcua-province')}\n".encode())
        return Pinned(found, new=True)
    if found != pinned:
        raise UntrustedError(Trouble.KEY_CHANGED)
    return Pinned(pinned)


def parse_key(data: bytes) -> PublicKey:
    """Read the one line of a `.pub` file; UntrustedError if it is not one."""
    try:
        return PublicKey.parse(data.decode("utf-8").strip())
    except (UnicodeDecodeError, KeyFormatError) as error:
        raise UntrustedError(Trouble.KEY_UNREADABLE) from error
