"""The centre's own decisions about its calendar: days off, days worked, office hours; told before, then in force."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from db.unit import View
from db.vocabulary import OfficeEvent
from desk.counter import calendar_change
from desk.counter.calendar_change import CalendarEffect, Plan, Progress
from desk.counter.context import Context
from desk.counter.model import Refused, RefusedError
from desk.counter.reference_data import revision
from desk.rules.calendar import Calendar, DayRule, OfficeHours, merge_rows, write_sessions
from desk.rules.text import clean
from desk.words import _

LONGEST_NOTE = 200


class CalendarChange(Struct, frozen=True):
    """Rows to set and dates whose row goes; office hours to set, and first days whose hours go."""

    rows: tuple[DayRule, ...] = ()
    remove: tuple[date, ...] = ()
    hours: tuple[OfficeHours, ...] = ()
    remove_hours: tuple[date, ...] = ()


def change_calendar(
    ctx: Context,
    change: CalendarChange,
    officer_id: int | None = None,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> CalendarEffect | Refused:
    """Put a change in force as a local revision (`2026.2` -> `2026.2.1`), in one transaction; a dry run only reads.

    Refused: a day outside the calendar's coverage, a day named twice, a row without its ground, nothing that changes,
    a calendar left without working days.
    """
    try:
        if dry_run:
            with ctx.records.reading() as view:
                return calendar_change.effect(_planned(ctx, view, change, progress))
        with ctx.records.writing() as work:
            found = _planned(ctx, work, change, progress)
            effect = calendar_change.put_in_force(
                ctx, work, found, OfficeEvent.CALENDAR_CHANGED, _told(change), officer_id, progress
            )
            work.commit()
            return effect
    except RefusedError as refusal:
        return refusal.refused


def _planned(ctx: Context, view: View, change: CalendarChange, progress: Progress | None) -> Plan:
    old = ctx.calendar(view)
    _check(old, change)
    new = changed(old, change)
    if (new.rows, new.hours) == (old.rows, old.hours):
        raise RefusedError("nothing_changed", _("Lịch mới giống hệt lịch đang dùng."))
    return calendar_change.plan(ctx, view, new, progress)


def changed(old: Calendar, change: CalendarChange) -> Calendar:
    """Return the calendar with a change, under the next local revision; its coverage stays."""
    rows = merge_rows((row for row in old.rows if row.date not in change.remove), map(_cleaned, change.rows))
    set_again = {each.valid_from for each in change.hours} | set(change.remove_hours)
    kept = (each for each in old.hours if each.valid_from not in set_again)
    return Calendar(rows, (*kept, *change.hours), old.first, old.last, revision(old.version))


def _check(old: Calendar, change: CalendarChange) -> None:
    days = [*(row.date for row in change.rows), *change.remove]
    starts = [*(each.valid_from for each in change.hours), *change.remove_hours]
    for day in (*(row.date for row in change.rows), *(each.valid_from for each in change.hours)):
        if not old.covers(day):
            sentence = _("Ngày {day} nằm ngoài lịch đang dùng ({first} – {last}): hãy nạp lịch của năm đó trước.")
            raise RefusedError(
                "outside_coverage", sentence.format(day=_day(day), first=_day(old.first), last=_day(old.last))
            )
    for listed in (days, starts):
        if twice := _twice(listed):
            raise RefusedError("day_twice", _("Ngày {day} được ghi hai lần.").format(day=_day(twice)))
    known = {row.date for row in old.rows}, {each.valid_from for each in old.hours}
    for removed, there in zip((change.remove, change.remove_hours), known, strict=True):
        for day in removed:
            if day not in there:
                raise RefusedError("no_such_day", _("Lịch không ghi gì riêng cho ngày {day}.").format(day=_day(day)))
    for row in change.rows:
        if not clean(row.note):
            raise RefusedError("note_needed", _("Ngày {day} cần ghi lý do.").format(day=_day(row.date)), "note")
        if max(len(row.note), len(row.source)) > LONGEST_NOTE:
            sentence = _("Lý do và căn cứ của ngày {day} dài quá {limit} chữ.")
            raise RefusedError("note_too_long", sentence.format(day=_day(row.date), limit=LONGEST_NOTE), "note")


def _twice(days: Iterable[date]) -> date | None:
    seen: set[date] = set()
    for day in days:
        if day in seen:
            return day
        seen.add(day)
    return None


def _cleaned(row: DayRule) -> DayRule:
    return DayRule(row.date, row.counts, row.open, clean(row.note), clean(row.source))


def _told(change: CalendarChange) -> dict[str, object]:
    """Return a change as the journal keeps it."""
    return {
        "rows": [
            {
                "date": row.date.isoformat(),
                "counts": row.counts,
                "open": row.open,
                "note": clean(row.note),
                "source": clean(row.source),
            }
            for row in change.rows
        ],
        "removed": [day.isoformat() for day in change.remove],
        "hours": [
            {"valid_from": each.valid_from.isoformat(), "sessions": write_sessions(each.sessions)}
            for each in change.hours
        ],
        "hours_removed": [day.isoformat() for day in change.remove_hours],
    }


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
