"""Real server processes of a province, and communes that deliver to them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from desk import reference
from desk.clock import system_clock
from desk.daily.build import Sealed
from desk.province.service import Province
from desk.settings import Paths
from desk.sync.https import HttpsWay
from desk.sync.post import Post
from desk.sync.ways import Way
from tests.province.factory import MONDAY, Centre, made_province

KILLED_AFTER_STORING = """
import os, signal, sys
from desk.province.service import Province
taken = Province.take
def take(self, data):
    taken(self, data)
    os.kill(os.getpid(), signal.SIGKILL)
Province.take = take
from desk.__main__ import main
main(sys.argv[1:])
"""


@dataclass
class Server:
    """A running server."""

    process: subprocess.Popen[bytes]
    address: str
    certificate: str
    folder: Path


@contextmanager
def running(folder: Path, *words: str, program: str = "") -> Iterator[Server]:
    """Run `desk province serve` over a folder on a free port; `program` runs instead of the plain command."""
    start = [sys.executable, "-c", program] if program else [sys.executable, "-m", "desk"]
    usual = ["province", "serve", "--data", str(folder), "--bind", "127.0.0.1:0", "--json", "--every", "1"]
    process = subprocess.Popen([*start, *usual, *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        said = _document(process)
        yield Server(process, said["address"], said["certificate"], folder)
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _document(process: subprocess.Popen[bytes]) -> dict[str, str]:
    assert process.stdout is not None
    text = b""
    for line in process.stdout:
        text += line
        try:
            found: dict[str, str] = json.loads(text)
        except ValueError:
            continue
        return found
    raise AssertionError(f"the server ended: {text!r}")


class Commune:
    """One commune with sealed files in its outbox, enrolled at a province, whose key it has pinned."""

    def __init__(self, folder: Path, unit: str, province: Province, *, files: int = 1) -> None:
        self.centre = Centre(unit)
        self.paths = Paths(folder / unit)
        province.enrol(unit, self.centre.key_line)
        self.paths.folder.mkdir(parents=True)
        (self.paths.folder / "province.pub").write_text(province.identity().public_key + "\n")
        self.files: list[Sealed] = [self.centre.close(MONDAY + timedelta(days=n)) for n in range(files)]
        for file in self.files:
            self.post().put(file.name, file.data)

    def post(self, *ways: Way) -> Post:
        """Return the post with these ways."""
        return Post(self.paths, self.centre.unit, False, "", system_clock, ways)

    def https(self, server: Server, address: str = "", *, seconds: float = 0.0) -> HttpsWay:
        """Return the way to a server, or to what stands before it."""
        way = HttpsWay(address or server.address, self.centre.unit, server.certificate)
        way.seconds = seconds or way.seconds
        return way

    def states(self) -> list[str]:
        """Return how far the files have come."""
        return [each.state.value for each in self.post().states()]


def fresh_province(folder: Path) -> Province:
    """Set up a province whose certificate is made."""
    province = made_province(folder, system_clock)
    province.certificate()
    return province


def units() -> Iterator[str]:
    """Yield units, each once."""
    return iter(sorted(reference.admin_units()))
