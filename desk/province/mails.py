"""Daily files out of saved e-mail: a message is bounded before it is taken apart, and nothing in it but bytes counts.

Neither the sender nor the subject is read: who sent a file says its signature. What an attachment is called only helps
to tell that it is meant to be a daily file; nothing compressed is ever unpacked.
"""

from __future__ import annotations

from collections.abc import Iterator
from email import policy
from email.errors import MessageError
from email.message import Message
from email.parser import BytesParser
from enum import StrEnum

from desk.daily.container import LIMIT, Unreadable, open_container
from desk.daily.messages import MESSAGE_END

MAIL_LIMIT = 1024 * 1024
"""Largest message that is read, in bytes."""
FILES = 8
"""How many attachments of one message are taken in."""

_LINES = 20_000
_NESTS = 16
_PARTS = 64
_LONGEST_HEADER = 2000
_ENDS = (".daily", MESSAGE_END)
_ENCODINGS = frozenset({"base64", "quoted-printable", "7bit", "8bit", "binary", ""})


class MailFault(StrEnum):
    """Why nothing is taken out of a message."""

    TOO_LARGE = "mail_too_large"
    TANGLED = "mail_tangled"
    NO_FILE = "mail_no_file"


class _Part(Message):
    """A part whose parameters are not looked for in headers of a size that nobody writes."""

    def get_boundary(self, failobj: object = None) -> object:  # type: ignore[override]
        """Return the boundary of a multipart, none from a header too long."""
        return failobj if _is_long(self.get("content-type")) else super().get_boundary(failobj)


def files_of(message: bytes) -> list[bytes] | MailFault:
    """Return the daily files attached to a message, as their bytes, or why there are none."""
    if len(message) > MAIL_LIMIT:
        return MailFault.TOO_LARGE
    low = message.lower()
    # The standard parser goes one level deeper with each of these, and looks at every line on every level.
    if low.count(b"boundary") + low.count(b"message/") > _NESTS or message.count(b"\n") > _LINES:
        return MailFault.TANGLED
    try:
        found = list(_attached(BytesParser(_Part, policy=policy.compat32).parsebytes(message)))
    except (MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return MailFault.TANGLED
    if len(found) > FILES:
        return MailFault.TANGLED
    return found or MailFault.NO_FILE


def _attached(message: Message) -> Iterator[bytes]:
    for number, part in enumerate(message.walk()):
        if number >= _PARTS:
            raise ValueError
        if part.is_multipart() or any(_is_long(value) for value in part.values()):
            continue
        named = (part.get_filename() or "").strip().casefold().endswith(_ENDS)
        data = _content(part)
        if len(data) > LIMIT:
            # Of what is meant to be one the ingest shall say that it is too large.
            if named:
                yield data[: LIMIT + 1]
        elif named or not isinstance(open_container(data), Unreadable):
            yield data


def _content(part: Message) -> bytes:
    """Return what a part holds; where it went as text, its lines end as in a daily file."""
    encoding = str(part.get("content-transfer-encoding", "")).strip().lower()
    found = part.get_payload(decode=True) if encoding in _ENCODINGS else b""
    data = found if isinstance(found, bytes) else b""
    return data if encoding == "base64" else data.replace(b"\r\n", b"\n")


def _is_long(header: object) -> bool:
    return len(str(header)) > _LONGEST_HEADER
