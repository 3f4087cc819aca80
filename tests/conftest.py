"""What every test shares: a property-test profile, and a data folder that is never the user's own."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from desk.words import SOURCE, use_language
from tests.postgres import Postgres, programs

settings.register_profile("desk", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("desk-ci", parent=settings.get_profile("desk"), derandomize=True, database=None)
settings.load_profile("desk-ci" if os.environ.get("CI") else "desk")

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def data_folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that holds the data folder of each test."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(autouse=True)
def data_folder(data_folders: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point `DESK_DATA` at a folder of this test alone (not created yet), and forget a passphrase of the shell."""
    folder = data_folders / str(next(_numbers))
    monkeypatch.setenv("DESK_DATA", str(folder))
    monkeypatch.delenv("DESK_PASSPHRASE_FILE", raising=False)
    return folder


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Return a PostgreSQL server of this run, without fsync; without one on the machine the test is skipped."""
    server = Postgres(postgres_programs())
    yield server
    server.close()


def postgres_programs() -> Path:
    """Return where PostgreSQL's programs are; skipped without them, failed where servers are required."""
    found = programs()
    if found is None:
        if os.environ.get("DESK_REQUIRE_SERVERS"):
            pytest.fail("PostgreSQL is missing")
        pytest.skip("PostgreSQL is missing")
    return found


@pytest.fixture(autouse=True)
def source_language(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Speak Vietnamese in every test that does not choose, whatever the shell or the test before it chose."""
    monkeypatch.delenv("DESK_LANGUAGE", raising=False)
    use_language(SOURCE)
    yield
    use_language(SOURCE)
