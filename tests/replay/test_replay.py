"""Hưng Yên's first six weeks again: the province's report is the press's to the last dossier.

A small share of it every time; all of it with DESK_REPLAY=1.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from desk import reference
from tests.province.factory import query
from tests.replay.compared import compared
from tests.replay.plan import CENTRE, planned, sites
from tests.replay.press import (
    A_SHARE,
    FIRST,
    HUNG_YEN,
    LAST,
    PRESS_ENDED,
    PRESS_OPEN,
    PRESS_OVERDUE,
    PRESS_RECEIVED,
    PRESS_UNPLACED,
    SITES,
    Kind,
)
from tests.replay.running import replay

WHOLE = bool(os.environ.get("DESK_REPLAY"))
FIGURES, NUMBER, TOLD = (HUNG_YEN, SITES, 900) if WHOLE else (A_SHARE, 3, 150)


def test_the_figures_to_be_are_those_of_the_press() -> None:
    assert (HUNG_YEN.received, HUNG_YEN.ended, HUNG_YEN.overdue, HUNG_YEN.open) == (
        PRESS_RECEIVED, PRESS_ENDED, PRESS_OVERDUE, PRESS_OPEN,
    )  # fmt: skip
    assert HUNG_YEN.unplaced_sum == PRESS_UNPLACED == PRESS_RECEIVED - PRESS_ENDED - PRESS_OPEN
    assert f"{HUNG_YEN.online / HUNG_YEN.received:.2%}" == "85.93%"
    cells = HUNG_YEN.cells()
    assert sum(number for (_online, kind), number in cells.items() if kind is not Kind.BESIDE) == PRESS_RECEIVED
    assert min(cells.values()) > 0


def test_the_sites_are_all_communes_and_the_provincial_centre() -> None:
    units = sites(SITES)
    assert len(set(units)) == SITES
    assert reference.reporting_unit(CENTRE) == "Trung tâm PVHCC tỉnh Hưng Yên"
    assert {reference.admin_units()[unit].province_name for unit in units[1:]} == {"Tỉnh Hưng Yên"}


def test_every_dossier_has_its_place_in_the_plan() -> None:
    told = {cell: [place] for place, cell in enumerate(HUNG_YEN.cells())}
    plans = planned(told, sites(SITES), HUNG_YEN, 1)
    assert planned(told, sites(SITES), HUNG_YEN, 1) == plans
    sums: Counter[int] = Counter()
    for plan in plans.values():
        sums.update(plan)
    assert [sums[place] for place in range(len(told))] == list(HUNG_YEN.cells().values())
    assert min(sum(plan.values()) for plan in plans.values()) > 300
    with pytest.raises(ValueError, match="timely"):
        planned({cell: places for cell, places in told.items() if cell[1] is not Kind.TIMELY}, sites(2), HUNG_YEN, 1)


def test_the_report_is_equal_to_the_last_dossier(tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []
    province, found = replay(
        tmp_path, FIGURES, number=NUMBER, told=TOLD, processes=0 if WHOLE else 1, tell=lambda *at: heard.append(at)
    )
    report = province.report(FIRST, LAST)
    status = province.status(LAST)
    province.close()
    assert [line for line in compared(report, FIGURES) if not line.equal] == []
    assert report.balanced
    assert list(report.units) == sorted(found.units)
    assert found.confirmed == found.files == NUMBER * 32
    assert (status.expected, status.actual) == (found.files, found.files)
    assert query(tmp_path / "province", "select distinct status from province_file") == [("merged",)]
    assert heard == sorted(heard)
    assert heard[-1] == (FIGURES.received + FIGURES.beside,) * 2
