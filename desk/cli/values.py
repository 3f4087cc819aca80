"""Instants and dates as they are written on the command line and in JSON."""

from __future__ import annotations

import re
from datetime import date, datetime

from desk.cli.status import CommandError, Status
from desk.rules import moment
from desk.words import _

_SERVER = re.compile(r"postgresql(\+psycopg)?://.+", re.DOTALL)


def instant_of(written: str) -> datetime:
    """Read an instant; without a zone it is Viet Nam's. Raises `CommandError`."""
    try:
        return moment.parse(written)
    except ValueError as error:
        text = _("không hiểu thời điểm «{written}», viết như 2026-03-13T10:56").format(written=written)
        raise CommandError(Status.USAGE, text) from error


def instant_or_none(written: str | None) -> datetime | None:
    """Read an instant that may be left out."""
    return None if written is None else instant_of(written)


def date_of(written: str) -> date:
    """Read a date; raises `CommandError`."""
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        text = _("không hiểu ngày «{written}», viết như 2026-03-13").format(written=written)
        raise CommandError(Status.USAGE, text) from error


def instant_json(instant: datetime | None) -> str | None:
    """Return an instant as JSON has it, in Viet Nam's zone."""
    return None if instant is None else moment.text(instant)


def server_of(written: str) -> str:
    """Return the address of a PostgreSQL database, empty where none is named; raises `CommandError`."""
    if written and not _SERVER.fullmatch(written):
        raise CommandError(Status.USAGE, _("--database cần địa chỉ dạng postgresql://máy/cơ-sở"))
    return written
