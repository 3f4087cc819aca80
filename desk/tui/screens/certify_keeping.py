"""The fast lane's half-typed visit outlives the program: kept at every field, sealed like the receipt form's drafts."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from db.vocabulary import PayMethod
from desk.tui.draft import Applying, Draft, session_of, stamped
from desk.tui.screens.certify_draft import Entry, LaneDraft, lane_of
from desk.words import _

if TYPE_CHECKING:
    from desk.tui.screens.base import DeskScreen


def to_keep(draft: LaneDraft, pay: PayMethod | None) -> Draft:
    """Return a visit as the box of drafts keeps it; the line in work is the last."""
    lines = tuple((each.procedure, each.paper, each.pages, each.copies) for each in (*draft.added, draft.entry))
    return Draft(draft.client_id, people=Applying(draft.person), lane=lines, pay="" if pay is None else pay.value)


def taken_up(draft: Draft) -> tuple[LaneDraft, PayMethod | None]:
    """Return a kept visit, and how it is paid."""
    *added, entry = (Entry(*line) for line in draft.lane)
    return (
        LaneDraft(draft.client_id, draft.people.person, entry, tuple(added)),
        PayMethod(draft.pay) if draft.pay else None,
    )


class LaneKeeper:
    """Keeps what `typed` returns for a lane on a screen; nothing while it is None."""

    def __init__(self, screen: DeskScreen, typed: Callable[[], LaneDraft | None]) -> None:
        self._screen = screen
        self._typed = typed
        self._last: Draft | None = None

    def _draft(self) -> Draft | None:
        typed = self._typed()
        return None if typed is None else to_keep(typed, lane_of(self._screen.app).pay)

    def keep(self) -> None:
        """Keep what is typed, in a worker."""
        draft, now = self._draft(), self._screen.desk_app.now()
        if draft is None or now is None or draft == self._last:
            return
        self._last = draft
        box = session_of(self._screen.desk_app).drafts
        turn = box.turn()
        self._screen.ask(
            lambda: box.keep(stamped(draft, now), turn), lambda _nothing: None, group="draft", failed=self._not_kept
        )

    def keep_now(self) -> None:
        """Keep what is typed before this returns: the program is about to end; OSError if it cannot be kept."""
        draft, now = self._draft(), self._screen.desk_app.now()
        if draft is not None and now is not None:
            box = session_of(self._screen.desk_app).drafts
            box.keep(stamped(draft, now), box.turn())

    def _not_kept(self, sentence: str) -> None:
        self._last = None
        self._screen.note(_("Không giữ được nháp: {why}").format(why=sentence), "late")

    def end(self, client_id: str) -> None:
        """Forget a visit that was saved or thrown away."""
        self._screen.ask(self.forgetting(client_id), lambda _nothing: None, group="draft")

    def forgetting(self, client_id: str) -> Callable[[], None]:
        """Return what forgets a visit, for any thread; a disk that refuses undoes nothing that was saved."""
        box = session_of(self._screen.desk_app).drafts

        def forget() -> None:
            with suppress(OSError):
                box.end(client_id)

        return forget

    def find_left(self, then: Callable[[LaneDraft, PayMethod | None], None]) -> None:
        """Give `then` the newest visit that an earlier run of the program left, if there is one."""
        box = session_of(self._screen.desk_app).drafts

        def found(drafts: tuple[Draft, ...]) -> None:
            left = next((draft for draft in drafts if draft.lane), None)
            if left is not None:
                then(*taken_up(left))

        self._screen.ask(box.all, found, group="draft")
