"""What the province published: each thing with its effect before it applies; what the centre wrote to the province."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.widget import Widget

from desk.counter import say
from desk.counter.calendar_change import CalendarEffect
from desk.counter.calendar_editing import CalendarChange
from desk.counter.from_province import CatalogueNews, Effect, NewsItem, NewsState, NoticeEffect, SentMessage
from desk.counter.model import Refused
from desk.tui.commands import BACK, HELP, PALETTE, Command, Place, bindings
from desk.tui.screens import news_lines as shown
from desk.tui.screens.base import BASE_CSS, DeskScreen
from desk.tui.screens.calendar import APPLY, CalendarEffectScreen
from desk.tui.screens.calendar_lines import applied
from desk.tui.screens.long_line import LongLine
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.lines import FactLine, Line, Rule
from desk.tui.widgets.modals import TextLines, TextPage, ask
from desk.words import _

_CSS: list[Path] = [BASE_CSS, Path(__file__).parent / "news.tcss", Path(__file__).parent / "calendar.tcss"]

WRITE = Command("write", "insert", lambda: _("Viết tin"), lambda: _("Viết vướng mắc, câu hỏi gửi tỉnh."), Place.LIST)
READ = Command(
    "apply", "f2", lambda: _("Đã đọc"), lambda: _("Ghi vào sổ là đã đọc tin này."), aliases=("ctrl+n", "ctrl+s")
)


class NewsScreen(DeskScreen):
    """What came and what was sent, newest first."""

    CSS_PATH: ClassVar[list[Path]] = _CSS
    COMMANDS_HERE = (WRITE, BACK)
    KEYS_SHOWN = (HELP, WRITE, PALETTE, BACK)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*COMMANDS_HERE)]

    def __init__(self) -> None:
        super().__init__()
        self._items: tuple[NewsItem, ...] = ()
        self._sent: tuple[SentMessage, ...] = ()
        self._counting = False

    def title_text(self) -> str:
        """Return the name of the place."""
        return _("TIN TỪ TỈNH")

    def compose_work(self) -> Iterable[Widget]:
        """Facts, list, what a row says in full."""
        yield FactLine(id="facts")
        yield Rule()
        yield LineList(shown.columns(), id="rows")
        yield Rule()
        yield LongLine(id="row")

    def on_mount(self) -> None:
        """Start in the list."""
        super().on_mount()
        self._list.focus()

    @property
    def _list(self) -> LineList:
        return self.query_one("#rows", LineList)

    def refresh_work(self) -> None:
        """Read what is here."""
        news = self.desk_app.counter.province
        self.ask(lambda: (news.listed(), news.sent()), self._take, group="news", exclusive=True)

    def post_moved(self) -> None:
        """Read again: something may have come."""
        self.refresh_work()

    def _take(self, found: tuple[tuple[NewsItem, ...], tuple[SentMessage, ...]]) -> None:
        first = not self._items and not self._sent
        self._items, self._sent = found
        row = self._list.current
        self.query_one("#facts", FactLine).facts(shown.facts(*found))
        rows = shown.rows(*found)
        key = rows[1].key if first or row is None else row.key
        self._list.show_rows(rows, key=key)
        self._say()

    @on(LineList.Moved, "#rows")
    def _moved(self, message: LineList.Moved) -> None:
        message.stop()
        self._say()

    def _say(self) -> None:
        row = self._list.current
        item, sent = self._of("" if row is None else row.key)
        said = (item.sentence or item.text) if item is not None else sent.text if sent is not None else ""
        self.query_one("#row", LongLine).put(said)

    def _of(self, key: str) -> tuple[NewsItem | None, SentMessage | None]:
        kind, _colon, name = key.partition(":")
        item = next((each for each in self._items if kind == shown.CAME and each.name == name), None)
        return item, next((each for each in self._sent if kind == shown.WROTE and str(each.number) == name), None)

    @on(LineList.Opened, "#rows")
    def _opened(self, message: LineList.Opened) -> None:
        message.stop()
        item, sent = self._of(message.key)
        if sent is not None:
            self._page(_("Tin số {n}").format(n=sent.number), shown.whole(sent))
        elif item is not None and not self._counting:
            self._counting = True
            self.note(_("đang tính ảnh hưởng…"))
            news, name = self.desk_app.counter.province, item.name
            self.ask(lambda: news.effect(name), lambda effect: self._seen(item, effect), failed=self._not_seen)

    @work(group="page")
    async def _page(self, title: str, lines: tuple[str, ...]) -> None:
        await ask(self.app, TextPage(title, lines))

    def _not_seen(self, sentence: str) -> None:
        self._counting = False
        self.note(sentence, "late")

    def _seen(self, item: NewsItem, effect: Effect | Refused) -> None:
        if isinstance(effect, Refused):
            self._not_seen(effect.sentence)
            return
        self._counting = False
        self.note("")
        if isinstance(effect, CalendarEffect):
            self.app.push_screen(PublishedCalendarScreen(item.name, effect, self._applied))
        elif isinstance(effect, CatalogueNews):
            self.app.push_screen(CatalogueEffectScreen(item, effect, self._applied))
        else:
            self.app.push_screen(NoticeScreen(item, effect, self._applied))

    def _applied(self, effect: Effect) -> None:
        if isinstance(effect, CalendarEffect):
            self.note(applied(effect), "good")
        elif isinstance(effect, CatalogueNews):
            self.note(_("đã áp dụng danh mục {version}").format(version=effect.effect.version), "good")
        else:
            self.note(_("đã ghi: đã đọc tin của tỉnh"), "good")

    def action_write(self) -> None:
        """Write to the province."""
        from desk.tui.screens.message import MessageScreen

        self.app.push_screen(MessageScreen(lambda said: self.note(said, "good")))

    def action_back(self) -> None:
        """Leave."""
        self.dismiss()


class PublishedCalendarScreen(CalendarEffectScreen):
    """What a published calendar moves; F2 puts it in force."""

    def __init__(self, name: str, effect: CalendarEffect, done: Callable[[CalendarEffect], None]) -> None:
        super().__init__(CalendarChange(), effect, done)
        self._name_there = name

    def put_in_force(self) -> CalendarEffect | Refused:
        """Apply the published file; called in a thread."""
        app = self.desk_app
        found = app.counter.province.apply(self._name_there, app.officer_id)
        if isinstance(found, (CalendarEffect, Refused)):
            return found
        raise TypeError(type(found).__name__)


class PublishedScreen(DeskScreen):
    """What something published does; F2 applies it, or notes that it was read."""

    CSS_PATH: ClassVar[list[Path]] = _CSS

    def __init__(self, item: NewsItem, done: Callable[[Effect], None]) -> None:
        super().__init__()
        self._item = item
        self._then = done
        self._busy = False

    def compose_work(self) -> Iterable[Widget]:
        """The sentence, then what it is about."""
        yield LongLine(id="said")
        yield Line(id="what")
        yield from self.compose_rows()

    def compose_rows(self) -> Iterable[Widget]:
        """Return what stands below the sentence; `rows` is what has the focus."""
        return ()

    def sentences(self) -> tuple[str, str]:
        """Return what it says and what F2 does."""
        return "", ""

    def on_mount(self) -> None:
        """Say what this is, and start in the list."""
        super().on_mount()
        said, what = self.sentences()
        self.query_one("#said", LongLine).put(said)
        self.query_one("#what", Line).put([(what, "soon")])
        self.query_one("#rows").focus()

    def action_apply(self) -> None:
        """Put it in force, or note it as read."""
        if not self._busy:
            self._busy = True
            app, name = self.desk_app, self._item.name
            self.note(_("đang áp dụng…"))
            self.ask(
                lambda: app.counter.province.apply(name, app.officer_id),
                self._answered,
                group="write",
                failed=self._not_done,
            )

    def _answered(self, effect: Effect | Refused) -> None:
        if isinstance(effect, Refused):
            self._not_done(effect.sentence)
        else:
            self._then(effect)
            self.dismiss()

    def _not_done(self, sentence: str) -> None:
        self._busy = False
        self.note(sentence, "late")

    def action_back(self) -> None:
        """Go back to the list."""
        if not self._busy:
            self.dismiss()


class CatalogueEffectScreen(PublishedScreen):
    """Which procedures a catalogue adds, changes or ends; F2 puts it in force."""

    COMMANDS_HERE = (APPLY, BACK)
    KEYS_SHOWN = (HELP, APPLY, BACK)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*COMMANDS_HERE)]

    def __init__(self, item: NewsItem, effect: CatalogueNews, done: Callable[[Effect], None]) -> None:
        super().__init__(item, done)
        self._effect = effect

    def title_text(self) -> str:
        """Return the name of the place."""
        return _("DANH MỤC MỚI SẼ ĐỔI GÌ")

    def compose_rows(self) -> Iterable[Widget]:
        """The procedures."""
        rows = shown.catalogue_rows(self._effect)
        yield Rule(_("thủ tục thay đổi"), str(len(rows)))
        yield LineList(shown.catalogue_columns(), rows, empty=_("Không thủ tục nào thay đổi."), id="rows")

    def sentences(self) -> tuple[str, str]:
        """Return the effect, and from which version to which."""
        effect = self._effect.effect
        what = _("Danh mục {before} → {version}, áp dụng từ hôm nay. Chưa áp dụng.")
        return shown.catalogue_sentence(self._effect), what.format(before=effect.before, version=effect.version)


class NoticeScreen(PublishedScreen):
    """A message of the province; F2 notes that it was read."""

    COMMANDS_HERE = (READ, BACK)
    KEYS_SHOWN = (HELP, READ, BACK)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*COMMANDS_HERE)]

    def __init__(self, item: NewsItem, effect: NoticeEffect, done: Callable[[Effect], None]) -> None:
        super().__init__(item, done)
        self._effect = effect

    def title_text(self) -> str:
        """Return the name of the place."""
        return _("TIN CỦA TỈNH")

    def compose_rows(self) -> Iterable[Widget]:
        """What it answers, then the text."""
        yield Rule()
        answered = [_("Trả lời tin: {text}").format(text=self._effect.answers), ""] if self._effect.answers else []
        yield TextLines([*answered, *self._effect.text.splitlines()], id="rows")

    def sentences(self) -> tuple[str, str]:
        """Return when it was sent, and whether it was read."""
        head = _("Tỉnh gửi {at}, số {n}.").format(at=say.moment(self._effect.published), n=self._item.number)
        done = self._item.state is NewsState.DONE
        return head, _("Đã ghi là đã đọc.") if done else _("F2: ghi vào sổ là đã đọc.")
