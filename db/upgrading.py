"""What is done while a database is brought to a newer schema: a big one is checked for minutes, and somebody waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum

from msgspec import Struct


class Stage(StrEnum):
    """What is being done, in this order."""

    STEPS = "steps"
    LINKS = "links"
    WHOLE = "whole"


class Upgrading(Struct, frozen=True):
    """A stage that begins, and how big the database is: its time goes with that; 0 where nobody knows."""

    stage: Stage
    megabytes: int


Heard = Callable[[Upgrading], None]

_HEARD: ContextVar[Heard | None] = ContextVar("heard", default=None)


@contextmanager
def heard_by(heard: Heard) -> Iterator[None]:
    """Tell this of every stage of what is opened here, in the same thread."""
    before = _HEARD.set(heard)
    try:
        yield
    finally:
        _HEARD.reset(before)


def tell(stage: Stage, megabytes: int) -> None:
    """Say that a stage begins, to whoever waits for it."""
    heard = _HEARD.get()
    if heard is not None:
        heard(Upgrading(stage, megabytes))
