"""Close the day: the balance before the eyes, one key to seal and send, and how far every file has come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct
from textual import on, work
from textual.binding import BindingType
from textual.widget import Widget

from desk.counter import say
from desk.counter.model import ClosedDay, CloseView, Drill, OutgoingView, Refused
from desk.tui.commands import BACK, CLOSE, HELP, Command, bindings
from desk.tui.screens import closing_lines as shown
from desk.tui.screens import reset_dialog
from desk.tui.screens.base import BASE_CSS
from desk.tui.screens.calendar_lines import parse_day
from desk.tui.screens.long_line import LongLine
from desk.tui.screens.post_commands import EXPORT, OUTBOX_HERE
from desk.tui.screens.post_screen import PostScreen
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.lines import Line, Rule
from desk.tui.widgets.modals import Ask, TextPage, ask, tell
from desk.tui.widgets.rows import Column
from desk.tui.widgets.text import width_of
from desk.words import _

if TYPE_CHECKING:
    from desk.counter.resetting import SealedBreak
    from desk.counter.service import Counter

SEAL = Command(
    "seal",
    CLOSE.key,
    lambda: _("Chốt, gửi"),
    lambda: _("Chốt ngày, gửi mọi tệp chưa được xác nhận, nhận giấy báo của tỉnh."),
    aliases=CLOSE.aliases,
)

_MOST_FAULTS = 6
_FILES = (Column("", width=8), Column("", width=9), Column("", flex=1))


class Closing(Struct, frozen=True):
    """What the screen shows, read at one time."""

    view: CloseView | Refused
    files: tuple[OutgoingView, ...]
    drill: Drill


def read(counter: Counter) -> Closing:
    """Return the day as it would be sealed now, and the files on their way."""
    return Closing(counter.close_preview(), counter.outgoing(), counter.drill())


def read_file(counter: Counter, seq: int) -> tuple[CloseView, Mapping[str, str]] | tuple[str, ...] | Refused:
    """Return a sealed file's figures with the names of its procedures, or what a reset says."""
    if page := counter.resets.page(seq):
        return page
    found = counter.posted.file(seq)
    return found if isinstance(found, Refused) else (found.view, found.names)


def names_of(counter: Counter, view: CloseView) -> dict[str, str]:
    """Return the names of the procedures in a file."""
    found = {code: counter.procedure(code) for code in view.rows}
    return {code: procedure.name for code, procedure in found.items() if procedure is not None}


class ClosingScreen(PostScreen):
    """The end of the day; the first F7 opens it, the second one seals and sends."""

    CSS_PATH: ClassVar[list[Path]] = [BASE_CSS, Path(__file__).parent / "closing.tcss"]
    COMMANDS_HERE = (SEAL, EXPORT, OUTBOX_HERE, BACK)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*COMMANDS_HERE)]
    KEYS_SHOWN = (HELP, SEAL, EXPORT, OUTBOX_HERE, BACK)

    def __init__(self) -> None:
        super().__init__()
        self._shown: Closing | None = None

    @property
    def view(self) -> CloseView | None:
        """The day as last read; None where there is nothing to close."""
        return self._shown.view if self._shown is not None and isinstance(self._shown.view, CloseView) else None

    def title_text(self) -> str:
        """Return the day."""
        now = self.desk_app.now()
        day = self.view.day if self.view is not None else None if now is None else now.date()
        return _("CHỐT NGÀY") if day is None else _("CHỐT NGÀY {day}").format(day=say.day(day))

    def compose_work(self) -> Iterable[Widget]:
        """Span, balance, checks, faults, files."""
        yield Line(id="span")
        yield LongLine(id="earlier", most=3)
        for name in ("inflows", "outflows", "checks"):
            yield Line(id=name)
        yield LongLine(id="faults", most=_MOST_FAULTS)
        yield Rule(_("Gửi tỉnh"))
        yield LineList(_FILES, header=False, empty=_("Chưa có tệp nào."), id="files")

    def compose_note(self) -> Iterable[Widget]:
        """The last word, in as many lines as it needs."""
        yield LongLine(id="note")

    def on_mount(self) -> None:
        """Put the cursor on the files."""
        super().on_mount()
        for name in ("earlier", "faults"):
            self.query_one(f"#{name}").display = False
        self.query_one("#files", LineList).focus()
        self._show_new_key()

    def on_resize(self) -> None:
        """Lay the figures out anew."""
        self._paint()

    def refresh_work(self) -> None:
        """Read the day and the files again."""
        counter = self.desk_app.counter
        self.ask(lambda: read(counter), self._take, group="read", exclusive=True)

    def _take(self, found: Closing) -> None:
        self._shown = found
        self.desk_app.synced(found.drill)
        self.tick()
        self._paint()

    def _paint(self) -> None:
        now = self.desk_app.now()
        if self._shown is None or now is None:
            return
        view, files = self.view, self._shown.files
        signs = shown.PLAIN_SIGNS if self.app.has_class("-console") else shown.Signs()
        sides: dict[str, tuple[shown.Side, shown.Side]] = dict.fromkeys(("inflows", "outflows", "checks"), ((), ()))
        refused = self._shown.view.sentence if isinstance(self._shown.view, Refused) else ""
        room = self.size.width - 2
        if width_of(refused) <= room:
            sides["span"], refused = ([(refused, "soon")], ()), ""
        if view is not None:
            sides["span"] = shown.span_line(view)
            sides["inflows"], sides["outflows"] = shown.balance_lines(view, room, signs)
            sides["checks"] = (shown.checks_line(view, files, now, room, signs), ())
        for name, (left, right) in sides.items():
            self.query_one(f"#{name}", Line).put(left, right)
        self._put_if_any("earlier", refused if view is None else shown.earlier_words(view), "soon")
        self._put_if_any("faults", "\n".join(() if view is None else view.faults), "late")
        self.query_one("#files", LineList).show_rows(shown.file_rows(view, files))

    def _put_if_any(self, name: str, text: str, style: str) -> None:
        line = self.query_one(f"#{name}", LongLine)
        line.put([(text, style)])
        line.display = bool(text)

    def action_outbox(self) -> None:
        """Show all that waits, and why."""
        self.desk_app.action_outbox()

    def action_seal(self) -> None:
        """Seal the day and send what waits; a restored record first goes on from what it has lost."""
        if not self._begin(SEAL.id, _("đang chốt ngày…")):
            return
        counter, officer = self.desk_app.counter, self.desk_app.officer_id
        self.ask(lambda: counter.close(officer_id=officer), self._sealed, group="write", failed=self._unsealed)

    def _sealed(self, closed: tuple[ClosedDay, ...] | Refused) -> None:
        if isinstance(closed, Refused) and closed.reason == "clock_leapt":
            self._confirm_day(closed.sentence)
            return
        if isinstance(closed, Refused) and closed.reason == "reset_needed":
            self._unsealed(closed.sentence)
            counter, officer = self.desk_app.counter, self.desk_app.officer_id
            self.ask(lambda: reset_dialog.read(counter, officer), self._restored)
            return
        if isinstance(closed, Refused) and closed.reason != "nothing_to_close":
            self._refused(closed)
            return
        said = closed.sentence if isinstance(closed, Refused) else shown.closed_words(closed)
        self._deliver(SEAL.id, self.desk_app.post, said)

    @work(group="confirm")
    async def _confirm_day(self, doubt: str) -> None:
        """Close the day that the officer types, where the machine's clock is in doubt."""
        typed = await ask(self.app, Ask(" ".join((doubt, _("Chốt đến ngày nào?")))))
        now = self.desk_app.now()
        day = None if typed is None or now is None else parse_day(typed, now)
        if day is None:
            self._unsealed(doubt)
            return
        counter, officer = self.desk_app.counter, self.desk_app.officer_id
        self.ask(lambda: counter.close(day, officer), self._sealed, group="write", failed=self._unsealed)

    def _restored(self, found: reset_dialog.Restored | None) -> None:
        self._ask_head(found)

    @work(group="reset")
    async def _ask_head(self, found: reset_dialog.Restored | None) -> None:
        """Let the head of the centre approve a reset, then seal and send it."""
        order = None if found is None else await reset_dialog.approve(self.app, found)
        if order is not None and self._begin(SEAL.id, _("đang ký đề nghị nối lại…")):
            resets = self.desk_app.counter.resets
            self.ask(lambda: resets.make(order), self._reset_made, group="write", failed=self._unsealed)

    def _reset_made(self, made: SealedBreak | Refused) -> None:
        if isinstance(made, Refused):
            self._unsealed(made.sentence)
            return
        said = _("đã ký đề nghị nối lại số {seq}, chờ tỉnh chấp nhận").format(seq=shown.number(made.seq))
        self._deliver(SEAL.id, self.desk_app.post, " · ".join(part for part in (said, made.unqueued) if part))

    def _refused(self, refused: Refused) -> None:
        """Say why the day was not sealed; figures that do not agree are named above, or on a page of their own."""
        unbalanced = refused.reason == "not_balanced"
        self._unsealed(_("Chưa chốt: số liệu không khớp.") if unbalanced else refused.sentence)
        if unbalanced and self.query_one("#faults", LongLine).is_cut:
            tell(self.app, TextPage(_("CHƯA CHỐT: SỐ LIỆU KHÔNG KHỚP"), refused.sentence.split("; ")))

    def _unsealed(self, sentence: str) -> None:
        self._stopped(sentence, SEAL.id)

    @on(LineList.Opened, "#files")
    def _file_opened(self, message: LineList.Opened) -> None:
        message.stop()
        counter = self.desk_app.counter
        view, files = self.view, () if self._shown is None else self._shown.files
        if view is not None and not view.closed and message.key == str(view.seq):
            self.ask(lambda: (view, names_of(counter, view)), lambda found: self._show_file(view.seq, found))
            return
        file = next((each for each in files if str(each.seq) == message.key), None)
        if file is not None:
            self.ask(lambda: read_file(counter, file.seq), lambda found: self._show_file(file.seq, found))

    def _show_file(self, seq: int, found: tuple[CloseView, Mapping[str, str]] | tuple[str, ...] | Refused) -> None:
        if isinstance(found, Refused):
            self.note(found.sentence, "late")
            return
        view, names = found[0], found[-1]
        if isinstance(view, str) or isinstance(names, str):
            title = _("ĐỀ NGHỊ NỐI LẠI SỐ {seq}").format(seq=shown.number(seq))
            tell(self.app, TextPage(title, [str(line) for line in found]))
            return
        title = _("TỆP SỐ {seq} · {day}").format(seq=shown.number(seq), day=say.day(view.day))
        tell(self.app, TextPage(title, shown.file_page(view, names)))
