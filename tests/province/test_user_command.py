"""`desk province user`: readers of the office's page come and go; no password stands on a command line or in print."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from desk.__main__ import main
from desk.province.users import FILE, Users, matches
from tests.province.factory import MONDAY, Clock, at, made_province

PASSWORD = "mười hai con giáp"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs a command with what is typed, in the folder of a province."""
    made_province(folder, Clock(at(MONDAY + timedelta(days=4)))).close()

    def command(*words: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode()), encoding="utf-8"))
        capsys.readouterr()
        status = main(["province", "user", *words, "--data", str(folder)])
        printed = capsys.readouterr()
        assert PASSWORD not in printed.out + printed.err
        return status, printed.out, printed.err

    return command


def test_a_reader_is_added_reset_and_removed(run: Run, folder: Path) -> None:
    assert run("add", "lan", typed=f"{PASSWORD}\n")[0] == 0
    assert json.loads(run("list", "--json")[1]) == [{"name": "lan"}]
    assert matches(Users(folder).all()["lan"], PASSWORD)
    assert run("reset", "lan", typed="một mật khẩu khác\r\n")[0] == 0
    assert matches(Users(folder).all()["lan"], "một mật khẩu khác")
    assert run("list")[1] == "lan\n"
    assert run("remove", "lan")[0] == 0
    assert json.loads(run("list", "--json")[1]) == []


@pytest.mark.parametrize(
    ("words", "typed", "status", "reason"),
    [
        (("add", "lan"), PASSWORD, 1, "taken"),
        (("add", "LAN"), PASSWORD, 2, "bad_name"),
        (("add", "minh"), "", 2, "short"),
        (("add", "minh"), "1111111111", 2, "weak"),
        (("reset", "minh"), PASSWORD, 2, "unknown"),
        (("remove", "minh"), "", 2, "unknown"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    run: Run, words: tuple[str, ...], typed: str, status: int, reason: str
) -> None:
    run("add", "lan", typed=PASSWORD)
    found, out, err = run(*words, "--json", typed=typed)
    assert (found, json.loads(out)["reason"], len(err.splitlines())) == (status, reason, 1)


def test_a_damaged_list_is_said(run: Run, folder: Path) -> None:
    (folder / FILE).write_text("{")
    for words in (("list",), ("add", "lan"), ("remove", "lan")):
        status, out, err = run(*words, typed=PASSWORD)
        assert (status, out, len(err.splitlines())) == (3, "", 1)


def test_a_folder_without_a_province_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["province", "user", "list", "--data", str(tmp_path / "none")]) == 2
    assert "desk province init" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()
