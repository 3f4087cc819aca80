"""`desk province retire`: a unit's key after its last file, or a unit after its last day, is taken no more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from desk.cli.options import DataOption, JsonOption, NowOption
from desk.cli.output import print_json, print_table
from desk.cli.province_reset import UnitArgument, agreed_by_hand
from desk.cli.province_side import opened_province
from desk.cli.status import CommandError, Status
from desk.cli.values import date_of, instant_json
from desk.words import _, counted

if TYPE_CHECKING:
    from desk.province.retiring import Retired, UnitKey
    from desk.province.service import Province


def retire(
    unit: UnitArgument,
    key: Annotated[
        str, typer.Option("--key", metavar="FINGERPRINT", help=_("Khóa này thôi dùng (vân tay SHA256:…)."))
    ] = "",
    last_seq: Annotated[
        int | None,
        typer.Option(
            "--last-seq", metavar="N", min=0, help=_("Tệp cuối khóa được ký; không có thì tệp cuối đã vào chuỗi.")
        ),
    ] = None,
    last_day: Annotated[
        str | None, typer.Option("--last-day", metavar="DATE", help=_("Ngày cuối đơn vị còn báo cáo."))
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help=_("Đơn vị lại phải báo cáo."))] = False,
    list_keys: Annotated[bool, typer.Option("--keys", help=_("Chỉ kể các khóa của đơn vị."))] = False,
    yes: Annotated[bool, typer.Option("--yes", help=_("Làm luôn, không hỏi lại."))] = False,
    now: NowOption = None,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Show what ends and, if told so, end it."""
    if bool(key) + (last_day is not None) + undo + list_keys != 1 or (last_seq is not None and not key):
        raise CommandError(Status.USAGE, _("ghi một trong: --key (kèm --last-seq), --last-day, --undo, --keys"))
    day = None if last_day is None else date_of(last_day)
    with opened_province(data, now, as_json=as_json) as province:
        if list_keys:
            _print_keys(province.unit_keys(unit), as_json=as_json)
            return
        seen = province.look_at_key(unit, key, last_seq) if key else province.look_at_unit(unit, day)
        agreed = _agreed(province, seen, yes=yes, as_json=as_json)
    if as_json:
        print_json({**_document(seen), "retired": agreed})
    if not agreed:
        raise CommandError(Status.NO, _("chưa làm gì; thêm --yes để làm"))
    if not as_json:
        if yes:
            print("\n".join(_lines(seen)))
        print(_("Đã ghi."))


def _agreed(province: Province, seen: Retired, *, yes: bool, as_json: bool) -> bool:
    agreed = yes
    if not agreed and not as_json:
        print("\n".join(_lines(seen)))
        agreed = agreed_by_hand()
    if agreed:
        province.retire(seen)
    return agreed


def _lines(seen: Retired) -> Iterator[str]:
    who = {"unit": seen.unit, "name": seen.name}
    if seen.fingerprint:
        text = _("{unit} {name}: khóa {fingerprint} không ký được tệp nào sau số {seq}.")
        yield text.format(fingerprint=seen.fingerprint, seq=seen.last_seq, **who)
        if seen.left:
            yield _("Đơn vị còn {n} khóa khác đang dùng.").format(n=seen.left)
        else:
            yield _("Đơn vị không còn khóa nào: hãy đăng ký khóa mới bằng «desk province enrol».")
    elif seen.last_day is None:
        yield _("{unit} {name} lại phải báo cáo mọi ngày mở cửa.").format(**who)
    else:
        text = _("{unit} {name} báo cáo lần cuối cho ngày {day}; tệp của ngày sau bị từ chối, không còn phải có.")
        yield text.format(day=f"{seen.last_day:%d/%m/%Y}", **who)
    if seen.dropped:
        numbers = ", ".join(map(str, seen.dropped))
        yield counted("{n} tệp đang chờ sẽ bị từ chối: số {numbers}.", len(seen.dropped), numbers=numbers)


def _document(seen: Retired) -> dict[str, object]:
    return {
        "unit": seen.unit,
        "name": seen.name,
        "fingerprint": seen.fingerprint or None,
        "last_seq": seen.last_seq,
        "last_day": None if seen.last_day is None else seen.last_day.isoformat(),
        "dropped": list(seen.dropped),
        "other_keys": seen.left,
    }


def _print_keys(keys: tuple[UnitKey, ...], *, as_json: bool) -> None:
    if as_json:
        print_json(
            [
                {
                    "fingerprint": each.fingerprint,
                    "enrolled_at": instant_json(each.enrolled_at),
                    "last_seq": each.last_seq,
                    "retired_at": None if each.retired_at is None else instant_json(each.retired_at),
                }
                for each in keys
            ]
        )
        return
    rows = [
        [each.fingerprint, _("đang dùng") if each.last_seq is None else _("đến tệp số {n}").format(n=each.last_seq)]
        for each in keys
    ]
    print_table((_("Vân tay"), _("Được nhận")), rows)
