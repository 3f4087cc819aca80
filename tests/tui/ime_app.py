"""Fields of every kind in a real terminal: F8 writes down what is in the one in front and empties it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar

from desk.tui.keys import prepare_terminal

prepare_terminal()

from textual.app import ComposeResult  # noqa: E402 - textual reads its settings when it is imported
from textual.binding import Binding, BindingType  # noqa: E402
from textual.widget import Widget  # noqa: E402

from desk.tui.commands import GLOBAL  # noqa: E402
from desk.tui.screens.act_dialogs import Question  # noqa: E402
from desk.tui.screens.applicant_kind import NumberInput  # noqa: E402
from desk.tui.screens.officers import PinQuestion  # noqa: E402
from desk.tui.screens.receive_widgets import WatchedPicker  # noqa: E402
from desk.tui.widgets.form import Field, Form  # noqa: E402
from desk.tui.widgets.form_input import DigitInput, FormInput  # noqa: E402
from desk.tui.widgets.lines import Line  # noqa: E402
from desk.tui.widgets.modals import Ask  # noqa: E402
from desk.tui.widgets.palette import Palette  # noqa: E402
from desk.tui.widgets.picker import Picker  # noqa: E402
from desk.tui.widgets.pin_input import PinInput  # noqa: E402
from desk.tui.widgets.routed_app import RoutedApp  # noqa: E402
from desk.tui.widgets.rows import Column, Row  # noqa: E402
from desk.tui.widgets.screens import Modal  # noqa: E402

KEY = Binding("f8", "app.write_down", "write down", show=False, id="ime.write_down")
COLUMNS = (Column("", flex=1),)


def _code() -> NumberInput:
    field = NumberInput()
    field.take_kind("ORGANISATION")
    return field


def _rows(typed: str) -> tuple[Row, ...]:
    return (Row("1", (typed,)),)


WIDGETS: dict[str, Callable[[], Widget]] = {
    "FormInput": lambda: FormInput(max_length=300),
    "DigitInput": lambda: DigitInput(max_length=200),
    "PinInput": lambda: PinInput(max_length=200),
    "NumberInput": _code,
    "Picker": lambda: Picker(_rows, COLUMNS),
    "WatchedPicker": lambda: WatchedPicker(_rows, COLUMNS),
}
MODALS: dict[str, Callable[[], Modal[Any]]] = {
    "Ask": lambda: Ask("Vì sao?", max_length=300),
    "Question": lambda: Question("Vì sao?", check=lambda typed: (typed, True)),
    "PinQuestion": lambda: PinQuestion("PIN?"),
    "Palette": lambda: Palette(GLOBAL),
}


class ImeApp(RoutedApp):
    """Has each kind of field in front for so many lines, alone or in its question; ends after the last."""

    BINDINGS: ClassVar[list[BindingType]] = [KEY]

    def __init__(self, told: Path, plan: Sequence[tuple[str, int]]) -> None:
        super().__init__()
        self.told = told
        self.left = [kind for kind, lines in plan for _line in range(lines)]

    def compose(self) -> ComposeResult:
        """The fields that stand alone, and a line to wait for."""
        kinds = [kind for kind in dict.fromkeys(self.left) if kind in WIDGETS]
        yield Form(*(Field(kind, WIDGETS[kind](), id=kind) for kind in kinds))
        yield Line("started", id="report")

    async def on_mount(self) -> None:
        """Begin with the first kind."""
        await self._show(self.left[0])

    async def _show(self, kind: str) -> None:
        if isinstance(self.screen, Modal):
            await self.pop_screen()
        if kind in MODALS:
            modal = MODALS[kind]()
            modal._bindings.key_to_bindings.setdefault(KEY.key, [KEY])
            await self.push_screen(modal)
        else:
            self.screen.set_focus(self.screen.query_one(f"#{kind}").query_one(FormInput))

    async def action_write_down(self) -> None:
        """Write down what is in the field, and empty it; go on to the next kind where its turn has come."""
        field = self.focused
        assert isinstance(field, FormInput)
        kind = self.left.pop(0)
        with self.told.open("a", encoding="utf-8") as file:
            file.write(json.dumps([kind, type(field).__name__, field.value]) + "\n")
        field.value = ""
        if not self.left:
            self.exit()
        elif self.left[0] != kind:
            await self._show(self.left[0])


if __name__ == "__main__":
    ImeApp(Path(sys.argv[1]), json.loads(sys.argv[2])).run(mouse=False)
