"""Forms that were left before they were saved: take one up again, throw one away, or begin anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from msgspec import Struct
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from desk.counter import say
from desk.rules.identity import ScanKind, recognise
from desk.tui.draft import Draft
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.lines import Line
from desk.tui.widgets.router import Scanned
from desk.tui.widgets.rows import Column, Row
from desk.tui.widgets.screens import Modal
from desk.words import _


class DraftAnswer(Struct, frozen=True):
    """What the officer wants: take a draft up, throw it away, or go on with a card that was scanned meanwhile."""

    draft: Draft | None = None
    drop: bool = False
    payload: str = ""


class DraftsPage(Modal[DraftAnswer]):
    """The kept drafts, newest first; Esc is a new form, and the drafts stay.

    Whoever types on without looking means a new form: the page goes, and what is typed is handed to `typed`.
    """

    takes_typing = True
    BINDINGS: ClassVar[list[BindingType]] = [Binding("delete", "drop", "drop", show=False, id="drafts.drop")]

    def __init__(self, drafts: Sequence[Draft], typed: Callable[[str], None]) -> None:
        super().__init__()
        self._pass_on = typed
        self._to_drop = ""
        self._drafts = {draft.client_id: draft for draft in drafts}
        columns = (Column("", width=14), Column("", flex=1, style="strong"), Column("", flex=1))
        self._list = LineList(columns, [_row(draft) for draft in drafts], header=False, id="drafts")

    def compose(self) -> ComposeResult:
        """Heading, drafts, keys."""
        with Vertical(classes="panel"):
            yield Line([(_("Còn phiếu nháp chưa lưu:"), "strong")], id="heading")
            yield self._list
            keys = ("Enter", _("mở lại")), ("Del", _("bỏ nháp")), ("Esc", _("phiếu mới, nháp vẫn giữ"))
            yield Line([part for key, word in keys for part in ((key, "key"), (f" {word}   ", ""))])

    def keys_told(self) -> tuple[tuple[str, str], ...]:
        """Return what can be done with a draft."""
        return (
            ("↑ ↓ Enter", _("Mở lại phiếu nháp.")),
            ("Del Del", _("Bỏ hẳn phiếu nháp.")),
            (_("gõ chữ"), _("Phiếu mới; nháp vẫn giữ.")),
        )

    def on_mount(self) -> None:
        """As high as there are drafts."""
        self._list.styles.height = len(self._drafts)
        self._list.focus()

    @on(LineList.Opened)
    def _opened(self, message: LineList.Opened) -> None:
        message.stop()
        self.dismiss(DraftAnswer(self._drafts[message.key]))

    def on_scanned(self, message: Scanned) -> None:
        """A card scanned now is the answer: a new form for its holder; anything else goes where it belongs."""
        if recognise(message.payload) is ScanKind.CARD:
            message.stop()
            self.dismiss(DraftAnswer(payload=message.payload))
        else:
            self.dismiss(None)

    def on_key(self, event: events.Key) -> None:
        """Go on with a new form at the first letter or digit."""
        char = event.character or ""
        if event.is_printable and not char.isspace():
            event.stop()
            self._begin_anew(char)

    def on_paste(self, event: events.Paste) -> None:
        """Go on with a new form, and what is pasted in it."""
        event.stop()
        self._begin_anew(event.text)

    def _begin_anew(self, text: str) -> None:
        self.dismiss(None)
        self._pass_on(text)

    @on(LineList.Moved)
    def _moved(self, message: LineList.Moved) -> None:
        message.stop()
        if message.key != self._to_drop:
            self._ask_to_drop("")

    def _ask_to_drop(self, key: str) -> None:
        self._to_drop = key
        said = (_("Bỏ hẳn phiếu này? Del lần nữa."), "late") if key else (_("Còn phiếu nháp chưa lưu:"), "strong")
        self.query_one("#heading", Line).put([said])

    def action_drop(self) -> None:
        """Throw the draft under the cursor away at the second press: nothing brings it back."""
        row = self._list.current
        if row is not None and row.key == self._to_drop:
            self.dismiss(DraftAnswer(self._drafts[row.key], drop=True))
        elif row is not None:
            self._ask_to_drop(row.key)


def _row(draft: Draft) -> Row:
    person = draft.people.person
    return Row(
        draft.client_id,
        (
            say.short_moment(draft.kept),
            person.name or person.id_number or _("(chưa có tên)"),
            draft.procedure_name or draft.typed or _("(chưa chọn thủ tục)"),
        ),
    )
