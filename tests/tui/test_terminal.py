"""The real thing: bytes into a pseudo-terminal, the screen out of it."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pyte
import pytest

APP = Path(__file__).parent / "terminal_app.py"
DEADLINE = 30.0


class Terminal:
    """An 80x24 terminal with the App in it."""

    def __init__(self) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        environ = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", "PYTHONPATH": os.pathsep.join(sys.path)}
        self.process = subprocess.Popen(
            [sys.executable, str(APP)], stdin=slave, stdout=slave, stderr=slave, env=environ, start_new_session=True
        )
        os.close(slave)
        self.screen = pyte.Screen(80, 24)
        self.stream = pyte.ByteStream(self.screen)
        self.received = 0

    def send(self, text: str) -> None:
        """Write everything in one piece."""
        os.write(self.master, text.encode())

    def wait(self, wanted: str) -> None:
        """Read until `wanted` is on the screen."""
        deadline = time.monotonic() + DEADLINE
        while not any(wanted in line for line in self.screen.display):
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.master], [], [], left)[0]:
                raise AssertionError(f"{wanted!r} never came:\n" + "\n".join(self.screen.display))
            self._read()

    def quiet(self, seconds: float = 0.5) -> int:
        """Read until nothing has come for so long; return how many bytes came."""
        before = self.received
        while select.select([self.master], [], [], seconds)[0]:
            self._read()
        return self.received - before

    def _read(self) -> None:
        data = os.read(self.master, 65536)
        self.received += len(data)
        self.stream.feed(data)

    def close(self) -> None:
        """End the App."""
        self.process.kill()
        self.process.wait()
        os.close(self.master)


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    started = Terminal()
    try:
        started.wait("ready")
        yield started
    finally:
        started.close()


@pytest.mark.parametrize(
    ("data", "report"),
    [
        ("chinh\x7f\x7f\x7fính", "=chính||="),
        ("vie\x08ê\x08ệt", "=việt||="),
        ("11111111\r22222222\r", "=||11111111,22222222="),
        ("mot\thai\x7fi\x1b[Zx\ty", "=motx|haiy|="),
        ("Nguye\u0302\u0303n\rĐỗ\x1b[Aa", "=Nguyễna|Đỗ|="),
        ("\x1b[200~042200150708|1|Trần Ỷ|02021980|Nam|Kỳ Lợi|11052021\x1b[201~", "=||042200150708|1|Trần Ỷ|"),
        ("\x1b[200~hai\ndòng\x1b[201~", "=hai dòng||="),
    ],
)
def test_one_write_gives_what_was_typed(terminal: Terminal, data: str, report: str) -> None:
    terminal.send(data)
    terminal.wait(report)


def test_a_key_in_a_list_sends_few_bytes(terminal: Terminal) -> None:
    terminal.send("\t\t\x1b[B")
    terminal.wait(" ▸ 1 ")
    terminal.quiet()
    terminal.send("\x1b[B")
    assert 0 < terminal.quiet() < 1000
    terminal.wait(" ▸ 2 ")
    terminal.send("\x1b[F")
    terminal.wait(" ▸ 99999 ")
    terminal.quiet()
    terminal.send("\x1b[Z")
    assert 0 < terminal.quiet() < 1000
