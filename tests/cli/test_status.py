"""How the command ends: its exit statuses, one line for each failure, and what a pipe may do to it."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer

from desk.cli import app as cli_app
from desk.cli.options import DeskCommand, group
from desk.cli.status import CommandError, Status, guarded, settings_sentence
from desk.settings import SettingsError, SettingsProblem

Desk = Callable[..., Any]


def failing(error: BaseException) -> Callable[[], int]:
    def work() -> int:
        raise error

    return work


@pytest.mark.parametrize(
    ("error", "status", "line"),
    [
        (CommandError(Status.NO, "không khớp"), 1, "không khớp"),
        (CommandError(Status.USAGE, "hai\ndòng\x1b[31m"), 2, "hai dòng[31m"),
        (SettingsError(SettingsProblem.MISSING, Path("x")), 2, "x: chưa thiết lập trung tâm, hãy chạy «desk init»"),
        (OSError(errno.ENOSPC, "No space", "/data/desk.db"), 3, "/data/desk.db: đĩa đã đầy"),
        (PermissionError(errno.EACCES, "Permission denied", "/data"), 3, "/data: không có quyền"),
        (OSError(errno.EIO, "I/O"), 3, "đĩa lỗi khi đọc ghi"),
        (OSError("lạ"), 3, "OSError"),
        (KeyboardInterrupt(), 130, "đã dừng"),
    ],
)
def test_a_failure_is_a_status_and_one_line(
    error: BaseException, status: int, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert guarded(failing(error)) == status
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"desk: {line}")
    assert printed.err.count("\n") == 1


def test_a_defect_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        guarded(failing(ZeroDivisionError()))


def test_a_fault_of_the_record_tells_no_values(capsys: pytest.CaptureFixture[str]) -> None:
    from sqlalchemy.exc import OperationalError

    from db.errors import RecordError, RecordFault

    assert guarded(failing(RecordError(RecordFault.DISK_FULL))) == 3
    assert "đĩa đã đầy" in capsys.readouterr().err
    error = OperationalError("INSERT INTO person VALUES (?)", ("Nguyễn Thị Thúy",), Exception("no such table: person"))
    assert guarded(failing(error)) == 3
    told = capsys.readouterr().err
    assert told == "desk: cơ sở dữ liệu không làm được: no such table: person\n"


@pytest.mark.parametrize("problem", SettingsProblem)
def test_every_problem_of_the_settings_has_a_sentence(problem: SettingsProblem) -> None:
    sentence = settings_sentence(SettingsError(problem, Path("nơi/này"), "khóa"))
    assert "này" in sentence
    assert "{" not in sentence


def test_every_fault_of_the_record_and_of_its_key_has_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    from db.errors import RecordError, RecordFault
    from desk.daily.files import FileFault, FileRefusedError
    from desk.vault import VaultError, VaultFault

    faults = (
        *((VaultError(fault), {2, 3}) for fault in VaultFault),
        *((RecordError(fault, "chi tiết"), {3}) for fault in RecordFault),
        *((FileRefusedError(fault, "x.daily"), {3}) for fault in FileFault),
    )
    told = set()
    for error, statuses in faults:
        assert guarded(failing(error)) in statuses
        line = capsys.readouterr().err
        assert line.count("\n") == 1
        assert "{" not in line
        told.add(line)
    assert len(told) == len(faults)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("frob",), "không có lệnh «frob»; xem «desk --help»"),
        (("sacn",), "không có lệnh «sacn», ý bạn là scan?; xem «desk --help»"),
        (("--bogus",), "không có tùy chọn --bogus; xem «desk --help»"),
        (("due", "--bogus"), "không có tùy chọn --bogus; xem «desk due --help»"),
        (("province",), "thiếu lệnh con; xem «desk province --help»"),
        (("province", "frob"), "không có lệnh «frob»; xem «desk province --help»"),
        (("scan", "--json=1"), "tùy chọn --json không nhận giá trị; xem «desk --help»"),
        (("doctor", "--deep", "x"), "«desk doctor» chưa có trong phiên bản này"),
        (("key", "rotate"), "«desk key rotate» chưa có trong phiên bản này"),
    ],
)
def test_wrong_words_are_one_line_in_vietnamese(desk: Desk, words: tuple[str, ...], line: str) -> None:
    ran = desk(*words)
    assert (ran.status, ran.out, ran.err) == (2, "", f"desk: {line}\n")


def test_a_missing_option_is_named_in_vietnamese() -> None:
    app = group("nhóm")

    @app.command("x", cls=DeskCommand)
    def command(unit: str = typer.Option(...)) -> None:
        raise AssertionError(unit)

    with pytest.raises(typer.TyperException) as caught:
        typer.main.get_command(app).make_context("desk", [])
    assert cli_app.usage_sentence(caught.value) == "thiếu --unit; xem «desk --help»"


def commands() -> list[tuple[str, ...]]:
    """Return the words of every command that is declared."""
    found: list[tuple[str, ...]] = [()]

    def walk(command: Any, words: tuple[str, ...]) -> None:
        for name, child in getattr(command, "commands", {}).items():
            found.append((*words, name))
            walk(child, (*words, name))

    walk(typer.main.get_command(cli_app.build()), ())
    return found


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_explains_itself_in_vietnamese(desk: Desk, words: tuple[str, ...]) -> None:
    for flag in ("--help", "-h"):
        ran = desk(*words, flag)
        assert (ran.status, ran.err) == (0, "")
        assert "Cách dùng: desk" in ran.out
        for english in ("Usage", "Options", "Commands", "Show this", "required", "default"):
            assert english not in ran.out


@pytest.mark.skipif(os.name != "posix", reason="signals and devices of POSIX")
class TestPipes:
    """What the other end of a pipe, and a full disk, may do."""

    QUESTION = b'{"limit": "30 working_day", "received": "2026-03-13T10:56"}\n' * 500

    def test_a_reader_that_leaves_is_no_traceback(self, tmp_path: Path) -> None:
        (tmp_path / "questions").write_bytes(self.QUESTION)
        words = (sys.executable, "-m", "desk", "due", "--file", str(tmp_path / "questions"))
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            assert process.stdout.readline()
            process.stdout.close()
            told = process.stderr.read()
            assert (process.wait(), told) == (Status.READER_GONE, b"")

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
    def test_a_full_disk_is_one_line(self) -> None:
        with Path("/dev/full").open("wb") as full:
            for words in (("--version",), ("due", "--file", "-"), ("--help",)):
                done = subprocess.run(
                    [sys.executable, "-m", "desk", *words],
                    input=self.QUESTION,
                    stdout=full,
                    stderr=subprocess.PIPE,
                    check=False,
                )
                assert done.returncode == Status.ENVIRONMENT
                assert done.stderr.decode() == "desk: đĩa đã đầy, hãy giải phóng chỗ rồi làm lại\n"


def test_the_version_is_that_of_the_distribution(desk: Desk) -> None:
    from importlib.metadata import version

    assert desk("--version").out == f"desk {version('motcua-desk')}\n"
