"""Who has reported, and the official report over what was merged."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from sqlalchemy import Connection

from db import province_reading, provinces
from db.provinces import FORK, HELD, REFUSED, RESET_BEHIND, RESET_REFUSED, RETIRED_KEY, UnitRow, Unmerged
from desk import reference
from desk.daily.reasons import Refusal
from desk.province import resetting
from desk.province.model import DayState, Hole, PeriodReport, ProvinceStatus, ResetView, UnitStatus
from desk.rules.calendar import Calendar
from desk.rules.moment import VN
from desk.rules.report import Report, breaks, ii06a_of
from desk.rules.tally import SIDE_FLOWS, SIDE_STOCKS, STOCKS, Imbalance, add, totals_of

IN_TIME_UNTIL = time(9, 0)
"""A report is in time until this hour of the next counting day."""

_DAY = timedelta(days=1)
_NO_FIGURES = frozenset({FORK, RESET_BEHIND, RESET_REFUSED, RETIRED_KEY, Refusal.UNIT_RETIRED.value})
"""Reasons of refused files that leave no hole: others are counted in their places, or nobody is to report there."""


def status(
    connection: Connection, day: date, cal: Calendar, *, practice: bool, first: date | None = None
) -> ProvinceStatus:
    """Return what each unit has reported from its go-live, or `first` if that is later, up to a day, both included.

    A unit that is retired has to report for no day after its last one.
    """
    rows = provinces.units(connection)
    arrived = provinces.arrivals(connection, day)
    waiting: dict[str, list[Unmerged]] = {}
    for each in provinces.unmerged(connection):
        waiting.setdefault(each.unit, []).append(each)
    starts = {row.unit: max(start_of(row), first or date.min) for row in rows}
    resets = resetting.views(connection, first, day)
    opened = _open_days(cal, min(starts.values(), default=day), day)
    found = tuple(
        _unit_status(
            row,
            day,
            opened[bisect_left(opened, starts[row.unit]) : bisect_right(opened, end_of(row))],
            arrived.get(row.unit, {}),
            waiting.get(row.unit, []),
            resets.get(row.unit, []),
            cal,
        )
        for row in rows
    )
    return ProvinceStatus(day, practice, found, sum(times for _sha, _why, times in provinces.rejections(connection)))


def report(
    connection: Connection, first: date, last: date, units: Collection[str] | None, *, practice: bool
) -> PeriodReport:
    """Return II.06a over the merged files of a period, of all units or of some.

    A unit's stock is that of its last file in the period; `breaks` and `missing` say where a file is missing.
    """
    rows = [row for row in provinces.units(connection) if units is None or row.unit in units]
    wanted, gone = [row.unit for row in rows], {row.unit for row in rows if end_of(row) < first}
    chosen = set(wanted)
    spans = province_reading.spans(connection, first, last, units or ())
    reporting = {unit: (span.begin, span.end) for unit, span in spans.items()}
    total = add(province_reading.rolled_up(connection, first, last, sorted(STOCKS), units or ()))
    broken = [
        each for unit in sorted(spans) if not spans[unit].unbroken for each in _breaks(connection, unit, first, last)
    ]
    found = ii06a_of(total, {code: _field(code) for code in total})
    return PeriodReport(
        first=first,
        last=last,
        practice=practice,
        units=[unit for unit in wanted if unit in reporting],
        silent=[unit for unit in wanted if unit not in reporting and unit not in gone],
        report=Report(found.rows, found.total, found.unbalanced, tuple(broken)),
        missing=tuple(_missing(provinces.unmerged(connection), first, last, chosen, reporting)),
        resets=tuple(
            reset
            for unit, found_resets in resetting.views(connection, first, last, decided=True).items()
            if unit in chosen
            for reset in found_resets
        ),
        beside={name: number for name, number in totals_of(total).items() if name in SIDE_FLOWS | SIDE_STOCKS},
    )


def _breaks(connection: Connection, unit: str, first: date, last: date) -> Iterator[Imbalance]:
    """Yield where a file does not carry what the one before it in the period left open, others being in between."""
    for before, after in pairwise(province_reading.merged_places(connection, unit, first, last)):
        if after != before + 1:
            yield from breaks([province_reading.figures_at(connection, unit, seq) for seq in (before, after)])


def _missing(
    waiting: Sequence[Unmerged],
    first: date,
    last: date,
    chosen: Collection[str],
    reporting: Mapping[str, tuple[int, int]],
) -> Iterator[tuple[str, Hole]]:
    """Yield the refused files whose intervals belong to a period: by their date, or between two files of it."""
    for each in waiting:
        if each.unit not in chosen or each.status != REFUSED or each.reason in _NO_FIGURES or each.seq is None:
            continue
        begin, end = reporting.get(each.unit, (0, 0))
        dated = each.day is not None and first <= each.day <= last
        if dated or begin < each.seq < end:
            yield each.unit, Hole(each.seq, each.seq, each.reason, each.day)


def start_of(row: UnitRow) -> date:
    """Return the first day a report is expected for: until a go-live is known, that of the enrolment."""
    return row.go_live or row.enrolled_at.astimezone(VN).date()


def end_of(row: UnitRow) -> date:
    """Return the last day a report is expected for."""
    return row.last_day or date.max


def _open_days(cal: Calendar, first: date, last: date) -> list[date]:
    return [day for n in range((last - first).days + 1) if cal.open(day := first + n * _DAY)]


def _unit_status(
    row: UnitRow,
    day: date,
    expected: Sequence[date],
    arrived: Mapping[date, datetime],
    waiting: Sequence[Unmerged],
    resets: Sequence[ResetView],
    cal: Calendar,
) -> UnitStatus:
    held = {each.day for each in waiting if each.status == HELD}
    return UnitStatus(
        unit=row.unit,
        name=row.name,
        go_live=row.go_live,
        day=_day_state(day, expected, arrived, held, cal),
        expected=len(expected),
        actual=sum(each in arrived for each in expected),
        on_time=sum(each in arrived and in_time(cal, each, arrived[each]) for each in expected),
        missing=tuple(each for each in expected if each not in arrived),
        holes=_holes(row, waiting),
        held=sum(each.status == HELD for each in waiting),
        refused=sum(each.status == REFUSED for each in waiting),
        forks=tuple(each.sha256 for each in waiting if each.reason == FORK),
        last_seq=row.last_seq,
        resets=tuple(resets),
        last_day=row.last_day,
    )


def _day_state(
    day: date,
    expected: Sequence[date],
    arrived: Mapping[date, datetime],
    held: Collection[date | None],
    cal: Calendar,
) -> DayState:
    if day in arrived:
        return DayState.ON_TIME if in_time(cal, day, arrived[day]) else DayState.LATE
    if day in held:
        return DayState.HELD
    return DayState.MISSING if expected and expected[-1] == day else DayState.NOT_EXPECTED


def in_time(cal: Calendar, day: date, at: datetime) -> bool:
    """Say whether a report that arrived at an instant came before nine o'clock of the next counting day."""
    return at <= datetime.combine(cal.next_counting(day), IN_TIME_UNTIL, VN)


def _holes(row: UnitRow, waiting: Sequence[Unmerged]) -> tuple[Hole, ...]:
    """Return what is missing in a unit's figures: places used up by refused files, and places waited for."""
    found = [
        Hole(each.seq, each.seq, each.reason, each.day)
        for each in waiting
        if each.status == REFUSED and each.reason not in _NO_FIGURES and each.seq is not None
    ]
    turn = row.last_seq + 1
    for seq in sorted(each.seq for each in waiting if each.status == HELD and each.seq is not None):
        if seq > turn:
            found.append(Hole(turn, seq - 1, Refusal.GAP.value))
        turn = seq + 1
    return tuple(found)


def _field(code: str) -> str:
    known = reference.procedure(code)
    return "" if known is None else known.field
