"""What the officer looks at: the day's work, lists, finds; read only, numbers masked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from db import dossiers, people, procedures
from db.dossiers import DossierRow
from db.people import PersonRow
from db.unit import View
from db.vocabulary import OPEN_STATES, State
from desk.counter import finding, say
from desk.counter.context import Context
from desk.counter.found import Finds
from desk.counter.model import WorkRow
from desk.rules import moment, numbering
from desk.rules.calendar import Calendar
from desk.rules.deadline import is_overdue
from desk.rules.text import clean, fold, mask_id, mask_phone
from desk.words import _

WAITING_STATES = frozenset({State.SUPPLEMENT, State.OBLIGATION})


def lines(ctx: Context, view: View, rows: Sequence[DossierRow]) -> Finds:
    """Return list lines for dossiers, in their order, each made when it is looked at."""
    cal, now = ctx.calendar(view), ctx.now()
    applicants = people.by_ids(view.connection, (row.person_id for row in rows))
    names = procedures.names(view.connection, (row.procedure_code for row in rows))
    known = {row.id: row for row in rows}

    def line(number: int) -> WorkRow:
        row = known[number]
        name = names.get((row.procedure_code, row.procedure_version), row.procedure_code)
        return _line(cal, now, row, applicants[row.person_id], name)

    return Finds([row.id for row in rows], line)


def work_rows(ctx: Context, view: View, rows: Sequence[DossierRow]) -> tuple[WorkRow, ...]:
    """Return list lines for dossiers, in their order."""
    return tuple(lines(ctx, view, rows))


def open_work(view: View) -> list[DossierRow]:
    """Return the dossiers still owed a result, and those sent back before acceptance, by promise.

    Those that wait for the citizen come last: nothing is owed on them today.
    """
    rows = dossiers.in_states(view.connection, OPEN_STATES | {State.REGISTERED})
    return sorted(rows, key=lambda row: row.state in WAITING_STATES)


def filtered(rows: Iterable[WorkRow], query: str) -> tuple[WorkRow, ...]:
    """Keep the lines that hold every folded word of the query in name, procedure or code."""
    words = fold(clean(query)).split()
    if not words:
        return tuple(rows)
    kept = []
    for row in rows:
        text = fold(f"{row.applicant} {row.procedure} {row.code} {row.short_code} {row.official_code}")
        if all(word in text for word in words):
            kept.append(row)
    return tuple(kept)


def find(ctx: Context, view: View, query: str, limit: int) -> Finds:
    """Return dossiers by any part of code, identity number or phone and by words of the name, the likeliest first."""
    written = clean(query)
    code = numbering.parse_provisional(written)
    direct = dossiers.by_code(view.connection, str(code) if code else numbering.normalise_official(written) or written)
    if direct is not None:
        return lines(ctx, view, [direct])
    ids = finding.ranked(view, written, limit)
    rows = dossiers.by_ids(view.connection, ids)
    return lines(ctx, view, [rows[number] for number in ids])


def short_code(code: str) -> str:
    """Return a provisional code as narrow lists have it: `TN-0225-0007C`."""
    found = numbering.parse_provisional(code)
    return code if found is None else found.short


def is_late(row: DossierRow, now: datetime) -> bool:
    """Say whether an accepted, open dossier is past its promise; the same judgement for every list and figure."""
    return row.promise is not None and is_overdue(row.promise, now, row.suspended_since)


def _line(cal: Calendar, now: datetime, row: DossierRow, person: PersonRow, procedure: str) -> WorkRow:
    state = State(row.state)
    waiting = state in WAITING_STATES
    promise = None if row.promise is None else moment.minute(row.promise)
    is_open = state in OPEN_STATES
    late = is_open and row.accepted and is_late(row, now)
    return WorkRow(
        id=row.id,
        code=row.code,
        short_code=short_code(row.code),
        applicant=person.name or _("(đã xóa)"),
        procedure=procedure,
        state=state,
        promise=promise,
        remaining=say.remaining(cal, now, promise, waiting=waiting and not late) if is_open else say.state_name(state),
        overdue=late,
        due_today=is_open and promise is not None and promise.date() == now.date(),
        waiting=waiting,
        provisional=row.provisional,
        official_code=row.official_code or "",
        facts=_facts(row, person),
        holder=row.holder,
        procedure_code=row.procedure_code,
        legal_deadline=None if row.legal_deadline is None else moment.minute(row.legal_deadline),
        first_promise=None if row.first_promise is None else moment.minute(row.first_promise),
        received_at=moment.minute(row.received_at or row.registered_at),
    )


def _facts(row: DossierRow, person: PersonRow) -> tuple[str, ...]:
    """Return the two lines under a list: who, and the three dates side by side."""
    who = [person.name, mask_id(person.id_number), mask_phone(person.phone), person.address]
    dates = [
        _("Luật {at}").format(at=say.short_moment(row.legal_deadline)),
        _("hẹn đầu {at}").format(at=say.short_moment(row.first_promise)),
        _("hẹn nay {at}").format(at=say.short_moment(row.promise)),
    ]
    if row.holder:
        dates.append(row.holder)
    return " · ".join(part for part in who if part), " · ".join(dates)
