"""The trace of a date in words, at most 80 columns wide: for the screen, the slip's back and the command."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from datetime import date

from db.vocabulary import LimitUnit
from desk.counter import say
from desk.rules.calendar import ReasonKind
from desk.rules.clock import ClockKind
from desk.rules.deadline import Due, StartWhy
from desk.rules.limits import Limit
from desk.rules.trace import Roll, Step, StepKind, Unmoved
from desk.words import _, counted

WIDTH = 78
MARGIN = 17
_NBSP = "\N{NO-BREAK SPACE}"
_NO_LABEL = "-"
"""Stands for the label of counted days, which begin at the edge so that a week fits on a line."""


def lines(found: Due) -> tuple[str, ...]:
    """Return the lines of a trace; runs of counted days share a line."""
    return tuple(line for label, text in _grouped(found.trace) for line in _lay(label, text))


def why(found: Due) -> str:
    """Return the reason of a date in few words, for the line under a form; the day it falls on stands beside them."""
    start = next((step for step in found.trace if step.kind is StepKind.START), None)
    limit = next((step for step in found.trace if step.kind is StepKind.LIMIT), None)
    rolled = [step for step in found.trace if step.kind is StepKind.ROLLED]
    span = Limit.parse(limit.limit) if limit is not None and limit.limit else None
    parts = []
    if start is not None and start.at is not None:
        if span is not None and span.unit is LimitUnit.SAME_DAY and start.at.date() == found.at.date():
            words = _("nhận {at:%H:%M}, trước {cutoff:%H:%M}, trả trong ngày")
            return words.format(at=start.at, cutoff=span.cutoff)
        parts.append(_("tính từ {at}").format(at=say.short_moment(start.at)))
    if span is not None:
        parts.append(say.limit_name(span).removesuffix(_(" hôm sau")))
    if rolled and rolled[-1].why:
        parts.append(_roll(rolled[-1].why))
    return ", ".join(parts)


def _grouped(steps: Iterable[Step]) -> Iterator[tuple[str, str]]:
    run: list[Step] = []
    for step in steps:
        alike = run and _kin(run[-1]) == _kin(step)
        if step.kind in {StepKind.DAY, StepKind.HOURS, StepKind.SKIPPED} and (not run or alike):
            run.append(step)
            continue
        yield from _run(run)
        run = []
        if step.kind in {StepKind.DAY, StepKind.HOURS, StepKind.SKIPPED}:
            run = [step]
        else:
            yield _say(step)
    yield from _run(run)


def _kin(step: Step) -> tuple[str | None, ...]:
    return step.kind, step.why, step.note, step.source


def _run(run: list[Step]) -> Iterator[tuple[str, str]]:
    if not run:
        return
    first = run[0]
    if first.kind is StepKind.SKIPPED:
        yield _days([step.day for step in run if step.day]), _skipped(first)
        return
    unit = "" if first.kind is StepKind.DAY else "'"
    counted = " ".join((*(_whole(f"{_short(step.day)} {step.n}{unit} ·") for step in run[:-1]), ""))
    last = _whole(f"{_short(run[-1].day)} {run[-1].n}{unit}")
    because = "; ".join(part for part in (first.note, first.source) if part)
    yield _NO_LABEL, counted + last + (f" ({because})" if because else "")


def _days(days: list[date]) -> str:
    """Return `T7 21, CN 22/03`: the month stands where it changes, and at the end."""
    following = [*days[1:], None]
    names = [
        f"{say.weekday(day)} {day:%d}" if after is not None and after.month == day.month else _short(day)
        for day, after in zip(days, following, strict=True)
    ]
    return ", ".join(map(_whole, names))


def _say_end(step: Step, until: str) -> str:
    match step.kind:
        case StepKind.VARIANT:
            return _("đổi trường hợp: {limit}").format(limit=say.limit_name(Limit.parse(step.limit or "")))
        case StepKind.RESCHEDULED:
            return _("xin lỗi, hẹn lại {to}").format(to=until)
        case StepKind.TOLD:
            return _("ngày đã hẹn với dân giữ nguyên")
        case StepKind.DUE:
            return _("ĐẾN HẠN")
        case _:
            doubt = _(": NGÀY NÀY TẠM TÍNH") if step.why == "provisional" else ""
            first, last = (f"{day:%d/%m/%Y}" if day else "" for day in (step.day, step.until))
            return _("lịch từ {first} đến {last}{doubt}").format(first=first, last=last, doubt=doubt)


def _say(step: Step) -> tuple[str, str]:
    at = say.short_moment(step.at) if step.at else ""
    until = say.short_moment(step.to) if step.to else ""
    match step.kind:
        case StepKind.RECEIVED:
            return at, _("tiếp nhận")
        case StepKind.PROMISED:
            return at, _("ngày hẹn cán bộ gõ hoặc đã in trên phiếu")
        case StepKind.LIMIT:
            named = say.limit_name(Limit.parse(step.limit)) if step.limit else _span(step.minutes)
            return "", _("thời hạn: {limit}").format(limit=named)
        case StepKind.START:
            return at, _("bắt đầu tính: {why}").format(why=_start(step.why))
        case StepKind.MONTHS:
            months = step.n or 0
            if step.why:
                return _short(step.day), counted("ngày cuối tháng, vì {n} tháng sau không có ngày này", months)
            return _short(step.day), counted("đúng ngày này {n} tháng sau", months)
        case StepKind.ROLLED:
            return at, _roll(step.why)
        case StepKind.SUSPENDED:
            held = _held(step.why)
            left = _("còn lại {left}").format(left=_span(step.minutes)) if step.minutes is not None else ""
            return at, ", ".join(part for part in (held, left, _until(until)) if part)
        case StepKind.UNMOVED:
            return at, _unmoved(step.why)
        case StepKind.RESTARTED:
            return at, _("đủ giấy tờ {to}: tính lại từ đầu").format(to=until)
        case _:
            return at, _say_end(step, until)


def _lay(label: str, text: str) -> list[str]:
    """Return lines no wider than `WIDTH`; what is joined by no-break spaces stays on one line."""
    label, margin = ("", 0) if label == _NO_LABEL else (label, MARGIN)
    head = f"{label:<{margin}}" if len(label) < MARGIN else f"{label}  "
    wrapped = textwrap.wrap(head + text, WIDTH, subsequent_indent=" " * margin, break_on_hyphens=False)
    return [line.replace(_NBSP, " ") for line in wrapped]


def _whole(text: str) -> str:
    return text.replace(" ", _NBSP)


def _short(day: date | None) -> str:
    return "" if day is None else f"{say.weekday(day)} {day:%d/%m}"


def _span(minutes: int | None) -> str:
    if minutes is None:
        return ""
    return _("{h} giờ {m} phút làm việc").format(h=minutes // 60, m=minutes % 60)


def _held(reason: str | None) -> str:
    reasons = {
        ClockKind.SUPPLEMENT: _("chờ bổ sung"),
        ClockKind.OBLIGATION: _("chờ nghĩa vụ tài chính"),
    }
    return reasons[ClockKind(reason)] if reason else _("đồng hồ dừng")


def _until(until: str) -> str:
    return _("đến {to}").format(to=until) if until else _("chưa xong")


def _skipped(step: Step) -> str:
    if step.why == ReasonKind.WEEKEND:
        return _("nghỉ hằng tuần")
    return ", ".join(part for part in (step.note, step.source) if part) or _("không tính")


def _start(reason: str | None) -> str:
    reasons = {
        StartWhy.RECEIPT: _("trong giờ làm việc, từ chính lúc này"),
        StartWhy.BEFORE_OPENING: _("nhận trước giờ mở cửa, từ giờ mở cửa"),
        StartWhy.AFTER_CLOSING: _("nhận sau giờ đóng cửa, từ ngày làm việc sau"),
        StartWhy.NOT_COUNTING: _("nhận ngày không tính, từ ngày làm việc sau"),
    }
    return reasons.get(StartWhy(reason), "") if reason else ""


def _roll(reason: str | None) -> str:
    reasons = {
        Roll.NOT_COUNTING: _("rơi vào ngày nghỉ: cuối ngày làm việc tiếp theo"),
        Roll.SAME_DAY: _("trả trong ngày, trước khi đóng cửa"),
        Roll.PAST_CUTOFF: _("nhận sau giờ chốt: cuối ngày làm việc tiếp theo"),
        Roll.OPENING: _("đầu giờ ngày làm việc tiếp theo"),
        Roll.NOT_EARLIER: _("không sớm hơn ngày đã có"),
    }
    return reasons.get(Roll(reason), "") if reason else ""


def _unmoved(reason: str | None) -> str:
    reasons = {
        Unmoved.OPENED_LATE: _("dừng sau khi đã đến hạn: không kéo dài"),
        Unmoved.NO_LENGTH: _("dừng không phút nào: không đổi"),
        Unmoved.MODE_NONE: _("bổ sung không làm dừng đồng hồ"),
    }
    return reasons.get(Unmoved(reason), "") if reason else ""
