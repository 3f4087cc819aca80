"""The post while the counter is open: in threads of its own, which neither a screen nor the end of the program awaits.

A line may hang for as long as an attempt lasts. What such a thread does can be broken off anywhere, as by a power cut.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from contextvars import copy_context
from threading import Thread
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from desk.tui.services import Poster, failure_sentence, foreseen
from desk.words import _, counted

if TYPE_CHECKING:
    from desk.counter.model import Drill
    from desk.tui.app import DeskApp

EVERY = 15.0
"""Seconds between two looks whether something is to be sent; where nothing waits one asks the disk two questions."""
ANYWAY = 40
"""After so many looks what lies in the folders is taken in although they seem unchanged."""


def in_thread(call: Callable[[], None]) -> None:
    """Call something in a thread that ends with the program."""
    Thread(target=copy_context().run, args=(call,), name="post", daemon=True).start()


class Sending:
    """Sends what is due from time to time, and at once what an officer sends; takes into the record what came of it.

    `start` begins a call apart from the screens; `every` is None for no timer; `sticks` finds those that are in.
    """

    def __init__(self, app: DeskApp) -> None:
        self._app = app
        self.start: Callable[[Callable[[], None]], None] = in_thread
        self.every: float | None = EVERY
        self.sticks: Callable[[], Sequence[str]] = _sticks
        self.new_key = ""
        self._looking = False
        self._looks = 0
        self._said = ""
        self._nothing_at: object = None
        self._taken_at: object = None

    def begin(self) -> None:
        """Look from now on, every so often."""
        if self.every is not None:
            self._app.set_interval(self.every, self.look)

    def look(self) -> None:
        """Send what is due, unless that is under way; says nothing but a line among the messages, and that once."""
        if self._looking or not self._app.is_open:
            return
        self._looking = True
        self._looks += 1
        post, anyway = self._app.post, self._looks % ANYWAY == 0
        self.start(lambda: self._look(post, anyway=anyway))

    def _look(self, post: Poster, *, anyway: bool) -> None:
        run, failure, new = None, "", 0
        try:
            before = post.stamp()
            if anyway or before != self._nothing_at:
                run = post.run(due=True)
                open_messages, new = beside(post, due=True)
                waits = open_messages or any(item.state != "confirmed" for item in run)
                self._nothing_at = None if waits or post.stamp() != before else before
        except foreseen() as error:
            failure = failure_sentence(error)
        self._back(lambda: self._looked(run, failure, anyway=anyway, new=new))

    def _looked(self, run: Any, failure: str, *, anyway: bool, new: int = 0) -> None:
        self._looking = False
        if new:
            self._tell(counted("Tỉnh vừa công bố {n} tin mới: F9, gõ tin tinh.", new))
            if self._app.front is not None:
                self._app.front.post_moved()
        if failure:
            self._tell(failure)
        if run is not None:
            if run or run.problems:
                self._tell(run_words(run))
            self._met(run)
        self._take_in(lambda _news: None, self._tell, anyway=anyway)

    def send(
        self, post: Poster, screen: Screen[Any], then: Callable[[Any], None], failed: Callable[[str], None]
    ) -> None:
        """Send what waits, whatever rests; `then` takes the run on the screen, `failed` what went wrong in words."""
        app = self._app

        def answer(call: Callable[[Any], None], found: Any) -> None:
            app.post_message(app.Answered(screen, call, found))

        def sent(run: Any) -> None:
            self._met(run)
            self._take_in(lambda _news: answer(then, run), lambda sentence: answer(failed, sentence), anyway=True)

        def work() -> None:
            try:
                run = post.run()
                beside(post, due=False)
            except foreseen() as error:
                sentence = failure_sentence(error)
                self._back(lambda: answer(failed, sentence))
            else:
                self._back(lambda: sent(run))

        self.start(work)

    def key_page(self) -> str:
        """Return the fingerprint of a key that was taken on trust and has not been shown yet, once."""
        found, self.new_key = self.new_key, ""
        return found

    def _met(self, run: Any) -> None:
        if run.newly_pinned:
            self.new_key = run.pinned
            text = _("Máy vừa nhận khóa của tỉnh lần đầu, F7 xem vân tay: {fingerprint}")
            self._tell(text.format(fingerprint=run.pinned))

    def _take_in(self, then: Callable[[bool], None], failed: Callable[[str], None], *, anyway: bool) -> None:
        """Take states and receipts into the record where the folders have changed since the last time."""
        app = self._app
        counter, post = app.counter, app.post

        def work() -> None:
            drill: Drill | None = None
            try:
                stamp = post.stamp()
                if anyway or stamp != self._taken_at:
                    drill = counter.drill() if counter.take_in() else None
                    self._taken_at = stamp
            except foreseen() as error:
                sentence = failure_sentence(error)
                self._back(lambda: failed(sentence))
            else:
                self._back(lambda: self._took(drill, then))

        app.run_worker(work, thread=True, group="take in", exit_on_error=True)

    def _took(self, drill: Drill | None, then: Callable[[bool], None]) -> None:
        if drill is not None:
            self._app.synced(drill)
            if self._app.front is not None:
                self._app.front.post_moved()
        then(drill is not None)

    def _tell(self, sentence: str) -> None:
        if sentence != self._said:
            self._said = sentence
            self._app.told.add(sentence, self._app.now())

    def _back(self, call: Callable[[], None]) -> None:
        """Go on in the App, if it still runs."""
        with suppress(RuntimeError):
            self._app.call_later(call)


def beside(post: Any, *, due: bool) -> tuple[bool, int]:
    """Send the messages that wait and fetch what the province published, where the post does such things.

    Returns whether a message still waits, and how many things are new.
    """
    if not hasattr(post, "descend"):
        return False, 0
    waits = any(item.state != "confirmed" for item in post.run_messages(due=due))
    return waits, len(post.descend(due=due).new)


def _sticks() -> Sequence[str]:
    from desk.sync.sticks import sticks

    return sticks()


def run_words(run: Any) -> str:
    """Return what a run did, in one line of the messages."""
    from desk.tui.screens.closing_lines import run_words as words_of

    return words_of(run)[0]
