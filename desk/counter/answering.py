"""A use case in its unit of work: what it returns, or the refusal it raised."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from db.unit import View, Work
from desk.counter.context import Context
from desk.counter.model import Refused, RefusedError

Result = TypeVar("Result")


def written(ctx: Context, use: Callable[[Work], Result]) -> Result | Refused:
    """Do one thing in one transaction; refused, nothing is written. RecordError: nothing was written either."""
    try:
        with ctx.records.writing() as work:
            result = use(work)
            work.commit()
            return result
    except RefusedError as refusal:
        return refusal.refused


def looked_up(ctx: Context, use: Callable[[View], Result]) -> Result | Refused:
    """Read one thing, which may be refused."""
    try:
        with ctx.records.reading() as view:
            return use(view)
    except RefusedError as refusal:
        return refusal.refused
