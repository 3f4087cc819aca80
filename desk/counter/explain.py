"""The trace of a date in words, at most 80 columns wide: for the screen, the slip's back and the command."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from datetime import date

from desk.counter import say
from desk.rules.calendar import ReasonKind
from desk.rules.clock import ClockKind
from desk.rules.deadline import Due, StartWhy
from desk.rules.limits import Limit
from desk.rules.trace import Roll, Step, StepKind, Unmoved
from desk.words import _

WIDTH = 78
MARGIN = 17


def lines(found: Due) -> tuple[str, ...]:
    """Return the lines of a trace; runs of counted days share a line."""
    return tuple(line for label, text in _grouped(found.trace) for line in _lay(label, text))


def why(found: Due) -> str:
    """Return the reason of a date in one short sentence, for the line under a form."""
    start = next((step for step in found.trace if step.kind is StepKind.START), None)
    limit = next((step for step in found.trace if step.kind is StepKind.LIMIT), None)
    rolled = [step for step in found.trace if step.kind is StepKind.ROLLED]
    parts = []
    if start is not None and start.at is not None:
        parts.append(_("tính từ {at}").format(at=say.short_moment(start.at)))
    if limit is not None and limit.limit:
        parts.append(say.limit_name(Limit.parse(limit.limit)))
    if rolled and rolled[-1].why:
        parts.append(_roll(rolled[-1].why))
    return ", ".join(parts)


def _grouped(steps: Iterable[Step]) -> Iterator[tuple[str, str]]:
    run: list[Step] = []
    for step in steps:
        alike = run and run[-1].kind is step.kind and run[-1].note == step.note and run[-1].why == step.why
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


def _run(run: list[Step]) -> Iterator[tuple[str, str]]:
    if not run:
        return
    first = run[0]
    if first.kind is StepKind.SKIPPED:
        days = ", ".join(_short(step.day) for step in run if step.day)
        yield days, _skipped(first)
        return
    unit = "" if first.kind is StepKind.DAY else _(" phút")
    counted = " · ".join(f"{_short(step.day)} {step.n}{unit}" for step in run if step.day)
    yield "", counted + (f" ({first.note}; {first.source})" if first.note else "")


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
            doubt = _(" - NGOÀI LỊCH CHÍNH THỨC, TẠM TÍNH") if step.why == "provisional" else ""
            day = f"{step.until:%d/%m/%Y}" if step.until else ""
            return _("lịch có hiệu lực đến {day}{doubt}").format(day=day, doubt=doubt)


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
            return _short(step.day), _("đúng ngày này {n} tháng sau").format(n=step.n)
        case StepKind.ROLLED:
            return at, _roll(step.why)
        case StepKind.SUSPENDED:
            held = _("chờ bổ sung") if step.why == ClockKind.SUPPLEMENT else _("chờ nghĩa vụ tài chính")
            left = _("còn lại {left}").format(left=_span(step.minutes)) if step.minutes is not None else ""
            return at, ", ".join(part for part in (held, left, _until(until)) if part)
        case StepKind.UNMOVED:
            return at, _unmoved(step.why)
        case StepKind.RESTARTED:
            return at, _("đủ giấy tờ {to}: tính lại từ đầu").format(to=until)
        case _:
            return at, _say_end(step, until)


def _lay(label: str, text: str) -> list[str]:
    head = f"{label:<{MARGIN}}" if len(label) < MARGIN else f"{label}  "
    return textwrap.wrap(head + text, WIDTH, subsequent_indent=" " * MARGIN, drop_whitespace=True) or [""]


def _short(day: date | None) -> str:
    return "" if day is None else f"{say.weekday(day)} {day:%d/%m}"


def _span(minutes: int | None) -> str:
    if minutes is None:
        return ""
    return _("{h} giờ {m} phút làm việc").format(h=minutes // 60, m=minutes % 60)


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
