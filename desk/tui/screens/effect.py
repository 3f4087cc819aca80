"""What something does before it is in force: a sentence, the rows it is about, F2 to put it in force, Esc to leave."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import ClassVar, Generic, TypeVar

from textual.widget import Widget

from desk.counter.model import Refused
from desk.tui.screens.base import BASE_CSS, DeskScreen
from desk.tui.screens.long_line import LongLine
from desk.tui.widgets.lines import Line
from desk.words import _

Found = TypeVar("Found")


class EffectScreen(DeskScreen, Generic[Found]):
    """An effect to look at; `done` gets what came of it once it is in force, and the screen is gone."""

    CSS_PATH: ClassVar[list[Path]] = [BASE_CSS, Path(__file__).parent / "effect.tcss"]

    def __init__(self, done: Callable[[Found], None]) -> None:
        super().__init__()
        self._then = done
        self._busy = False

    def compose_work(self) -> Iterable[Widget]:
        """The sentence, then what it is about."""
        yield LongLine(id="said")
        yield Line(id="what")
        yield from self.compose_rows()

    def compose_rows(self) -> Iterable[Widget]:
        """Return what stands below the sentence; `rows` is what has the focus."""
        return ()

    def sentences(self) -> tuple[str, str]:
        """Return what it says and what F2 does."""
        return "", ""

    def on_mount(self) -> None:
        """Say what this is, and start in the list."""
        super().on_mount()
        said, what = self.sentences()
        self.query_one("#said", LongLine).put(said)
        self.query_one("#what", Line).put([(what, "soon")])
        self.query_one("#rows").focus()

    def put_in_force(self) -> Found | Refused:
        """Write it; called in a thread."""
        raise NotImplementedError

    def action_apply(self) -> None:
        """Put it in force, once."""
        if not self._busy:
            self._busy = True
            self.note(_("đang áp dụng…"))
            self.ask(self.put_in_force, self._answered, group="write", failed=self._not_done)

    def _answered(self, found: Found | Refused) -> None:
        if isinstance(found, Refused):
            self._not_done(found.sentence)
        else:
            self._then(found)
            self.dismiss()

    def _not_done(self, sentence: str) -> None:
        self._busy = False
        self.note(sentence, "late")

    def action_back(self) -> None:
        """Go back to where it was asked for, unless it is being written."""
        if not self._busy:
            self.dismiss()
