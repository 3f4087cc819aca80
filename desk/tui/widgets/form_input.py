"""The one text field of the desk: right under input methods, bursts and pastes."""

from __future__ import annotations

import unicodedata
from collections import deque
from collections.abc import Callable, Iterable
from typing import ClassVar

from textual import events
from textual.strip import Strip
from textual.validation import Validator
from textual.widgets import Input
from textual.widgets.input import Selection

from desk.tui.widgets.moves import Next, Step
from desk.tui.widgets.scan import SILENCE, STALL
from desk.tui.widgets.text import letter_end, letter_start, one_line

_EDITING = {
    "backspace": "delete_left",
    "delete": "delete_right",
    "left": "cursor_left",
    "right": "cursor_right",
    "home": "home",
    "end": "end",
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

_REMEMBERED = 512


class FormInput(Input, inherit_bindings=False):
    """A one-line field that handles every key in the order typed and holds NFC text only.

    Editing keys are handled in `_on_key`: as bindings they would run after printable keys that were typed later.
    """

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
        self._last_key = float("-inf")

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
        return key in _EDITING or super().check_consume_key(key, character)

    async def _on_key(self, event: events.Key) -> None:
        handled = True
        if event.is_printable and event.character is not None:
            self._type(event.character, event.time)
        elif (action := _EDITING.get(event.key)) is not None:
            self._before.clear()
            await self.run_action(action)
        else:
            self._before.clear()
            handled = self._leave(event.key)
        if handled:
            event.stop()
            event.prevent_default()

    def _type(self, character: str, time: float) -> None:
        if time - self._last_key > STALL:
            self._before.clear()
        self._before.append((time, self.value, self.selection))
        self.replace(character, *self.selection)
        self._last_key = time

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
        if self.max_length and len(text) > 1:
            head = head[: max(start, self.max_length - len(tail))]
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
        """Ring once for a refused key, not once for each character of a burst."""
        if self._before and self._before[-1][0] - self._last_key > SILENCE:
            self.app.bell()

    def withdraw(self, since: float) -> None:
        """Take back everything typed since the event time `since`: it was a scan, not typing."""
        for time, value, selection in self._before:
            if time >= since:
                self.value = value
                self.selection = selection
                break
        self._before.clear()

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
        if select or not self.selection.is_empty:
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
