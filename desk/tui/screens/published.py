"""What something published does, before it is in force: one screen for each kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from desk.counter import say
from desk.counter.calendar_change import CalendarEffect
from desk.counter.calendar_editing import CalendarChange
from desk.counter.from_province import CatalogueNews, Effect, NewsItem, NewsState, NoticeEffect
from desk.counter.model import Refused
from desk.counter.news_words import key_lines, key_sentence, units_sentence
from desk.counter.province_keys import KeyEffect
from desk.counter.unit_changes import UnitsEffect
from desk.tui.commands import BACK, HELP, Command, bindings
from desk.tui.screens import news_lines as shown
from desk.tui.screens.calendar import APPLY, CalendarEffectScreen
from desk.tui.screens.effect import EffectScreen
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.lines import Rule
from desk.tui.widgets.modals import TextLines
from desk.words import _

READ = Command(
    "apply", "f2", lambda: _("Đã đọc"), lambda: _("Ghi vào sổ là đã đọc tin này."), aliases=("ctrl+n", "ctrl+s")
)


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


class PublishedScreen(EffectScreen[Effect]):
    """What something published does; F2 applies it, or notes that it was read."""

    def __init__(self, item: NewsItem, done: Callable[[Effect], None]) -> None:
        super().__init__(done)
        self._item = item

    def put_in_force(self) -> Effect | Refused:
        """Apply the published file; called in a thread."""
        app = self.desk_app
        return app.counter.province.apply(self._item.name, app.officer_id)


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


class UnitsEffectScreen(PublishedScreen):
    """Which communes are new, renamed, merged or split; F2 puts it in force."""

    COMMANDS_HERE = (APPLY, BACK)
    KEYS_SHOWN = (HELP, APPLY, BACK)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*COMMANDS_HERE)]

    def __init__(self, item: NewsItem, effect: UnitsEffect, done: Callable[[Effect], None]) -> None:
        super().__init__(item, done)
        self._effect = effect

    def title_text(self) -> str:
        """Return the name of the place."""
        return _("BẢNG ĐƠN VỊ MỚI SẼ ĐỔI GÌ")

    def compose_rows(self) -> Iterable[Widget]:
        """The communes."""
        rows = shown.units_rows(self._effect)
        yield Rule(_("đơn vị thay đổi"), str(len(rows)))
        yield LineList(shown.units_columns(), rows, empty=_("Không đơn vị nào thay đổi."), id="rows")

    def sentences(self) -> tuple[str, str]:
        """Return the effect, and from which version to which."""
        what = _("Bảng đơn vị {before} → {version}. Chưa áp dụng.")
        return units_sentence(self._effect), what.format(before=self._effect.before, version=self._effect.version)


class KeyEffectScreen(PublishedScreen):
    """Which key of the province follows which; F2 believes it from now on."""

    COMMANDS_HERE = (APPLY, BACK)
    KEYS_SHOWN = (HELP, APPLY, BACK)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*COMMANDS_HERE)]

    def __init__(self, item: NewsItem, effect: KeyEffect, done: Callable[[Effect], None]) -> None:
        super().__init__(item, done)
        self._effect = effect

    def title_text(self) -> str:
        """Return the name of the place."""
        return _("TỈNH ĐỔI KHÓA")

    def compose_rows(self) -> Iterable[Widget]:
        """Both fingerprints."""
        yield Rule()
        lines = [line for name, fingerprint in key_lines(self._effect) for line in (name, f"  {fingerprint}", "")]
        yield TextLines(lines, id="rows")

    def sentences(self) -> tuple[str, str]:
        """Return from when, until when, and that nothing is believed yet."""
        return key_sentence(self._effect), _("Chưa tin khóa mới; F2: áp dụng.")


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
