"""The commands of the dossier screen; every act has a name and a sentence for help and F9."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from db.vocabulary import Act
from desk.counter import say
from desk.rules.lifecycle import SCREEN_ORDER
from desk.tui.commands import Command
from desk.tui.screens import dossier_lines as shown
from desk.words import _

WHY = Command("why", "v", lambda: _("Vì sao"), lambda: _("Vì sao ngày hẹn này: từng bước tính."))
REVEAL = Command("reveal", "x", lambda: _("Xem đủ"), lambda: _("Xem đủ số định danh, điện thoại; để lại vết trong sổ."))
TAKE_FEE = Command(
    "take_fee",
    "t",
    lambda: _("Thu tiền"),
    lambda: _("Thu phí, lệ phí hồ sơ này, có biên lai; thu rồi thì in lại."),
)
REPRINT = Command(
    "reprint",
    "",
    lambda: _("In lại"),
    lambda: _("In lại giấy hẹn, mẫu 01; bản in lại được đếm."),
    in_menu=str(shown.DIGITS[shown.REPRINT]),
)


def _number(number: int) -> Command:
    def sentence() -> str:
        return _("Việc mang số {n} trên màn hình.").format(n=number)

    return Command(f"number_{number}", str(number), lambda: str(number), sentence, action=f"number({number})")


_SENTENCES: Mapping[Act, Callable[[], str]] = {
    Act.RECEIVE: lambda: _("nhận hồ sơ đã đăng ký; từ lúc này tính thời hạn."),
    Act.SUPPLEMENTED: lambda: _("người dân đã nộp đủ giấy tờ, tính lại thời hạn."),
    Act.SETTLED: lambda: _("đã xong nghĩa vụ tài chính, tính tiếp thời hạn."),
    Act.RETURN: lambda: _("đưa kết quả cho dân, tại quầy hay bưu chính."),
    Act.FORWARD: lambda: _("cho bộ phận hay người giải quyết."),
    Act.SUPPLEMENT: lambda: _("một lần, đủ mọi giấy tờ; đồng hồ dừng."),
    Act.FINISH: lambda: _("kết quả đã ký; đồng hồ dừng ở đây."),
    Act.RESCHEDULE: lambda: _("một lần, kèm phiếu xin lỗi mẫu 04."),
    Act.STOP: lambda: _("không giải quyết nữa, có lý do."),
    Act.WITHDRAW: lambda: _("theo yêu cầu của người dân."),
    Act.REFUSE: lambda: _("không đủ điều kiện, có văn bản nêu lý do."),
    Act.DECLINE: lambda: _("không nhận hồ sơ chưa đúng, có lý do."),
    Act.OBLIGATION: lambda: _("chờ dân nộp thuế, phí; đồng hồ dừng."),
    Act.HANDED_BACK: lambda: _("hồ sơ từ bộ phận trở về quầy."),
    Act.CORRECT: lambda: _("người nộp, giấy tờ, ghi chú; có lý do."),
    Act.VARIANT: lambda: _("thời hạn theo trường hợp khác, một lần."),
    Act.SET_CODE: lambda: _("quét hay gõ mã của hệ thống tỉnh."),
    Act.UNDO: lambda: _("việc gần nhất, trong mười phút; sau đó do lãnh đạo."),
    Act.VOID: lambda: _("hồ sơ nhập nhầm, có lý do."),
}


def digit_of(act: Act) -> str:
    """Return the digit of an act on the menu."""
    return str(shown.DIGITS[shown.group_of(act) or act.value])


def _by_name(act: Act) -> Command:
    def sentence() -> str:
        return f"{say.act_name(act)}: {_SENTENCES[act]()}"

    return Command(
        f"act_{act.value}", "", lambda: say.act_name(act), sentence, action=f"act('{act.value}')", in_menu=digit_of(act)
    )


NUMBERS = tuple(_number(number) for number in range(1, 10))
"""The digits of the menu, which says itself what they do."""

ACTS = tuple(_by_name(act) for act in SCREEN_ORDER if act in _SENTENCES)
"""Every act by name, for F9: one that is not possible now says why."""
