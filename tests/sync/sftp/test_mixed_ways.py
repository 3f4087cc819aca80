"""Thirty days of some communes by SFTP, stick and network, in any order and again and again: the same tables."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

from desk.clock import system_clock
from desk.province.service import Province
from desk.sync.ways import FolderWay, Way
from tests.province.factory import MONDAY, made_province, tables
from tests.sync.sftp.ways import Made, merged_and_receipts, way_of
from tests.sync.sshd import SftpServer

DAYS, COMMUNES, ROUNDS = 30, 3, 4


def test_thirty_days_by_mixed_ways(sshd: SftpServer, province: Province, made: Made, tmp_path: Path) -> None:
    chance = random.Random(20260302)
    stick = tmp_path / "stick"
    stick.mkdir()
    communes = [made(files=0) for _n in range(COMMUNES)]
    left = {}
    for commune in communes:
        files = [commune.centre.close(MONDAY + timedelta(days=n)) for n in range(DAYS)]
        left[commune.centre.unit] = chance.sample(files, DAYS)
    ways: set[str] = set()
    for number in range(ROUNDS):
        for commune in chance.sample(communes, COMMUNES):
            waiting = left[commune.centre.unit]
            size = len(waiting) if number == ROUNDS - 1 else DAYS // ROUNDS
            for file in [waiting.pop() for _n in range(size)]:
                commune.post().put(file.name, file.data)
                if chance.random() < 0.3:
                    province.take(file.data)
            by_stick: Way = FolderWay(stick, commune.centre.unit)
            by_sftp: Way = way_of(sshd, commune)
            some: list[Way] = chance.choice([[by_sftp], [by_stick], [by_sftp, by_stick]])
            commune.post(*some).run()
            places = [stick, sshd.spool]
            if chance.random() < 0.7:
                province.ingest(chance.sample(places, chance.randint(1, 2)))
    province.ingest([sshd.spool, stick])
    for commune in communes:
        commune.post(way_of(sshd, commune, by=province), FolderWay(stick, commune.centre.unit)).run()
        assert commune.states() == ["confirmed"] * DAYS
        assert merged_and_receipts(province, commune.centre.unit)[0] == DAYS
        ways |= {each.way for each in commune.post().states()}
    assert ways == {"sftp", "folder"}
    in_order = made_province(tmp_path / "in order", system_clock, *(commune.centre for commune in communes))
    for commune in communes:
        for file in commune.centre.files:
            in_order.take(file.data)
    in_order.close()
    assert tables(province.folder) == tables(tmp_path / "in order")
