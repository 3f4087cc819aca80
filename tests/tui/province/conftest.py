"""The office's screens over a province in a folder in memory."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.province.service import Province, open_province
from tests.counter.desk_fixture import scratch
from tests.province.factory import Clock
from tests.tui.province.office_app import EVENING, two_weeks


@pytest.fixture
def clock() -> Clock:
    return Clock(EVENING)


@pytest.fixture(scope="session")
def made_once() -> Iterator[Path]:
    """Return the folder of a province with two weeks of files, closed."""
    found = scratch()
    two_weeks(found / "p", Clock(EVENING)).close()
    yield found / "p"
    shutil.rmtree(found, ignore_errors=True)


@pytest.fixture
def province(made_once: Path, folder: Path, clock: Clock) -> Iterator[Province]:
    """Return a province of the test's own with those two weeks."""
    shutil.copytree(made_once, folder / "p")
    opened = open_province(folder / "p", clock)
    yield opened
    opened.close()


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder in memory, gone after the test."""
    found = scratch()
    yield found
    shutil.rmtree(found, ignore_errors=True)
