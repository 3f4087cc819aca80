"""What a machine and a stranger may do to the command: full disks, closed pipes, files that are none."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

NOW = ("--now", "2026-03-13T10:00")
LINE = {"procedure": "1.004873", "channel": "direct", "applicant": {"name": "Nguyễn Đức Thịnh"}}

pytestmark = pytest.mark.skipif(os.name != "posix", reason="limits and pipes of POSIX")


def lines(number: int) -> bytes:
    return b"".join(json.dumps(LINE | {"client_id": f"c{n}"}).encode() + b"\n" for n in range(number))


def limited(words: Sequence[str], size: int, typed: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run the command where no file may grow beyond some bytes: a disk that is full."""
    import resource

    def no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return subprocess.run(
        [sys.executable, "-m", "desk", *words],
        input=typed,
        capture_output=True,
        check=False,
        preexec_fn=no_room,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )


def one_line(told: bytes) -> bool:
    return told.startswith(b"desk: ") and told.count(b"\n") == 1


def test_what_a_full_disk_did_not_take_was_not_said_to_be_kept(centre: Any) -> None:
    words = ("receive", "--file", "-", "--data", str(centre.folder), *NOW)
    size = (centre.folder / "desk.db").stat().st_size + 40_000
    done = limited(words, size, lines(400))
    assert (done.returncode, one_line(done.stderr)) == (3, True), done.stderr
    kept = [json.loads(line)["code"] for line in done.stdout.splitlines()]
    assert 0 < len(kept) < 400
    assert {row["code"] for row in centre.json("find", "nguyen", "--limit", "400", now=NOW[1])} == set(kept)
    again = centre("receive", "--file", "-", typed=lines(400), now=NOW[1])
    assert again.status == 0
    assert [json.loads(line)["code"] for line in again.out.splitlines()][: len(kept)] == kept
    assert centre.json("journal", "verify", now=NOW[1]) == {"holds": True}


@pytest.mark.parametrize("size", [0, 50, 5_000, 300_000])
def test_a_set_up_on_a_full_disk_leaves_nothing(data_folder: Path, size: int) -> None:
    done = limited(("init", "--unit", "18229", "--name", "x"), size)
    assert (done.returncode, done.stdout, one_line(done.stderr)) == (3, b"", True), done.stderr
    assert list(data_folder.iterdir()) == []


def test_a_report_on_a_full_disk_leaves_the_old_one(
    centre: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert centre("close", now=NOW[1]).status == 0
    old = tmp_path / "r.json"
    old.write_text("old", encoding="utf-8")

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    words = ("report", "ii06a", "--from", "2026-03-12", "--to", "2026-03-13", "--output", str(old))
    ran = centre(*words, now=NOW[1])
    assert (ran.status, ran.out, ran.err.count("\n")) == (3, "", 1)
    assert old.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.glob(".r.json*")) == []


def test_a_reader_that_leaves_ends_the_command_and_loses_nothing(centre: Any) -> None:
    words = [sys.executable, "-m", "desk", "receive", "--file", "-", "--data", str(centre.folder), *NOW]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(lines(1))
        process.stdin.flush()
        first = json.loads(process.stdout.readline())
        process.stdout.close()
        process.stdin.write(lines(3))
        process.stdin.close()
        told = process.stderr.read()
        assert (process.wait(), told) == (141, b"")
    assert centre.json("show", first["code"], now=NOW[1])["code"] == first["code"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_output_that_cannot_be_written_is_one_line(centre: Any) -> None:
    for words in (("find", "x", "--json"), ("key", "show"), ("journal", "verify")):
        with Path("/dev/full").open("wb") as full:
            command = [sys.executable, "-m", "desk", *words, "--data", str(centre.folder)]
            done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
        assert done.returncode == 3
        assert one_line(done.stderr.splitlines(keepends=True)[-1])


def commands(folder: Path, file: Path) -> list[tuple[str, ...]]:
    data, path = ("--data", str(folder)), str(file)
    return [
        ("receive", "--file", path, *data),
        ("due", "--file", path, *data),
        ("scan", "--file", path, *data),
        ("summary", "show", path),
        ("summary", "verify", path, *data),
        ("summary", "verify", path, "--key", path),
        ("import", "catalogue", path, *data),
        ("import", "calendar", path, "--version", "2027.1", *data),
    ]


def test_a_database_cut_to_nothing_does_not_pass_for_an_empty_centre(centre: Any) -> None:
    (centre.folder / "desk.db").write_bytes(b"")
    for words in (("find", "x"), ("close",), ("receive", "--file", "-")):
        ran = centre(*words, now=NOW[1])
        assert (ran.status, ran.out, one_line(ran.err.encode())) == (3, "", True)
        assert "sao lưu" in ran.err
    assert (centre.folder / "desk.db").read_bytes() == b""


CONTENTS: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "binary": lambda: bytes(range(256)) * 64,
    "nul": lambda: b"\x00" * 100_000,
    "one line of ten megabytes": lambda: b"x" * 10_000_000,
    "beyond every bound": lambda: b"\x01" * 17_000_000,
    "deep": lambda: b"[" * 200_000 + b"\n" + b'{"a":' * 50_000,
    "escapes": lambda: b"\x1b]0;title\x07\x1b[2J" * 50,
}


@pytest.mark.parametrize("content", CONTENTS)
def test_a_file_that_is_none_is_answered_in_lines(
    desk: Callable[..., Any], centre: Any, tmp_path: Path, content: str
) -> None:
    file = tmp_path / "strange"
    file.write_bytes(CONTENTS[content]())
    for words in commands(centre.folder, file):
        ran = desk(*words)
        assert ran.status in {0, 1, 2}
        assert ran.status or content == "empty"
        assert "\x1b" not in ran.out + ran.err
        assert "Traceback" not in ran.err


def test_a_folder_a_pipe_and_a_missing_file_are_answered_in_one_line(
    desk: Callable[..., Any], centre: Any, tmp_path: Path
) -> None:
    (tmp_path / "folder").mkdir()
    for name in ("folder", "missing", "x" * 300):
        for words in commands(centre.folder, tmp_path / name):
            ran = desk(*words)
            assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1), words


@pytest.mark.parametrize(
    "word", ["\u202e\u200b", "\udcff", "x" * 50_000, "'; DROP TABLE dossier; --", "\x1b[31m", "💥"]
)
def test_hostile_words_are_answered_in_one_line(desk: Callable[..., Any], centre: Any, word: str) -> None:
    data = ("--data", str(centre.folder))
    for words in (
        ("show", word, *data),
        ("act", word, "finish", *data),
        ("act", "TN-1", word, *data),
        ("find", "x", "--now", word, *data),
        ("close", "--date", word, *data),
        ("report", "ii06a", "--from", word, "--to", "2026-03-12", *data),
        ("init", "--unit", word, "--name", word, "--data", str(centre.folder / "new")),
        ("summary", "show", word),
        (word,),
    ):
        ran = desk(*words)
        assert ran.status in {1, 2}
        assert (ran.out, ran.err.count("\n")) == ("", 1)
        assert "\x1b" not in ran.err
