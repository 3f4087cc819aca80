"""`desk province user`: who may read the office's page; a password never stands on a command line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from desk.cli.options import DataOption, JsonOption, command, group
from desk.cli.output import print_json
from desk.cli.province_side import opened_province
from desk.cli.secret import asked_secret
from desk.cli.status import CommandError, Status
from desk.words import N_, _

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help=N_("Tên đăng nhập."))]


def declare(part: typer.Typer) -> None:
    """Add the group `user` to the group `province`."""
    users = group(_("Người được xem trang của văn phòng tỉnh."))
    command(users, "add", _("Thêm người xem; mật khẩu đọc từ đầu vào chuẩn hoặc hỏi mà không hiện."))(add)
    command(users, "list", _("Những người được xem trang."))(listed)
    command(users, "reset", _("Đặt mật khẩu mới; các phiên đang mở chấm dứt."))(reset)
    command(users, "remove", _("Bỏ người xem; các phiên đang mở chấm dứt."))(remove)
    part.add_typer(users, name="user")


def add(name: NameArgument, as_json: JsonOption = False, data: DataOption = None) -> None:
    """Add a reader of the page."""
    with _folder(data, as_json=as_json) as folder:
        from desk.province.users import Users

        Users(folder).add(name, _asked_password(name))
    _said(name, _("đã thêm"), as_json=as_json)


def listed(as_json: JsonOption = False, data: DataOption = None) -> None:
    """Print who may read the page."""
    with _folder(data, as_json=as_json) as folder:
        from desk.province.users import Users

        names = sorted(Users(folder).all())
    if as_json:
        print_json([{"name": name} for name in names])
        return
    for name in names:
        print(name)


def reset(name: NameArgument, as_json: JsonOption = False, data: DataOption = None) -> None:
    """Give a reader another password."""
    with _folder(data, as_json=as_json) as folder:
        from desk.province.users import Users

        Users(folder).reset(name, _asked_password(name))
    _said(name, _("đã đặt mật khẩu mới"), as_json=as_json)


def remove(name: NameArgument, as_json: JsonOption = False, data: DataOption = None) -> None:
    """Take a reader off the list."""
    with _folder(data, as_json=as_json) as folder:
        from desk.province.users import Users

        Users(folder).remove(name)
    _said(name, _("đã bỏ"), as_json=as_json)


@contextmanager
def _folder(data: Path | None, *, as_json: bool) -> Iterator[Path]:
    """Yield the folder of a province that is set up; what is refused becomes a sentence, with the reason in JSON."""
    from desk.province.sentences import user_sentence
    from desk.province.users import UserError, UserFault

    with opened_province(data, None, as_json=as_json) as province:
        folder = province.folder
    try:
        yield folder
    except UserError as error:
        sentence = user_sentence(error)
        if as_json:
            print_json({"error": sentence, "reason": error.fault.value})
        statuses = {UserFault.TAKEN: Status.NO, UserFault.DAMAGED: Status.ENVIRONMENT}
        raise CommandError(statuses.get(error.fault, Status.USAGE), sentence) from error


def _asked_password(name: str) -> str:
    return asked_secret(_("Mật khẩu mới của {name}: ").format(name=name), _("chưa có mật khẩu"))


def _said(name: str, done: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"name": name})
    else:
        print(f"{name}: {done}")
