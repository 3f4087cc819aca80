"""Dates per second, by unit and with events, beside plain date arithmetic in the same run; prints, asserts no times."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from importlib.resources import files
from time import perf_counter

import pytest

from desk.rules import moment
from desk.rules.calendar import Calendar, parse_rows
from desk.rules.clock import ClockEvent, ClockKind, three_dates
from desk.rules.deadline import Due, Limit, due

ROWS = parse_rows(files("desk").joinpath("reference", "calendar.csv").read_text("utf-8"))
CAL = Calendar(ROWS, (), date(2025, 1, 1), date(2026, 12, 31))
FIRST = moment.parse("2025-01-02T07:31")
RECEIPTS = [FIRST + timedelta(minutes=719 * place) for place in range(1000)]
ROUNDS = 5
LIMITS = (
    "3 working_day",
    "20 working_day",
    "15 calendar_day",
    "1 month",
    "8 working_hour",
    "40 working_hour",
    "same_day",
)


def plain_days(received: datetime) -> datetime:
    """Twenty working days as one would write them at first: no calendar rows, no start, no trace."""
    day, left = received, 20
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day


def with_events(received: datetime) -> Due:
    """A dossier's whole clock: an obligation, a supplement that restarts it, and one reschedule."""

    def event(kind: ClockKind, days: int, to: int | None = None) -> ClockEvent:
        then = None if to is None else received + timedelta(days=to)
        return ClockEvent(kind, received + timedelta(days=days), to=then)

    events = (
        event(ClockKind.OBLIGATION, 2),
        event(ClockKind.SETTLED, 5),
        event(ClockKind.SUPPLEMENT, 6),
        event(ClockKind.SUPPLEMENTED, 9),
        event(ClockKind.RESCHEDULE, 12, 60),
    )
    return three_dates(CAL, received, Limit.parse("20 working_day"), Limit.parse("15 working_day"), events).current


def per_second(work: Callable[[datetime], object], receipts: list[datetime]) -> float:
    """The best of several rounds, so that another program on the machine disturbs least."""
    best = float("inf")
    for _ in range(ROUNDS):
        began = perf_counter()
        for received in receipts:
            work(received)
        best = min(best, perf_counter() - began)
    return len(receipts) / best


def dated(limit: Limit) -> Callable[[datetime], datetime]:
    return lambda received: due(CAL, limit, received).at


@pytest.mark.bench
def test_dates_per_second(capsys: pytest.CaptureFixture[str]) -> None:
    figures = {"baseline: 20 days by a plain loop": per_second(plain_days, RECEIPTS)}
    for written in LIMITS:
        figures[f"due, {written}"] = per_second(dated(Limit.parse(written)), RECEIPTS)
    twenty = Limit.parse("20 working_day")
    figures["due with its trace, 20 working_day"] = per_second(lambda t: due(CAL, twenty, t).trace, RECEIPTS)
    figures["three dates, five events"] = per_second(with_events, RECEIPTS[:200])
    figures["three dates, five events, with trace"] = per_second(lambda t: with_events(t).trace, RECEIPTS[:200])
    base = next(iter(figures.values()))
    with capsys.disabled():
        print()
        for name, figure in figures.items():
            print(f"  {name:<40} {figure:>10,.0f}/s  {figure / base:6.2f} x baseline")
    # What was timed is what is promised: the dates themselves, of a known receipt and of the longest clock.
    assert dated(twenty)(moment.parse("2026-03-13T10:56")) == moment.parse("2026-04-10T10:56")
    assert with_events(moment.parse("2026-03-02T10:00")).at == moment.parse("2026-05-01T10:00")
