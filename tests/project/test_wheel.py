"""The wheel as a desk gets it: complete, and at work in an environment of its own."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import venv
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def call(
    *words: str | Path, cwd: Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program outside the checkout, without the Python settings of this process."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON") and key != "VIRTUAL_ENV"}
    return subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        env={**kept, **(environment or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    isolation = [] if importlib.util.find_spec("hatchling") is None else ["--no-isolation"]
    done = call(sys.executable, "-m", "build", "--wheel", *isolation, "--outdir", folder, ROOT, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of programs of an environment that holds the wheel and what it asks for."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder / "env", with_pip=True)
    programs = folder / "env" / ("Scripts" if os.name == "nt" else "bin")
    done = call(
        programs / "python",
        *("-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
        *("-c", ROOT / ".ci" / "constraints.txt", wheel),
        cwd=folder,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return programs


def sources() -> set[str]:
    """Return every file of the two packages, as a wheel names it."""
    return {
        path.relative_to(ROOT).as_posix()
        for package in ("desk", "db")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_both_packages_and_all_their_data(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        notes = {name.split(".dist-info/")[1] for name in archive.namelist() if ".dist-info/" in name}
    assert names == sources()
    assert {
        "desk/py.typed",
        "db/py.typed",
        "desk/reference/procedures.csv",
        "desk/reference/ward_old_to_new.csv",
    } <= names
    assert {"METADATA", "entry_points.txt", "licenses/LICENSE"} <= notes


@pytest.mark.parametrize("kind", [".tcss", ".csv", ".schema.json", "db/migrations/"])
def test_the_wheel_holds_each_kind_of_data(wheel: Path, kind: str) -> None:
    with zipfile.ZipFile(wheel) as archive:
        assert [name for name in archive.namelist() if kind in name]


def test_the_installed_command_tells_its_version(installed: Path, tmp_path: Path) -> None:
    done = call(installed / "desk", "--version", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("desk 0.")


def test_the_installed_command_reckons_a_due_date(installed: Path, tmp_path: Path) -> None:
    done = call(
        installed / "desk", "due", "--procedure", "1.004873", "--received", "2026-03-13T10:56", "--json", cwd=tmp_path
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert '"2026-03-18T10:56+07:00"' in done.stdout


def test_the_installed_command_opens_a_practice_centre(installed: Path, tmp_path: Path) -> None:
    place = {"DESK_DATA": str(tmp_path / "data"), "XDG_DATA_HOME": str(tmp_path / "home"), "HOME": str(tmp_path)}
    done = call(installed / "desk", "demo", "--no-open", "--dossiers", "60", cwd=tmp_path, environment=place)
    assert done.returncode == 0, done.stdout + done.stderr
