"""The App of the province's office: reads, moves between its screens, reads again each minute; it changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.binding import BindingType

from db.errors import RecordError
from desk.province.model import ProvinceError
from desk.province.reading import Reader
from desk.province.sentences import province_sentence
from desk.rules.moment import minute
from desk.tui.asking import Asking
from desk.tui.commands import Command, bindings, help_lines, in_force
from desk.tui.looks import Look
from desk.tui.province.base import OfficeScreen
from desk.tui.province.commands import BY_NAME, EVERYWHERE
from desk.tui.province.cover import OfficeCover
from desk.tui.told import Told
from desk.tui.widgets.form_input import FormInput
from desk.tui.widgets.modals import TextPage, ask, tell
from desk.tui.widgets.palette import Palette
from desk.tui.widgets.router import ScanBroken, Scanned
from desk.words import _

TICK = 5.0
"""Seconds between two looks at the clock; only a new minute reads again."""


class OfficeApp(Asking):
    """The office on one terminal, over what a `Reader` answers."""

    TITLE = "Một Cửa"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*EVERYWHERE)]

    def __init__(self, reader: Reader, look: Look = Look()) -> None:  # noqa: B008 - frozen
        super().__init__(look)
        self.reader = reader
        self.told = Told()
        self._minute = self.now()

    def now(self) -> datetime:
        """Return the present minute."""
        return minute(self.reader.now())

    def on_mount(self) -> None:
        """Begin with the last open day."""
        from desk.tui.province.day import DayScreen

        self.push_screen(DayScreen())
        self.set_interval(TICK, self._tick)

    def _tick(self) -> None:
        now, front = self.now(), self.front
        if now == self._minute:
            return
        self._minute = now
        if front is not None and front.is_mounted:
            front.tick()
            front.read_again()

    @property
    def front(self) -> OfficeScreen | None:
        """The screen of work in front, below any question; None while a cover hides it."""
        for screen in reversed(self.screen_stack):
            if isinstance(screen, OfficeScreen | OfficeCover):
                return screen if isinstance(screen, OfficeScreen) else None
        return None

    def foreseen(self) -> tuple[type[Exception], ...]:
        """Return the failures of the record, the province and the disk."""
        return (RecordError, ProvinceError, OSError)

    def sentence_of(self, error: Exception) -> str:
        """Return why nothing was read."""
        if isinstance(error, ProvinceError):
            return province_sentence(error)
        why = error.fault.value if isinstance(error, RecordError) else str(error)
        return _("Chưa đọc được số liệu ({why}): màn hình giữ lần đọc trước, F5 để thử lại.").format(why=why)

    def say(self, text: str, style: str = "late") -> None:
        """Say a last word on the screen in front."""
        if self.front is not None:
            self.front.note(text, style)

    @on(Scanned)
    def _scanned(self, message: Scanned) -> None:
        if message.field is not None:
            message.give_back()

    @on(ScanBroken)
    def _broken(self) -> None:
        """Nothing is scanned here: what came too fast for fingers runs no command."""

    @on(FormInput.Full)
    def _full(self, message: FormInput.Full) -> None:
        self.say(_("Ô này nhận tối đa {n} ký tự: phần thừa không được ghi vào.").format(n=message.limit), "soon")

    def commands_here(self) -> list[Command]:
        """Return every command in force now."""
        own: Sequence[Command] = self.front.COMMANDS_HERE if self.front is not None else ()
        return [*in_force(own, EVERYWHERE), *BY_NAME]

    def action_help(self) -> None:
        """Show this screen's help."""
        built_in = self.front.moving_keys() if self.front is not None else ()
        tell(self, TextPage(_("GIÚP"), help_lines(self.commands_here(), built_in=built_in)))

    def action_palette(self) -> None:
        """Find any command by folded typing."""
        self.run_worker(self._palette(), exclusive=True, group="palette")

    async def _palette(self) -> None:
        chosen = await ask(self, Palette(self.commands_here()))
        if chosen is None:
            return
        action = chosen.action or chosen.id
        here = hasattr(self.screen, f"action_{action.partition('(')[0]}")
        await (self.screen if here else self).run_action(action)

    def action_messages(self) -> None:
        """Show what was said since the start."""
        tell(self, TextPage(_("LỜI BÁO"), self.told.lines()))

    def action_lock(self) -> None:
        """Hide everything."""
        tell(self, OfficeCover())

    def action_leave(self) -> None:
        """End the program."""
        self.exit()

    def action_refresh(self) -> None:
        """Read again what is in front."""
        self.redraw_if_asked_again()
        if (front := self.front) is not None:
            front.read_again(asked=True)

    def _go(self, make: Callable[[], OfficeScreen]) -> None:
        """Open a place over the day; what was open over it is closed."""
        screen = make()
        while len(self.screen_stack) > 2:
            self.pop_screen()
        self.push_screen(screen)

    def action_trend(self) -> None:
        """Open the trend of the province."""
        from desk.tui.province.trend import TrendScreen

        self._go(TrendScreen)

    def action_ranking(self) -> None:
        """Open the ranking."""
        from desk.tui.province.ranking import RankingScreen

        self._go(RankingScreen)

    def action_alarms(self) -> None:
        """Open the alarms."""
        from desk.tui.province.alarms import AlarmsScreen

        self._go(AlarmsScreen)

    def action_report(self) -> None:
        """Open II.06a of a period."""
        from desk.tui.province.report import ReportScreen

        self._go(ReportScreen)

    def open_unit(self, unit: str) -> None:
        """Open the days of one unit over the screen in front."""
        from desk.tui.province.unit import UnitScreen

        self.push_screen(UnitScreen(unit))
