"""What the screens have in common that send files: one thing of a kind at a time, and the last word on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from textual import work

from desk.tui import remembered
from desk.tui.screens import closing_lines as shown
from desk.tui.screens.act_dialogs import Question
from desk.tui.screens.base import BASE_CSS, DeskScreen
from desk.tui.screens.post_commands import EXPORT
from desk.tui.services import Poster
from desk.tui.widgets.modals import TextPage, ask, tell
from desk.words import _

_FOLDER = "export folder"

RunWords = Callable[[Any], tuple[str, str]]
"""Says what a run of the post did, and in which style."""


class PostScreen(DeskScreen):
    """Sends and receives by any way; what is under way goes on when the screen is left."""

    CSS_PATH: ClassVar[Any] = [BASE_CSS]

    def __init__(self) -> None:
        super().__init__()
        self._busy: set[str] = set()

    def post_moved(self) -> None:
        """Show how far the files have come."""
        self.refresh_work()

    def action_back(self) -> None:
        """Leave; what is under way goes on."""
        self.dismiss()

    @work(group="export")
    async def action_export(self) -> None:
        """Ask for a folder and send through it."""
        folder = await self._folder(_("Xuất ra thư mục hoặc USB nào? (đường dẫn, như E:\\ hoặc /media/usb)"))
        if folder is not None and self._begin(EXPORT.id, ""):
            self._deliver(EXPORT.id, self.desk_app.post.through(folder), "")

    async def _folder(self, question: str) -> str | None:
        """Ask for a folder: the one of the last time, else a stick that is in, is one Enter away."""
        before = remembered.last(self.app, _FOLDER)
        sticks = () if before else self.desk_app.sending.sticks()
        asked = Question(question, value=before or next(reversed(sticks), ""), suggested=not before)
        folder = await ask(self.app, asked)
        if folder is not None:
            remembered.remember(self.app, _FOLDER, folder)
        return folder

    def _deliver(self, what: str, post: Poster, said: str, words: RunWords = shown.run_words) -> None:
        """Send what waits, then take states and receipts into the record; no line keeps the stick waiting."""
        self.note(" · ".join(part for part in (said, _("đang gửi…")) if part))
        self.refresh_work()

        def stopped(sentence: str) -> None:
            self._stopped(" · ".join(part for part in (said, sentence) if part), what)

        self.desk_app.sending.send(post, self, lambda run: self._sent(what, run, said, words), stopped)

    def _sent(self, what: str, run: Any, said: str, words: RunWords) -> None:
        self._busy.discard(what)
        done, style = words(run)
        self.note(" · ".join(part for part in (said, done) if part), style)
        self._show_new_key()
        self.refresh_work()

    def _show_new_key(self) -> None:
        """Show, once, a key of the province that was taken on trust."""
        if fingerprint := self.desk_app.sending.key_page():
            tell(self.app, TextPage(_("KHÓA CỦA TỈNH"), shown.key_page(fingerprint)))

    def _begin(self, what: str, said: str) -> bool:
        """Say what begins; False while the same is still under way."""
        if what in self._busy:
            return False
        self._busy.add(what)
        self.note(said)
        return True

    def _stopped(self, sentence: str, what: str) -> None:
        """Say what stood in the way, and show how things are now."""
        self._busy.discard(what)
        self.note(sentence, "late")
        self.refresh_work()
