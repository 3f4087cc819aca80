"""`desk officer`: added, listed, disabled, enabled, given a PIN that never stands on a command line."""

from __future__ import annotations

import getpass
import io
import sys
from pathlib import Path
from typing import Any

import pytest

from desk.__main__ import main
from desk.bootstrap import open_centre
from desk.counter.model import Refused
from desk.rules import moment
from desk.settings import Paths

HEAD, CLERK = "Lê Thị Hoa", "Phạm Văn Tư"


def signs_on(folder: Path, officer: int, pin: str) -> bool:
    desk = open_centre(Paths(folder), now=moment.parse("2026-03-13T08:00"))
    assert not isinstance(desk, Refused)
    try:
        return not isinstance(desk.counter.sign_on(officer, pin), Refused)
    finally:
        desk.close()


def test_an_officer_is_added_and_listed(centre: Any) -> None:
    added = centre.json("officer", "add", CLERK)
    assert added == {"id": 2, "name": CLERK, "role": "clerk", "active": True, "has_pin": False}
    assert centre.json("officer", "add", "Ngô Bình", "--role", "head")["role"] == "head"
    assert [each["name"] for each in centre.json("officer", "list")] == [HEAD, CLERK, "Ngô Bình"]
    ran = centre("officer", "list")
    assert ran.out.splitlines()[0].split("  ")[0] == "Số"
    assert " ".join(ran.out.splitlines()[2].split()) == f"2 {CLERK} cán bộ quầy đang làm"
    code = centre.take()
    centre("act", code, "forward", "--to", "Phòng Kinh tế", "--as", CLERK)
    assert [event["officer"] for event in centre.json("show", code)["events"]] == [HEAD, CLERK]


@pytest.mark.parametrize(
    ("words", "status", "part"),
    [
        (("add", HEAD), 1, "Đã có cán bộ tên"),
        (("add", " "), 1, "Họ tên trống"),
        (("add", "Ngô Bình", "--role", "boss"), 2, "--role"),
        (("add", "Ngô Bình", "--as", "ai đó"), 2, "không có đúng một cán bộ"),
        (("disable", "ai đó"), 2, "không có đúng một cán bộ"),
        (("disable", HEAD), 1, "Không ai tự cho mình nghỉ"),
        (("disable", HEAD, "--as", CLERK), 1, "lãnh đạo duy nhất"),
        (("enable", CLERK), 1, "đang làm việc rồi"),
        (("reset", CLERK), 1, "Mã PIN phải có"),
        (("reset", CLERK, "2580"), 2, "thừa đối số"),
        (("reset", HEAD, "--pin", "2580"), 2, "không có tùy chọn"),
    ],
)  # fmt: skip
def test_what_is_refused_is_one_line(centre: Any, words: tuple[str, ...], status: int, part: str) -> None:
    centre("officer", "add", CLERK)
    ran = centre("officer", *words)
    assert (ran.status, ran.out, ran.err.count("\n")) == (status, "", 1)
    assert part in ran.err
    assert [each["active"] for each in centre.json("officer", "list")] == [True, True]


def test_a_refusal_in_json_names_its_reason(centre: Any) -> None:
    ran = centre("officer", "add", HEAD, "--json")
    assert ran.status == 1
    assert '"reason": "name_taken"' in ran.out


def test_disabled_and_enabled_by_number_or_folded_name(centre: Any) -> None:
    centre("officer", "add", CLERK)
    assert centre.json("officer", "disable", "pham van tu")["active"] is False
    assert "đã nghỉ ở quầy này" in centre("officer", "disable", "2").err
    again = centre.json("officer", "add", CLERK)
    assert again["id"] == 3
    assert centre.json("officer", "disable", CLERK)["id"] == 3
    assert "không có đúng một" in centre("officer", "enable", CLERK).err
    assert centre.json("officer", "enable", "2")["active"] is True
    assert "làm lại" not in centre("officer", "enable", "3").out


@pytest.mark.parametrize("typed", [b"2580\n", b"2580\r\n", b"2580"])
def test_a_pin_is_read_from_standard_input_and_never_printed(centre: Any, typed: bytes) -> None:
    ran = centre("officer", "reset", HEAD, typed=typed)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == f"1 {HEAD} · lãnh đạo · đã đặt mã PIN\n"
    assert signs_on(centre.folder, 1, "2580")
    assert not signs_on(centre.folder, 1, "2581")
    assert centre.json("officer", "list")[0]["has_pin"] is True


@pytest.mark.parametrize(("typed", "part"), [(b"", "từ 4 đến 8"), (b" 2580\n", "từ 4 đến 8"), (b"\xff\xfe12\n", "từ 4"),
                                             (b"1234\n", "dễ đoán"), (b"9" * 9000, "từ 4")])  # fmt: skip
def test_a_bad_pin_changes_nothing(centre: Any, typed: bytes, part: str) -> None:
    ran = centre("officer", "reset", HEAD, typed=typed)
    assert (ran.status, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert part in ran.err
    assert centre.json("officer", "list")[0]["has_pin"] is False


def test_once_there_is_a_pin_only_a_head_may(centre: Any) -> None:
    centre("officer", "add", CLERK)
    assert "cho lãnh đạo trước" in centre("officer", "reset", CLERK, typed=b"1397\n").err
    centre("officer", "reset", HEAD, typed=b"2580\n")
    for words in (("add", "Ngô Bình"), ("disable", "1"), ("reset", "1")):
        ran = centre("officer", *words, "--as", CLERK, typed=b"1397\n")
        assert ran.status == 1
        assert "Chỉ lãnh đạo" in ran.err
    new = centre.json("officer", "add", "Ngô Bình", "--pin", typed=b"1397\n")
    assert new["has_pin"] is True
    assert signs_on(centre.folder, new["id"], "1397")


@pytest.mark.parametrize(("answers", "status"), [(("2580", "2580"), 0), (("2580", "2581"), 2)])
def test_at_a_terminal_it_is_asked_twice_without_echo(
    centre: Any, monkeypatch: pytest.MonkeyPatch, answers: tuple[str, str], status: int
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    asked: list[str] = []

    def ask(prompt: str = "") -> str:
        asked.append(prompt)
        return answers[len(asked) - 1]

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(getpass, "getpass", ask)
    assert main(("officer", "reset", HEAD, "--data", str(centre.folder), "--now", centre.now)) == status
    assert asked[0] == f"Mã PIN mới của {HEAD}: "
    assert signs_on(centre.folder, 1, "2580") is True
    assert centre.json("officer", "list")[0]["has_pin"] is (status == 0)
