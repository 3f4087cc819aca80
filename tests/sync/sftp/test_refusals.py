"""Whom the SFTP way believes, who believes it, and what an officer is told of every other end."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.province.service import Province
from desk.sync import sftp
from desk.sync.sftp import SftpWay
from desk.sync.sftp_keys import KEY, client_key
from desk.sync.ways import Trouble
from tests.sync.link import Impostor
from tests.sync.servers import Commune
from tests.sync.sftp.ways import Made, before, through, way_of
from tests.sync.sshd import SftpServer


def test_another_host_key_is_sent_nothing(sshd: SftpServer, made: Made) -> None:
    commune = made()
    way = SftpWay(sshd.address, commune.centre.unit, "SHA256:" + "A" * 43, base=commune.paths.folder)
    run = commune.post(way).run()
    assert [(item.state, item.reason) for item in run] == [("sealed", "other_host_key")]
    assert f"Accepted publickey for mc{commune.centre.unit}" not in sshd.log
    assert list((sshd.box(commune.centre.unit) / "in").iterdir()) == []


def test_the_host_key_as_a_line_a_file_or_one_of_two_fingerprints(sshd: SftpServer, made: Made, tmp_path: Path) -> None:
    commune = made()
    line = (sshd.own / "ssh_host_ed25519_key.pub").read_text()
    (tmp_path / "host.pub").write_text(line)
    for setting in (line, str(tmp_path / "host.pub"), f"SHA256:{'A' * 43} {sshd.host_key}"):
        way = SftpWay(sshd.address, commune.centre.unit, setting, base=commune.paths.folder)
        way.looks = (0.0,)
        assert [(item.state, item.reason) for item in commune.post(way).run()] == [("sent", "")]


@pytest.mark.parametrize(
    "setting", ["", "SHA256:short", "nowhere.pub", "ssh-ed25519 AAAA", "SHA256:" + "A" * 43 + " x"]
)
def test_a_host_key_that_is_none(tmp_path: Path, province: Province, setting: str) -> None:
    commune = Commune(tmp_path, "18229", province)
    client_key(commune.paths.folder)
    run = commune.post(SftpWay("sftp://127.0.0.1:1", "18229", setting, base=tmp_path)).run()
    assert [item.reason for item in run] == ["bad_host_key"]


def test_a_key_that_is_not_let_in(sshd: SftpServer, made: Made) -> None:
    commune = made()
    (commune.paths.folder / KEY).unlink()
    assert [item.reason for item in commune.post(way_of(sshd, commune)).run()] == ["no_sftp_key"]
    client_key(commune.paths.folder)
    assert [item.reason for item in commune.post(way_of(sshd, commune)).run()] == ["login_refused"]
    (commune.paths.folder / KEY).write_text("no key")
    assert [item.reason for item in commune.post(way_of(sshd, commune)).run()] == ["sftp_key_unreadable"]


def test_another_user_and_another_folder_than_the_usual(sshd: SftpServer, made: Made) -> None:
    commune, other = made(), made()
    host = sshd.address.removeprefix("sftp://")
    for address, reason in {
        f"sftp://mc{commune.centre.unit}@{host}/": "",
        f"sftp://mc{other.centre.unit}@{host}": "login_refused",
        f"sftp://root@{host}": "login_refused",
        f"sftp://{host}/elsewhere": "no_folder_there",
    }.items():
        run = commune.post(way_of(sshd, commune, address)).run()
        assert [problem.reason for problem in run.problems] == ([reason] if reason else []), address


@pytest.mark.parametrize(
    "address",
    [
        "sftp://",
        "sftp://host:99999",
        "sftp://user:secret@host",
        "sftp://Mc Unit@host",
        "sftp://host/../etc",
        "sftp://host/?x",
        "sftp://host/#x",
        "sftp://[::1",
    ],
)
def test_an_address_that_is_none(tmp_path: Path, province: Province, address: str) -> None:
    commune = Commune(tmp_path, "18229", province)
    client_key(commune.paths.folder)
    run = commune.post(SftpWay(address, "18229", "SHA256:" + "A" * 43, base=commune.paths.folder)).run()
    assert [item.reason for item in run] == ["bad_address"]


def test_a_full_disk_at_the_province(sshd: SftpServer, made: Made, folder: Path) -> None:
    commune = made()
    there = f"/srv/motcua/mc{commune.centre.unit}/in"
    full = SftpServer(folder / "full")
    full.add(commune.centre.unit, client_key(commune.paths.folder).public.line("x"))
    full.start(before=f"mount -t tmpfs -o size=4k,mode=0777 full {there}\nhead -c 4096 /dev/zero >{there}/.x")
    try:
        run = commune.post(way_of(full, commune)).run()
        assert [(item.state, item.reason) for item in run] == [("sealed", "full_there")]
    finally:
        full.kill()
    assert [item.state for item in commune.post(way_of(sshd, commune)).run()] == ["sent"]


def test_lines_that_are_not_there_or_not_the_province(sshd: SftpServer, made: Made) -> None:
    commune = made()
    with before(sshd) as gone:
        pass
    assert reason(commune, way_of(sshd, commune, through(gone))) == "no_line"
    with Impostor(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>Wi-Fi</html>\r\n" * 50) as portal:
        assert reason(commune, way_of(sshd, commune, through(portal))) == "line_broken"
    with Impostor(b"SSH-1.5-another\r\n") as other:
        assert reason(commune, way_of(sshd, commune, through(other))) == "not_province"
    with Impostor(b"", silent=True) as silent:
        way = way_of(sshd, commune, through(silent))
        way.seconds = 0.2
        assert reason(commune, way) == "too_slow"
    assert commune.states() == ["sealed"]


def reason(commune: Commune, way: SftpWay) -> str:
    (found,) = commune.post(way).run()
    return found.reason


def test_without_the_library_the_officer_is_told(
    tmp_path: Path, province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    commune = Commune(tmp_path, "18229", province)
    monkeypatch.setattr(sftp, "find_spec", lambda _name: None)
    assert reason(commune, SftpWay("sftp://host", "18229")) == Trouble.NO_SFTP
