"""Money and telephone of the practice centre: the last days' fees, their cash closed each evening, some calls made."""

from __future__ import annotations

from datetime import date, timedelta

from db.unit import Work
from db.vocabulary import CallOutcome
from desk.counter import calling, till
from desk.counter.call_model import MakeCall
from desk.counter.context import Context
from desk.counter.till_model import CloseCash
from desk.rehearsal import words
from desk.rules.calling import Turn

DAYS = timedelta(days=4)
"""How far back fees are taken: enough for a shift to look at and some to look back to."""

_OUTCOMES = (CallOutcome.NO_ANSWER, CallOutcome.REACHED, CallOutcome.LATER)
_SHORT = 1_000


def is_recent(day: date, now: date) -> bool:
    """Say whether fees of a day are taken at the counter."""
    return now - day <= DAYS


def close(ctx: Context, work: Work, day: date, officer: int) -> None:
    """Close the cash of an evening; on a day of every five a note is missing, and it is said why."""
    shift = till.open_shift(ctx, work)
    if not shift.lines:
        return
    expected = shift.totals.expected
    missing = _SHORT if day.toordinal() % 5 == 0 and expected >= _SHORT else 0
    reason = words.SHORT if missing else ""
    till.close(ctx, work, CloseCash(f"cash-{day:%y%m%d}", expected, expected - missing, reason, officer))


def ring(ctx: Context, work: Work, officer: int) -> None:
    """Make a few of the calls that wait, one of each outcome."""
    waiting = [line for line in calling.listed(ctx, work) if line.turn is Turn.NOW]
    for place, (line, outcome) in enumerate(zip(waiting[1:], _OUTCOMES, strict=False)):
        again = ctx.now() + timedelta(hours=1) if outcome is CallOutcome.LATER else None
        order = MakeCall(f"call-{place}", line.row.id, line.reason, line.occasion, outcome, officer, again)
        calling.made(ctx, work, order)
