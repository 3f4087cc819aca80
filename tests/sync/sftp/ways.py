"""Ways of communes to an SFTP server, through bad lines or with a province that answers at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from desk.province.service import Province
from desk.sync.sftp import SftpWay
from desk.sync.sftp_keys import client_key
from desk.sync.ways import Fetched
from tests.province.factory import query
from tests.sync.link import Impostor, Line, Proxy
from tests.sync.servers import Commune
from tests.sync.sshd import SftpServer

SOON = (0.1,) * 300
"""Looks for a receipt, until the province's server has seen the file: it looks every second."""

Made = Callable[..., Commune]


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
