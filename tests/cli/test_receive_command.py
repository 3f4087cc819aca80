"""`desk receive`: JSON Lines through the use case of the screen."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.cli.intake import document_of, order_of
from desk.cli.output import LONGEST_LINE
from desk.cli.status import CommandError
from desk.rules.text import clean

NOW = "2026-03-13T10:00"
GOOD: dict[str, Any] = {
    "client_id": "a-1",
    "procedure": "1.004873",
    "channel": "direct",
    "applicant": {"name": "Nguyễn Đức Thịnh", "id_number": "042180000708", "phone": "0912 345 678"},
}


def lines(*documents: object) -> bytes:
    return b"".join(
        (each if isinstance(each, bytes) else json.dumps(each, ensure_ascii=False).encode()) + b"\n"
        for each in documents
    )


def test_a_dossier_gets_its_code_and_its_dates(centre: Any) -> None:
    ran = centre("receive", "--file", "-", typed=lines(GOOD), now=NOW)
    assert (ran.status, ran.err) == (0, "")
    answer = json.loads(ran.out)
    code = answer.pop("code")
    assert answer == {
        "client_id": "a-1",
        "state": "received",
        "state_code": 2,
        "promise": "2026-03-18T10:00+07:00",
        "legal_deadline": "2026-03-18T10:00+07:00",
    }
    assert code.startswith("TN-18229-260313-1")
    shown = centre.json("show", code, now=NOW)
    assert (shown["state"], shown["promise"]) == ("received", answer["promise"])
    assert shown["applicant"]["id_number"] == "042•••••0708"


def test_a_whole_form_reaches_the_record(centre: Any) -> None:
    whole = GOOD | {
        "channel": "online",
        "applicant": {
            "kind": "organisation",
            "name": "  Công ty \u200b Ánh\nDương ",
            "email": "a@b.vn",
            "address": "Thôn Hải Thanh",
        },
        "representative": {"name": "Lê Văn Tám"},
        "components": ["Tờ khai", "  ", "Giấy ủy quyền"],
        "copies": 2,
        "pages": 3,
        "note": "nộp hộ",
        "official_code": "h27.10-260313-0001",
        "received_at": "2026-03-13T08:15",
        "variant": None,
    }
    answer = centre.receive(whole, now=NOW)[0]
    shown = centre.json("show", answer["code"], now=NOW)
    assert shown["applicant"]["name"] == "Công ty Ánh Dương"
    assert (shown["channel"], shown["official_code"]) == ("online", "H27.10-260313-0001")
    assert shown["received_at"] == "2026-03-13T08:15+07:00"
    assert shown["components"] == ["Tờ khai", "Giấy ủy quyền"]
    assert "nộp hộ" in shown["events"][0]["note"]


def test_the_same_client_id_again_is_the_same_answer_and_no_second_dossier(centre: Any) -> None:
    first = centre.receive(GOOD, GOOD, now=NOW)
    again = centre.receive(GOOD, now="2026-03-16T09:00")
    assert first[0] == first[1] == again[0]
    assert len(centre.json("find", "thinh", now=NOW)) == 1


def test_a_line_without_a_client_id_gets_one(centre: Any) -> None:
    bare = {key: value for key, value in GOOD.items() if key != "client_id"}
    answers = centre.receive(bare, bare | {"client_id": " "}, now=NOW)
    assert len({answer["client_id"] for answer in answers}) == 2
    assert len({answer["code"] for answer in answers}) == 2


@pytest.mark.parametrize(
    ("line", "part"),
    [
        (b"{", "không phải JSON"),
        (b"[1]", "đối tượng JSON"),
        (b'"\xff"', "UTF-8"),
        (b"\x00\x01\x02", "không phải JSON"),
        (b"[" * 100_000, "không phải JSON"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "không phải JSON"),
        (b'{"channel": "direct", "channel": "online"}', "không phải JSON"),
        (b"x" * (LONGEST_LINE + 1), "dài hơn"),
        (GOOD | {"colour": "red"}, "«colour»"),
        (GOOD | {"applicant": {"name": "x", "age": 3}}, "«applicant.age»"),
        (GOOD | {"applicant": None}, "«applicant»"),
        (GOOD | {"applicant": "Nguyễn"}, "«applicant»"),
        (GOOD | {"applicant": {"name": "\u200b \u0000"}}, "«applicant.name»"),
        (GOOD | {"applicant": {"name": "x", "kind": "dog"}}, "citizen, organisation, household"),
        (GOOD | {"representative": []}, "«representative»"),
        (GOOD | {"channel": "fax"}, "direct, online, post"),
        (GOOD | {"channel": 1}, "«channel»"),
        (GOOD | {"procedure": ""}, "«procedure»"),
        (GOOD | {"procedure": "9.999999"}, "9.999999"),
        (GOOD | {"client_id": 3}, "«client_id»"),
        (GOOD | {"client_id": "x" * 101}, "«client_id»"),
        (GOOD | {"copies": True}, "«copies»"),
        (GOOD | {"copies": -1}, "«copies»"),
        (GOOD | {"pages": 1.5}, "«pages»"),
        (GOOD | {"pages": 10**30}, "«pages»"),
        (GOOD | {"components": "Tờ khai"}, "«components»"),
        (GOOD | {"components": ["x"] * 201}, "«components»"),
        (GOOD | {"note": "x" * 2_001}, "«note»"),
        (GOOD | {"received_at": "hôm qua"}, "«hôm qua»"),
        (GOOD | {"received_at": "2026-03-14T08:00"}, "tương lai"),
        (GOOD | {"received_at": "2025-06-30T08:00"}, "trước ngày"),
        (GOOD | {"promise": "2026-03-20T08:00"}, "thời hạn"),
        (GOOD | {"official_code": "xyz"}, "xyz"),
        (GOOD | {"variant": "không có"}, "không có"),
    ],
)
def test_a_line_that_cannot_be_taken_is_named_and_the_others_are_taken(centre: Any, line: Any, part: str) -> None:
    other = GOOD | {"client_id": "b-2"}
    ran = centre("receive", "--file", "-", typed=lines(GOOD | {"client_id": "a-0"}, line, other), now=NOW)
    answers = [json.loads(each) for each in ran.out.splitlines()]
    assert (ran.status, ran.err, len(answers)) == (1, "", 3)
    bad = answers[1]
    assert set(bad) == {"client_id", "error", "line"}
    assert bad["line"] == 2
    assert part in bad["error"]
    assert [answers[0]["client_id"], answers[2]["client_id"]] == ["a-0", "b-2"]
    assert len(centre.json("find", "nguyen", now=NOW)) == 2


def test_a_failed_line_keeps_the_client_id_it_came_with(centre: Any) -> None:
    assert centre.receive(GOOD | {"channel": "fax"}, now=NOW)[0]["client_id"] == "a-1"


def test_a_live_centre_asks_why_a_receipt_is_late(desk: Any, data_folder: Any) -> None:
    assert desk("init", "--unit", "18229", "--name", "x").status == 0
    late = GOOD | {"received_at": "2026-01-05T08:00"}
    ran = desk("receive", "--file", "-", typed=lines(late, late | {"late_entry_reason": "mất điện"}))
    answers = [json.loads(each) for each in ran.out.splitlines()]
    assert ["error" in answer for answer in answers] == [True, False]
    assert data_folder.exists()


def test_an_officer_can_be_named_by_number_or_by_name_without_marks(centre: Any) -> None:
    for officer in ("1", "Lê Thị Hoa", "le thi hoa"):
        ran = centre("receive", "--file", "-", "--as", officer, typed=lines(GOOD), now=NOW)
        assert ran.status == 0
    ran = centre("receive", "--file", "-", "--as", "Ai đó", typed=lines(GOOD), now=NOW)
    assert (ran.status, ran.out, "1 Lê Thị Hoa" in ran.err) == (2, "", True)


@pytest.mark.parametrize("name", ["absent.jsonl", "."])
def test_a_file_that_cannot_be_read_is_one_line(centre: Any, name: str) -> None:
    ran = centre("receive", "--file", name)
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)


def test_blank_lines_a_byte_order_mark_and_crlf_are_no_matter(centre: Any) -> None:
    typed = b"\xef\xbb\xbf" + lines(GOOD, b"", b"   ").replace(b"\n", b"\r\n") + json.dumps(GOOD).encode()
    ran = centre("receive", "--file", "-", typed=typed, now=NOW)
    assert (ran.status, len(ran.out.splitlines())) == (0, 2)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)
keys = st.sampled_from([*GOOD, "components", "copies", "note", "received_at", "representative", "promise", "x"])


@given(st.dictionaries(keys, json_values, max_size=5))
def test_any_json_is_a_clean_order_or_a_sentence(changes: dict[str, Any]) -> None:
    line = json.dumps(GOOD | changes)
    try:
        order = order_of(document_of(line), "id", 1)
    except CommandError as error:
        told = error.sentence
        assert told
        return
    texts = (order.procedure, order.note, order.variant, order.applicant.name, *order.components)
    assert all(clean(text) == text for text in texts)
    assert order.applicant.name
