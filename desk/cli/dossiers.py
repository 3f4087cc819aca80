"""`desk find`, `desk show`: dossiers as the counter finds and shows them, numbers masked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from desk.cli.centre import opened, refuse
from desk.cli.options import DataOption, JsonOption, NowOption, command
from desk.cli.output import print_facts, print_json, print_table
from desk.cli.status import complain
from desk.cli.values import instant_json
from desk.words import _

if TYPE_CHECKING:
    from desk.counter.model import DossierView, EventLine, WorkRow

_LONGEST_QUERY = 200


def declare(app: typer.Typer) -> None:
    """Add the commands."""
    command(app, "find", _("Tìm hồ sơ theo mã, tên, số định danh, điện thoại."))(find)
    command(app, "show", _("Một hồ sơ: ba ngày, lịch sử, việc làm được."))(show)


def find(
    query: Annotated[str, typer.Argument(metavar="QUERY", help=_("Vài chữ, không cần dấu."))],
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, max=400, help=_("Nhiều nhất bấy nhiêu."))] = 100,
    as_json: JsonOption = False,
    now: NowOption = None,
    data: DataOption = None,
) -> None:
    """Print the dossiers that a query finds."""
    with opened(data, now, as_json=as_json) as desk:
        rows = desk.counter.find(query[:_LONGEST_QUERY], limit)
    if as_json:
        print_json([row_json(row) for row in rows])
    elif rows:
        from desk.counter import say

        heads = (_("Mã"), _("Người nộp"), _("Thủ tục"), _("Trạng thái"), _("Hẹn trả"), _("Còn"))
        cells = [
            (
                r.code,
                r.applicant,
                _short(r.procedure),
                say.state_name(r.state),
                say.short_moment(r.promise),
                r.remaining,
            )
            for r in rows
        ]
        print_table(heads, cells)
    else:
        complain(_("không tìm thấy hồ sơ nào"))


def show(
    code: Annotated[str, typer.Argument(metavar="CODE", help=_("Mã tạm hoặc mã chính thức."))],
    as_json: JsonOption = False,
    now: NowOption = None,
    data: DataOption = None,
) -> None:
    """Print one dossier with its events and its three dates."""
    with opened(data, now, as_json=as_json) as desk:
        found = desk.counter.dossier(code)
    if found is None:
        refuse("unknown_dossier", _("Không có hồ sơ {code}.").format(code=code), as_json=as_json)
    if as_json:
        print_json(_dossier_json(found))
    else:
        _print_dossier(found)


def row_json(row: WorkRow) -> dict[str, object]:
    """Return a line of a list as plain JSON values."""
    return {
        "code": row.code,
        "official_code": row.official_code or None,
        "applicant": row.applicant,
        "procedure": row.procedure_code,
        "procedure_name": row.procedure,
        "state": row.state.name.lower(),
        "state_code": int(row.state),
        "legal_deadline": instant_json(row.legal_deadline),
        "first_promise": instant_json(row.first_promise),
        "promise": instant_json(row.promise),
        "provisional": row.provisional,
        "overdue": row.overdue,
        "due_today": row.due_today,
        "waiting": row.waiting,
    }


def _dossier_json(found: DossierView) -> dict[str, object]:
    return {
        "code": found.code,
        "official_code": found.official_code or None,
        "old_code": found.old_code or None,
        "state": found.state.name.lower(),
        "state_code": int(found.state),
        "procedure": found.procedure_code,
        "procedure_name": found.procedure,
        "limit": found.limit,
        "limit_text": found.limit_text or None,
        "variant": found.variant or None,
        "local_limit": found.local_limit or None,
        "channel": found.channel.name.lower(),
        "applicant": {
            "name": found.applicant,
            "id_number": found.id_number,
            "phone": found.phone,
            "address": found.address,
        },
        "components": list(found.components),
        "received_at": instant_json(found.received_at),
        "competent": found.competent or None,
        "competent_at": instant_json(found.competent_at),
        "legal_deadline": instant_json(found.legal_deadline),
        "first_promise": instant_json(found.first_promise),
        "promise": instant_json(found.promise),
        "provisional": found.provisional,
        "rescheduled": found.rescheduled,
        "suspended_since": instant_json(found.suspended_since),
        "apology_by": instant_json(found.apology_by),
        "verdict": found.verdict.value if found.verdict else None,
        "legal_verdict": found.legal_verdict.value if found.legal_verdict else None,
        "holder": found.holder or None,
        "slip_number": found.slip_number or None,
        "taken_over": found.taken_over,
        "events": [_event_json(event) for event in found.events],
        "acts": [act.value for act in found.acts],
    }


def _event_json(event: EventLine) -> dict[str, object]:
    return {
        "seq": event.seq,
        "at": instant_json(event.at),
        "kind": event.kind,
        "what": event.what,
        "officer": event.who or None,
        "note": event.note or None,
        "undone": event.undone,
    }


def _print_dossier(found: DossierView) -> None:
    from desk.counter import say

    print_facts(
        {
            _("Hồ sơ"): " · ".join(part for part in (found.code, found.official_code, found.old_code) if part),
            _("Trạng thái"): f"{found.state_name}" + (f" · {found.holder}" if found.holder else ""),
            _("Thủ tục"): f"{found.procedure_code} {found.procedure}",
            _("Thời hạn"): found.limit,
            _("Trung tâm hẹn"): found.local_limit,
            _("Người nộp"): " · ".join(p for p in (found.applicant, found.id_number, found.phone, found.address) if p),
            _("Thành phần"): "; ".join(found.components),
            _("Tiếp nhận"): f"{say.moment(found.received_at)} ({say.channel_name(found.channel)})",
            _("Hạn theo luật"): say.moment(found.legal_deadline),
            _("Hẹn lần đầu"): say.moment(found.first_promise),
            _("Hẹn hiện nay"): f"{say.moment(found.promise)} ({found.promise_note})"
            + (_(" · TẠM TÍNH") if found.provisional else ""),
            _("Còn lại"): found.remaining,
            _("Đánh giá"): say.judgement_name(found.verdict) if found.verdict else "",
            _("Làm được"): ", ".join(f"{act.value} ({say.act_name(act)})" for act in found.acts),
        }
    )
    print()
    for event in found.events:
        parts = (say.moment(event.at), event.what, event.who, event.note, _("đã hoàn tác") if event.undone else "")
        print("  " + " · ".join(part for part in parts if part))


def _short(text: str, most: int = 40) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
