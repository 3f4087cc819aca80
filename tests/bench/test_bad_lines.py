"""Deliveries over HTTPS and SFTP on bad lines to real servers; figures printed.

The long ones run where DESK_BENCH_LINES names how many deliveries to make (20 for the record: some five minutes each).
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median

import pytest

from desk.province.service import Province
from desk.sync.courier import deliver
from tests.province.factory import query
from tests.sync.link import Line, Proxy
from tests.sync.servers import Commune, Server, fresh_province, running, units
from tests.sync.sftp.ways import SOON, before, enrolled, through, way_of
from tests.sync.sshd import SftpServer, sftp_server

DELIVERIES = int(os.environ.get("DESK_BENCH_LINES", "0"))
MODEM = 9600 / 8
LONGEST = timedelta(minutes=5)

pytestmark = [
    pytest.mark.bench,
    pytest.mark.skipif(not DELIVERIES, reason="minutes of waiting for a bad line: set DESK_BENCH_LINES"),
]


@pytest.fixture
def province(tmp_path: Path) -> Iterator[Province]:
    made = fresh_province(tmp_path / "p")
    yield made
    made.close()


@pytest.fixture
def server(province: Province, tmp_path: Path) -> Iterator[Server]:
    assert province.inbox
    with running(tmp_path / "p") as found:
        yield found


@pytest.fixture
def sshd(province: Province, tmp_path: Path) -> Iterator[SftpServer]:
    with sftp_server(tmp_path / "view") as found:
        province.use_spool(found.spool)
        yield found


def counted(server: Server) -> tuple[int, int]:
    files = query(server.folder, "select count(*) from province_file where status='merged'")
    return files[0][0], query(server.folder, "select count(*) from province_receipt")[0][0]


def test_a_modem_that_loses_a_third(tmp_path: Path, province: Province, server: Server) -> None:
    took, tries, wire = [], [], []
    for number, unit in zip(range(DELIVERIES), units(), strict=False):
        commune = Commune(tmp_path, unit, province)
        line = Line(rate=MODEM, delay=0.3, loss=0.3, seed=number)
        with Proxy(server.address, line) as proxy:
            began = time.monotonic()
            run = deliver(commune.post(commune.https(server, proxy.address)))
            took.append(time.monotonic() - began)
        assert [item.state for item in run] == ["confirmed"]
        tries.append(commune.post().states()[0].tries)
        wire.append(proxy.counted.wire)
    assert counted(server) == (DELIVERIES, DELIVERIES)
    print(
        f"\n{DELIVERIES} of {DELIVERIES} confirmed; seconds {min(took):.0f}-{max(took):.0f}, median {median(took):.0f};"
        f" tries at most {max(tries)}; bytes at most {max(wire)}, median {median(wire):.0f}"
    )


def test_a_line_that_is_up_10_seconds_and_down_60(tmp_path: Path, province: Province, server: Server) -> None:
    took = []
    for number, unit in zip(range(max(1, DELIVERIES // 7)), units(), strict=False):
        commune = Commune(tmp_path, unit, province)
        began = time.monotonic()
        # Each begins at another moment of the line's turn, the first where it has just gone down.
        line = Line(rate=MODEM, delay=0.3, up=10, down=60, seed=number, began=10 + 20 * number)
        with Proxy(server.address, line) as proxy:
            while commune.states() != ["confirmed"]:
                deliver(commune.post(commune.https(server, proxy.address)))
                assert time.monotonic() - began < LONGEST.total_seconds()
        took.append(time.monotonic() - began)
    print(f"\nup 10 s, down 60 s: confirmed after {', '.join(f'{each:.0f}' for each in took)} s")


def test_cut_at_every_byte(tmp_path: Path, province: Province, server: Server) -> None:
    codes = units()
    made = 0
    for direction in ("up", "down"):
        for at in range(0, 1600, max(1, 160 // DELIVERIES)):
            commune = Commune(tmp_path, next(codes), province)
            line = Line(cut_up=at) if direction == "up" else Line(cut_down=at)
            with Proxy(server.address, line) as proxy:
                commune.post(commune.https(server, proxy.address)).run()
            commune.post(commune.https(server)).run()
            assert commune.states() == ["confirmed"], (direction, at)
            made += 1
    assert counted(server) == (made, made)
    print(f"\ncut at {made} places: {made} merged, {made} receipts")


def test_sftp_on_a_modem_that_loses_a_tenth(
    tmp_path: Path, province: Province, sshd: SftpServer, server: Server
) -> None:
    took, tries, wire, turns = [], [], [], []
    for number, unit in zip(range(DELIVERIES), units(), strict=False):
        commune = Commune(tmp_path, unit, province)
        enrolled(sshd, commune)
        with before(sshd, Line(rate=MODEM, delay=0.3, loss=0.1, seed=number)) as proxy:
            way = way_of(sshd, commune, through(proxy), looks=(2.0, 4.0, 8.0, 15.0, 20.0, 20.0))
            began = time.monotonic()
            run = deliver(commune.post(way))
            took.append(time.monotonic() - began)
        assert [item.state for item in run] == ["confirmed"]
        tries.append(commune.post().states()[0].tries)
        wire.append(proxy.counted.wire)
        turns.append(proxy.counted.round_trips)
    assert counted(server) == (DELIVERIES, DELIVERIES)
    print(
        f"\nSFTP, {DELIVERIES} of {DELIVERIES} confirmed; seconds {min(took):.0f}-{max(took):.0f}, median"
        f" {median(took):.0f}; tries at most {max(tries)}; bytes at most {max(wire)}, median {median(wire):.0f};"
        f" round trips at most {max(turns)}"
    )


def test_sftp_cut_at_many_bytes(tmp_path: Path, province: Province, sshd: SftpServer, server: Server) -> None:
    commune = Commune(tmp_path, next(units()), province)
    enrolled(sshd, commune)
    made = 1
    with before(sshd) as whole:
        commune.post(way_of(sshd, commune, through(whole), looks=SOON)).run()
    for direction, length in (("up", whole.counted.up), ("down", whole.counted.down)):
        for at in range(0, length, max(1, 640 // DELIVERIES)):
            file = commune.centre.close(commune.centre.files[-1].daily.date + timedelta(days=1))
            commune.post().put(file.name, file.data)
            with before(sshd, Line(cut_up=at) if direction == "up" else Line(cut_down=at)) as proxy:
                commune.post(way_of(sshd, commune, through(proxy), looks=SOON[:10])).run()
            commune.post(way_of(sshd, commune, looks=SOON)).run()
            assert commune.states()[-1] == "confirmed", (direction, at)
            made += 1
    assert counted(server) == (made, made)
    print(f"\nSFTP cut at {made - 1} places: {made} merged, {made} receipts")
