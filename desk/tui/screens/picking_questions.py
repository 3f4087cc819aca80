"""What is asked before several dossiers are forwarded or returned together."""

from __future__ import annotations

from collections.abc import Sequence

from db.vocabulary import ReturnWay
from desk.counter import say
from desk.counter.model import WorkRow
from desk.rules.identity import read_card
from desk.tui import remembered
from desk.tui.screens.act_dialogs import APPLICANT, HOLDER, Answers, Pick, Question, postal_number
from desk.tui.screens.base import DeskScreen
from desk.tui.widgets.modals import ask
from desk.words import _, counted

_NAMED = 4
"""How many dossiers a question names."""


async def forwarding(screen: DeskScreen, rows: Sequence[WorkRow]) -> Answers | None:
    """Ask to whom the dossiers go; None where the officer goes back."""
    before = remembered.last(screen.app, HOLDER)
    question = counted("Chuyển {n} hồ sơ cho bộ phận, người nào? {codes}", len(rows), codes=_names(rows))
    again = " " + _("(Enter: {holder})").format(holder=before) if before else ""
    holder = await ask(screen.app, Question(question + again, needed=not before))
    if holder is None:
        return None
    remembered.remember(screen.app, HOLDER, holder or before)
    return {HOLDER: holder or before}


async def returning(screen: DeskScreen, rows: Sequence[WorkRow]) -> Answers | None:
    """Ask who fetches the results and how they go; None where the officer goes back."""
    app = screen.app
    said = counted(
        "Trả {n} kết quả cho ai? Quét thẻ hoặc gõ tên (Enter: mỗi người nhận của mình) {codes}",
        len(rows),
        codes=_names(rows),
    )
    collector = await ask(app, Question(said, needed=False, take=lambda payload: read_card(payload).name))
    if collector is None:
        return None
    options = [(way.value, say.way_name(way)) for way in ReturnWay]
    picked = await ask(app, Pick(counted("Trả {n} kết quả bằng cách nào?", len(rows)), options))
    if picked is None:
        return None
    found: Answers = {"collector": collector or APPLICANT, "way": ReturnWay(picked)}
    if found["way"] is not ReturnWay.POST:
        return found
    number = await ask(app, Question(_("Số hiệu bưu gửi chung? Quét hoặc gõ"), take=postal_number))
    return None if number is None else {**found, "postal_number": number}


def _names(rows: Sequence[WorkRow]) -> str:
    codes = ", ".join(row.short_code for row in rows[:_NAMED])
    more = len(rows) - _NAMED
    return codes if more <= 0 else counted("{codes} và {n} hồ sơ nữa", more, codes=codes)
