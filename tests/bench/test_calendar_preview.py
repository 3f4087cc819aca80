"""How fast the effect of a calendar on 100,000 open dossiers is told, beside reading the same rows and nothing more."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle
from pathlib import Path
from time import perf_counter

import pytest
from sqlalchemy import insert

from db import dossiers
from db.instants import utc_text
from db.journal import T as EVENTS
from db.unit import Work
from db.vocabulary import Act, State, SupplementMode
from desk.counter import clockwork
from desk.counter.calendar_change import CalendarEffect
from desk.counter.reference_data import import_calendar
from desk.counter.reference_files import CalendarFile
from desk.rules.calendar import DayRule
from desk.rules.clock import ClockEvent, ClockKind
from desk.rules.limits import Limit
from tests.counter.desk_fixture import MARITAL, Desk, at, open_desk, scratch

DOSSIERS = int(os.environ.get("DESK_BENCH_OPEN", "100000"))
SHARE = 20
"""One dossier in so many has been held by a financial obligation, which carried its dates."""
LIMITS = ("15 working_day", "20 working_day", "30 working_day", "30 calendar_day", "2 month", "160 working_hour")
"""So long that the clock of every dossier runs over the coming days: a day off there touches them all."""
FIRST = at("2026-02-23T07:31")


@pytest.fixture(scope="module")
def crowded() -> Iterator[Desk]:
    """A centre with very many open dossiers, written in bulk: rows, and the events of those that have a history."""
    folder = scratch()
    desk = open_desk(Path(folder) / "desk.db", now="2026-03-13T17:30")
    desk.clock.set("2026-03-13T07:31")
    seed = desk.receive(MARITAL)
    with desk.records.writing() as work:
        write_many(desk, work, seed.dossier_id)
        work.commit()
    desk.clock.set("2026-03-13T17:30")
    yield desk
    desk.records.close()
    shutil.rmtree(folder)


def write_many(desk: Desk, work: Work, seed: int) -> None:
    row = dossiers.get(work.connection, seed)
    assert row is not None
    base = {name: getattr(row, name) for name in dossiers.COLUMNS}
    cal, limits = desk.context.calendar(work), cycle(LIMITS)
    rows, events = [], []
    seq = work.head.seq
    for number in range(1, DOSSIERS):
        received, limit = FIRST + timedelta(minutes=(number * 37) % (17 * 24 * 60)), next(limits)
        held = [] if number % SHARE else [
            ClockEvent(ClockKind.OBLIGATION, received + timedelta(hours=3)),
            ClockEvent(ClockKind.SETTLED, received + timedelta(days=4)),
        ]  # fmt: skip
        terms = clockwork.Terms(Limit.parse(limit), None, SupplementMode.RESTART, None)
        first = clockwork.dates(cal, received, terms)
        dates = clockwork.dates(cal, received, terms, held) if held else first
        new = base | dates.columns() | {
            "id": seed + number, "code": f"X{number}", "state": int(State.PROCESSING), "limit_text": limit,
            "received_at": received, "first_promise": first.first.at, "obligations": len(held) // 2,
            "official_code": None,
        }  # fmt: skip
        rows.append(new)
        if held:
            told = {name: utc_text(new[name]) for name in ("received_at", "promise", "first_promise")}
            for kind, when, data in (
                (Act.RECEIVE, received, {"accepted": True}),
                (Act.OBLIGATION, held[0].at, {"promise": utc_text(first.current.at)}),
                (Act.SETTLED, held[1].at, {"promise": told["promise"]}),
            ):
                seq += 1
                events.append({
                    "seq": seq, "at": when, "kind": kind.value, "dossier_id": seed + number, "officer_id": 1,
                    "client_id": f"b{seq}", "data": json.dumps({"set": data}), "prev": "", "hash": str(seq),
                })  # fmt: skip
    work.connection.execute(insert(dossiers.T), rows)
    work.connection.execute(insert(EVENTS), events)


def read_only(desk: Desk) -> tuple[int, float]:
    """Read the columns that a preview cannot do without, and nothing else."""
    columns = ("id", "received_at", "limit_text", "legal_deadline", "promise", "provisional")
    began = perf_counter()
    with desk.records.reading() as view:
        rows = view.connection.exec_driver_sql(f"SELECT {', '.join(columns)} FROM dossier").fetchall()
    return len(rows), perf_counter() - began


def preview(desk: Desk, version: str, *off: date) -> tuple[CalendarEffect, float, list[tuple[int, int]]]:
    rows = (*(row for row in shipped(desk) if row.date not in off), *(DayRule(d, False, False, "Bão") for d in off))
    told: list[tuple[int, int]] = []
    began = perf_counter()
    file = CalendarFile(version, date(2025, 1, 1), date(2026, 12, 31), tuple(rows), "0" * 64)
    effect = import_calendar(desk.context, file, dry_run=True, progress=lambda done, of: told.append((done, of)))
    took = perf_counter() - began
    assert isinstance(effect, CalendarEffect), effect
    return effect, took, told


def shipped(desk: Desk) -> tuple[DayRule, ...]:
    with desk.records.reading() as view:
        return desk.context.calendar(view).rows


@pytest.mark.bench
def test_the_effect_of_a_calendar_on_very_many_open_dossiers(crowded: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    count, bare = read_only(crowded)
    nothing, idle, _none = preview(crowded, "2026.3")
    far, far_took, _few = preview(crowded, "2026.4", date(2026, 5, 4))
    storm, took, told = preview(crowded, "2026.5", date(2026, 3, 16))
    with capsys.disabled():
        print(
            f"\n  {count} open dossiers, one in {SHARE} carried by an obligation"
            f"\n  baseline, reading their columns once: {bare:.2f} s"
            f"\n  a calendar that changes no day:       {idle:.2f} s ({len(nothing.moved)} moved)"
            f"\n  a day off far ahead:                  {far_took:.2f} s ({len(far.moved)} moved)"
            f"\n  a day off that all have to pass:      {took:.2f} s ({len(storm.moved)} moved)"
        )
    assert (storm.open_dossiers, told[-1]) == (count, (count, count))
    assert len(told) > count // 20_000
    assert nothing.moved == ()
    assert 0 < len(far.moved) < count / 2 < len(storm.moved)
    assert storm.earlier == 0
