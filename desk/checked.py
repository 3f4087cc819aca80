"""What the first-day check found at a desk: for each machine whether it does, since when, and what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from msgspec import Struct

from desk.beside import Beside, Document

NAME = "check"


class Machine(StrEnum):
    """What is tried."""

    SCANNER = "scanner"
    KEYBOARD = "keyboard"
    PRINTER = "printer"
    KEYS = "keys"
    COLOURS = "colours"
    SIZE = "size"


class Result(StrEnum):
    """How a trial ended."""

    GOOD = "good"
    BAD = "bad"
    SKIPPED = "skipped"


class Outcome(Struct, frozen=True):
    """The last trial of one machine; `faults` are names, never what was scanned or typed."""

    result: Result
    on: date
    faults: tuple[str, ...] = ()


class Checked:
    """The outcomes of a desk, in a file beside the database."""

    def __init__(self, beside: Beside) -> None:
        self._beside = beside

    def outcomes(self) -> dict[Machine, Outcome]:
        """Return the last outcome of each machine that was tried or skipped."""
        found = ((machine, _read(self._beside.look(NAME).get(machine.value))) for machine in Machine)
        return {machine: outcome for machine, outcome in found if outcome is not None}

    def keep(self, machine: Machine, result: Result, on: date, faults: Sequence[str] = ()) -> None:
        """Keep the outcome of a trial; OSError where the disk refuses."""

        def change(document: Document) -> None:
            document[machine.value] = {"result": result.value, "on": on.isoformat(), "faults": list(faults)}

        self._beside.change(NAME, change)


def _read(found: object) -> Outcome | None:
    if not isinstance(found, dict) or not isinstance(found.get("faults"), list):
        return None
    try:
        return Outcome(Result(found["result"]), date.fromisoformat(found["on"]), tuple(map(str, found["faults"])))
    except (KeyError, ValueError, TypeError):
        return None
