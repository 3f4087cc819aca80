"""The province's own keys, one after the other: each names the next in what it publishes, and signs until that begins.

The private keys lie in files beside the database, which knows their public halves and their days.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from db import provinces
from db.unit import Records
from desk.daily.container import NS_RECEIPT, Unreadable, open_container, seal
from desk.daily.files import FileRefusedError, read_bounded
from desk.daily.sshsig import KeyFormatError, PublicKey, SigningKey
from desk.daily.successors import PublishedKey
from desk.province import keys
from desk.province.keys import OwnKey
from desk.province.model import ProvinceError, ProvinceFault
from desk.rules.moment import VN
from desk.settings import write_private

LEAD, OVERLAP = timedelta(days=14), timedelta(days=90)
"""How long before it signs a successor is published, and how long the key before it is taken after that."""
_SUCCESSOR = "successor_"


class KeyRing:
    """The keys of one province; read again each day, so that a server changes over by itself."""

    def __init__(self, folder: Path, records: Records, clock: Callable[[], datetime]) -> None:
        self._folder = folder
        self._records = records
        self._clock = clock
        self._read: tuple[date, SigningKey, tuple[OwnKey, ...]] | None = None

    def signer(self) -> SigningKey:
        """Return the key that signs today; ProvinceError NOT_INIT, KEY_MISSING, KEY_OTHER than the database knows."""
        return self._today()[1]

    def own(self) -> tuple[OwnKey, ...]:
        """Return all keys, the oldest first; ProvinceError as for the signer."""
        return self._today()[2]

    def publics(self) -> tuple[PublicKey, ...]:
        """Return the public halves of all keys."""
        return tuple(each.public for each in self.own())

    def fresh(self, receipt: bytes) -> bytes:
        """Return a receipt as it was given, or signed anew where its key is taken no more."""
        over = {each.public for each in self.own() if each.until is not None and each.until < self._day()}
        parts = open_container(receipt) if over else None
        if parts is None or isinstance(parts, Unreadable) or parts.signature.key not in over:
            return receipt
        return seal(parts.payload(), self.signer(), NS_RECEIPT)

    def successor(self, first: date | None, until: date | None) -> PublishedKey:
        """Make the next key and keep it; ProvinceError KEY_WAITS where one waits, BAD_KEY_DAYS."""
        today, own = self._day(), self.own()
        first = first or today + LEAD
        until = until or first + OVERLAP
        if own[-1].first is not None and own[-1].first > today:
            raise ProvinceError(ProvinceFault.KEY_WAITS, f"{own[-1].first:%d/%m/%Y}")
        if first <= today or until < first:
            raise ProvinceError(ProvinceFault.BAD_KEY_DAYS, f"{first:%d/%m/%Y} - {until:%d/%m/%Y}")
        key = SigningKey.generate()
        write_private(self._path(key.public), key.to_openssh())
        return PublishedKey(own[-1].public, key.public, first, until)

    def adopt(self, content: PublishedKey) -> None:
        """Remember a successor that has been published; again is nothing."""
        if content.new in self.publics():
            return
        value = f"{content.first.isoformat()} {content.until.isoformat()} {content.new.line()}"
        with self._records.writing() as work:
            provinces.put_setting(work.connection, f"{_SUCCESSOR}{len(self.own())}", value)
            work.commit()
        self._read = None

    def _day(self) -> date:
        return self._clock().astimezone(VN).date()

    def _today(self) -> tuple[date, SigningKey, tuple[OwnKey, ...]]:
        today = self._day()
        if self._read is None or self._read[0] != today:
            own = self._listed()
            signing = [each for each in own if each.first is None or each.first <= today][-1]
            self._read = (today, self._private(signing.public, is_first=signing.first is None), own)
        return self._read

    def _listed(self) -> tuple[OwnKey, ...]:
        with self._records.reading() as view:
            line = provinces.setting(view.connection, "public_key")
            if line is None:
                raise ProvinceError(ProvinceFault.NOT_INIT, str(self._folder))
            later = list(self._later(lambda name: provinces.setting(view.connection, name)))
        found: list[OwnKey] = [OwnKey(PublicKey.parse(line))]
        for first, until, public in later:
            found[-1] = OwnKey(found[-1].public, found[-1].first, until)
            found.append(OwnKey(public, first))
        return tuple(found)

    def _later(self, setting: Callable[[str], str | None]) -> Iterator[tuple[date, date, PublicKey]]:
        number = 1
        while (value := setting(f"{_SUCCESSOR}{number}")) is not None:
            first, until, line = value.split(" ", 2)
            yield date.fromisoformat(first), date.fromisoformat(until), PublicKey.parse(line)
            number += 1

    def _private(self, public: PublicKey, *, is_first: bool) -> SigningKey:
        path = self._folder / keys.PRIVATE if is_first else self._path(public)
        try:
            key = keys.read_key(self._folder) if is_first else SigningKey.from_openssh(read_bounded(path))
        except (FileNotFoundError, KeyFormatError, FileRefusedError) as error:
            raise ProvinceError(ProvinceFault.KEY_MISSING, str(path)) from error
        if key.public != public:
            raise ProvinceError(ProvinceFault.KEY_OTHER, str(path))
        return key

    def _path(self, public: PublicKey) -> Path:
        return self._folder / f"province-{hashlib.sha256(public.raw).hexdigest()[:16]}.key"


def waiting(own: Sequence[OwnKey], published: Sequence[PublishedKey]) -> PublishedKey | None:
    """Return a successor of the newest key that was published and, cut short, not remembered."""
    return next((each for each in published if each.old == own[-1].public), None)
