"""The way of a restored desk on the screen: what was lost, why, the head's PIN, and the last word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from textual.app import App

from desk.tui.screens.officers import PinQuestion
from desk.tui.widgets.modals import Ask, Confirm, TextPage, ask
from desk.words import _

if TYPE_CHECKING:
    from desk.counter.resetting import Broken, ResetOrder
    from desk.counter.service import Counter

_LONGEST = 500


class Restored(Struct, frozen=True):
    """What the dialog begins with; `head` approves, with a PIN where the centre has PINs; None where nobody may."""

    broken: Broken
    lines: Sequence[str]
    head: tuple[int, str] | None
    guarded: bool


def read(counter: Counter, officer_id: int | None) -> Restored | None:
    """Return what was lost and who approves: the head at work here, else the first; None for a whole chain."""
    from db.vocabulary import Role
    from desk.counter.officers import guarded
    from desk.counter.resetting import lost_lines

    broken = counter.resets.look()
    if broken is None or broken.sealed is not None:
        return None
    officers = counter.officers()
    heads = [each for each in officers if each.active and each.role == Role.HEAD]
    heads.sort(key=lambda each: (each.id != officer_id, not each.has_pin, each.id))
    head = (heads[0].id, heads[0].name) if heads else None
    return Restored(broken, (broken.sentence, "", *lost_lines(broken.lost)), head, guarded(officers))


async def approve(app: App[Any], found: Restored) -> ResetOrder | None:
    """Show what was lost and ask the head of the centre; None where that was not wanted. Call it in a worker."""
    from desk.counter.resetting import ResetOrder

    if found.head is None:
        return None
    number, name = found.head
    await ask(app, TextPage(_("SỔ ĐƯỢC PHỤC HỒI TỪ BẢN CŨ"), found.lines))
    question = _("{name} (lãnh đạo) lập đề nghị tỉnh cho nối lại. Vì sao phải phục hồi?").format(name=name)
    reason = await ask(app, Ask(question, max_length=_LONGEST))
    if reason is None:
        return None
    pin: str | None = ""
    if found.guarded:
        pin = await ask(app, PinQuestion(_("Mã PIN của {name}.").format(name=name)))
    if pin is None:
        return None
    sure = _("Nối lại sau tệp số {base}, bỏ các số đến {known}. Ký rồi thì không rút lại được.")
    text = sure.format(base=found.broken.base_seq, known=found.broken.known_seq)
    agreed = await ask(app, Confirm(text, yes=_("Ký đề nghị"), grave=True))
    return ResetOrder(number, reason, pin) if agreed else None
