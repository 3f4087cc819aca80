"""The whole App on a real practice centre: a settable clock, keys as a terminal sends them, nothing sleeps.

async with running(folder) as run:
    run.desk.receive("1.001193", "Lê Đức Thọ")
    await run.keys(F5)
    assert "Lê Đức Thọ" in run.text
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from textual._xterm_parser import XTermParser
from textual.pilot import Pilot
from textual.screen import Screen
from textual.worker import WorkerCancelled

from desk.beside import Beside
from desk.mornings import Mornings
from desk.settings import Paths
from desk.sync.post import Post
from desk.tui.app import DeskApp
from desk.tui.services import Opened
from desk.tui.widgets.lines import KeyBar, Line, TopLine
from tests.counter.desk_fixture import UNIT, Clock, Desk, at, open_desk

ScreenT = TypeVar("ScreenT", bound=Screen[Any])

NOW = "2026-03-13T09:12"

F1, F2, F3, F4 = "\x1bOP", "\x1bOQ", "\x1bOR", "\x1bOS"
F5, F6, F7, F8, F9, F12 = (f"\x1b[{number}~" for number in (15, 17, 18, 19, 20, 24))
UP, DOWN, RIGHT, LEFT = (f"\x1b[{letter}" for letter in "ABCD")
HOME, END, INSERT, DELETE, PAGE_UP, PAGE_DOWN = "\x1b[H", "\x1b[F", "\x1b[2~", "\x1b[3~", "\x1b[5~", "\x1b[6~"
ENTER, TAB, BACK_TAB, ESCAPE, BACKSPACE, SPACE = "\r", "\t", "\x1b[Z", "\x1b", "\x7f", " "


class HandSchedule:
    """Calls wait until `fire`: the silence after a typed digit passes when the test says so."""

    @dataclass
    class Call:
        callback: Callable[[], None] | None

        def cancel(self) -> None:
            self.callback = None

    def __init__(self) -> None:
        self.calls: list[HandSchedule.Call] = []

    def __call__(self, delay: float, callback: Callable[[], None]) -> Call:  # noqa: ARG002 - time by hand
        self.calls.append(self.Call(callback))
        return self.calls[-1]

    def fire(self) -> None:
        due, self.calls = self.calls, []
        for callback in [call.callback for call in due if call.callback is not None]:
            callback()


@dataclass(frozen=True)
class TestServices:
    """An open centre, as the App wants it."""

    __test__ = False

    desk: Desk
    post: Post
    mornings: Mornings
    beside: Beside

    @property
    def counter(self) -> Any:
        return self.desk.counter

    def close(self) -> None:
        self.desk.records.close()


def open_services(folder: Path, now: str = NOW) -> TestServices:
    """Open a practice centre in `folder`, with an outbox and a folder to the province beside it."""
    paths = Paths(folder)
    (folder / "province").mkdir(exist_ok=True)
    clock = Clock(at(now))
    post = Post(paths, unit=UNIT, practice=True, folder=folder / "province", clock=clock)
    desk = open_desk(folder / "desk.db", post=post, clock=clock)
    return TestServices(desk, post, Mornings(folder / "morning-1"), Beside(folder))


def make_app(opener: Callable[[], Opened]) -> DeskApp:
    """Return an App whose silences pass by hand, and which sends when a test says so, and at once."""
    app = DeskApp(opener)
    app.router.schedule = HandSchedule()
    app.sending.every = None
    app.sending.start = lambda call: call()
    app.sending.sticks = tuple
    return app


@dataclass
class Running:
    """The App as it runs, and the centre under it."""

    app: DeskApp
    pilot: Pilot[None]
    services: TestServices | None = None

    @property
    def desk(self) -> Desk:
        assert self.services is not None
        return self.services.desk

    @property
    def clock(self) -> Clock:
        return self.desk.clock

    async def keys(self, *data: str) -> None:
        """Send each text as one read of the terminal, let the silence pass and everything come to rest."""
        for piece in data:
            await self.burst(piece)
            await self.silence()

    async def silence(self) -> None:
        """Let the silence pass that a typed command waits for."""
        schedule = self.app.router.schedule
        assert isinstance(schedule, HandSchedule)
        schedule.fire()
        await self.settle()

    async def burst(self, data: str, *, start: float | None = None, gap: float = 0.001) -> None:
        """Send bytes as one read; with `start`, the key times are `gap` seconds apart."""
        parser = XTermParser()
        for number, token in enumerate([*parser.feed(data), *parser.feed("")]):
            if start is not None:
                token.time = start + number * gap
            self.app.post_message(token)
        await self.settle()

    async def scan(self, *payloads: str, start: float = 1000.0, end: str = "\r") -> None:
        """Send payloads as a scanner does: very fast keys, each with an end mark, all in one read."""
        await self.burst("".join(payload + end for payload in payloads), start=start)

    async def settle(self) -> None:
        """Return when keys, workers and what they cause have come to rest."""
        for _round in range(3):
            await self.pilot.pause()
            await self.app.router.settled()
            for worker in [worker for worker in self.app.workers if worker._thread_worker]:
                # An exclusive read that a newer one made void.
                with suppress(WorkerCancelled):
                    await worker.wait()
        await self.pilot.pause()

    async def tick(self) -> None:
        """Let the App notice the minute."""
        self.app._tick()
        await self.settle()

    def screen(self, kind: type[ScreenT]) -> ScreenT:
        """Return the screen in front, which must be of this kind."""
        assert isinstance(self.app.screen, kind), self.app.screen
        return self.app.screen

    @property
    def lines(self) -> list[str]:
        """What is shown, line by line."""
        return [strip.text.rstrip() for strip in self.app.screen._compositor.render_strips()]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def note(self) -> str:
        """The last word on the screen."""
        return self.app.screen.query_one("#note", Line).text

    @property
    def top(self) -> str:
        return self.app.screen.query_one("#top", TopLine).text

    @property
    def key_bar(self) -> str:
        return self.app.screen.query_one("#keys", KeyBar).text


@asynccontextmanager
async def running(
    folder: Path,
    *,
    now: str = NOW,
    size: tuple[int, int] = (80, 24),
    before: Callable[[Desk], object] | None = None,
    morning: bool = False,
) -> AsyncIterator[Running]:
    """Run the App on a practice centre in `folder`; `before` prepares the record.

    Home is in front, or with `morning` what the App opens with.
    """
    services = open_services(folder, now)
    if before is not None:
        before(services.desk)
    app = make_app(lambda: services)
    async with app.run_test(size=size) as pilot:
        run = Running(app, pilot, services)
        await run.settle()
        if not morning:
            app.home()
            await run.settle()
        yield run
    services.close()
