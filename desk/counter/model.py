"""What goes into the use cases and what comes out: frozen values, no rows of the record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from db.vocabulary import Act, ApplicantKind, Channel, Judgement, PayMethod, ReturnWay, State

if TYPE_CHECKING:
    from desk.counter.correction import Correction


class Centre(Struct, frozen=True):
    """The centre at work: its unit, its desk, and whether it only practises."""

    unit: str
    name: str
    desk: int = 1
    agency: str = ""
    practice: bool = False


class Refused(Struct, frozen=True):
    """A use case said no and wrote nothing; `field` names the input at fault."""

    reason: str
    sentence: str
    field: str = ""


class RefusedError(Exception):
    """Carries a refusal out of a unit of work, which is thereby rolled back."""

    def __init__(self, reason: str, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.refused = Refused(reason, sentence, field)


class PersonInput(Struct, frozen=True):
    """An applicant or representative as form 01 asks for them."""

    name: str
    kind: ApplicantKind = ApplicantKind.CITIZEN
    id_number: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""


class Receive(Struct, frozen=True):
    """A dossier at the counter.

    `act`: RECEIVE accepts it; REGISTER keeps an online filing; SUPPLEMENT sends it back before acceptance;
    DECLINE refuses it (the last two need `reason`). `promise` is typed only where the limit is unknown.
    `received_at` None is now; in the past a live centre asks for `late_entry_reason`. `competent` names the agency
    elsewhere for which a dossier is taken in, `competent_at` when it has it, which starts the clock; None is not known.
    `pay`: the fee is paid at once, in the same transaction; None leaves it due.
    """

    client_id: str
    procedure: str
    channel: Channel
    applicant: PersonInput
    act: Act = Act.RECEIVE
    officer_id: int | None = None
    representative: PersonInput | None = None
    variant: str = ""
    components: tuple[str, ...] = ()
    copies: int = 0
    pages: int = 0
    fee: int | None = None
    return_way: ReturnWay = ReturnWay.COUNTER
    note: str = ""
    reason: str = ""
    received_at: datetime | None = None
    late_entry_reason: str = ""
    official_code: str = ""
    promise: datetime | None = None
    at: datetime | None = None
    competent: str = ""
    competent_at: datetime | None = None
    pay: PayMethod | None = None


class TakeOver(Struct, frozen=True):
    """A dossier already open at go-live: taken over with its old code and dates, never counted as received."""

    client_id: str
    procedure: str
    channel: Channel
    applicant: PersonInput
    received_at: datetime
    promise: datetime | None = None
    old_code: str = ""
    official_code: str = ""
    variant: str = ""
    note: str = ""
    officer_id: int | None = None
    at: datetime | None = None


class Action(Struct, frozen=True):
    """A change of one dossier.

    `to`: the new promise of a reschedule. `holder`: whom it is forwarded to. `override`: the head's written
    ground for a second supplement request. `competent_at`, with FORWARD: when the competent agency elsewhere has it.
    `correction`, with CORRECT: how the dossier reads once it is right.
    """

    client_id: str
    code: str
    act: Act
    officer_id: int | None = None
    reason: str = ""
    to: datetime | None = None
    holder: str = ""
    official_code: str = ""
    variant: str = ""
    override: str = ""
    collector: str = ""
    way: ReturnWay = ReturnWay.COUNTER
    postal_number: str = ""
    at: datetime | None = None
    competent_at: datetime | None = None
    correction: Correction | None = None


class Done(Struct, frozen=True):
    """What a use case wrote, durable by the time this exists; `warnings` are sentences."""

    client_id: str
    dossier_id: int
    code: str
    state: State
    promise: datetime | None
    legal_deadline: datetime | None
    seq: int
    slip_number: str = ""
    warnings: tuple[str, ...] = ()
    provisional: bool = False


class PromiseView(Struct, frozen=True):
    """The dates a receipt would get now and why; `doubt` is a sentence where the limit is not sourced."""

    promise: datetime | None
    legal_deadline: datetime | None
    why: str
    trace: tuple[str, ...] = ()
    provisional: bool = False
    doubt: str = ""


class ProcedureChoice(Struct, frozen=True):
    """A procedure as the officer picks it."""

    code: str
    name: str
    field: str
    limit: str
    doubt: str
    components: tuple[str, ...]
    variants: tuple[tuple[str, str], ...]
    fee_vnd: int | None
    fee_note: str
    immediate: bool
    local_limit: str = ""


class PersonView(Struct, frozen=True):
    """Who was seen under an identity number, and how many of their dossiers are open."""

    name: str
    id_number: str
    phone: str
    email: str
    address: str
    kind: ApplicantKind
    open_dossiers: tuple[str, ...]


class WorkRow(Struct, frozen=True):
    """One line of a list: names in full, numbers never."""

    id: int
    code: str
    short_code: str
    applicant: str
    procedure: str
    state: State
    promise: datetime | None
    remaining: str
    overdue: bool
    due_today: bool
    waiting: bool
    provisional: bool
    official_code: str
    facts: tuple[str, ...] = ()
    holder: str = ""
    procedure_code: str = ""
    legal_deadline: datetime | None = None
    first_promise: datetime | None = None
    received_at: datetime | None = None


COVERAGE_WARNING = 60
"""Days before the end of the calendar's coverage from which on every start says so."""


class Drill(Struct, frozen=True):
    """The morning drill: ids of the dossiers behind each figure.

    `tomorrow` is the next working day, `waiting_long` those of `waiting` whose term for the applicant has passed;
    `calls` are those about which somebody is to be rung now.
    `unsent` counts the daily files the province has not confirmed, `delivered` those on their way or, by phone, there;
    `unsent_since` is the day of the oldest of the others, told once it is from before yesterday.
    `cutoff` is the next hour of today after which a same-day result, or forwarding, falls on the next working day.
    """

    today: tuple[int, ...] = ()
    tomorrow: tuple[int, ...] = ()
    apology: tuple[int, ...] = ()
    overdue: tuple[int, ...] = ()
    waiting: tuple[int, ...] = ()
    uncollected: tuple[int, ...] = ()
    unforwarded: tuple[int, ...] = ()
    without_code: tuple[int, ...] = ()
    unsent: int = 0
    delivered: int = 0
    refused: int = 0
    unsent_since: date | None = None
    waiting_long: tuple[int, ...] = ()
    calls: tuple[int, ...] = ()
    next_day: date | None = None
    covered_until: date | None = None
    coverage_days: int | None = None
    cutoff: datetime | None = None
    minutes_to_cutoff: int | None = None

    @property
    def nothing_due(self) -> bool:
        """Say whether nothing is due today, late, or owed an apology today."""
        return not (self.today or self.overdue or self.apology)

    @property
    def coverage_ends(self) -> bool:
        """Say whether the calendar's coverage ends soon or has ended."""
        return self.coverage_days is not None and self.coverage_days <= COVERAGE_WARNING


class Morning(Struct, frozen=True):
    """The morning drill with the dossiers behind its figures, in one snapshot."""

    now: datetime
    drill: Drill
    rows: Mapping[int, WorkRow]

    def listed(self, ids: Iterable[int]) -> tuple[WorkRow, ...]:
        """Return the lines of some of its dossiers."""
        return tuple(self.rows[each] for each in ids)


class EventLine(Struct, frozen=True):
    """One line of a dossier's history; `kind` is the event's own name, `what` its words."""

    seq: int
    at: datetime
    what: str
    who: str
    note: str
    undone: bool
    kind: str = ""


class DossierView(Struct, frozen=True):
    """All that the dossier screen shows; identity and phone are masked.

    `limit` is the statutory one in words, `limit_text` the same as the rules write it, `local_limit` the shorter one
    that the centre promises, empty if none. `slip_stale`: a correction since it was printed is not on the slip.
    """

    id: int
    code: str
    official_code: str
    old_code: str
    state: State
    state_name: str
    procedure_code: str
    procedure: str
    limit: str
    channel: Channel
    applicant: str
    id_number: str
    phone: str
    address: str
    received_at: datetime | None
    legal_deadline: datetime | None
    first_promise: datetime | None
    promise: datetime | None
    remaining: str
    promise_note: str
    provisional: bool
    rescheduled: bool
    suspended_since: datetime | None
    verdict: Judgement | None
    legal_verdict: Judgement | None
    holder: str
    apology_by: datetime | None
    slip_number: str
    events: tuple[EventLine, ...]
    acts: tuple[Act, ...]
    version: int
    taken_over: bool = False
    components: tuple[str, ...] = ()
    local_limit: str = ""
    competent: str = ""
    competent_at: datetime | None = None
    limit_text: str = ""
    variant: str = ""
    fee: int | None = None
    fee_taken: int = 0
    fee_due: int | None = None
    slip_stale: bool = False


class CloseView(Struct, frozen=True):
    """The numbers of a day before it is sealed: totals by counter, and whether everything adds up."""

    day: date
    days: tuple[date, ...]
    seq: int
    first_event: int
    last_event: int
    totals: Mapping[str, int]
    rows: Mapping[str, Mapping[str, int]]
    balanced: bool
    faults: tuple[str, ...] = ()
    closed: bool = False


class ClosedDay(Struct, frozen=True):
    """A sealed day; `file` is the name in the outbox folder.

    `unqueued` says why that folder does not have it yet, empty where it has: the day is sealed all the same.
    """

    day: date
    seq: int
    file: str
    sha256: str
    totals: Mapping[str, int]
    balanced: bool = True
    already: bool = False
    unqueued: str = ""


@dataclass(frozen=True, slots=True)
class OutgoingView:
    """A daily file on its way."""

    seq: int
    day: date
    sha256: str
    state: str
    tries: int
    way: str
    reason: str
    changed_at: datetime
    sentence: str = field(default="")


class Figure(Struct, frozen=True):
    """One figure of II.06a over the closed days from `first` to `last`: a column (3) to (13) of a field's row.

    `field` None is the row of the total.
    """

    first: date
    last: date
    column: int
    field: str | None = None
