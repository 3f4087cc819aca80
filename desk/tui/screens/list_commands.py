"""The commands of the lists beside the day's work, and of what is done to several dossiers together."""

from __future__ import annotations

from collections.abc import Callable

from desk.tui.commands import Command, Place
from desk.words import _

LISTS = Command(
    "lists",
    "asterisk",
    lambda: _("Danh sách"),
    lambda: _("Chọn danh sách: nhận hôm nay, cần nhập lại, theo trạng thái, theo cán bộ."),
    Place.LIST,
)
SORT = Command(
    "sort",
    "right",
    lambda: _("Thứ tự"),
    lambda: _("Xếp theo hẹn trả, mới nhận, tên, thủ tục; ← thứ tự trước."),
    Place.LIST,
)
PICK = Command(
    "pick",
    "space",
    lambda: _("Chọn"),
    lambda: _("Chọn, bỏ chọn một hồ sơ, để làm chung một lần; Tab từ ô lọc sang đây."),
    Place.LIST,
    action="pick",
)
FORWARD_PICKED = Command(
    "forward_picked",
    "",
    lambda: _("Chuyển hết"),
    lambda: _("Chuyển mọi hồ sơ đang chọn; khi đang chọn, phím 1."),
    Place.LIST,
    action="together('forward')",
    in_menu="1",
)
RETURN_PICKED = Command(
    "return_result",
    "f6",
    lambda: _("Trả"),
    lambda: _("Hồ sơ chờ trả; khi đang chọn: trả kết quả mọi hồ sơ đang chọn."),
    Place.LIST,
    ("ctrl+r",),
)


def _list(name: str, words: Callable[[], str], sentence: Callable[[], str]) -> Command:
    return Command(f"list_{name}", "", words, sentence, Place.LIST, action=f"list('{name}')", in_menu="*")


NAMED = (
    _list("received_today", lambda: _("Nhận hôm nay"), lambda: _("Hồ sơ quầy này nhận hôm nay.")),
    _list("retype", lambda: _("Nhập lại"), lambda: _("Hồ sơ chưa có mã chính thức, phải nhập lại vào hệ thống tỉnh.")),
    _list("mine", lambda: _("Tôi nhận"), lambda: _("Hồ sơ tôi nhận mà còn việc phải làm.")),
    _list("state", lambda: _("Trạng thái"), lambda: _("Danh sách theo trạng thái.")),
    _list("received_by", lambda: _("Ai nhận"), lambda: _("Danh sách theo cán bộ nhận hồ sơ.")),
    _list("held_by", lambda: _("Đang giữ"), lambda: _("Danh sách theo bộ phận, người đang giữ hồ sơ.")),
)
"""The lists by name, for F9."""

LIST_COMMANDS = (LISTS, SORT, PICK, FORWARD_PICKED, RETURN_PICKED, *NAMED)
