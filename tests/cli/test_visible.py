"""What a command prints of stored text is text: a terminal is not steered by it, and JSON keeps it as it is."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.bootstrap import open_centre
from desk.cli.visible import in_a_line, visible
from desk.counter.model import Refused
from desk.rules import moment
from desk.settings import Paths
from tests.cli.conftest import in_a_terminal

HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
NAME = "Lê\x1b]0;cướp\x07 \x9b31mĐỏ\x9c \u202eThị\u2066 \x1b[2JThúy\r\n\x7f\u200bX\U000e0041"
"""A name as only somebody who writes the file past the program can store it: titles, colours, a direction, a line."""

COMMANDS = (
    ("find", "TN"),
    ("due-today",),
    ("due-today", "--output", "-"),
    ("shift",),
    ("officer", "list"),
    ("journal", "verify"),
    ("find", "TN", "--json"),
    ("due-today", "--json"),
    ("due-today", "--json", "--output", "-"),
)


def steering(text: str) -> set[str]:
    return {char for char in text if unicodedata.category(char) in HIDDEN} - set("\n\t\f")


@given(st.text())
def test_nothing_hidden_is_left_and_nothing_else_changes(text: str) -> None:
    shown = visible(text)
    assert steering(shown) == set()
    assert visible(shown) == shown
    assert (shown == text) == (not steering(text))
    line = in_a_line(text)
    assert not steering(line)
    assert not set(line) & set("\n\t\f")


@given(st.recursive(st.text() | st.text('\x1b\x9b\x7f\\\u202e\U000e0041"\n'), lambda each: st.lists(each, max_size=3)))
def test_a_document_says_the_same_with_it(value: Any) -> None:
    for indent in (None, 2):
        assert json.loads(visible(json.dumps(value, ensure_ascii=False, indent=indent))) == value


def test_half_of_a_letter_is_written_out() -> None:
    assert visible("a\ud800b") == "a\\ud800b"


@pytest.fixture
def stored(centre: Any) -> Any:
    """Return a centre in whose record hostile names stand."""
    centre.take("1.004873")
    desk = open_centre(Paths(centre.folder), now=moment.parse(centre.now))
    assert not isinstance(desk, Refused)
    with desk.context.records.writing() as work:
        for table in ("person", "officer"):
            work.connection.exec_driver_sql(f"UPDATE {table} SET name = ?", (NAME,))
        work.connection.exec_driver_sql("UPDATE dossier SET holder = ?", (NAME,))
        work.commit()
    desk.close()
    centre.now = "2026-03-18T09:00"
    return centre


def test_a_terminal_is_not_steered_by_what_is_stored(stored: Any) -> None:
    code = json.loads(stored("find", "TN", "--json").out)[0]["code"]
    for words in (*COMMANDS, ("show", code), ("show", code, "--json")):
        status, sent = in_a_terminal(*words, "--data", str(stored.folder), "--now", stored.now)
        assert status == 0, sent
        assert steering(sent.replace("\r\n", "\n")) == set(), words
        if "journal" not in words:
            assert "\\u001b]0;cướp\\u0007 \\u009b31mĐỏ" in sent, words


def test_a_document_keeps_what_is_stored(stored: Any) -> None:
    assert [row["applicant"] for row in stored.json("find", "TN")] == [NAME]
    assert [row["name"] for row in stored.json("officer", "list")] == [NAME]
    ran = stored("show", stored.json("find", "TN")[0]["code"], "--json")
    assert json.loads(ran.out)["holder"] == NAME


def test_a_workbook_is_not_poured_over_a_terminal(centre: Any, tmp_path: Path) -> None:
    centre.take("1.004873")
    centre.now = "2026-03-13T17:30"
    assert centre("close").status == 0
    words = ("report", "ii06a", "--from", "2026-03-12", "--to", "2026-03-13", "--format", "xlsx")
    assert centre(*words, "--output", str(tmp_path / "a.xlsx")).status == 0
    status, sent = in_a_terminal(*words, "--output", "-", "--data", str(centre.folder), "--now", centre.now)
    assert (status, sent.count("\n")) == (2, 1)
    assert "ghi vào tệp bằng --output FILE" in sent
