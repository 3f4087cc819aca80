"""The lists beside the day's work: by state, by officer, today's receipts, what is still to be re-typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from db import lists, offices
from db.rows import DossierRow
from db.unit import View
from db.vocabulary import OPEN_STATES, State
from desk.counter import looking, say
from desk.counter.context import Context
from desk.counter.listed import Listed, ListEntry, ListKind, ListRef, Lists
from desk.rules import moment, numbering
from desk.words import _

MOST = 2000
"""How many dossiers a list shows; of a longer one the newest, and it says so."""

IN_HAND = OPEN_STATES | {State.REGISTERED, State.FINISHED}
"""States in which something is left to do, to decide on or to hand over."""

_STATES = tuple(sorted(State, key=lambda state: (state not in IN_HAND, state is State.VOIDED, state)))
"""Those in which something is left to do come first."""


def entries(ctx: Context, view: View) -> Lists:
    """Return every list with its count."""
    connection = view.connection
    names = {officer.id: officer.name for officer in offices.officers(connection)}

    def entry(kind: ListKind, which: str, count: int) -> ListEntry:
        ref = ListRef(kind, which)
        return ListEntry(ref, _name(ctx, ref, names), count)

    def fullest(kind: ListKind, counts: Mapping[int, int] | Mapping[str, int]) -> tuple[ListEntry, ...]:
        found = [entry(kind, str(which), count) for which, count in counts.items()]
        return tuple(sorted(found, key=lambda each: (-each.count, each.ref.which)))

    states = lists.by_state(connection)
    return Lists(
        today=entry(ListKind.RECEIVED_TODAY, "", len(_received_today(ctx, view))),
        retype=entry(ListKind.RETYPE, "", lists.count_without_code(connection)),
        states=tuple(entry(ListKind.STATE, str(int(state)), states[state]) for state in _STATES if state in states),
        receivers=fullest(ListKind.RECEIVED_BY, lists.by_receiver(connection, IN_HAND)),
        holders=fullest(ListKind.HELD_BY, lists.by_holder(connection, IN_HAND)),
    )


def listed(ctx: Context, view: View, ref: ListRef) -> Listed:
    """Return the dossiers of a list by promise, those without one last."""
    rows: list[DossierRow]
    if ref.kind is ListKind.RECEIVED_TODAY:
        rows = _received_today(ctx, view)
        total = len(rows)
    else:
        condition = _CONDITIONS[ref.kind](ref.which)
        rows = lists.newest(view.connection, condition, MOST)
        total = len(rows) if len(rows) < MOST else _total(view, ref, condition)
    names = {officer.id: officer.name for officer in offices.officers(view.connection)}
    ordered = sorted(rows[:MOST], key=_by_promise)
    return Listed(ref, _name(ctx, ref, names), looking.work_rows(ctx, view, ordered), total)


def _total(view: View, ref: ListRef, condition: lists.Condition) -> int:
    if ref.kind is ListKind.RETYPE:
        return lists.count_without_code(view.connection)
    return lists.count(view.connection, condition)


def _by_promise(row: DossierRow) -> tuple[bool, float, int]:
    return row.promise is None, 0.0 if row.promise is None else row.promise.timestamp(), row.id


def _received_today(ctx: Context, view: View) -> list[DossierRow]:
    """Return what this desk received today: the provisional code names the desk that wrote a dossier in."""
    start = datetime.combine(ctx.now().date(), datetime.min.time(), moment.VN)
    rows = lists.received_between(view.connection, start, start + timedelta(days=1))
    return [row for row in rows if (code := numbering.parse_provisional(row.code)) and code.desk == ctx.centre.desk]


_CONDITIONS: Mapping[ListKind, Callable[[str], lists.Condition]] = {
    ListKind.RETYPE: lambda _which: lists.without_code(),
    ListKind.STATE: lambda which: lists.in_state(int(which)),
    ListKind.RECEIVED_BY: lambda which: lists.received_by(int(which), IN_HAND),
    ListKind.HELD_BY: lambda which: lists.held_by(which, IN_HAND),
}


def _name(ctx: Context, ref: ListRef, officers: Mapping[int, str]) -> str:
    if ref.kind is ListKind.STATE:
        name = say.state_name(State(int(ref.which)))
        return name[:1].upper() + name[1:]
    if ref.kind is ListKind.RECEIVED_BY:
        found = officers.get(int(ref.which)) or _("cán bộ số {n}").format(n=ref.which)
        return _("Nhận: {officer}").format(officer=found)
    if ref.kind is ListKind.HELD_BY:
        return _("Đang ở: {holder}").format(holder=ref.which)
    if ref.kind is ListKind.RETYPE:
        return _("Cần nhập lại")
    return _("Quầy {n} nhận hôm nay").format(n=ctx.centre.desk)
