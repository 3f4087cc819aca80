"""The whole replay: one record told, copied to all sites by several processes, their files taken in day by day."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from desk.province.inbox import Seen
from desk.province.service import Province, open_province
from desk.rehearsal.hours import StandingClock
from desk.rules.moment import VN
from tests.replay import telling
from tests.replay.plan import planned, sites
from tests.replay.press import FIRST, LAST, Figures
from tests.replay.sites import Task, closed, drive

SEED = 1
LOOKED = time(18)
"""When the province looks into its inbox, every evening and once more the morning after."""
_TOLD = 0.1
"""Which share of the whole the telling is, for the bar."""

_CENTRE = 8

Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Replayed:
    """What the replay came to: the files that were merged, and those whose receipts the sites have."""

    units: tuple[str, ...]
    files: int
    confirmed: int


def replay(
    folder: Path, figures: Figures, *, number: int, told: int, processes: int = 0, tell: Tell | None = None
) -> tuple[Province, Replayed]:
    """Replay at so many sites; the folder gets `province` and a data folder for each site.

    `tell` hears of dossiers so far, and of all.
    """
    say = tell or _silent
    whole = figures.received + figures.beside
    record = telling.told(folder / "told", told, SEED, lambda done, of: say(int(whole * _TOLD * done / of), whole))
    units = sites(number)
    plans = planned(telling.sorted_out(record), units, figures, SEED)
    clock = StandingClock(datetime.combine(FIRST, time(6), VN))
    province = open_province(folder / "province", clock, create=True)
    province.init(practice=True)
    inbox = province.inbox
    tasks = [
        Task(folder, inbox, record, {unit: plans[unit] for unit in mine}, SEED)
        for mine in _shared(units, processes or os.cpu_count() or 1)
    ]
    files = written = 0
    seen: Seen = {}
    with _driven(tasks) as pipes:
        for pipe in pipes:
            for unit, key in pipe.recv():
                province.enrol(unit, key, FIRST)
        evenings = [stretch.closing.at.astimezone(VN).date() for stretch in closed(record) if stretch.closing]
        looks = [datetime.combine(day, LOOKED, VN) for day in evenings]
        morning = datetime.combine(LAST + timedelta(days=1), time(10, 30), VN)
        for place, at in enumerate((*looks, morning)):
            if place < len(looks):
                for pipe, task in zip(pipes, tasks, strict=True):
                    for _site in task.plans:
                        written += pipe.recv()
                        say(int(whole * _TOLD + written * (1 - _TOLD)), whole)
            _all(pipes)
            clock.at = at
            for answer in province.ingest(seen=seen):
                assert (answer.status, answer.repeated, answer.unwritten) == ("merged", False, None), answer
                files += 1
        _all(pipes)
        confirmed = sum(pipe.recv() for pipe in pipes)
    say(whole, whole)
    return province, Replayed(tuple(units), files, confirmed)


def _all(pipes: Sequence[Connection]) -> None:
    """Let every process send, and wait until all have."""
    for pipe in pipes:
        pipe.send(True)
    for pipe in pipes:
        pipe.recv()


def _silent(_done: int, _of: int) -> None:
    pass


def _shared(units: Sequence[str], processes: int) -> list[list[str]]:
    """Divide the sites; the provincial centre, which has as much to do as a dozen others, counts for so many."""
    groups: list[list[str]] = [[] for _each in range(min(processes, len(units)))]
    loads = [0] * len(groups)
    for place, unit in enumerate(units):
        least = loads.index(min(loads))
        groups[least].append(unit)
        loads[least] += _CENTRE if place == 0 else 1
    return groups


@contextmanager
def _driven(tasks: Sequence[Task]) -> Iterator[list[Connection]]:
    """Start a process for each task and yield the pipes to them; none is left behind."""
    context = get_context("spawn")
    pipes: list[Connection] = []
    running: list[BaseProcess] = []
    try:
        for task in tasks:
            here, there = context.Pipe()
            running.append(context.Process(target=drive, args=(task, there), daemon=True))
            running[-1].start()
            there.close()
            pipes.append(here)
        yield pipes
        for process in running:
            process.join()
    finally:
        for process in running:
            if process.is_alive():
                process.terminate()
                process.join()
