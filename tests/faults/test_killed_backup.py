"""A backup or a restoration that dies in the middle: what was there is there, whole, and doing it again ends well."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desk.keeping import container
from desk.keeping.restoring import ASIDE

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")
ROOT = Path(__file__).parents[2]
TODAY = "2026-03-17T08:00"

RUNNER = """
import json, os, signal, sys
from pathlib import Path
import db.schema, db.backup, desk.bootstrap, desk.cli.app, desk.cli.keeping, desk.keeping.making, desk.keeping.restoring
from desk.__main__ import main

EVENTS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir"}

def run(words, kill, inside):
    # Changes of files below that folder are counted; at one of them, or at a step of the copy, the process dies.
    met = []

    def watch(event, given):
        if event not in EVENTS or not str(given[0]).startswith(inside):
            return
        if event == "open" and not (len(given) > 2 and isinstance(given[2], int) and given[2] & os.O_CREAT):
            return
        met.append(event)
        if len(met) == kill:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    if kill < 0:
        db.backup.PAGES = 100
        copy = db.backup.copy
        def copying(engine, target, key, progress=None):
            steps = []
            def step(done, of):
                steps.append(done)
                if len(steps) == -kill:
                    os.kill(os.getpid(), signal.SIGKILL)
            return copy(engine, target, key, step)
        db.backup.copy = copying
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1), os.dup2(null, 2)
    status = main(words)
    os.write(told, (json.dumps([status, met]) + "\\n").encode())
    os._exit(0)

for line in sys.stdin:
    words, kill, inside = json.loads(line)
    heard, told = os.pipe()
    child = os.fork()
    if child == 0:
        run(words, kill, inside)
    os.close(told)
    with os.fdopen(heard) as answer:
        said = answer.read()
    os.waitpid(child, 0)
    print(said.strip() or "null", flush=True)
"""
"""Forks a fresh command for every run, so that a kill costs no start of an interpreter."""


class Runner:
    """Commands that are killed where it is said."""

    def __init__(self, process: subprocess.Popen[str], base: Path) -> None:
        self._process = process
        self.base = base
        self.folder, self.usb = base / "centre", base / "usb"

    def __call__(self, *words: str, kill: int = 0) -> Any:
        """Return exit status and the changes that were met, None where it was killed."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        where = ("--data", str(self.folder), "--now", TODAY)
        order = [[*words, *where], kill, str(self.base)]
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def done(self, *words: str) -> list[str]:
        """Run a command that must do well and return the changes that were met."""
        status, met = self(*words)
        assert status == 0, words
        return list(met)


@pytest.fixture
def runner(folder: Path) -> Iterator[Runner]:
    command = [sys.executable, "-c", RUNNER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        one = Runner(process, folder)
        one.usb.mkdir()
        one.done("init", "--unit", "18229", "--name", "Xã Đức Thọ", "--practice")
        yield one
        assert process.stdin is not None
        process.stdin.close()


def points(met: list[str]) -> list[int]:
    """Return the changes to die at: every renaming and the one behind it, and some of the others."""
    renamed = {number for number, event in enumerate(met, 1) if event == "os.rename"}
    wanted = renamed | {each + 1 for each in renamed} | set(range(1, len(met) + 1, 4))
    return sorted(each for each in wanted if each <= len(met))


def test_a_backup_that_is_killed_is_none_and_the_next_one_is_whole(runner: Runner) -> None:
    record = (runner.folder / "desk.db").read_bytes()
    met = runner.done("backup", str(runner.usb))
    (first,) = runner.usb.iterdir()
    for kill in (-1, -3, *points(met)):
        assert runner("backup", str(runner.usb), kill=kill) is None
        for path in runner.usb.glob("*.backup"):
            container.check(path)
    assert first.exists()
    runner.done("backup", str(runner.usb))
    left = sorted(runner.usb.iterdir())
    assert {path.suffix for path in left} == {".backup"}
    for path in left:
        container.check(path)
    assert (runner.folder / "desk.db").read_bytes() == record


def test_a_restoration_that_is_killed_leaves_the_old_record_or_the_new_one(runner: Runner) -> None:
    runner.done("backup", str(runner.usb))
    (file,) = runner.usb.iterdir()
    runner.done("officer", "add", "Phạm Văn Tư")
    old = (runner.folder / "desk.db").read_bytes()
    ready = runner.base / "ready"
    shutil.copytree(runner.folder, ready)
    met = runner.done("restore", str(file), "--yes")
    ends = set()
    for kill in points(met):
        shutil.rmtree(runner.folder)
        shutil.copytree(ready, runner.folder)
        assert runner("restore", str(file), "--yes", kill=kill) is None
        asides = [path / "desk.db" for path in runner.folder.glob(f"{ASIDE}*") if (path / "desk.db").exists()]
        there = (runner.folder / "desk.db").read_bytes() if (runner.folder / "desk.db").exists() else b""
        if there == old:
            ends.add("old")
            runner.done("journal", "verify")
        else:
            ends.add("new" if there else "none")
            assert [path.read_bytes() for path in asides] == [old]
            # No record at all is told, never an empty one opened.
            assert there or runner("find", "x")[0] == 3
        if there in {old, b""}:
            runner.done("restore", str(file), "--yes")
        assert runner("reset")[0] == 1  # it knows that it was restored, and closes no day
        assert runner("close")[0] == 1
        assert not list(runner.folder.glob(".restoring-*")) or there not in {old, b""}
    assert ends == {"old", "none", "new"}
