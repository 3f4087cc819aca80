"""What the province publishes: calendar, catalogue, communes, messages; each signed by itself, numbered in one row.

Whether a version is newer than the installed one, and what it changes, the desk says; here a file is only believed.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from desk.daily.calendars import PublishedCalendar
from desk.daily.container import NS_CATALOGUE, Json, SealError, seal, sha256
from desk.daily.model import PayloadError
from desk.daily.reasons import Refusal
from desk.daily.schema import CALENDAR, CATALOGUE, KEY, NOTICE, UNITS, fault
from desk.daily.sshsig import PublicKey, SigningKey
from desk.daily.successors import PublishedKey
from desk.daily.units import PublishedUnits
from desk.daily.verify import Refused, read_signed
from desk.rules.moment import VN
from desk.rules.text import clean

PUBLISHED_LIMIT = 1024 * 1024
"""Largest published file that is read, in bytes: a national catalogue is a fifth of that."""
LONGEST_TEXT = 4000

_NAME = re.compile(r"p(?P<number>[0-9]{6,16})-(?P<sha256>[0-9a-f]{64})\.published")


class PublishedKind(StrEnum):
    """What a published file is."""

    CALENDAR = "calendar"
    CATALOGUE = "catalogue"
    MESSAGE = "message"
    UNITS = "units"
    KEY = "key"


class PublishedCatalogue(Struct, frozen=True):
    """A catalogue in the columns of the shipped one, as text."""

    version: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    number: int = 0
    unit: str = ""

    def payload(self) -> dict[str, Json]:
        """Return the content of the signed line."""
        return {
            **({"unit": self.unit} if self.unit else {}),
            "schema": CATALOGUE,
            "number": self.number,
            "version": self.version,
            "columns": list(self.columns),
            "rows": [list(row) for row in self.rows],
        }

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> PublishedCatalogue:
        """Read a payload that fits the schema; ValueError where a row has not the columns."""
        columns, rows = tuple(payload["columns"]), tuple(tuple(row) for row in payload["rows"])
        if any(len(row) != len(columns) for row in rows):
            raise ValueError("columns")
        return cls(payload["version"], columns, rows, payload["number"], payload.get("unit", ""))

    @classmethod
    def from_table(cls, version: str, table: bytes) -> PublishedCatalogue:
        """Take the table of a catalogue file that reads well; its headings are left out."""
        text = table.decode("utf-8-sig")
        while text.startswith("#"):
            text = text.partition("\n")[2]
        head, *rows = csv.reader(io.StringIO(text, newline=""))
        return cls(version, tuple(head), tuple(tuple(map(clean, row)) for row in rows if row))

    def table(self) -> bytes:
        """Return the catalogue as the table it came from."""
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows([self.columns, *self.rows])
        return text.getvalue().encode()


class Notice(Struct, frozen=True):
    """A message of the province; `about` is the SHA-256 of the unit's message that it answers, empty for none."""

    text: str
    published: datetime
    about: str = ""
    number: int = 0
    unit: str = ""

    def payload(self) -> dict[str, Json]:
        """Return the content of the signed line."""
        return {
            **({"unit": self.unit} if self.unit else {}),
            **({"about": self.about} if self.about else {}),
            "schema": NOTICE,
            "number": self.number,
            "published": self.published.astimezone(VN).isoformat(timespec="minutes"),
            "text": self.text,
        }

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> Notice:
        """Read a payload that fits the schema; ValueError for an instant there is not."""
        at = datetime.fromisoformat(payload["published"]).astimezone(VN)
        text = "\n".join(map(clean, payload["text"].splitlines()))
        return cls(text, at, payload.get("about", ""), payload["number"], payload.get("unit", ""))


Content: TypeAlias = PublishedCalendar | PublishedCatalogue | Notice | PublishedUnits | PublishedKey

_Form: TypeAlias = (
    type[PublishedCalendar] | type[PublishedCatalogue] | type[Notice] | type[PublishedUnits] | type[PublishedKey]
)
_SCHEMAS: Mapping[str, tuple[PublishedKind, _Form]] = {
    CALENDAR: (PublishedKind.CALENDAR, PublishedCalendar),
    CATALOGUE: (PublishedKind.CATALOGUE, PublishedCatalogue),
    NOTICE: (PublishedKind.MESSAGE, Notice),
    UNITS: (PublishedKind.UNITS, PublishedUnits),
    KEY: (PublishedKind.KEY, PublishedKey),
}


class Published(Struct, frozen=True):
    """A file that the province signed; `unit` is empty where it is for all, `version` where it has none."""

    kind: PublishedKind
    number: int
    unit: str
    version: str
    content: Content
    sha256: str

    @property
    def name(self) -> str:
        """The name it goes by in folders."""
        return published_name(self.number, self.sha256)


def seal_published(content: Content, number: int, unit: str, key: SigningKey) -> bytes:
    """Sign what is to be published under its number; SealError where no desk would take it."""
    payload = replace(content, number=number, unit=unit).payload()
    wrong = fault(payload, str(payload["schema"]))
    if wrong is not None:
        raise SealError(wrong)
    return seal(payload, key, NS_CATALOGUE, limit=PUBLISHED_LIMIT)


def read_published(data: bytes, keys: Collection[PublicKey], unit: str | None = None) -> Published | Refused:
    """Believe a published file: signature, canonical form, schema, and with `unit` that it is for that one."""
    signed = read_signed(data, {key.fingerprint: key for key in keys}, NS_CATALOGUE, limit=PUBLISHED_LIMIT)
    if isinstance(signed, Refused):
        return signed
    schema = signed.payload.get("schema")
    if not isinstance(schema, str) or schema not in _SCHEMAS:
        return Refused(Refusal.BAD_SCHEMA, signed.sha256, signed.key, detail="schema")
    wrong = fault(signed.payload, schema)
    if wrong is not None:
        return Refused(Refusal.BAD_SCHEMA, signed.sha256, signed.key, detail=wrong)
    kind, form = _SCHEMAS[schema]
    try:
        content = form.from_payload(signed.payload)
    except (ValueError, OverflowError, PayloadError) as error:
        return Refused(Refusal.BAD_SCHEMA, signed.sha256, signed.key, detail=ascii(str(error))[:80])
    if unit is not None and content.unit not in {"", unit}:
        return Refused(Refusal.WRONG_UNIT, signed.sha256, signed.key)
    if isinstance(content, PublishedKey) and content.old != signed.key:
        return Refused(Refusal.WRONG_CHAIN, signed.sha256, signed.key)
    version = "" if isinstance(content, Notice | PublishedKey) else content.version
    return Published(kind, content.number or 0, content.unit, version, content, signed.sha256)


def published_name(number: int, digest: str) -> str:
    """Return the name of a published file: its number and its SHA-256."""
    return f"p{number:06d}-{digest}.published"


def name_parts(name: str) -> tuple[int, str] | None:
    """Return number and SHA-256 of a published file's name, None for another name."""
    found = _NAME.fullmatch(name)
    return None if found is None else (int(found["number"]), found["sha256"])


def is_whole(name: str, data: bytes) -> bool:
    """Say whether bytes are those that a published file's name speaks of."""
    parts = name_parts(name)
    return parts is not None and sha256(data) == parts[1]


def version_order(version: str) -> tuple[int, ...]:
    """Return what versions are ordered by."""
    return tuple(map(int, version.split(".")))
