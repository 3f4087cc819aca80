"""Lists, finds, the morning drill and the dossier screen: the right dossiers, with their numbers masked."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.vocabulary import Act, State
from desk.counter.model import Drill, PersonView
from tests.counter.desk_fixture import (
    BIRTH,
    COPIES,
    LAND,
    LODGING,
    MARITAL,
    OFFICIAL,
    SWITCHED_OFF,
    UNKNOWN_LIMIT,
    Desk,
    at,
    refused,
)

PEOPLE = (
    ("Nguyễn Đức Thịnh", "042180000708", "0912 345 678"),
    ("Đỗ Đức Mạnh", "042180000709", "0988 111 222"),
    ("Đặng Văn Ỷ", "001190123456", ""),
    ("Nguyễn Thị Dung", "", "0377 000 999"),
    ("Jean-Pierre O'Neill", "B1234567", ""),
)


@pytest.fixture
def crowd(desk: Desk) -> Desk:
    for name, number, phone in PEOPLE:
        desk.receive(LAND, name, id_number=number, phone=phone, address="Thôn Hải Thanh")
    return desk


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("nguyen", (4, 1)),
        ("NGUYỄN", (4, 1)),
        ("duc", (2, 1)),
        ("đức", (2, 1)),
        ("dung", (4,)),
        ("dang van", (3,)),
        ("van dang", (3,)),
        ("d v y", (3,)),
        ("Đặng Văn Ỷ", (3,)),
        ("o'neill", (5,)),
        ("oneill", ()),
        ("pierre", (5,)),
        ("TN-18229-260313-10002H", (2,)),
        ("tn18229260313-10002h", (2,)),
        ("0002", (2,)),
        ("TN-0313-0002H", (2,)),
        ("tn-0313", (5, 4, 3, 2, 1)),
        ("042180000709", (2,)),
        ("0709", (2,)),
        ("345 678", (1,)),
        ("0912345678", (1,)),
        ("111222", (2,)),
        ("b1234", (5,)),
        ("nguyen 0708", (1,)),
        ("nguyen 0709", ()),
        ("guyen", ()),
        ("", ()),
        ("   ", ()),
    ],
)
def test_a_dossier_is_found_by_any_part(crowd: Desk, query: str, found: tuple[int, ...]) -> None:
    assert tuple(each.id for each in crowd.counter.find(query)) == found
    assert tuple(each.id for each in crowd.counter.find(unicodedata.normalize("NFD", query))) == found


def test_exact_tones_come_first_then_the_newest(desk: Desk) -> None:
    for name in ("Lê Thị Hoà", "Lê Thị Hoa", "Lê Thị Hóa", "Lê Thị Hoa"):
        desk.receive(LAND, name)
    assert [each.id for each in desk.counter.find("Hoa")] == [4, 2, 3, 1]
    assert [each.id for each in desk.counter.find("hoá")] == [4, 3, 2, 1]
    assert [each.id for each in desk.counter.find("hóa")] == [3, 4, 2, 1]
    assert [each.id for each in desk.counter.find("hoa", limit=2)] == [4, 2]


HOSTILE = (
    '"', "'", "*", "(", ")", "AND", "OR NOT", "NEAR(a b)", "a:b", "^a", "-", "--", "a_b", "_", "%", "\\", "\x00",
    "ab\x00cd", "a\x001b2", '"; DROP TABLE dossier; --', "{x}", "x" * 300, "1" * 300, "a " * 300, "1a2 " * 200,
    "\ud800x", "🏠", "a²b", "ᦰaᦱ", "\u200b", "nguyen*", 'ng"uyen', "+a", "a+b+1",
)  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE)
def test_hostile_queries_are_only_text(crowd: Desk, query: str) -> None:
    with crowd.nothing_written():
        for answer in (crowd.counter.find(query), crowd.counter.worklist(query), crowd.counter.procedures(query)):
            assert isinstance(answer, tuple)
        assert crowd.counter.dossier(query) is None
        assert crowd.counter.person(query) is None


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(max_size=40))
def test_any_text_can_be_looked_for(desk: Desk, query: str) -> None:
    assert isinstance(desk.counter.find(query), tuple)


def test_names_of_other_scripts_are_found(desk: Desk) -> None:
    for name in ("Иван Петров", "山田太郎", "Müller_Schmidt", "Ali²"):
        desk.receive(LAND, name)
    for query, number in (("иван", 1), ("山田", 2), ("mull", 3), ("muller_schmidt", 3), ("schm", 3), ("ali", 4)):
        assert [each.id for each in desk.counter.find(query)] == [number]


def test_the_worklist_is_open_work_by_promise(desk: Desk) -> None:
    land, marital = desk.receive(LAND), desk.receive(MARITAL)
    registered = desk.receive(COPIES, act=Act.REGISTER)
    copies, finished = desk.receive(COPIES), desk.receive(COPIES)
    desk.receive(COPIES, act=Act.DECLINE, reason="x")
    desk.act(finished.code, Act.FINISH)
    ids = [each.dossier_id for each in (copies, marital, land, registered)]
    assert [each.id for each in desk.counter.worklist()] == ids
    assert [each.id for each in desk.counter.worklist("dat dai")] == [land.dossier_id]
    assert [each.id for each in desk.counter.worklist(copies.code)] == [copies.dossier_id]
    assert [each.id for each in desk.counter.rows(reversed(ids))] == ids[::-1]
    assert desk.counter.rows([99, *ids[:1]])[0].id == ids[0]


def test_a_line_says_what_is_left(desk: Desk) -> None:
    desk.receive(MARITAL)
    desk.receive(LODGING)
    waiting = desk.receive(MARITAL)
    desk.act(waiting.code, Act.OBLIGATION)
    desk.receive(UNKNOWN_LIMIT, act=Act.REGISTER)
    lines = {each.id: each for each in desk.counter.worklist()}
    assert [lines[number].remaining for number in (1, 2, 3)] == ["3 ngày", "1 giờ", "chờ"]
    assert (lines[2].due_today, lines[1].due_today, lines[3].waiting) == (True, False, True)
    desk.clock.set("2026-03-18T10:12")
    lines = {each.id: each for each in desk.counter.worklist()}
    assert (lines[1].remaining, lines[1].overdue) == ("QUÁ 1 giờ", True)
    assert (lines[3].remaining, lines[3].overdue) == ("chờ", False)


def test_the_morning_drill_names_the_dossiers_behind_each_figure(desk: Desk) -> None:
    desk.clock.set("2026-03-12T10:00")
    overdue, land, waiting = desk.receive(COPIES), desk.receive(LAND), desk.receive(MARITAL)
    desk.act(waiting.code, Act.SUPPLEMENT, reason="thiếu")
    finished = desk.receive(COPIES)
    desk.act(finished.code, Act.FINISH)
    apology = desk.receive(MARITAL)
    desk.clock.set("2026-03-16T08:00")
    today = desk.receive(COPIES, official_code=OFFICIAL)
    desk.receive(COPIES, act=Act.REGISTER)
    desk.close()
    drill = desk.counter.drill()
    assert drill == Drill(
        today=(today.dossier_id,),
        tomorrow=(apology.dossier_id,),
        apology=(apology.dossier_id,),
        overdue=(overdue.dossier_id,),
        waiting=(waiting.dossier_id,),
        uncollected=(finished.dossier_id,),
        unforwarded=(overdue.dossier_id, apology.dossier_id, land.dossier_id),
        without_code=drill.without_code,
        unsent=3,
        unsent_since=date(2026, 3, 12),
        next_day=date(2026, 3, 17),
        covered_until=date(2026, 12, 31),
        coverage_days=290,
        cutoff=at("2026-03-16T15:00"),
        minutes_to_cutoff=420,
    )
    assert set(drill.without_code) == {overdue.dossier_id, land.dossier_id, waiting.dossier_id, apology.dossier_id}
    assert set(Drill.__struct_fields__) > {"refused"}


def test_numbers_are_masked_wherever_they_are_only_looked_at(crowd: Desk) -> None:
    shown = repr([crowd.counter.worklist(), crowd.counter.find("nguyen"), crowd.counter.rows(range(9))])
    shown += repr([crowd.counter.dossier(number) for number in range(1, 6)])
    for _name, number, phone in PEOPLE:
        for secret in (number, phone.replace(" ", "")):
            assert not secret or secret not in shown
    assert "042•••••0708" in shown
    assert "09•••678" in shown


def test_a_look_at_the_full_numbers_leaves_an_event(crowd: Desk) -> None:
    before = len(crowd.events())
    seen = crowd.counter.reveal(1, 2)
    assert isinstance(seen, PersonView)
    assert (seen.id_number, seen.phone) == ("042180000708", "0912345678")
    (event,) = crowd.events()[before:]
    assert (event.kind, event.officer_id, event.data) == ("person_seen", 2, {"dossier": 1})
    with crowd.nothing_written():
        refused(crowd.counter.reveal(99, 2), "unknown_dossier")


def test_a_person_is_known_by_the_number_and_by_nothing_less(crowd: Desk) -> None:
    again = crowd.receive(MARITAL, "Nguyễn Đức Thịnh", id_number="042180000708", phone="0900 000 000")
    crowd.act(again.code, Act.FINISH)
    found = crowd.counter.person(" 0421 8000 0708 ")
    assert found is not None
    assert (found.name, found.phone) == ("Nguyễn Đức Thịnh", "0900000000")
    assert found.open_dossiers == ("TN-18229-260313-10001J",)
    for other in ("", "  ", "0421800007", "Nguyễn Đức Thịnh"):
        assert crowd.counter.person(other) is None


def test_an_unknown_dossier_is_nothing(desk: Desk) -> None:
    assert desk.counter.dossier(1) is None
    assert desk.counter.dossier("TN-18229-260313-10001J") is None
    assert desk.counter.why(1)[0]
    refused(desk.counter.receipt(1), "not_received")


def test_the_dossier_screen_tells_the_whole_story(desk: Desk) -> None:
    code = desk.receive(MARITAL, components=("Tờ khai", "Bản sao"), note="gọi trước").code
    desk.clock.set("2026-03-16T09:00")
    desk.act(code, Act.FORWARD, holder="Tư pháp")
    desk.act(code, Act.RESCHEDULE, to=at("2026-03-20T15:00"), reason="chờ xác minh")
    desk.act(code, Act.FINISH)
    view = desk.counter.dossier(code)
    assert view is not None
    assert (view.state, view.promise_note, view.components) == (
        State.FINISHED,
        "đã hẹn lại một lần",
        ("Tờ khai", "Bản sao"),
    )
    assert [line.what for line in view.events] == ["Tiếp nhận", "Chuyển", "Xin lỗi, hẹn lại", "Xong"]
    assert [line.who for line in view.events] == ["Lê Thị Hoa"] * 4
    for note, parts in zip(
        (line.note for line in view.events),
        (("26.100001", "gọi trước"), ("Tư pháp",), ("T6 20/03 15:00", "chờ xác minh"), ("trước hạn",)),
        strict=True,
    ):
        assert all(part in note for part in parts), note
    assert (view.first_promise, view.promise, view.legal_deadline) == (
        at("2026-03-18T09:12"), at("2026-03-20T15:00"), at("2026-03-18T09:12"),
    )  # fmt: skip
    trace = desk.counter.why(view.id)
    assert trace[0] == "VÌ SAO T6 20/03/2026 15:00?"
    assert any(line.startswith("HẠN THEO LUẬT T4 18/03/2026 09:12") for line in trace)
    assert all(len(line) <= 80 for line in trace)


@pytest.mark.parametrize(
    ("query", "code"),
    [("khai sinh", BIRTH), ("hon nhan xac nhan", MARITAL), (COPIES, COPIES), ("XÁC NHẬN HÔN", MARITAL)],
)
def test_procedures_are_found_by_folded_typing(desk: Desk, query: str, code: str) -> None:
    assert code in [each.code for each in desk.counter.procedures(query)]


def test_the_most_used_procedure_comes_first(desk: Desk) -> None:
    for procedure in (LAND, MARITAL, LAND):
        desk.receive(procedure)
    assert [each.code for each in desk.counter.procedures("", 2)] == [LAND, MARITAL]
    off = desk.counter.procedure(SWITCHED_OFF)
    assert off is not None
    assert SWITCHED_OFF not in [each.code for each in desk.counter.procedures("", 999)]
    assert desk.counter.procedure("9.999999") is None
    unknown = desk.counter.procedure(UNKNOWN_LIMIT)
    assert unknown is not None
    assert unknown.doubt
