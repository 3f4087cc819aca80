"""A province on a PostgreSQL server: set up by the command, told what is wrong in one line, serialised like a file."""

from __future__ import annotations

import json
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

import db.server
from db import provinces
from db.engine import open_engine, sqlite_url
from db.errors import RecordError, RecordFault
from db.provinces import KeyRow, UnitRow
from db.schema import ensure, version
from db.steps import HEADS, Side
from db.unit import Records, Work
from desk.__main__ import main
from desk.province.service import open_province
from tests.postgres import PASSWORD, Postgres
from tests.province.factory import MONDAY, OTHER, UNIT, Centre, Clock, at, made_province, query

Run = Callable[..., tuple[int, str, str]]
NOW = at(MONDAY, 18)
SECRETS = (PASSWORD, "Hồng", "40@", "độ", "%E1%BB%93ng")


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs `desk province` on the folder; whatever it says holds no part of the password."""

    def command(*words: str, data: Path = folder) -> tuple[int, str, str]:
        capsys.readouterr()
        status = main(["province", *words, "--data", str(data)])
        said = capsys.readouterr()
        assert [secret for secret in SECRETS if secret in said.out + said.err] == []
        return status, said.out, said.err

    return command


def test_a_province_is_set_up_and_works_on_a_server(run: Run, postgres: Postgres, folder: Path, tmp_path: Path) -> None:
    address = postgres.database()
    assert run("init", "--practice", "--database", address)[0] == 0
    settings = folder / "province.toml"
    assert stat.S_IMODE(settings.stat().st_mode) == 0o600
    assert address in settings.read_text(encoding="utf-8")
    assert not (folder / "province.db").exists()
    practising = Centre(practice=True)
    (tmp_path / "key.pub").write_text(practising.key_line, encoding="utf-8")
    assert run("enrol", UNIT, "--key", str(tmp_path / "key.pub"))[0] == 0
    file = practising.close(MONDAY)
    (folder / "inbox" / file.name).write_bytes(file.data)
    now = ("--now", NOW.isoformat())
    assert run("ingest", *now)[0] == 0
    assert run("ingest", *now)[0] == 0
    status = json.loads(run("status", "--date", MONDAY.isoformat(), "--json")[1])
    assert (status["actual"], status["units"][0]["unit"]) == (1, UNIT)
    report = json.loads(run("report", "--from", MONDAY.isoformat(), "--to", MONDAY.isoformat(), "--json")[1])
    assert report["balanced"]
    assert report["total"]["received"] > 0
    assert run("serve", "--systemd")[0] == 0
    assert run("init", "--practice", "--database", address)[0] == 1
    assert query(folder, "select count(*) from province_receipt") == [(1,)]


def test_a_folder_keeps_its_database_and_a_database_its_folder(run: Run, postgres: Postgres, tmp_path: Path) -> None:
    one, two = postgres.database(), postgres.database()
    assert run("init", "--database", one, data=tmp_path / "a")[0] == 0
    assert run("init", data=tmp_path / "b")[0] == 0
    for words, folder, reason in (
        (("--database", two), "a", "other_database"),
        (("--database", one), "a", "already"),
        ((), "a", "already"),
        (("--database", one), "b", "other_database"),
        (("--database", one), "c", "database_taken"),
    ):
        status, out, err = run("init", *words, "--json", data=tmp_path / folder)
        assert (status, json.loads(out)["reason"], len(err.splitlines())) == (1, reason, 1)
    assert not (tmp_path / "c" / "province.key").exists()
    assert run("status", data=tmp_path / "a")[0] == 0


def test_a_set_up_that_was_cut_short_is_done_again(
    run: Run, postgres: Postgres, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = postgres.database()

    def cut(*_values: object) -> None:
        raise RecordError(RecordFault.UNREACHABLE)

    with monkeypatch.context() as broken:
        broken.setattr(provinces, "put_setting", cut)
        assert run("init", "--database", address)[0] == 3
    key = (folder / "province.key").read_bytes()
    assert run("init", "--database", address)[0] == 0
    assert (folder / "province.key").read_bytes() == key


def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


WRONG: dict[str, tuple[Callable[[Postgres], str], int, str]] = {
    "password": (lambda p: p.address("postgres", password="Hồng sai"), 3, "từ chối"),
    "name": (lambda p: p.address("postgres", username="nobody"), 3, "từ chối"),
    "database": (lambda p: p.address("none"), 3, "từ chối"),
    "host": (lambda p: p.address("postgres", host="no-such-host.invalid"), 3, "không tới được"),
    "port": (lambda p: p.address("postgres", port=unused_port()), 3, "không tới được"),
    "socket": (lambda p: p.address("postgres", host="/nowhere"), 3, "không tới được"),
    "unescaped password": (lambda p: f"postgresql://motcua:{PASSWORD}@127.0.0.1:{p.port}/d", 3, "không tới được"),
    "not a port": (lambda _p: f"postgresql://u:{SECRETS[1]}@h:port/d", 3, ""),
    "an option": (lambda p: p.address("postgres") + "?colour=Hồng", 3, "viết sai"),
    "another kind": (lambda _p: f"mysql://u:{SECRETS[1]}@h/d", 2, "postgresql://"),
    "no address": (lambda _p: "Hồng", 2, "postgresql://"),
    "Latin": (lambda p: p.database("ENCODING 'LATIN1' TEMPLATE template0"), 3, "UTF8"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_with_an_address_is_one_sentence(run: Run, postgres: Postgres, folder: Path, case: str) -> None:
    address, status, sentence = WRONG[case]
    found, out, err = run("init", "--database", address(postgres))
    assert (found, out, len(err.splitlines())) == (status, "", 1)
    assert sentence in err
    assert "Traceback" not in err
    assert not (folder / "province.key").exists()
    assert not (folder / "province.toml").exists()


def test_a_server_that_is_down_is_one_sentence_for_every_command(run: Run, postgres: Postgres, folder: Path) -> None:
    assert run("init", "--database", postgres.database())[0] == 0
    text = (folder / "province.toml").read_text(encoding="utf-8")
    (folder / "province.toml").write_text(text.replace(f":{postgres.port}/", f":{unused_port()}/"), encoding="utf-8")
    span = ("--from", "2026-03-02", "--to", "2026-03-02")
    for words in (("status",), ("ingest",), ("report", *span), ("serve", "--bind", "127.0.0.1:0"), ("init",)):
        status, out, err = run(*words)
        assert (status, out, len(err.splitlines())) == (3, "", 1)
        assert "không tới được máy chủ" in err


@pytest.mark.parametrize("text", ["database = 1", "colour = 'x'", "database = 'Hồng"])
def test_settings_that_cannot_be_used_are_one_sentence(run: Run, folder: Path, text: str) -> None:
    folder.mkdir()
    (folder / "province.toml").write_text(text, encoding="utf-8")
    status, _out, err = run("status")
    assert (status, len(err.splitlines())) == (2, 1)


@pytest.fixture
def address(postgres: Postgres) -> str:
    """Return a database that orders text as people do, not by its bytes."""
    return postgres.database("TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'vi'")


@pytest.fixture
def records(address: str) -> Iterator[Records]:
    engine = open_engine(address)
    ensure(engine, Side.PROVINCE)
    found = Records(engine)
    yield found
    found.close()


def test_text_has_the_order_of_its_bytes(records: Records, tmp_path: Path) -> None:
    engine = open_engine(sqlite_url(tmp_path / "province.db"))
    ensure(engine, Side.PROVINCE)
    orders = []
    for each in (records, Records(engine)):
        with each.writing() as work:
            for sha in ("b", "B", "a", "Á", "A", "-b", "1"):
                provinces.log_rejection(work.connection, sha, "x", NOW)
            orders.append([row[0] for row in provinces.rejections(work.connection)])
    assert orders[0] == orders[1] == sorted(orders[0])
    with records.reading() as view:
        text = "SELECT count(*) FROM information_schema.columns WHERE table_name LIKE 'province%%' AND data_type"
        text += " IN ('text', 'character varying') AND collation_name IS DISTINCT FROM 'C'"
        assert view.connection.exec_driver_sql(text).scalar_one() == 0
    engine.dispose()


def test_a_newer_database_is_left_alone(records: Records) -> None:
    with records.writing() as work:
        work.connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        work.commit()
    with pytest.raises(RecordError) as raised:
        ensure(records.engine, Side.PROVINCE)
    assert (raised.value.fault, raised.value.detail) == (RecordFault.NEWER_SCHEMA, "9999")


ENSURE = """
import sys
from db.engine import open_engine
from db.schema import Side, ensure
engine = open_engine(sys.argv[1])
sys.stdin.readline()
ensure(engine, Side.PROVINCE)
"""


def test_programs_that_start_together_make_one_database(address: str) -> None:
    command = [sys.executable, "-c", ENSURE, address]
    both = [subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _each in range(3)]
    for each in both:
        assert each.stdin is not None
        each.stdin.write("\n")
        each.stdin.flush()
    errors = [each.communicate(timeout=120)[1] for each in both]
    assert [each.returncode for each in both] == [0, 0, 0], errors
    engine = open_engine(address)
    with engine.connect() as connection:
        assert version(connection) == HEADS[Side.PROVINCE]
    engine.dispose()


def test_of_two_writers_that_read_what_the_other_writes_one_is_told_to_try_again(records: Records) -> None:
    keys = [KeyRow(unit, "SHA256:x", "ssh-ed25519 x", NOW, None) for unit in (UNIT, OTHER)]
    with records.writing() as one, pytest.raises(RecordError) as raised, records.writing() as two:
        _each_puts(one, two, keys)
    assert (raised.value.fault, raised.value.detail) == (RecordFault.BUSY, "40001")
    assert provinces.retryable(raised.value)
    with records.reading() as view:
        assert provinces.keys(view.connection) == keys[:1]


def _each_puts(one: Work, two: Work, keys: Sequence[KeyRow]) -> None:
    for work, row in zip((one, two), keys, strict=True):
        assert provinces.key(work.connection, row.fingerprint) is None
        provinces.put_key(work.connection, row)
    one.commit()
    two.commit()


def test_a_reader_has_one_snapshot(records: Records) -> None:
    with records.reading() as view, records.writing() as work:
        assert provinces.units(view.connection) == []
        provinces.put_unit(work.connection, UnitRow(UNIT, "Xã Hương Khê", None, NOW))
        work.commit()
        assert provinces.units(view.connection) == []
    with records.reading() as view:
        assert [row.name for row in provinces.units(view.connection)] == ["Xã Hương Khê"]
        with pytest.raises(RecordError) as raised, records.reading() as other:
            provinces.put_setting(other.connection, "x", "y")
        assert raised.value.fault is RecordFault.DENIED


def test_a_writer_waits_for_a_locked_unit_and_no_longer_than_it_must(
    postgres: Postgres, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    centres = Centre(), Centre(OTHER, seed=2)
    province = made_province(folder, Clock(NOW), *centres, database=postgres.province)
    monkeypatch.setattr(db.server, "LOCK_SECONDS", 0.01)
    monkeypatch.setattr("desk.province.writing._LONGEST_PAUSE", 0.0)
    impatient = open_province(folder, Clock(NOW))
    with province._records.writing(locking=True) as work:
        row = provinces.unit(work.connection, UNIT, lock=True)
        assert row is not None
        with pytest.raises(RecordError) as raised:
            impatient.take(centres[0].close(MONDAY).data)
        assert (raised.value.fault, raised.value.detail) == (RecordFault.BUSY, "55P03")
        assert impatient.take(centres[1].close(MONDAY).data).reason is None
        provinces.move_unit(work.connection, replace(row, name="x"))
        work.commit()
    assert impatient.take(centres[0].files[0].data).reason is None
    impatient.close()
    province.close()
