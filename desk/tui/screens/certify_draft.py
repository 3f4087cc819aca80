"""What is typed in the fast lane, and what of it outlives the screen."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any
from weakref import WeakKeyDictionary

from textual.app import App

from db.vocabulary import PayMethod
from desk.counter.addresses import Find, find_commune, with_commune
from desk.counter.lane import Paper, Visit
from desk.counter.model import Done, PersonInput
from desk.tui.draft import PersonDraft


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of paper as typed; pages or copies left empty are one."""

    procedure: str = ""
    paper: str = field(default="", repr=False)
    pages: str = ""
    copies: str = ""

    @property
    def empty(self) -> bool:
        """Say whether nothing is typed."""
        return not (self.paper.strip() or self.pages or self.copies)

    @property
    def order(self) -> Paper:
        """What the counter is asked for."""
        return Paper(self.procedure, self.paper, number(self.pages), number(self.copies))


@dataclass(frozen=True, slots=True)
class LaneDraft:
    """All that is typed for one citizen; personal values stay out of the repr."""

    client_id: str
    person: PersonDraft = field(default=PersonDraft(), repr=False)
    entry: Entry = Entry()
    added: tuple[Entry, ...] = ()

    @property
    def empty(self) -> bool:
        """Say whether there is nothing worth keeping."""
        return self.person.empty and self.entry.empty and not self.added

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What is to be saved: the line in work counts unless it is empty after others were added."""
        return self.added if self.added and self.entry.empty else (*self.added, self.entry)

    def again(self, client_id: str) -> LaneDraft:
        """Return the same under another id, its last line in work."""
        *added, entry = self.entries
        return LaneDraft(client_id, self.person, entry, tuple(added))

    def visit(self, officer_id: int | None, find: Find = find_commune) -> Visit:
        """Return the order for the counter; looks the address up: call it in a worker."""
        person = self.person
        found = find(person.address)
        address = with_commune(person.address, None if found.current else found.only)
        applicant = PersonInput(person.name, id_number=person.id_number, phone=person.phone, address=address)
        return Visit(self.client_id, applicant, tuple(entry.order for entry in self.entries), officer_id)


def number(typed: str) -> int:
    """Return typed digits as a number, one for none."""
    return int(typed) if typed.isascii() and typed.isdigit() else 1


@dataclass
class Lane:
    """What the fast lane of one program remembers: a form left half typed, and the visit saved last."""

    kept: LaneDraft | None = None
    last: LaneDraft | None = None
    saved: tuple[Done, ...] = ()
    pay: PayMethod | None = PayMethod.CASH
    """How the visit being typed is paid; a transfer is for one visit only, no payment until told otherwise."""

    def keep(self, draft: LaneDraft) -> None:
        """Keep a form that was left, unless it has been saved meanwhile."""
        done = self.last is not None and self.last.client_id == draft.client_id
        self.kept = None if done or draft.empty else draft

    def is_saved(self, draft: LaneDraft, done: tuple[Done, ...]) -> None:
        """Remember a visit as the last one; its form is not offered again."""
        self.last, self.saved = draft, done
        if self.pay is PayMethod.TRANSFER:
            self.pay = PayMethod.CASH
        if self.kept is not None and self.kept.client_id == draft.client_id:
            self.kept = None

    def is_taken_back(self) -> None:
        """Forget what was saved: it is no more, and is typed anew under another id."""
        self.saved = ()
        if self.last is not None:
            self.last = replace(self.last, client_id="")


_LANES: WeakKeyDictionary[App[Any], Lane] = WeakKeyDictionary()


def lane_of(app: App[Any]) -> Lane:
    """Return what the fast lane of a running program remembers."""
    return _LANES.setdefault(app, Lane())
