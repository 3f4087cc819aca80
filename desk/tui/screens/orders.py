"""The orders a list of dossiers may stand in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum

from desk.counter.model import WorkRow
from desk.rules.text import name_key, sort_key
from desk.words import _


class Order(StrEnum):
    """What a list is sorted by."""

    PROMISE = "promise"
    RECEIPT = "receipt"
    NAME = "name"
    PROCEDURE = "procedure"


def words(order: Order) -> str:
    """Return the order in words."""
    return {
        Order.PROMISE: _("theo hẹn trả"),
        Order.RECEIPT: _("mới nhận trước"),
        Order.NAME: _("theo tên"),
        Order.PROCEDURE: _("theo thủ tục"),
    }[order]


def after(order: Order, by: int = 1) -> Order:
    """Return the order that comes `by` places after this one, round and round."""
    orders = list(Order)
    return orders[(orders.index(order) + by) % len(orders)]


def places(rows: Sequence[WorkRow], order: Order, shown: Callable[[str], str]) -> list[int]:
    """Return the places of the rows in an order; what it does not tell apart stays as it was.

    `shown` is what stands in the list for the name of a procedure: the eye checks the order by that.
    """
    found = list(range(len(rows)))
    if order is Order.RECEIPT:
        times = [0.0 if row.received_at is None else row.received_at.timestamp() for row in rows]
        found.sort(key=lambda place: (times[place], rows[place].id), reverse=True)
    elif order is Order.NAME:
        names = [name_key(row.applicant) for row in rows]
        found.sort(key=names.__getitem__)
    elif order is Order.PROCEDURE:
        keys = {name: sort_key(shown(name)) for name in {row.procedure for row in rows}}
        found.sort(key=lambda place: keys[rows[place].procedure])
    return found
