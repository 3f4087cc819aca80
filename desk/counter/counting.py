"""The counts of an interval of the journal, with every dossier's row held against its events.

The flows come from the journal, the stock from the rows: two sources, so that the identity can fail.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from db import dossiers, journal, projection
from db.journal import Event
from db.rows import DossierRow
from db.unit import View
from db.vocabulary import OPEN_STATES, Channel, Judgement, Outcome, State
from desk.rules import tally
from desk.rules.deadline import is_overdue
from desk.rules.tally import ABSENT, Change, Count, Imbalance, Open, Phase, Standing, Tally

_COUNTS = tuple(Count)
_BEFORE_ACCEPTANCE = frozenset({State.REGISTERED, State.NOT_RECEIVED})


class Counted(Struct, frozen=True):
    """The figures of an interval, what does not balance, and the codes of the dossiers at fault."""

    tally: Tally
    imbalances: tuple[Imbalance, ...]
    faults: tuple[str, ...]

    @property
    def balanced(self) -> bool:
        """Say whether the interval may be sealed."""
        return not self.imbalances and not self.faults


def count(view: View, after: int, upto: int, as_of: datetime, carried: Mapping[str, int]) -> Counted:
    """Count the interval (after, upto] of the journal as things stood at `as_of`.

    `carried`: the stock of the file before, by procedure.
    """
    touched = journal.touched(view.connection, after, upto)
    standing = list(_standing(view, upto))
    histories = journal.of_dossiers(view.connection, touched | {row.id for row in standing})
    now_rows = {number: projection.fold(events) for number, events in histories.items()}
    pairs = [
        (_at(histories[number], after), _at(histories[number], upto, now_rows[number])) for number in sorted(touched)
    ]
    changes = [_change(before, now) for before, now in pairs if now is not None]
    stock = [Open(row.code, row.procedure_code, is_in_time(row, as_of)) for row in _open_of(standing)]
    flows = [flow for before, now in pairs if now is not None for flow in _flows(before, now)]
    figures = tally.tally(carried, changes, stock, flows, _stocks(standing))
    imbalances = tally.check(figures, carried)
    faults = _disagreeing(view, now_rows)
    if imbalances and not faults:
        everything = journal.of_dossiers(view.connection, journal.dossiers(view.connection))
        faults = _disagreeing(view, {number: projection.fold(events) for number, events in everything.items()})
    return Counted(figures, imbalances, faults)


def changes(view: View, after: int, upto: int) -> Iterator[tuple[int, Change]]:
    """Yield the net change of each dossier touched in an interval of the journal, as `count` counts it."""
    touched = journal.touched(view.connection, after, upto)
    for number, events in journal.of_dossiers(view.connection, touched).items():
        now = _at(events, upto)
        if now is not None:
            yield number, _change(_at(events, after), now)


def open_at(view: View, upto: int) -> list[DossierRow]:
    """Return the stock at a place of the journal, as `count` counts it: the accepted dossiers open there."""
    return _open_of(_standing(view, upto))


def is_in_time(row: DossierRow, as_of: datetime) -> bool:
    """Say whether an open dossier was not past its promise at an instant."""
    return row.promise is None or not is_overdue(row.promise, as_of, row.suspended_since)


def phase(row: DossierRow) -> Standing:
    """Return what a dossier is to the tally."""
    if not row.accepted or row.state in _BEFORE_ACCEPTANCE:
        return ABSENT
    verdict = Judgement(row.verdict) if row.verdict else None
    if row.state == State.VOIDED:
        found = Phase.VOIDED
    elif row.state == State.HANDED_OVER:
        found = Phase.HANDED_OVER
    elif row.state in OPEN_STATES:
        found = Phase.OPEN
    else:
        found = Phase.ENDED
    return Standing(found, row.procedure_code, Channel(row.channel), row.taken_over, verdict)


def _at(events: Sequence[Event], seq: int, now: DossierRow | None = None) -> DossierRow | None:
    """Return the row as it was at a place of the journal; `now`, if known, is what all the events add up to."""
    if now is not None and events[-1].seq <= seq:
        return now
    return projection.fold(event for event in events if event.seq <= seq)


def _change(before: DossierRow | None, now: DossierRow) -> Change:
    return Change(now.code, ABSENT if before is None else phase(before), phase(now))


def _standing(view: View, upto: int) -> Iterator[DossierRow]:
    """Yield the dossiers that were open or uncollected at `upto`: rows as stored, later ones folded back."""
    later = journal.touched(view.connection, upto, journal.head(view.connection).seq)
    for row in dossiers.in_states(view.connection, OPEN_STATES | {State.FINISHED}):
        if row.id not in later:
            yield row
    for events in journal.of_dossiers(view.connection, later).values():
        then = _at(events, upto)
        if then is not None and (then.state in OPEN_STATES or then.state == State.FINISHED):
            yield then


def _open_of(standing: Iterable[DossierRow]) -> list[DossierRow]:
    return [row for row in standing if row.state in OPEN_STATES and row.accepted]


def _flows(before: DossierRow | None, now: DossierRow) -> Iterator[tuple[Count, str]]:
    """Yield what happened beside the identities, as net change too: what was undone within the interval is nothing."""
    absent = before is None or phase(before).phase is Phase.ABSENT
    if absent and phase(now).phase is Phase.VOIDED:
        return  # it came and was voided within the interval: no trace here either
    gained = _marks(now) - (frozenset() if before is None else _marks(before))
    for count in _COUNTS if gained else ():
        if count in gained:
            yield count, now.procedure_code
    seconds = max(0, now.supplements - 1) - max(0, (before.supplements if before else 0) - 1)
    for _each in range(max(0, seconds)):
        yield Count.SECOND_SUPPLEMENTS, now.procedure_code


_OUTCOMES = {
    Outcome.REFUSED: Count.REFUSED,
    Outcome.STOPPED: Count.STOPPED,
    Outcome.WITHDRAWN: Count.WITHDRAWN,
}


def _marks(row: DossierRow) -> frozenset[Count]:
    """Return the flows beside the identities that a dossier as it stands has to its name."""
    ended = phase(row).phase is Phase.ENDED
    found = {
        Count.REFUSED_AT_COUNTER: row.state == State.NOT_RECEIVED,
        Count.IMMEDIATE: ended and row.immediate,
        Count.OVERDUE_BY_LAW: ended and row.legal_verdict == Judgement.OVERDUE,
        Count.APOLOGIES: row.rescheduled,
        Count.LATE_APOLOGIES: row.rescheduled and row.late_apology,
    }
    if ended and row.outcome in _OUTCOMES:
        found[_OUTCOMES[Outcome(row.outcome)]] = True
    return frozenset(count for count, holds in found.items() if holds)


def _stocks(standing: Sequence[DossierRow]) -> Iterator[tuple[Count, str]]:
    for row in standing:
        if not row.accepted:
            continue
        if row.state == State.SUPPLEMENT:
            yield Count.WAITING_SUPPLEMENT, row.procedure_code
        elif row.state == State.OBLIGATION:
            yield Count.WAITING_OBLIGATION, row.procedure_code
        elif row.state == State.FINISHED:
            yield Count.UNCOLLECTED, row.procedure_code


def _disagreeing(view: View, rebuilt: Mapping[int, DossierRow | None]) -> tuple[str, ...]:
    """Return the codes of the dossiers whose stored row is not what their events say."""
    rows = dossiers.by_ids(view.connection, rebuilt)
    found: list[str] = []
    for number in sorted(rebuilt):
        row, told = rows.get(number), rebuilt[number]
        if row is None or row != told:
            found.append(told.code if told is not None else row.code if row is not None else str(number))
    return tuple(found)
