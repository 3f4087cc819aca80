"""A real PostgreSQL server of the tests' own: made in a folder of its own, reached by socket and loopback only."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import URL, make_url

from db.engine import open_engine
from db.schema import ensure
from db.steps import Side
from db.tables import ProvinceTable

DEBIAN = "/usr/lib/postgresql"
MEMORY = Path("/dev/shm")
PASSWORD = "Sông:Hồng/40@độ?"
_ROUNDS = 1200


def programs() -> Path | None:
    """Return the folder of the server's programs, the newest where Debian has several; None without one."""
    debian = sorted(Path(DEBIAN).glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if debian:
        return debian[-1].parent
    found = shutil.which("postgres")
    return None if found is None else Path(found).resolve().parent


class Postgres:
    """One cluster; the server in it can be killed and started again.

    PostgreSQL refuses to run as root: there the server runs as the user that its package made. `fsync` off is for
    tests that never kill it.
    """

    def __init__(self, bin_folder: Path, *, fsync: bool = False, memory: bool = True) -> None:
        self._bin = bin_folder
        self._user: dict[str, Any] = {}
        self.folder = Path(tempfile.mkdtemp(prefix="motcua-pg-", dir=MEMORY if memory and MEMORY.is_dir() else None))
        self._data = self.folder / "data"
        self.port = _free_port()
        self._numbers = count(1)
        self._provinces: list[str] = []
        self.process: subprocess.Popen[bytes] | None = None
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            self._user = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        self.folder.chmod(0o755)
        self._run("initdb", "-D", self._data, "-U", "postgres", "-E", "UTF8", "--locale=C", "-A", "trust", "--no-sync")
        (self._data / "pg_hba.conf").write_text(
            "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n", encoding="ascii"
        )
        lasting = "" if fsync else "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"
        with (self._data / "postgresql.conf").open("a", encoding="ascii") as file:
            file.write(
                f"{lasting}listen_addresses = '127.0.0.1'\nport = {self.port}\nmax_connections = 60\n"
                f"unix_socket_directories = '{self.folder}'\nshared_buffers = 32MB\nmax_wal_senders = 0\n"
                "wal_level = minimal\nmin_wal_size = 32MB\nmax_wal_size = 64MB\n"
            )
        self.start()
        with self.admin() as admin:
            admin.execute(f"CREATE ROLE motcua LOGIN PASSWORD '{PASSWORD}'".encode())

    def start(self) -> None:
        """Start the server and wait until it answers; after a kill the old one's children may still be on their way."""
        for _each in range(_ROUNDS):
            if self.process is None or self.process.poll() is not None:
                with (self.folder / "log").open("ab") as log:
                    self.process = subprocess.Popen(
                        [self._bin / "postgres", "-D", self._data], cwd="/", stdout=log, stderr=log, **self._user
                    )
            try:
                self.admin().close()
            except psycopg.OperationalError:
                with suppress(subprocess.TimeoutExpired):
                    self.process.wait(0.05)
            else:
                return
        raise AssertionError((self.folder / "log").read_text(encoding="utf-8", errors="replace")[-2000:])

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        """Send the server SIGKILL: its connections break, and nothing is written any more."""
        assert self.process is not None
        self.process.send_signal(how)
        self.process.wait()

    def close(self) -> None:
        """Stop the server and take everything away."""
        self.kill(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def admin(self) -> psycopg.Connection[Any]:
        """Return a connection of the server's owner, each statement a transaction."""
        return psycopg.connect(
            host=str(self.folder), port=self.port, user="postgres", dbname="postgres", autocommit=True
        )

    def database(self, options: str = "") -> str:
        """Make an empty database and return its address: over the loopback, with a password."""
        name = f"tỉnh_{next(self._numbers)}"
        with self.admin() as admin:
            admin.execute(f'CREATE DATABASE "{name}" OWNER motcua {options}'.encode())
        return self.address(name)

    def province(self) -> str:
        """Return the address of a database with the province's tables, all empty.

        One that nobody is connected to is taken again: a test that closes a province has done with it once it makes
        another.
        """
        for address in self._provinces:
            if not self._in_use(address):
                with psycopg.connect(address) as connection:
                    connection.execute(f"TRUNCATE {', '.join(ProvinceTable.metadata.tables)}".encode())
                return address
        made = self.database()
        engine = open_engine(made)
        ensure(engine, Side.PROVINCE)
        engine.dispose()
        self._provinces.append(made)
        return made

    def _in_use(self, address: str) -> bool:
        with self.admin() as admin:
            name = make_url(address).database
            asked = admin.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = %s", (name,)).fetchone()
        return asked is None or asked[0] > 0

    def address(self, name: str, **changed: Any) -> str:
        """Return the address of a database, with parts of it changed."""
        usual = {"username": "motcua", "password": PASSWORD, "host": "127.0.0.1", "port": self.port}
        return URL.create("postgresql", database=name, **{**usual, **changed}).render_as_string(hide_password=False)

    def _run(self, program: str, *words: object) -> None:
        command = [str(self._bin / program), *map(str, words)]
        done = subprocess.run(command, check=False, cwd="/", capture_output=True, text=True, **self._user)
        assert done.returncode == 0, done.stderr


def _free_port() -> int:
    with suppress(OSError), socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port
    raise AssertionError("no free port")
