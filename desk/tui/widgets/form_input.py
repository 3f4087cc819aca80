"""The one text field of the desk: right under input methods, bursts and pastes."""

from __future__ import annotations

import unicodedata
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.validation import Validator
from textual.widgets import Input
from textual.widgets.input import Selection

from desk.tui.widgets.moves import Next, Step
from desk.tui.widgets.scan import FAST, SILENCE, STALL
from desk.tui.widgets.text import letter_end, letter_start, one_line

_EDITING = {
    "backspace": "delete_left",
    "delete": "delete_right",
    "left": "cursor_left",
    "right": "cursor_right",
    # Some input methods choose what they replace instead of deleting it.
    "shift+left": "cursor_left(True)",
    "shift+right": "cursor_right(True)",
    "home": "home",
    "end": "end",
    "shift+home": "home(True)",
    "shift+end": "end(True)",
    "ctrl+a": "home",
    "ctrl+e": "end",
    "ctrl+d": "delete_right",
    "ctrl+f": "delete_right_word",
    "ctrl+w": "delete_left_word",
    "ctrl+u": "delete_left_all",
    "ctrl+k": "delete_right_all",
    "ctrl+x": "cut",
    "ctrl+c": "copy",
    "ctrl+v": "paste",
}

_TAKING_BACK = frozenset({"backspace", "shift+left"})
_REMEMBERED = 512


def is_filler(character: str | None) -> bool:
    """Say whether a character is one an input method sends before its backspaces and takes back with one of them.

    U+202F is sent by several against the completions of browsers; none of these characters is ever text here.
    """
    return character is not None and not character.isprintable() and unicodedata.category(character) in {"Zs", "Cf"}


class FormInput(Input, inherit_bindings=False):
    """A one-line field that handles every key in the order typed and holds NFC text only.

    Editing keys are handled in `_on_key`: as bindings they would run after printable keys that were typed later.
    An input method counts its backspaces by what it has sent: letters the field refused are counted here too.
    """

    @dataclass
    class Full(Message):
        """The field takes no more than `limit` letters; what was typed or pasted beyond is not in it."""

        field: FormInput
        limit: int

    def __init__(
        self,
        value: str | None = None,
        placeholder: str = "",
        *,
        restrict: str | None = None,
        max_length: int = 0,
        cleaner: Callable[[str], str] | None = None,
        password: bool = False,
        validators: Validator | Iterable[Validator] | None = None,
        id: str | None = None,
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        """Make a field; `cleaner` turns a pasted text into what this field takes, such as digits only."""
        super().__init__(
            value,
            placeholder,
            restrict=restrict,
            max_length=max_length,
            password=password,
            validators=validators,
            # Nobody is corrected while typing.
            validate_on=["blur", "submitted"],
            valid_empty=True,
            select_on_focus=False,
            id=id,
            classes=classes,
            disabled=disabled,
            compact=True,
        )
        self.cursor_blink = False
        self._cleaner = cleaner
        self._before: deque[tuple[float, str, Selection]] = deque(maxlen=_REMEMBERED)
        self._last_key = self._last_press = float("-inf")
        self._seen: deque[bool] = deque(maxlen=_REMEMBERED)
        self._taken: tuple[str, Selection] | None = None
        self._full = self._unsaid = False

    def validate_value(self, value: str) -> str:
        """Hold only clean NFC text, also when it is set by the program."""
        return one_line(value)

    def render_line(self, y: int) -> Strip:
        """Draw the field, and put the terminal's own cursor where the text cursor is.

        The framework does so when the focus comes, which may be before the field has its place: the window of an
        input method would then open in a corner.
        """
        if self.has_focus:
            self.app.cursor_position = self.cursor_screen_offset
        return super().render_line(y)

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Say that printable and editing keys are used here and never reach a binding."""
        return key in _EDITING or is_filler(character) or super().check_consume_key(key, character)

    async def _on_key(self, event: events.Key) -> None:
        handled = True
        at_once = event.time - self._last_press < FAST
        self._last_press = event.time
        typed = event.character if event.is_printable or is_filler(event.character) else None
        if typed is not None or event.key in _TAKING_BACK:
            self._put_back(at_once)
        else:
            self._seen.clear()
            self._taken = None
        if typed is not None:
            self._type(typed, event.time)
        elif (action := _EDITING.get(event.key)) is not None:
            self._before.clear()
            if event.key not in _TAKING_BACK or self._takes_back(at_once):
                await self.run_action(action)
        else:
            self._before.clear()
            if self._unsaid:
                self._say_full()
                self._unsaid = False
            handled = self._leave(event.key)
        if handled:
            event.stop()
            event.prevent_default()

    def _type(self, character: str, time: float) -> None:
        if time - self._last_key > STALL:
            self._before.clear()
        self._before.append((time, self.value, self.selection))
        before = self.value, self.selection
        if character == "\u00a0" or not is_filler(character):
            self.replace(character, *self.selection)
        if not unicodedata.combining(character):
            self._seen.append((self.value, self.selection) != before)
        self._last_key = time

    def _takes_back(self, at_once: bool) -> bool:
        """Say whether a backspace is for a letter that stands here: an input method's may be for a refused one."""
        if not self.selection.is_empty and self._taken is None:
            return True
        seen = self._seen.pop() if self._seen else True
        if not seen and not at_once:
            # A person's, unless the next key comes at once: then it is put back.
            self._taken = self.value, self.selection
        return seen or not at_once

    def _put_back(self, at_once: bool) -> None:
        """Put back what the backspace before took, where it was the first of an input method's burst."""
        if self._taken is not None and at_once:
            self.value, self.selection = self._taken
        elif self._taken is not None:
            self._seen.clear()
        self._taken = None

    def _leave(self, key: str) -> bool:
        match key:
            case "enter":
                self.post_message(Next(self))
            case "up":
                self.post_message(Step(self, -1))
            case "down":
                self.post_message(Step(self, 1))
            case "tab":
                self.screen.focus_next()
            case "shift+tab":
                self.screen.focus_previous()
            case _:
                return False
        return True

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self._before.clear()
        self.replace(self.clean_paste(event.text), *self.selection)

    def action_paste(self) -> None:
        """Insert what was cut or copied in this desk."""
        self.replace(self.clean_paste(self.app.clipboard), *self.selection)

    def clean_paste(self, text: str) -> str:
        """Return what of a pasted text goes into this field: one line, or what the `cleaner` makes of it."""
        line = " ".join(one_line(text).split())
        return line if self._cleaner is None else self._cleaner(line)

    def replace(self, text: str, start: int, end: int) -> None:
        """Replace `start` to `end` by `text` in NFC; a paste that is too long is cut at `max_length`."""
        value = self.value
        start, end = sorted((max(0, start), min(len(value), end)))
        head, tail = unicodedata.normalize("NFC", value[:start] + one_line(text)), value[end:]
        limit = self.max_length or 0
        self._full = 0 < limit < len(head) + len(tail) and bool(text)
        if self._full and len(text) > 1:
            head = head[: max(start, limit - len(tail))]
            self.post_message(self.Full(self, limit))
        whole = unicodedata.normalize("NFC", head + tail)
        super().replace(whole, 0, len(value))
        if self.value == whole:
            self.cursor_position = min(len(head), len(whole))

    def type_text(self, text: str) -> str:
        """Type a text letter by letter; return the letters that the field does not take."""
        refused = ""
        for letter in text:
            before = self.value
            self.replace(letter, *self.selection)
            refused += letter if self.value == before else ""
        return refused

    def restricted(self) -> None:
        """Ring once for a refused key, not once for each character of a burst; say so where the field is full.

        Of a burst it is said when the field is left: until then it may be a scan.
        """
        if self._before and self._before[-1][0] - self._last_key > SILENCE:
            self.app.bell()
            self._say_full()
        else:
            self._unsaid = self._unsaid or self._full

    def _say_full(self) -> None:
        if self._full or self._unsaid:
            self.post_message(self.Full(self, self.max_length or 0))

    def withdraw(self, since: float) -> None:
        """Take back everything typed since the event time `since`: it was a scan, not typing."""
        for time, value, selection in self._before:
            if time >= since:
                self.value = value
                self.selection = selection
                break
        self._before.clear()
        self._seen.clear()
        self._taken = None
        self._unsaid = False

    def action_delete_left(self) -> None:
        """Delete the whole letter before the cursor, marks included."""
        if self.selection.is_empty:
            self.delete(letter_start(self.value, self.cursor_position), self.cursor_position)
        else:
            self.delete_selection()

    def action_delete_right(self) -> None:
        """Delete the whole letter at the cursor, marks included."""
        if self.selection.is_empty:
            self.delete(self.cursor_position, letter_end(self.value, self.cursor_position))
        else:
            self.delete_selection()

    def action_cursor_left(self, select: bool = False) -> None:
        """Move over one whole letter to the left."""
        if select:
            start, end = self.selection
            self.selection = Selection(start, letter_start(self.value, end))
        elif not self.selection.is_empty:
            super().action_cursor_left(select)
        else:
            self.cursor_position = letter_start(self.value, self.cursor_position)

    def action_cursor_right(self, select: bool = False) -> None:
        """Move over one whole letter to the right."""
        if select or not self.selection.is_empty or self.cursor_at_end:
            super().action_cursor_right(select)
        else:
            self.cursor_position = letter_end(self.value, self.cursor_position)


class DigitInput(FormInput):
    """A field of digits: a paste loses everything else, so that `0912 345 678` goes in."""

    TYPED: ClassVar[str] = r"[0-9]*"

    def __init__(
        self,
        value: str | None = None,
        placeholder: str = "",
        *,
        max_length: int = 0,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(
            value, placeholder, restrict=self.TYPED, max_length=max_length, cleaner=digits_of, id=id, classes=classes
        )


def digits_of(text: str) -> str:
    """Return the digits of a text."""
    return "".join(char for char in text if char.isascii() and char.isdigit())
