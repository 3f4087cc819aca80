"""A commune's post, a stick, and a real province at the other end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from desk.province.service import Province
from desk.settings import Paths
from desk.sync.post import Post
from tests.province.factory import MONDAY, UNIT, Centre, Clock, at, made_province


@pytest.fixture
def clock() -> Clock:
    return Clock(at(MONDAY + timedelta(days=10)))


@pytest.fixture
def centre() -> Centre:
    return Centre()


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "desk")


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def post(paths: Paths, stick: Path, clock: Clock) -> Post:
    return Post(paths, unit=UNIT, practice=False, folder=str(stick), clock=clock)


@pytest.fixture
def province(tmp_path: Path, clock: Clock, centre: Centre) -> Iterator[Province]:
    made = made_province(tmp_path / "province", clock, centre)
    yield made
    made.close()
