"""Whose turn it is to be rung, from rows alone: the same for the call-back list and for the figure of the morning."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime

from db.rows import CallRow, DossierRow
from db.vocabulary import CallOutcome, ReturnWay, State
from desk.rules import calling, moment
from desk.rules.calendar import Calendar
from desk.rules.calling import Call, Case, Next, Turn, Wanted


def wanted(row: DossierRow, now: datetime) -> Wanted | None:
    """Return why somebody is to be rung about a dossier, None if nobody is."""
    case = Case(
        state=State(row.state),
        accepted=row.accepted,
        at_counter=row.return_way in {"", ReturnWay.COUNTER.value},
        promise=row.promise,
        suspended_since=row.suspended_since,
        ended_at=row.ended_at,
        supplements=row.supplements,
        rescheduled=row.rescheduled,
    )
    return calling.wanted(case, now)


def of_occasion(made: Iterable[CallRow], found: Wanted) -> list[CallRow]:
    """Return those calls about a dossier that were made for this reason on this occasion."""
    return [row for row in made if (row.reason, row.occasion) == (found.reason, found.occasion)]


def step(cal: Calendar, now: datetime, made: Iterable[CallRow], found: Wanted) -> Next:
    """Return what is to be done after the calls about a dossier."""
    calls = [
        Call(
            moment.minute(row.at),
            CallOutcome(row.outcome),
            None if row.again_at is None else moment.minute(row.again_at),
        )
        for row in of_occasion(made, found)
    ]
    return calling.following(cal, calls, now)


def due_now(
    cal: Calendar,
    now: datetime,
    rows: Iterable[DossierRow],
    made: Mapping[int, Sequence[CallRow]],
    reachable: Container[int],
) -> tuple[int, ...]:
    """Return the dossiers about which a call is due, in their order; `reachable` are the people who have a number."""
    return tuple(
        row.id
        for row in rows
        if (found := wanted(row, now)) is not None
        and row.person_id in reachable
        and step(cal, now, made.get(row.id, ()), found).turn is Turn.NOW
    )
