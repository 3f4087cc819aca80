"""Debian's own sshd with the very files that a province is given, in a private view of the machine.

A mount namespace of its own has a copy of /etc and a folder of the test as /srv: users are made by the shipped script,
folders have the owners that sshd insists on, and nothing of the machine is changed.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from desk.__main__ import main

SSHD = Path("/usr/sbin/sshd")
_VIEW = """
mount --bind "$0/etc" /etc
mount --bind "$0/srv" /srv
mount -t tmpfs -o mode=0755 run /run
mkdir -p /run/sshd
exec "$@"
"""
_LOOKS = 1200


def missing() -> str:
    """Return why no sshd can be had here, empty if it can."""
    if not SSHD.exists() or shutil.which("unshare") is None:
        return "no OpenSSH server here"
    if os.geteuid() != 0:
        return "chroot and users of their own need root"
    tried = subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False)
    return "" if tried.returncode == 0 else "no mount namespace of one's own here"


def need() -> None:
    """Skip where there is no sshd, unless the check insists on it."""
    if why := missing():
        if os.environ.get("DESK_REQUIRE_SERVERS"):
            pytest.fail(why)
        pytest.skip(why)


class SftpServer:
    """One SFTP server of a province and its spool; it can be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        self._view = folder
        self.spool = folder / "srv" / "motcua"
        self.own = folder / "etc" / "motcua"
        self.spool.mkdir(parents=True)
        shutil.copytree("/etc", folder / "etc", symlinks=True, ignore=_unneeded)
        for name in ("", "etc", "srv", "srv/motcua"):
            (folder / name).chmod(0o755)
        assert main(["province", "sftp", "--files", str(self.own), "--data", str(folder / "none")]) == 0
        self.host_key = ""
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """The address of the server, for `ways`."""
        return f"sftp://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """What sshd has said."""
        return (self._view / "log").read_text(encoding="utf-8", errors="replace")

    def inside(self, *words: str, alone: Sequence[str] = ()) -> list[str]:
        """Return a command as it is given within the view."""
        return ["unshare", "-m", "--propagation", "private", *alone, "sh", "-ec", _VIEW, str(self._view), *words]

    def run(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command within the view."""
        done = subprocess.run(self.inside(*words), capture_output=True, text=True, check=False)
        assert not check or done.returncode == 0, done.stderr
        return done

    def add(self, unit: str, line: str) -> None:
        """Let a commune in by the shipped script."""
        key = self._view / "srv" / "key.pub"
        key.write_text(line + "\n")
        said = self.run("/etc/motcua/add-unit", unit, "/srv/key.pub").stdout
        found = re.search(r'^host_key = "(.*)"$', said, re.MULTILINE)
        assert found, said
        self.host_key = found[1]

    def box(self, unit: str) -> Path:
        """Return a commune's folder."""
        return self.spool / f"mc{unit}"

    def start(self, *, before: str = "") -> None:
        """Start the server with the shipped configuration, bound on files and capabilities, on a free port.

        `before` is done first within the view.
        """
        with socket.create_server(("127.0.0.1", 0)) as found:
            self.port = found.getsockname()[1]
        unit = (self.own / "motcua-sftp.service").read_text()
        bound = re.search(r"^LimitFSIZE=(\d+)M$", unit, re.MULTILINE)
        command = re.search(r"^ExecStart=(.*)$", unit, re.MULTILINE)
        capabilities = re.search(r"^CapabilityBoundingSet=(.*)$", unit, re.MULTILINE)
        assert bound is not None
        assert command is not None
        assert capabilities is not None
        kept = ",".join(f"+{name.removeprefix('CAP_').lower()}" for name in capabilities[1].split())
        words = ["sh", "-ec", f'{before}\nexec "$@"', "sh"] if before else []
        words += ["setpriv", f"--bounding-set=-all,{kept}", "--no-new-privs"]
        words += ["prlimit", f"--fsize={int(bound[1]) << 20}", *command[1].split()]
        here = ["-e", "-o", f"ListenAddress=127.0.0.1:{self.port}", "-o", f"Port={self.port}"]
        with (self._view / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self.inside(*words, *here, alone=("--pid", "--fork", "--kill-child")),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        for _look in range(_LOOKS):
            assert self._process.poll() is None, self.log
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as line:
                if line.recv(4) == b"SSH-":
                    return
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(0.05)
        raise AssertionError(self.log)

    def kill(self) -> None:
        """Kill the server and whoever is connected."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@contextmanager
def sftp_server(folder: Path) -> Iterator[SftpServer]:
    """Run an SFTP server in a folder; skips where there can be none."""
    need()
    server = SftpServer(folder)
    server.add("99999", FIRST)
    server.start()
    try:
        yield server
    finally:
        server.kill()


FIRST = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g first"


def _unneeded(folder: str, names: list[str]) -> set[str]:
    return {name for name in names if not (Path(folder) / name).is_symlink() and not _copied(Path(folder) / name)}


def _copied(path: Path) -> bool:
    return path.is_dir() or path.is_file()
