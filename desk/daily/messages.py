"""Messages of a unit to its province: a difficulty or a question, signed like a daily file but no link of its chain."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct

from desk.daily.container import NS_MESSAGE, Json, SealError, Unreadable, open_container, seal
from desk.daily.reasons import Refusal
from desk.daily.schema import MESSAGE, fault
from desk.daily.sshsig import PublicKey, SigningKey
from desk.daily.verify import KnownKey, Refused, read_signed
from desk.rules.moment import VN
from desk.rules.text import clean

LONGEST_MESSAGE = 2000
"""Characters of one message."""
MESSAGE_END = ".message"

_NUMBER = re.compile(r"(?<![\w-])[0-9](?: ?[0-9]){8,11}(?![\w-])")


class MessageKind(StrEnum):
    """What a unit wants of its province."""

    DIFFICULTY = "difficulty"
    QUESTION = "question"


class UnitMessage(Struct, frozen=True):
    """A message; `number` grows by one per message of an installation."""

    unit: str
    unit_name: str
    installation: str
    practice: bool
    number: int
    created: datetime
    app: str
    kind: MessageKind
    text: str

    def payload(self) -> dict[str, Json]:
        """Return the content of the signed line."""
        return {
            "schema": MESSAGE,
            "unit": self.unit,
            "unit_name": self.unit_name,
            "installation": self.installation,
            "practice": self.practice,
            "number": self.number,
            "created": self.created.astimezone(VN).isoformat(timespec="minutes"),
            "app": self.app,
            "kind": self.kind.value,
            "text": self.text,
        }

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> UnitMessage:
        """Read a payload that fits the schema; ValueError for an instant there is not."""
        return cls(
            payload["unit"],
            clean(payload["unit_name"]),
            payload["installation"],
            payload["practice"],
            payload["number"],
            datetime.fromisoformat(payload["created"]).astimezone(VN),
            payload["app"],
            MessageKind(payload["kind"]),
            clean(payload["text"]),
        )


class VerifiedMessage(Struct, frozen=True):
    """A message that a unit's key signed; `sha256` is of the file."""

    message: UnitMessage
    sha256: str


def seal_message(message: UnitMessage, key: SigningKey) -> bytes:
    """Sign a message; SealError where no province would take it."""
    payload = message.payload()
    wrong = fault(payload, MESSAGE)
    if wrong is not None:
        raise SealError(wrong)
    return seal(payload, key, NS_MESSAGE)


def verify_message(data: bytes, keys: Mapping[str, KnownKey], *, practice: bool) -> VerifiedMessage | Refused:
    """Verify a message against the known keys by fingerprint: signature, schema, unit and kind of centre."""
    public: dict[str, PublicKey] = {fingerprint: known.key for fingerprint, known in keys.items()}
    signed = read_signed(data, public, NS_MESSAGE)
    if isinstance(signed, Refused):
        return signed
    digest, signer = signed.sha256, keys[signed.key.fingerprint]
    wrong = fault(signed.payload, MESSAGE)
    if wrong is not None:
        return Refused(Refusal.BAD_SCHEMA, digest, signed.key, detail=wrong)
    try:
        message = UnitMessage.from_payload(signed.payload)
    except (ValueError, OverflowError) as error:
        return Refused(Refusal.BAD_SCHEMA, digest, signed.key, detail=ascii(str(error))[:80])
    if not message.text:
        return Refused(Refusal.BAD_SCHEMA, digest, signed.key, detail="text")
    if message.unit != signer.unit:
        return Refused(Refusal.WRONG_UNIT, digest, signed.key)
    if message.installation != signer.key.fingerprint:
        return Refused(Refusal.WRONG_INSTALLATION, digest, signed.key)
    if message.practice is not practice:
        return Refused(Refusal.PRACTICE if message.practice else Refusal.NOT_PRACTICE, digest, signed.key)
    if signer.last_seq is not None:
        return Refused(Refusal.RETIRED_KEY, digest, signed.key)
    return VerifiedMessage(message, digest)


def is_message(data: bytes) -> bool:
    """Say whether bytes are signed as a message, nothing verified."""
    parts = open_container(data)
    return not isinstance(parts, Unreadable) and parts.signature.namespace == NS_MESSAGE


def read_message(data: bytes) -> UnitMessage:
    """Read one of our own messages, or one that was verified before, back; ValueError."""
    parts = open_container(data)
    if isinstance(parts, Unreadable):
        raise ValueError(parts.reason)
    return UnitMessage.from_payload(parts.payload())


def message_name(message: UnitMessage, digest: str) -> str:
    """Return the name of a message's file: unit, day, number and the beginning of its SHA-256."""
    day = message.created.astimezone(VN)
    return f"{message.unit}-{day:%Y%m%d}-{message.number:06d}-{digest[:8]}{MESSAGE_END}"


def names_someone(text: str) -> bool:
    """Say whether a text holds what looks like an identity or telephone number."""
    return _NUMBER.search(text) is not None
