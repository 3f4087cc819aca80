"""Who is at the desk, and what waits while nobody is: the App's side of the lock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desk.counter.officer_model import OfficerView
    from desk.tui.app import DeskApp
    from desk.tui.screens.cover import CoverScreen


class Door:
    """Knows the officers, and holds what services answer to the work beneath a cover until it is lifted.

    An answer may open or close a screen: under a cover it would show the work, or close the cover itself.
    """

    def __init__(self, app: DeskApp) -> None:
        self._app = app
        self._waiting: list[DeskApp.Answered] = []
        self.officers: tuple[OfficerView, ...] = ()

    @property
    def active(self) -> tuple[OfficerView, ...]:
        """The officers who may work here, in the order of their numbers on the cover."""
        return tuple(each for each in self.officers if each.active)

    @property
    def guarded(self) -> bool:
        """Whether a PIN is asked for."""
        return any(each.has_pin for each in self.active)

    def meet(self, officers: Sequence[OfficerView]) -> None:
        """Begin with these officers: the first one is on, unless PINs say who is who."""
        self.officers = tuple(officers)
        if self.active and not self.guarded:
            self.let_in(self.active[0])

    def let_in(self, officer: OfficerView) -> None:
        """Say from now on that this officer does what is done; every screen shows it at once."""
        from desk.tui.screens.base import DeskScreen

        app = self._app
        changed = officer.id != app.officer_id
        app.officer_id, app.officer_name = officer.id, officer.name
        for screen in app.screen_stack:
            if changed and isinstance(screen, DeskScreen) and screen.stands:
                screen.another_officer()

    def tick(self, now: datetime) -> None:
        """Let the cover show the minute."""
        if (cover := self._cover) is not None:
            cover.minute(now)

    @property
    def _cover(self) -> CoverScreen | None:
        from desk.tui.screens.cover import CoverScreen

        return next((screen for screen in self._app.screen_stack if isinstance(screen, CoverScreen)), None)

    def holds(self, message: DeskApp.Answered) -> bool:
        """Keep an answer to work beneath the cover; False if there is no cover, or the answer is its own."""
        cover = self._cover
        if cover is None or message.screen is cover:
            return False
        self._waiting.append(message)
        return True

    def lifted(self) -> None:
        """Hand out what was held, in order: the cover is gone."""
        waiting, self._waiting = self._waiting, []
        for message in waiting:
            self._app.post_message(message)
