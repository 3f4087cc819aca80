"""What is shown while the centre opens; where there is none, the short set-up; where it is locked, its passphrase."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.binding import BindingType
from textual.widget import Widget

from db.upgrading import Upgrading, heard_by
from desk.checked import NAME as CHECKED
from desk.counter.model import Refused
from desk.learned import NAME as LEARNED
from desk.rules.text import clean
from desk.tui.commands import HELP, PALETTE, Command, Place, bindings
from desk.tui.screens.base import BASE_CSS, DeskScreen
from desk.tui.screens.units import find_units, unit_label
from desk.tui.services import Locked, NewCentre, NoCentre, Opened, Opener, Services, StockTaken
from desk.tui.widgets.choice import Choice, Option
from desk.tui.widgets.form import Field, Form
from desk.tui.widgets.form_input import DigitInput, FormInput
from desk.tui.widgets.lines import KeyBar, Line
from desk.tui.widgets.modals import Confirm, TextPage, ask
from desk.tui.widgets.picker import Picker
from desk.tui.widgets.rows import Column, Row
from desk.upgrade_words import upgrade_sentence
from desk.words import _, counted

if TYPE_CHECKING:
    from desk.counter.officer_model import OfficerView

MAKE = Command(
    "make",
    "f2",
    lambda: _("Lập"),
    lambda: _("Lập trung tâm với những gì đã điền, rồi vào việc."),
    Place.FORM,
    ("ctrl+n", "ctrl+s"),
)
MOST_REFUSED = 500
"""Refused lines that are named one by one."""

RETRY = Command("retry", "enter", lambda: _("Thử lại"), lambda: _("Mở lại trung tâm."))
GO = Command("go", "escape", lambda: _("Thoát"), lambda: _("Thoát chương trình; chưa có gì được ghi."))


class Stage(Enum):
    """How far the opening has come."""

    OPENING = "opening"
    FAILED = "failed"
    LOCKED = "locked"
    SET_UP = "set_up"


class OpeningScreen(DeskScreen):
    """One sentence while the centre opens; then home, or what stands in the way."""

    CSS_PATH: ClassVar[list[Path]] = [BASE_CSS, Path(__file__).parent / "opening.tcss"]
    AUTO_FOCUS = ""
    COMMANDS_HERE = (MAKE, RETRY, GO)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*COMMANDS_HERE)]

    def __init__(self) -> None:
        super().__init__()
        self.stage = Stage.OPENING
        self._no_centre: NoCentre | None = None
        self._locked: Locked | None = None
        self._busy = False

    def title_text(self) -> str:
        """Return the name of the program."""
        return _("MỘT CỬA")

    def compose_work(self) -> Iterable[Widget]:
        """One sentence, and the two forms that may be needed."""
        yield Line(id="said")
        columns = (Column("", width=5, style="muted"), Column("", flex=3), Column("", flex=2, style="muted"))
        modes = (Option("live", _("Thật")), Option("practice", _("Thực hành")))
        folder = _("thư mục để tỉnh lấy tệp ngày; để trống nếu chưa có")
        with Form(id="set_up"):
            yield Field(_("Đơn vị"), Picker(find_units, columns, label=unit_label, id="unit"))
            yield Field(_("Tên cán bộ"), FormInput(id="officer", max_length=80, placeholder=_("họ và tên")))
            yield Field(_("Quầy số"), DigitInput("1", id="desk", max_length=1))
            yield Field(_("Chế độ"), Choice(modes, id="mode"))
            yield Field(_("Gửi tỉnh"), FormInput(id="folder", max_length=400, placeholder=folder))
            stock = _("tệp JSON Lines hồ sơ đang giải quyết; Enter nếu không có")
            yield Field(_("Hồ sơ cũ"), FormInput(id="stock", max_length=400, placeholder=stock), id="stock_row")
        with Form(id="unlock"):
            yield Field(_("Mật khẩu"), FormInput(password=True, id="passphrase"))

    def on_mount(self) -> None:
        """Open the centre once this has been painted."""
        self._show(Stage.OPENING, _("Đang mở trung tâm…"))
        self.call_after_refresh(self._open, self.desk_app.opener)

    def _show(self, stage: Stage, sentence: str, style: str = "") -> None:
        self.stage = stage
        self.query_one("#set_up").display = stage is Stage.SET_UP
        self.query_one("#unlock").display = stage is Stage.LOCKED
        self.query_one("#said", Line).put([(sentence, style)])
        keys: dict[Stage, tuple[Command, ...]] = {
            Stage.OPENING: (),
            Stage.FAILED: (HELP, RETRY, GO),
            Stage.LOCKED: (HELP, GO),
            Stage.SET_UP: (HELP, MAKE, PALETTE, GO),
        }
        self.query_one("#keys", KeyBar).show(keys[stage])

    def _open(self, opener: Opener) -> None:
        if self._busy:
            return
        self._busy = True

        def call() -> tuple[Opened, tuple[OfficerView, ...], bool]:
            with heard_by(self._told_of_upgrade):
                found = opener()
            if isinstance(found, Refused | NoCentre | Locked):
                return found, (), False
            found.beside.read(LEARNED, CHECKED)
            return found, found.counter.officers(), found.mornings.begin(found.counter.now().date())

        self.ask(call, self._opened, failed=self._fault)

    def _told_of_upgrade(self, upgrading: Upgrading) -> None:
        with suppress(RuntimeError):  # the program has ended meanwhile; what was begun is finished all the same
            self.call_later(self._say_upgrade, upgrade_sentence(upgrading))

    def _say_upgrade(self, sentence: str) -> None:
        if self.stage is Stage.LOCKED:
            self.note(sentence, "soon")
        else:
            self._show(Stage.OPENING, sentence, "soon")

    def _opened(self, answer: tuple[Opened, tuple[Any, ...], bool]) -> None:
        self._busy = False
        found, officers, morning = answer
        if isinstance(found, NoCentre):
            self._no_centre = found
            self._show(Stage.SET_UP, _("Máy này chưa có trung tâm. Điền các dòng dưới đây, rồi F2."))
            self.query_one("#stock_row").display = found.stock is not None
            self.set_focus(self.query_one("#unit", Picker).field)
        elif isinstance(found, Locked):
            self._locked = found
            self.note(_("Mật khẩu không đúng.") if found.wrong else "", "late")
            self._show(Stage.LOCKED, _("Cơ sở dữ liệu được khóa bằng mật khẩu."))
            self.set_focus(self.query_one("#passphrase"))
        elif isinstance(found, Refused):
            self._refused(found)
        else:
            self._go_home(found, lambda: self.desk_app.take(found, officers, morning=morning))

    def _go_home(self, found: Services, home: Callable[[], None]) -> None:
        """Go home; before that take over what was open, and say what became of it."""
        no_centre, file = self._no_centre, self.query_one("#stock", FormInput).value.strip()
        if no_centre is None or no_centre.stock is None or not file:
            home()
            return
        take, self._busy = no_centre.stock, True
        self.note(_("Trung tâm đã lập. Đang nhận hồ sơ cũ…"))

        def taken(answer: StockTaken | Refused) -> None:
            self.run_worker(self._say_stock(answer, home), group="stock")

        self.ask(
            lambda: take(found.counter, file, self._told),
            taken,
            group="stock",
            failed=lambda sentence: taken(Refused("stock", sentence)),
        )

    def _told(self, taken: int) -> None:
        self.call_later(self.note, counted("Trung tâm đã lập. Đã nhận {n} hồ sơ cũ…", taken))

    async def _say_stock(self, answer: StockTaken | Refused, home: Callable[[], None]) -> None:
        await ask(self.app, TextPage(_("HỒ SƠ CŨ"), stock_lines(answer)))
        home()

    def _refused(self, refused: Refused) -> None:
        self._fault(refused.sentence)
        fields = {"unit": "#unit FormInput"} | {name: f"#{name}" for name in ("desk", "folder", "officer", "stock")}
        if self.stage is Stage.SET_UP and refused.field in fields:
            self.set_focus(self.query_one(fields[refused.field], FormInput))

    def _fault(self, sentence: str) -> None:
        """Say what stands in the way; a form that was being filled in stays as it is."""
        self._busy = False
        if self.stage in {Stage.SET_UP, Stage.LOCKED}:
            self.note(sentence, "late")
        else:
            self._show(Stage.FAILED, sentence, "late")

    @on(Form.Finished)
    def _finished(self, message: Form.Finished) -> None:
        message.stop()
        if message.form.id == "unlock":
            self._unlock()
        else:
            self.note(_("F2 lập trung tâm."))

    def _unlock(self) -> None:
        field = self.query_one("#passphrase", FormInput)
        locked, passphrase = self._locked, field.value
        if locked is not None and passphrase and not self._busy:
            field.value = ""
            self.note(_("Đang mở…"))
            self._open(lambda: locked.unlock(passphrase))

    def action_make(self) -> None:
        """Set the centre up."""
        no_centre, unit = self._no_centre, self.query_one("#unit", Picker).picked
        if self.stage is not Stage.SET_UP or no_centre is None or self._busy:
            return
        if (missing := self._missing()) is not None:
            self.set_focus(missing[0])
            self.note(missing[1], "late")
        elif unit is not None:
            new = self._filled_in(unit)
            self.note(_("Đang lập trung tâm…"))
            self._open(lambda: _unreadable(new.stock) or no_centre.make(new))

    def _missing(self) -> tuple[FormInput, str] | None:
        """Return the first field that wants something, and what."""
        unit = self.query_one("#unit", Picker)
        officer, desk = self.query_one("#officer", FormInput), self.query_one("#desk", FormInput)
        if unit.picked is None:
            return unit.field, _("Chưa chọn đơn vị: gõ tên xã, rồi Enter.")
        if not clean(officer.value):
            return officer, _("Chưa có tên cán bộ.")
        if desk.value not in set("123456789"):
            return desk, _("Số quầy từ 1 đến 9.")
        return None

    def _filled_in(self, unit: Row) -> NewCentre:
        officer, desk, folder = (self.query_one(f"#{name}", FormInput).value for name in ("officer", "desk", "folder"))
        practice = self.query_one("#mode", Choice).value == "practice"
        stock = self.query_one("#stock", FormInput).value.strip()
        return NewCentre(unit.key, unit.cells[1], clean(officer), int(desk), practice, folder.strip(), stock)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Refuse, and leave out of help, what belongs to another stage."""
        stages = {MAKE.id: Stage.SET_UP, RETRY.id: Stage.FAILED}
        return stages.get(action, self.stage) is self.stage and super().check_action(action, parameters)

    def action_retry(self) -> None:
        """Open once more."""
        if self.stage is Stage.FAILED:
            self._show(Stage.OPENING, _("Đang mở trung tâm…"))
            self._open(self.desk_app.opener)

    def action_go(self) -> None:
        """Leave; where something may have been filled in, only after a yes."""
        if self.stage is Stage.SET_UP:
            self.run_worker(self._leave(), group="leave", exclusive=True)
        elif not self._busy:
            self.app.exit()

    async def _leave(self) -> None:
        if await ask(self.app, Confirm(_("Thoát mà chưa lập trung tâm?"), yes=_("Thoát"), no=_("Ở lại"))):
            self.app.exit()


def _unreadable(file: str) -> Refused | None:
    """Say why a file of open dossiers cannot be read, before a centre is made for it; reads the disk."""
    if not file:
        return None
    try:
        with Path(file).expanduser().open("rb"):
            return None
    except (OSError, ValueError, RuntimeError) as error:
        why = (error.strerror if isinstance(error, OSError) else "") or str(error)
        sentence = _("Không đọc được tệp hồ sơ cũ: {why}. Sửa đường dẫn, hoặc để trống.")
        return Refused("stock", sentence.format(why=why), "stock")


def stock_lines(answer: StockTaken | Refused) -> list[str]:
    """Return what became of the file of open dossiers: how many are in, and each refused line by its number."""
    later = _("Sửa rồi nhận tiếp bằng lệnh: desk receive --file TỆP (chỉ những dòng còn lại).")
    if isinstance(answer, Refused):
        return [_("Trung tâm đã lập, nhưng chưa nhận hết hồ sơ cũ."), answer.sentence, "", later]
    lines = [counted("Đã nhận {n} hồ sơ đang giải quyết.", answer.taken)]
    if not answer.refused:
        return lines
    lines += [counted("Không nhận {n} dòng:", len(answer.refused)), ""]
    lines += [_("dòng {n}: {why}").format(n=number, why=why) for number, why in answer.refused[:MOST_REFUSED]]
    if len(answer.refused) > MOST_REFUSED:
        lines.append(counted("… và {n} dòng nữa.", len(answer.refused) - MOST_REFUSED))
    return [*lines, "", later]
