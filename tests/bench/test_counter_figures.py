"""The figures of the counter at work in a real terminal of 80x24, beside what one would have written first.

DESK_BENCH_SIZES=10000,1000000 names the numbers of dossiers, DESK_BENCH_DATA the folder that keeps the practice centres
of these sizes, DESK_BENCH_THOROUGH=1 measures an idle minute and the keys of an hour. The speed of making a centre has
a place of its own, `test_demo_speed`. The first paint is the counter's name, which is there before its screens are.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest

from db.vocabulary import Channel
from desk import bootstrap
from desk.counter.model import PersonInput, Receive, Refused
from desk.rules import moment
from desk.settings import CentreSettings, Paths
from tests.bench.measuring import (
    GIVEN,
    NOW,
    SETTLED,
    SIZES,
    THOROUGH,
    KeyTimes,
    Measured,
    centre,
    median_of,
    percentile,
    type_through,
)  # fmt: skip
from tests.tui.screens.receive_app import THUY, Y

pytestmark = [pytest.mark.bench, pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /proc")]

HERE = Path(__file__).parent
COUNTER, BASELINE, BARE = HERE / "counter_app.py", HERE / "baseline_app.py", HERE / "bare_app.py"
FIND, CLEAR, ENTER, ESCAPE, HOME = "\x1bOS", "\x15", "\r", "\x1b", "\x1b[15~"
DOWN, UP, RECEIVE, LANE, NAME = "\x1b[B", "\x1b[A", "\x1bOQ", "\x1bOR", "tran van a"
WORDS = ("nguyen van", "tran thi hoa", "le duc", "0708", "260105") if THOROUGH else ("le duc", "0708")
IDLE = 60 if THOROUGH else 3
HOUR = 60 if THOROUGH else 3
"""Citizens of an hour: each is looked for, their dossier opened and left again, a form begun for the next."""
WORKED = 0.1
"""Seconds without a byte after which the next key of the hour comes: memory is measured here, not time."""
STARTS = 5 if THOROUGH else 2
SAVES = 200 if THOROUGH else 20


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("centres")


@contextmanager
def counter_on(paths: Paths) -> Iterator[Measured]:
    """Open the counter at its search, the morning's drill left behind."""
    terminal = Measured(COUNTER, str(paths.folder), moment.text(NOW))
    try:
        terminal.wait("F1 Giúp")
        terminal.reach("tìm:", HOME, FIND)
        terminal.begin(paints=False)
        yield terminal
    finally:
        terminal.close()


@contextmanager
def baseline_on(paths: Paths) -> Iterator[Measured]:
    terminal = Measured(BASELINE, str(paths.folder))
    try:
        terminal.wait("ready")
        terminal.begin(paints=False)
        yield terminal
    finally:
        terminal.close()


def told(capsys: pytest.CaptureFixture[str], *lines: str) -> None:
    with capsys.disabled():
        print("", *lines, sep="\n")


def line(what: str, must: str, ours: str, baseline: str = "-") -> str:
    return f"  {what:<46} {must:>22} {ours:>22} {baseline:>22}"


HEAD = line("", "must reach", "ours", "baseline")


@pytest.mark.parametrize("dossiers", SIZES)
def test_keys(dossiers: int, kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = centre(kept, dossiers)
    with counter_on(paths) as terminal:
        ours = type_through(terminal, WORDS, CLEAR)
        moves = [terminal.key(key) for key in (*NAME, *[DOWN, UP] * len(NAME))]
        terminal.key(CLEAR)
        terminal.key(RECEIVE)
        moves += [terminal.key(letter) for letter in NAME]
    with baseline_on(paths) as terminal:
        plain = type_through(terminal, WORDS, CLEAR)
    assert len(ours) == len(plain) == sum(map(len, WORDS))
    assert all(each.received for each in ours)

    def late(times: list[KeyTimes], name: str) -> str:
        values = [getattr(each, name) for each in times]
        return f"{percentile(values, 50):.0f} / {percentile(values, 95):.0f}"

    told(
        capsys,
        f"{dossiers:,} dossiers, {len(ours)} keys, median / p95",
        HEAD,
        line("key to echo, ms", "p95 25, half", late(ours, "echo"), late(plain, "echo")),
        line("key to settled finds, ms", "p95 60", late(ours, "settled"), late(plain, "settled")),
        line("bytes per key of a search", "", late(ours, "received"), late(plain, "received")),
        line("bytes per key in search, list and form", "400 / 4000", late([*ours, *moves], "received")),
    )


def test_idle(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with counter_on(centre(kept, SIZES[0])) as terminal:
        came = sum(terminal.quiet(1.0) for _each in range(IDLE))
    words = f"idle for {IDLE} s" + ("" if IDLE >= 60 else f", x {60 // IDLE} a minute")
    told(capsys, HEAD, line(f"bytes, {words}", "200 a minute", f"{came * max(1, 60 // IDLE)} a minute"))


COPY = ("1", *"bang", ENTER, "1", ENTER, "3", ENTER)
BIRTH = (*"0912345678", ENTER, *"khai sinh", ENTER, "*", RECEIVE)


@pytest.mark.parametrize(
    ("what", "place", "title", "card", "name", "keys", "most"),
    [
        ("certified copy", LANE, "CHỨNG THỰC NHANH", Y, "Trần Văn Ỷ", COPY, 12),
        ("birth registration", RECEIVE, "TIẾP NHẬN", THUY, "Nguyễn Thị Thúy", BIRTH, 25),
    ],
)
def test_keys_after_a_scan(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    what: str,
    place: str,
    title: str,
    card: str,
    name: str,
    keys: tuple[str, ...],
    most: int,
) -> None:
    paths = Paths(tmp_path / "desk")
    made = bootstrap.make_centre(paths, CentreSettings("18229", "Xã Đức Thọ", practice=True), officer="Lê Thị Hoa")
    assert not isinstance(made, Refused)
    made.close()
    terminal = Measured(COUNTER, str(paths.folder), moment.text(NOW))
    try:
        terminal.wait("BUỔI SÁNG")
        terminal.reach(title, ENTER, place)
        terminal.send(f"{card}\r")
        terminal.wait(name)
        for key in keys:
            terminal.quiet(SETTLED)
            terminal.send(key)
        terminal.wait("đã lưu TN-0313-0001J")
    finally:
        terminal.close()
    told(capsys, HEAD, line(f"keys after the scan, {what}", str(most), str(len(keys))))


def test_start(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = centre(kept, SIZES[-1])

    def bare() -> float:
        began = time.perf_counter()
        terminal = Measured(BARE)
        try:
            return terminal.until(began, "ready")
        finally:
            terminal.close()

    usable: list[float] = []

    def ours() -> float:
        began = time.perf_counter()
        terminal = Measured(COUNTER, str(paths.folder), moment.text(NOW))
        try:
            painted = terminal.until(began, "MỘT CỬA", "BUỔI SÁNG")
            usable.append(terminal.until(began, "TN-", "bấm số"))
            return painted
        finally:
            terminal.close()

    bare(), ours()
    usable.clear()
    first, plain = median_of(STARTS, ours), median_of(STARTS, bare)
    told(
        capsys,
        HEAD,
        line("first paint, warm, ms", f"{1.5 * plain:.0f}", f"{first:.0f}", f"{plain:.0f} bare app"),
        line(f"list usable at {SIZES[-1]:,}, ms", "800", f"{percentile(usable, 50):.0f}"),
    )


def test_save(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = bootstrap.open_centre(centre(kept, SIZES[-1]), now=NOW)
    assert not isinstance(desk, Refused)
    took = []
    for number in range(SAVES):
        client = str(UUID(int=time.time_ns() + number))
        order = Receive(client, "2.000815", Channel.DIRECT, PersonInput("Trần Ỷ", id_number=f"042{number:09d}"))
        began = time.perf_counter()
        done = desk.counter.receive(order)
        took.append((time.perf_counter() - began) * 1000)
        assert not isinstance(done, Refused), done
    desk.close()
    ours = f"{percentile(took, 50):.0f} / {percentile(took, 95):.0f}"
    told(capsys, HEAD, line(f"save of a dossier, durable, {SAVES} times, ms", "p95 60", ours))


def test_memory(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with counter_on(centre(kept, SIZES[-1])) as terminal:
        held = [terminal.resident]
        for _third in range(3):
            for number in range(HOUR // 3):
                for key in (*f"nguyen {number:02d}", ENTER, ESCAPE, CLEAR, RECEIVE, *NAME):
                    terminal.send(key)
                    terminal.quiet(WORKED)
                terminal.reach("tìm:", HOME, FIND)
            held.append(terminal.resident)
    ours = " ".join(f"{each:.0f}" for each in held)
    told(capsys, HEAD, line(f"MB at the start and after each third of {HOUR}", "150, not growing", ours))


def test_no_centre_is_kept_without_being_asked(kept: Path) -> None:
    assert GIVEN or str(kept) in str(centre(kept, SIZES[0]).folder)
