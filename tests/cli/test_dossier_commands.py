"""`desk find`, `desk show`, `desk act`: what the counter finds, shows and does."""

from __future__ import annotations

import json
from typing import Any

import pytest

from db.vocabulary import Act
from desk.cli.acting import ACTS, act_of

NOW = "2026-03-13T10:00"
LATER = "2026-03-13T11:00"


@pytest.fixture
def code(centre: Any) -> str:
    centre.now = NOW
    person = {"name": "Đặng Văn Ỷ", "id_number": "042200150708", "phone": "0912345678"}
    return str(centre.take(applicant=person))


@pytest.mark.parametrize("query", ["dang van", "Đặng Văn Ỷ", "0708", "345678", "Đặng Va\u0306n"])
def test_a_dossier_is_found_by_what_an_officer_types(centre: Any, code: str, query: str) -> None:
    found = centre.json("find", query)
    assert [row["code"] for row in found] == [code]
    assert found[0]["applicant"] == "Đặng Văn Ỷ"
    assert (found[0]["state"], found[0]["overdue"]) == ("received", False)
    assert "042200150708" not in json.dumps(found)


@pytest.mark.parametrize("query", ["", "   ", "không ai cả", '"', "'; DROP TABLE x; --", "%", "x" * 5_000, "\u0000*()"])
def test_whatever_is_asked_for_is_a_list(centre: Any, code: str, query: str) -> None:
    assert code
    ran = centre("find", query, "--json")
    assert (ran.status, json.loads(ran.out), ran.err) == (0, [], "")
    assert centre("find", query).err == "desk: không tìm thấy hồ sơ nào\n"


def test_the_list_is_as_long_as_asked(centre: Any) -> None:
    for number in range(4):
        centre.take(name=f"Nguyễn Văn {number}", client_id=f"c{number}")
    assert [len(centre.json("find", "nguyen", "--limit", n)) for n in ("1", "3", "400")] == [1, 3, 4]
    for wrong in ("0", "-1", "401", "x"):
        assert centre("find", "x", "--limit", wrong).status == 2
    lines = centre("find", "nguyen").out.splitlines()
    assert (len(lines), lines[0].split()[0]) == (5, "Mã")


def test_a_dossier_shows_its_three_dates_apart(centre: Any, code: str) -> None:
    assert centre("act", code, "reschedule", "--to", "2026-04-20T10:00", "--reason", "x").status == 0
    shown = centre.json("show", code)
    assert shown["legal_deadline"] == shown["first_promise"] == "2026-04-10T10:00+07:00"
    assert (shown["promise"], shown["rescheduled"]) == ("2026-04-20T10:00+07:00", True)
    assert [event["what"] for event in shown["events"]] == ["Tiếp nhận", "Xin lỗi, hẹn lại"]
    assert [event["kind"] for event in shown["events"]] == ["receive", "reschedule"]
    assert [event["officer"] for event in shown["events"]] == ["Lê Thị Hoa"] * 2
    assert "finish" in shown["acts"]
    assert (shown["applicant"]["id_number"], shown["applicant"]["phone"]) == ("042•••••0708", "09•••678")
    page = centre("show", code).out
    for part in (code, "Đặng Văn Ỷ", "T6 10/04/2026 10:00", "T2 20/04/2026 10:00", "đã hẹn lại một lần"):
        assert part in page
    assert "042200150708" not in page
    assert "{" not in page


def test_a_code_is_read_in_any_writing(centre: Any, code: str) -> None:
    for written in (code.lower(), code.replace("-", ""), f" {code} "):
        assert centre.json("show", written)["code"] == code


def test_a_dossier_that_is_not_there(centre: Any) -> None:
    ran = centre("show", "TN-1", "--json")
    assert (ran.status, json.loads(ran.out)["reason"]) == (1, "unknown_dossier")
    assert centre("act", "TN-1", "finish").err == "desk: Không có hồ sơ TN-1.\n"


def test_a_whole_life(centre: Any, code: str) -> None:
    steps = [
        ("forward --to Địa_chính", "2026-03-13T14:00", "processing"),
        ("obligation", "2026-03-16T09:00", "obligation"),
        ("settled", "2026-03-18T09:00", "processing"),
        ("handed-back", "2026-03-24T09:00", "processing"),
        ("set_code --code H27.10-260313-0001", "2026-03-24T09:05", "processing"),
        ("finish", "2026-03-24T09:10", "finished"),
        ("undo", "2026-03-24T09:15", "processing"),
        ("finish", "2026-03-24T10:00", "finished"),
        ("return --way post --postal EB1 --collector Con_trai", "2026-03-25T08:00", "returned"),
    ]
    for words, at, state in steps:
        written = [word.replace("_", " ") if word[0].isupper() else word for word in words.split()]
        done = centre.json("act", code, *written, now=at)
        assert (done["code"], done["state"]) == (code, state)
    shown = centre.json("show", "H27.10-260313-0001", now="2026-03-25T09:00")
    assert (shown["state"], shown["verdict"], shown["suspended_since"]) == ("returned", "early", None)
    assert [event["undone"] for event in shown["events"]].count(True) == 1
    notes = " ".join(event["note"] or "" for event in shown["events"])
    assert "Địa chính" in notes
    assert "Con trai" in notes


def test_the_same_for_an_officer(centre: Any, code: str) -> None:
    ran = centre("act", code, "forward", "--to", "1", now=LATER)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == f"{code}: Chuyển → đang xử lý · T6 10/04/2026 10:00 · số 26.100001\n"
    assert "Lê Thị Hoa" in centre("show", code, now=LATER).out.splitlines()[1]


def test_a_practice_centre_takes_the_instant_of_an_act(centre: Any, code: str) -> None:
    assert centre("act", code, "obligation", "--at", "2026-03-16T09:30").status == 0
    assert centre.json("show", code, now="2026-03-17T08:00")["suspended_since"] == "2026-03-16T09:30+07:00"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("return",), "no_result"),
        (("settled",), None),
        (("refuse",), "reason_required"),
        (("reschedule", "--reason", "x"), "new_promise_missing"),
        (("reschedule", "--reason", "x", "--to", "2026-04-01T10:00"), "new_promise_not_later"),
        (("reschedule", "--reason", "x", "--to", "2026-04-19T10:00"), "new_promise_day_off"),
        (("reschedule", "--reason", "x", "--to", "2026-04-20T23:00"), "new_promise_out_of_hours"),
        (("set_code",), "code_needed"),
        (("set_code", "--code", "xyz"), "bad_official_code"),
        (("variant", "--variant", "lạ", "--reason", "x"), "unknown_variant"),
        (("undo",), None),
        (("finish", "--at", "2026-03-12T07:00"), "clock_back"),
    ],
)
def test_what_the_rules_refuse_is_no_with_a_sentence(
    centre: Any, code: str, words: tuple[str, ...], reason: str | None
) -> None:
    ran = centre("act", code, *words, "--json", now=LATER)
    answer = json.loads(ran.out)
    assert (ran.status, set(answer)) == (1, {"error", "reason"})
    assert ran.err == f"desk: {answer['error']}\n"
    assert reason is None or answer["reason"] == reason
    assert len(centre.json("show", code, now=LATER)["events"]) == 1


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("frob",), "forward, handed_back"),
        (("register",), "«register»"),
        (("take_over",), "«take_over»"),
        (("finish", "--to", "2026-04-20T10:00"), "--to"),
        (("finish", "--variant", "x"), "--variant"),
        (("forward", "--way", "post"), "--way"),
        (("return", "--way", "pigeon"), "counter, post, electronic"),
        (("reschedule", "--to", "mai"), "«mai»"),
        (("finish", "--at", "mai"), "«mai»"),
        (("finish", "--reason", "x" * 2_001), "--reason"),
        (("finish", "--as", "9"), "«9»"),
        ((), "ACTION"),
    ],
)
def test_wrong_usage_of_act(centre: Any, code: str, words: tuple[str, ...], part: str) -> None:
    ran = centre("act", code, *words)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.count("\n") == 1
    assert part in ran.err


def test_warnings_are_told(centre: Any, code: str) -> None:
    late = centre.json("act", code, "supplement", "--reason", "thiếu bản chính", now="2026-03-23T10:00")
    assert (late["state"], len(late["warnings"])) == ("supplement", 1)
    assert late["slip_number"] == "26.100001"


def test_every_act_of_the_contract_can_be_named() -> None:
    listed = (
        "forward handed_back supplement supplemented obligation settled variant reschedule finish refuse stop withdraw "
        "return void undo set_code"
    )
    assert [act_of(name) for name in listed.split()] == [Act(name) for name in listed.split()]
    assert set(Act) - set(ACTS) == {Act.REGISTER, Act.TAKE_OVER, Act.CORRECT}
