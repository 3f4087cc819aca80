"""From a dossier's row and events to its three dates: the only place where the counter asks the clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from db import projection
from db.instants import from_utc_text
from db.journal import Event
from db.procedures import ProcedureRow
from db.rows import DossierRow
from db.vocabulary import Act, SupplementMode
from desk.counter.model import RefusedError
from desk.rules import moment
from desk.rules.calendar import Calendar
from desk.rules.clock import ClockEvent, ClockKind, promise_dates, run, three_dates
from desk.rules.deadline import Due
from desk.rules.limits import Limit, apply_variant, parse_variants
from desk.rules.text import fold
from desk.words import _

_KINDS = {
    Act.SUPPLEMENT: ClockKind.SUPPLEMENT,
    Act.SUPPLEMENTED: ClockKind.SUPPLEMENTED,
    Act.OBLIGATION: ClockKind.OBLIGATION,
    Act.SETTLED: ClockKind.SETTLED,
    Act.VARIANT: ClockKind.VARIANT,
    Act.RESCHEDULE: ClockKind.RESCHEDULE,
}


class Terms(Struct, frozen=True):
    """What a dossier's clock runs on: the limits in force for its case, or None where the catalogue knows none."""

    statutory: Limit | None
    local: Limit | None
    mode: SupplementMode
    new_limit: Limit | None


class Dates(Struct, frozen=True):
    """The three dates as they stand; `legal` is None for a promise typed by the officer."""

    legal: Due | None
    first: Due
    current: Due
    suspended_since: datetime | None
    awaited: bool = False

    @property
    def provisional(self) -> bool:
        """Say whether a date leaves the calendar's coverage, or is `awaited`: another agency's receipt will move it."""
        return self.awaited or self.current.provisional or (self.legal is not None and self.legal.provisional)

    def columns(self) -> dict[str, Any]:
        """Return the columns of the row that follow from the clock."""
        return {
            "legal_deadline": None if self.legal is None else self.legal.at,
            "promise": self.current.at,
            "suspended_since": self.suspended_since,
            "provisional": self.provisional,
        }


def terms(procedure: ProcedureRow, variant: str) -> tuple[Terms, str]:
    """Return the terms of a procedure in one case, and the case's name as the catalogue has it."""
    case = _case(procedure, variant)
    statutory = Limit.parse(procedure.limit_text) if procedure.limit_text else None
    local = Limit.parse(procedure.local_limit) if procedure.local_limit else None
    if case is not None:
        if statutory is None and case[1].startswith("+"):
            raise RefusedError(
                "variant_without_limit", _("Trường hợp này cộng thêm vào một thời hạn chưa rõ."), "variant"
            )
        statutory = apply_variant(statutory, case[1]) if statutory is not None else Limit.parse(case[1])
        local = None
    mode = SupplementMode(procedure.mode)
    new_limit = Limit.parse(procedure.new_limit) if procedure.new_limit else None
    return Terms(statutory, local, mode, new_limit), case[0] if case is not None else ""


def terms_of(row: DossierRow) -> Terms:
    """Return the terms a dossier was received under."""
    return Terms(
        Limit.parse(row.limit_text) if row.limit_text else None,
        Limit.parse(row.local_limit) if row.local_limit else None,
        SupplementMode(row.mode),
        Limit.parse(row.new_limit) if row.new_limit else None,
    )


def dates(
    cal: Calendar,
    received: datetime,
    found: Terms,
    events: Iterable[ClockEvent] = (),
    *,
    typed: datetime | None = None,
    printed: datetime | None = None,
) -> Dates:
    """Run the clock; `typed` is the officer's promise where the limit is unknown, `printed` the first promise."""
    if found.statutory is None:
        if typed is None:
            raise RefusedError(
                "promise_needed", _("Thủ tục này chưa rõ thời hạn: hãy gõ ngày, giờ hẹn trả."), "promise"
            )
        promised = promise_dates(cal, received, typed, events, mode=found.mode, new_limit=found.new_limit)
        return Dates(None, promised.first, promised.current, promised.suspended_since)
    three = three_dates(
        cal, received, found.statutory, found.local, events, mode=found.mode, new_limit=found.new_limit, printed=printed
    )
    return Dates(three.legal, three.first, three.current, three.suspended_since)


def dates_of(cal: Calendar, row: DossierRow, events: Sequence[Event], more: Iterable[ClockEvent] = ()) -> Dates:
    """Run the clock of a dossier over its standing events and those that are about to happen."""
    listed = [*clock_events(events), *more]
    told = _started_later(events)
    found = dates(
        cal, start_of(row), _at_receipt(row, events), listed, typed=row.first_promise, printed=told or row.first_promise
    )
    return replace(found, awaited=is_awaited(row))


def dates_at_receipt(cal: Calendar, row: DossierRow, events: Sequence[Event]) -> Dates:
    """Return the dates as the first slip had them, before anything carried them."""
    base, received = _at_receipt(row, events), row.received_at
    start = received if received is not None and _started_later(events) is not None else start_of(row)
    return dates(cal, start, base, typed=row.first_promise, printed=row.first_promise)


def legal_of(cal: Calendar, row: DossierRow, events: Sequence[Event]) -> Due | None:
    """Return the legal deadline alone, as `dates_of` has it; None where the limit is unknown."""
    base = _at_receipt(row, events)
    if base.statutory is None:
        return None
    return run(cal, start_of(row), base.statutory, clock_events(events), mode=base.mode, new_limit=base.new_limit)


def start_of(row: DossierRow) -> datetime:
    """Return the receipt that the clock counts from: the competent agency's where it is known, else this counter's."""
    if row.received_at is None:
        raise ValueError("no clock before acceptance")
    return row.received_at if row.competent_at is None else row.competent_at


def is_awaited(row: DossierRow) -> bool:
    """Say whether it is not known yet when the competent agency elsewhere has received the dossier."""
    return bool(row.competent) and row.competent_at is None


def _started_later(events: Sequence[Event]) -> datetime | None:
    """Return the promise told when the competent agency's receipt became known after the slip was printed."""
    for event in projection.effective(events):
        if event.data.get("competent_at"):
            return from_utc_text(event.data["set"]["promise"])
    return None


def moved(row: DossierRow, found: Dates) -> dict[str, Any]:
    """Return the columns that a calendar may move and that are not what the clock says; a promise is not among them."""
    wanted = found.columns()
    return {name: wanted[name] for name in ("legal_deadline", "provisional") if wanted[name] != getattr(row, name)}


def clock_events(events: Sequence[Event]) -> list[ClockEvent]:
    """Return a dossier's standing clock events after acceptance, with the promise told after each."""
    found: list[ClockEvent] = []
    accepted = False
    for event in projection.effective(events):
        running, accepted = accepted, accepted or bool(event.data.get("set", {}).get("accepted"))
        kind = _KINDS.get(Act(event.kind)) if event.kind in set(Act) else None
        if kind is None or not running:
            continue
        told = event.data.get("set", {}).get("promise")
        found.append(
            ClockEvent(
                kind,
                moment.minute(event.at),
                limit=Limit.parse(event.data["limit"]) if "limit" in event.data else None,
                to=from_utc_text(event.data["to"]) if "to" in event.data else None,
                told=from_utc_text(told) if told else None,
            )
        )
    return found


def _at_receipt(row: DossierRow, events: Sequence[Event]) -> Terms:
    """Return the terms before a change of variant, which is an event of the clock itself."""
    found = terms_of(row)
    for event in projection.effective(events):
        if event.kind == Act.VARIANT:
            before, local = event.data.get("before", ""), event.data.get("before_local", "")
            return replace(
                found,
                statutory=Limit.parse(before) if before else None,
                local=Limit.parse(local) if local else None,
            )
    return found


def _case(procedure: ProcedureRow, variant: str) -> tuple[str, str] | None:
    if not variant:
        return None
    for each in parse_variants(procedure.variants):
        if fold(each.case) == fold(variant):
            return each.case, each.text
    sentence = _("Thủ tục {code} không có trường hợp “{case}”.")
    raise RefusedError("unknown_variant", sentence.format(code=procedure.code, case=variant), "variant")
