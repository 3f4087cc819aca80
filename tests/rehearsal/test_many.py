"""A centre that is copied is the centre that the use cases of the counter would have made of the same people."""

from __future__ import annotations

import json
from collections import Counter as Tallied
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import astuple, replace
from sqlalchemy import select

from db import dossiers, journal, people, projection, summaries
from db.engine import open_engine, sqlite_url
from db.journal import Event
from db.people import RemarkRow
from db.rows import DossierRow
from db.schema import ensure
from db.steps import Side
from db.tables import IssuedSlip
from db.unit import Records, View, Work
from db.vocabulary import OPEN_STATES, ApplicantKind, OfficeEvent, State
from desk import bootstrap
from desk.bootstrap import Desk
from desk.counter import acting, closing, receiving
from desk.counter.context import Context
from desk.counter.model import Action, Centre, Done, PersonInput, Refused, TakeOver
from desk.counter.starting import FIRST_DAY
from desk.reference import calendar
from desk.rehearsal import demo
from desk.rehearsal.casting import Casting
from desk.rehearsal.demo import make_demo
from desk.rehearsal.hours import Hours, StandingClock, source_of_chance
from desk.rehearsal.pattern import MOST_OVER_NIGHT, copies, read
from desk.rehearsal.people import People
from desk.rehearsal.stories import Office, Planned
from desk.rules import moment, numbering
from desk.settings import Paths, read_settings

NOW = moment.parse("2025-09-12T10:15")
DOSSIERS, TOLD = 300, 60
HASHES = frozenset({"seen", "remarks"})
"""What salts decide, which are always new."""


@dataclass
class Record:
    """All that a record holds of its dossiers."""

    rows: dict[int, DossierRow]
    events: list[Event]
    people: dict[int, tuple[object, ...]]
    remarks: dict[int, list[RemarkRow]]
    slips: list[tuple[object, ...]]
    counters: dict[str, int]
    totals: list[tuple[object, ...]]


def record(view: View) -> Record:
    connection = view.connection
    events = list(journal.between(connection, 0, journal.head(connection).seq))
    rows = dossiers.by_ids(connection, {event.dossier_id for event in events if event.dossier_id is not None})
    ids = {row.person_id for row in rows.values()} | {row.representative_id or 0 for row in rows.values()}
    slips = IssuedSlip.__table__  # type: ignore[attr-defined]
    return Record(
        rows,
        events,
        {number: astuple(replace(each, salt="")) for number, each in people.by_ids(connection, ids).items()},
        {number: people.remarks(connection, number) for number in rows},
        [tuple(row) for row in connection.execute(select(slips).order_by(slips.c.id))],
        {row[0]: row[1] for row in connection.exec_driver_sql("SELECT series, last FROM counter")},
        [
            (file.day, file.seq, file.journal_from, file.journal_to, dict(daily.totals), daily.rows)
            for file in summaries.files(connection)
            for daily in [closing.daily_of(file)]
        ],
    )


def without_salts(event: Event) -> tuple[object, ...]:
    data: Mapping[str, Any] = {name: value for name, value in event.data.items() if name not in HASHES}
    if event.kind == OfficeEvent.DAY_CLOSED:
        data = {**data, "sha256": ""}
    if event.kind == OfficeEvent.CENTRE_OPENED:
        data = {**data, "key": ""}
    remarks = sorted(event.data.get("remarks", {}))
    who = (event.seq, event.at, event.kind, event.dossier_id, event.officer_id, event.client_id)
    return (*who, json.dumps(data, sort_keys=True), remarks, "seen" in event.data)


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, Record]]:
    paths = Paths(tmp_path_factory.mktemp("copied") / "demo")
    told: list[int] = []
    made = make_demo(paths, dossiers=DOSSIERS, told=TOLD, now=NOW, progress=lambda done, _of: told.append(done))
    assert made.dossiers == DOSSIERS
    assert told == sorted(told)
    assert told[-1] == DOSSIERS
    desk = bootstrap.open_centre(paths, now=NOW)
    assert not isinstance(desk, Refused)
    with desk.context.records.reading() as view:
        found = record(view)
    assert made.events == len(found.events)
    assert made.days == len(found.totals)
    yield desk, found
    desk.close()


class Replay:
    """The same stories through the use cases, each act as often and for the same people as in the copied record."""

    def __init__(self, desk: Desk, given: Record, folder: Path) -> None:
        settings = read_settings(desk.paths)
        engine = open_engine(sqlite_url(folder / "replayed.db"), bytes(32))
        ensure(engine, Side.DESK)
        hours = Hours(calendar())
        days = hours.open_days(max(NOW.date() - demo.SPAN, FIRST_DAY), NOW.date())
        self.clock = StandingClock(moment.minute(given.events[0].at))
        self.centre = Centre(settings.unit, settings.name, settings.desk, settings.agency, practice=True)
        self.records = Records(engine)
        self.given = given
        cast = People(source_of_chance(1, "office"), demo.UNIT, NOW.date())
        head, *clerks = demo._open(self.context(1), cast)
        office = Office(hours, head, tuple(clerks), settings.agency, NOW, takes_fees=False)
        tellings = Casting(office, cast, days, 1).tellings(TOLD)
        self.told: dict[str, Any] = {}
        self.waiting = [(next(telling), telling) for telling in tellings]

    def context(self, desk: int) -> Context:
        return Context(replace(self.centre, desk=desk), self.records, self.clock)

    def run(self) -> Record:
        events = self.given.events
        place = next(index for index, event in enumerate(events) if event.dossier_id is not None)
        while place < len(events):
            with self.records.writing() as work:
                event = events[place]
                if event.kind == OfficeEvent.DAY_CLOSED:
                    self.clock.at = moment.minute(event.at)
                    closing.close(self.context(1), work, None, event.officer_id)
                    place += 1
                else:
                    place += self._act(work, place)
                work.commit()
        with self.records.reading() as view:
            return record(view)

    def _act(self, work: Work, place: int) -> int:
        """Do what the event there tells, and its copies after it; return how many events those are."""
        client = self.given.events[place].client_id
        index = next(at for at, (planned, _telling) in enumerate(self.waiting) if planned.order.client_id == client)
        planned, telling = self.waiting.pop(index)
        done: list[Done] = []
        for event in self.given.events[place:]:
            if event.client_id is None or client is None or event.client_id[:-6] != client[:-6]:
                break
            done.append(self._do(work, planned, event))
        with suppress(StopIteration):
            self.waiting.append((telling.send(done[0]), telling))
        return len(done)

    def _do(self, work: Work, planned: Planned, event: Event) -> Done:
        self.clock.at = planned.at
        order, row = planned.order, self.given.rows[event.dossier_id or 0]
        known = numbering.parse_provisional(row.code)
        ctx = self.context(known.desk if known else 0)
        official: dict[str, Any] = {"official_code": event.data.get("set", {}).get("official_code") or ""}
        if isinstance(order, Action):
            said = {each.kind: each.text for each in self.given.remarks[row.id] if each.event_seq == event.seq}
            action = replace(order, client_id=event.client_id or "", code=row.code, **official)
            return acting.act(ctx, work, replace(action, collector=said.get("collector", "")))
        changed: dict[str, Any] = {"client_id": event.client_id, "applicant": self._given(row.person_id), **official}
        if row.representative_id is not None:
            changed["representative"] = self._given(row.representative_id)
        if isinstance(order, TakeOver):
            return receiving.take_over(ctx, work, replace(order, **changed))
        return receiving.receive(ctx, work, replace(order, **changed))

    def _given(self, number: int) -> PersonInput:
        _id, kind, name, id_number, phone, email, address, _salt = self.given.people[number]
        written = [str(value) for value in (id_number, phone, email, address)]
        return PersonInput(str(name), ApplicantKind(int(str(kind))), *written)


def test_both_ways_give_the_same_record(copied: tuple[Desk, Record], tmp_path: Path) -> None:
    desk, given = copied
    replayed = Replay(desk, given, tmp_path).run()
    assert [without_salts(event) for event in given.events] == [without_salts(event) for event in replayed.events]
    assert given.rows == replayed.rows
    assert given.people == replayed.people
    assert given.remarks == replayed.remarks
    assert given.slips == replayed.slips
    assert given.counters == replayed.counters
    assert given.totals == replayed.totals


def test_the_journal_and_every_row_hold(copied: tuple[Desk, Record]) -> None:
    desk, given = copied
    assert desk.counter.verify_journal() is None
    histories: dict[int, list[Event]] = {number: [] for number in given.rows}
    for event in given.events:
        if event.dossier_id is not None:
            histories[event.dossier_id].append(event)
    for number, row in given.rows.items():
        assert row == projection.fold(histories[number])


def test_the_hashes_in_the_journal_are_those_of_what_was_written(copied: tuple[Desk, Record]) -> None:
    desk, given = copied
    with desk.context.records.reading() as view:
        everyone = people.by_ids(view.connection, given.people)
        salts = {
            (row[0], row[1]): row[2]
            for row in view.connection.exec_driver_sql("SELECT event_seq, kind, salt FROM remark")
        }
    seen = 0
    for event in given.events:
        if event.dossier_id is None:
            continue
        if "seen" in event.data:
            seen += 1
            assert event.data["seen"] == people.fingerprint(everyone[given.rows[event.dossier_id].person_id])
        texts = {each.kind: each.text for each in given.remarks[event.dossier_id] if each.event_seq == event.seq}
        assert event.data.get("remarks", {}) == {
            kind: people.seal(salts[event.seq, kind], text) for kind, text in texts.items()
        }
    assert seen == DOSSIERS


def test_every_dossier_is_found_by_all_its_codes(copied: tuple[Desk, Record]) -> None:
    desk, given = copied
    for row in list(given.rows.values())[::7]:
        for written in filter(None, (row.code, row.official_code)):
            assert [found.id for found in desk.counter.find(written)] == [row.id]
        person = given.people[row.person_id]
        assert row.id in {found.id for found in desk.counter.find(f"{person[2]} {row.code[-5:]}")}


def test_what_is_in_hand_is_there_once_and_the_rest_as_often_as_needed(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "told")
    make_demo(paths, dossiers=TOLD, now=NOW, fees=False)
    desk = bootstrap.open_centre(paths, now=NOW)
    assert not isinstance(desk, Refused)
    with desk.context.records.reading() as view:
        pattern = read(view)
    desk.close()
    counts = copies(pattern, 50_000)
    assert sum(counts.values()) == 50_000
    in_hand = {
        number for number, row in pattern.last.items() if row.state in OPEN_STATES or row.state == State.FINISHED
    }
    assert in_hand
    assert {counts[number] for number in in_hand} == {1}
    over_night = Tallied(
        counts[event.dossier_id] for event in pattern.events if event.dossier_id and event.kind == "forward"
    )
    assert max(over_night) <= MOST_OVER_NIGHT
    assert max(counts.values()) > MOST_OVER_NIGHT
