"""The procedures of the centre as an officer finds them: folded typing, initials, most used first."""

from __future__ import annotations

from datetime import datetime

from db import dossiers, procedures
from db.procedures import ProcedureRow
from db.unit import View
from db.vocabulary import LimitUnit
from desk.counter import clockwork, explain, say
from desk.counter.context import Context
from desk.counter.model import ProcedureChoice, PromiseView
from desk.rules import moment
from desk.rules.limits import Limit, parse_variants
from desk.rules.text import fold


def find(ctx: Context, view: View, query: str, limit: int) -> tuple[ProcedureChoice, ...]:
    """Return the procedures that hold every folded word of the query, or whose initials do.

    First those whose name begins with the query once its ceremony is left out, then the rest; most used first.
    """
    used = dossiers.uses(view.connection)
    words = fold(query).split()
    found = [
        row
        for row in procedures.in_force(view.connection, ctx.now().date())
        if all(_holds(row, word) for word in words)
    ]
    typed = " ".join(words)
    found.sort(key=lambda row: (not _begins(row, typed), -used.get(row.code, 0), not row.core, row.name_folded))
    return tuple(choice(row) for row in found[:limit])


def choice(row: ProcedureRow) -> ProcedureChoice:
    """Return a procedure as the officer picks it."""
    limit = Limit.parse(row.limit_text) if row.limit_text else None
    return ProcedureChoice(
        code=row.code,
        name=row.name,
        field=row.field,
        limit=say.limit_name(limit),
        doubt=say.doubt(row.limit_confidence if limit is not None else ""),
        components=row.components,
        variants=tuple((each.case, each.text) for each in parse_variants(row.variants)),
        fee_vnd=row.fee_vnd,
        fee_note=row.fee_note,
        immediate=limit is not None and limit.unit is LimitUnit.SAME_DAY,
        local_limit=say.limit_name(Limit.parse(row.local_limit)) if row.local_limit else "",
    )


def promise(ctx: Context, view: View, code: str, variant: str, received: datetime | None) -> PromiseView:
    """Return the dates a receipt would get now, and why; RefusedError as a receipt would be."""
    at = ctx.now() if received is None else moment.minute(received)
    procedure = ctx.procedure(view, code, at.date())
    found, _case = clockwork.terms(procedure, variant)
    doubt = say.doubt(procedure.limit_confidence if procedure.limit_text else "")
    if found.statutory is None:
        return PromiseView(None, None, "", doubt=doubt)
    dates = clockwork.dates(ctx.calendar(view), at, found)
    legal = None if dates.legal is None else dates.legal.at
    why, trace = explain.why(dates.current), explain.lines(dates.current)
    return PromiseView(dates.current.at, legal, why, trace, dates.provisional, doubt)


def _begins(row: ProcedureRow, typed: str) -> bool:
    """Say whether the name without `thủ tục`, `đăng ký`, `cấp` begins with the typed words, or the code does."""
    name = row.name_folded.removeprefix(row.code).strip()
    for ceremony in ("thu tuc ", "dang ky ", "cap "):
        name = name.removeprefix(ceremony)
    return bool(typed) and (name.startswith(typed) or row.code.startswith(typed))


def _holds(row: ProcedureRow, word: str) -> bool:
    return word in row.name_folded or word in "".join(part[0] for part in row.name_folded.split())
