"""SFTP to Debian's own sshd, set up by the shipped files: what arrives, what a cut leaves, whom it believes."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from desk.__main__ import main
from desk.province.service import Province
from desk.settings import CentreSettings, write_settings
from desk.sync import sftp
from desk.sync.https import HttpsWay
from desk.sync.sftp import SftpWay
from desk.sync.sftp_keys import KEY, client_key
from desk.sync.ways import Fetched, FolderWay, Trouble
from tests.province.factory import MONDAY, query
from tests.sync.link import Impostor, Line, Proxy
from tests.sync.servers import Commune, fresh_province, running, units
from tests.sync.sshd import SftpServer, need, sftp_server

DAY = timedelta(days=1)
SOON = (0.1,) * 300
"""Looks for a receipt, until the province's server has seen the file: it looks every second."""
PLACES = 12

Made = Callable[..., Commune]

KILLED_BEFORE_THE_RECEIPT = """
import os, signal, sys
from desk.province.inbox import Ingest
Ingest._answer_into = lambda *_arguments: os.kill(os.getpid(), signal.SIGKILL)
from desk.__main__ import main
main(sys.argv[1:])
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sftp")


@pytest.fixture(scope="module")
def sshd(folder: Path) -> Iterator[SftpServer]:
    with sftp_server(folder / "view") as found:
        yield found


@pytest.fixture(scope="module")
def province(folder: Path, sshd: SftpServer) -> Iterator[Province]:
    assert sshd.port
    made = fresh_province(folder / "p")
    yield made
    made.close()


@pytest.fixture(scope="module")
def made(province: Province, sshd: SftpServer, folder: Path) -> Made:
    """Return a function that makes a commune which the SFTP server lets in."""
    codes = units()

    def make(files: int = 1) -> Commune:
        commune = Commune(folder, next(codes), province, files=files)
        enrolled(sshd, commune)
        return commune

    return make


def enrolled(sshd: SftpServer, commune: Commune) -> None:
    sshd.add(commune.centre.unit, client_key(commune.paths.folder).public.line("x"))


class Answered(SftpWay):
    """A way on which a province takes in what has come whenever a receipt is looked for."""

    answering: Callable[[], object] = staticmethod(lambda: None)

    def _receipts(self, names: Sequence[str]) -> list[Fetched]:
        self.answering()
        return super()._receipts(names)


def way_of(
    sshd: SftpServer,
    commune: Commune,
    address: str = "",
    *,
    looks: tuple[float, ...] = (0.0,),
    by: Province | None = None,
) -> SftpWay:
    """Return the way of a commune to the server, or to what stands before it; `by` a province that answers at once."""
    way = Answered(address or sshd.address, commune.centre.unit, sshd.host_key, base=commune.paths.folder)
    way.looks = looks
    if by is not None:
        way.answering = partial(by.ingest, [sshd.box(commune.centre.unit)])
    return way


def through(proxy: Proxy | Impostor) -> str:
    return "sftp://" + proxy.address.removeprefix("https://")


def before(sshd: SftpServer, line: Line | None = None) -> Proxy:
    return Proxy(sshd.address.removeprefix("sftp://"), line)


def merged_and_receipts(province: Province, unit: str) -> tuple[int, int]:
    files = query(province.folder, f"select count(*) from province_file where unit='{unit}' and status='merged'")
    receipts = query(province.folder, f"select count(*) from province_receipt where unit='{unit}'")
    return files[0][0], receipts[0][0]


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


def test_a_slow_and_lossy_line_confirms(sshd: SftpServer, province: Province, made: Made) -> None:
    commune = made(files=2)
    waits: list[float] = []
    with before(sshd, Line(rate=1200, delay=0.3, loss=0.1, pause=waits.append)) as line:
        run = commune.post(way_of(sshd, commune, through(line), by=province)).run()
    assert [item.state for item in run] == ["confirmed", "confirmed"]
    assert max(waits) >= 1.2


def test_the_server_killed_while_a_receipt_is_awaited(made: Made, folder: Path) -> None:
    need()
    commune = made()
    doomed = SftpServer(folder / "doomed")
    enrolled(doomed, commune)
    doomed.start()
    try:
        way = way_of(doomed, commune)
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


def test_the_shipped_server_lets_nobody_out_of_two_folders(sshd: SftpServer, made: Made, tmp_path: Path) -> None:
    commune = made()
    unit = commune.centre.unit
    (tmp_path / "large").write_bytes(b"x" * (2 << 20))
    known = tmp_path / "known"
    host, port = sshd.address.removeprefix("sftp://").split(":")
    known.write_text(f"[{host}]:{port} " + (sshd.own / "ssh_host_ed25519_key.pub").read_text())
    options = ["-F", "none", "-i", str(commune.paths.folder / KEY), "-o", f"UserKnownHostsFile={known}"]
    options += ["-o", "BatchMode=yes", "-o", "IdentitiesOnly=yes"]

    def does(*commands: str) -> bool:
        done = subprocess.run(
            ["sftp", "-q", "-b", "-", *options, "-P", port, f"mc{unit}@{host}"],
            input="\n".join(commands),
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode == 0

    assert does("ls /out", f"put {known} x.txt", "ls /in/x.txt")
    for commands in (
        [f"put {known} /out/x"],
        [f"put {known} /x"],
        ["get /etc/passwd"],
        ["get ../../../etc/passwd"],
        ["symlink /out /in/link"],
        ["ln x.txt y.txt"],
        ["mkdir /in/folder"],
        [f"put {tmp_path / 'large'} large"],
    ):
        assert not does(*commands), commands
    assert (sshd.box(unit) / "in" / "large").stat().st_size <= 1 << 20
    shell = subprocess.run(
        ["ssh", *options, "-p", port, f"mc{unit}@{host}", "id"], capture_output=True, text=True, check=False, input=""
    )
    assert "uid" not in shell.stdout
    away = subprocess.run(
        ["ssh", *options, "-p", port, "-W", f"{host}:{port}", f"mc{unit}@{host}"],
        capture_output=True,
        text=True,
        check=False,
        input="",
    )
    assert "SSH-" not in away.stdout
    assert away.returncode != 0


def test_the_users_of_the_province_and_of_a_commune_do_their_part(sshd: SftpServer, made: Made) -> None:
    commune = made()
    unit = commune.centre.unit
    commune.post(way_of(sshd, commune)).run()
    here = f"cd /srv/motcua/mc{unit}; "

    def does(user: str, words: str) -> bool:
        as_user = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", "sh", "-c", here + words]
        return sshd.run(*as_user, check=False).returncode == 0

    assert does("motcua", "cat in/*.daily && umask 022 && echo x >out/a && rm in/*.daily")
    assert does(f"mc{unit}", "cat out/a && echo x >in/a")
    assert not does(f"mc{unit}", "echo x >out/b")
    assert not does(f"mc{unit}", "rm -f out/a")
    assert not does(f"mc{unit}", "mv in other")
    assert not does("nobody", "ls in")
    assert not does("nobody", "ls out")


@pytest.mark.parametrize(
    ("unit", "line"),
    [
        ("1822", "ssh-ed25519 AAAA"),
        ("../../x", "ssh-ed25519 AAAA"),
        ("18229", ""),
        ("18229", "ssh-ed25519 AAAA x"),
        ("18229", "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC x"),
        ("18229", 'command="id" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g x'),
    ],
)
def test_a_unit_or_a_key_that_is_none_is_not_let_in(sshd: SftpServer, unit: str, line: str) -> None:
    (sshd.spool.parent / "bad.pub").write_text(line + "\n")
    done = sshd.run("/etc/motcua/add-unit", unit, "/srv/bad.pub", check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("add-unit: ")
    assert not (sshd.own / "keys" / f"mc{unit}").exists()
