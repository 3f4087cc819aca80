"""The province's report beside the press's figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desk.province.model import PeriodReport
from tests.replay.press import UNPLACED, Figures


@dataclass(frozen=True)
class Compared:
    """One figure as it should be, and as the province has it."""

    name: str
    wanted: int
    found: int

    @property
    def equal(self) -> bool:
        """Say whether both are the same to the last dossier."""
        return self.wanted == self.found


def compared(report: PeriodReport, figures: Figures) -> Sequence[Compared]:
    """Return every figure of the press, and each part of what the press cannot place by its counter."""
    total, named = report.report.total, {kind: report.beside.get(count, 0) for kind, count in UNPLACED.items()}
    return [
        Compared("received", figures.received, total.online + total.direct_or_post),
        Compared("of them on line", figures.online, total.online),
        Compared("ended - refused - stopped - withdrawn", figures.ended, report.with_result),
        Compared("of them overdue", figures.overdue, total.overdue),
        Compared("open - waiting", figures.open, report.in_work),
        Compared("what the press cannot place", figures.unplaced_sum, sum(named.values())),
        *(Compared(f"  {UNPLACED[kind]}", number, named[kind]) for kind, number in figures.unplaced),
        Compared("carried in from before", 0, total.from_before),
    ]


def table(lines: Sequence[Compared]) -> str:
    """Return the figures as lines of text."""
    width = max(len(line.name) for line in lines)
    head = f"{'':{width}}  {'press':>9}  {'province':>9}"
    return "\n".join(
        [
            head,
            *(
                f"{line.name:{width}}  {line.wanted:>9,}  {line.found:>9,}  {'=' if line.equal else 'DIFFERS'}"
                for line in lines
            ),
        ]
    )
