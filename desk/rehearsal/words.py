"""What officers of the practice centre write down as their reasons."""

from __future__ import annotations

MISSING = (
    "Thiếu bản sao giấy khai sinh.",
    "Tờ khai chưa ký ở trang 2.",
    "Thiếu xác nhận của chủ sử dụng đất liền kề.",
    "Bản chụp không rõ số giấy tờ.",
)
DECLINED = ("Không thuộc thẩm quyền của xã.", "Giấy tờ xuất trình không phải bản chính.", "Hồ sơ nộp trùng.")
VOIDED = ("Nhập nhầm người nộp.", "Nhập trùng hồ sơ.", "Chọn nhầm thủ tục.")
WITHDRAWN = ("Người nộp xin rút để làm lại.", "Gia đình thay đổi ý định.")
REFUSED = ("Không đủ điều kiện theo quy định.", "Thông tin không khớp cơ sở dữ liệu hộ tịch.")
STOPPED = ("Quá hạn không bổ sung giấy tờ.",)
CORRECTED = ("Ghi nhận trả nhầm người.", "Bấm nhầm khi trả kết quả.")
OVERRIDE = ("Phát sinh tranh chấp ranh giới sau lần bổ sung đầu.", "Cơ quan phối hợp yêu cầu giấy tờ mới.")
VARIANT = ("Cần xác minh tại nơi cư trú trước đây.", "Hồ sơ phức tạp, nhiều tài liệu.")
APOLOGY = ("Chờ ý kiến cơ quan phối hợp.", "Cán bộ thẩm định đi thực địa chưa về kịp.")
OUTAGE = ("Mất điện, ghi sổ giấy rồi nhập lại.", "Hỏng máy, nhập lại từ sổ giấy.")
SHORT = "thối nhầm cho khách một tờ"
