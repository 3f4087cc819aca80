"""What an interval counts: net change per dossier, identities, and who is at fault when they fail."""

from __future__ import annotations

from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.vocabulary import Channel, Judgement
from desk.rules.tally import (
    ABSENT,
    INFLOWS,
    OUTFLOWS,
    SIDE_FLOWS,
    SIDE_STOCKS,
    STOCK,
    Change,
    Count,
    FaultKind,
    Imbalance,
    ImbalanceKind,
    Open,
    Phase,
    Standing,
    Tally,
    add,
    check,
    combine,
    effect,
    faults,
    of_rows,
    stock_of,
    tally,
    totals_of,
)

P, Q = "2.000815", "1.001193"


def opened(procedure: str = P, channel: Channel = Channel.DIRECT, taken_over: bool = False) -> Standing:
    return Standing(Phase.OPEN, procedure, channel, taken_over)


def ended(verdict: Judgement = Judgement.ON_TIME, procedure: str = P, taken_over: bool = False) -> Standing:
    return Standing(Phase.ENDED, procedure, Channel.DIRECT, taken_over, verdict)


def voided(procedure: str = P) -> Standing:
    return Standing(Phase.VOIDED, procedure)


def handed(procedure: str = P) -> Standing:
    return Standing(Phase.HANDED_OVER, procedure)


EARLY, ON_TIME, OVERDUE = Judgement.EARLY, Judgement.ON_TIME, Judgement.OVERDUE


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (ABSENT, ABSENT, []),
        (ABSENT, opened(), [("direct", P)]),
        (ABSENT, opened(channel=Channel.ONLINE), [("online", P)]),
        (ABSENT, opened(channel=Channel.POST), [("post", P)]),
        (ABSENT, opened(channel=Channel.ONLINE, taken_over=True), [("taken_over", P)]),
        (ABSENT, ended(OVERDUE), [("direct", P), ("overdue", P)]),
        (ABSENT, ended(EARLY, taken_over=True), [("taken_over", P), ("early", P)]),
        (ABSENT, voided(), []),
        (ABSENT, handed(), [("direct", P), ("handed_over", P)]),
        (opened(), opened(), []),
        (opened(), opened(channel=Channel.POST), []),
        (opened(), opened(Q), [("moved_out", P), ("moved_in", Q)]),
        (opened(), ended(EARLY), [("early", P)]),
        (opened(), ended(ON_TIME), [("on_time", P)]),
        (opened(), ended(OVERDUE), [("overdue", P)]),
        (opened(), ended(EARLY, Q), [("moved_out", P), ("moved_in", Q), ("early", Q)]),
        (opened(), voided(), [("voided", P)]),
        (opened(), voided(Q), [("moved_out", P), ("moved_in", Q), ("voided", Q)]),
        (opened(), handed(), [("handed_over", P)]),
        (opened(), ABSENT, [("voided", P)]),
        (ended(), opened(), [("reopened", P)]),
        (ended(), opened(Q), [("reopened", P), ("moved_out", P), ("moved_in", Q)]),
        (ended(EARLY), ended(EARLY), []),
        (ended(EARLY), ended(OVERDUE), [("reopened", P), ("overdue", P)]),
        (ended(EARLY), ended(EARLY, Q), [("reopened", P), ("moved_out", P), ("moved_in", Q), ("early", Q)]),
        (ended(), voided(), [("reopened", P), ("voided", P)]),
        (ended(), handed(), [("reopened", P), ("handed_over", P)]),
        (ended(), ABSENT, [("reopened", P), ("voided", P)]),
        (voided(), opened(), [("reopened", P)]),
        (voided(), ended(EARLY), [("reopened", P), ("early", P)]),
        (voided(), voided(Q), []),
        (voided(), ABSENT, []),
        (handed(), opened(), [("reopened", P)]),
        (handed(), handed(), []),
    ],
)
def test_what_one_dossier_counts(before: Standing, after: Standing, expected: list[tuple[str, str]]) -> None:
    assert [(count.value, row) for count, row in effect(Change("a", before, after))] == expected


def every_standing() -> list[Standing]:
    found = [ABSENT]
    for phase, row, channel, taken in product(list(Phase)[1:], (P, Q), Channel, (False, True)):
        verdicts: list[Judgement | None] = list(Judgement) if phase is Phase.ENDED else [None]
        found += [Standing(phase, row, channel, taken, verdict) for verdict in verdicts]
    return found


def test_every_transition_keeps_the_identity_of_every_row() -> None:
    places = every_standing()
    for before, after in product(places, places):
        counts = effect(Change("a", before, after))
        for row in (P, Q):
            was = before.phase is Phase.OPEN and before.procedure == row
            is_now = after.phase is Phase.OPEN and after.procedure == row
            came = sum(count in INFLOWS for count, name in counts if name == row)
            went = sum(count in OUTFLOWS for count, name in counts if name == row)
            assert was + came == went + is_now, (before, after, counts)


def test_the_counters_fall_into_groups() -> None:
    groups = [set(INFLOWS), set(OUTFLOWS), set(STOCK), set(SIDE_FLOWS), set(SIDE_STOCKS)]
    assert sum(len(group) for group in groups) == len(Count) == 32
    assert set().union(*groups) == set(Count)
    assert [count.value for count in INFLOWS] == [
        "carried",
        "online",
        "direct",
        "post",
        "taken_over",
        "reopened",
        "moved_in",
    ]
    assert [count.value for count in OUTFLOWS] == ["early", "on_time", "overdue", "handed_over", "voided", "moved_out"]


def test_a_day() -> None:
    changes = [
        Change("a", ABSENT, ended()),
        Change("b", ABSENT, opened(channel=Channel.ONLINE)),
        Change("c", opened(Q), ended(OVERDUE, Q)),
        Change("d", opened(Q), opened()),
        Change("e", ABSENT, voided()),
    ]
    stock = [Open("b", P, in_time=True), Open("d", P, in_time=False)]
    flows = [(Count.IMMEDIATE, P), (Count.APOLOGIES, Q), (Count.APOLOGIES, Q), (Count.SATISFIED, "-")]
    found = tally({Q: 2, "9.999999": 0}, changes, stock, flows, [(Count.UNCOLLECTED, Q)])
    assert found.rows == {
        "-": {"satisfied": 1},
        Q: {"carried": 2, "overdue": 1, "moved_out": 1, "apologies": 2, "uncollected": 1},
        P: {
            "online": 1,
            "direct": 1,
            "moved_in": 1,
            "on_time": 1,
            "open_in_time": 1,
            "open_overdue": 1,
            "immediate": 1,
        },
    }
    assert found.totals == totals_of(found.rows)
    assert found.totals["apologies"] == 2
    assert all(type(name) is str for line in found.rows.values() for name in line)
    assert check(found, {Q: 2}) == ()
    assert stock_of(found.rows) == {P: 2}


def test_an_empty_day_is_zero_not_missing() -> None:
    assert tally({}, [], []) == Tally({}, {})
    assert check(Tally({}, {}), {}) == ()


@pytest.mark.parametrize("count", [Count.EARLY, Count.CARRIED, Count.UNCOLLECTED, Count.OPEN_OVERDUE])
def test_a_counter_of_the_identity_cannot_be_given_beside_it(count: Count) -> None:
    with pytest.raises(ValueError, match="beside"):
        tally({}, [], [], [(count, P)])


def test_a_flow_is_not_a_stock() -> None:
    with pytest.raises(ValueError, match="beside"):
        tally({}, [], [], (), [(Count.APOLOGIES, P)])


def test_a_standing_must_be_whole() -> None:
    with pytest.raises(ValueError, match="procedure"):
        Standing(Phase.OPEN)
    with pytest.raises(ValueError, match="verdict"):
        Standing(Phase.ENDED, P)


GOOD = {P: {"carried": 1, "direct": 2, "on_time": 1, "open_in_time": 2}}


@pytest.mark.parametrize(
    ("figures", "carried", "expected"),
    [
        (of_rows(GOOD), {P: 1}, ()),
        (of_rows(GOOD), None, ()),
        (of_rows(GOOD), {}, (Imbalance(ImbalanceKind.CARRIED, P, "carried", 1, 0),)),
        (of_rows(GOOD), {P: 1, Q: 4}, (Imbalance(ImbalanceKind.CARRIED, Q, "carried", 0, 4),)),
        (
            of_rows({P: {"direct": 2, "on_time": 1}}),
            {},
            (Imbalance(ImbalanceKind.IDENTITY, P, None, 2, 1), Imbalance(ImbalanceKind.IDENTITY, None, None, 2, 1)),
        ),
        (
            of_rows({P: {"direct": 2, "on_time": 1}, Q: {"direct": 1, "on_time": 2}}),
            {},
            (Imbalance(ImbalanceKind.IDENTITY, Q, None, 1, 2), Imbalance(ImbalanceKind.IDENTITY, P, None, 2, 1)),
        ),
        (
            Tally(GOOD, {**totals_of(GOOD), "apologies": 1}),
            None,
            (Imbalance(ImbalanceKind.TOTAL, None, "apologies", 1, 0),),
        ),
        (
            of_rows({P: {"apologies": -1}, Q: {"apologies": 2}}),
            None,
            (Imbalance(ImbalanceKind.NEGATIVE, P, "apologies", -1, 0),),
        ),
        (
            of_rows({P: {"lost": 1}}),
            None,
            tuple(Imbalance(ImbalanceKind.UNKNOWN_COUNTER, row, "lost", 1, 0) for row in (P, None)),
        ),
    ],
)
def test_check_names_what_is_wrong(
    figures: Tally, carried: dict[str, int] | None, expected: tuple[Imbalance, ...]
) -> None:
    assert check(figures, carried) == expected


PLACES = st.sampled_from(every_standing())
HISTORIES = st.lists(st.lists(PLACES, min_size=4, max_size=4), max_size=12)


def interval(histories: list[list[Standing]], start: int, end: int, carried: dict[str, int]) -> Tally:
    pairs = [(f"d{n}", history[start], history[end]) for n, history in enumerate(histories)]
    changes = [Change(name, before, after) for name, before, after in pairs if before != after]
    stock = [Open(name, after.procedure, in_time=True) for name, _, after in pairs if after.phase is Phase.OPEN]
    return tally(carried, changes, stock)


@given(HISTORIES)
def test_intervals_tile_and_always_balance(histories: list[list[Standing]]) -> None:
    histories = [[ABSENT, *history] for history in histories]
    carried: dict[str, int] = {}
    files = []
    for start, end in pairwise(range(5)):
        found = interval(histories, start, end, carried)
        assert check(found, carried) == ()
        carried = stock_of(found.rows)
        files.append(found.rows)
    whole = of_rows(combine(files))
    assert check(whole, {}) == ()
    assert stock_of(whole.rows) == stock_of(interval(histories, 0, 4, {}).rows) == carried


@given(HISTORIES, st.data())
def test_a_dossier_lost_from_the_stock_is_found_and_named(histories: list[list[Standing]], data: st.DataObject) -> None:
    histories = [[ABSENT, *history] for history in histories]
    changes = [Change(f"d{n}", history[0], history[1]) for n, history in enumerate(histories)]
    stock = [Open(c.dossier, c.after.procedure, in_time=True) for c in changes if c.after.phase is Phase.OPEN]
    assert faults(changes, stock, {}) == ()
    if stock:
        gone = data.draw(st.sampled_from(stock))
        rest = [item for item in stock if item is not gone]
        assert check(tally({}, changes, rest), {})
        assert [(f.kind, f.dossier) for f in faults(changes, rest, {})] == [
            (FaultKind.OPEN_BUT_NOT_IN_STOCK, gone.dossier)
        ]


@pytest.mark.parametrize(
    ("changes", "stock", "opening", "expected"),
    [
        ([], [Open("a", P, True)], {"a": P}, []),
        ([], [Open("a", P, True)], None, []),
        ([], [Open("a", P, True)], {}, [FaultKind.IN_STOCK_BUT_NOT_OPEN]),
        ([], [], {"a": P}, [FaultKind.OPEN_BUT_NOT_IN_STOCK]),
        ([], [Open("a", Q, True)], {"a": P}, [FaultKind.IN_ANOTHER_ROW]),
        ([], [Open("a", P, True)] * 2, {"a": P}, [FaultKind.IN_STOCK_TWICE]),
        ([Change("a", opened(), ended())], [Open("a", P, True)], None, [FaultKind.IN_STOCK_BUT_NOT_OPEN]),
        ([Change("a", opened(), ended())], [], {}, [FaultKind.OPENING_DISAGREES]),
        ([Change("a", opened(), ended())], [], {"a": Q}, [FaultKind.OPENING_DISAGREES]),
        ([Change("a", ABSENT, opened())] * 2, [Open("a", P, True)], None, [FaultKind.CHANGED_TWICE]),
    ],
)
def test_who_is_at_fault(
    changes: list[Change], stock: list[Open], opening: dict[str, str] | None, expected: list[FaultKind]
) -> None:
    assert [fault.kind for fault in faults(changes, stock, opening)] == expected


def test_files_of_one_unit_follow_one_another_and_units_stand_side_by_side() -> None:
    first = {P: {"direct": 3, "on_time": 1, "open_in_time": 2, "uncollected": 5, "apologies": 1}}
    second = {P: {"carried": 2, "early": 2, "apologies": 2}, Q: {"direct": 1, "open_overdue": 1, "uncollected": 1}}
    assert combine([first, second]) == {
        P: {"direct": 3, "early": 2, "on_time": 1, "apologies": 3},
        Q: {"direct": 1, "open_overdue": 1, "uncollected": 1},
    }
    assert combine([]) == {}
    assert add([first, second])[P] == {
        "carried": 2,
        "direct": 3,
        "early": 2,
        "on_time": 1,
        "open_in_time": 2,
        "apologies": 3,
        "uncollected": 5,
    }
