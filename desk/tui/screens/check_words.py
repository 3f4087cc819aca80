"""What the first-day check says: what each fault means and what to change."""

from __future__ import annotations

from collections.abc import Sequence

from desk.checked import Machine, Outcome, Result
from desk.rules.trials import ScanFault, TypingFault
from desk.tui.commands import PALETTE
from desk.tui.keys import key_label
from desk.words import _


def machine_name(machine: Machine) -> str:
    """Return what is tried."""
    return {
        Machine.SCANNER: _("Máy quét"),
        Machine.KEYBOARD: _("Gõ tiếng Việt"),
        Machine.PRINTER: _("Máy in"),
        Machine.KEYS: _("Phím chức năng"),
        Machine.COLOURS: _("Màu sắc"),
        Machine.SIZE: _("Cỡ màn hình"),
    }[machine]


def what_for(machine: Machine) -> str:
    """Return what the trial does, for a machine that was not tried yet."""
    return {
        Machine.SCANNER: _("quét một thẻ, một phiếu: xem đến thế nào"),
        Machine.KEYBOARD: _("gõ một câu bằng bộ gõ của máy"),
        Machine.PRINTER: _("in một phiếu thử"),
        Machine.KEYS: _("bấm từng phím F1-F9, F12, Ctrl"),
        Machine.COLOURS: _("nhìn mẫu từng màu"),
        Machine.SIZE: _("ít nhất 80 cột, 24 dòng"),
    }[machine]


def result_name(outcome: Outcome | None) -> str:
    """Return how a trial ended."""
    if outcome is None:
        return _("chưa thử")
    return {Result.GOOD: _("đạt"), Result.BAD: _("CHƯA"), Result.SKIPPED: _("bỏ qua")}[outcome.result]


def scan_advice(fault: ScanFault) -> str:
    """Return what a fault of a scan means and what to change."""
    return {
        ScanFault.SHORT: _("Quá ngắn: gõ tay, hay máy quét chỉ gửi một phần. Quét lại."),
        ScanFault.SLOW: _("Chậm như người gõ: đặt khoảng nghỉ giữa các ký tự của máy quét về 0."),
        ScanFault.PAUSES: _("Có lúc ngừng giữa chừng: cáp, cổng USB hay đường truyền chậm; vẫn đọc được."),
        ScanFault.NO_END: _("Không có đuôi: cài đuôi Enter (CR) theo sách hướng dẫn của máy quét."),
        ScanFault.TAB_END: _("Đuôi là Tab, dùng được; nên đổi sang Enter (CR)."),
        ScanFault.PREFIX: _("Có chữ thừa ở đầu: tắt tiền tố (prefix, AIM ID) của máy quét; vẫn đọc được."),
        ScanFault.SUFFIX: _("Có chữ thừa ở cuối: tắt hậu tố (suffix), chỉ để Enter."),
        ScanFault.INPUT_METHOD: _("Bộ gõ chen vào: tắt Vietkey, Unikey (chuyển sang E) khi quét."),
        ScanFault.ENCODING: _("Chữ lỗi bảng mã, đã sửa được: đặt máy quét gửi Unicode, hoặc nối kiểu USB-COM."),
        ScanFault.MARKS_LOST: _("Mất hết dấu: đặt máy quét gửi Unicode (UTF-8), không phải ASCII."),
        ScanFault.LETTERS_LOST: _("Mất chữ: đặt máy quét gửi Unicode (UTF-8); tên phải gõ lại bằng tay."),
        ScanFault.SEPARATORS: _("Dấu | bị đổi hay mất: đặt bàn phím của máy quét là US English."),
        ScanFault.CAPS: _("Chữ hoa, chữ thường ngược nhau: tắt Caps Lock."),
        ScanFault.CUT: _("Nội dung bị cắt hay hỏng: quét lại, lau mã; vẫn vậy thì giảm tốc độ gửi của máy quét."),
        ScanFault.DOUBLE: _("Hai lần quét dính nhau: cài đuôi Enter (CR), quét từng thẻ."),
        ScanFault.HEALTH_CARD: _("Đây là thẻ bảo hiểm y tế: hãy thử bằng thẻ căn cước."),
        ScanFault.NOT_A_CARD: _("Không phải mã QR trên thẻ căn cước hay mã hồ sơ: thử bằng thẻ căn cước."),
    }[fault]


def typing_advice(fault: TypingFault) -> str:
    """Return what a fault of typing means and what to change."""
    return {
        TypingFault.TELEX: _("Bộ gõ chưa bật: bật tiếng Việt (V), kiểu Telex; bảng mã Unicode."),
        TypingFault.VNI: _("Bộ gõ chưa bật hay đang ở kiểu khác: bật tiếng Việt (V), chọn kiểu VNI."),
        TypingFault.MARKS_LOST: _("Mất hết dấu: bộ gõ chưa bật, hay cửa sổ không nhận Unicode (đặt LANG là UTF-8)."),
        TypingFault.OTHER_TABLE: _("Bảng mã cũ (TCVN3, VNI Windows): trong bộ gõ chọn bảng mã Unicode dựng sẵn."),
        TypingFault.DOUBLED: _(
            "Chữ bị lặp: trong bộ gõ tắt «gõ kiểu clipboard», hoặc bật «sửa lỗi gõ trong cửa sổ lệnh»."
        ),
        TypingFault.LOST: _("Mất chữ: gõ chậm lại một lần; vẫn mất thì đổi bộ gõ (ibus-bamboo, EVKey, OpenKey)."),
        TypingFault.DIFFERENT: _("Khác câu mẫu: gõ lại cho đúng; vẫn khác thì xem kiểu gõ và bảng mã của bộ gõ."),
    }[fault]


class PrinterFault:
    """Names of what may be wrong with a printer."""

    NONE = "none"
    REFUSED = "refused"
    NOTHING = "nothing"
    UNREADABLE = "unreadable"


def _printer_advice(fault: str) -> str:
    return {
        PrinterFault.NONE: _("Máy chưa có máy in: cài máy in (lệnh lp phải chạy được); phiếu tạm ghi ra tệp."),
        PrinterFault.REFUSED: _("Máy in báo lỗi: xem nguồn, giấy, dây nối, rồi thử lại."),
        PrinterFault.NOTHING: _("Không ra giấy: chọn lại máy in mặc định, xem hàng đợi in."),
        PrinterFault.UNREADABLE: _("Chữ sai hay lệch: máy in phải nhận UTF-8, chữ đều 80 cột trên khổ A4."),
    }.get(fault, "")


def _key_advice(faults: Sequence[str]) -> str:
    keys = " ".join(key_label(fault) for fault in faults)
    if set(PALETTE.keys) <= set(faults):
        return _("Không tới: {keys}. Cả F9 và Ctrl+G bị giữ lại: đổi cửa sổ dòng lệnh.").format(keys=keys)
    return _("Không tới: {keys}. Cửa sổ hay bàn phím giữ lại: F9 (Ctrl+G) rồi gõ tên lệnh thay được.").format(keys=keys)


def every_advice(machine: Machine, outcome: Outcome) -> tuple[str, ...]:
    """Return everything to change after a trial that was not good."""
    if machine is Machine.SCANNER:
        return tuple(scan_advice(ScanFault(each)) for each in outcome.faults if each in set(ScanFault))
    return (advice(machine, outcome),)


def advice(machine: Machine, outcome: Outcome | None) -> str:
    """Return the first thing to change after a trial; where there is none, what the trial is for."""
    if outcome is None:
        return what_for(machine)
    if outcome.result is not Result.BAD:
        return ""
    first = outcome.faults[0] if outcome.faults else ""
    if machine is Machine.SCANNER:
        return scan_advice(ScanFault(first)) if first in set(ScanFault) else ""
    if machine is Machine.KEYBOARD:
        return typing_advice(TypingFault(first)) if first in set(TypingFault) else ""
    if machine is Machine.PRINTER:
        return _printer_advice(first)
    if machine is Machine.KEYS:
        return _key_advice(outcome.faults)
    if machine is Machine.SIZE:
        return _("Nhỏ hơn 80 cột, 24 dòng: phóng to cửa sổ, hay giảm cỡ chữ.")
    return _("Khó phân biệt màu: chọn màu khác trong lần thử, rồi F9 gõ mau sac để giữ.")
