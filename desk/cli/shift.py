"""`desk shift`: the hand-over sheet of this desk's open shift, for print and for scripts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import typer

from desk.cli.centre import officer_id, opened
from desk.cli.options import DataOption, JsonOption, NowOption, OutputOption, command
from desk.cli.output import write_output
from desk.cli.values import instant_json
from desk.words import _

if TYPE_CHECKING:
    from desk.counter.till_model import Handover


def declare(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "shift", _("Phiếu bàn giao ca: đã nhận, đã trả, tiền, phiếu chưa đưa, người chờ gọi."))(shift)


def shift(
    output: OutputOption = None,
    as_json: JsonOption = False,
    now: NowOption = None,
    data: DataOption = None,
) -> None:
    """Print or write what the shift of this desk hands on since its cash was closed last."""
    with opened(data, now, as_json=as_json) as desk:
        found = desk.counter.shifts.handover(officer_id(desk, None))
        lines = desk.counter.shifts.handover_lines(found)
    text = json.dumps(shift_json(found), ensure_ascii=False, indent=2) if as_json else "\n".join(lines)
    if output is None:
        print(text)
    else:
        write_output(output, f"{text}\n".encode())


def shift_json(found: Handover) -> dict[str, object]:
    """Return the shift as plain JSON values: codes, numbers and sums, no person."""
    totals = found.cash.totals
    return {
        "desk": found.desk,
        "since": instant_json(found.since),
        "now": instant_json(found.now),
        "received": [row.code for row in found.received],
        "returned": [row.code for row in found.returned],
        "slips_not_given": [row.code for row in found.ungiven],
        "waiting_for_a_call": [row.code for row, _reason in found.calls],
        "opening_cash": found.cash.opening,
        "receipts": {
            "numbers": list(found.cash.numbers),
            "count": {mark.value: number for mark, number in totals.counts.items()},
            "sums": {method.value: amount for method, amount in totals.sums.items()},
            "expected_cash": totals.expected,
        },
    }
