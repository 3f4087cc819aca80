"""Sentences an officer understands, for every reason a rule or the record can give."""

from __future__ import annotations

from db.errors import RecordError, RecordFault
from desk.counter import say
from desk.rules.clock import ClockError, ClockFault
from desk.rules.standing import Denial, Denied, Flag
from desk.words import _


def denial_sentence(denied: Denied) -> str:
    """Return why an act was refused and, where there is one, the instant it turns on."""
    at = say.moment(denied.at) if denied.at is not None else ""
    act = say.act_name(denied.act)
    state = say.state_name(denied.state) if denied.state is not None else ""
    sentences = {
        Denial.NOT_STARTED: _("Hồ sơ chưa có: hãy tiếp nhận trước."),
        Denial.ALREADY_STARTED: _("Hồ sơ đã có trong sổ."),
        Denial.NOT_ACCEPTED: _("Hồ sơ chưa được tiếp nhận nên chưa thể: {act}."),
        Denial.ALREADY_ACCEPTED: _("Hồ sơ đã được tiếp nhận rồi."),
        Denial.WRONG_STATE: _("Hồ sơ {state}: không thể {act}."),
        Denial.RESULT_EXISTS: _("Đã có kết quả: không thể {act}."),
        Denial.NO_RESULT: _("Chưa có kết quả để trả (hồ sơ {state})."),
        Denial.ENDED: _("Hồ sơ đã kết thúc ({state}): không thể {act}."),
        Denial.REASON_REQUIRED: _("Cần ghi rõ lý do."),
        Denial.SECOND_SUPPLEMENT: _("Đã yêu cầu bổ sung một lần; lần nữa phải do lãnh đạo cho phép, có căn cứ."),
        Denial.TERM_RUNNING: _("Thời hạn bổ sung còn đến {at}: chưa thể dừng."),
        Denial.SECOND_VARIANT: _("Trường hợp đã đổi một lần, không đổi nữa."),
        Denial.SECOND_RESCHEDULE: _("Đã hẹn lại một lần: luật chỉ cho hẹn lại một lần."),
        Denial.AFTER_RESCHEDULE: _("Đã hẹn lại: không đổi trường hợp nữa."),
        Denial.IMMEDIATE_RESULT: _("Hồ sơ trả ngay: không {act}."),
        Denial.NO_PROMISE: _("Hồ sơ chưa có ngày hẹn."),
        Denial.PROMISE_PASSED: _("Ngày hẹn {at} đã qua: không thể {act}."),
        Denial.NEW_PROMISE_MISSING: _("Cần ngày, giờ hẹn mới."),
        Denial.NEW_PROMISE_NOT_LATER: _("Ngày hẹn mới phải sau {at}."),
        Denial.NEW_PROMISE_DAY_OFF: _("{at} không phải ngày làm việc."),
        Denial.NEW_PROMISE_OUT_OF_HOURS: _("{at} ngoài giờ làm việc."),
        Denial.UNIT_NOT_RESCHEDULED: _("Thủ tục trả trong ngày hoặc tính giờ: không có hẹn lại."),
        Denial.SAME_PLACE: _("Hồ sơ đang ở đó rồi."),
        Denial.NOT_WITH_DEPARTMENT: _("Hồ sơ đang ở quầy, không có gì để nhận về."),
        Denial.NOTHING_TO_UNDO: _("Không còn việc nào để hoàn tác; nhập nhầm thì dùng Hủy nhập."),
        Denial.UNDO_WINDOW_PASSED: _("Quá mười phút ({at}): cần lãnh đạo sửa, có lý do."),
        Denial.TAKEN_STATE_NOT_OPEN: _("Chỉ nhận bàn giao hồ sơ còn đang giải quyết."),
    }
    return sentences[denied.reason].format(at=at, act=act.lower(), state=state)


def flag_sentence(flag: Flag) -> str:
    """Return what was done all the same but is marked and counted."""
    sentences = {
        Flag.SUPPLEMENT_LATE: _("Yêu cầu bổ sung sau 3 ngày làm việc kể từ khi tiếp nhận."),
        Flag.SECOND_SUPPLEMENT: _("Yêu cầu bổ sung lần hai: được đếm riêng trong báo cáo."),
        Flag.APOLOGY_LATE: _("Xin lỗi muộn: lẽ ra chậm nhất một ngày trước hạn."),
        Flag.REFUSAL_LATE: _("Từ chối sau ngày hẹn: tính quá hạn."),
        Flag.STOPPED_WITHIN_TERM: _("Dừng khi thời hạn bổ sung chưa hết."),
        Flag.CORRECTION: _("Sửa sau mười phút: ghi nhận là đính chính của lãnh đạo."),
    }
    return sentences[flag]


def clock_sentence(error: ClockError) -> str:
    """Return why events cannot follow one another."""
    at = say.moment(error.at)
    sentences = {
        ClockFault.BEFORE_START: _("Sự việc lúc {at} trước khi tiếp nhận."),
        ClockFault.ALREADY_OPEN: _("Đồng hồ đang dừng rồi ({at})."),
        ClockFault.NOT_OPEN: _("Không có khoảng dừng nào để kết thúc ({at})."),
    }
    return sentences.get(error.fault, _("Trình tự sự việc không hợp lệ ({at}).")).format(at=at)


def fault_sentence(error: RecordError) -> str:
    """Return what the record could not do; in every case nothing was written and the form is kept."""
    sentences = {
        RecordFault.DISK_FULL: _("Đĩa đầy hoặc hỏng: chưa lưu gì cả, biểu mẫu còn nguyên. Dọn đĩa rồi lưu lại."),
        RecordFault.BUSY: _("Máy khác đang ghi sổ: chưa lưu. Thử lại sau vài giây."),
        RecordFault.READ_ONLY: _("Không ghi được vào thư mục dữ liệu: chưa lưu."),
        RecordFault.WRONG_KEY: _("Khóa không mở được cơ sở dữ liệu này."),
        RecordFault.DAMAGED: _("Cơ sở dữ liệu hỏng: dừng lại và khôi phục từ bản sao lưu."),
        RecordFault.NEWER_SCHEMA: _("Dữ liệu do phiên bản mới hơn ghi: hãy nâng cấp chương trình."),
        RecordFault.SETTINGS: _("Cơ sở dữ liệu không nhận chế độ ghi an toàn ({detail})."),
        RecordFault.CONFLICT: _("Hồ sơ vừa được máy khác sửa: xem lại rồi làm lại."),
        RecordFault.MISSING: _("Chưa có cơ sở dữ liệu ở thư mục này."),
        RecordFault.UNREACHABLE: _("Không tới được máy chủ cơ sở dữ liệu: chưa lưu. Kiểm tra mạng rồi lưu lại."),
        RecordFault.DENIED: _("Máy chủ cơ sở dữ liệu từ chối tên, mật khẩu hoặc quyền: chưa lưu."),
        RecordFault.BAD_ADDRESS: _("Địa chỉ máy chủ cơ sở dữ liệu viết sai: chưa lưu."),
        RecordFault.NOT_UTF8: _("Cơ sở dữ liệu trên máy chủ không dùng UTF8: chưa lưu."),
        RecordFault.OTHER: _("Cơ sở dữ liệu báo lỗi ({detail}): chưa lưu gì cả."),
    }
    return sentences[error.fault].format(detail=error.detail)
