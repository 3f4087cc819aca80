"""Undoing an act over an imported calendar: the legal deadline is the one without the act, by today's calendar."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from db import journal
from db.vocabulary import Act, OfficeEvent
from desk.counter import clockwork
from desk.counter.calendar_change import CalendarEffect
from desk.counter.reference_data import import_calendar
from desk.counter.reference_files import CalendarFile
from desk.rules.calendar import DayRule
from tests.counter.desk_fixture import HEAD, LAND, MARITAL, UNKNOWN_LIMIT, Desk, at, open_desk, scratch

FIRST, LAST = date(2026, 3, 1), date(2026, 12, 31)
STORM = date(2026, 3, 17)


def install(desk: Desk, version: str, *off: date) -> CalendarEffect:
    """Import a calendar of this year's rest in which only these days are off."""
    rows = tuple(DayRule(day, counts=False, open=False, note="Nghỉ bão", source="QĐ 1") for day in off)
    effect = import_calendar(desk.context, CalendarFile(version, FIRST, LAST, rows, "0" * 64), HEAD)
    assert isinstance(effect, CalendarEffect), effect
    return effect


def stale(desk: Desk) -> list[tuple[str, dict[str, Any]]]:
    """Return the open dossiers whose row is not what the clock says today, with what it says."""
    found = []
    with desk.records.reading() as view:
        cal = desk.context.calendar(view)
    for line in desk.counter.worklist():
        row = desk.row(line.code)
        if not row.accepted:
            continue
        with desk.records.reading() as view:
            dates = clockwork.dates_of(cal, row, journal.of_dossier(view.connection, row.id))
        wrong = clockwork.moved(row, dates)
        if dates.current.at != row.promise:
            wrong["promise"] = dates.current.at
        if wrong:
            found.append((line.code, wrong))
    return found


def test_an_act_undone_after_an_import_leaves_the_deadline_without_it(desk: Desk) -> None:
    code = desk.receive(MARITAL).code
    desk.clock.set("2026-03-13T10:00")
    desk.act(code, Act.OBLIGATION)
    desk.clock.set("2026-03-16T10:00")
    desk.act(code, Act.SETTLED)
    promise = desk.row(code).promise
    install(desk, "2026.3", STORM)
    desk.act(code, Act.UNDO)
    assert desk.row(code).legal_deadline == at("2026-03-19T09:12")
    assert desk.row(code).promise == at("2026-03-18T09:12") != promise
    kinds = [event.kind for event in desk.events_of(code)][-2:]
    assert kinds == [Act.UNDO, OfficeEvent.DEADLINE_MOVED]
    assert (stale(desk), desk.disagreeing()) == ([], [])


def test_an_act_made_after_the_import_and_undone_keeps_the_new_calendar(desk: Desk) -> None:
    code = desk.receive(MARITAL).code
    desk.act(code, Act.FINISH)
    install(desk, "2026.3", STORM)
    assert desk.row(code).legal_deadline == at("2026-03-18T09:12")
    desk.act(code, Act.UNDO)
    assert desk.row(code).legal_deadline == at("2026-03-19T09:12")


def test_an_undo_that_moves_nothing_writes_one_event(desk: Desk) -> None:
    code = desk.receive(MARITAL).code
    desk.act(code, Act.OBLIGATION)
    desk.act(code, Act.UNDO)
    assert [event.kind for event in desk.events_of(code)] == [Act.RECEIVE, Act.OBLIGATION, Act.UNDO]


def test_a_repeated_undo_gets_the_same_answer(desk: Desk) -> None:
    code = desk.receive(MARITAL).code
    desk.act(code, Act.FINISH)
    install(desk, "2026.3", STORM)
    order = desk.action(code, Act.UNDO)
    first = desk.counter.act(order)
    desk.act(code, Act.FORWARD, holder="Tư pháp")
    install(desk, "2026.4")
    before = desk.contents()
    assert desk.counter.act(order) == first
    assert desk.contents() == before


def test_a_stopped_dossier_keeps_the_deadline_it_was_judged_by(desk: Desk) -> None:
    code = desk.receive(MARITAL).code
    desk.act(code, Act.FINISH)
    desk.act(code, Act.RETURN)
    install(desk, "2026.3", STORM)
    desk.act(code, Act.UNDO)
    assert desk.row(code).legal_deadline == at("2026-03-18T09:12")


ACTS: tuple[tuple[Act, dict[str, Any]], ...] = (
    (Act.FORWARD, {"holder": "Tư pháp"}),
    (Act.SUPPLEMENT, {"reason": "thiếu", "override": "ý kiến người đứng đầu"}),
    (Act.SUPPLEMENTED, {}),
    (Act.OBLIGATION, {}),
    (Act.SETTLED, {}),
    (Act.VARIANT, {"variant": "phải xác minh", "reason": "x"}),
    (Act.RESCHEDULE, {"to": at("2026-05-20T10:00"), "reason": "x"}),
    (Act.FINISH, {}),
    (Act.STOP, {"reason": "x", "override": "x"}),
)
UNDOING = (Act.UNDO, {"reason": "nhầm"})

steps = st.lists(
    st.tuples(
        st.sampled_from((*ACTS, UNDOING, UNDOING, None, None)),
        st.integers(1, 60 * 30),
        st.lists(st.integers(0, 40), max_size=4, unique=True),
    ),
    min_size=3,
    max_size=14,
)


@settings(max_examples=60, deadline=None)
@given(story=steps, procedure=st.sampled_from((MARITAL, LAND, UNKNOWN_LIMIT)))
def test_after_any_story_every_open_row_is_what_the_clock_says(
    story: list[tuple[tuple[Act, dict[str, Any]] | None, int, list[int]]], procedure: str
) -> None:
    folder = scratch()
    desk = open_desk(folder / "desk.db")
    try:
        typed: dict[str, Any] = {"promise": at("2026-03-27T10:00")} if procedure == UNKNOWN_LIMIT else {}
        code = desk.receive(procedure, **typed).code
        version = 3
        for what, minutes, off in story:
            desk.clock.advance(minutes=minutes)
            if what is None:
                install(desk, f"2026.{version}", *(date(2026, 3, 14) + timedelta(days=each) for each in off))
                version += 1
            else:
                desk.try_act(code, what[0], **what[1])
            assert stale(desk) == []
        assert desk.disagreeing() == []
    finally:
        desk.records.close()
        shutil.rmtree(folder)


def test_a_local_limit_survives_a_change_of_case_in_the_journal(desk: Desk) -> None:
    desk.sql("UPDATE procedure SET local_limit = '2 working_day' WHERE code = :code", code=MARITAL)
    code = desk.receive(MARITAL).code
    assert desk.row(code).promise == at("2026-03-17T09:12")
    desk.act(code, Act.VARIANT, variant="phải xác minh", reason="x")
    (event,) = desk.events_of(code)[1:]
    assert (event.data["before"], event.data["before_local"]) == ("3 working_day", "2 working_day")
    assert any("2 ngày làm việc" in line for line in desk.counter.why(desk.row(code).id))
    desk.act(code, Act.UNDO)
    assert (desk.row(code).local_limit, desk.row(code).promise) == ("2 working_day", at("2026-03-17T09:12"))
