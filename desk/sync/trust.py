"""The province's public key: pinned on first use or by hand, replaced only by a successor that an officer approved.

The keys before it lie beside it. What one of them signed is taken until its last day; what is kept here stays good.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from msgspec import Struct

from desk.daily.files import FileRefusedError, read_bounded, write_durable
from desk.daily.sshsig import KeyFormatError, PublicKey
from desk.sync.ways import PUBLISHED_KEY, Trouble

FORMER_KEYS = "province.former"
"""Name of the file of the keys before the pinned one: a last day and a key on each line, the oldest first."""
_LONGEST = 2000
_LONGEST_FORMER = 64 * 1024


class UntrustedError(Exception):
    """A key that is not to be believed, with its reason."""

    def __init__(self, reason: Trouble) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Pinned(Struct, frozen=True):
    """The key in use, and whether it was taken on trust just now."""

    key: PublicKey
    new: bool = False


class Former(Struct, frozen=True):
    """A key before the pinned one, and the last day on which something new that it signed is taken."""

    key: PublicKey
    until: date


class Trust(Struct, frozen=True):
    """The pinned key and those before it, the oldest first."""

    pin: PublicKey
    former: tuple[Former, ...] = ()

    @property
    def ever(self) -> tuple[PublicKey, ...]:
        """The keys under which what is kept here may have been signed."""
        return (self.pin, *(each.key for each in self.former))

    def on(self, day: date) -> tuple[PublicKey, ...]:
        """Return the keys under which something that arrives on a day is taken."""
        return (self.pin, *(each.key for each in self.former if day <= each.until))


def read_pin(folder: Path) -> PublicKey | None:
    """Return the key pinned in the data folder; UntrustedError if what stands there is not a key."""
    try:
        return parse_key(read_bounded(folder / PUBLISHED_KEY, limit=_LONGEST))
    except FileNotFoundError:
        return None
    except FileRefusedError as error:
        raise UntrustedError(Trouble.KEY_UNREADABLE) from error


def read_trust(folder: Path) -> Trust | None:
    """Return all keys of the data folder, None without a pinned one; UntrustedError if something there is no key."""
    pin = read_pin(folder)
    if pin is None:
        return None
    # Between the two files of a change a key may stand in both.
    return Trust(pin, tuple(each for each in _former(folder) if each.key != pin))


def meet(folder: Path, published: bytes | None, *, keep: bool, day: date = date.max) -> Pinned | None:
    """Hold a published key against the pinned ones; without a pinned one it is taken, and kept if `keep`.

    None where there is neither. A key before the pinned one is met until its last day: the province changes later than
    the officer approves. UntrustedError: another key, or something that is no key.
    """
    trust = read_trust(folder)
    if published is None:
        return None if trust is None else Pinned(trust.pin)
    found = parse_key(published)
    if trust is None:
        if keep:
            _pin(folder, found)
        return Pinned(found, new=True)
    if found not in trust.on(day):
        raise UntrustedError(Trouble.KEY_CHANGED)
    return Pinned(trust.pin)


def succeed(folder: Path, before: str, new: PublicKey, until: date) -> bool:
    """Put an approved successor in the place of the pinned key of a fingerprint; False where another one is pinned.

    UntrustedError, OSError. Cut short, it is done again: the key before is written down first, which changes nothing.
    """
    trust = read_trust(folder)
    if trust is None or trust.pin.fingerprint != before or new in trust.ever:
        return False
    former = (*trust.former, Former(trust.pin, until))
    lines = "".join(f"{each.until.isoformat()} {each.key.line()}\n" for each in former)
    write_durable(folder, FORMER_KEYS, lines.encode())
    _pin(folder, new)
    return True


def parse_key(data: bytes) -> PublicKey:
    """Read the one line of a `.pub` file; UntrustedError if it is not one."""
    try:
        return PublicKey.parse(data.decode("utf-8").strip())
    except (UnicodeDecodeError, KeyFormatError) as error:
        raise UntrustedError(Trouble.KEY_UNREADABLE) from error


def _pin(folder: Path, key: PublicKey) -> None:
    write_durable(folder, PUBLISHED_KEY, f"{key.line('motcua-province')}\n".encode())


def _former(folder: Path) -> Iterator[Former]:
    try:
        text = read_bounded(folder / FORMER_KEYS, limit=_LONGEST_FORMER).decode("utf-8")
    except FileNotFoundError:
        return
    except (FileRefusedError, UnicodeDecodeError) as error:
        raise UntrustedError(Trouble.KEY_UNREADABLE) from error
    for line in text.splitlines():
        until, _blank, key = line.partition(" ")
        try:
            yield Former(PublicKey.parse(key), date.fromisoformat(until))
        except (KeyFormatError, ValueError) as error:
            raise UntrustedError(Trouble.KEY_UNREADABLE) from error
