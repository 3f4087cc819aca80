"""Corrections of a received dossier: what they write, what they leave alone, and that they can be taken back."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import asdict

from db import dossiers, people
from db.vocabulary import Act, ApplicantKind, OfficeEvent, ReturnWay, State
from desk.counter.correction import Correction, Kept
from desk.counter.model import DossierView, PersonInput, PersonView, Refused
from desk.daily.container import Unreadable, open_container
from desk.rules.correcting import Part
from tests.counter.desk_fixture import BIRTH, CLERK, HEAD, LAND, MARITAL, Desk, open_desk, refused

THINH: dict[str, Any] = {
    "name": "Nguyễn Đức Thịnh", "id_number": "042180000708", "phone": "0912345678", "email": "thinh@example.vn",
    "address": "Thôn Hải Thanh", "components": ("Tờ khai", "Giấy chứng sinh"), "note": "gấp",
    "representative": PersonInput("Lê Ủy", id_number="042190000001", address="Thôn Trung", email="uy@example.vn"),
}  # fmt: skip

OTHERS: tuple[tuple[Part, dict[str, Any]], ...] = (
    (Part.KIND, {"kind": ApplicantKind.HOUSEHOLD}),
    (Part.NAME, {"name": "Nguyễn Đức Thính"}),
    (Part.ID_NUMBER, {"id_number": "042180000709"}),
    (Part.PHONE, {"phone": "0987 654 321"}),
    (Part.EMAIL, {"email": ""}),
    (Part.ADDRESS, {"address": "Thôn Hải Hà"}),
    (Part.REPRESENTATIVE, {"representative": None}),
    (Part.PAPERS, {"components": ("Tờ khai",)}),
    (Part.RETURN_WAY, {"return_way": ReturnWay.POST}),
    (Part.NOTE, {"note": ""}),
)


def seen(desk: Desk, code: str) -> DossierView:
    found = desk.counter.dossier(code)
    assert found is not None
    return found


def requests_of_its_own(desk: Desk) -> None:
    """Let a desk begin behind the requests that another one has made on the same record."""
    for _each in range(100):
        desk.client()


def kept(desk: Desk, code: str) -> dict[str, Any]:
    """Return everything that can be corrected, as it is kept now."""
    found = desk.correction(code)
    values = {each.name: getattr(found, each.name) for each in dataclasses.fields(found) if each.name != "version"}
    return {name: asdict(value) if isinstance(value, Struct) else value for name, value in values.items()}


def state(desk: Desk, code: str) -> dict[str, Any]:
    """Return all that is kept and shown of a dossier but what goes on counting and the history itself."""
    row = {name: value for name, value in asdict(desk.row(code)).items() if name not in {"last_seq", "version"}}
    view = {
        name: value
        for name, value in asdict(seen(desk, code)).items()
        if name not in {"events", "version", "remaining"}
    }
    return {"row": row, "view": view, "kept": kept(desk, code), "slip": desk.counter.receipt(desk.row(code).id)}


@pytest.mark.parametrize(("part", "changes"), OTHERS, ids=lambda value: value if isinstance(value, Part) else "")
def test_one_part_is_corrected_and_all_others_are_as_they_were(desk: Desk, part: Part, changes: dict[str, Any]) -> None:
    code = desk.receive(MARITAL, **THINH).code
    before, shown = kept(desk, code), state(desk, code)
    desk.clock.advance(minutes=5)
    done = desk.correct(code, "dân báo lại", **changes)
    assert (done.state, done.promise, done.slip_number) == (State.RECEIVED, desk.row(code).promise, "")
    after = kept(desk, code)
    assert after != before
    name = {Part.PAPERS: "components"}.get(part, part.value)
    if name in before["applicant"]:
        before["applicant"][name], after["applicant"][name] = "", ""
    else:
        before[name], after[name] = "", ""
    assert after == before
    (event,) = desk.events_of(code)[1:]
    assert (event.kind, event.officer_id, list(event.data["parts"])) == (Act.CORRECT, HEAD, [part])
    assert seen(desk, code).slip_stale is (part not in {Part.KIND, Part.NOTE})
    assert desk.disagreeing() == []
    desk.clock.advance(minutes=10)
    desk.act(code, Act.UNDO, officer_id=CLERK)
    assert state(desk, code) == shown
    assert desk.counter.verify_journal() is None


words = st.text("abc đứ\u0301 12@.+-", max_size=12)
somebody = st.builds(
    PersonInput,
    name=words.map(lambda text: f"Ỷ {text}"),
    kind=st.sampled_from(ApplicantKind),
    id_number=st.sampled_from(("", "042180000708", "042180000709")),
    phone=words,
    email=words,
    address=words,
)
corrections = st.fixed_dictionaries(
    {
        "applicant": somebody,
        "representative": st.none() | somebody,
        "components": st.lists(words.map(lambda text: f"Giấy {text}"), max_size=3).map(tuple),
        "return_way": st.sampled_from(ReturnWay),
        "note": words,
    }
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(orders=st.lists(corrections, min_size=1, max_size=3))
def test_corrections_taken_back_one_by_one_leave_everything_as_it_was(desk: Desk, orders: list[dict[str, Any]]) -> None:
    code = desk.receive(MARITAL, **THINH).code
    states = [state(desk, code)]
    for order in orders:
        answer = desk.try_act(code, Act.CORRECT, reason="x", correction=Correction(**order))
        if isinstance(answer, Refused):
            assert answer.reason == "nothing_corrected"
            assert state(desk, code) == states[-1]
        else:
            states.append(state(desk, code))
    for before in reversed(states[:-1]):
        desk.act(code, Act.UNDO)
        assert state(desk, code) == before
    assert desk.disagreeing() == []


def test_the_person_of_before_stays_for_the_trace_and_is_looked_up_no_more(desk: Desk) -> None:
    code = desk.receive(MARITAL, "Nguyễn Đức Thịnh", id_number="042180000708", phone="0912345678").code
    first = desk.row(code).person_id
    desk.correct(code, name="Trần Thị Ỷ", id_number="042180000709")
    assert desk.row(code).person_id != first
    with desk.records.reading() as view:
        old = people.get(view.connection, first)
    assert old is not None
    assert (old.name, old.id_number, old.phone) == ("Nguyễn Đức Thịnh", "042180000708", "0912345678")
    assert people.fingerprint(old) == desk.events_of(code)[0].data["seen"]
    # Whoever comes with that number next is not told the name of somebody else.
    assert desk.counter.person("042180000708") is None
    found = desk.counter.person("042180000709")
    assert isinstance(found, PersonView)
    assert (found.name, found.open_dossiers) == ("Trần Thị Ỷ", (code,))
    desk.act(code, Act.UNDO)
    assert desk.counter.person("042180000709") is None
    again = desk.counter.person("042180000708")
    assert again is not None
    assert again.open_dossiers == (code,)


def test_a_person_of_other_dossiers_is_still_looked_up(desk: Desk) -> None:
    one, other = (desk.receive(MARITAL, **THINH).code for _each in range(2))
    assert desk.row(one).person_id == desk.row(other).person_id
    desk.correct(one, phone="0987654321")
    found = desk.counter.person("042180000708")
    assert found is not None
    assert found.phone == "0987654321"
    assert set(found.open_dossiers) == {one, other}
    assert kept(desk, other)["applicant"]["phone"] == "0912345678"
    desk.correct(one, phone="0912345678")
    assert desk.row(one).person_id == desk.row(other).person_id


def test_the_new_name_is_found_and_listed_and_the_old_one_no_longer(desk: Desk) -> None:
    code = desk.receive(MARITAL, "Nguyễn Đức Thịnh", id_number="042180000708", phone="0912345678").code
    desk.correct(code, name="Trần Thị Ỷ", id_number="042180000709", phone="0987654321")
    for query in ("Trần Thị Ỷ", "tran thi y", "0709", "654321"):
        assert [each.code for each in desk.counter.find(query)] == [code]
    for query in ("Thịnh", "nguyen duc", "0708", "345678"):
        assert desk.counter.find(query) == ()
    assert [each.applicant for each in desk.counter.worklist()] == ["Trần Thị Ỷ"]
    desk.act(code, Act.UNDO)
    assert [each.code for each in desk.counter.find("thinh")] == [code]
    assert desk.counter.find("tran thi y") == ()


def test_the_history_says_who_corrected_what_and_why_without_a_value(desk: Desk) -> None:
    code = desk.receive(MARITAL, **THINH).code
    desk.clock.advance(minutes=3)
    order = desk.correction(code, name="Trần Thị Ỷ", phone="0987654321", note="đã gọi")
    desk.act(code, Act.CORRECT, officer_id=CLERK, reason="đọc nhầm thẻ", correction=order)
    line = seen(desk, code).events[-1]
    assert (line.what, line.who, line.kind) == ("Sửa thông tin", "Phạm Văn Tư", "correct")
    assert line.note == "tên, điện thoại, ghi chú · ghi chú mới: đã gọi · đọc nhầm thẻ"
    desk.correct(code, note="")
    assert seen(desk, code).events[-1].note == "ghi chú · ghi chú mới: — · gõ nhầm"


def test_the_journal_holds_no_value_and_whoever_looked_left_a_trace(desk: Desk) -> None:
    code = desk.receive(MARITAL, **THINH).code
    before = len(desk.events())
    desk.correct(
        code, "lý do kín", name="Trần Bí Mật", id_number="042180000709", phone="0987654321", email="bi@mat.vn",
        address="Thôn Kín", note="ghi chú kín", components=("tờ kín",),
        representative=PersonInput("Vũ Kín", id_number="042190000009"),
    )  # fmt: skip
    looked, done = desk.events()[before:]
    assert (looked.kind, dict(looked.data)) == (OfficeEvent.PERSON_SEEN, {"dossier": 1, "for": "correcting"})
    # A hash may hold any four digits.
    written = re.sub("[0-9a-f]{32,}", "", json.dumps(dict(done.data), ensure_ascii=False))
    for secret in ("Bí Mật", "0709", "654321", "mat.vn", "kín", "Kín", "0009", "Thịnh"):
        assert secret not in written
    with desk.records.reading() as view:
        row = dossiers.by_code(view.connection, code)
        person = None if row is None else people.get(view.connection, row.person_id)
    assert person is not None
    assert done.data["seen"] == people.fingerprint(person)
    assert set(done.data["remarks"]) == {"reason", "papers", "note"}


@pytest.mark.parametrize("act", [Act.FINISH, Act.FORWARD, Act.SUPPLEMENT, Act.OBLIGATION])
def test_a_dossier_at_work_or_waiting_to_be_collected_can_be_corrected(desk: Desk, act: Act) -> None:
    code = desk.receive(MARITAL, **THINH).code
    desk.act(code, act, reason="x", holder="Địa chính")
    before = desk.row(code).state
    assert desk.correct(code, phone="0987654321").state == before


def test_what_the_citizen_has_in_hand_is_corrected_no_more(desk: Desk) -> None:
    code = desk.receive(MARITAL, **THINH).code
    order = desk.correction(code, name="Trần Ỷ")
    desk.act(code, Act.FINISH)
    desk.act(code, Act.RETURN, collector="Chính chủ")
    with desk.nothing_written():
        answer = refused(desk.counter.to_correct(1, HEAD), "ended")
        assert answer.sentence == "Hồ sơ đã kết thúc (đã trả kết quả): không thể sửa thông tin."
        refused(desk.try_act(code, Act.CORRECT, reason="x", correction=order), "ended")
        refused(desk.counter.to_correct(99, HEAD), "unknown_dossier")


def test_nothing_is_written_for_nothing(desk: Desk) -> None:
    code = desk.receive(MARITAL, **THINH).code
    order = desk.correction(code, name=" Nguyễn Đức  Thịnh\u200b ", phone="0912 345 678", note="gấp ")
    with desk.nothing_written():
        refused(desk.try_act(code, Act.CORRECT, reason="x", correction=order), "nothing_corrected")
        nobody = desk.action(code, Act.CORRECT, reason=" ", correction=order)
        refused(desk.counter.act(nobody), "reason_required")
    for field, changes in (
        ("applicant.name", {"name": " "}),
        ("representative.name", {"representative": PersonInput("\u200b")}),
    ):
        assert refused(desk.try_correct(code, **changes), "name_needed").field == field


def test_an_erased_person_is_not_written_again(desk: Desk) -> None:
    code = desk.receive(MARITAL, **THINH).code
    with desk.records.writing() as work:
        people.erase(work.connection, desk.row(code).person_id, desk.clock.now)
        work.commit()
    with desk.nothing_written():
        refused(desk.counter.to_correct(1, HEAD), "erased")


def test_a_change_at_another_desk_is_not_overwritten(folder: Path) -> None:
    one = open_desk(folder / "desk.db")
    two = open_desk(folder / "desk.db", desk=2, clock=one.clock)
    requests_of_its_own(two)
    code = one.receive(MARITAL, **THINH).code
    mine, theirs = one.correction(code, name="Trần Ỷ"), two.correction(code, phone="0987654321")
    two.act(code, Act.CORRECT, reason="dân báo", correction=theirs)
    with one.nothing_written():
        answer = refused(one.try_act(code, Act.CORRECT, reason="gõ nhầm", correction=mine), "changed_since")
    assert answer.sentence == "Hồ sơ vừa được máy khác sửa: xem lại rồi làm lại."
    assert kept(one, code)["applicant"]["phone"] == "0987654321"
    one.correct(code, name="Trần Ỷ")
    applicant = kept(two, code)["applicant"]
    assert (applicant["name"], applicant["phone"]) == ("Trần Ỷ", "0987654321")


def test_one_request_is_one_correction(desk: Desk) -> None:
    code = desk.receive(MARITAL, **THINH).code
    order = desk.action(code, Act.CORRECT, reason="x", correction=desk.correction(code, name="Trần Ỷ"))
    first = desk.counter.act(order)
    with desk.nothing_written():
        assert desk.counter.act(order) == first


def test_another_open_dossier_of_the_right_person_is_told(desk: Desk) -> None:
    right = desk.receive(MARITAL, "Trần Ỷ", id_number="042180000709").code
    wrong = desk.receive(MARITAL, "Trần Ỷ", id_number="042180000790").code
    assert desk.correct(wrong, id_number="042180000709").warnings == (
        f"Người này đang có hồ sơ mở cùng thủ tục: {right}.",
    )
    assert desk.correct(wrong, phone="0912345678").warnings == ()


def test_the_slip_of_before_stays_on_record_and_the_next_one_says_what_it_is(desk: Desk) -> None:
    done = desk.receive(MARITAL, **THINH)
    number, code = done.dossier_id, done.code
    first = desk.counter.receipt(number)
    assert isinstance(first, tuple)
    slips = desk.ask("SELECT count(*) || '/' || max(number) FROM issued_slip")
    desk.correct(code, name="Trần Thị Ỷ", components=("Tờ khai",))
    assert seen(desk, code).slip_stale
    printed = desk.counter.receipt(number, reprint=True, officer_id=CLERK)
    assert isinstance(printed, tuple)
    assert not seen(desk, code).slip_stale
    text = "\n".join(printed)
    assert "(bản in lại lần 1, đã sửa lần 1)" in text
    assert "Tiếp nhận hồ sơ của Ông (Bà)/Tổ chức: Trần Thị Ỷ" in text
    assert "Thịnh" not in text
    assert "1. Tờ khai" in text
    assert "2. Giấy chứng sinh" not in text
    assert done.slip_number in text
    line = seen(desk, code).events[-1]
    assert (line.what, line.who, line.note) == ("In lại giấy hẹn", "Phạm Văn Tư", "bản in lại lần 1")
    assert desk.ask("SELECT count(*) || '/' || max(number) FROM issued_slip") == slips
    desk.act(code, Act.UNDO)
    assert seen(desk, code).slip_stale
    again = desk.counter.receipt(number, reprint=True)
    assert isinstance(again, tuple)
    assert [line for line in again if "bản in lại" in line] == [line for line in again if "(bản in lại lần 2)" in line]
    assert again[: len(first) + 1] == (first[0], again[1], *first[1:])
    assert not seen(desk, code).slip_stale
    assert desk.disagreeing() == []


def test_a_correction_made_and_taken_back_leaves_the_slip_right(desk: Desk) -> None:
    code = desk.receive(MARITAL, **THINH).code
    desk.correct(code, name="Trần Thị Ỷ")
    desk.act(code, Act.UNDO)
    assert not seen(desk, code).slip_stale
    desk.correct(code, note="khác")
    assert not seen(desk, code).slip_stale


def test_neither_the_tally_nor_the_daily_file_knows_of_a_correction(folder: Path) -> None:
    """Two copies of one centre close the same day: one of them has corrected, undone and printed again."""
    for name in ("one", "two"):
        (folder / name).mkdir()
    desk = open_desk(folder / "one" / "desk.db")
    codes = [desk.receive(procedure, **THINH).code for procedure in (MARITAL, LAND, BIRTH)]
    desk.act(codes[2], Act.FINISH)
    desk.records.close()
    shutil.copy(folder / "one" / "desk.db", folder / "two" / "desk.db")
    plain, corrected = (open_desk(folder / name / "desk.db") for name in ("one", "two"))
    requests_of_its_own(corrected)
    for code in codes:
        corrected.correct(code, name="Trần Thị Ỷ", return_way=ReturnWay.POST)
        corrected.counter.receipt(corrected.row(code).id, reprint=True)
    corrected.act(codes[0], Act.UNDO)
    assert corrected.preview().rows == plain.preview().rows
    files = []
    for each in (plain, corrected):
        each.close()
        parts = open_container(each.files()[-1].content)
        assert not isinstance(parts, Unreadable)
        payload = dict(parts.payload())
        journal = payload["journal"]
        assert isinstance(journal, dict)
        payload["journal"] = {**journal, "to": 0, "head": ""}
        files.append((journal, rfc8785.dumps(payload)))
    assert files[0][0] != files[1][0]
    assert files[0][1] == files[1][1]


def test_a_correction_makes_no_second_file_of_a_closed_day(desk: Desk) -> None:
    code = desk.receive(MARITAL, **THINH).code
    desk.close()
    number = len(desk.files())
    desk.correct(code, name="Trần Ỷ")
    desk.act(code, Act.UNDO)
    desk.correct(code, name="Trần Thị Ỷ")
    assert all(day.already for day in desk.close())
    assert len(desk.files()) == number
    desk.act(code, Act.FINISH)
    assert not desk.close()[0].already


def test_a_form_for_it_knows_the_papers_of_the_procedure(desk: Desk) -> None:
    code = desk.receive(MARITAL, **THINH).code
    found = desk.counter.to_correct(1, HEAD)
    assert isinstance(found, Kept)
    procedure = desk.counter.procedure(MARITAL)
    assert procedure is not None
    assert found.offered == procedure.components
    assert (found.code, found.now.components, found.now.version) == (code, THINH["components"], 1)
    assert "0912345678" not in repr(found)
