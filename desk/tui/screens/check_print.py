"""A trial slip sent the way of every slip."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from desk.counter import say
from desk.forms import trial
from desk.forms.printing import Printed, print_lines
from desk.tui.draft import session_of
from desk.tui.screens.check_words import PrinterFault
from desk.words import _

if TYPE_CHECKING:
    from desk.tui.screens.base import DeskScreen

FILE = "phieu-thu"


async def print_trial(screen: DeskScreen) -> str | None:
    """Print the slip; return the name of a fault, empty where the printer took it, None where it could not be tried."""
    app = screen.desk_app
    session, centre, now = session_of(app), app.centre, app.counter.now()
    lines = trial.lines("" if centre is None else centre.name, say.moment(now))
    folder = session.slips
    if folder is None:
        screen.note(_("Không biết in ở đâu: chưa có máy in, chưa có thư mục dữ liệu."), "late")
        return None
    answered: asyncio.Future[Printed | None] = asyncio.get_running_loop().create_future()

    def failed(sentence: str) -> None:
        screen.note(sentence, "late")
        answered.set_result(None)

    screen.ask(
        lambda: print_lines(lines, FILE, folder, session.find_spooler()),
        answered.set_result,
        group="print",
        failed=failed,
    )
    printed = await answered
    if printed is None:
        return None
    if printed.file is None:
        return ""
    return PrinterFault.REFUSED if printed.fault else PrinterFault.NONE
