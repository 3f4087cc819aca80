"""What the province published: each thing with its effect before it applies; what the centre wrote to the province."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.widget import Widget

from desk.counter.calendar_change import CalendarEffect
from desk.counter.from_province import CatalogueNews, Effect, NewsItem, SentMessage
from desk.counter.model import Refused
from desk.counter.province_keys import KeyEffect
from desk.counter.unit_changes import UnitsEffect
from desk.tui.commands import BACK, HELP, PALETTE, Command, Place, bindings
from desk.tui.screens import news_lines as shown
from desk.tui.screens.base import BASE_CSS, DeskScreen
from desk.tui.screens.calendar_lines import applied
from desk.tui.screens.long_line import LongLine
from desk.tui.screens.published import (
    CatalogueEffectScreen,
    KeyEffectScreen,
    NoticeScreen,
    PublishedCalendarScreen,
    UnitsEffectScreen,
)
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.lines import FactLine, Rule
from desk.tui.widgets.modals import TextPage, ask
from desk.words import _

_CSS: list[Path] = [BASE_CSS, Path(__file__).parent / "news.tcss"]

WRITE = Command("write", "insert", lambda: _("Viết tin"), lambda: _("Viết vướng mắc, câu hỏi gửi tỉnh."), Place.LIST)


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
        elif isinstance(effect, KeyEffect):
            self.app.push_screen(KeyEffectScreen(item, effect, self._applied))
        elif isinstance(effect, UnitsEffect):
            self.app.push_screen(UnitsEffectScreen(item, effect, self._applied))
        else:
            self.app.push_screen(NoticeScreen(item, effect, self._applied))

    def _applied(self, effect: Effect) -> None:
        if isinstance(effect, CalendarEffect):
            self.note(applied(effect), "good")
        elif isinstance(effect, CatalogueNews):
            self.note(_("đã áp dụng danh mục {version}").format(version=effect.effect.version), "good")
        elif isinstance(effect, KeyEffect):
            self.note(_("đã tin khóa mới của tỉnh"), "good")
        elif isinstance(effect, UnitsEffect):
            self.note(_("đã áp dụng bảng đơn vị {version}").format(version=effect.version), "good")
        else:
            self.note(_("đã ghi: đã đọc tin của tỉnh"), "good")

    def action_write(self) -> None:
        """Write to the province."""
        from desk.tui.screens.message import MessageScreen

        self.app.push_screen(MessageScreen(lambda said: self.note(said, "good")))

    def action_back(self) -> None:
        """Leave."""
        self.dismiss()
