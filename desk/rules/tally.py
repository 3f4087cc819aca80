"""What one interval of the journal counts: the net change of each dossier, per procedure, with its identities.

Every count is a number of dossiers unless said otherwise. Per procedure and in total
`carried + inflows = outflows + open at the end`, and `carried` is the stock of the file before.
The official columns are those of II.06a/VPCP/KSTT (TT 01/2020/TT-VPCP).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from db.vocabulary import Channel, Judgement

Rows = Mapping[str, Mapping[str, int]]
"""Counters by procedure code, zeros omitted."""

NO_PROCEDURE = "-"
"""Row of what concerns no procedure in particular (feedback on the centre itself)."""


class Count(StrEnum):
    """Every counter of the daily file, in the order of the report."""

    CARRIED = "carried"
    ONLINE = "online"
    DIRECT = "direct"
    POST = "post"
    TAKEN_OVER = "taken_over"
    REOPENED = "reopened"
    MOVED_IN = "moved_in"
    EARLY = "early"
    ON_TIME = "on_time"
    OVERDUE = "overdue"
    HANDED_OVER = "handed_over"
    VOIDED = "voided"
    MOVED_OUT = "moved_out"
    OPEN_IN_TIME = "open_in_time"
    OPEN_OVERDUE = "open_overdue"

    IMMEDIATE = "immediate"
    REFUSED_AT_COUNTER = "refused_at_counter"
    REFUSED = "refused"
    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"
    APOLOGIES = "apologies"
    LATE_APOLOGIES = "late_apologies"
    SECOND_SUPPLEMENTS = "second_supplements"
    OVERDUE_BY_LAW = "overdue_by_law"
    FEEDBACK_RECEIVED = "feedback_received"
    FEEDBACK_ANSWERED = "feedback_answered"
    SATISFIED = "satisfied"
    UNSATISFIED = "unsatisfied"

    WAITING_SUPPLEMENT = "waiting_supplement"
    WAITING_OBLIGATION = "waiting_obligation"
    UNCOLLECTED = "uncollected"
    FEEDBACK_OVERDUE = "feedback_overdue"


_ORDER = tuple(Count)
INFLOWS = _ORDER[: _ORDER.index(Count.EARLY)]
OUTFLOWS = _ORDER[_ORDER.index(Count.EARLY) : _ORDER.index(Count.OPEN_IN_TIME)]
STOCK = (Count.OPEN_IN_TIME, Count.OPEN_OVERDUE)
SIDE_FLOWS = frozenset(_ORDER[_ORDER.index(Count.IMMEDIATE) : _ORDER.index(Count.WAITING_SUPPLEMENT)])
SIDE_STOCKS = frozenset(_ORDER[_ORDER.index(Count.WAITING_SUPPLEMENT) :])
STOCKS = frozenset(STOCK) | SIDE_STOCKS
"""Counters that say how things stand at the end; all others but `carried` add up from file to file."""

_NAMES = frozenset(count.value for count in Count)
_POSITION = {count.value: place for place, count in enumerate(Count)}
_RECEIVED = {Channel.ONLINE: Count.ONLINE, Channel.DIRECT: Count.DIRECT, Channel.POST: Count.POST}
_VERDICT = {Judgement.EARLY: Count.EARLY, Judgement.ON_TIME: Count.ON_TIME, Judgement.OVERDUE: Count.OVERDUE}


class Phase(StrEnum):
    """What a dossier is to the tally; `absent` until it is accepted."""

    ABSENT = "absent"
    OPEN = "open"
    ENDED = "ended"
    VOIDED = "voided"
    HANDED_OVER = "handed_over"


class Standing(Struct, frozen=True):
    """One dossier at one position of the journal; raises ValueError where a needed value is missing."""

    phase: Phase
    procedure: str = ""
    channel: Channel = Channel.DIRECT
    taken_over: bool = False
    verdict: Judgement | None = None

    def __post_init__(self) -> None:
        if self.phase is not Phase.ABSENT and not self.procedure:
            raise ValueError("a dossier that exists has a procedure")
        if self.phase is Phase.ENDED and self.verdict is None:
            raise ValueError("an ended dossier has a verdict")


ABSENT = Standing(Phase.ABSENT)


class Change(Struct, frozen=True):
    """A dossier at the start and at the end of the interval."""

    dossier: str
    before: Standing
    after: Standing


class Open(Struct, frozen=True):
    """A dossier open at the end of the interval."""

    dossier: str
    procedure: str
    in_time: bool


class Tally(Struct, frozen=True):
    """Counters by procedure and their sums, zeros omitted."""

    rows: Rows
    totals: Mapping[str, int]


def effect(change: Change) -> tuple[tuple[Count, str], ...]:
    """Return the counters one dossier adds to, each with its procedure.

    A dossier enters in the row it stood in, moves if its procedure was corrected, and leaves from the row it stands in.
    An end that was corrected (other verdict, other row, or turned into a voiding or a handover) is reopened and ended
    anew, so that `ended - reopened` is right in every row. What went from existing back to `absent` (an acceptance that
    was undone) leaves as `voided`; a voiding or a handover that was undone comes back as `reopened`. What came and was
    voided within the interval leaves no trace.
    """
    before, after = change.before, change.after
    if before.phase is Phase.ABSENT:
        if after.phase in {Phase.ABSENT, Phase.VOIDED}:
            return ()
        entered = Count.TAKEN_OVER if after.taken_over else _RECEIVED[after.channel]
        return ((entered, after.procedure), *_leaving(after, after.procedure))
    if _nothing_happened(before, after):
        return ()
    counts: list[tuple[Count, str]] = []
    if before.phase is not Phase.OPEN:
        counts.append((Count.REOPENED, before.procedure))
    row = before.procedure if after.phase is Phase.ABSENT else after.procedure
    if row != before.procedure:
        counts += [(Count.MOVED_OUT, before.procedure), (Count.MOVED_IN, row)]
    return (*counts, *_leaving(after, row))


def _nothing_happened(before: Standing, after: Standing) -> bool:
    if before.phase is Phase.VOIDED:
        return after.phase in {Phase.VOIDED, Phase.ABSENT}
    if before.phase is not after.phase or before.procedure != after.procedure:
        return False
    return before.phase is not Phase.ENDED or before.verdict is after.verdict


def _leaving(after: Standing, row: str) -> tuple[tuple[Count, str], ...]:
    if after.phase is Phase.OPEN:
        return ()
    if after.phase is Phase.ENDED and after.verdict is not None:
        return ((_VERDICT[after.verdict], row),)
    return ((Count.HANDED_OVER if after.phase is Phase.HANDED_OVER else Count.VOIDED, row),)


def tally(
    carried: Mapping[str, int],
    changes: Iterable[Change],
    stock: Iterable[Open],
    flows: Iterable[tuple[Count, str]] = (),
    stocks: Iterable[tuple[Count, str]] = (),
) -> Tally:
    """Count one interval.

    `carried` is the stock of the file before by procedure; `stock` the dossiers open at the end, counted apart from the
    changes so that the identity can fail. `flows` and `stocks` beside the identities are one pair per occurrence.
    Raises ValueError for a counter that does not belong where it is given.
    """
    book: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for procedure, number in carried.items():
        book[procedure][Count.CARRIED.value] += number
    for change in changes:
        for count, procedure in effect(change):
            book[procedure][count.value] += 1
    for item in stock:
        book[item.procedure][(Count.OPEN_IN_TIME if item.in_time else Count.OPEN_OVERDUE).value] += 1
    for pairs, allowed in ((flows, SIDE_FLOWS), (stocks, SIDE_STOCKS)):
        for count, procedure in pairs:
            if count not in allowed:
                raise ValueError(f"{count} is not counted beside the identities here")
            book[procedure][count.value] += 1
    return of_rows(book)


def of_rows(rows: Rows) -> Tally:
    """Return rows in order, without zeros, with their totals."""
    tidy = {procedure: line for procedure in sorted(rows) if (line := _tidy(rows[procedure]))}
    return Tally(tidy, totals_of(tidy))


def totals_of(rows: Rows) -> dict[str, int]:
    """Return the sum of each counter over all rows, zeros omitted."""
    sums: defaultdict[str, int] = defaultdict(int)
    for line in rows.values():
        for name, number in line.items():
            sums[name] += number
    return _tidy(sums)


def _tidy(line: Mapping[str, int]) -> dict[str, int]:
    return {name: line[name] for name in sorted(line, key=lambda name: (_POSITION.get(name, 99), name)) if line[name]}


def stock_of(rows: Rows) -> dict[str, int]:
    """Return the dossiers open at the end by procedure: what the next file carries."""
    open_now = {procedure: sum(line.get(name, 0) for name in STOCK) for procedure, line in rows.items()}
    return {procedure: number for procedure, number in open_now.items() if number}


def add(parts: Iterable[Rows]) -> Rows:
    """Return the plain sum of figures of the same time (units of a province)."""
    book: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for rows in parts:
        for procedure, line in rows.items():
            for name, number in line.items():
                book[procedure][name] += number
    return of_rows(book).rows


def combine(files: Sequence[Rows]) -> Rows:
    """Return the figures of successive files as one: the first `carried`, the sum of the flows, the last stocks."""
    book: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    last = len(files) - 1
    for place, rows in enumerate(files):
        for procedure, line in rows.items():
            for name, number in line.items():
                if (name == Count.CARRIED and place > 0) or (name in STOCKS and place < last):
                    continue
                book[procedure][name] += number
    return of_rows(book).rows


class ImbalanceKind(StrEnum):
    """Why figures are not right."""

    UNKNOWN_COUNTER = "unknown_counter"
    NEGATIVE = "negative"
    IDENTITY = "identity"
    CARRIED = "carried"
    TOTAL = "total"


class Imbalance(Struct, frozen=True):
    """One figure that is not right; `procedure` None is the total row.

    For `identity` the two numbers are inflows and outflows with the stock; for `carried` and `total` what stands there
    and what should.
    """

    kind: ImbalanceKind
    procedure: str | None
    counter: str | None
    found: int
    expected: int


def check(figures: Tally, carried: Mapping[str, int] | None) -> tuple[Imbalance, ...]:
    """Return everything that is wrong with figures: names, signs, identities, `carried`, totals.

    `carried` is the stock of the file before by procedure; None where that file is not at hand.
    """
    found: list[Imbalance] = []
    for procedure, line in figures.rows.items():
        found += _check_line(procedure, line)
    found += _check_line(None, figures.totals)
    sums = totals_of(figures.rows)
    for name in sorted(sums.keys() | figures.totals.keys()):
        stands, should = figures.totals.get(name, 0), sums.get(name, 0)
        if stands != should:
            found.append(Imbalance(ImbalanceKind.TOTAL, None, name, stands, should))
    if carried is not None:
        found += _check_carried(figures.rows, carried)
    return tuple(found)


def _check_line(procedure: str | None, line: Mapping[str, int]) -> list[Imbalance]:
    found = []
    for name, number in line.items():
        if name not in _NAMES:
            found.append(Imbalance(ImbalanceKind.UNKNOWN_COUNTER, procedure, name, number, 0))
        if number < 0:
            found.append(Imbalance(ImbalanceKind.NEGATIVE, procedure, name, number, 0))
    came = sum(line.get(name, 0) for name in INFLOWS)
    went = sum(line.get(name, 0) for name in OUTFLOWS) + sum(line.get(name, 0) for name in STOCK)
    if came != went:
        found.append(Imbalance(ImbalanceKind.IDENTITY, procedure, None, came, went))
    return found


def _check_carried(rows: Rows, carried: Mapping[str, int]) -> list[Imbalance]:
    found = []
    for procedure in sorted(rows.keys() | carried.keys()):
        stands = rows.get(procedure, {}).get(Count.CARRIED.value, 0)
        should = carried.get(procedure, 0)
        if stands != should:
            found.append(Imbalance(ImbalanceKind.CARRIED, procedure, Count.CARRIED.value, stands, should))
    return found


class FaultKind(StrEnum):
    """How a dossier disturbs the balance."""

    CHANGED_TWICE = "changed_twice"
    IN_STOCK_TWICE = "in_stock_twice"
    OPEN_BUT_NOT_IN_STOCK = "open_but_not_in_stock"
    IN_STOCK_BUT_NOT_OPEN = "in_stock_but_not_open"
    IN_ANOTHER_ROW = "in_another_row"
    OPENING_DISAGREES = "opening_disagrees"


class Fault(Struct, frozen=True):
    """A dossier whose journal and whose place in the stock contradict each other."""

    kind: FaultKind
    dossier: str


def faults(
    changes: Iterable[Change], stock: Iterable[Open], opening: Mapping[str, str] | None = None
) -> tuple[Fault, ...]:
    """Name the dossiers at fault when figures do not balance.

    `opening` maps the dossiers open at the start to their procedures; None where only their number is known.
    """
    found: set[tuple[str, FaultKind]] = set()
    place = dict(opening or {})
    seen: set[str] = set()
    for change in changes:
        name, before, after = change.dossier, change.before, change.after
        if name in seen:
            found.add((name, FaultKind.CHANGED_TWICE))
        seen.add(name)
        stood = before.procedure if before.phase is Phase.OPEN else None
        if opening is not None and opening.get(name) != stood:
            found.add((name, FaultKind.OPENING_DISAGREES))
        place.pop(name, None)
        if after.phase is Phase.OPEN:
            place[name] = after.procedure
    held: dict[str, str] = {}
    for item in stock:
        if item.dossier in held:
            found.add((item.dossier, FaultKind.IN_STOCK_TWICE))
        held[item.dossier] = item.procedure
    for name in place.keys() | held.keys():
        if name not in held:
            found.add((name, FaultKind.OPEN_BUT_NOT_IN_STOCK))
        elif name not in place:
            if opening is not None or name in seen:
                found.add((name, FaultKind.IN_STOCK_BUT_NOT_OPEN))
        elif held[name] != place[name]:
            found.add((name, FaultKind.IN_ANOTHER_ROW))
    return tuple(Fault(kind, name) for name, kind in sorted(found))
