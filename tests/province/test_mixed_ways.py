"""Files of many communes by every way at once, in any order and again and again: the tables of an in-order ingest.

DESK_PROOF_UNITS and DESK_PROOF_DAYS name another size than the small one; 104 and 30 are a province's month.
"""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk import reference
from desk.daily.build import Sealed
from desk.province.model import Taken
from desk.province.service import Province
from tests.province.factory import MONDAY, Centre, Clock, Tables, at, made_province, tables
from tests.province.test_mails import message

pytestmark = pytest.mark.usefixtures("database")

UNITS = int(os.environ.get("DESK_PROOF_UNITS", "5"))
DAYS = int(os.environ.get("DESK_PROOF_DAYS", "6"))
BATCHES = 12
"""In how many passes of the province's ingest what came by folders and mail is taken."""
CLOCK = Clock(at(MONDAY + (DAYS + 1) * timedelta(days=1)))


@cache
def month() -> tuple[tuple[Centre, ...], tuple[tuple[str, Sealed], ...]]:
    """Return communes, and each of their files with the unit that closed it, in order."""
    centres = tuple(Centre(code, seed=number) for number, code in enumerate(sorted(reference.admin_units())[:UNITS]))
    for day in (MONDAY + n * timedelta(days=1) for n in range(DAYS)):
        for centre in centres:
            centre.close(day)
    return centres, tuple((centre.unit, file) for centre in centres for file in centre.files)


class Ways:
    """The ways by which a file can come to a province: a line, a stick, the SFTP folders, a saved mail."""

    def __init__(self, province: Province, folder: Path) -> None:
        self._province = province
        self._stick, self._spool = folder / "stick", folder / "spool"
        self._letters = 0
        for unit in {unit for unit, _file in month()[1]}:
            (self._stick / unit).mkdir(parents=True)
            for box in ("in", "out"):
                (self._spool / f"mc{unit}" / box).mkdir(parents=True)
        province.use_spool(self._spool)
        self.all = (self.line, self.stick, self.sftp, self.mail)

    def line(self, _unit: str, file: Sealed) -> None:
        """By HTTPS, which takes each at once."""
        assert isinstance(self._province.take(file.data), Taken)

    def stick(self, unit: str, file: Sealed) -> None:
        """On a stick, which is read at the next pass."""
        (self._stick / unit / file.name).write_bytes(file.data)

    def sftp(self, unit: str, file: Sealed) -> None:
        """Into the folder that a commune sees over SFTP."""
        (self._spool / f"mc{unit}" / "in" / file.name).write_bytes(file.data)

    def mail(self, unit: str, file: Sealed) -> None:
        """As a mail that the office has saved."""
        self._letters += 1
        inbox = self._province.inbox / unit
        inbox.mkdir(parents=True, exist_ok=True)
        (inbox / f"{self._letters}.eml").write_bytes(bytes(message(file.data, name=file.name)))

    def read(self) -> None:
        """Take in what has come by folders and mail."""
        self._province.ingest()
        self._province.ingest([self._stick])


@cache
def in_order() -> Tables:
    centres, files = month()
    with TemporaryDirectory() as name:
        province = made_province(Path(name), CLOCK, *centres)
        assert {province.take(file.data).reason for _unit, file in files} == {None}
        province.close()
        return tables(Path(name))


def by_mixed_ways(order: Sequence[tuple[str, Sealed]], chance: random.Random) -> Tables:
    with TemporaryDirectory() as name:
        folder = Path(name) / "p"
        province = made_province(folder, CLOCK, *month()[0])
        ways = Ways(province, Path(name))
        for start in range(0, len(order), max(1, len(order) // BATCHES)):
            for unit, file in order[start : start + max(1, len(order) // BATCHES)]:
                chance.choice(ways.all)(unit, file)
            ways.read()
        ways.read()
        province.close()
        return tables(folder)


@given(st.integers(0, 2**32), st.integers(0, 50))
@settings(max_examples=4 if UNITS * DAYS < 100 else 1, deadline=None)
def test_a_month_of_a_province_by_mixed_ways(seed: int, repeated: int) -> None:
    chance = random.Random(seed)
    files = list(month()[1])
    order = files + [chance.choice(files) for _each in range(len(files) * repeated // 100)]
    chance.shuffle(order)
    found = by_mixed_ways(order, chance)
    assert found == in_order()
    assert len(found.files) == UNITS * DAYS
