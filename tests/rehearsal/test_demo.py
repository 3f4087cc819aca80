from __future__ import annotations

from collections import Counter as Tallied
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import asdict, astuple

from db import dossiers, fees, journal, offices, people, projection, summaries
from db.journal import Event
from db.rows import DossierRow, OfficerRow, PersonRow
from db.summaries import SealedFile
from db.vocabulary import Act, Channel, Judgement, OfficeEvent, Outcome, Role, State
from desk import bootstrap, reference
from desk.bootstrap import Desk
from desk.counter import closing
from desk.counter.model import Refused, RefusedError
from desk.counter.service import Counter
from desk.rehearsal.demo import DemoResult, make_demo
from desk.rehearsal.mix import CERTIFICATION
from desk.rehearsal.people import MARK
from desk.rules import moment, tally
from desk.settings import Paths, read_settings

NOW = moment.parse("2026-03-13T10:15")
UNDONE_ALONE = frozenset({State.WITHDRAWAL, State.HANDED_OVER})
"""A state passed through within one act, and one that no act of a centre at work leads to."""


@dataclass
class Made:
    """A practice centre, opened again from its folder."""

    result: DemoResult
    paths: Paths
    told: list[tuple[int, int]]
    desk: Desk
    rows: list[DossierRow]
    events: list[Event]
    people: dict[int, PersonRow]
    files: list[SealedFile]
    officers: list[OfficerRow]

    @property
    def counter(self) -> Counter:
        """The centre's services."""
        return self.desk.counter

    @property
    def histories(self) -> dict[int, list[Event]]:
        """The events of each dossier."""
        found: dict[int, list[Event]] = {row.id: [] for row in self.rows}
        for event in self.events:
            if event.dossier_id is not None:
                found[event.dossier_id].append(event)
        return found


def build(folder: Path, how_many: int, seed: int = 1, now: datetime = NOW) -> Made:
    paths, told = Paths(folder / "demo"), []
    result = make_demo(paths, dossiers=how_many, seed=seed, now=now, progress=lambda done, of: told.append((done, of)))
    desk = bootstrap.open_centre(paths, now=now)
    assert not isinstance(desk, Refused)
    with desk.context.records.reading() as view:
        connection = view.connection
        events = list(journal.between(connection, 0, journal.head(connection).seq))
        ids = sorted({event.dossier_id for event in events if event.dossier_id is not None})
        rows = dossiers.by_ids(connection, ids)
        seen = {row.person_id for row in rows.values()} | {row.representative_id for row in rows.values()}
        return Made(
            result,
            paths,
            told,
            desk,
            [rows[each] for each in ids],
            events,
            people.by_ids(connection, (each for each in seen if each is not None)),
            summaries.files(connection),
            offices.officers(connection),
        )


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    made = build(tmp_path_factory.mktemp("small"), 120)
    yield made
    made.desk.close()


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    made = build(tmp_path_factory.mktemp("large"), 600)
    yield made
    made.desk.close()


def test_the_centre_holds_as_many_dossiers_as_asked(small: Made, large: Made) -> None:
    assert (small.result.dossiers, len(small.rows)) == (120, 120)
    assert (large.result.dossiers, len(large.rows)) == (600, 600)
    assert large.result.events == len(large.events)
    assert [event.seq for event in large.events] == list(range(1, large.result.events + 1))


def test_progress_rises_to_the_end(large: Made) -> None:
    done = [each for each, _of in large.told]
    assert done == sorted(done)
    assert large.told[-1] == (600, 600)
    assert len(large.told) == large.result.days + 1


def test_nothing_is_done_before_what_was_done_earlier(large: Made) -> None:
    times = [event.at for event in large.events]
    assert times == sorted(times)
    assert times[-1] <= NOW


def test_the_journal_holds(small: Made, large: Made) -> None:
    assert small.counter.verify_journal() is None
    assert large.counter.verify_journal() is None


def test_every_row_is_what_its_events_say(large: Made) -> None:
    for row in large.rows:
        assert projection.differences(row, projection.fold(large.histories[row.id])) == ()


def test_every_open_day_before_today_is_closed_once(small: Made) -> None:
    calendar = reference.calendar()
    first = moment.minute(small.events[0].at).date()
    span = (first + timedelta(days=n) for n in range((NOW.date() - first).days))
    assert [file.day for file in small.files] == [day for day in span if calendar.open(day)]
    assert small.result.days == len(small.files)
    assert sum(event.kind == OfficeEvent.DAY_CLOSED for event in small.events) == len(small.files)


def test_each_day_was_closed_on_its_own_evening(small: Made) -> None:
    for file in small.files:
        as_of = moment.minute(file.as_of)
        assert as_of.date() == file.day
        assert as_of > reference.calendar().closing(file.day)


@pytest.mark.parametrize("which", ["small", "large"])
def test_every_file_balances_and_goes_on_from_the_one_before(which: str, request: pytest.FixtureRequest) -> None:
    made: Made = request.getfixturevalue(which)
    carried: dict[str, int] = {}
    before: SealedFile | None = None
    for file in made.files:
        daily = closing.daily_of(file)
        assert tally.check(tally.of_rows(daily.rows), carried) == ()
        assert daily.practice
        assert file.journal_from == (0 if before is None else before.journal_to)
        assert daily.prev == (None if before is None else before.sha256)
        assert file.seq == (1 if before is None else before.seq + 1)
        carried, before = tally.stock_of(daily.rows), file
    assert before is not None
    assert before.journal_to < made.result.events


def test_today_can_be_closed_too(tmp_path: Path) -> None:
    made = build(tmp_path, 80)
    done = made.counter.close()
    assert not isinstance(done, Refused)
    assert [each.day for each in done] == [NOW.date()]
    assert all(each.balanced for each in done)
    made.desk.close()


def test_every_sealed_file_waits_in_the_outbox(small: Made) -> None:
    waiting = {path.read_bytes() for path in small.paths.outbox.iterdir() if path.is_file()}
    assert {file.content for file in small.files} <= waiting


def test_every_figure_of_the_morning_drill_has_a_dossier(small: Made, large: Made) -> None:
    for made in (small, large):
        drill = made.counter.drill()
        figures = asdict(drill)
        assert [name for name, figure in figures.items() if figure == ()] == []
        # Only a province refuses a file, and a practice centre has none beside it.
        assert (drill.unsent, drill.refused) == (made.result.days, 0)


def test_every_state_and_act_is_there(large: Made) -> None:
    assert {State(row.state) for row in large.rows} == set(State) - UNDONE_ALONE
    # A made-up name is never wrong.
    assert {event.kind for event in large.events} >= set(Act) - {Act.CORRECT}
    assert {Outcome(row.outcome) for row in large.rows if row.outcome} == set(Outcome)
    assert {Channel(row.channel) for row in large.rows} == set(Channel)


def test_the_hard_cases_are_there(large: Made) -> None:
    kinds = Tallied(event.kind for event in large.events)
    assert any(row.supplements > 1 for row in large.rows)
    assert any(row.state == State.SUPPLEMENT and not row.accepted for row in large.rows)
    assert any(row.state == State.SUPPLEMENT and row.accepted for row in large.rows)
    assert any(row.rescheduled for row in large.rows)
    assert any(row.variant_changed for row in large.rows)
    assert any(row.promise_typed for row in large.rows)
    assert any(row.taken_over and row.old_code for row in large.rows)
    assert any(row.representative_id for row in large.rows)
    assert any(row.late_entry for row in large.rows)
    assert 0 < sum(row.official_code is None for row in large.rows) < len(large.rows)
    assert kinds[Act.FORWARD] > kinds[Act.HANDED_BACK] > 0
    hops = [sum(each.kind == Act.FORWARD for each in history) for history in large.histories.values()]
    assert max(hops) > 1


def test_certification_is_seven_tenths_of_the_work(large: Made) -> None:
    catalogue = reference.procedures()
    used = Tallied(row.procedure_code for row in large.rows)
    certified = sum(n for code, n in used.items() if catalogue[code].field == CERTIFICATION)
    assert 0.66 <= certified / len(large.rows) <= 0.74
    assert used.most_common(1)[0][0] == "2.000815"
    assert len(used) > 25


def test_certification_comes_to_the_counter_and_the_rest_online(large: Made) -> None:
    catalogue = reference.procedures()
    by_way: dict[bool, Tallied[Channel]] = {True: Tallied(), False: Tallied()}
    for row in large.rows:
        by_way[catalogue[row.procedure_code].field == CERTIFICATION][Channel(row.channel)] += 1
    assert by_way[True][Channel.DIRECT] > 0.9 * by_way[True].total()
    assert by_way[True][Channel.ONLINE] == 0
    assert by_way[False][Channel.ONLINE] > 0.5 * by_way[False].total()


def test_few_are_late_and_many_are_done_at_once(large: Made) -> None:
    ended = [row for row in large.rows if row.verdict]
    assert 0 < sum(row.verdict == Judgement.OVERDUE for row in ended) <= 0.03 * len(ended)
    assert sum(row.immediate for row in ended) > 0.5 * len(ended)


def test_people_come_in_office_hours_and_file_from_home_at_any(large: Made) -> None:
    calendar = reference.calendar()
    outside = Tallied[tuple[str, bool]]()
    for row in large.rows:
        first = large.histories[row.id][0]
        at = moment.minute(first.at)
        sessions = calendar.sessions(at.date()) if calendar.open(at.date()) else ()
        outside[first.kind, not any(each.start <= at.time() <= each.end for each in sessions)] += 1
    assert {kind for (kind, is_outside), _n in outside.items() if is_outside} == {Act.REGISTER}
    assert outside[Act.REGISTER, True] > 10


def test_everybody_is_marked_as_made_up(large: Made) -> None:
    assert all(each.address.endswith(MARK) for each in large.people.values())
    assert MARK in large.counter.centre.name
    assert read_settings(large.paths).practice
    receipt = large.counter.receipt(next(row.id for row in large.rows if row.state == State.PROCESSING))
    assert not isinstance(receipt, Refused)
    assert any("THỰC HÀNH" in line for line in receipt)


def test_three_officers_share_the_work_under_one_head(large: Made) -> None:
    assert [each.role for each in large.officers] == [Role.HEAD, Role.CLERK, Role.CLERK]
    at_work = Tallied(event.officer_id for event in large.events if event.kind != Act.REGISTER)
    assert set(at_work) == {each.id for each in large.officers}


@contextmanager
def another(folder: Path, seed: int) -> Iterator[Made]:
    made = build(folder, 120, seed)
    yield made
    made.desk.close()


def told(made: Made) -> list[tuple[Any, ...]]:
    """Return all that a demo says but what is drawn anew each time: salted hashes and the signing key."""
    facts: list[tuple[Any, ...]] = [astuple(row) for row in made.rows]
    facts += [astuple(person)[:-1] for person in made.people.values()]
    for event in made.events:
        data = {key: value for key, value in event.data.items() if key not in {"seen", "remarks", "key", "sha256"}}
        facts.append((event.seq, event.at, event.kind, event.dossier_id, event.officer_id, event.client_id, data))
    return facts


def test_the_same_seed_tells_the_same_story(small: Made, tmp_path: Path) -> None:
    with another(tmp_path / "again", 1) as again, another(tmp_path / "other", 2) as other:
        assert told(again) == told(small)
        assert told(other) != told(small)


@settings(max_examples=6)
@given(
    seed=st.integers(0, 10**6),
    how_many=st.integers(1, 60),
    minutes=st.integers(8 * 60, 14 * 24 * 60),
)
def test_no_use_case_refuses_a_story(
    tmp_path_factory: pytest.TempPathFactory, seed: int, how_many: int, minutes: int
) -> None:
    now = moment.parse("2025-07-01T00:00") + timedelta(minutes=minutes)
    paths = Paths(tmp_path_factory.mktemp("any"))
    assert make_demo(paths, dossiers=how_many, seed=seed, now=now).dossiers == how_many


def test_a_centre_is_never_written_over(small: Made) -> None:
    before = small.paths.database.read_bytes()
    with pytest.raises(FileExistsError):
        make_demo(small.paths, dossiers=10, now=NOW)
    assert small.paths.database.read_bytes() == before


@pytest.mark.parametrize(
    ("how_many", "now"), [(0, "2026-03-13T10:15"), (10, "2025-07-01T07:00"), (10, "2025-06-20T10:00")]
)
def test_a_demo_needs_dossiers_and_a_day_to_work_on(tmp_path: Path, how_many: int, now: str) -> None:
    with pytest.raises(ValueError, match="dossiers" if how_many == 0 else "now"):
        make_demo(Paths(tmp_path / "none"), dossiers=how_many, now=moment.parse(now))
    assert not (tmp_path / "none").exists()


def test_what_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_given: object) -> None:
        raise RefusedError("not_balanced", "…")

    paths = Paths(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(closing, "close", refuse)
        with pytest.raises(RefusedError):
            make_demo(paths, dossiers=20, now=NOW)
    assert list(tmp_path.iterdir()) == []
    assert make_demo(paths, dossiers=20, now=NOW).dossiers == 20


def test_the_last_days_have_fees_closed_cash_and_calls(large: Made) -> None:
    kinds = Tallied(event.kind for event in large.events)
    assert kinds[OfficeEvent.FEE_TAKEN] > 5
    assert kinds[OfficeEvent.CASH_CLOSED] >= 1
    assert kinds[OfficeEvent.CALL_MADE] == 3
    with large.desk.context.records.reading() as view:
        stored = fees.of_shift(view.connection, large.counter.centre.desk, 0)
        last = fees.last_close(view.connection, large.counter.centre.desk)
    assert fees.rebuilt(large.events) == stored
    assert [row.number for row in stored] == list(range(1, len(stored) + 1))
    assert last is not None
    assert moment.minute(last.at).date() < NOW.date()
    shift = large.counter.till.shift()
    assert shift.since == moment.minute(last.at)
    assert shift.lines
