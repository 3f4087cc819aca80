"""A receipt printed again: looked at first, counted only where something is printed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from desk.counter.model import DossierView, Refused
from desk.tui.screens.saved import SlipLines
from desk.tui.widgets.lines import Line, TopLine
from desk.tui.widgets.screens import Modal
from desk.words import _

if TYPE_CHECKING:
    from desk.tui.app import DeskApp


class Reprinted(Struct, frozen=True):
    """A receipt printed again: what to say of it, or why it is only shown."""

    lines: tuple[str, ...]
    said: str = ""
    why: str = ""


def reprint(app: DeskApp, view: DossierView) -> Reprinted | Refused:
    """Count a reprint and send it to the printer, else into a file; with neither it is shown, and not counted."""
    from desk.forms.printing import print_lines
    from desk.tui.draft import session_of

    session = session_of(app)
    lines = app.counter.receipt(view.id, reprint=session.slips is not None, officer_id=app.officer_id)
    if isinstance(lines, Refused):
        return lines
    if session.slips is None:
        return Reprinted(lines, why=_("không có máy in: giấy hẹn chỉ hiện trên màn hình"))
    app.counter.shifts.slip_given(view.id, app.officer_id)
    try:
        printed = print_lines(lines, view.code, session.slips, session.find_spooler())
    except OSError as error:
        return Reprinted(lines, why=_("chưa in được: {why}").format(why=error.strerror or error))
    if printed.file is None:
        return Reprinted(lines, _("đã gửi máy in bản in lại"))
    sentence = _("máy in báo lỗi; phiếu ở {file}") if printed.fault else _("không có máy in; phiếu ở {file}")
    return Reprinted(lines, why=sentence.format(file=f"{printed.file.parent.name}/{printed.file.name}"))


class ReprintPage(Modal[bool]):
    """The receipt as it is now, before it is printed again: Enter prints and counts, Esc does neither."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,f2,ctrl+s", "print_again", "print", show=False, id="reprint.yes")
    ]

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__()
        self._text = SlipLines(lines)

    def compose(self) -> ComposeResult:
        """The slip, then what the keys do."""
        with Vertical(classes="page"):
            yield TopLine(_("GIẤY HẸN, IN LẠI"))
            yield self._text
            yes = [("Enter", "key"), (" " + _("In lại, được đếm") + "   ", ""), ("Esc", "key"), (" " + _("Thôi"), "")]
            yield Line(yes, [("↑↓ PgUp PgDn", "key"), (" " + _("cuộn"), "")])

    def keys_told(self) -> tuple[tuple[str, str], ...]:
        """Return what prints and what moves the page."""
        return (
            ("Enter, F2", _("In lại giấy hẹn, mẫu 01; bản in lại được đếm.")),
            ("↑ ↓ PgUp PgDn", _("Cuộn; Home, End: đầu, cuối.")),
        )

    def action_print_again(self) -> None:
        """Enter: print it."""
        self.dismiss(True)

    def action_back(self) -> None:
        """Esc: leave it as it is."""
        self.dismiss(False)
