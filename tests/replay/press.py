"""What the press wrote of Hưng Yên's 105 centres, 1 July to 13 August 2025, and how the rest of it is made up here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from desk.rules.tally import Count

PROVINCE = "33"
FIRST, LAST = date(2025, 7, 1), date(2025, 8, 13)
SITES = 105

PRESS_RECEIVED, PRESS_ENDED, PRESS_OVERDUE, PRESS_OPEN = 156_230, 143_249, 1_402, 8_381
PRESS_ONLINE, PRESS_UNPLACED = 134_251, 4_600
"""The press has no place for 4,600 of those received: 156,230 - 143,249 - 8,381."""


class Kind(StrEnum):
    """How a dossier stands on the last evening."""

    TIMELY = "timely"
    OVERDUE = "overdue"
    OPEN = "open"
    REFUSED = "refused"
    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"
    SUPPLEMENT = "supplement"
    OBLIGATION = "obligation"
    BESIDE = "beside"
    """Never accepted: declined at the counter, or sent in and not yet looked at; no figure of the press has these."""


UNPLACED = {
    Kind.REFUSED: Count.REFUSED,
    Kind.STOPPED: Count.STOPPED,
    Kind.WITHDRAWN: Count.WITHDRAWN,
    Kind.SUPPLEMENT: Count.WAITING_SUPPLEMENT,
    Kind.OBLIGATION: Count.WAITING_OBLIGATION,
}
"""Those that the press cannot place, and the counter that names each."""

Cell = tuple[bool, Kind]
"""Whether it came on line, and how it stands."""


@dataclass(frozen=True)
class Figures:
    """How many dossiers there are to be; what is in no other number has ended in time."""

    online: int
    other: int
    overdue: int
    open: int
    unplaced: tuple[tuple[Kind, int], ...]
    beside: int

    @property
    def received(self) -> int:
        """All that were accepted."""
        return self.online + self.other

    @property
    def unplaced_sum(self) -> int:
        """Those that are neither resolved nor in work."""
        return sum(number for _kind, number in self.unplaced)

    @property
    def ended(self) -> int:
        """Those that ended with a result."""
        return self.received - self.unplaced_sum - self.open

    def cells(self) -> dict[Cell, int]:
        """Return how many there are of each kind and way in."""
        numbers = {**dict(self.unplaced), Kind.OVERDUE: self.overdue, Kind.OPEN: self.open}
        found: dict[Cell, int] = {}
        for kind, number in numbers.items():
            found[True, kind] = round(number * self.online / self.received)
            found[False, kind] = number - found[True, kind]
        for online, number in ((True, self.online), (False, self.other)):
            found[online, Kind.TIMELY] = number - sum(found[online, kind] for kind in numbers)
            found[online, Kind.BESIDE] = self.beside // 2
        return found


HUNG_YEN = Figures(
    online=PRESS_ONLINE,
    other=PRESS_RECEIVED - PRESS_ONLINE,
    overdue=PRESS_OVERDUE,
    open=PRESS_OPEN,
    unplaced=(
        (Kind.REFUSED, 1_310),
        (Kind.STOPPED, 164),
        (Kind.WITHDRAWN, 641),
        (Kind.SUPPLEMENT, 1_603),
        (Kind.OBLIGATION, 882),
    ),
    beside=2_400,
)
"""How the 4,600 divide, and how many were never accepted, is made up: only their sum is known."""

A_SHARE = Figures(
    online=258,
    other=42,
    overdue=7,
    open=19,
    unplaced=tuple((kind, number) for kind, number in zip(UNPLACED, (5, 2, 4, 6, 3), strict=True)),
    beside=10,
)
"""As small as a test that runs every day wants it."""
