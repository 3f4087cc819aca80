"""The trial of the keys: each of those the program lives by is pressed once; what never arrives has another way."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical

from desk.checked import Result
from desk.tui.commands import GLOBAL, SAVE, Command
from desk.tui.keys import key_label
from desk.tui.screens.check_trials import Trial
from desk.tui.widgets.lines import Line, TopLine
from desk.tui.widgets.painted import Part
from desk.words import _

PAIRS: tuple[Command, ...] = (*GLOBAL, SAVE)
"""The commands whose keys are tried."""

KEYS = tuple(dict.fromkeys(key for command in PAIRS for key in command.keys))
"""Every key to press, each once."""


def eater(key: str) -> str:
    """Return what is known to keep a key for itself, for the hint beside one that did not arrive."""
    return {
        "f1": _("GNOME Terminal, Xfce Terminal: bỏ phím tắt Help"),
        "f12": _("Guake, Yakuake: đổi phím gọi"),
        "ctrl+n": _("cửa sổ trong trình duyệt"),
        "ctrl+t": _("cửa sổ trong trình duyệt"),
        "ctrl+s": _("XON/XOFF: stty -ixon"),
    }.get(key, "")


def missing(arrived: frozenset[str]) -> tuple[str, ...]:
    """Return the keys that did not arrive, of those commands first that no other of their keys reaches."""
    dead = [command for command in PAIRS if not arrived & set(command.keys)]
    first = [key for command in dead for key in command.keys]
    return tuple(dict.fromkeys([*first, *(key for key in KEYS if key not in arrived)]))


def reaches_all(arrived: frozenset[str]) -> bool:
    """Say whether every command can be reached by its key or by its other one."""
    return all(arrived & set(command.keys) for command in PAIRS)


class KeysTrial(Trial):
    """Hears every key before anything acts on it and ticks it off; Enter ends the trial."""

    def __init__(self) -> None:
        super().__init__()
        self._arrived: frozenset[str] = frozenset()
        self._other = ""

    def keys_told(self) -> tuple[tuple[str, str], ...]:
        """Return what ends it."""
        return (("Enter", _("Xong: phím chưa đánh dấu là không tới.")),)

    def compose(self) -> ComposeResult:
        """What to do, one line for each command, keys."""
        with Vertical(classes="page"):
            yield TopLine(_("THỬ PHÍM"))
            yield Line([(_("Bấm từng phím dưới đây một lần; phím nào tới thì có dấu. Xong: Enter."), "strong")])
            for command in PAIRS:
                yield Line(id=f"key-{command.id}")
            yield Line(id="other")
            yield Line(id="advice")
            yield Line(id="trial-keys")

    def on_mount(self) -> None:
        """Listen."""
        self.routed.router.listener = self._heard
        self._paint()

    def on_unmount(self) -> None:
        """Listen no more."""
        self.routed.router.listener = None

    def _heard(self, event: events.Key | events.Paste) -> bool:
        if self.app.screen is not self or isinstance(event, events.Paste):
            return False
        if event.key == "escape":
            return False
        if event.key == "enter":
            gone = missing(self._arrived)
            self.dismiss((Result.GOOD if reaches_all(self._arrived) else Result.BAD, gone))
        elif event.key in KEYS:
            self._arrived |= {event.key}
            self._other = ""
        else:
            self._other = event.key
        if self.is_attached and event.key != "enter":
            self._paint()
        return True

    def _paint(self) -> None:
        for command in PAIRS:
            self.query_one(f"#key-{command.id}", Line).put(self._parts(command))
        other = _("phím khác: {key}").format(key=key_label(self._other)) if self._other else ""
        self.query_one("#other", Line).put([(other, "muted")])
        gone = missing(self._arrived)
        said = _("đã tới {n}/{all}").format(n=len(KEYS) - len(gone), all=len(KEYS))
        self.query_one("#advice", Line).put([(said, "good" if reaches_all(self._arrived) else "soon")])
        self.query_one("#trial-keys", Line).put(
            [("Enter", "key"), (" " + _("Xong") + "   ", ""), ("Esc", "key"), (" " + _("Thôi"), "")]
        )

    def _parts(self, command: Command) -> list[Part]:
        parts: list[Part] = [(f"  {command.label:<12}", "")]
        for key in command.keys:
            here = key in self._arrived
            mark = _("tới") if here else "…"
            parts.append((f"{key_label(key):>7} {mark:<5}", "good" if here else "muted"))
        eaten = [eater(key) for key in command.keys if key not in self._arrived and eater(key)]
        if eaten and self._arrived:
            parts.append((_("hay bị giữ: {who}").format(who=eaten[0]), "muted"))
        return parts
