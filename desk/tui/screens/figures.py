"""The morning drill in one line, each figure with its key and the list behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from desk.counter.model import Drill
from desk.tui.commands import Command, Place
from desk.tui.widgets.painted import Part
from desk.tui.widgets.text import width_of
from desk.words import _

_DOT = 3


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: `name` is that of the drill's field, `key` the digit that opens its list."""

    name: str
    key: str
    words: Callable[[], str]
    sentence: Callable[[], str]
    style: str = ""
    short: Callable[[], str] | None = None
    always: bool = True

    def ids(self, drill: Drill) -> tuple[int, ...]:
        """Return the dossiers behind the figure."""
        found: tuple[int, ...] = getattr(drill, self.name)
        return found

    @property
    def command(self) -> Command:
        """The command that opens its list."""
        return Command(self.name, self.key, self.words, self.sentence, Place.SCREEN, action=f"figure('{self.name}')")


FIGURES = (
    Figure("today", "1", lambda: _("Hôm nay"), lambda: _("Hồ sơ hẹn trả hôm nay."), "soon"),
    Figure("tomorrow", "2", lambda: _("Mai"), lambda: _("Hồ sơ hẹn trả ngày làm việc tới.")),
    Figure(
        "apology",
        "3",
        lambda: _("Xin lỗi hôm nay"),
        lambda: _("Hồ sơ mà hôm nay là ngày cuối để xin lỗi, hẹn lại."),
        "soon",
        lambda: _("Xin lỗi"),
    ),
    Figure("overdue", "4", lambda: _("QUÁ HẠN"), lambda: _("Hồ sơ đã quá hẹn."), "late"),
    Figure("waiting", "5", lambda: _("Bổ sung"), lambda: _("Hồ sơ chờ người dân bổ sung hoặc nộp tiền.")),
    Figure("uncollected", "6", lambda: _("Chờ trả"), lambda: _("Kết quả đã có, chờ người dân đến lấy.")),
    Figure(
        "unforwarded",
        "7",
        lambda: _("Chưa chuyển"),
        lambda: _("Hồ sơ nhận từ hôm trước mà chưa chuyển cho ai."),
        "soon",
        always=False,
    ),
    Figure(
        "without_code",
        "8",
        lambda: _("Chưa có mã"),
        lambda: _("Hồ sơ chưa có mã chính thức của tỉnh."),
        always=False,
    ),
)

NOTHING_DUE = frozenset({"today", "apology", "overdue"})


def named(name: str) -> Figure | None:
    """Return the figure called `name`."""
    return next((figure for figure in FIGURES if figure.name == name), None)


def drill_parts(drill: Drill, room: int) -> list[Part]:
    """Return the drill as parts of one line, at most `room` cells with dots between them.

    A figure is never cut: the rarer ones are left out first, then words get shorter, then the end is left out.
    """
    parts: list[Part] = []
    for short, extra in ((False, True), (False, False), (True, False)):
        parts = _parts(drill, short=short, extra=extra)
        if _width(parts) <= room:
            return parts
    while len(parts) > 1 and _width(parts) > room:
        parts.pop()
    return parts


def _parts(drill: Drill, *, short: bool, extra: bool) -> list[Part]:
    silent: frozenset[str] = frozenset()
    parts: list[Part] = []
    if not any(figure.ids(drill) for figure in FIGURES if figure.name in NOTHING_DUE):
        silent = NOTHING_DUE
        parts.append((_("Không có việc đến hạn hôm nay"), "good"))
    for figure in FIGURES:
        number = len(figure.ids(drill))
        if figure.name in silent or not (figure.always or (number and extra)):
            continue
        words = figure.short() if short and figure.short else figure.words()
        parts.append((f"{words} {number}", figure.style if number else "muted"))
    return parts


def _width(parts: list[Part]) -> int:
    return sum(width_of(text) for text, _style in parts) + _DOT * max(0, len(parts) - 1)
