"""Everything that happens to a dossier after it came in: one act, one event, one row, one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from db import dossiers, journal, numbers, offices, people, procedures, projection
from db.instants import utc_text
from db.journal import Event
from db.numbers import SlipRow
from db.rows import DossierRow
from db.unit import Work
from db.vocabulary import Act, LimitUnit, Outcome, Role, Slip, State
from desk.counter import calendar_change, clockwork, correcting, elsewhere, fee_taking, receiving, sentences
from desk.counter.context import Context
from desk.counter.model import Action, Done, RefusedError
from desk.counter.remarks import Sealed
from desk.rules import moment, numbering
from desk.rules.calendar import Calendar
from desk.rules.clock import ClockError, ClockEvent, ClockKind
from desk.rules.deadline import apology_by, judge
from desk.rules.lifecycle import Denied, Facts, Flag, Standing, Step, decide
from desk.rules.limits import Limit
from desk.rules.terms import APPLICANT_DAYS, applicant_term, request_by
from desk.rules.text import clean, fold
from desk.words import _

_UNNUMBERED = frozenset({Slip.REGISTER})
"""Form 07 is a book; its lines are the dossiers themselves."""

DEPARTMENT = "phòng chuyên môn"
"""Who holds a dossier forwarded to nobody by name: written in the record, so the same in every language."""


@dataclass
class _Case:
    """One act under way: what it is judged by, and what it will write."""

    ctx: Context
    work: Work
    action: Action
    at: datetime
    row: DossierRow
    events: list[Event]
    cal: Calendar
    step: Step
    data: dict[str, Any] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)

    def clock(self, event: ClockEvent) -> dict[str, Any]:
        """Return the columns that follow when the clock takes one more event."""
        return clockwork.dates_of(self.cal, self.row, self.events, [event]).columns()


def act(ctx: Context, work: Work, action: Action) -> Done:
    """Do one act to a dossier; RefusedError with the reason if its state or a guard forbids it."""
    row = dossiers.by_code(work.connection, known_code(action.code))
    if row is None:
        raise RefusedError("unknown_dossier", _("Không có hồ sơ {code}.").format(code=action.code), "code")
    at = receiving.instant(ctx, action.at)
    events = journal.of_dossier(work.connection, row.id)
    if at < moment.minute(events[-1].at):
        sentence = _("Thời điểm {at} trước việc gần nhất của hồ sơ: xem lại đồng hồ.")
        raise RefusedError("clock_back", sentence.format(at=moment.text(at)), "at")
    cal = ctx.calendar(work)
    step = decide(standing(row, events), action.act, _facts(work, action, at, row, events, cal))
    if isinstance(step, Denied):
        raise RefusedError(step.reason.value, sentences.denial_sentence(step))
    case = _Case(ctx, work, action, at, row, events, cal, step)
    try:
        return _undo(case) if action.act is Act.UNDO else _write(case)
    except ClockError as error:
        raise RefusedError(error.fault.value, sentences.clock_sentence(error)) from error


def known_code(written: str) -> str:
    """Return a typed or scanned code in the form it is kept in."""
    found = numbering.parse_provisional(clean(written))
    return str(found) if found is not None else numbering.normalise_official(clean(written)) or clean(written)


def standing(row: DossierRow | None, events: list[Event]) -> Standing:
    """Return where a dossier stands, for the rules."""
    if row is None:
        return Standing()
    return Standing(
        state=State(row.state),
        accepted=row.accepted,
        outcome=Outcome(row.outcome) if row.outcome else None,
        supplements=row.supplements,
        rescheduled=row.rescheduled,
        variant_changed=row.variant_changed,
        with_department=row.with_department,
        immediate=row.immediate,
        has_code=row.official_code is not None,
        undoable=_last_act(events) is not None,
    )


def _last_act(events: list[Event]) -> Event | None:
    """Return the last standing act but the one that created the dossier."""
    acts = [event for event in projection.effective(events) if event.kind in set(Act)]
    return acts[-1] if len(acts) > 1 else None


def _heads(work: Work) -> frozenset[int]:
    officers = offices.officers(work.connection)
    return frozenset(each.id for each in officers if each.active and each.role == Role.HEAD)


def _facts(work: Work, action: Action, at: datetime, row: DossierRow, events: list[Event], cal: Calendar) -> Facts:
    heads = work.remember("heads", lambda: _heads(work))
    override = clean(action.override)
    needs_ground = action.act in {Act.SUPPLEMENT, Act.STOP}
    limit = Limit.parse(row.limit_text) if row.limit_text else None
    last = _last_act(events)
    before = None
    if last is not None and action.act is Act.UNDO:
        without = [event for event in events if event.seq != last.seq]
        before = standing(projection.fold(without), without)
    new = None if action.to is None else moment.minute(action.to)
    return Facts(
        now=at,
        reason=override if needs_ground and override else clean(action.reason),
        head=action.officer_id in heads and (bool(override) or not needs_ground),
        promise=row.promise,
        suspended_since=row.suspended_since,
        unit=None if limit is None else limit.unit,
        supplement_by=None if row.received_at is None else request_by(cal, row.received_at),
        term_ends=row.supplement_by,
        apology_by=None if row.promise is None else apology_by(cal, row.promise, limit),
        new_promise=new,
        new_promise_counts=new is None or cal.counts(new.date()),
        new_promise_in_hours=new is None or any(s.start <= new.time() <= s.end for s in cal.sessions(new.date())),
        # News of when the agency elsewhere got it is worth an event although it stays where it is.
        same_place=row.with_department and row.holder == clean(action.holder) and action.competent_at is None,
        last_at=None if last is None else last.at,
        before=before,
    )


def _write(case: _Case) -> Done:
    action, work = case.action, case.work
    changes = {"state": int(case.step.state), **_CHANGES[action.act](case)}
    if clean(action.reason):
        case.remarks["reason"] = action.reason
    if clean(action.override):
        case.remarks["override"] = action.override
    slip = _slip(case)
    if slip is not None:
        case.data["slip"] = receiving.slip_text(slip)
    if slip is not None and case.step.slip is Slip.RECEIPT:
        changes["slip_number"] = receiving.slip_text(slip)
    if case.step.through is not None:
        case.data["through"] = int(case.step.through)
    if case.step.flags:
        case.data["flags"] = [flag.value for flag in case.step.flags]
    sealed = Sealed(case.remarks)
    case.data["remarks"] = sealed.hashes
    event, row = work.apply(
        action.act,
        case.at,
        case.data,
        row=case.row,
        dossier_id=case.row.id,
        changes=changes,
        officer_id=action.officer_id,
        client_id=action.client_id,
    )
    if slip is not None:
        numbers.keep_slip(work.connection, slip, row.id)
    sealed.keep(work, row.id, event.seq)
    if action.act is Act.VOID:
        row = fee_taking.void_all(case.ctx, work, row, action.reason, case.at, action.officer_id)
    _find_anew(work, case.row, row)
    return receiving.answer(event, row)


def _undo(case: _Case) -> Done:
    last = _last_act(case.events)
    if last is None:
        raise ValueError("nothing to undo")
    before = projection.fold(event for event in case.events if event.seq != last.seq)
    not_received = before is not None and case.row.accepted and not before.accepted
    if before is not None and before.official_code is not None:
        receiving.official_code(case.work, before.official_code, but=case.row.id)
    if clean(case.action.reason):
        case.remarks["reason"] = case.action.reason
    sealed = Sealed(case.remarks)
    data: dict[str, Any] = {"remarks": sealed.hashes, "what": last.kind}
    if case.step.flags:
        data["flags"] = [flag.value for flag in case.step.flags]
    if not_received and (back := fee_taking.refund(case.work, case.row.id)):
        data["refund"] = back
    event, row = case.work.undo(
        case.at,
        data,
        row=case.row,
        undoes=last.seq,
        kind=Act.UNDO,
        officer_id=case.action.officer_id,
        client_id=case.action.client_id,
    )
    sealed.keep(case.work, row.id, event.seq)
    row = calendar_change.by_todays_calendar(case.work, case.cal, row, event)
    if not_received:
        reason = clean(case.action.reason) or _("hoàn tác tiếp nhận")
        row = fee_taking.void_all(case.ctx, case.work, row, reason, case.at, case.action.officer_id)
    _find_anew(case.work, case.row, row)
    return receiving.answer(event, row)


def _find_anew(work: Work, before: DossierRow, row: DossierRow) -> None:
    """Make a dossier findable by its new code or person, and by what it had before no longer."""
    if (row.official_code, row.person_id) != (before.official_code, before.person_id):
        person = people.get(work.connection, row.person_id)
        if person is not None:
            receiving.index(work, row, person, again=True)
    was, now = ({each.person_id, each.representative_id or each.person_id} for each in (before, row))
    for found in people.by_ids(work.connection, now - was).values() if now != was else ():
        people.bring_back(work.connection, found.id, fold(found.name))
    for gone in was - now:
        people.set_aside(work.connection, gone)


def _slip(case: _Case) -> SlipRow | None:
    form = case.step.slip
    if form is None or form in _UNNUMBERED:
        return None
    if form is Slip.ROUTING and any(each.form == form for each in numbers.slips(case.work.connection, case.row.id)):
        return None
    return receiving.number_slip(case.ctx, case.work, form, case.at)


def _accept(case: _Case) -> dict[str, Any]:
    found = clockwork.terms_of(case.row)
    agency = case.row.competent
    promised = receiving.promised(case.ctx, case.work, case.at, found, case.action.to, competent=agency)
    by = case.row.received_by if case.action.officer_id is None else case.action.officer_id
    return {**promised, "accepted": True, "supplement_by": None, "received_by": by}


def _nothing_more(_case: _Case) -> dict[str, Any]:
    return {}


def _void(case: _Case) -> dict[str, Any]:
    """Give the official code back: a dossier entered twice must not keep it from the right one."""
    if back := fee_taking.refund(case.work, case.row.id):
        case.data["refund"] = back
    return {"official_code": None}


def _supplement(case: _Case) -> dict[str, Any]:
    if not case.row.accepted:
        return {}
    procedure = procedures.version(case.work.connection, case.row.procedure_code, case.row.procedure_version)
    days = APPLICANT_DAYS if procedure is None else procedure.supplement_term
    return {
        **case.clock(ClockEvent(ClockKind.SUPPLEMENT, case.at)),
        "supplements": case.row.supplements + 1,
        "supplement_by": applicant_term(case.cal, case.at, days),
    }


def _supplemented(case: _Case) -> dict[str, Any]:
    if not case.row.accepted:
        return _accept(case)
    return {**case.clock(ClockEvent(ClockKind.SUPPLEMENTED, case.at)), "supplement_by": None}


def _obligation(case: _Case) -> dict[str, Any]:
    dates = case.clock(ClockEvent(ClockKind.OBLIGATION, case.at))
    return {**dates, "obligations": case.row.obligations + 1}


def _settled(case: _Case) -> dict[str, Any]:
    return case.clock(ClockEvent(ClockKind.SETTLED, case.at))


def _variant(case: _Case) -> dict[str, Any]:
    procedure = procedures.version(case.work.connection, case.row.procedure_code, case.row.procedure_version)
    if procedure is None:
        raise RefusedError("unknown_procedure", _("Không còn thủ tục này trong danh mục."))
    found, name = clockwork.terms(procedure, case.action.variant)
    if found.statutory is None or not name:
        raise RefusedError("variant_needed", _("Chọn trường hợp cần đổi sang."), "variant")
    case.data |= {
        "limit": str(found.statutory),
        "before": case.row.limit_text,
        "before_local": case.row.local_limit,
    }
    dates = case.clock(ClockEvent(ClockKind.VARIANT, case.at, limit=found.statutory))
    return {**dates, "limit_text": str(found.statutory), "local_limit": "", "variant": name, "variant_changed": True}


def _reschedule(case: _Case) -> dict[str, Any]:
    if case.action.to is None:
        raise ValueError("to")
    new = moment.minute(case.action.to)
    case.data["to"] = utc_text(new)
    dates = case.clock(ClockEvent(ClockKind.RESCHEDULE, case.at, to=new))
    return {**dates, "rescheduled": True, "late_apology": Flag.APOLOGY_LATE in case.step.flags}


def _forward(case: _Case) -> dict[str, Any]:
    holder = clean(case.action.holder) or case.row.competent or DEPARTMENT
    case.data["holder"] = holder
    moved = {"holder": holder, "with_department": True, "forwarded_at": case.at}
    arrived = case.action.competent_at
    if arrived is None:
        return moved
    case.data["competent_at"] = utc_text(moment.minute(arrived))
    return {**moved, **elsewhere.started(case.cal, case.row, arrived, case.at)}


def _handed_back(case: _Case) -> dict[str, Any]:
    case.data["from"] = case.row.holder
    return {"holder": "", "with_department": False}


def _end(case: _Case) -> dict[str, Any]:
    """Return the end of the work, judged against the promise and beside it against the law."""
    row, outcome = case.row, case.step.outcome
    if outcome is None:
        raise ValueError("outcome")
    changes: dict[str, Any] = {"ended_at": case.at, "outcome": outcome.value, "supplement_by": None}
    if not row.accepted:
        return changes
    at_once = _is_immediate(case)
    for name, date in (("verdict", row.promise), ("legal_verdict", row.legal_deadline)):
        if date is not None:
            judged = judge(date, case.at, suspended_since=row.suspended_since, immediate=at_once)
            changes[name] = judged.value
    return {**changes, "immediate": at_once}


def _is_immediate(case: _Case) -> bool:
    """Say whether the result was given at once: straight from receipt, on the same date, under a same-day limit."""
    row = case.row
    if case.action.act is not Act.FINISH or row.state != State.RECEIVED or row.received_at is None:
        return False
    same_day = bool(row.limit_text) and Limit.parse(row.limit_text).unit is LimitUnit.SAME_DAY
    return same_day and moment.minute(row.received_at).date() == case.at.date()


def _return(case: _Case) -> dict[str, Any]:
    if clean(case.action.collector):
        case.remarks["collector"] = case.action.collector
    return {
        "returned_at": case.at,
        "returned_way": case.action.way.value,
        "postal_number": clean(case.action.postal_number),
    }


def _correct(case: _Case) -> dict[str, Any]:
    found = correcting.mend(case.work, case.row, case.events, case.action.correction)
    case.data |= found.data
    case.remarks |= found.texts
    return found.columns


def _set_code(case: _Case) -> dict[str, Any]:
    code = receiving.official_code(case.work, case.action.official_code, but=case.row.id)
    if code is None:
        raise RefusedError("code_needed", _("Chưa có mã chính thức."), "official_code")
    return {"official_code": code}


_CHANGES: Mapping[Act, Callable[[_Case], dict[str, Any]]] = {
    Act.RECEIVE: _accept,
    Act.DECLINE: _nothing_more,
    Act.SUPPLEMENT: _supplement,
    Act.SUPPLEMENTED: _supplemented,
    Act.OBLIGATION: _obligation,
    Act.SETTLED: _settled,
    Act.VARIANT: _variant,
    Act.RESCHEDULE: _reschedule,
    Act.FORWARD: _forward,
    Act.HANDED_BACK: _handed_back,
    Act.FINISH: _end,
    Act.REFUSE: _end,
    Act.STOP: _end,
    Act.WITHDRAW: _end,
    Act.RETURN: _return,
    Act.VOID: _void,
    Act.SET_CODE: _set_code,
    Act.CORRECT: _correct,
}
