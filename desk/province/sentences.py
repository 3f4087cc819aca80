"""What an officer of the province reads."""

from __future__ import annotations

from desk.daily.files import FileFault
from desk.daily.reasons import Refusal
from desk.daily.sentences import file_sentence, refusal_sentence
from desk.province.inbox import NOT_READABLE
from desk.province.model import DayState, ProvinceError, ProvinceFault
from desk.words import _


def province_sentence(error: ProvinceError) -> str:
    """Return why a service refused, and what to do."""
    return {
        ProvinceFault.NOT_INIT: _("{detail}: chưa thiết lập phía tỉnh; hãy chạy «desk province init» hoặc chọn --data"),
        ProvinceFault.ALREADY: _("{detail}: phía tỉnh đã được thiết lập; khóa của tỉnh giữ nguyên"),
        ProvinceFault.OTHER_DATABASE: _("{detail}: thư mục này đã dùng một cơ sở dữ liệu khác; hãy chọn --data khác"),
        ProvinceFault.DATABASE_TAKEN: _("{detail}: cơ sở dữ liệu đã là của một tỉnh có thư mục và khóa ở nơi khác"),
        ProvinceFault.DESK_FOLDER: _("{detail}: đây là dữ liệu của một xã; hãy chọn thư mục riêng cho tỉnh (--data)"),
        ProvinceFault.KEY_MISSING: _("{detail}: thiếu hoặc hỏng khóa của tỉnh; hãy chép lại từ bản sao lưu"),
        ProvinceFault.KEY_OTHER: _("{detail}: không phải khóa mà cơ sở dữ liệu này đã dùng"),
        ProvinceFault.BAD_KEY: _("tệp khóa phải là một dòng «ssh-ed25519 …»; hãy lấy bằng «desk key show»"),
        ProvinceFault.UNKNOWN_UNIT: _("không có đơn vị cấp xã mã «{detail}»"),
        ProvinceFault.NOT_ENROLLED: _("đơn vị {detail} chưa đăng ký khóa"),
        ProvinceFault.KEY_ELSEWHERE: _("khóa này đã đăng ký cho «{detail}»; mỗi khóa chỉ thuộc một đơn vị"),
        ProvinceFault.BAD_CERTIFICATE: _("{detail}: chứng chỉ và khóa của máy chủ không đọc được hoặc không khớp nhau"),
        ProvinceFault.STARTED: _("đơn vị {detail} đã có số liệu; không đổi được ngày bắt đầu"),
    }[error.fault].format(detail=error.detail)


def reason_sentence(reason: str) -> str:
    """Return why a file of an inbox was not taken."""
    if reason in set(Refusal):
        return refusal_sentence(Refusal(reason))
    if reason in set(FileFault):
        return file_sentence(FileFault(reason))
    return _("Không đọc được tệp; hãy kiểm tra đĩa và quyền.") if reason == NOT_READABLE else reason


def day_text(state: DayState) -> str:
    """Return what a unit reported for a day."""
    return {
        DayState.NOT_EXPECTED: _("không phải báo cáo"),
        DayState.ON_TIME: _("đúng giờ"),
        DayState.LATE: _("muộn"),
        DayState.HELD: _("chờ tệp trước"),
        DayState.MISSING: _("CHƯA CÓ"),
    }[state]
