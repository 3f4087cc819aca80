"""SIGTERM, a lost terminal and a stopped process, through a real pseudo-terminal: the draft survives each."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from desk.bootstrap import make_centre, open_centre
from desk.counter.model import Refused
from desk.settings import CentreSettings, Paths, read_settings, write_settings
from desk.tui.draft import DraftBox
from tests.sync.link import Impostor
from tests.tui.terminal import COUNTER_APP, Terminal

F2, F3, F5, F7, F9 = "\x1bOQ", "\x1bOR", "\x1b[15~", "\x1b[18~", "\x1b[20~"
ENTER_ALTERNATE, LEAVE_ALTERNATE = b"\x1b[?1049h", b"\x1b[?1049l"


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    """A practice centre whose morning has not begun."""
    found = Paths(tmp_path / "desk")
    made = make_centre(found, CentreSettings("18229", "Xã Đức Thọ", practice=True), officer="Lê Thị Hoa")
    assert not isinstance(made, Refused)
    made.close()
    monkeypatch.setenv("DESK_DATA", str(found.folder))
    return found


@pytest.fixture
def home(paths: Paths) -> Iterator[Terminal]:
    """The day's work, the morning left behind."""
    assert paths.settings.exists()
    started = Terminal(COUNTER_APP)
    try:
        started.wait("BUỔI SÁNG")
        started.send("\r")
        started.wait("Không có hồ sơ nào")
        yield started
    finally:
        started.close()


@pytest.fixture
def typing(home: Terminal) -> Terminal:
    """An officer in the middle of a name."""
    home.send(F2)
    home.wait("TIẾP NHẬN")
    home.send("Lê Thị Hạnh")
    home.wait("Lê Thị Hạnh")
    return home


def kept_names(paths: Paths) -> list[str]:
    """Names in the drafts that outlived the program."""
    desk = open_centre(paths)
    assert not isinstance(desk, Refused)
    try:
        assert desk.drafts is not None
        return [draft.people.person.name for draft in DraftBox(desk.drafts).all()]
    finally:
        desk.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_gives_the_terminal_back_and_keeps_the_draft(
    typing: Terminal, paths: Paths, number: signal.Signals
) -> None:
    typing.process.send_signal(number)
    typing.rest()
    assert typing.process.wait(30) == -number
    assert typing.sent.rindex(LEAVE_ALTERNATE) > typing.sent.rindex(ENTER_ALTERNATE)
    assert b"\x1b[?25h" in typing.sent[typing.sent.rindex(LEAVE_ALTERNATE) :]
    assert b"Traceback" not in typing.sent
    assert kept_names(paths) == ["Lê Thị Hạnh"]


def test_the_fast_lane_is_kept_too(home: Terminal, paths: Paths) -> None:
    home.send(F3)
    home.wait("CHỨNG THỰC NHANH")
    home.send("Lê Thị Hạnh")
    home.wait("Lê Thị Hạnh")
    home.process.send_signal(signal.SIGHUP)
    home.rest()
    assert home.process.wait(30) == -signal.SIGHUP
    assert kept_names(paths) == ["Lê Thị Hạnh"]


@pytest.mark.parametrize("told", [True, False])
def test_a_lost_terminal_ends_the_program_and_keeps_the_draft(typing: Terminal, paths: Paths, told: bool) -> None:
    typing.hang_up(told=told)
    assert typing.process.wait(30) == -signal.SIGHUP
    assert kept_names(paths) == ["Lê Thị Hạnh"]


def test_another_size_in_the_middle_of_a_form_loses_nothing(typing: Terminal, paths: Paths) -> None:
    for columns, lines in ((40, 10), (200, 60), (40, 10), (80, 24)):
        typing.resize(columns, lines)
        typing.quiet()
        typing.send("x")
        typing.quiet()
    typing.wait("Lê Thị Hạnhxxxx")
    typing.send("\x7f\x7f\x7f\x7f Vân\r")
    typing.wait("Lê Thị Hạnh Vân")
    typing.process.send_signal(signal.SIGTERM)
    typing.rest()
    assert b"Traceback" not in typing.sent
    assert kept_names(paths) == ["Lê Thị Hạnh Vân"]


def test_ctrl_c_neither_ends_the_program_nor_loses_a_letter(typing: Terminal, paths: Paths) -> None:
    typing.send("\x03")
    typing.process.send_signal(signal.SIGINT)
    typing.send("\x1a\x1c V")
    typing.process.send_signal(signal.SIGINT)
    typing.send("ân")
    typing.wait("Lê Thị Hạnh Vân")
    assert typing.process.poll() is None
    typing.process.send_signal(signal.SIGTERM)
    typing.rest()
    assert b"Traceback" not in typing.sent
    assert kept_names(paths) == ["Lê Thị Hạnh Vân"]


def test_a_process_sent_to_the_background_gives_the_terminal_back_and_takes_it_again(typing: Terminal) -> None:
    typing.process.send_signal(signal.SIGTSTP)
    found, status = os.waitpid(typing.process.pid, os.WUNTRACED)
    assert (found, os.WIFSTOPPED(status)) == (typing.process.pid, True)
    typing.drain()
    assert typing.sent.rindex(LEAVE_ALTERNATE) > typing.sent.rindex(ENTER_ALTERNATE)
    typing.screen.reset()
    typing.process.send_signal(signal.SIGCONT)
    typing.wait("TIẾP NHẬN")
    typing.wait("Lê Thị Hạnh")
    typing.send(" Vân")
    typing.wait("Lê Thị Hạnh Vân")
    assert typing.sent.rindex(ENTER_ALTERNATE) > typing.sent.rindex(LEAVE_ALTERNATE)


def test_a_stopped_process_goes_on_where_it_was(typing: Terminal) -> None:
    typing.process.send_signal(signal.SIGSTOP)
    typing.send(" Vân")
    typing.process.send_signal(signal.SIGCONT)
    typing.wait("Lê Thị Hạnh Vân")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_an_end_while_it_is_being_loaded_gives_the_terminal_back(paths: Paths, number: signal.Signals) -> None:
    assert paths.settings.exists()
    started = Terminal(COUNTER_APP)
    try:
        started.wait("MỘT CỬA")
        started.process.send_signal(number)
        started.rest()
        assert started.process.wait(30) in {128 + number, -number}
        assert started.sent.rindex(LEAVE_ALTERNATE) > started.sent.rindex(ENTER_ALTERNATE)
        assert b"\x1b[?25h" in started.sent[started.sent.rindex(LEAVE_ALTERNATE) :]
        assert b"Traceback" not in started.sent
    finally:
        started.close()


def test_an_end_does_not_wait_for_a_line_that_hangs(paths: Paths) -> None:
    with Impostor(b"", silent=True) as server:
        write_settings(paths, replace(read_settings(paths), ways=(server.address,), certificate="SHA256:" + "0" * 64))
        started = Terminal(COUNTER_APP)
        try:
            started.wait("BUỔI SÁNG")
            started.send("\r")
            started.wait("Không có hồ sơ nào")
            started.send(F7)
            started.wait("chưa chốt")
            started.send(F7)
            started.wait("đang gửi")
            started.send(F9)
            started.wait("Mọi lệnh")
            started.send("thoat\r")
            started.rest()
            # The server never answers, and an attempt takes longer than this.
            assert started.process.wait(30) == 0
            assert b"Traceback" not in started.sent
        finally:
            started.close()


def test_a_spoilt_screen_is_sent_again_when_the_key_of_the_work_is_pressed_again(home: Terminal) -> None:
    home.quiet(0.5)
    home.screen.reset()
    for _each in range(3):
        assert "MỘT CỬA" not in home.text
        home.send(F5)
        if home.quiet(0.5) > 1000:
            break
    home.wait("MỘT CỬA")
    home.wait("Không có hồ sơ nào")
    home.wait("F1 Giúp")
