"""The morning drill in one line, each figure with its key and the list behind it."""

from __future__ import annotations

from collections.abc import Callable, Collection

from msgspec import Struct

from desk.counter.model import Drill
from desk.tui.commands import Command, Place
from desk.tui.widgets.painted import Part
from desk.tui.widgets.text import width_of
from desk.words import _

_DOT = 3

LAST_HOUR = 60
"""Minutes before a cut-off from which on they are told: an idle screen sends nothing before."""


class Figure(Struct, frozen=True):
    """One figure: `name` is that of the drill's field, `key` opens its list.

    One that is not `always` there stands in the line where it is not nothing and there is room; one that is not
    `listed` opens a screen of its own.
    """

    name: str
    key: str
    words: Callable[[], str]
    sentence: Callable[[], str]
    style: str = ""
    short: Callable[[], str] | None = None
    always: bool = True
    listed: bool = True

    def ids(self, drill: Drill) -> tuple[int, ...]:
        """Return the dossiers behind the figure."""
        found: tuple[int, ...] = getattr(drill, self.name)
        return found

    @property
    def command(self) -> Command:
        """The command that opens its list."""
        words = self.short or self.words
        return Command(self.name, self.key, words, self.sentence, Place.SCREEN, action=f"figure('{self.name}')")


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
        "calls",
        "plus",
        lambda: _("Chờ gọi"),
        lambda: _("Người chờ được gọi điện; mở danh sách gọi."),
        short=lambda: _("Gọi"),
        always=False,
        listed=False,
    ),
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
    Figure(
        "waiting_long",
        "9",
        lambda: _("Quá hạn bổ sung"),
        lambda: _("Hồ sơ mà người dân đã quá thời hạn bổ sung."),
        "soon",
        always=False,
    ),
)

NOTHING_DUE = frozenset({"today", "apology", "overdue"})


_RARE = frozenset(figure.name for figure in FIGURES if not figure.always)
_TRIED = ((False, _RARE), (False, frozenset({"calls"})), (True, frozenset({"calls"})), (True, frozenset[str]()))
"""Ways to say the drill, the fullest first: whether in short words, and which of the rarer figures."""


def named(name: str) -> Figure | None:
    """Return the figure called `name` that has a list of dossiers."""
    return next((figure for figure in FIGURES if figure.name == name and figure.listed), None)


def drill_parts(drill: Drill, room: int) -> list[Part]:
    """Return the drill as parts of one line, at most `room` cells with dots between them.

    A figure is never cut: the rarer ones are left out first, then words get shorter before the calls go too, then the
    end is left out. In the last hour before a cut-off its minutes stand behind them.
    """
    parts: list[Part] = []
    tail: list[Part] = []
    for short, extra in _TRIED:
        parts, tail = _parts(drill, short=short, extra=extra), _cutoff(drill, short=short)
        if _width([*parts, *tail]) <= room:
            return [*parts, *tail]
    while len(parts) > 1 and _width([*parts, *tail]) > room:
        parts.pop()
    return [*parts, *tail] if _width([*parts, *tail]) <= room else parts


def left_over(drill: Drill, room: int) -> str:
    """Return what stands in the rule below: that the calendar ends soon; the calls the line has no room for."""
    calls = next(figure for figure in FIGURES if figure.name == "calls")
    said = (f"{words()} {len(drill.calls)}" for words in (calls.words, calls.short) if words is not None)
    if (
        not drill.calls
        or coverage_warning(drill)
        or not {text for text, _style in drill_parts(drill, room)}.isdisjoint(said)
    ):
        return coverage_warning(drill)
    return f"{calls.words()} {len(drill.calls)} (+)"


def coverage_warning(drill: Drill) -> str:
    """Return that the calendar ends soon, or has ended, in a few words; nothing while it does not."""
    if not drill.coverage_ends or drill.coverage_days is None:
        return ""
    if drill.coverage_days < 0:
        return _("LỊCH LÀM VIỆC ĐÃ HẾT")
    return _("LỊCH CÒN {n} NGÀY").format(n=drill.coverage_days)


def sync_words(drill: Drill) -> Part:
    """Return how far the daily files have come: what the province refused first, then what has not left yet.

    What waits for more than a day says since when.
    """
    if drill.refused:
        return _("tỉnh TỪ CHỐI {n}").format(n=drill.refused), "late"
    if drill.unsent and drill.unsent_since is not None:
        since = f"{drill.unsent_since.day}/{drill.unsent_since.month}"
        return _("{n} chờ từ {day}").format(n=drill.unsent, day=since), "late"
    if drill.unsent > drill.delivered:
        return _("{n} chưa gửi tỉnh").format(n=drill.unsent - drill.delivered), "soon"
    if drill.delivered:
        return _("{n} chờ tỉnh nhận").format(n=drill.delivered), "soon"
    return _("đã gửi đủ"), "good"


def _cutoff(drill: Drill, *, short: bool) -> list[Part]:
    minutes, at = drill.minutes_to_cutoff, drill.cutoff
    if at is None or minutes is None or minutes >= LAST_HOUR:
        return []
    if short:
        return [(f"{minutes}' → {at:%Hh}" if at.minute == 0 else f"{minutes}' → {at:%H:%M}", "soon")]
    return [(_("{at} còn {n} phút").format(at=f"{at:%H:%M}", n=minutes), "soon")]


def _parts(drill: Drill, *, short: bool, extra: Collection[str]) -> list[Part]:
    silent: frozenset[str] = frozenset()
    parts: list[Part] = []
    if not any(figure.ids(drill) for figure in FIGURES if figure.name in NOTHING_DUE):
        silent = NOTHING_DUE
        parts.append((_("Không có việc đến hạn hôm nay"), "good"))
    for figure in FIGURES:
        number = len(figure.ids(drill))
        if figure.name in silent or not (figure.always or (number and figure.name in extra)):
            continue
        words = figure.short() if short and figure.short else figure.words()
        parts.append((f"{words} {number}", figure.style if number else "muted"))
    return parts


def _width(parts: list[Part]) -> int:
    return sum(width_of(text) for text, _style in parts) + _DOT * max(0, len(parts) - 1)
