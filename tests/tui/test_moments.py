"""The forgiving reader of dates and times."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.counter import say
from desk.rules.moment import VN, parse
from desk.tui.moments import parse_moment

NOW = parse("2026-03-13T09:12")

READ = (
    ("16/3 9:30", "2026-03-16T09:30"),
    ("16/03/2026 09h30", "2026-03-16T09:30"),
    ("160326 0930", "2026-03-16T09:30"),
    ("25032026 1000", "2026-03-25T10:00"),
    ("25/3 10:00", "2026-03-25T10:00"),
    ("25-3-26 10h", "2026-03-25T10:00"),
    ("25.3 10 giờ", "2026-03-25T10:00"),
    ("25 / 3  10 : 05", "2026-03-25T10:05"),
    ("25/3 10 giờ 30 phút", "2026-03-25T10:30"),
    ("1603 0930", "2026-03-16T09:30"),
    ("16/3 930", "2026-03-16T09:30"),
    ("16/3 9", "2026-03-16T09:00"),
    ("9:30 16/3", "2026-03-16T09:30"),
    ("9h 16/3", "2026-03-16T09:00"),
    ("9h30, ngày 16/3", "2026-03-16T09:30"),
    ("mai 9:30", "2026-03-14T09:30"),
    ("ngày mai lúc 9 giờ 30", "2026-03-14T09:30"),
    ("9:30 mai", "2026-03-14T09:30"),
    ("mốt 14h", "2026-03-15T14:00"),
    ("hôm nay 16:30", "2026-03-13T16:30"),
    ("17:00", "2026-03-13T17:00"),
    ("17h", "2026-03-13T17:00"),
    ("1700", "2026-03-13T17:00"),
    ("T6 13/03/2026 17:00", "2026-03-13T17:00"),
    ("t2 16/3 7h30", "2026-03-16T07:30"),
    ("cn 15/3 8:00", "2026-03-15T08:00"),
    ("Fr 13/03/2026 17:00", "2026-03-13T17:00"),
    ("su 15/3 8:00", "2026-03-15T08:00"),
    ("tomorrow 9:30", "2026-03-14T09:30"),
    ("13/3 8:00", "2026-03-13T08:00"),
    ("12/3 8:00", "2027-03-12T08:00"),
    ("2/1 8:00", "2027-01-02T08:00"),
    ("29/2 8:00", "2028-02-29T08:00"),
    ("0910 1603", "2026-10-09T16:03"),
)

NOT_READ = (
    "", " ", "16/3", "mai", "9", "t2 9:30 x", "16/13 9:30", "32/3 9:30", "29/2/2027 9:30", "16/3 24:00", "16/3 9:60",
    "16/3/1926 9:30", "16/3/2200 9:30", "t3 16/3 9:30", "abc", "16/3 9:30 10:00", "[red]16/3[/] 9:30", "16/3/ 9:30",
    "16/3 -9:30", "٣:٣٠", "t2", "tu 16/3 9:30",
)  # fmt: skip


@pytest.mark.parametrize(("typed", "meant"), READ)
def test_what_is_read(typed: str, meant: str) -> None:
    assert parse_moment(typed, NOW) == parse(meant)


@pytest.mark.parametrize("typed", NOT_READ)
def test_what_is_not_read(typed: str) -> None:
    assert parse_moment(typed, NOW) is None


instants = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31, 23, 59)).map(  # noqa: DTZ001 - zone below
    lambda naive: naive.replace(second=0, microsecond=0, tzinfo=VN)
)


@given(instants, instants)
def test_every_form_with_its_year_comes_back(meant: datetime, now: datetime) -> None:
    for form in ("%d/%m/%Y %H:%M", "%d-%m-%y %Hh%M", "%d%m%y %H%M", "%d%m%Y %H%M", "%H:%M %d/%m/%Y"):
        assert parse_moment(meant.strftime(form), now) == meant
    assert parse_moment(say.moment(meant), now) == meant


@given(instants, instants)
def test_without_its_year_it_is_the_next_such_date(meant: datetime, now: datetime) -> None:
    found = parse_moment(f"{meant:%d/%m %H:%M}", now)
    if found is None:
        assert now.year > 2091 or (meant.month, meant.day) == (2, 29)
        return
    assert (found.day, found.month, found.hour, found.minute) == (meant.day, meant.month, meant.hour, meant.minute)
    assert found.date() >= now.date()
    assert (found.date() - now.date()).days <= 366 or (meant.month, meant.day) == (2, 29)


@given(st.text(max_size=40))
def test_any_text_is_read_or_not(typed: str) -> None:
    found = parse_moment(typed, NOW)
    assert found is None or found.tzinfo is VN


@given(st.text(alphabet="0123456789/:.-h giotmanycpu", max_size=16))
def test_what_looks_like_a_date_is_read_or_not(typed: str) -> None:
    found = parse_moment(typed, NOW)
    assert found is None or found.tzinfo is VN
