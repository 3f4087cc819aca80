"""Who is silent since when, whose clock is wrong, what is held or refused: the office's daily look."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from desk.province.service import Province
from desk.province.status import AWAITED, runs
from tests.province.factory import MONDAY, OTHER, UNIT, Centre, Clock, at, made_province

DAY = timedelta(days=1)
FRIDAY = MONDAY + 4 * DAY


@pytest.mark.parametrize(
    ("now", "since", "awaited"),
    [
        (at(MONDAY + DAY, 18), None, True),
        (at(MONDAY + 2 * DAY, 9, 0), None, True),
        (at(MONDAY + 2 * DAY, 9, 1), MONDAY + DAY, False),
        (at(FRIDAY, 18), MONDAY + DAY, False),
    ],
)
def test_silent_is_who_is_late_not_who_has_time(
    province: Province, centre: Centre, clock: Clock, now: datetime, since: date | None, awaited: bool
) -> None:
    clock.now = at(MONDAY)
    province.take(centre.close(MONDAY).data)
    clock.now = now
    (unit,) = province.reader().watch(MONDAY + DAY).units
    assert (unit.silent_since, unit.awaited) == (since, awaited)
    assert unit.state == (AWAITED if awaited else "missing")


def test_a_unit_without_any_file_is_silent_since_it_was_enrolled(province: Province, clock: Clock) -> None:
    clock.now = at(FRIDAY + 5 * DAY)
    (unit,) = province.reader().watch().units
    assert unit.silent_since == FRIDAY


def test_closed_days_are_no_silence(province: Province, centre: Centre, clock: Clock) -> None:
    clock.now = at(FRIDAY)
    province.take(centre.close(FRIDAY).data)
    clock.now = at(FRIDAY + 2 * DAY, 23)
    (unit,) = province.reader().watch().units
    assert unit.silent_since is None
    clock.now = at(FRIDAY + 4 * DAY, 9, 1)
    watch = province.reader().watch()
    assert [each.silent_since for each in watch.silent] == [FRIDAY + 3 * DAY]


def test_a_day_in_the_far_future_is_not_late(province: Province, centre: Centre, clock: Clock) -> None:
    clock.now = at(MONDAY)
    province.take(centre.close(MONDAY).data)
    assert province.reader().watch(date(2099, 1, 1)).units[0].silent_since is None


def test_a_period_counts_its_own_days_only(province: Province, centre: Centre, clock: Clock) -> None:
    for n in range(5):
        clock.now = at(MONDAY + n * DAY) if n != 1 else at(FRIDAY)
        province.take(centre.close(MONDAY + n * DAY).data)
    whole = province.reader().watch(FRIDAY).status
    part = province.reader().watch(FRIDAY, MONDAY + 2 * DAY).status
    assert (whole.expected, whole.actual, whole.on_time) == (5, 5, 4)
    assert (part.expected, part.actual) == (3, 3)
    before = province.reader().watch(FRIDAY, MONDAY - 20 * DAY).status
    assert before.expected == 5
    assert province.reader().watch(MONDAY, FRIDAY).status.expected == 0


@pytest.mark.parametrize(
    ("made", "arrived", "ahead", "wrong"),
    [
        (at(MONDAY, 17, 0), at(MONDAY, 17, 1), timedelta(minutes=-1), False),
        (at(MONDAY, 17, 10), at(MONDAY, 17, 0), timedelta(minutes=10), False),
        (at(MONDAY, 17, 11), at(MONDAY, 17, 0), timedelta(minutes=11), True),
        (at(MONDAY, 17), at(FRIDAY, 17), timedelta(days=-4), False),
    ],
)
def test_only_a_file_from_the_future_proves_a_wrong_clock(
    province: Province, centre: Centre, clock: Clock, made: datetime, arrived: datetime, ahead: timedelta, wrong: bool
) -> None:
    clock.now = arrived
    province.take(centre.close(MONDAY, created=made).data)
    (unit,) = province.reader().watch(MONDAY).units
    assert (unit.ahead, unit.clock_wrong) == (ahead, wrong)


def test_the_last_delivery_judges_the_clock(province: Province, centre: Centre, clock: Clock) -> None:
    clock.now = at(MONDAY)
    province.take(centre.close(MONDAY, created=at(MONDAY + DAY)).data)
    assert province.reader().watch(MONDAY).units[0].clock_wrong
    files = [centre.close(MONDAY + n * DAY) for n in (1, 2)]
    clock.now = at(MONDAY + 2 * DAY, 17, 6)
    for file in files:
        province.take(file.data)
    (unit,) = province.reader().watch(MONDAY + 2 * DAY).units
    assert unit.ahead == timedelta(minutes=-1)


def test_held_and_refused_files_are_named_with_their_reasons(folder: Path, clock: Clock) -> None:
    gap, bad = Centre(UNIT), Centre(OTHER, seed=2)
    province = made_province(folder, clock, gap, bad)
    for n in range(4):
        file = gap.close(MONDAY + n * DAY)
        if n != 1:
            province.take(file.data)
    bad.close(MONDAY)
    province.take(bad.replace_last({"totals": {}}).data)
    province.take(bad.forged(bad.files[0].daily, {"app": "9.9"}).data)
    units = {each.status.unit: each for each in province.reader().watch(FRIDAY).units}
    (held,) = runs(units[UNIT].files)
    assert (held.status, held.reason, held.first.seq, held.last.seq) == ("held", "gap", 3, 4)
    refused = runs(units[OTHER].files)
    assert {(each.status, each.reason) for each in refused} == {("refused", "not_balanced"), ("refused", "fork")}
    assert {each.status.unit for each in province.reader().watch(FRIDAY).alarmed} == {UNIT, OTHER}
    province.close()
