"""A dossier as a line of a list, from rows alone: the same for every list and for the first look of a start."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from db.rows import DossierRow, PersonRow
from db.vocabulary import OPEN_STATES, State
from desk.counter import say
from desk.counter.found import Finds
from desk.counter.model import WorkRow
from desk.rules import moment, numbering
from desk.rules.calendar import Calendar
from desk.rules.deadline import is_overdue
from desk.rules.text import mask_id, mask_phone
from desk.words import _

WAITING_STATES = frozenset({State.SUPPLEMENT, State.OBLIGATION})
"""States in which the citizen is waited for: nothing is owed on them today."""


def short_code(code: str) -> str:
    """Return a provisional code as narrow lists have it: `TN-0225-0007C`."""
    found = numbering.parse_provisional(code)
    return code if found is None else found.short


def is_late(row: DossierRow, now: datetime) -> bool:
    """Say whether an accepted, open dossier is past its promise; the same judgement for every list and figure."""
    return row.promise is not None and is_overdue(row.promise, now, row.suspended_since)


def waiting_last(rows: Iterable[DossierRow]) -> list[DossierRow]:
    """Return dossiers in their order, but those that wait for the citizen last: nothing is owed on them today."""
    return sorted(rows, key=lambda row: row.state in WAITING_STATES)


def lines_of(
    cal: Calendar,
    now: datetime,
    rows: Sequence[DossierRow],
    people: Mapping[int, PersonRow],
    procedures: Mapping[tuple[str, int], str],
) -> Finds:
    """Return list lines for dossiers, in their order, each made when looked at; procedures by code and version."""
    known = {row.id: row for row in rows}

    def line(number: int) -> WorkRow:
        row = known[number]
        name = procedures.get((row.procedure_code, row.procedure_version), row.procedure_code)
        return line_of(cal, now, row, people[row.person_id], name)

    return Finds([row.id for row in rows], line)


def line_of(cal: Calendar, now: datetime, row: DossierRow, person: PersonRow, procedure: str) -> WorkRow:
    """Return the line of a dossier; `procedure` by its name."""
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
