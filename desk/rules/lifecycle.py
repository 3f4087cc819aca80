"""What may be done to a dossier, and why not: the ten national states and the acts between them."""

from __future__ import annotations

from db.vocabulary import Act, State
from desk.rules.standing import ENDED_STATES, Denial, Denied, Facts, Flag, Standing, Step
from desk.rules.transitions import SCREEN_ORDER, TRANSITIONS, UNDO_WINDOW, Transition

__all__ = [
    "ENDED_STATES",
    "SCREEN_ORDER",
    "TRANSITIONS",
    "UNDO_WINDOW",
    "Denial",
    "Denied",
    "Facts",
    "Flag",
    "Standing",
    "Step",
    "Transition",
    "allowed",
    "decide",
]


def allowed(standing: Standing) -> tuple[Act, ...]:
    """Return the acts that the standing does not forbid, in the order of the screen; facts may still deny one."""
    return tuple(act for act in SCREEN_ORDER if (row := _row(standing, act)) and row.objection(standing) is None)


def decide(standing: Standing, act: Act, facts: Facts) -> Step | Denied:
    """Judge one act: the step it makes, or the reason it is refused; nothing else happens."""
    row = _row(standing, act)
    if row is None:
        return Denied(_no_row(standing, act), act, standing.state)
    objection = row.objection(standing)
    if objection is not None:
        return Denied(objection, act, standing.state)
    for guard in row.guards:
        found = guard(standing, facts)
        if isinstance(found, tuple):
            return Denied(found[0], act, standing.state, found[1])
        if found is not None:
            return Denied(found, act, standing.state)
    flags = tuple(flag for mark in row.marks if (flag := mark(standing, facts)))
    return Step(row.after(standing, facts), row.through, row.slip, flags)


def _row(standing: Standing, act: Act) -> Transition | None:
    return next((row for row in TRANSITIONS if row.act is act and row.fits(standing)), None)


def _no_row(standing: Standing, act: Act) -> Denial:
    """Say why the table has no row; the first that holds is what an officer needs to hear."""
    reasons = (
        (Denial.NOT_STARTED, standing.state is None),
        (Denial.ALREADY_STARTED, act in {Act.REGISTER, Act.TAKE_OVER}),
        # A result does not keep a name from being put right; that it is in the citizen's hands does.
        (Denial.RESULT_EXISTS, standing.state in {State.FINISHED, State.RETURNED} and act is not Act.CORRECT),
        (Denial.ENDED, standing.ended),
        (Denial.NO_RESULT, act is Act.RETURN),
        (Denial.ALREADY_ACCEPTED, standing.accepted and act in {Act.RECEIVE, Act.DECLINE}),
        (Denial.NOT_ACCEPTED, not standing.accepted and act not in {Act.RECEIVE, Act.SUPPLEMENT, Act.SUPPLEMENTED}),
    )
    return next((denial for denial, holds in reasons if holds), Denial.WRONG_STATE)
