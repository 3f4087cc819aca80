"""What the counter sends a terminal, byte by byte: no mouse, no kitty keys, no blink, only what the terminal has.

The whole program runs in a pseudo-terminal, as the command opens it, on an empty folder.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pyte
import pytest

import desk.tui

APP = Path(__file__).parent / "counter_app.py"
DEADLINE = 60.0
WANTED = {"full": "Điền các dòng dưới đây", "bare": "Dien cac dong duoi day"}
UTF8 = {"LANG": "C.UTF-8", "LC_ALL": "", "LC_CTYPE": "", "NO_COLOR": "", "COLORTERM": ""}


def sent(folder: Path, environ: dict[str, str], wanted: str = WANTED["full"]) -> bytes:
    """Run the counter until the set-up is on its screen; return every byte it has sent by then."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    given = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "DESK_DATA": str(folder), **UTF8, **environ}
    process = subprocess.Popen(
        [sys.executable, str(APP)],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env={key: value for key, value in given.items() if value},
        start_new_session=True,
    )
    os.close(slave)
    screen = pyte.Screen(80, 24)
    stream = pyte.ByteStream(screen)
    data = b""
    try:
        deadline = time.monotonic() + DEADLINE
        while not any(wanted in line for line in screen.display):
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([master], [], [], left)[0]:
                raise AssertionError(f"{wanted!r} never came:\n" + "\n".join(screen.display))
            piece = os.read(master, 65536)
            data += piece
            stream.feed(piece)
    finally:
        process.kill()
        process.wait()
        os.close(master)
    return data


def colour_codes(data: bytes) -> set[int]:
    """Return every number of every colour or attribute that was sent."""
    found = re.findall(rb"\x1b\[([0-9;]*)m", data)
    return {int(number) for codes in found for number in codes.split(b";") if number}


def test_no_mouse_no_kitty_keys_no_blink(tmp_path: Path) -> None:
    data = sent(tmp_path, {"TERM": "xterm-256color"})
    for mode in (b"1000", b"1002", b"1003", b"1005", b"1006", b"1015", b"12"):
        assert b"\x1b[?" + mode + b"h" not in data
    assert not re.search(rb"\x1b\[[><=][0-9;]*u", data)
    assert not {5, 6} & {number for codes in re.findall(rb"\x1b\[([0-9]+)m", data) for number in [int(codes)]}
    assert 38 in colour_codes(data)


def test_a_console_gets_its_own_colours_and_signs(tmp_path: Path) -> None:
    data = sent(tmp_path, {"TERM": "linux"})
    codes = colour_codes(data)
    assert {44, 97} <= codes
    assert not {38, 48, 5, *range(100, 108)} & codes
    text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", data.decode())
    assert not re.search("[^\x00-\x7f\u00c0-\u01b0\u1ea0-\u1ef9]", text)
    assert "Máy này chưa có trung tâm" in text


@pytest.mark.parametrize("environ", [{"TERM": "xterm-256color", "NO_COLOR": "1"}, {"TERM": "vt220"}, {"TERM": "dumb"}])
def test_no_colour_is_sent_where_there_is_none(tmp_path: Path, environ: dict[str, str]) -> None:
    codes = colour_codes(sent(tmp_path, environ))
    assert codes <= {0, 1, 4, 7}
    assert {1, 7} <= codes


def test_a_terminal_that_is_not_utf8_gets_ascii(tmp_path: Path) -> None:
    data = sent(tmp_path, {"TERM": "xterm", "LC_ALL": "en_US.ISO-8859-1"}, WANTED["bare"])
    assert data.isascii()


def test_nothing_moves_by_itself() -> None:
    places = [path for path in Path(desk.tui.__path__[0]).rglob("*.py") if path.name != "keys.py"]
    for path in places:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\.animate\(|LoadingIndicator|ProgressBar|cursor_blink = True|auto_refresh", text), (
            path.name
        )
        # What vanishes by itself is the record of nothing.
        assert not re.search(r"\bnotify\(|Toast\b", text), path.name
