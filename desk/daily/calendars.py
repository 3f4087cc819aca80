"""The province's signed calendar: rows and office hours, believed only under the pinned key."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from desk.daily.container import NS_CATALOGUE, Json, SealError, seal
from desk.daily.reasons import Refusal
from desk.daily.schema import CALENDAR, fault
from desk.daily.sshsig import PublicKey, SigningKey
from desk.daily.verify import Refused, read_signed
from desk.rules.calendar import DayRule, OfficeHours, parse_sessions, write_sessions
from desk.rules.text import clean


class PublishedCalendar(Struct, frozen=True):
    """A calendar as the province publishes it, authoritative from `first` to `last`.

    `number` is that of the publication, None where it is handed over by itself; `unit` is empty where it is for all.
    """

    version: str
    first: date
    last: date
    rows: tuple[DayRule, ...]
    hours: tuple[OfficeHours, ...] = ()
    number: int | None = None
    unit: str = ""

    def payload(self) -> dict[str, Json]:
        """Return the content of the signed line."""
        return {
            **({} if self.number is None else {"number": self.number}),
            **({"unit": self.unit} if self.unit else {}),
            "schema": CALENDAR,
            "version": self.version,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "rows": [
                {
                    "date": row.date.isoformat(),
                    "counts": row.counts,
                    "open": row.open,
                    "note": row.note,
                    "source": row.source,
                }
                for row in self.rows
            ],
            "hours": [
                {"valid_from": each.valid_from.isoformat(), "sessions": list(write_sessions(each.sessions).split())}
                for each in self.hours
            ],
        }

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> PublishedCalendar:
        """Read a payload that fits the schema; ValueError for a date or an hour there is not."""
        return cls(
            payload["version"],
            date.fromisoformat(payload["first"]),
            date.fromisoformat(payload["last"]),
            tuple(
                DayRule(
                    date.fromisoformat(row["date"]),
                    row["counts"],
                    row["open"],
                    clean(row["note"]),
                    clean(row["source"]),
                )
                for row in payload["rows"]
            ),
            tuple(
                OfficeHours(date.fromisoformat(each["valid_from"]), parse_sessions(" ".join(each["sessions"])))
                for each in payload["hours"]
            ),
            payload.get("number"),
            payload.get("unit", ""),
        )


class VerifiedCalendar(Struct, frozen=True):
    """A calendar that the province signed; `sha256` is of the file."""

    calendar: PublishedCalendar
    sha256: str


def seal_calendar(calendar: PublishedCalendar, key: SigningKey) -> bytes:
    """Sign a calendar with the province's key; SealError where no desk would take it."""
    payload = calendar.payload()
    wrong = fault(payload, CALENDAR)
    if wrong is not None:
        raise SealError(wrong)
    return seal(payload, key, NS_CATALOGUE)


def verify_calendar(data: bytes, keys: Collection[PublicKey]) -> VerifiedCalendar | Refused:
    """Verify a calendar against the province's keys: signature, canonical form, schema, real dates and hours."""
    signed = read_signed(data, {key.fingerprint: key for key in keys}, NS_CATALOGUE)
    if isinstance(signed, Refused):
        return signed
    wrong = fault(signed.payload, CALENDAR)
    if wrong is not None:
        return Refused(Refusal.BAD_SCHEMA, signed.sha256, signed.key, detail=wrong)
    try:
        return VerifiedCalendar(PublishedCalendar.from_payload(signed.payload), signed.sha256)
    except ValueError as error:
        return Refused(Refusal.BAD_SCHEMA, signed.sha256, signed.key, detail=ascii(str(error))[:80])
