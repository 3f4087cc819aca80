"""Lists of dossiers by what they have in common: how many there are, and the newest of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select

from db.dossiers import COLUMNS, T
from db.rows import DossierRow
from db.vocabulary import State

Condition = ColumnElement[bool]
"""What the dossiers of a list have in common."""


def without_code() -> Condition:
    """Return the condition of a dossier that the official system does not know and that was not entered by mistake."""
    condition: Condition = T.c.official_code.is_(None) & (T.c.state != State.VOIDED)
    return condition


def in_state(state: int) -> Condition:
    """Return the condition of a state."""
    condition: Condition = T.c.state == state
    return condition


def received_by(officer_id: int, states: Iterable[int]) -> Condition:
    """Return the condition of what an officer received, in some states."""
    condition: Condition = T.c.state.in_(sorted(states)) & (T.c.received_by == officer_id)
    return condition


def held_by(holder: str, states: Iterable[int]) -> Condition:
    """Return the condition of what is with a department or person, in some states."""
    condition: Condition = T.c.state.in_(sorted(states)) & (T.c.holder == holder)
    return condition


def newest(connection: Connection, condition: Condition, limit: int) -> list[DossierRow]:
    """Return the dossiers of a list that were written last, newest first."""
    query = select(*(T.c[name] for name in COLUMNS)).where(condition).order_by(T.c.id.desc()).limit(limit)
    return [DossierRow(*row) for row in connection.execute(query)]


def count(connection: Connection, condition: Condition) -> int:
    """Return how many dossiers a list has."""
    return int(connection.execute(select(func.count()).select_from(T).where(condition)).scalar_one())


def count_without_code(connection: Connection) -> int:
    """Return how many dossiers `without_code` holds, from the indexes alone but for the few voided ones."""
    voided: Condition = T.c.state == State.VOIDED
    # Put so that the index of the states is taken, not that of the codes, where nearly all may have none.
    unknown_voided = voided & (func.coalesce(T.c.official_code, "") == "")
    return count(connection, T.c.official_code.is_(None)) - count(connection, unknown_voided)


def next_without_code(connection: Connection, after: int) -> DossierRow | None:
    """Return the first dossier `without_code` holds that was written behind another one, by id."""
    query = select(*(T.c[name] for name in COLUMNS)).where(without_code(), T.c.id > after).order_by(T.c.id).limit(1)
    row = connection.execute(query).mappings().first()
    return None if row is None else DossierRow(**row)


def received_between(connection: Connection, first: datetime, until: datetime) -> list[DossierRow]:
    """Return the accepted dossiers received in [first, until) that were not taken over or voided, newest first."""
    inside = (T.c.received_at >= first) & (T.c.received_at < until)
    ours = inside & T.c.accepted & ~T.c.taken_over & (T.c.state != State.VOIDED)
    query = select(*(T.c[name] for name in COLUMNS)).where(ours).order_by(T.c.id.desc())
    return [DossierRow(*row) for row in connection.execute(query)]


def by_state(connection: Connection) -> dict[int, int]:
    """Return how many dossiers are in each state."""
    rows = connection.execute(select(T.c.state, func.count()).group_by(T.c.state))
    return {int(row[0]): int(row[1]) for row in rows}


def by_receiver(connection: Connection, states: Iterable[int]) -> dict[int, int]:
    """Return how many dossiers in some states each officer received."""
    query = select(T.c.received_by, func.count()).where(T.c.state.in_(sorted(states)), T.c.received_by.is_not(None))
    return {int(row[0]): int(row[1]) for row in connection.execute(query.group_by(T.c.received_by))}


def by_holder(connection: Connection, states: Iterable[int]) -> dict[str, int]:
    """Return how many dossiers in some states are with each department or person."""
    query = select(T.c.holder, func.count()).where(T.c.state.in_(sorted(states)), T.c.holder != "")
    return {str(row[0]): int(row[1]) for row in connection.execute(query.group_by(T.c.holder))}
