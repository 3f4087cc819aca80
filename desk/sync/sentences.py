"""What an officer reads when a file does not get further."""

from __future__ import annotations

from desk.daily.files import FileFault
from desk.daily.reasons import Refusal
from desk.daily.sentences import file_sentence, refusal_sentence
from desk.sync.ways import Trouble
from desk.words import _


def trouble_sentence(trouble: Trouble) -> str:
    """Return one sentence: what is wrong and what to do."""
    return {
        Trouble.NO_WAY: _("Chưa chọn nơi gửi; hãy đặt thư mục trao đổi với tỉnh."),
        Trouble.UNREACHABLE: _("Không thấy thư mục trao đổi; hãy cắm USB hoặc kiểm tra đường mạng."),
        Trouble.NOT_WRITABLE: _("Không ghi được vào thư mục trao đổi; hãy kiểm tra khóa chống ghi và quyền."),
        Trouble.DISK_FULL: _("Thư mục trao đổi đã đầy; hãy giải phóng chỗ rồi gửi lại."),
        Trouble.NOT_READABLE: _("Không đọc được thư mục trao đổi; hãy kiểm tra USB hoặc quyền."),
        Trouble.DAMAGED_HERE: _("Tệp trong hộp gửi bị hỏng; mở phần mềm để lập lại từ cơ sở dữ liệu."),
        Trouble.NO_KEY: _("Chưa có khóa của tỉnh nên chưa kiểm được giấy báo nhận."),
        Trouble.KEY_CHANGED: _("Khóa của tỉnh khác khóa đã tin dùng; không nhận. Hãy đối chiếu vân tay với tỉnh."),
        Trouble.KEY_WAITS: _("Tỉnh đã dùng khóa mới mà ta chưa duyệt; hãy xem và áp dụng ở F9, «Tin tỉnh»."),
        Trouble.KEY_UNREADABLE: _("Không đọc được khóa của tỉnh; hãy xin lại tệp province.pub."),
        Trouble.RECEIPTS_DIFFER: _("Hai giấy báo nhận khác nhau mang cùng một số; giữ giấy đầu. Hãy báo cho tỉnh."),
        Trouble.NO_LINE: _("Không tới được máy chủ của tỉnh; hãy kiểm tra mạng. Tệp vẫn chờ và sẽ được gửi lại."),
        Trouble.LINE_BROKEN: _("Đường truyền đứt giữa chừng; sẽ gửi lại, tỉnh không nhận hai lần."),
        Trouble.TOO_SLOW: _("Đường truyền quá chậm, hết thời gian một lần gửi; sẽ gửi lại."),
        Trouble.BUSY: _("Máy chủ của tỉnh đang bận hoặc tạm dừng; sẽ gửi lại."),
        Trouble.NOT_PROVINCE: _("Câu trả lời không phải của máy chủ tỉnh (trang đăng nhập Wi-Fi?); chưa gửi được gì."),
        Trouble.REDIRECTED: _("Mạng chuyển sang trang khác (trang đăng nhập Wi-Fi?); hãy đăng nhập mạng rồi gửi lại."),
        Trouble.ANSWER_TOO_LARGE: _("Câu trả lời dài quá mức, không phải của máy chủ tỉnh; không đọc."),
        Trouble.UNTRUSTED_SERVER: _("Máy trả lời không có chứng chỉ của tỉnh; không gửi. Hãy hỏi lại tỉnh vân tay."),
        Trouble.UNKNOWN_THERE: _("Tỉnh chưa đăng ký khóa của đơn vị; hãy gửi tỉnh kết quả của «desk key show»."),
        Trouble.NOT_TAKEN: _("Máy chủ tỉnh không nhận tệp này và không cấp giấy báo nhận; hãy hỏi tỉnh."),
        Trouble.DAMAGED_THERE: _("Tệp tỉnh công bố bị hỏng trên đường đi; sẽ lấy lại từ đầu."),
        Trouble.BAD_ADDRESS: _(
            "Địa chỉ nơi gửi không dùng được; sửa «ways» trong desk.toml, ví dụ https://tinh.vn:8443."
        ),
        Trouble.BAD_CERTIFICATE: _("Không đọc được chứng chỉ của tỉnh; sửa «certificate» trong desk.toml."),
        Trouble.OTHER_HOST_KEY: _("Máy SFTP trả lời không có khóa máy chủ của tỉnh; không gửi. Hãy hỏi lại vân tay."),
        Trouble.BAD_HOST_KEY: _("Chưa có hoặc không đọc được khóa máy chủ SFTP; ghi «host_key» vào desk.toml."),
        Trouble.LOGIN_REFUSED: _("Tỉnh chưa nhận khóa SFTP của đơn vị; hãy gửi tỉnh kết quả «desk key show --sftp»."),
        Trouble.NO_SFTP_KEY: _("Máy này chưa có khóa SFTP; hãy chạy «desk key show --sftp» và gửi tỉnh kết quả."),
        Trouble.SFTP_KEY_UNREADABLE: _(
            "Không đọc được khóa sftp.key; xóa tệp này, chạy «desk key show --sftp», gửi lại tỉnh."
        ),
        Trouble.NO_SFTP: _("Thiếu thư viện SFTP trên máy này; hãy cài «motcua-desk[sftp]»."),
        Trouble.NO_FOLDER_THERE: _("Máy chủ SFTP không có thư mục «in» của đơn vị; hãy hỏi tỉnh hoặc sửa «ways»."),
        Trouble.FULL_THERE: _("Máy chủ SFTP của tỉnh không ghi được tệp (hết chỗ?); hãy báo tỉnh. Sẽ gửi lại."),
        Trouble.MAIL_NO_LINE: _(
            "Không tới được máy chủ thư điện tử; hãy kiểm tra mạng. Tệp vẫn chờ và sẽ được gửi lại."
        ),
        Trouble.MAIL_STRANGE: _("Câu trả lời không phải của một máy chủ thư điện tử; chưa gửi được gì."),
        Trouble.MAIL_LATER: _("Máy chủ thư điện tử yêu cầu gửi lại sau; sẽ tự gửi lại."),
        Trouble.MAIL_UNTRUSTED: _(
            "Chứng chỉ của máy chủ thư điện tử không đáng tin; không gửi mật khẩu. Hãy hỏi người quản trị thư."
        ),
        Trouble.MAIL_NO_TLS: _("Máy chủ thư điện tử không mã hóa đường truyền; không gửi mật khẩu. Hãy dùng smtps://."),
        Trouble.MAIL_LOGIN: _("Máy chủ thư điện tử không cho đăng nhập; hãy kiểm tra tên và mật khẩu của hộp thư."),
        Trouble.MAIL_SENDER: _("Máy chủ thư điện tử không cho gửi từ địa chỉ này; sửa «ways» trong desk.toml."),
        Trouble.MAIL_RECIPIENT: _("Không có hộp thư nhận này; hãy hỏi tỉnh rồi sửa «ways» trong desk.toml."),
        Trouble.MAIL_REFUSED: _("Máy chủ thư điện tử từ chối thư có tệp ngày; hãy hỏi người quản trị thư."),
        Trouble.MAIL_CERTIFICATE: _(
            "Không đọc được chứng chỉ của máy chủ thư điện tử; sửa «mail_certificate» trong desk.toml."
        ),
        Trouble.MAIL_PASSWORD: _(
            "Không đọc được mật khẩu hộp thư; hãy ghi vào tệp mail.password trong thư mục dữ liệu (quyền 0600)."
        ),
        Trouble.MAIL_PASSWORD_OPEN: _("Người khác đọc được tệp mail.password; hãy đặt quyền 0600 và đổi mật khẩu."),
    }[trouble]


def reason_sentence(reason: str) -> str:
    """Return the sentence of a reason code of a file or a receipt; empty for none, the text itself for no code."""
    if reason in set(Trouble):
        return trouble_sentence(Trouble(reason))
    if reason in set(Refusal):
        return refusal_sentence(Refusal(reason))
    return file_sentence(FileFault(reason)) if reason in set(FileFault) else reason
