"""The figures of the morning from rows alone, by the same judgement as every list."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from db.rows import DossierRow, Outgoing
from db.vocabulary import Delivery, LimitUnit, State
from desk.counter.model import Drill
from desk.counter.work_lines import WAITING_STATES, is_late
from desk.rules import moment
from desk.rules.calendar import Calendar
from desk.rules.deadline import apology_by
from desk.rules.limits import Limit
from desk.rules.terms import FORWARD_CUTOFF, forward_by

_UNSENT = frozenset({Delivery.SEALED, Delivery.SENT, Delivery.HELD})


def figures(
    cal: Calendar,
    now: datetime,
    rows: Sequence[DossierRow],
    finished: Sequence[DossierRow],
    files: Sequence[Outgoing],
    limits: set[str],
    there: Collection[str] = (),
    calls: tuple[int, ...] = (),
) -> Drill:
    """Count the morning: each figure with the dossiers behind it.

    `rows`: open and accepted, by promise; `finished`: with a result nobody has fetched; `files`: the sealed ones;
    `limits`: those of the procedures in force, as texts; `there`: files that the province has, as it said by phone;
    `calls`: about whom a call is due.
    """
    today = now.date()
    tomorrow = cal.next_counting(today)
    waiting = [row for row in rows if row.state in WAITING_STATES]
    late = {row.id for row in rows if is_late(row, now)}
    running = [row for row in rows if row.state not in WAITING_STATES and row.id not in late]
    on = {row.id: moment.minute(row.promise).date() for row in running if row.promise is not None}
    working = [row for row in rows if row.state not in WAITING_STATES]
    unsent = [file for file in files if file.state in _UNSENT]
    oldest = min((file.day for file in unsent if file.sha256 not in there), default=today)
    cutoff = next_cutoff(cal, now, limits)
    return Drill(
        today=_ids([row for row in running if on.get(row.id) == today]),
        tomorrow=_ids([row for row in running if row.id in on and today < on[row.id] <= tomorrow]),
        apology=_ids([row for row in running if _last_chance(cal, row, today)]),
        overdue=_ids([row for row in rows if row.id in late]),
        waiting=_ids(waiting),
        waiting_long=_ids([row for row in waiting if row.supplement_by is not None and row.supplement_by < now]),
        uncollected=_ids(finished),
        unforwarded=_ids([row for row in working if _unforwarded(cal, row, now)]),
        without_code=_ids([row for row in rows if row.official_code is None]),
        calls=calls,
        unsent=len(unsent),
        delivered=sum(file.state == Delivery.SENT or file.sha256 in there for file in unsent),
        refused=sum(file.state == Delivery.REFUSED for file in files),
        unsent_since=oldest if today - oldest > timedelta(days=1) else None,
        next_day=tomorrow,
        covered_until=cal.last,
        coverage_days=(cal.last - today).days,
        cutoff=cutoff,
        minutes_to_cutoff=None if cutoff is None else int((cutoff - now).total_seconds()) // 60,
    )


def next_cutoff(cal: Calendar, now: datetime, limits: set[str]) -> datetime | None:
    """Return the next instant of today up to which a receipt is still one of today; None once all have passed.

    15:00 is one on every working day, because papers are forwarded by it; same-day limits may have their own.
    """
    if not cal.counts(now.date()):
        return None
    same_day = (limit for limit in map(Limit.parse, filter(None, limits)) if limit.unit is LimitUnit.SAME_DAY)
    hours = sorted({FORWARD_CUTOFF, *(limit.cutoff for limit in same_day)})
    instants = (datetime.combine(now.date(), hour, moment.VN) for hour in hours)
    return next((at for at in instants if at >= now), None)


def _ids(rows: Sequence[DossierRow]) -> tuple[int, ...]:
    return tuple(row.id for row in rows)


def _last_chance(cal: Calendar, row: DossierRow, today: date) -> bool:
    if row.rescheduled or row.promise is None:
        return False
    latest = apology_by(cal, row.promise, Limit.parse(row.limit_text) if row.limit_text else None)
    return latest is not None and latest.date() == today


def _unforwarded(cal: Calendar, row: DossierRow, now: datetime) -> bool:
    return row.state == State.RECEIVED and row.received_at is not None and forward_by(cal, row.received_at) <= now
