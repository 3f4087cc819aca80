"""What is kept of many backups: seven days, four weeks, twelve months."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from desk.keeping.thinning import superfluous
from desk.rules import moment

NOW = datetime(2026, 12, 31, 17, tzinfo=moment.VN)


def kept(made: dict[str, datetime]) -> set[str]:
    return set(made) - set(superfluous(made, NOW))


def test_two_years_of_evenings() -> None:
    made = {f"{n:03d}": NOW - timedelta(days=n) for n in range(730)}
    days = sorted((made[name].date() for name in kept(made)), reverse=True)
    assert [f"{day:%m-%d}" for day in days[:9]] == [
        "12-31", "12-30", "12-29", "12-28", "12-27", "12-26", "12-25", "12-20", "12-13",
    ]  # fmt: skip
    ends = ("11-30", "10-31", "09-30", "08-31", "07-31", "06-30", "05-31", "04-30", "03-31", "02-28", "01-31")
    assert [f"{day:%Y-%m-%d}" for day in days[9:]] == [f"2026-{end}" for end in ends]


def test_all_of_today_are_kept_and_one_of_each_day_before() -> None:
    made = {f"t{n}": NOW - timedelta(hours=n) for n in range(9)} | {
        f"y{n}": NOW - timedelta(days=1, hours=n) for n in range(9)
    }
    assert kept(made) == {*(f"t{n}" for n in range(9)), "y0"}


@given(st.lists(st.integers(-3, 3000), max_size=60, unique=True))
def test_the_newest_stays_and_thinning_again_takes_nothing(hours: list[int]) -> None:
    made = {f"{n}": NOW - timedelta(hours=n) for n in hours}
    left = kept(made)
    assert not made or max(made, key=lambda name: made[name]) in left
    assert superfluous({name: made[name] for name in left}, NOW) == []
    assert {made[name].date() for name in left} >= set(sorted({at.date() for at in made.values()}, reverse=True)[:7])
