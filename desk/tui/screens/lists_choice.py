"""The choice of a list: the direct ones by digit, those of one kind one question further."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct
from textual.app import App

from desk.counter.listed import Listed, ListEntry, ListKind, ListRef, Lists
from desk.counter.model import Drill
from desk.tui.screens.figures import named
from desk.words import _


class Chosen(Struct, frozen=True):
    """What was chosen: a figure of the drill (the empty name is all work), or a list."""

    figure: str = ""
    ref: ListRef | None = None


def thousands(number: int) -> str:
    """Return a count as it is written here: `98.123`."""
    return f"{number:,}".replace(",", ".")


def list_title(listed: Listed) -> str:
    """Return the name of a list with its number; where only the newest are shown, how many of how many."""
    shown, total = len(listed.rows), thousands(listed.total)
    if shown < listed.total:
        return _("{name} {shown} mới nhất/{total}").format(name=listed.name, shown=thousands(shown), total=total)
    return f"{listed.name} {total}"


def offered(drill: Drill, work: int | None) -> list[tuple[str, str]]:
    """Return all work and the figures of the drill that are lists too; `work` is the number of all work if known."""
    all_work = _("Mọi việc, theo hẹn trả") + ("" if work is None else f" · {thousands(work)}")
    figures = [(name, figure) for name in ("waiting", "uncollected") if (figure := named(name)) is not None]
    lines = [(f"figure:{name}", f"{figure.words()} · {thousands(len(figure.ids(drill)))}") for name, figure in figures]
    return [("figure:", all_work), *lines]


async def choose_list(
    app: App[Any],
    lists: Lists,
    name: str,
    officer_id: int | None,
    figures: Sequence[tuple[str, str]],
    say: Callable[[str], None],
) -> Chosen | None:
    """Ask for a list, or go straight to the one called `name`; None where the officer goes back.

    `figures` are the names of the drill's figures offered here, in words with their numbers; `say` tells why there is
    nothing to choose from.
    """
    if not name:
        name = await _top(app, lists, officer_id, figures) or ""
    if not name:
        return None
    if name.startswith("figure:"):
        return Chosen(name.removeprefix("figure:"))
    if name == "mine":
        return Chosen(ref=ListRef(ListKind.RECEIVED_BY, str(officer_id)))
    kind = ListKind(name)
    if kind in {ListKind.RECEIVED_TODAY, ListKind.RETYPE}:
        return Chosen(ref=ListRef(kind))
    return await _one_of(app, kind, lists, say)


async def _top(app: App[Any], lists: Lists, officer_id: int | None, figures: Sequence[tuple[str, str]]) -> str | None:
    from desk.tui.screens.act_dialogs import Pick
    from desk.tui.widgets.modals import ask

    mine = next((each.count for each in lists.receivers if each.ref.which == str(officer_id)), 0)
    options = [
        *figures[:1],
        (ListKind.RECEIVED_TODAY.value, _said(lists.today)),
        (ListKind.RETYPE.value, _said(lists.retype, _("chưa có mã chính thức"))),
        ("mine", _("Tôi nhận, còn việc phải làm · {n}").format(n=thousands(mine))),
        (ListKind.STATE.value, _("Theo trạng thái…")),
        (ListKind.RECEIVED_BY.value, _("Theo cán bộ nhận…")),
        (ListKind.HELD_BY.value, _("Theo nơi đang giữ…")),
        *figures[1:],
    ]
    return await ask(app, Pick(_("Danh sách nào?"), options))


async def _one_of(app: App[Any], kind: ListKind, lists: Lists, say: Callable[[str], None]) -> Chosen | None:
    from desk.tui.screens.act_dialogs import Pick
    from desk.tui.widgets.modals import ask

    entries = {ListKind.STATE: lists.states, ListKind.RECEIVED_BY: lists.receivers, ListKind.HELD_BY: lists.holders}
    question = {
        ListKind.STATE: _("Trạng thái nào?"),
        ListKind.RECEIVED_BY: _("Cán bộ nào nhận?"),
        ListKind.HELD_BY: _("Ai đang giữ?"),
    }[kind]
    if not entries[kind]:
        say(_("Chưa có hồ sơ nào ở đó."))
        return None
    picked = await ask(app, Pick(question, [(each.ref.which, _said(each)) for each in entries[kind]]))
    return None if picked is None else Chosen(ref=ListRef(kind, picked))


def _said(entry: ListEntry, more: str = "") -> str:
    return ", ".join(part for part in (entry.name, more) if part) + f" · {thousands(entry.count)}"
