"""Opening a database: settings that took, keys that fit, and writers that wait for one another."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError

import db.engine
from db.engine import EXPECTED, open_engine, sqlite_url
from db.errors import RecordError, RecordFault, fault_of
from db.schema import ensure
from db.steps import Side
from db.unit import Records

KEY = bytes(range(32))


def test_every_connection_has_the_settings(records: Records) -> None:
    with records.reading() as one, records.reading() as other:
        for view in (one, other):
            found = {name: view.connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in EXPECTED}
            assert found == dict(EXPECTED)
            assert view.connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one() == 5000
            assert view.connection.exec_driver_sql("PRAGMA cell_size_check").scalar_one() == 1
    assert EXPECTED["journal_mode"] == "wal"
    assert EXPECTED["synchronous"] == 2


def test_a_setting_that_does_not_take_is_told(record_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(EXPECTED, "journal_mode", "delete")
    with pytest.raises(RecordError) as raised:
        open_engine(sqlite_url(record_file), KEY)
    assert (raised.value.fault, raised.value.detail) == (RecordFault.SETTINGS, "journal_mode = wal")


@pytest.mark.parametrize("key", [bytes(32), None])
def test_a_wrong_key_is_told(records: Records, record_file: Path, key: bytes | None) -> None:
    records.close()
    before = record_file.read_bytes()
    with pytest.raises(RecordError) as raised:
        open_engine(sqlite_url(record_file), key)
    assert raised.value.fault is RecordFault.WRONG_KEY
    assert record_file.read_bytes() == before


def test_nothing_can_be_read_in_the_file(records: Records, record_file: Path) -> None:
    with records.writing() as work:
        work.connection.exec_driver_sql("INSERT INTO counter VALUES ('Nguyễn Đức Thịnh', 1)")
        work.commit()
    records.close()
    content = record_file.read_bytes()
    for plain in (b"SQLite format 3", b"CREATE TABLE", "Nguyễn".encode(), b"journal_event"):
        assert plain not in content


def test_a_plain_file_opens_without_a_key_and_not_with_one(folder: Path) -> None:
    path = folder / "plain.db"
    engine = open_engine(sqlite_url(path))
    ensure(engine, Side.PROVINCE)
    engine.dispose()
    assert path.read_bytes()[:15] == b"SQLite format 3"
    open_engine(sqlite_url(path)).dispose()
    with pytest.raises(RecordError) as raised:
        open_engine(sqlite_url(path), KEY)
    assert raised.value.fault is RecordFault.WRONG_KEY


@pytest.mark.parametrize("content", [b"x" * 5000, b"SQLite format 3\0" + b"\xff" * 5000])
def test_what_is_no_database_is_told(folder: Path, content: bytes) -> None:
    path = folder / "other.db"
    path.write_bytes(content)
    for key in (None, KEY):
        with pytest.raises(RecordError) as raised:
            open_engine(sqlite_url(path), key)
        assert raised.value.fault is RecordFault.WRONG_KEY
    assert path.read_bytes() == content


def test_a_folder_that_cannot_be_entered_is_told(folder: Path) -> None:
    for path in (folder, folder / "none" / "desk.db"):
        with pytest.raises(RecordError) as raised:
            open_engine(sqlite_url(path), KEY)
        assert raised.value.fault is RecordFault.READ_ONLY


@pytest.mark.parametrize("name", ["Hồ sơ xã.db", "50%.db", "a#b.db", "a&b=c.db", "%20.db", "a:b@c.db", "a?b=c.db"])
def test_any_name_of_a_file_can_be_opened(folder: Path, name: str) -> None:
    engine = open_engine(sqlite_url(folder / name), KEY)
    ensure(engine, Side.DESK)
    engine.dispose()
    assert [path.name for path in folder.iterdir()] == [name]


def test_another_database_is_only_named_here() -> None:
    assert make_url("postgresql+psycopg://u@h/d").get_backend_name() == "postgresql"


RACER = """
import sys
from pathlib import Path
from sqlalchemy import text
from db.engine import open_engine, sqlite_url
from db.unit import Records
records = Records(open_engine(sqlite_url(Path(sys.argv[1])), bytes(range(32))))
for _ in range(40):
    with records.writing() as work:
        last = work.connection.execute(text("SELECT last FROM counter WHERE series = 'race'")).scalar_one()
        work.connection.execute(text("UPDATE counter SET last = :n WHERE series = 'race'"), {"n": last + 1})
        work.commit()
"""


def test_two_processes_lose_no_increment(records: Records, record_file: Path) -> None:
    with records.writing() as work:
        work.connection.exec_driver_sql("INSERT INTO counter VALUES ('race', 0)")
        work.commit()
    racers = [subprocess.Popen([sys.executable, "-c", RACER, str(record_file)]) for _ in range(2)]
    assert [racer.wait(60) for racer in racers] == [0, 0]
    with records.reading() as view:
        assert view.connection.exec_driver_sql("SELECT last FROM counter").scalar_one() == 80


def test_a_writer_that_waits_too_long_is_told(
    records: Records, record_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db.engine, "BUSY_MILLISECONDS", 10)
    other = Records(open_engine(sqlite_url(record_file), KEY))
    with records.writing() as first, other.reading() as reader:
        first.connection.exec_driver_sql("INSERT INTO counter VALUES ('a', 1)")
        with pytest.raises(RecordError) as raised, other.writing():
            pytest.fail("two writers at once")
        assert raised.value.fault is RecordFault.BUSY
        assert reader.connection.exec_driver_sql("SELECT count(*) FROM counter").scalar_one() == 0
        first.commit()
        assert reader.connection.exec_driver_sql("SELECT count(*) FROM counter").scalar_one() == 0
    with other.writing() as second:
        assert second.connection.exec_driver_sql("SELECT count(*) FROM counter").scalar_one() == 1
    other.close()


def test_foreign_keys_hold(records: Records) -> None:
    with pytest.raises(RecordError) as raised, records.writing() as work:
        work.connection.exec_driver_sql(
            "INSERT INTO remark (dossier_id, event_seq, kind, text, salt) VALUES (1, 1, 'note', '', '')"
        )
    assert raised.value.fault is RecordFault.OTHER
    assert "FOREIGN KEY" in raised.value.detail


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("database or disk is full", RecordFault.DISK_FULL),
        ("disk I/O error", RecordFault.DISK_FULL),
        ("database is locked", RecordFault.BUSY),
        ("database table is locked", RecordFault.BUSY),
        ("attempt to write a readonly database", RecordFault.READ_ONLY),
        ("unable to open database file", RecordFault.READ_ONLY),
        ("file is not a database", RecordFault.WRONG_KEY),
        ("database disk image is malformed", RecordFault.DAMAGED),
        ("no such table: x", RecordFault.OTHER),
    ],
)
def test_what_the_driver_says_has_a_name(words: str, fault: RecordFault) -> None:
    error = fault_of(OperationalError("SELECT 1", {}, Exception(words)))
    assert (error.fault, error.detail) == (fault, words)
    assert str(error) == f"{fault}: {words}"


def test_a_broken_statement_is_an_error_of_the_record(records: Records) -> None:
    for opened in (records.reading, records.writing):
        with pytest.raises(RecordError) as raised, opened() as view:
            view.connection.exec_driver_sql("SELECT * FROM no_such_table")
        assert raised.value.fault is RecordFault.OTHER
        assert isinstance(raised.value.__cause__, DBAPIError)


def test_damaged_pages_are_told(records: Records, record_file: Path) -> None:
    with records.writing() as work:
        for number in range(500):
            work.connection.exec_driver_sql(f"INSERT INTO counter VALUES ('{number:0100}', 1)")
        work.commit()
    records.close()
    content = bytearray(record_file.read_bytes())
    content[4096:] = bytes(len(content) - 4096)
    record_file.write_bytes(bytes(content))
    with pytest.raises(RecordError) as raised:
        ensure(open_engine(sqlite_url(record_file), KEY), Side.DESK)
    assert raised.value.fault in {RecordFault.DAMAGED, RecordFault.WRONG_KEY, RecordFault.DISK_FULL}
