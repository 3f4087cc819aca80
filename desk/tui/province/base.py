"""What every screen of the office has: place and time on top, a line for the last word, six keys at the bottom."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widget import Widget

from desk.counter import say
from desk.tui.commands import Command, Place
from desk.tui.province.tiles import TileGrid
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.lines import KeyBar, Line, TopLine
from desk.tui.widgets.screens import WorkScreen

if TYPE_CHECKING:
    from desk.tui.province.app import OfficeApp

Answer = TypeVar("Answer")


class OfficeScreen(WorkScreen[None]):
    """A screen of the office; a subclass names its commands, composes its work, and says how it reads.

    What is read again and is the same as before is not shown again: an idle screen sends the minute and nothing else.
    """

    CSS_PATH: ClassVar[Any] = [Path(__file__).parent / "office.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = []
    AUTO_FOCUS: ClassVar[str | None] = ""

    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = ()
    """The screen's own commands, bound in its BINDINGS, for help and palette."""

    KEYS_SHOWN: ClassVar[tuple[Command, ...]] = ()
    """At most six commands for the key bar."""

    def __init__(self) -> None:
        super().__init__()
        self._read: Any = None
        self._asked = False

    def compose(self) -> ComposeResult:
        """Compose top line, work, last word, key bar."""
        yield TopLine(self.title_text(), practice=self.office.reader.practice, id="top")
        with Vertical(id="work"):
            yield from self.compose_work()
        yield Line(id="note")
        yield KeyBar(self.KEYS_SHOWN, id="keys")

    def compose_work(self) -> Iterable[Widget]:
        """Return what stands between the lines."""
        raise NotImplementedError

    def title_text(self) -> str:
        """Return where the officer is."""
        raise NotImplementedError

    def reading(self) -> Callable[[], object]:
        """Return what reads, in a thread, all that the screen shows now."""
        raise NotImplementedError

    def show(self, found: Any) -> None:
        """Show what was read."""
        raise NotImplementedError

    @property
    def office(self) -> OfficeApp:
        """The App, which holds the reader."""
        return cast("OfficeApp", self.app)

    def on_mount(self) -> None:
        """Show the time, and begin."""
        self.tick()
        self.begin()

    def begin(self) -> None:
        """Read for the first time."""
        self.read_again()

    def on_screen_resume(self) -> None:
        """Show what changed while another screen was in front."""
        self.tick()
        if self._read is not None:
            self.read_again()

    def read_again(self, *, asked: bool = False) -> None:
        """Read what the screen shows; where it is as before nothing is sent, unless the officer has asked."""
        self._asked = self._asked or asked
        self.office.ask(self, self.reading(), self._take, group="read", exclusive=True, failed=self._failed)

    def _take(self, found: object) -> None:
        asked, self._asked = self._asked, False
        if found != self._read:
            self._read = found
            self.show(found)
        if asked or self._failure:
            self._failure = ""
            self.note("")

    _failure = ""

    def _failed(self, sentence: str) -> None:
        self._asked = False
        if sentence != self._failure:
            self._failure = sentence
            self.note(sentence, "late")

    def tick(self) -> None:
        """Say the place and the minute; nothing is sent where they are the same."""
        now = self.office.now()
        self.query_one("#top", TopLine).show(self.title_text(), "", f"{say.day(now.date())} {now:%H:%M}")

    def note(self, text: str, style: str = "") -> None:
        """Say the last word; it stays until the next one."""
        self.query_one("#note", Line).put([(text, style)] if text else ())
        self.office.told.add(text, self.office.now())

    def moving_keys(self) -> tuple[Place, ...]:
        """Return whether the screen has a list or the grid, whose keys help tells too."""
        lists = (*self.query(LineList), *self.query(TileGrid))
        return (Place.LIST,) if any(each.focusable for each in lists) else ()

    def action_back(self) -> None:
        """Go back to where the officer came from."""
        self.dismiss()
