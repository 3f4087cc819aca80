"""The ways that a centre has configured, in the order they are tried."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from desk.settings import CentreSettings, Paths
from desk.sync.ways import Fetched, FolderWay, Trouble, Way, WayError

_MAIL = ("smtps", "smtp+starttls")


class Unusable:
    """A way whose address means nothing here; it says so and stops nothing else."""

    def __init__(self, address: str) -> None:
        self.name = address

    def published(self) -> bytes | None:
        """Refuse."""
        raise WayError(Trouble.BAD_ADDRESS, whole=True)

    def offer(self, name: str, data: bytes) -> bool:  # noqa: ARG002 - a way, whatever it is asked
        """Refuse."""
        raise WayError(Trouble.BAD_ADDRESS, whole=True)

    def fetch(self, skip: Collection[str] = ()) -> Iterator[Fetched]:  # noqa: ARG002
        """Refuse."""
        raise WayError(Trouble.BAD_ADDRESS, whole=True)


def ways_of(paths: Paths, settings: CentreSettings) -> tuple[Way, ...]:
    """Return the ways of a centre: those of `ways` in their order, then `folder` if it is not among them, then mail."""
    wanted = dict.fromkeys(each for each in (*settings.ways, settings.folder) if each)
    return tuple(_way(each, paths, settings) for each in sorted(wanted, key=_is_mail))


def _is_mail(address: str) -> bool:
    return address.partition("://")[0].lower() in _MAIL


def _way(address: str, paths: Paths, settings: CentreSettings) -> Way:
    scheme, colon, _rest = address.partition("://")
    if not colon:
        try:
            return FolderWay(Path(address).expanduser(), settings.unit)
        except RuntimeError:
            return Unusable(address)
    if scheme.lower() == "https":
        from desk.sync.https import HttpsWay

        return HttpsWay(address, settings.unit, settings.certificate, base=paths.folder)
    if scheme.lower() == "sftp":
        from desk.sync.sftp import SftpWay

        return SftpWay(address, settings.unit, settings.host_key, base=paths.folder)
    if _is_mail(address):
        from desk.sync.mail import MailWay

        return MailWay(address, settings.unit, settings.mail_certificate, base=paths.folder)
    return Unusable(address)
