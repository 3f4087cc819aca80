"""An App whose screens ask services: in a thread, and what they answer comes back as a message."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from textual import on
from textual.message import Message
from textual.screen import Screen
from textual.worker import get_current_worker

from desk.tui.widgets.routed_app import RoutedApp

Answer = TypeVar("Answer")


class Asking(RoutedApp):
    """The one shape of a worker; a subclass says which failures are foreseen, and what an officer reads of them."""

    @dataclass
    class Answered(Message):
        """A service has answered; `then` takes the answer on the screen that asked."""

        screen: Screen[Any]
        then: Callable[[Any], None]
        answer: Any

    def foreseen(self) -> tuple[type[Exception], ...]:
        """Return the failures that have a sentence; asked only once something has failed."""
        raise NotImplementedError

    def sentence_of(self, error: Exception) -> str:
        """Return what an officer should know of a failure."""
        raise NotImplementedError

    def holds(self, message: Answered) -> bool:  # noqa: ARG002 - for subclasses
        """Keep an answer for later and say so; by default none is kept."""
        return False

    def ask(
        self,
        screen: Screen[Any],
        call: Callable[[], Answer],
        then: Callable[[Answer], None],
        *,
        group: str = "service",
        exclusive: bool = False,
        failed: Callable[[str], None],
    ) -> None:
        """Call a service in a thread; its answer, or the sentence of its failure, comes back as a message."""

        def run() -> None:
            worker = get_current_worker()
            try:
                message = self.Answered(screen, then, call())
            except self.foreseen() as error:
                message = self.Answered(screen, failed, self.sentence_of(error))
            if not worker.is_cancelled:
                self.post_message(message)

        self.run_worker(run, thread=True, group=f"{group}-{id(screen)}", exclusive=exclusive, exit_on_error=True)

    def quietly(self, call: Callable[[], object]) -> None:
        """Do something in a thread that is no officer's concern, and no harm where the disk refuses it."""

        def run() -> None:
            with suppress(OSError):
                call()

        self.run_worker(run, thread=True, group="quietly", exit_on_error=True)

    @on(Answered)
    def _answered(self, message: Answered) -> None:
        if message.screen in self.screen_stack and not self.holds(message):
            message.then(message.answer)
