"""The small questions an act asks before it is done, one line at a time; Esc at any of them does nothing.

What was typed is kept in a draft: asked again after a refusal, every question offers it again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input

from db.vocabulary import Act, ReturnWay
from desk.counter import say
from desk.counter.model import DossierView, Refused
from desk.rules.identity import ScanKind, read_card, recognise
from desk.rules.numbering import normalise_official
from desk.tui import remembered
from desk.tui.moments import parse_moment, parse_past
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.lines import Line
from desk.tui.widgets.modals import Ask, Confirm, ask
from desk.tui.widgets.router import Scanned
from desk.tui.widgets.rows import Column, Row
from desk.tui.widgets.screens import Modal
from desk.tui.widgets.text import wrap
from desk.words import _

Answers = dict[str, Any]
"""Fields of `Action` by name."""

HOLDER = "holder"
"""What a forwarding is remembered by: the name of its field."""
APPLICANT = "Chính chủ"
"""Who collected a result, as the record has it: in Vietnamese on every screen."""
SORRY = "Hồ sơ cần thêm thời gian giải quyết; trung tâm xin lỗi và hẹn lại ông (bà)."
"""The reason offered for an apology, which the citizen reads."""
_WIDTH = 78
_MOST_ROWS = 9


@dataclass
class Seen:
    """The dossier the questions are about, what its procedure and officer allow, and what was typed before."""

    view: DossierView
    variants: tuple[tuple[str, str], ...] = ()
    head: bool = False
    draft: dict[str, str] = field(default_factory=dict)
    put_off: datetime | None = None
    """The date an apology offers first."""


class Question(Ask):
    """One line to type; `check` says what it is read as, and whether it will do.

    A scan that `take` makes a text of is the answer; a card or slip it is not for waits until the question is closed.
    A `suggested` value is taken with Enter, and goes with the first letter that is typed.
    """

    def __init__(
        self,
        question: str,
        *,
        value: str = "",
        suggested: bool = False,
        needed: bool = True,
        check: Callable[[str], tuple[str, bool]] | None = None,
        take: Callable[[str], str] | None = None,
    ) -> None:
        super().__init__(question, value=value, needed=needed)
        self._suggested = suggested
        self._check = check
        self._take = take

    def on_mount(self) -> None:
        """Show the keys; select what is only suggested."""
        super().on_mount()
        if self._suggested:
            self._input.action_select_all()

    def on_scanned(self, message: Scanned) -> None:
        """Take a scan that answers the question; what is neither card nor slip was fast typing."""
        message.stop()
        taken = "" if self._take is None else self._take(message.payload)
        if taken:
            self._input.value = taken
            self.action_done()
        elif recognise(message.payload) is ScanKind.NOTHING:
            if refused := message.give_back():
                self._hint.put([(_("Ô này không nhận «{text}».").format(text=refused), "soon")])
        else:
            self._hint.put([(_("Đang hỏi dở: Esc rồi quét lại."), "soon")])

    @on(Input.Changed)
    def _say_reading(self, message: Input.Changed) -> None:
        message.stop()
        if self._check is not None and message.value.strip():
            said, good = self._check(message.value.strip())
            keys = [("   Enter", "key"), (" " + _("Xong"), "")] if good else []
            self._hint.put([(said, "good" if good else "muted"), *keys])

    def action_done(self) -> None:
        """Take what is typed, if it can be read."""
        typed = self._input.value.strip()
        if typed and self._check is not None:
            said, good = self._check(typed)
            if not good:
                self._hint.put([(said, "soon")])
                return
        super().action_done()


class Sure(Confirm):
    """A yes or no; a scan means that the officer has gone on to another dossier, which is a no."""

    def on_scanned(self) -> None:
        """No, and let the scan through."""
        self.action_back()


class Pick(Modal[str]):
    """One of a few lines, by number or with arrows and Enter; the answer is the key of the line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(str(number), f"number({number})", str(number), show=False, id=f"pick.{number}")
        for number in range(1, 10)
    ]
    DEFAULT_CSS = "Pick LineList { height: auto; }"

    def __init__(self, question: str, options: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._question = question
        self._options = tuple(options)
        rows = [Row(key, (str(number), label)) for number, (key, label) in enumerate(self._options, 1)]
        self._list = LineList((Column("", width=2, style="muted"), Column("", flex=1)), rows, header=False)

    def compose(self) -> ComposeResult:
        """Question, lines, keys."""
        with Vertical(classes="panel"):
            for line in wrap(self._question, _WIDTH):
                yield Line([(line, "strong")])
            yield self._list
            yield Line([("1-9 Enter", "key"), (" " + _("Chọn") + "   ", ""), ("Esc", "key"), (" " + _("Thôi"), "")])

    def keys_told(self) -> tuple[tuple[str, str], ...]:
        """Return what chooses a line."""
        return (("1-9", _("Chọn ngay dòng có số đó.")), ("↑ ↓ Enter", _("Đến một dòng, chọn nó.")))

    def on_mount(self) -> None:
        """Make room for the lines."""
        self._list.styles.height = min(len(self._options), _MOST_ROWS)

    def on_scanned(self) -> None:
        """Nothing is chosen: the officer has gone on to another dossier."""
        self.action_back()

    @on(LineList.Opened)
    def _opened(self, message: LineList.Opened) -> None:
        message.stop()
        self.dismiss(message.key)

    def action_number(self, number: int) -> None:
        """Take a line by its number."""
        if number <= len(self._options):
            self.dismiss(self._options[number - 1][0])


class _Asking:
    """One act's questions on one dossier."""

    def __init__(self, app: App[Any], seen: Seen, now: datetime) -> None:
        self.app = app
        self.seen = seen
        self.now = now

    async def text(self, name: str, question: str, suggest: str = "", **more: Any) -> str | None:
        """Ask for one line and keep it in the draft."""
        typed = self.seen.draft.get(name)
        value = suggest if typed is None else typed
        found = await ask(self.app, Question(question, value=value, suggested=typed is None, **more))
        if found is not None:
            self.seen.draft[name] = found
        return found

    def _reading(self, read: Callable[[str, datetime], datetime | None]) -> Callable[[str], tuple[str, bool]]:
        def check(typed: str) -> tuple[str, bool]:
            found = read(typed, self.now)
            return (_("chưa hiểu; gõ như 25/3 10:00"), False) if found is None else (f"→ {say.moment(found)}", True)

        return check

    async def arrival(self, question: str) -> str | None:
        """Ask for a date and time that has been and may not be known yet."""
        return await self.text("competent_at", question, needed=False, check=self._reading(parse_past))

    async def moment(self, question: str, suggest: datetime | None = None) -> datetime | None:
        """Ask for a date and time until it can be read."""
        offered = "" if suggest is None else f"{suggest:%d/%m/%Y %H:%M}"
        typed = await self.text("to", question, offered, check=self._reading(parse_moment))
        return None if typed is None else parse_moment(typed, self.now)

    async def reason(self, question: str, suggest: str = "", *, needed: bool = True) -> str | None:
        """Ask for the reason."""
        return await self.text("reason", question, suggest, needed=needed)

    async def sure(self, question: str, *, yes: str | None = None, grave: bool = False) -> bool:
        """Ask yes or no."""
        answer = await ask(self.app, Sure(question, yes=yes, grave=grave))
        return answer is True


async def questions(app: App[Any], seen: Seen, act: Act, now: datetime) -> Answers | None:
    """Ask what an act needs; None where the officer goes back."""
    return await _QUESTIONS.get(act, _confirm(act))(_Asking(app, seen, now))


async def follow_up(app: App[Any], seen: Seen, act: Act, refused: Refused, now: datetime) -> Answers | None:
    """Ask for what a refusal says is missing; None where nothing the officer could add would help."""
    asking = _Asking(app, seen, now)
    if refused.reason in {"second_supplement", "term_running"} and seen.head:
        ground = await asking.text("override", f"{refused.sentence} " + _("Căn cứ của lãnh đạo:"))
        return None if ground is None else {"override": ground}
    if refused.reason == "reason_required" and act is Act.UNDO:
        reason = await asking.reason(_("Quá mười phút: ghi lý do đính chính."))
        return None if reason is None else {"reason": reason}
    if refused.reason == "promise_needed":
        to = await asking.moment(f"{refused.sentence} " + _("Ví dụ: 25/3 10:00"))
        return None if to is None else {"to": to}
    return None


def _confirm(act: Act) -> Callable[[_Asking], Awaitable[Answers | None]]:
    async def asked(asking: _Asking) -> Answers | None:
        name = say.act_name(act)
        question = f"{name}: {asking.seen.view.applicant} · {asking.seen.view.procedure}"
        return {} if await asking.sure(question, yes=name) else None

    return asked


def _because(sentence: Callable[[], str], *, needed: bool = True) -> Callable[[_Asking], Awaitable[Answers | None]]:
    async def asked(asking: _Asking) -> Answers | None:
        reason = await asking.reason(sentence(), needed=needed)
        return None if reason is None else {"reason": reason}

    return asked


async def _forward(asking: _Asking) -> Answers | None:
    before = remembered.last(asking.app, HOLDER)
    again = " " + _("(Enter: {holder})").format(holder=before) if before else ""
    holder = await asking.text(HOLDER, _("Chuyển cho bộ phận, người nào?") + again, needed=not before)
    if holder is None:
        return None
    found: Answers = {HOLDER: holder or before}
    view = asking.seen.view
    if view.competent and view.competent_at is None:
        question = _("{agency} đã nhận lúc nào? Thời hạn tính từ lúc đó (Enter: chưa biết)")
        arrived = await asking.arrival(question.format(agency=view.competent))
        if arrived is None:
            return None
        found["competent_at"] = parse_past(arrived, asking.now)
    remembered.remember(asking.app, HOLDER, holder or before)
    return found


async def _reschedule(asking: _Asking) -> Answers | None:
    view = asking.seen.view
    question = _("Hẹn lại đến? Hẹn nay {promise}").format(promise=say.short_moment(view.promise))
    if view.apology_by is not None:
        late = _(" (ĐÃ QUÁ: xin lỗi muộn)") if view.apology_by < asking.now else ""
        question += " · " + _("xin lỗi chậm nhất {at}").format(at=say.short_moment(view.apology_by)) + late
    to = await asking.moment(question, asking.seen.put_off)
    if to is None:
        return None
    reason = await asking.reason(_("Lý do xin lỗi, hẹn lại {at}?").format(at=say.moment(to)), SORRY)
    return None if reason is None else {"to": to, "reason": reason}


async def _variant(asking: _Asking) -> Answers | None:
    options = [(case, f"{case}: {limit}") for case, limit in asking.seen.variants]
    variant = await ask(asking.app, Pick(_("Đổi sang trường hợp nào?"), options))
    if variant is None:
        return None
    reason = await asking.reason(_("Lý do đổi trường hợp?"))
    return None if reason is None else {"variant": variant, "reason": reason}


def check_code(typed: str) -> tuple[str, bool]:
    """Say what a typed official code is read as, and whether it will do."""
    code = normalise_official(typed)
    return (_("chưa phải mã hồ sơ chính thức"), False) if code is None else (f"→ {code}", True)


async def _set_code(asking: _Asking) -> Answers | None:
    question = _("Mã hồ sơ chính thức? Quét hoặc gõ, như H31.65-260313-0001")
    code = await asking.text(
        "official_code", question, check=check_code, take=lambda payload: normalise_official(payload) or ""
    )
    if code is None:
        return None
    if not asking.seen.view.official_code:
        return {"official_code": code}
    reason = await asking.reason(_("Đã có mã {code}: lý do đổi?").format(code=asking.seen.view.official_code))
    return None if reason is None else {"official_code": code, "reason": reason}


def postal_number(payload: str) -> str:
    """Return a scanned number that is neither a card nor a slip."""
    return payload if recognise(payload) is ScanKind.NOTHING else ""


async def _return(asking: _Asking) -> Answers | None:
    who = _("Ai nhận kết quả? Quét thẻ hoặc gõ tên (Enter: chính chủ {name})").format(name=asking.seen.view.applicant)
    collector = await asking.text("collector", who, needed=False, take=lambda payload: read_card(payload).name)
    if collector is None:
        return None
    options = [(way.value, say.way_name(way)) for way in ReturnWay]
    way = await ask(asking.app, Pick(_("Trả bằng cách nào?"), options))
    if way is None:
        return None
    found: Answers = {"collector": collector or APPLICANT, "way": ReturnWay(way)}
    if found["way"] is not ReturnWay.POST:
        return found
    number = await asking.text("postal_number", _("Số hiệu bưu gửi? Quét hoặc gõ"), take=postal_number)
    return None if number is None else {**found, "postal_number": number}


async def _void(asking: _Asking) -> Answers | None:
    reason = await asking.reason(_("Vì sao hủy nhập?"))
    if reason is None:
        return None
    question = _("Hủy nhập {code} của {name}: chỉ dùng cho hồ sơ nhập nhầm.")
    said = question.format(code=asking.seen.view.code, name=asking.seen.view.applicant)
    return {"reason": reason} if await asking.sure(said, yes=say.act_name(Act.VOID), grave=True) else None


async def _undo(asking: _Asking) -> Answers | None:
    names = {say.act_name(act) for act in Act if act is not Act.UNDO}
    lines = [line for line in asking.seen.view.events if line.what in names and not line.undone]
    last = f"{lines[-1].what} · {lines[-1].at:%H:%M %d/%m}" if lines else ""
    return {} if await asking.sure(_("Hoàn tác việc gần nhất: {what}?").format(what=last)) else None


_QUESTIONS: Mapping[Act, Callable[[_Asking], Awaitable[Answers | None]]] = {
    Act.FORWARD: _forward,
    Act.SUPPLEMENT: _because(lambda: _("Thiếu, sai giấy tờ gì? (in trên phiếu yêu cầu bổ sung)")),
    Act.OBLIGATION: _because(lambda: _("Nghĩa vụ tài chính gì? (thuế, phí, lệ phí)")),
    Act.RESCHEDULE: _reschedule,
    Act.REFUSE: _because(lambda: _("Vì sao từ chối giải quyết?")),
    Act.DECLINE: _because(lambda: _("Vì sao không nhận hồ sơ?")),
    Act.STOP: _because(lambda: _("Vì sao dừng?")),
    Act.WITHDRAW: _because(lambda: _("Người dân rút hồ sơ: lý do? (có thể để trống)"), needed=False),
    Act.VARIANT: _variant,
    Act.SET_CODE: _set_code,
    Act.RETURN: _return,
    Act.VOID: _void,
    Act.UNDO: _undo,
}
"""The acts that ask for more than a yes."""
