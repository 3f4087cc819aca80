"""Dossier rows: read as frozen rows, written only as the projection of an event."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, String, and_, bindparam, func, insert, not_, or_, select, type_coerce, update

from db.instants import from_utc_text, utc_text
from db.rows import DossierRow
from db.tables import Dossier

T = Dossier.__table__  # type: ignore[attr-defined]


COLUMNS = DossierRow.__struct_fields__
INSTANTS = frozenset(column.name for column in T.columns if type(column.type).__name__ == "Instant")
_DERIVED = frozenset({"last_seq", "version"})
PROJECTED = tuple(name for name in COLUMNS if name not in _DERIVED)
"""Columns that events set; `last_seq` and `version` follow from the events themselves."""

_SELECT = select(*(T.c[name] for name in COLUMNS))
_BY_ID = _SELECT.where(T.c.id == bindparam("wanted"))
_BY_CODE = _SELECT.where(T.c.code == bindparam("wanted"))
_BY_OFFICIAL = _SELECT.where(T.c.official_code == bindparam("wanted"))
_BY_IDS = _SELECT.where(T.c.id.in_(bindparam("wanted", expanding=True)))
_OF_PEOPLE = _SELECT.where(T.c.person_id.in_(bindparam("people", expanding=True))).order_by(T.c.id.desc())
_INSERT = insert(T)
_UPDATE = update(T).where(T.c.id == bindparam("row_id"), T.c.version == bindparam("version_before"))
_LAST_ID = select(T.c.id).order_by(T.c.id.desc()).limit(1)


def encode(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return columns as JSON values (instants as UTC text); KeyError for a name that no event may set."""
    unknown = changes.keys() - set(PROJECTED)
    if unknown:
        raise KeyError(sorted(unknown))
    return {name: utc_text(value) if isinstance(value, datetime) else value for name, value in changes.items()}


def decode(values: Mapping[str, Any]) -> DossierRow:
    """Return the row that a projection's JSON values stand for."""
    typed = dict(values)
    for name in INSTANTS:
        if (value := typed[name]) is not None:
            typed[name] = from_utc_text(value)
    return DossierRow(**typed)


def next_id(connection: Connection) -> int:
    """Return the id of the next dossier; safe inside a write transaction."""
    return int(connection.execute(_LAST_ID).scalar() or 0) + 1


def get(connection: Connection, dossier_id: int) -> DossierRow | None:
    """Return the dossier of that id."""
    return _one(connection.execute(_BY_ID, {"wanted": dossier_id}).first())


def by_code(connection: Connection, code: str) -> DossierRow | None:
    """Return the dossier of that provisional or official code."""
    return _one(connection.execute(_BY_CODE, {"wanted": code}).first()) or _one(
        connection.execute(_BY_OFFICIAL, {"wanted": code}).first()
    )


def by_ids(connection: Connection, ids: Iterable[int]) -> dict[int, DossierRow]:
    """Return several dossiers by id."""
    wanted = sorted(set(ids))
    found: dict[int, DossierRow] = {}
    for start in range(0, len(wanted), 500):
        rows = (DossierRow(*row) for row in connection.execute(_BY_IDS, {"wanted": wanted[start : start + 500]}))
        found.update((row.id, row) for row in rows)
    return found


def in_states(connection: Connection, states: Iterable[int], *, accepted: bool | None = None) -> list[DossierRow]:
    """Return the dossiers in any of `states` by promise, the unpromised last."""
    query = _SELECT.where(T.c.state.in_(sorted(states)))
    if accepted is not None:
        query = query.where(T.c.accepted == accepted)
    return [DossierRow(*row) for row in connection.execute(query.order_by(T.c.promise.is_(None), T.c.promise, T.c.id))]


def of_people(connection: Connection, people: Iterable[int]) -> list[DossierRow]:
    """Return the dossiers whose applicant is any of the people, newest first."""
    return [DossierRow(*row) for row in connection.execute(_OF_PEOPLE, {"people": sorted(people)})]


class Dated(NamedTuple):
    """What the legal deadline of an open, accepted dossier follows from; `plain` if no event has carried its clock.

    Instants are the UTC text they are stored as: it compares and orders as they do, and most are never read further.
    """

    id: int
    code: str
    received_at: str
    limit_text: str
    legal_deadline: str | None
    promise: str | None
    provisional: bool
    plain: bool


def crossing(
    connection: Connection, states: Iterable[int], spans: Iterable[tuple[datetime, datetime | None]]
) -> Iterator[Dated]:
    """Yield the accepted dossiers in `states` whose dates may be others where the days of some spans are others.

    A span is [from, until), `until` None no end. Yielded are the provisional ones, and those with such a day between
    the receipt and the legal deadline: no event lets a day beyond the date it leaves have a say in it, for each either
    carries a date on or begins again from an instant that comes before.
    """
    carried = or_(T.c.supplements > 0, T.c.obligations > 0, T.c.variant_changed, T.c.competent != "")
    touched = [T.c.provisional]
    for first, until in spans:
        crosses = T.c.legal_deadline >= first
        touched.append(crosses if until is None else and_(crosses, T.c.received_at < until))
    received, legal, promise = (type_coerce(T.c[name], String) for name in ("received_at", "legal_deadline", "promise"))
    columns = (T.c.id, T.c.code, received, T.c.limit_text, legal, promise, T.c.provisional, not_(carried))
    query = select(*columns).where(
        T.c.state.in_(sorted(states)), T.c.accepted, T.c.received_at.is_not(None), or_(*touched)
    )
    for part in connection.execute(query.order_by(T.c.id)).partitions(5000):
        yield from map(Dated._make, part)


def count_dated(connection: Connection, states: Iterable[int]) -> int:
    """Return how many accepted dossiers in `states` have a clock."""
    query = select(func.count()).where(T.c.state.in_(sorted(states)), T.c.accepted, T.c.received_at.is_not(None))
    return int(connection.execute(query).scalar_one())


def put(connection: Connection, row: DossierRow) -> bool:
    """Write a projected row: insert version 1, else update the version before it; False on a lost race."""
    values = {name: getattr(row, name) for name in COLUMNS}
    if row.version == 1:
        connection.execute(_INSERT, values)
        return True
    done = connection.execute(_UPDATE, {**values, "row_id": row.id, "version_before": row.version - 1})
    return bool(done.rowcount == 1)


def _one(row: Row[*tuple[Any, ...]] | None) -> DossierRow | None:
    return DossierRow(*row) if row is not None else None


def uses(connection: Connection) -> dict[str, int]:
    """Return how many dossiers each procedure has had."""
    rows = connection.execute(select(T.c.procedure_code, func.count()).group_by(T.c.procedure_code))
    return {row[0]: int(row[1]) for row in rows}


def given_at_once(connection: Connection, first_code: str, last_code: str) -> tuple[int, int]:
    """Return how many dossiers with codes in [first_code, last_code) had their result at once, and their fees in đồng.

    Those are what the daily file counts as immediate, and what was returned in the minute it came.
    """
    at_once = or_(T.c.immediate, T.c.returned_at == T.c.received_at)
    query = select(func.count(), func.coalesce(func.sum(T.c.fee), 0)).where(
        T.c.code >= first_code, T.c.code < last_code, at_once
    )
    count, fees = connection.execute(query).one()
    return int(count), int(fees)
