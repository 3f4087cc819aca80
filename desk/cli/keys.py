"""`desk key`: the unit's public key, which the province enrols and anyone verifies with."""

from __future__ import annotations

import sys

import typer

from desk.cli.centre import opened
from desk.cli.options import DataOption, JsonOption, NowOption, command
from desk.cli.output import print_json
from desk.words import _


def declare(part: typer.Typer) -> None:
    """Add the commands of the group `key`."""
    command(part, "show", _("Khóa công khai của đơn vị (dạng OpenSSH) và vân tay."))(show)


def show(as_json: JsonOption = False, now: NowOption = None, data: DataOption = None) -> None:
    """Print the unit's public key as one OpenSSH line, and its fingerprint on standard error."""
    with opened(data, now, as_json=as_json) as desk:
        key, unit = desk.public_key(), desk.settings.unit
    if as_json:
        print_json({"unit": unit, "public_key": key.line(unit), "fingerprint": key.fingerprint})
    else:
        print(key.line(unit))
        print(key.fingerprint, file=sys.stderr)
