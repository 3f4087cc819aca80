from __future__ import annotations

import csv
import json
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.vocabulary import Judgement, LimitUnit
from desk.rules import moment
from desk.rules.calendar import Calendar, CalendarGapError, DayRule, OfficeHours, Session, parse_rows
from desk.rules.deadline import (
    Due,
    Limit,
    LimitError,
    LimitFault,
    StartWhy,
    Variant,
    advance,
    apology_by,
    apply_variant,
    due,
    effective_start,
    is_overdue,
    judge,
    office_minutes,
    parse_variants,
)
from desk.rules.terms import RescheduleFault, applicant_term, request_by, reschedule_fault
from desk.rules.trace import StepKind
from tests.rules.brute import Brute, Term, instant, number

FIRST, LAST = date(2025, 1, 1), date(2026, 12, 31)
CAL = Calendar(parse_rows(files("desk").joinpath("reference", "calendar.csv").read_text("utf-8")), (), FIRST, LAST)
BRUTE = Brute()
VECTORS = list(csv.DictReader((Path(__file__).parents[1] / "data" / "deadlines.csv").open(encoding="utf-8")))

INSTANTS = st.integers(number(moment.parse("2025-01-01T00:00")), number(moment.parse("2026-12-31T23:59"))).map(instant)
LIMITS = st.one_of(
    st.builds(Limit, st.integers(1, 60), st.sampled_from([LimitUnit.WORKING_DAY, LimitUnit.CALENDAR_DAY])),
    st.builds(Limit, st.integers(1, 13), st.just(LimitUnit.MONTH)),
    st.builds(Limit, st.integers(1, 40), st.just(LimitUnit.WORKING_HOUR)),
    st.builds(Limit, st.just(0), st.just(LimitUnit.SAME_DAY), st.times().map(lambda t: time(t.hour, t.minute))),
)


def at(written: str) -> datetime:
    return moment.parse(written)


def term(limit: Limit) -> Term:
    return Term(limit.value, limit.unit.value, limit.cutoff.hour * 60 + limit.cutoff.minute)


@pytest.mark.parametrize("row", VECTORS, ids=lambda row: f"{row['received']}+{row['value']}{row['unit']}")
def test_vectors(row: dict[str, str]) -> None:
    found = due(CAL, Limit.parse(f"{row['value']} {row['unit']}"), at(row["received"]))
    assert found.at == at(row["due"])
    assert not found.provisional


def test_all_vectors_are_there() -> None:
    assert len(VECTORS) == 73


@settings(max_examples=1500, deadline=None)
@given(INSTANTS, LIMITS)
def test_due_agrees_with_the_minute_map(received: datetime, limit: Limit) -> None:
    found = due(CAL, limit, received)
    assert found.at == instant(BRUTE.due(term(limit), number(received)))
    assert CAL.counts(found.at.date())
    assert found.provisional == (found.at.date() > LAST)


@settings(max_examples=800, deadline=None)
@given(INSTANTS, st.integers(0, 40 * 1440), st.integers(0, 3000))
def test_office_time_agrees_with_the_minute_map(a: datetime, length: int, minutes: int) -> None:
    b = a + timedelta(minutes=length)
    assert office_minutes(CAL, a, b) == BRUTE.minutes(number(a), number(b))
    assert office_minutes(CAL, b, a) == 0
    end = advance(CAL, a, minutes)
    assert end == instant(BRUTE.advance(number(a), minutes))
    assert office_minutes(CAL, a, end) == minutes


@settings(max_examples=500, deadline=None)
@given(INSTANTS)
def test_effective_start_agrees_with_the_minute_map(t: datetime) -> None:
    start = effective_start(CAL, t)
    assert start.at == instant(BRUTE.start(number(t)))
    assert (start.at == t) == (start.why is StartWhy.RECEIPT)
    assert effective_start(CAL, start.at).at == start.at


@pytest.mark.parametrize(
    ("received", "start", "why"),
    [
        ("2026-03-13T07:29", "2026-03-13T07:30", StartWhy.BEFORE_OPENING),
        ("2026-03-13T07:30", "2026-03-13T07:30", StartWhy.RECEIPT),
        ("2026-03-13T12:15", "2026-03-13T12:15", StartWhy.RECEIPT),
        ("2026-03-13T17:00", "2026-03-13T17:00", StartWhy.RECEIPT),
        ("2026-03-13T17:01", "2026-03-16T07:30", StartWhy.AFTER_CLOSING),
        ("2026-03-14T09:00", "2026-03-16T07:30", StartWhy.NOT_COUNTING),
    ],
)
def test_effective_start_at_its_edges(received: str, start: str, why: StartWhy) -> None:
    found = effective_start(CAL, at(received))
    assert (found.at, found.why) == (at(start), why)
    assert instant(BRUTE.start(number(at(received)))) == at(start)


@settings(max_examples=300, deadline=None)
@given(INSTANTS, LIMITS)
def test_trace_tells_the_way_to_the_date(received: datetime, limit: Limit) -> None:
    found = due(CAL, limit, received)
    steps = found.trace
    kinds = [step.kind for step in steps]
    assert kinds[0] is StepKind.RECEIVED
    assert kinds[-2:] == [StepKind.DUE, StepKind.COVERAGE]
    assert steps[-2].at == found.at
    assert (steps[-1].why == "provisional") is found.provisional
    counted = [step.n for step in steps if step.kind is StepKind.DAY]
    if limit.unit in {LimitUnit.WORKING_DAY, LimitUnit.CALENDAR_DAY}:
        assert counted == list(range(1, limit.value + 1))
    used = [step.n or 0 for step in steps if step.kind is StepKind.HOURS]
    assert sum(used) == (limit.value * 60 if limit.unit is LimitUnit.WORKING_HOUR else 0)
    assert all(step.why for step in steps if step.kind is StepKind.SKIPPED)
    assert json.loads(json.dumps(found.as_json()))["trace"][0]["at"] == moment.text(received)


def test_trace_names_the_row_of_each_day() -> None:
    told = [step.as_json() for step in due(CAL, Limit.parse("2 working_day"), at("2025-12-31T09:00")).trace]
    assert told == [
        {"kind": "received", "at": "2025-12-31T09:00+07:00"},
        {"kind": "start", "at": "2025-12-31T09:00+07:00", "why": "receipt"},
        {"kind": "limit", "limit": "2 working_day"},
        {"kind": "skipped", "day": "2026-01-01", "why": "row", "note": "Tết Dương lịch", "source": "BLLĐ 2019 Đ112"},
        {
            "kind": "skipped",
            "day": "2026-01-02",
            "why": "row",
            "note": "Hoán đổi với 10/01/2026",
            "source": "CV 12729/VPCP-KGVX",
        },
        {"kind": "skipped", "day": "2026-01-03", "why": "weekend"},
        {"kind": "skipped", "day": "2026-01-04", "why": "weekend"},
        {"kind": "day", "day": "2026-01-05", "n": 1},
        {"kind": "day", "day": "2026-01-06", "n": 2},
        {"kind": "due", "at": "2026-01-06T09:00+07:00"},
        {"kind": "coverage", "day": "2025-01-01", "until": "2026-12-31"},
    ]


def test_trace_tells_the_roll_and_the_clamp() -> None:
    plain = due(CAL, Limit.parse("1 month"), at("2026-01-31T10:00"))
    assert plain.at == at("2026-03-02T07:30")
    months = next(step for step in plain.trace if step.kind is StepKind.MONTHS)
    assert (months.day, months.why) == (date(2026, 3, 2), None)
    clamped = due(Calendar((), (), FIRST, LAST), Limit.parse("1 month"), at("2025-10-31T10:00"))
    months = next(step for step in clamped.trace if step.kind is StepKind.MONTHS)
    assert (months.day, months.why) == (date(2025, 11, 30), "clamped")
    assert clamped.at == at("2025-12-01T17:00")
    assert [step.why for step in clamped.trace if step.kind is StepKind.ROLLED] == ["not_counting"]


@settings(max_examples=300, deadline=None)
@given(INSTANTS, st.integers(0, 20 * 1440), LIMITS)
def test_a_later_receipt_is_never_due_earlier(received: datetime, later: int, limit: Limit) -> None:
    if limit.unit in {LimitUnit.WORKING_DAY, LimitUnit.WORKING_HOUR, LimitUnit.SAME_DAY}:
        after = received + timedelta(minutes=later)
        assert due(CAL, limit, received).at <= due(CAL, limit, after).at


@pytest.mark.parametrize(
    ("received", "limit", "provisional"),
    [
        ("2026-12-28T09:00", "3 working_day", False),
        ("2026-12-28T09:00", "4 working_day", True),
        ("2024-12-31T09:00", "1 working_day", True),
        ("2025-01-01T09:00", "1 working_day", False),
        ("2026-12-31T17:01", "same_day", True),
    ],
)
def test_a_date_beyond_the_coverage_is_provisional(received: str, limit: str, provisional: bool) -> None:
    assert due(CAL, Limit.parse(limit), at(received)).provisional is provisional


def test_an_open_saturday_does_not_start_the_clock() -> None:
    saturday = DayRule(date(2026, 3, 14), counts=False, open=True)
    cal = Calendar((saturday,), (), FIRST, LAST)
    found = due(cal, Limit.parse("1 working_day"), at("2026-03-14T09:00"))
    assert found.at == at("2026-03-17T07:30")
    assert effective_start(cal, at("2026-03-14T09:00")).why is StartWhy.NOT_COUNTING


def test_office_hours_of_the_day_are_used() -> None:
    hours = OfficeHours(date(2026, 3, 16), (Session(time(8), time(12)), Session(time(13), time(16))))
    cal = Calendar((), (hours,), FIRST, LAST)
    assert due(cal, Limit.parse("2 hour"), at("2026-03-13T16:00")).at == at("2026-03-16T09:00")
    assert due(cal, Limit.parse("same_day"), at("2026-03-13T17:30")).at == at("2026-03-16T16:00")


@pytest.mark.parametrize(
    ("written", "limit", "again"),
    [
        ("3 working_day", Limit(3, LimitUnit.WORKING_DAY), "3 working_day"),
        (" 10  calendar_day ", Limit(10, LimitUnit.CALENDAR_DAY), "10 calendar_day"),
        ("1 month", Limit(1, LimitUnit.MONTH), "1 month"),
        ("8 hour", Limit(8, LimitUnit.WORKING_HOUR), "8 working_hour"),
        ("same_day", Limit(0, LimitUnit.SAME_DAY), "same_day"),
        ("0 same_day", Limit(0, LimitUnit.SAME_DAY), "same_day"),
        ("same_day@16:00", Limit(0, LimitUnit.SAME_DAY, time(16)), "same_day@16:00"),
        ("0 same_day (15h)", Limit(0, LimitUnit.SAME_DAY, time(15)), "same_day"),
        ("0 same_day (9h30)", Limit(0, LimitUnit.SAME_DAY, time(9, 30)), "same_day@09:30"),
    ],
)
def test_limits_are_read(written: str, limit: Limit, again: str) -> None:
    assert Limit.parse(written) == limit
    assert str(limit) == again


@given(LIMITS)
def test_limits_round_trip(limit: Limit) -> None:
    assert Limit.parse(str(limit)) == limit


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("", LimitFault.SYNTAX),
        ("3", LimitFault.SYNTAX),
        ("-3 working_day", LimitFault.SYNTAX),
        ("0.5 working_day", LimitFault.SYNTAX),
        ("３ working_day", LimitFault.SYNTAX),
        ("3 week", LimitFault.UNIT),
        ("working_day", LimitFault.VALUE),
        ("0 working_day", LimitFault.VALUE),
        ("10000 working_day", LimitFault.VALUE),
        ("2 same_day", LimitFault.VALUE),
        ("same_day@24:00", LimitFault.CUTOFF),
        ("3 working_day@15:00", LimitFault.CUTOFF),
    ],
)
def test_what_is_no_limit_is_refused(written: str, fault: LimitFault) -> None:
    with pytest.raises(LimitError) as caught:
        Limit.parse(written)
    assert caught.value.fault is fault


def test_variants_are_read() -> None:
    written = "cần xác minh=5 working_day|vùng khó khăn=+10 working_day| bổ sung hộ tịch = 0 same_day (15h)"
    assert parse_variants(written) == (
        Variant("cần xác minh", "5 working_day"),
        Variant("vùng khó khăn", "+10 working_day"),
        Variant("bổ sung hộ tịch", "0 same_day (15h)"),
    )
    assert parse_variants(" ") == ()


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("5 working_day", LimitFault.CASE),
        ("=5 working_day", LimitFault.CASE),
        ("a=5 working_day|", LimitFault.CASE),
        ("a=5 working_day|a=6 working_day", LimitFault.TWICE),
        ("a=++5 working_day", LimitFault.SYNTAX),
    ],
)
def test_bad_variants_are_refused(written: str, fault: LimitFault) -> None:
    with pytest.raises(LimitError) as caught:
        parse_variants(written)
    assert caught.value.fault is fault


@pytest.mark.parametrize(
    ("base", "variant", "limit"),
    [
        ("3 working_day", "5 working_day", "5 working_day"),
        ("20 working_day", "+10 working_day", "30 working_day"),
        ("3 working_day", "25 calendar_day", "25 calendar_day"),
        ("same_day", "+2 working_day", "2 working_day"),
        ("same_day", "+0 same_day (16h)", "same_day@16:00"),
        ("5 working_day", "0 same_day (15h)", "same_day"),
        ("8 working_hour", "+2 hour", "10 working_hour"),
    ],
)
def test_variants_replace_or_add(base: str, variant: str, limit: str) -> None:
    assert str(apply_variant(Limit.parse(base), variant)) == limit


def test_units_are_not_added_to_each_other() -> None:
    with pytest.raises(LimitError) as caught:
        apply_variant(Limit.parse("3 working_day"), "+10 calendar_day")
    assert caught.value.fault is LimitFault.OTHER_UNIT


@pytest.mark.parametrize(
    ("promise", "limit", "by"),
    [
        ("2026-03-16T09:00", "3 working_day", "2026-03-13T17:00"),
        ("2026-01-12T09:00", None, "2026-01-10T17:00"),
        ("2026-02-23T07:30", "1 month", "2026-02-13T17:00"),
        ("2026-03-16T17:00", "same_day", None),
        ("2026-03-16T09:00", "8 working_hour", None),
    ],
)
def test_apology_by(promise: str, limit: str | None, by: str | None) -> None:
    found = apology_by(CAL, at(promise), None if limit is None else Limit.parse(limit))
    assert found == (None if by is None else at(by))


@pytest.mark.parametrize(
    ("ended", "suspended", "immediate", "judged"),
    [
        ("2026-03-15T23:59", None, False, Judgement.EARLY),
        ("2026-03-16T00:00", None, False, Judgement.ON_TIME),
        ("2026-03-16T10:56:59", None, False, Judgement.ON_TIME),
        ("2026-03-16T10:57", None, False, Judgement.OVERDUE),
        ("2026-03-17T08:00", None, False, Judgement.OVERDUE),
        ("2026-03-17T08:00", None, True, Judgement.ON_TIME),
        ("2026-03-20T08:00", "2026-03-13T08:00", False, Judgement.EARLY),
        ("2026-03-20T08:00", "2026-03-16T10:56", False, Judgement.ON_TIME),
        ("2026-03-20T08:00", "2026-03-16T10:57", False, Judgement.OVERDUE),
        ("2026-03-15T17:30:00Z", None, False, Judgement.ON_TIME),
    ],
)
def test_judge(ended: str, suspended: str | None, immediate: bool, judged: Judgement) -> None:
    since = None if suspended is None else at(suspended)
    assert judge(at("2026-03-16T10:56"), at(ended), suspended_since=since, immediate=immediate) is judged


@pytest.mark.parametrize(
    ("now", "suspended", "overdue"),
    [
        ("2026-03-16T10:56:30", None, False),
        ("2026-03-16T10:57", None, True),
        ("2026-03-20T08:00", "2026-03-16T10:55", False),
        ("2026-03-20T08:00", "2026-03-16T10:56", True),
        ("2026-03-16T10:00", "2026-03-16T09:00", False),
    ],
)
def test_is_overdue(now: str, suspended: str | None, overdue: bool) -> None:
    since = None if suspended is None else at(suspended)
    assert is_overdue(at("2026-03-16T10:56"), at(now), since) is overdue


def test_terms_around_a_clock() -> None:
    assert request_by(CAL, at("2026-03-12T09:00")) == at("2026-03-17T09:00")
    assert applicant_term(CAL, at("2026-02-12T09:00")) == at("2026-03-12T17:00")
    assert applicant_term(CAL, at("2026-02-12T09:00"), days=1) == at("2026-02-13T17:00")


@pytest.mark.parametrize(
    ("to", "now", "fault"),
    [
        ("2026-03-17T09:00", "2026-03-16T10:56", None),
        ("2026-03-17T09:00", "2026-03-16T10:57", RescheduleFault.PASSED),
        ("2026-03-16T10:56", "2026-03-13T09:00", RescheduleFault.NOT_LATER),
        ("2026-03-21T09:00", "2026-03-13T09:00", RescheduleFault.NOT_COUNTING),
        ("2026-03-17T12:00", "2026-03-13T09:00", RescheduleFault.OUTSIDE_HOURS),
        ("2026-03-17T17:01", "2026-03-13T09:00", RescheduleFault.OUTSIDE_HOURS),
        ("2026-03-17T17:00", "2026-03-13T09:00", None),
    ],
)
def test_reschedule_fault(to: str, now: str, fault: RescheduleFault | None) -> None:
    assert reschedule_fault(CAL, at("2026-03-16T10:56"), at(to), now=at(now)) is fault


def test_what_cannot_be_counted_is_an_error() -> None:
    with pytest.raises(ValueError, match="zone"):
        due(CAL, Limit.parse("same_day"), datetime(2026, 3, 16, 9, 0))  # noqa: DTZ001
    with pytest.raises(ValueError, match="forward"):
        advance(CAL, at("2026-03-16T09:00"), -1)
    for written in ("9999 month", "9999 calendar_day"):
        with pytest.raises(CalendarGapError):
            due(CAL, Limit.parse(written), at("9990-01-01T09:00"))


def test_a_date_may_be_given_with_its_steps() -> None:
    steps = due(CAL, Limit.parse("same_day"), at("2026-03-16T09:00")).trace
    assert Due(at("2026-03-16T17:00"), steps, provisional=False).trace == steps
