"""`desk due-today`: the morning drill, for print and for scripts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import typer

from desk.cli.centre import opened
from desk.cli.dossiers import row_json
from desk.cli.options import DataOption, JsonOption, NowOption, OutputOption, command
from desk.cli.output import write_output
from desk.cli.values import instant_json
from desk.words import _

if TYPE_CHECKING:
    from desk.counter.model import Morning


def declare(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "due-today", _("Việc trong ngày, để in: đến hạn, quá hạn, xin lỗi, chưa chuyển, chưa trả."))(due_today)


def due_today(
    output: OutputOption = None,
    as_json: JsonOption = False,
    now: NowOption = None,
    data: DataOption = None,
) -> None:
    """Print or write the morning drill with the dossiers behind each figure."""
    from desk.counter import drilling

    with opened(data, now, as_json=as_json) as desk:
        found = desk.counter.morning()
        centre = desk.counter.centre
    if as_json:
        text = json.dumps(morning_json(found), ensure_ascii=False, indent=2)
    else:
        text = "\n".join(drilling.lines(centre, found))
    if output is None:
        print(text)
    else:
        write_output(output, f"{text}\n".encode())


def morning_json(found: Morning) -> dict[str, object]:
    """Return the drill as plain JSON values: the dossiers of each group, and the number of every figure."""
    from desk.counter import drilling

    drill = found.drill
    groups = {name: found.listed(getattr(drill, name)) for name in drilling.LISTED}
    numbers = {name: len(rows) for name, rows in groups.items()}
    return {
        "now": instant_json(found.now),
        "nothing_due": drill.nothing_due,
        "next_day": None if drill.next_day is None else drill.next_day.isoformat(),
        "groups": {
            name: [row_json(row) | {"remaining": row.remaining, "holder": row.holder or None} for row in rows]
            for name, rows in groups.items()
        },
        "totals": {
            **numbers,
            "waiting": len(drill.waiting),
            "without_code": len(drill.without_code),
            "unsent": drill.unsent,
            "refused": drill.refused,
        },
        "coverage": {
            "until": None if drill.covered_until is None else drill.covered_until.isoformat(),
            "days": drill.coverage_days,
            "ends": drill.coverage_ends,
        },
        "cutoff": instant_json(drill.cutoff),
        "minutes_to_cutoff": drill.minutes_to_cutoff,
    }
