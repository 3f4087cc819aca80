"""F9: every command and place in one list, found by typing without accents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input

from desk.rules.identity import ScanKind, recognise
from desk.tui.commands import Command, found
from desk.tui.widgets.form_input import FormInput
from desk.tui.widgets.line_list import LineList
from desk.tui.widgets.lines import TopLine
from desk.tui.widgets.moves import Next, Step
from desk.tui.widgets.router import Scanned
from desk.tui.widgets.rows import Column, Row
from desk.tui.widgets.screens import Modal
from desk.words import _


class Palette(Modal[Command]):
    """Type, see the commands that fit, Enter takes one; the answer is the command."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pagedown", "page(1)", "page down", show=False, id="palette.pagedown"),
        Binding("pageup", "page(-1)", "page up", show=False, id="palette.pageup"),
    ]

    def __init__(self, commands: Sequence[Command]) -> None:
        super().__init__()
        self._commands = {command.id: command for command in commands}
        self._input = FormInput(placeholder=_("gõ tên lệnh, không dấu cũng được"))
        columns = (Column("", width=14, style="muted"), Column("", width=16, style="strong"), Column("", flex=1))
        self._list = LineList(columns, header=False, empty=_("Không có lệnh nào như vậy."))
        self._list.can_focus = False

    def compose(self) -> ComposeResult:
        """Title, field, list."""
        with Vertical(classes="page"):
            yield TopLine(_("LỆNH"))
            yield self._input
            yield self._list

    def keys_told(self) -> tuple[tuple[str, str], ...]:
        """Return how a command is found."""
        return ((_("gõ chữ"), _("Tìm lệnh, không dấu cũng được.")), ("↑ ↓ PgUp PgDn", _("Đi trong các lệnh.")),
                ("Enter", _("Chạy lệnh đang chọn.")))  # fmt: skip

    def on_scanned(self, message: Scanned) -> None:
        """Make way for a scan: the officer has gone on; typing over a slow link is given back."""
        if recognise(message.payload) is not ScanKind.NOTHING:
            self.dismiss(None)

    def action_answer_first(self) -> None:
        """Stay: this is the list of commands."""

    def on_mount(self) -> None:
        """Show everything there is."""
        self._show("")

    def _show(self, typed: str) -> None:
        rows = [
            Row(command.id, (command.key_names, command.label, command.help))
            for command in found(self._commands.values(), typed)
        ]
        self._list.show_rows(rows, at=0)

    @on(Input.Changed)
    def _typed(self, message: Input.Changed) -> None:
        message.stop()
        self._show(self._input.value)

    @on(Step)
    def _arrow(self, message: Step) -> None:
        message.stop()
        self._list.action_move(message.by)

    @on(Next)
    def _enter(self, message: Next) -> None:
        message.stop()
        if (row := self._list.current) is not None:
            self.dismiss(self._commands[row.key])

    def action_page(self, by: int) -> None:
        """Go through the list by pages."""
        self._list.action_page(by)
