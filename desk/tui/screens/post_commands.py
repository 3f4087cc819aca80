"""What the screens of the post can do."""

from __future__ import annotations

from desk.tui.commands import OUTBOX, Command, Place
from desk.words import _

EXPORT = Command(
    "export",
    "insert",
    lambda: _("Ra USB"),
    lambda: _("Xuất mọi tệp chưa được xác nhận ra một thư mục hoặc USB, nhận giấy báo ở đó."),
    Place.LIST,
)
OUTBOX_HERE = Command("outbox", "1", lambda: OUTBOX.label, lambda: OUTBOX.help)
SEND = Command("send", "1", lambda: _("Gửi ngay"), lambda: _("Gửi ngay mọi tệp chưa được xác nhận, không chờ lần tới."))
HEAR = Command(
    "hear",
    "2",
    lambda: _("Mã ĐT"),
    lambda: _("Gõ mã mười hai số mà tỉnh đọc qua điện thoại: ghi chú cạnh tệp, giấy báo nhận xác nhận sau."),
)
TAKE = Command(
    "take",
    "3",
    lambda: _("Nhận giấy"),
    lambda: _("Nhận giấy báo nhận từ một thư mục hoặc USB, không ghi gì lên đó."),
)
