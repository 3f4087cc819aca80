"""The lists beside the day's work: who is on them, how many, and never one too many."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from db.vocabulary import Act, State
from desk.counter import listing
from desk.counter.listed import ListEntry, ListKind, ListRef
from tests.counter.desk_fixture import BIRTH, CLERK, HEAD, LAND, MARITAL, OFFICIAL, Desk, open_desk

TODAY, RETYPE = ListRef(ListKind.RECEIVED_TODAY), ListRef(ListKind.RETYPE)


def codes(desk: Desk, ref: ListRef) -> list[str]:
    return [row.code for row in desk.counter.listed(ref).rows]


def counts(entries: tuple[ListEntry, ...]) -> dict[str, int]:
    return {entry.name: entry.count for entry in entries}


def test_what_this_desk_received_today(desk: Desk, folder: Path) -> None:
    desk.clock.set("2026-03-12T16:59")
    desk.receive(LAND, "Hôm Qua")
    desk.clock.set("2026-03-13T07:30")
    first = desk.receive(LAND, "Sáng Nay")
    second = desk.receive(BIRTH, "Vừa Xong")
    desk.act(second.code, Act.FINISH)
    wrong = desk.receive(LAND, "Nhập Nhầm")
    desk.act(wrong.code, Act.VOID, reason="nhầm")
    desk.receive(LAND, "Mới Đăng Ký", act=Act.REGISTER)
    desk.take_over("2026-03-13T07:00")
    other = open_desk(folder / "desk.db", desk=2, clock=desk.clock)
    elsewhere = other.receive(LAND, "Quầy Hai", client_id="at-desk-two")
    assert set(codes(desk, TODAY)) == {first.code, second.code}
    assert desk.counter.lists().today.count == 2
    assert desk.counter.listed(TODAY).name == "Quầy 1 nhận hôm nay"
    assert codes(other, TODAY) == [elsewhere.code]
    other.records.close()
    desk.clock.set("2026-03-14T00:00")
    assert codes(desk, TODAY) == []


def test_today_begins_at_midnight_in_viet_nam(desk: Desk) -> None:
    # 00:30 here is still the day before in UTC, as which instants are kept.
    early = desk.receive(LAND, received_at=None)
    desk.sql("UPDATE dossier SET received_at = '2026-03-12T17:30:00Z' WHERE id = :id", id=early.dossier_id)
    assert codes(desk, TODAY) == [early.code]
    desk.sql("UPDATE dossier SET received_at = '2026-03-12T16:59:00Z' WHERE id = :id", id=early.dossier_id)
    assert codes(desk, TODAY) == []


def test_to_retype_is_every_state_but_voided(desk: Desk) -> None:
    known = desk.receive(MARITAL, official_code=OFFICIAL)
    waiting = desk.receive(MARITAL)
    ended = desk.receive(MARITAL)
    desk.act(ended.code, Act.FINISH)
    desk.act(ended.code, Act.RETURN)
    void = desk.receive(MARITAL)
    desk.act(void.code, Act.VOID, reason="nhầm")
    assert set(codes(desk, RETYPE)) == {waiting.code, ended.code}
    assert desk.counter.lists().retype.count == 2
    assert known.code not in codes(desk, RETYPE)
    desk.act(waiting.code, Act.SET_CODE, official_code="H31.65-260313-0009")
    assert codes(desk, RETYPE) == [ended.code]


def test_by_state_by_receiver_and_by_holder(desk: Desk) -> None:
    mine = desk.receive(LAND, "Một")
    away = desk.receive(LAND, "Hai", officer_id=CLERK)
    desk.act(away.code, Act.FORWARD, holder="Địa chính")
    gone = desk.receive(MARITAL, "Ba", officer_id=CLERK)
    desk.act(gone.code, Act.FINISH)
    assert codes(desk, ListRef(ListKind.RECEIVED_BY, str(CLERK))) == [gone.code, away.code]
    desk.act(gone.code, Act.RETURN)
    found = desk.counter.lists()
    assert counts(found.states) == {"Được tiếp nhận": 1, "Đang xử lý": 1, "Đã trả kết quả": 1}
    assert counts(found.receivers) == {"Nhận: Lê Thị Hoa": 1, "Nhận: Phạm Văn Tư": 1}
    assert counts(found.holders) == {"Đang ở: Địa chính": 1}
    for entry in (*found.states, *found.receivers, *found.holders):
        listed = desk.counter.listed(entry.ref)
        assert (listed.name, listed.total, len(listed.rows)) == (entry.name, entry.count, entry.count)
    assert codes(desk, ListRef(ListKind.RECEIVED_BY, str(HEAD))) == [mine.code]
    assert codes(desk, ListRef(ListKind.HELD_BY, "Địa chính")) == [away.code]
    assert codes(desk, ListRef(ListKind.HELD_BY, "địa chính' OR 1=1 --")) == []


def test_a_list_is_by_promise_with_the_unpromised_last(desk: Desk) -> None:
    none = desk.receive(LAND, "Chưa hẹn", act=Act.REGISTER)
    late = desk.receive(LAND, "Lâu")
    soon = desk.receive(MARITAL, "Gần")
    assert codes(desk, RETYPE) == [soon.code, late.code, none.code]


def test_a_long_list_shows_the_newest_and_says_how_many_there_are(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [desk.receive(LAND, f"Người {n}").code for n in range(5)]
    monkeypatch.setattr(listing, "MOST", 3)
    for ref in (RETYPE, ListRef(ListKind.STATE, str(int(State.RECEIVED))), ListRef(ListKind.RECEIVED_BY, str(HEAD))):
        listed = desk.counter.listed(ref)
        assert ([row.code for row in listed.rows], listed.total) == (made[2:], 5)
    assert desk.counter.listed(TODAY).total == 5


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        ("SELECT count(*) FROM dossier WHERE official_code IS NULL", "COVERING INDEX"),
        ("SELECT * FROM dossier WHERE official_code IS NULL AND state != 0 ORDER BY id DESC LIMIT 2000", "dossier"),
        ("SELECT state, count(*) FROM dossier GROUP BY state", "COVERING INDEX"),
        ("SELECT * FROM dossier WHERE state IN (1, 2) AND received_by = 1 ORDER BY id DESC", "ix_dossier_state"),
        ("SELECT * FROM dossier WHERE received_at >= '2026' AND received_at < '2027'", "ix_dossier_received_at"),
    ],
)
def test_the_indexes_there_are_serve_the_lists(desk: Desk, statement: str, index: str) -> None:
    with desk.records.reading() as view:
        plan = view.connection.execute(text(f"EXPLAIN QUERY PLAN {statement}")).all()
    assert index in " ".join(str(row[-1]) for row in plan), plan


def test_nothing_is_written_by_looking(desk: Desk) -> None:
    desk.receive(LAND)
    with desk.nothing_written():
        for entry in (desk.counter.lists().today, desk.counter.lists().retype, *desk.counter.lists().states):
            desk.counter.listed(entry.ref)
