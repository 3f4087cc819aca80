"""The first screen of the day: what it wants, group by group, each list a digit away."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct
from textual.binding import BindingType
from textual.widget import Widget

from desk.checked import Checked
from desk.counter import say
from desk.counter.model import Drill
from desk.tui.commands import CALENDAR, CHECK, HELP, PALETTE, RECEIVE, Command, bindings
from desk.tui.screens.base import BASE_CSS, DeskScreen
from desk.tui.screens.figures import FIGURES, named
from desk.tui.widgets.lines import Line, Rule
from desk.tui.widgets.painted import Part
from desk.tui.widgets.text import fit
from desk.words import _, counted

if TYPE_CHECKING:
    from desk.counter.service import Counter

START = Command(
    "start",
    "enter",
    lambda: _("Vào việc"),
    lambda: _("Đến danh sách việc trong ngày."),
    aliases=("escape",),
)
OPEN_CALENDAR = Command(CALENDAR.id, "l", CALENDAR.words, CALENDAR.sentence)
OPEN_CHECK = Command(CHECK.id, "k", CHECK.words, CHECK.sentence)


class Today(Struct, frozen=True):
    """The drill, and when the centre closes today."""

    drill: Drill
    closing: datetime


def read_today(counter: Counter) -> Today:
    """Read the drill and the hours of today; runs in a thread."""
    return Today(counter.drill(), counter.calendar().closing(counter.now().date()))


class Group(Struct, frozen=True):
    """One line: a figure by its name, what it is called here, and the sentence behind its number."""

    name: str
    words: Callable[[], str]
    sentence: Callable[[Today], str]


def _tomorrow(today: Today) -> str:
    day = today.drill.next_day
    return _("ngày làm việc tới") if day is None else f"{say.weekday(day)} {day:%d/%m}"


GROUPS = (
    Group("today", lambda: _("Hôm nay phải trả"), lambda _today: _("hẹn trả trong hôm nay, chưa quá giờ")),
    Group("tomorrow", lambda: _("Mai"), lambda today: _("hẹn trả {day}").format(day=_tomorrow(today))),
    Group(
        "apology",
        lambda: _("Xin lỗi hôm nay"),
        lambda today: _("hạn chót {at:%H:%M}: xin lỗi và hẹn lại").format(at=today.closing),
    ),
    Group("overdue", lambda: _("QUÁ HẠN"), lambda _today: _("đã qua giờ hẹn mà chưa xong")),
    Group("uncollected", lambda: _("Chờ dân đến nhận"), lambda _today: _("đã có kết quả, chưa trả")),
    Group("unforwarded", lambda: _("Chưa chuyển từ 15h hôm qua"), lambda _today: _("đã đến lúc chuyển mà chưa chuyển")),
    Group("waiting_long", lambda: _("Bổ sung quá thời hạn"), lambda _today: _("người dân chưa nộp đủ giấy tờ")),
)
"""In the order of their digits, which are those of the list of the day."""

_WORDS = 28


def group_line(group: Group, today: Today) -> list[Part]:
    """Return one group: its digit, its name, its number, its sentence; muted where it is empty."""
    figure = named(group.name)
    if figure is None:
        raise LookupError(group.name)
    number = len(figure.ids(today.drill))
    style = figure.style if number else "muted"
    said = group.sentence(today) if number else ""
    words = (fit(group.words(), _WORDS), style)
    return [(f"  {figure.key}  ", "key"), words, (f"{number:>5}", style), (f"   {said}", "muted")]


def summary(drill: Drill) -> Part:
    """Return the day in one sentence."""
    if drill.nothing_due:
        return _("Không có việc đến hạn hôm nay."), "good"
    named_ = (
        (counted("{n} hồ sơ phải trả hôm nay", len(drill.today)), drill.today),
        (_("{n} phải xin lỗi, hẹn lại hôm nay").format(n=len(drill.apology)), drill.apology),
        (_("{n} ĐÃ QUÁ HẸN").format(n=len(drill.overdue)), drill.overdue),
    )
    said = " · ".join(words for words, ids in named_ if ids)
    return said, "late" if drill.overdue else "soon"


def coverage(drill: Drill) -> Part:
    """Return how long the calendar still holds."""
    if drill.covered_until is None or drill.coverage_days is None:
        return "", ""
    until = f"{drill.covered_until:%d/%m/%Y}"
    if drill.coverage_days < 0:
        return _("Lịch: hết lịch chính thức từ {day}; MỌI NGÀY HẸN ĐỀU TẠM TÍNH").format(day=until), "late"
    if drill.coverage_ends:
        left = drill.coverage_days
        said = counted("Lịch: còn {n} ngày là hết lịch chính thức ({day}); cần nạp lịch mới", left, day=until)
        return said, "soon"
    return _("Lịch: chính thức đến {day}").format(day=until), "muted"


class MorningScreen(DeskScreen):
    """What the day wants; Enter goes to work, a digit to the list behind a number."""

    CSS_PATH: ClassVar[list[Path]] = [BASE_CSS, Path(__file__).parent / "morning.tcss"]
    COMMANDS_HERE = (START, *(figure.command for figure in FIGURES), OPEN_CALENDAR, OPEN_CHECK)
    KEYS_SHOWN = (HELP, START, RECEIVE, PALETTE)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*COMMANDS_HERE)]

    def title_text(self) -> str:
        """Return the name of the place and of the centre."""
        return " · ".join(part for part in (_("BUỔI SÁNG"), self.centre_name) if part)

    def compose_work(self) -> Iterable[Widget]:
        """The sentence, the groups, the calendar."""
        yield Line(id="said")
        yield Rule(_("bấm số để mở danh sách"), id="choose")
        for group in GROUPS:
            yield Line(id=f"group-{group.name}")
        yield Rule(id="end")
        yield Line(id="calendar")

    def minute(self) -> None:
        """Read again: something may have become late."""
        super().minute()
        self.refresh_work()

    def refresh_work(self) -> None:
        """Read the drill."""
        counter = self.desk_app.counter
        self.ask(lambda: read_today(counter), self._take, group="today", exclusive=True)

    def on_mount(self) -> None:
        """Offer the check of the machines where nobody has made it at this desk."""
        super().on_mount()
        if not Checked(self.desk_app.beside).outcomes():
            self.note(_("Máy này chưa kiểm tra lần nào: K thử máy quét, bộ gõ, máy in, phím, màu."), "soon")

    def _take(self, today: Today) -> None:
        self.query_one("#said", Line).put([(" " * 2, ""), summary(today.drill)])
        for group in GROUPS:
            self.query_one(f"#group-{group.name}", Line).put(group_line(group, today))
        said, style = coverage(today.drill)
        self.query_one("#calendar", Line).put([("  L  ", "key"), (said, style)] if said else ())
        self.desk_app.synced(today.drill)

    def action_start(self) -> None:
        """Go to work."""
        self.desk_app.home()

    def action_figure(self, name: str) -> None:
        """Open the list behind a number."""
        if named(name) is None:
            self.desk_app.action_calls()
        else:
            self.desk_app.home(name)

    def action_check(self) -> None:
        """Try the machines of this desk."""
        self.note("")
        self.desk_app.action_check()

    def action_calendar(self) -> None:
        """Open the calendar."""
        self.desk_app.action_calendar()
