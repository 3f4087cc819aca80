"""A message to the province: its kind, one field for the text, sealed with F2."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

from textual import on
from textual.app import App
from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Input

from desk.counter.model import Refused
from desk.counter.news_words import message_kind
from desk.daily.messages import LONGEST_MESSAGE, MessageKind, UnitMessage
from desk.tui.commands import BACK, HELP, Command, Place, bindings
from desk.tui.screens.base import BASE_CSS, DeskScreen
from desk.tui.widgets.choice import Choice, Option
from desk.tui.widgets.form import Field, Form
from desk.tui.widgets.form_input import FormInput
from desk.tui.widgets.lines import Line, Rule
from desk.tui.widgets.modals import TextLines
from desk.words import _

SEND = Command(
    "send",
    "f2",
    lambda: _("Niêm phong, gửi"),
    lambda: _("Niêm phong tin và xếp vào hộp gửi; gửi ngay khi có đường."),
    Place.FORM,
    ("ctrl+n", "ctrl+s"),
)

_DRAFTS: WeakKeyDictionary[App[Any], tuple[str, str]] = WeakKeyDictionary()


class MessageScreen(DeskScreen):
    """What is typed waits here when the officer leaves; F2 seals it."""

    CSS_PATH: ClassVar[list[Path]] = [BASE_CSS, Path(__file__).parent / "news.tcss"]
    COMMANDS_HERE = (SEND, BACK)
    KEYS_SHOWN = (HELP, SEND, BACK)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*COMMANDS_HERE)]

    def __init__(self, done: Callable[[str], None]) -> None:
        super().__init__()
        self._then = done
        self._busy = False
        self._sure_of = ""

    def title_text(self) -> str:
        """Return the name of the place."""
        return _("GỬI TIN LÊN TỈNH")

    def compose_work(self) -> Iterable[Widget]:
        """Kind and text, below it the whole of what is typed."""
        yield Line([(_("Chỉ nói về công việc: không ghi tên, số định danh, điện thoại của dân."), "muted")])
        yield Rule()
        kinds = [Option(kind.value, message_kind(kind)) for kind in MessageKind]
        kind, text = _DRAFTS.get(self.app, (kinds[0].key, ""))
        with Form(id="form"):
            yield Field(_("Loại"), Choice(kinds, value=kind, id="kind"))
            yield Field(_("Nội dung"), FormInput(text, max_length=LONGEST_MESSAGE, id="text"))
        yield Rule(id="count")
        whole = TextLines(id="whole")
        whole.can_focus = False
        yield whole

    def on_mount(self) -> None:
        """Start in the text."""
        super().on_mount()
        self._show()
        self._text.focus()

    @property
    def _text(self) -> FormInput:
        return self.query_one("#text", FormInput)

    @property
    def _kind(self) -> MessageKind:
        return MessageKind(self.query_one("#kind", Choice).value)

    @on(Input.Changed, "#text")
    def _typed(self, message: Input.Changed) -> None:
        message.stop()
        self._show()

    def _show(self) -> None:
        text = self._text.value
        self.query_one("#whole", TextLines).show_lines([text] if text else [])
        self.query_one("#count", Rule).put(_("cả tin"), f"{len(text)}/{LONGEST_MESSAGE}")

    @on(FormInput.Full)
    def _full(self, message: FormInput.Full) -> None:
        message.stop()
        self.note(_("Tin nhiều nhất {n} chữ.").format(n=message.limit), "soon")

    @on(Form.Finished)
    def _finished(self, message: Form.Finished) -> None:
        message.stop()
        self.note(_("F2 niêm phong và gửi."), "soon")

    def action_send(self) -> None:
        """Seal and queue the message; what looks like somebody's number is asked about once."""
        if not self._busy:
            self._busy = True
            app, kind, text = self.desk_app, self._kind, self._text.value
            sure = bool(text) and self._sure_of == text
            self.ask(
                lambda: app.counter.province.send(kind, text, app.officer_id, sure=sure),
                lambda found: self._answered(text, found),
                group="write",
                failed=self._not_done,
            )

    def _answered(self, text: str, found: UnitMessage | Refused) -> None:
        if isinstance(found, Refused):
            self._busy = False
            if found.reason == "personal":
                self._sure_of = text
                self.note(_("{why} F2 lần nữa: vẫn gửi.").format(why=found.sentence), "late")
            else:
                self.note(found.sentence, "late")
            return
        _DRAFTS.pop(self.app, None)
        self._then(_("đã niêm phong tin số {n}, đang chờ gửi").format(n=found.number))
        self.desk_app.sending.look()
        self.dismiss()

    def _not_done(self, sentence: str) -> None:
        self._busy = False
        self.note(sentence, "late")

    def action_back(self) -> None:
        """Leave; what is typed waits here."""
        if not self._busy:
            _DRAFTS[self.app] = self._kind.value, self._text.value
            self.dismiss()
