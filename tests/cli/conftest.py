"""The command, driven in this process and as a process of its own."""

from __future__ import annotations

import io
import json
import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from desk.__main__ import main


class Ran(Struct, frozen=True):
    """How a run of the command ended and what it printed."""

    status: int
    out: str
    err: str


@pytest.fixture
def desk(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Return a function that runs the command in this process; `typed` is what stands on its standard input."""

    def run(*words: str, typed: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed), encoding="utf-8"))
        capsys.readouterr()
        status = main(words)
        printed = capsys.readouterr()
        return Ran(status, printed.out, printed.err)

    return run


@pytest.fixture
def desk_process() -> Callable[..., Ran]:
    """Return a function that runs the command as a process of its own, its output always read as UTF-8."""

    def run(*words: str, typed: bytes = b"", environment: Mapping[str, str] | None = None) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "desk", *words],
            input=typed,
            capture_output=True,
            env={**os.environ, **(environment or {})},
            check=False,
        )
        return Ran(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))

    return run


def in_a_terminal(*words: str) -> tuple[int, str]:
    """Return how a run of the command ended and all that it sent to a terminal."""
    master, slave = pty.openpty()
    process = subprocess.Popen([sys.executable, "-m", "desk", *words], stdin=slave, stdout=slave, stderr=slave)
    os.close(slave)
    sent = b""
    try:
        while data := os.read(master, 65536):
            sent += data
    except OSError:
        pass  # the last program at the other end has gone
    finally:
        os.close(master)
    return process.wait(), sent.decode("utf-8")


OPENED = "2026-03-12T08:00"


@dataclass
class CentreAt:
    """A centre on disk and the command on it; `now` is put behind every command of a practice centre."""

    run: Callable[..., Ran]
    folder: Path
    stick: Path
    now: str = OPENED

    def __call__(self, *words: str, typed: bytes = b"", now: str | None = None) -> Ran:
        return self.run(*words, "--data", str(self.folder), "--now", now or self.now, typed=typed)

    def json(self, *words: str, **more: Any) -> Any:
        """Return what a command that must do well prints as JSON."""
        ran = self(*words, "--json", **more)
        assert (ran.status, ran.err) == (0, ""), ran
        return json.loads(ran.out)

    def receive(self, *documents: Mapping[str, Any], now: str | None = None) -> list[dict[str, Any]]:
        """Return the answers to some lines of `desk receive`."""
        typed = "".join(json.dumps(document) + "\n" for document in documents).encode()
        ran = self("receive", "--file", "-", typed=typed, now=now)
        return [json.loads(line) for line in ran.out.splitlines()]

    def take(self, procedure: str = "1.013978", name: str = "Nguyễn Văn Thịnh", **more: Any) -> str:
        """Receive one dossier and return its code."""
        document = {"procedure": procedure, "channel": "direct", "applicant": {"name": name}} | more
        return str(self.receive(document)[0]["code"])


@pytest.fixture(scope="session")
def ready_centre(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data folder of a practice centre that every test copies: setting one up takes longest."""
    folder = tmp_path_factory.mktemp("ready") / "centre"
    words = ("--unit", "18229", "--name", "Xã Đức Thọ", "--officer", "Lê Thị Hoa", "--practice")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DESK_PASSPHRASE_FILE", raising=False)
        assert main(("init", *words, "--now", OPENED, "--data", str(folder))) == 0
    return folder


@pytest.fixture
def centre(ready_centre: Path, desk: Callable[..., Ran], tmp_path: Path) -> CentreAt:
    """Return a fresh practice centre whose exchange folder is a stick that is in."""
    folder, stick = tmp_path / "centre", tmp_path / "stick"
    shutil.copytree(ready_centre, folder)
    stick.mkdir()
    settings = folder / "desk.toml"
    text = settings.read_text(encoding="utf-8").replace('folder = ""', f"folder = {json.dumps(str(stick))}")
    settings.write_text(text, encoding="utf-8")
    return CentreAt(desk, folder, stick)
