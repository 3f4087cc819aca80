from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files

import holidays
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.rules import moment
from desk.rules.calendar import (
    DEFAULT_SESSIONS,
    Calendar,
    CalendarGapError,
    CalendarRowError,
    DayReason,
    DayRule,
    OfficeHours,
    ReasonKind,
    RowFault,
    Session,
    merge_rows,
    parse_rows,
)

FIRST, LAST = date(2025, 1, 1), date(2026, 12, 31)
ROWS = parse_rows(files("desk").joinpath("reference", "calendar.csv").read_text("utf-8"))
CAL = Calendar(ROWS, (), FIRST, LAST)
DAYS = st.dates(FIRST, LAST)


@pytest.mark.parametrize(
    ("day", "counts", "opens"),
    [
        (date(2026, 3, 13), True, True),
        (date(2026, 3, 14), False, False),
        (date(2026, 1, 2), False, False),
        (date(2026, 1, 10), True, True),
        (date(2026, 11, 24), False, False),
        (date(2025, 4, 26), True, True),
    ],
)
def test_shipped_days(day: date, counts: bool, opens: bool) -> None:
    assert (CAL.counts(day), CAL.open(day)) == (counts, opens)


@pytest.mark.parametrize(("year", "working"), [(2025, 250), (2026, 249)])
def test_working_days_of_a_year(year: int, working: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=each) for each in range(365)]
    assert sum(map(CAL.counts, days)) == working


def test_first_weeks_of_the_reform() -> None:
    days = [date(2025, 7, 1) + timedelta(days=each) for each in range(44)]
    assert days[-1] == date(2025, 8, 13)
    assert sum(map(CAL.counts, days)) == 32


def test_the_package_holidays_differs_only_by_the_known_swap() -> None:
    package = holidays.country_holidays("VN", years=(2025, 2026))
    days = [FIRST + timedelta(days=each) for each in range((LAST - FIRST).days + 1)]
    differing = [day for day in days if CAL.counts(day) != package.is_working_day(day)]
    assert differing == [date(2026, 1, 2), date(2026, 1, 10)]


@given(DAYS, st.integers(1, 120))
def test_nth_counting_agrees_with_numpy(day: date, n: int) -> None:
    worked = [rule.date for rule in ROWS if rule.counts]
    off = [rule.date for rule in ROWS if not rule.counts]
    span = np.arange(np.datetime64(day) + 1, np.datetime64(day) + 400)
    counting = np.is_busday(span, holidays=off) | np.isin(span, np.array(worked, dtype="datetime64[D]"))
    assert np.datetime64(CAL.nth_counting(day, n)) == span[counting][n - 1]


@given(DAYS)
def test_next_and_previous_meet(day: date) -> None:
    after, before = CAL.next_counting(day), CAL.previous_counting(day)
    assert before < day < after
    assert CAL.counts(before)
    assert CAL.counts(after)
    between = [before + timedelta(days=each) for each in range(1, (after - before).days)]
    assert [each for each in between if CAL.counts(each)] == ([day] if CAL.counts(day) else [])


def test_reasons_name_the_row_or_the_weekend() -> None:
    assert CAL.reason(date(2026, 3, 13)) is None
    assert CAL.reason(date(2026, 3, 14)) == DayReason(ReasonKind.WEEKEND)
    swap = DayReason(ReasonKind.ROW, "Hoán đổi với 10/01/2026", "CV 12729/VPCP-KGVX")
    assert CAL.reason(date(2026, 1, 2)) == swap


def test_a_saturday_may_be_open_and_not_count() -> None:
    saturday = date(2026, 3, 14)
    cal = Calendar((DayRule(saturday, counts=False, open=True, note="Sáng thứ Bảy"),), (), FIRST, LAST)
    assert cal.open(saturday)
    assert not cal.counts(saturday)
    assert cal.next_counting(date(2026, 3, 13)) == date(2026, 3, 16)


def test_coverage_includes_both_ends() -> None:
    outside = [date(2024, 12, 31), date(2027, 1, 1)]
    assert [CAL.covers(day) for day in (FIRST, LAST, *outside)] == [True, True, False, False]


def test_hours_change_on_their_day() -> None:
    winter = OfficeHours(date(2026, 10, 15), (Session(time(8), time(12)), Session(time(13), time(16, 30))))
    summer = OfficeHours(date(2026, 4, 15), (Session(time(7), time(11)), Session(time(14), time(17, 30))))
    cal = Calendar(ROWS, (winter, summer), FIRST, LAST)
    assert cal.hours == (summer, winter)
    assert cal.sessions(date(2026, 4, 14)) == DEFAULT_SESSIONS
    assert cal.opening(date(2026, 4, 15)) == datetime(2026, 4, 15, 7, 0, tzinfo=moment.VN)
    assert cal.closing(date(2026, 10, 14)) == datetime(2026, 10, 14, 17, 30, tzinfo=moment.VN)
    assert cal.closing(date(2026, 10, 15)) == datetime(2026, 10, 15, 16, 30, tzinfo=moment.VN)


def test_a_calendar_of_nothing_but_rest_is_an_error() -> None:
    rest = tuple(DayRule(FIRST + timedelta(days=each), counts=False, open=False) for each in range(800))
    cal = Calendar(rest, (), FIRST, LAST)
    for search in (cal.next_counting, cal.previous_counting):
        with pytest.raises(CalendarGapError) as caught:
            search(date(2026, 1, 10))
        assert caught.value.day == date(2026, 1, 10)


@pytest.mark.parametrize(("day", "step"), [(date.max, "next_counting"), (date.min, "previous_counting")])
def test_the_ends_of_time_are_a_gap(day: date, step: str) -> None:
    with pytest.raises(CalendarGapError):
        getattr(CAL, step)(day)


def test_a_calendar_does_not_change() -> None:
    with pytest.raises(AttributeError):
        CAL.version = "2"  # type: ignore[misc]
    assert Calendar(ROWS[::-1], (), FIRST, LAST) == CAL


@pytest.mark.parametrize("rows", [(ROWS[0], ROWS[0])])
def test_a_date_stands_once(rows: tuple[DayRule, ...]) -> None:
    with pytest.raises(ValueError, match="twice"):
        Calendar(rows, (), FIRST, LAST)
    with pytest.raises(ValueError, match="coverage"):
        Calendar((), (), LAST, FIRST)


def test_hours_are_sound() -> None:
    with pytest.raises(ValueError, match="session"):
        Session(time(11), time(11))
    with pytest.raises(ValueError, match="session"):
        OfficeHours(FIRST, ())
    with pytest.raises(ValueError, match="follow"):
        OfficeHours(FIRST, DEFAULT_SESSIONS[::-1])


def test_shipped_rows_are_read_whole() -> None:
    assert len(ROWS) == 29
    assert ROWS[7] == DayRule(date(2025, 4, 26), True, True, "Làm bù cho 02/05/2025", "CV 8726/VPCP-KGVX")


@pytest.mark.parametrize(
    ("table", "fault", "line"),
    [
        ("", RowFault.COLUMNS, 1),
        ("day,counts,open,note,source\n", RowFault.COLUMNS, 1),
        ("date,counts,open,note,source\n2026-01-01,0,0,Tết\n", RowFault.COLUMNS, 2),
        ("date,counts,open,note,source\n2026-02-30,0,0,,\n", RowFault.DATE, 2),
        ("date,counts,open,note,source\n2026-01-01,0,x,,\n", RowFault.FLAG, 2),
        ("date,counts,open,note,source\n2026-01-01,0,0,,\n\n2026-01-01,1,1,,\n", RowFault.TWICE, 4),
    ],
)
def test_a_bad_table_names_its_line(table: str, fault: RowFault, line: int) -> None:
    with pytest.raises(CalendarRowError) as caught:
        parse_rows(table)
    assert (caught.value.fault, caught.value.line) == (fault, line)


def test_a_spreadsheet_may_save_the_table() -> None:
    table = '\ufeffdate,counts,open,note,source\r\n2027-02-05,0,0,"Tết,  Đinh Mùi",\r\n'
    assert parse_rows(table) == (DayRule(date(2027, 2, 5), False, False, "Tết, Đinh Mùi", ""),)


def test_changes_replace_rows() -> None:
    worked = DayRule(ROWS[0].date, True, True)
    assert merge_rows(ROWS[:2], [worked]) == (worked, ROWS[1])


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("2026-03-13T10:56", "2026-03-13T10:56+07:00"),
        ("2026-03-13 10:56:59.5", "2026-03-13T10:56+07:00"),
        ("2026-03-12T20:56:00Z", "2026-03-13T03:56+07:00"),
        ("2026-03-13T10:56+09:00", "2026-03-13T08:56+07:00"),
    ],
)
def test_instants_are_read(written: str, told: str) -> None:
    assert moment.text(moment.parse(written)) == told


@pytest.mark.parametrize(
    "written", ["", "2026-03-13", "10:56", "2026-13-01T00:00", "20260313T1056", "2026-03-13T25:00", "9999-12-31T23:00Z"]
)
def test_what_is_no_instant_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        moment.parse(written)


@given(st.integers(-(10**15), 10**15))
def test_minute_keeps_the_instant(microseconds: int) -> None:
    instant = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
    local = moment.minute(instant)
    assert timedelta(0) <= instant - local < timedelta(minutes=1)
    assert (local.second, local.microsecond, local.tzinfo) == (0, 0, moment.VN)
    assert moment.parse(moment.text(instant)) == local
    with pytest.raises(ValueError, match="zone"):
        moment.minute(instant.replace(tzinfo=None))
