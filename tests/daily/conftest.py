"""A made-up office whose days are counted by the real tally, and a small sealed file of it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from itertools import count

import pytest

from db.vocabulary import Channel, Judgement
from desk.daily.build import build, seal_daily
from desk.daily.model import DailyFile, JournalSpan
from desk.daily.sshsig import SigningKey
from desk.rules.tally import ABSENT, Change, Count, Open, Phase, Standing, Tally, stock_of, tally

HEAD = "5d" * 32
NOON = datetime(2026, 3, 13, 5, 0, 42, tzinfo=UTC)

Day = tuple[Tally, dict[str, int]]


@pytest.fixture(scope="session")
def key() -> SigningKey:
    return SigningKey.from_seed(bytes(range(32)))


@pytest.fixture(scope="session")
def province_key() -> SigningKey:
    return SigningKey.from_seed(bytes(range(1, 33)))


@pytest.fixture(scope="session")
def figures() -> Tally:
    changes = [
        Change("a", ABSENT, Standing(Phase.ENDED, "2.000815", Channel.DIRECT, verdict=Judgement.ON_TIME)),
        Change("b", ABSENT, Standing(Phase.OPEN, "1.001193", Channel.ONLINE)),
    ]
    return tally({"1.004227": 1}, changes, [Open("b", "1.001193", True), Open("c", "1.004227", False)])


@pytest.fixture(scope="session")
def make(key: SigningKey, figures: Tally) -> Callable[..., DailyFile]:
    """Build the daily file of 13 March 2026, with changes."""

    def build_one(*, by: Tally = figures, carried: dict[str, int] | None = None, **changed: object) -> DailyFile:
        header: dict[str, object] = {
            "unit": "18229",
            "unit_name": "Xã Hương Khê",
            "installation": key.public.fingerprint,
            "practice": False,
            "date": date(2026, 3, 13),
            "seq": 1,
            "prev": None,
            "journal": JournalSpan(0, 5, HEAD),
            "as_of": NOON,
            "created": NOON,
            "app": "0.1.0",
            "catalogue": "2026-03",
            "calendar": "2026",
            **changed,
        }
        return build(by, {"1.004227": 1} if carried is None else carried, **header)  # type: ignore[arg-type]

    return build_one


@pytest.fixture(scope="session")
def sealed(make: Callable[..., DailyFile], key: SigningKey) -> bytes:
    return seal_daily(make(), key).data


def simulate(a_day: int, days: int, seed: int) -> Iterator[Day]:
    """Run an office of 150 procedures.

    73 % are certified copies, done at once; the rest spreads by Zipf and takes 1 to 12 days, so that the stock is some
    1.7 days of work, as the published figures of one province's first weeks have it.
    """
    rng = random.Random(seed)
    codes = [f"{rng.choice('12')}.{rng.randrange(14, 14000):06d}" for _ in range(150)]
    weights = [1 / (rank + 1) for rank in range(147)]
    open_now: dict[str, tuple[Standing, int]] = {}
    names = count()
    carried: dict[str, int] = {}
    for day in range(days):
        changes = []
        for name, (standing, ends) in list(open_now.items()):
            if ends == day:
                del open_now[name]
                verdict = rng.choices(list(Judgement), (30, 69, 1))[0]
                changes.append(Change(name, standing, Standing(Phase.ENDED, standing.procedure, verdict=verdict)))
        flows: list[tuple[Count, str]] = []
        for _ in range(max(1, round(rng.gauss(a_day, 12)))):
            channel = rng.choices(list(Channel), (15, 83, 2))[0]
            name = f"d{next(names)}"
            if rng.random() < 0.73:
                code = rng.choice(codes[:3])
                changes.append(Change(name, ABSENT, Standing(Phase.ENDED, code, channel, verdict=Judgement.ON_TIME)))
                flows.append((Count.IMMEDIATE, code))
            else:
                code = rng.choices(codes[3:], weights)[0]
                standing = Standing(Phase.OPEN, code, channel)
                changes.append(Change(name, ABSENT, standing))
                open_now[name] = (standing, day + rng.randint(1, 12))
            for side in (Count.APOLOGIES, Count.REFUSED_AT_COUNTER, Count.OVERDUE_BY_LAW, Count.SATISFIED):
                if rng.random() < 0.01:
                    flows.append((side, code))
        stock = [Open(name, at.procedure, rng.random() < 0.98) for name, (at, _) in open_now.items()]
        stocks = [(Count.UNCOLLECTED, item.procedure) for item in stock if rng.random() < 0.1]
        stocks += [(Count.WAITING_SUPPLEMENT, item.procedure) for item in stock if rng.random() < 0.05]
        yield tally(carried, changes, stock, flows, stocks), carried
        carried = stock_of(tally(carried, changes, stock).rows)


@pytest.fixture
def office() -> Callable[[int, int, int], Iterator[Day]]:
    return simulate
