"""The post while the counter is open: by the timer, at once, beside a line that hangs, and never in the way."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from db.vocabulary import Delivery
from desk.daily.model import Status
from desk.settings import Paths
from desk.sync.model import Run
from desk.sync.post import Post
from desk.sync.ways import Fetched, Trouble, WayError
from desk.tui.screens.closing import ClosingScreen
from desk.tui.screens.home import HomeScreen
from desk.tui.sending import in_thread
from desk.tui.widgets.modals import TextPage
from tests.counter.desk_fixture import LAND, UNIT, Desk
from tests.tui.screens.desk_app import ENTER, ESCAPE, F7, INSERT, Running, running
from tests.tui.screens.test_closing import PROVINCE, answer, publish


def closed(desk: Desk) -> None:
    """A day that is sealed and not sent."""
    desk.receive(LAND)
    desk.counter.close()


async def look(run: Running) -> None:
    run.app.sending.look()
    await run.settle()


def told(run: Running) -> list[str]:
    return [line[7:] for line in run.app.told.lines()]


def states(run: Running) -> list[str]:
    return [each.state for each in run.desk.counter.outgoing()]


async def test_what_waits_is_sent_and_its_receipt_taken_in_without_a_key(folder: Path) -> None:
    async with running(folder, before=closed) as run:
        assert run.key_bar.endswith("2 chưa gửi tỉnh")
        await look(run)
        assert states(run) == [Delivery.SENT, Delivery.SENT]
        assert run.key_bar.endswith("2 chờ tỉnh nhận")
        publish(folder)
        for number, file in enumerate(reversed(run.desk.counter.outgoing()), 1):
            answer(folder, file, number, Status.MERGED)
        await look(run)
        run.screen(HomeScreen)
        assert states(run) == [Delivery.CONFIRMED, Delivery.CONFIRMED]
        assert run.key_bar.endswith("đã gửi đủ")
        assert run.note == ""
        met = f"Máy vừa nhận khóa của tỉnh lần đầu, F7 xem vân tay: {PROVINCE.public.fingerprint}"
        assert told(run)[:2] == [met, "tỉnh xác nhận 2 tệp"]
        await run.keys(F7)
        run.screen(TextPage)
        assert PROVINCE.public.fingerprint in run.text
        await run.keys(ESCAPE, ESCAPE, F7)
        run.screen(ClosingScreen)


async def test_the_same_trouble_is_one_line_among_the_messages(folder: Path) -> None:
    async with running(folder, before=closed) as run:
        (folder / "province").rmdir()
        for _each in range(5):
            await look(run)
        assert run.note == ""
        assert len([line for line in told(run) if "Không thấy thư mục trao đổi" in line]) == 1


async def test_a_disk_that_fails_is_one_line_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_how: bool) -> Run:
        raise OSError(28, "No space left on device", str(folder))

    async with running(folder, before=closed) as run:
        assert run.services is not None
        monkeypatch.setattr(run.services.post, "run", full)
        for _each in range(3):
            await look(run)
        assert len([line for line in told(run) if "No space left" in line]) == 1


async def test_where_nothing_waits_nothing_is_done(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[bool] = []
    async with running(folder) as run:
        assert run.services is not None
        post = run.services.post

        def noted(*, due: bool) -> Run:
            runs.append(due)
            return Run(())

        monkeypatch.setattr(post, "run", noted)
        for _each in range(5):
            await look(run)
        assert runs == [True]
        run.desk.receive(LAND)
        run.desk.counter.close()
        await look(run)
        assert runs == [True, True]


async def test_what_another_program_brought_is_seen(folder: Path) -> None:
    async with running(folder, before=closed) as run:
        await look(run)
        publish(folder)
        for number, file in enumerate(reversed(run.desk.counter.outgoing()), 1):
            answer(folder, file, number, Status.MERGED)
        other = Post(Paths(folder), UNIT, True, folder / "province", run.clock)
        assert [item.state for item in other.run()] == ["confirmed", "confirmed"]
        await look(run)
        assert states(run) == [Delivery.CONFIRMED, Delivery.CONFIRMED]


async def test_what_waits_for_days_says_since_when(folder: Path) -> None:
    async with running(folder, before=closed) as run:
        run.clock.set("2026-03-16T09:00")
        await run.tick()
        assert run.key_bar.endswith("2 chờ từ 12/3")


class Hanging:
    """A line on which an offer hangs until it is let go."""

    name = where = "hanging"

    def __init__(self) -> None:
        self.hangs = Event()
        self.let_go = Event()

    def published(self) -> bytes | None:
        return None

    def offer(self, name: str, data: bytes) -> bool:
        self.hangs.set()
        assert self.let_go.wait(60), (name, len(data))
        raise WayError(Trouble.LINE_BROKEN, whole=True)

    def fetch(self, skip: Collection[str] = ()) -> Iterator[Fetched]:
        return (Fetched(name, None, "never") for name in skip if not name)

    def lost(self, after: int) -> Iterator[Fetched]:
        return (Fetched(str(number), None, "never") for number in range(after, 0))

    def close(self) -> None:
        pass


class Threads:
    """Threads as the program starts them, to be joined by a test."""

    def __init__(self) -> None:
        self.started: list[Thread] = []

    def __call__(self, call: Callable[[], None]) -> None:
        self.started.append(Thread(target=call, daemon=True))
        self.started[-1].start()

    def join(self) -> None:
        for each in self.started:
            each.join(60)
            assert not each.is_alive()


async def test_a_line_that_hangs_keeps_neither_screen_nor_stick_waiting(folder: Path) -> None:
    stick, threads, line = folder / "stick", Threads(), Hanging()
    stick.mkdir()
    async with running(folder, before=closed) as run:
        assert run.services is not None
        run.services.post._ways = (line,)
        run.app.sending.start = threads
        await run.keys(F7, F7)
        assert line.hangs.wait(60)
        assert run.note.endswith("đang gửi…")
        run.app.sending.start = lambda call: call()
        await run.keys(INSERT, str(stick), ENTER)
        assert run.note == "đã gửi 2 tệp, chờ tỉnh xác nhận"
        assert len(list((stick / UNIT).glob("*.daily"))) == 2
        await run.keys(ESCAPE)
        run.screen(HomeScreen)
        line.let_go.set()
        threads.join()
        await run.settle()
        assert states(run) == [Delivery.SENT, Delivery.SENT]


async def test_a_look_that_hangs_is_not_begun_twice(folder: Path) -> None:
    threads, line = Threads(), Hanging()
    async with running(folder, before=closed) as run:
        assert run.services is not None
        run.services.post._ways = (line,)
        run.app.sending.start = threads
        run.app.sending.look()
        assert line.hangs.wait(60)
        run.app.sending.look()
        assert len(threads.started) == 1
        line.let_go.set()
        threads.join()
        await run.settle()
        run.app.sending.look()
        assert len(threads.started) == 2
        threads.join()


async def test_an_end_does_not_wait_for_a_line(folder: Path) -> None:
    line = Hanging()
    async with running(folder, before=closed) as run:
        assert run.services is not None
        run.services.post._ways = (line,)
        run.app.sending.start = in_thread
        run.app.sending.look()
        assert line.hangs.wait(60)
    # The App has ended and the line still hangs; what comes back finds nobody and harms nothing.
    assert not line.let_go.is_set()
    line.let_go.set()
