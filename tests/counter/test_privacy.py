"""The journal holds no personal value, not even of a person whose every field is used as a free text."""

from __future__ import annotations

import json
from typing import Any

from db import people
from db.vocabulary import Act, Channel
from desk.counter.model import PersonInput
from tests.counter.desk_fixture import COPIES, LAND, MARITAL, OFFICIAL, Desk, at, refused

SECRETS = (
    "Nguyễn Bí Mật", "042180000708", "0912345678", "bimat@example.vn", "Thôn Kín Đáo", "Lê Ủy Quyền", "042190000001",
    "ghi chú kín", "lý do kín", "căn cứ kín", "Trần Nhận Hộ", "tờ khai kín", "muộn vì kín", "từ xã kín",
)  # fmt: skip


def test_the_journal_holds_no_personal_value(desk: Desk) -> None:
    person: dict[str, Any] = {
        "name": "Nguyễn Bí Mật",
        "id_number": "042180000708",
        "phone": "0912 345 678",
        "email": "bimat@example.vn",
        "address": "Thôn Kín Đáo",
        "representative": PersonInput("Lê Ủy Quyền", id_number="042190000001"),
        "components": ("tờ khai kín",),
        "note": "ghi chú kín",
    }
    first = desk.receive(MARITAL, **person, received_at=at("2026-03-12T10:00"), late_entry_reason="muộn vì kín").code
    other = desk.receive(MARITAL, **person, act=Act.REGISTER, channel=Channel.ONLINE).code
    desk.receive(COPIES, **person, act=Act.DECLINE, reason="lý do kín")
    desk.take_over("2026-03-02T08:30", LAND, note="từ xã kín")
    desk.act(other, Act.SUPPLEMENT, reason="lý do kín")
    desk.act(other, Act.SUPPLEMENTED)
    desk.act(other, Act.STOP, override="căn cứ kín", reason="lý do kín")
    desk.act(first, Act.SUPPLEMENT, reason="lý do kín")
    desk.act(first, Act.SUPPLEMENTED)
    desk.act(first, Act.SUPPLEMENT, override="căn cứ kín")
    desk.act(first, Act.SUPPLEMENTED)
    desk.act(first, Act.VARIANT, variant="phải xác minh", reason="lý do kín")
    desk.act(first, Act.RESCHEDULE, to=at("2026-05-20T15:00"), reason="lý do kín")
    desk.act(first, Act.SET_CODE, official_code=OFFICIAL)
    desk.act(first, Act.FINISH)
    desk.act(first, Act.RETURN, collector="Trần Nhận Hộ")
    desk.act(first, Act.UNDO, reason="lý do kín")
    desk.counter.reveal(1, 1)
    desk.close()
    written = "\n".join(json.dumps(dict(event.data), ensure_ascii=False) for event in desk.events())
    for secret in SECRETS:
        assert secret not in written
        assert secret not in repr(desk.files())
    assert "officer" not in written
    with desk.records.reading() as view:
        texts = {each.text for number in range(1, 5) for each in people.remarks(view.connection, number)}
    assert {"ghi chú kín", "lý do kín", "căn cứ kín", "Trần Nhận Hộ", "muộn vì kín", "từ xã kín"} <= texts


def test_what_is_hashed_cannot_be_tried_against_a_list_of_guesses(desk: Desk) -> None:
    same = {"id_number": "042180000708", "note": "ghi chú"}
    one, other = desk.receive(LAND, address="a", **same), desk.receive(LAND, address="b", **same)
    first, second = desk.events_of(one.code)[0].data, desk.events_of(other.code)[0].data
    assert first["seen"] != second["seen"]
    assert first["remarks"]["note"] != second["remarks"]["note"]


def test_the_written_person_answers_to_the_hash_until_erased(desk: Desk) -> None:
    code = desk.receive(LAND, id_number="042180000708", phone="0912345678").code
    number = desk.row(code).person_id
    with desk.records.reading() as view:
        found = people.get(view.connection, number)
    assert found is not None
    assert people.fingerprint(found) == desk.events_of(code)[0].data["seen"]
    with desk.records.writing() as work:
        people.erase(work.connection, number, desk.clock.now)
        work.commit()
    assert desk.disagreeing() == []
    assert desk.counter.verify_journal() is None
    view_of = desk.counter.dossier(code)
    assert view_of is not None
    assert (view_of.applicant, view_of.id_number, view_of.phone, view_of.address) == ("(đã xóa)", "", "", "")
    assert desk.counter.worklist()[0].applicant == "(đã xóa)"
    assert desk.counter.person("042180000708") is None
    assert desk.counter.person("") is None


def test_an_error_of_the_database_names_no_personal_value(desk: Desk) -> None:
    desk.sql("CREATE TRIGGER broken BEFORE INSERT ON person BEGIN SELECT RAISE(ABORT, 'broken'); END")
    try:
        desk.try_receive(LAND, "Nguyễn Bí Mật", id_number="042180000708")
    except Exception as error:  # noqa: BLE001
        told = f"{error!r} {error} {error.__cause__!r} {error.__cause__}"
    assert "broken" in told
    assert "Bí Mật" not in told
    assert "042180000708" not in told


def test_a_refusal_repeats_no_number(desk: Desk) -> None:
    answer = refused(desk.try_receive(LAND, id_number="042180000708", official_code="?"), "bad_official_code")
    assert "042180000708" not in answer.sentence
