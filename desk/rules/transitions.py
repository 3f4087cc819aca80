"""The transition table: which act leads from where to where, with its guards, its form and its marks.

NĐ 118/2025 art. 17-22, TT 03/2025/TT-VPCP art. 7, and NĐ 61/2018 art. 15-20 where the newer text was not at hand.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from db.vocabulary import OPEN_STATES, Act, LimitUnit, Outcome, Slip, State
from desk.rules.moment import minute
from desk.rules.standing import Denial, Facts, Flag, Standing

UNDO_WINDOW = timedelta(minutes=10)
"""How long an officer may take back the last event; later it is a correction by the head."""

Rule = Callable[[Standing], Denial | None]
Guard = Callable[[Standing, Facts], Denial | tuple[Denial, datetime] | None]
Mark = Callable[[Standing, Facts], Flag | None]
Change = Callable[[Standing, Facts], Standing]


class Transition(Struct, frozen=True):
    """One row: from which states an act leads where.

    `accepted` None: before and after acceptance. `target` None: the state stays. `rules` look at the standing alone,
    `guards` at the facts as well; the first one that objects is the reason told.
    """

    act: Act
    sources: frozenset[State | None]
    target: State | None = None
    accepted: bool | None = True
    outcome: Outcome | None = None
    through: State | None = None
    slip: Slip | None = None
    rules: tuple[Rule, ...] = ()
    guards: tuple[Guard, ...] = ()
    marks: tuple[Mark, ...] = ()
    change: Change | None = None

    def fits(self, standing: Standing) -> bool:
        """Say whether the row is about this standing."""
        return standing.state in self.sources and self.accepted in {None, standing.accepted}

    def objection(self, standing: Standing) -> Denial | None:
        """Return why the standing alone forbids the act."""
        return next((found for rule in self.rules if (found := rule(standing))), None)

    def after(self, standing: Standing, facts: Facts) -> Standing:
        """Return the standing the act leads to."""
        moved = replace(
            standing,
            state=standing.state if self.target is None else self.target,
            outcome=standing.outcome if self.outcome is None else self.outcome,
            undoable=standing.state is not None,
        )
        return moved if self.change is None else self.change(moved, facts)


def _passed(moment: datetime | None, facts: Facts) -> bool:
    return moment is not None and minute(facts.now) > minute(moment)


def _immediate(standing: Standing) -> Denial | None:
    return Denial.IMMEDIATE_RESULT if standing.immediate else None


def _first_variant(standing: Standing) -> Denial | None:
    return Denial.SECOND_VARIANT if standing.variant_changed else None


def _no_reschedule_yet(standing: Standing) -> Denial | None:
    return Denial.AFTER_RESCHEDULE if standing.rescheduled else None


def _first_reschedule(standing: Standing) -> Denial | None:
    return Denial.SECOND_RESCHEDULE if standing.rescheduled else None


def _away(standing: Standing) -> Denial | None:
    return None if standing.with_department else Denial.NOT_WITH_DEPARTMENT


def _something_done(standing: Standing) -> Denial | None:
    return None if standing.undoable else Denial.NOTHING_TO_UNDO


def _reason(_: Standing, facts: Facts) -> Denial | None:
    return None if facts.reason.strip() else Denial.REASON_REQUIRED


def _first_supplement(standing: Standing, facts: Facts) -> Denial | None:
    """Papers are asked for once; the head may override that with a written ground."""
    if not standing.supplements:
        return None
    return _reason(standing, facts) if facts.head else Denial.SECOND_SUPPLEMENT


def _term_over(standing: Standing, facts: Facts) -> Denial | tuple[Denial, datetime] | None:
    """Papers still to come end a dossier only after the applicant's term; the head may override that."""
    if standing.state is not State.SUPPLEMENT or facts.term_ends is None or _passed(facts.term_ends, facts):
        return None
    return None if facts.head else (Denial.TERM_RUNNING, facts.term_ends)


def _before_promise(_: Standing, facts: Facts) -> Denial | tuple[Denial, datetime] | None:
    if facts.promise is None:
        return Denial.NO_PROMISE
    return (Denial.PROMISE_PASSED, facts.promise) if _passed(facts.promise, facts) else None


def _unit_reschedules(_: Standing, facts: Facts) -> Denial | None:
    short = {LimitUnit.SAME_DAY, LimitUnit.WORKING_HOUR}
    return Denial.UNIT_NOT_RESCHEDULED if facts.unit in short else None


def _new_promise(_: Standing, facts: Facts) -> Denial | tuple[Denial, datetime] | None:
    if facts.new_promise is None:
        return Denial.NEW_PROMISE_MISSING
    if facts.promise is not None and minute(facts.new_promise) <= minute(facts.promise):
        return Denial.NEW_PROMISE_NOT_LATER, facts.promise
    if not facts.new_promise_counts:
        return Denial.NEW_PROMISE_DAY_OFF, facts.new_promise
    return None if facts.new_promise_in_hours else (Denial.NEW_PROMISE_OUT_OF_HOURS, facts.new_promise)


def _elsewhere(_: Standing, facts: Facts) -> Denial | None:
    return Denial.SAME_PLACE if facts.same_place else None


def _open_state(_: Standing, facts: Facts) -> Denial | None:
    return None if facts.taken_state in OPEN_STATES else Denial.TAKEN_STATE_NOT_OPEN


def _reason_to_change(standing: Standing, facts: Facts) -> Denial | None:
    return _reason(standing, facts) if standing.has_code else None


def _is_late_undo(_: Standing, facts: Facts) -> bool:
    return facts.last_at is None or _passed(facts.last_at + UNDO_WINDOW, facts)


def _undo(standing: Standing, facts: Facts) -> Denial | tuple[Denial, datetime] | None:
    if facts.before is None or facts.before.state is None:
        return Denial.NOTHING_TO_UNDO
    if not _is_late_undo(standing, facts):
        return None
    if facts.head:
        return _reason(standing, facts)
    return (
        Denial.UNDO_WINDOW_PASSED
        if facts.last_at is None
        else (
            Denial.UNDO_WINDOW_PASSED,
            facts.last_at + UNDO_WINDOW,
        )
    )


def _late_supplement(_: Standing, facts: Facts) -> Flag | None:
    return Flag.SUPPLEMENT_LATE if _passed(facts.supplement_by, facts) else None


def _second_supplement(standing: Standing, _: Facts) -> Flag | None:
    return Flag.SECOND_SUPPLEMENT if standing.supplements else None


def _late_apology(_: Standing, facts: Facts) -> Flag | None:
    return Flag.APOLOGY_LATE if _passed(facts.apology_by, facts) else None


def _late_refusal(_: Standing, facts: Facts) -> Flag | None:
    """A dossier that waits is judged at the instant its waiting began."""
    judged = facts if facts.suspended_since is None else replace(facts, now=facts.suspended_since)
    return Flag.REFUSAL_LATE if _passed(facts.promise, judged) else None


def _within_term(standing: Standing, facts: Facts) -> Flag | None:
    return Flag.STOPPED_WITHIN_TERM if _term_over(standing, replace(facts, head=False)) else None


def _late_undo(standing: Standing, facts: Facts) -> Flag | None:
    return Flag.CORRECTION if _is_late_undo(standing, facts) else None


def _accept(standing: Standing, facts: Facts) -> Standing:
    return replace(standing, accepted=True, immediate=facts.immediate)


def _take_over(standing: Standing, facts: Facts) -> Standing:
    return replace(standing, accepted=True, state=facts.taken_state)


def _count_supplement(standing: Standing, _: Facts) -> Standing:
    return replace(standing, supplements=standing.supplements + 1)


def _as_before(standing: Standing, facts: Facts) -> Standing:
    return standing if facts.before is None else facts.before


_IN_WORK = frozenset({State.RECEIVED, State.PROCESSING})
_WAITING = frozenset({State.SUPPLEMENT})
_NEW = frozenset({None, State.REGISTERED})

TRANSITIONS: tuple[Transition, ...] = (
    Transition(Act.REGISTER, frozenset({None}), State.REGISTERED, accepted=False),
    Transition(Act.RECEIVE, _NEW, State.RECEIVED, accepted=False, slip=Slip.RECEIPT, change=_accept),
    Transition(Act.TAKE_OVER, frozenset({None}), accepted=False, guards=(_open_state,), change=_take_over),
    Transition(Act.DECLINE, _NEW | _WAITING, State.NOT_RECEIVED, accepted=False, slip=Slip.REFUSAL, guards=(_reason,)),
    Transition(Act.SUPPLEMENT, _NEW, State.SUPPLEMENT, accepted=False, slip=Slip.SUPPLEMENT),
    Transition(
        Act.SUPPLEMENT,
        _IN_WORK,
        State.SUPPLEMENT,
        slip=Slip.SUPPLEMENT,
        guards=(_first_supplement,),
        marks=(_late_supplement, _second_supplement),
        change=_count_supplement,
    ),
    Transition(Act.SUPPLEMENTED, _WAITING, State.RECEIVED, accepted=False, slip=Slip.RECEIPT, change=_accept),
    Transition(Act.SUPPLEMENTED, _WAITING, State.PROCESSING),
    Transition(
        Act.FORWARD,
        _IN_WORK,
        State.PROCESSING,
        slip=Slip.ROUTING,
        guards=(_elsewhere,),
        change=lambda standing, _: replace(standing, with_department=True),
    ),
    Transition(
        Act.HANDED_BACK,
        frozenset({State.PROCESSING}),
        rules=(_away,),
        change=lambda standing, _: replace(standing, with_department=False),
    ),
    Transition(Act.OBLIGATION, _IN_WORK, State.OBLIGATION),
    Transition(Act.SETTLED, frozenset({State.OBLIGATION}), State.PROCESSING),
    Transition(
        Act.VARIANT,
        _IN_WORK,
        rules=(_immediate, _first_variant, _no_reschedule_yet),
        guards=(_before_promise, _reason),
        change=lambda standing, _: replace(standing, variant_changed=True),
    ),
    Transition(
        Act.RESCHEDULE,
        _IN_WORK,
        slip=Slip.APOLOGY,
        rules=(_immediate, _first_reschedule),
        guards=(_unit_reschedules, _before_promise, _new_promise, _reason),
        marks=(_late_apology,),
        change=lambda standing, _: replace(standing, rescheduled=True),
    ),
    Transition(Act.FINISH, _IN_WORK, State.FINISHED, outcome=Outcome.RESULT),
    Transition(
        Act.REFUSE,
        OPEN_STATES,
        State.FINISHED,
        outcome=Outcome.REFUSED,
        slip=Slip.REFUSAL,
        guards=(_reason,),
        marks=(_late_refusal,),
    ),
    Transition(
        Act.STOP,
        OPEN_STATES,
        State.STOPPED,
        accepted=None,
        outcome=Outcome.STOPPED,
        slip=Slip.STOP,
        guards=(_term_over, _reason),
        marks=(_within_term,),
    ),
    Transition(
        Act.WITHDRAW,
        OPEN_STATES | {State.WITHDRAWAL},
        State.STOPPED,
        outcome=Outcome.WITHDRAWN,
        through=State.WITHDRAWAL,
        slip=Slip.STOP,
    ),
    Transition(Act.RETURN, frozenset({State.FINISHED}), State.RETURNED, slip=Slip.REGISTER),
    Transition(Act.VOID, OPEN_STATES | {State.REGISTERED}, State.VOIDED, accepted=None, guards=(_reason,)),
    Transition(
        Act.UNDO,
        frozenset(State),
        accepted=None,
        rules=(_something_done,),
        guards=(_undo,),
        marks=(_late_undo,),
        change=_as_before,
    ),
    Transition(
        Act.SET_CODE,
        frozenset(State) - {State.VOIDED},
        accepted=None,
        guards=(_reason_to_change,),
        change=lambda standing, _: replace(standing, has_code=True),
    ),
    Transition(Act.CORRECT, OPEN_STATES | {State.REGISTERED, State.FINISHED}, accepted=None, guards=(_reason,)),
)
"""Every act; the row that names the state and the acceptance of a standing is the one that holds."""

SCREEN_ORDER: tuple[Act, ...] = (
    Act.RECEIVE,
    Act.SUPPLEMENTED,
    Act.SETTLED,
    Act.RETURN,
    Act.FORWARD,
    Act.SUPPLEMENT,
    Act.FINISH,
    Act.RESCHEDULE,
    Act.STOP,
    Act.WITHDRAW,
    Act.REFUSE,
    Act.DECLINE,
    Act.OBLIGATION,
    Act.HANDED_BACK,
    Act.CORRECT,
    Act.VARIANT,
    Act.SET_CODE,
    Act.UNDO,
    Act.VOID,
    Act.REGISTER,
    Act.TAKE_OVER,
)
"""The most frequent acts first; what waits for the officer comes before what may be done as well."""
