"""What the calendar screen holds and says: the rows as they would be, what is not in force yet, effects in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from desk.counter import say
from desk.counter.calendar_change import CalendarEffect, Moved
from desk.counter.calendar_editing import CalendarChange
from desk.counter.model import COVERAGE_WARNING
from desk.rules.calendar import DEFAULT_SESSIONS, Calendar, DayRule, OfficeHours, Session, write_sessions
from desk.rules.numbering import parse_provisional
from desk.rules.text import fold
from desk.tui.moments import parse_moment
from desk.tui.widgets.painted import Part
from desk.tui.widgets.rows import Column, Row
from desk.words import _, counted

HOURS = "hours"
DAY = "day"
_STANDARD = "standard"

_HOUR = r"([0-9]{1,2})(?:[:h]([0-9]{2})?)?"
_SPAN = re.compile(rf"{_HOUR}\s*(?:-|den)\s*{_HOUR}")
_BETWEEN = re.compile(r"(?:[\s,;]|va)*")


def day_columns() -> tuple[Column, ...]:
    """Return the columns of the calendar, 80 cells wide and more."""
    return (
        Column(_("Ngày"), width=14),
        Column(_("Thời hạn"), width=10),
        Column(_("Cửa"), width=6),
        Column(_("Lý do"), flex=3),
        Column(_("Căn cứ"), flex=2, style="muted"),
    )


def moved_columns() -> tuple[Column, ...]:
    """Return the columns of the effect: which dossier, from when, until when."""
    return (
        Column(_("Số hồ sơ"), width=14),
        Column(_("Hạn luật đang có"), width=20),
        Column(_("  Hạn luật mới"), width=22),
        Column("", flex=1, style="muted"),
    )


@dataclass
class Draft:
    """Changes that are typed and not in force; None stands for a row that goes."""

    days: dict[date, DayRule | None] = field(default_factory=dict)
    hours: dict[date, OfficeHours | None] = field(default_factory=dict)

    def settle(self, cal: Calendar) -> None:
        """Forget what the calendar already says."""
        days = {row.date: row for row in cal.rows}
        starts = {each.valid_from: each for each in cal.hours}
        self.days = {day: row for day, row in self.days.items() if days.get(day) != row}
        self.hours = {day: each for day, each in self.hours.items() if starts.get(day) != each}

    @property
    def count(self) -> int:
        """How many rows are other ones."""
        return len(self.days) + len(self.hours)

    def change(self) -> CalendarChange:
        """Return the changes as the counter takes them."""
        return CalendarChange(
            tuple(row for row in self.days.values() if row is not None),
            tuple(day for day, row in self.days.items() if row is None),
            tuple(each for each in self.hours.values() if each is not None),
            tuple(day for day, each in self.hours.items() if each is None),
        )

    def row(self, cal: Calendar, day: date) -> DayRule | None:
        """Return the row of a date as it would be."""
        return self.days[day] if day in self.days else _day_of(cal, day)

    def sessions(self, cal: Calendar, start: date) -> OfficeHours | None:
        """Return the office hours that begin on a date as they would be."""
        return self.hours[start] if start in self.hours else _start_of(cal, start)

    def remove(self, cal: Calendar, key: str) -> None:
        """Mark a row as removed; one that was only typed, or marked already, is as before."""
        kind, _colon, written = key.partition(":")
        if kind == DAY:
            day = date.fromisoformat(written)
            marked = self.days.pop(day, False)
            if marked is not None and _day_of(cal, day) is not None:
                self.days[day] = None
        elif kind == HOURS and written != _STANDARD:
            start = date.fromisoformat(written)
            gone = self.hours.pop(start, False)
            if gone is not None and _start_of(cal, start) is not None:
                self.hours[start] = None


def _day_of(cal: Calendar, day: date) -> DayRule | None:
    return next((row for row in cal.rows if row.date == day), None)


def _start_of(cal: Calendar, start: date) -> OfficeHours | None:
    return next((each for each in cal.hours if each.valid_from == start), None)


def rows(cal: Calendar, draft: Draft) -> list[Row]:
    """Return the office hours, then the exceptions under the headings of their years."""
    found = [Row("heading:hours", (_("GIỜ LÀM VIỆC"),), "strong")]
    starts = sorted({each.valid_from for each in cal.hours} | draft.hours.keys())
    if not any(draft.sessions(cal, start) for start in starts):
        found.append(Row(f"{HOURS}:{_STANDARD}", (_("mặc định"), "", "", write_sessions(DEFAULT_SESSIONS)), "muted"))
    found += [_hours_row(cal, draft, start) for start in starts]
    year = 0
    for day in sorted({row.date for row in cal.rows} | draft.days.keys()):
        if day.year != year:
            year = day.year
            found.append(Row(f"heading:{year}", (_("NĂM {year}").format(year=year),), "strong"))
        found.append(_day_row(cal, draft, day))
    return found


def _hours_row(cal: Calendar, draft: Draft, start: date) -> Row:
    now, before = draft.sessions(cal, start), _start_of(cal, start)
    shown = now or before
    said = write_sessions(shown.sessions) if shown is not None else ""
    cells = (_("từ {day}").format(day=f"{start:%d/%m/%Y}"), "", "", said, _state(start in draft.hours, now, before))
    return Row(f"{HOURS}:{start.isoformat()}", cells, *_look(start in draft.hours, now, before))


def _day_row(cal: Calendar, draft: Draft, day: date) -> Row:
    now, before = draft.row(cal, day), _day_of(cal, day)
    shown = now or before
    if shown is None:
        return Row(f"{DAY}:{day.isoformat()}", (say.day(day),))
    beyond = "" if cal.covers(day) else _("ngoài lịch chính thức · ")
    source = _state(day in draft.days, now, before) or shown.source
    cells = (say.day(day), counts_name(shown.counts), open_name(shown.open), beyond + shown.note, source)
    style, mark = _look(day in draft.days, now, before)
    return Row(f"{DAY}:{day.isoformat()}", cells, style or ("soon" if beyond else ""), mark)


def _look(edited: bool, now: object, before: object) -> tuple[str, str]:
    if not edited:
        return "", ""
    return ("muted", "x") if now is None else ("soon", "+" if before is None else "*")


def _state(edited: bool, now: object, before: object) -> str:
    if not edited:
        return ""
    return _("SẼ BỎ") if now is None else _("MỚI") if before is None else _("ĐÃ SỬA")


def counts_name(counts: bool) -> str:
    """Return whether a date counts for time limits."""
    return _("tính") if counts else _("không tính")


def open_name(is_open: bool) -> str:
    """Return whether the centre receives."""
    return _("mở") if is_open else _("đóng")


def kinds() -> tuple[tuple[str, str], ...]:
    """Return the four kinds of day: flags for counts and open, and their words."""
    return (
        ("00", _("Nghỉ: không tính thời hạn, không mở cửa")),
        ("11", _("Làm việc (làm bù): tính thời hạn, mở cửa")),
        ("01", _("Mở cửa nhận hồ sơ, không tính thời hạn")),
        ("10", _("Tính thời hạn, không mở cửa")),
    )


def facts(cal: Calendar, today: date) -> list[Part]:
    """Return the version and how far it is authoritative."""
    left = (cal.last - today).days
    until = _("chính thức {first} – {last}").format(first=f"{cal.first:%d/%m/%Y}", last=f"{cal.last:%d/%m/%Y}")
    parts = [(_("Lịch {version}").format(version=cal.version or "—"), "strong"), (until, "")]
    if left < 0:
        parts.append((_("ĐÃ HẾT"), "late"))
    else:
        parts.append((counted("còn {n} ngày", left), "soon" if left <= COVERAGE_WARNING else ""))
    return parts


def heading(cal: Calendar, draft: Draft, today: date) -> tuple[str, str]:
    """Return the hours of today, and how much is not in force yet."""
    hours = _("giờ làm hôm nay {hours} · Enter sửa").format(hours=write_sessions(cal.sessions(today)))
    return hours, _("{n} CHƯA ÁP DỤNG").format(n=draft.count) if draft.count else ""


def parse_day(typed: str, now: datetime) -> date | None:
    """Read a date as an officer types it: `2/9`, `02092026`, `t7 10/1/2026`, `mai`."""
    found = parse_moment(f"{typed} 00:00", now)
    return None if found is None else found.date()


def check_day(typed: str, now: datetime, cal: Calendar) -> tuple[str, bool]:
    """Say what a typed date is read as, and whether the calendar reaches it."""
    found = parse_day(typed, now)
    if found is None:
        return _("chưa hiểu; gõ như 2/9 hoặc 02/09/2026"), False
    if not cal.covers(found):
        text = _("{day} ngoài lịch chính thức ({first} – {last}): nạp lịch năm đó trước")
        return text.format(day=say.day(found), first=f"{cal.first:%d/%m/%Y}", last=f"{cal.last:%d/%m/%Y}"), False
    return f"→ {say.day(found)}", True


def parse_hours(typed: str) -> tuple[Session, ...] | None:
    """Read office hours as an officer types them: `7h30-11h30, 13:30 - 17h`; None where they are none."""
    text = fold(typed)
    found, end = [], 0
    for span in _SPAN.finditer(text):
        if not _BETWEEN.fullmatch(text, end, span.start()):
            return None
        end = span.end()
        hour, minute, until, past = (int(part or 0) for part in span.groups())
        try:
            found.append(Session(time(hour, minute), time(until, past)))
        except ValueError:
            return None
    if not found or not _BETWEEN.fullmatch(text, end):
        return None
    try:
        return OfficeHours(date.min, tuple(found)).sessions
    except ValueError:
        return None


def check_hours(typed: str) -> tuple[str, bool]:
    """Say what typed office hours are read as."""
    found = parse_hours(typed)
    if found is None:
        return _("chưa hiểu; gõ như 7h30-11h30 13h30-17h"), False
    return f"→ {write_sessions(found)}", True


def moved_rows(moved: Sequence[Moved]) -> list[Row]:
    """Return the dossiers a calendar moves: the old deadline, the new one, and what became of it."""
    return [
        Row(each.code, (_short(each.code), say.moment(each.before), f"→ {say.moment(each.after)}", _shift(each)))
        for each in moved
    ]


def _shift(each: Moved) -> str:
    words = ""
    if each.before is not None and each.after is not None and each.before != each.after:
        words = _("muộn hơn") if each.after > each.before else _("sớm hơn")
    doubt = _("tạm tính") if each.provisional else ""
    return ", ".join(part for part in (words, doubt) if part) or _("hết tạm tính")


def _short(code: str) -> str:
    found = parse_provisional(code)
    return code if found is None else found.short


def applied(effect: CalendarEffect) -> str:
    """Return the last word on a calendar that is in force."""
    moved = effect.later + effect.earlier
    return counted(
        "đã áp dụng lịch {version}: {n} hạn luật đã dời, không ngày hẹn nào đổi", moved, version=effect.version
    )
