"""An empty desk record in memory."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.engine import open_engine, sqlite_url
from db.schema import ensure
from db.steps import Side
from db.unit import Records

KEY = bytes(range(32))


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder in memory where there is one: a commit is durable by contract, and slow on a disk."""
    memory = Path("/dev/shm")
    found = Path(tempfile.mkdtemp(prefix="record-", dir=memory if memory.is_dir() else None))
    yield found
    shutil.rmtree(found, ignore_errors=True)


@pytest.fixture
def record_file(folder: Path) -> Path:
    """The file of `records`, encrypted under `KEY`."""
    return folder / "desk.db"


@pytest.fixture(scope="session")
def empty_record(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a desk's record with nothing in it, encrypted under `KEY`."""
    path = tmp_path_factory.mktemp("record") / "empty.db"
    engine = open_engine(sqlite_url(path), KEY)
    ensure(engine, Side.DESK)
    engine.dispose()
    return path.read_bytes()


@pytest.fixture
def records(record_file: Path, empty_record: bytes) -> Iterator[Records]:
    """A desk's record with nothing in it."""
    record_file.write_bytes(empty_record)
    found = Records(open_engine(sqlite_url(record_file), KEY))
    yield found
    found.close()
