"""Vietnamese words for dates, states and acts, the same on every screen, slip and command."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

from db.vocabulary import Act, Channel, Judgement, LimitUnit, PayMethod, ReturnWay, Role, State
from desk.rules.calendar import Calendar
from desk.rules.correcting import Part
from desk.rules.deadline import office_minutes
from desk.rules.limits import CUTOFF, Limit
from desk.rules.moment import minute
from desk.words import _, counted


def weekday(day: date) -> str:
    """Return the short name of the weekday: T2 to T7, CN."""
    return _("T2 T3 T4 T5 T6 T7 CN").split()[day.weekday()]


def day(when: date) -> str:
    """Return `T6 13/03/2026`."""
    return f"{weekday(when)} {when:%d/%m/%Y}"


def moment(when: datetime | None) -> str:
    """Return `T6 13/03/2026 17:00` in Viet Nam; a dash for none."""
    if when is None:
        return "—"
    local = minute(when)
    return f"{weekday(local.date())} {local:%d/%m/%Y %H:%M}"


def short_moment(when: datetime | None) -> str:
    """Return `T6 13/03 17:00`, as lists have it."""
    if when is None:
        return "—"
    local = minute(when)
    return f"{weekday(local.date())} {local:%d/%m %H:%M}"


def _states() -> Mapping[State, str]:
    return {
        State.VOIDED: _("đã hủy nhập"),
        State.REGISTERED: _("mới đăng ký"),
        State.RECEIVED: _("được tiếp nhận"),
        State.NOT_RECEIVED: _("không được tiếp nhận"),
        State.PROCESSING: _("đang xử lý"),
        State.SUPPLEMENT: _("yêu cầu bổ sung"),
        State.OBLIGATION: _("nghĩa vụ tài chính"),
        State.WITHDRAWAL: _("yêu cầu rút"),
        State.STOPPED: _("dừng xử lý"),
        State.FINISHED: _("đã xử lý xong"),
        State.RETURNED: _("đã trả kết quả"),
        State.HANDED_OVER: _("đã bàn giao"),
    }


def state_name(state: State) -> str:
    """Return the national name of a state, in lower case."""
    return _states()[state]


def role_name(role: str) -> str:
    """Return what an officer is."""
    return {
        Role.HEAD: _("lãnh đạo"),
        Role.CLERK: _("cán bộ quầy"),
        Role.ADMIN: _("quản trị"),
    }[Role(role)]


def _acts() -> Mapping[Act, str]:
    return {
        Act.REGISTER: _("Đăng ký"),
        Act.RECEIVE: _("Tiếp nhận"),
        Act.TAKE_OVER: _("Nhận bàn giao"),
        Act.DECLINE: _("Từ chối nhận"),
        Act.FORWARD: _("Chuyển"),
        Act.HANDED_BACK: _("Nhận về"),
        Act.SUPPLEMENT: _("Yêu cầu bổ sung"),
        Act.SUPPLEMENTED: _("Đã bổ sung"),
        Act.OBLIGATION: _("Nghĩa vụ tài chính"),
        Act.SETTLED: _("Đã nộp"),
        Act.VARIANT: _("Đổi trường hợp"),
        Act.RESCHEDULE: _("Xin lỗi, hẹn lại"),
        Act.FINISH: _("Xong"),
        Act.REFUSE: _("Từ chối giải quyết"),
        Act.STOP: _("Dừng"),
        Act.WITHDRAW: _("Rút hồ sơ"),
        Act.RETURN: _("Trả kết quả"),
        Act.VOID: _("Hủy nhập"),
        Act.UNDO: _("Hoàn tác"),
        Act.SET_CODE: _("Mã chính thức"),
        Act.CORRECT: _("Sửa thông tin"),
    }


def act_name(act: Act) -> str:
    """Return the name of an act as menus and histories have it."""
    return _acts()[act]


def part_name(part: Part) -> str:
    """Return what a correction has touched, as a history has it."""
    return {
        Part.KIND: _("loại người nộp"),
        Part.NAME: _("tên"),
        Part.ID_NUMBER: _("số định danh"),
        Part.PHONE: _("điện thoại"),
        Part.EMAIL: _("thư điện tử"),
        Part.ADDRESS: _("địa chỉ"),
        Part.REPRESENTATIVE: _("người nộp thay"),
        Part.PAPERS: _("giấy tờ"),
        Part.RETURN_WAY: _("cách nhận kết quả"),
        Part.NOTE: _("ghi chú"),
    }[part]


def channel_name(channel: Channel) -> str:
    """Return the way in."""
    names = {Channel.DIRECT: _("trực tiếp"), Channel.ONLINE: _("trực tuyến"), Channel.POST: _("bưu chính")}
    return names[channel]


def way_name(way: ReturnWay) -> str:
    """Return how a result reaches the citizen."""
    names = {
        ReturnWay.COUNTER: _("tại quầy"),
        ReturnWay.POST: _("bưu chính công ích"),
        ReturnWay.ELECTRONIC: _("bản điện tử"),
    }
    return names[way]


def pay_method_name(method: PayMethod) -> str:
    """Return how a fee was paid."""
    return {PayMethod.CASH: _("tiền mặt"), PayMethod.TRANSFER: _("chuyển khoản")}[method]


def judgement_name(judgement: Judgement) -> str:
    """Return the end of the work held against a date."""
    names = {
        Judgement.EARLY: _("trước hạn"),
        Judgement.ON_TIME: _("đúng hạn"),
        Judgement.OVERDUE: _("quá hạn"),
    }
    return names[judgement]


_UNITS: Mapping[LimitUnit, Callable[[int], str]] = {
    LimitUnit.WORKING_DAY: lambda n: counted("{value} ngày làm việc", n, value=n),
    LimitUnit.CALENDAR_DAY: lambda n: counted("{value} ngày", n, value=n),
    LimitUnit.MONTH: lambda n: counted("{value} tháng", n, value=n),
    LimitUnit.WORKING_HOUR: lambda n: counted("{value} giờ làm việc", n, value=n),
}


def limit_name(limit: Limit | None) -> str:
    """Return a limit in words."""
    if limit is None:
        return _("chưa rõ thời hạn")
    if limit.unit is LimitUnit.SAME_DAY:
        hour = f"{limit.cutoff:%H:%M}" if limit.cutoff != CUTOFF else _("15h")
        return _("trong ngày, sau {hour} hôm sau").format(hour=hour)
    return _UNITS[limit.unit](limit.value)


def doubt(confidence: str) -> str:
    """Return the mark of a limit that no text vouches for; empty where it is sourced."""
    if confidence == "sourced":
        return ""
    return _("hạn chưa rõ, gõ ngày hẹn") if not confidence else _("hạn chưa đối chiếu văn bản")


def span(minutes: int, day_minutes: int) -> str:
    """Return working time: days from one day up, hours below, minutes only under one hour."""
    if minutes < 60:
        return _("{n} phút").format(n=minutes)
    if minutes < day_minutes:
        return _("{n} giờ").format(n=minutes // 60)
    return _("{n} ngày").format(n=minutes // day_minutes)


def remaining(cal: Calendar, now: datetime, promise: datetime | None, *, waiting: bool) -> str:
    """Return what is left of the promise in office time, or by how much it is past."""
    if promise is None:
        return "—"
    if waiting:
        return _("chờ")
    local, target = minute(now), minute(promise)
    length = office_minutes(cal, cal.opening(local.date()), cal.closing(local.date())) or 450
    if local > target:
        late = office_minutes(cal, target, local)
        return _("QUÁ {span}").format(span=span(late, length))
    return span(office_minutes(cal, local, target), length)
