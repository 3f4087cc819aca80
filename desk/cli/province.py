"""`desk province`: the province's side, in a data folder of its own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.cli.options import DataOption, JsonOption, NowOption, command, path_of
from desk.cli.output import print_json, read_input
from desk.cli.province_acknowledge import acknowledge
from desk.cli.province_publish import messages, publish
from desk.cli.province_report import report
from desk.cli.province_reset import declare as declare_resets
from desk.cli.province_retire import retire
from desk.cli.province_serve import serve
from desk.cli.province_sftp import sftp
from desk.cli.province_side import opened_province
from desk.cli.province_status import status
from desk.cli.province_user import declare as declare_users
from desk.cli.status import CommandError, Status, complain, disk_sentence
from desk.cli.values import date_of, server_of
from desk.words import _

if TYPE_CHECKING:
    from desk.province.model import Answer

_LONGEST_KEY = 4096


def declare(part: typer.Typer) -> None:
    """Add the commands to the group `province`."""
    command(part, "init", _("Tạo khóa của tỉnh và thư mục nhận."))(init)
    command(part, "enrol", _("Đăng ký khóa của một đơn vị."))(enrol)
    command(part, "retire", _("Cho một khóa, hoặc một đơn vị, thôi được nhận từ một lúc."))(retire)
    command(part, "acknowledge", _("Mã báo đã nhận để đọc qua điện thoại cho đơn vị."))(acknowledge)
    command(part, "ingest", _("Nhận báo cáo ngày từ tệp hoặc thư mục, ghi giấy báo nhận."))(ingest)
    command(part, "status", _("Đơn vị nào đã báo cáo, đơn vị nào chưa."))(status)
    command(part, "report", _("Báo cáo II.06a, xếp hạng đơn vị, kết quả theo thủ tục, từ các báo cáo ngày."))(report)
    command(part, "publish", _("Ký và công bố lịch, danh mục, tin nhắn cho các đơn vị."))(publish)
    command(part, "messages", _("Vướng mắc và câu hỏi của các xã, tin chưa được trả lời."))(messages)
    command(part, "serve", _("Máy chủ HTTPS nhận tệp ngày, theo dõi thư mục nhận và USB."))(serve)
    command(part, "sftp", _("Nhận qua SFTP: thư mục nhận, tệp thiết lập máy chủ OpenSSH."))(sftp)
    declare_resets(part)
    declare_users(part)
    part.callback(invoke_without_command=True)(opening)


def opening(context: typer.Context, data: DataOption = None, now: NowOption = None) -> None:
    """Open the office's screens where no command is named and there is a terminal to show them."""
    if context.invoked_subcommand is not None:
        if data is not None or now is not None:
            name = context.invoked_subcommand
            text = _("--data và --now viết sau tên lệnh: desk province {name} …").format(name=name)
            raise CommandError(Status.USAGE, text)
        return
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise CommandError(Status.USAGE, _("thiếu lệnh con; xem «desk province --help»"))
    with opened_province(data, now, as_json=False) as province:
        from desk.tui.province.entry import open_office

        status = open_office(province.reader())
    raise typer.Exit(status)


def init(
    practice: Annotated[bool, typer.Option("--practice", help=_("Nơi vận hành thử: chỉ nhận tệp thử."))] = False,
    host: Annotated[
        list[str] | None,
        typer.Option("--host", metavar="NAME", help=_("Tên hoặc địa chỉ của máy chủ trong chứng chỉ; lặp lại được.")),
    ] = None,
    database: Annotated[
        str, typer.Option("--database", metavar="URL", help=_("Máy chủ PostgreSQL, thay cho tệp SQLite."))
    ] = "",
    spool: Annotated[
        Path | None,
        typer.Option(
            "--spool", metavar="DIR", parser=path_of, help=_("Thư mục nhận của máy chủ SFTP, ví dụ /srv/motcua.")
        ),
    ] = None,
    now: NowOption = None,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Make a province."""
    if now is not None and not practice:
        raise CommandError(Status.USAGE, _("chỉ nơi vận hành thử mới đặt được giờ (--now)"))
    with opened_province(data, now, as_json=as_json, create=True, url=server_of(database)) as province:
        if spool is not None:
            province.use_spool(spool, keep=False)
        found = province.init(practice=practice)
        server = province.certificate(tuple(host or ())).fingerprint
        if spool is not None:
            province.use_spool(spool)
        folder = str(province.inbox)
    if as_json:
        names = {"fingerprint": found.fingerprint, "public_key": found.public_key, "certificate": server}
        print_json({**names, "practice": found.practice, "inbox": folder})
        return
    print(_("Vân tay khóa của tỉnh: {fingerprint}").format(fingerprint=found.fingerprint))
    print(found.public_key)
    print(_("Vân tay chứng chỉ máy chủ, ghi vào «certificate» của xã: {fingerprint}").format(fingerprint=server))
    print(_("Thư mục nhận: {folder}").format(folder=folder))


def enrol(
    unit: Annotated[str, typer.Argument(metavar="UNIT", help=_("Mã năm chữ số của đơn vị."))],
    key: Annotated[Path, typer.Option("--key", metavar="FILE", help=_("Tệp khóa công khai («-»: đầu vào chuẩn)."))],
    go_live: Annotated[
        str | None,
        typer.Option("--go-live", metavar="DATE", help=_("Ngày đầu phải báo cáo; không có thì là ngày của tệp đầu.")),
    ] = None,
    now: NowOption = None,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Put a unit's key on the list."""
    start = None if go_live is None else date_of(go_live)
    line = read_input(key)[:_LONGEST_KEY].decode("utf-8", errors="replace")
    with opened_province(data, now, as_json=as_json) as province:
        found = province.enrol(unit, line, start)
    if as_json:
        print_json(
            {
                "unit": found.unit,
                "name": found.name,
                "fingerprint": found.fingerprint,
                "go_live": None if found.go_live is None else found.go_live.isoformat(),
                "other_keys": list(found.others),
                "again": found.again,
            }
        )
        return
    heading = _("Khóa đã đăng ký từ trước:") if found.again else _("Đã đăng ký khóa:")
    print(f"{heading} {found.unit} {found.name}")
    print(_("Vân tay, để đối chiếu với bản giấy: {fingerprint}").format(fingerprint=found.fingerprint))
    for other in found.others:
        print(_("Đơn vị còn khóa khác đang được nhận: {fingerprint}").format(fingerprint=other))


def ingest(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATH]...", help=_("Tệp hoặc thư mục; không có thì thư mục nhận."), show_default=False),
    ] = None,
    now: NowOption = None,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Take files in and answer each with a receipt."""
    with opened_province(data, now, as_json=as_json) as province:
        try:
            answers = province.ingest(tuple(paths or ()))
        except OSError as error:
            raise CommandError(Status.USAGE, disk_sentence(error)) from error
    if as_json:
        print_json([answer.document() for answer in answers])
    else:
        for answer in answers:
            print(_answer_text(answer))
    troubles = {disk_sentence(answer.unwritten): None for answer in answers if answer.unwritten is not None}
    for trouble in troubles:
        complain(_("chưa ghi được giấy báo nhận, lần nhận sau sẽ ghi: {cause}").format(cause=trouble))
    if any(answer.status == "refused" for answer in answers):
        raise typer.Exit(Status.NO)
    if troubles:
        raise typer.Exit(Status.ENVIRONMENT)


def _answer_text(answer: Answer) -> str:
    from desk.daily.model import Status as Said
    from desk.province.sentences import reason_sentence

    receipt = answer.receipt
    where = ""
    if receipt is not None and receipt.date is not None:
        day = f"{receipt.date:%d/%m/%Y}"
        where = _("{unit} ngày {day} số {seq}").format(unit=receipt.unit, day=day, seq=receipt.seq) + ": "
    said = {
        Said.MERGED: _("đã nhận"),
        Said.HELD: _("giữ lại, chờ tệp số {seq}").format(seq=receipt.expected_seq if receipt else ""),
        Said.REFUSED: _("TỪ CHỐI: {why}").format(why=reason_sentence(answer.reason or "")),
    }[answer.status]
    return _plain(f"{answer.file}: {where}{said}")


def _plain(text: str) -> str:
    """Return one line that cannot steer the terminal, whatever a file on a stick is called."""
    from desk.rules.text import clean

    return clean(text)
