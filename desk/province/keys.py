"""The province's own key, in a file beside the database, and the list of the units' keys in OpenSSH's form."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

from msgspec import Struct

from db.provinces import KeyRow
from desk.daily.container import NS_CATALOGUE, NS_DAILY, NS_MESSAGE, NS_PRACTICE, NS_RECEIPT
from desk.daily.files import FileRefusedError, read_bounded, write_durable
from desk.daily.sshsig import KeyFormatError, PublicKey, SigningKey, allowed_signers_line
from desk.province.model import ProvinceError, ProvinceFault
from desk.rules.moment import VN
from desk.settings import write_private

PRIVATE, PUBLIC, SIGNERS = "province.key", "province.pub", "allowed_signers"
PRINCIPAL = "province"
"""Name of the province itself in `allowed_signers`."""

_DAY = timedelta(days=1)


class OwnKey(Struct, frozen=True):
    """A key of the province, the first day it signs and the last day it is taken, None where they have no bound."""

    public: PublicKey
    first: date | None = None
    until: date | None = None


def make_key(folder: Path) -> SigningKey:
    """Return the key of a new province; one that is there already (a set-up that was cut short) is used."""
    try:
        return read_key(folder)
    except FileNotFoundError:
        key = SigningKey.generate()
        write_private(folder / PRIVATE, key.to_openssh())
        return key


def read_key(folder: Path) -> SigningKey:
    """Read the province's private key; FileNotFoundError without one, ProvinceError if it is not a key."""
    try:
        return SigningKey.from_openssh(read_bounded(folder / PRIVATE))
    except (KeyFormatError, FileRefusedError) as error:
        raise ProvinceError(ProvinceFault.KEY_MISSING, str(folder / PRIVATE)) from error


def public_line(key: PublicKey) -> str:
    """Return the line the province publishes."""
    return key.line("motcua-province")


def publish(folder: Path, key: PublicKey, *, public: bool = False) -> None:
    """Write the public key into a folder unless it is there; `public` as for `write_durable`."""
    wanted = f"{public_line(key)}\n".encode()
    try:
        if read_bounded(folder / PUBLIC, limit=len(wanted)) == wanted:
            return
    except (FileNotFoundError, FileRefusedError):
        pass
    write_durable(folder, PUBLIC, wanted, public=public)


def unit_key(key_line: str) -> PublicKey:
    """Read a unit's `.pub` line; ProvinceError if it is not one."""
    lines = [line for line in key_line.splitlines() if line.strip()]
    try:
        return PublicKey.parse(lines[0] if len(lines) == 1 else "")
    except KeyFormatError as error:
        raise ProvinceError(ProvinceFault.BAD_KEY) from error


def write_signers(folder: Path, own: Sequence[OwnKey], keys: Sequence[KeyRow], *, practice: bool) -> None:
    """Write who may sign what, for `ssh-keygen -Y verify`.

    A live key is valid from the day before its enrolment: OpenSSH reads the bound in the machine's own zone.
    """
    namespaces = (NS_PRACTICE if practice else NS_DAILY, NS_MESSAGE)
    lines = []
    for each in own:
        end = None if practice or each.until is None else datetime.combine(each.until + _DAY, time(), VN)
        lines.append(allowed_signers_line(PRINCIPAL, each.public, (NS_RECEIPT, NS_CATALOGUE), valid_before=end))
    for row in keys:
        since, until = (None if practice else _day_before(row.enrolled_at)), (None if practice else row.retired_at)
        key = PublicKey.parse(row.public_key)
        lines.append(allowed_signers_line(row.unit, key, namespaces, valid_after=since, valid_before=until))
    write_durable(folder, SIGNERS, "".join(lines).encode("ascii"))


def _day_before(at: datetime) -> datetime:
    return datetime.combine(at.astimezone(VN).date() - _DAY, time(), VN)
