"""`desk journal`: what happened at the centre, as a chain that can be proved."""

from __future__ import annotations

import typer

from desk.cli.centre import opened
from desk.cli.options import DataOption, JsonOption, NowOption, command
from desk.cli.output import print_json
from desk.cli.status import CommandError, Status
from desk.words import _


def declare(part: typer.Typer) -> None:
    """Add the commands of the group `journal`."""
    command(part, "verify", _("Kiểm chuỗi băm của nhật ký."))(verify)


def verify(as_json: JsonOption = False, now: NowOption = None, data: DataOption = None) -> None:
    """Walk the journal's chain; what does not hold ends with `no`."""
    with opened(data, now, as_json=as_json) as desk:
        broken = desk.counter.verify_journal()
    if as_json:
        fault = {} if broken is None else {"seq": broken.seq, "reason": broken.why}
        print_json({"holds": broken is None, **fault})
    if broken is not None:
        why = {"gap": _("thiếu sự kiện trước đó"), "hash": _("nội dung không khớp mã băm")}.get(broken.why, broken.why)
        raise CommandError(Status.NO, _("nhật ký đứt ở sự kiện {seq}: {why}").format(seq=broken.seq, why=why))
    if not as_json:
        print(_("Nhật ký nguyên vẹn."))
