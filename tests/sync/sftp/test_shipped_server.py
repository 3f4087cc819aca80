"""The shipped configuration and script: a commune has two folders, and nothing else of the machine."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from desk.sync.sftp_keys import KEY
from tests.sync.sftp.ways import Made, way_of
from tests.sync.sshd import SftpServer


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
