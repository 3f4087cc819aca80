"""The official report II.06a/VPCP/KSTT from daily figures, and its statutory periods."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import astuple

from desk.rules.tally import Count, Imbalance, ImbalanceKind, Rows, combine, stock_of
from desk.rules.text import sort_key

FIRST_COLUMN, LAST_COLUMN = 3, 13
"""The columns of figures, as the form numbers them."""

UNKNOWN_FIELD = ""
"""Field of a procedure that the catalogue does not know; its row comes last."""


class Line(Struct, frozen=True):
    """Columns (4)-(6), (8)-(10) and (12)-(13) of one row; the other columns are their sums.

    `overdue_by_law` stands beside the form, never summed: what ended behind the legal deadline, rescheduled or not.

    Column (6) can be below zero where a dossier that was received in the period was voided, moved or handed over in a
    later file of it: the flows stay as they were reported, the correction stands in (6).
    """

    online: int = 0
    direct_or_post: int = 0
    from_before: int = 0
    early: int = 0
    on_time: int = 0
    overdue: int = 0
    open_in_time: int = 0
    open_overdue: int = 0
    overdue_by_law: int = 0

    @property
    def received(self) -> int:
        """Column (3)."""
        return self.online + self.direct_or_post + self.from_before

    @property
    def resolved(self) -> int:
        """Column (7)."""
        return self.early + self.on_time + self.overdue

    @property
    def open(self) -> int:
        """Column (11)."""
        return self.open_in_time + self.open_overdue

    @property
    def balanced(self) -> bool:
        """Whether (3) = (7) + (11)."""
        return self.received == self.resolved + self.open

    @property
    def columns(self) -> tuple[int, ...]:
        """Columns (3) to (13) in order."""
        return (
            *(self.received, self.online, self.direct_or_post, self.from_before),
            *(self.resolved, self.early, self.on_time, self.overdue),
            *(self.open, self.open_in_time, self.open_overdue),
        )

    def __add__(self, other: Line) -> Line:
        return Line(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))


class Report(Struct, frozen=True):
    """II.06a: a row per field in Vietnamese order, the total, and what does not add up.

    `unbalanced` names the fields whose row breaks (3) = (7) + (11); `breaks` the procedures whose `carried` is not the
    stock of the file before (a file is missing in between).
    """

    rows: tuple[tuple[str, Line], ...]
    total: Line
    unbalanced: tuple[str, ...]
    breaks: tuple[Imbalance, ...] = ()

    @property
    def balanced(self) -> bool:
        """Whether the report may be handed in."""
        return self.total.balanced and not self.unbalanced and not self.breaks


_BACK = (Count.CARRIED, Count.TAKEN_OVER, Count.REOPENED, Count.MOVED_IN)
_AWAY = (Count.HANDED_OVER, Count.VOIDED, Count.MOVED_OUT)


def line_of(figures: Mapping[str, int]) -> Line:
    """Return the columns of one row of combined figures."""
    return Line(
        online=figures.get(Count.ONLINE, 0),
        direct_or_post=figures.get(Count.DIRECT, 0) + figures.get(Count.POST, 0),
        from_before=sum(figures.get(name, 0) for name in _BACK) - sum(figures.get(name, 0) for name in _AWAY),
        early=figures.get(Count.EARLY, 0),
        on_time=figures.get(Count.ON_TIME, 0),
        overdue=figures.get(Count.OVERDUE, 0),
        open_in_time=figures.get(Count.OPEN_IN_TIME, 0),
        open_overdue=figures.get(Count.OPEN_OVERDUE, 0),
        overdue_by_law=figures.get(Count.OVERDUE_BY_LAW, 0),
    )


def ii06a(days: Sequence[Rows], field_of: Mapping[str, str]) -> Report:
    """Return the report over successive daily files (oldest first) of one unit.

    `field_of` maps a procedure code to its field (lĩnh vực).
    """
    report = ii06a_of(combine(days), field_of)
    return Report(report.rows, report.total, report.unbalanced, breaks(days))


def ii06a_of(figures: Rows, field_of: Mapping[str, str]) -> Report:
    """Return the report over combined figures (of one unit, or the sum of several units' combined figures)."""
    by_field: defaultdict[str, Line] = defaultdict(Line)
    for procedure, counters in figures.items():
        by_field[field_of.get(procedure, UNKNOWN_FIELD)] += line_of(counters)
    order = sorted(by_field, key=lambda name: (name == UNKNOWN_FIELD, sort_key(name), name))
    rows = tuple((name, by_field[name]) for name in order if any(by_field[name].columns))
    total = sum((line for _, line in rows), Line())
    return Report(rows, total, tuple(name for name, line in rows if not line.balanced))


def breaks(days: Sequence[Rows]) -> tuple[Imbalance, ...]:
    """Return where a file does not carry what the file before it left open."""
    found: list[Imbalance] = []
    for before, after in pairwise(days):
        left = stock_of(before)
        for procedure in sorted(left.keys() | after.keys()):
            carried = after.get(procedure, {}).get(Count.CARRIED, 0)
            if carried != left.get(procedure, 0):
                name = Count.CARRIED.value
                found.append(Imbalance(ImbalanceKind.CARRIED, procedure, name, carried, left.get(procedure, 0)))
    return tuple(found)


class Preset(StrEnum):
    """Statutory reporting periods (NĐ 09/2019/NĐ-CP Đ12): from the 15th to the 14th."""

    QUARTER_1 = "quarter_1"
    QUARTER_2 = "quarter_2"
    QUARTER_3 = "quarter_3"
    QUARTER_4 = "quarter_4"
    SIX_MONTHS = "six_months"
    NINE_MONTHS = "nine_months"
    YEAR = "year"


_MONTHS = {
    Preset.QUARTER_1: (12, 3),
    Preset.QUARTER_2: (3, 6),
    Preset.QUARTER_3: (6, 9),
    Preset.QUARTER_4: (9, 12),
    Preset.SIX_MONTHS: (12, 6),
    Preset.NINE_MONTHS: (12, 9),
    Preset.YEAR: (12, 12),
}


def period(preset: Preset, year: int) -> tuple[date, date]:
    """Return the first and the last day of a statutory period; those that begin in December begin the year before."""
    first, last = _MONTHS[preset]
    return date(year - 1 if first == 12 else year, first, 15), date(year, last, 14)
