"""The form of a correction: all of a dossier that can be put right, and what of it the officer has changed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace
from textual.app import ComposeResult
from textual.widget import Widget

from db.vocabulary import ReturnWay
from desk.counter import say
from desk.counter.addresses import Find, Found, find_commune, with_commune, without_commune
from desk.counter.correction import Correction, Kept
from desk.counter.model import PersonInput
from desk.rules.correcting import Part
from desk.tui.draft import Applying, PersonDraft
from desk.tui.screens.applicant_fields import LONGEST_ADDRESS, ApplicantFields
from desk.tui.screens.receive_order import person_of
from desk.tui.screens.receive_widgets import PaperList
from desk.tui.widgets.checklist import Item
from desk.tui.widgets.choice import Choice, Option
from desk.tui.widgets.form import Field, Form
from desk.tui.widgets.form_input import FormInput
from desk.words import _

LONGEST_MAIL = 120
MOST_PAPERS = 30
REASON = "reason"

_TEXTS = (
    "name", "id_number", "phone", "address", "email", "other_name", "other_id_number", "other_phone", "other_address",
    "other_email", "note_text", REASON,
)  # fmt: skip
_CHOICES = ("kind", "by_other", "way")
_PERSON = ("kind", "name", "id_number", "phone", "email")
_OTHER = ("name", "id_number", "phone", "address", "email")
_PARTS: Mapping[str, Part] = {
    **{name: Part(name) for name in (*_PERSON, "address")},
    **{f"other_{name}": Part.REPRESENTATIVE for name in _OTHER},
    "commune": Part.ADDRESS,
    "by_other": Part.REPRESENTATIVE,
    "papers": Part.PAPERS,
    "way": Part.RETURN_WAY,
    "note_text": Part.NOTE,
}
"""What is corrected by which field."""

WHERE = {"applicant.name": "#name", "representative.name": "#other_name", "reason": f"#{REASON}"}
"""The field on the screen behind the name of an input that the counter refuses."""


class WholeApplicant(ApplicantFields):
    """The people of a dossier with everything that is kept of them."""

    def more_of_person(self) -> Iterable[Widget]:
        """Return the applicant's electronic mail."""
        yield Field(_("Thư điện tử"), FormInput(max_length=LONGEST_MAIL, id="email"))

    def more_of_other(self) -> Iterable[Widget]:
        """Return the representative's address and electronic mail."""
        yield Field(_("Địa chỉ"), FormInput(max_length=LONGEST_ADDRESS, id="other_address"), classes="other")
        yield Field(_("Thư điện tử"), FormInput(max_length=LONGEST_MAIL, id="other_email"), classes="other")

    @property
    def typed(self) -> Applying:
        """All that is typed."""
        found = super().typed
        other = replace(found.other, address=self.text_of("other_address"), email=self.text_of("other_email"))
        return replace(found, person=replace(found.person, email=self.text_of("email")), other=other)

    def fill(self, people: Applying) -> None:
        """Show people as they are kept."""
        super().fill(people)
        for id, value in (
            ("email", people.person.email),
            ("other_address", people.other.address),
            ("other_email", people.other.email),
        ):
            self.query_one(f"#{id}", FormInput).value = value


class CorrectForm(Form):
    """Applicant, papers, way of return, note, and why."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shown: dict[str, str] = {}
        self._commune = ""

    def compose(self) -> ComposeResult:
        """Put the fields under one another; the papers take what room there is."""
        ways = {ReturnWay.COUNTER: _("Tại quầy"), ReturnWay.POST: _("Bưu chính"), ReturnWay.ELECTRONIC: _("Điện tử")}
        yield WholeApplicant(id="applicant")
        yield Field(_("Giấy tờ"), PaperList(most=MOST_PAPERS, id="papers"), id="papers_row")
        yield Field(_("Cách trả"), Choice([Option(way.name, name) for way, name in ways.items()], id="way"), width=11)
        yield Field(_("Ghi chú"), FormInput(max_length=300, id="note_text"))
        yield Field(_("Lý do sửa"), FormInput(max_length=200, id=REASON))

    @property
    def applicant(self) -> WholeApplicant:
        """The people."""
        return self.query_one(WholeApplicant)

    @property
    def reason(self) -> str:
        """Why it is corrected, as typed."""
        return self.query_one(f"#{REASON}", FormInput).value

    @property
    def values(self) -> dict[str, str]:
        """What stands in every field, as text."""
        commune = self.applicant.typed.person.commune
        return {
            **{id: self.query_one(f"#{id}", FormInput).value for id in _TEXTS},
            **{id: self.query_one(f"#{id}", Choice).value for id in _CHOICES},
            "papers": "\n".join(item.label for item in self._papers.items if item.checked),
            "commune": commune or self._commune,
        }

    @property
    def changed(self) -> dict[str, str]:
        """What the officer has changed, and the reason if there is one."""
        return {id: value for id, value in self.values.items() if value != self._shown.get(id, "")}

    @property
    def parts(self) -> tuple[Part, ...]:
        """What these changes correct."""
        changed = self.changed
        return tuple(dict.fromkeys(part for id, part in _PARTS.items() if id in changed))

    @property
    def _papers(self) -> PaperList:
        return self.query_one("#papers", PaperList)

    def show(self, kept: Kept, commune: str, changed: Mapping[str, str]) -> None:
        """Show a dossier as it is kept, then what was changed of it before."""
        now, other = kept.now, kept.now.representative or PersonInput("")
        self._commune = commune
        self.applicant.fill(Applying(_draft(now.applicant, commune), now.representative is not None, _draft(other, "")))
        offered = dict.fromkeys((*kept.offered, *now.components))
        self._papers.show_items(
            [Item(str(place), paper, checked=paper in now.components) for place, paper in enumerate(offered)]
        )
        self.query_one("#papers_row").display = bool(offered)
        self.query_one("#way", Choice).choose(now.return_way.name)
        self.query_one("#note_text", FormInput).value = now.note
        reason = self.reason
        self.query_one(f"#{REASON}", FormInput).value = ""
        self._shown = self.values
        self._put({REASON: reason, **changed})

    def _put(self, changed: Mapping[str, str]) -> None:
        known = [id for id in (*_CHOICES, *_TEXTS) if id in changed]
        for id in known:
            widget = self.query_one(f"#{id}")
            if isinstance(widget, FormInput):
                widget.value = changed[id]
            elif isinstance(widget, Choice) and changed[id] in {option.key for option in widget.options}:
                widget.choose(changed[id])
        if "kind" in changed:
            self.applicant.show_kind(changed["kind"])
            if "id_number" in changed:
                self.query_one("#id_number", FormInput).value = changed["id_number"]
        if "papers" in changed:
            there = changed["papers"].split("\n")
            self._papers.show_items([replace(item, checked=item.label in there) for item in self._papers.items])

    def go_to(self, refused_field: str) -> None:
        """Put the cursor into the field behind an input that was refused."""
        for widget in self.query(WHERE[refused_field]) if refused_field in WHERE else ():
            if widget in self.screen.focus_chain:
                self.screen.set_focus(widget)

    def hint(self, widget: Widget) -> str:
        """Return how the field in focus is used; empty for a plain text field."""
        turn = _("← → đổi · Enter tiếp")
        return {
            "papers": _("Space có/chưa · * đủ cả · Enter tiếp"),
            "commune": turn,
            "by_other": turn,
            "kind": turn,
            "way": turn,
            "name": _("quét thẻ người này, hoặc gõ lại ô sai"),
            REASON: _("bắt buộc, ghi vào sổ · F2 lưu"),
        }.get(widget.id or "", "")


def commune_of(address: str, find: Find = find_commune) -> str:
    """Return the code of the commune of today that a kept address names, where the old one was split."""
    found: Found = find(address)
    named = [each.code for each in found.candidates if with_commune(address, each) == address]
    return named[0] if named and len(found.candidates) > 1 else ""


def correction_of(kept: Kept, people: Applying, changed: Mapping[str, str], find: Find = find_commune) -> Correction:
    """Return the dossier as it is kept with what was changed; an address is looked up: call it in a worker."""
    now = kept.now
    found: dict[str, Any] = {}
    theirs = [name for name in _PERSON if name in changed]
    if changed.keys() & {"address", "commune"}:
        theirs.append("address")
    if theirs:
        found["applicant"] = _mended(now.applicant, people.person, theirs, find)
    others = [name for name in _OTHER if f"other_{name}" in changed]
    if not people.by_other:
        found["representative"] = None
    elif others or now.representative is None:
        found["representative"] = _mended(now.representative or PersonInput(""), people.other, others, find)
    if "papers" in changed:
        found["components"] = tuple(paper for paper in changed["papers"].split("\n") if paper)
    if "way" in changed:
        found["return_way"] = ReturnWay[changed["way"]]
    if "note_text" in changed:
        found["note"] = changed["note_text"]
    return dataclasses.replace(now, **found)


def part_names(parts: Sequence[Part]) -> str:
    """Return parts in words."""
    return ", ".join(say.part_name(part) for part in parts)


def _mended(person: PersonInput, typed: PersonDraft, names: Iterable[str], find: Find) -> PersonInput:
    given = person_of(typed, find)
    return replace(person, **{name: getattr(given, name) for name in names})


def _draft(person: PersonInput, commune: str) -> PersonDraft:
    return PersonDraft(
        person.name, person.id_number, person.phone, without_commune(person.address), commune, person.kind.name,
        person.email,
    )  # fmt: skip
