"""The layers as Python really loads them: what import contracts say of the text, these say of a running process."""

from __future__ import annotations

import ast
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DRAWING = ("textual", "rich")
RECORD = ("sqlmodel", "sqlalchemy", "sqlcipher3", "alembic")

PROBE = """
import importlib, sys
for name in sys.argv[1].split(","):
    importlib.import_module(name)
print("\\n".join(sys.modules))
"""


def modules_of(*packages: str) -> list[str]:
    """Return the dotted names of all modules below some packages, migrations (scripts, not modules) left out."""
    found: list[str] = []
    for package in packages:
        folder = ROOT.joinpath(*package.split("."))
        if (folder / "__init__.py").exists():
            found.append(package)
            found += [item.name for item in pkgutil.walk_packages([str(folder)], package + ".")]
        elif folder.with_suffix(".py").exists():
            found.append(package)
    return [name for name in found if ".migrations." not in name]


def loaded_after(program: str, *arguments: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def strangers(loaded: set[str], *packages: str) -> set[str]:
    return {name for name in loaded if any(name == package or name.startswith(package + ".") for package in packages)}


@pytest.mark.parametrize(
    ("packages", "forbidden"),
    [
        (("desk.rules", "db.vocabulary"), (*DRAWING, *RECORD, "typer", "cryptography", "db.tables", "desk.settings")),
        (("db",), (*DRAWING, "typer", "desk")),
        (("desk.settings", "desk.reference", "desk.words"), (*DRAWING, *RECORD, "typer", "platformdirs")),
        (("desk.daily", "desk.sync", "desk.forms"), (*DRAWING, "typer", "desk.counter", "desk.province")),
        (("desk.counter", "desk.province", "desk.rehearsal", "desk.keeping"), (*DRAWING, "typer", "desk.bootstrap")),
        (("desk.cli",), ("textual", *RECORD, "desk.bootstrap", "desk.counter", "desk.tui", "db.tables")),
        (("desk.__main__",), (*DRAWING, *RECORD, "typer", "desk.rules", "desk.reference")),
    ],
    ids=lambda value: value[0],
)
def test_importing_a_layer_loads_nothing_it_must_not_know(
    packages: tuple[str, ...], forbidden: tuple[str, ...]
) -> None:
    names = modules_of(*packages)
    assert names
    assert strangers(loaded_after(PROBE, ",".join(names)), *forbidden) == set()


def test_no_module_loads_a_network_library_before_it_is_used() -> None:
    names = [name for name in modules_of("desk", "db") if not name.endswith("__main__")]
    assert strangers(loaded_after(PROBE, ",".join(names)), "urllib3", "starlette", "uvicorn", "h11") == set()


RUN = """
import sys
from desk.__main__ import main
status = main(sys.argv[1:])
assert status == 0, status
print("\\n".join(sys.modules))
"""


def test_the_version_is_answered_without_loading_the_program() -> None:
    loaded = loaded_after(RUN, "--version")
    assert strangers(loaded, *DRAWING, *RECORD, "typer", "db", "desk.rules", "desk.reference", "desk.tui") == set()


@pytest.mark.parametrize(
    "words",
    [("--help",), ("due", "--limit", "3 working_day", "--received", "2026-03-13T10:56", "--json")],
    ids=lambda words: words[0],
)
def test_a_command_without_the_record_does_not_load_it(words: tuple[str, ...]) -> None:
    loaded = loaded_after(RUN, *words)
    assert strangers(loaded, "textual", *RECORD, "db.tables", "desk.tui", "desk.counter") == set()


WATCH = """
import importlib, os, sys
happened = []
def watch(event, arguments):
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        happened.append(f"{event}:{arguments[0]}")
    elif event.startswith(("socket.connect", "socket.bind", "subprocess.", "os.mkdir", "os.remove", "os.rename")):
        happened.append(f"{event}:{arguments[0]}")
names = sys.argv[1].split(",")
sys.addaudithook(watch)
for name in names:
    importlib.import_module(name)
print("\\n".join(str(item).replace(" ", "_") for item in happened))
"""


def test_importing_writes_nothing_and_calls_no_one() -> None:
    names = [name for name in modules_of("desk", "db") if not name.endswith("__main__")]
    done = subprocess.run(
        [sys.executable, "-B", "-c", WATCH, ",".join(names)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (done.stdout.split(), done.stderr) == ([], "")


def clock_readers(folder: Path) -> set[str]:
    """Return the files below a folder that read the clock of the machine."""
    readers = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            owner = node.func.value
            name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            if (name, node.func.attr) in {
                ("datetime", "now"),
                ("datetime", "today"),
                ("datetime", "utcnow"),
                ("date", "today"),
                ("time", "time"),
                ("time", "time_ns"),
            }:
                readers.add(path.relative_to(folder).as_posix())
    return readers


def test_the_clock_is_read_in_one_place(tmp_path: Path) -> None:
    (tmp_path / "late.py").write_text("import datetime\nprint(datetime.datetime.now(), datetime.date.today())\n")
    assert clock_readers(tmp_path) == {"late.py"}
    assert clock_readers(ROOT / "db") == set()
    assert len(clock_readers(ROOT / "desk")) <= 1
