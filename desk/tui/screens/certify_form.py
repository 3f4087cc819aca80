"""The form of the fast lane: who, what kind of work, which paper, how many, and what it costs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from msgspec.structs import replace
from textual import events, on
from textual.app import ComposeResult
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from desk.counter.lane import Kinds
from desk.counter.model import PersonView, ProcedureChoice, Refused
from desk.rules.fees import FeeKind, FeeRule, fee
from desk.rules.money import dong
from desk.rules.text import fold
from desk.tui.card_words import Reading, number_words
from desk.tui.draft import PersonDraft
from desk.tui.screens.applicant_fields import LONGEST_NAME
from desk.tui.screens.applicant_kind import DIGITS
from desk.tui.screens.certify_draft import Entry, LaneDraft, number
from desk.tui.screens.certify_kinds import KindChoice
from desk.tui.screens.certify_papers import LABEL, PaperFields
from desk.tui.screens.receive_widgets import Label
from desk.tui.widgets.form import Field, Form
from desk.tui.widgets.form_input import DigitInput, FormInput
from desk.tui.widgets.lines import Line
from desk.tui.widgets.moves import Next
from desk.words import _, counted

_NUMBER = re.compile("[0-9]{12}")


class LaneForm(Form):
    """The fields; what a service knows is asked for by message and shown when it comes."""

    @dataclass
    class PersonWanted(Message):
        """Twelve digits are typed: who is it?"""

        number: str

    @dataclass
    class PapersWanted(Message):
        """Another kind of work: which papers were there?"""

        procedure: str

    @dataclass
    class CardTyped(Message):
        """The payload of a card stood in the name."""

        payload: str

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._details = PersonDraft()
        self.added: tuple[Entry, ...] = ()

    def compose(self) -> ComposeResult:
        """Person, kind, paper, fee."""
        yield Field(
            _("Người yêu cầu"), FormInput(max_length=LONGEST_NAME, id="name"), Label(_("Số ĐD")),
            DigitInput(max_length=DIGITS, id="id_number"), Line(id="number_words"), width=LABEL,
        )  # fmt: skip
        yield Field(_("Việc"), KindChoice(id="kinds"), width=LABEL)
        # A line begins with a blank of its own: its label is shorter.
        yield Field("", Line(id="kind_words"), width=LABEL - 1)
        yield PaperFields(id="paper_part")
        yield Field(_("Lệ phí"), Line(id="fee"), width=LABEL - 1)

    @property
    def kinds(self) -> KindChoice:
        """The kind of work."""
        return self.query_one(KindChoice)

    @property
    def papers(self) -> PaperFields:
        """The line of the paper."""
        return self.query_one(PaperFields)

    @property
    def person(self) -> PersonDraft:
        """Who is typed in; what is known beside goes with the number."""
        name, number = self.text_of("name"), self.text_of("id_number")
        known = self._details if number and number == self._details.id_number else PersonDraft()
        return replace(known, name=name, id_number=number)

    @property
    def entry(self) -> Entry:
        """The line in work."""
        chosen = self.kinds.chosen
        return Entry("" if chosen is None else chosen.code, *(self.text_of(id) for id in ("paper", "pages", "copies")))

    def draft(self, client_id: str) -> LaneDraft:
        """Return all that is typed."""
        return LaneDraft(client_id, self.person, self.entry, self.added)

    def fill(self, draft: LaneDraft) -> None:
        """Show a draft, or with an empty one nothing."""
        self.fill_person(draft.person)
        self.added = draft.added
        self.fill_entry(draft.entry)

    def fill_person(self, person: PersonDraft) -> None:
        """Show a person."""
        self._details = person
        self._put("name", person.name)
        self._put("id_number", person.id_number)

    def fill_entry(self, entry: Entry) -> None:
        """Show a line."""
        self.kinds.choose(entry.procedure)
        for id, value in (("paper", entry.paper), ("pages", entry.pages), ("copies", entry.copies)):
            self._put(id, value)
        self.show()

    def offer(self, kinds: Kinds, code: str) -> None:
        """Show the kinds of work, that of a draft chosen."""
        self.kinds.offer(kinds, code)

    def take(self, reading: Reading) -> None:
        """Fill in a card, or the number that was saved of one."""
        if reading.card is None:
            self._put("id_number", reading.id_number)
            return
        phone = self._details.phone if self._details.id_number == reading.id_number else ""
        self.fill_person(PersonDraft(reading.card.name, reading.id_number, phone, reading.card.address))

    def is_other_person(self, reading: Reading) -> bool:
        """Say whether a card would take the place of somebody whose papers are typed in."""
        person, card = self.person, reading.card
        if card is None or person.id_number == reading.id_number or (self.entry.empty and not self.added):
            return False
        return bool(person.id_number) or (bool(person.name) and fold(person.name) != fold(card.name))

    def show_known(self, number: str, known: PersonView | None) -> str:
        """Take what is known under a number where nothing else is; return what to tell the officer."""
        if number != self.text_of("id_number") or known is None:
            return ""
        own = self._details if self._details.id_number == number else PersonDraft()
        self._details = PersonDraft("", number, own.phone or known.phone, own.address or known.address)
        if not self.text_of("name"):
            self._put("name", known.name)
            return _("Theo lần trước: tên. Hỏi lại người yêu cầu.")
        if fold(known.name) != fold(self.text_of("name")):
            return _("Số này lần trước mang tên {name}: kiểm lại.").format(name=known.name)
        return ""

    def text_of(self, id: str) -> str:
        """Return what stands in a field."""
        return self.query_one(f"#{id}", FormInput).value

    def _put(self, id: str, value: str) -> None:
        field = self.query_one(f"#{id}", FormInput)
        field.value = value
        field.cursor_position = len(field.value)

    def show(self) -> None:
        """Say what is chosen and what it costs."""
        chosen = self.kinds.chosen
        line = self.query_one("#kind_words", Line)
        if chosen is None:
            line.put([(_("đang tắt ở trung tâm này"), "soon")])
        else:
            limit = chosen.limit.removesuffix(_(" hôm sau"))
            beside = (limit, "muted") if chosen.immediate else (_("không đếm là trả ngay"), "soon")
            line.put([(f"{chosen.code} {chosen.name}", "muted")], [beside])
        self.papers.allow_none(self._none_words(chosen))
        self._show_fee()

    def _none_words(self, chosen: ProcedureChoice | None) -> str:
        if self.added:
            return counted("không thêm nữa: lưu {n} giấy tờ đã thêm", len(self.added))
        certifies = chosen is None or fold(chosen.field) == "chung thuc"
        return "" if certifies else _("không ghi loại giấy tờ")

    def _show_fee(self) -> None:
        line, chosen, entry = self.query_one("#fee", Line), self.kinds.chosen, self.entry
        before = sum(self.fee_of(each) or 0 for each in self.added)
        counted = not (self.added and entry.empty)
        amount = self.fee_of(entry) if counted else 0
        if chosen is None:
            line.put()
            return
        rule = FeeRule.parse(chosen.fee_vnd, chosen.fee_note)
        own = _("tỉnh quy định") if amount is None else dong(amount)
        said = _("{own} + đã thêm {before} = {total}").format(
            own=own, before=dong(before), total=dong(before + (amount or 0))
        )
        line.put([(said if self.added else own, "strong"), ("    " + rule_words(rule), "muted")])

    def fee_of(self, entry: Entry) -> int | None:
        """Return what a line costs, None where the catalogue does not know."""
        known = self.kinds.known(entry.procedure)
        if known is None:
            return None
        rule = FeeRule.parse(known.fee_vnd, known.fee_note)
        return fee(rule, copies=max(1, number(entry.copies)), pages=max(1, number(entry.pages)))

    def line_of(self, entry: Entry) -> str:
        """Return a line that was added, in words."""
        cost = self.fee_of(entry)
        return " · ".join(
            (
                self.kinds.label_of(entry.procedure),
                entry.paper,
                counted("{n} trang", number(entry.pages)),
                counted("{n} bản", number(entry.copies)),
                _("tỉnh quy định") if cost is None else dong(cost),
            )
        )

    def go_to(self, refused_field: str) -> None:
        """Put the cursor into the field behind an input that was refused."""
        ids = {"applicant.name": "name", "paper": "paper", "pages": "pages", "copies": "copies", "procedure": "kinds"}
        if refused_field in ids:
            self.screen.set_focus(self.query_one(f"#{ids[refused_field]}"))

    def refusal(self) -> Refused | None:
        """Return why the line in work cannot be put aside, None where it can."""
        typed = {id: self.text_of(id) for id in ("pages", "copies")}
        zero = next((id for id, digits in typed.items() if digits and not digits.strip("0")), "")
        if not self.entry.paper.strip() or not self.entry.procedure:
            return Refused("paper_needed", _("Chưa ghi loại giấy tờ."), "paper")
        return Refused("zero", _("Số trang, số bản ít nhất là 1."), zero) if zero else None

    def hint(self, widget: Widget | None) -> str:
        """Return how the field in focus is used."""
        hints = {
            "name": _("quét thẻ, hoặc gõ tên"),
            "id_number": _("12 số; biết rồi thì tự điền tên"),
            "kinds": _("1-4 chọn · ← → việc khác trả ngay · Enter tiếp"),
            "paper": _("gõ không dấu · ↑↓ chọn · Enter lấy"),
            "copies": _("Enter xong · Ins thêm giấy"),
        }
        return hints.get((widget.id if widget is not None else "") or "", "")

    @on(Input.Changed)
    def _changed(self, message: Input.Changed) -> None:
        message.stop()
        if message.input.id == "id_number":
            if len(message.value) == DIGITS:
                self.post_message(self.PersonWanted(message.value))
            self._show_number()
        elif message.input.id in {"paper", "pages", "copies"}:
            self._show_fee()

    @on(KindChoice.Changed)
    def _kind_changed(self, message: KindChoice.Changed) -> None:
        message.stop()
        self.show()
        chosen = self.kinds.chosen
        if chosen is not None:
            self.post_message(self.PapersWanted(chosen.code))

    @on(Next, "#name")
    def _after_name(self) -> None:
        # A card that reached the terminal without its bars was taken for typing.
        typed = self.text_of("name")
        found = _NUMBER.search(typed)
        if found is not None:
            self._put("name", typed[: found.start()].strip())
            self.post_message(self.CardTyped(typed[found.start() :]))

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Judge a number once it is left."""
        if event.widget.id == "id_number":
            self._show_number(left=True)

    def _show_number(self, *, left: bool = False) -> None:
        typed = self.text_of("id_number")
        focused = self.screen.focused
        at_it = not left and focused is not None and focused.id == "id_number"
        doubt = number_words(typed) if len(typed) == DIGITS or not at_it else ""
        self.query_one("#number_words", Line).put([(doubt, "soon")])


def rule_words(rule: FeeRule) -> str:
    """Return how a fee is counted, in words."""
    words = {
        FeeKind.UNKNOWN: _("danh mục chưa có mức, theo nghị quyết của tỉnh"),
        FeeKind.PER_CASE: _("một lần, mấy bản cũng vậy") if rule.amount else _("miễn phí"),
        FeeKind.PER_COPY: _("{a}/bản").format(a=dong(rule.amount)),
        FeeKind.BY_CHANNEL: _("mức tại quầy"),
        FeeKind.PER_PAGE_CAPPED: _("{a}/trang đến trang {n}, rồi {b}, ≤ {cap}/bản").format(
            a=dong(rule.amount), n=rule.first_pages, b=_plain(rule.later_pages), cap=_plain(rule.cap)
        ),
    }[rule.kind]
    return words + (_(" (mức cần đối chiếu)") if rule.doubtful else "")


def _plain(amount: int) -> str:
    return dong(amount).removesuffix(" đ")
