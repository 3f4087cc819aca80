"""What an officer reads when a file is not taken or figures do not balance."""

from __future__ import annotations

from desk.daily.files import FileFault
from desk.daily.reasons import Refusal
from desk.rules.tally import FaultKind, ImbalanceKind
from desk.words import _


def refusal_sentence(reason: Refusal) -> str:
    """Return one sentence: what is wrong and what to do."""
    return {
        Refusal.TOO_LARGE: _("Tệp lớn hơn mức cho phép; đây không phải báo cáo ngày."),
        Refusal.TRUNCATED: _("Tệp bị cắt cụt trên đường đi; hãy chép hoặc gửi lại."),
        Refusal.DAMAGED: _("Tệp bị hỏng hoặc đã bị sửa; hãy chép hoặc gửi lại."),
        Refusal.UNSIGNED: _("Tệp không có chữ ký; chỉ nhận tệp do phần mềm ký."),
        Refusal.UNKNOWN_KEY: _("Khóa ký tệp này chưa được đăng ký; hãy đăng ký khóa của đơn vị trước."),
        Refusal.BAD_SIGNATURE: _("Chữ ký không khớp với nội dung: tệp đã bị thay đổi sau khi ký."),
        Refusal.WRONG_NAMESPACE: _("Chữ ký đúng nhưng được ký cho mục đích khác."),
        Refusal.PRACTICE: _("Đây là tệp của trung tâm vận hành thử, không nhận vào số liệu thật."),
        Refusal.NOT_PRACTICE: _("Đây là tệp số liệu thật, không nhận vào nơi vận hành thử."),
        Refusal.NOT_CANONICAL: _("Nội dung tệp không được viết theo dạng chuẩn."),
        Refusal.BAD_SCHEMA: _("Nội dung tệp không đúng cấu trúc quy định; hãy kiểm tra phiên bản phần mềm."),
        Refusal.WRONG_UNIT: _("Tệp ghi mã của một đơn vị khác."),
        Refusal.WRONG_INSTALLATION: _("Tệp ghi tên một máy khác với máy đã ký."),
        Refusal.RETIRED_KEY: _("Khóa ký đã thôi dùng trước tệp này; hãy dùng khóa mới của đơn vị."),
        Refusal.UNIT_RETIRED: _("Đơn vị đã thôi báo cáo trước ngày của tệp này; không nhận. Hãy hỏi tỉnh."),
        Refusal.NOT_BALANCED: _("Số liệu trong tệp không cân: tiếp nhận khác đã giải quyết cộng đang giải quyết."),
        Refusal.FORK: _("Đã có một tệp khác mang cùng số thứ tự; hãy báo ngay cho tỉnh."),
        Refusal.GAP: _("Còn thiếu tệp trước đó; tệp này được giữ lại chờ."),
        Refusal.WRONG_PREVIOUS: _("Tệp không nối tiếp tệp trước mà tỉnh đang giữ."),
        Refusal.FUTURE_DATE: _("Ngày của tệp ở tương lai; hãy kiểm tra đồng hồ của máy."),
        Refusal.BEFORE_START: _("Ngày của tệp trước ngày đơn vị bắt đầu dùng phần mềm."),
        Refusal.WRONG_STOCK: _("Số kỳ trước chuyển sang không bằng số còn lại của tệp trước."),
        Refusal.OVER_QUOTA: _("Đơn vị đã gửi quá nhiều tệp trong ngày; hãy gửi lại vào ngày mai."),
        Refusal.UNKNOWN_FILE: _("Giấy báo nhận này không phải cho tệp nào của đơn vị."),
        Refusal.NOT_NEWER: _("Phiên bản này không mới hơn phiên bản đang dùng."),
        Refusal.WRONG_CHAIN: _("Khóa mới không do khóa đang tin dùng của tỉnh giới thiệu; không nhận. Hãy hỏi tỉnh."),
        Refusal.RESET_WAITING: _("Đơn vị xin nối lại chuỗi báo cáo sau phục hồi; chờ tỉnh chấp nhận."),
        Refusal.RESET_BEHIND: _("Tỉnh đã có tệp sau chỗ xin nối lại; đơn vị phải lập đề nghị nối lại mới."),
        Refusal.RESET_REFUSED: _("Tỉnh không chấp nhận nối lại chuỗi báo cáo; hãy hỏi tỉnh rồi lập đề nghị mới."),
        Refusal.SUPERSEDED: _("Tệp thuộc đoạn đã bỏ khi tỉnh chấp nhận nối lại; số liệu không được tính."),
    }[reason]


def file_sentence(reason: FileFault) -> str:
    """Return why a file was neither read nor written."""
    return {
        FileFault.BAD_NAME: _("Tên tệp có ký tự không được phép."),
        FileFault.SYMLINK: _("Đây là liên kết, không phải tệp; không mở."),
        FileFault.NOT_A_FILE: _("Đây không phải là tệp thường; không mở."),
        FileFault.TOO_LARGE: _("Tệp lớn hơn mức cho phép; không đọc."),
        FileFault.DIFFERENT: _("Đã có tệp cùng tên với nội dung khác; không ghi đè."),
        FileFault.HARD_LINK: _("Tệp này còn một tên khác trên đĩa (liên kết cứng); không mở."),
    }[reason]


def imbalance_sentence(kind: ImbalanceKind) -> str:
    """Return why figures are not sealed."""
    return {
        ImbalanceKind.UNKNOWN_COUNTER: _("Có chỉ tiêu không thuộc báo cáo."),
        ImbalanceKind.NEGATIVE: _("Có số âm."),
        ImbalanceKind.IDENTITY: _("Số vào không bằng số ra cộng số đang giải quyết."),
        ImbalanceKind.CARRIED: _("Số kỳ trước chuyển sang không bằng số còn lại của tệp trước."),
        ImbalanceKind.TOTAL: _("Dòng tổng không bằng tổng các dòng."),
    }[kind]


def fault_sentence(kind: FaultKind) -> str:
    """Return how a dossier disturbs the balance."""
    return {
        FaultKind.CHANGED_TWICE: _("Hồ sơ bị đếm thay đổi hai lần."),
        FaultKind.IN_STOCK_TWICE: _("Hồ sơ bị đếm hai lần trong số đang giải quyết."),
        FaultKind.OPEN_BUT_NOT_IN_STOCK: _("Nhật ký cho là đang giải quyết nhưng danh sách không có."),
        FaultKind.IN_STOCK_BUT_NOT_OPEN: _("Danh sách đang giải quyết có hồ sơ mà nhật ký không cho là đang mở."),
        FaultKind.IN_ANOTHER_ROW: _("Nhật ký và danh sách ghi hai thủ tục khác nhau."),
        FaultKind.OPENING_DISAGREES: _("Trạng thái đầu kỳ không khớp với tệp trước."),
    }[kind]
