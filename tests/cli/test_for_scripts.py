"""What the author of a script trips over: streams that are shut, variables that are empty, words half right."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

posix = pytest.mark.skipif(os.name != "posix", reason="streams and files of POSIX")
PERIOD = ("report", "ii06a", "--from", "2026-03-12", "--to", "2026-03-13")


def shell(redirection: str, *words: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command with its standard streams as the shell puts them."""
    return subprocess.run(
        ["sh", "-c", f'"$0" -m desk "$@" {redirection}', sys.executable, *words],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, **(environment or {})},
        check=False,
    )


@posix
@pytest.mark.parametrize(
    ("redirection", "words", "status"),
    [
        (">&-", ("--version",), 0),
        (">&-", ("find", "x", "--json"), 0),
        (">&- 2>&-", ("find", "x"), 0),
        ("<&-", ("receive", "--file", "-"), 0),
        ("<&- >&- 2>&-", ("journal", "verify"), 0),
        ("<&- >&-", (), 2),
    ],
)
def test_a_stream_that_is_shut_is_as_good_as_nothing(
    centre: Any, redirection: str, words: tuple[str, ...], status: int
) -> None:
    done = shell(redirection, *words, environment={"DESK_DATA": str(centre.folder)})
    assert done.returncode == status, done
    assert done.stdout == ""
    assert done.stderr.count("\n") <= 1


@posix
def test_an_error_never_goes_to_standard_output(data_folder: Path) -> None:
    done = shell("2>&-", "find", "x", "--json", "--data", str(data_folder))
    assert (done.returncode, done.stdout) == (2, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_an_error_that_cannot_be_told_keeps_its_status(data_folder: Path, unbuffered: str) -> None:
    environment = {"PYTHONUNBUFFERED": unbuffered}
    done = shell("2>/dev/full", "find", "x", "--data", str(data_folder), environment=environment)
    assert done.returncode == 2


@posix
def test_paths_are_taken_as_bytes_whatever_the_locale(tmp_path: Path) -> None:
    legacy = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    folder = tmp_path / "thư mục"
    words = ("init", "--unit", "18229", "--name", "Xã Đức Thọ", "--practice", "--data", str(folder))
    done = shell("", *words, environment=legacy)
    assert (done.returncode, done.stderr) == (0, "")
    assert (folder / "desk.toml").exists()
    assert shell("", "find", "x", "--json", "--data", str(folder), environment=legacy).stdout == "[]\n"


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("find", "x", "--data", ""), "trống"),
        (("find", "x", "--data", "~khong-co-ai/x"), "~khong-co-ai/x"),
        (("receive", "--file", ""), "trống"),
        (("summary", "show", ""), "trống"),
        (("init", "--unit", "18229", "--name", "x", "--folder", "~khong-co-ai/x"), "~khong-co-ai/x"),
        (("init", "--unit", "18229", "--name", "x", "--data", f"{__file__}/x"), "không phải là thư mục"),
        (("init", "--unit", "18229", "--name", "x", "--agency", "H27 10"), "H27.10"),
        (("init", "--unit", "18229", "--name", "x", "--agency", "H" * 51), "H27.10"),
        (("demo", "--no-open", "--dossiers", "0"), "--dossiers phải từ 1 trở lên"),
        (("demo", "--no-open", "--dossiers", "1000001"), "--dossiers nhiều nhất là 1000000"),
        (("demo", "--no-open", "--seed", "x"), "--seed phải là số nguyên"),
        (("find", "x", "--limit", "401"), "--limit nhiều nhất là 400"),
        (("--version", "find"), "--version"),
        ((*PERIOD, "--json", "--format", "csv"), "--json không đi cùng --format csv"),
    ],
)
def test_words_that_are_wrong_are_answered_in_one_line(
    desk: Callable[..., Any], data_folder: Path, words: tuple[str, ...], part: str
) -> None:
    ran = desk(*words)
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert part in ran.err
    assert not data_folder.exists()


def test_a_home_that_is_not_known_is_one_line(desk: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_DATA", "~khong-co-ai")
    ran = desk("find", "x")
    assert (ran.status, ran.err.count("\n")) == (2, 1)


def test_a_demo_that_nobody_could_see_is_not_made(desk: Callable[..., Any], data_folder: Path) -> None:
    ran = desk("demo", "--dossiers", "5")
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert not data_folder.exists()


def test_the_help_names_the_version(desk: Callable[..., Any]) -> None:
    assert "--version" in desk("--help").out
    assert desk("--version").out.startswith("desk ")


def test_what_the_system_says_is_said_in_our_words(desk: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_PASSPHRASE_FILE", "/khong/co")
    ran = desk("init", "--unit", "18229", "--name", "x")
    assert (ran.status, "không tìm thấy" in ran.err, "No such file" in ran.err) == (2, True, False)


class TestOutput:
    """`--output`: a file is replaced in one step, what is none is written to as it is."""

    @pytest.fixture
    def closed(self, centre: Any) -> Any:
        """Return a centre with something to report."""
        assert centre("close").status == 0
        return centre

    @posix
    def test_a_pipe_stays_a_pipe(self, closed: Any, tmp_path: Path) -> None:
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        try:
            assert closed(*PERIOD, "--format", "json", "--output", str(pipe)).status == 0
            assert json.loads(os.read(reader, 100_000))["report"] == "II.06a"
        finally:
            os.close(reader)
        assert pipe.is_fifo()

    @posix
    def test_a_link_stays_a_link(self, closed: Any, tmp_path: Path) -> None:
        target, link = tmp_path / "kept.csv", tmp_path / "link.csv"
        target.write_bytes(b"old")
        link.symlink_to(target)
        assert closed(*PERIOD, "--output", str(link)).status == 0
        assert link.is_symlink()
        assert target.read_bytes().startswith("\ufeffSTT".encode())

    def test_a_dash_is_standard_output(self, closed: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        ran = closed(*PERIOD, "--format", "JSON", "--output", "-")
        assert json.loads(ran.out)["unit"] == "18229"
        assert closed("due-today", "--json", "--output", "-").out.startswith("{")
        assert not (tmp_path / "-").exists()

    def test_a_folder_that_is_missing_is_named(self, closed: Any, tmp_path: Path) -> None:
        ran = closed(*PERIOD, "--output", str(tmp_path / "none" / "r.csv"))
        assert (ran.status, ran.out, ran.err.count("\n")) == (3, "", 1)
        assert f"{tmp_path / 'none'}: không có thư mục này" in ran.err


class TestShapes:
    """The same thing has the same name in every answer."""

    def test_lists_and_dossiers_name_the_procedure_alike(self, centre: Any) -> None:
        code = centre.take("1.004873")
        (row,), shown = centre.json("find", code), centre.json("show", code)
        for key in ("procedure", "procedure_name", "legal_deadline", "first_promise", "promise", "state"):
            assert row[key] == shown[key]
        assert (shown["procedure"], shown["limit_text"], shown["variant"]) == ("1.004873", "3 working_day", None)
        due = centre.run("due", "--limit", shown["limit_text"], "--received", shown["received_at"], "--json")
        assert json.loads(due.out)["due"] == shown["legal_deadline"]

    def test_a_variant_is_shown(self, centre: Any) -> None:
        shown = centre.json("show", centre.take("1.000689", variant="cần xác minh"))
        assert (shown["limit_text"], shown["variant"]) == ("8 working_day", "cần xác minh")

    def test_a_line_that_was_not_taken_is_answered_under_the_name_it_gave_or_none(self, centre: Any) -> None:
        typed = b'{"procedure": "1", "procedure": "2"}\n{}\n{"client_id": "a"}\n{"client_id": "\\u0000"}\n'
        ran = centre("receive", "--file", "-", typed=typed)
        answers = [json.loads(line) for line in ran.out.splitlines()]
        assert ran.status == 1
        assert [(each["client_id"], each["line"]) for each in answers] == [(None, 1), (None, 2), ("a", 3), (None, 4)]
        assert "«procedure» ghi hai lần" in answers[0]["error"]
        assert "client_id" in answers[3]["error"]

    @pytest.mark.parametrize(
        ("words", "option"),
        [
            (("refuse",), "--reason"),
            (("reschedule", "--reason", "x"), "--to"),
            (("variant", "--reason", "x"), "--variant"),
            (("set_code",), "--code"),
        ],
    )
    def test_an_act_that_wants_an_input_names_its_option(
        self, centre: Any, words: tuple[str, ...], option: str
    ) -> None:
        ran = centre("act", centre.take("1.000689"), *words)
        assert (ran.status, ran.out, ran.err.count("\n")) == (1, "", 1)
        assert f"({option})" in ran.err
