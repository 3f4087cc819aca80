"""What every screen has: place and time on top, a line for the last word, six keys at the bottom."""

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
from desk.tui.widgets.form import Form
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.lines import KeyBar, Line, TopLine
from desk.tui.widgets.screens import WorkScreen
from desk.words import _

if TYPE_CHECKING:
    from desk.tui.app import DeskApp

Answer = TypeVar("Answer")

BASE_CSS = Path(__file__).parent / "base.tcss"

PRACTICE_MARK = " (thực hành)"
"""Closes the name of a practice centre in its settings."""


class DeskScreen(WorkScreen[None]):
    """A screen of the desk; a subclass names its commands and composes its work.

    Every call of a service goes through `ask`: it runs in a thread, its answer comes back on the screen's own loop.
    """

    CSS_PATH: ClassVar[Any] = [BASE_CSS]
    BINDINGS: ClassVar[list[BindingType]] = []
    AUTO_FOCUS: ClassVar[str | None] = None

    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = ()
    """The screen's own commands, bound in its BINDINGS, for help and palette."""

    KEYS_SHOWN: ClassVar[tuple[Command, ...]] = ()
    """At most six commands for the key bar."""

    def compose(self) -> ComposeResult:
        """Compose top line, work, last word, key bar."""
        centre = self.desk_app.centre
        yield TopLine(self.title_text(), practice=centre is not None and centre.practice, id="top")
        with Vertical(id="work"):
            yield from self.compose_work()
        yield from self.compose_note()
        yield KeyBar(self.desk_app.keys_for(self), id="keys")

    def compose_work(self) -> Iterable[Widget]:
        """Return what stands between the lines."""
        return ()

    def compose_note(self) -> Iterable[Widget]:
        """Return the line of the last word, called `note`; empty where the work has one of its own."""
        yield Line(id="note")

    def title_text(self) -> str:
        """Return where the officer is."""
        return ""

    @property
    def centre_name(self) -> str:
        """The name of the centre, without what the mark of the practice centre says already."""
        centre = self.desk_app.centre
        name = "" if centre is None else centre.name
        return name.removesuffix(PRACTICE_MARK) if centre is not None and centre.practice else name

    @property
    def desk_app(self) -> DeskApp:
        """The App, which holds the services."""
        return cast("DeskApp", self.app)

    def on_mount(self) -> None:
        """Show the time and the sync state."""
        self.tick()

    @property
    def stands(self) -> bool:
        """Whether all of it is there: it is neither being made nor taken down."""
        return self.is_mounted and bool(self.query("#top")) and bool(self.query("#keys"))

    def show_keys(self) -> None:
        """Show the keys that matter now to the officer at work."""
        if self.KEYS_SHOWN:
            self.query_one("#keys", KeyBar).show(self.desk_app.keys_for(self))

    def on_screen_resume(self) -> None:
        """Show what changed while another screen was in front."""
        self.tick()
        self.show_keys()
        self.refresh_work()

    def refresh_work(self) -> None:
        """Read again what the screen shows."""

    def post_moved(self) -> None:
        """Show how far the daily files have come, which has changed while this screen is in front."""

    def moving_keys(self) -> tuple[Place, ...]:
        """Return whether the screen has a list or a form in use, whose keys help tells too."""
        if any(form.display for form in self.query(Form)):
            return (Place.FORM,)
        return (Place.LIST,) if any(each.focusable for each in self.query(LineList)) else ()

    def tick(self) -> None:
        """Say the minute and the sync state; nothing is sent where they are the same."""
        now = self.desk_app.now()
        if now is None:
            return
        officer = self.desk_app.officer_name
        desk = _("Quầy {n}").format(n=self.desk_app.centre.desk) if self.desk_app.centre else ""
        middle = " · ".join(part for part in (desk, officer) if part)
        self.query_one("#top", TopLine).show(self.title_text(), middle, f"{say.day(now.date())} {now:%H:%M}")
        self.query_one("#keys", KeyBar).state(*self.desk_app.sync_state)

    def another_officer(self) -> None:
        """Somebody else works here from now on: say who, and forget what only the one before was shown."""
        self.tick()
        self.show_keys()

    def keep_now(self) -> None:
        """Keep what is typed before this returns: the program is about to end; OSError if it cannot be kept."""

    def minute(self) -> None:
        """The minute has changed while this screen is in front."""
        self.tick()

    def note(self, text: str, style: str = "") -> None:
        """Say the last word: what was saved, or why not; it stays until the next one."""
        self.query_one("#note", Line).put([(text, style)] if text else ())
        self.desk_app.told.add(text, self.desk_app.now())

    def ask(
        self,
        call: Callable[[], Answer],
        then: Callable[[Answer], None],
        *,
        group: str = "service",
        exclusive: bool = False,
        failed: Callable[[str], None] | None = None,
    ) -> None:
        """Call a service in a thread and take its answer here.

        `exclusive` only for reads: a newer one makes an older answer void. A failure of the record becomes the last
        word on the screen, or goes to `failed`; what was typed stays.
        """
        self.desk_app.ask(self, call, then, group=group, exclusive=exclusive, failed=failed or self._failed)

    def _failed(self, sentence: str) -> None:
        self.note(sentence, "late")
