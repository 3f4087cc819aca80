"""A desk that dies in the middle of its work: what was acknowledged is there, and nothing is half there."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.counter.desk_fixture import Desk, open_desk

ROOT = Path(__file__).parents[2]
KILLS = 20

WRITER = """
import itertools, os, sys
from pathlib import Path
from db.vocabulary import Act
from tests.counter.desk_fixture import COPIES, LAND, open_desk

def work(run):
    desk = open_desk(Path(sys.argv[1]))
    for number in itertools.count():
        name = f"{run}-{number}"
        answer = desk.receive(COPIES if number % 2 else LAND, "Nguyễn Văn Bền", client_id=f"r-{name}")
        print("received", answer.code, f"r-{name}", flush=True)
        if number % 2:
            desk.act(answer.code, Act.FINISH, client_id=f"f-{name}")
            print("finished", answer.code, f"f-{name}", flush=True)
        if number % 7 == 6:
            for sealed in desk.close():
                print("sealed", sealed.sha256, sealed.seq, flush=True)

for run in sys.stdin:
    child = os.fork()
    if child == 0:
        work(run.strip())
    print("begun", child, run.strip(), flush=True)
    os.waitpid(child, 0)
    print("dead", child, run.strip(), flush=True)
"""
"""Forks a fresh desk for every run, so that a kill costs no start of an interpreter."""

Told = tuple[str, str, str]


def run_and_kill(writer: subprocess.Popen[str], name: str, enough: int) -> list[Told]:
    """Let a desk work, kill it after so many acknowledgements, and return all it had acknowledged."""
    assert writer.stdin is not None
    assert writer.stdout is not None
    writer.stdin.write(f"{name}\n")
    writer.stdin.flush()
    acknowledged: list[Told] = []
    child = None
    for line in writer.stdout:
        what, which, more = line.split()
        if what == "begun":
            child = int(which)
        elif what == "dead":
            return acknowledged
        else:
            acknowledged.append((what, which, more))
        if child is not None and len(acknowledged) >= enough:
            os.kill(child, signal.SIGKILL)
            child = None
    raise AssertionError("the writer ended")


def assert_kept(desk: Desk, acknowledged: list[Told]) -> None:
    clients = {event.client_id: event for event in desk.events() if event.client_id}
    codes = {row.code for row in desk.counter.rows(range(1, 100_000))}
    files = {(file.sha256, str(file.seq)) for file in desk.files()}
    for what, code, name in acknowledged:
        if what == "sealed":
            assert (code, name) in files
            continue
        assert code in codes
        assert clients[name].kind == {"received": "receive", "finished": "finish"}[what]
    assert desk.counter.verify_journal() is None
    assert desk.disagreeing() == []
    assert desk.ask("PRAGMA integrity_check") == "ok"
    dossiers = desk.ask("SELECT count(*) FROM dossier")
    assert desk.ask("SELECT sum(last) FROM counter WHERE series LIKE 'code/%'") == dossiers
    assert desk.ask("SELECT max(number) FROM issued_slip") == dossiers
    assert desk.ask("SELECT count(*) FROM search_words_docsize") == dossiers


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")
def test_no_acknowledged_dossier_is_lost_when_the_desk_is_killed(folder: Path) -> None:
    rng = random.Random(20260313)
    path = folder / "desk.db"
    open_desk(path).records.close()
    acknowledged: list[Told] = []
    command = [sys.executable, "-c", WRITER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as writer:
        for number in range(KILLS):
            acknowledged += run_and_kill(writer, str(number), rng.randrange(1, 12))
        assert writer.stdin is not None
        writer.stdin.close()
    assert writer.returncode == 0
    desk = open_desk(path)
    assert {what for what, _code, _name in acknowledged} == {"received", "finished", "sealed"}
    assert_kept(desk, acknowledged)
    desk.clock.advance(minutes=1)
    desk.receive()
    assert desk.close()[-1].balanced
    desk.records.close()


@pytest.mark.parametrize("lost", ["-wal", "-shm"])
def test_a_write_ahead_log_from_nowhere_does_no_harm(folder: Path, lost: str) -> None:
    path = folder / "desk.db"
    desk = open_desk(path)
    desk.receive()
    desk.records.close()
    path.with_name(path.name + lost).write_bytes(b"\xff" * 40_000)
    again = open_desk(path)
    assert len(again.counter.worklist()) == 1
    again.receive()
    assert again.counter.verify_journal() is None
    again.records.close()
