"""What an officer can do in the fast lane."""

from __future__ import annotations

from msgspec.structs import replace

from desk.tui.commands import ADD, BACK, REPEAT, SAVE, Command, Place
from desk.words import _

FINISH = replace(
    SAVE, words=lambda: _("Xong"), sentence=lambda: _("Lưu: nhận, trả ngay và đếm; Enter ở ô Số bản cũng lưu.")
)
ADD_PAPER = replace(
    ADD,
    words=lambda: _("Thêm"),
    sentence=lambda: _("Thêm loại giấy tờ nữa cho cùng người; lưu cùng một lần."),
    place=Place.FORM,
)
AS_BEFORE = replace(REPEAT, sentence=lambda: _("Điền những gì còn trống như lần vừa lưu."))
SLIP = Command(
    "slip",
    "pagedown",
    lambda: _("Phiếu"),
    lambda: _("Xem, in giấy tiếp nhận của lần vừa lưu, nếu người dân cần."),
    Place.FORM,
)
TAKE_BACK = Command(
    "take_back",
    "pageup",
    lambda: _("Lấy lại"),
    lambda: _("Lấy lại dòng vừa thêm; hay lần vừa lưu, trong mười phút: hủy nhập, điền lại để sửa."),
    Place.FORM,
)
LEAVE = replace(BACK, sentence=lambda: _("Về màn hình trước; những gì đã gõ vẫn giữ."), place=Place.FORM)
CLEAR = Command(
    "clear", "", lambda: _("Bỏ đang gõ"), lambda: _("Bỏ những gì đang gõ ở chứng thực nhanh, bắt đầu lại."), Place.FORM
)

PAY_CASH = Command(
    "pay_cash",
    "",
    lambda: _("Tiền mặt"),
    lambda: _("Lệ phí lần này thu tiền mặt, có biên lai."),
    Place.FORM,
    action="pay('cash')",
)
PAY_TRANSFER = Command(
    "pay_transfer",
    "",
    lambda: _("Ch. khoản"),
    lambda: _("Lệ phí lần này chuyển khoản, có biên lai."),
    Place.FORM,
    action="pay('transfer')",
)
PAY_LATER = Command(
    "pay_later",
    "",
    lambda: _("Chưa thu"),
    lambda: _("Từ lần này chưa thu lệ phí ở đây: thu sau, hoặc nơi khác."),
    Place.FORM,
    action="pay('')",
)
PAYING = (PAY_CASH, PAY_TRANSFER, PAY_LATER)

ALL: tuple[Command, ...] = (FINISH, ADD_PAPER, AS_BEFORE, SLIP, TAKE_BACK, LEAVE, CLEAR, *PAYING)
