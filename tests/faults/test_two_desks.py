"""Two desks on one record: no number twice, no change lost, and a loser who is told so."""

from __future__ import annotations

import random
import subprocess
import sys
from collections import Counter as Tally
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

import db.engine
from db.errors import RecordError, RecordFault
from db.unit import Work
from db.vocabulary import Act
from desk.counter.model import Done, Refused
from tests.counter.desk_fixture import LAND, MARITAL, OFFICIAL, Desk, open_desk, refused

ROOT = Path(__file__).parents[2]


def both(first: Callable[[], object], second: Callable[[], object]) -> list[object]:
    """Run two calls at the same time."""
    gate = Barrier(2)

    def run(call: Callable[[], object]) -> object:
        gate.wait(30)
        return call()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(run, (first, second)))


@pytest.fixture
def desks(folder: Path) -> tuple[Desk, Desk]:
    """Two desks of one centre, each with its own connections."""
    first = open_desk(folder / "desk.db")
    return first, open_desk(folder / "desk.db", desk=2, clock=first.clock)


def test_one_of_two_ends_of_the_same_dossier_is_refused(desks: tuple[Desk, Desk]) -> None:
    one, two = desks
    for _each in range(10):
        code = one.receive(MARITAL).code
        withdraw, finish = (
            one.action(code, Act.WITHDRAW, client_id=f"w{code}"),
            two.action(code, Act.FINISH, client_id=f"f{code}"),
        )
        answers = both(lambda: one.counter.act(withdraw), lambda: two.counter.act(finish))  # noqa: B023
        assert Tally(type(answer) for answer in answers) == {Done: 1, Refused: 1}
        assert len(one.events_of(code)) == 2
    assert one.disagreeing() == []
    assert two.counter.verify_journal() is None


def test_one_official_code_goes_to_one_dossier(desks: tuple[Desk, Desk]) -> None:
    one, two = desks
    first, second = one.order(official_code=OFFICIAL, client_id="a"), two.order(official_code=OFFICIAL, client_id="b")
    answers = both(lambda: one.counter.receive(first), lambda: two.counter.receive(second))
    (lost,) = [answer for answer in answers if not isinstance(answer, Done)]
    refused(lost, "official_code_taken")


def test_one_request_sent_twice_is_one_dossier(desks: tuple[Desk, Desk]) -> None:
    one, two = desks
    order = one.order(LAND)
    answers = both(lambda: one.counter.receive(order), lambda: two.counter.receive(order))
    assert answers[0] == answers[1]
    assert len(one.counter.worklist()) == 1


def test_a_day_is_sealed_once(desks: tuple[Desk, Desk]) -> None:
    one, two = desks
    one.receive(LAND)
    both(one.close, two.close)
    assert [(file.seq, file.day.day) for file in one.files()] == [(1, 12), (2, 13)]


def test_threads_share_one_counter(folder: Path) -> None:
    desk = open_desk(folder / "desk.db")
    orders = [desk.order(LAND, name=f"Người thứ {number}") for number in range(24)]
    with ThreadPoolExecutor(6) as pool:
        answers = [answer for answer in pool.map(desk.counter.receive, orders) if isinstance(answer, Done)]
        list(pool.map(lambda _n: desk.counter.worklist(), range(12)))
    assert len({answer.code for answer in answers}) == 24
    assert sorted(answer.seq for answer in answers) == list(range(2, 26))
    assert sorted(answer.slip_number for answer in answers) == [f"26.1{n:05d}" for n in range(1, 25)]
    desk.records.close()


ACTS: tuple[tuple[Act, dict[str, Any]], ...] = (
    (Act.FORWARD, {"holder": "Địa chính"}),
    (Act.HANDED_BACK, {}),
    (Act.SUPPLEMENT, {"reason": "thiếu"}),
    (Act.SUPPLEMENTED, {}),
    (Act.OBLIGATION, {"reason": "thuế"}),
    (Act.SETTLED, {}),
    (Act.FINISH, {}),
    (Act.WITHDRAW, {}),
    (Act.RETURN, {}),
    (Act.UNDO, {}),
    (Act.SET_CODE, {"official_code": OFFICIAL, "reason": "gõ lại"}),
)


@pytest.mark.parametrize("seed", range(3))
def test_random_acts_of_two_desks_are_done_whole_or_refused(desks: tuple[Desk, Desk], seed: int) -> None:
    codes = [desks[0].receive(LAND).code for _each in range(3)]
    before = len(desks[0].events())
    answers: list[list[object]] = [[], []]

    def work(number: int) -> None:
        chance = random.Random(f"{seed}-{number}")
        for turn in range(40):
            act, given = chance.choice(ACTS)
            action = desks[number].action(chance.choice(codes), act, client_id=f"{number}-{turn}", **given)
            answers[number].append(desks[number].counter.act(action))

    both(lambda: work(0), lambda: work(1))
    told = Tally(type(answer) for answer in (*answers[0], *answers[1]))
    assert set(told) <= {Done, Refused}
    assert told[Done] > 10
    refusals = [answer for answer in (*answers[0], *answers[1]) if isinstance(answer, Refused)]
    assert all(len(refusal.sentence.split()) > 2 for refusal in refusals)
    # Every act that was said to be done is in the chain, and no other; each row is what its history says.
    assert len(desks[0].events()) == before + told[Done]
    for desk in desks:
        assert desk.counter.verify_journal() is None
        assert desk.disagreeing() == []


DESK = """
import sys
from pathlib import Path
from db.vocabulary import Act
from tests.counter.desk_fixture import LAND, open_desk
number = int(sys.argv[2])
desk = open_desk(Path(sys.argv[1]), desk=number)
for each in range(25):
    answer = desk.receive(LAND, client_id=f"{number}-{each}")
    desk.act(answer.code, Act.FORWARD, client_id=f"{number}-{each}-forward")
    print(answer.code, answer.slip_number)
"""


def test_two_processes_keep_their_numbers_apart_and_the_chain_whole(folder: Path) -> None:
    path = folder / "desk.db"
    open_desk(path).records.close()
    command = [sys.executable, "-c", DESK, str(path)]
    running = [
        subprocess.Popen([*command, number], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)
        for number in ("1", "2")
    ]
    told = [each.communicate(timeout=120) for each in running]
    assert [each.returncode for each in running] == [0, 0], told
    for number, (out, _err) in enumerate(told, 1):
        slips = [line.split()[1] for line in out.splitlines()]
        assert slips == [f"26.{number}{n:05d}" for n in range(1, 26)]
    desk = open_desk(path)
    assert len(desk.events()) == 1 + 100
    assert desk.counter.verify_journal() is None
    assert desk.disagreeing() == []
    assert len({row.code for row in desk.counter.worklist()}) == 50
    desk.records.close()


def test_a_desk_that_cannot_write_is_told_and_keeps_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db.engine, "BUSY_MILLISECONDS", 10)
    one = open_desk(folder / "desk.db")
    two = open_desk(folder / "desk.db", desk=2, clock=one.clock)
    order = two.order(LAND)
    with one.records.writing():
        with pytest.raises(RecordError) as raised:
            two.counter.receive(order)
        assert two.counter.worklist() == ()
    assert raised.value.fault is RecordFault.BUSY
    assert isinstance(two.counter.receive(order), Done)


def test_a_change_of_a_row_that_moved_on_is_a_conflict(desks: tuple[Desk, Desk]) -> None:
    one, two = desks
    code = one.receive(LAND).code
    stale = one.row(code)
    two.act(code, Act.FORWARD, client_id="two")

    def finish(work: Work) -> None:
        work.apply(Act.FINISH, one.clock.now, {}, row=stale, dossier_id=stale.id, changes={"state": 9})

    with one.nothing_written(), pytest.raises(RecordError) as raised, one.records.writing() as work:
        finish(work)
    assert raised.value.fault is RecordFault.CONFLICT
