"""A practice centre and a live one, each on a record of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.counter.desk_fixture import Desk, open_desk, scratch


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder in memory, gone after the test."""
    found = scratch()
    yield found
    shutil.rmtree(found, ignore_errors=True)


@pytest.fixture
def desk(folder: Path) -> Iterator[Desk]:
    """A practice centre at 09:12 on Friday, 13 March 2026."""
    found = open_desk(folder / "desk.db")
    yield found
    found.records.close()


@pytest.fixture
def live(folder: Path) -> Iterator[Desk]:
    """A live centre at the same instant."""
    found = open_desk(folder / "live.db", practice=False)
    yield found
    found.records.close()
