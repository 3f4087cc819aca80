"""A full disk while saving: told as such, nothing half written, and the next save works."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

from db.errors import RecordError, RecordFault
from desk.counter.model import Done
from desk.counter.sentences import fault_sentence
from tests.counter.desk_fixture import LAND, Desk, open_desk, scratch

LONG = "Thôn rất xa " * 2000


def fill(desk: Desk) -> RecordError:
    """Receive until the disk is full; return the error."""
    for _each in range(2000):
        try:
            desk.receive(LAND, address=LONG)
        except RecordError as error:
            return error
    pytest.fail("the disk never filled")


def assert_whole(desk: Desk) -> None:
    """Check that every dossier is whole, and that numbers and journal have no gap."""
    assert desk.disagreeing() == []
    assert desk.counter.verify_journal() is None
    dossiers = desk.ask("SELECT count(*) FROM dossier")
    for question in (
        "SELECT count(*) FROM journal_event WHERE kind = 'receive'",
        "SELECT count(*) FROM person",
        "SELECT max(number) FROM issued_slip",
        "SELECT last FROM counter WHERE series LIKE 'slip/01/%'",
        "SELECT last FROM counter WHERE series LIKE 'code/%'",
        "SELECT count(*) FROM search_words_docsize",
    ):
        assert desk.ask(question) == dossiers
    assert desk.ask("PRAGMA integrity_check") == "ok"


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of 12 MB that can be mounted by root on Linux only."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("needs root on Linux")
    folder = scratch()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        folder.rmdir()
        pytest.skip("may not mount here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)
    folder.rmdir()


def test_a_full_disk_is_told_and_loses_nothing(small_disk: Path) -> None:
    desk = open_desk(small_disk / "desk.db")
    kept = desk.receive()
    error = fill(desk)
    assert error.fault is RecordFault.DISK_FULL
    assert "Đĩa đầy" in fault_sentence(error)
    assert_whole(desk)
    (small_disk / "rest").touch()
    with pytest.raises(OSError, match="No space"):
        (small_disk / "rest").write_bytes(bytes(16 << 20))
    before = desk.contents()
    order = desk.order(LAND, address=LONG)
    with pytest.raises(RecordError):
        desk.counter.receive(order)
    assert desk.contents() == before
    assert desk.counter.dossier(kept.code) is not None
    assert desk.counter.worklist()
    (small_disk / "rest").unlink()
    subprocess.run(["mount", "-o", "remount,size=40m", str(small_disk)], check=True)
    assert isinstance(desk.counter.receive(order), Done)
    assert_whole(desk)
    desk.records.close()
    again = open_desk(small_disk / "desk.db")
    assert_whole(again)
    again.close()
    again.records.close()


def test_a_database_at_its_greatest_size_is_a_full_disk(folder: Path) -> None:
    desk = open_desk(folder / "desk.db")
    pages = int(desk.ask("PRAGMA page_count"))
    limit = {"pages": pages + 40}
    event.listen(
        desk.records.engine,
        "begin",
        lambda connection: connection.exec_driver_sql(f"PRAGMA max_page_count = {limit['pages']}"),
    )
    error = fill(desk)
    assert error.fault is RecordFault.DISK_FULL
    assert_whole(desk)
    limit["pages"] = 1 << 30
    desk.receive(LAND, address=LONG)
    assert_whole(desk)
    desk.records.close()


LIMITED = """
import resource, sys
from pathlib import Path
from db.errors import RecordError
from tests.counter.desk_fixture import LAND, open_desk
resource.setrlimit(resource.RLIMIT_FSIZE, (4_600_000, resource.RLIM_INFINITY))
desk = open_desk(Path(sys.argv[1]))
try:
    for _ in range(2000):
        print(desk.receive(LAND, address="Thôn rất xa " * 2000).code, flush=True)
except RecordError as error:
    print(error.fault, flush=True)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    print(desk.receive(LAND).code, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the limit is one of POSIX")
def test_a_file_that_may_not_grow_is_told(folder: Path) -> None:
    root = Path(__file__).parents[2]
    run = subprocess.run(
        [sys.executable, "-c", LIMITED, str(folder / "desk.db")], capture_output=True, text=True, cwd=root, check=False
    )
    assert run.returncode == 0, run.stderr
    *saved, fault, last = run.stdout.split()
    assert fault == RecordFault.DISK_FULL
    desk = open_desk(folder / "desk.db")
    assert_whole(desk)
    assert {row.code for row in desk.counter.worklist()} == {*saved, last}
    desk.records.close()


@pytest.mark.skipif(sys.platform == "win32", reason="folders have modes on POSIX")
def test_a_folder_that_may_not_be_written_is_told(folder: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    open_desk(folder / "desk.db").records.close()
    (folder / "desk.db").chmod(0o400)
    folder.chmod(0o500)
    try:
        with pytest.raises(RecordError) as raised:
            open_desk(folder / "desk.db").receive()
        assert raised.value.fault is RecordFault.READ_ONLY
    finally:
        folder.chmod(0o700)
        shutil.rmtree(folder)
