"""`desk province accept-reset` and `refuse-reset`: a person decides whether a restored desk goes on."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from desk.cli.options import DataOption, JsonOption, NowOption, command
from desk.cli.output import print_json
from desk.cli.province_side import opened_province
from desk.cli.status import CommandError, Status, complain
from desk.cli.values import instant_json
from desk.words import N_, _

if TYPE_CHECKING:
    from desk.daily.reset import LostFile
    from desk.province.model import ResetView

_LONGEST = 500

UnitArgument = Annotated[str, typer.Argument(metavar="UNIT", help=N_("Mã năm chữ số của đơn vị."))]


def declare(part: typer.Typer) -> None:
    """Add the commands to the group `province`."""
    command(part, "accept-reset", _("Xem và chấp nhận cho đơn vị vừa phục hồi nối lại chuỗi báo cáo."))(accept)
    command(part, "refuse-reset", _("Không chấp nhận nối lại chuỗi báo cáo."))(refuse)


def accept(
    unit: UnitArgument,
    yes: Annotated[bool, typer.Option("--yes", help=_("Chấp nhận, không hỏi lại."))] = False,
    now: NowOption = None,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Show what a reset loses and, if told so, let the unit's chain go on from it."""
    from desk.province.reset_lines import reset_lines

    with opened_province(data, now, as_json=as_json) as province:
        seen = province.reset(unit)
        agreed = yes
        if not agreed and not as_json:
            print("\n".join(reset_lines(seen)))
            agreed = agreed_by_hand()
        if agreed:
            seen = province.accept_reset(seen)
    if as_json:
        print_json(reset_document(seen))
    if not agreed:
        raise CommandError(Status.NO, _("chưa chấp nhận; thêm --yes để chấp nhận, hoặc «desk province refuse-reset»"))
    if as_json:
        return
    if yes:
        print("\n".join(reset_lines(seen)))
    print(_("Đã chấp nhận: đơn vị {unit} nối lại từ số {seq}.").format(unit=seen.unit, seq=seen.seq))
    print(_("Lần nhận tệp tới sẽ ghi giấy báo nhận mới."))


def refuse(
    unit: UnitArgument,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help=_("Vì sao không chấp nhận."))],
    now: NowOption = None,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Refuse a reset and everything behind it; the unit has to ask anew."""
    from desk.rules.text import clean

    note = clean(reason)
    if not note or len(note) > _LONGEST:
        raise CommandError(Status.USAGE, _("lý do trống hoặc dài quá {limit} chữ").format(limit=_LONGEST))
    with opened_province(data, now, as_json=as_json) as province:
        seen = province.refuse_reset(province.reset(unit), note)
    if as_json:
        print_json(reset_document(seen))
    else:
        print(_("Không chấp nhận đề nghị nối lại số {seq} của {unit}.").format(unit=seen.unit, seq=seen.seq))


def reset_document(seen: ResetView) -> dict[str, object]:
    """Return a reset as JSON has it."""
    return {
        "unit": seen.unit,
        "sha256": seen.sha256,
        "seq": seen.seq,
        "date": seen.day.isoformat(),
        "status": seen.status,
        "received_at": instant_json(seen.received_at),
        "decided_at": None if seen.decided_at is None else instant_json(seen.decided_at),
        "note": seen.note,
        "reason": seen.reason,
        "goes_on_from": seen.base_seq,
        "goes_on_known": seen.base_known,
        "last_seq": seen.last_seq,
        "lost": seen.lost.payload(),
        "lost_files": _documents(seen.kept),
        "lost_untold": _documents(seen.untold),
        "lost_absent": _documents(seen.absent),
        "numbers_never_seen": [{"from": first, "to": last} for first, last in seen.never],
        "lost_received": seen.received,
        "lost_ended": seen.ended,
        "stock_before": seen.stock_before,
        "stock_after": seen.stock_after,
        "stock": [{"procedure": each.procedure, "before": each.before, "after": each.after} for each in seen.stock],
        "held": seen.held,
        "other_keys": list(seen.other_keys),
    }


def agreed_by_hand() -> bool:
    """Ask at a terminal; elsewhere nobody is there to agree."""
    from desk.rules.text import fold

    if not sys.stdin.isatty():
        return False
    try:
        print(_("Gõ «chap nhan» rồi Enter để chấp nhận: "), end="", flush=True)
        return fold(sys.stdin.readline()).strip() == "chap nhan"
    except UnicodeDecodeError:
        complain(_("không đọc được câu trả lời"))
        return False


def _documents(files: Sequence[LostFile]) -> list[dict[str, object]]:
    return [{"seq": each.seq, "date": each.day.isoformat(), "sha256": each.sha256} for each in files]
