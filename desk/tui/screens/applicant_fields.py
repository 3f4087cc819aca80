"""The upper part of the receipt form: who files, where they live today, and who files for them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from desk.counter.addresses import NOWHERE, Found, without_commune
from desk.counter.model import PersonView
from desk.rules.identity import Card
from desk.rules.text import fold
from desk.tui.card_words import Reading, number_words, person_words
from desk.tui.draft import Applying, PersonDraft
from desk.tui.screens.applicant_kind import (
    CITIZEN,
    DIGITS,
    KindChoice,
    NumberField,
    NumberInput,
    code_words,
    number_label,
)
from desk.tui.screens.receive_widgets import Label, OpenChoice
from desk.tui.widgets.choice import Choice, Option
from desk.tui.widgets.form import Field
from desk.tui.widgets.form_input import DigitInput, FormInput
from desk.tui.widgets.lines import Line
from desk.tui.widgets.moves import Next
from desk.words import _, counted

LONGEST_NAME, LONGEST_ADDRESS = 120, 250
SHORTEST_CODE = 10
"""Characters of the shortest number by which an organisation is looked up."""
_NUMBER = re.compile("[0-9]{12}")


def phone_input(id: str) -> FormInput:
    """Return a field for a telephone number as people write one."""
    return FormInput(restrict="[0-9+. ]*", max_length=16, cleaner=_phone, id=id)


def _phone(text: str) -> str:
    return "".join(char for char in text if char in "0123456789+. ")


class ApplicantFields(Vertical):
    """Fields of the applicant; what a service knows about them is asked for by message and shown when it comes."""

    @dataclass
    class PersonWanted(Message):
        """Twelve digits are typed: who is it?"""

        number: str

    @dataclass
    class CommuneWanted(Message):
        """The address was left: where does it lie today?"""

        address: str

    @dataclass
    class CardTyped(Message):
        """The payload of a card stood in the name."""

        payload: str

    _FIELDS: ClassVar = ("name", "id_number", "phone", "address")

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._card: Card | None = None
        self._known: PersonView | None = None
        self._found: Found = NOWHERE
        self._found_for = ""
        self._wanted_commune = ""

    def compose(self) -> ComposeResult:
        """Applicant, commune of today, representative."""
        yield Field("", KindChoice(id="kind"), FormInput(max_length=LONGEST_NAME, id="name"), Line(id="seen"), width=0)
        yield NumberField(
            _("Số ĐD"), NumberInput(id="id_number"), Label(_("Điện thoại")), phone_input("phone"),
            Line(id="number_words"),
        )  # fmt: skip
        yield from self.more_of_person()
        yield Field(_("Địa chỉ"), FormInput(max_length=LONGEST_ADDRESS, id="address"))
        # The text of a choice stands two cells behind its arrow: under the text above it, its label is shorter.
        yield Field(
            "", Line(id="commune_line"), OpenChoice(id="commune"), Label(_("Nộp thay")),
            Choice([Option("", _("không")), Option("other", _("có"))], by_arrows=True, id="by_other"), width=12,
            id="commune_row",
        )  # fmt: skip
        yield Field(_("Người thay"), FormInput(max_length=LONGEST_NAME, id="other_name"), classes="other")
        yield Field(
            _("Số ĐD"), DigitInput(max_length=DIGITS, id="other_id_number"), Label(_("Điện thoại")),
            phone_input("other_phone"), Line(id="other_words"), classes="other",
        )  # fmt: skip
        yield from self.more_of_other()

    def more_of_person(self) -> Iterable[Widget]:
        """Return what is asked of the applicant beside that; nothing on a receipt."""
        return ()

    def more_of_other(self) -> Iterable[Widget]:
        """Return what is asked of the representative beside that; nothing on a receipt."""
        return ()

    def on_mount(self) -> None:
        """Show nothing that is not needed yet."""
        self.query_one("#commune", OpenChoice).display = False
        self._show_other()

    def text_of(self, id: str) -> str:
        """Return what stands in a field."""
        return self.query_one(f"#{id}", FormInput).value

    @property
    def typed(self) -> Applying:
        """All that is typed."""
        choice = self.query_one("#commune", OpenChoice)
        name, number, phone, address = (self.text_of(id) for id in self._FIELDS)
        person = PersonDraft(name, number, phone, address, choice.value if choice.display else "", self.kind)
        other = (self.text_of(f"other_{id}") for id in self._FIELDS[:3])
        return Applying(person, self.by_other, PersonDraft(*other))

    @property
    def by_other(self) -> bool:
        """Say whether somebody files for the applicant."""
        return bool(self.query_one("#by_other", Choice).value)

    @property
    def kind(self) -> str:
        """The name of the applicant's kind."""
        return self.query_one(KindChoice).value

    @property
    def for_other(self) -> bool:
        """Say whether a card scanned now is the representative's.

        It is where the officer is at them, and where the applicant is no citizen, who alone has a card.
        """
        focused = self.screen.focused
        at_other = focused is not None and (focused.id or "").startswith("other_")
        return self.kind != CITIZEN or (self.by_other and at_other)

    def file_for_other(self, there: bool) -> None:
        """Ask who files for the applicant, or no longer."""
        self.query_one("#by_other", Choice).choose("other" if there else "")
        self._show_other()

    def show_kind(self, kind: str) -> None:
        """Show what the applicant is, and what their number is called."""
        self.query_one(KindChoice).show(kind)
        self._show_kind()

    def fill(self, people: Applying) -> None:
        """Show people again: a draft, or the applicant before."""
        self._card = None
        self._known = None
        self._wanted_commune = people.person.commune
        self.show_kind(people.person.kind)
        for id, value in zip(self._FIELDS, self._values(people.person), strict=True):
            self._put(id, value)
        for id, value in zip(self._FIELDS[:3], self._values(people.other)[:3], strict=True):
            self._put(f"other_{id}", value)
        self.query_one("#by_other", Choice).choose("other" if people.by_other else "")
        self._show_other()
        self._show_words()
        self.post_message(self.CommuneWanted(people.person.address))

    def take(self, reading: Reading) -> None:
        """Fill in a card, or the number that was saved of one; a person's phone goes with the person."""
        before = self.text_of("id_number")
        if reading.id_number != before and reading.card is not None:
            self._put("phone", "")
        if reading.id_number:
            self._put("id_number", reading.id_number)
        if reading.card is not None:
            self._card = reading.card
            self._put("name", reading.card.name)
            self._put("address", reading.card.address)
            self.post_message(self.CommuneWanted(reading.card.address))
        self._show_words()

    def take_for_other(self, reading: Reading) -> None:
        """Fill in the representative's card."""
        if not self.by_other:
            self.file_for_other(there=True)
        if reading.id_number:
            self._put("other_id_number", reading.id_number)
        if reading.card is not None:
            self._put("other_name", reading.card.name)

    def is_other_person(self, reading: Reading) -> bool:
        """Say whether a card would replace somebody else who is already typed in."""
        number, name = self.text_of("id_number"), self.text_of("name")
        if reading.card is None or number == reading.id_number:
            return False
        return bool(number) or (bool(name) and fold(name) != fold(reading.card.name))

    def show_known(self, number: str, known: PersonView | None) -> str:
        """Show who was seen under the number and offer what is still empty; return what to tell the officer."""
        if number != self.text_of("id_number"):
            return ""
        self._known = known
        if known is not None and not self.text_of("name"):
            self.show_kind(known.kind.name)
        self._show_words()
        if known is None:
            return ""
        offered = []
        for id, value, word in (
            ("name", known.name, _("tên")),
            ("phone", known.phone, _("điện thoại")),
            ("address", without_commune(known.address), _("địa chỉ")),
        ):
            if value and not self.text_of(id):
                self._put(id, value)
                offered.append(word)
        if _("địa chỉ") in offered:
            self.post_message(self.CommuneWanted(self.text_of("address")))
        if known.name and fold(known.name) != fold(self.text_of("name")):
            return _("Số này lần trước mang tên {name}: kiểm lại.").format(name=known.name)
        return _("Theo lần trước: {what}. Hỏi lại người nộp.").format(what=", ".join(offered)) if offered else ""

    def show_commune(self, address: str, found: Found) -> None:
        """Show where the address lies today, or let the officer choose."""
        if address != self.text_of("address"):
            return
        self._found, self._found_for = found, address
        choice = self.query_one("#commune", OpenChoice)
        split = len(found.candidates) > 1
        if split:
            unsaid = Option("", _("chọn trong {n} nơi (đã tách)").format(n=len(found.candidates)))
            offered = [Option(each.code, f"→ {each.name}") for each in found.candidates]
            choice.offer([unsaid, *offered], self._wanted_commune or choice.value)
        choice.display = split
        line = self.query_one("#commune_line", Line)
        line.display = not split
        only = found.only
        province = only is not None and fold(only.province.split(" ", 1)[-1]) not in fold(address)
        if only is None:
            line.put()
        elif found.current:
            line.put([(_("→ {place} (đơn vị hiện nay)").format(place=only.name), "muted")])
        else:
            line.put([(_("→ {place} (mới)").format(place=only.text if province else only.name), "good")])

    @property
    def commune_unsaid(self) -> bool:
        """Say whether the old commune was split and nobody has said yet where the applicant lives."""
        choice = self.query_one("#commune", OpenChoice)
        return self._found_for == self.text_of("address") and choice.display and not choice.value

    @property
    def commune_open(self) -> bool:
        """Say whether the officer still has to look at the address: unread, unknown or split."""
        return self._found_for != self.text_of("address") or self._found.only is None

    @on(Input.Changed)
    def _changed(self, message: Input.Changed) -> None:
        message.stop()
        if message.input.id == "id_number":
            self._known = None
            if len(message.value) == DIGITS and self.kind == CITIZEN:
                self.post_message(self.PersonWanted(message.value))
        self._show_words()

    @on(Choice.Changed, "#by_other")
    def _other_changed(self, message: Choice.Changed) -> None:
        message.stop()
        self._show_other()

    @on(Next, "#name")
    def _after_name(self, message: Next) -> None:
        # A card that reached the terminal without its bars was taken for typing.
        typed = self.text_of("name")
        found = _NUMBER.search(typed)
        if found is not None:
            message.stop()
            self._put("name", typed[: found.start()].strip())
            self.post_message(self.CardTyped(typed[found.start() :]))

    @on(Choice.Changed, "#kind")
    def _kind_changed(self, message: Choice.Changed) -> None:
        message.stop()
        self._show_kind()

    @on(Next, "#phone")
    def _after_phone(self, message: Next) -> None:
        # What the card has filled in is not gone through again.
        if self._card is not None and (self.commune_unsaid or not self.commune_open):
            message.stop()
            self._leave_address()

    @on(Next, "#address")
    @on(Next, "#commune")
    def _after_address(self, message: Next) -> None:
        message.stop()
        if message.field.id == "commune":
            self._pass_switch()
        else:
            self._leave_address()

    def _leave_address(self) -> None:
        if self.commune_unsaid:
            self.screen.set_focus(self.query_one("#commune"))
        else:
            self._pass_switch()

    def _pass_switch(self) -> None:
        # Enter does not stop at a switch that hardly anybody turns; arrows and Tab do.
        self.post_message(Next(self.query_one("#by_other")))

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Look the address up once it is left; a number is judged once it is left."""
        self._show_words()
        address = self.text_of("address")
        if event.widget.id == "address" and address != self._found_for:
            self.post_message(self.CommuneWanted(address))
        number = self.text_of("id_number")
        if event.widget.id == "id_number" and self.kind != CITIZEN and len(number) >= SHORTEST_CODE:
            self.post_message(self.PersonWanted(number))

    def _put(self, id: str, value: str) -> None:
        field = self.query_one(f"#{id}", FormInput)
        field.value = value
        field.cursor_position = len(field.value)

    def _show_other(self) -> None:
        for row in self.query(".other"):
            row.display = self.by_other

    def _show_kind(self) -> None:
        self.query_one(NumberInput).take_kind(self.kind)
        self.query_one(NumberField).say(number_label(self.kind))
        self._show_words()

    def _doubt(self, number: str) -> str:
        if self._typing("id_number") and (self.kind != CITIZEN or len(number) != DIGITS):
            return ""
        return number_words(number, self._card) if self.kind == CITIZEN else code_words(number)

    def _show_words(self) -> None:
        number = self.text_of("id_number")
        mine = self._card is not None and self._card.id_number == number
        self.query_one("#seen", Line).put(
            person_words(self._card) if mine and self._card else "", [(_("tên: kiểm bằng mắt"), "soon")] if mine else ()
        )
        doubt = self._doubt(number)
        is_open = len(self._known.open_dossiers) if self._known is not None else 0
        said = counted("đang mở: {n} hồ sơ khác", is_open) if is_open else ""
        gap = " · " if doubt and said else ""
        self.query_one("#number_words", Line).put([(doubt + gap, "soon"), (said, "strong")])
        other = self.text_of("other_id_number")
        doubt = number_words(other) if len(other) == DIGITS or not self._typing("other_id_number") else ""
        self.query_one("#other_words", Line).put([(doubt, "soon")])

    def _typing(self, id: str) -> bool:
        return self.screen.focused is not None and self.screen.focused.id == id

    @staticmethod
    def _values(person: PersonDraft) -> tuple[str, str, str, str]:
        return person.name, person.id_number, person.phone, person.address
