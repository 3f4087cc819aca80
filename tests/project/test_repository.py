"""Gates on the files of the project: their length, their place, and what must never stand in them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("desk", "db", "tests", ".ci")
TEXT = {".py", ".toml", ".md", ".txt", ".tcss", ".json", ".typ", ".po", ".csv", ".tsv", ".sh", ".sql", ".mako", ""}
# Written so that these lines do not match themselves.
REGISTRY = re.compile(
    "|".join(("py[p]i[.]o[r]g", "python[h]osted", "registry[.]np[m]js", "deb[.]deb[i]an")), re.IGNORECASE
)
MACHINE_PATH = re.compile(
    "|".join(("/wor[k]/", "/far[m]/", "/roo[t]/", "[.]pyen[v]/", "/hom[e]/[a-z]", "/tm[p]/pla[n]"))
)


def project_files() -> list[Path]:
    """Return the project's own files, caches left out."""
    inside = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*")]
    files = [path for path in (*inside, *ROOT.iterdir()) if path.is_file() and "__pycache__" not in path.parts]
    return [path for path in files if path.suffix not in {".pyc", ".pyo"}]


def python_files() -> list[Path]:
    return [path for path in project_files() if path.suffix == ".py"]


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_the_gates_see_the_project() -> None:
    names = {path.relative_to(ROOT).as_posix() for path in project_files()}
    assert {"desk/__main__.py", "db/vocabulary.py", "pyproject.toml", ".ci/run", "LICENSE"} <= names


def test_no_file_is_longer_than_400_lines() -> None:
    assert {path.name: lines(path) for path in python_files() if lines(path) > 400} == {}


def test_the_app_stays_below_300_lines() -> None:
    app = ROOT / "desk" / "tui" / "app.py"
    if not app.exists():
        pytest.skip("no screen yet")
    assert lines(app) < 300


@pytest.mark.parametrize(
    ("name", "pattern"), [("a registry's host", REGISTRY), ("a path of one machine", MACHINE_PATH)]
)
def test_no_file_names(name: str, pattern: re.Pattern[str]) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in project_files()
        if path.suffix in TEXT and (match := pattern.search(path.read_text(encoding="utf-8")))
    ]
    assert found == [], f"{name} stands in a file"


def test_the_patterns_would_find_what_they_look_for() -> None:
    assert REGISTRY.search("files.python" + "hosted.org")
    assert MACHINE_PATH.search("/ho" + "me/user/x")


def test_the_top_level_holds_only_what_belongs_there() -> None:
    allowed = {"pyproject.toml", "desk", "db", "tests", "README.md", "LICENSE", "build", "dist"}
    assert {path.name for path in ROOT.iterdir() if not path.name.startswith(".")} <= allowed


def test_the_licence_is_apache_2() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_constraints_pin_versions_and_name_no_place() -> None:
    rows = (ROOT / ".ci" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [row for row in rows if row and not row.startswith("#")]
    assert pins
    assert [row for row in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", row)] == []
    names = [re.sub(r"[-_.]+", "-", row.split("==")[0]).lower() for row in pins]
    assert len(names) == len(set(names))


def test_every_dependency_is_pinned() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["test"],
        *project["build-system"]["requires"],
    ]
    rows = (ROOT / ".ci" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {re.sub(r"[-_.]+", "-", row.split("==")[0]).lower() for row in rows if "==" in row}
    names = {re.sub(r"[-_.]+", "-", re.split(r"[\s<>=!~;\[]", item)[0]).lower() for item in wanted}
    assert names - pinned == set()
