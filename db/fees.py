"""Fee receipts, openings and closings of the cash: written with their journal events, and told anew from them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import asdict, replace
from sqlalchemy import Connection, and_, bindparam, insert, or_, select, update

from db import numbers
from db.journal import Event
from db.tables import CashClose, CashOpening, FeeReceipt
from db.vocabulary import OfficeEvent

F = FeeReceipt.__table__  # type: ignore[attr-defined]
C = CashClose.__table__  # type: ignore[attr-defined]
B = CashOpening.__table__  # type: ignore[attr-defined]


class FeeRow(Struct, frozen=True):
    """A receipt for money; see `db.tables.cash.FeeReceipt`."""

    year: int
    desk: int
    number: int
    dossier_id: int
    event_seq: int
    at: datetime
    officer_id: int | None
    amount: int
    method: str
    voided_seq: int | None = None
    voided_at: datetime | None = None
    voided_by: int | None = None
    voided_desk: int | None = None

    @property
    def standing(self) -> bool:
        """Say whether it was not voided."""
        return self.voided_seq is None


class CloseRow(Struct, frozen=True):
    """A closing of a desk's cash; see `db.tables.cash.CashClose`."""

    year: int
    desk: int
    number: int
    after_seq: int
    event_seq: int
    at: datetime
    officer_id: int | None
    expected: int
    counted: int
    reason: str = ""
    salt: str = ""


class OpeningRow(Struct, frozen=True):
    """The cash a shift began with; see `db.tables.cash.CashOpening`."""

    desk: int
    event_seq: int
    at: datetime
    officer_id: int | None
    amount: int
    reason: str = ""
    salt: str = ""


_FEES = select(*(F.c[name] for name in FeeRow.__struct_fields__))
_CLOSES = select(*(C.c[name] for name in CloseRow.__struct_fields__))
_OPENINGS = select(*(B.c[name] for name in OpeningRow.__struct_fields__))
_OF_DOSSIER = _FEES.where(F.c.dossier_id == bindparam("dossier")).order_by(F.c.id)
_BY_NUMBER = _FEES.where(
    F.c.year == bindparam("year"), F.c.desk == bindparam("desk"), F.c.number == bindparam("number")
)
_BY_EVENT = _FEES.where(or_(F.c.event_seq == bindparam("seq"), F.c.voided_seq == bindparam("seq")))
_ADD = insert(F)
_ADD_CLOSE = insert(C)
_ADD_OPENING = insert(B)
_VOID = update(F).where(F.c.event_seq == bindparam("taken"), F.c.voided_seq.is_(None))
_LAST_CLOSE = _CLOSES.where(C.c.desk == bindparam("desk")).order_by(C.c.event_seq.desc()).limit(1)
_LAST_OPENING = (
    _OPENINGS.where(B.c.desk == bindparam("desk"), B.c.event_seq > bindparam("after"))
    .order_by(B.c.event_seq.desc())
    .limit(1)
)
_CLOSED_BY = _CLOSES.where(C.c.event_seq == bindparam("seq"))


def take_number(connection: Connection, year: int, desk: int) -> int:
    """Return the next receipt number of a desk in a year: gapless, for it rolls back with what needed it."""
    return numbers.take(connection, f"fee/{year}/{desk}")


def take_close_number(connection: Connection, year: int, desk: int) -> int:
    """Return the next number of a closing of a desk in a year."""
    return numbers.take(connection, f"cash/{year}/{desk}")


def add(connection: Connection, row: FeeRow) -> None:
    """Keep a receipt."""
    connection.execute(_ADD, asdict(row))


def void(connection: Connection, row: FeeRow) -> bool:
    """Keep that a receipt was voided, as `row` says; False if it was already."""
    values = {"voided_at": row.voided_at, "voided_by": row.voided_by, "voided_desk": row.voided_desk}
    done = connection.execute(_VOID.values(voided_seq=row.voided_seq, **values), {"taken": row.event_seq})
    return bool(done.rowcount == 1)


def of_dossier(connection: Connection, dossier_id: int) -> list[FeeRow]:
    """Return a dossier's receipts in order, the voided ones too."""
    return [FeeRow(*row) for row in connection.execute(_OF_DOSSIER, {"dossier": dossier_id})]


def by_number(connection: Connection, year: int, desk: int, number: int) -> FeeRow | None:
    """Return a receipt by its number."""
    row = connection.execute(_BY_NUMBER, {"year": year, "desk": desk, "number": number}).first()
    return None if row is None else FeeRow(*row)


def by_event(connection: Connection, seq: int) -> FeeRow | None:
    """Return the receipt that an event took or voided."""
    row = connection.execute(_BY_EVENT, {"seq": seq}).first()
    return None if row is None else FeeRow(*row)


def of_shift(connection: Connection, desk: int, after: int, upto: int | None = None) -> list[FeeRow]:
    """Return what was taken or voided at a desk in (after, upto] of the journal; without `upto`, to its end."""
    taken = and_(F.c.desk == desk, F.c.event_seq > after)
    voided = and_(F.c.voided_desk == desk, F.c.voided_seq > after)
    if upto is not None:
        taken, voided = and_(taken, F.c.event_seq <= upto), and_(voided, F.c.voided_seq <= upto)
    # Two reads, each by its own index.
    rows = {FeeRow(*row) for part in (taken, voided) for row in connection.execute(_FEES.where(part))}
    return sorted(rows, key=lambda row: row.event_seq)


def keep_close(connection: Connection, row: CloseRow) -> None:
    """Keep a closing."""
    connection.execute(_ADD_CLOSE, asdict(row))


def keep_opening(connection: Connection, row: OpeningRow) -> None:
    """Keep what a shift began with."""
    connection.execute(_ADD_OPENING, asdict(row))


def opening_of(connection: Connection, desk: int, after: int, upto: int | None = None) -> OpeningRow | None:
    """Return what a desk's shift, the interval (after, upto] of the journal, began with: the newest count stands."""
    query = _LAST_OPENING if upto is None else _LAST_OPENING.where(B.c.event_seq <= upto)
    row = connection.execute(query, {"desk": desk, "after": after}).first()
    return None if row is None else OpeningRow(*row)


def last_close(connection: Connection, desk: int) -> CloseRow | None:
    """Return the newest closing of a desk."""
    row = connection.execute(_LAST_CLOSE, {"desk": desk}).first()
    return None if row is None else CloseRow(*row)


def close_of(connection: Connection, seq: int) -> CloseRow | None:
    """Return the closing that an event made."""
    row = connection.execute(_CLOSED_BY, {"seq": seq}).first()
    return None if row is None else CloseRow(*row)


def is_closed(connection: Connection, row: FeeRow) -> bool:
    """Say whether the shift that took a receipt has been closed."""
    last = last_close(connection, row.desk)
    return last is not None and row.event_seq <= last.event_seq


def rebuilt(events: Iterable[Event]) -> list[FeeRow]:
    """Return the receipts that the journal's events add up to, in order."""
    found: dict[int, FeeRow] = {}
    for event in events:
        data = event.data
        if event.kind == OfficeEvent.FEE_TAKEN and event.dossier_id is not None:
            found[event.seq] = FeeRow(
                data["year"], data["desk"], data["number"], event.dossier_id, event.seq, event.at, event.officer_id,
                data["amount"], data["method"],
            )  # fmt: skip
        elif event.kind == OfficeEvent.FEE_VOIDED:
            found[data["undoes"]] = replace(
                found[data["undoes"]], voided_seq=event.seq, voided_at=event.at, voided_by=event.officer_id,
                voided_desk=data["desk"],
            )  # fmt: skip
    return list(found.values())


def rebuilt_closes(events: Iterable[Event]) -> list[CloseRow]:
    """Return the closings that the journal's events add up to, in order, but for their free text and its salt."""
    return [
        CloseRow(
            event.data["year"], event.data["desk"], event.data["number"], event.data["from"], event.seq, event.at,
            event.officer_id, event.data["expected"], event.data["counted"],
        )
        for event in events
        if event.kind == OfficeEvent.CASH_CLOSED
    ]  # fmt: skip


def rebuilt_openings(events: Iterable[Event]) -> list[OpeningRow]:
    """Return the openings that the journal's events add up to, in order, but for their free text and its salt."""
    return [
        OpeningRow(event.data["desk"], event.seq, event.at, event.officer_id, event.data["amount"])
        for event in events
        if event.kind == OfficeEvent.CASH_OPENED
    ]
