"""`desk province` in a real terminal: the grid, a place, and out again; and where there is none."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from desk.__main__ import main
from desk.province.service import Province
from tests.tui.terminal import DEADLINE, Terminal

APP = Path(__file__).parents[3] / "desk" / "__main__.py"
NOW = "2026-03-13T18:00"
RIGHT, F5, F6, F9 = "\x1b[C", "\x1b[15~", "\x1b[17~", "\x1b[20~"


@pytest.fixture
def terminal(province: Province, folder: Path) -> Iterator[Terminal]:
    province.close()
    started = Terminal(APP, "province", "--data", str(folder / "p"), "--now", NOW)
    try:
        yield started
    finally:
        started.close()


def test_the_office_opens_in_a_terminal_and_idles_in_silence(terminal: Terminal) -> None:
    terminal.wait("9/12 đơn vị đã báo cáo")
    terminal.wait("F2 Xu hướng")
    terminal.quiet()
    terminal.send(RIGHT)
    terminal.wait("2/12")
    assert terminal.quiet() < 600
    terminal.send(F5)
    assert terminal.quiet() < 200
    terminal.send(F6)
    terminal.wait("đơn vị quá giờ chưa báo cáo")
    terminal.send(F9)
    terminal.wait("LỆNH")
    terminal.send("thoat")
    terminal.wait("Thoát chương trình")
    terminal.send("\r")
    with suppress(OSError):
        terminal.quiet()
    assert terminal.process.wait(DEADLINE) == 0
    assert b"\x1b[?1003h" not in terminal.sent


@pytest.mark.parametrize(
    ("words", "status", "line"),
    [
        (("--data", "none"), 2, "thiếu lệnh con; xem «desk province --help»"),
        (("--data", "none", "status"), 2, "--data và --now viết sau tên lệnh: desk province status …"),
    ],
)
def test_without_a_terminal_it_is_a_command_without_a_name(
    words: tuple[str, ...], status: int, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["province", *words]) == status
    assert capsys.readouterr().err == f"desk: {line}\n"


def test_a_folder_without_a_province_is_one_line_in_a_terminal(tmp_path: Path) -> None:
    started = Terminal(APP, "province", "--data", str(tmp_path / "none"))
    try:
        assert started.process.wait(DEADLINE) == 2
        started.rest()
        assert "thiết lập phía tỉnh; hãy chạy «desk province init»" in started.text
    finally:
        started.close()


COUNTER = """
import sys
from desk.tui.keys import prepare_terminal
prepare_terminal()
import desk.tui.app, desk.tui.screens.home, desk.tui.screens.opening
print(sorted(name for name in sys.modules if name.startswith(("desk.tui.province", "desk.province"))))
"""


def test_the_counter_loads_nothing_of_the_office() -> None:
    done = subprocess.run([sys.executable, "-c", COUNTER], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
