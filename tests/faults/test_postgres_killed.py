"""A province whose database server or ingest is killed at any moment: one merge and one receipt of each file."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import urllib3

from desk.clock import system_clock
from desk.daily.container import sha256
from desk.province.service import open_province
from desk.settings import make_folder
from tests.conftest import postgres_programs
from tests.postgres import Postgres
from tests.province.factory import MONDAY, OTHER, UNIT, Centre, Tables, made_province, query, sqlite_file, tables
from tests.sync.servers import running

DAY = timedelta(days=1)
DAYS = 7
ENGINES = ["sqlite", "postgresql"]

CUT = """
import os, signal, sys
from db.unit import Work
commit = Work.commit
def cut(self):
    if sys.argv[1] == "after":
        commit(self)
    os.kill(int(sys.argv[2]), signal.SIGKILL)
    while True:  # until the server's child that serves this connection has gone too
        self.connection.exec_driver_sql("SELECT 1")
Work.commit = cut
from desk.province import inbox
inbox.BATCH = 3
from desk.__main__ import main
sys.exit(main(sys.argv[3:]))
"""

TOLD = """
import sys
from desk.province import inbox
from desk.province.service import Province
inbox.BATCH = 2
take = Province.take_all
def told(self, files):
    taken = take(self, files)
    for each in taken:
        if not each.repeated:
            print(each.sha256, flush=True)
            sys.stdin.readline()
    return taken
Province.take_all = told
from desk.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture(scope="module")
def lasting() -> Iterator[Postgres]:
    """Return a server of these tests alone, with fsync as an office would have it."""
    server = Postgres(postgres_programs(), fsync=True)
    yield server
    server.close()


@pytest.fixture
def centres() -> list[Centre]:
    made = [Centre(UNIT), Centre(OTHER, seed=2)]
    for n in range(DAYS):
        for centre in made:
            centre.close(MONDAY + n * DAY)
    return made


@pytest.fixture
def whole(centres: list[Centre], tmp_path: Path) -> Tables:
    """Return the tables of a province that nobody disturbed."""
    province = made_province(tmp_path / "whole", system_clock, *centres, database=sqlite_file)
    for centre in centres:
        for file in centre.files:
            province.take(file.data)
    province.close()
    return tables(tmp_path / "whole")


@pytest.fixture
def province(folder: Path, centres: list[Centre], request: pytest.FixtureRequest) -> Path:
    """Return the folder of a province on the engine that the test names, the files in its inbox."""
    server = request.getfixturevalue("lasting") if getattr(request, "param", "postgresql") == "postgresql" else None
    database: Callable[[], str] = sqlite_file if server is None else server.province
    found = folder / "province"
    made_province(found, system_clock, *centres, database=database).close()
    for centre in centres:
        inbox = found / "inbox" / centre.unit
        make_folder(inbox)
        for file in centre.files:
            (inbox / file.name).write_bytes(file.data)
    return found


def ingest(program: str, folder: Path, *words: str, led: bool = False) -> subprocess.Popen[str]:
    """Begin to take the inbox in; `led` waits for a line after each file."""
    command = [sys.executable, "-c", program, *words, "province", "ingest", "--json", "--data", str(folder)]
    given = subprocess.PIPE if led else subprocess.DEVNULL
    return subprocess.Popen(command, stdin=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def assert_one_line(process: subprocess.Popen[str]) -> None:
    _out, err = process.communicate(timeout=120)
    assert (process.returncode, len(err.splitlines())) == (3, 1), err
    assert "không tới được máy chủ" in err


def assert_whole(folder: Path, centres: list[Centre], whole: Tables) -> None:
    """Check that each file was merged once and answered once, and that its receipt lies beside it."""
    assert tables(folder) == whole
    given = query(folder, "select unit, province_seq, receipt_for, status from province_receipt order by 1, 2")
    assert given == [
        (centre.unit, file.daily.seq, file.sha256, "merged")
        for centre in sorted(centres, key=lambda each: each.unit)
        for file in centre.files
    ]
    province = open_province(folder, system_clock)
    for centre in centres:
        for file in centre.files:
            latest = province.latest(file.sha256)
            assert latest is not None
            assert (folder / "inbox" / centre.unit / f"{file.sha256}.receipt").read_bytes() == latest[0]
    province.close()


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_server_killed_at_the_commit_loses_no_answer_and_gives_none_twice(
    lasting: Postgres, province: Path, centres: list[Centre], whole: Tables, when: str
) -> None:
    assert lasting.process is not None
    assert_one_line(ingest(CUT, province, when, str(lasting.process.pid)))
    lasting.start()
    assert query(province, "select count(*) from province_receipt") == [(3 if when == "after" else 0,)]
    before = query(province, "select content from province_receipt")
    out, err = ingest(TOLD, province).communicate(timeout=120)
    assert err == ""
    assert len([line for line in out.splitlines() if len(line) == 64]) == 2 * DAYS - len(before)
    assert query(province, "select content from province_receipt")[: len(before)] == before
    assert_whole(province, centres, whole)


@pytest.mark.parametrize(
    ("province", "victim"),
    [("postgresql", "server"), ("postgresql", "ingest"), ("sqlite", "ingest")],
    indirect=["province"],
)
def test_killed_anywhere_each_file_is_merged_once(
    province: Path, centres: list[Centre], whole: Tables, victim: str, request: pytest.FixtureRequest
) -> None:
    answered: list[str] = []
    for enough in (1, 5):
        process = ingest(TOLD, province, led=True)
        assert process.stdout is not None
        assert process.stdin is not None
        for _each in range(enough):
            answered.append(process.stdout.readline().strip())
            process.stdin.write("\n")
            process.stdin.flush()
        # It is at the next file now, or waits to be led on after it.
        if victim == "server":
            server: Postgres = request.getfixturevalue("lasting")
            server.kill()
            assert_one_line(process)
            server.start()
        else:
            process.kill()
            process.communicate()
        kept = {row[0] for row in query(province, "select receipt_for from province_receipt")}
        assert set(answered) <= kept
        assert len(kept) < 2 * DAYS
    process = ingest(TOLD, province)
    out, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (0, "")
    assert not {line for line in out.splitlines() if len(line) == 64} & set(answered)
    assert_whole(province, centres, whole)


@pytest.mark.parametrize("province", ENGINES, indirect=True)
def test_two_ingests_at_once_merge_each_file_once(province: Path, centres: list[Centre], whole: Tables) -> None:
    both = [ingest(TOLD, province) for _each in range(2)]
    ended = [(process.communicate(timeout=120), process.returncode) for process in both]
    assert [(err, code) for (_out, err), code in ended] == [("", 0), ("", 0)]
    taken = [line for (out, _err), _code in ended for line in out.splitlines() if len(line) == 64]
    assert sorted(taken) == sorted(file.sha256 for centre in centres for file in centre.files)
    assert_whole(province, centres, whole)


def test_the_server_of_communes_outlives_that_of_its_database(
    lasting: Postgres, province: Path, centres: list[Centre]
) -> None:
    opened = open_province(province, system_clock)
    opened.certificate()
    opened.close()
    for inbox in (province / "inbox").glob("*/*.daily"):
        inbox.unlink()
    with (
        running(province, "--every", "3600") as server,
        urllib3.PoolManager(
            cert_reqs="CERT_NONE", assert_fingerprint=server.certificate.removeprefix("SHA256:")
        ) as pool,
    ):

        def put(number: int) -> tuple[int, bytes]:
            data = centres[0].files[number].data
            address = f"{server.address}/v1/files/{UNIT}/{sha256(data)}"
            answer = pool.request("PUT", address, body=data, retries=False)
            return answer.status, answer.data

        first = put(0)
        assert first[0] == 201
        lasting.kill()
        assert put(1) == (503, b"motcua: busy\n")
        assert put(0) == (503, b"motcua: busy\n")
        lasting.start()
        assert put(1)[0] == 201
        assert put(0) == (200, first[1])
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait() == 0
