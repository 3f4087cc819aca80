"""`desk province acknowledge`: what became of a unit's files, with the code to read out over the phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from desk.cli.options import DataOption, JsonOption, NowOption
from desk.cli.output import print_json
from desk.cli.province_side import opened_province
from desk.cli.status import CommandError, Status
from desk.cli.values import date_of
from desk.words import _

if TYPE_CHECKING:
    from desk.province.phone import Acknowledged


def acknowledge(
    unit: Annotated[str, typer.Argument(metavar="UNIT", help=_("Mã năm chữ số của đơn vị."))],
    day: Annotated[
        str | None,
        typer.Option("--date", metavar="D", help=_("Ngày của tệp; không có thì năm tệp mới nhất của đơn vị.")),
    ] = None,
    now: NowOption = None,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Print what became of a unit's files and the code of each."""
    wanted = None if day is None else date_of(day)
    with opened_province(data, now, as_json=as_json) as province:
        found = province.acknowledged(unit, wanted)
    if as_json:
        print_json([_document(each) for each in found])
    for each in () if as_json else found:
        print(_line(each))
    if not found:
        raise CommandError(Status.NO, _("chưa nhận được tệp nào của đơn vị {unit} trong khoảng này").format(unit=unit))


def _document(found: Acknowledged) -> dict[str, object]:
    return {
        "unit": found.unit,
        "date": found.day.isoformat(),
        "seq": found.seq,
        "receipt_for": found.sha256,
        "status": found.status.value,
        "reason": found.reason or None,
        "code": found.code,
    }


def _line(found: Acknowledged) -> str:
    from desk.province.sentences import file_state_text, reason_sentence

    why = f" ({reason_sentence(found.reason)})" if found.reason else ""
    text = _("ngày {day} số {seq}: {state}{why} · đọc mã: {code}")
    state = file_state_text(found.status.value)
    return text.format(day=f"{found.day:%d/%m/%Y}", seq=found.seq, state=state, why=why, code=found.code)
