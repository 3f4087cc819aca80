from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.vocabulary import LimitUnit, SupplementMode
from desk.rules import moment
from desk.rules.calendar import Calendar, DayRule, merge_rows, parse_rows
from desk.rules.clock import ClockError, ClockEvent, ClockFault, ClockKind, promise_dates, run, three_dates
from desk.rules.deadline import Limit, due, office_minutes
from desk.rules.trace import StepKind
from tests.rules.brute import Brute, Happened, Term, instant, number

FIRST, LAST = date(2025, 1, 1), date(2026, 12, 31)
ROWS = parse_rows(files("desk").joinpath("reference", "calendar.csv").read_text("utf-8"))
CAL = Calendar(ROWS, (), FIRST, LAST)
BRUTE = Brute()
RESTART, PAUSE, NEW, NONE = SupplementMode.RESTART, SupplementMode.PAUSE, SupplementMode.NEW_LIMIT, SupplementMode.NONE

INSTANTS = st.integers(number(moment.parse("2025-01-01T00:00")), number(moment.parse("2026-10-31T23:59"))).map(instant)
LIMITS = st.one_of(
    st.builds(Limit, st.integers(1, 25), st.sampled_from([LimitUnit.WORKING_DAY, LimitUnit.CALENDAR_DAY])),
    st.builds(Limit, st.integers(1, 2), st.just(LimitUnit.MONTH)),
    st.builds(Limit, st.integers(1, 40), st.just(LimitUnit.WORKING_HOUR)),
    st.just(Limit(0, LimitUnit.SAME_DAY)),
)
# Lengths of waits in minutes, many of them ending on a whole or half hour of an office day.
WAITS = st.one_of(
    st.integers(0, 12 * 1440), st.integers(0, 24).map(lambda n: n * 30), st.integers(0, 9).map(lambda n: n * 1440)
)
INTERVALS = st.lists(st.tuples(st.sampled_from(["supplement", "obligation"]), WAITS, WAITS), max_size=4)
ENDS = {"supplement": ClockKind.SUPPLEMENTED, "obligation": ClockKind.SETTLED}


def at(written: str) -> datetime:
    return moment.parse(written)


def term(limit: Limit) -> Term:
    return Term(limit.value, limit.unit.value, limit.cutoff.hour * 60 + limit.cutoff.minute)


def days(value: int) -> Limit:
    return Limit(value, LimitUnit.WORKING_DAY)


def event(kind: str, when: str, **more: datetime | Limit) -> ClockEvent:
    return ClockEvent(ClockKind(kind), at(when), **more)  # type: ignore[arg-type]


def paused(opened: datetime, closed: datetime) -> tuple[ClockEvent, ...]:
    return ClockEvent(ClockKind.OBLIGATION, opened), ClockEvent(ClockKind.SETTLED, closed)


def asked(opened: str, closed: str) -> tuple[ClockEvent, ...]:
    return event("supplement", opened), event("supplemented", closed)


@st.composite
def lives(draw: st.DrawFn) -> tuple[datetime, list[ClockEvent], list[Happened]]:
    """A receipt with what happened to it, told twice: for the clock and for the minute map."""
    received = draw(INSTANTS)
    now = received
    events: list[ClockEvent] = []
    told: list[Happened] = []
    intervals = draw(INTERVALS)
    varied_before = draw(st.integers(0, 6))
    for place, (what, wait, length) in enumerate(intervals):
        if place == varied_before:
            limit = draw(LIMITS)
            events.append(ClockEvent(ClockKind.VARIANT, now, limit=limit))
            told.append(Happened("variant", number(now), number(now), term(limit)))
        opened = now + timedelta(minutes=wait)
        now = opened + timedelta(minutes=length)
        events += [ClockEvent(ClockKind(what), opened), ClockEvent(ENDS[what], now)]
        told.append(Happened(what, number(opened), number(now), Term(0, "same_day")))
    return received, events, told


@settings(max_examples=2000, deadline=None)
@given(lives(), LIMITS, st.sampled_from(SupplementMode), LIMITS)
def test_run_agrees_with_the_minute_map(
    life: tuple[datetime, list[ClockEvent], list[Happened]], limit: Limit, mode: SupplementMode, new: Limit
) -> None:
    received, events, told = life
    found = run(CAL, received, limit, events, mode=mode, new_limit=new)
    assert found.at == instant(BRUTE.run(term(limit), number(received), told, mode.value, term(new)))


@settings(max_examples=300, deadline=None)
@given(lives(), LIMITS, st.sampled_from(SupplementMode))
def test_trace_ends_at_the_date(
    life: tuple[datetime, list[ClockEvent], list[Happened]], limit: Limit, mode: SupplementMode
) -> None:
    received, events, _ = life
    found = run(CAL, received, limit, events, mode=mode, new_limit=days(3))
    assert found.trace[0].at == received
    assert found.trace[-2].at == found.at
    intervals = {StepKind.SUSPENDED, StepKind.UNMOVED, StepKind.RESTARTED}
    assert {step.to for step in found.trace if step.kind in intervals} >= {
        each.at for each in events if each.kind in ENDS.values()
    }
    json.dumps(found.as_json())


@settings(max_examples=400, deadline=None)
@given(INSTANTS, LIMITS, WAITS, WAITS)
def test_a_pause_gives_back_no_more_and_no_less(received: datetime, limit: Limit, wait: int, length: int) -> None:
    plain = due(CAL, limit, received).at
    opened = received + timedelta(minutes=wait)
    closed = opened + timedelta(minutes=length)
    moved = run(CAL, received, limit, paused(opened, closed)).at
    assert moved >= plain
    if opened >= plain or length == 0:
        assert moved == plain
    elif moved > plain and closed <= plain:
        # The date moves by the office minutes that the pause took.
        assert office_minutes(CAL, plain, moved) == office_minutes(CAL, opened, closed)


@pytest.mark.parametrize(
    ("received", "limit", "opened", "closed", "carried"),
    [
        # Two days away move the date by two days, over the weekend.
        ("2026-03-09T10:00", "5 working_day", "2026-03-10T09:00", "2026-03-12T09:00", "2026-03-18T10:00"),
        # A pause over a rest day only takes what office time it covered.
        ("2026-03-09T10:00", "5 working_day", "2026-03-13T16:00", "2026-03-15T10:00", "2026-03-16T11:00"),
        # An end at night or on a rest day counts from the next opening.
        ("2026-03-09T10:00", "5 working_day", "2026-03-10T09:00", "2026-03-11T22:00", "2026-03-18T08:30"),
        # A date at opening stays one: the close of a day is the opening of the next.
        ("2026-03-08T10:00", "5 working_day", "2026-03-10T07:30", "2026-03-11T07:30", "2026-03-17T07:30"),
        ("2026-03-08T10:00", "1 working_day", "2026-03-09T17:00", "2026-03-10T17:00", "2026-03-11T07:30"),
        # A date in the lunch break stays where it was when nothing was lost.
        ("2026-03-09T12:15", "1 working_day", "2026-03-09T12:20", "2026-03-09T13:00", "2026-03-10T12:15"),
        # An interval that opens at or after the date moves nothing.
        ("2026-03-09T10:00", "5 working_day", "2026-03-16T10:00", "2026-03-30T10:00", "2026-03-16T10:00"),
        ("2026-03-09T10:00", "5 working_day", "2026-03-16T09:59", "2026-03-30T10:00", "2026-03-30T10:01"),
        # A day that ends at closing stays at closing.
        ("2026-03-09T10:00", "same_day", "2026-03-09T11:00", "2026-03-10T11:00", "2026-03-10T17:00"),
    ],
)
def test_an_obligation_carries_the_date(received: str, limit: str, opened: str, closed: str, carried: str) -> None:
    assert run(CAL, at(received), Limit.parse(limit), paused(at(opened), at(closed))).at == at(carried)


@pytest.mark.parametrize(
    ("mode", "carried"),
    [
        (RESTART, "2026-03-20T15:00"),
        (PAUSE, "2026-03-19T10:00"),
        (NEW, "2026-03-17T15:00"),
        (NONE, "2026-03-16T10:00"),
    ],
)
def test_the_mode_decides_what_a_supplement_does(mode: SupplementMode, carried: str) -> None:
    received, limit = at("2026-03-09T10:00"), days(5)
    events = asked("2026-03-10T15:00", "2026-03-13T15:00")
    assert run(CAL, received, limit, events, mode=mode, new_limit=days(2)).at == at(carried)
    open_now = three_dates(CAL, received, limit, None, events[:1], mode=mode, new_limit=days(2))
    assert open_now.legal.at == open_now.current.at == at("2026-03-16T10:00")
    assert open_now.suspended_since == (None if mode is NONE else at("2026-03-10T15:00"))
    late = asked("2026-03-16T10:00", "2026-03-18T15:00")
    assert run(CAL, received, limit, late, mode=mode, new_limit=days(2)).at == at("2026-03-16T10:00")


def test_each_date_is_carried_by_its_own_remaining_time() -> None:
    events = asked("2026-03-11T10:00", "2026-03-12T10:00")
    found = three_dates(CAL, at("2026-03-09T10:00"), days(5), days(2), events, mode=RESTART)
    assert found.first.at == at("2026-03-11T10:00")
    # The promise had come when the papers were asked for; the legal deadline had not.
    assert found.current.at == at("2026-03-11T10:00")
    assert found.legal.at == at("2026-03-19T10:00")
    earlier = three_dates(CAL, at("2026-03-09T10:00"), days(5), days(2), asked("2026-03-10T10:00", "2026-03-12T10:00"))
    assert (earlier.first.at, earlier.current.at) == (at("2026-03-11T10:00"), at("2026-03-16T10:00"))


@pytest.mark.parametrize(
    ("local", "first"),
    [(None, "2026-03-16T10:00"), (3, "2026-03-12T10:00"), (5, "2026-03-16T10:00"), (9, "2026-03-16T10:00")],
)
def test_the_first_promise_is_never_later_than_the_law(local: int | None, first: str) -> None:
    limit = None if local is None else days(local)
    found = three_dates(CAL, at("2026-03-09T10:00"), days(5), limit, ())
    assert (found.legal.at, found.first.at, found.current.at) == (at("2026-03-16T10:00"), at(first), at(first))
    assert (found.suspended_since, found.rescheduled) == (None, False)


def test_a_reschedule_moves_the_current_promise_only() -> None:
    received = at("2026-03-09T10:00")
    apology = event("reschedule", "2026-03-13T09:00", to=at("2026-03-20T09:00"))
    found = three_dates(CAL, received, days(5), None, (apology,))
    assert (found.legal.at, found.first.at) == (at("2026-03-16T10:00"), at("2026-03-16T10:00"))
    assert found.current.at == at("2026-03-20T09:00")
    assert found.rescheduled
    assert run(CAL, received, days(5), (apology,)).at == at("2026-03-16T10:00")


@pytest.mark.parametrize("mode", [RESTART, PAUSE, NEW])
def test_a_rescheduled_promise_is_carried_by_what_remained(mode: SupplementMode) -> None:
    apology = event("reschedule", "2026-03-12T09:00", to=at("2026-03-20T09:00"))
    events = (apology, *asked("2026-03-13T09:00", "2026-03-17T09:00"))
    found = three_dates(CAL, at("2026-03-09T10:00"), days(5), None, events, mode=mode, new_limit=days(4))
    assert found.current.at == at("2026-03-24T09:00")
    legal = {RESTART: "2026-03-24T09:00", PAUSE: "2026-03-18T10:00", NEW: "2026-03-23T09:00"}
    assert found.legal.at == at(legal[mode])


def test_a_variant_is_counted_from_the_same_start() -> None:
    received = at("2026-03-09T10:00")
    pause = paused(at("2026-03-10T09:00"), at("2026-03-11T09:00"))
    change = event("variant", "2026-03-12T09:00", limit=days(8), local=days(4))
    found = three_dates(CAL, received, days(5), days(2), (*pause, change))
    assert found.first.at == at("2026-03-11T10:00")
    # Eight days, or the four the centre promises, from the receipt, and the day of the pause again.
    assert found.legal.at == at("2026-03-20T10:00")
    assert found.current.at == at("2026-03-16T10:00")
    without = event("variant", "2026-03-12T09:00", limit=days(8))
    assert three_dates(CAL, received, days(5), days(2), (without,)).current.at == at("2026-03-19T10:00")


def test_a_variant_within_an_interval_keeps_the_interval() -> None:
    opened, closed = paused(at("2026-03-10T09:00"), at("2026-03-12T09:00"))
    change = event("variant", "2026-03-11T09:00", limit=days(8))
    assert run(CAL, at("2026-03-09T10:00"), days(5), (opened, change, closed)).at == at("2026-03-23T10:00")


def test_a_variant_after_a_restart_starts_where_the_clock_does() -> None:
    events = (*asked("2026-03-10T09:00", "2026-03-12T09:00"), event("variant", "2026-03-13T09:00", limit=days(8)))
    for mode in (RESTART, NEW):
        found = run(CAL, at("2026-03-09T10:00"), days(5), events, mode=mode, new_limit=days(2))
        assert found.at == at("2026-03-24T09:00")


def test_a_typed_promise_is_carried() -> None:
    received, promise = at("2026-03-09T10:00"), at("2026-03-16T10:00")
    found = promise_dates(CAL, received, promise, paused(at("2026-03-10T09:00"), at("2026-03-12T09:00")))
    assert (found.first.at, found.current.at) == (promise, at("2026-03-18T10:00"))
    again = promise_dates(CAL, received, promise, asked("2026-03-10T15:00", "2026-03-13T15:00"))
    assert again.current.at == at("2026-03-20T15:00")
    given = promise_dates(CAL, received, promise, (event("variant", "2026-03-10T15:00", limit=days(8)),))
    assert given.current.at == at("2026-03-19T10:00")
    assert StepKind.PROMISED in {step.kind for step in found.current.trace}
    assert [step.minutes for step in found.first.trace if step.kind is StepKind.LIMIT] == [5 * 450]


def test_a_typed_promise_says_since_when_it_waits() -> None:
    received, promise = at("2026-03-09T10:00"), at("2026-03-12T10:00")
    asked_only = (event("supplement", "2026-03-10T15:00"),)
    assert promise_dates(CAL, received, promise, asked_only).suspended_since == at("2026-03-10T15:00")
    assert promise_dates(CAL, received, promise, ()).suspended_since is None


@pytest.mark.parametrize(
    ("promise", "opened", "closed"),
    [
        ("2026-03-14T10:00", "2026-03-13T18:00", "2026-03-13T18:00"),
        ("2026-03-14T07:30", "2026-03-10T12:00", "2026-03-10T12:30"),
    ],
)
def test_a_pause_of_no_time_leaves_a_promise_for_a_saturday(promise: str, opened: str, closed: str) -> None:
    found = promise_dates(CAL, at("2026-03-09T10:00"), at(promise), paused(at(opened), at(closed)))
    assert found.current.at == at(promise)


@settings(max_examples=300, deadline=None)
@given(INSTANTS, st.integers(1, 20), WAITS, WAITS)
def test_a_typed_promise_of_working_days_restarts_like_them(received: datetime, n: int, wait: int, length: int) -> None:
    promise = due(CAL, days(n), received).at
    opened = received + timedelta(minutes=wait)
    closed = opened + timedelta(minutes=length)
    events = (ClockEvent(ClockKind.SUPPLEMENT, opened), ClockEvent(ClockKind.SUPPLEMENTED, closed))
    known = run(CAL, received, days(n), events).at
    typed = promise_dates(CAL, received, promise, events).current.at
    # Office minutes cannot tell the two ends of a break from each other, nor from an instant within it.
    assert office_minutes(CAL, min(known, typed), max(known, typed)) == 0


def test_a_changed_calendar_moves_the_law_and_no_promise() -> None:
    received = at("2026-03-09T10:00")
    closed_day = DayRule(date(2026, 3, 11), counts=False, open=False, note="Bão", source="CĐ 1")
    changed = Calendar(merge_rows(ROWS, [closed_day]), (), FIRST, LAST)
    before = three_dates(CAL, received, days(5), None, ())
    after = three_dates(changed, received, days(5), None, (), printed=before.first.at)
    assert after.legal.at == at("2026-03-17T10:00")
    assert after.first.at == after.current.at == at("2026-03-16T10:00")

    restarted = asked("2026-03-09T15:00", "2026-03-10T15:00")
    told = three_dates(CAL, received, days(5), None, restarted).current.at
    kept = (restarted[0], event("supplemented", "2026-03-10T15:00", told=told))
    again = three_dates(changed, received, days(5), None, kept, printed=before.first.at)
    assert (again.current.at, again.legal.at) == (at("2026-03-17T15:00"), at("2026-03-18T15:00"))
    assert StepKind.TOLD in {step.kind for step in again.current.trace}


def test_a_date_carried_beyond_the_coverage_is_provisional() -> None:
    received = at("2026-12-28T09:00")
    pause = paused(at("2026-12-29T09:00"), at("2026-12-31T09:00"))
    found = three_dates(CAL, received, days(3), days(1), pause)
    assert (found.first.provisional, found.current.provisional, found.legal.provisional) == (False, False, True)


def test_events_are_taken_in_their_order() -> None:
    received = at("2026-03-09T10:00")
    events = paused(at("2026-03-10T09:00"), at("2026-03-12T09:00"))
    assert run(CAL, received, days(5), events[::-1]).at == run(CAL, received, days(5), events).at


VARIANT = event("variant", "2026-03-10T09:00", limit=days(8))
APOLOGY = event("reschedule", "2026-03-10T09:00", to=at("2026-03-20T09:00"))


@pytest.mark.parametrize(
    ("events", "fault"),
    [
        ((event("settled", "2026-03-10T09:00"),), ClockFault.NOT_OPEN),
        ((event("supplement", "2026-03-10T09:00"), event("settled", "2026-03-11T09:00")), ClockFault.NOT_OPEN),
        ((event("supplement", "2026-03-10T09:00"), event("obligation", "2026-03-11T09:00")), ClockFault.ALREADY_OPEN),
        ((VARIANT, VARIANT), ClockFault.SECOND_VARIANT),
        ((APOLOGY, APOLOGY), ClockFault.SECOND_RESCHEDULE),
        ((APOLOGY, VARIANT), ClockFault.VARIANT_AFTER_RESCHEDULE),
        ((event("supplement", "2026-03-08T09:00"),), ClockFault.BEFORE_START),
    ],
)
def test_events_that_cannot_be_are_refused(events: tuple[ClockEvent, ...], fault: ClockFault) -> None:
    with pytest.raises(ClockError) as caught:
        three_dates(CAL, at("2026-03-09T10:00"), days(5), None, events)
    assert caught.value.fault is fault


def test_an_event_says_what_it_needs() -> None:
    with pytest.raises(ClockError) as caught:
        event("variant", "2026-03-10T09:00")
    assert caught.value.fault is ClockFault.NO_LIMIT
    with pytest.raises(ClockError) as caught:
        event("reschedule", "2026-03-10T09:00")
    assert caught.value.fault is ClockFault.NO_DATE
    with pytest.raises(ClockError) as caught:
        run(CAL, at("2026-03-09T10:00"), days(5), (event("supplement", "2026-03-10T09:00"),), mode=NEW)
    assert caught.value.fault is ClockFault.NO_LIMIT
