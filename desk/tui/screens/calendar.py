"""The calendar and the office hours: changed on a draft, its effect told, then all of it put in force at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

from textual import on, work
from textual.app import App
from textual.binding import BindingType
from textual.widget import Widget

from desk.counter import say
from desk.counter.calendar_change import CalendarEffect
from desk.counter.calendar_editing import CalendarChange
from desk.counter.model import Refused
from desk.rules.calendar import Calendar, DayRule, OfficeHours, write_sessions
from desk.rules.text import clean
from desk.tui.commands import ADD, BACK, HELP, Command, Place, bindings
from desk.tui.screens import calendar_lines as shown
from desk.tui.screens.act_dialogs import Pick, Question
from desk.tui.screens.base import BASE_CSS, DeskScreen
from desk.tui.screens.calendar_lines import DAY, HOURS, Draft
from desk.tui.screens.effect import EffectScreen
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.lines import FactLine, Line, Rule
from desk.tui.widgets.modals import ask
from desk.words import _

_CSS: list[Path] = [BASE_CSS, Path(__file__).parent / "calendar.tcss"]
_BAR = 20

_DRAFTS: WeakKeyDictionary[App[Any], Draft] = WeakKeyDictionary()

REMOVE = Command("remove", "delete", lambda: _("Bỏ"), lambda: _("Đánh dấu bỏ một dòng; lần nữa thì thôi."), Place.LIST)
HOURS_FROM = Command("hours_from", "h", lambda: _("Giờ"), lambda: _("Giờ làm việc khác kể từ một ngày."))
PREVIEW = Command(
    "preview",
    "f2",
    lambda: _("Xem trước"),
    lambda: _("Xem các sửa đổi dời hạn luật nào; chưa áp dụng."),
    aliases=("ctrl+n", "ctrl+s"),
)
APPLY = Command(
    "apply",
    "f2",
    lambda: _("Áp dụng"),
    lambda: _("Áp dụng lịch mới, một lần cho tất cả."),
    aliases=("ctrl+n", "ctrl+s"),
)


def draft_of(app: App[Any]) -> Draft:
    """Return the changes that are typed and not in force, kept for as long as the program runs."""
    return _DRAFTS.setdefault(app, Draft())


def bar(done: int, of: int) -> str:
    """Return how far a count has come: a bar and its per cent."""
    share = 1.0 if of <= 0 else min(1.0, done / of)
    filled = round(share * _BAR)
    return f"[{'#' * filled}{'-' * (_BAR - filled)}] {round(share * 100)} %"


class CalendarScreen(DeskScreen):
    """Days off, days worked and office hours under the headings of their years."""

    CSS_PATH: ClassVar[list[Path]] = _CSS
    COMMANDS_HERE = (ADD, REMOVE, HOURS_FROM, PREVIEW, BACK)
    KEYS_SHOWN = (HELP, ADD, REMOVE, HOURS_FROM, PREVIEW, BACK)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*COMMANDS_HERE)]

    def __init__(self) -> None:
        super().__init__()
        self._calendar: Calendar | None = None
        self._counting = False

    @property
    def draft(self) -> Draft:
        """What is typed and not in force."""
        return draft_of(self.app)

    def title_text(self) -> str:
        """Return the name of the place."""
        return _("LỊCH LÀM VIỆC")

    def compose_work(self) -> Iterable[Widget]:
        """Facts, list, and what a row says in full."""
        yield FactLine(id="facts")
        yield Rule(id="heading")
        yield LineList(shown.day_columns(), id="rows")
        yield Rule()
        yield Line(id="row")

    def on_mount(self) -> None:
        """Start in the list."""
        super().on_mount()
        self.query_one("#rows", LineList).focus()

    def refresh_work(self) -> None:
        """Read the calendar in force."""
        self.ask(self.desk_app.counter.calendar, self._take, group="calendar", exclusive=True)

    def _take(self, calendar: Calendar) -> None:
        first = self._calendar is None
        self._calendar = calendar
        self.draft.settle(calendar)
        self._paint()
        if first:
            self._go_to_next_day()

    def _paint(self, key: str = "") -> None:
        cal, now = self._calendar, self.desk_app.now()
        if cal is None or now is None:
            return
        self.query_one("#facts", FactLine).facts(shown.facts(cal, now.date()))
        self.query_one("#heading", Rule).put(*shown.heading(cal, self.draft, now.date()))
        self.query_one("#rows", LineList).show_rows(shown.rows(cal, self.draft), key=key or None)
        self._show_row()

    def _go_to_next_day(self) -> None:
        cal, now = self._calendar, self.desk_app.now()
        if cal is not None and now is not None:
            days = [row.date for row in cal.rows]
            day = next((day for day in days if day >= now.date()), days[-1] if days else None)
            self._paint("" if day is None else f"{DAY}:{day.isoformat()}")

    @on(LineList.Moved, "#rows")
    def _moved(self, message: LineList.Moved) -> None:
        message.stop()
        self._show_row()

    def _show_row(self) -> None:
        current = self.query_one("#rows", LineList).current
        cells = () if current is None or current.key.startswith("heading") else current.cells
        self.query_one("#row", Line).put(" · ".join(cell for cell in cells if cell))

    @on(LineList.Opened, "#rows")
    def _opened(self, message: LineList.Opened) -> None:
        message.stop()
        kind, _colon, written = message.key.partition(":")
        if kind == DAY:
            self._edit_day(date.fromisoformat(written))
        elif kind == HOURS:
            self._edit_hours(None if written == "standard" else date.fromisoformat(written))

    def action_add(self) -> None:
        """Add an exception."""
        self._edit_day(None)

    def action_hours_from(self) -> None:
        """Add office hours from a day on."""
        self._edit_hours(None)

    def action_remove(self) -> None:
        """Mark the row under the cursor as removed, or no longer."""
        current = self.query_one("#rows", LineList).current
        if current is not None and self._calendar is not None:
            self.draft.remove(self._calendar, current.key)
            self._paint()

    @work(group="edit", exclusive=True)
    async def _edit_day(self, day: date | None) -> None:
        cal = self._calendar
        if cal is None:
            return
        day = day or await self._day(cal, _("Ngày nào? Ví dụ 2/9, hoặc 10/01/2027"))
        if day is None:
            return
        old = self.draft.row(cal, day)
        flags = await self._kind(day, old)
        if flags is None:
            return
        note = await self._text(_("Lý do? Ví dụ: nghỉ Quốc khánh"), "" if old is None else old.note)
        if note is None:
            return
        source = await self._text(_("Theo văn bản nào? (có thể để trống)"), old.source if old else "", needed=False)
        if source is not None:
            row = DayRule(day, flags[0] == "1", flags[1] == "1", clean(note), clean(source))
            self.draft.days[day] = row
            self._drafted(cal, f"{DAY}:{day.isoformat()}")

    @work(group="edit", exclusive=True)
    async def _edit_hours(self, start: date | None) -> None:
        cal = self._calendar
        if cal is None:
            return
        start = start or await self._day(cal, _("Giờ làm việc kể từ ngày nào?"))
        if start is None:
            return
        old = self.draft.sessions(cal, start)
        value = write_sessions(old.sessions if old is not None else cal.sessions(start))
        question = Question(_("Giờ làm việc các buổi?"), value=value, suggested=True, check=shown.check_hours)
        typed = await ask(self.app, question)
        sessions = None if typed is None else shown.parse_hours(typed)
        if sessions is not None:
            self.draft.hours[start] = OfficeHours(start, sessions)
            self._drafted(cal, f"{HOURS}:{start.isoformat()}")

    async def _day(self, cal: Calendar, question: str) -> date | None:
        now = self.desk_app.counter.now()
        typed = await ask(self.app, Question(question, check=lambda text: shown.check_day(text, now, cal)))
        return None if typed is None else shown.parse_day(typed, now)

    async def _kind(self, day: date, old: DayRule | None) -> str | None:
        first = "11" if old is None and day.weekday() >= 5 else "00"
        if old is not None:
            first = f"{int(old.counts)}{int(old.open)}"
        options = sorted(shown.kinds(), key=lambda kind: kind[0] != first)
        return await ask(self.app, Pick(_("{day} là ngày gì?").format(day=say.day(day)), options))

    async def _text(self, question: str, value: str, *, needed: bool = True) -> str | None:
        return await ask(self.app, Question(question, value=value, needed=needed))

    def _drafted(self, cal: Calendar, key: str) -> None:
        self.draft.settle(cal)
        self.note(_("đã ghi nháp; F2 xem trước rồi áp dụng"), "soon")
        self._paint(key)

    def action_preview(self) -> None:
        """Count what the draft moves, then show it."""
        if not self.draft.count:
            self.note(_("Chưa sửa gì: Ins thêm, Enter sửa, Del bỏ."), "soon")
        elif not self._counting:
            self._counting = True
            change, counter = self.draft.change(), self.desk_app.counter
            self.ask(
                lambda: counter.change_calendar(change, dry_run=True, progress=self._progress),
                lambda effect: self._previewed(change, effect),
                failed=self._not_counted,
            )

    def _progress(self, done: int, of: int) -> None:
        # Called in the thread that counts; only the screen's own loop may paint.
        self.call_later(self._show_progress, done, of)

    def _show_progress(self, done: int, of: int) -> None:
        if self._counting:
            self.note(_("đang tính {bar}").format(bar=bar(done, of)))

    def _not_counted(self, sentence: str) -> None:
        self._counting = False
        self.note(sentence, "late")

    def _previewed(self, change: CalendarChange, effect: CalendarEffect | Refused) -> None:
        if isinstance(effect, Refused):
            self._not_counted(effect.sentence)
            return
        self._counting = False
        self.note("")
        self.app.push_screen(CalendarEffectScreen(change, effect, self._applied))

    def _applied(self, effect: CalendarEffect) -> None:
        self.draft.days.clear()
        self.draft.hours.clear()
        self.note(shown.applied(effect), "good")

    def action_back(self) -> None:
        """Leave; what is typed waits here."""
        self.dismiss()


class CalendarEffectScreen(EffectScreen[CalendarEffect]):
    """What a change moves, before it is in force; F2 puts it in force, Esc goes back to the draft."""

    COMMANDS_HERE = (APPLY, BACK)
    KEYS_SHOWN = (HELP, APPLY, BACK)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*COMMANDS_HERE)]

    def __init__(self, change: CalendarChange, effect: CalendarEffect, done: Callable[[CalendarEffect], None]) -> None:
        super().__init__(done)
        self._change = change
        self._effect = effect

    def title_text(self) -> str:
        """Return the name of the place."""
        return _("LỊCH MỚI SẼ DỜI GÌ")

    def compose_rows(self) -> Iterable[Widget]:
        """The dossiers."""
        yield Rule(_("hạn theo luật: đang có → mới"), str(len(self._effect.moved)))
        yield LineList(
            shown.moved_columns(),
            shown.moved_rows(self._effect.moved),
            empty=_("Không hồ sơ nào đổi hạn theo luật."),
            id="rows",
        )

    def sentences(self) -> tuple[str, str]:
        """Return the effect, and which calendar this is."""
        days, hours = len(self._effect.days), len(self._effect.hours)
        text = _("Lịch {before} → {version}: {days} ngày khác, {hours} lần đổi giờ làm. Chưa áp dụng.")
        what = text.format(before=self._effect.before, version=self._effect.version, days=days, hours=hours)
        return self._effect.sentence(), what

    @on(LineList.Opened, "#rows")
    def _opened(self, message: LineList.Opened) -> None:
        message.stop()
        self.desk_app.open_dossier(message.key)

    def put_in_force(self) -> CalendarEffect | Refused:
        """Write the change; called in a thread."""
        app = self.desk_app
        return app.counter.change_calendar(self._change, app.officer_id)
