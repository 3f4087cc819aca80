"""What the outbox says: how many wait and since when, a line for each file, a file's page, a run that only received."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from db.vocabulary import Delivery
from desk.counter import phoned, say
from desk.counter.posted import PostedFile, ShownFile, state_words, story
from desk.rules.spoken import GROUPS, LONG, Misheard, SpokenFault, heard, wrong_so_far
from desk.tui.screens.closing_lines import file_page, number
from desk.tui.widgets.painted import Part
from desk.tui.widgets.rows import Column, Row
from desk.words import _, counted

if TYPE_CHECKING:
    from desk.sync.model import Run

_STYLES = {Delivery.CONFIRMED: "good", Delivery.HELD: "soon", Delivery.REFUSED: "late"}


def columns() -> tuple[Column, ...]:
    """Return the columns of the list."""
    return (
        Column(_("Ngày"), width=8, style="strong"),
        Column(_("Số"), width=6, align="right"),
        Column(_("Chốt lúc"), width=11),
        Column(_("Thử"), width=3, align="right"),
        Column(_("Đường"), width=6),
        Column(_("Tình trạng"), flex=1),
    )


def row(file: PostedFile, now: datetime) -> Row:
    """Return a file's line."""
    cells = (
        f"{say.weekday(file.day)} {file.day:%d/%m}",
        number(file.seq),
        f"{file.sealed_at:%d/%m %H:%M}",
        str(file.tries) if file.tries else "",
        _way(file.way),
        state_words(file, now),
    )
    style = "" if file.waits else "muted"
    return Row(str(file.seq), cells, style=style, styles=("", "", "", "", "", _STYLES.get(file.state, "")))


def _way(way: str) -> str:
    return {"folder": "USB", "https": "HTTPS", "sftp": "SFTP", "mail": _("thư")}.get(way, way)


def facts(files: Sequence[PostedFile]) -> list[Part]:
    """Return what waits, since when, and what the province said."""
    waiting = [file for file in files if file.waits]
    if not files:
        return [(_("Chưa chốt ngày nào."), "")]
    if not waiting:
        return [(_("Tỉnh đã xác nhận mọi tệp."), "good")]
    oldest = min(file.day for file in waiting)
    heard_of = sum(file.heard is not None for file in waiting)
    held = sum(file.state is Delivery.HELD for file in waiting)
    refused = sum(file.state is Delivery.REFUSED for file in waiting)
    found: list[Part] = [
        (counted("{n} tệp chờ tỉnh xác nhận", len(waiting)), "strong"),
        (_("lâu nhất từ {day}").format(day=f"{say.weekday(oldest)} {oldest:%d/%m}"), ""),
    ]
    if heard_of:
        found.append((_("nghe điện thoại {n}").format(n=heard_of), ""))
    if held:
        found.append((_("tỉnh giữ lại {n}").format(n=held), "soon"))
    if refused:
        found.append((_("tỉnh TỪ CHỐI {n}").format(n=refused), "late"))
    return found


def page(file: PostedFile, found: ShownFile, now: datetime) -> list[str]:
    """Return all about one file: its way, its name and hash to be read out, its figures."""
    half = len(found.sha256) // 2
    hashed = (found.sha256[:half], found.sha256[half:])
    return [*story(file, now), "", found.name, *hashed, "", *file_page(found.view, found.names)]


def received_words(before: Sequence[PostedFile], run: Run) -> tuple[str, str]:
    """Return what came in where receipts were only taken, and its style."""
    states = {file.sha256: file.state for file in before}
    news = [item for item in run if item.state is not states.get(item.sha256, Delivery.SEALED)]
    met = {state: sum(item.state is state for item in news) for state in Delivery}
    said = [
        counted("tỉnh xác nhận {n} tệp", met[Delivery.CONFIRMED]) if met[Delivery.CONFIRMED] else "",
        counted("tỉnh giữ lại {n} tệp", met[Delivery.HELD]) if met[Delivery.HELD] else "",
        counted("tỉnh TỪ CHỐI {n} tệp", met[Delivery.REFUSED]) if met[Delivery.REFUSED] else "",
    ]
    said = [part for part in said if part] or [_("không có giấy báo nhận nào mới")]
    troubles = list(dict.fromkeys(problem.sentence for problem in run.problems))
    good = bool(met[Delivery.CONFIRMED]) and not troubles
    return " · ".join([*said, *troubles]), "good" if good else "soon"


def code_so_far(typed: str) -> tuple[str, bool]:
    """Return what is to be said of a code while it is typed, and whether it is whole."""
    found: Any = heard(typed)
    if not isinstance(found, Misheard):
        return _("đủ ba nhóm, đúng cách viết"), True
    if found.fault is SpokenFault.LENGTH and found.digits < GROUPS * LONG and found.groups in {(), (GROUPS,)}:
        if not (groups := wrong_so_far(typed)):
            return _("đã gõ {n} trên {whole} số").format(n=found.digits, whole=GROUPS * LONG), False
        found = Misheard(SpokenFault.CHECK, groups)
    return phoned.misheard_sentence(found), False
