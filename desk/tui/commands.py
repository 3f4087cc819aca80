"""Every command, declared once: its keys, its word on the key bar, its sentence in help, its place.

Bindings, key bar, help page and the list under F9 are all derived from here.
Words are looked up when they are shown, so that the language may change after import.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum

from msgspec import Struct
from textual.binding import Binding

from desk.rules.text import fold
from desk.tui.keys import ALLOWED_KEYS, LETTER_KEYS, key_label
from desk.words import _

LONGEST_LABEL = 10
"""Cells of a word on the key bar: six of them and the sync state fit in 80."""


class Place(Enum):
    """Where a command works."""

    EVERYWHERE = "everywhere"
    LIST = "list"
    FORM = "form"
    SCREEN = "screen"

    def title(self) -> str:
        """Return the heading of this place on the help page."""
        return {
            Place.EVERYWHERE: _("Ở mọi màn hình"),
            Place.LIST: _("Trong danh sách"),
            Place.FORM: _("Trong biểu mẫu"),
            Place.SCREEN: _("Màn hình này"),
        }[self]


class Command(Struct, frozen=True):
    """Something the officer can do.

    `action` is the textual action, by default the id (`action_<id>` on the node that binds it); a command without
    a key is reached through F9 only, or through a menu under the key that `in_menu` names.
    """

    id: str
    key: str
    words: Callable[[], str]
    sentence: Callable[[], str]
    place: Place = Place.SCREEN
    aliases: tuple[str, ...] = ()
    action: str = ""
    in_menu: str = ""

    def __post_init__(self) -> None:
        unknown = [key for key in self.keys if key not in ALLOWED_KEYS]
        if unknown:
            raise ValueError(f"{self.id}: keys that do not arrive in every terminal: {unknown}")

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys, the main one first."""
        return (self.key, *self.aliases) if self.key else self.aliases

    @property
    def label(self) -> str:
        """The word on the key bar."""
        return self.words()

    @property
    def help(self) -> str:
        """The sentence on the help page."""
        return self.sentence()

    @property
    def key_names(self) -> str:
        """The keys as printed: `F2, Ctrl+N`."""
        return ", ".join(key_label(key) for key in self.keys) or self.in_menu

    def binding(self) -> Binding:
        """Return the textual binding; a letter is bound in both cases."""
        keys = [form for key in self.keys for form in _forms(key)]
        return Binding(",".join(keys), self.action or self.id, self.id, show=False, id=self.id)


def _forms(key: str) -> tuple[str, ...]:
    return (key.lower(), key.upper()) if key in LETTER_KEYS else (key,)


def bindings(*commands: Command) -> list[Binding]:
    """Return what goes into `BINDINGS`; the same key twice is a ValueError."""
    seen: dict[str, str] = {}
    for command in commands:
        for key in command.keys:
            if key in seen:
                raise ValueError(f"{key} runs both {seen[key]} and {command.id}")
            seen[key] = command.id
    return [command.binding() for command in commands if command.keys]


def help_lines(commands: Iterable[Command], *, built_in: Iterable[Place] = ()) -> list[str]:
    """Return the help page: one block for each place, one line for each command.

    `built_in` names the places whose moving keys are told too. A command without a key stands under its name.
    """
    listed, moving = list(commands), frozenset(built_in)
    lines: list[str] = []
    for place in (Place.SCREEN, Place.LIST, Place.FORM, Place.EVERYWHERE):
        block = list(_MOVING[place]()) if place in moving else []
        block += [(command.key_names or command.label, command.help) for command in listed if command.place is place]
        if block:
            lines += ["", place.title()] if lines else [place.title()]
            lines += [f"  {keys:<14} {said}" for keys, said in block]
    return lines


_MOVING: Mapping[Place, Callable[[], tuple[tuple[str, str], ...]]] = {
    Place.LIST: lambda: (
        ("↑ ↓ PgUp PgDn", _("Lên xuống từng dòng, từng trang; Home, End: đầu, cuối.")),
        ("Enter", _("Mở dòng đang chọn, hồ sơ sau một con số.")),
    ),
    Place.FORM: lambda: (("Enter Tab ↑ ↓", _("Sang ô tiếp theo, ô trước; ← → đổi trong ô có mũi tên.")),),
}
"""Keys that lists and forms have of themselves."""


def found(commands: Iterable[Command], typed: str) -> list[Command]:
    """Return the commands that hold every typed word, accents or not; a match in the label comes first."""
    words = fold(typed).split()
    ranked: list[tuple[int, int, Command]] = []
    for order, command in enumerate(commands):
        label = fold(command.label)
        text = f"{label} {fold(command.help)} {fold(command.key_names)} {command.id}"
        if all(word in text for word in words):
            rank = 0 if words and label.startswith(words[0]) else 1 if all(word in label for word in words) else 2
            ranked.append((rank, order, command))
    return [command for _rank, _order, command in sorted(ranked, key=lambda item: item[:2])]


HELP = Command("help", "f1", lambda: _("Giúp"), lambda: _("Giúp về màn hình này và mọi phím."), Place.EVERYWHERE)
RECEIVE = Command(
    "receive",
    "f2",
    lambda: _("Nhận"),
    lambda: _("Tiếp nhận hồ sơ: quét thẻ hoặc gõ."),
    Place.EVERYWHERE,
    ("ctrl+n",),
)
CERTIFY = Command(
    "certify",
    "f3",
    lambda: _("Chứng thực"),
    lambda: _("Chứng thực nhanh: bản sao, chữ ký, trích lục."),
    Place.EVERYWHERE,
    ("ctrl+t",),
)
FIND = Command(
    "find",
    "f4",
    lambda: _("Tìm"),
    lambda: _("Tìm hồ sơ theo tên, mã, số định danh; gõ không dấu cũng được."),
    Place.EVERYWHERE,
    ("ctrl+o",),
)
WORK = Command(
    "work", "f5", lambda: _("Việc"), lambda: _("Việc trong ngày: màn hình chính."), Place.EVERYWHERE, ("ctrl+l",)
)
RETURN = Command(
    "return_result", "f6", lambda: _("Trả"), lambda: _("Trả kết quả cho người dân."), Place.EVERYWHERE, ("ctrl+r",)
)
CLOSE = Command(
    "close_day",
    "f7",
    lambda: _("Chốt"),
    lambda: _("Chốt ngày và gửi tệp ngày lên tỉnh."),
    Place.EVERYWHERE,
    ("ctrl+y",),
)
NUMBERS = Command(
    "numbers", "f8", lambda: _("Số liệu"), lambda: _("Số liệu và báo cáo, đến từng hồ sơ."), Place.EVERYWHERE
)
PALETTE = Command(
    "palette",
    "f9",
    lambda: _("Lệnh"),
    lambda: _("Mọi lệnh và mọi nơi, gõ không dấu để tìm."),
    Place.EVERYWHERE,
    ("ctrl+g",),
)
LOCK = Command("lock", "f12", lambda: _("Khóa"), lambda: _("Khóa và che màn hình."), Place.EVERYWHERE)

SAVE = Command(
    "save",
    "f2",
    lambda: _("Lưu"),
    lambda: _("Lưu ngay, chắc chắn, rồi báo số hồ sơ."),
    Place.FORM,
    ("ctrl+n", "ctrl+s"),
)
REPEAT = Command("repeat", "ctrl+p", lambda: _("Lặp lại"), lambda: _("Lặp người nộp hoặc dòng vừa rồi."), Place.FORM)
BACK = Command("back", "escape", lambda: _("Quay lại"), lambda: _("Lùi một bước, giữ những gì đã gõ."), Place.SCREEN)
ADD = Command("add", "insert", lambda: _("Thêm"), lambda: _("Thêm một dòng."), Place.LIST)
FIND_HERE = Command("find_here", "slash", lambda: _("Tìm"), lambda: _("Lọc danh sách; gõ chữ là lọc ngay."), Place.LIST)

MORNING = Command(
    "morning",
    "",
    lambda: _("Buổi sáng"),
    lambda: _("Việc buổi sáng: hôm nay phải trả, phải xin lỗi, đã quá hạn."),
    Place.EVERYWHERE,
)
CALENDAR = Command(
    "calendar",
    "",
    lambda: _("Lịch"),
    lambda: _("Lịch làm việc: ngày nghỉ, ngày làm bù, giờ làm việc."),
    Place.EVERYWHERE,
)

OFFICERS = Command(
    "officers",
    "",
    lambda: _("Cán bộ"),
    lambda: _("Cán bộ ở quầy: thêm, cho nghỉ, đặt mã PIN, đổi người."),
    Place.EVERYWHERE,
)

RETYPE = Command(
    "retype",
    "",
    lambda: _("Nhập lại"),
    lambda: _("Nhập lại vào hệ thống tỉnh, từng ô: hồ sơ lâu nhất chưa có mã chính thức."),
    Place.EVERYWHERE,
)

HINTS = Command(
    "hints",
    "",
    lambda: _("Gợi ý"),
    lambda: _("Hiện lại mọi gợi ý phím, như ngày đầu."),
    Place.EVERYWHERE,
)
KEY_CARD = Command(
    "key_card",
    "",
    lambda: _("Thẻ phím"),
    lambda: _("In thẻ phím: một trang các phím, dán ở quầy."),
    Place.EVERYWHERE,
)

CHECK = Command(
    "check",
    "",
    lambda: _("Kiểm máy"),
    lambda: _("Kiểm tra máy: máy quét, gõ tiếng Việt, máy in, phím, màu, cỡ màn hình."),
    Place.EVERYWHERE,
)
LOOKS = Command(
    "looks",
    "",
    lambda: _("Màu sắc"),
    lambda: _("Màu của màn hình: thường, tương phản cao, 16 màu, không màu."),
    Place.EVERYWHERE,
    action="setting('theme')",
)
SIGNS = Command(
    "signs",
    "",
    lambda: _("Ký hiệu"),
    lambda: _("Ký hiệu trên màn hình: đủ, chỉ ASCII, chữ không dấu."),
    Place.EVERYWHERE,
    action="setting('signs')",
)
MESSAGES = Command(
    "messages",
    "",
    lambda: _("Lời báo"),
    lambda: _("Những lời báo từ lúc mở chương trình, mới nhất trước."),
    Place.EVERYWHERE,
)

TAKE_FEE = Command(
    "take_fee",
    "",
    lambda: _("Thu tiền"),
    lambda: _("Thu phí, lệ phí, có biên lai đánh số; xem biên lai trong ca."),
    Place.EVERYWHERE,
)
OPEN_CASH = Command(
    "open_cash",
    "",
    lambda: _("Đầu ca"),
    lambda: _("Tiền đầu ca: đếm tiền có sẵn trong ngăn kéo khi bắt đầu ca."),
    Place.EVERYWHERE,
)
CLOSE_CASH = Command(
    "close_cash",
    "",
    lambda: _("Chốt quỹ"),
    lambda: _("Chốt quỹ cuối ca: đếm tiền, so với biên lai, in bảng chốt."),
    Place.EVERYWHERE,
)
SHIFT = Command(
    "shift",
    "",
    lambda: _("Giao ca"),
    lambda: _("Phiếu bàn giao ca: đã nhận, đã trả, tiền, phiếu chưa đưa, người chờ gọi."),
    Place.EVERYWHERE,
)
CALLS = Command(
    "calls",
    "",
    lambda: _("Gọi điện"),
    lambda: _("Gọi điện cho dân: có kết quả, cần bổ sung, hẹn lại, trễ hẹn; câu nói sẵn."),
    Place.EVERYWHERE,
)
NEWS = Command(
    "news",
    "",
    lambda: _("Tin tỉnh"),
    lambda: _("Lịch, danh mục, tin nhắn tỉnh công bố: xem ảnh hưởng rồi áp dụng; gửi vướng mắc, câu hỏi."),
    Place.EVERYWHERE,
)

OUTBOX = Command(
    "outbox",
    "",
    lambda: _("Hộp gửi"),
    lambda: _("Hộp gửi: tệp nào chờ tỉnh, vì sao chưa đến; gửi ngay, ra USB, nghe mã qua điện thoại."),
    Place.EVERYWHERE,
)

QUIT = Command("leave", "", lambda: _("Thoát"), lambda: _("Thoát chương trình: F9, gõ thoat, Enter."), Place.EVERYWHERE)

GLOBAL = (HELP, RECEIVE, CERTIFY, FIND, WORK, RETURN, CLOSE, NUMBERS, PALETTE, LOCK)
"""The commands of the App: in force on every screen unless the screen binds the key itself."""

PLACES = (
    MORNING, CALENDAR, OFFICERS, TAKE_FEE, OPEN_CASH, CLOSE_CASH, SHIFT, CALLS, NEWS, RETYPE, OUTBOX, CHECK, KEY_CARD,
    HINTS, MESSAGES, LOOKS, SIGNS,
)  # fmt: skip
"""Places without a key of their own, reached through F9 from every screen."""


def in_force(own: Sequence[Command], everywhere: Sequence[Command] = GLOBAL) -> list[Command]:
    """Return a screen's commands and those of the App it does not replace (same key, or same id)."""
    taken = {key for command in own for key in command.keys} | {command.id for command in own}
    return [*own, *(command for command in everywhere if command.key not in taken and command.id not in taken)]
