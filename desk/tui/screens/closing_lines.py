"""What the closing of the day says: the balance, the checks, the files on their way, what a run of the post did."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from db.vocabulary import Delivery
from desk.counter import say
from desk.counter.model import ClosedDay, CloseView, OutgoingView
from desk.rules import tally
from desk.rules.tally import Count
from desk.tui.widgets.painted import Part
from desk.tui.widgets.rows import Row
from desk.tui.widgets.text import width_of, wrap
from desk.words import _, counted

if TYPE_CHECKING:
    from desk.sync.model import Run

Figures = Mapping[str, int]
Side = Sequence[Part]

_PAGE_WIDTH = 78
_STYLES = {Delivery.CONFIRMED: "good", Delivery.HELD: "soon", Delivery.REFUSED: "late"}


class Signs(Struct, frozen=True):
    """How right and wrong are marked."""

    right: str = "✓"
    wrong: str = "✗"


PLAIN_SIGNS = Signs("ok", "SAI")
"""For a console without the signs."""


def number(value: int) -> str:
    """Return a number with dots between thousands."""
    return f"{value:,}".replace(",", ".")


def span_line(view: CloseView) -> tuple[Side, Side]:
    """Return the events the file covers on the left, its number on the right."""
    events = _("không có sự kiện nào")
    if view.last_event >= view.first_event:
        events = _("sự kiện {first}-{last}").format(first=number(view.first_event), last=number(view.last_event))
    said = _("tệp số {seq}, đã chốt") if view.closed else _("tệp số {seq}")
    return [(events, "")], [(said.format(seq=number(view.seq)), "good" if view.closed else "")]


def earlier_words(view: CloseView) -> str:
    """Return the other open days, which are sealed first; empty if there are none."""
    earlier = [f"{say.weekday(day)} {day:%d/%m}" for day in view.days if day != view.day]
    if not earlier:
        return ""
    return counted("Chốt trước {n} ngày: {days}", len(earlier), days=", ".join(earlier))


def balance_lines(view: CloseView, room: int, signs: Signs) -> tuple[tuple[Side, Side], tuple[Side, Side]]:
    """Return the two sides of the identity, each with its sum at the right edge."""
    of = view.totals
    inflows, outflows = _sum(of, tally.INFLOWS), _sum(of, (*tally.OUTFLOWS, *tally.STOCK))
    equal = inflows == outflows
    sign = signs.right if equal else signs.wrong
    blank = " " * (width_of(sign) + 1)
    ins, outs = f"= {number(inflows)}{blank}", f"= {number(outflows)} {sign}"
    width = max(width_of(ins), width_of(outs))
    left = room - width - 1
    return (
        (_laid(_inflows(of), left), [(ins.rjust(width), "")]),
        (_laid(_outflows(of), left), [(outs.rjust(width), "good" if equal else "late")]),
    )


_Named = tuple[Callable[[], str], Callable[[], str], str]
"""Words, shorter words, figure."""


def _inflows(of: Figures) -> list[_Named]:
    other = [count for count in tally.INFLOWS if count not in {Count.CARRIED, Count.ONLINE, Count.DIRECT, Count.POST}]
    return [
        (lambda: _("Kỳ trước"), lambda: _("Kỳ tr."), number(of.get(Count.CARRIED, 0))),
        (lambda: _("Trực tuyến"), lambda: _("T.tuyến"), number(of.get(Count.ONLINE, 0))),
        (lambda: _("Trực tiếp"), lambda: _("T.tiếp"), number(of.get(Count.DIRECT, 0))),
        (lambda: _("Bưu chính"), lambda: _("B.chính"), number(of.get(Count.POST, 0))),
        (lambda: _("Bàn giao, khác"), lambda: _("Khác"), number(_sum(of, other))),
    ]


def _outflows(of: Figures) -> list[_Named]:
    other = [count for count in tally.OUTFLOWS if count not in {Count.EARLY, Count.ON_TIME, Count.OVERDUE}]
    still = f"{number(of.get(Count.OPEN_IN_TIME, 0))} + {number(of.get(Count.OPEN_OVERDUE, 0))}"
    return [
        (lambda: _("Trước hạn"), lambda: _("Tr.hạn"), number(of.get(Count.EARLY, 0))),
        (lambda: _("Đúng hạn"), lambda: _("Đ.hạn"), number(of.get(Count.ON_TIME, 0))),
        (lambda: _("Quá hạn"), lambda: _("Q.hạn"), number(of.get(Count.OVERDUE, 0))),
        (lambda: _("Chuyển, hủy, khác"), lambda: _("Khác"), number(_sum(of, other))),
        (lambda: _("Còn"), lambda: _("Còn"), still),
    ]


def _laid(named: Sequence[_Named], room: int) -> Side:
    """Lay figures out in one line; where they do not fit: closer from the right, shorter words, plain digits."""
    parts: list[Part] = []
    for form, close in itertools.product(range(3), range(len(named))):
        parts = []
        for place, item in enumerate(named):
            gap = "" if not place else " " if place >= len(named) - close else "  "
            figure = item[2].replace(".", "") if form == 2 else item[2]
            parts += [(f"{gap}{(item[1] if form else item[0])()} ", "muted"), (figure, "strong")]
        if _width(parts) <= room:
            break
    return parts


def _width(parts: Side) -> int:
    return width_of("".join(text for text, _style in parts))


def _sum(of: Figures, counts: Iterable[Count]) -> int:
    return sum(of.get(count, 0) for count in counts)


def checks_line(view: CloseView, files: Sequence[OutgoingView], now: datetime, room: int, signs: Signs) -> Side:
    """Return the four checks with their marks."""
    carried, by_procedure, by_dossier = _wrong(view)
    checks = (
        (_("Khớp với hôm qua"), not carried),
        (_("Khớp từng thủ tục"), not by_procedure),
        (_("Khớp danh sách"), not by_dossier),
        (_("Đồng hồ"), not clock_ran_back(files, now)),
    )
    marked = [
        (f"{words} {signs.right if right else signs.wrong}", "good" if right else "late") for words, right in checks
    ]
    gap = "   " if _width(marked) + 9 <= room else "  "
    return [(f"{gap if place else ''}{words}", style) for place, (words, style) in enumerate(marked)]


def _wrong(view: CloseView) -> tuple[bool, bool, bool]:
    """Sort the faults into carried, identities, dossiers; what is not balanced without a named fault is the second."""
    from desk.daily.sentences import imbalance_sentence
    from desk.rules.tally import ImbalanceKind

    sentences = {kind: imbalance_sentence(kind) for kind in ImbalanceKind}
    carried = any(sentences[ImbalanceKind.CARRIED] in fault for fault in view.faults)
    others = [sentence for kind, sentence in sentences.items() if kind is not ImbalanceKind.CARRIED]
    figures = any(sentence in fault for fault in view.faults for sentence in others)
    dossiers = any(not any(sentence in fault for sentence in sentences.values()) for fault in view.faults)
    return carried, figures or not (view.balanced or carried or dossiers), dossiers


def clock_ran_back(files: Sequence[OutgoingView], now: datetime) -> bool:
    """Say whether a file was sealed, or moved, later than now."""
    return any(file.day > now.date() or file.changed_at > now for file in files)


def file_rows(view: CloseView | None, files: Sequence[OutgoingView]) -> list[Row]:
    """Return the files, newest first; the day that is not sealed yet on top."""
    rows = [_file(file) for file in files]
    if view is not None and not view.closed:
        rows.insert(0, _row(view.seq, f"{view.day:%d/%m/%y}", _("chưa chốt"), "soon"))
    return rows


def _file(file: OutgoingView) -> Row:
    return _row(file.seq, f"{file.day:%d/%m/%y}", file.sentence, _STYLES.get(Delivery(file.state), ""))


def _row(seq: int, day: str, sentence: str, style: str) -> Row:
    return Row(str(seq), (day, _("số {seq}").format(seq=number(seq)), sentence), styles=("", "", style))


def closed_words(closed: Sequence[ClosedDay]) -> str:
    """Return what was sealed."""
    fresh = [day for day in closed if not day.already]
    if not fresh:
        return _("ngày này đã chốt rồi")
    numbers = ", ".join(number(day.seq) for day in fresh)
    unqueued = next((day.unqueued for day in fresh if day.unqueued), "")
    return " · ".join(part for part in (_("đã chốt tệp số {numbers}").format(numbers=numbers), unqueued) if part)


def run_words(run: Run) -> tuple[str, str]:
    """Return what a run of the post did, and its style; confirmed is said of nothing but a verified receipt."""
    met = {state: [item for item in run if item.state is state] for state in Delivery}
    words: dict[Delivery, Callable[[int], str]] = {
        Delivery.CONFIRMED: lambda n: counted("tỉnh xác nhận {n} tệp", n),
        Delivery.SENT: lambda n: counted("đã gửi {n} tệp, chờ tỉnh xác nhận", n),
        Delivery.HELD: lambda n: counted("tỉnh giữ lại {n} tệp", n),
        Delivery.REFUSED: lambda n: counted("tỉnh TỪ CHỐI {n} tệp", n),
        Delivery.SEALED: lambda n: counted("{n} tệp chưa gửi được", n),
    }
    said = [words_of(len(met[state])) for state, words_of in words.items() if met[state]]
    reasons = [item.sentence for item in run if item.state is not Delivery.CONFIRMED]
    reasons += [problem.sentence for problem in run.problems]
    said += dict.fromkeys(reason for reason in reasons if reason)
    if not said:
        return _("không còn tệp nào chờ gửi"), "good"
    late = bool(met[Delivery.REFUSED] or met[Delivery.SEALED])
    return " · ".join(said), "late" if late else "soon" if reasons or not met[Delivery.CONFIRMED] else "good"


def key_page(fingerprint: str) -> tuple[str, ...]:
    """Return what the officer compares once, when the province's key is taken on trust."""
    return (
        _("Máy vừa nhận khóa của tỉnh lần đầu. Từ nay chỉ tin giấy báo nhận ký bằng khóa này."),
        "",
        _("Vân tay khóa:"),
        f"  {fingerprint}",
        "",
        _("Hãy so với vân tay trong công văn của tỉnh. Nếu khác: đừng gửi nữa và báo ngay cho tỉnh."),
    )


_COUNT_NAMES: Mapping[Count, Callable[[], str]] = {
    Count.CARRIED: lambda: _("Kỳ trước chuyển sang"),
    Count.ONLINE: lambda: _("Nhận trực tuyến"),
    Count.DIRECT: lambda: _("Nhận trực tiếp"),
    Count.POST: lambda: _("Nhận qua bưu chính"),
    Count.TAKEN_OVER: lambda: _("Nhận bàn giao"),
    Count.REOPENED: lambda: _("Mở lại"),
    Count.MOVED_IN: lambda: _("Chuyển từ thủ tục khác"),
    Count.EARLY: lambda: _("Xong trước hạn"),
    Count.ON_TIME: lambda: _("Xong đúng hạn"),
    Count.OVERDUE: lambda: _("Xong quá hạn"),
    Count.HANDED_OVER: lambda: _("Đã bàn giao"),
    Count.VOIDED: lambda: _("Hủy nhập"),
    Count.MOVED_OUT: lambda: _("Chuyển sang thủ tục khác"),
    Count.OPEN_IN_TIME: lambda: _("Đang giải quyết, trong hạn"),
    Count.OPEN_OVERDUE: lambda: _("Đang giải quyết, quá hạn"),
    Count.IMMEDIATE: lambda: _("Trả ngay"),
    Count.REFUSED_AT_COUNTER: lambda: _("Không nhận tại quầy"),
    Count.REFUSED: lambda: _("Từ chối giải quyết"),
    Count.STOPPED: lambda: _("Dừng"),
    Count.WITHDRAWN: lambda: _("Rút hồ sơ"),
    Count.APOLOGIES: lambda: _("Xin lỗi, hẹn lại"),
    Count.LATE_APOLOGIES: lambda: _("Xin lỗi muộn"),
    Count.SECOND_SUPPLEMENTS: lambda: _("Yêu cầu bổ sung lần hai"),
    Count.OVERDUE_BY_LAW: lambda: _("Quá hạn theo luật"),
    Count.FEEDBACK_RECEIVED: lambda: _("Phản ánh nhận"),
    Count.FEEDBACK_ANSWERED: lambda: _("Phản ánh đã trả lời"),
    Count.SATISFIED: lambda: _("Hài lòng"),
    Count.UNSATISFIED: lambda: _("Chưa hài lòng"),
    Count.WAITING_SUPPLEMENT: lambda: _("Chờ bổ sung"),
    Count.WAITING_OBLIGATION: lambda: _("Chờ nghĩa vụ tài chính"),
    Count.UNCOLLECTED: lambda: _("Chờ trả kết quả"),
    Count.FEEDBACK_OVERDUE: lambda: _("Phản ánh quá hạn"),
}


def file_page(view: CloseView, names: Mapping[str, str]) -> list[str]:
    """Return a file's figures: the total, then each procedure, zeros left out."""
    lines = [_("TOÀN TRUNG TÂM"), *_figures(view.totals)]
    for procedure in sorted(view.rows):
        name = wrap(f"{procedure} {names.get(procedure, '')}", _PAGE_WIDTH)
        lines += ["", *name, *_figures(view.rows[procedure])]
    return lines


def _figures(of: Figures) -> list[str]:
    found = [(words(), of[count]) for count, words in _COUNT_NAMES.items() if of.get(count)]
    return [f"  {words:<34}{number(value):>8}" for words, value in found] or ["  " + _("(không có gì)")]
