"""The procedures of the centre as an officer finds them: folded typing, initials, most used first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from db import dossiers, procedures
from db.procedures import ProcedureRow
from db.unit import View
from db.vocabulary import LimitUnit
from desk.counter import clockwork, explain, say
from desk.counter.context import Context
from desk.counter.model import ProcedureChoice, PromiseView
from desk.rules import moment, terms
from desk.rules.calendar import Calendar
from desk.rules.limits import Limit, parse_variants
from desk.rules.text import fold


def find(ctx: Context, view: View, query: str, limit: int) -> tuple[ProcedureChoice, ...]:
    """Return the procedures that hold every folded word of the query, or that it abbreviates.

    First those whose name begins with the query once its ceremony is left out, then those that hold it, then those it
    abbreviates (`ksinh`, `ctbs`, `dkks`) from their beginning, then the rest; most used first, else the shorter name.
    """
    used = dossiers.uses(view.connection)
    words = fold(query).split()
    found = [
        row
        for row in procedures.in_force(view.connection, ctx.now().date())
        if all(_holds(row, word) for word in words)
    ]
    typed = " ".join(words)
    found.sort(
        key=lambda row: (
            *(_distance(row, words, typed), -used.get(row.code, 0), not row.core),
            *(len(row.name_folded) if typed else 0, row.name_folded),
        )
    )
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


def promise(
    ctx: Context, view: View, code: str, variant: str, received: datetime | None, awaited: bool = False
) -> PromiseView:
    """Return the dates a receipt would get now, and why; RefusedError as a receipt would be.

    `awaited`: the receipt of a competent agency elsewhere will move them.
    """
    at = ctx.now() if received is None else moment.minute(received)
    procedure = ctx.procedure(view, code, at.date())
    found, _case = clockwork.terms(procedure, variant)
    doubt = say.doubt(procedure.limit_confidence if procedure.limit_text else "")
    if found.statutory is None:
        return PromiseView(None, None, "", doubt=doubt)
    dates = replace(clockwork.dates(ctx.calendar(view), at, found), awaited=awaited)
    legal = None if dates.legal is None else dates.legal.at
    why, trace = explain.why(dates.current), explain.lines(dates.current)
    return PromiseView(dates.current.at, legal, why, trace, dates.provisional, doubt)


_CEREMONY = ("thu tuc ", "dang ky ", "cap ")
"""What names begin with and nobody types."""


def _distance(row: ProcedureRow, words: Sequence[str], typed: str) -> int:
    """Return how far a procedure is from what was typed."""
    bare = name = row.name_folded.removeprefix(row.code).strip()
    for ceremony in _CEREMONY:
        bare = bare.removeprefix(ceremony)
    if typed and (bare.startswith(typed) or row.code.startswith(typed)):
        return 0
    if all(word in row.name_folded for word in words):
        return 1
    begins = any(_abbreviates(typed.replace(" ", ""), each.split()) for each in (bare, name))
    return 2 if begins else 3


def _holds(row: ProcedureRow, word: str) -> bool:
    if word in row.name_folded:
        return True
    names = row.name_folded.split()
    return any(_abbreviates(word, names[start:]) for start in range(len(names)))


def _abbreviates(short: str, words: Sequence[str]) -> bool:
    """Say whether `short` is made of the beginnings of the first words, at least one letter of each."""
    if not short:
        return True
    if not words:
        return False
    fitting = (taken for taken in range(len(short), 0, -1) if words[0].startswith(short[:taken]))
    return any(_abbreviates(short[taken:], words[1:]) for taken in fitting)


def put_off(cal: Calendar, promise: datetime) -> datetime:
    """Return the next working day after a promise, at the same hour if the office is open then, else at its end."""
    told = moment.minute(promise)
    to = datetime.combine(cal.next_counting(told.date()), told.timetz())
    fault = terms.reschedule_fault(cal, told, to, now=told)
    return cal.closing(to.date()) if fault is terms.RescheduleFault.OUTSIDE_HOURS else to
