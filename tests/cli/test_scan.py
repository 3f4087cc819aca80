"""`desk scan` as scripts and officers use it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.cli.scan import as_document
from desk.rules.identity import read_card

Desk = Callable[..., Any]
DATA = Path(__file__).resolve().parents[1] / "data"
GOOD = "033180930129|145678901|Nguyễn Thị Thúy|02021980|Nữ|Thôn Đặng Xá, Xã Cẩm Xá|12072021"
FIELDS = {
    "id_number": "033180930129",
    "name": "Nguyễn Thị Thúy",
    "birth_date": "1980-02-02",
    "sex": "female",
    "address": "Thôn Đặng Xá, Xã Cẩm Xá",
    "issued": "2021-07-12",
}


def vectors() -> list[tuple[str, str, str]]:
    """Return label, expected verdict and payload of each shipped vector."""
    rows = (DATA / "card_qr.tsv").read_text(encoding="utf-8").split("\n")
    cells = [row.split("\t") for row in rows if row and not row.startswith("#")]
    return [(label, verdict, unescaped(payload)) for label, verdict, payload, *_note in cells]


def unescaped(payload: str) -> str:
    return payload.replace(r"\r", "\r").replace(r"\n", "\n").replace(r"\t", "\t")


def test_every_vector_gets_its_verdict(desk: Desk) -> None:
    assert len(vectors()) > 15
    for label, verdict, payload in vectors():
        ran = desk("scan", "--json", typed=payload.encode())
        answer = json.loads(ran.out)
        assert (label, answer["verdict"]) == (label, verdict)
        assert ran.status == (1 if verdict == "reject" else 0)
        assert bool(answer["reason"]) == (verdict == "reject")
        assert bool(answer["warnings"]) == (verdict == "warn")
        assert bool(answer["fields"]) == (verdict != "reject")


def test_a_file_has_one_scan_a_line(desk: Desk, tmp_path: Path) -> None:
    whole = [(verdict, payload) for _label, verdict, payload in vectors() if "\n" not in payload]
    file = tmp_path / "scans.txt"
    file.write_bytes("\r\n".join(payload for _verdict, payload in whole).encode() + b"\n")
    ran = desk("scan", "--file", str(file), "--json")
    assert (ran.status, ran.err) == (1, "")
    assert [json.loads(line)["verdict"] for line in ran.out.splitlines()] == [verdict for verdict, _payload in whole]
    told = desk("scan", "--file", str(file))
    assert told.out.count("\n") == len(whole)


def test_the_argument_and_standard_input_give_the_same(desk: Desk) -> None:
    answer = desk("scan", GOOD, "--json")
    assert (answer.status, answer.err) == (0, "")
    assert json.loads(answer.out) == {
        "verdict": "ok",
        "fields": FIELDS,
        "warnings": [],
        "notes": [],
        "reason": None,
    }
    for typed in (GOOD.encode(), GOOD.encode() + b"\r\n", b"\xef\xbb\xbf" + GOOD.encode()):
        assert desk("scan", "--json", typed=typed).out == answer.out
        assert desk("scan", "-", "--json", typed=typed).out == answer.out


@pytest.mark.parametrize("words", [("scan",), ("scan", "--file", "-")])
def test_a_date_of_the_next_century_is_doubted(desk: Desk, words: tuple[str, ...]) -> None:
    ran = desk(*words, "--json", typed=GOOD.replace("12072021", "12072199").encode())
    answer = json.loads(ran.out)
    assert (ran.status, answer["verdict"], answer["warnings"]) == (0, "warn", ["date_in_future"])


def test_an_officer_reads_words(desk: Desk) -> None:
    ran = desk("scan", GOOD)
    assert ran.out.splitlines() == [
        "Đọc được",
        "  Số định danh: 033180930129",
        "  Họ tên: Nguyễn Thị Thúy",
        "  Ngày sinh: 02/02/1980",
        "  Giới tính: Nữ",
        "  Nơi thường trú: Thôn Đặng Xá, Xã Cẩm Xá",
        "  Ngày cấp: 12/07/2021",
    ]
    refused = desk("scan", GOOD.replace("02021980", "30021980"))
    assert (refused.status, refused.out) == (1, "Không dùng được: có ngày không có thật, hãy quét lại\n")
    doubtful = desk("scan", GOOD.replace("033", "999", 1))
    assert doubtful.status == 0
    assert doubtful.out.startswith("Đọc được, cần xem lại\n")
    assert "  * ba số đầu không phải mã nơi đăng ký khai sinh nào\n" in doubtful.out


@pytest.mark.parametrize(
    ("words", "typed", "part"),
    [
        (("--file", "absent.txt"), b"", "absent.txt: không tìm thấy"),
        (("--file", "absent.txt", "text"), b"", "--file"),
        ((), b"\xff\xfe", "không phải văn bản UTF-8"),
        (("a", "b"), b"", "thừa đối số: b"),
    ],
)
def test_what_cannot_be_read_is_one_line(desk: Desk, words: tuple[str, ...], typed: bytes, part: str) -> None:
    ran = desk("scan", *words, typed=typed)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.count("\n") == 1
    assert part in ran.err


def test_a_line_that_is_not_text_does_not_stop_the_others(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "scans.txt"
    file.write_bytes(b"\xff\xfe\n\n" + GOOD.encode() + b"\n")
    ran = desk("scan", "--file", str(file), "--json")
    first, second = (json.loads(line) for line in ran.out.splitlines())
    assert ran.status == 1
    assert (first["line"], bool(first["error"])) == (1, True)
    assert second["fields"] == FIELDS
    told = desk("scan", "--file", str(file))
    assert "dòng 1" in told.err
    assert told.out == "3\tĐọc được\t033180930129 Nguyễn Thị Thúy\n"


def test_the_real_command_reads_a_pipe(desk_process: Desk) -> None:
    ran = desk_process("scan", "--json", typed=GOOD.encode(), environment={"LC_ALL": "C", "PYTHONIOENCODING": "ascii"})
    assert (ran.status, ran.err) == (0, "")
    assert json.loads(ran.out)["fields"] == FIELDS


@given(st.text(max_size=60) | st.text(alphabet="0123456789|AaNữu ", max_size=120))
def test_any_text_becomes_a_document(payload: str) -> None:
    document = json.loads(json.dumps(as_document(read_card(payload))))
    assert document["verdict"] in {"ok", "warn", "reject"}
    assert (document["reason"] is None) == bool(document["fields"])
