"""The morning drill: what is due, late, owed or forgotten today, from the same judgement as every list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from db import dossiers, procedures, summaries
from db.dossiers import DossierRow
from db.unit import View
from db.vocabulary import OPEN_STATES, Delivery, LimitUnit, State
from desk.counter import looking, say
from desk.counter.context import Context
from desk.counter.model import Centre, Drill, Morning, WorkRow
from desk.forms import morning as page
from desk.rules import moment
from desk.rules.calendar import Calendar
from desk.rules.deadline import apology_by
from desk.rules.limits import Limit
from desk.rules.terms import FORWARD_CUTOFF, forward_by
from desk.words import _, counted

LISTED = ("overdue", "today", "apology", "tomorrow", "waiting_long", "unforwarded", "uncollected")
"""The figures of the drill whose dossiers stand on the printed page, in its order."""

_UNSENT = frozenset({Delivery.SEALED, Delivery.SENT, Delivery.HELD})


def drill(ctx: Context, view: View) -> Drill:
    """Count the morning: each figure with the dossiers behind it."""
    cal, now = ctx.calendar(view), ctx.now()
    today = now.date()
    tomorrow = cal.next_counting(today)
    rows = dossiers.in_states(view.connection, OPEN_STATES, accepted=True)
    waiting = [row for row in rows if row.state in looking.WAITING_STATES]
    late = {row.id for row in rows if looking.is_late(row, now)}
    running = [row for row in rows if row.state not in looking.WAITING_STATES and row.id not in late]
    on = {row.id: moment.minute(row.promise).date() for row in running if row.promise is not None}
    working = [row for row in rows if row.state not in looking.WAITING_STATES]
    files = summaries.outgoing(view.connection)
    unsent = [file for file in files if file.state in _UNSENT]
    oldest = min((file.day for file in unsent), default=today)
    cutoff = next_cutoff(cal, now, procedures.limits_in_force(view.connection, today))
    return Drill(
        today=_ids([row for row in running if on.get(row.id) == today]),
        tomorrow=_ids([row for row in running if row.id in on and today < on[row.id] <= tomorrow]),
        apology=_ids([row for row in running if _last_chance(cal, row, today)]),
        overdue=_ids([row for row in rows if row.id in late]),
        waiting=_ids(waiting),
        waiting_long=_ids([row for row in waiting if row.supplement_by is not None and row.supplement_by < now]),
        uncollected=_ids(dossiers.in_states(view.connection, [State.FINISHED])),
        unforwarded=_ids([row for row in working if _unforwarded(cal, row, now)]),
        without_code=_ids([row for row in rows if row.official_code is None]),
        unsent=len(unsent),
        delivered=sum(file.state == Delivery.SENT for file in files),
        refused=sum(file.state == Delivery.REFUSED for file in files),
        unsent_since=oldest if today - oldest > timedelta(days=1) else None,
        next_day=tomorrow,
        covered_until=cal.last,
        coverage_days=(cal.last - today).days,
        cutoff=cutoff,
        minutes_to_cutoff=None if cutoff is None else int((cutoff - now).total_seconds()) // 60,
    )


def morning(ctx: Context, view: View) -> Morning:
    """Return the drill with the lines of the dossiers that the printed page names."""
    found = drill(ctx, view)
    wanted = dict.fromkeys(number for name in LISTED for number in getattr(found, name))
    rows = dossiers.by_ids(view.connection, wanted)
    lines = looking.work_rows(ctx, view, [rows[number] for number in wanted])
    return Morning(ctx.now(), found, {line.id: line for line in lines})


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


def lines(centre: Centre, found: Morning) -> tuple[str, ...]:
    """Return the drill as plain text of 80 columns, for print."""
    titles = _titles(found.drill)
    return page.lines(
        page.Page(
            centre=centre.name,
            at=say.moment(found.now),
            practice=centre.practice,
            nothing_due=found.drill.nothing_due,
            groups=[(titles[name], _entries(found.listed(getattr(found.drill, name)))) for name in LISTED],
            notes=_notes(found.drill),
        )
    )


def _titles(found: Drill) -> dict[str, str]:
    tomorrow = "" if found.next_day is None else f"{say.weekday(found.next_day)} {found.next_day:%d/%m}"
    return {
        "overdue": _("QUÁ HẠN"),
        "today": _("ĐẾN HẠN HÔM NAY"),
        "apology": _("XIN LỖI VÀ HẸN LẠI CHẬM NHẤT HÔM NAY"),
        "tomorrow": _("ĐẾN HẠN NGÀY LÀM VIỆC TỚI, {day}").format(day=tomorrow),
        "waiting_long": _("NGƯỜI DÂN CHƯA BỔ SUNG, ĐÃ QUÁ THỜI HẠN"),
        "unforwarded": _("ĐÃ ĐẾN LÚC CHUYỂN MÀ CHƯA CHUYỂN"),
        "uncollected": _("CÓ KẾT QUẢ, CHƯA TRẢ"),
    }


def _entries(rows: Sequence[WorkRow]) -> list[page.Entry]:
    return [
        page.Entry(
            code=row.code,
            official_code=row.official_code,
            applicant=row.applicant,
            procedure=row.procedure,
            promise=say.short_moment(row.promise) + (_(" (tạm tính)") if row.provisional else ""),
            remaining=row.remaining if row.state in OPEN_STATES else "",
            holder=row.holder,
        )
        for row in rows
    ]


def _notes(found: Drill) -> list[str]:
    counts = (
        (_("Đang chờ bổ sung, chờ nghĩa vụ tài chính: {n}"), len(found.waiting)),
        (_("Đang giải quyết mà chưa có mã chính thức: {n}"), len(found.without_code)),
        (_("Tệp ngày chưa được tỉnh xác nhận: {n}"), found.unsent),
        (_("Tệp ngày bị tỉnh từ chối: {n}"), found.refused),
    )
    notes = [text.format(n=count) for text, count in counts if count]
    if found.minutes_to_cutoff is not None and found.cutoff is not None:
        text = _("Giờ chốt kế tiếp trong ngày: {at} (còn {n} phút).")
        notes.append(text.format(at=f"{found.cutoff:%H:%M}", n=found.minutes_to_cutoff))
    return [*notes, coverage_sentence(found)]


def coverage_sentence(found: Drill) -> str:
    """Return until when the calendar is authoritative, and what to do where that is soon or past."""
    if found.covered_until is None or found.coverage_days is None:
        return ""
    day = f"{found.covered_until:%d/%m/%Y}"
    if found.coverage_days < 0:
        return _("LỊCH LÀM VIỆC ĐÃ HẾT TỪ {day}: mọi ngày hẹn đều tạm tính, cần nạp lịch mới.").format(day=day)
    if found.coverage_ends:
        return counted(
            "LỊCH LÀM VIỆC CHỈ CÓ ĐẾN {day}, còn {n} ngày: ngày hẹn sau đó là tạm tính, cần nạp lịch mới.",
            found.coverage_days,
            day=day,
        )
    return _("Lịch làm việc có đến {day}.").format(day=day)


def _ids(rows: Sequence[DossierRow]) -> tuple[int, ...]:
    return tuple(row.id for row in rows)


def _last_chance(cal: Calendar, row: DossierRow, today: date) -> bool:
    if row.rescheduled or row.promise is None:
        return False
    latest = apology_by(cal, row.promise, Limit.parse(row.limit_text) if row.limit_text else None)
    return latest is not None and latest.date() == today


def _unforwarded(cal: Calendar, row: DossierRow, now: datetime) -> bool:
    return row.state == State.RECEIVED and row.received_at is not None and forward_by(cal, row.received_at) <= now
