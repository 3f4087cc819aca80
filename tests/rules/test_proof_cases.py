"""Twenty thousand seeded lives of dossiers, computed twice: by the rules and over the map of every minute."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from desk.rules.clock import PromiseDates, ThreeDates, promise_dates, run, three_dates
from desk.rules.deadline import advance, apology_by, due, effective_start, is_overdue, judge, office_minutes
from tests.rules.brute import DAY, Brute, day_of, index_of, instant, judged, number
from tests.rules.proof_world import EDGES, FIRST, LAST, WORLDS, Life, Lives, clock_events, limit_of, mode_of

CHUNKS, CASES = 20, 1000


def lives(chunk: int, cases: int = CASES) -> list[tuple[int, Life]]:
    rng = Random(f"deadlines {chunk}")
    world = chunk % len(WORLDS)
    source = Lives(rng, WORLDS[world][1])
    return [(world, source.life()) for _ in range(cases)]


def provisional(life: Life, at: int) -> bool:
    return life.received < index_of(FIRST) * DAY or at >= (index_of(LAST) + 1) * DAY


def check_three(life: Life, found: ThreeDates, brute: Brute) -> None:
    expected = brute.three(life.term, life.local, life.received, life.events, life.mode, life.new)
    assert number(found.legal.at) == expected.legal, life
    assert number(found.first.at) == expected.first, life
    assert number(found.current.at) == expected.current, life
    for each in (found.legal, found.first, found.current):
        assert each.provisional is provisional(life, number(each.at)), life
    since = None if found.suspended_since is None else number(found.suspended_since)
    assert since == expected.suspended_since, life
    assert found.rescheduled is any(each.what == "reschedule" for each in life.events), life


def check_typed(life: Life, found: PromiseDates, brute: Brute) -> None:
    assert number(found.first.at) == life.typed, life
    expected = brute.run((), life.received, life.events, life.mode, life.new, promise=True, first=life.typed)
    assert number(found.current.at) == expected, life


def check_judgement(found: ThreeDates, ended: int, brute: Brute) -> None:
    promised = number(found.current.at)
    assert apology_by(WORLDS[0][0], found.current.at, None) == instant(WORLDS[0][1].apology_by(promised))
    assert judge(found.current.at, instant(ended)).value == judged(promised, ended)
    assert is_overdue(found.current.at, instant(ended)) is (ended > promised)
    since = found.suspended_since
    if since is not None:
        assert judge(found.current.at, instant(ended), suspended_since=since).value == judged(promised, number(since))
        waits_in_time = number(since) < promised
        assert is_overdue(found.current.at, instant(ended), since) is (ended > promised and not waits_in_time)
    assert brute.minutes(promised, ended) >= 0


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_a_thousand_lives_are_dated_alike(chunk: int) -> None:
    for world, life in lives(chunk):
        cal, brute = WORLDS[world]
        received, limit, mode, new = instant(life.received), limit_of(life.term), mode_of(life), limit_of(life.new)
        local = None if life.local is None else limit_of(life.local)
        events = clock_events(life.events)
        assert number(effective_start(cal, received).at) == brute.start(life.received), life
        assert number(due(cal, limit, received).at) == brute.due(life.term, life.received), life
        alone = run(cal, received, limit, events, mode=mode, new_limit=new)
        found = three_dates(cal, received, limit, local, events, mode=mode, new_limit=new)
        assert alone == found.legal
        check_three(life, found, brute)
        typed = promise_dates(cal, received, instant(life.typed), events, mode=mode, new_limit=new)
        check_typed(life, typed, brute)
        check_judgement(found, life.typed, brute)


def test_the_lives_are_what_they_should_be() -> None:
    seen: Counter[str] = Counter()
    for _, life in [*lives(0), *lives(1)]:
        minute = life.received % DAY
        seen.update([life.term.unit, life.mode, f"year {day_of(life.received // DAY).year}"])
        seen.update(f"{each.what} {life.mode}" for each in life.events if each.what == "supplement")
        seen.update(each.what for each in life.events)
        seen["edge"] += minute in EDGES
        seen["open at the end"] += any(each.closed is None for each in life.events)
        seen["told"] += any(each.told is not None for each in life.events)
        seen["several"] += len(life.events) > 2
        seen["local"] += life.local is not None
        received = day_of(life.received // DAY)
        seen["month end"] += (day_of(life.received // DAY + 1)).month != received.month
        seen["Tết"] += received.month == 2 and received.day in range(4, 21)
    at_least = dict.fromkeys(("working_day", "calendar_day", "month", "working_hour", "same_day"), 300)
    at_least |= dict.fromkeys(
        ("supplement restart", "supplement pause", "supplement new_limit", "supplement none"), 250
    )
    at_least |= {"obligation": 1000, "variant": 200, "reschedule": 200}
    at_least |= {"several": 500, "open at the end": 200, "told": 50, "local": 800}
    at_least |= {"year 2025": 400, "year 2026": 400, "year 2027": 300, "edge": 1200, "month end": 100, "Tết": 150}
    assert {name: seen[name] for name, least in at_least.items() if seen[name] < least} == {}


def test_the_map_is_what_a_walk_minute_by_minute_finds() -> None:
    rng = Random("walks")
    for _, brute in WORLDS:
        office, starts = set(brute.office), set(brute.starts)
        source = Lives(rng, brute)
        for _ in range(60):
            t, minutes = source.instant(), rng.randrange(2000)
            walked = t
            while walked not in starts:
                walked += 1
            assert brute.start(t) == walked
            walked, left = t, minutes
            while left:
                left -= walked in office
                walked += 1
            assert brute.advance(t, minutes) == walked
            assert brute.minutes(t, walked) == sum(each in office for each in range(t, walked)) == minutes


@pytest.mark.parametrize("world", range(len(WORLDS)))
def test_office_time_is_counted_alike(world: int) -> None:
    cal, brute = WORLDS[world]
    rng = Random(f"office {world}")
    source = Lives(rng, brute)
    for _ in range(1000):
        a = source.instant()
        b, minutes = source.later(a), rng.randrange(5000)
        assert office_minutes(cal, instant(a), instant(b)) == brute.minutes(a, b)
        assert number(advance(cal, instant(a), minutes)) == brute.advance(a, minutes)
