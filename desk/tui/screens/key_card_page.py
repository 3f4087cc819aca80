"""The card of keys, printed like every other page, or shown where it cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.forms.printing import Printed, print_lines
from desk.tui.draft import session_of
from desk.tui.key_card import card
from desk.tui.widgets.modals import TextPage, tell
from desk.words import _

if TYPE_CHECKING:
    from desk.tui.app import DeskApp

FILE = "the-phim"


def print_card(app: DeskApp) -> None:
    """Print the card in a thread, then show it with the word where it went."""
    centre = "" if app.centre is None else app.centre.name
    session = session_of(app)

    def call() -> tuple[tuple[str, ...], Printed | None]:
        lines, folder = card(centre), session.slips
        return lines, None if folder is None else print_lines(lines, FILE, folder, session.find_spooler())

    def done(answer: tuple[tuple[str, ...], Printed | None]) -> None:
        lines, printed = answer
        app.say(_said(printed), "good" if printed is not None and printed.file is None else "soon")
        if printed is None or printed.file is not None:
            tell(app, TextPage(_("THẺ PHÍM"), lines))

    if (front := app.front) is not None:
        front.ask(call, done, group="print")


def _said(printed: Printed | None) -> str:
    if printed is None:
        return _("Không biết in ở đâu: thẻ phím chỉ hiện trên màn hình.")
    if printed.file is None:
        return _("đã gửi máy in thẻ phím")
    file = f"{printed.file.parent.name}/{printed.file.name}"
    sentence = _("máy in báo lỗi; thẻ phím ở {file}") if printed.fault else _("không có máy in; thẻ phím ở {file}")
    return sentence.format(file=file)
