"""The call-back list: who is to be rung, what to say, what came of it; no number and no name in the journal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from db import calls, dossiers, journal, people, projection
from db.instants import utc_text
from db.rows import CallRow, DossierRow, PersonRow
from db.unit import View, Work
from db.vocabulary import OPEN_STATES, Act, ApplicantKind, CallOutcome, CallReason, OfficeEvent, State
from desk.counter import call_turns, call_words, looking
from desk.counter.answering import written
from desk.counter.call_model import CallLine, MakeCall
from desk.counter.context import Context
from desk.counter.model import Refused, RefusedError, WorkRow
from desk.rules import calling, moment
from desk.rules.calling import Next, Turn, Wanted
from desk.rules.text import mask_phone
from desk.words import _


class Calls:
    """The call-back list of the centre; RecordError may come out of every method: nothing was written then."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def listed(self) -> tuple[CallLine, ...]:
        """Return who is to be rung: now, then later today or after, then who has no number that is right."""
        with self._ctx.records.reading() as view:
            return listed(self._ctx, view)

    def made(self, order: MakeCall) -> datetime | Refused | None:
        """Keep what came of a call; return when to try again, None if it is done or wants another number."""
        return written(self._ctx, lambda work: made(self._ctx, work, order))


def listed(ctx: Context, view: View) -> tuple[CallLine, ...]:
    """Return the call-back list."""
    cal, now = ctx.calendar(view), ctx.now()
    rows = dossiers.in_states(view.connection, OPEN_STATES | {State.FINISHED})
    wanted = {row.id: found for row in rows if (found := call_turns.wanted(row, now)) is not None}
    made_before = calls.of_dossiers(view.connection, wanted)
    steps = {number: call_turns.step(cal, now, made_before.get(number, ()), found) for number, found in wanted.items()}
    due = [row for row in rows if row.id in wanted and steps[row.id].turn is not Turn.DONE]
    persons = people.by_ids(view.connection, (row.person_id for row in due))
    shown = looking.work_rows(ctx, view, due)
    lines = [
        _line(ctx, view, row, line, persons[row.person_id], wanted[row.id], steps[row.id], made_before.get(row.id, []))
        for row, line in zip(due, shown, strict=True)
        if persons[row.person_id].name
    ]
    return tuple(sorted(lines, key=_order))


def made(ctx: Context, work: Work, order: MakeCall) -> datetime | None:
    """Write the event of a call; refused once the reason for it is gone."""
    if not order.client_id:
        raise RefusedError("client_id_needed", _("Yêu cầu thiếu mã riêng của nó."), "client_id")
    cal, now = ctx.calendar(work), ctx.now()
    row = dossiers.get(work.connection, order.dossier_id)
    if row is None:
        raise RefusedError("unknown_dossier", _("Không có hồ sơ này."))
    known = journal.by_client(work.connection, order.client_id)
    if known is not None and (known.kind != OfficeEvent.CALL_MADE or known.dossier_id != row.id):
        raise RefusedError("client_id_taken", _("Mã yêu cầu này đã dùng cho việc khác."), "client_id")
    found = call_turns.wanted(row, now)
    if known is None:
        if found is None or found != Wanted(order.reason, order.occasion):
            raise RefusedError("not_wanted", _("Hồ sơ vừa thay đổi, không còn cần gọi việc này: xem lại danh sách."))
        _write(work, row, order, now)
    else:
        found = Wanted(CallReason(known.data["why"]), str(known.data["occasion"]))
    before = calls.of_dossiers(work.connection, [row.id])[row.id]
    step = call_turns.step(cal, now, before, found)
    return step.at if step.turn in {Turn.NOW, Turn.LATER} else None


def _write(work: Work, row: DossierRow, order: MakeCall, now: datetime) -> None:
    again = None
    if order.outcome is CallOutcome.LATER:
        if order.again_at is None:
            raise RefusedError("again_needed", _("Cần ngày, giờ gọi lại."), "again_at")
        again = moment.minute(order.again_at)
        if again <= now:
            raise RefusedError("again_in_past", _("Giờ gọi lại phải sau bây giờ."), "again_at")
    data = {
        "why": order.reason.value, "occasion": order.occasion, "outcome": order.outcome.value,
        "again": "" if again is None else utc_text(again),
    }  # fmt: skip
    event, _row = work.apply(
        OfficeEvent.CALL_MADE, now, data, row=row, dossier_id=row.id, changes={}, officer_id=order.officer_id,
        client_id=order.client_id,
    )  # fmt: skip
    calls.add(
        work.connection,
        CallRow(row.id, event.seq, now, order.officer_id, order.reason, order.occasion, order.outcome, again),
    )


def _line(
    ctx: Context,
    view: View,
    row: DossierRow,
    line: WorkRow,
    person: PersonRow,
    found: Wanted,
    step: Next,
    before: Sequence[CallRow],
) -> CallLine:
    missing = _missing(view, row.id) if found.reason is CallReason.SUPPLEMENT else ""
    message = call_words.Message(
        centre=ctx.centre.name,
        name=person.name,
        kind=ApplicantKind(person.kind),
        code=row.official_code or row.code,
        procedure=line.procedure,
        promise=row.promise,
        now=ctx.now(),
        missing=missing,
        until=row.supplement_by,
    )
    # Without a number there is nobody to ring, whatever the turn.
    turn = step.turn if person.phone else Turn.NUMBER
    same = call_turns.of_occasion(before, found)
    last = call_words.outcome_name(CallOutcome(same[-1].outcome)) if same else ""
    return CallLine(
        line, found.reason, found.occasion, mask_phone(person.phone), call_words.sentence(found.reason, message), turn,
        step.at, step.tries, last,
    )  # fmt: skip


def _missing(view: View, dossier_id: int) -> str:
    """Return what the last supplement request asked for, in the officer's words."""
    events = projection.effective(journal.of_dossier(view.connection, dossier_id))
    requests = {event.seq for event in events if event.kind == Act.SUPPLEMENT}
    asked = [
        each.text
        for each in people.remarks(view.connection, dossier_id)
        if each.kind == "reason" and each.event_seq in requests
    ]
    return asked[-1] if asked else ""


def _order(line: CallLine) -> tuple[object, ...]:
    turns = (Turn.NOW, Turn.LATER, Turn.NUMBER)
    at = 0.0 if line.at is None else line.at.timestamp()
    reason = calling.ORDER.index(line.reason) if line.turn is Turn.NOW else 0
    # A call that was asked for at an hour comes before those that nobody waits for.
    asked = line.turn is Turn.NOW and line.at is None
    return turns.index(line.turn), asked, reason, at, line.row.id
