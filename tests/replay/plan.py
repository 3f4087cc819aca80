"""How often each told dossier is there at each site, so that all sites together are the press's to the last one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import accumulate

from desk import reference
from desk.reference import PROVINCIAL
from desk.rehearsal.hours import source_of_chance
from tests.replay.press import PROVINCE, Cell, Figures, Kind

CENTRE = PROVINCIAL + PROVINCE
_CENTRE_SHARE, _WARD, _SPREAD = 0.12, 1.6, 0.3
"""The provincial centre takes an eighth of all; a ward has more to do than a commune, and no two have the same."""

Counts = Mapping[int, int]
"""How often each told dossier is there; what is not named is not."""


def sites(number: int) -> list[str]:
    """Return the provincial centre and so many communes that all are so many."""
    communes = sorted(unit.code for unit in reference.admin_units().values() if unit.province_code == PROVINCE)
    return [CENTRE, *communes][:number]


def planned(told: Mapping[Cell, Sequence[int]], units: Sequence[str], figures: Figures, seed: int) -> dict[str, Counts]:
    """Return the counts of each site; ValueError where nothing was told of what there is to be."""
    chance = source_of_chance(seed, "sites")
    busy = _busy(units, seed)
    found: dict[str, Counter[int]] = {unit: Counter() for unit in units}
    for cell, number in sorted(figures.cells().items()):
        choices = told.get(cell, ())
        if number and not choices:
            raise ValueError(cell)
        weights = list(accumulate(busy[unit] * _leaning(unit, cell, seed) for unit in units))
        for unit in chance.choices(units, cum_weights=weights, k=number):
            found[unit][chance.choice(choices)] += 1
    return dict(found)


def _busy(units: Sequence[str], seed: int) -> dict[str, float]:
    known = reference.admin_units()
    found = {}
    for unit in units:
        ward = unit in known and known[unit].type == "Phường"
        found[unit] = source_of_chance(seed, "busy", unit).lognormvariate(0, _SPREAD) * (_WARD if ward else 1)
    found[CENTRE] = _CENTRE_SHARE / (1 - _CENTRE_SHARE) * sum(each for unit, each in found.items() if unit != CENTRE)
    return found


def _leaning(unit: str, cell: Cell, seed: int) -> float:
    """Return how much more than others a site has of a kind: some are late more often, some have fewer on line."""
    online, kind = cell
    spread = 0.7 if kind in {Kind.OVERDUE, Kind.OPEN} else 0.3 if not online else 0.05
    return source_of_chance(seed, "leaning", unit, kind if spread > 0.3 else online).lognormvariate(0, spread)
