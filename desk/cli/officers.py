"""`desk officer`: the officers of a centre, their roles and PINs; a PIN never stands on a command line."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Annotated

import typer

from desk.cli.centre import accepted, officer_id, opened
from desk.cli.options import DataOption, JsonOption, NowOption, command
from desk.cli.output import print_json, print_table
from desk.cli.secret import asked_secret
from desk.cli.status import CommandError, Status
from desk.words import N_, _

if TYPE_CHECKING:
    from desk.bootstrap import Desk
    from desk.counter.officer_model import OfficerView

WhoArgument = Annotated[str, typer.Argument(metavar="OFFICER", help=N_("Số hoặc tên cán bộ."))]
ByOption = Annotated[
    str | None,
    typer.Option("--as", metavar="OFFICER", help=N_("Người làm việc này: số hoặc tên; mặc định lãnh đạo đầu tiên.")),
]


def declare(part: typer.Typer) -> None:
    """Add the commands of the group `officer`."""
    command(part, "add", _("Thêm cán bộ."))(add)
    command(part, "list", _("Các cán bộ, cả người đã nghỉ."))(listed)
    command(part, "disable", _("Cho cán bộ nghỉ ở quầy này; tên vẫn còn với việc đã làm."))(disable)
    command(part, "enable", _("Cho cán bộ đã nghỉ làm lại, chưa có mã PIN."))(enable)
    command(part, "reset", _("Đặt mã PIN mới, đọc từ đầu vào chuẩn hoặc hỏi mà không hiện."))(reset)


def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help=_("Họ và tên."))],
    role: Annotated[
        str,
        typer.Option(
            "--role",
            metavar="ROLE",
            help=_("Vai trò: clerk (cán bộ quầy, nếu không ghi) hoặc head (lãnh đạo)."),
            show_default=False,
        ),
    ] = "clerk",
    pin: Annotated[bool, typer.Option("--pin", help=_("Đặt luôn mã PIN, đọc như lệnh reset."))] = False,
    by: ByOption = None,
    as_json: JsonOption = False,
    now: NowOption = None,
    data: DataOption = None,
) -> None:
    """Add an officer and print what was added."""
    from desk.counter.officer_model import NewOfficer
    from desk.counter.officers import ROLES

    if role not in set(ROLES):
        known = ", ".join(sorted(ROLES))
        raise CommandError(Status.USAGE, _("--role phải là một trong: {known}").format(known=known))
    with opened(data, now, as_json=as_json) as desk:
        new = NewOfficer(str(uuid.uuid4()), name, role, _asked_pin(name) if pin else "")
        officer = accepted(desk.counter.add_officer(new, _by(desk, by)), as_json=as_json)
    _print(officer, _("đã thêm"), as_json=as_json)


def listed(as_json: JsonOption = False, now: NowOption = None, data: DataOption = None) -> None:
    """Print every officer, the disabled too."""
    from desk.counter import say

    with opened(data, now, as_json=as_json) as desk:
        officers = desk.counter.officers()
    if as_json:
        print_json([_json(officer) for officer in officers])
        return
    rows = [
        (str(each.id), each.name, say.role_name(each.role), _state(each), _("có") if each.has_pin else "")
        for each in officers
    ]
    print_table((_("Số"), _("Họ và tên"), _("Vai trò"), _("Ở quầy"), _("Mã PIN")), rows)


def disable(
    who: WhoArgument, by: ByOption = None, as_json: JsonOption = False, now: NowOption = None, data: DataOption = None
) -> None:
    """Disable an officer."""
    with opened(data, now, as_json=as_json) as desk:
        target = _target(desk, who, active=True)
        officer = accepted(desk.counter.disable_officer(target, _by(desk, by)), as_json=as_json)
    _print(officer, _("đã nghỉ"), as_json=as_json)


def enable(
    who: WhoArgument, by: ByOption = None, as_json: JsonOption = False, now: NowOption = None, data: DataOption = None
) -> None:
    """Enable an officer again."""
    with opened(data, now, as_json=as_json) as desk:
        target = _target(desk, who, active=False)
        officer = accepted(desk.counter.enable_officer(target, _by(desk, by)), as_json=as_json)
    _print(officer, _("làm lại"), as_json=as_json)


def reset(
    who: WhoArgument, by: ByOption = None, as_json: JsonOption = False, now: NowOption = None, data: DataOption = None
) -> None:
    """Read a new PIN and give it to an officer."""
    with opened(data, now, as_json=as_json) as desk:
        target, doer = _target(desk, who, active=True), _by(desk, by)
        name = next(each.name for each in desk.counter.officers() if each.id == target)
        officer = accepted(desk.counter.set_pin(target, _asked_pin(name), doer), as_json=as_json)
    _print(officer, _("đã đặt mã PIN"), as_json=as_json)


def _target(desk: Desk, wanted: str, *, active: bool) -> int:
    """Return the id of the officer named by number or name; one that is not `active` only where no other fits."""
    from desk.rules.text import clean, fold

    officers = sorted(desk.counter.officers(), key=lambda each: each.active is not active)
    name = clean(wanted)
    for fits in (
        [each for each in officers if wanted == str(each.id)],
        [each for each in officers if each.name == name],
        [each for each in officers if fold(each.name) == fold(name)],
    ):
        fitting = [each for each in fits if each.active is active] or fits
        if len(fitting) == 1:
            return fitting[0].id
    known = ", ".join(f"{each.id} {each.name}" for each in officers)
    text = _("không có đúng một cán bộ «{wanted}»; các cán bộ: {known}").format(wanted=wanted, known=known)
    raise CommandError(Status.USAGE, text)


def _by(desk: Desk, wanted: str | None) -> int | None:
    """Return who does it: the officer named, else the first head, who has the keys of this machine."""
    from db.vocabulary import Role

    if wanted is not None:
        return officer_id(desk, wanted)
    return next((each.id for each in desk.counter.officers() if each.active and each.role == Role.HEAD), None)


def _asked_pin(name: str) -> str:
    return asked_secret(_("Mã PIN mới của {name}: ").format(name=name), _("chưa có mã PIN"))


def _state(officer: OfficerView) -> str:
    return _("đang làm") if officer.active else _("đã nghỉ")


def _json(officer: OfficerView) -> dict[str, object]:
    return {
        "id": officer.id,
        "name": officer.name,
        "role": str(officer.role),
        "active": officer.active,
        "has_pin": officer.has_pin,
    }


def _print(officer: OfficerView, done: str, *, as_json: bool) -> None:
    if as_json:
        print_json(_json(officer))
    else:
        from desk.counter import say

        print(f"{officer.id} {officer.name} · {say.role_name(officer.role)} · {done}")
