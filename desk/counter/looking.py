"""What the officer looks at: the day's work, lists, finds; read only, numbers masked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from db import dossiers, people, procedures
from db.rows import DossierRow
from db.unit import View
from db.vocabulary import OPEN_STATES, State
from desk.counter import finding
from desk.counter.context import Context
from desk.counter.found import Finds
from desk.counter.model import WorkRow
from desk.counter.work_lines import lines_of, waiting_last
from desk.rules import numbering
from desk.rules.text import clean, fold


def lines(ctx: Context, view: View, rows: Sequence[DossierRow]) -> Finds:
    """Return list lines for dossiers, in their order, each made when it is looked at."""
    applicants = people.by_ids(view.connection, (row.person_id for row in rows))
    names = procedures.names(view.connection, (row.procedure_code for row in rows))
    return lines_of(ctx.calendar(view), ctx.now(), rows, applicants, names)


def work_rows(ctx: Context, view: View, rows: Sequence[DossierRow]) -> tuple[WorkRow, ...]:
    """Return list lines for dossiers, in their order."""
    return tuple(lines(ctx, view, rows))


def open_work(view: View) -> list[DossierRow]:
    """Return the dossiers still owed a result, and those sent back before acceptance, by promise."""
    return waiting_last(dossiers.in_states(view.connection, OPEN_STATES | {State.REGISTERED}))


def filtered(rows: Iterable[WorkRow], query: str) -> tuple[WorkRow, ...]:
    """Keep the lines that hold every folded word of the query in name, procedure or code."""
    words = fold(clean(query)).split()
    if not words:
        return tuple(rows)
    kept = []
    for row in rows:
        text = fold(f"{row.applicant} {row.procedure} {row.code} {row.short_code} {row.official_code}")
        if all(word in text for word in words):
            kept.append(row)
    return tuple(kept)


def find(ctx: Context, view: View, query: str, limit: int) -> Finds:
    """Return dossiers by any part of code, identity number or phone and by words of the name, the likeliest first."""
    written = clean(query)
    code = numbering.parse_provisional(written)
    direct = dossiers.by_code(view.connection, str(code) if code else numbering.normalise_official(written) or written)
    if direct is not None:
        return lines(ctx, view, [direct])
    ids = finding.ranked(view, written, limit)
    rows = dossiers.by_ids(view.connection, ids)
    return lines(ctx, view, [rows[number] for number in ids])
