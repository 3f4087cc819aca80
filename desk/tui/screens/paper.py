"""Pages of the till and of the shift on paper: to the printer, else into a file of the desk's slips."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from desk.words import _

if TYPE_CHECKING:
    from desk.tui.app import DeskApp
    from desk.tui.screens.base import DeskScreen

Answer = TypeVar("Answer")


def print_page(app: DeskApp, lines: Sequence[str], title: str) -> tuple[str, str]:
    """Print a page in this thread; return what to say of it, and its style."""
    from desk.forms.printing import print_lines
    from desk.tui.draft import session_of

    session = session_of(app)
    if session.slips is None:
        return _("Không biết in ở đâu: chưa có máy in, chưa có thư mục dữ liệu."), "late"
    try:
        printed = print_lines(lines, title, session.slips, session.find_spooler())
    except OSError as error:
        return _("Chưa in được: {why}").format(why=error.strerror or error), "late"
    if printed.file is None:
        return _("đã gửi máy in {title}").format(title=title), "good"
    sentence = _("máy in báo lỗi; phiếu ở {file}") if printed.fault else _("không có máy in; phiếu ở {file}")
    return sentence.format(file=f"{printed.file.parent.name}/{printed.file.name}"), "soon"


async def answer_of(screen: DeskScreen, call: Callable[[], Answer]) -> Answer | None:
    """Call a service in a thread and wait; None if the record could not: its sentence is on the screen then."""
    answered: asyncio.Future[Answer | None] = asyncio.get_running_loop().create_future()

    def failed(sentence: str) -> None:
        screen.note(sentence, "late")
        answered.set_result(None)

    screen.ask(call, answered.set_result, group="write", failed=failed)
    return await answered
