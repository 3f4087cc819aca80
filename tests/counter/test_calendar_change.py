"""A calendar in a running centre: the effect told before is the effect, found the short way and the long way."""

from __future__ import annotations

import shutil
from datetime import date, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from db import journal, offices, procedures
from db.vocabulary import OPEN_STATES, Act, OfficeEvent
from desk.counter import calendar_change, clockwork
from desk.counter.calendar_change import CalendarEffect, Moved
from desk.counter.calendar_editing import CalendarChange, change_calendar, changed
from desk.counter.model import Refused
from desk.counter.reference_data import import_calendar, merged
from desk.counter.reference_files import BadFileError, CalendarFile, read_calendar
from desk.rules.calendar import Calendar, DayRule, OfficeHours, Session, parse_sessions
from tests.counter.desk_fixture import COPIES, HEAD, LAND, LODGING, MARITAL, UNKNOWN_LIMIT, Desk, at, open_desk, scratch

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
EARLY = (Session(time(7), time(11)), Session(time(13), time(16, 30)))


def off(day: date) -> DayRule:
    return DayRule(day, counts=False, open=False, note="Nghỉ bão", source="QĐ 1")


def calendar_of(desk: Desk) -> Calendar:
    with desk.records.reading() as view:
        return desk.context.calendar(view)


def by_the_long_way(desk: Desk, new: Calendar) -> list[Moved]:
    """Find every open dossier's dates again from all its events, and compare them with its row."""
    found = []
    with desk.records.reading() as view:
        for number in sorted(journal.dossiers(view.connection)):
            row = desk.row(desk.ask("SELECT code FROM dossier WHERE id = :id", id=number))
            if row.state not in OPEN_STATES or not row.accepted or row.received_at is None:
                continue
            changes = clockwork.moved(row, clockwork.dates_of(new, row, journal.of_dossier(view.connection, number)))
            if changes:
                legal = changes.get("legal_deadline", row.legal_deadline)
                found.append(Moved(row.code, row.legal_deadline, legal, changes.get("provisional", row.provisional)))
    return found


def told(answer: CalendarEffect | Refused) -> CalendarEffect:
    assert isinstance(answer, CalendarEffect), answer
    return answer


def refusal(answer: CalendarEffect | Refused, reason: str) -> str:
    assert isinstance(answer, Refused), answer
    assert answer.reason == reason
    return answer.sentence


ACTS: tuple[tuple[Act, dict[str, Any]], ...] = (
    (Act.FORWARD, {"holder": "Tư pháp"}),
    (Act.SUPPLEMENT, {"reason": "thiếu", "override": "ý kiến người đứng đầu"}),
    (Act.SUPPLEMENTED, {}),
    (Act.OBLIGATION, {}),
    (Act.SETTLED, {}),
    (Act.VARIANT, {"variant": "phải xác minh", "reason": "x"}),
    (Act.RESCHEDULE, {"to": at("2027-01-20T10:00"), "reason": "x"}),
    (Act.FINISH, {}),
    (Act.UNDO, {"reason": "nhầm"}),
)
MODES = ("restart", "pause", "new_limit", "none")
day_numbers = st.integers(0, 60)
rows = st.dictionaries(day_numbers, st.tuples(st.booleans(), st.booleans()), max_size=8)
story = st.lists(
    st.tuples(st.sampled_from((MARITAL, LAND, COPIES, LODGING, UNKNOWN_LIMIT)), st.integers(0, 60 * 24 * 4),
              st.lists(st.tuples(st.sampled_from(ACTS), st.integers(1, 60 * 30)), max_size=5)),
    min_size=1, max_size=6,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    story=story,
    start=st.sampled_from(("2026-03-12T09:12", "2026-12-10T09:12", "2026-12-28T07:00")),
    mode=st.sampled_from(MODES),
    days=rows,
    hours=st.none() | day_numbers,
    until=st.sampled_from((LAST, date(2027, 12, 31))),
)
def test_the_short_way_finds_what_the_long_way_finds(
    story: list[Any], start: str, mode: str, days: dict[int, tuple[bool, bool]], hours: int | None, until: date
) -> None:
    folder = scratch()
    desk = open_desk(folder / "desk.db", now=start)
    try:
        desk.sql("UPDATE procedure SET mode = :mode, new_limit = '4 working_day'", mode=mode)
        for procedure, minutes, acts in story:
            desk.clock.advance(minutes=minutes)
            typed: dict[str, Any] = {}
            if procedure == UNKNOWN_LIMIT:
                typed = {"promise": desk.clock.now + timedelta(days=9)}
            code = desk.receive(procedure, **typed).code
            for (act, given_), later in acts:
                desk.clock.advance(minutes=later)
                desk.try_act(code, act, **given_)
        first = at(start).date() - timedelta(days=10)
        kept = [row for row in calendar_of(desk).rows if row.date >= FIRST]
        changes = {first + timedelta(days=n): flags for n, flags in days.items() if first + timedelta(days=n) <= until}
        table = {row.date: row for row in kept} | {d: DayRule(d, *flags, "x", "y") for d, flags in changes.items()}
        begun = () if hours is None else (OfficeHours(min(first + timedelta(days=hours), until), EARLY),)
        file = CalendarFile("2027.1", FIRST, until, tuple(table[d] for d in sorted(table)), "0" * 64, begun)
        new = merged(calendar_of(desk), file)
        expected = by_the_long_way(desk, new)
        promises = desk.ask("SELECT group_concat(promise || first_promise) FROM dossier")
        before = desk.contents()
        preview = told(import_calendar(desk.context, file, dry_run=True))
        assert desk.contents() == before
        assert list(preview.moved) == expected
        assert told(import_calendar(desk.context, file, HEAD)) == preview
        assert by_the_long_way(desk, new) == []
        assert desk.ask("SELECT group_concat(promise || first_promise) FROM dossier") == promises
        assert desk.disagreeing() == []
        assert desk.counter.verify_journal() is None
        assert calendar_of(desk) == new
    finally:
        desk.records.close()
        shutil.rmtree(folder)


def test_a_year_that_settles_provisional_dates_says_how_many(desk: Desk) -> None:
    desk.clock.set("2026-12-30T09:00")
    certain, moved = desk.receive(MARITAL), desk.receive(LAND)
    assert (desk.row(certain.code).provisional, desk.row(moved.code).provisional) == (True, True)
    file = CalendarFile("2027.1", date(2027, 1, 1), date(2027, 12, 31), (off(date(2027, 1, 20)),), "0" * 64)
    effect = told(import_calendar(desk.context, file, HEAD))
    assert (effect.open_dossiers, effect.later, effect.earlier, effect.same) == (2, 1, 0, 1)
    assert [each.provisional for each in effect.moved] == [False, False]
    assert effect.sentence().startswith("2 hồ sơ đang mở: hạn luật của 1 muộn hơn, của 0 sớm hơn; không ngày hẹn nào")
    assert "1 ngày giữ nguyên" in effect.sentence()


def test_progress_is_told_to_the_end(desk: Desk) -> None:
    for _ in range(3):
        desk.receive(LAND)
    seen: list[tuple[int, int]] = []
    file = CalendarFile("2026.3", FIRST, LAST, (off(date(2026, 3, 20)),), "0" * 64)
    import_calendar(desk.context, file, dry_run=True, progress=lambda done, of: seen.append((done, of)))
    assert seen[-1] == (3, 3)
    assert all(done <= of for done, of in seen)


def test_a_calendar_of_very_many_other_days_is_looked_at_as_one_span(desk: Desk) -> None:
    desk.clock.set("2026-03-12T09:12")
    code = desk.receive(LAND).code
    many = tuple(off(FIRST + timedelta(days=n)) for n in range(0, 364, 3))
    assert len(many) > 2 * calendar_change._MOST_SPANS
    file = CalendarFile("2026.3", FIRST, LAST, many, "0" * 64)
    new = merged(calendar_of(desk), file)
    expected = by_the_long_way(desk, new)
    assert [each.code for each in expected] == [code]
    assert list(told(import_calendar(desk.context, file, HEAD)).moved) == expected


class TestHours:
    """Office hours with validity dates."""

    HEAD_LINES = "# version: 2026.3\n# first: 2026-01-01\n# last: 2026-12-31\n"
    TABLE = "date,counts,open,note,source\n2026-04-27,0,0,Giỗ Tổ,BLLĐ\n"

    def test_a_file_brings_them(self, desk: Desk) -> None:
        desk.clock.set("2026-03-13T16:00")
        code = desk.receive(LODGING).code
        assert desk.row(code).legal_deadline == at("2026-03-13T17:00")
        lines = "# hours: 2026-03-13 07:00-11:00 13:00-16:30\n# hours: 2026-10-01 07:30-11:30 13:30-17:00\n"
        file = read_calendar(f"{self.HEAD_LINES}{lines}{self.TABLE}".encode())
        assert [each.valid_from for each in file.hours] == [date(2026, 3, 13), date(2026, 10, 1)]
        effect = told(import_calendar(desk.context, file, HEAD))
        assert effect.hours == (date(2026, 3, 13),)
        assert desk.row(code).legal_deadline == at("2026-03-16T07:30")
        cal = calendar_of(desk)
        assert (cal.sessions(date(2026, 9, 30)), cal.closing(date(2026, 10, 1)).hour) == (EARLY, 17)
        again = read_calendar(f"{self.HEAD_LINES}{self.TABLE}".replace("2026.3", "2026.4").encode())
        assert told(import_calendar(desk.context, again, HEAD)).hours == ()
        assert calendar_of(desk).hours == cal.hours

    @pytest.mark.parametrize(
        "line",
        [
            "# hours: 2026-03-13", "# hours: 07:00-11:00", "# hours: 2026-02-30 07:00-11:00",
            "# hours: 2026-03-13 11:00-07:00", "# hours: 2026-03-13 07:00-11:00 10:00-12:00",
            "# hours: 2026-03-13 7-11", "# hours: 2026-03-13 07:00-25:00", "# hours:",
            "# hours: 2027-03-13 07:00-11:00",
            "# hours: 2026-03-13 07:00-11:00\n# hours: 2026-03-13 07:00-12:00",
        ],
    )  # fmt: skip
    def test_bad_hours_are_named_and_nothing_is_taken(self, line: str) -> None:
        with pytest.raises(BadFileError) as caught:
            read_calendar(f"{self.HEAD_LINES}{line}\n{self.TABLE}".encode())
        assert caught.value.lines[0].sentence


class TestLocalChange:
    """The centre's own decisions: told, put in force as a local revision, journalled."""

    STORM = date(2026, 3, 16)

    def test_a_day_off_is_told_then_in_force(self, desk: Desk) -> None:
        moved, free = desk.receive(MARITAL), desk.receive(COPIES)
        change = CalendarChange(rows=(off(self.STORM),))
        with desk.nothing_written():
            effect = told(change_calendar(desk.context, change, HEAD, dry_run=True))
        assert (effect.before, effect.version, effect.days) == ("2026.2", "2026.2.1", (self.STORM,))
        assert [each.code for each in effect.moved] == [moved.code]
        promises = [desk.row(each.code).promise for each in (moved, free)]
        assert told(change_calendar(desk.context, change, HEAD)) == effect
        assert [desk.row(each.code).promise for each in (moved, free)] == promises
        assert desk.row(moved.code).legal_deadline == at("2026-03-19T09:12")
        event = desk.events()[-1]
        assert (event.kind, event.officer_id) == (OfficeEvent.CALENDAR_CHANGED, HEAD)
        assert event.data["rows"] == [
            {"date": "2026-03-16", "counts": False, "open": False, "note": "Nghỉ bão", "source": "QĐ 1"}
        ]
        assert (event.data["later"], event.data["version"]) == (1, "2026.2.1")
        assert not calendar_of(desk).counts(self.STORM)

    def test_taking_it_back_is_the_next_revision_and_restores_the_dates(self, desk: Desk) -> None:
        code = desk.receive(MARITAL).code
        before = desk.row(code).legal_deadline
        told(change_calendar(desk.context, CalendarChange(rows=(off(self.STORM),)), HEAD))
        effect = told(change_calendar(desk.context, CalendarChange(remove=(self.STORM,)), HEAD))
        assert (effect.version, effect.earlier) == ("2026.2.2", 1)
        assert desk.row(code).legal_deadline == before
        file = CalendarFile("2026.3", FIRST, LAST, (), "0" * 64)
        assert told(import_calendar(desk.context, file, HEAD)).before == "2026.2.2"

    def test_hours_are_set_and_taken_away(self, desk: Desk) -> None:
        change = CalendarChange(hours=(OfficeHours(date(2026, 4, 1), EARLY),))
        assert told(change_calendar(desk.context, change, HEAD)).hours == (date(2026, 4, 1),)
        assert calendar_of(desk).sessions(date(2026, 4, 1)) == EARLY
        with desk.records.reading() as view:
            assert [row.valid_from for row in offices.sessions(view.connection)][-2:] == [date(2026, 4, 1)] * 2
        assert desk.events()[-1].data["hours"] == [{"valid_from": "2026-04-01", "sessions": "07:00-11:00 13:00-16:30"}]
        told(change_calendar(desk.context, CalendarChange(remove_hours=(date(2026, 4, 1),)), HEAD))
        assert calendar_of(desk).hours == (OfficeHours(date(2025, 7, 1), parse_sessions("07:30-11:30 13:30-17:00")),)

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            (CalendarChange(), "nothing_changed"),
            (CalendarChange(rows=(off(date(2027, 1, 4)),)), "outside_coverage"),
            (CalendarChange(hours=(OfficeHours(date(2027, 1, 4), EARLY),)), "outside_coverage"),
            (CalendarChange(rows=(off(STORM), off(STORM))), "day_twice"),
            (CalendarChange(rows=(off(STORM),), remove=(STORM,)), "day_twice"),
            (CalendarChange(hours=(OfficeHours(STORM, EARLY),), remove_hours=(STORM,)), "day_twice"),
            (CalendarChange(remove=(STORM,)), "no_such_day"),
            (CalendarChange(remove_hours=(STORM,)), "no_such_day"),
            (CalendarChange(rows=(replace(off(STORM), note=" "),)), "note_needed"),
            (CalendarChange(rows=(replace(off(STORM), note="x" * 201),)), "note_too_long"),
            (CalendarChange(rows=(replace(off(STORM), source="x" * 201),)), "note_too_long"),
        ],
    )
    def test_what_breaks_the_calendar_is_refused(self, desk: Desk, change: CalendarChange, reason: str) -> None:
        with desk.nothing_written():
            assert len(refusal(change_calendar(desk.context, change, HEAD), reason)) > 8
            refusal(change_calendar(desk.context, change, HEAD, dry_run=True), reason)

    def test_two_years_without_a_working_day_are_refused(self, desk: Desk) -> None:
        told(import_calendar(desk.context, CalendarFile("2026.3", FIRST, date(2027, 12, 31), (), "0" * 64), HEAD))
        change = CalendarChange(rows=tuple(off(FIRST + timedelta(days=n)) for n in range(730)))
        desk.receive(MARITAL)
        with desk.nothing_written():
            assert "31/12/2027" not in refusal(change_calendar(desk.context, change, HEAD), "calendar_gap")

    def test_what_a_change_is_made_of_is_what_the_record_keeps(self, desk: Desk) -> None:
        change = CalendarChange(rows=(off(self.STORM), off(date(2026, 3, 17))), hours=(OfficeHours(self.STORM, EARLY),))
        expected = changed(calendar_of(desk), change)
        told(change_calendar(desk.context, change, HEAD))
        assert calendar_of(desk) == expected
        with desk.records.reading() as view:
            installed = procedures.installed(view.connection, "calendar")
        assert installed is not None
        assert (installed.version, installed.first, installed.last) == ("2026.2.1", date(2025, 1, 1), LAST)
