"""A form in a real terminal; it prints its fields at the bottom as they change, for the test to read."""

from __future__ import annotations

from desk.tui.keys import prepare_terminal

prepare_terminal()

from textual import on  # noqa: E402 - textual reads its settings when it is imported
from textual.app import ComposeResult  # noqa: E402
from textual.widgets import Input  # noqa: E402

from desk.tui.widgets.form import Field, Form  # noqa: E402
from desk.tui.widgets.form_input import FormInput  # noqa: E402
from desk.tui.widgets.line_list import LineList  # noqa: E402
from desk.tui.widgets.lines import Line  # noqa: E402
from desk.tui.widgets.routed_app import RoutedApp  # noqa: E402
from desk.tui.widgets.router import Scanned  # noqa: E402
from desk.tui.widgets.rows import Column, Row  # noqa: E402


class TerminalApp(RoutedApp):
    """Two fields, a list, and a line that says what is in them."""

    def compose(self) -> ComposeResult:
        """Fields, list, report."""
        yield Form(Field("Một", FormInput(id="one")), Field("Hai", FormInput(id="two")))
        yield LineList(
            [Column("Số", width=8), Column("Tên", flex=1)],
            [Row(str(number), (str(number), "Nguyễn Đức Thịnh")) for number in range(100_000)],
        )
        yield Line("ready", id="report")
        self.scans: list[str] = []

    @on(Input.Changed)
    def report(self) -> None:
        """Say everything."""
        one, two = (self.query_one(selector, FormInput).value for selector in ("#one", "#two"))
        self.query_one("#report", Line).put(f"={one}|{two}|{','.join(self.scans)}=")

    def on_scanned(self, message: Scanned) -> None:
        """Remember a scan."""
        self.scans.append(message.payload)
        self.report()


if __name__ == "__main__":
    TerminalApp().run(mouse=False)
