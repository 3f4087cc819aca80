"""What the folders outside the record have to say: states, receipts, and whether the record fell behind them."""

from __future__ import annotations

from desk.counter import outgoing, resetting
from desk.counter.context import Context
from desk.counter.outgoing import Outbox


def take_in(ctx: Context, outbox: Outbox) -> bool:
    """Write what is new outside into the record, in one transaction; True if anything was."""
    receipts = tuple(outbox.receipts())
    with ctx.records.writing() as work:
        moved = outgoing.take_in(ctx, work, outbox, receipts)
        news = resetting.detect(ctx, work, outbox, receipts) or moved
        if news:
            work.commit()
    return news
