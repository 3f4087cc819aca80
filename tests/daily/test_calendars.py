"""The province's signed calendar: what is written is read back; nothing else is believed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, time
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.daily.calendars import PublishedCalendar, VerifiedCalendar, seal_calendar, verify_calendar
from desk.daily.container import NS_CATALOGUE, NS_RECEIPT, SealError, seal
from desk.daily.reasons import Refusal
from desk.daily.schema import CALENDAR, load
from desk.daily.sshsig import SigningKey
from desk.daily.verify import Refused
from desk.rules.calendar import DayRule, OfficeHours, Session

KEY, OTHER = SigningKey.generate(), SigningKey.generate()
HOURS = OfficeHours(date(2027, 4, 1), (Session(time(7), time(11)), Session(time(13), time(16, 30))))
YEAR = PublishedCalendar(
    "2027.1",
    date(2027, 1, 1),
    date(2027, 12, 31),
    (DayRule(date(2027, 1, 1), counts=False, open=False, note="Tết Dương lịch", source="BLLĐ Đ112"),),
    (HOURS,),
)


def refused(data: bytes) -> Refusal:
    found = verify_calendar(data, [KEY.public])
    assert isinstance(found, Refused), found
    return found.reason


def test_what_the_province_signs_is_read_back() -> None:
    found = verify_calendar(seal_calendar(YEAR, KEY), [KEY.public])
    assert isinstance(found, VerifiedCalendar)
    assert found.calendar == YEAR


day = st.dates(date(2026, 1, 1), date(2028, 12, 31))
note = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=40)


@given(
    rows=st.lists(st.builds(DayRule, day, st.booleans(), st.booleans(), note, note), max_size=20),
    hours=st.lists(st.builds(OfficeHours, day, st.just(HOURS.sessions)), max_size=3),
)
def test_any_calendar_fits_the_schema_and_comes_back(rows: list[DayRule], hours: list[OfficeHours]) -> None:
    payload = PublishedCalendar("2027.1", YEAR.first, YEAR.last, tuple(rows), tuple(hours)).payload()
    jsonschema.Draft202012Validator(load(CALENDAR)).validate(payload)
    again = PublishedCalendar.from_payload(json.loads(json.dumps(payload)))
    assert [row.date for row in again.rows] == [row.date for row in rows]
    assert again.hours == tuple(hours)


def test_a_key_that_is_not_pinned_signs_nothing() -> None:
    assert refused(seal_calendar(YEAR, OTHER)) is Refusal.UNKNOWN_KEY
    assert isinstance(verify_calendar(seal_calendar(YEAR, KEY), []), Refused)


def test_a_signature_for_another_purpose_is_none() -> None:
    assert refused(seal(YEAR.payload(), KEY, NS_RECEIPT)) is Refusal.WRONG_NAMESPACE


def test_a_changed_day_breaks_the_signature() -> None:
    data = seal_calendar(YEAR, KEY)
    assert refused(data.replace(b'"counts":false', b'"counts":true ')) is Refusal.BAD_SIGNATURE


@pytest.mark.parametrize(
    "change",
    [
        lambda p: p.update(schema="motcua.daily/1"),
        lambda p: p.update(extra=1),
        lambda p: p.pop("hours"),
        lambda p: p.update(version="v1"),
        lambda p: p.update(version="2027.1\n"),
        lambda p: p.update(first="2027-02-30"),
        lambda p: p.update(last="01/01/2027"),
        lambda p: p["rows"][0].update(counts=1),
        lambda p: p["rows"][0].update(note="x" * 201),
        lambda p: p["rows"][0].update(date="2027-06-31"),
        lambda p: p["rows"][0].update(why="x"),
        lambda p: p["hours"][0].update(sessions=[]),
        lambda p: p["hours"][0].update(sessions=["11:00-07:00"]),
        lambda p: p["hours"][0].update(sessions=["07:00-29:00"]),
        lambda p: p["hours"][0].update(sessions=["07:00-11:00", "10:00-12:00"]),
        lambda p: p.update(rows=p["rows"] * 1001),
    ],
)
def test_a_signed_line_that_is_no_calendar_is_refused(change: Callable[[dict[str, Any]], object]) -> None:
    payload: dict[str, Any] = YEAR.payload()
    change(payload)
    assert refused(seal(payload, KEY, NS_CATALOGUE, limit=1_000_000)[: 1 << 16]) in {
        Refusal.BAD_SCHEMA, Refusal.TRUNCATED,
    }  # fmt: skip


def test_the_province_cannot_sign_what_no_desk_would_take() -> None:
    with pytest.raises(SealError):
        seal_calendar(PublishedCalendar("x", YEAR.first, YEAR.last, (), ()), KEY)
