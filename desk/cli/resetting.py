"""`desk reset`: a restored desk says what it has lost and asks the province to go on from there."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from desk.cli.centre import accepted, officer_id, opened, refuse
from desk.cli.options import AsOption, DataOption, JsonOption, NowOption, command
from desk.cli.output import print_json
from desk.cli.status import CommandError, Status
from desk.words import _

if TYPE_CHECKING:
    from desk.bootstrap import Desk
    from desk.counter.resetting import Broken, SealedBreak

_LONGEST_LINE = 100


def declare(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "reset", _("Sau khi phục hồi: xem đã mất gì, lập đề nghị nối lại chuỗi báo cáo gửi tỉnh."))(reset)


def reset(
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help=_("Vì sao phải phục hồi; có thì lập đề nghị."))
    ] = "",
    restored: Annotated[
        bool, typer.Option("--restored", help=_("Sổ này được phục hồi, dù không tệp nào ở đây cho thấy điều đó."))
    ] = False,
    officer: AsOption = None,
    as_json: JsonOption = False,
    now: NowOption = None,
    data: DataOption = None,
) -> None:
    """Say whether the record fell behind and what was lost; with a reason, seal the reset that the head approves."""
    with opened(data, now, as_json=as_json) as desk:
        head = head_of(desk, officer)
        broken = desk.counter.resets.look()
        if restored and broken is None:
            broken = accepted(desk.counter.resets.declare(head), as_json=as_json)
        if not reason:
            _look(broken, as_json=as_json)
            return
        if broken is None:
            refuse("no_reset_needed", _("Sổ không thiếu gì so với các tệp đã gửi."), as_json=as_json)
        from desk.counter.resetting import ResetOrder

        order = ResetOrder(head, reason, _asked_pin(desk))
        sealed = accepted(desk.counter.resets.make(order), as_json=as_json)
    _print(sealed, as_json=as_json)
    if sealed.unqueued:
        raise CommandError(Status.ENVIRONMENT, sealed.unqueued)


def head_of(desk: Desk, wanted: str | None) -> int | None:
    """Return who approves: the officer named, else the first head."""
    from db.vocabulary import Role

    if wanted is not None:
        return officer_id(desk, wanted)
    return next((each.id for each in desk.counter.officers() if each.active and each.role == Role.HEAD), None)


def _asked_pin(desk: Desk) -> str:
    """Read the head's PIN where the centre has PINs: without echo, or the first line of standard input."""
    if not any(each.active and each.has_pin for each in desk.counter.officers()):
        return ""
    if not sys.stdin.isatty():
        line = sys.stdin.buffer.readline(_LONGEST_LINE)
        return line.decode("utf-8", "replace").removesuffix("\n").removesuffix("\r")
    import getpass

    try:
        return getpass.getpass(_("Mã PIN của lãnh đạo: "))
    except EOFError as error:
        raise CommandError(Status.USAGE, _("chưa có mã PIN")) from error


def _look(broken: Broken | None, *, as_json: bool) -> None:
    """Print how the chain stands; no where a reset is needed."""
    from desk.counter.resetting import lost_lines

    if as_json:
        print_json({"needed": False, "sealed": None} if broken is None else reset_document(broken))
    elif broken is None:
        print(_("Sổ không thiếu gì so với các tệp đã gửi."))
    else:
        print("\n".join((broken.sentence, *lost_lines(broken.lost))))
    if broken is not None and broken.sealed is None:
        raise CommandError(Status.NO, _("cần lập đề nghị nối lại: desk reset --reason «lý do»"))


def reset_document(broken: Broken) -> dict[str, object]:
    """Return a record that fell behind as JSON has it."""
    return {
        "needed": broken.sealed is None,
        "sealed": broken.sealed,
        "state": broken.state or None,
        "goes_on_from": broken.base_seq,
        "known_seq": broken.known_seq,
        "stock": broken.stock,
        "lost": broken.lost.payload(),
    }


def _print(sealed: SealedBreak, *, as_json: bool) -> None:
    from desk.counter.resetting import lost_lines

    if as_json:
        print_json({"seq": sealed.seq, "sha256": sealed.sha256, "file": sealed.file, "lost": sealed.lost.payload()})
        return
    text = _("Đã lập đề nghị nối lại số {seq}: {file}. Gửi như tệp ngày («desk sync»), rồi chờ tỉnh chấp nhận.")
    print("\n".join((text.format(seq=sealed.seq, file=sealed.file), *lost_lines(sealed.lost))))
