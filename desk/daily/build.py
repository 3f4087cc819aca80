"""From a balanced tally to a sealed daily file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from msgspec import Struct

from desk.daily.container import NS_DAILY, NS_PRACTICE, SealError, seal, sha256
from desk.daily.model import DailyFile, JournalSpan
from desk.daily.schema import DAILY, fault
from desk.daily.sshsig import SigningKey
from desk.rules.moment import minute
from desk.rules.tally import Imbalance, Tally, check


class NotBalancedError(ValueError):
    """The figures do not balance; nothing is sealed. `imbalances` says where."""

    def __init__(self, imbalances: tuple[Imbalance, ...]) -> None:
        super().__init__(f"{len(imbalances)} figures do not balance")
        self.imbalances = imbalances


class Sealed(Struct, frozen=True):
    """A daily file as bytes, with the name it is kept under."""

    daily: DailyFile
    data: bytes
    sha256: str
    name: str


def build(
    figures: Tally,
    carried: Mapping[str, int],
    *,
    unit: str,
    unit_name: str,
    installation: str,
    practice: bool,
    date: date,
    seq: int,
    prev: str | None,
    journal: JournalSpan,
    as_of: datetime,
    created: datetime,
    app: str,
    catalogue: str,
    calendar: str,
) -> DailyFile:
    """Return the daily file of checked figures; `carried` is the stock of the file before by procedure.

    Raises NotBalancedError.
    """
    imbalances = check(figures, carried)
    if imbalances:
        raise NotBalancedError(imbalances)
    return DailyFile(
        unit=unit,
        unit_name=unit_name,
        installation=installation,
        practice=practice,
        date=date,
        seq=seq,
        prev=prev,
        journal=journal,
        as_of=minute(as_of),
        created=minute(created),
        app=app,
        catalogue=catalogue,
        calendar=calendar,
        rows=figures.rows,
        totals=figures.totals,
    )


def seal_daily(daily: DailyFile, key: SigningKey) -> Sealed:
    """Sign a daily file, in a practice centre for practice only.

    Raises SealError where the file would not be taken by any province (its schema, its key, its size) and PayloadError
    where it contradicts itself.
    """
    if daily.installation != key.public.fingerprint:
        raise SealError("another installation's key")
    payload = daily.payload()
    wrong = fault(payload, DAILY)
    if wrong is not None:
        raise SealError(wrong)
    DailyFile.from_payload(payload)
    data = seal(payload, key, NS_PRACTICE if daily.practice else NS_DAILY)
    digest = sha256(data)
    return Sealed(daily, data, digest, daily_name(daily, digest))


def daily_name(daily: DailyFile, digest: str) -> str:
    """Return the file's name: unit, date, number, and the start of its SHA-256."""
    return file_name(daily.unit, daily.date, daily.seq, digest)


def file_name(unit: str, day: date, seq: int, digest: str) -> str:
    """Return the name of what has a place in a unit's chain."""
    return f"{unit}-{day:%Y%m%d}-{seq:06d}-{digest[:8]}.daily"
