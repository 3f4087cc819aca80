"""Dates, limits and the steps behind a date, in the words an officer and a citizen read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from db.vocabulary import LimitUnit
from desk.rules import moment
from desk.rules.calendar import ReasonKind
from desk.rules.deadline import Limit, StartWhy
from desk.rules.trace import Roll, Step, StepKind, Unmoved
from desk.words import _


def weekday(day: date) -> str:
    """Return the day of the week."""
    return (_("thứ Hai"), _("thứ Ba"), _("thứ Tư"), _("thứ Năm"), _("thứ Sáu"), _("thứ Bảy"), _("Chủ nhật"))[
        day.weekday()
    ]


def day_text(day: date) -> str:
    """Return `thứ Sáu 10/04/2026`."""
    return f"{weekday(day)} {day:%d/%m/%Y}"


def instant_text(instant: datetime) -> str:
    """Return `10:56 thứ Sáu 10/04/2026`, in the office's zone."""
    local = moment.minute(instant)
    return f"{local:%H:%M} {day_text(local.date())}"


def limit_text(limit: Limit) -> str:
    """Return `20 ngày làm việc`."""
    if limit.unit is LimitUnit.SAME_DAY:
        text = _("trong ngày (nhận sau {cutoff} thì trả ngày làm việc tiếp theo)")
        return text.format(cutoff=f"{limit.cutoff:%H:%M}")
    units = {
        LimitUnit.WORKING_DAY: _("{n} ngày làm việc"),
        LimitUnit.CALENDAR_DAY: _("{n} ngày"),
        LimitUnit.MONTH: _("{n} tháng"),
        LimitUnit.WORKING_HOUR: _("{n} giờ làm việc"),
    }
    return units[limit.unit].format(n=limit.value)


def minutes_text(minutes: int) -> str:
    """Return `1 giờ 30 phút`."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("{minutes} phút").format(minutes=rest)
    if not rest:
        return _("{hours} giờ").format(hours=hours)
    return _("{hours} giờ {minutes} phút").format(hours=hours, minutes=rest)


def step_text(step: Step) -> str:
    """Return one step of a trace as a sentence without its full stop."""
    told = _filled(step)
    if step.kind is StepKind.LIMIT:
        return _limit_step(step)
    if step.kind is StepKind.DAY:
        return _day_step(told)
    if step.kind is StepKind.SKIPPED:
        return _skipped_step(step, told)
    if step.kind in {StepKind.START, StepKind.ROLLED, StepKind.UNMOVED}:
        return _reasons()[step.kind, step.why or ""].format_map(told)
    if step.kind is StepKind.COVERAGE:
        text = _("Lịch làm việc có đủ từ {day} đến {until}")
        if step.why:
            text = _("TẠM TÍNH: ngày này nằm ngoài lịch đã công bố ({day} – {until})")
        return text.format_map(told)
    if step.kind is StepKind.SUSPENDED and step.to is None:
        return _("Tạm dừng tính từ {at}, chưa kết thúc").format_map(told)
    return _plain()[step.kind].format_map(told)


def _filled(step: Step) -> Mapping[str, str]:
    return {
        "at": instant_text(step.at) if step.at else "",
        "to": instant_text(step.to) if step.to else "",
        "day": day_text(step.day) if step.day else "",
        "until": day_text(step.until) if step.until else "",
        "n": str(step.n),
        "minutes": minutes_text(step.minutes or 0),
        "used": minutes_text(step.n or 0),
        "limit": limit_text(Limit.parse(step.limit)) if step.limit else "",
        "because": ", ".join(part for part in (step.note, step.source) if part),
    }


def _limit_step(step: Step) -> str:
    if step.limit is None:
        return _("Khoảng thời gian đã hẹn: {minutes} làm việc").format(minutes=minutes_text(step.minutes or 0))
    return _("Thời hạn: {limit}").format(limit=limit_text(Limit.parse(step.limit)))


def _day_step(told: Mapping[str, str]) -> str:
    text = _("{day}: ngày thứ {n} ({because})") if told["because"] else _("{day}: ngày thứ {n}")
    return text.format_map(told)


def _skipped_step(step: Step, told: Mapping[str, str]) -> str:
    if step.why == ReasonKind.WEEKEND:
        return _("{day}: không tính (cuối tuần)").format_map(told)
    return (_("{day}: không tính ({because})") if told["because"] else _("{day}: không tính")).format_map(told)


def _reasons() -> Mapping[tuple[StepKind, str], str]:
    return {
        (StepKind.START, StartWhy.RECEIPT): _("Bắt đầu tính từ lúc nhận: {at}"),
        (StepKind.START, StartWhy.BEFORE_OPENING): _("Nhận trước giờ mở cửa, tính từ {at}"),
        (StepKind.START, StartWhy.AFTER_CLOSING): _("Nhận sau giờ làm việc, tính từ {at}"),
        (StepKind.START, StartWhy.NOT_COUNTING): _("Nhận vào ngày không tính, tính từ {at}"),
        (StepKind.ROLLED, Roll.NOT_COUNTING): _("Ngày cuối là ngày nghỉ, chuyển sang {at}"),
        (StepKind.ROLLED, Roll.SAME_DAY): _("Trả trong ngày: {at}"),
        (StepKind.ROLLED, Roll.PAST_CUTOFF): _("Nhận sau giờ chốt trong ngày, trả {at}"),
        (StepKind.ROLLED, Roll.OPENING): _("Chuyển sang đầu giờ làm việc tiếp theo: {at}"),
        (StepKind.ROLLED, Roll.NOT_EARLIER): _("Không sớm hơn ngày cũ: {at}"),
        (StepKind.UNMOVED, Unmoved.OPENED_LATE): _("Khoảng dừng từ {at} mở khi đã đến hạn, không làm lùi hạn"),
        (StepKind.UNMOVED, Unmoved.NO_LENGTH): _("Khoảng dừng từ {at} không có thời lượng, không làm lùi hạn"),
        (StepKind.UNMOVED, Unmoved.MODE_NONE): _("Bổ sung từ {at} không làm lùi hạn theo thủ tục này"),
    }


def _plain() -> Mapping[StepKind, str]:
    return {
        StepKind.RECEIVED: _("Nhận lúc {at}"),
        StepKind.PROMISED: _("Đã hẹn trả {at}"),
        StepKind.HOURS: _("{day}: dùng {used} làm việc"),
        StepKind.MONTHS: _("{n} tháng sau: {day}"),
        StepKind.SUSPENDED: _("Tạm dừng tính từ {at} đến {to}, còn lại {minutes} làm việc"),
        StepKind.RESTARTED: _("Bổ sung từ {at} đến {to}: tính lại từ đầu"),
        StepKind.VARIANT: _("Đổi trường hợp lúc {at}: {limit}"),
        StepKind.RESCHEDULED: _("Hẹn lại lúc {at}: {to}"),
        StepKind.TOLD: _("Giữ nguyên ngày đã hẹn với công dân: {at}"),
        StepKind.DUE: _("Hạn: {at}"),
    }
