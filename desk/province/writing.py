"""One transaction of a province, again where another one stood in its way."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from db import provinces
from db.errors import RecordError
from db.unit import Records

T = TypeVar("T")

_TRIES = 8
_PAUSE, _LONGEST_PAUSE = 0.05, 1.0


def written(records: Records, work: Callable[[Connection], T], *, locking: bool = False) -> T:
    """Do one transaction; `locking` if it locks its unit first. RecordError: nothing was written."""
    again = Retrying(
        retry=retry_if_exception(lambda error: isinstance(error, RecordError) and provinces.retryable(error)),
        stop=stop_after_attempt(_TRIES),
        wait=wait_random_exponential(_PAUSE, _LONGEST_PAUSE),
        reraise=True,
    )
    found: T = again(_once, records, work, locking)
    return found


def _once(records: Records, work: Callable[[Connection], T], locking: bool) -> T:
    with records.writing(locking=locking) as unit:
        found = work(unit.connection)
        unit.commit()
    return found
