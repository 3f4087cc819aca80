"""The dossiers behind the figures of II.06a: the same intervals, changes and stocks as the sealed files, by dossier."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from msgspec import Struct

from db import dossiers, procedures, summaries
from db.summaries import SealedFile
from db.unit import View
from desk.counter import counting, looking
from desk.counter.context import Context
from desk.counter.model import Figure, WorkRow
from desk.rules import report, tally
from desk.rules.tally import Count


class Behind(Struct, frozen=True):
    """The dossiers of one figure, newest first.

    `shares` has what those add that do not add one: minus one where a correction stands in column (6), two where an end
    was undone and came again in a later file.
    """

    rows: tuple[WorkRow, ...]
    shares: Mapping[int, int]

    @property
    def figure(self) -> int:
        """The figure as its dossiers make it up, which is what the report says."""
        return sum(self.shares.get(row.id, 1) for row in self.rows)


def behind(ctx: Context, view: View, wanted: Figure) -> Behind:
    """Return the dossiers that make up one figure of the report over a span of closed days."""
    files = summaries.files(view.connection, wanted.first, wanted.last)
    place = wanted.column - report.FIRST_COLUMN
    shares = {
        number: share
        for number, counts in counts_by_dossier(
            view, files, procedures.fields_of(view.connection), wanted.field
        ).items()
        if (share := report.line_of(counts).columns[place])
    }
    rows = dossiers.by_ids(view.connection, shares)
    newest = [rows[number] for number in sorted(shares, reverse=True) if number in rows]
    others = {number: share for number, share in shares.items() if share != 1}
    return Behind(looking.work_rows(ctx, view, newest), others)


def counts_by_dossier(
    view: View, files: Sequence[SealedFile], field_of: Mapping[str, str], field: str | None
) -> dict[int, dict[str, int]]:
    """Return what each dossier adds to the combined figures of successive files: their sum is the report's row.

    `field` None is the total.
    """
    book: defaultdict[int, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))

    def add(number: int, count: Count, procedure: str) -> None:
        if field is None or field_of.get(procedure, report.UNKNOWN_FIELD) == field:
            book[number][count] += 1

    if not files:
        return {}
    for row in counting.open_at(view, files[0].journal_from):
        add(row.id, Count.CARRIED, row.procedure_code)
    for file in files:
        for number, change in counting.changes(view, file.journal_from, file.journal_to):
            for count, procedure in tally.effect(change):
                add(number, count, procedure)
    for row in counting.open_at(view, files[-1].journal_to):
        in_time = counting.is_in_time(row, files[-1].as_of)
        add(row.id, Count.OPEN_IN_TIME if in_time else Count.OPEN_OVERDUE, row.procedure_code)
    return {number: dict(counts) for number, counts in book.items()}
