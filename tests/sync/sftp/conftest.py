"""A province, Debian's own sshd before its spool, and communes that it lets in; one of each for a file of tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.province.service import Province
from tests.sync.servers import Commune, fresh_province, units
from tests.sync.sftp.ways import Made, enrolled
from tests.sync.sshd import SftpServer, sftp_server


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
