"""II.06a: its columns from daily figures, its rows by field, its statutory periods."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.rules.report import UNKNOWN_FIELD, Line, Preset, breaks, ii06a, ii06a_of, line_of, period
from desk.rules.tally import Imbalance, ImbalanceKind, Rows, add, combine

P, Q, R, U = "2.000815", "1.001193", "1.004227", "1.999999"
FIELDS = {P: "Chứng thực", Q: "Hộ tịch", R: "Đất đai"}

DAY_1: Rows = {
    P: {"carried": 1, "online": 2, "direct": 5, "post": 1, "on_time": 6, "early": 1, "open_in_time": 2},
    R: {"carried": 4, "taken_over": 3, "overdue": 1, "handed_over": 1, "open_in_time": 3, "open_overdue": 2},
    "-": {"feedback_received": 2},
}
DAY_2: Rows = {
    P: {"carried": 2, "direct": 4, "reopened": 1, "voided": 1, "moved_out": 1, "on_time": 5},
    Q: {"moved_in": 1, "open_in_time": 1},
    R: {"carried": 5, "early": 2, "open_overdue": 3},
}


def test_columns_over_two_days() -> None:
    report = ii06a([DAY_1, DAY_2], FIELDS)
    assert [(field, line.columns) for field, line in report.rows] == [
        ("Chứng thực", (12, 2, 10, 0, 12, 1, 11, 0, 0, 0, 0)),
        ("Đất đai", (6, 0, 0, 6, 3, 2, 0, 1, 3, 0, 3)),
        ("Hộ tịch", (1, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0)),
    ]
    assert report.total.columns == (19, 2, 10, 7, 15, 3, 11, 1, 4, 1, 3)
    assert report.balanced
    assert (report.unbalanced, report.breaks) == ((), ())


def test_lateness_by_law_stands_beside_and_is_in_no_column() -> None:
    days: list[Rows] = [{P: {"direct": 2, "on_time": 2, "overdue_by_law": 1}}, {R: {"direct": 1, "overdue": 1}}]
    report = ii06a([*days, {R: {"overdue_by_law": 1}}], FIELDS)
    assert [line.overdue_by_law for _, line in report.rows] == [1, 1]
    assert report.total.overdue_by_law == 2
    assert report.total.columns == (3, 0, 3, 0, 3, 0, 2, 1, 0, 0, 0)


def test_no_days_is_an_empty_report() -> None:
    report = ii06a([], FIELDS)
    assert (report.rows, report.total.columns, report.balanced) == ((), (0,) * 11, True)


def test_rows_stand_in_vietnamese_order_and_the_unknown_field_last() -> None:
    names = ["Y tế", "Đất đai", "Dân tộc", "Hộ tịch", "An ninh", "Ăn uống", "Âm nhạc"]
    codes = {f"1.00000{n}": name for n, name in enumerate(names)}
    figures: dict[str, dict[str, int]] = {code: {"direct": 1, "on_time": 1} for code in codes}
    figures[U] = {"online": 1, "early": 1}
    fields = [field for field, _ in ii06a([figures], codes).rows]
    assert fields == ["An ninh", "Ăn uống", "Âm nhạc", "Dân tộc", "Đất đai", "Hộ tịch", "Y tế", UNKNOWN_FIELD]


def test_a_missing_file_is_seen() -> None:
    report = ii06a([DAY_2, DAY_1], FIELDS)
    assert not report.balanced
    assert Imbalance(ImbalanceKind.CARRIED, P, "carried", 1, 0) in report.breaks
    assert breaks([DAY_1, DAY_2]) == ()


def test_a_row_that_does_not_add_up_is_named() -> None:
    report = ii06a([{P: {"direct": 2, "on_time": 1}, Q: {"direct": 1, "on_time": 2}}], FIELDS)
    assert report.total.balanced
    assert not report.balanced
    assert report.unbalanced == ("Chứng thực", "Hộ tịch")


def test_a_later_voiding_is_corrected_in_column_6_and_the_flow_stays() -> None:
    days: list[Rows] = [{P: {"direct": 1, "open_in_time": 1}}, {P: {"carried": 1, "voided": 1}}]
    report = ii06a(days, FIELDS)
    assert report.total.columns == (0, 0, 1, -1, 0, 0, 0, 0, 0, 0, 0)
    assert report.balanced


def test_units_add_up() -> None:
    one, other = combine([DAY_1, DAY_2]), combine([DAY_1])
    both = ii06a_of(add([one, other]), FIELDS)
    parts = [ii06a_of(rows, FIELDS).total for rows in (one, other)]
    assert both.total == parts[0] + parts[1]
    assert both.balanced


NUMBERS = st.integers(0, 50)


@given(st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS), max_size=6))
def test_column_6_is_the_stock_before_when_nothing_was_corrected(days: list[tuple[int, int, int, int]]) -> None:
    stock = 7
    files: list[Rows] = []
    for online, direct, done, late in days:
        ended = min(done, stock + online + direct)
        left = stock + online + direct - ended
        overdue = min(late, left)
        line = {"carried": stock, "online": online, "direct": direct, "on_time": ended}
        files.append({P: {**line, "open_overdue": overdue, "open_in_time": left - overdue}})
        stock = left
    report = ii06a(files, FIELDS)
    assert report.balanced
    if files:
        assert report.total.from_before == 7
        assert report.total.open == stock
        assert line_of(combine(files).get(P, {})) == report.total


@pytest.mark.parametrize(
    ("preset", "first", "last"),
    [
        (Preset.QUARTER_1, date(2025, 12, 15), date(2026, 3, 14)),
        (Preset.QUARTER_2, date(2026, 3, 15), date(2026, 6, 14)),
        (Preset.QUARTER_3, date(2026, 6, 15), date(2026, 9, 14)),
        (Preset.QUARTER_4, date(2026, 9, 15), date(2026, 12, 14)),
        (Preset.SIX_MONTHS, date(2025, 12, 15), date(2026, 6, 14)),
        (Preset.NINE_MONTHS, date(2025, 12, 15), date(2026, 9, 14)),
        (Preset.YEAR, date(2025, 12, 15), date(2026, 12, 14)),
    ],
)
def test_statutory_periods(preset: Preset, first: date, last: date) -> None:
    assert period(preset, 2026) == (first, last)


@given(st.integers(2000, 2100))
def test_quarters_tile_the_year(year: int) -> None:
    quarters = [period(preset, year) for preset in list(Preset)[:4]]
    for (_, end), (start, _) in pairwise(quarters):
        assert end + timedelta(days=1) == start
    assert (quarters[0][0], quarters[3][1]) == period(Preset.YEAR, year)
    assert period(Preset.YEAR, year)[1] + timedelta(days=1) == period(Preset.YEAR, year + 1)[0]


def test_lines_add() -> None:
    assert Line(online=1, overdue=2) + Line(online=3, early=1) == Line(online=4, early=1, overdue=2)
