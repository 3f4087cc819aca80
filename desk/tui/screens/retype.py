"""Double entry: one dossier field by field to the clipboard, in the order of the official form, then its code back."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar
from uuid import uuid4

from textual import on, work
from textual.binding import BindingType
from textual.widget import Widget

from db.vocabulary import Act
from desk.counter.model import Action, Done, Refused, WorkRow
from desk.counter.retyping import Sheet, SheetField
from desk.retype_order import order_of
from desk.retyped import Retyped
from desk.rules.identity import ScanKind, recognise
from desk.rules.numbering import normalise_official
from desk.rules.retyping import NEVER_KEPT
from desk.tui.clipboard import Sent, copy
from desk.tui.commands import BACK, HELP, bindings
from desk.tui.screens.act_dialogs import Question, check_code
from desk.tui.screens.base import BASE_CSS, DeskScreen
from desk.tui.screens.long_line import LongLine
from desk.tui.screens.retype_commands import AGAIN, CODE, COPY, FOLLOWING, TICK
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.lines import Line, Rule
from desk.tui.widgets.modals import ask
from desk.tui.widgets.router import Scanned
from desk.tui.widgets.rows import Column, Row
from desk.words import _

if TYPE_CHECKING:
    from desk.tui.app import DeskApp


def read_sheet(app: DeskApp, dossier_id: int, officer_id: int | None) -> tuple[Sheet | Refused, Mapping[str, str]]:
    """Return a dossier's sheet and what of it is ticked; `dossier_id` 0 is the first one without a code."""
    retyping, beside = app.counter.retyping, app.beside
    if not dossier_id:
        row = retyping.following(0)
        if row is None:
            return Refused("none", _("Mọi hồ sơ đều đã có mã chính thức: không còn gì phải nhập lại.")), {}
        dossier_id = row.id
    sheet = retyping.sheet(dossier_id, officer_id, order_of(beside.folder))
    return sheet, {} if isinstance(sheet, Refused) else Retyped(beside).of(sheet.code)


class RetypeScreen(DeskScreen):
    """The fields of one dossier; Enter copies one and ticks it when the next is copied; a scanned code ends it."""

    CSS_PATH: ClassVar[list[Path]] = [BASE_CSS, Path(__file__).parent / "retype.tcss"]
    COMMANDS_HERE = (COPY, AGAIN, TICK, CODE, FOLLOWING, BACK)
    KEYS_SHOWN = (HELP, COPY, AGAIN, CODE, FOLLOWING, BACK)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*COMMANDS_HERE)]

    def __init__(self, dossier_id: int = 0, queue: tuple[int, ...] = ()) -> None:
        """Open on a dossier, or with 0 on the first without a code; `queue` is the list it was opened from."""
        super().__init__()
        self._wanted = dossier_id
        self._queue = queue
        self._sheet: Sheet | None = None
        self._done: dict[str, str] = {}
        self._copied = ""
        self._next: WorkRow | None = None
        self._finished = self._busy = False

    def title_text(self) -> str:
        """Return the name of the place and the dossier."""
        return _("NHẬP LẠI") if self._sheet is None else _("NHẬP LẠI · {code}").format(code=self._sheet.short_code)

    def compose_work(self) -> Iterable[Widget]:
        """Whose dossier, the value as it is typed, how to take it by hand, every field."""
        yield Line(id="who")
        yield Rule(id="label")
        yield LongLine(most=6, id="value")
        yield Line(id="by_hand")
        yield Rule(_("các ô, theo thứ tự của hệ thống tỉnh"), id="heading")
        columns = (Column("", width=8, style="good"), Column("", width=24), Column("", flex=1))
        yield LineList(columns, header=False, multi=True, empty="", id="fields")

    def compose_note(self) -> Iterable[Widget]:
        """The last word, in as many lines as it needs."""
        yield LongLine(id="note")

    def on_mount(self) -> None:
        """Read the dossier."""
        super().on_mount()
        self._list.focus()
        self._open(self._wanted)

    @property
    def _list(self) -> LineList:
        return self.query_one("#fields", LineList)

    def _open(self, dossier_id: int, said: str = "") -> None:
        app = self.desk_app
        officer = app.officer_id
        self._busy = True
        self.ask(
            lambda: read_sheet(app, dossier_id, officer),
            lambda answer: self._take(*answer, said),
            group="sheet",
            failed=self._not_read,
        )

    def _not_read(self, sentence: str) -> None:
        self._busy = False
        self.note(sentence, "late")

    def _take(self, sheet: Sheet | Refused, done: Mapping[str, str], said: str) -> None:
        self._busy = False
        if isinstance(sheet, Refused):
            self.note(" · ".join(part for part in (said, sheet.sentence) if part), "soon")
            return
        self._sheet, self._finished, self._copied, self._next = sheet, False, "", None
        known = {each.item.value: each for each in sheet.fields}
        self._done = {name: seal for name, seal in done.items() if name in known}
        self._show()
        self._list.move_to(self._first_open())
        seen = _("đã ghi vết: xem đủ số định danh, điện thoại để nhập lại")
        self.note(" · ".join(part for part in (said, seen) if part))
        self.tick()

    def another_officer(self) -> None:
        """Read the dossier again: whoever sees it in full leaves a trace of their own."""
        super().another_officer()
        if self._sheet is not None and not self._finished:
            self._open(self._sheet.id)

    def refresh_work(self) -> None:
        """Read the dossier again where it was changed while another screen was in front."""
        sheet, retyping = self._sheet, self.desk_app.counter.retyping
        if sheet is not None:
            self.ask(
                lambda: retyping.version(sheet.id),
                lambda version: self._changed(sheet, version),
                group="version",
                exclusive=True,
            )

    def _changed(self, sheet: Sheet, version: int) -> None:
        if sheet is self._sheet and version != sheet.version and not self._finished and not self._busy:
            self._open(sheet.id)

    def _first_open(self) -> int:
        return next((place for place, each in enumerate(self._fields) if self._is_open(each)), 0)

    @property
    def _fields(self) -> tuple[SheetField, ...]:
        return () if self._sheet is None else self._sheet.fields

    @property
    def _current(self) -> SheetField | None:
        place = self._list.cursor
        return self._fields[place] if place < len(self._fields) else None

    def _is_done(self, each: SheetField) -> bool:
        return self._done.get(each.item.value) == each.seal

    def _is_open(self, each: SheetField) -> bool:
        return _wanted(each) and not self._is_done(each)

    def _show(self) -> None:
        sheet = self._sheet
        if sheet is None:
            return
        left = _("còn {n} hồ sơ chưa có mã").format(n=sheet.left)
        self.query_one("#who", Line).put(
            [(sheet.applicant, "strong"), (f" · {sheet.procedure}", "")], [(left, "muted")]
        )
        self._list.show_rows([self._row(each) for each in sheet.fields])
        self._show_value()

    def _row(self, each: SheetField) -> Row:
        state, style = "", ""
        if self._is_done(each) or not _wanted(each):
            state, style = _("đã nhập") if self._is_done(each) else "", "muted"
        elif each.item.value == self._copied:
            state = _("đã chép")
        elif each.item.value in self._done:
            state = _("đã đổi")
        styles = ("good", style, style)
        return Row(each.item.value, (state, each.label, each.value or _empty(each)), styles=styles)

    @on(LineList.Moved, "#fields")
    def _moved(self, message: LineList.Moved) -> None:
        message.stop()
        self._show_value()

    def _show_value(self) -> None:
        each = self._current
        if each is None:
            return
        wanted = [field for field in self._fields if _wanted(field)]
        done = sum(self._is_done(field) for field in wanted)
        place = _("đã nhập {done}/{all}").format(done=done, all=len(wanted))
        self.query_one("#label", Rule).put(each.label, place)
        self.query_one("#value", LongLine).put([(each.value, "strong")] if each.value else [(_empty(each), "muted")])
        by_hand = _("không dán được: bôi đen dòng trên bằng chuột (giữ Shift), Ctrl+Shift+C") if each.value else ""
        self.query_one("#by_hand", Line).put([(by_hand, "muted")])

    @on(LineList.Opened, "#fields")
    def _opened(self, message: LineList.Opened) -> None:
        message.stop()
        self.desk_app.used(COPY)
        self.action_copy_next()

    @on(LineList.Chosen, "#fields")
    def _chosen(self, message: LineList.Chosen) -> None:
        message.stop()
        each = next((field for field in self._fields if field.item.value == message.key), None)
        # Ticks are this screen's own: what is typed already steps back, what is left stands out.
        self._list.chosen.clear()
        if each is not None:
            self._mark(each, done=not self._is_done(each))

    def action_tick_field(self) -> None:
        """Tick the field under the cursor, or no longer."""
        self._list.action_choose()

    def action_copy_next(self) -> None:
        """Copy this field; one that is copied already is ticked, and the next one copied."""
        each = self._current
        if self._finished:
            self.action_following()
        elif each is not None and each.item.value == self._copied:
            self._mark(each, done=True)
            self._go_on()
        elif each is not None and each.value:
            self._copy(each)
        elif each is not None:
            # Nothing to paste: it was looked at, and that is all.
            self._mark(each, done=True)
            self._go_on()

    def _go_on(self) -> None:
        place = self._list.cursor
        later = [*range(place + 1, len(self._fields)), *range(place)]
        after = next((each for each in later if self._is_open(self._fields[each])), None)
        if after is None:
            self._copied = ""
            self._show()
            self.note(_("Đã nhập hết các ô: quét hay gõ mã chính thức (M)."), "good")
            return
        self._list.move_to(after)
        each = self._fields[after]
        if each.value:
            self._copy(each)
        else:
            self.note(_("{label}: {empty}; nhập rồi Enter").format(label=each.label, empty=_empty(each)))

    def action_copy_again(self) -> None:
        """Copy this field once more."""
        if (each := self._current) is not None and each.value:
            self._copy(each)

    def _copy(self, each: SheetField) -> None:
        sent = copy(self.app, each.value, os.environ)
        self._copied = each.item.value
        self._show()
        if sent is Sent.SENT:
            said = _("đã chép {label}").format(label=each.label)
            hint = self.desk_app.hints((COPY.id, _("dán vào hệ thống tỉnh rồi Enter")))
            self.note(": ".join((said, *hint)))
        elif sent is Sent.TOO_LONG:
            self.note(_("{label} quá dài để chép: bôi đen bằng chuột, hoặc gõ.").format(label=each.label), "soon")
        else:
            self.note(_("Cửa sổ này không có khay nhớ tạm: nhìn mà gõ, rồi Enter."), "soon")

    def _mark(self, each: SheetField, *, done: bool) -> None:
        sheet = self._sheet
        if sheet is None:
            return
        self._done.pop(each.item.value, None)
        if done:
            self._done[each.item.value] = each.seal
        if self._copied == each.item.value:
            self._copied = ""
        self._show()
        self._keep(sheet.code, self._done)

    def _keep(self, code: str, done: Mapping[str, str]) -> None:
        # The ticks themselves, not a copy: whichever thread comes last writes what stands then.
        retyped = Retyped(self.desk_app.beside)
        self.ask(lambda: retyped.mark(code, done), lambda _nothing: None, group="ticks")

    def on_scanned(self, message: Scanned) -> None:
        """An official code is this dossier's; anything else goes its usual way."""
        if recognise(message.payload) is ScanKind.OFFICIAL_CODE and self._sheet is not None and not self._finished:
            message.stop()
            self._ask_code(normalise_official(message.payload) or "")

    def action_enter_code(self) -> None:
        """Ask for the official code."""
        if self._sheet is not None and not self._finished:
            self._ask_code("")

    @work(group="code", exclusive=False)
    async def _ask_code(self, scanned: str) -> None:
        sheet = self._sheet
        if sheet is None or self._busy:
            return
        question = _("Mã chính thức của {name} ({code})? Quét hoặc gõ, Enter để gắn")
        code = await ask(
            self.app,
            Question(
                question.format(name=sheet.applicant, code=sheet.short_code),
                value=scanned,
                check=check_code,
                take=lambda payload: normalise_official(payload) or "",
            ),
        )
        if code is None or self._sheet is not sheet:
            return
        app, queue = self.desk_app, self._queue
        action = Action(str(uuid4()), sheet.code, Act.SET_CODE, officer_id=app.officer_id, official_code=code)
        retyped, self._busy = Retyped(app.beside), True

        def call() -> tuple[Done | Refused, WorkRow | None]:
            done = app.counter.act(action)
            if isinstance(done, Refused):
                return done, None
            retyped.mark(sheet.code, {})
            return done, app.counter.retyping.following(sheet.id, queue)

        self.note(_("đang ghi…"))
        self.ask(call, lambda answer: self._coded(code, *answer), group="write", failed=self._not_read)

    def _coded(self, code: str, done: Done | Refused, following: WorkRow | None) -> None:
        self._busy = False
        if isinstance(done, Refused):
            self.note(done.sentence, "late")
            return
        self._finished, self._next = True, following
        written = normalise_official(code) or code
        if following is None:
            self.note(_("đã gắn mã {code} · không còn hồ sơ nào phải nhập lại · Esc về").format(code=written), "good")
            return
        said = _("đã gắn mã {code} · Enter hồ sơ sau: {short} {name} · Esc về")
        self.note(said.format(code=written, short=following.short_code, name=following.applicant), "good")

    def action_following(self) -> None:
        """Go to the next dossier without a code; this one keeps its ticks."""
        sheet, queue, retyping = self._sheet, self._queue, self.desk_app.counter.retyping
        if sheet is None or self._busy:
            return
        if self._next is not None:
            self._open(self._next.id)
        else:
            self._busy = True
            self.ask(lambda: retyping.following(sheet.id, queue), self._go_to, group="next", failed=self._not_read)

    def _go_to(self, following: WorkRow | None) -> None:
        self._busy = False
        if following is None:
            self.note(_("Không còn hồ sơ nào khác chưa có mã chính thức."), "soon")
        else:
            self._open(following.id)

    def action_back(self) -> None:
        """Leave; what is ticked stays ticked."""
        if self.app.screen is self:
            self.dismiss()


def _wanted(each: SheetField) -> bool:
    """Say whether there is anything to type: an empty field is left empty there too."""
    return bool(each.value) or each.item in NEVER_KEPT


def _empty(each: SheetField) -> str:
    return _("máy không lưu: nhìn thẻ, tờ khai") if each.item in NEVER_KEPT else _("(trống)")
