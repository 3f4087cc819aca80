"""What the province reads out over the phone where a receipt has no way to the commune."""

from __future__ import annotations

from datetime import date

from msgspec import Struct
from sqlalchemy import Connection

from db import province_reading, provinces
from desk.daily.container import Unreadable, open_container
from desk.daily.model import Status
from desk.daily.phone import PhoneKey
from desk.daily.sshsig import SigningKey
from desk.province.model import ProvinceError, ProvinceFault


class Acknowledged(Struct, frozen=True):
    """A file of a unit, what became of it, and the code that says so to the desk that signed it."""

    unit: str
    sha256: str
    seq: int
    day: date
    status: Status
    reason: str
    code: str


def acknowledged(
    connection: Connection, key: SigningKey, unit: str, day: date | None, most: int
) -> tuple[Acknowledged, ...]:
    """Return the files of a day, or the newest few, by number; ProvinceError NOT_ENROLLED for a strange unit."""
    if provinces.unit(connection, unit) is None:
        raise ProvinceError(ProvinceFault.NOT_ENROLLED, unit)
    files = province_reading.files(connection, unit, day or date.min, day or date.max)
    numbered = sorted((each.seq, each.sha256) for each in files if each.seq is not None)
    wanted = numbered if day is not None else numbered[-most:]
    return tuple(_of(connection, key, unit, sha256) for _seq, sha256 in wanted)


def _of(connection: Connection, key: SigningKey, unit: str, sha256: str) -> Acknowledged:
    file = provinces.file_of(connection, unit, sha256)
    parts = open_container(file.content)
    if isinstance(parts, Unreadable) or file.seq is None or file.day is None:
        raise ValueError(sha256)
    status = Status(file.status)
    code = PhoneKey.of_province(key, parts.signature.key).code(unit, sha256, status)
    return Acknowledged(unit, sha256, file.seq, file.day, status, file.reason, code)
