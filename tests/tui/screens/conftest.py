"""A folder in memory for each test of a screen."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.counter.desk_fixture import scratch


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder in memory, gone after the test."""
    found = scratch()
    yield found
    shutil.rmtree(found, ignore_errors=True)
