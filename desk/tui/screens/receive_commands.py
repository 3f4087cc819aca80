"""What an officer can do on the receipt form."""

from __future__ import annotations

from msgspec.structs import replace

from desk.tui.commands import BACK, REPEAT, SAVE, Command, Place
from desk.words import _

REPEAT_PERSON = replace(REPEAT, words=lambda: _("Lặp người"), sentence=lambda: _("Điền lại người nộp vừa rồi."))
KEEP = replace(
    BACK, words=lambda: _("Để nháp"), sentence=lambda: _("Để phiếu này làm nháp, về màn hình trước."), place=Place.FORM
)
LATE = Command(
    "late_entry", "", lambda: _("Nhập muộn"), lambda: _("Nhập muộn: hồ sơ đã nhận từ trước, cần lý do."), Place.FORM
)
ELSEWHERE = Command(
    "elsewhere",
    "",
    lambda: _("Phi địa giới"),
    lambda: _("Phi địa giới: nhận thay cơ quan có thẩm quyền ở nơi khác; thời hạn tính từ khi nơi đó nhận."),
    Place.FORM,
)
FOR_OTHER = Command(
    "for_other",
    "insert",
    lambda: _("Nộp thay"),
    lambda: _("Có người nộp thay, hoặc không còn nữa."),
    Place.FORM,
)
KIND = Command(
    "kind",
    "",
    lambda: _("Tổ chức"),
    lambda: _("Người nộp là công dân, tổ chức hay hộ kinh doanh: ↑ từ tên, rồi ← →."),
    Place.FORM,
)
PAY = Command(
    "pay",
    "pagedown",
    lambda: _("Thu tiền"),
    lambda: _("Thu lệ phí ngay khi lưu, có biên lai: tiền mặt; bấm nữa: chuyển khoản; nữa: không thu."),
    Place.FORM,
)
DRAFTS = Command("drafts", "", lambda: _("Phiếu nháp"), lambda: _("Các phiếu nháp chưa lưu."), Place.FORM)

ALL = (SAVE, REPEAT_PERSON, FOR_OTHER, PAY, KEEP, KIND, LATE, ELSEWHERE, DRAFTS)
