"""A province with one commune, on a real database in a folder of the test."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from desk.province.service import Province
from tests.postgres import Postgres
from tests.province import factory
from tests.province.factory import MONDAY, Centre, Clock, at, made_province


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[None]:
    """Put every province of a module into a file of its own, then each into a database of a real server."""
    with pytest.MonkeyPatch.context() as changed:
        if request.param == "postgresql":
            server: Postgres = request.getfixturevalue("postgres")
            changed.setattr(factory, "new_database", server.province)
        yield


@pytest.fixture
def clock() -> Clock:
    """Return the evening of the first Friday."""
    return Clock(at(MONDAY + timedelta(days=4), 18))


@pytest.fixture
def centre() -> Centre:
    return Centre()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the province's data folder."""
    return tmp_path / "province"


@pytest.fixture
def province(folder: Path, clock: Clock, centre: Centre) -> Iterator[Province]:
    made = made_province(folder, clock, centre)
    yield made
    made.close()
