"""Opening stock at set-up: the lines that `desk receive --file` takes, of dossiers already open at go-live."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from desk.cli.intake import client_id_of, document_of, stock_of
from desk.cli.output import BadLine, input_lines
from desk.cli.status import CommandError
from desk.words import _

if TYPE_CHECKING:
    from desk.counter.model import Refused
    from desk.counter.service import Counter
    from desk.tui.services import StockTaken

TELL = 20
"""Dossiers between two words on how far it is."""


def take_stock(counter: Counter, file: str, told: Callable[[int], None]) -> StockTaken | Refused:
    """Take over each line in a transaction of its own; a line that cannot be taken is named, the others are taken."""
    from desk.counter.model import Refused
    from desk.tui.services import StockTaken

    by = next((officer.id for officer in counter.officers() if officer.active), None)
    taken, refused = 0, list[tuple[int, str]]()
    try:
        for number, line in input_lines(Path(file).expanduser()):
            sentence = _taken(counter, line, by)
            if sentence:
                refused.append((number, sentence))
            else:
                taken += 1
                if taken % TELL == 0:
                    told(taken)
    except CommandError as error:
        if not taken and not refused:
            return Refused("stock", error.sentence, "stock")
        refused.append((taken + len(refused) + 1, error.sentence))
    return StockTaken(taken, tuple(refused))


def _taken(counter: Counter, line: str | BadLine, by: int | None) -> str:
    """Take one line over; return why not, empty if it is in."""
    from desk.counter.model import Refused

    try:
        document = document_of(line)
        if document.get("taken_over") is not True:
            return _("không phải hồ sơ đang giải quyết lúc bắt đầu (thiếu «taken_over»: true)")
        client_id = client_id_of(document) or str(uuid.uuid4())
        done = counter.take_over(stock_of(document, client_id, by))
    except CommandError as error:
        return error.sentence
    return done.sentence if isinstance(done, Refused) else ""
