"""Where a dossier stands, what an act on it is judged by, and the two answers: a step or a denial."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from db.vocabulary import Act, LimitUnit, Outcome, Slip, State

ENDED_STATES = frozenset(
    {State.VOIDED, State.NOT_RECEIVED, State.STOPPED, State.FINISHED, State.RETURNED, State.HANDED_OVER}
)
"""States that no act but an undo leaves for an open one."""


class Denial(StrEnum):
    """Why an act is refused."""

    NOT_STARTED = "not_started"
    ALREADY_STARTED = "already_started"
    NOT_ACCEPTED = "not_accepted"
    ALREADY_ACCEPTED = "already_accepted"
    WRONG_STATE = "wrong_state"
    RESULT_EXISTS = "result_exists"
    NO_RESULT = "no_result"
    ENDED = "ended"
    REASON_REQUIRED = "reason_required"
    SECOND_SUPPLEMENT = "second_supplement"
    TERM_RUNNING = "term_running"
    SECOND_VARIANT = "second_variant"
    SECOND_RESCHEDULE = "second_reschedule"
    AFTER_RESCHEDULE = "after_reschedule"
    IMMEDIATE_RESULT = "immediate_result"
    NO_PROMISE = "no_promise"
    PROMISE_PASSED = "promise_passed"
    NEW_PROMISE_MISSING = "new_promise_missing"
    NEW_PROMISE_NOT_LATER = "new_promise_not_later"
    NEW_PROMISE_DAY_OFF = "new_promise_day_off"
    NEW_PROMISE_OUT_OF_HOURS = "new_promise_out_of_hours"
    UNIT_NOT_RESCHEDULED = "unit_not_rescheduled"
    SAME_PLACE = "same_place"
    NOT_WITH_DEPARTMENT = "not_with_department"
    NOTHING_TO_UNDO = "nothing_to_undo"
    UNDO_WINDOW_PASSED = "undo_window_passed"
    TAKEN_STATE_NOT_OPEN = "taken_state_not_open"


class Flag(StrEnum):
    """What is done all the same, but marked, told and counted."""

    SUPPLEMENT_LATE = "supplement_late"
    SECOND_SUPPLEMENT = "second_supplement"
    APOLOGY_LATE = "apology_late"
    REFUSAL_LATE = "refusal_late"
    STOPPED_WITHIN_TERM = "stopped_within_term"
    CORRECTION = "correction"


class Standing(Struct, frozen=True):
    """Where a dossier stands; `state` is None before its first event.

    `supplements` counts the requests after acceptance; `with_department` says that it is not at the desk;
    `undoable` says that an event after the one that created it stands.
    """

    state: State | None = None
    accepted: bool = False
    outcome: Outcome | None = None
    supplements: int = 0
    rescheduled: bool = False
    variant_changed: bool = False
    with_department: bool = False
    immediate: bool = False
    has_code: bool = False
    undoable: bool = False

    @property
    def has_result(self) -> bool:
        """Whether a result or a refusal is signed."""
        return self.outcome in {Outcome.RESULT, Outcome.REFUSED}

    @property
    def ended(self) -> bool:
        """Whether nothing is owed any more but, at most, the handing over."""
        return self.state in ENDED_STATES


class Facts(Struct, frozen=True):
    """What an act is judged by beside the standing; instants are aware and compared by the minute.

    - `promise`: the current one; `suspended_since`: since when the dossier waits for the citizen;
    - `unit`: of its limit; `immediate`: it is received with its result at once;
    - `supplement_by`: last moment of a timely supplement request; `term_ends`: end of the applicant's term for papers;
    - `apology_by`: last moment of a timely apology; `new_promise_counts`, `new_promise_in_hours`: what the calendar
      says of `new_promise`;
    - `same_place`: the dossier is already where it is to be forwarded;
    - `last_at`, `before`: when the last standing event happened, and the standing without it;
    - `taken_state`: the state a dossier was in at the abolished unit.
    """

    now: datetime
    reason: str = ""
    head: bool = False
    promise: datetime | None = None
    suspended_since: datetime | None = None
    unit: LimitUnit | None = None
    immediate: bool = False
    supplement_by: datetime | None = None
    term_ends: datetime | None = None
    apology_by: datetime | None = None
    new_promise: datetime | None = None
    new_promise_counts: bool = True
    new_promise_in_hours: bool = True
    same_place: bool = False
    last_at: datetime | None = None
    before: Standing | None = None
    taken_state: State = State.PROCESSING


class Step(Struct, frozen=True):
    """An act that is allowed: the standing it leads to, the state passed through, its form, and what to mark."""

    standing: Standing
    through: State | None = None
    slip: Slip | None = None
    flags: tuple[Flag, ...] = ()

    @property
    def state(self) -> State:
        """The state it leads to."""
        if self.standing.state is None:
            raise ValueError("state")
        return self.standing.state

    @property
    def outcome(self) -> Outcome | None:
        """How the work ended, if it did."""
        return self.standing.outcome


class Denied(Struct, frozen=True):
    """An act that is refused: why, in which state, and the instant the refusal turns on."""

    reason: Denial
    act: Act
    state: State | None
    at: datetime | None = None
