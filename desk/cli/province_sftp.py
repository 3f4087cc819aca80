"""`desk province sftp`: where an SFTP server receives, and the files that set one up on Debian."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from desk.cli.options import DataOption, JsonOption, path_of
from desk.cli.output import print_json
from desk.cli.province_side import opened_province, province_folder
from desk.cli.status import CommandError, Status, disk_sentence
from desk.words import _

_FILES = {"sshd_config": 0o644, "motcua-sftp.service": 0o644, "add-unit": 0o755}


def sftp(
    spool: Annotated[
        Path | None,
        typer.Option(
            "--spool", metavar="DIR", parser=path_of, help=_("Thư mục nhận của máy chủ SFTP, ví dụ /srv/motcua.")
        ),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option("--files", metavar="DIR", parser=path_of, help=_("Ghi các tệp thiết lập OpenSSH vào đây.")),
    ] = None,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Name the spool, write the files, print what is set."""
    from desk.province.where import spool_of

    written = [] if to is None else _write(to)
    if spool is not None:
        with opened_province(data, None, as_json=as_json) as province:
            province.use_spool(spool)
    found = spool_of(province_folder(data))
    if as_json:
        print_json({"spool": None if found is None else str(found), "files": written})
        return
    for path in written:
        print(path)
    if found is None:
        print(_("Chưa dùng máy chủ SFTP; đặt bằng --spool"))
    else:
        print(_("Thư mục nhận SFTP: {folder}").format(folder=found))


def _write(folder: Path) -> list[str]:
    """Write the files that set an SFTP server up; what is there already is replaced only by the same name."""
    source = files("desk.province") / "sftp"
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, mode in _FILES.items():
            path = folder / name
            path.write_bytes((source / name).read_bytes())
            path.chmod(mode)
            written.append(str(path))
    except OSError as error:
        raise CommandError(Status.ENVIRONMENT, disk_sentence(error)) from error
    return written
