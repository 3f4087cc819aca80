"""The outbox: what waits for the province, since when, why not yet, and every way to get it there."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.widget import Widget

from desk.counter import say
from desk.counter.model import Drill, Refused
from desk.counter.phoned import HeardFile
from desk.counter.posted import PostedFile, ShownFile, story
from desk.tui.commands import BACK, HELP, bindings
from desk.tui.screens import outbox_lines as shown
from desk.tui.screens.act_dialogs import Question
from desk.tui.screens.base import BASE_CSS
from desk.tui.screens.closing_lines import number
from desk.tui.screens.long_line import LongLine
from desk.tui.screens.post_commands import EXPORT, HEAR, SEND, TAKE
from desk.tui.screens.post_screen import PostScreen
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.lines import FactLine, Rule
from desk.tui.widgets.modals import TextLines, TextPage, ask, tell
from desk.words import _


class OutboxScreen(PostScreen):
    """Every file that is not confirmed, then the newest that are; below it all that is known of the one in front."""

    CSS_PATH: ClassVar[list[Path]] = [BASE_CSS, Path(__file__).parent / "outbox.tcss"]
    COMMANDS_HERE = (SEND, HEAR, TAKE, EXPORT, BACK)
    KEYS_SHOWN = (HELP, SEND, HEAR, EXPORT, BACK)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*COMMANDS_HERE)]

    def __init__(self) -> None:
        super().__init__()
        self._files: tuple[PostedFile, ...] = ()

    def title_text(self) -> str:
        """Return the name of the place."""
        return _("HỘP GỬI")

    def compose_work(self) -> Iterable[Widget]:
        """What waits, the files, the story of one."""
        yield FactLine(id="facts")
        yield Rule(_("bấm: 1 gửi ngay · 2 mã tỉnh đọc · 3 nhận giấy từ USB · Ins ra USB"))
        yield LineList(shown.columns(), empty=_("Chưa có tệp nào."), id="files")
        yield Rule(_("tệp đang chọn"))
        sheet = TextLines(id="story")
        sheet.can_focus = False
        yield sheet

    def compose_note(self) -> Iterable[Widget]:
        """The last word, in as many lines as it needs."""
        yield LongLine(id="note")

    def on_mount(self) -> None:
        """Start in the list."""
        super().on_mount()
        self._list.focus()
        self._show_new_key()

    @property
    def _list(self) -> LineList:
        return self.query_one("#files", LineList)

    def minute(self) -> None:
        """Read again: the next attempt may have come."""
        super().minute()
        self.refresh_work()

    def refresh_work(self) -> None:
        """Read the outbox again."""
        counter = self.desk_app.counter
        self.ask(lambda: (counter.posted.files(), counter.drill()), lambda found: self._take(*found), group="read")

    def _take(self, files: tuple[PostedFile, ...], drill: Drill) -> None:
        self._files = files
        self.desk_app.synced(drill)
        now = self.desk_app.now()
        if now is not None:
            current = self._list.current
            self.query_one("#facts", FactLine).facts(shown.facts(files))
            self._list.show_rows([shown.row(file, now) for file in files], key=None if current is None else current.key)
            self._tell()

    @property
    def _current(self) -> PostedFile | None:
        row = self._list.current
        return next((file for file in self._files if row is not None and str(file.seq) == row.key), None)

    @on(LineList.Moved, "#files")
    def _moved(self, message: LineList.Moved) -> None:
        message.stop()
        self._tell()

    def _tell(self) -> None:
        file, now, sheet = self._current, self.desk_app.now(), self.query_one("#story", TextLines)
        wanted = () if file is None or now is None else story(file, now)
        if sheet._given != wanted:
            sheet.show_lines(wanted)

    @on(LineList.Opened, "#files")
    def _opened(self, message: LineList.Opened) -> None:
        message.stop()
        file, counter = self._current, self.desk_app.counter
        if file is not None:
            self.ask(
                lambda: counter.resets.page(file.seq) or counter.posted.file(file.seq),
                lambda found: self._show(file, found),
            )

    def _show(self, file: PostedFile, found: ShownFile | tuple[str, ...] | Refused) -> None:
        now = self.desk_app.now()
        if isinstance(found, Refused):
            self.note(found.sentence, "late")
        elif isinstance(found, tuple):
            tell(self.app, TextPage(_("ĐỀ NGHỊ NỐI LẠI SỐ {seq}").format(seq=number(file.seq)), found))
        elif now is not None:
            title = _("TỆP SỐ {seq} · {day}").format(seq=number(file.seq), day=say.day(file.day))
            tell(self.app, TextPage(title, shown.page(file, found, now)))

    def action_send(self) -> None:
        """Send what waits, whatever rests."""
        if self._begin(SEND.id, ""):
            self._deliver(SEND.id, self.desk_app.post, "")

    @work(group="take")
    async def action_take(self) -> None:
        """Ask for a folder and take the receipts that lie there."""
        folder = await self._folder(_("Nhận giấy báo nhận ở thư mục hoặc USB nào? (như E:\\ hoặc /media/usb)"))
        if folder is not None and self._begin(TAKE.id, ""):
            before = self._files
            post = self.desk_app.post.receiving(folder)
            self._deliver(TAKE.id, post, "", lambda run: shown.received_words(before, run))

    @work(group="hear", exclusive=True)
    async def action_hear(self) -> None:
        """Ask for the code that the province reads out, and keep what it says."""
        question = _("Mã tỉnh đọc qua điện thoại? (mười hai số; tệp nào thì máy tự tìm)")
        typed = await ask(self.app, Question(question, check=shown.code_so_far, take=_digits))
        if typed is not None:
            app = self.desk_app
            counter, officer = app.counter, app.officer_id
            self.note(_("đang ghi…"))
            self.ask(lambda: counter.posted.hear(typed, officer), self._heard, group="write")

    def _heard(self, found: HeardFile | Refused) -> None:
        if isinstance(found, Refused):
            self.note(found.sentence, "late")
            return
        index = next((at for at, file in enumerate(self._files) if file.seq == found.seq), None)
        if index is not None:
            self._list.move_to(index)
        self.note(found.sentence, "good" if found.status == "merged" else "soon")
        self.refresh_work()


def _digits(payload: str) -> str:
    """Return digits that came as fast as a scan: a code is never one."""
    return payload if payload.isascii() and payload.isdigit() else ""
