"""Sentences for the reasons that the rules give."""

from __future__ import annotations

from desk.rules.card_fields import Sex
from desk.rules.clock import ClockError, ClockFault
from desk.rules.identity import CardReject, CardWarning, Verdict
from desk.rules.limits import LimitError, LimitFault
from desk.words import _


def limit_sentence(error: LimitError) -> str:
    """Return why a limit cannot be used, and how one is written."""
    sentences = {
        LimitFault.SYNTAX: _("không hiểu thời hạn «{written}»"),
        LimitFault.UNIT: _("không có đơn vị thời hạn này: «{written}»"),
        LimitFault.VALUE: _("số của thời hạn không dùng được: «{written}»"),
        LimitFault.CUTOFF: _("giờ chốt không dùng được: «{written}»"),
        LimitFault.CASE: _("trường hợp thiếu tên: «{written}»"),
        LimitFault.TWICE: _("trường hợp ghi hai lần: «{written}»"),
        LimitFault.OTHER_UNIT: _("không cộng được hai đơn vị khác nhau: «{written}»"),
    }
    how = _("viết như «3 working_day», «10 calendar_day», «1 month», «8 working_hour», «same_day», «same_day@16:00»")
    return f"{sentences[error.fault].format(written=error.written)}; {how}"


def clock_sentence(error: ClockError) -> str:
    """Return why events cannot have happened to one dossier."""
    from desk.counter import say

    sentences = {
        ClockFault.NO_LIMIT: _("sự kiện lúc {at} cần một thời hạn mới"),
        ClockFault.NO_DATE: _("hẹn lại lúc {at} cần ngày hẹn mới"),
        ClockFault.BEFORE_START: _("sự kiện lúc {at} xảy ra trước khi nhận hồ sơ"),
        ClockFault.ALREADY_OPEN: _("sự kiện lúc {at}: lần dừng trước chưa kết thúc"),
        ClockFault.NOT_OPEN: _("sự kiện lúc {at}: không có lần dừng nào cùng loại để kết thúc"),
        ClockFault.SECOND_VARIANT: _("lúc {at}: chỉ được đổi trường hợp một lần"),
        ClockFault.VARIANT_AFTER_RESCHEDULE: _("lúc {at}: không đổi trường hợp sau khi đã hẹn lại"),
        ClockFault.SECOND_RESCHEDULE: _("lúc {at}: chỉ được hẹn lại một lần"),
    }
    return sentences[error.fault].format(at=say.moment(error.at))


def verdict_text(verdict: Verdict) -> str:
    """Return what an officer may do with a scan."""
    return {
        Verdict.OK: _("Đọc được"),
        Verdict.WARN: _("Đọc được, cần xem lại"),
        Verdict.REJECT: _("Không dùng được"),
    }[verdict]


def sex_text(sex: Sex) -> str:
    """Return the sex as the card writes it."""
    return {Sex.MALE: _("Nam"), Sex.FEMALE: _("Nữ")}[sex]


def card_reason_sentence(reason: CardReject) -> str:
    """Return why a scan gives nothing, and what to do."""
    return {
        CardReject.EMPTY: _("không có nội dung, hãy quét lại"),
        CardReject.TOO_LONG: _("dài hơn mọi thẻ, đây không phải mã QR trên thẻ căn cước"),
        CardReject.UNKNOWN: _("không phải mã QR trên thẻ căn cước"),
        CardReject.HEALTH_CARD: _("đây là thẻ bảo hiểm y tế, hãy quét thẻ căn cước"),
        CardReject.NO_SEPARATORS: _("máy quét làm mất dấu | giữa các trường, hãy sửa cấu hình máy quét rồi quét lại"),
        CardReject.NO_ID: _("không có số định danh 12 chữ số, hãy quét lại"),
        CardReject.BAD_DATE: _("có ngày không có thật, hãy quét lại"),
        CardReject.INCOMPLETE: _("nội dung bị cắt, hãy quét lại"),
        CardReject.DOUBLE: _("hai lần quét dính nhau, hãy quét lại một lần"),
    }[reason]


def card_warning_sentence(warning: CardWarning) -> str:
    """Return what is doubtful about a card that could be read."""
    return {
        CardWarning.PROVINCE_UNKNOWN: _("ba số đầu không phải mã nơi đăng ký khai sinh nào"),
        CardWarning.ENCODING_REPAIRED: _("bảng mã sai đã được sửa lại"),
        CardWarning.SEPARATORS_FOREIGN: _("dấu | bị máy quét đổi thành dấu khác"),
        CardWarning.MARKS_LOST: _("chữ không có dấu"),
        CardWarning.TELEX_LEFT: _("họ tên còn phím gõ Telex"),
        CardWarning.NAME_DAMAGED: _("họ tên bị mất chữ"),
        CardWarning.ADDRESS_DAMAGED: _("địa chỉ bị mất chữ"),
        CardWarning.SEX_DAMAGED: _("giới tính không đọc rõ"),
        CardWarning.BIRTH_INCOMPLETE: _("ngày sinh không đủ ngày, tháng"),
        CardWarning.ISSUED_MISSING: _("thiếu ngày cấp"),
        CardWarning.DATES_CONTRADICT: _("ngày cấp không sau ngày sinh"),
        CardWarning.DATE_IN_FUTURE: _("có ngày ở tương lai so với đồng hồ máy này"),
        CardWarning.BORN_ABROAD: _("mã nơi sinh ở nước ngoài"),
        CardWarning.SEX_MISMATCH: _("số định danh không khớp giới tính"),
        CardWarning.BIRTH_MISMATCH: _("số định danh không khớp năm sinh"),
        CardWarning.ORDER_UNCONFIRMED: _("thứ tự trường khác thẻ năm 2021"),
        CardWarning.SURPLUS_DROPPED: _("đã bỏ các trường không cần"),
    }[warning]
