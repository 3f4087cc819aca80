"""The reset of a restored or replaced desk (`motcua.reset/1`): where its chain goes on, and what was lost.

It is signed like a daily file and has a place among them, so that the province sees neither a gap nor a fork; nothing
behind it counts before the province has accepted it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from desk.daily.build import file_name
from desk.daily.container import (
    NS_DAILY,
    NS_PRACTICE,
    Json,
    NotStrictError,
    SealError,
    Unreadable,
    open_container,
    seal,
    sha256,
)
from desk.daily.model import PayloadError, read_date, read_instant
from desk.daily.reasons import Refusal
from desk.daily.schema import RESET, fault
from desk.daily.sshsig import SigningKey
from desk.daily.verify import KnownKey, Refused, read_of_unit
from desk.rules import moment

MOST_FILES, MOST_NUMBERS = 400, 400
"""How many lost files and spans of numbers are listed; a backup is younger than that."""


class Link(Struct, frozen=True):
    """A file of the chain: `seq` 0 is the beginning; what is not known of it is None."""

    seq: int
    sha256: str | None = None
    day: date | None = None


class LostFile(Struct, frozen=True):
    """A daily file that the desk no longer has."""

    seq: int
    day: date
    sha256: str


class LostNumbers(Struct, frozen=True):
    """Provisional numbers of one day and desk that citizens may hold: those between `kept` and `next`."""

    day: date
    desk: int
    kept: int
    next: int


class Lost(Struct, frozen=True):
    """What the desk no longer has: all since an instant, these files (and `more`), these numbers."""

    since: datetime | None = None
    files: tuple[LostFile, ...] = ()
    more: int = 0
    numbers: tuple[LostNumbers, ...] = ()

    def payload(self) -> dict[str, Json]:
        """Return it as the signed document has it."""
        return {
            "since": None if self.since is None else moment.text(self.since),
            "files": [{"seq": each.seq, "date": each.day.isoformat(), "sha256": each.sha256} for each in self.files],
            "more": self.more,
            "numbers": [
                {"date": each.day.isoformat(), "desk": each.desk, "kept": each.kept, "next": each.next}
                for each in self.numbers
            ],
        }

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> Lost:
        """Read it back; raises PayloadError."""
        return cls(
            since=None if payload["since"] is None else read_instant(payload["since"]),
            files=tuple(LostFile(each["seq"], read_date(each["date"]), each["sha256"]) for each in payload["files"]),
            more=payload["more"],
            numbers=tuple(
                LostNumbers(read_date(each["date"]), each["desk"], each["kept"], each["next"])
                for each in payload["numbers"]
            ),
        )


class Reset(Struct, frozen=True):
    """What the head of a centre asks the province to accept.

    `old` is the last file known of, `new` the last one still here, `journal_to` and `journal_head` the place of the
    journal from which is counted on, `stock` what was open there by procedure. `officer` approved it, by number.
    """

    unit: str
    unit_name: str
    installation: str
    practice: bool
    day: date
    seq: int
    old: Link
    new: Link
    journal_to: int
    journal_head: str
    stock: Mapping[str, int]
    lost: Lost
    reason: str
    officer: int
    approved_at: datetime
    created: datetime
    app: str

    def payload(self) -> dict[str, Json]:
        """Return the document to sign."""
        return {
            "schema": RESET,
            "unit": self.unit,
            "unit_name": self.unit_name,
            "installation": self.installation,
            "practice": self.practice,
            "date": self.day.isoformat(),
            "seq": self.seq,
            "prev": self.old.sha256,
            "old": _link(self.old),
            "new": {**_link(self.new), "journal": {"to": self.journal_to, "head": self.journal_head}},
            "stock": dict(self.stock),
            "lost": self.lost.payload(),
            "reason": self.reason,
            "approved": {"officer": self.officer, "at": moment.text(self.approved_at)},
            "created": moment.text(self.created),
            "app": self.app,
        }

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> Reset:
        """Read a payload that fits the schema; raises PayloadError for what contradicts itself."""
        old, new = _read_link(payload["old"]), _read_link(payload["new"])
        if not new.seq <= old.seq < payload["seq"]:
            raise PayloadError("numbers out of order")
        if payload["prev"] != old.sha256:
            raise PayloadError("two old heads")
        return cls(
            unit=payload["unit"],
            unit_name=payload["unit_name"],
            installation=payload["installation"],
            practice=payload["practice"],
            day=read_date(payload["date"]),
            seq=payload["seq"],
            old=old,
            new=new,
            journal_to=payload["new"]["journal"]["to"],
            journal_head=payload["new"]["journal"]["head"],
            stock=payload["stock"],
            lost=Lost.from_payload(payload["lost"]),
            reason=payload["reason"],
            officer=payload["approved"]["officer"],
            approved_at=read_instant(payload["approved"]["at"]),
            created=read_instant(payload["created"]),
            app=payload["app"],
        )


class SealedReset(Struct, frozen=True):
    """A reset as bytes, with the name it is kept under."""

    reset: Reset
    data: bytes
    sha256: str
    name: str


class VerifiedReset(Struct, frozen=True):
    """A reset that is what it says."""

    reset: Reset
    sha256: str
    signer: KnownKey


def seal_reset(reset: Reset, key: SigningKey) -> SealedReset:
    """Sign a reset; raises SealError where no province would take it and PayloadError where it contradicts itself."""
    if reset.installation != key.public.fingerprint:
        raise SealError("another installation's key")
    payload = reset.payload()
    wrong = fault(payload, RESET)
    if wrong is not None:
        raise SealError(wrong)
    Reset.from_payload(payload)
    data = seal(payload, key, NS_PRACTICE if reset.practice else NS_DAILY)
    digest = sha256(data)
    return SealedReset(reset, data, digest, file_name(reset.unit, reset.day, reset.seq, digest))


def is_reset(data: bytes) -> bool:
    """Say whether bytes claim to be a reset; nothing is believed."""
    parts = open_container(data)
    if isinstance(parts, Unreadable):
        return False
    try:
        return parts.payload().get("schema") == RESET
    except NotStrictError:
        return False


def verify_reset(data: bytes, keys: Mapping[str, KnownKey], *, practice: bool = False) -> VerifiedReset | Refused:
    """Verify a reset as `verify_daily` does a daily file: key, signature, canonical form, schema, unit."""
    found = read_of_unit(data, keys, RESET, practice=practice)
    if isinstance(found, Refused):
        return found
    signed, signer = found
    try:
        reset = Reset.from_payload(signed.payload)
    except PayloadError as error:
        return Refused(Refusal.BAD_SCHEMA, signed.sha256, signed.key, detail=str(error))
    reason = signer.refuses(reset.unit, reset.installation, reset.seq, as_practice=reset.practice, practice=practice)
    return VerifiedReset(reset, signed.sha256, signer) if reason is None else Refused(reason, signed.sha256, signed.key)


def read_reset(content: bytes) -> Reset:
    """Read a reset that was verified before; ValueError if it is none."""
    parts = open_container(content)
    if isinstance(parts, Unreadable):
        raise ValueError(parts.reason)
    return Reset.from_payload(parts.payload())


def _link(link: Link) -> dict[str, Json]:
    return {"seq": link.seq, "sha256": link.sha256, "date": None if link.day is None else link.day.isoformat()}


def _read_link(payload: Mapping[str, Any]) -> Link:
    day = payload["date"]
    return Link(payload["seq"], payload["sha256"], None if day is None else read_date(day))
