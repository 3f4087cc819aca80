"""SFTP to Debian's own sshd, set up by the shipped files: what arrives, and what a cut leaves."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from desk.__main__ import main
from desk.province.service import Province
from desk.settings import CentreSettings, write_settings
from desk.sync.https import HttpsWay
from desk.sync.ways import FolderWay
from tests.province.factory import MONDAY
from tests.sync.link import Line
from tests.sync.servers import Commune, fresh_province, running
from tests.sync.sftp.ways import SOON, Made, before, enrolled, merged_and_receipts, through, way_of
from tests.sync.sshd import SftpServer

DAY = timedelta(days=1)
PLACES = 12

KILLED_BEFORE_THE_RECEIPT = """
import os, signal, sys
from desk.province.inbox import Ingest
Ingest._answer_into = lambda *_arguments: os.kill(os.getpid(), signal.SIGKILL)
from desk.__main__ import main
main(sys.argv[1:])
"""


def test_a_delivery_and_its_receipt_over_one_connection(sshd: SftpServer, tmp_path: Path) -> None:
    province = fresh_province(tmp_path / "p")
    province.use_spool(sshd.spool)
    commune = Commune(tmp_path, "31684", province, files=3)
    enrolled(sshd, commune)
    province.close()
    with running(tmp_path / "p"), before(sshd) as line:
        run = commune.post(way_of(sshd, commune, through(line), looks=SOON)).run()
    assert [(item.state, item.reason, item.tries, item.way) for item in run] == [("confirmed", "", 1, "sftp")] * 3
    assert not run.problems
    assert line.counted.connections == 1
    box = sshd.box(commune.centre.unit)
    assert list((box / "in").iterdir()) == []
    wanted = {f"{file.sha256}.receipt" for file in commune.files} | {"province.pub"}
    assert {path.name for path in (box / "out").iterdir()} == wanted
    assert sorted(path.name for path in box.iterdir()) == ["in", "out"]


def test_the_key_of_the_province_is_met_among_the_receipts(sshd: SftpServer, province: Province, made: Made) -> None:
    commune = made()
    (commune.paths.folder / "province.pub").unlink()
    run = commune.post(way_of(sshd, commune, by=province)).run()
    assert run.newly_pinned
    assert commune.states() == ["confirmed"]


def test_what_lies_there_is_not_brought_again_and_a_later_receipt_is_found(
    sshd: SftpServer, province: Province, made: Made
) -> None:
    commune = made(files=2)
    way = way_of(sshd, commune)
    assert [(item.state, item.tries) for item in commune.post(way).run()] == [("sent", 1)] * 2
    files = {path.name: path.stat().st_ino for path in (sshd.box(commune.centre.unit) / "in").iterdir()}
    assert set(files) == {file.name for file in commune.files}
    assert [(item.state, item.tries) for item in commune.post(way).run()] == [("sent", 1)] * 2
    province.ingest([sshd.box(commune.centre.unit)])
    with before(sshd) as line:
        late = way_of(sshd, commune, through(line), looks=())
        assert [(item.state, item.tries) for item in commune.post(late).run()] == [("confirmed", 1)] * 2
    assert merged_and_receipts(province, commune.centre.unit) == (2, 2)


def test_a_receipt_that_was_swept_unread_is_given_again(sshd: SftpServer, province: Province, made: Made) -> None:
    commune = made()
    box = sshd.box(commune.centre.unit)
    commune.post(way_of(sshd, commune)).run()
    province.ingest([box])
    receipt = box / "out" / f"{commune.files[0].sha256}.receipt"
    given = receipt.read_bytes()
    os.utime(receipt, (0, 0))
    # Somebody carries the next file there by hand, so that nobody has looked for the receipt.
    second = commune.centre.close(MONDAY + DAY)
    commune.post().put(second.name, second.data)
    (box / "in" / second.name).write_bytes(second.data)
    province.ingest([box])
    assert not receipt.exists()
    assert [item.state for item in commune.post(way_of(sshd, commune, by=province)).run()] == ["confirmed"] * 2
    assert receipt.read_bytes() == given
    assert merged_and_receipts(province, commune.centre.unit) == (2, 2)


def test_a_day_by_day_out_holds_what_is_new_alone(sshd: SftpServer, province: Province, made: Made) -> None:
    commune = made(files=0)
    box = sshd.box(commune.centre.unit)
    for number in range(6):
        file = commune.centre.close(MONDAY + number * DAY)
        commune.post().put(file.name, file.data)
        for path in (box / "out").glob("*.receipt"):
            then = path.stat().st_mtime - DAY.total_seconds()
            os.utime(path, (then, then))
        commune.post(way_of(sshd, commune, by=province)).run()
    assert commune.states() == ["confirmed"] * 6
    left = {path.name for path in (box / "out").glob("*.receipt")}
    assert left == {f"{commune.centre.files[-1].sha256}.receipt"}


def test_a_file_that_was_held_is_confirmed_once_the_gap_is_filled_by_another_way(
    sshd: SftpServer, province: Province, made: Made
) -> None:
    commune = made(files=2)
    box = sshd.box(commune.centre.unit)
    first = commune.paths.outbox / commune.files[0].name
    aside = first.rename(commune.paths.folder / first.name)
    way = way_of(sshd, commune)
    commune.post(way).run()
    province.ingest([box])
    assert [item.state for item in commune.post(way).run()] == ["held"]
    province.take(aside.read_bytes())
    province.ingest([box])
    assert [item.state for item in commune.post(way).run()] == ["confirmed"]


@pytest.mark.parametrize("direction", ["up", "down"])
def test_a_cut_anywhere_leaves_one_merge_and_one_receipt(
    sshd: SftpServer, province: Province, made: Made, direction: str
) -> None:
    commune = made()
    box = sshd.box(commune.centre.unit)
    with before(sshd) as whole:
        commune.post(way_of(sshd, commune, through(whole))).run()
    length = whole.counted.up if direction == "up" else whole.counted.down
    assert length > 1000
    ends = set()
    for number in range(PLACES):
        at = length * number // PLACES
        file = commune.centre.close(MONDAY + (number + 1) * DAY)
        commune.post().put(file.name, file.data)
        line = Line(cut_up=at) if direction == "up" else Line(cut_down=at)
        with before(sshd, line) as proxy:
            run = commune.post(way_of(sshd, commune, through(proxy))).run()
        assert run[-1].state in {"sealed", "sent"}, at
        ends |= {problem.reason for problem in run.problems}
        for path in (box / "in").glob("*.daily"):
            assert path.read_bytes() in {each.data for each in commune.centre.files}, at
        commune.post(way_of(sshd, commune)).run()
        province.ingest([box])
        commune.post(way_of(sshd, commune, looks=())).run()
        assert commune.states()[-1] == "confirmed", at
    assert ends <= {"line_broken", "no_line"}
    assert "line_broken" in ends
    assert merged_and_receipts(province, commune.centre.unit) == (PLACES + 1, PLACES + 1)


def test_the_province_killed_between_storing_and_the_receipt(sshd: SftpServer, tmp_path: Path) -> None:
    province = fresh_province(tmp_path / "p")
    commune = Commune(tmp_path, "31687", province)
    enrolled(sshd, commune)
    box = sshd.box("31687")
    commune.post(way_of(sshd, commune)).run()
    with running(tmp_path / "p", "--watch", str(box), program=KILLED_BEFORE_THE_RECEIPT) as doomed:
        assert doomed.process.wait() == -9
    assert merged_and_receipts(province, "31687") == (1, 1)
    assert [path.name for path in (box / "in").iterdir()] == [commune.files[0].name]
    with running(tmp_path / "p", "--watch", str(box)):
        way = way_of(sshd, commune, looks=SOON)
        assert [(item.state, item.tries) for item in commune.post(way).run()] == [("confirmed", 1)]
    assert merged_and_receipts(province, "31687") == (1, 1)
    province.close()


def test_a_slow_and_lossy_line_confirms(sshd: SftpServer, province: Province, made: Made) -> None:
    commune = made(files=2)
    waits: list[float] = []
    with before(sshd, Line(rate=1200, delay=0.3, loss=0.1, pause=waits.append)) as line:
        run = commune.post(way_of(sshd, commune, through(line), by=province)).run()
    assert [item.state for item in run] == ["confirmed", "confirmed"]
    assert max(waits) >= 1.2


def test_the_server_killed_while_a_receipt_is_awaited(made: Made, folder: Path) -> None:
    commune = made()
    doomed = SftpServer(folder / "doomed")
    enrolled(doomed, commune)
    doomed.start()
    try:
        # Whoever is connected dies a moment after the server, and may answer one question more.
        way = way_of(doomed, commune, looks=SOON)
        asked = way._receipts

        def killed(names: list[str]) -> object:
            doomed.kill()
            return asked(names)

        way._receipts = killed  # type: ignore[method-assign, assignment]
        run = commune.post(way).run()
    finally:
        doomed.kill()
    assert [(item.state, item.reason) for item in run] == [("sent", "")]
    assert [problem.reason for problem in run.problems] == ["line_broken"]


def test_several_ways_at_once(sshd: SftpServer, made: Made, province: Province, tmp_path: Path) -> None:
    commune = made(files=3)
    (tmp_path / "stick").mkdir()
    stick = FolderWay(tmp_path / "stick", commune.centre.unit)
    closed = HttpsWay("https://127.0.0.1:1", commune.centre.unit, province.certificate().fingerprint)
    run = commune.post(stick, closed, way_of(sshd, commune, by=province)).run()
    assert [(item.state, item.way) for item in run] == [("confirmed", "sftp")] * 3
    assert [problem.what for problem in run.problems] == ["https"]
    province.ingest([tmp_path / "stick"])
    assert merged_and_receipts(province, commune.centre.unit) == (3, 3)


def test_desk_sync_goes_by_sftp_after_the_key_was_shown(
    sshd: SftpServer, province: Province, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    commune = Commune(tmp_path, "31699", province)
    data = ["--data", str(commune.paths.folder)]
    usual = CentreSettings("31699", "x", ways=(sshd.address,), host_key=sshd.host_key)
    write_settings(commune.paths, usual)
    assert main(["sync", "--json", *data]) == 3
    assert "desk key show --sftp" in capsys.readouterr().err
    assert main(["key", "show", "--sftp", *data]) == 0
    line = capsys.readouterr().out.strip()
    assert line.endswith(" mc31699")
    sshd.add("31699", line)
    assert main(["key", "show", "--sftp", "--json", *data]) == 0
    assert json.loads(capsys.readouterr().out)["public_key"] == line
    write_settings(commune.paths, replace(usual, host_key="SHA256:" + "A" * 43))
    assert main(["sync", *data]) == 1
    capsys.readouterr()
    write_settings(commune.paths, usual)
    commune.post(way_of(sshd, commune)).run()
    province.ingest([sshd.box("31699")])
    assert main(["sync", "--json", *data]) == 0
    assert [(item["state"], item["way"]) for item in json.loads(capsys.readouterr().out)] == [("confirmed", "sftp")]
