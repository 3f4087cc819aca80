"""What an officer of the province reads."""

from __future__ import annotations

from datetime import date, timedelta

from db.province_reading import KeptFile
from db.province_resets import REFUSED as DECLINED
from db.provinces import HELD, MERGED, REFUSED
from desk.daily.files import FileFault
from desk.daily.reasons import Refusal
from desk.daily.sentences import file_sentence, refusal_sentence
from desk.province.dhis2 import MapError, MapFault
from desk.province.inbox import NOT_READABLE
from desk.province.mails import MailFault
from desk.province.model import DayState, Hole, ProvinceError, ProvinceFault, ResetView
from desk.province.spool import TOO_MANY
from desk.province.status import AWAITED, Run
from desk.province.users import LONGEST, SHORTEST, UserError, UserFault
from desk.rules.tally import Count
from desk.rules.text import clean
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
        ProvinceFault.NO_SPOOL: _("{detail}: không có thư mục SFTP này; hãy lập bằng «add-unit» rồi chạy lại"),
        ProvinceFault.SPOOL_INSIDE: _(
            "{detail}: thư mục SFTP phải nằm ngoài thư mục dữ liệu của tỉnh, do root giữ; hãy chọn chỗ khác"
        ),
        ProvinceFault.NOT_NEWER: _("phiên bản không mới hơn phiên bản {detail} đã công bố; các xã sẽ không nhận"),
        ProvinceFault.NO_SUCH_MESSAGE: _("không có tin nào của xã mang mã {detail}; xem «desk province messages»"),
        ProvinceFault.NOT_PUBLISHABLE: _("nội dung này không công bố được ({detail})"),
        ProvinceFault.STARTED: _("đơn vị {detail} đã có số liệu; không đổi được ngày bắt đầu"),
        ProvinceFault.NO_RESET: _("đơn vị {detail} không có đề nghị nối lại nào đang chờ"),
        ProvinceFault.KEY_WAITS: _("khóa tiếp theo đã công bố, ký từ ngày {detail}; chưa đổi thêm được"),
        ProvinceFault.BAD_KEY_DAYS: _(
            "{detail}: ngày ký bằng khóa mới phải sau hôm nay, ngày nhận khóa cũ không trước đó"
        ),
        ProvinceFault.OTHER_COMMUNE: _("không có đơn vị cũ «{detail}», theo bảng đơn vị đã công bố; chưa công bố gì"),
        ProvinceFault.NO_SUCH_KEY: _("đơn vị không có khóa «{detail}»; xem bằng «desk province retire UNIT --keys»"),
        ProvinceFault.KEY_AT_WORK: _("tệp số {detail} do khóa này ký đã vào số liệu; --last-seq không được nhỏ hơn"),
        ProvinceFault.BEFORE_GO_LIVE: _("đơn vị báo cáo từ ngày {detail}; ngày cuối không thể trước đó"),
        ProvinceFault.REPORTED_AFTER: _("đã nhận báo cáo ngày {detail}; ngày cuối không thể trước đó"),
    }[error.fault].format(detail=error.detail)


def beside_names() -> dict[str, str]:
    """Return the names of the counters beside the columns, in the order in which they are shown."""
    return {
        Count.REFUSED.value: _("Từ chối giải quyết"),
        Count.STOPPED.value: _("Dừng"),
        Count.WITHDRAWN.value: _("Rút hồ sơ"),
        Count.WAITING_SUPPLEMENT.value: _("Chờ bổ sung"),
        Count.WAITING_OBLIGATION.value: _("Chờ nghĩa vụ tài chính"),
        Count.UNCOLLECTED.value: _("Chờ trả kết quả"),
        Count.REFUSED_AT_COUNTER.value: _("Không nhận tại quầy"),
        Count.IMMEDIATE.value: _("Trả ngay"),
        Count.SECOND_SUPPLEMENTS.value: _("Yêu cầu bổ sung lần hai"),
        Count.APOLOGIES.value: _("Xin lỗi, hẹn lại"),
        Count.LATE_APOLOGIES.value: _("Xin lỗi muộn"),
        Count.OVERDUE_BY_LAW.value: _("Quá hạn theo luật"),
    }


def reason_sentence(reason: str) -> str:
    """Return why a file of an inbox was not taken."""
    if reason in set(Refusal):
        return refusal_sentence(Refusal(reason))
    if reason in set(FileFault):
        return file_sentence(FileFault(reason))
    if reason in set(MailFault):
        return mail_sentence(MailFault(reason))
    return {
        NOT_READABLE: _("Không đọc được tệp; hãy kiểm tra đĩa và quyền."),
        TOO_MANY: _("Thư mục có quá nhiều tệp; nhận dần, phần còn lại ở lần sau."),
    }.get(reason, reason)


def mail_sentence(fault: MailFault) -> str:
    """Return why nothing was taken out of a message."""
    return {
        MailFault.TOO_LARGE: _("Thư lớn hơn mức cho phép; không đọc. Hãy lưu riêng tệp đính kèm."),
        MailFault.TANGLED: _("Thư có quá nhiều phần hoặc bị hỏng; không đọc. Hãy lưu riêng tệp đính kèm."),
        MailFault.NO_FILE: _("Thư không kèm tệp ngày nào."),
    }[fault]


def day_text(state: DayState) -> str:
    """Return what a unit reported for a day."""
    return {
        DayState.NOT_EXPECTED: _("không phải báo cáo"),
        DayState.ON_TIME: _("đúng giờ"),
        DayState.LATE: _("muộn"),
        DayState.HELD: _("chờ tệp trước"),
        DayState.MISSING: _("CHƯA CÓ"),
    }[state]


def state_text(state: str) -> str:
    """Return what a unit reported for a day, one whose time is not over included."""
    return _("chưa đến hạn") if state == AWAITED else day_text(DayState(state))


def run_text(run: Run) -> str:
    """Return what became of held or refused files, and why."""
    days, numbers = _from_to(_day(run.first), _day(run.last)), _from_to(_seq(run.first), _seq(run.last))
    refused = run.status == REFUSED
    text = (
        _("tệp số {seq} ngày {day} bị từ chối: {why}") if refused else _("tệp số {seq} ngày {day} được giữ lại: {why}")
    )
    return text.format(seq=numbers, day=days, why=reason_sentence(run.reason))


def hole_text(hole: Hole) -> str:
    """Return which files are missing in a unit's figures."""
    span = _from_to(str(hole.first_seq), str(hole.last_seq))
    return _("thiếu số liệu của tệp số {span} ({reason})").format(span=span, reason=hole.reason)


def hole_sentence(hole: Hole) -> str:
    """Return which files are missing in a unit's figures and why, in words."""
    span = _from_to(str(hole.first_seq), str(hole.last_seq))
    if hole.reason == Refusal.GAP.value:
        return _("chưa nhận được tệp số {span}").format(span=span)
    return _("số liệu của tệp số {span} không được tính: {why}").format(span=span, why=reason_sentence(hole.reason))


def missing_sentence(unit: str, hole: Hole) -> str:
    """Return which file's figures are missing in a report, and why."""
    text = _("{unit}: số liệu của tệp số {seq} không được tính: {why}")
    return text.format(unit=unit, seq=hole.first_seq, why=reason_sentence(hole.reason))


def fork_text(sha256: str) -> str:
    """Return the alarm about a file that contradicts one already taken."""
    return _("BÁO ĐỘNG: hai tệp khác nhau cùng số thứ tự ({sha256})").format(sha256=sha256[:16])


def reset_text(reset: ResetView) -> str:
    """Return what a restored desk asks for, was granted or not, with the stock that does not go on as it was."""
    days = _from_to(*(f"{each.day:%d/%m/%Y}" for each in (reset.kept[0], reset.kept[-1]))) if reset.kept else "-"
    facts = {"seq": reset.seq, "n": len(reset.kept), "days": days, "unit": reset.unit}
    facts |= {"before": reset.stock_before, "after": reset.stock_after}
    if reset.decided_at is None:
        text = _(
            "BÁO ĐỘNG: đơn vị xin nối lại từ số {seq} sau phục hồi; mất {n} tệp ({days}); tồn {before} thành {after}: "
            "xem bằng «desk province accept-reset {unit}»"
        )
        return text.format(**facts)
    if reset.status == DECLINED:
        if not reset.note:
            return _("không chấp nhận nối lại từ số {seq} sau phục hồi").format(seq=reset.seq)
        text = _("không chấp nhận nối lại từ số {seq} sau phục hồi: {why}")
        return text.format(seq=reset.seq, why=clean(reset.note))
    text = _("nối lại từ số {seq} sau phục hồi: mất {n} tệp ({days}); chênh lệch tồn {before} thành {after}")
    return text.format(**facts)


def decision_text(reset: ResetView) -> str:
    """Return what was decided on a reset, in a word or two."""
    if reset.decided_at is None:
        return _("CHỜ quyết định")
    return _("không chấp nhận") if reset.status == DECLINED else _("đã chấp nhận")


def retired_text(last_day: date) -> str:
    """Return that a unit reports no more."""
    return _("thôi báo cáo sau ngày {day}").format(day=f"{last_day:%d/%m/%Y}")


def _day(file: KeptFile) -> str:
    return "?" if file.day is None else f"{file.day:%d/%m/%Y}"


def _seq(file: KeptFile) -> str:
    return "?" if file.seq is None else str(file.seq)


def _from_to(first: str, last: str) -> str:
    return first if first == last else f"{first}-{last}"


def clock_text(ahead: timedelta | None) -> str:
    """Return how far a unit's clock is ahead, as far as its files show; nothing where they do not."""
    if ahead is None or ahead < timedelta(minutes=1):
        return ""
    return _("nhanh {span}").format(span=_span(ahead))


def clock_alarm(ahead: timedelta) -> str:
    """Return that a unit's clock is wrong, and what to do."""
    text = _("đồng hồ máy nhanh ít nhất {span} so với tỉnh; hãy chỉnh lại")
    return text.format(span=_span(ahead))


def _span(length: timedelta) -> str:
    minutes = int(length.total_seconds()) // 60
    if minutes < 120:
        return _("{n} phút").format(n=minutes)
    if minutes < 48 * 60:
        return _("{n} giờ").format(n=minutes // 60)
    return _("{n} ngày").format(n=minutes // 1440)


def map_sentence(error: MapError) -> str:
    """Return why a mapping to DHIS2 is not used."""
    return {
        MapFault.COLUMNS: _("bảng mã DHIS2, dòng {where}: phải là CSV có đúng ba cột kind,code,uid"),
        MapFault.KIND: _(
            "bảng mã DHIS2, dòng {where}: kind phải là dataSet, orgUnit, dataElement, categoryOptionCombo"
        ),
        MapFault.UID: _("bảng mã DHIS2, dòng {where}: uid phải có 11 chữ và số, bắt đầu bằng chữ"),
        MapFault.TWICE: _("bảng mã DHIS2, dòng {where}: mã này đã có ở dòng trên"),
        MapFault.MISSING: _("bảng mã DHIS2 thiếu «{where}»"),
    }[error.fault].format(where=error.where)


def user_sentence(error: UserError) -> str:
    """Return why a reader of the page is not written or read."""
    return {
        UserFault.BAD_NAME: _("tên đăng nhập «{detail}» phải có 2-32 chữ thường không dấu, số, dấu chấm hoặc gạch"),
        UserFault.TAKEN: _("đã có người dùng «{detail}»"),
        UserFault.UNKNOWN: _("không có người dùng «{detail}»"),
        UserFault.SHORT: _("mật khẩu phải có từ {least} đến {most} ký tự"),
        UserFault.WEAK: _("mật khẩu này dễ đoán quá: dùng nhiều ký tự khác nhau, không chứa tên đăng nhập"),
        UserFault.DAMAGED: _("{detail}: danh sách người xem bị hỏng; hãy chép lại từ bản sao lưu hoặc xóa đi làm lại"),
    }[error.fault].format(detail=error.detail, least=SHORTEST, most=LONGEST)


def file_state_text(status: str) -> str:
    """Return what became of a file, in a word."""
    return {MERGED: _("đã nhận"), HELD: _("giữ lại"), REFUSED: _("bị từ chối")}[status]
