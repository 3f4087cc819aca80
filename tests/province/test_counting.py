"""Who has reported, and II.06a over what was merged."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from desk import reference
from desk.daily.build import Sealed
from desk.daily.container import Json
from desk.province.model import DayState, ProvinceError, ProvinceFault
from desk.province.service import Province
from desk.rules.report import ii06a
from tests.province.factory import MONDAY, OTHER, UNIT, Centre, Clock, at, made_province

pytestmark = pytest.mark.usefixtures("database")

DAY = timedelta(days=1)
FRIDAY = MONDAY + 4 * DAY
NEXT_MONDAY = MONDAY + 7 * DAY


def test_before_any_file_the_day_of_enrolment_is_expected(province: Province) -> None:
    (unit,) = province.status().units
    assert (unit.go_live, unit.expected, unit.actual, unit.missing) == (None, 1, 0, (FRIDAY,))
    assert (unit.rate, unit.day) == (0.0, DayState.MISSING)
    (unit,) = province.status(FRIDAY - DAY).units
    assert (unit.expected, unit.rate, unit.day) == (0, None, DayState.NOT_EXPECTED)


@pytest.mark.parametrize(
    ("day", "arrives", "state"),
    [
        (MONDAY, at(MONDAY, 17), DayState.ON_TIME),
        (MONDAY, at(MONDAY + DAY, 9, 0), DayState.ON_TIME),
        (MONDAY, at(MONDAY + DAY, 9, 1), DayState.LATE),
        (FRIDAY, at(NEXT_MONDAY, 9, 0), DayState.ON_TIME),
        (FRIDAY, at(NEXT_MONDAY, 10), DayState.LATE),
        (date(2026, 2, 13), at(date(2026, 2, 23), 9, 0), DayState.ON_TIME),
        (date(2026, 2, 13), at(date(2026, 2, 23), 9, 6), DayState.LATE),
    ],
)
def test_in_time_is_nine_o_clock_of_the_next_counting_day(
    province: Province, centre: Centre, clock: Clock, day: date, arrives: datetime, state: DayState
) -> None:
    clock.now = arrives
    province.take(centre.close(day).data)
    (unit,) = province.status(day).units
    assert (unit.day, unit.on_time) == (state, int(state is DayState.ON_TIME))


def test_the_week_of_three_communes(folder: Path, clock: Clock) -> None:
    good, slow, lost = Centre(UNIT), Centre(OTHER, seed=2), Centre("00008", seed=3)
    province = made_province(folder, clock, good, slow, lost)
    for n in range(5):
        clock.now = at(MONDAY + n * DAY)
        province.take(good.close(MONDAY + n * DAY).data)
        slow.close(MONDAY + n * DAY)
        lost.close(MONDAY + n * DAY)
    clock.now = at(MONDAY + 5 * DAY, 8)
    for file in slow.files[:4]:
        province.take(file.data)
    province.take(lost.files[0].data)
    for file in lost.files[3:]:
        province.take(file.data)
    status = province.status(FRIDAY)
    by_unit = {unit.unit: unit for unit in status.units}
    assert [(u.expected, u.actual, u.on_time) for u in (by_unit[UNIT], by_unit[OTHER], by_unit["00008"])] == [
        (5, 5, 5),
        (5, 4, 0),
        (5, 1, 0),
    ]
    assert by_unit[OTHER].missing == (FRIDAY,)
    assert by_unit["00008"].day is DayState.HELD
    assert [(hole.first_seq, hole.last_seq, hole.reason) for hole in by_unit["00008"].holes] == [(2, 3, "gap")]
    assert by_unit["00008"].held == 2
    assert (status.expected, status.actual, status.on_time) == (15, 10, 5)
    assert (status.rate, status.rate_on_time) == (2 / 3, 1 / 3)
    assert province.status(FRIDAY + DAY).units[0].day is DayState.NOT_EXPECTED
    province.close()


def test_a_second_file_of_a_day_does_not_count_twice_nor_make_it_late(
    province: Province, centre: Centre, clock: Clock
) -> None:
    clock.now = at(MONDAY)
    province.take(centre.close(MONDAY).data)
    clock.now = at(FRIDAY)
    province.take(centre.close(MONDAY).data)
    (unit,) = province.status(MONDAY).units
    assert (unit.expected, unit.actual, unit.on_time) == (1, 1, 1)


def test_the_report_is_that_of_the_files(folder: Path, clock: Clock) -> None:
    centres = [Centre(UNIT), Centre(OTHER, seed=2)]
    province = made_province(folder, clock, *centres, Centre("00008", seed=3))
    clock.now = at(NEXT_MONDAY)
    for centre in centres:
        for n in range(5):
            province.take(centre.close(MONDAY + n * DAY).data)
    fields = {code: row.field for code, row in reference.procedures().items()}
    span = (MONDAY + DAY, MONDAY + 3 * DAY)
    wanted = [ii06a([file.daily.rows for file in centre.files[1:4]], fields) for centre in centres]
    for centre, expected in zip(centres, wanted, strict=True):
        found = province.report(*span, units=[centre.unit])
        assert (found.report, list(found.units), list(found.silent)) == (expected, [centre.unit], [])
        assert found.report.balanced
    both = province.report(*span)
    assert both.report.total == wanted[0].total + wanted[1].total
    assert (list(both.units), list(both.silent)) == ([OTHER, UNIT], ["00008"])
    assert both.report.balanced
    province.close()


def test_a_missing_file_is_a_break_in_the_report(province: Province, centre: Centre) -> None:
    for n in range(3):
        centre.close(MONDAY + n * DAY)
        if n == 1:
            centre.replace_last({"totals": {}})
        province.take(centre.files[n].data)
    found = province.report(MONDAY, FRIDAY)
    assert found.report.breaks
    assert not found.report.balanced
    assert province.report(MONDAY, MONDAY).report.balanced


def test_a_day_of_zero_is_a_report(province: Province, centre: Centre) -> None:
    centre.close(MONDAY)
    province.take(centre.replace_last({"rows": {}, "totals": {}}).data)
    (unit,) = province.status(MONDAY).units
    assert (unit.actual, unit.missing) == (1, ())
    found = province.report(MONDAY, MONDAY)
    assert (list(found.units), found.report.rows) == ([UNIT], ())


def with_figures(centre: Centre, day: date, line: dict[str, Json]) -> Sealed:
    """Close a day with these figures, whether they add up or not, and keep the file as the last of the chain."""
    centre.close(day)
    rows: Json = {"2.000815": line} if line else {}
    return centre.replace_last({"rows": rows, "totals": line})


FIVE: dict[str, Json] = {"direct": 5, "open_in_time": 5}
STAYED: dict[str, Json] = {"carried": 5, "open_in_time": 5}
UNBALANCED: dict[str, Json] = {"carried": 5, "direct": 3}


def test_a_day_of_zero_after_a_refused_file_is_the_last_stock(province: Province, centre: Centre) -> None:
    for n, line in enumerate((FIVE, UNBALANCED, {})):
        province.take(with_figures(centre, MONDAY + n * DAY, line).data)
    found = province.report(MONDAY, FRIDAY)
    assert found.report.total.open == 0
    assert found.report.breaks
    assert not found.balanced


def test_a_refused_file_is_missing_in_its_period_even_where_the_stocks_agree(
    province: Province, centre: Centre
) -> None:
    for n, line in enumerate((FIVE, UNBALANCED, STAYED, UNBALANCED)):
        province.take(with_figures(centre, MONDAY + n * DAY, line).data)
    found = province.report(MONDAY, FRIDAY)
    assert found.report.balanced
    assert [(unit, hole.first_seq, hole.reason) for unit, hole in found.missing] == [
        (UNIT, 2, "not_balanced"),
        (UNIT, 4, "not_balanced"),
    ]
    assert not found.balanced
    assert province.report(MONDAY, MONDAY).balanced
    assert not province.report(MONDAY + DAY, MONDAY + DAY).balanced
    assert province.report(MONDAY + 2 * DAY, MONDAY + 2 * DAY).balanced


def test_a_file_without_a_date_is_missing_between_its_neighbours(province: Province, centre: Centre) -> None:
    for n in range(3):
        centre.close(MONDAY + n * DAY)
        if n == 1:
            centre.replace_last({"colour": "blue"})
        province.take(centre.files[n].data)
    assert [(hole.first_seq, hole.reason) for _unit, hole in province.report(MONDAY, FRIDAY).missing] == [
        (2, "bad_schema")
    ]
    assert province.report(MONDAY, MONDAY).missing == ()


def test_a_unit_that_is_not_on_the_list_is_refused(province: Province) -> None:
    with pytest.raises(ProvinceError) as error:
        province.report(MONDAY, FRIDAY, units=[OTHER])
    assert error.value.fault is ProvinceFault.NOT_ENROLLED
