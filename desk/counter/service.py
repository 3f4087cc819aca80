"""The counter's front: every use case in one unit of work, every refusal a value, every repeat the same answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace

from db import dossiers, journal, procedures, summaries
from db.journal import Broken
from db.unit import View, Work
from db.vocabulary import Act
from desk.counter import (
    acting,
    answering,
    behind,
    calendar_editing,
    certifying,
    choosing,
    closing,
    dossier_view,
    drilling,
    listing,
    looking,
    officers,
    outgoing,
    printing,
    receiving,
    repeating,
    taking_in,
)
from desk.counter.behind import Behind
from desk.counter.calendar_change import CalendarEffect, Progress
from desk.counter.calendar_editing import CalendarChange
from desk.counter.context import Context
from desk.counter.correction import Kept
from desk.counter.found import Finds
from desk.counter.lane import Given, Kinds, TakeBack, Visit
from desk.counter.listed import Listed, ListRef, Lists
from desk.counter.model import (
    Action,
    Centre,
    ClosedDay,
    CloseView,
    Done,
    DossierView,
    Drill,
    Figure,
    Morning,
    OutgoingView,
    PersonView,
    ProcedureChoice,
    PromiseView,
    Receive,
    Refused,
    RefusedError,
    TakeOver,
    WorkRow,
)
from desk.counter.officer_model import NewOfficer, OfficerView
from desk.counter.outgoing import Outbox
from desk.counter.retyping import Retyping
from desk.rules import report as reporting
from desk.rules.calendar import Calendar
from desk.rules.report import Report
from desk.rules.text import clean
from desk.words import _

if TYPE_CHECKING:
    from desk.counter.calling import Calls
    from desk.counter.from_province import FromProvince
    from desk.counter.handing_over import Shifts
    from desk.counter.posted import Posted
    from desk.counter.resetting import Resets
    from desk.counter.till import Till
    from desk.counter.unit_changes import CommuneFinder

Result = TypeVar("Result")


class Counter:
    """All that a desk can do; safe to call from any thread, one unit of work a call.

    RecordError may come out of every method: nothing was written then.
    """

    def __init__(self, ctx: Context, post: Outbox | None = None) -> None:
        self._ctx = ctx
        self._post = post

    @cached_property
    def till(self) -> Till:
        """The use cases of the desk's money."""
        from desk.counter.till import Till

        return Till(self._ctx)

    @cached_property
    def calls(self) -> Calls:
        """The call-back list."""
        from desk.counter.calling import Calls

        return Calls(self._ctx)

    @cached_property
    def posted(self) -> Posted:
        """The outbox."""
        from desk.counter.posted import Posted

        return Posted(self._ctx, self._post)

    @cached_property
    def shifts(self) -> Shifts:
        """What a shift hands to the next, and its slips."""
        from desk.counter.handing_over import Shifts

        return Shifts(self._ctx)

    @cached_property
    def province(self) -> FromProvince:
        """What the province published, and messages to it."""
        from desk.counter.from_province import FromProvince

        return FromProvince(self._ctx, self._post)

    @cached_property
    def communes(self) -> CommuneFinder:
        """Where addresses lie today."""
        from desk.counter.unit_changes import CommuneFinder

        return CommuneFinder(self._ctx)

    @cached_property
    def resets(self) -> Resets:
        """What a restored desk does."""
        from desk.counter.resetting import Resets

        return Resets(self._ctx, self._post)

    @property
    def centre(self) -> Centre:
        """The centre at work."""
        return self._ctx.centre

    @property
    def retyping(self) -> Retyping:
        """Double entry into the official system."""
        return Retyping(self._ctx)

    def now(self) -> datetime:
        """Return the present minute in Viet Nam."""
        return self._ctx.now()

    def receive(self, order: Receive) -> Done | Refused:
        """Take a dossier in."""
        return self._once(order.client_id, order.act, None, lambda work: receiving.receive(self._ctx, work, order))

    def take_over(self, order: TakeOver) -> Done | Refused:
        """Take over a dossier that was open at go-live."""
        return self._once(
            order.client_id, Act.TAKE_OVER, None, lambda work: receiving.take_over(self._ctx, work, order)
        )

    def act(self, action: Action) -> Done | Refused:
        """Do one act to a dossier."""
        return self._once(action.client_id, action.act, action.code, lambda work: acting.act(self._ctx, work, action))

    def give(self, visit: Visit) -> tuple[Done, ...] | Refused:
        """Take in, finish and return all that a citizen gets at once, in one transaction."""
        return self._do(lambda work: certifying.give(self._ctx, work, visit))

    def take_back(self, order: TakeBack) -> tuple[Done, ...] | Refused:
        """Undo and void the dossiers of a visit, within ten minutes."""
        return self._do(lambda work: certifying.take_back(self._ctx, work, order))

    def given_today(self) -> Given:
        """Return what this desk has given at once today."""
        with self._ctx.records.reading() as view:
            return certifying.given_today(self._ctx, view)

    def kinds(self) -> Kinds:
        """Return what can be given at once."""
        with self._ctx.records.reading() as view:
            return certifying.kinds(self._ctx, view)

    def papers(self, procedure: str) -> tuple[str, ...]:
        """Return the kinds of paper to offer under a procedure, most used first."""
        with self._ctx.records.reading() as view:
            return certifying.papers(self._ctx, view, procedure)

    def promise_for(
        self, procedure: str, *, variant: str = "", received_at: datetime | None = None, awaited: bool = False
    ) -> PromiseView | Refused:
        """Return the dates a receipt would get now, and why; `awaited` if another agency's receipt will move them."""
        return self._read(lambda view: choosing.promise(self._ctx, view, procedure, variant, received_at, awaited))

    def procedures(self, query: str = "", limit: int = 20) -> tuple[ProcedureChoice, ...]:
        """Return the procedures that are switched on, by folded typing, most used first."""
        with self._ctx.records.reading() as view:
            return choosing.find(self._ctx, view, query, limit)

    def procedure(self, code: str) -> ProcedureChoice | None:
        """Return the procedure in force under a code."""
        with self._ctx.records.reading() as view:
            found = procedures.current(view.connection, clean(code), self.now().date())
            return None if found is None else choosing.choice(found)

    def person(self, id_number: str) -> PersonView | None:
        """Return who was last written under an identity number."""
        with self._ctx.records.reading() as view:
            return dossier_view.person(view, id_number)

    def find(self, query: str, limit: int = 100) -> tuple[WorkRow, ...]:
        """Return dossiers by any part of code, name, identity number or phone."""
        return tuple(self.finds(query, limit))

    def finds(self, query: str, limit: int = 60) -> Finds:
        """Return the same for a screen, which puts into words only the lines it shows; three pages of them."""
        with self._ctx.records.reading() as view:
            return looking.find(self._ctx, view, query, limit)

    def worklist(self, query: str = "") -> tuple[WorkRow, ...]:
        """Return the open work by promise."""
        return looking.filtered(self.open_work(), query)

    def open_work(self) -> Finds:
        """Return the same for a screen, which puts into words only the lines it shows."""
        with self._ctx.records.reading() as view:
            return looking.lines(self._ctx, view, looking.open_work(view))

    def rows(self, ids: Iterable[int]) -> tuple[WorkRow, ...]:
        """Return list lines for the dossiers behind a figure, in the given order."""
        with self._ctx.records.reading() as view:
            found = dossiers.by_ids(view.connection, wanted := list(ids))
            return looking.work_rows(self._ctx, view, [found[each] for each in wanted if each in found])

    def lists(self) -> Lists:
        """Return the lists beside the day's work, each with its count."""
        with self._ctx.records.reading() as view:
            return listing.entries(self._ctx, view)

    def listed(self, ref: ListRef) -> Listed:
        """Return the dossiers of a list by promise."""
        with self._ctx.records.reading() as view:
            return listing.listed(self._ctx, view, ref)

    def drill(self) -> Drill:
        """Return the morning drill."""
        with self._ctx.records.reading() as view:
            return drilling.drill(self._ctx, view)

    def morning(self) -> Morning:
        """Return the morning drill with the dossiers behind its figures."""
        with self._ctx.records.reading() as view:
            return drilling.morning(self._ctx, view)

    def calendar(self) -> Calendar:
        """Return the calendar in force."""
        with self._ctx.records.reading() as view:
            return self._ctx.calendar(view)

    def change_calendar(
        self,
        change: CalendarChange,
        officer_id: int | None = None,
        *, dry_run: bool = False, progress: Progress | None = None,
    ) -> CalendarEffect | Refused:  # fmt: skip
        """Put a change of the calendar in force, or only say what it would move."""
        return calendar_editing.change_calendar(self._ctx, change, officer_id, dry_run=dry_run, progress=progress)

    def put_off(self, promise: datetime) -> datetime:
        """Return what an apology offers in place of a promise: the next working day, at the same hour if it is open."""
        return choosing.put_off(self.calendar(), promise)

    def dossier(self, wanted: str | int) -> DossierView | None:
        """Return one dossier by code or id."""
        with self._ctx.records.reading() as view:
            return dossier_view.show(self._ctx, view, wanted)

    def reveal(self, dossier_id: int, officer_id: int | None) -> PersonView | Refused:
        """Return an applicant's full numbers and leave a trace of who looked."""
        return self._do(lambda work: dossier_view.reveal(self._ctx, work, dossier_id, officer_id))

    def to_correct(self, dossier_id: int, officer_id: int | None) -> Kept | Refused:
        """Return what a correction of a dossier begins with, unmasked, and leave a trace of who saw it."""
        return self._do(lambda work: dossier_view.to_correct(self._ctx, work, dossier_id, officer_id))

    def why(self, dossier_id: int) -> tuple[str, ...]:
        """Return why a dossier's date is what it is."""
        with self._ctx.records.reading() as view:
            return dossier_view.why(self._ctx, view, dossier_id)

    def receipt(
        self, dossier_id: int, *, reprint: bool = False, back: bool = False, officer_id: int | None = None
    ) -> tuple[str, ...] | Refused:
        """Return form 01 as plain text, a reprint counted; `back` adds, after a form feed, how its date was found."""

        def page(view: View, copy: int = 0) -> tuple[str, ...]:
            front = printing.receipt_lines(self._ctx, view, dossier_id, copy)
            return (*front, *printing.back_lines(self._ctx, view, dossier_id)) if back else front

        if reprint:
            return self._do(lambda work: page(work, printing.reprint(self._ctx, work, dossier_id, officer_id)))
        return self._read(page)

    def close_preview(self, day: date | None = None) -> CloseView | Refused:
        """Return the numbers of a day as they would be sealed now."""
        return self._read(lambda view: closing.preview(self._ctx, view, day))

    def close(self, day: date | None = None, officer_id: int | None = None) -> tuple[ClosedDay, ...] | Refused:
        """Seal every open day up to `day` and queue the files; what does not balance is not sealed.

        A named `day` confirms that the machine's clock is right. A folder that takes no file unseals nothing.
        """
        done = self._do(lambda work: closing.close(self._ctx, work, day, officer_id))
        if isinstance(done, Refused):
            return done
        try:
            self.queue()
        except OSError as error:
            return tuple(replace(each, unqueued=outgoing.unqueued_sentence(error)) for each in done)
        return done

    def queue(self) -> None:
        """Put every unconfirmed sealed file that is not there into the outbox folder, where a timer can deliver it.

        OSError for the disk.
        """
        if self._post is not None:
            with self._ctx.records.reading() as view:
                outgoing.queue(view, self._post)

    def take_in(self) -> bool:
        """Take the states and receipts of the outbox folder into the record; True if anything was new."""
        return False if self._post is None else taking_in.take_in(self._ctx, self._post)

    def outgoing(self, limit: int = 30) -> tuple[OutgoingView, ...]:
        """Return the daily files and how far each has come, newest first."""
        with self._ctx.records.reading() as view:
            return outgoing.listed(view, limit)

    def report(self, first: date, last: date) -> Report:
        """Return II.06a for a span of closed days, through the same figures as every file."""
        with self._ctx.records.reading() as view:
            files = [closing.daily_of(file).rows for file in summaries.files(view.connection, first, last)]
            return reporting.ii06a(files, procedures.fields_of(view.connection))

    def behind(self, figure: Figure) -> Behind:
        """Return the dossiers that make up one figure of II.06a, found as the files counted them."""
        with self._ctx.records.reading() as view:
            return behind.behind(self._ctx, view, figure)

    def officers(self) -> tuple[OfficerView, ...]:
        """Return the centre's officers."""
        with self._ctx.records.reading() as view:
            return officers.listed(view)

    def add_officer(self, new: NewOfficer, by: int | None) -> OfficerView | Refused:
        """Add an officer; `by` is who does it."""
        return officers.add(self._ctx, new, by)

    def disable_officer(self, officer_id: int, by: int | None) -> OfficerView | Refused:
        """Let an officer go from the desk; the name stays with what was done."""
        return officers.disable(self._ctx, officer_id, by)

    def enable_officer(self, officer_id: int, by: int | None) -> OfficerView | Refused:
        """Take a disabled officer back."""
        return officers.enable(self._ctx, officer_id, by)

    def set_pin(self, officer_id: int, pin: str, by: int | None) -> OfficerView | Refused:
        """Give an officer another PIN."""
        return officers.set_pin(self._ctx, officer_id, pin, by)

    def sign_on(self, officer_id: int, pin: str = "", before: int | None = None) -> OfficerView | Refused:
        """Let an officer work at this desk in place of `before`."""
        return officers.sign_on(self._ctx, officer_id, pin, before)

    def verify_journal(self) -> Broken | None:
        """Walk the journal's chain; None if it holds."""
        with self._ctx.records.reading() as view:
            return journal.verify(view.connection)

    def _once(self, client_id: str, act: Act, code: str | None, use: Callable[[Work], Done]) -> Done | Refused:
        def run(work: Work) -> Done:
            if not client_id:
                raise RefusedError("client_id_needed", _("Yêu cầu thiếu mã riêng của nó."), "client_id")
            known = journal.by_client(work.connection, client_id)
            return use(work) if known is None else repeating.first_answer(work, known, act, code)

        return self._do(run)

    def _do(self, use: Callable[[Work], Result]) -> Result | Refused:
        return answering.written(self._ctx, use)

    def _read(self, use: Callable[[View], Result]) -> Result | Refused:
        return answering.looked_up(self._ctx, use)
