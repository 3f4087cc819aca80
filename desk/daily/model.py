"""The daily file and its receipt as frozen values, and their payloads (`motcua.daily/1`, `motcua.receipt/1`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct

from desk.daily.container import Json
from desk.daily.schema import DAILY, RECEIPT
from desk.rules import moment
from desk.rules.tally import Rows, Tally


class PayloadError(ValueError):
    """A payload that fits its schema says something impossible; the message is a short technical reason."""


class JournalSpan(Struct, frozen=True):
    """The interval (after, to] of the journal: `after` is the last event of the previous file, 0 for none.

    `head` is the head of the hash-chained journal at `to`, 64 hexadecimal digits. In the payload `after` is `from`.
    """

    after: int
    to: int
    head: str


class DailyFile(Struct, frozen=True):
    """One sealed interval of one installation; counts only. Instants are whole minutes with their zone.

    `installation` is the fingerprint of the signing key, `prev` the SHA-256 of the installation's previous file (None
    in its first), `app`, `catalogue` and `calendar` the versions at work.
    """

    unit: str
    unit_name: str
    installation: str
    practice: bool
    date: date
    seq: int
    prev: str | None
    journal: JournalSpan
    as_of: datetime
    created: datetime
    app: str
    catalogue: str
    calendar: str
    rows: Rows
    totals: Mapping[str, int]

    @property
    def tally(self) -> Tally:
        """The figures, as `desk.rules.tally.check` takes them."""
        return Tally(self.rows, self.totals)

    def payload(self) -> dict[str, Json]:
        """Return the document to sign."""
        return {
            "schema": DAILY,
            "unit": self.unit,
            "unit_name": self.unit_name,
            "installation": self.installation,
            "practice": self.practice,
            "date": self.date.isoformat(),
            "seq": self.seq,
            "prev": self.prev,
            "journal": {"from": self.journal.after, "to": self.journal.to, "head": self.journal.head},
            "as_of": moment.text(self.as_of),
            "created": moment.text(self.created),
            "app": self.app,
            "catalogue": self.catalogue,
            "calendar": self.calendar,
            "rows": {procedure: dict(line) for procedure, line in self.rows.items()},
            "totals": dict(self.totals),
        }

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> DailyFile:
        """Read a payload that fits the schema; raises PayloadError for dates and positions that cannot be."""
        span = payload["journal"]
        if span["from"] > span["to"]:
            raise PayloadError("journal runs backwards")
        if payload["prev"] is None and payload["seq"] != 1:
            raise PayloadError("prev missing")
        return cls(
            unit=payload["unit"],
            unit_name=payload["unit_name"],
            installation=payload["installation"],
            practice=payload["practice"],
            date=read_date(payload["date"]),
            seq=payload["seq"],
            prev=payload["prev"],
            journal=JournalSpan(span["from"], span["to"], span["head"]),
            as_of=read_instant(payload["as_of"]),
            created=read_instant(payload["created"]),
            app=payload["app"],
            catalogue=payload["catalogue"],
            calendar=payload["calendar"],
            rows=payload["rows"],
            totals=payload["totals"],
        )


class Status(StrEnum):
    """What the province did with a file."""

    MERGED = "merged"
    HELD = "held"
    REFUSED = "refused"


class Receipt(Struct, frozen=True):
    """The province's word on the exact bytes of one file.

    `date` and `seq` are None where the file could not be read; `reason` is a `Refusal` code or None; `expected_seq` the
    next number the province waits for; `province_time` has whole seconds.
    """

    receipt_for: str
    unit: str
    date: date | None
    seq: int | None
    status: Status
    reason: str | None
    expected_seq: int | None
    province_seq: int
    province_time: datetime
    prev_receipt: str | None

    def payload(self) -> dict[str, Json]:
        """Return the document to sign."""
        return {
            "schema": RECEIPT,
            "receipt_for": self.receipt_for,
            "unit": self.unit,
            "date": None if self.date is None else self.date.isoformat(),
            "seq": self.seq,
            "status": self.status.value,
            "reason": self.reason,
            "expected_seq": self.expected_seq,
            "province_seq": self.province_seq,
            "province_time": self.province_time.astimezone(moment.VN).isoformat(timespec="seconds"),
            "prev_receipt": self.prev_receipt,
        }

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> Receipt:
        """Read a payload that fits the schema; raises PayloadError for what contradicts itself."""
        status = Status(payload["status"])
        if (status is Status.REFUSED) and payload["reason"] is None:
            raise PayloadError("refused without a reason")
        return cls(
            receipt_for=payload["receipt_for"],
            unit=payload["unit"],
            date=None if payload["date"] is None else read_date(payload["date"]),
            seq=payload["seq"],
            status=status,
            reason=payload["reason"],
            expected_seq=payload["expected_seq"],
            province_seq=payload["province_seq"],
            province_time=read_instant(payload["province_time"]),
            prev_receipt=payload["prev_receipt"],
        )


def read_date(text: str) -> date:
    """Read a date of a payload; raises PayloadError."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise PayloadError("no such date") from error


def read_instant(text: str) -> datetime:
    """Read an instant of a payload; raises PayloadError."""
    try:
        return datetime.fromisoformat(text).astimezone(moment.VN)
    except (ValueError, OverflowError) as error:
        raise PayloadError("no such instant") from error
