"""Small Apps, bursts of bytes as a terminal sends them, and time by hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from textual._xterm_parser import XTermParser
from textual.app import ComposeResult
from textual.message import Message
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widget import Widget

from desk.tui.widgets.routed_app import RoutedApp
from desk.tui.widgets.router import Scanned
from desk.tui.widgets.screens import WorkScreen

HOSTILE = (
    "[red]x[/]",
    "[/]",
    "[@click=app.quit]x[/]",
    "[bold",
    "\x1b[31mđỏ\x1b[0m",
    "\x1b]0;title\x07",
    "a\u202eb\u2066c\u200bd\ufeff",
    "Nguye\u0302\u0303n Thi\u0323 Thu\u0301y",
    "𠮷野家" * 40,
    "a\u0301\u0302\u0303\u0304\u0305" * 20,
    "x" * 300,
    "tab\there\nline\rreturn",
    "\ud800 lone",
    "",
)


class HandSchedule:
    """Calls wait until `fire`."""

    class _Call:
        def __init__(self, delay: float, callback: Callable[[], None]) -> None:
            self.delay = delay
            self.callback: Callable[[], None] | None = callback

        def cancel(self) -> None:
            self.callback = None

    def __init__(self) -> None:
        self.calls: list[HandSchedule._Call] = []

    def __call__(self, delay: float, callback: Callable[[], None]) -> HandSchedule._Call:
        self.calls.append(self._Call(delay, callback))
        return self.calls[-1]

    def fire(self) -> int:
        """Run what is due, return how many calls there were."""
        due, self.calls = self.calls, []
        callbacks = [call.callback for call in due if call.callback is not None]
        for callback in callbacks:
            callback()
        return len(callbacks)


class SmallApp(RoutedApp):
    """An App of the given widgets that remembers what rose to it."""

    def __init__(self, *widgets: Widget) -> None:
        super().__init__()
        self.given = widgets
        self.schedule = HandSchedule()
        self.router.schedule = self.schedule
        self.heard: list[Message] = []
        self.commands: list[str] = []

    def compose(self) -> ComposeResult:
        yield from self.given

    async def _on_message(self, message: Message) -> None:
        if type(message).__module__.startswith("desk."):
            self.heard.append(message)
        await super()._on_message(message)

    def of(self, kind: type[Any]) -> list[Any]:
        """What was heard of one kind."""
        return [message for message in self.heard if isinstance(message, kind)]

    @property
    def payloads(self) -> list[str]:
        return [message.payload for message in self.of(Scanned)]


class NumberedScreen(WorkScreen[None]):
    """A screen whose digits and letters are commands."""

    BINDINGS = [("1", "run('1')", ""), ("2", "run('2')", ""), ("v,V", "run('v')", "")]  # noqa: RUF012

    def __init__(self, *widgets: Widget) -> None:
        super().__init__()
        self.given = widgets
        self.ran: list[str] = []

    def compose(self) -> ComposeResult:
        yield from self.given

    def action_run(self, what: str) -> None:
        self.ran.append(what)


Burst = Callable[..., Awaitable[None]]


async def _burst(
    app: RoutedApp, pilot: Pilot[None], data: str, *, start: float | None = None, gap: float = 0.001
) -> None:
    """Send bytes as one read of the terminal; with `start`, key times are `gap` seconds apart."""
    parser = XTermParser()
    tokens = [*parser.feed(data), *parser.feed("")]
    for number, token in enumerate(tokens):
        if start is not None:
            token.time = start + number * gap
        app.post_message(token)
    await pilot.pause()
    await app.router.settled()
    await pilot.pause()


@pytest.fixture
def burst() -> Burst:
    return _burst


@pytest.fixture
def small_app() -> type[SmallApp]:
    return SmallApp


@pytest.fixture
def numbered_screen() -> type[NumberedScreen]:
    return NumberedScreen


@pytest.fixture
def hostile() -> Sequence[str]:
    return HOSTILE


@pytest.fixture
def screen_text() -> Callable[[RoutedApp], list[str]]:
    """Return what the present screen shows, line by line."""

    def shown(app: RoutedApp) -> list[str]:
        lines: list[Strip] = app.screen._compositor.render_strips()
        return [line.text.rstrip() for line in lines]

    return shown


@pytest.fixture
def repainted() -> Callable[[Widget], Any]:
    """Collect the regions a widget asks to have painted again; an empty tuple is the whole widget."""

    @contextmanager
    def watch(widget: Widget) -> Iterator[list[Any]]:
        seen: list[Any] = []
        original = widget.refresh

        def refresh(*regions: Any, **options: Any) -> Widget:
            seen.append(regions)
            return original(*regions, **options)

        widget.refresh = refresh  # type: ignore[method-assign]
        try:
            yield seen
        finally:
            del widget.refresh

    return watch
