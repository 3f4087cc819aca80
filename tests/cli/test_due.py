"""`desk due` as scripts and officers use it."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from desk.cli.due import Question, answered
from desk.cli.sources import Found, Sources, shipped
from desk.cli.status import CommandError, Status
from desk.counter import explain
from desk.reference import calendar, procedures
from desk.rules import moment
from desk.rules.clock import ClockEvent, ClockKind, run
from desk.rules.deadline import Limit, due

Desk = Callable[..., Any]
DATA = Path(__file__).resolve().parents[1] / "data"
FIRST = datetime(2025, 1, 1, tzinfo=moment.VN)
RECEIPT = ("--received", "2026-03-13T10:56")


def vectors() -> list[dict[str, str]]:
    with (DATA / "deadlines.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def limit_of(row: dict[str, str]) -> str:
    return "same_day" if row["unit"] == "same_day" else f"{row['value']} {row['unit']}"


def test_every_vector_is_answered_line_by_line(desk: Desk, tmp_path: Path) -> None:
    rows = vectors()
    assert len(rows) > 50
    file = tmp_path / "questions.jsonl"
    file.write_text(
        "".join(json.dumps({"limit": limit_of(row), "received": row["received"]}) + "\n" for row in rows),
        encoding="utf-8",
    )
    ran = desk("due", "--file", str(file))
    assert (ran.status, ran.err) == (0, "")
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert [answer["due"] for answer in answers] == [f"{row['due']}+07:00" for row in rows]
    assert all(answer["trace"][0]["kind"] == "received" for answer in answers)


def test_a_live_receipt_as_json(desk: Desk) -> None:
    ran = desk("due", "--limit", "20 working_day", *RECEIPT, "--json")
    assert (ran.status, ran.err) == (0, "")
    answer = json.loads(ran.out)
    keys = {"due", "legal_deadline", "trace", "provisional", "limit", "local_limit", "mode", "effective_start"}
    assert set(answer) == keys | {"legal_trace"}
    assert answer["legal_trace"] is None
    assert (answer["legal_deadline"], answer["local_limit"]) == (answer["due"], None)
    assert answer["due"] == "2026-04-10T10:56+07:00"
    assert answer["effective_start"] == "2026-03-13T10:56+07:00"
    assert (answer["limit"], answer["mode"], answer["provisional"]) == ("20 working_day", "restart", False)
    assert [step["n"] for step in answer["trace"] if step["kind"] == "day"] == list(range(1, 21))
    assert answer["trace"][-1] == {"kind": "coverage", "day": "2025-01-01", "until": "2026-12-31"}


def test_the_same_for_an_officer(desk: Desk) -> None:
    ran = desk("due", "--limit", "2 working_day", "--received", "2025-12-31T09:00")
    assert ran.status == 0
    lines = ran.out.splitlines()
    assert lines[0] == "Hạn trả: T3 06/01/2026 09:00"
    assert "                 thời hạn: 2 ngày làm việc" in lines
    assert "T5 01/01         Tết Dương lịch, BLLĐ 2019 Đ112" in lines
    assert "T7 03, CN 04/01  nghỉ hằng tuần" in lines
    assert lines[1:] == list(
        explain.lines(due(calendar(), Limit.parse("2 working_day"), moment.parse("2025-12-31T09:00")))
    )


@pytest.mark.parametrize("kind", ["1 month", "9 calendar_day", "40 working_hour", "same_day", "same_day@16:00"])
@pytest.mark.parametrize("received", ["2026-01-30T15:20", "2026-02-14T10:00", "2026-12-30T18:00", "2026-03-16T06:00"])
def test_every_step_has_words(desk: Desk, kind: str, received: str) -> None:
    later = ("--event", "obligation@2027-01-05T09:00", "--event", "settled@2027-01-06T09:00")
    ran = desk("due", "--limit", kind, "--received", received, "--mode", "pause", *later)
    assert (ran.status, ran.err) == (0, "")
    assert "None" not in ran.out
    assert "{" not in ran.out


def test_beyond_the_calendar_is_provisional(desk: Desk) -> None:
    words = ("due", "--limit", "5 working_day", "--received", "2026-12-30T09:00")
    assert json.loads(desk(*words, "--json").out)["provisional"] is True
    assert "TẠM TÍNH" in desk(*words).out


@pytest.mark.parametrize(
    ("words", "limit", "due"),
    [
        (("--procedure", "1.004873"), "3 working_day", "2026-03-18T10:56+07:00"),
        (("--procedure", "1.004873.H57"), "3 working_day", "2026-03-18T10:56+07:00"),
        (("--procedure", "1.004859", "--variant", "cần xác minh"), "6 working_day", "2026-03-23T10:56+07:00"),
        (("--procedure", "1.004859", "--variant", "CAN XAC MINH"), "6 working_day", "2026-03-23T10:56+07:00"),
        (("--procedure", "1.004859", "--variant", "bổ sung hộ tịch"), "same_day", "2026-03-13T17:00+07:00"),
        (("--limit", "15 calendar_day", "--variant", "+10 calendar_day"), "25 calendar_day", "2026-04-07T10:56+07:00"),
    ],
)
def test_a_procedure_brings_its_limit(desk: Desk, words: tuple[str, ...], limit: str, due: str) -> None:
    answer = json.loads(desk("due", *words, *RECEIPT, "--json").out)
    assert (answer["limit"], answer["due"]) == (limit, due)


@pytest.mark.parametrize("mode", ["restart", "pause", "new_limit", "none"])
def test_the_mode_and_the_events_reach_the_rules(desk: Desk, mode: str) -> None:
    renewed = ("--new-limit", "2 working_day") if mode == "new_limit" else ()
    events = ("--event", "supplement@2026-03-16T09:00", "--event", "supplemented@2026-03-19T14:00")
    answer = json.loads(
        desk("due", "--limit", "5 working_day", *RECEIPT, "--mode", mode, *renewed, *events, "--json").out
    )
    expected = {
        "restart": "2026-03-26T14:00+07:00",
        "pause": "2026-03-25T15:56+07:00",
        "new_limit": "2026-03-23T14:00+07:00",
        "none": "2026-03-20T10:56+07:00",
    }
    assert (answer["mode"], answer["due"]) == (mode, expected[mode])


@pytest.mark.parametrize(
    ("words", "status", "part"),
    [
        ((), 2, "--received"),
        (("--received", "hôm qua", "--limit", "1 month"), 2, "«hôm qua»"),
        (("--received", "2026-03-13", "--limit", "1 month"), 2, "2026-03-13T10:56"),
        (RECEIPT, 2, "--limit"),
        ((*RECEIPT, "--limit", "1 month", "--procedure", "1.004873"), 2, "một trong hai"),
        ((*RECEIPT, "--limit", "3 fortnight"), 2, "3 fortnight"),
        ((*RECEIPT, "--limit", "0 working_day"), 2, "0 working_day"),
        ((*RECEIPT, "--procedure", "9.999999"), 2, "9.999999"),
        ((*RECEIPT, "--procedure", "2.002481"), 1, "--limit"),
        ((*RECEIPT, "--procedure", "1.004859", "--variant", "khác"), 2, "bổ sung hộ tịch | cần xác minh"),
        ((*RECEIPT, "--limit", "1 month", "--mode", "slow"), 2, "restart, pause, new_limit, none"),
        ((*RECEIPT, "--limit", "1 month", "--new-limit", "1 month"), 2, "new_limit"),
        ((*RECEIPT, "--limit", "1 month", "--event", "reschedule@2026-03-16T09:00"), 2, "supplement, supplemented"),
        ((*RECEIPT, "--limit", "1 month", "--event", "supplement"), 2, "2026-03-13T10:56"),
        ((*RECEIPT, "--limit", "1 month", "--event", "settled@2026-03-16T09:00"), 2, "T2 16/03/2026 09:00"),
        ((*RECEIPT, "--limit", "1 month", "--event", "supplement@2026-03-12T09:00"), 2, "trước khi nhận"),
        (("--received", "9999-12-30T10:00", "--limit", "9999 month"), 2, "9999-12-30"),
        (("--file", "absent.jsonl"), 2, "absent.jsonl: không tìm thấy"),
        (("--file", "absent.jsonl", "--limit", "1 month"), 2, "--file"),
        (("--limit",), 2, "--limit cần một giá trị"),
        (("extra",), 2, "thừa đối số: extra"),
    ],
)
def test_a_question_that_cannot_be_answered_is_one_line(
    desk: Desk, words: tuple[str, ...], status: int, part: str
) -> None:
    ran = desk("due", "--json", *words)
    assert (ran.status, ran.out) == (status, "")
    assert ran.err.count("\n") == 1
    assert ran.err.startswith("desk: ")
    assert part in ran.err


def test_bad_lines_do_not_stop_the_good_ones(desk: Desk, tmp_path: Path) -> None:
    good = json.dumps(
        {"procedure": "1.004859", "variant": "cần xác minh", "received": "2026-03-13T10:56", "events": []}
    )
    lines = [
        good.encode(),
        b"",
        b"{",
        b"[1]",
        b'{"limit": 3, "received": "2026-03-13T10:56"}',
        b'{"limit": "1 month", "received": "2026-03-13T10:56", "events": "supplement@2026-03-16T09:00"}',
        b'{"limit": "1 month", "received": "2026-03-13T10:56", "colour": "red"}',
        b'"\xff"',
        b"[" * 100_000,
        good.encode() + b"\r",
    ]
    file = tmp_path / "questions.jsonl"
    file.write_bytes(b"\xef\xbb\xbf" + b"\n".join(lines))
    ran = desk("due", "--file", str(file))
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert (ran.status, ran.err) == (1, "")
    assert [answer.get("line") for answer in answers] == [None, 3, 4, 5, 6, 7, 8, 9, None]
    assert all(answer["error"] for answer in answers[1:-1])
    assert answers[0] == answers[-1]


@pytest.mark.parametrize("key", ["limit", "procedure", "variant", "mode", "new_limit", "events"])
def test_null_says_that_nothing_was_given(desk: Desk, key: str) -> None:
    asked = {"received": "2026-03-13T10:56"} | ({} if key == "limit" else {"limit": "3 working_day"})
    asked |= {"procedure": "1.004873"} if key == "limit" else {}
    typed = (json.dumps(asked) + "\n" + json.dumps(asked | {key: None}) + "\n").encode()
    ran = desk("due", "--file", "-", typed=typed)
    without, null = ran.out.splitlines()
    assert (ran.status, null) == (0, without)
    refused = desk("due", "--file", "-", typed=json.dumps(asked | {"colour": None}).encode())
    assert (refused.status, "colour" in refused.out) == (1, True)


HOSTILE = (
    *("{}", "null", '""', "[]", "NaN", "'x'", '{"limit": NaN}', '{"a": ' + "1" * 6_000 + "}"),
    *(
        json.dumps({"limit": "3 working_day", "received": "2026-03-13T10:56"} | wrong)
        for wrong in (
            {"limit": limit}
            for limit in (
                *(
                    "-3 working_day",
                    "3.5 working_day",
                    "٣ working_day",
                    "3working_day",
                    "999999 working_day",
                    "1 same_day",
                ),
                *(
                    "same_day@24:00",
                    "same_day@15",
                    "3 working_day@15:00",
                    "SAME_DAY",
                    "0 hour",
                    "x\x00",
                    "\ud800",
                    "9" * 5_000,
                ),
            )
        )
    ),
    *(
        json.dumps({"limit": "3 working_day", "received": received})
        for received in (
            *("", "2026-02-30T10:00", "2026-03-13T24:00", "0000-01-01T00:00", "0001-01-01T00:00+14:00", "\ud800"),
            *("9999-12-31T23:59", "9999-12-31T23:59-05:00", "2026-03-13T10:56+99:00", "2026-03-13T10:56:60"),
        )
    ),
    *(
        json.dumps({"limit": "3 working_day", "received": "2026-03-13T10:56", "events": events})
        for events in (
            *([None], [{"kind": "supplement"}], ["\ud83d@2026-03-14T10:00"], ["supplement@"], ["supplement"]),
            ["supplement@2026-03-14T10:00", "supplement@2026-03-15T10:00"],
            ["supplement@2026-03-14T10:00", "settled@2026-03-15T10:00"],
            ["obligation@2026-03-14T10:00", "supplemented@2026-03-15T10:00"],
            ["supplement@2026-03-13T10:55"],
        )
    ),
)


def test_every_hostile_line_is_answered_with_a_sentence_in_its_place(desk: Desk) -> None:
    ran = desk("due", "--file", "-", typed="\n".join(HOSTILE).encode())
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert (ran.status, ran.err) == (1, "")
    assert [answer["line"] for answer in answers] == list(range(1, len(HOSTILE) + 1))
    assert all(answer["error"] and set(answer) == {"line", "error"} for answer in answers)


def test_a_file_may_come_on_standard_input(desk_process: Desk) -> None:
    ran = desk_process("due", "--file", "-", typed=b'{"limit": "same_day", "received": "2026-01-30T15:20"}\n')
    assert (ran.status, ran.err) == (0, "")
    assert json.loads(ran.out)["due"] == "2026-02-02T17:00+07:00"


def test_the_real_command_speaks_utf8_in_any_locale(desk_process: Desk) -> None:
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    ran = desk_process("due", "--limit", "2 working_day", "--received", "2026-02-12T09:00", environment=plain)
    assert (ran.status, ran.err) == (0, "")
    assert "Tết Bính Ngọ" in ran.out
    refused = desk_process("due", "--limit", "1 tháng", *RECEIPT, environment=plain)
    assert (refused.status, refused.out) == (2, "")
    assert "«1 tháng»" in refused.err


@given(
    limit=st.sampled_from(["3 working_day", "10 calendar_day", "1 month", "8 working_hour", "same_day"]),
    received=st.integers(0, 660 * 24 * 60).map(lambda minute: FIRST + timedelta(minutes=minute)),
    minutes=st.integers(1, 60 * 24 * 30),
)
def test_the_command_adds_nothing_to_the_rules(limit: str, received: datetime, minutes: int) -> None:
    events = [
        ClockEvent(ClockKind.OBLIGATION, received),
        ClockEvent(ClockKind.SETTLED, received + timedelta(minutes=minutes)),
    ]
    written = tuple(f"{event.kind}@{moment.text(event.at)}" for event in events)
    answer = answered(Question(limit=limit, received=moment.text(received), events=written), shipped())
    assert answer.due.at == run(calendar(), received, Limit.parse(limit), events).at


def test_every_case_of_the_catalogue_has_the_limit_it_names() -> None:
    asked = 0
    for row in procedures().values():
        for part in filter(None, row.variants.split("|")):
            case, _, text = part.rpartition("=")
            plus, value, unit = text.startswith("+"), text.lstrip("+").split()[0], text.split()[1]
            base = (row.limit or "").split()
            if plus and base[-1] == unit:
                value = str(int(value) + int(base[0]))
            expected = "same_day" if unit == "same_day" else f"{value} {unit}"
            answer = answered(Question(procedure=row.code, variant=case, received="2026-03-13T10:56"), shipped())
            assert str(answer.limit) == expected, part
            assert answer.due.at == due(calendar(), Limit.parse(expected), moment.parse("2026-03-13T10:56")).at
            asked += 1
    assert asked == 47


def test_a_case_may_bring_the_limit_that_the_procedure_lacks() -> None:
    found = Found("9.000001", "", "nhanh=2 working_day|chậm=+2 working_day")
    sources = Sources(calendar(), lambda _code, _on: found)
    question = Question(procedure="9.000001", variant="nhanh", received="2026-03-13T10:56")
    assert str(answered(question, sources).limit) == "2 working_day"
    for variant in (None, "chậm"):
        with pytest.raises(CommandError) as refused:
            answered(replace(question, variant=variant), sources)
        assert refused.value.status is Status.NO


def test_a_legal_deadline_beyond_the_calendar_is_provisional_too() -> None:
    found = Found("9.000001", "9 working_day", "", local_limit="2 working_day")
    sources = Sources(calendar(), lambda _code, _on: found)
    answer = answered(Question(procedure="9.000001", received="2026-12-22T09:00"), sources).as_json()
    assert (answer["due"], answer["provisional"]) == ("2026-12-24T09:00+07:00", True)
    assert str(answer["legal_deadline"]) > "2027"


def test_every_procedure_of_the_catalogue_answers_or_says_that_it_has_no_limit() -> None:
    refused = []
    for row in procedures().values():
        try:
            answered(Question(procedure=row.code, received="2026-03-13T10:56"), shipped())
        except CommandError as error:
            refused.append((row.code, error.status))
    assert refused == [(row.code, Status.NO) for row in procedures().values() if row.limit is None]
    assert len(refused) == 76
