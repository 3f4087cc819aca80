"""What an officer can do while a dossier is typed into the official system."""

from __future__ import annotations

from msgspec.structs import replace

from desk.tui.commands import RETYPE, Command, Place
from desk.words import _

COPY = Command(
    "copy_next",
    "enter",
    lambda: _("Chép"),
    lambda: _("Chép ô này vào khay nhớ tạm; ô vừa chép thì đánh dấu đã nhập, rồi chép ô sau."),
)
AGAIN = Command("copy_again", "c", lambda: _("Lại"), lambda: _("Chép lại ô này, không đánh dấu gì."))
TICK = Command("tick_field", "space", lambda: _("Đã nhập"), lambda: _("Đánh dấu, bỏ dấu đã nhập, không chép."))
CODE = Command(
    "enter_code",
    "m",
    lambda: _("Mã"),
    lambda: _("Quét hay gõ mã chính thức mà hệ thống vừa cấp, rồi sang hồ sơ sau."),
)
FOLLOWING = Command(
    "following", "n", lambda: _("Kế tiếp"), lambda: _("Để hồ sơ này đó, sang hồ sơ sau chưa có mã chính thức.")
)
FROM_DOSSIER = replace(
    RETYPE, key="n", sentence=lambda: _("Nhập lại hồ sơ này vào hệ thống tỉnh, từng ô."), place=Place.SCREEN
)
"""On the screen of a dossier."""

FROM_LIST = replace(
    RETYPE,
    key="insert",
    sentence=lambda: _("Nhập lại hồ sơ ở con trỏ vào hệ thống tỉnh, từng ô."),
    place=Place.LIST,
)
"""In a list."""
