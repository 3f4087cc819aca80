"""The province's word on a file in twelve digits, for a phone: a note, never the receipt.

The receipt's signature does not fit into what a person reads out, so the digits are a code of the two keys that commune
and province hold of each other since the enrolment: both can make the same secret of their own private key and the
other's public one, nobody else can. A right code says that whoever made it has the province's key (or this desk's own)
and named the exact bytes of one file and what became of it: nobody who only found the file can make it up, nor can it
belong to another file. It proves nothing to a third party, as a signature would, and nine digits are not 64 bytes:
what it says stands beside a file's state and never changes it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

from desk.daily.model import Status
from desk.daily.sshsig import PublicKey, SigningKey
from desk.rules.spoken import NUMBERS, spoken

_PURPOSE = b"motcua-phone/1"


class PhoneKey:
    """The secret of one unit's key and the province's, on either side."""

    def __init__(self, own: SigningKey, other: PublicKey, *, unit: PublicKey, province: PublicKey) -> None:
        """Make it of one's own private key; raises KeyFormatError for a key that agrees with nobody."""
        secret = own.shared_with(other)
        self._secret = hmac.digest(secret, _PURPOSE + unit.raw + province.raw, hashlib.sha256)

    @classmethod
    def of_unit(cls, own: SigningKey, province: PublicKey) -> PhoneKey:
        """Return the secret as the commune makes it."""
        return cls(own, province, unit=own.public, province=province)

    @classmethod
    def of_province(cls, own: SigningKey, unit: PublicKey) -> PhoneKey:
        """Return the secret as the province makes it."""
        return cls(own, unit, unit=unit, province=own.public)

    def code(self, unit: str, sha256: str, status: Status) -> str:
        """Return what is read out: that this file of this unit was merged, held or refused."""
        return spoken(self._number(unit, sha256, status))

    def meant(self, number: int, unit: str, files: Iterable[str]) -> tuple[str, Status] | None:
        """Return which of some files, and what of it, a number that was heard is about; None if none."""
        for sha256 in files:
            for status in Status:
                if self._number(unit, sha256, status) == number:
                    return sha256, status
        return None

    def _number(self, unit: str, sha256: str, status: Status) -> int:
        said = "\n".join((unit, sha256, status.value)).encode("ascii")
        number: int = int.from_bytes(hmac.digest(self._secret, said, hashlib.sha256), "big") % NUMBERS
        return number
