"""SIGTERM, a lost terminal and a stopped process, through a real pseudo-terminal: the draft survives each."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.bootstrap import make_centre, open_centre
from desk.counter.model import Refused
from desk.settings import CentreSettings, Paths
from desk.tui.draft import DraftBox
from tests.tui.terminal import COUNTER_APP, Terminal

F2 = "\x1bOQ"
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
def typing(paths: Paths) -> Iterator[Terminal]:
    """An officer in the middle of a name."""
    assert paths.settings.exists()
    started = Terminal(COUNTER_APP)
    try:
        started.wait("BUỔI SÁNG")
        started.send("\r")
        started.wait("Không có hồ sơ nào")
        started.send(F2)
        started.wait("TIẾP NHẬN")
        started.send("Lê Thị Hạnh")
        started.wait("Lê Thị Hạnh")
        yield started
    finally:
        started.close()


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


def test_a_lost_terminal_ends_the_program_and_keeps_the_draft(typing: Terminal, paths: Paths) -> None:
    typing.hang_up()
    assert typing.process.wait(30) == -signal.SIGHUP
    assert kept_names(paths) == ["Lê Thị Hạnh"]


def test_a_stopped_process_goes_on_where_it_was(typing: Terminal) -> None:
    typing.process.send_signal(signal.SIGSTOP)
    typing.send(" Vân")
    typing.process.send_signal(signal.SIGCONT)
    typing.wait("Lê Thị Hạnh Vân")
