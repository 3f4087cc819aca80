"""The App: holds the services, moves between the screens, sends every scan where it belongs; no business logic."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.screen import ModalScreen

from desk.counter.model import Centre, Drill
from desk.tui.asking import Asking
from desk.tui.beginning import Beginning, open_centre
from desk.tui.commands import GLOBAL, PLACES, QUIT, Command, bindings, in_force
from desk.tui.door import Door
from desk.tui.learning import Learning
from desk.tui.looks import Looks
from desk.tui.sending import Sending
from desk.tui.services import Opener, Poster, Services, failure_sentence, foreseen
from desk.tui.told import Told
from desk.tui.widgets.form_input import FormInput
from desk.tui.widgets.router import ScanBroken, Scanned
from desk.words import _

if TYPE_CHECKING:
    from desk.beside import Beside
    from desk.counter.officer_model import OfficerView
    from desk.counter.service import Counter
    from desk.first_look import FirstDesk
    from desk.tui.screens.base import DeskScreen

WITHOUT_CENTRE = frozenset({"help", "palette", "lock", "leave"})
"""Commands that need no open centre."""

TICK = 5.0
"""Seconds between two looks at the clock; only a new minute changes anything."""


class DeskApp(Asking, Learning):
    """The counter on one terminal; `opener` opens the centre in a thread, after the first paint; `looks` is how."""

    TITLE = "Một Cửa"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*GLOBAL)]

    def __init__(
        self,
        opener: Opener,
        looks: Looks = Looks(),  # noqa: B008 - frozen
        first: FirstDesk | None = None,
    ) -> None:
        super().__init__(looks.look)
        self.looks = looks
        self.told = Told()
        self.opener = opener
        self._first = first
        self._services: Services | None = None
        self._minute: datetime | None = None
        self.centre: Centre | None = None
        self.officer_id: int | None = None
        self.officer_name = ""
        self.door = Door(self)
        self.sending = Sending(self)
        self.sync_state: tuple[str, str] = ("", "")

    @property
    def counter(self) -> Counter:
        """The use cases; only after the centre is open."""
        return self._open_services().counter

    @property
    def post(self) -> Poster:
        """The way to the province; only after the centre is open."""
        return self._open_services().post

    @property
    def beside(self) -> Beside:
        """The small documents of this desk; only after the centre is open."""
        return self._open_services().beside

    @property
    def is_open(self) -> bool:
        """Whether a centre is open."""
        return self._services is not None

    def _open_services(self) -> Services:
        if self._services is None:
            raise RuntimeError("the centre is not open yet")
        return self._services

    def now(self) -> datetime | None:
        """Return the present minute; None until the centre is open."""
        return None if self._services is None else self._services.counter.now()

    def on_mount(self) -> None:
        """Paint first: what the first look gave, or the screen that opens the centre."""
        if self._first is None:
            open_centre(self)
        else:
            Beginning(self, self._first).begin()
        self.set_interval(TICK, self._tick)
        self.sending.begin()

    def begin(self, day: date) -> bool:
        """Say whether a day begins only now at this desk; reads a file: call it in a thread."""
        return self._open_services().mornings.begin(day)

    def take(self, services: Services, officers: Sequence[OfficerView], *, morning: bool) -> None:
        """Take an open centre and go home; on a new day what it wants comes first."""
        from desk.tui.screens.home import HomeScreen

        self._services = services
        self.centre = services.counter.centre
        self.door.meet(officers)
        self._minute = self.now()
        if len(self.screen_stack) > 1:
            self.switch_screen(HomeScreen())
        else:
            self.push_screen(HomeScreen())
        if morning:
            self.action_morning()
        if self.door.guarded:
            self.action_lock()

    def go_on(self, services: Services | None) -> None:
        """Go on with the whole centre behind the first look; None: with none, until it can be opened."""
        self._services = services
        self.centre = None if services is None else services.counter.centre

    def _tick(self) -> None:
        now = self.now()
        front = self.front
        if now is not None and front is None:
            self.door.tick(now)
        elif now is not None and now != self._minute and front is not None and front.stands:
            self._minute = now
            front.minute()

    @property
    def front(self) -> DeskScreen | None:
        """The screen of work in front, below any question; None while one covers it."""
        from desk.tui.screens.base import DeskScreen
        from desk.tui.screens.cover import CoverScreen

        for screen in reversed(self.screen_stack):
            if isinstance(screen, DeskScreen | CoverScreen):
                return screen if isinstance(screen, DeskScreen) else None
        return None

    def synced(self, drill: Drill) -> None:
        """Take the sync state out of the morning drill, for the right end of every key bar."""
        from desk.tui.screens.figures import sync_words

        self.sync_state = sync_words(drill)
        # A screen that is still being made says it by itself once it stands.
        if (front := self.front) is not None and front.stands:
            front.tick()

    def foreseen(self) -> tuple[type[Exception], ...]:
        """Return the failures of record, settings, key and disk."""
        return foreseen()

    def sentence_of(self, error: Exception) -> str:
        """Return what an officer should know of a failure."""
        return failure_sentence(error)

    def holds(self, message: Asking.Answered) -> bool:
        """Keep what is answered to the work beneath a cover."""
        return self.door.holds(message)

    @on(Scanned)
    def _scanned(self, message: Scanned) -> None:
        """Send a scan where it belongs: a card to a new receipt, a code to its dossier."""
        from desk.rules.identity import ScanKind, recognise

        kind = recognise(message.payload)
        if self._services is None:
            if message.field is None or kind is not ScanKind.NOTHING:
                self.say(_("Trung tâm chưa mở: mã vừa quét bị bỏ."))
                return
            message.give_back()
            return
        in_question = isinstance(self.screen, ModalScreen) and message.field is not None
        if kind is ScanKind.CARD:
            self.receive(message.payload)
        elif kind is not ScanKind.NOTHING and not in_question:
            self.open_dossier(message.payload)
        elif message.field is not None:
            if refused := message.give_back():
                self.say(_("Ô này không nhận «{text}»: xem lại rồi Enter.").format(text=refused))
        else:
            self.say(_("Không nhận ra mã vừa quét: không phải thẻ căn cước, cũng không phải mã hồ sơ."))

    @on(ScanBroken)
    def _broken(self, message: ScanBroken) -> None:
        self.say(_("Mã quét bị đứt ({n} ký tự): hãy quét lại.").format(n=message.length))

    @on(FormInput.Full)
    def _full(self, message: FormInput.Full) -> None:
        self.say(_("Ô này nhận tối đa {n} ký tự: phần thừa không được ghi vào.").format(n=message.limit), "soon")

    def say(self, text: str, style: str = "late") -> None:
        """Say a last word on the screen in front."""
        if self.front is not None:
            self.front.note(text, style)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Refuse what needs an open centre until there is one."""
        closed = {command.id for command in (*GLOBAL, *PLACES)} - WITHOUT_CENTRE if self._services is None else ()
        return action not in closed and super().check_action(action, parameters)

    def commands_here(self) -> list[Command]:
        """Return every command in force now."""
        own = self.front.COMMANDS_HERE if self.front is not None else ()
        commands = [*in_force(own, (*GLOBAL, *PLACES)), QUIT]
        front = self.front
        return [each for each in commands if (front if front and each in own else self).check_action(each.id, ())]

    def action_help(self) -> None:
        """Show this screen's help."""
        from desk.tui.pages import help_page

        help_page(self)

    def action_key_card(self) -> None:
        """Print the card of keys."""
        from desk.tui.screens.key_card_page import print_card

        print_card(self)

    def action_messages(self) -> None:
        """Show what was said since the start."""
        from desk.tui.pages import messages_page

        messages_page(self)

    def action_setting(self, key: str) -> None:
        """Choose colours or signs."""
        from desk.tui.screens.looks_choice import choose_look

        self.run_worker(choose_look(self, key), exclusive=True, group="looks")

    def action_palette(self) -> None:
        """Find any command by folded typing."""
        self.run_worker(self._palette(), exclusive=True, group="palette")

    async def _palette(self) -> None:
        from desk.tui.widgets.modals import ask
        from desk.tui.widgets.palette import Palette

        chosen = await ask(self, Palette(self.commands_here()))
        if chosen is not None:
            await self.run_by_name(chosen)
