"""Units side by side: rates, shared ranks, who issues what."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.daily.container import Json
from desk.province.model import ProvinceError, ProvinceFault
from desk.province.ranking import Place, RankBy, ranked, results
from tests.province.factory import MONDAY, OTHER, UNIT, Centre, Clock, at, made_province

DAY = timedelta(days=1)
THIRD = "00008"


def close(centre: Centre, n: int, rows: dict[str, Json]) -> bytes:
    """Close a day with these rows as the last of the chain."""
    sums: dict[str, int] = {}
    for line in rows.values():
        assert isinstance(line, dict)
        for name, value in line.items():
            assert isinstance(value, int)
            sums[name] = sums.get(name, 0) + value
    centre.close(MONDAY + n * DAY)
    return centre.replace_last({"rows": rows, "totals": dict(sums)}).data


def test_the_rates_of_a_period_and_the_stock_at_its_end(folder: Path, clock: Clock) -> None:
    one, two, three = Centre(UNIT), Centre(OTHER, seed=2), Centre(THIRD, seed=3)
    province = made_province(folder, clock, one, two, three, Centre("00025", seed=4))
    clock.now = at(MONDAY + 4 * DAY)
    province.take(close(one, 0, {"1.001193": {"online": 6, "direct": 2, "early": 2, "overdue": 1, "open_in_time": 5}}))
    province.take(
        close(one, 1, {"1.001193": {"carried": 5, "post": 2, "on_time": 3, "open_in_time": 3, "open_overdue": 1}})
    )
    province.take(close(two, 0, {"1.001193": {"direct": 4, "early": 4}}))
    province.take(close(three, 0, {}))
    reader = province.reader()
    found = reader.ranking(MONDAY, MONDAY + 4 * DAY, RankBy.ON_TIME)
    assert [(each.unit, each.rank) for each in found.places] == [(OTHER, 1), (UNIT, 2), (THIRD, None)]
    assert found.silent == ("00025",)
    place = found.places[1]
    assert (place.received, place.online, place.resolved, place.overdue) == (10, 6, 6, 1)
    assert (place.open, place.open_overdue) == (4, 1)
    assert place.on_time_rate == pytest.approx(5 / 6)
    assert place.online_share == pytest.approx(0.6)
    assert (found.total.received, found.total.resolved, found.total.open) == (14, 10, 4)
    first = reader.ranking(MONDAY, MONDAY, RankBy.ONLINE, [UNIT])
    assert [(each.unit, each.open, each.online_share) for each in first.places] == [(UNIT, 5, 0.75)]
    with pytest.raises(ProvinceError) as caught:
        reader.ranking(MONDAY, MONDAY, RankBy.ONLINE, ["99999"])
    assert caught.value.fault is ProvinceFault.NOT_ENROLLED
    province.close()


def test_who_gave_a_result_under_a_procedure(folder: Path, clock: Clock) -> None:
    one, two, three = Centre(UNIT), Centre(OTHER, seed=2), Centre(THIRD, seed=3)
    province = made_province(folder, clock, one, two, three)
    clock.now = at(MONDAY + 4 * DAY)
    province.take(close(one, 0, {"1.001193": {"direct": 3, "early": 3}, "1.004227": {"direct": 1, "early": 1}}))
    province.take(close(two, 0, {"1.001193": {"direct": 1, "on_time": 1, "refused": 1}}))
    province.take(close(three, 0, {"1.004227": {"direct": 1, "early": 1}}))
    found = province.reader().issuers(MONDAY, MONDAY + DAY, ["1.001193"])
    assert [(each.unit, each.results) for each in found.issued] == [(UNIT, 3)]
    assert [each.unit for each in found.none] == [OTHER, THIRD]
    both = province.reader().issuers(MONDAY, MONDAY + DAY, ["1.001193", "1.004227"])
    assert [(each.unit, each.results) for each in both.issued] == [(UNIT, 4), (THIRD, 1)]
    assert province.reader().issuers(MONDAY + DAY, MONDAY + DAY, ["1.001193"]).issued == ()
    province.close()


@pytest.mark.parametrize(
    ("figures", "number"),
    [
        ({"early": 2, "on_time": 1, "overdue": 1}, 4),
        ({"early": 2, "refused": 1}, 1),
        ({"on_time": 1, "stopped": 1}, 0),
        ({"on_time": 1, "withdrawn": 1}, 0),
        ({"early": 1, "reopened": 1, "overdue": 1}, 1),
        ({"immediate": 5, "online": 9}, 0),
    ],
)
def test_a_result_is_an_ending_with_one(figures: dict[str, int], number: int) -> None:
    assert results(figures) == number


def place(unit: int, resolved: int, overdue: int) -> Place:
    return Place(f"{unit:05}", "", 0, 0, resolved, min(overdue, resolved), 0, 0)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=12))
def test_a_rank_is_how_many_are_better_and_one(pairs: list[tuple[int, int]]) -> None:
    found = ranked([place(n, *pair) for n, pair in enumerate(pairs)], RankBy.ON_TIME)
    rates = [each.on_time_rate for each in found if each.on_time_rate is not None]
    assert len(found) == len(pairs)
    for each in found:
        mine = each.on_time_rate
        assert each.rank == (None if mine is None else 1 + sum(rate > mine for rate in rates))
    assert rates == sorted(rates, reverse=True)
