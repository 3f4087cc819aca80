"""What must hold for any dossier, whatever its receipt, its limit and its life."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from db.vocabulary import LimitUnit, SupplementMode
from desk.rules.calendar import Calendar, DayRule, merge_rows
from desk.rules.clock import ClockEvent, ClockKind, run, three_dates
from desk.rules.deadline import Limit, due, effective_start, office_minutes
from tests.rules.brute import DAY, index_of, instant, number
from tests.rules.proof_world import EDGES, FIRST, LAST, ROWS, WORLDS, Life, Lives, clock_events, limit_of, mode_of

CAL, BRUTE = WORLDS[0]
CALENDARS = st.sampled_from([cal for cal, _ in WORLDS])
DAYS = st.integers(index_of(date(2025, 1, 1)), index_of(date(2027, 12, 31)))
MINUTES = st.sampled_from(EDGES) | st.integers(0, DAY - 1)
INSTANTS = st.builds(lambda day, minute: instant(day * DAY + minute), DAYS, MINUTES)
LIMITS = st.one_of(
    st.builds(Limit, st.integers(1, 40), st.sampled_from([LimitUnit.WORKING_DAY, LimitUnit.CALENDAR_DAY])),
    st.builds(Limit, st.integers(1, 6), st.just(LimitUnit.MONTH)),
    st.builds(Limit, st.integers(1, 40), st.just(LimitUnit.WORKING_HOUR)),
    st.just(Limit(0, LimitUnit.SAME_DAY)),
)
WAITS = st.integers(0, 12 * DAY) | st.integers(0, 24).map(lambda n: n * 30) | st.integers(0, 9).map(lambda n: n * DAY)
LIVES = st.integers(0, 2**32).map(lambda seed: Lives(Random(seed), BRUTE).life())
PAUSES = st.lists(st.tuples(WAITS, WAITS), max_size=4)


def legal(life: Life, *more: ClockEvent, cal: Calendar = CAL) -> datetime:
    events = [*clock_events(life.events), *more]
    limit, new = limit_of(life.term), limit_of(life.new)
    return run(cal, instant(life.received), limit, events, mode=mode_of(life), new_limit=new).at


def closed(life: Life) -> Life:
    """The life without an interval that still runs."""
    return replace(life, events=tuple(each for each in life.events if each.closed is not None))


def end_of(life: Life) -> datetime:
    return instant(max([life.received, *(each.closed or each.opened for each in life.events)]))


def pause(opened: datetime, until: datetime) -> tuple[ClockEvent, ClockEvent]:
    return ClockEvent(ClockKind.OBLIGATION, opened), ClockEvent(ClockKind.SETTLED, until)


def asked(opened: datetime, until: datetime) -> tuple[ClockEvent, ClockEvent]:
    return ClockEvent(ClockKind.SUPPLEMENT, opened), ClockEvent(ClockKind.SUPPLEMENTED, until)


def pauses_from(received: datetime, waits: list[tuple[int, int]]) -> list[ClockEvent]:
    events: list[ClockEvent] = []
    now = received
    for wait, length in waits:
        opened = now + timedelta(minutes=wait)
        now = opened + timedelta(minutes=length)
        events += pause(opened, now)
    return events


@settings(max_examples=500)
@given(CALENDARS, INSTANTS, LIMITS)
def test_no_date_is_earlier_than_its_start(cal: Calendar, received: datetime, limit: Limit) -> None:
    start = effective_start(cal, received).at
    found = due(cal, limit, received).at
    assert received <= start <= found
    assert cal.counts(found.date())
    if limit.unit is not LimitUnit.SAME_DAY:
        assert found > start
    if limit.unit not in {LimitUnit.SAME_DAY, LimitUnit.WORKING_HOUR}:
        assert found.date() > start.date()


@settings(max_examples=300)
@given(LIVES)
def test_no_date_of_a_life_is_earlier_than_the_receipt(life: Life) -> None:
    assert legal(life) >= effective_start(CAL, instant(life.received)).at


@settings(max_examples=500)
@given(CALENDARS, INSTANTS, st.integers(0, 20 * DAY), LIMITS)
def test_a_later_receipt_is_not_due_on_an_earlier_day(
    cal: Calendar, received: datetime, later: int, limit: Limit
) -> None:
    after = received + timedelta(minutes=later)
    assert due(cal, limit, received).at.date() <= due(cal, limit, after).at.date()


@settings(max_examples=500)
@given(CALENDARS, INSTANTS, st.sampled_from(LimitUnit), st.integers(1, 40), st.integers(0, 20))
def test_a_longer_limit_is_not_due_on_an_earlier_day(
    cal: Calendar, received: datetime, unit: LimitUnit, value: int, more: int
) -> None:
    assume(unit is not LimitUnit.SAME_DAY)
    shorter, longer = (due(cal, Limit(each, unit), received).at for each in (value, value + more))
    assert shorter.date() <= longer.date()
    if unit in {LimitUnit.WORKING_DAY, LimitUnit.WORKING_HOUR}:
        assert (shorter < longer) is (more > 0)


@settings(max_examples=400)
@given(LIVES, WAITS, WAITS)
def test_a_restart_does_not_know_what_went_before(life: Life, wait: int, length: int) -> None:
    life = replace(closed(life), mode="restart")
    before = legal(life)
    opened = end_of(life) + timedelta(minutes=wait)
    done = opened + timedelta(minutes=length)
    found = legal(life, *asked(opened, done))
    varied = [each.term for each in life.events if each.what == "variant"]
    limit = limit_of(varied[-1] if varied else life.term)
    assert found == (due(CAL, limit, done).at if opened < before else before)


@settings(max_examples=400)
@given(CALENDARS, INSTANTS, LIMITS, PAUSES, st.integers(0, 20 * DAY), st.booleans())
def test_a_pause_of_no_minutes_changes_nothing(
    cal: Calendar, received: datetime, limit: Limit, waits: list[tuple[int, int]], place: int, papers: bool
) -> None:
    events = pauses_from(received, waits)
    t = received + timedelta(minutes=place)
    outside = all(not opened.at <= t < ended.at for opened, ended in zip(events[::2], events[1::2], strict=True))
    assume(outside)
    nothing = asked(t, t) if papers else pause(t, t)
    order = [each for each in events if each.at <= t], [each for each in events if each.at > t]
    plain = run(cal, received, limit, events, mode=SupplementMode.PAUSE).at
    assert run(cal, received, limit, [*order[0], *nothing, *order[1]], mode=SupplementMode.PAUSE).at == plain


@settings(max_examples=400)
@given(CALENDARS, INSTANTS, LIMITS, PAUSES, st.integers(0, 3))
def test_a_pause_never_brings_a_date_nearer(
    cal: Calendar, received: datetime, limit: Limit, waits: list[tuple[int, int]], left_out: int
) -> None:
    events = pauses_from(received, waits)
    fewer = events[: 2 * left_out] + events[2 * left_out + 2 :]
    assert run(cal, received, limit, events).at >= run(cal, received, limit, fewer).at >= due(cal, limit, received).at


@settings(max_examples=300)
@given(LIVES, WAITS, WAITS, st.booleans())
def test_one_more_pause_at_the_end_of_a_life_moves_every_date_forward_or_not_at_all(
    life: Life, wait: int, length: int, papers: bool
) -> None:
    life = replace(closed(life), mode="pause" if papers else life.mode)
    opened = end_of(life) + timedelta(minutes=wait)
    until = opened + timedelta(minutes=length)
    events, extra = clock_events(life.events), (asked if papers else pause)(opened, until)
    limit, local = limit_of(life.term), None if life.local is None else limit_of(life.local)
    mode, new = mode_of(life), limit_of(life.new)
    received = instant(life.received)
    before = three_dates(CAL, received, limit, local, events, mode=mode, new_limit=new)
    after = three_dates(CAL, received, limit, local, [*events, *extra], mode=mode, new_limit=new)
    assert after.first == before.first
    for old, moved in ((before.legal, after.legal), (before.current, after.current)):
        assert moved.at >= old.at
        if opened >= old.at:
            assert moved.at == old.at
        elif moved.at > old.at and until <= old.at:
            assert office_minutes(CAL, old.at, moved.at) == office_minutes(CAL, opened, until)


@settings(max_examples=400)
@given(LIVES, st.sampled_from(SupplementMode), st.sampled_from(["supplement", "obligation"]), WAITS, WAITS)
def test_an_interval_from_the_date_on_moves_nothing(
    life: Life, mode: SupplementMode, what: str, wait: int, length: int
) -> None:
    life = replace(closed(life), mode=mode.value)
    before = legal(life)
    opened = max(before, end_of(life)) + timedelta(minutes=wait)
    until = opened + timedelta(minutes=length)
    assert legal(life, *(asked if what == "supplement" else pause)(opened, until)) == before


@settings(max_examples=400)
@given(INSTANTS, st.integers(1, 40), st.integers(0, 90), st.booleans())
def test_one_more_day_off_never_brings_a_working_day_date_nearer(
    received: datetime, value: int, after: int, by_hours: bool
) -> None:
    limit = Limit(value, LimitUnit.WORKING_HOUR if by_hours else LimitUnit.WORKING_DAY)
    off = received.date() + timedelta(days=after)
    fewer = Calendar(merge_rows(ROWS, [DayRule(off, counts=False, open=False)]), (), FIRST, LAST)
    plain, moved = due(CAL, limit, received).at, due(fewer, limit, received).at
    assert moved >= plain
    start = effective_start(CAL, received).at
    if CAL.counts(off) and start.date() < off <= plain.date():
        assert moved.date() > plain.date()
    elif off > plain.date() or not CAL.counts(off):
        assert moved == plain


@settings(max_examples=300)
@given(INSTANTS, st.integers(1, 20), PAUSES, st.integers(0, 60))
def test_a_day_off_never_brings_a_paused_date_nearer(
    received: datetime, value: int, waits: list[tuple[int, int]], after: int
) -> None:
    limit, events = Limit(value, LimitUnit.WORKING_DAY), pauses_from(received, waits)
    off = received.date() + timedelta(days=after)
    fewer = Calendar(merge_rows(ROWS, [DayRule(off, counts=False, open=False)]), (), FIRST, LAST)
    assert run(fewer, received, limit, events).at >= run(CAL, received, limit, events).at


@settings(max_examples=300)
@given(LIVES)
def test_the_first_promise_never_moves_and_never_exceeds_the_law(life: Life) -> None:
    limit, local = limit_of(life.term), None if life.local is None else limit_of(life.local)
    received, new = instant(life.received), limit_of(life.new)
    empty = three_dates(CAL, received, limit, local, (), mode=mode_of(life), new_limit=new)
    found = three_dates(CAL, received, limit, local, clock_events(life.events), mode=mode_of(life), new_limit=new)
    assert found.first == empty.first == empty.current
    assert found.first.at <= empty.legal.at == due(CAL, limit, received).at
    assert number(found.first.at) >= life.received


@settings(max_examples=600)
@given(LIVES)
def test_no_promise_of_the_centre_is_later_than_the_law(life: Life) -> None:
    events = [replace(each, told=None) for each in life.events if each.what != "reschedule"]
    limit, local = limit_of(life.term), None if life.local is None else limit_of(life.local)
    received, new = instant(life.received), limit_of(life.new)
    found = three_dates(CAL, received, limit, local, clock_events(events), mode=mode_of(life), new_limit=new)
    assert found.current.at <= found.legal.at


def test_a_local_limit_that_is_longer_after_a_restart_gives_way_to_the_law() -> None:
    received = datetime.fromisoformat("2026-03-09T09:00+07:00")
    events = asked(received + timedelta(hours=1), received + timedelta(days=4))
    law, centre = Limit(3, LimitUnit.CALENDAR_DAY), Limit(2, LimitUnit.WORKING_DAY)
    found = three_dates(CAL, received, law, centre, events)
    # Three days from Friday end on Monday; two working days would end on Tuesday.
    assert found.first.at == datetime.fromisoformat("2026-03-11T09:00+07:00")
    assert found.legal.at == found.current.at == datetime.fromisoformat("2026-03-16T09:00+07:00")
    # As long as the law from the start: not a promise of the centre, so the restart is the law's too.
    tied = three_dates(CAL, received, law, Limit(3, LimitUnit.WORKING_DAY), events)
    assert tied.first.at == datetime.fromisoformat("2026-03-12T09:00+07:00")
    assert tied.current.at == tied.legal.at
