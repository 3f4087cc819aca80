"""Help that teaches: keys used are counted, hints of well-known keys fade and leave their place to others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from textual.actions import ActionParseResult
from textual.app import App
from textual.dom import DOMNode

from desk.learned import Learned
from desk.tui.commands import GLOBAL, HELP, PALETTE, PLACES, Command
from desk.tui.keys import TYPED_KEYS, key_label
from desk.tui.ways import Ways
from desk.tui.widgets.lines import Line
from desk.tui.widgets.text import width_of
from desk.words import _

if TYPE_CHECKING:
    from desk.beside import Beside
    from desk.tui.screens.base import DeskScreen

ALWAYS = frozenset({HELP.id, PALETTE.id})
"""The ways to every other key: they never leave the key bar."""

BAR_WIDTH = 61
"""Cells of the key bar beside the longest sync state in 80."""

_NOT_ON_A_BAR = TYPED_KEYS - {"asterisk"}
"""Digits say on the screen itself what they do."""


def bar(shown: Sequence[Command], others: Sequence[Command], known: Collection[str]) -> tuple[Command, ...]:
    """Return the keys to show: a well-known one makes room, in its place, for one that is not known yet.

    Where no other is left, or it would not fit, it stays.
    """
    told = {command.id for command in shown} | {key for command in shown for key in command.keys}
    waiting = [
        command
        for command in others
        if command.key and command.key not in _NOT_ON_A_BAR and command.id not in known and command.id not in told
        if command.key not in told
    ]
    found = list(shown)
    for place, command in enumerate(shown):
        if command.id not in known or command.id in ALWAYS:
            continue
        for other in waiting:
            tried = [*found[:place], other, *found[place + 1 :]]
            if bar_width(tried) <= BAR_WIDTH:
                found = tried
                waiting.remove(other)
                break
    return tuple(found)


def bar_width(commands: Sequence[Command]) -> int:
    """Return the cells that keys take on the bar."""
    return width_of("  ".join(f"{key_label(command.keys[0])} {command.label}" for command in commands))


class Learning(Ways):
    """Counts the keys of the officer who works here, and knows which hints are still wanted."""

    officer_id: int | None
    _by_name = False

    @property
    def beside(self) -> Beside:
        """The small documents of this desk."""
        raise NotImplementedError

    @property
    def front(self) -> DeskScreen | None:
        """The screen of work in front."""
        raise NotImplementedError

    @property
    def is_open(self) -> bool:
        """Whether there is a centre, and with it somebody who learns."""
        raise NotImplementedError

    @property
    def known(self) -> frozenset[str]:
        """The commands whose key the officer knows."""
        return Learned(self.beside).known(self.officer_id) if self.is_open else frozenset()

    def keys_for(self, screen: DeskScreen) -> tuple[Command, ...]:
        """Return the keys that matter on a screen now, to this officer."""
        return bar(screen.KEYS_SHOWN, (*screen.COMMANDS_HERE, *GLOBAL), self.known)

    def hints(self, *hints: tuple[str, str]) -> tuple[str, ...]:
        """Return the words of the hints that are still wanted, each given with the command it is of."""
        known = self.known
        return tuple(words for command, words in hints if command not in known)

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Run an action; one of a command that came by its key is counted."""
        command = self._command(action, default_namespace) if not self._by_name else None
        done = await super().run_action(action, default_namespace, namespaces)
        if done and command is not None:
            self.used(command)
        return done

    def _command(self, action: str | ActionParseResult, node: DOMNode | None) -> Command | None:
        if not isinstance(action, str) or not self.is_open:
            return None
        own: Sequence[Command] = (*GLOBAL, *PLACES) if node is None or isinstance(node, App) else ()
        own = own or getattr(node, "COMMANDS_HERE", ())
        return next((each for each in own if each.keys and (each.action or each.id) == action), None)

    def used(self, command: Command) -> None:
        """Count one use of a command by its key, in a thread."""
        learned, officer = Learned(self.beside), self.officer_id
        if command.id not in learned.known(officer):
            self.quietly(lambda: learned.use(officer, command.id))

    async def run_by_name(self, command: Command) -> None:
        """Run a command that was chosen by name; where it has a key, say it, once."""
        action = command.action or command.id
        here = "." not in action and hasattr(self.screen, f"action_{action.partition('(')[0]}")
        self._by_name = True
        try:
            await (self.screen if here else self).run_action(action)
        finally:
            self._by_name = False
        if command.keys and self.is_open and command.id not in Learned(self.beside).told(self.officer_id):
            self.call_later(self._tell_key, command)

    def _tell_key(self, command: Command) -> None:
        front = self.front
        if front is not None:
            front.call_after_refresh(self._say_key, front, command)

    def _say_key(self, front: DeskScreen, command: Command) -> None:
        if front not in self.screen_stack or front.query_one("#note", Line).text:
            # What the command itself has to say comes first; its key is told another time.
            return
        front.note(_("lần sau có thể bấm {keys}: {label}").format(keys=command.key_names, label=command.label))
        learned, officer = Learned(self.beside), self.officer_id
        self.quietly(lambda: learned.tell(officer, command.id))

    def quietly(self, call: Callable[[], object]) -> None:
        """Do something in a thread that is no officer's concern, and no harm where the disk refuses it."""
        raise NotImplementedError

    def action_hints(self) -> None:
        """Show every hint again."""
        learned, officer = Learned(self.beside), self.officer_id
        front = self.front
        if front is not None:
            front.ask(lambda: learned.forget(officer), lambda _nothing: self._forgotten(), group="hints")

    def _forgotten(self) -> None:
        if (front := self.front) is not None:
            front.show_keys()
            front.note(_("mọi gợi ý phím hiện lại như ngày đầu"), "good")
