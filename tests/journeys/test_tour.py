"""The tour of the README, run as it stands there: every command is real, and every side shows the same figures."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def tour() -> str:
    """Return the commands of the tour."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks: list[str] = BLOCK.findall(text)
    return next(block for block in blocks if "desk init" in block)


def desk(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run one command in the tour's folder."""
    data = {**os.environ, "DESK_DATA": str(folder / "desk")}
    return subprocess.run(
        [sys.executable, "-m", "desk", *words], cwd=folder, env=data, text=True, capture_output=True, check=False
    )


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Walk the tour once, with a `desk` that is this checkout."""
    if shutil.which("ssh-keygen") is None:
        if os.environ.get("DESK_REQUIRE_SERVERS"):
            pytest.fail("ssh-keygen is missing")
        pytest.skip("ssh-keygen is missing")
    folder = tmp_path_factory.mktemp("tour")
    commands = folder / "bin"
    commands.mkdir()
    (commands / "desk").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m desk "$@"\n', encoding="utf-8")
    (commands / "desk").chmod(0o755)
    environment = {
        "PATH": f"{commands}:{os.environ['PATH']}",
        "HOME": str(folder),
        "PYTHONPATH": str(ROOT),
        "LANG": "C.UTF-8",
    }
    done = subprocess.run(
        ["sh", "-e", "-c", tour()], cwd=folder, env=environment, text=True, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder, done.stdout


def test_the_tour_runs_and_says_what_it_promises(walked: tuple[Path, str]) -> None:
    _folder, said = walked
    assert '"promise": "2026-03-13T17:00+07:00"' in said  # the certified copy, the same day
    assert '"promise": "2026-03-18T10:56+07:00"' in said  # three working days
    assert '"promise": "2026-04-10T10:56+07:00"' in said  # twenty, at the same clock time
    assert "T3 14/04/2026 10:56" in said  # carried by two working days of waiting for the tax
    assert said.count("tỉnh đã xác nhận") == 4
    assert "Good" in said  # OpenSSH's own word


def test_the_figures_of_desk_and_province_agree(walked: tuple[Path, str]) -> None:
    folder, _said = walked
    span = ("--from", "2026-03-13", "--to", "2026-03-18", "--format", "json")
    own = json.loads(desk(folder, "report", "ii06a", *span).stdout)
    theirs = json.loads(desk(folder, "province", "report", *span, "--data", "province").stdout)
    assert own["total"] == theirs["total"]
    assert own["rows"] == theirs["rows"]
    assert own["total"]["received"] == 3


def test_the_journal_holds_after_the_tour(walked: tuple[Path, str]) -> None:
    folder, _said = walked
    assert desk(folder, "journal", "verify").returncode == 0


def test_every_file_of_the_tour_stays_confirmed(walked: tuple[Path, str]) -> None:
    folder, _said = walked
    done = desk(folder, "sync", "--json")
    assert done.returncode == 0
    assert [item["state"] for item in json.loads(done.stdout)] == ["confirmed"] * 4
