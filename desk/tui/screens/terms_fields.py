"""The lower part of the receipt form: ways in and out, copies and their cost, a note, a late entry, another agency."""

from __future__ import annotations

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from db.vocabulary import Channel, ReturnWay
from desk.counter import say
from desk.counter.model import ProcedureChoice
from desk.rules.fees import FeeKind, FeeRule, fee
from desk.rules.money import dong
from desk.tui.screens.receive_widgets import Label
from desk.tui.widgets.choice import Choice, Option
from desk.tui.widgets.form import Field
from desk.tui.widgets.form_input import DigitInput, FormInput
from desk.tui.widgets.lines import Line
from desk.words import _


@dataclass(frozen=True, slots=True)
class Terms:
    """What is typed here, as text."""

    channel: str = Channel.DIRECT.name
    way: str = ReturnWay.COUNTER.name
    copies: str = ""
    pages: str = ""
    note: str = ""
    late: bool = False
    late_at: str = ""
    late_reason: str = ""
    elsewhere: bool = False
    competent: str = ""
    competent_at: str = ""


class TermsFields(Vertical):
    """How the dossier comes and how its result goes."""

    @dataclass
    class LateChanged(Message):
        """The instant from which the limit runs is another one, or now again."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rule: FeeRule | None = None

    def compose(self) -> ComposeResult:
        """Ways, copies, fee; pages only where they are paid for; note; the rest only when asked for."""
        ways = {ReturnWay.COUNTER: _("Tại quầy"), ReturnWay.POST: _("Bưu chính"), ReturnWay.ELECTRONIC: _("Điện tử")}
        yield Field(
            _("Kênh"), Choice([Option(each.name, _capital(say.channel_name(each))) for each in Channel], id="channel"),
            Label(_("Nhận kết quả")), Choice([Option(way.name, name) for way, name in ways.items()], id="way"),
            Label(_("Bản sao")), DigitInput(max_length=3, id="copies"), Line(id="fee"), width=11,
        )  # fmt: skip
        yield Field(_("Số trang"), DigitInput(max_length=3, id="pages"), Line(id="pages_words"), id="pages_row")
        yield Field(_("Ghi chú"), FormInput(max_length=300, id="note_text"))
        yield Field(
            _("Nhận lúc"), FormInput(max_length=30, id="late_at"), Label(_("Lý do")),
            FormInput(max_length=200, id="late_reason"), id="late_row",
        )  # fmt: skip
        yield Field(
            _("Cơ quan"), FormInput(max_length=200, id="competent"), Label(_("Nơi đó nhận")),
            FormInput(max_length=30, id="competent_at"), id="elsewhere_row",
        )  # fmt: skip

    def on_mount(self) -> None:
        """Show only what is always asked."""
        self.query_one("#pages_row").display = False
        self.query_one("#late_row").display = False
        self.query_one("#elsewhere_row").display = False

    @property
    def typed(self) -> Terms:
        """All that is typed."""
        late, elsewhere = (self.query_one(row).display for row in ("#late_row", "#elsewhere_row"))
        return Terms(
            self.query_one("#channel", Choice).value,
            self.query_one("#way", Choice).value,
            self._value("copies"),
            self._value("pages") if self.query_one("#pages_row").display else "",
            self._value("note_text"),
            late,
            self._value("late_at") if late else "",
            self._value("late_reason") if late else "",
            elsewhere,
            self._value("competent") if elsewhere else "",
            self._value("competent_at") if elsewhere else "",
        )

    def fill(self, terms: Terms) -> None:
        """Show what was typed before."""
        for id, key in (("channel", terms.channel), ("way", terms.way)):
            choice = self.query_one(f"#{id}", Choice)
            # A draft of another version may not know the options of this one.
            if key in {option.key for option in choice.options}:
                choice.choose(key)
        for id, value in (
            ("copies", terms.copies),
            ("pages", terms.pages),
            ("note_text", terms.note),
            ("late_at", terms.late_at),
            ("late_reason", terms.late_reason),
            ("competent", terms.competent),
            ("competent_at", terms.competent_at),
        ):
            self.query_one(f"#{id}", FormInput).value = value
        self.show_late(terms.late)
        self.show_elsewhere(terms.elsewhere)

    def show_late(self, late: bool) -> None:
        """Ask when the dossier really came, or no longer."""
        self.query_one("#late_row").display = late
        self.post_message(self.LateChanged())

    def show_elsewhere(self, elsewhere: bool) -> None:
        """Ask which agency elsewhere the dossier is for and since when that has it, or no longer."""
        self.query_one("#elsewhere_row").display = elsewhere
        self.post_message(self.LateChanged())

    def show_fee(self, procedure: ProcedureChoice | None) -> None:
        """Show what the copies and pages of this procedure cost."""
        self._rule = None if procedure is None else FeeRule.parse(procedure.fee_vnd, procedure.fee_note)
        self.query_one("#pages_row").display = self._rule is not None and self._rule.kind is FeeKind.PER_PAGE_CAPPED
        self._show_fee()

    def _show_fee(self) -> None:
        line, pages = self.query_one("#fee", Line), self.query_one("#pages_words", Line)
        if self._rule is None:
            line.put()
            return
        channel = Channel[self.query_one("#channel", Choice).value]
        copies, sheets = (max(1, whole(self._value(id))) for id in ("copies", "pages"))
        amount = fee(self._rule, channel=channel, copies=copies, pages=sheets)
        words = _("phí theo tỉnh") if amount is None else f"= {dong(amount)}"
        line.put([(words + ("?" if self._rule.doubtful else ""), "soon" if self._rule.doubtful else "")])
        rule = self._rule
        pages.put(
            [(_("{a}/trang đến trang {n}, rồi {b}, ≤ {cap}/bản").format(
                a=dong(rule.amount), n=rule.first_pages, b=dong(rule.later_pages), cap=dong(rule.cap)
            ), "muted")]
        )  # fmt: skip

    def _value(self, id: str) -> str:
        return self.query_one(f"#{id}", FormInput).value

    @on(Choice.Changed)
    def _way_changed(self, message: Choice.Changed) -> None:
        message.stop()
        self._show_fee()

    @on(Input.Changed)
    def _typed(self, message: Input.Changed) -> None:
        message.stop()
        if message.input.id in {"late_at", "competent", "competent_at"}:
            self.post_message(self.LateChanged())
        elif message.input.id in {"copies", "pages"}:
            self._show_fee()


def whole(typed: str) -> int:
    """Return a typed number; 0 for none, also where a draft of another version holds something else."""
    return int(typed) if typed.isascii() and typed.isdigit() else 0


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]
