"""The counter in a real terminal: from an empty folder to the day's work and out again, bytes in and bytes out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from desk.settings import Paths, read_settings
from tests.tui.terminal import COUNTER_APP, DEADLINE, Terminal

F2, F5, F9, DOWN = "\x1bOQ", "\x1b[15~", "\x1b[20~", "\x1b[B"


@pytest.fixture
def counter() -> Iterator[Terminal]:
    started = Terminal(COUNTER_APP)
    try:
        yield started
    finally:
        started.close()


def test_from_an_empty_folder_to_the_day_and_out(counter: Terminal, data_folder: Path) -> None:
    counter.wait("Máy này chưa có trung tâm")
    counter.send("duc tho ha tinh")
    counter.wait("18229 Xã Đức Thọ")
    counter.send("\rLê Thị Hoa\r\r2\r")
    counter.wait("Lê Thị Hoa")
    counter.send(F2)
    counter.wait("BUỔI SÁNG · Xã Đức Thọ")
    counter.wait("Không có việc đến hạn hôm nay")
    counter.send("\r")
    counter.wait("MỘT CỬA · Xã Đức Thọ")
    assert read_settings(Paths(data_folder)).practice
    counter.quiet()
    counter.send(F5)
    assert counter.quiet() < 500
    counter.send(F9)
    counter.wait("LỆNH")
    counter.send("thoat")
    counter.wait("Thoát chương trình")
    counter.send("\r")
    # The terminal is gone with the program.
    with suppress(OSError):
        counter.quiet()
    assert counter.process.wait(DEADLINE) == 0
    for mouse in (b"\x1b[?1000h", b"\x1b[?1003h", b"\x1b[?1006h"):
        assert mouse not in counter.sent
    assert b"\x1b[>1u" not in counter.sent
    assert b"\x1b[>25u" not in counter.sent
