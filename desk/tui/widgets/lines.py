"""The lines around the work: place and time on top, what matters now, keys and sync state at the bottom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.strip import Strip

from desk.tui.commands import Command
from desk.tui.keys import key_label
from desk.tui.widgets.painted import Painted, Part
from desk.tui.widgets.text import cut, one_line, width_of
from desk.words import _

MOST_KEYS = 6


class Line(Painted):
    """One line: parts on the left, parts on the right; the left is cut where both do not fit.

    Style names: strong, muted, late, soon, good, key, practice.
    """

    STYLE_PREFIX = "line"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"line--{name}" for name in ("strong", "muted", "late", "soon", "good", "key", "practice")
    }

    def __init__(
        self,
        left: Sequence[Part] | str = (),
        right: Sequence[Part] | str = (),
        *,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._left = _parts(left)
        self._right = _parts(right)

    @property
    def text(self) -> str:
        """What the line says: left, then right."""
        both = ["".join(text for text, _style in side) for side in (self._left, self._right)]
        return "  ".join(text for text in both if text)

    def put(self, left: Sequence[Part] | str = (), right: Sequence[Part] | str = ()) -> None:
        """Say something else; nothing is sent where it is the same."""
        self._left, self._right = _parts(left), _parts(right)
        self.repaint()

    def sides(self, width: int) -> tuple[Sequence[Part], Sequence[Part]]:  # noqa: ARG002 - for subclasses
        """Return what stands on the left and on the right of a line so wide."""
        return self._left, self._right

    def draw_line(self, y: int) -> Strip:
        """Return the line, one blank before and after."""
        width = self.size.width
        if y:
            return self.strip_of((), width)
        said_left, said_right = self.sides(width)
        right = [(one_line(text), style) for text, style in said_right]
        taken = sum(width_of(text) for text, _style in right)
        room = max(0, width - 2 - (taken + 1 if taken else 0))
        left: list[Part] = []
        for text, style in said_left:
            short = cut(one_line(text), room, self.glyphs.ellipsis)
            left.append((short, style))
            room -= width_of(short)
            if short != one_line(text):
                break
        filler = " " * (max(0, room) + (1 if taken else 0))
        return self.strip_of([(" ", ""), *left, (filler, ""), *right], width)


def _parts(side: Sequence[Part] | str) -> tuple[Part, ...]:
    return ((side, ""),) if isinstance(side, str) else tuple(side)


class TopLine(Line):
    """Where the officer is, at which desk, and when; `THỰC HÀNH` on the practice centre."""

    def __init__(
        self,
        title: str = "",
        middle: str = "",
        right: str = "",
        *,
        practice: bool = False,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self.practice = practice
        self.show(title, middle, right)

    def show(self, title: str | None = None, middle: str | None = None, right: str | None = None) -> None:
        """Change what is given, keep the rest."""
        old = getattr(self, "_said", ("", "", ""))
        self._said = tuple(
            new if new is not None else kept for new, kept in zip((title, middle, right), old, strict=True)
        )
        said_title, said_middle, said_right = self._said
        mark: list[Part] = [(" " + _("THỰC HÀNH") + " ", "practice"), (" ", "")] if self.practice else []
        gap = "    " if said_middle and said_right else ""
        self.put([*mark, (said_title, "strong")], [(said_middle + gap, ""), (said_right, "")])

    def sides(self, width: int) -> tuple[Sequence[Part], Sequence[Part]]:
        """Leave out the desk, then the officer, where the title would be cut: where matters more than who."""
        middle, *right = self._right
        who = middle[0].rpartition(" · ")[2]
        for tried in ([middle, *right], [(who, middle[1]), *right]):
            if sum(width_of(one_line(text)) for text, _style in (*self._left, *tried)) + 3 <= width:
                return self._left, tried
        return self._left, right


class FactLine(Line):
    """The second line: what matters now, in parts joined by dots."""

    def facts(self, facts: Sequence[Part]) -> None:
        """Show facts such as `Hôm nay 4`, each with its style."""
        parts: list[Part] = []
        for fact in facts:
            parts += [(" · ", "muted"), fact] if parts else [fact]
        self.put(parts)


class Rule(Line):
    """A rule with an optional heading on the left and a position on the right: `─── lọc: duc ── 3/214 ──`."""

    def __init__(self, heading: str = "", position: str = "", *, id: str | None = None) -> None:
        super().__init__(heading, position, id=id)

    def draw_line(self, y: int) -> Strip:
        """Return the rule, from edge to edge inside one blank."""
        width = self.size.width
        if y:
            return self.strip_of((), width)
        sign = self.glyphs.rule
        heading, position = ("".join(one_line(text) for text, _style in side) for side in (self._left, self._right))
        left = f"{sign * 2} {heading} " if heading else ""
        right = f" {position} {sign * 2}" if position else ""
        room = max(0, width - 2)
        left = cut(left, max(0, room - width_of(right)), self.glyphs.ellipsis)
        line = left + sign * max(0, room - width_of(left) - width_of(right)) + right
        return self.strip_of([(" " + line, "")], width)


class KeyBar(Line):
    """The bottom line: six keys, and at the right end the only place of the sync state."""

    def __init__(self, commands: Sequence[Command] = (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._commands: tuple[Command, ...] = ()
        self._state: Part = ("", "")
        self.show(commands)

    def show(self, commands: Sequence[Command]) -> None:
        """Show these keys; more than six are a ValueError."""
        if len(commands) > MOST_KEYS:
            raise ValueError(f"{len(commands)} keys on the key bar, at most {MOST_KEYS}")
        self._commands = tuple(commands)
        self._put()

    def state(self, text: str, style: str = "") -> None:
        """Say how the sync stands: `đã gửi đủ`, `3 chưa gửi tỉnh`, `tỉnh TỪ CHỐI 1`."""
        self._state = (text, style)
        self._put()

    def _put(self) -> None:
        parts: list[Part] = []
        for command in self._commands:
            key = command.key or next(iter(command.aliases), "")
            parts += [("  " if parts else "", ""), (key_label(key), "key"), (" " + command.label, "")]
        self.put(parts, [self._state] if self._state[0] else ())
