"""Whatever is restored whenever: no number twice, no figure of a lost day changed, both sides name the same."""

from __future__ import annotations

import random
import shutil
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.journeys.restoring import UNIT, Town

MOST = 6


@settings(max_examples=6)
@given(
    days=st.integers(2, 4),
    at=st.integers(0, MOST),
    folders=st.booleans(),
    same_day=st.booleans(),
    unsent=st.integers(0, 2),
    seed=st.integers(0, 2**16),
)
def test_any_backup_goes_on(days: int, at: int, folders: bool, same_day: bool, unsent: int, seed: int) -> None:
    base = Path(tempfile.mkdtemp(prefix="restored-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
    try:
        _lose_and_go_on(Town(base), random.Random(seed), days, min(at, days * 2 - 1), folders, same_day, unsent)
    finally:
        shutil.rmtree(base, ignore_errors=True)


def _lose_and_go_on(
    town: Town, rng: random.Random, days: int, at: int, folders: bool, same_day: bool, unsent: int
) -> None:
    """Live some days, with a backup at half a day, lose the rest, and go on until the province has everything."""
    given_out: list[str] = []
    kept: dict[str, bytes] = {}
    half = 0
    for day in range(days):
        for _part in range(2):
            with town.opened() as desk:
                given_out += [done.code for done in desk.receive(rng.randrange(1, 4), rng)]
            town.later(hours=2)
            if half == at:
                kept = town.backup()
            half += 1
        with town.opened() as desk:
            town.later(hours=3)
            desk.close()
            if day < days - unsent or not folders:
                desk.sync()
        town.ingest()
        if day < days - 1 or not same_day:
            town.next_day(3 if town.now.weekday() == 4 else 1)
    town.later(minutes=5)
    before = town.province.status(town.now.date()).units[0].last_seq
    town.restore(kept, folders=folders)
    with town.opened() as desk:
        desk.sync()
    town.ingest()
    fresh: list[str] = []
    with town.opened() as desk:
        desk.sync()
        broken = desk.desk.counter.resets.look()
        assert broken is not None
        fresh += [done.code for done in desk.receive(2, rng)]
        assert desk.refused() == "reset_needed"
        lost = [(each.seq, each.sha256) for each in desk.reset().lost.files]
        town.later(hours=1)
        desk.close()
        desk.sync()
    town.ingest()
    # The backup's own numbers are known to it: what it gives out is new, and so it is against what was lost.
    assert not set(fresh) & set(given_out)
    seen = town.province.accept_reset(town.province.reset(UNIT))
    assert [(each.seq, each.sha256) for each in seen.kept] == lost
    assert (seen.untold, seen.absent, seen.never, seen.base_known) == ((), (), (), True)
    town.ingest()
    with town.opened() as desk:
        states = desk.sync()
    unit = town.province.status(town.now.date()).units[0]
    assert {state for state, _why in states.values()} == {"confirmed"}
    assert (unit.held, unit.refused, unit.forks, unit.holes) == (0, 0, (), ())
    assert unit.last_seq > before
    # What was lost was counted by the lost files, and what was in the backup is not counted a second time.
    total = town.province.report(town.now.date().replace(day=1), town.now.date()).report.total
    assert total.columns[2] == len(given_out) + len(fresh)
