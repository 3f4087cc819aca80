"""Known keys from files: one public key of OpenSSH, or a list in the format of `allowed_signers`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from desk.cli.status import CommandError, Status
from desk.daily.sshsig import KeyFormatError, PublicKey
from desk.rules.moment import VN
from desk.words import _

_LINE = re.compile(r'(?P<who>\S+)\s+(?:(?P<options>(?:[^\s"]|"[^"]*")+)\s+)?(?P<key>ssh-ed25519\s+\S+)(?:\s.*)?')
_OPTION = re.compile(r'(?P<name>[a-z-]+)(?:="(?P<value>[^"]*)")?(?:,|$)')
_UNIT = re.compile(r"[0-9]{5}")


class Signer(Struct, frozen=True):
    """A key and what it may sign: an empty unit is whichever the file names, no namespaces are all of them."""

    key: PublicKey
    unit: str = ""
    namespaces: tuple[str, ...] = ()
    before: datetime | None = None

    def may_sign(self, namespace: str, created: datetime | None) -> bool:
        """Say whether the key vouches for a file of this purpose; not for one made after the key was given up.

        A file made before the key was put on the list is good all the same: `valid-after` tells when it was met.
        """
        fits = not self.namespaces or namespace in self.namespaces
        return fits and (self.before is None or created is None or created < self.before)


def public_key(data: bytes, name: str) -> Signer:
    """Read a `.pub` file; its comment may be the code of the unit."""
    text = _text(data, name).strip()
    try:
        key = PublicKey.parse(text)
    except KeyFormatError as error:
        raise CommandError(Status.USAGE, _("{name}: không phải khóa ssh-ed25519").format(name=name)) from error
    comment = text.split(None, 2)[2] if len(text.split(None, 2)) > 2 else ""
    return Signer(key, comment if _UNIT.fullmatch(comment) else "")


def allowed_signers(data: bytes, name: str) -> tuple[Signer, ...]:
    """Read a list of signers; a line that cannot be read is named."""
    return tuple(_signers(_text(data, name), name))


def _signers(text: str, name: str) -> Iterator[Signer]:
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        found = _LINE.fullmatch(line.strip())
        try:
            if found is None:
                raise KeyFormatError(line)
            options = _options(found["options"] or "")
            _instant(options.get("valid-after"))
            yield Signer(
                PublicKey.parse(found["key"]),
                found["who"],
                tuple(options.get("namespaces", "").split(",")) if "namespaces" in options else (),
                _instant(options.get("valid-before")),
            )
        except ValueError as error:
            sentence = _("{name}: dòng {number} không phải một người ký").format(name=name, number=number)
            raise CommandError(Status.USAGE, sentence) from error


def _options(written: str) -> dict[str, str]:
    found, end = {}, 0
    for option in _OPTION.finditer(written):
        if option.start() != end:
            break
        found[option["name"]] = option["value"] or ""
        end = option.end()
    if end != len(written) or found.keys() - {"namespaces", "valid-after", "valid-before"}:
        raise ValueError(written)
    return found


def _instant(written: str | None) -> datetime | None:
    if written is None:
        return None
    form = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}.get(len(written), "")
    return datetime.strptime(written, form).replace(tzinfo=VN)


def _text(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CommandError(Status.USAGE, _("{name}: không phải văn bản UTF-8").format(name=name)) from error
