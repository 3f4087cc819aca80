"""The way of a key: one at a time and in order, with scans recognised before anything acts on them.

Textual hands printable keys to the focused widget at once and runs bindings later, after the key has risen to the
App; in a burst (input method, scanner, slow link) later keys overtake earlier ones. Here every key that may move the
focus or run an action is followed to its end before the next one starts.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.message import Message

from desk.tui.widgets.form_input import FormInput
from desk.tui.widgets.moves import Next
from desk.tui.widgets.scan import SILENCE, STALL, Scan, ScanDetector

_END_KEYS = {"enter": "\r", "ctrl+j": "\n", "tab": "\t"}
_SEPARATORS = frozenset({"ctrl+right_square_bracket", "ctrl+circumflex_accent", "ctrl+backslash", "ctrl+underscore"})
_PERSON_AT_MOST = 2
"""Held keys that still run as commands when they came as fast as a machine's."""
_OF_A_CODE = frozenset("0123456789|")
_PATIENCE = 2.0
"""Seconds one key may take before the next is let through: a stuck handler must not lock the keyboard."""


class Release(events.Event, bubble=False):
    """A key or paste whose turn has come."""

    def __init__(self, event: events.Key | events.Paste) -> None:
        super().__init__()
        self.event = event


@dataclass
class Scanned(Message):
    """A code was scanned on the current screen; `field` is where its characters had gone before they were taken back.

    Handle it with `on_scanned` on a screen; what no screen stops reaches the App.
    """

    payload: str
    field: FormInput | None = None
    entered: bool = False

    def give_back(self) -> str:
        """Type the payload into the field after all, its Enter too: it was typing that arrived in one piece.

        Return what the field does not take; then the Enter waits for the officer.
        """
        if self.field is None:
            return ""
        refused = self.field.type_text(self.payload)
        if self.entered and not refused:
            self.field.post_message(Next(self.field))
        return refused


@dataclass
class ScanBroken(Message):
    """A scan without its end mark came where nothing can be typed; it was dropped. Its length is known, no more."""

    length: int


class Cancellable(Protocol):
    """What a schedule returns."""

    def cancel(self) -> object:
        """Forget the call."""


Schedule = Callable[[float, Callable[[], None]], Cancellable]
"""Call a function once after so many seconds."""


def _schedule(delay: float, callback: Callable[[], None]) -> Cancellable:
    return asyncio.get_running_loop().call_later(delay, callback)


class KeyRouter:
    """Takes the keys of one App and lets them through one by one.

    A printable key that no text field takes is held for `silence` seconds: a scan must never run a command.
    """

    def __init__(
        self,
        app: App[Any],
        *,
        detector: ScanDetector | None = None,
        silence: float = SILENCE,
        schedule: Schedule = _schedule,
    ) -> None:
        self.detector = detector or ScanDetector()
        self.silence = silence
        self.schedule = schedule
        self.listener: Callable[[events.Key | events.Paste], bool] | None = None
        """Hears every key and paste as it arrives; what it takes (True) goes no further."""
        self._app = app
        self._queue: deque[events.Key | events.Paste | int] = deque()
        self._held: list[events.Key] = []
        self._timer: Cancellable | None = None
        self._round = 0
        self._stalled = False
        self._scan_ended = float("-inf")
        self._task: asyncio.Task[None] | None = None

    def take(self, item: events.Key | events.Paste | int) -> None:
        """Queue a key or paste as it arrives; a number is the end of a silence."""
        if self.listener is not None and not isinstance(item, int) and self.listener(item):
            return
        self._queue.append(item)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._drain(), name="keys")
            self._task.add_done_callback(self._drained)

    async def settled(self) -> None:
        """Return when every key taken so far has had its whole effect (held keys excepted)."""
        while self._task is not None and not self._task.done():
            await asyncio.wait({self._task})

    def _drained(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:

            def fail() -> None:
                raise error

            self._app.call_later(fail)

    async def _drain(self) -> None:
        while self._queue:
            item = self._queue.popleft()
            if isinstance(item, events.Paste):
                await self._paste(item)
            elif isinstance(item, events.Key):
                await self._key(item)
            elif item == self._round:
                await self._silence_over()

    async def _paste(self, event: events.Paste) -> None:
        await self._flush()
        scan = self.detector.paste(event.text, event.time)
        if scan is None:
            await self._release(event)
        else:
            await self._scanned(scan)

    async def _key(self, event: events.Key) -> None:
        end = _END_KEYS.get(event.key)
        char = "" if event.key in _SEPARATORS else event.character if _is_text(event) else None
        if end is not None:
            await self._end_mark(event, end)
        elif char is None or (char == "" and not self.detector.length):
            self.detector.reset()
            await self._flush()
            await self._release(event, wait=not self._taken_by_field(event))
        else:
            self.detector.feed(char, event.time)
            self._scan_ended = float("-inf")
            if self._taken_by_field(event):
                await self._release(event, wait=False)
            elif char and event.is_printable:
                self._hold(event)

    async def _end_mark(self, event: events.Key, end: str) -> None:
        scan = self.detector.feed(end, event.time)
        if scan is not None:
            await self._scanned(scan)
        elif not self._held and event.time - self._scan_ended < SILENCE:
            # The second half of a scanner's CR LF, or a device that sends its end mark twice.
            self._scan_ended = event.time
        else:
            await self._flush()
            await self._release(event)

    def _taken_by_field(self, event: events.Key) -> bool:
        focused = self._app.focused
        return focused is not None and focused.check_consume_key(event.key, event.character)

    def _hold(self, event: events.Key) -> None:
        self._held.append(event)
        self._stalled = False
        self._wait(self.silence)

    def _wait(self, delay: float) -> None:
        self._stop_waiting()
        number = self._round
        self._timer = self.schedule(delay, lambda: self.take(number))

    def _stop_waiting(self) -> None:
        self._round += 1
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    async def _silence_over(self) -> None:
        if self.detector.is_machine and len(self._held) > _PERSON_AT_MOST and not self._stalled:
            self._stalled = True
            self._wait(STALL)
        else:
            await self._flush()

    async def _flush(self) -> None:
        """Run the held keys as commands, unless a machine sent them."""
        if not self._held:
            return
        self._stop_waiting()
        held, self._held = self._held, []
        machine = len(held) > _PERSON_AT_MOST and self.detector.is_machine and not self._is_typing(held)
        self.detector.reset()
        if machine:
            self._app.screen.post_message(ScanBroken(len(held)))
            return
        for event in held:
            await self._release(event)

    def _is_typing(self, held: list[events.Key]) -> bool:
        """Say whether a fast burst is words: a slow link sends what was typed in one piece, a code has digits."""
        return getattr(self._app.screen, "takes_typing", False) and not any(
            key.character in _OF_A_CODE for key in held if key.character
        )

    async def _scanned(self, scan: Scan) -> None:
        self._stop_waiting()
        self._held.clear()
        self._scan_ended = scan.ended
        field = self._app.focused
        if not isinstance(field, FormInput):
            field = None
        else:
            # The last characters are on their way through the App's queue.
            await _reached(self._app)
            field.call_later(field.withdraw, scan.started)
            await _reached(field)
        self._app.screen.post_message(Scanned(scan.payload, field, scan.entered))
        await self._settle()

    async def _release(self, event: events.Key | events.Paste, *, wait: bool = True) -> None:
        self._app.post_message(Release(event))
        if wait:
            await self._settle()

    async def _settle(self) -> None:
        """Follow a key up from the focused widget to the App, then once more for the messages it caused."""
        for _round in range(2):
            await _reached(self._app)
            if not self._app.is_running or not self._app.screen_stack:
                return
            start: DOMNode = self._app.focused or self._app.screen
            for node in start.ancestors_with_self:
                await _reached(node)


def _is_text(event: events.Key) -> bool:
    """Say whether a key belongs to a burst: `Hà Nội` in the wrong code page has hard blanks and control characters."""
    char = event.character
    return char is not None and (char.isprintable() or (len(char) == 1 and ord(char) >= 0x80))


async def _reached(node: DOMNode) -> None:
    """Return when `node` has worked off everything now in its queue, or has ended."""
    done = asyncio.get_running_loop().create_future()

    def reached() -> None:
        if not done.done():
            done.set_result(None)

    if not node.call_later(reached):
        return
    waiting: set[asyncio.Future[Any]] = {done}
    if node._task is not None:
        waiting.add(node._task)
    await asyncio.wait(waiting, timeout=_PATIENCE, return_when=asyncio.FIRST_COMPLETED)
