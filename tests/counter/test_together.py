"""One act to several dossiers: each on its own, each answered, the account honest to the last one."""

from __future__ import annotations

import pytest

from db.errors import RecordError, RecordFault
from db.vocabulary import Act, State
from desk.counter.model import Action, Done
from desk.counter.together import Fate, account, one, summary
from tests.counter.desk_fixture import LAND, MARITAL, Desk


def test_one_that_is_refused_does_not_hold_up_the_others(desk: Desk) -> None:
    made = [desk.receive(LAND, name).code for name in ("Một", "Hai", "Ba")]
    desk.act(made[1], Act.VOID, reason="nhầm")
    before = len(desk.events())
    fates = [one(desk.counter, desk.action(code, Act.FORWARD, holder="Địa chính")) for code in made]
    assert [fate.done is not None for fate in fates] == [True, False, True]
    assert [desk.row(code).holder for code in made] == ["Địa chính", "", "Địa chính"]
    assert len(desk.events()) == before + 2
    assert not any(fate.stopped for fate in fates)
    short = desk.counter.worklist()[0].short_code[:8]
    said = summary(Act.FORWARD, fates)
    assert said.startswith(f"đã chuyển 2 · không được 1: {short}")
    assert said.endswith(f"({fates[1].sentence})")
    assert desk.disagreeing() == []


@pytest.mark.parametrize(
    ("fault", "stopped"),
    [(RecordFault.BUSY, True), (RecordFault.DISK_FULL, True), (RecordFault.CONFLICT, False)],
)
def test_a_record_that_cannot_is_an_answer(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, fault: RecordFault, stopped: bool
) -> None:
    code = desk.receive(LAND).code

    def broken(_action: Action) -> Done:
        raise RecordError(fault)

    monkeypatch.setattr(desk.counter, "act", broken)
    fate = one(desk.counter, desk.action(code, Act.FORWARD, holder="Địa chính"))
    assert (fate.done, fate.stopped) == (None, stopped)
    assert len(fate.sentence) > 8


def test_sent_again_it_is_answered_not_done_twice(desk: Desk) -> None:
    code = desk.receive(MARITAL).code
    desk.act(code, Act.FINISH)
    action = desk.action(code, Act.RETURN, collector="Chính chủ")
    first = one(desk.counter, action)
    with desk.nothing_written():
        again = one(desk.counter, action)
    assert again == first
    assert desk.row(code).state == State.RETURNED


def test_the_account_leaves_nobody_out(desk: Desk) -> None:
    code = desk.receive(LAND).code
    action = desk.action(code, Act.RETURN)
    done = one(desk.counter, desk.action(code, Act.FORWARD, holder="Địa chính"))
    fates = [done, one(desk.counter, action), Fate(action, sentence="Máy khác đang ghi sổ.", stopped=True)]
    assert summary(Act.RETURN, fates, 4).startswith("đã trả 1 · không được 2: ")
    assert summary(Act.RETURN, fates, 4).endswith(" · chưa làm 4")
    lines = account(Act.RETURN, fates, 4)
    assert [line for line in lines if code in line] == [f"  {code}: {fate.sentence}" for fate in fates[1:]]
    assert lines[-1].startswith("chưa làm 4")
    assert summary(Act.FORWARD, [done]) == "đã chuyển 1"
