"""`desk province serve`: the server that communes deliver to over HTTPS.

`--systemd` prints a unit for this machine; save it as /etc/systemd/system/motcua-province.service, then
`systemctl enable --now motcua-province`. It stops cleanly on SIGTERM and may be killed at any moment: a file is merged
and its receipt kept in one transaction, and whoever got no answer asks again.
"""

from __future__ import annotations

import shlex
import shutil
import sys
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from desk.cli.options import DataOption, JsonOption, path_of
from desk.cli.output import print_json
from desk.cli.province_side import opened_province, province_folder
from desk.cli.status import CommandError, Status, complain, disk_sentence
from desk.words import _

_UNIT = """\
[Unit]
Description=Mot Cua Desk: the province's server of daily files
After=network-online.target
Wants=network-online.target

[Service]
ExecStart={command}
User=motcua
Restart=on-failure
RestartSec=5
TimeoutStopSec=30
UMask=0077
MemoryMax=1G
NoNewPrivileges=true
CapabilityBoundingSet=
ProtectSystem=strict
ProtectHome=read-only
ProtectControlGroups=true
ProtectKernelModules=true
ProtectKernelTunables=true
PrivateTmp=true
PrivateDevices=true
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=true
RestrictRealtime=true
RestrictSUIDSGID=true
LockPersonality=true
SystemCallArchitectures=native
ReadWritePaths={folders}

[Install]
WantedBy=multi-user.target
"""


def serve(
    bind: Annotated[
        str, typer.Option("--bind", metavar="HOST:PORT", help=_("Địa chỉ và cổng lắng nghe."))
    ] = "0.0.0.0:8443",
    certificate: Annotated[
        Path | None,
        typer.Option(
            "--certificate", metavar="FILE", parser=path_of, help=_("Chứng chỉ PEM được cấp, thay cho tự lập.")
        ),
    ] = None,
    key: Annotated[
        Path | None, typer.Option("--key", metavar="FILE", parser=path_of, help=_("Khóa của chứng chỉ được cấp."))
    ] = None,
    watch: Annotated[
        list[Path] | None,
        typer.Option("--watch", metavar="DIR", help=_("Thư mục nhận thêm (SFTP, USB); lặp lại được.")),
    ] = None,
    every: Annotated[
        int, typer.Option("--every", metavar="SECONDS", min=1, help=_("Bao nhiêu giây thì xem lại các thư mục."))
    ] = 60,
    systemd: Annotated[bool, typer.Option("--systemd", help=_("Chỉ in tệp dịch vụ systemd cho máy này."))] = False,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Answer communes until told to stop."""
    host, port = _address(bind)
    if (certificate is None) != (key is None):
        raise CommandError(Status.USAGE, _("--certificate và --key đi cùng nhau"))
    folders = tuple(path.absolute() for path in watch or ())
    if systemd:
        from desk.province.where import spool_of

        spool = spool_of(province_folder(data))
        print(_unit(bind, certificate, key, folders, every, data, spool), end="")
        return
    if any(find_spec(name) is None for name in ("uvicorn", "starlette", "pygal")):
        raise CommandError(Status.ENVIRONMENT, _("thiếu phần máy chủ: hãy cài «motcua-desk[province]»"))
    from desk.province.certificate import given_certificate
    from desk.province.serving import listen
    from desk.province.serving import serve as run

    with opened_province(data, None, as_json=as_json) as province:
        identity = province.identity()
        own = province.certificate() if certificate is None or key is None else given_certificate(certificate, key)
        try:
            at = listen(host, port)
        except OSError as error:
            raise CommandError(Status.ENVIRONMENT, f"{bind}: {disk_sentence(error)}") from error
        address = f"https://{host}:{at.getsockname()[1]}"
        if as_json:
            print_json({"address": address, "certificate": own.fingerprint, "fingerprint": identity.fingerprint})
        else:
            print(_("Đang nhận tại {address}").format(address=address))
            print(_("Vân tay chứng chỉ: {fingerprint}").format(fingerprint=own.fingerprint))
            print(_("Vân tay khóa của tỉnh: {fingerprint}").format(fingerprint=identity.fingerprint))
        sys.stdout.flush()
        spool = province.spool
        every_folder = tuple(dict.fromkeys(folders if spool is None else (spool, *folders)))
        run(province, at, own, folders=every_folder, every=float(every), said=complain)


def _address(bind: str) -> tuple[str, int]:
    host, _colon, port = bind.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise CommandError(Status.USAGE, _("«{text}» không phải ĐỊA CHỈ:CỔNG, ví dụ 0.0.0.0:8443").format(text=bind))
    return host.removeprefix("[").removesuffix("]"), int(port)


def _unit(
    bind: str,
    certificate: Path | None,
    key: Path | None,
    folders: tuple[Path, ...],
    every: int,
    data: Path | None,
    spool: Path | None,
) -> str:
    """Return a systemd unit that runs this very program with these very options."""
    folder = province_folder(data).absolute()
    program = shutil.which("desk")
    words = [program] if program else [sys.executable, "-m", "desk"]
    words += ["province", "serve", "--data", str(folder), "--bind", bind, "--every", str(every)]
    for name, path in (("--certificate", certificate), ("--key", key)):
        words += [] if path is None else [name, str(path.absolute())]
    for each in folders:
        words += ["--watch", str(each)]
    quoted = partial(map, lambda word: shlex.quote(word).replace("%", "%%"))
    written = dict.fromkeys(map(str, (folder, *folders) if spool is None else (folder, spool, *folders)))
    return _UNIT.format(command=" ".join(quoted(words)), folders=" ".join(quoted(written)))
