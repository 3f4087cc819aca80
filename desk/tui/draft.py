"""A receipt form that is not saved yet: what is typed in it, and the box in which such drafts outlive a crash."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from weakref import WeakKeyDictionary

import msgspec
from msgspec import Struct

from desk.draft import DraftError
from desk.forms.printing import Spool, spooler
from desk.rules import moment

if TYPE_CHECKING:
    from desk.tui.app import DeskApp

MOST_DRAFTS = 9
SLIPS_FOLDER = "phieu"


class PersonDraft(Struct, frozen=True):
    """Who is typed in: applicant or representative.

    `commune` is the code chosen where an old one was split, `kind` the name of an applicant's kind.
    """

    name: str = ""
    id_number: str = ""
    phone: str = ""
    address: str = ""
    commune: str = ""
    kind: str = "CITIZEN"
    email: str = ""

    @property
    def empty(self) -> bool:
        """Say whether nothing is typed."""
        return not any((self.name, self.id_number, self.phone, self.address))


class Applying(Struct, frozen=True):
    """The people of a form: the applicant, and who files for them where `by_other`."""

    person: PersonDraft = PersonDraft()
    by_other: bool = False
    other: PersonDraft = PersonDraft()


@dataclass(frozen=True, slots=True)
class Draft:
    """All that is typed in one receipt form, as text; personal values stay out of the repr.

    `pay` is how the fee is paid on saving, empty where it is not; `fee` is typed where the catalogue is not sure of it.

    Of the correction of a `dossier` it holds what differs from the record: the fields that are `mended`. Of a visit
    in the fast lane it holds the `lane`'s lines: procedure, paper, pages, copies.
    """

    client_id: str
    saved_at: str = ""
    people: Applying = field(default=Applying(), repr=False)
    procedure: str = ""
    procedure_name: str = ""
    typed: str = field(default="", repr=False)
    variant: str = ""
    papers: tuple[str, ...] = ()
    promise: str = ""
    channel: str = ""
    way: str = ""
    copies: str = ""
    pages: str = ""
    pay: str = ""
    fee: str = ""
    note: str = field(default="", repr=False)
    late: bool = False
    late_at: str = ""
    late_reason: str = field(default="", repr=False)
    elsewhere: bool = False
    competent: str = ""
    competent_at: str = ""
    dossier: int = 0
    mended: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    lane: tuple[tuple[str, str, str, str], ...] = field(default=(), repr=False)

    @property
    def empty(self) -> bool:
        """Say whether there is nothing worth keeping."""
        typed = (self.procedure, self.typed, self.note, self.promise, self.copies, self.late_at, self.late_reason)
        away = (self.competent, self.competent_at)
        lines = (part for _procedure, *parts in self.lane for part in parts)
        return self.people.person.empty and self.people.other.empty and not any((*typed, *away, *self.mended, *lines))

    @property
    def is_receipt(self) -> bool:
        """Say whether it is of the receipt form: neither of a correction nor of the fast lane."""
        return not self.dossier and not self.lane

    @property
    def kept(self) -> datetime:
        """When it was kept."""
        return moment.parse(self.saved_at)


class Store(Protocol):
    """Where the box keeps its text; DraftError from `load` where it cannot be opened, OSError from a full disk."""

    def save(self, content: bytes) -> None:
        """Keep a text instead of what was kept."""

    def load(self) -> bytes | None:
        """Return what was kept."""

    def clear(self) -> None:
        """Keep nothing."""


class MemoryStore:
    """Keeps the text as long as the program runs."""

    def __init__(self) -> None:
        self._content: bytes | None = None

    def save(self, content: bytes) -> None:
        """Keep a text instead of what was kept."""
        self._content = content

    def load(self) -> bytes | None:
        """Return what was kept."""
        return self._content

    def clear(self) -> None:
        """Keep nothing."""
        self._content = None


class DraftBox:
    """The drafts of a desk by client id, newest first, at most nine; safe to call from any thread.

    A draft that was saved or thrown away never comes back, however late a keeping of it arrives.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._drafts: dict[str, Draft] | None = None
        self._turn = 0
        self._turns: dict[str, int] = {}
        self._ended: set[str] = set()
        self.damaged = False

    def all(self) -> tuple[Draft, ...]:
        """Return what is kept, newest first; `damaged` says whether something could not be opened."""
        with self._lock:
            return tuple(reversed(self._loaded().values()))

    def turn(self) -> int:
        """Return the number of the next keeping; take it where the draft is read from the screen."""
        with self._lock:
            self._turn += 1
            return self._turn

    def keep(self, draft: Draft, turn: int) -> None:
        """Keep a draft; one of an earlier turn than what is kept is ignored. OSError: it is kept in memory only."""
        with self._lock:
            drafts = self._loaded()
            if draft.client_id in self._ended or turn < self._turns.get(draft.client_id, 0):
                return
            self._turns[draft.client_id] = turn
            known = drafts.pop(draft.client_id, None)
            if draft.empty:
                if known is not None:
                    self._write(drafts)
                return
            drafts[draft.client_id] = draft
            while len(drafts) > MOST_DRAFTS:
                del drafts[next(iter(drafts))]
            self._write(drafts)

    def end(self, client_id: str) -> None:
        """Forget a draft for good: it was saved or thrown away."""
        with self._lock:
            self._ended.add(client_id)
            drafts = self._loaded()
            if drafts.pop(client_id, None) is not None:
                self._write(drafts)

    def _loaded(self) -> dict[str, Draft]:
        if self._drafts is None:
            try:
                content = self._store.load()
                found = [] if content is None else _read(content)
            except DraftError:
                self.damaged = True
                found = []
            self._drafts = {draft.client_id: draft for draft in found}
        return self._drafts

    def _write(self, drafts: dict[str, Draft]) -> None:
        if drafts:
            self._store.save(msgspec.json.encode(list(drafts.values())))
        else:
            self._store.clear()


@dataclass
class Session:
    """What the receipt screens of one program share: the drafts, the last applicant for Ctrl+P, where slips go."""

    drafts: DraftBox
    slips: Path | None = None
    last: Applying | None = None
    find_spooler: Callable[[], Spool | None] = spooler


_sessions: WeakKeyDictionary[DeskApp, Session] = WeakKeyDictionary()


def session_of(app: DeskApp) -> Session:
    """Return the session of a running program.

    Drafts outlive it where its services have a store called `drafts`; slips that meet no printer go into `phieu` of
    the data folder where the services know its `paths`.
    """
    session = _sessions.get(app)
    if session is None:
        services = app._open_services()
        paths = getattr(services, "paths", None)
        store = getattr(services, "drafts", None)
        session = _sessions[app] = Session(
            DraftBox(store or MemoryStore()), None if paths is None else paths.folder / SLIPS_FOLDER
        )
    return session


def stamped(draft: Draft, now: datetime) -> Draft:
    """Return the draft stamped with the minute."""
    return replace(draft, saved_at=moment.text(now))


def _read(content: bytes) -> Sequence[Draft]:
    try:
        return [_draft(each) for each in json.loads(content)]
    except (ValueError, KeyError, TypeError) as error:
        raise DraftError("drafts") from error


def _draft(written: dict[str, Any]) -> Draft:
    people = written["people"]
    known = {each.name for each in fields(Draft)} - {"people", "papers", "mended", "lane"}
    lane = written.get("lane", ())
    return Draft(
        **{name: value for name, value in written.items() if name in known},
        people=Applying(PersonDraft(**people["person"]), bool(people["by_other"]), PersonDraft(**people["other"])),
        papers=tuple(str(paper) for paper in written["papers"]),
        mended=tuple((str(name), str(value)) for name, value in written.get("mended", ())),
        lane=tuple((str(code), str(paper), str(pages), str(copies)) for code, paper, pages, copies in lane),
    )
