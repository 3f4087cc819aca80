"""What is sent to the clipboard, byte for byte: base64 of NFC UTF-8 in OSC 52, and nothing else."""

from __future__ import annotations

import base64
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from db.vocabulary import Channel
from desk.bootstrap import make_centre
from desk.counter.model import Done, PersonInput, Receive, Refused
from desk.settings import CentreSettings, Paths
from desk.tui.clipboard import MOST_BYTES, Sent, sequence
from desk.tui.widgets.text import one_line
from tests.tui.conftest import HOSTILE
from tests.tui.terminal import COUNTER_APP, HERE, Terminal

TMUX_APP = HERE / "tmux_app.py"
needs_tmux = pytest.mark.skipif(
    shutil.which("tmux") is None and not os.environ.get("DESK_REQUIRE_SERVERS"), reason="there is no tmux here"
)
XTERM = {"TERM": "xterm-256color"}
PLAIN = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/]*={0,2})\x07")


def sent(text: str, environ: dict[str, str]) -> bytes:
    found = sequence(text, environ)
    assert isinstance(found, str), found
    return found.encode("ascii")


@pytest.mark.parametrize("text", HOSTILE)
def test_only_nfc_letters_on_one_line_go_out(text: str) -> None:
    found = PLAIN.fullmatch(sent(text, XTERM))
    assert found is not None
    pasted = base64.b64decode(found[1], validate=True).decode("utf-8")
    assert all(char.isprintable() for char in pasted)
    assert pasted == one_line(text)


def test_inside_tmux_both_ways_are_tried() -> None:
    plain = sent("Đỗ Ỷ", XTERM)
    for environ in ({**XTERM, "TMUX": "/tmp/x,1,0"}, {"TERM": "tmux-256color"}):
        assert sent("Đỗ Ỷ", environ) == plain + b"\x1bPtmux;\x1b" + plain + b"\x1b\\"


def test_inside_screen_it_goes_through_in_pieces_screen_can_hold() -> None:
    text = "Đặng Xá " * 100
    plain = sent(text, XTERM)
    whole = sent(text, {"TERM": "screen"})
    assert whole.startswith(plain)
    data = whole.removeprefix(plain)
    pieces = re.findall(rb"\x1bP(.*?)\x1b\\", data, re.DOTALL)
    assert b"".join(b"\x1bP" + piece + b"\x1b\\" for piece in pieces) == data
    assert max(len(piece) for piece in pieces) + 4 <= 256
    assert b"".join(pieces) == plain


def test_what_is_too_long_or_has_no_clipboard_is_not_sent() -> None:
    assert isinstance(sequence("x" * MOST_BYTES, XTERM), str)
    assert sequence("x" * (MOST_BYTES + 1), XTERM) is Sent.TOO_LONG
    assert sequence("ễ" * (MOST_BYTES // 3 + 1), XTERM) is Sent.TOO_LONG
    for term in ("linux", "dumb", ""):
        assert sequence("x", {"TERM": term}) is Sent.NO_TERMINAL


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A centre with one dossier whose name was sent decomposed and with controls in it."""
    made = make_centre(Paths(tmp_path / "desk"), CentreSettings("18229", "Xã Đức Thọ", practice=True))
    assert not isinstance(made, Refused)
    person = PersonInput(
        "Nguye\u0302\u0303n\x07 \u202eThi\u0323 Thúy", id_number="042180000708", address="Thôn 1\x1b[31m, xã Kỳ Lợi"
    )
    assert isinstance(made.counter.receive(Receive("c1", "1.004873", Channel.DIRECT, person, officer_id=1)), Done)
    made.close()
    monkeypatch.setenv("DESK_DATA", str(tmp_path / "desk"))
    for name in ("TMUX", "STY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def counter(centre: None) -> Iterator[Terminal]:  # noqa: ARG001 - it has to be there
    """The counter in a terminal."""
    started = Terminal(COUNTER_APP)
    try:
        started.wait("BUỔI SÁNG")
        yield started
    finally:
        started.close()


def type_again(counter: Terminal) -> None:
    """Open the oldest dossier that has no official code."""
    counter.wait("BUỔI SÁNG")
    counter.send("\x1b[20~")
    counter.wait("gõ tên lệnh")
    counter.send("nhap lai")
    counter.wait("Nhập lại vào hệ thống")
    counter.send("\r")
    counter.wait("NGUYỄN THỊ THÚY")


@contextmanager
def in_tmux(folder: Path, *settings: str) -> Iterator[tuple[Terminal, Callable[[], str]]]:
    """Run the counter in a tmux with these settings; yield it and what reads tmux's own paste buffer."""
    socket, file = folder / "tmux", folder / "tmux.conf"
    file.write_text("\n".join(("set -g status off", "set -s escape-time 0", *settings)) + "\n", encoding="ascii")

    def tmux(*words: str) -> str:
        ran = subprocess.run(["tmux", "-u", "-S", str(socket), *words], capture_output=True, check=False)
        return ran.stdout.decode("utf-8")

    started = Terminal(TMUX_APP, str(socket), str(file))
    try:
        yield started, lambda: tmux("show-buffer")
    finally:
        tmux("kill-server")
        started.close()


@needs_tmux
@pytest.mark.usefixtures("centre")
def test_the_fields_really_arrive_in_tmux(tmp_path: Path) -> None:
    with in_tmux(tmp_path, "set -s set-clipboard on") as (counter, buffer):
        type_again(counter)
        for said, value in (
            ("đã chép Mã thủ tục", "1.004873"),
            ("đã chép Kênh", "Trực tiếp"),
            ("đã chép Loại", "Công dân"),
            ("đã chép Họ tên", "NGUYỄN THỊ THÚY"),
            ("Giới tính: máy không lưu", "NGUYỄN THỊ THÚY"),
        ):
            counter.send("\r")
            counter.wait(said)
            assert buffer() == value


@needs_tmux
@pytest.mark.usefixtures("centre")
def test_where_tmux_keeps_it_to_itself_the_way_by_hand_is_on_the_screen(tmp_path: Path) -> None:
    with in_tmux(tmp_path, "set -s set-clipboard off", "set -g allow-passthrough off") as (counter, buffer):
        type_again(counter)
        counter.send("\r")
        counter.wait("đã chép Mã thủ tục")
        assert buffer() == ""
        assert "không dán được: bôi đen dòng trên bằng chuột (giữ Shift), Ctrl+Shift+C" in counter.text
        assert b"]52;" not in counter.sent


@pytest.mark.usefixtures("centre")
def test_a_console_without_a_clipboard_says_so_at_once() -> None:
    counter = Terminal(COUNTER_APP, environ={"TERM": "linux"})
    try:
        type_again(counter)
        counter.send("\r")
        counter.wait("Cửa sổ này không có khay nhớ tạm: nhìn mà gõ, rồi Enter.")
        assert b"]52;" not in counter.sent
    finally:
        counter.close()


def test_enter_by_enter_the_fields_go_to_the_terminals_clipboard(counter: Terminal, tmp_path: Path) -> None:
    type_again(counter)
    for said in ("đã chép Mã thủ tục", "đã chép Kênh", "đã chép Loại", "đã chép Họ tên"):
        counter.send("\r")
        counter.wait(said)
    counter.send("\r")
    counter.wait("Giới tính: máy không lưu")
    counter.send("\r")
    counter.wait("Ngày sinh: máy không lưu")
    counter.send("\r")
    counter.wait("đã chép Số định danh")
    counter.send("\r")
    counter.wait("đã chép Địa chỉ")
    copied = [base64.b64decode(found, validate=True).decode("utf-8") for found in PLAIN.findall(counter.sent)]
    assert copied == [
        "1.004873", "Trực tiếp", "Công dân", "NGUYỄN THỊ THÚY", "042180000708", "Thôn 1[31m, xã Kỳ Lợi",
    ]  # fmt: skip
    # Nothing but these strings reached the terminal as OSC 52, and none carried a control of its own.
    assert counter.sent.count(b"]52;") == len(copied)
    counter.send("\x1b[20~")
    counter.wait("gõ tên lệnh")
    counter.send("thoat\r")
    counter.rest()
    assert counter.process.wait(30) == 0
    ticks = (tmp_path / "desk" / "retype-1.json").read_text(encoding="ascii")
    assert "042180000708" not in ticks
    assert '"id_number"' in ticks


def test_a_scan_under_trial_in_a_real_terminal_is_judged_and_opens_nothing(counter: Terminal) -> None:
    card = "042180000708||Nguyễn Thị Thúy|02021980|Nữ|Thôn Đặng Xá, xã Cẩm Xá, Hưng Yên|11052021"
    counter.send("k")
    counter.wait("KIỂM TRA MÁY")
    counter.send("\r")
    counter.wait("THỬ MÁY QUÉT")
    counter.send(card + "\r")
    counter.wait("ĐẠT")
    counter.wait("đuôi: Enter")
    counter.send("\x1bOQ")
    counter.wait("Máy quét: đạt")
    counter.send("\x1b[B\x1b[B\r")
    counter.wait("THỬ PHÍM")
    counter.send("\x1bOP\x1b[24~\x0e\x07")
    counter.wait("F12 tới")
    counter.wait("Ctrl+G tới")
    assert any("F1 tới" in line for line in counter.screen.display)
    assert any("F9 …" in line for line in counter.screen.display)
