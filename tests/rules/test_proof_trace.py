"""The trace alone leads to the date: its steps are replayed with no calendar, no office hours and no rule's code."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from random import Random

import pytest

from db.vocabulary import SupplementMode
from desk.rules.calendar import Calendar, DayRule, OfficeHours, Session
from desk.rules.clock import ClockError, ClockEvent, ClockKind, promise_dates, run, three_dates
from desk.rules.deadline import Due, Limit, due
from tests.rules.brute import instant
from tests.rules.proof_world import FIRST, LAST, WORLDS, Lives, clock_events, limit_of, mode_of

Told = dict[str, str | int]
HOLDS = {"suspended", "restarted", "unmoved"}
SETS = {"promised", "rescheduled", "told"}


def at(step: Told, field: str = "at") -> datetime:
    return datetime.fromisoformat(str(step[field]))


def day(step: Told) -> date:
    return date.fromisoformat(str(step["day"]))


class Replay:
    """Follows the steps as `--json` prints them and keeps what an inspector would write on a sheet of paper."""

    def __init__(self) -> None:
        self.date: datetime | None = None
        self.base: datetime | None = None
        self.start: datetime | None = None
        self.limit = ""
        self.span: int | None = None
        self.expected: int | None = None
        self.used = 0
        self.floor: datetime | None = None

    def step(self, step: Told) -> None:
        kind = str(step["kind"])
        if kind in SETS:
            self.date = at(step, "to" if kind == "rescheduled" else "at")
            self.floor = None
        elif kind in HOLDS:
            self._hold(kind, step)
        elif kind == "start":
            self._start(at(step))
        elif kind == "limit":
            self._limit(step)
        elif kind == "variant":
            self.limit, self.span, self.expected = str(step["limit"]), None, None
            self.start = self.base
        elif kind in {"day", "months"}:
            assert self.start is not None
            self.date = datetime.combine(day(step), self.start.timetz())
        elif kind == "hours":
            self.used += int(step["n"])
            self.date = at(step, "to")
            assert self.date.date() == day(step)
        elif kind == "rolled":
            self._roll(step)

    def _hold(self, kind: str, step: Told) -> None:
        """An interval: what remained runs again from its end, or the whole term does."""
        if kind == "unmoved" or "to" not in step:
            return
        self.floor, self.used = self.date, 0
        if kind == "suspended":
            self.expected = int(step["minutes"])
        else:
            self.base, self.expected = None, self.span

    def _start(self, t: datetime) -> None:
        if self.base is None:
            self.base = t
        self.start = t
        # Minutes run at once; a limit in text follows in a step of its own.
        if self.expected is not None:
            self.date = t

    def _limit(self, step: Told) -> None:
        if "minutes" in step:
            self.span = int(step["minutes"])
            return
        self.limit, self.span = str(step["limit"]), None
        value, _, unit = self.limit.partition(" ")
        self.expected = int(value) * 60 if unit == "working_hour" else None
        self.used, self.floor, self.date = 0, None, self.start

    def _roll(self, step: Told) -> None:
        to, why = at(step), step["why"]
        assert self.date is not None
        if why == "not_earlier":
            assert to == self.floor
            assert self.date < to
        else:
            assert to > self.date or why == "same_day"
        self.date = to


def replayed(found: Due) -> datetime | None:
    """Replay a trace as printed; each sum of office minutes must be what the limit or the interval left."""
    told = json.loads(json.dumps(found.as_json()))
    sheet = Replay()
    steps: list[Told] = told["trace"]
    assert steps[-2]["kind"] == "due"
    assert steps[-1]["kind"] == "coverage"
    for step, following in zip(steps, [*steps[1:], steps[-1]], strict=True):
        if step["kind"] in {"due", "coverage"}:
            break
        sheet.step(step)
        if step["kind"] in {"hours", "start"} and following["kind"] not in {"hours", "skipped", "limit"}:
            assert sheet.used == (sheet.expected or 0), (step, told)
            sheet.expected = None
    return sheet.date


def test_the_trace_of_a_limit_leads_to_its_date() -> None:
    for place, (cal, brute) in enumerate(WORLDS):
        source = Lives(Random(f"traces {place}"), brute)
        for _ in range(1500):
            found = due(cal, limit_of(source.term()), instant(source.instant()))
            assert replayed(found) == found.at, found.as_json()


@pytest.mark.parametrize("world", range(len(WORLDS)))
def test_the_trace_of_a_life_leads_to_each_date(world: int) -> None:
    cal, brute = WORLDS[world]
    source = Lives(Random(f"lives traced {world}"), brute)
    for _ in range(1500):
        life = source.life()
        received, mode, new = instant(life.received), mode_of(life), limit_of(life.new)
        local = None if life.local is None else limit_of(life.local)
        events = clock_events(life.events)
        three = three_dates(cal, received, limit_of(life.term), local, events, mode=mode, new_limit=new)
        typed = promise_dates(cal, received, instant(life.typed), events, mode=mode, new_limit=new)
        for found in (three.legal, three.first, three.current, typed.first, typed.current):
            assert replayed(found) == found.at, (life, found.as_json())


def test_every_day_from_the_receipt_to_the_date_is_named() -> None:
    for cal, brute in WORLDS:
        source = Lives(Random("days"), brute)
        for _ in range(400):
            received = instant(source.instant())
            found = due(cal, limit_of(source.term()), received)
            passed = [step.day for step in found.trace if step.kind in {"day", "skipped", "hours"} and step.day]
            assert passed == sorted(passed)
            started = {
                step.at.date() for step in found.trace if step.kind in {"received", "start", "rolled"} and step.at
            }
            if not any(step.kind == "months" for step in found.trace):
                span = (found.at.date() - received.date()).days
                every = {received.date() + timedelta(days=offset) for offset in range(span + 1)}
                assert every == started | set(passed), found.as_json()
            for step in found.trace:
                if step.kind == "skipped" and step.day:
                    reason = cal.reason(step.day)
                    assert reason is not None
                    assert (step.why, step.note or "", step.source or "") == (reason.kind, reason.note, reason.source)


def test_hours_tell_until_when_they_ran_because_sessions_differ() -> None:
    late = Calendar((), (OfficeHours(date(2026, 3, 16), (Session(time(9), time(12)),)),), FIRST, LAST)
    plain = Calendar((), (), FIRST, LAST)
    received = datetime.fromisoformat("2026-03-13T16:30+07:00")
    ends = {"2026-03-13T17:00+07:00"}
    for cal, end in ((plain, "2026-03-16T08:00+07:00"), (late, "2026-03-16T09:30+07:00")):
        found = due(cal, Limit.parse("1 working_hour"), received)
        used = [step.as_json() for step in found.trace if step.kind == "hours"]
        assert [step["n"] for step in used] == [30, 30]
        assert {step["to"] for step in used} == ends | {end}


MONDAY = datetime.fromisoformat("2026-03-09T10:00+07:00")


def held(what: ClockKind, opened: int, closed: int | None) -> list[ClockEvent]:
    """An interval from one day after the receipt to another."""
    ended = ClockKind.SUPPLEMENTED if what is ClockKind.SUPPLEMENT else ClockKind.SETTLED
    events = [ClockEvent(what, MONDAY + timedelta(days=opened))]
    return events if closed is None else [*events, ClockEvent(ended, MONDAY + timedelta(days=closed))]


@pytest.mark.parametrize(
    ("what", "opened", "closed", "mode", "told"),
    [
        (ClockKind.OBLIGATION, 1, 2, "restart", ("suspended", "obligation", 4 * 450)),
        (ClockKind.OBLIGATION, 1, 1, "restart", ("unmoved", "no_length", None)),
        (ClockKind.OBLIGATION, 7, 9, "restart", ("unmoved", "opened_late", None)),
        (ClockKind.SUPPLEMENT, 1, 2, "pause", ("suspended", "supplement", 4 * 450)),
        (ClockKind.SUPPLEMENT, 1, 1, "pause", ("unmoved", "no_length", None)),
        (ClockKind.SUPPLEMENT, 7, 9, "restart", ("unmoved", "opened_late", None)),
        (ClockKind.SUPPLEMENT, 1, 2, "none", ("unmoved", "mode_none", None)),
        (ClockKind.SUPPLEMENT, 1, 2, "restart", ("restarted", None, None)),
        (ClockKind.OBLIGATION, 1, None, "none", ("suspended", "obligation", None)),
        (ClockKind.SUPPLEMENT, 1, None, "pause", ("suspended", "supplement", None)),
        (ClockKind.SUPPLEMENT, 1, None, "none", None),
    ],
)
def test_an_interval_says_what_it_did_and_why(
    what: ClockKind, opened: int, closed: int | None, mode: str, told: tuple[str, str | None, int | None] | None
) -> None:
    cal, limit = WORLDS[0][0], Limit.parse("5 working_day")
    trace = run(cal, MONDAY, limit, held(what, opened, closed), mode=SupplementMode(mode)).trace
    steps = [each for each in trace if each.kind in HOLDS]
    assert [(each.kind, each.why, each.minutes) for each in steps] == ([] if told is None else [told])
    for each in steps:
        assert each.at == MONDAY + timedelta(days=opened)
        assert each.to == (None if closed is None else MONDAY + timedelta(days=closed))
    assert not [each for each in due(cal, limit, MONDAY).trace if each.kind in HOLDS]


def test_events_that_contradict_each_other_are_named_with_their_instant() -> None:
    with pytest.raises(ClockError, match=r"^not_open at 2026-03-10T10:00:00\+07:00$") as caught:
        run(WORLDS[0][0], MONDAY, Limit.parse("5 working_day"), held(ClockKind.OBLIGATION, 0, 1)[1:])
    assert caught.value.at == MONDAY + timedelta(days=1)


def test_a_day_that_a_row_makes_count_names_the_row() -> None:
    bare = DayRule(date(2026, 3, 14), counts=True, open=True)
    cal = Calendar((*WORLDS[0][0].rows, bare), (), FIRST, LAST)
    for received, day, note, source in (
        ("2026-01-08T09:00+07:00", date(2026, 1, 10), "Làm bù cho 02/01/2026", "CV 12729/VPCP-KGVX"),
        ("2026-03-12T09:00+07:00", date(2026, 3, 14), None, None),
    ):
        counted = due(cal, Limit.parse("2 working_day"), datetime.fromisoformat(received)).trace[-3]
        assert (counted.kind, counted.day, counted.n) == ("day", day, 2)
        assert (counted.note, counted.source) == (note, source)
