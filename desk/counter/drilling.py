"""The morning drill: what is due, late, owed or forgotten today, from the same judgement as every list."""

from __future__ import annotations

from collections.abc import Sequence

from db import calls, dossiers, heard, journal, people, procedures, summaries
from db.unit import View
from db.vocabulary import OPEN_STATES, State
from desk.counter import call_turns, looking, say
from desk.counter.context import Context
from desk.counter.drill_figures import figures
from desk.counter.model import Centre, Drill, Morning, WorkRow
from desk.forms import morning as page
from desk.words import _, counted

LISTED = ("overdue", "today", "apology", "tomorrow", "waiting_long", "unforwarded", "uncollected")
"""The figures of the drill whose dossiers stand on the printed page, in its order."""


def drill(ctx: Context, view: View) -> Drill:
    """Count the morning: each figure with the dossiers behind it."""
    now, connection = ctx.now(), view.connection
    rows = dossiers.in_states(connection, OPEN_STATES)
    finished = dossiers.in_states(connection, [State.FINISHED])
    called = [row for row in (*rows, *finished) if call_turns.wanted(row, now) is not None]
    limits = procedures.limits_in_force(connection, now.date())
    there = heard.there(journal.client_ids(connection, heard.FIRST, heard.END))
    calendar = ctx.calendar(view)
    return figures(
        calendar,
        now,
        [row for row in rows if row.accepted],
        finished,
        summaries.outgoing(connection),
        limits,
        there,
        call_turns.due_now(
            calendar,
            now,
            called,
            calls.of_dossiers(connection, (row.id for row in called)),
            people.with_phone(connection, (row.person_id for row in called)),
        ),
    )


def morning(ctx: Context, view: View) -> Morning:
    """Return the drill with the lines of the dossiers that the printed page names."""
    found = drill(ctx, view)
    wanted = dict.fromkeys(number for name in LISTED for number in getattr(found, name))
    rows = dossiers.by_ids(view.connection, wanted)
    lines = looking.work_rows(ctx, view, [rows[number] for number in wanted])
    return Morning(ctx.now(), found, {line.id: line for line in lines})


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
