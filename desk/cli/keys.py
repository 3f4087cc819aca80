"""`desk key`: the unit's public key, which the province enrols and anyone verifies with, and the SFTP log-in's."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.cli.centre import opened, paths_of
from desk.cli.options import DataOption, JsonOption, NowOption, command
from desk.cli.output import print_json
from desk.cli.status import CommandError, Status
from desk.words import _

if TYPE_CHECKING:
    from desk.daily.sshsig import PublicKey


def declare(part: typer.Typer) -> None:
    """Add the commands of the group `key`."""
    command(part, "show", _("Khóa công khai của đơn vị (dạng OpenSSH) và vân tay."))(show)


def show(
    sftp: Annotated[
        bool, typer.Option("--sftp", help=_("Khóa đăng nhập SFTP của máy này, tạo nếu chưa có; không cần mật khẩu."))
    ] = False,
    as_json: JsonOption = False,
    now: NowOption = None,
    data: DataOption = None,
) -> None:
    """Print the unit's public key as one OpenSSH line, and its fingerprint on standard error."""
    if sftp:
        key, unit, name = _sftp_key(data)
    else:
        with opened(data, now, as_json=as_json) as desk:
            key, unit = desk.public_key(), desk.settings.unit
        name = unit
    if as_json:
        print_json({"unit": unit, "public_key": key.line(name), "fingerprint": key.fingerprint})
    else:
        print(key.line(name))
        print(key.fingerprint, file=sys.stderr)


def _sftp_key(data: Path | None) -> tuple[PublicKey, str, str]:
    """Return the key of the SFTP way, the unit and its name there."""
    from desk.settings import read_settings
    from desk.sync.sentences import trouble_sentence
    from desk.sync.sftp_keys import client_key
    from desk.sync.ways import WayError

    paths = paths_of(data)
    unit = read_settings(paths).unit
    try:
        return client_key(paths.folder).public, unit, f"mc{unit}"
    except WayError as error:
        raise CommandError(Status.ENVIRONMENT, trouble_sentence(error.reason)) from error
