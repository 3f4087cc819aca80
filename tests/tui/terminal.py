"""A pseudo-terminal with an App in it: bytes in, bytes and a painted screen out."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping
from pathlib import Path

import pyte

HERE = Path(__file__).parent
SMALL_APP, COUNTER_APP = HERE / "terminal_app.py", HERE / "counter_app.py"
DEADLINE = 30.0
_AT_ONCE = 1024
"""Bytes written at once: less than a terminal's input queue holds."""


class Terminal:
    """An 80x24 terminal with the App in it; it keeps every byte it got."""

    def __init__(self, app: Path, *words: str, environ: Mapping[str, str] | None = None) -> None:
        self.master, slave = pty.openpty()
        self.sent = b""
        self.received = 0
        self.columns, self.lines = 80, 24
        self.paints = True
        self._set_size(slave)
        env = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", "PYTHONPATH": os.pathsep.join(sys.path)}
        self.process = subprocess.Popen(
            [sys.executable, str(app), *words],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=env | dict(environ or {}),
            start_new_session=True,
        )
        os.close(slave)
        self.screen = pyte.Screen(self.columns, self.lines)
        self.stream = pyte.ByteStream(self.screen)

    def _set_size(self, handle: int) -> None:
        fcntl.ioctl(handle, termios.TIOCSWINSZ, struct.pack("HHHH", self.lines, self.columns, 0, 0))

    def resize(self, columns: int, lines: int) -> None:
        """Change the size of the window, as its frame is dragged."""
        self.columns, self.lines = columns, lines
        self.screen.resize(lines, columns)
        self._set_size(self.master)
        # The child leads a session without this terminal as its own: the kernel's signal is sent by hand.
        self.process.send_signal(signal.SIGWINCH)

    def send(self, text: str) -> None:
        """Write everything, in one piece where it is short; what comes meanwhile is read."""
        data = text.encode()
        while data:
            select.select([], [self.master], [], DEADLINE)
            data = data[os.write(self.master, data[:_AT_ONCE]) :]
            if data:
                self.drain()

    def drain(self) -> None:
        """Read what is there."""
        while select.select([self.master], [], [], 0)[0]:
            self._read()

    @property
    def text(self) -> str:
        """What is shown."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def wait(self, wanted: str, deadline: float = DEADLINE) -> None:
        """Read until `wanted` is on the screen."""
        end = time.monotonic() + deadline
        while not any(wanted in line for line in self.screen.display):
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.master], [], [], left)[0]:
                raise AssertionError(f"{wanted!r} never came:\n" + "\n".join(self.screen.display))
            self._read()

    def quiet(self, seconds: float = 0.5) -> int:
        """Read until nothing has come for so long; return how many bytes came."""
        before = self.received
        while select.select([self.master], [], [], seconds)[0]:
            self._read()
        return self.received - before

    def rest(self) -> None:
        """Read what still comes after the end of the program."""
        try:
            while True:
                self._read()
        except OSError:
            return

    def _read(self) -> None:
        data = os.read(self.master, 65536)
        self.sent += data
        self.received += len(data)
        if self.paints:
            self.stream.feed(data)

    def hang_up(self, *, told: bool = True) -> None:
        """Take the terminal away; the program is told by a signal, or has to see it."""
        os.close(self.master)
        self.master = -1
        if told:
            # The child leads a session without this terminal as its own: the kernel's signal is sent by hand.
            self.process.send_signal(signal.SIGHUP)

    def close(self) -> None:
        """End the App."""
        self.process.kill()
        self.process.wait()
        if self.master >= 0:
            os.close(self.master)
