"""The lower part of the receipt form: ways in and out, copies and their cost, a note, a late entry, another agency."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec import Struct
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from db.vocabulary import Channel, PayMethod, ReturnWay
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


class Terms(Struct, frozen=True):
    """What is typed here, as text."""

    channel: str = Channel.DIRECT.name
    way: str = ReturnWay.COUNTER.name
    copies: str = ""
    pages: str = ""
    pay: str = ""
    fee: str = ""
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

    @dataclass
    class FeeChanged(Message):
        """What is to be paid is another amount, or paid in another way."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rule: FeeRule | None = None
        self._code = self._pay = self._fee = ""

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
            self._pay,
            self._fee,
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
        # They belong to the draft's procedure, which is shown only once it has been read.
        self._code, self._pay, self._fee = "", terms.pay, terms.fee
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
        if procedure is not None:
            if self._code and self._code != procedure.code:
                self._pay = self._fee = ""
            self._code = procedure.code
        self.query_one("#pages_row").display = self._rule is not None and self._rule.kind is FeeKind.PER_PAGE_CAPPED
        self._show_fee()

    @property
    def amount(self) -> int | None:
        """What is to be paid: as typed, else by the rule; None where neither says."""
        if self._fee:
            return whole(self._fee)
        if self._rule is None:
            return None
        channel = Channel[self.query_one("#channel", Choice).value]
        copies, sheets = (max(1, whole(self._value(id))) for id in ("copies", "pages"))
        return fee(self._rule, channel=channel, copies=copies, pages=sheets)

    @property
    def fee_is_sure(self) -> bool:
        """Whether the amount needs no question: typed already, or the catalogue has no doubt of it."""
        return bool(self._fee) or (self.amount is not None and self._rule is not None and not self._rule.doubtful)

    @property
    def pay(self) -> PayMethod | None:
        """How the fee is paid on saving; None where it is not, or nothing is to be paid."""
        return PayMethod(self._pay) if self._pay in set(PayMethod) and self.amount else None

    def pay_by(self, method: PayMethod | None, fee: int | None = None) -> None:
        """Take the fee on saving, of an amount typed if given; None leaves it due, as the rule has it."""
        self._pay = "" if method is None else method.value
        if fee is not None or method is None:
            self._fee = "" if fee is None else str(fee)
        self._show_fee()

    def _show_fee(self) -> None:
        line, pages = self.query_one("#fee", Line), self.query_one("#pages_words", Line)
        self.post_message(self.FeeChanged())
        if self._rule is None:
            line.put()
            return
        amount, doubtful = self.amount, self._rule.doubtful and not self._fee
        words = _("phí theo tỉnh") if amount is None else f"= {dong(amount)}"
        line.put([(words + ("?" if doubtful else ""), "soon" if doubtful else "")])
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
