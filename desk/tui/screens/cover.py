"""F12: a blank screen over everything; nothing of the work is visible or can be reached.

Where officers have PINs it is the lock as well: number, PIN, Enter. Who comes in is who works from then on.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from desk.counter import say
from desk.counter.model import Refused
from desk.rules.pin import LONGEST
from desk.tui.commands import LOCK
from desk.tui.widgets.form import Field
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.lines import Line
from desk.tui.widgets.moves import Next, Step
from desk.tui.widgets.pin_input import PinInput
from desk.tui.widgets.router import ScanBroken, Scanned
from desk.tui.widgets.rows import Column, Row
from desk.words import _

if TYPE_CHECKING:
    from desk.counter.officer_model import OfficerView
    from desk.tui.app import DeskApp

_NUMBERED = 9
_MOST_ROWS = 12


class CoverScreen(ModalScreen[None], inherit_bindings=False):
    """Covers the work until Enter or F12, or until a PIN is right; every other key and every scan is dropped."""

    CSS_PATH: ClassVar[Any] = [Path(__file__).parent / "cover.tcss"]
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(f"enter,{LOCK.key}", "uncover", "uncover", show=False, id="cover.uncover"),
        Binding("escape", "again", "again", show=False, id="cover.again"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._chosen: OfficerView | None = None
        self._busy = False

    @property
    def _desk(self) -> DeskApp:
        return cast("DeskApp", self.app)

    def compose(self) -> ComposeResult:
        """Say how to go back: in one sentence, or to whom a PIN belongs."""
        yield Line(_("Màn hình đang che. Enter hoặc F12 để làm việc tiếp."), id="sentence")
        with Vertical(id="lock"):
            yield Line(id="centre")
            yield Line([(_("QUẦY ĐANG KHÓA"), "strong")], id="locked")
            columns = (Column("", width=2, style="muted"), Column("", flex=1), Column("", width=28, style="muted"))
            yield LineList(columns, header=False, id="officers")
            yield Line(id="whose")
            yield Field(_("Mã PIN"), PinInput(max_length=LONGEST + 1, id="pin"), width=9)
            yield Line(id="said")
            keys = (
                ("1-9", _("chọn tên")),
                (_("số PIN, Enter"), _("vào việc")),
                ("Esc", _("chọn lại")),
            )
            yield Line([part for key, word in keys for part in ((key, "key"), (f" {word}   ", ""))], id="how")

    def on_mount(self) -> None:
        """Show the lock if there is one, and ask the record who has a PIN by now."""
        self.query_one(LineList).can_focus = False
        self._paint()
        if self._desk.centre is not None:
            self._desk.ask(self, self._desk.counter.officers, self._know, failed=self._say)

    def minute(self, now: datetime) -> None:
        """Show the time; nothing is sent where it is the same."""
        centre = self._desk.centre
        if centre is not None:
            place = " · ".join((centre.name, _("Quầy {n}").format(n=centre.desk)))
            self.query_one("#centre", Line).put(place, f"{say.day(now.date())} {now:%H:%M}")

    def _know(self, officers: tuple[OfficerView, ...]) -> None:
        self._desk.door.officers = officers
        self._paint()

    def _paint(self) -> None:
        door, now = self._desk.door, self._desk.now()
        self.query_one("#sentence").display = not door.guarded
        self.query_one("#lock").display = door.guarded
        if not door.guarded or now is None:
            return
        self.minute(now)
        rows = self.query_one(LineList)
        rows.styles.height = min(len(door.active), _MOST_ROWS)
        on_now = self._chosen.id if self._chosen is not None else self._desk.officer_id
        rows.show_rows([_row(number, each) for number, each in enumerate(door.active, 1)], key=str(on_now))
        if self._chosen is None and len(door.active) == 1:
            self._chosen = door.active[0]
        self._ask_for()
        self.set_focus(self._field)

    @property
    def _field(self) -> PinInput:
        return self.query_one("#pin", PinInput)

    def _say(self, sentence: str, style: str = "late") -> None:
        self._busy = False
        self.query_one("#said", Line).put([(sentence, style)] if sentence else ())

    def _ask_for(self) -> None:
        whose = _("Gõ số trước tên mình.") if self._chosen is None else self._chosen.name
        self.query_one("#whose", Line).put([(whose, "strong")])

    def _choose(self, index: int) -> None:
        active = self._desk.door.active
        self._chosen = None
        if not 0 <= index < len(active):
            self._say(_("Không có tên nào mang số này."), "soon")
        elif not active[index].has_pin:
            self._say(_("{name} chưa có mã PIN: nhờ lãnh đạo đặt.").format(name=active[index].name), "soon")
        else:
            self._chosen = active[index]
            self._say("")
            self.query_one(LineList).move_to(index)
        self._ask_for()

    @on(Input.Changed)
    def _typed(self, message: Input.Changed) -> None:
        message.stop()
        self._take_number()

    def _take_number(self) -> None:
        """Take the first digit as the number of a name, as long as nobody is chosen."""
        field = self._field
        if self._chosen is None and field.value:
            number, rest = int(field.value[0]), field.value[1:]
            self._choose(number - 1 if number <= _NUMBERED else -1)
            field.value = rest if self._chosen is not None else ""
            field.cursor_position = len(field.value)

    @on(Step)
    def _step(self, message: Step) -> None:
        """Up and down choose too: there may be more than nine."""
        message.stop()
        if not self._busy:
            self._field.value = ""
            rows = self.query_one(LineList)
            rows.action_move(message.by)
            self._choose(rows.cursor)

    @on(Next)
    def _entered(self, message: Next) -> None:
        message.stop()
        self._enter()

    def _enter(self) -> None:
        """Try the PIN."""
        self._take_number()
        desk, officer, pin = self._desk, self._chosen, self._field.value
        if self._busy or not desk.door.guarded:
            return
        if officer is None:
            self._say(_("Gõ số trước tên mình, rồi mã PIN."), "soon")
        elif pin:
            self._field.value = ""
            self._busy = True
            before = desk.officer_id
            desk.ask(
                self,
                lambda: desk.counter.sign_on(officer.id, pin, before),
                self._answered,
                group="write",
                failed=self._say,
            )

    def _answered(self, answer: OfficerView | Refused) -> None:
        if isinstance(answer, Refused):
            self._say(answer.sentence)
        else:
            self._desk.door.let_in(answer)
            self._lift()

    def _lift(self) -> None:
        self.dismiss()
        self._desk.door.lifted()

    def on_scanned(self, message: Scanned) -> None:
        """Drop a scan: nobody is at the desk. What looks like number and PIN was typed over a slow link."""
        message.stop()
        payload = message.payload
        if message.field is not None and payload.isascii() and payload.isdigit() and len(payload) <= LONGEST + 1:
            message.give_back()
            self._enter()
        else:
            self._dropped()

    def on_scan_broken(self, message: ScanBroken) -> None:
        """Drop the rest of a scan too."""
        message.stop()
        self._dropped()

    def _dropped(self) -> None:
        if self._desk.door.guarded:
            self.action_again()
            self._say(_("Quầy đang khóa: mã vừa quét bị bỏ."), "soon")

    def action_again(self) -> None:
        """Forget what was typed and who was chosen."""
        if not self._busy:
            self._field.value = ""
            self._chosen = None
            self._say("")
            self._paint()

    def action_uncover(self) -> None:
        """Go back to what was there, unless a PIN is asked for."""
        if not self._desk.door.guarded:
            self._lift()


def _row(number: int, officer: OfficerView) -> Row:
    said = say.role_name(officer.role)
    if not officer.has_pin:
        said = " · ".join((said, _("chưa có mã PIN")))
    return Row(str(officer.id), (str(number) if number <= _NUMBERED else "", officer.name, said))
