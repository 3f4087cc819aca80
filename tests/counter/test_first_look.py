"""The first look of a start says what the whole counter says, or nothing."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from shutil import copytree

import pytest

from db import summaries
from db.errors import RecordError
from db.heard import heard_id
from db.vocabulary import Act, CallOutcome, OfficeEvent, Role
from desk.bootstrap import Desk, make_centre, open_centre
from desk.counter.call_model import MakeCall
from desk.counter.model import Action, Refused
from desk.counter.officer_model import NewOfficer
from desk.first_look import FirstDesk, first_desk, look
from desk.rehearsal.demo import make_demo
from desk.rules import moment
from desk.settings import CentreSettings, Paths, change_setting

NOW = moment.parse("2026-03-13T10:15")
LATER = ("2026-03-13T15:01", "2026-03-14T09:00", "2026-03-16T07:31", "2026-12-30T08:00", "2027-02-01T08:00")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "desk"
    assert not isinstance(make_demo(Paths(folder), dossiers=400, now=NOW), Refused)
    return folder


@pytest.fixture
def paths(made: Path, tmp_path: Path) -> Paths:
    return Paths(Path(copytree(made, tmp_path / "desk")))


@pytest.fixture
def desk(paths: Paths) -> Iterator[Desk]:
    opened = open_centre(paths, now=NOW)
    assert not isinstance(opened, Refused)
    yield opened
    opened.close()


def said(paths: Paths, now: datetime = NOW) -> tuple[object, ...]:
    found = look(paths, now)
    assert found is not None
    seen = found[2]
    return seen.drill, tuple(seen.work), seen.officers, seen.calendar, seen.centre


def told(paths: Paths, now: datetime = NOW) -> tuple[object, ...]:
    desk = open_centre(paths, now=now)
    assert not isinstance(desk, Refused)
    try:
        counter = desk.counter
        return counter.drill(), tuple(counter.open_work()), counter.officers(), counter.calendar(), counter.centre
    finally:
        desk.close()


@pytest.mark.parametrize("now", [NOW, *map(moment.parse, LATER)])
def test_a_first_look_says_what_the_counter_says(paths: Paths, now: datetime) -> None:
    first = said(paths, now)
    assert first == told(paths, now)
    assert len(first[1]) > 20  # type: ignore[arg-type]


def test_it_sees_every_state_the_list_has(paths: Paths, desk: Desk) -> None:
    rows = desk.counter.worklist()
    done = []
    for number, row in enumerate(rows[:30]):
        act = (Act.FORWARD, Act.SUPPLEMENT, Act.FINISH)[number % 3]
        action = Action(f"look-{number}", row.code, act, officer_id=1, reason="thiếu giấy", holder="Địa chính")
        answer = desk.counter.act(action)
        done.append(not isinstance(answer, Refused))
    assert any(done)
    for line in desk.counter.calls.listed()[:3]:
        order = MakeCall(f"call-{line.row.id}", line.row.id, line.reason, line.occasion, CallOutcome.NO_ANSWER, 1)
        assert not isinstance(desk.counter.calls.made(order), Refused)
    assert not isinstance(desk.counter.add_officer(NewOfficer("look", "Trần Thị Ỷ", Role.HEAD, "4821"), 1), Refused)
    assert said(paths) == told(paths)
    assert desk.counter.drill().calls


def test_it_knows_what_was_heard_of_a_file(paths: Paths, desk: Desk) -> None:
    with desk.context.records.writing() as work:
        work.connection.exec_driver_sql("update outbox set state = 'sealed'")
        sha256 = summaries.outgoing(work.connection)[-1].sha256
        work.commit()
    before = look(paths, NOW)
    with desk.context.records.writing() as work:
        data = {"sha256": sha256, "status": "merged"}
        work.record(OfficeEvent.RECEIPT_HEARD, NOW, data, client_id=heard_id(sha256, "merged"))
        work.commit()
    after = look(paths, NOW)
    assert before is not None
    assert after is not None
    assert after[2].drill == desk.counter.drill()
    assert after[2].drill.delivered == before[2].drill.delivered + 1


def test_what_another_desk_writes_meanwhile_is_seen_whole(paths: Paths, desk: Desk) -> None:
    with desk.context.records.writing() as work:
        work.connection.exec_driver_sql("update person set name = 'Đang Ghi'")
        assert "Đang Ghi" not in str(said(paths)[1])


def test_what_wants_the_usual_way_is_left_to_it(paths: Paths, tmp_path: Path) -> None:
    live = Paths(tmp_path / "live")
    opened = make_centre(live, CentreSettings("18229", "Xã Đức Thọ"), officer="Lê Thị Hoa")
    assert not isinstance(opened, Refused)
    opened.close()
    assert look(live) is not None
    assert look(live, NOW) is None
    assert look(Paths(tmp_path / "none")) is None
    locked = Paths(tmp_path / "locked")
    opened = make_centre(locked, CentreSettings("18229", "Xã Đức Thọ"), officer="Lê Thị Hoa", passphrase="hoa sen")
    assert not isinstance(opened, Refused)
    opened.close()
    assert look(locked) is None
    change_setting(paths, "database", "postgresql://nowhere/desk")
    assert look(paths, NOW) is None


def test_a_database_of_another_step_is_left_to_the_usual_way(paths: Paths, desk: Desk) -> None:
    with desk.context.records.writing() as work:
        work.connection.exec_driver_sql("update alembic_version set version_num = '0001'")
        work.commit()
    assert look(paths, NOW) is None


def test_a_damaged_or_emptied_database_is_left_to_the_usual_way(paths: Paths) -> None:
    for content in (b"", b"not a database at all" * 1000):
        paths.database.write_bytes(content)
        assert look(paths, NOW) is None
        assert paths.database.read_bytes() == content


def test_the_rest_is_opened_once_for_all_who_ask(paths: Paths) -> None:
    opened: list[Desk] = []

    def opener() -> object:
        found = open_centre(paths, now=NOW)
        assert not isinstance(found, Refused)
        opened.append(found)
        return found

    first = first_desk(paths, NOW, opener)
    assert first is not None
    assert first.counter.drill()
    assert not opened
    answers: list[object] = []
    threads = [threading.Thread(target=lambda: answers.append(first.counter.find("nguyen"))) for _each in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 1
    assert len(answers) == 8
    assert all(answer == answers[0] for answer in answers)
    assert first.found is opened[0]
    assert first.post is opened[0].post
    opened[0].close()


def test_what_stands_in_the_way_of_the_rest_is_told_to_everyone(paths: Paths) -> None:
    tried: list[int] = []

    def opener() -> object:
        tried.append(1)
        return Refused("other_unit", "là của đơn vị khác")

    first = first_desk(paths, NOW, opener)
    assert isinstance(first, FirstDesk)
    for _each in range(3):
        with pytest.raises(RecordError):
            first.counter.find("nguyen")
    assert len(tried) == 1


def test_it_loads_no_library_of_the_record() -> None:
    code = "import sys, desk.first_look; print([m for m in sys.modules if m in {'sqlalchemy', 'sqlmodel', 'pydantic'}])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
