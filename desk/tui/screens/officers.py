"""The officers of the centre: added, given a PIN, disabled, taken back; and who works at this desk."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import ClassVar
from uuid import uuid4

from textual import on, work
from textual.binding import BindingType
from textual.widget import Widget

from db.vocabulary import Role
from desk.counter import say
from desk.counter.model import Refused
from desk.counter.officer_model import NewOfficer, OfficerView
from desk.counter.officers import LONGEST_NAME
from desk.rules.pin import LONGEST, SHORTEST
from desk.tui import remembered
from desk.tui.commands import ADD, BACK, HELP, Command, bindings
from desk.tui.screens.act_dialogs import Pick, Question, Sure
from desk.tui.screens.base import BASE_CSS, DeskScreen
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.lines import FactLine, Rule
from desk.tui.widgets.modals import Ask, ask
from desk.tui.widgets.pin_input import PinInput
from desk.tui.widgets.router import Scanned
from desk.tui.widgets.rows import Column, Row
from desk.words import _

SET_PIN = Command("set_pin", "1", lambda: _("PIN"), lambda: _("Đặt mã PIN mới cho người đang chọn."))
DISABLE = Command("disable", "2", lambda: _("Nghỉ"), lambda: _("Cho nghỉ ở quầy này; việc đã làm vẫn còn tên."))
ENABLE = Command("enable", "3", lambda: _("Làm lại"), lambda: _("Cho người đã nghỉ làm lại, chưa có mã PIN."))
SWITCH = Command("switch", "4", lambda: _("Đổi người"), lambda: _("Để người đang chọn làm việc ở quầy này."))


class PinQuestion(Ask):
    """A PIN to type, behind dots; a scan is none."""

    def __init__(self, question: str, *, needed: bool = True) -> None:
        super().__init__(question, needed=needed)
        self._input = PinInput(max_length=LONGEST)

    def on_scanned(self, message: Scanned) -> None:
        """Drop a scan; eight digits over a slow link were typed."""
        message.stop()
        if message.payload.isascii() and message.payload.isdigit() and len(message.payload) <= LONGEST:
            message.give_back()
            self.action_done()
        else:
            self._hint.put([(_("Đây là ô mã PIN: mã vừa quét bị bỏ."), "soon")])


class OfficersScreen(DeskScreen):
    """Officers in the order of their numbers; the disabled stay, for events name them."""

    CSS_PATH: ClassVar[list[Path]] = [BASE_CSS, Path(__file__).parent / "officers.tcss"]
    COMMANDS_HERE = (ADD, SET_PIN, DISABLE, ENABLE, SWITCH, BACK)
    KEYS_SHOWN = (HELP, ADD, SET_PIN, DISABLE, SWITCH, BACK)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*COMMANDS_HERE)]

    def title_text(self) -> str:
        """Return the name of the place."""
        return _("CÁN BỘ")

    def compose_work(self) -> Iterable[Widget]:
        """Who is asked for a PIN, then the list."""
        yield FactLine(id="facts")
        yield Rule(id="heading")
        columns = (
            Column(_("Số"), width=3, align="right", style="muted"),
            Column(_("Họ và tên"), flex=1, style="strong"),
            Column(_("Vai trò"), width=12),
            Column(_("Mã PIN"), width=8),
            Column(_("Ở quầy"), width=14),
        )
        yield LineList(columns, id="rows")

    def on_mount(self) -> None:
        """Start in the list."""
        super().on_mount()
        self._list.focus()

    @property
    def _list(self) -> LineList:
        return self.query_one("#rows", LineList)

    def refresh_work(self) -> None:
        """Read the officers again."""
        self.ask(self.desk_app.counter.officers, self._take, group="officers", exclusive=True)

    def another_officer(self) -> None:
        """Say who, in the list too."""
        super().another_officer()
        self._paint()

    def _take(self, officers: tuple[OfficerView, ...], key: str = "") -> None:
        self.desk_app.door.officers = officers
        self._paint(key)

    def _paint(self, key: str = "") -> None:
        door, here = self.desk_app.door, self.desk_app.officer_id
        said = _("F12 khóa quầy, ai vào cũng gõ mã PIN") if door.guarded else _("chưa ai có mã PIN: F12 chỉ che")
        active, pins = len(door.active), sum(each.has_pin for each in door.active)
        counts = _("{n} người đang làm").format(n=active), _("{n} có mã PIN").format(n=pins)
        self.query_one("#facts", FactLine).facts([(counts[0], ""), (counts[1], ""), (said, "muted")])
        self._list.show_rows([_row(each, here) for each in door.officers], key=key or None)

    @property
    def _current(self) -> OfficerView | None:
        row = self._list.current
        return next((each for each in self.desk_app.door.officers if row and str(each.id) == row.key), None)

    @on(LineList.Opened, "#rows")
    def _opened(self, message: LineList.Opened) -> None:
        message.stop()
        self.action_switch()

    @work(group="officer", exclusive=True)
    async def action_add(self) -> None:
        """Add an officer: name, role, and a PIN now or later."""
        app, typed = self.app, remembered.last(self.app, "officer")
        question = _("Họ và tên cán bộ mới? (tối đa {limit} chữ)").format(limit=LONGEST_NAME)
        name = await ask(app, Question(question, value=typed))
        if name is None:
            return
        remembered.remember(app, "officer", name)
        roles = [(role.value, say.role_name(role)) for role in (Role.CLERK, Role.HEAD)]
        role = await ask(app, Pick(_("{name} làm gì?").format(name=name), roles))
        pin = None if role is None else await self._pin(name, needed=False)
        if role is not None and pin is not None:
            counter, new = self.desk_app.counter, NewOfficer(str(uuid4()), name, role, pin)
            self._change(lambda by: counter.add_officer(new, by), _("đã thêm"))

    @work(group="officer", exclusive=True)
    async def action_set_pin(self) -> None:
        """Give the officer under the cursor another PIN."""
        officer, counter = self._current, self.desk_app.counter
        pin = None if officer is None else await self._pin(officer.name)
        if officer is not None and pin is not None:
            number = officer.id
            self._change(lambda by: counter.set_pin(number, pin, by), _("đã đặt mã PIN"))

    @work(group="officer", exclusive=True)
    async def action_disable(self) -> None:
        """Disable the officer under the cursor, after a yes."""
        officer, counter = self._current, self.desk_app.counter
        if officer is None:
            return
        question = _("Cho {name} nghỉ ở quầy này?").format(name=officer.name)
        if not officer.active or await ask(self.app, Sure(question, yes=_("Cho nghỉ"))):
            self._change(lambda by: counter.disable_officer(officer.id, by), _("đã nghỉ"))

    def action_enable(self) -> None:
        """Take the officer under the cursor back."""
        officer, counter = self._current, self.desk_app.counter
        if officer is not None:
            self._change(lambda by: counter.enable_officer(officer.id, by), _("làm lại"))

    def action_switch(self) -> None:
        """Let the officer under the cursor work here: at once, or by PIN where PINs are asked for."""
        officer, app = self._current, self.desk_app
        if officer is not None and app.door.guarded:
            app.action_lock()
        elif officer is not None and officer.id != app.officer_id:
            before = app.officer_id
            self.ask(lambda: app.counter.sign_on(officer.id, "", before), self._switched, group="write")

    def _switched(self, answer: OfficerView | Refused) -> None:
        if isinstance(answer, Refused):
            self.note(answer.sentence, "late")
        else:
            self.desk_app.door.let_in(answer)
            self.note(_("từ bây giờ: {name}").format(name=answer.name), "good")

    async def _pin(self, name: str, *, needed: bool = True) -> str | None:
        """Ask for a PIN twice; None where the two differ or nobody wants to."""
        later = "" if needed else _(" Để trống: đặt sau.")
        text = _("{name} tự gõ mã PIN mới, {least} đến {most} chữ số.").format(name=name, least=SHORTEST, most=LONGEST)
        pin = await ask(self.app, PinQuestion(text + later, needed=needed))
        if not pin:
            return pin
        again = await ask(self.app, PinQuestion(_("Gõ lại mã PIN.")))
        if again is not None and again != pin:
            self.note(_("Hai lần gõ khác nhau: chưa đặt gì cả."), "late")
        return pin if again == pin else None

    def _change(self, change: Callable[[int | None], OfficerView | Refused], done: str) -> None:
        app = self.desk_app
        by = app.officer_id

        def call() -> tuple[OfficerView | Refused, tuple[OfficerView, ...]]:
            return change(by), app.counter.officers()

        self.note(_("đang ghi…"))
        self.ask(call, lambda answer: self._changed(*answer, done), group="write")

    def _changed(self, answer: OfficerView | Refused, officers: tuple[OfficerView, ...], done: str) -> None:
        if isinstance(answer, Refused):
            self._take(officers)
            self.note(answer.sentence, "late")
        else:
            remembered.remember(self.app, "officer", "")
            self._take(officers, str(answer.id))
            self.note(f"{answer.name}: {done}", "good")

    def action_back(self) -> None:
        """Leave."""
        self.dismiss()


def _row(officer: OfficerView, here: int | None) -> Row:
    place = _("đang ở đây") if officer.id == here else "" if officer.active else _("đã nghỉ")
    pin = _("có") if officer.has_pin else ""
    cells = (str(officer.id), officer.name, say.role_name(officer.role), pin, place)
    return Row(str(officer.id), cells, style="" if officer.active else "muted")
