"""A calendar signed by the province, read as one that can be used; anything else is a file with a bad line."""

from __future__ import annotations

from collections.abc import Collection

from desk.counter.reference_files import BadFileError, BadLine, CalendarFile, calendar_file
from desk.daily.calendars import verify_calendar
from desk.daily.reasons import Refusal
from desk.daily.sentences import refusal_sentence
from desk.daily.sshsig import PublicKey
from desk.daily.verify import Refused
from desk.words import _


def is_signed(data: bytes) -> bool:
    """Say whether a file is a signed container and no table."""
    return data.startswith(b"{")


def read_signed_calendar(data: bytes, province: Collection[PublicKey]) -> CalendarFile:
    """Read a calendar signed by a trusted key of the province; BadFileError says why it is not believed."""
    if not province:
        raise BadFileError(BadLine(0, _("chưa ghim khóa của tỉnh: chạy «desk sync» khi đã nối được với tỉnh")))
    found = verify_calendar(data, province)
    if isinstance(found, Refused):
        sentence = refusal_sentence(found.reason)
        if found.reason is Refusal.UNKNOWN_KEY:
            sentence = _("tệp không do khóa của tỉnh mà trung tâm đã ghim ký")
        raise BadFileError(BadLine(0, sentence))
    calendar = found.calendar
    return calendar_file(calendar.version, calendar.first, calendar.last, calendar.rows, calendar.hours, found.sha256)
