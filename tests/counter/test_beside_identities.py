"""Counters beside the identities, each by a small history: what happened, net, in the file that holds it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from db.vocabulary import Act
from tests.counter.desk_fixture import COPIES, LAND, MARITAL, Desk, at

WHY = "có lý do"
BESIDE = frozenset(
    {"immediate", "refused_at_counter", "refused", "stopped", "withdrawn", "apologies", "late_apologies"}
    | {"second_supplements", "overdue_by_law", "waiting_supplement", "waiting_obligation", "uncollected"}
)

History = Callable[[Desk], object]


def done(desk: Desk, procedure: str, *acts: Act) -> str:
    """Receive a dossier and do acts with it; return its code."""
    code = desk.receive(procedure).code
    for act in acts:
        desk.act(code, act, reason=WHY)
    return code


def beside(desk: Desk) -> dict[str, int]:
    """Close the day and return the counters beside the identities of its last file."""
    return {name: number for name, number in desk.close()[-1].totals.items() if name in BESIDE}


def to_20_march(desk: Desk) -> None:
    desk.clock.set("2026-03-20T10:00")


def put_off(desk: Desk, when: str) -> None:
    code = done(desk, MARITAL)
    desk.clock.set(when)
    desk.act(code, Act.RESCHEDULE, to=at("2026-03-31T09:00"), reason=WHY)


def ended_late_by_law(desk: Desk) -> None:
    code = done(desk, MARITAL)
    desk.act(code, Act.RESCHEDULE, to=at("2026-03-31T09:00"), reason=WHY)
    desk.close()
    desk.clock.set("2026-03-27T09:00")
    desk.act(code, Act.FINISH)


def declined_after_papers(desk: Desk) -> None:
    code = desk.receive(MARITAL, act=Act.SUPPLEMENT, reason="thiếu giấy").code
    desk.act(code, Act.DECLINE, reason=WHY)


def stopped_after_the_term(desk: Desk) -> None:
    code = done(desk, LAND, Act.SUPPLEMENT)
    desk.clock.set("2026-04-20T10:00")
    desk.act(code, Act.STOP, reason=WHY)


def asked_twice(desk: Desk) -> None:
    code = done(desk, LAND, Act.SUPPLEMENT, Act.SUPPLEMENTED)
    desk.act(code, Act.SUPPLEMENT, reason=WHY, override="CV 12")


def paid(desk: Desk) -> None:
    done(desk, LAND, Act.OBLIGATION, Act.SETTLED)


def returned(desk: Desk) -> None:
    desk.act(done(desk, LAND, Act.FINISH), Act.RETURN, collector="chính chủ")


def late(desk: Desk) -> None:
    code = done(desk, MARITAL)
    to_20_march(desk)
    desk.act(code, Act.FINISH)


CASES: Mapping[str, tuple[History, dict[str, int]]] = {
    "a result at once": (lambda d: done(d, COPIES, Act.FINISH), {"immediate": 1, "uncollected": 1}),
    "declined at the counter": (
        lambda d: d.receive(MARITAL, act=Act.DECLINE, reason="thiếu giấy"),
        {"refused_at_counter": 1},
    ),
    "declined after papers were asked for": (declined_after_papers, {"refused_at_counter": 1}),
    "papers asked for before acceptance": (
        lambda d: d.receive(MARITAL, act=Act.SUPPLEMENT, reason="thiếu giấy"),
        {},
    ),
    "papers asked for after acceptance": (lambda d: done(d, LAND, Act.SUPPLEMENT), {"waiting_supplement": 1}),
    "papers asked for twice": (asked_twice, {"waiting_supplement": 1, "second_supplements": 1}),
    "refused": (lambda d: done(d, LAND, Act.REFUSE), {"refused": 1, "uncollected": 1}),
    "stopped": (stopped_after_the_term, {"stopped": 1}),
    "withdrawn": (lambda d: done(d, LAND, Act.WITHDRAW), {"withdrawn": 1}),
    "an apology in time": (lambda d: put_off(d, "2026-03-17T16:59"), {"apologies": 1}),
    "an apology on the day": (lambda d: put_off(d, "2026-03-18T09:00"), {"apologies": 1, "late_apologies": 1}),
    "late by law, early by the new promise": (ended_late_by_law, {"overdue_by_law": 1, "uncollected": 1}),
    "late": (late, {"overdue_by_law": 1, "uncollected": 1}),
    "tax to pay": (lambda d: done(d, LAND, Act.OBLIGATION), {"waiting_obligation": 1}),
    "tax paid": (paid, {}),
    "collected": (returned, {}),
    "papers asked for and undone": (lambda d: done(d, LAND, Act.SUPPLEMENT, Act.UNDO), {}),
    "entered by mistake": (lambda d: done(d, LAND, Act.SUPPLEMENT, Act.VOID), {}),
}


@pytest.mark.parametrize("name", CASES)
def test_counted_in_the_file_that_holds_it(desk: Desk, name: str) -> None:
    history, expected = CASES[name]
    history(desk)
    assert beside(desk) == expected


@pytest.mark.parametrize("name", CASES)
def test_flows_are_not_counted_again_the_next_day(desk: Desk, name: str) -> None:
    history, expected = CASES[name]
    history(desk)
    beside(desk)
    desk.clock.advance(days=3)
    stocks = {"waiting_supplement", "waiting_obligation", "uncollected"}
    assert beside(desk) == {counter: number for counter, number in expected.items() if counter in stocks}


@pytest.mark.parametrize(
    ("again", "counted"),
    [
        (Act.REFUSE, {"refused": 1, "uncollected": 1}),
        (Act.WITHDRAW, {"withdrawn": 1}),
        (Act.FINISH, {"uncollected": 1}),
    ],
)
def test_an_end_that_was_corrected_is_counted_as_what_it_became(
    desk: Desk, again: Act, counted: dict[str, int]
) -> None:
    code = done(desk, LAND, Act.FINISH)
    assert beside(desk) == {"uncollected": 1}
    desk.act(code, Act.UNDO)
    desk.act(code, again, reason=WHY)
    assert beside(desk) == counted


def test_a_corrected_end_that_came_late_is_late_by_law(desk: Desk) -> None:
    code = done(desk, COPIES, Act.FINISH)
    desk.close()
    desk.clock.set("2026-03-16T09:00")
    desk.act(code, Act.UNDO, reason=WHY)
    desk.act(code, Act.REFUSE, reason=WHY)
    totals = desk.close()[-1].totals
    assert totals == {"reopened": 1, "overdue": 1, "refused": 1, "overdue_by_law": 1, "uncollected": 1}


def test_what_was_voided_on_the_day_it_came_leaves_no_apology(desk: Desk) -> None:
    code = done(desk, LAND)
    desk.act(code, Act.RESCHEDULE, to=at("2026-04-20T09:00"), reason=WHY)
    desk.act(code, Act.VOID, reason=WHY)
    assert desk.close()[-1].totals == {}


def test_an_apology_stays_counted_where_the_dossier_is_voided_later(desk: Desk) -> None:
    code = done(desk, LAND)
    desk.act(code, Act.RESCHEDULE, to=at("2026-04-20T09:00"), reason=WHY)
    assert beside(desk) == {"apologies": 1}
    desk.act(code, Act.VOID, reason=WHY)
    assert desk.close()[-1].totals == {"carried": 1, "voided": 1}
    desk.act(code, Act.UNDO, reason=WHY)
    assert desk.close()[-1].totals == {"reopened": 1, "open_in_time": 1}
